"""From recorded points to searching legs: what was flown, no more and no less.

Points are put in order and freed of doubles and of such as no craft could have reached; between two that
follow each other the unit is taken to have gone straight and steadily. Where the record is silent for longer
than a limit nobody knows where the unit was, and nothing is counted: 3 minutes for what flies (4.5 nm at 90
kt, more than a leg may bend), 10 for what floats. Both are choices, not measurements. Wander is followed as
it was recorded; nothing is averaged.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import SearchUnit
from sarex.clock import from_posix_s
from sarex.errors import PlanError
from sarex.geo import WGS84
from sarex.units import kt_to_mps, m_to_nm, mps_to_kt
from sarex.update.model import RecordedTrack, SearchedTrack, TrackAccount

AIRCRAFT_GAP_S = 180.0
SURFACE_GAP_S = 600.0
FASTER_FACTOR = 1.5
FASTER_MPS = kt_to_mps(60.0)
"""No unit is taken to go faster than 1.5 times its highest speed in the case and 60 kt more: tail wind and
haste."""
JUMP_M = 200.0
"""A receiver's error between two points close in time is no speed."""
MOST_LEFT_OUT = 0.2
"""Of the points: with more than that unreachable it is the record that is wrong, not a few points."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class OnScene:
    """Which of a track's points were searching, and the rule that said so."""

    searching: Flags
    """(point,)"""
    rule: str


def longest_gap_s(unit: SearchUnit) -> float:
    """Silence of a record that is still bridged by a straight leg."""
    return AIRCRAFT_GAP_S if unit.kind.flies else SURFACE_GAP_S


def in_order(track: RecordedTrack, unit: SearchUnit) -> RecordedTrack:
    """The track in order of time, without doubles and without points that no craft could have reached.

    Raises:
        PlanError: fewer than two points are left, or too many cannot be reached.
    """
    remarks = list(track.remarks)
    behind = int((np.diff(track.time_s) < 0).sum())
    if behind:
        remarks.append(f"{_points(behind)} out of order put in order")
    track = _at(track, np.argsort(track.time_s, kind="stable"))
    fresh = np.concatenate([[True], np.diff(track.time_s) > 0.0])
    if not fresh.all():
        remarks.append(f"{_points(int((~fresh).sum()))} left out whose time was already told")
        track = _at(track, fresh)
    reachable, fastest_mps = _reachable(track, unit)
    if not reachable.all():
        remarks.append(_unreachable(track, reachable, fastest_mps, unit))
        track = _at(track, reachable)
    if track.time_s.size < 2:
        raise PlanError(
            f"the track of {unit.name} has {_points(track.time_s.size)} with a place and a time of its own; "
            "a track needs two or more. Give the whole record."
        )
    return replace(track, remarks=tuple(remarks))


def searching_legs(
    track: RecordedTrack, on_scene: OnScene, gap_s: float
) -> tuple[SearchedTrack, TrackAccount]:
    """The legs that were searched along a track in order, without widths yet, and how they were counted.

    A leg counts where both of its ends were searching and the record is not silent between them for longer
    than `gap_s`.
    """
    length_m = lengths_m(track.lonlat_deg)
    duration_s = np.diff(track.time_s)
    searching = on_scene.searching[:-1] & on_scene.searching[1:]
    silent = searching & (duration_s > gap_s)
    counted = searching & ~silent
    legs = SearchedTrack(
        unit_name=track.unit_name,
        start_lonlat_deg=track.lonlat_deg[:-1][counted],
        end_lonlat_deg=track.lonlat_deg[1:][counted],
        start_s=track.time_s[:-1][counted],
        end_s=track.time_s[1:][counted],
        sweep_width_m={},
    )
    account = TrackAccount(
        unit_name=track.unit_name,
        rule=on_scene.rule,
        counted_s=float(duration_s[counted].sum()),
        counted_m=float(length_m[counted].sum()),
        gaps=int(silent.sum()),
        gap_s=float(duration_s[silent].sum()),
        gap_m=float(length_m[silent].sum()),
        remarks=track.remarks,
    )
    return legs, account


