"""What is told of a unit's searching, from its legs: which particles its area holds, POC, POD and POS."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from sarex.planning.model import Activity, Leg, UnitPlan
from sarex.planning.waters import Waters, success

NO_REACH = 0.0
"""Exposures that are told leave no particle out, however far (see `kernels.exposure`)."""
MOST_SAG_M = 25.0
"""So far an arc may lie from its chord where an answer must be quick: little beside any sweep width."""


def legs_array(legs: Sequence[Leg]) -> NDArray[np.float64]:
    """Legs as rows (leg, 7): x0, y0, x1, y1, t0, t1, searching."""
    rows = [
        (
            leg.start_x_m, leg.start_y_m, leg.end_x_m, leg.end_y_m, leg.start_s, leg.end_s,
            1.0 if leg.activity is Activity.SEARCH else 0.0,
        )
        for leg in legs
    ]  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(-1, 7)


def searching_legs(plan: UnitPlan) -> NDArray[np.float64]:
    """The searching legs of a unit as rows (leg, 7)."""
    rows = legs_array(plan.legs)
    return np.ascontiguousarray(rows[rows[:, 6] == 1.0])


def widths_by_type_m(plan: UnitPlan, object_types: Sequence[str]) -> NDArray[np.float64]:
    """Sweep widths of a unit in the order of the object types; 0 where the plan names none."""
    known = plan.sweep_widths
    return np.array([known[key].width_m if key in known else 0.0 for key in object_types])


def exposure_of(plan: UnitPlan, waters: Waters, object_types: Sequence[str]) -> NDArray[np.float32]:
    """Exposure of every particle to a unit's searching, (particle,)."""
    widths = waters.widths(widths_by_type_m(plan, object_types))
    return waters.exposures(searching_legs(plan), widths, NO_REACH)


def quick_exposure_of(plan: UnitPlan, waters: Waters, object_types: Sequence[str]) -> NDArray[np.float32]:
    """The same with the chords of arcs taken two by two, for answers while a person waits.

    On a rounded square of 1,800 chords at W 670 m this moved POS by less than 1e-4.
    """
    widths = waters.widths(widths_by_type_m(plan, object_types))
    return waters.exposures(chords_joined(searching_legs(plan)), widths, NO_REACH)


def chords_joined(legs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Neighbouring legs (leg, 7) that follow each other on an arc joined in pairs, within `MOST_SAG_M`."""
    even = len(legs) // 2 * 2
    first, second = legs[:even:2], legs[1:even:2]
    whole = second[:, 2:4] - first[:, 0:2]
    half = first[:, 2:4] - first[:, 0:2]
    length_m = np.maximum(np.hypot(*whole.T), 1e-9)
    sag_m = np.abs(whole[:, 0] * half[:, 1] - whole[:, 1] * half[:, 0]) / length_m
    onward = (whole * half).sum(axis=1) > 0.0
    joined = (first[:, 5] == second[:, 4]) & (sag_m <= MOST_SAG_M) & onward
    kept = np.ones(len(legs), bool)
    kept[1:even:2] = ~joined
    told = legs.copy()
    told[:even:2][joined, 2:4] = second[joined, 2:4]
    told[:even:2][joined, 5] = second[joined, 5]
    return np.ascontiguousarray(told[kept])


def afloat_inside(waters: Waters, corners: NDArray[np.float64], at_s: float) -> NDArray[np.bool_]:
    """Particles afloat at an instant in an area, corners (corner, 2), (particle,)."""
    k = int(np.clip(round((at_s - waters.start_s) / waters.step_s), 0, waters.x_m.shape[0] - 1))
    x_m, y_m = waters.x_m[k], waters.y_m[k]
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    inside: NDArray[np.bool_] = (
        waters.afloat[k] & (x_m >= left) & (x_m <= right) & (y_m >= low) & (y_m <= high)
    )
    near = np.flatnonzero(inside)
    inside[near] = shapely.contains_xy(Polygon(corners), x_m[near], y_m[near])
    return inside


def midway_s(searching: NDArray[np.float64]) -> float:
    """Halfway through the time on scene."""
    return float(searching[0, 4] + searching[-1, 5]) / 2


def chances(
    waters: Waters, inside: NDArray[np.bool_], exposure: NDArray[np.float32]
) -> tuple[float, float, float]:
    """POC of an area, and POD in it and POS of one unit alone."""
    poc = float(waters.weight[inside].sum())
    pod = success(waters.weight[inside], exposure[inside]) / poc if poc else 0.0
    return poc, pod, success(waters.weight, exposure)


def principal_type(waters: Waters, inside: NDArray[np.bool_], width_m: NDArray[np.float64]) -> int:
    """The object type that makes most of the probability inside; the most visible where none is."""
    shares = np.bincount(waters.object_type[inside], waters.weight[inside], minlength=width_m.size)
    return int(np.argmax(shares)) if shares.any() else int(np.argmax(width_m))


def measured_plan(
    plan: UnitPlan, exposure: NDArray[np.float32], waters: Waters, object_types: Sequence[str]
) -> UnitPlan:
    """A unit plan with coverage, POC, POD and POS of its legs, whatever it said of them before."""
    inside = afloat_inside(waters, plan.area_xy_m, midway_s(searching_legs(plan)))
    width_m = widths_by_type_m(plan, object_types)
    poc, pod, pos = chances(waters, inside, exposure)
    coverage = float(width_m[principal_type(waters, inside, width_m)]) / plan.track_spacing_m
    return replace(plan, coverage=coverage, poc=poc, pod=pod, pos=pos)
