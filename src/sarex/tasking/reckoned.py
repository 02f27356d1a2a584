"""The figures of a plan reckoned again from its tasks: legs, areas, sweep widths and spacings."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, SatelliteLook
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.geo import LocalFrame
from sarex.planning.certificate import SWEEP_WIDTH_UNCERTAINTY
from sarex.planning.figures import (
    afloat_inside,
    chances,
    exposure_of,
    midway_s,
    searching_legs,
    widths_by_type_m,
)
from sarex.planning.looks import looks_on
from sarex.planning.model import UnitPlan
from sarex.planning.waters import Waters, success, waters_of
from sarex.tasking.model import SearchActionPlan
from sarex.tasking.read_back import unit_plans_of

AS_LIKELY_FRAC = 0.95
"""Of the probability of the likeliest type in an area: coverage may be told of another as likely."""


@dataclass(frozen=True)
class TaskFigures:
    """Of one task, flown alone."""

    poc: float
    pod: float
    pos: float
    coverages: tuple[float, ...]
    """For the object type that makes most of the probability in the area, and for others as likely."""


@dataclass(frozen=True)
class PlanFigures:
    """Of a plan, on one draw of the belief."""

    pos: float
    pos_low: float
    """With every sweep width 30 % smaller."""
    pos_high: float
    tasks: tuple[TaskFigures, ...]
    """In the order of the plan's tasks."""


def reckoned(case: Case, frame: LocalFrame, reported: DriftEnsemble, plan: SearchActionPlan) -> PlanFigures:
    """POS of the plan, and of each of its tasks POC, POD, POS and coverage, with the exact exposure.

    Args:
        reported: the draw that the plan's figures are told of, before the plan's searching.
        plan: its sweep widths are taken as it states them, and so is which of the case's looks it counts.
    """
    waters = waters_of(reported, to_posix_s(case.window.start), to_posix_s(case.window.end))
    looks = looks_on(replace(case, looks=_counted(case, plan)), frame, waters)
    before = np.zeros(waters.weight.size) + np.sum(looks.exposures, axis=0, dtype=np.float64)
    plans = unit_plans_of(frame, plan.tasks)
    exposures = [exposure_of(unit_plan, waters, reported.object_types) for unit_plan in plans]
    total = np.zeros(waters.weight.size)
    for exposure in exposures:
        total += exposure
    # exposure goes with the square of the sweep width
    low, high = (1.0 - SWEEP_WIDTH_UNCERTAINTY) ** 2, (1.0 + SWEEP_WIDTH_UNCERTAINTY) ** 2
    return PlanFigures(
        pos=success(waters.weight, before + total),
        pos_low=success(waters.weight, before + low * total),
        pos_high=success(waters.weight, before + high * total),
        tasks=tuple(
            _of_task(unit_plan, exposure, waters, reported.object_types)
            for unit_plan, exposure in zip(plans, exposures, strict=True)
        ),
    )


def _counted(case: Case, plan: SearchActionPlan) -> tuple[SatelliteLook, ...]:
    """The looks of the case that the plan lists."""
    listed = [(planned.look.name, planned.look.at) for planned in plan.looks]
    second = timedelta(seconds=1)
    return tuple(
        look
        for look in case.looks
        if any(look.name == name and abs(look.at - at) < second for name, at in listed)
    )


def _of_task(
    plan: UnitPlan, exposure: NDArray[np.float32], waters: Waters, object_types: tuple[str, ...]
) -> TaskFigures:
    inside = afloat_inside(waters, plan.area_xy_m, midway_s(searching_legs(plan)))
    shares = np.bincount(waters.object_type[inside], waters.weight[inside], minlength=len(object_types))
    widths_m = widths_by_type_m(plan, object_types)
    told_of = shares >= AS_LIKELY_FRAC * shares.max()
    coverages = widths_m[told_of] / plan.track_spacing_m
    return TaskFigures(*chances(waters, inside, exposure), tuple(coverages.tolist()))