def told(account: TrackAccount, gap_s: float) -> tuple[str, ...]:
    """The account in sentences."""
    counted = f"{_minutes(account.counted_s)} and {m_to_nm(account.counted_m):.1f} nm counted as searched"
    sentences = [f"{counted}: {account.rule}."]
    if account.gaps:
        number = "a gap" if account.gaps == 1 else f"{account.gaps} gaps"
        sentences.append(
            f"Not counted: {number} of more than {_minutes(gap_s)} without a position, "
            f"{_minutes(account.gap_s)} and {m_to_nm(account.gap_m):.1f} nm in all."
        )
    sentences += [f"{remark[:1].upper()}{remark[1:]}." for remark in account.remarks]
    return tuple(sentences)


def lengths_m(lonlat_deg: Floats) -> Floats:
    """Geodesic length from each point to the next, (point - 1,)."""
    if len(lonlat_deg) < 2:
        return np.zeros(0)
    lon, lat = lonlat_deg[:, 0], lonlat_deg[:, 1]
    _, _, length_m = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(length_m, dtype=float)


def _at(track: RecordedTrack, chosen: NDArray[np.intp] | Flags) -> RecordedTrack:
    return replace(
        track,
        time_s=track.time_s[chosen],
        lonlat_deg=track.lonlat_deg[chosen],
        searching=None if track.searching is None else track.searching[chosen],
        altitude_m=None if track.altitude_m is None else track.altitude_m[chosen],
    )


def _reachable(track: RecordedTrack, unit: SearchUnit) -> tuple[Flags, float]:
    """Which points a craft of this speed can have passed, and that speed.

    Points between which the speed is possible make runs. The run with most points stands; the others, largest
    first, stay if they can be reached from what stands before and after them in time.
    """
    fastest_mps = FASTER_FACTOR * max(unit.transit_speed_mps, unit.search_speed_mps) + FASTER_MPS
    possible = lengths_m(track.lonlat_deg) <= fastest_mps * np.diff(track.time_s) + JUMP_M
    run = np.concatenate([[0], np.cumsum(~possible)])
    kept = np.zeros(run.size, np.bool_)
    for number in np.argsort(-np.bincount(run), kind="stable"):
        own = np.flatnonzero(run == number)
        standing = np.flatnonzero(kept)
        before, after = standing[standing < own[0]][-1:], standing[standing > own[-1]][:1]
        if _joins(track, (*before, own[0]), fastest_mps) and _joins(track, (own[-1], *after), fastest_mps):
            kept[own] = True
    return kept, fastest_mps


def _joins(track: RecordedTrack, pair: tuple[np.intp, ...], fastest_mps: float) -> bool:
    """Whether the second of two points can be reached from the first; one alone always."""
    points = list(pair)
    length_m = lengths_m(track.lonlat_deg[points])
    return bool((length_m <= fastest_mps * np.diff(track.time_s[points]) + JUMP_M).all())


def _unreachable(track: RecordedTrack, reachable: Flags, fastest_mps: float, unit: SearchUnit) -> str:
    left_out = int((~reachable).sum())
    first = from_posix_s(float(track.time_s[~reachable][0]))
    if left_out > MOST_LEFT_OUT * reachable.size:
        raise PlanError(
            f"{left_out} of {reachable.size} points of the track of {unit.name} lie where it could be only "
            "at "
            f"more than {mps_to_kt(fastest_mps):.0f} kt, the first at {first:%H:%M:%S} UTC; a few may be "
            "errors of the "
            "receiver, so many are not. Check whose track it is, its times and its positions."
        )
    return (
        f"{_points(left_out)} left out that would need more than {mps_to_kt(fastest_mps):.0f} kt, "
        f"the first at {first:%H:%M:%S} UTC"
    )


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def _minutes(duration_s: float) -> str:
    minutes = duration_s / 60.0
    if minutes < 10.0:
        return f"{minutes:.3g} min"
    return f"{minutes:.0f} min" if minutes < 120.0 else f"{minutes // 60:.0f} h {minutes % 60:.0f} min"
