"""From a case and its belief to a joint plan and how good it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sarex.case.model import Case
from sarex.clock import from_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.planning.assignment import Assignment
from sarex.planning.certificate import certified
from sarex.planning.crews import Crew
from sarex.planning.doctrine import doctrine_plan, track_lines
from sarex.planning.fleet_search import Effort, SearchTask, along_tracks, search_fleet
from sarex.planning.looks import counting_looks
from sarex.planning.model import Pattern, SearchPlan, UnusedUnit
from sarex.planning.outcome import Search, expected_outcome, worth_in_time
from sarex.planning.readiness import Readiness, made_ready
from sarex.planning.sortie import Track
from sarex.planning.unit_plan import unit_plan_of
from sarex.planning.waters import Waters, joint_and_marginal, success
from sarex.units import HOUR_S

MOST_REHEARSED = 60_000
OPENING_PARTICLES = 20_000
"""On so many it is decided which of the manual's plans the search opens with."""
LEAST_SHARE = 0.01
"""A unit that adds less than this of what units add on average is not sent, ..."""
LEAST_GAIN, MOST_OF_LEAST = 1e-5, 1e-3
"""... but of what is still undetected, who adds less than the first stays, and more than the second goes."""


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
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    if not ready.crews:
        return plan_of_tracks(case, environment, ready, (), ready.unused)
    opening = doctrine_plan(case, environment.frame, ready.crews, _thinned(ready.rehearsal)).shapes
    task = replace(task_for(case, environment, ready), opening=opening)
    assignment = search_fleet(task, effort, progress)
    tracks, idle = _worth_sending(assignment, ready.rehearsal)
    unused = (*ready.unused, *_all_idle(idle, tracks))
    plan = plan_of_tracks(case, environment, ready, tracks, unused)
    return replace(plan, interrupted=assignment.interrupted)


def task_for(case: Case, environment: Environment, ready: Readiness) -> SearchTask:
    """What to look for: the best of the case's objective, by the manual's patterns along tracks too."""
    lines = track_lines(case, environment.frame, ready.rehearsal)
    return SearchTask(
        ready.crews, ready.rehearsal, ready.drift, case.seed,
        worth=worth_in_time(ready.rehearsal, case), alternatives=along_tracks(lines),
    )  # fmt: skip


def plan_of_tracks(
    case: Case,
    environment: Environment,
    ready: Readiness,
    tracks: Sequence[tuple[Crew, Track]],
    unused: Sequence[UnusedUnit],
    patterns: Mapping[tuple[str, int], Pattern] | None = None,
) -> SearchPlan:
    """The plan in which crews fly tracks, with all its figures on the reported draw."""
    searches = [Search(track.searching, ready.reported.widths(crew.width_m)) for crew, track in tracks]
    outcome, exposures = expected_outcome(case, ready.reported, searches, ready.glances)
    quality = certified(case, environment, ready.crews, list(exposures), ready.left, ready.rehearsal)
    plans = tuple(
        unit_plan_of(
            crew, track, exposure, ready.reported, (patterns or {}).get((crew.unit.name, crew.sortie))
        )
        for (crew, track), exposure in zip(tracks, exposures, strict=True)
    )
    in_order = {unit.name: number for number, unit in enumerate(case.units)}
    return SearchPlan(
        unit_plans=tuple(sorted(plans, key=lambda plan: (in_order[plan.unit.name], plan.sortie))),
        unused=tuple(sorted(unused, key=lambda idle: in_order[idle.unit.name])),
        quality=counting_looks(quality, ready.looks_pos),
        on_scene_wind_mps=ready.wind_mps,
        looks=ready.looks.planned(ready.reported),
        outcome=outcome,
    )


def _thinned(waters: Waters) -> Waters:
    return waters.thinned(max(1, waters.weight.size // OPENING_PARTICLES), 0)


def _worth_sending(
    assignment: Assignment, waters: Waters
) -> tuple[list[tuple[Crew, Track]], list[UnusedUnit]]:
    """The crews with something to do, and the others with why they stay.

    Those who add too little are left out one after another, the least first: of two who cover for each other
    one goes.
    """
    nothing = np.zeros(waters.weight.size)
    pos, adds = joint_and_marginal(waters, assignment.exposures, nothing)
    whole = float(waters.weight.sum())
    share = LEAST_SHARE * pos / max(len(assignment.crews), 1)
    least = min(max(share, LEAST_GAIN * whole), MOST_OF_LEAST * whole)
    # what a unit adds only grows as others are left out: nobody else comes into question
    doubtful = {
        number: adds[number]
        for number, track in enumerate(assignment.tracks)
        if track is not None and adds[number] < least
    }
    too_little: dict[int, float] = {}
    while doubtful and min(doubtful.values()) < least:
        last = min(doubtful, key=doubtful.__getitem__)
        too_little[last] = doubtful.pop(last)
        going = [e for number, e in enumerate(assignment.exposures) if number not in too_little]
        total = np.asarray(np.sum(going, axis=0, dtype=np.float64))
        for number in doubtful:
            own = assignment.exposures[number]
            doubtful[number] = success(waters.weight * np.exp(-np.maximum(total - own, 0.0)), own)
    sent: list[tuple[Crew, Track]] = []
    idle: list[UnusedUnit] = []
    for number, (crew, track) in enumerate(zip(assignment.crews, assignment.tracks, strict=True)):
        if track is None:
            idle.append(UnusedUnit(crew.unit, why_idle(crew, waters)))
        elif number in too_little:
            why = f"would add only {too_little[number]:.4%} to the probability of success"
            idle.append(UnusedUnit(crew.unit, why))
        else:
            sent.append((crew, track))
    return sent, idle


def _all_idle(idle: list[UnusedUnit], tracks: list[tuple[Crew, Track]]) -> list[UnusedUnit]:
    """Units of which no sortie is used, each once, with what is said of its first."""
    first = {unused.unit.name: unused for unused in reversed(idle)}
    sent = {crew.unit.name for crew, _ in tracks}
    return [unused for name, unused in first.items() if name not in sent]


def why_idle(crew: Crew, waters: Waters) -> str:
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
