"""A unit's plan as a track of the planner: what was planned before, flown on while others are placed anew."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.figures import legs_array
from sarex.planning.model import Pattern, UnitPlan
from sarex.planning.pattern_edit import riding_pattern
from sarex.planning.sortie import Shape, Track


def track_of(plan: UnitPlan, drift: DatumDrift, reference_s: float, later_s: float = 0.0) -> Track:
    """The pattern of a plan as a track, flown so much later over the same ground.

    The shape is read off its legs: it is where a search for a better place may begin, and not needed to fly
    the track on.
    """
    local = drift.at(*plan.area_xy_m.mean(axis=0).tolist())
    legs = legs_array(plan.legs)
    inside = np.flatnonzero(legs[:, 6] == 1.0)
    rows = legs[inside[0] : inside[-1] + 1].copy()
    rows[:, 4:6] += later_s
    ridden = riding_pattern(rows, plan.pattern, local)
    shift_s = reference_s - ridden.begin_s
    middle = ridden.middle
    shape = Shape(
        Pattern.PARALLEL_SWEEP if plan.pattern is Pattern.CREEPING_LINE else plan.pattern,
        middle[0] + ridden.drift_mps[0] * shift_s,
        middle[1] + ridden.drift_mps[1] * shift_s,
        heading_rad=ridden.heading_rad,
        length_m=float(np.hypot(*ridden.vectors_m[ridden.searching].T).max()),
        spacing_m=plan.track_spacing_m,
        follows_drift=ridden.drift_mps != (0.0, 0.0),
    )
    return Track(shape, rows, np.asarray(plan.area_xy_m, dtype=float), plan.track_spacing_m)


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
