"""From a case and its belief to a joint plan and how good it is."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.planning.crews import Crew, muster, scene_of
from sarex.planning.datum_drift import datum_drift
from sarex.planning.doctrine import doctrine_plan, track_lines
from sarex.planning.fleet_search import Assignment, Effort, SearchTask, along_tracks, search_fleet
from sarex.planning.looks import counting_looks, looks_on, with_looks
from sarex.planning.model import (
    Activity,
    Leg,
    Pattern,
    PlanQuality,
    SearchPlan,
    UnitPlan,
    UnusedUnit,
)
from sarex.planning.outcome import worth_in_time
from sarex.planning.passage import Point, way_length_m
from sarex.planning.relaxation import EffortUnit, ParticleTracks, optimum_bracket, upper_bound
from sarex.planning.sortie import Track, ladder_name
from sarex.planning.waters import Waters, success, waters_of
from sarex.units import HOUR_S

SWEEP_WIDTH_UNCERTAINTY = 0.30
"""Field sweep widths are uncertain by tens of per cent; the POS band carries this much to both sides."""
MOST_REHEARSED = 60_000
LONGEST_TRANSIT_LEG_M = 40_000.0
LEAST_GAIN = 1e-4
"""A unit that adds less POS than this, out of what is still undetected, is not sent."""


@dataclass(frozen=True)
class Belief:
    """Two independent draws of the same belief: one is reported, the planner fits its plan to the other."""

    reported: DriftEnsemble
    rehearsal: DriftEnsemble


def rehearsal_particles(reported: int) -> int:
    """Particles of the planner's own draw: more than are reported, so that fewer of them fit a plan by chance."""
    return max(reported, min(3 * reported, MOST_REHEARSED))


def plan_search(
    case: Case,
    environment: Environment,
    belief: Belief,
    effort: Effort,
    progress: Callable[[float], None] | None = None,
) -> SearchPlan:
    """The joint plan for the case's search window.

    POS and every figure beside it are computed on the reported draw, which the planner has not seen.
    """
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    rehearsal = waters_of(belief.rehearsal, *window_s)
    reported = waters_of(belief.reported, *window_s)
    drift = datum_drift(rehearsal)
    looks = looks_on(case, environment.frame, reported)
    left, looks_pos = with_looks(reported, looks)
    rehearsal, _ = with_looks(rehearsal, looks_on(case, environment.frame, rehearsal))
    scene = scene_of(case, environment, rehearsal, drift)
    crews, unused = muster(case, environment, scene)
    tracks: list[tuple[Crew, Track]] = []
    if crews:
        opening = doctrine_plan(case, environment.frame, crews, rehearsal).shapes
        task = SearchTask(
            crews, rehearsal, drift, case.seed, opening,
            worth=worth_in_time(rehearsal, case),
            alternatives=along_tracks(track_lines(case, environment.frame, rehearsal)),
        )  # fmt: skip
        assignment = search_fleet(task, effort, progress)
        tracks, idle = _worth_sending(assignment, rehearsal)
        unused += _all_idle(idle, tracks)
    quality = _quality(case, environment, crews, tracks, left, rehearsal)
    plans = tuple(_unit_plan(crew, track, reported, case.object_types) for crew, track in tracks)
    in_order = {unit.name: number for number, unit in enumerate(case.units)}
    return SearchPlan(
        unit_plans=tuple(sorted(plans, key=lambda plan: (in_order[plan.unit.name], plan.sortie))),
        unused=tuple(sorted(unused, key=lambda idle: in_order[idle.unit.name])),
        quality=counting_looks(quality, looks_pos),
        on_scene_wind_mps=scene.wind_mps,
        looks=looks.planned(reported),
    )


def _worth_sending(
    assignment: Assignment, waters: Waters
) -> tuple[list[tuple[Crew, Track]], list[UnusedUnit]]:
    sent: list[tuple[Crew, Track]] = []
    idle: list[UnusedUnit] = []
    for number, (crew, track) in enumerate(zip(assignment.crews, assignment.tracks, strict=True)):
        if track is None:
            idle.append(UnusedUnit(crew.unit, _why_idle(crew, waters)))
            continue
        missed = assignment.missed(waters, number)
        added = success(missed, assignment.exposures[number])
        if added < LEAST_GAIN * float(waters.weight.sum()):
            idle.append(UnusedUnit(crew.unit, f"would add only {added:.4%} to the probability of success"))
        else:
            sent.append((crew, track))
    return sent, idle


