"""A `plan.json` read back: what was searched, for the belief to learn from.

The file may have come from Sarex, from a person's editor or from another program, so everything that the
update relies on is checked here, and what is wrong is said in one sentence.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import SatelliteLook
from sarex.clock import iso_z, to_posix_s
from sarex.exchange.plan_fields import PlanFields, TaskFields, check_classes, load_plan, look_of, refuse
from sarex.geo.frame import WGS84
from sarex.tables import leeway_classes
from sarex.units import kt_to_mps, mps_to_kt, nm_to_m
from sarex.update.model import SearchedTrack

LARGEST_GAP_S = 1.0
"""Between the end of a leg and the start of the next; other programs may keep whole seconds."""
LARGEST_JUMP_M = 200.0
"""Between the same two points; a tenth of a mile is a rounding, more is a missing leg."""
FASTEST_KT = 600.0
_PURPOSE = "a flown plan"


@dataclass(frozen=True)
class FlownPlan:
    """What was searched, by every unit that searched."""

    case_id: str
    exercise: bool
    tasks: tuple[SearchedTrack, ...]
    looks: tuple[SatelliteLook, ...] = ()


class _Plan(PlanFields):
    tasks: list[TaskFields]


def read_plan(path: Path) -> FlownPlan:
    """What a `plan.json` says was searched.

    Raises:
        PlanError: the file is not a plan, or says something impossible. Whether it belongs to the case is
            for the caller to check.
    """
    plan = load_plan(path, _Plan, _PURPOSE)
    for task in plan.tasks:
        check_classes(path, _PURPOSE, task, leeway_classes())
    tasks = tuple(_flown_task(path, task) for task in plan.tasks)
    searched = tuple(task for task in tasks if task.start_s.size)
    looks = tuple(look_of(look) for look in plan.looks)
    if not searched and not looks:
        _refuse(
            path, "no task has a leg with searching true; nothing was searched, so there is nothing to learn"
        )
    return FlownPlan(plan.case, plan.exercise, searched, looks)


def _flown_task(path: Path, task: TaskFields) -> SearchedTrack:
    starts = np.array([leg.start for leg in task.legs], dtype=float)
    ends = np.array([leg.end for leg in task.legs], dtype=float)
    start_s = np.array([to_posix_s(leg.start_time) for leg in task.legs])
    end_s = np.array([to_posix_s(leg.end_time) for leg in task.legs])
    searching = np.array([leg.searching for leg in task.legs])
    _check_order(path, task)
    _check_speed(path, task, starts, ends, end_s - start_s)
    _check_joined(path, task, starts, ends)
    return SearchedTrack(
        unit_name=task.unit,
        start_lonlat_deg=starts[searching],
        end_lonlat_deg=ends[searching],
        start_s=start_s[searching],
        end_s=end_s[searching],
        sweep_width_m={key: nm_to_m(width_nm) for key, width_nm in task.sweep_width_nm.items()},
    )


def _check_order(path: Path, task: TaskFields) -> None:
    for number, leg in enumerate(task.legs, start=1):
        duration_s = to_posix_s(leg.end_time) - to_posix_s(leg.start_time)
        if duration_s < 0.0 or (leg.searching and duration_s == 0.0):
            _refuse(
                path,
                f"leg {number} of {task.unit} starts at {iso_z(leg.start_time)} and ends at "
                f"{iso_z(leg.end_time)}; a leg must end after it starts",
            )
    for number, (leg, following) in enumerate(pairwise(task.legs), start=1):
        gap_s = to_posix_s(following.start_time) - to_posix_s(leg.end_time)
        if abs(gap_s) > LARGEST_GAP_S:
            _refuse(
                path,
                f"legs {number} and {number + 1} of {task.unit} do not join: one ends at "
                f"{iso_z(leg.end_time)}, the next starts at {iso_z(following.start_time)}. Legs must follow "
                "each other without a gap; where the unit was not searching, keep the leg and set searching "
                "to false",
            )


def _check_speed(
    path: Path,
    task: TaskFields,
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    duration_s: NDArray[np.float64],
) -> None:
    length_m = _distances_m(starts, ends)
    allowed_m = kt_to_mps(FASTEST_KT) * duration_s + LARGEST_JUMP_M
    for number in np.flatnonzero(length_m > allowed_m)[:1]:
        speed_kt = mps_to_kt(length_m[number] / max(duration_s[number], 1e-3))
        _refuse(
            path,
            f"leg {number + 1} of {task.unit} would need {speed_kt:,.0f} kt; no search unit is faster than "
            f"{FASTEST_KT:.0f} kt. Check its positions and times",
        )


def _check_joined(
    path: Path, task: TaskFields, starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> None:
    jump_m = _distances_m(ends[:-1], starts[1:])
    for number in np.flatnonzero(jump_m > LARGEST_JUMP_M)[:1]:
        _refuse(
            path,
            f"leg {number + 2} of {task.unit} starts {jump_m[number]:,.0f} m from where leg {number + 1} "
            "ends. Legs must join; add the way between them as a leg with searching false",
        )


def _distances_m(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(starts):
        return np.zeros(0)
    _, _, distance_m = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    return np.asarray(distance_m, dtype=float)


def _refuse(path: Path, what: str) -> NoReturn:
    refuse(path, _PURPOSE, what)
