"""A unit's plan as a track of the planner: what was planned before, flown on while others are placed anew."""

from collections.abc import Sequence
from dataclasses import replace
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, oriented_envelope

from sarex.kernels.ladder import is_sound
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.figures import legs_array
from sarex.planning.model import Pattern, UnitPlan
from sarex.planning.passage import Point
from sarex.planning.pattern_edit import LADDERS, RidingPattern, riding_pattern
from sarex.planning.sortie import Shape, Track
from sarex.planning.told_area import corners_of, middle_of

FEWEST_UNEVEN = 4
"""A ladder of fewer legs is taken as even."""
LONG_CHORDS = 3.0
"""A leg so many times as long as most of a rounded square's is one of its straights, no chord."""


def track_of(plan: UnitPlan, drift: DatumDrift, reference_s: float, later_s: float = 0.0) -> Track:
    """The pattern of a plan as a track, flown so much later over the same ground.

    The shape is read off its legs: it is where a search for a better place may begin, and not needed to fly
    the track on.
    """
    local = drift.at(*middle_of(plan.area_xy_m))
    legs = legs_array(plan.legs)
    inside = np.flatnonzero(legs[:, 6] == 1.0)
    rows = legs[inside[0] : inside[-1] + 1].copy()
    rows[:, 4:6] += later_s
    ridden = riding_pattern(rows, plan.pattern, local)
    if plan.pattern in LADDERS:
        shape = _ladder(ridden, plan.track_spacing_m)
    elif plan.pattern is Pattern.EXPANDING_SQUARE and ridden.searching.all():
        shape = _rounded_square(ridden, plan)
    else:
        shape = _shape(ridden, plan.pattern, ridden.middle, plan.track_spacing_m)
    shift_s = reference_s - ridden.begin_s
    shape = replace(
        shape,
        x_m=shape.x_m + ridden.drift_mps[0] * shift_s,
        y_m=shape.y_m + ridden.drift_mps[1] * shift_s,
    )
    area = np.asarray(plan.area_xy_m, dtype=float)
    # beside a danger area, or told by others, it may be no rectangle
    return Track(shape, rows, corners_of(oriented_envelope(Polygon(area))), area, plan.track_spacing_m)


def _shape(ridden: RidingPattern, pattern: Pattern, middle: Point, spacing_m: float) -> Shape:
    """A plain shape with its middle where it begins to be flown."""
    return Shape(
        pattern,
        *middle,
        heading_rad=ridden.heading_rad,
        length_m=float(np.hypot(*ridden.vectors_m[ridden.searching].T).max()),
        spacing_m=spacing_m,
        follows_drift=ridden.drift_mps != (0.0, 0.0),
    )


def _rounded_square(ridden: RidingPattern, plan: UnitPlan) -> Shape:
    """A square whose corners are rounded: it begins a quarter turn before its first straight."""
    shape = _shape(ridden, Pattern.EXPANDING_SQUARE, ridden.first, plan.track_spacing_m)
    lengths_m = np.hypot(*ridden.vectors_m.T)
    straight_m = lengths_m.max() if lengths_m.max() > LONG_CHORDS * np.median(lengths_m) else 0.0
    heading_rad = shape.heading_rad - 0.5 * pi
    ahead_m, left_m = 0.5 * straight_m + plan.unit.turn_radius_m, 0.25 * shape.spacing_m
    return replace(
        shape,
        x_m=shape.x_m + ahead_m * cos(heading_rad) - left_m * sin(heading_rad),
        y_m=shape.y_m + ahead_m * sin(heading_rad) + left_m * cos(heading_rad),
        heading_rad=heading_rad,
        length_m=float(straight_m),
        rounded=True,
    )


def _ladder(ridden: RidingPattern, spacing_m: float) -> Shape:
    """A ladder with what makes it uneven, by least squares over its legs (`kernels.ladder`)."""
    # legs that were clipped to open water do not say so; where nothing is clipped it is the plain ladder
    shape = replace(_shape(ridden, Pattern.PARALLEL_SWEEP, ridden.middle, spacing_m), clipped=True)
    ends_m = np.concatenate([[(0.0, 0.0)], np.cumsum(ridden.vectors_m, axis=0)])
    middles_m = 0.5 * (ends_m[:-1] + ends_m[1:])[ridden.searching]
    lengths_m = np.hypot(*ridden.vectors_m[ridden.searching].T)
    count = lengths_m.size
    if count < FEWEST_UNEVEN:
        return shape
    along = np.array([cos(shape.heading_rad), sin(shape.heading_rad)])
    across = np.array([-along[1], along[0]])
    along_m, across_m = middles_m @ along, middles_m @ across
    creep = 1 if across_m[-1] >= across_m[0] else -1
    half_m = 0.5 * count * spacing_m
    order = np.argsort(creep * across_m)
    u = (2.0 * np.arange(count) + 1.0) / count - 1.0
    places = creep * across_m[order] / half_m - u
    middle, dense, gradient = _fitted((np.ones(count), u**3 - u, 0.5 * (u**2 - 1.0)), places)
    v = creep * across_m / half_m - middle
    begin_m, shear_m = _fitted((np.ones(count), v), along_m)
    length_m, taper_m, barrel_m = _fitted((np.ones(count), v, -(v**2)), lengths_m)
    centre = begin_m * along + creep * middle * half_m * across
    fitted = replace(
        shape,
        x_m=ridden.first[0] + float(centre[0]),
        y_m=ridden.first[1] + float(centre[1]),
        length_m=length_m,
        creep=creep,
        shear=shear_m / half_m,
        taper=taper_m / length_m,
        barrel=max(barrel_m / length_m, 0.0),
        dense=max(dense, 0.0),
        gradient=gradient,
    )
    return fitted if length_m > 0.0 and is_sound(fitted.row()) else shape


def _fitted(columns: Sequence[NDArray[np.float64]], values: NDArray[np.float64]) -> tuple[float, ...]:
    """How much of each column makes the values, by least squares."""
    found, *_ = np.linalg.lstsq(np.column_stack(columns), values, rcond=None)
    return tuple(found.tolist())


def kept_tracks(
    crews: Sequence[Crew], unit_plans: Sequence[UnitPlan], drift: DatumDrift, later_s: float = 0.0
) -> list[Track | None]:
    """For each crew the track that an earlier plan gave it, or None."""
    return [
        None if plan is None else track_of(plan, drift, crew.reference_s, later_s)
        for crew, plan in zip(crews, kept_plans(crews, unit_plans), strict=True)
    ]


def kept_plans(crews: Sequence[Crew], unit_plans: Sequence[UnitPlan]) -> list[UnitPlan | None]:
    """For each crew what an earlier plan gave it, or None."""
    given = {(plan.unit.name, plan.sortie): plan for plan in reversed(unit_plans)}
    return [given.get((crew.unit.name, crew.sortie)) for crew in crews]


def later(plan: UnitPlan, later_s: float) -> UnitPlan:
    """The same plan with every instant so much later."""
    legs = tuple(replace(leg, start_s=leg.start_s + later_s, end_s=leg.end_s + later_s) for leg in plan.legs)
    return replace(
        plan,
        legs=legs,
        return_by_s=plan.return_by_s + later_s,
        endurance_until_s=plan.endurance_until_s + later_s,
    )
