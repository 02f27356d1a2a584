"""Rules about one task's legs and hours."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from sarex.clock import from_posix_s, to_posix_s
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION
from sarex.safety.flight import (
    DISTANCE_TOLERANCE_M,
    LENGTH_TOLERANCE,
    TIME_TOLERANCE_S,
    Flight,
    distance_m,
)
from sarex.safety.model import Breach, Measure

Span = tuple[datetime, datetime]


def gaps(flight: Flight) -> Iterator[Breach]:
    """Each leg must start when and where the one before ends, and end after it starts."""
    wait_s = flight.legs[1:, 4] - flight.legs[:-1, 5]
    broken = (np.abs(wait_s) > TIME_TOLERANCE_S) | (flight.gap_m > DISTANCE_TOLERANCE_M)
    for number in np.flatnonzero(broken).tolist():
        late_s, apart_m = abs(float(wait_s[number])), float(flight.gap_m[number])
        sentence = (
            f"{late_s:.0f} s and {apart_m:.0f} m between legs at {flight.task.legs[number].end_time:%H:%M:%S}"
        )
        amount, measure = (
            (late_s, Measure.SECONDS) if late_s > TIME_TOLERANCE_S else (apart_m, Measure.METRES)
        )
        yield flight.leg_breach(number, sentence, amount, measure, 1.0)
    for number in np.flatnonzero(flight.legs[:, 5] < flight.legs[:, 4]).tolist():
        early_s = float(flight.legs[number, 4] - flight.legs[number, 5])
        sentence = f"{flight.told(number)} ends {early_s:.0f} s before it starts"
        yield flight.leg_breach(number, sentence, early_s, Measure.SECONDS)


def outside_window(flight: Flight, window: Span) -> Iterator[Breach]:
    """No unit is under way before the search window opens, and none searches after it closes."""
    start_s, end_s = to_posix_s(window[0]), to_posix_s(window[1])
    if flight.departs_s < start_s:
        yield Breach(
            from_posix_s(flight.departs_s),
            flight.task.legs[0].start,
            f"under way from {from_posix_s(flight.departs_s):%H:%M}, before the search window opens "
            f"at {window[0]:%H:%M}",
            start_s - flight.departs_s,
            Measure.SECONDS,
        )
    if flight.off_scene_s > end_s:
        yield Breach(
            window[1],
            flight.last,
            f"searching until {from_posix_s(flight.off_scene_s):%H:%M}, after the search window closes "
            f"at {window[1]:%H:%M}",
            flight.off_scene_s - end_s,
            Measure.SECONDS,
        )


def too_fast(flight: Flight) -> Iterator[Breach]:
    """Searching at the search speed at most, all else at the faster of transit and search speed."""
    unit = flight.task.unit
    limit_mps = np.where(
        flight.searching, unit.search_speed_mps, max(unit.transit_speed_mps, unit.search_speed_mps)
    )
    duration_s = np.maximum(flight.legs[:, 5] - flight.legs[:, 4], 0.0)
    allowed_m = limit_mps * duration_s * (1 + LENGTH_TOLERANCE) + DISTANCE_TOLERANCE_M
    for number in np.flatnonzero(flight.length_m > allowed_m).tolist():
        speed_mps = float(flight.length_m[number] / max(duration_s[number], 1.0))
        sentence = (
            f"{speed_mps:.1f} m/s on the {flight.told(number)}; the unit makes {limit_mps[number]:.1f} m/s"
        )
        yield flight.leg_breach(number, sentence, speed_mps - limit_mps[number], Measure.METRES_PER_SECOND)


def beyond_endurance(flight: Flight) -> Iterator[Breach]:
    """Home before the endurance ends, by the task's own word and by the straight way."""
    ends_s = _sets_out_s(flight) + flight.task.unit.endurance_s
    late_s = flight.home_s - ends_s
    if late_s > TIME_TOLERANCE_S:
        yield Breach(
            from_posix_s(ends_s),
            flight.last,
            f"home at {from_posix_s(flight.home_s):%H:%M}, endurance ends {from_posix_s(ends_s):%H:%M}",
            late_s,
            Measure.SECONDS,
        )


def _sets_out_s(flight: Flight) -> float:
    """When its endurance begins to run: with its first leg, or sooner if that starts away from its base."""
    unit, start = flight.task.unit, flight.task.legs[0].start
    away_m = min(distance_m(start, unit.position), distance_m(start, unit.home))
    return flight.departs_s - away_m * (1.0 - LENGTH_TOLERANCE) / unit.transit_speed_mps


def searches_too_long(flight: Flight, window: Span) -> Iterator[Breach]:
    """Of the time on scene that window, endurance and way home leave, 0.85 is for searching (IAMSAR)."""
    way_home_s = flight.home_s - flight.off_scene_s
    endurance_s = max(
        to_posix_s(flight.task.endurance_until), flight.departs_s + flight.task.unit.endurance_s
    )
    leaves_s = min(to_posix_s(window[1]), endurance_s - way_home_s)
    allowed_s = SEARCH_ENDURANCE_FRACTION * (leaves_s - flight.on_scene_s)
    used_s = flight.off_scene_s - flight.on_scene_s
    if used_s > allowed_s + TIME_TOLERANCE_S:
        yield Breach(
            from_posix_s(flight.on_scene_s + max(allowed_s, 0.0)),
            flight.last,
            f"{used_s / 60:.0f} min of searching, {max(allowed_s, 0.0) / 60:.0f} allowed",
            used_s - allowed_s,
            Measure.SECONDS,
        )


def begins_elsewhere(flight: Flight) -> Iterator[Breach]:
    """The first searching leg starts at the commence search point."""
    first = int(np.flatnonzero(flight.searching)[0])
    away_m = distance_m(flight.task.commence_search_point, flight.task.legs[first].start)
    if away_m > DISTANCE_TOLERANCE_M:
        sentence = f"searching begins {away_m:,.0f} m from the commence search point"
        yield flight.leg_breach(first, sentence, away_m, Measure.METRES)
