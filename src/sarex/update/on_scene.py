"""Which part of a recorded track was searching.

In this order: where the record itself says so; within the planned time on scene of the unit's task, where it
was under way then; else by speed. Where transit and search speeds of the unit differ enough to tell, transit
within the planned time does not count, and searching that runs on beyond it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import SearchUnit
from sarex.clock import from_posix_s
from sarex.units import mps_to_kt
from sarex.update.model import RecordedTrack
from sarex.update.track import OnScene, lengths_m

TOLD_APART = 1.2
"""Transit faster than search by this factor can be told from the track."""


@dataclass(frozen=True)
class PlannedTask:
    """What a plan asked of a unit: when it was to be on scene, and the sweep widths it counted on."""

    unit_name: str
    on_scene_s: float
    """Start of its first searching leg, POSIX seconds."""
    off_scene_s: float
    """End of its last one."""
    sweep_width_m: dict[str, float]


def on_scene(track: RecordedTrack, unit: SearchUnit, planned: Sequence[PlannedTask]) -> OnScene:
    """The points of a track in order that were searching, and the rule in words."""
    if track.searching is not None:
        return OnScene(track.searching, "where the record says that it was searching")
    if planned:
        within = _within(track.time_s, planned)
        if np.count_nonzero(within) >= 2:
            return _in_planned_time(track, unit, within, _spans(planned))
    return _by_speed(track, unit)


def _within(time_s: NDArray[np.float64], planned: Sequence[PlannedTask]) -> NDArray[np.bool_]:
    within = np.zeros(time_s.size, np.bool_)
    for task in planned:
        within |= (time_s >= task.on_scene_s) & (time_s <= task.off_scene_s)
    return within


def _spans(planned: Sequence[PlannedTask]) -> str:
    return " and ".join(
        f"{from_posix_s(task.on_scene_s):%H:%M} to {from_posix_s(task.off_scene_s):%H:%M} UTC"
        for task in planned
    )


def _in_planned_time(
    track: RecordedTrack, unit: SearchUnit, within: NDArray[np.bool_], spans: str
) -> OnScene:
    """The planned time; where speed tells them apart, each run of searching that meets it, whole."""
    if unit.transit_speed_mps < TOLD_APART * unit.search_speed_mps:
        return OnScene(within, f"its planned time on scene, {spans}")
    slow = _slow(track, unit)
    runs = np.concatenate([[0], np.cumsum(np.diff(slow) != 0)])
    searching = slow & np.isin(runs, runs[slow & within])
    return OnScene(
        searching,
        f"where it went slower than {mps_to_kt(_limit_mps(unit)):.0f} kt in and around its planned time on "
        f"scene, {spans}",
    )


def _limit_mps(unit: SearchUnit) -> float:
    """Halfway between search and transit speed."""
    return 0.5 * (unit.search_speed_mps + unit.transit_speed_mps)


def _slow(track: RecordedTrack, unit: SearchUnit) -> NDArray[np.bool_]:
    """Points slower than that; a point is as fast as the slower leg beside it."""
    slow = lengths_m(track.lonlat_deg) / np.diff(track.time_s) <= _limit_mps(unit)
    beside: NDArray[np.bool_] = np.concatenate([slow[:1], slow]) | np.concatenate([slow, slow[-1:]])
    return beside


def _by_speed(track: RecordedTrack, unit: SearchUnit) -> OnScene:
    """Slower than halfway between search and transit speed."""
    if unit.transit_speed_mps < TOLD_APART * unit.search_speed_mps:
        every = np.ones(track.time_s.size, np.bool_)
        return OnScene(
            every,
            "all of it, for there is no planned time on scene for it, and its search speed is too near its "
            "transit speed to tell them apart",
        )
    return OnScene(
        _slow(track, unit),
        f"where it went slower than {mps_to_kt(_limit_mps(unit)):.0f} kt, halfway between its search and its "
        "transit speed, for there is no planned time on scene for it",
    )