def _all_idle(idle: list[UnusedUnit], tracks: list[tuple[Crew, Track]]) -> list[UnusedUnit]:
    """Units of which no sortie is used, each once, with what is said of its first."""
    first = {unused.unit.name: unused for unused in reversed(idle)}
    sent = {crew.unit.name for crew, _ in tracks}
    return [unused for name, unused in first.items() if name not in sent]


def _why_idle(crew: Crew, waters: Waters) -> str:
    """The likeliest reason that no shape could be flown."""
    middle = waters.x_m.shape[0] // 2
    datum = (
        float(np.average(waters.x_m[middle], weights=waters.weight)),
        float(np.average(waters.y_m[middle], weights=waters.weight)),
    )
    there_s = crew.earliest_s(datum)
    if there_s is None:
        return "no way from its position to the search area that keeps clear of land, shoals and danger areas"
    out_h = (there_s - crew.departs_s) / HOUR_S
    available_h = (min(crew.leave_by_s, crew.endurance_until_s) - crew.departs_s) / HOUR_S
    if crew.search_from_s > max(crew.departs_s, there_s):
        light = f"{from_posix_s(crew.search_from_s):%d %b %H:%M} to {from_posix_s(crew.leave_by_s):%H:%M} UTC"
        return f"no search area could be found for it in the light that its sensors work in, {light}"
    return (
        f"no search area could be found for it: {out_h:.1f} h of transit to the datum, "
        f"{available_h:.1f} h of time or endurance, and no room beside the other units at its height"
    )


def _quality(
    case: Case,
    environment: Environment,
    crews: tuple[Crew, ...],
    tracks: list[tuple[Crew, Track]],
    reported: Waters,
    rehearsal: Waters,
) -> PlanQuality:
    total = np.zeros(reported.weight.size)
    for crew, track in tracks:
        total += reported.exposures(track.searching, reported.widths(crew.width_m), 0.0)

    def pos_with_widths(factor: float) -> float:
        # exposure goes with the square of the sweep width
        return success(reported.weight, factor**2 * total)

    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    units = [_effort_unit(crew) for crew in crews]
    own, held_out = _tracks(reported), _tracks(rehearsal)
    bound = upper_bound(units, own, *window_s) if units else 0.0
    low, high = optimum_bracket(units, held_out, own, *window_s) if units else (0.0, 0.0)
    return PlanQuality(
        pos=pos_with_widths(1.0),
        pos_low=pos_with_widths(1.0 - SWEEP_WIDTH_UNCERTAINTY),
        pos_high=pos_with_widths(1.0 + SWEEP_WIDTH_UNCERTAINTY),
        pos_upper_bound=bound,
        # clipped: the bracket comes from the other draw and could lie above this draw's bound
        pos_optimum_low=min(low, bound),
        pos_optimum_high=min(high, bound),
        pos_doctrine=doctrine_plan(case, environment.frame, crews, reported).pos,
    )


def _effort_unit(crew: Crew) -> EffortUnit:
    return EffortUnit(
        name=crew.unit.name,
        start_x_m=crew.start[0],
        start_y_m=crew.start[1],
        home_x_m=crew.home[0],
        home_y_m=crew.home[1],
        departs_s=crew.departs_s,
        endurance_until_s=crew.endurance_until_s,
        search_from_s=crew.search_from_s,
        leave_by_s=crew.leave_by_s,
        transit_speed_mps=crew.unit.transit_speed_mps,
        search_speed_mps=crew.unit.search_speed_mps,
        shortest_leg_m=crew.widest_m,
        sweep_width_m=crew.width_m,
    )


def _tracks(waters: Waters) -> ParticleTracks:
    return ParticleTracks(
        times_s=waters.times_s,
        x_m=waters.x_m.T,
        y_m=waters.y_m.T,
        afloat=waters.afloat.T,
        weight=waters.weight,
        object_type=waters.object_type,
    )


