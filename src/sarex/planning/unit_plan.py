"""A unit's track told as its part of the plan."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarex.planning.crews import Crew
from sarex.planning.figures import afloat_inside, chances, midway_s, principal_type
from sarex.planning.model import Activity, Leg, Pattern, UnitPlan
from sarex.planning.sortie import Track, ladder_name
from sarex.planning.transit import homecoming_s, transit_legs, way_home_of
from sarex.planning.waters import Waters


def unit_plan_of(
    crew: Crew, track: Track, exposure: NDArray[np.float32], waters: Waters, pattern: Pattern | None = None
) -> UnitPlan:
    """The unit's plan with its way out and its figures on the given particles, (particle,).

    The pattern is told by its name if given, else by its looks.

    Raises:
        AssertionError: the unit cannot reach its track in time, which the planner must have seen to.
    """
    plan = on_scene_plan_of(crew, track, exposure, waters, pattern)
    way_out = transit_legs(crew, (float(track.legs[0, 0]), float(track.legs[0, 1])), float(track.legs[0, 4]))
    if way_out is None:
        raise AssertionError(f"{crew.unit.name} was given a pattern that it cannot reach")
    return replace(plan, legs=(*way_out, *plan.legs))


def on_scene_plan_of(
    crew: Crew, track: Track, exposure: NDArray[np.float32], waters: Waters, pattern: Pattern | None = None
) -> UnitPlan:
    """The same without the way out, for a track that the unit may not be able to reach."""
    legs = track.legs
    last = float(legs[-1, 2]), float(legs[-1, 3])
    home_s = homecoming_s(crew, last, float(legs[-1, 5]))
    inside = afloat_inside(waters, track.area, midway_s(track.searching))
    poc, pod, pos = chances(waters, inside, exposure)
    return UnitPlan(
        unit=crew.unit,
        sortie=crew.sortie,
        way_home=way_home_of(crew, last, float(legs[-1, 5])),
        pattern=pattern or ladder_name(track),
        legs=told_legs(legs),
        area_xy_m=track.area,
        track_spacing_m=track.spacing_m,
        sweep_widths=crew.sweep_widths,
        coverage=float(crew.width_m[principal_type(waters, inside, crew.width_m)]) / track.spacing_m,
        poc=poc,
        pod=pod,
        pos=pos,
        return_by_s=float(legs[-1, 5]) if home_s is None else home_s,
        endurance_until_s=crew.endurance_until_s,
    )


def told_legs(legs: NDArray[np.float64]) -> tuple[Leg, ...]:
    """Rows (leg, 7) as the legs of a plan."""
    return tuple(
        Leg(x0, y0, x1, y1, t0, t1, Activity.SEARCH if searching == 1.0 else Activity.TURN)
        for x0, y0, x1, y1, t0, t1, searching in legs.tolist()
    )
