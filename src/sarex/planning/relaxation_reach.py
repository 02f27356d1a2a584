"""Where and for how long units can search, as the effort relaxation takes it.

Two readings of the same budgets. For the bound they are generous, never less than any plan could use:
straight ways to the nearest point of a cell, and 0.85 of all time from the first possible contact to the
last, spent whenever it pays. For the optimum they are as plans are flown: a unit searches without a break
from when it comes on scene, for 0.85 of the time until it must leave; when it begins, early at the near edge
or later where the object is likelier, is its choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sarex.planning.relaxation_cells import SampleTimes, SliceCells
from sarex.planning.relaxation_closed import ClosedWater
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EffortUnit:
    """What the relaxation has to know of a search unit, in the local frame."""

    name: str
    start_x_m: float
    start_y_m: float
    home_x_m: float
    home_y_m: float
    departs_s: float
    """POSIX seconds; the unit is at its start then."""
    endurance_until_s: float
    """POSIX seconds; the unit must be home then."""
    transit_speed_mps: float
    search_speed_mps: float
    shortest_leg_m: float
    """No search leg is shorter; at least the largest sweep width."""
    sweep_width_m: Floats
    """(object_type,); 0 where the unit cannot detect the object."""
    search_from_s: float = -np.inf
    leave_by_s: float = np.inf
    """POSIX seconds; searching lies between these two."""
    closed: tuple[ClosedWater, ...] = ()
    """What it may not enter."""

    def __post_init__(self) -> None:
        widest_m = float(np.max(self.sweep_width_m, initial=0.0))
        if not np.all(self.sweep_width_m >= 0.0) or not np.isfinite(widest_m):
            raise ValueError(f"{self.name}: sweep_width_m is {self.sweep_width_m}; widths are 0 m or more")
        if not (self.transit_speed_mps > 0.0 and self.search_speed_mps > 0.0):
            raise ValueError(
                f"{self.name}: transit_speed_mps is {self.transit_speed_mps} and search_speed_mps "
                f"{self.search_speed_mps}; both must be above 0"
            )
        if not (self.shortest_leg_m >= widest_m and self.shortest_leg_m > 0.0):
            raise ValueError(
                f"{self.name}: shortest_leg_m is {self.shortest_leg_m}; the end caps are known only for "
                f"legs no shorter than the sweep width, {widest_m} m"
            )


@dataclass(frozen=True)
class EffortGroup:
    """Units that are alike in everything but their names."""

    unit: EffortUnit
    count: int


def merged(units: Sequence[EffortUnit]) -> tuple[EffortGroup, ...]:
    """Groups of equal units; units that can detect nothing are left out."""
    kinds: dict[tuple[object, ...], list[EffortUnit]] = {}
    for unit in units:
        if np.any(unit.sweep_width_m > 0.0):
            numbers = [
                getattr(unit, field.name)
                for field in fields(unit)
                if field.name not in ("name", "sweep_width_m")
            ]
            kinds.setdefault((*numbers, *unit.sweep_width_m.tolist()), []).append(unit)
    return tuple(EffortGroup(alike[0], len(alike)) for alike in kinds.values())


@dataclass(frozen=True)
class Reach:
    reachable: NDArray[np.bool_]
    """(cell,) over all slices"""
    cap_s: Floats
    """(slice,)"""
    total_s: float
    choices_s: Floats
    """Alternatives of search time in each slice, all of it spent, (choice, slice); none for a bound."""


def reach_at_most(
    group: EffortGroup,
    cells: Sequence[SliceCells],
    times: SampleTimes,
    fastest_mps: Floats,
    depth_m: Sequence[Floats],
) -> Reach:
    """Where and for how long the units of a group can search, never less than they really could.

    Straight out and straight home at the faster of the two speeds, to the nearest point from which a cell
    can be swept: what lies in the way only takes time. A cell so deep in closed water (`depth_m`, by slice,
    each (cell,)) that it cannot be swept from outside is out of reach.
    """
    unit = group.unit
    speed_mps = max(unit.transit_speed_mps, unit.search_speed_mps)
    reachable, cap_s = [], np.zeros(times.slices)
    first_s, last_s = np.inf, -np.inf
    for piece, of_slice in enumerate(cells):
        drift_m = fastest_mps[piece] * 0.5 * (times.edges_s[piece + 1] - times.edges_s[piece])
        near_m = of_slice.radius_m + drift_m + float(np.max(unit.sweep_width_m))
        x_m, y_m = of_slice.centre_m.T
        out_m = np.maximum(np.hypot(x_m - unit.start_x_m, y_m - unit.start_y_m) - near_m, 0.0)
        back_m = np.maximum(np.hypot(x_m - unit.home_x_m, y_m - unit.home_y_m) - near_m, 0.0)
        begin_s = max(times.edges_s[piece], unit.search_from_s)
        end_s = min(times.edges_s[piece + 1], unit.leave_by_s)
        from_s = np.maximum(unit.departs_s + out_m / speed_mps, begin_s)
        until_s = np.minimum(unit.endurance_until_s - back_m / speed_mps, end_s)
        able = (until_s > from_s) & (depth_m[piece] < near_m)
        reachable.append(able)
        if able.any():
            here_from_s, here_until_s = float(from_s[able].min()), float(until_s[able].max())
            cap_s[piece] = group.count * (here_until_s - here_from_s)
            first_s, last_s = min(first_s, here_from_s), max(last_s, here_until_s)
    on_scene_s = group.count * max(last_s - first_s, 0.0)
    return Reach(
        np.concatenate(reachable),
        cap_s,
        min(SEARCH_ENDURANCE_FRACTION * on_scene_s, float(cap_s.sum())),
        np.empty((0, times.slices)),
    )


def reach_as_flown(
    group: EffortGroup,
    cells: Sequence[SliceCells],
    times: SampleTimes,
    fastest_mps: Floats,
    depth_m: Sequence[Floats],
) -> Reach:
    """Where and for how long the units of a group can search without a break from when they begin.

    Begun at t, searching ends at t + 0.85 (L - t), L being when they must leave; beginnings are tried at
    every edge of a slice. A cell belongs to a slice if they can be there by its middle, and home in time
    after it, and if its middle is no deeper in closed water than half their widest sweep.
    """
    unit = group.unit
    out_s, leave_s = _ways_s(unit, cells, times, fastest_mps)
    for when, leave, deep_m in zip(out_s, leave_s, depth_m, strict=True):
        shut = deep_m > 0.5 * float(np.max(unit.sweep_width_m))
        when[shut], leave[shut] = np.inf, -np.inf
    on_time = [when.size > 0 and np.any(when < leave) for when, leave in zip(out_s, leave_s, strict=True)]
    if not any(on_time):
        return Reach(
            np.zeros(sum(one.count for one in cells), bool), np.zeros(times.slices), 0.0,
            np.zeros((1, times.slices)),
        )  # fmt: skip
    last_s = max(float(leave.max()) for leave in leave_s if leave.size)
    earliest_s = min(float(when.min()) for when in out_s if when.size)
    every_s = np.concatenate(out_s)
    typical_s = float(np.median(every_s[np.isfinite(every_s)]))
    reachable = [
        (when < times.edges_s[piece + 1])
        & (times.edges_s[piece] < typical_s + SEARCH_ENDURANCE_FRACTION * (leave - typical_s))
        for piece, (when, leave) in enumerate(zip(out_s, leave_s, strict=True))
    ]
    begins_s = np.maximum(times.edges_s[:-1], earliest_s)
    begins_s = np.unique(begins_s[begins_s < last_s])
    ends_s = begins_s + SEARCH_ENDURANCE_FRACTION * (last_s - begins_s)
    overlap_s = np.minimum(ends_s[:, np.newaxis], times.edges_s[1:]) - np.maximum(
        begins_s[:, np.newaxis], times.edges_s[:-1]
    )
    able = np.array([piece.any() for piece in reachable])
    choices_s = group.count * np.maximum(overlap_s, 0.0) * able
    most = int(np.argmax(choices_s.sum(axis=1)))
    return Reach(np.concatenate(reachable), choices_s[most].copy(), float(choices_s[most].sum()), choices_s)


def _ways_s(
    unit: EffortUnit, cells: Sequence[SliceCells], times: SampleTimes, fastest_mps: Floats
) -> tuple[list[Floats], list[Floats]]:
    """When a unit can be at each cell at the earliest, and when it must leave it, by slice."""
    arrivals, leaves = [], []
    for piece, of_slice in enumerate(cells):
        near_m = 0.5 * of_slice.radius_m + 0.25 * fastest_mps[piece] * (
            times.edges_s[piece + 1] - times.edges_s[piece]
        )
        x_m, y_m = of_slice.centre_m.T
        out_m = np.maximum(np.hypot(x_m - unit.start_x_m, y_m - unit.start_y_m) - near_m, 0.0)
        back_m = np.maximum(np.hypot(x_m - unit.home_x_m, y_m - unit.home_y_m) - near_m, 0.0)
        arrival_s = unit.departs_s + out_m / unit.transit_speed_mps
        arrivals.append(np.maximum(np.maximum(arrival_s, unit.search_from_s), times.edges_s[0]))
        leave_s = np.minimum(unit.endurance_until_s - back_m / unit.transit_speed_mps, unit.leave_by_s)
        leaves.append(np.minimum(leave_s, times.edges_s[-1]))
    return arrivals, leaves
