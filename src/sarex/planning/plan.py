"""From a case and its belief to a joint plan and how good it is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sarex.case.model import Case
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.planning.certificate import certified
from sarex.planning.crews import Crew, muster, scene_of
from sarex.planning.datum_drift import datum_drift
from sarex.planning.doctrine import doctrine_plan, track_lines
from sarex.planning.fleet_search import Assignment, Effort, SearchTask, along_tracks, search_fleet
from sarex.planning.looks import counting_looks, looks_on, with_looks
from sarex.planning.model import SearchPlan, UnusedUnit
from sarex.planning.outcome import with_outcome, worth_in_time
from sarex.planning.sortie import Track
from sarex.planning.unit_plan import exposures_of, unit_plan_of
from sarex.planning.waters import Waters, success, waters_of
from sarex.units import HOUR_S
from sarex.workers import cores

MOST_REHEARSED = 60_000
LEAST_GAIN = 1e-3
"""A unit that adds less POS than this, out of what is still undetected, is not sent."""


@dataclass(frozen=True)
class Belief:
    """Two independent draws of the same belief: one is reported, the planner fits its plan to the other."""

    reported: DriftEnsemble
    rehearsal: DriftEnsemble


def rehearsal_particles(reported: int) -> int:
    """Particles of the planner's own draw: more than are reported, so that less of its plan fits chance."""
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
    interrupted = False
    if crews:
        opening = doctrine_plan(case, environment.frame, crews, rehearsal).shapes
        task = SearchTask(
            crews, rehearsal, drift, case.seed, opening,
            worth=worth_in_time(rehearsal, case),
            alternatives=along_tracks(track_lines(case, environment.frame, rehearsal)),
        )  # fmt: skip
        assignment = search_fleet(task, effort, progress)
        interrupted = assignment.interrupted
        tracks, idle = _worth_sending(assignment, rehearsal)
        unused += _all_idle(idle, tracks)
    exposures = exposures_of(tracks, reported, cores())
    quality = certified(case, environment, crews, exposures, left, rehearsal)
    plans = tuple(
        unit_plan_of(crew, track, exposure, reported)
        for (crew, track), exposure in zip(tracks, exposures, strict=True)
    )
    in_order = {unit.name: number for number, unit in enumerate(case.units)}
    plan = SearchPlan(
        unit_plans=tuple(sorted(plans, key=lambda plan: (in_order[plan.unit.name], plan.sortie))),
        unused=tuple(sorted(unused, key=lambda idle: in_order[idle.unit.name])),
        quality=counting_looks(quality, looks_pos),
        on_scene_wind_mps=scene.wind_mps,
        looks=looks.planned(reported),
        interrupted=interrupted,
    )
    return with_outcome(case, plan, reported, looks.glances())


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