def _unit_plan(crew: Crew, track: Track, waters: Waters, object_types: tuple[str, ...]) -> UnitPlan:
    exposure = waters.exposures(track.searching, waters.widths(crew.width_m), 0.0)
    inside = _afloat_in_box(waters, track)
    poc = float(waters.weight[inside].sum())
    pos = success(waters.weight, exposure)
    pod = success(waters.weight[inside], exposure[inside]) / poc if poc else 0.0
    shares = np.bincount(
        waters.object_type[inside], weights=waters.weight[inside], minlength=len(object_types)
    )
    principal = int(np.argmax(shares)) if poc else int(np.argmax(crew.width_m))
    way_home = crew.way_home((float(track.legs[-1, 2]), float(track.legs[-1, 3])), float(track.legs[-1, 5]))
    home_s = 0.0 if way_home is None else way_length_m(way_home) / crew.unit.transit_speed_mps
    pattern = track.shape.pattern
    return UnitPlan(
        unit=crew.unit,
        sortie=crew.sortie,
        pattern=ladder_name(track) if pattern is Pattern.PARALLEL_SWEEP else pattern,
        legs=(*_transit(crew, track), *_pattern_legs(track)),
        area_xy_m=track.box,
        track_spacing_m=track.spacing_m,
        sweep_widths=crew.sweep_widths,
        coverage=float(crew.width_m[principal]) / track.spacing_m,
        poc=poc,
        pod=pod,
        pos=pos,
        return_by_s=float(track.legs[-1, 5]) + home_s,
        endurance_until_s=crew.endurance_until_s,
    )


def _afloat_in_box(waters: Waters, track: Track) -> NDArray[np.bool_]:
    """Particles afloat in the area halfway through the unit's time on scene."""
    middle_s = (track.legs[0, 4] + track.legs[-1, 5]) / 2
    k = int(np.clip(round((middle_s - waters.start_s) / waters.step_s), 0, waters.x_m.shape[0] - 1))
    inside: NDArray[np.bool_] = waters.afloat[k].copy()
    for corner, following in zip(track.box, np.roll(track.box, -1, axis=0), strict=True):
        edge = following - corner
        inside &= edge[0] * (waters.y_m[k] - corner[1]) >= edge[1] * (waters.x_m[k] - corner[0])
    return inside


def _transit(crew: Crew, track: Track) -> tuple[Leg, ...]:
    """Legs from the unit's start to its commence search point, leaving in time to arrive just then.

    Long ways are told in pieces, so that a chart that draws them otherwise stays within the margins.
    """
    begin: Point = float(track.legs[0, 0]), float(track.legs[0, 1])
    way = crew.way_out(begin, float(track.legs[0, 4]))
    if way is None:
        raise AssertionError(f"{crew.unit.name} was given a pattern that it cannot reach")
    points = [way[0]]
    for a, b in pairwise(way):
        pieces = max(1, ceil(way_length_m((a, b)) / LONGEST_TRANSIT_LEG_M))
        points += [
            (a[0] + (b[0] - a[0]) * n / pieces, a[1] + (b[1] - a[1]) * n / pieces) for n in range(1, pieces)
        ]
        points.append(b)
    reached_m = np.concatenate([[0.0], np.cumsum([way_length_m(pair) for pair in pairwise(points)])])
    # backwards from the arrival, so that the last leg ends when the searching begins
    at_s = float(track.legs[0, 4]) - (reached_m[-1] - reached_m) / crew.unit.transit_speed_mps
    return tuple(
        Leg(*a, *b, float(start_s), float(end_s), Activity.TRANSIT)
        for (a, b), (start_s, end_s) in zip(pairwise(points), pairwise(at_s), strict=True)
    )


def _pattern_legs(track: Track) -> tuple[Leg, ...]:
    return tuple(
        Leg(x0, y0, x1, y1, t0, t1, Activity.SEARCH if searching == 1.0 else Activity.TURN)
        for x0, y0, x1, y1, t0, t1, searching in track.legs.tolist()
    )
