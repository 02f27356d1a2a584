"""Plan for a fleet part of which already flies: the fewest units moved for a plan that is nearly the best."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.environment.model import Environment
from sarex.planning.crews import Crew
from sarex.planning.fleet_search import Effort, SearchTask
from sarex.planning.kept import kept_plans, kept_tracks
from sarex.planning.model import Pattern, SearchPlan, UnitPlan, UnusedUnit
from sarex.planning.plan import Belief, plan_of_tracks, task_for, why_idle
from sarex.planning.readiness import Readiness, made_ready
from sarex.planning.sortie import Track
from sarex.planning.stability import (
    Moved,
    bettered,
    compared_on,
    fewest_moves,
    for_a_replan,
    free_plan,
    replan_few,
)
from sarex.planning.transit import transit_legs
from sarex.planning.unit_plan import on_scene_plan_of, unit_plan_of
from sarex.planning.waters import success
from sarex.workers import cores

TOLD_REACH_WIDTHS = 60.0
"""A pass farther away than this adds 2e-5 of exposure."""
TOLD_PARTICLES = 20_000
"""On so many of the reported draw it is told how plans differ from the one that is chosen."""
Broken = Callable[[UnitPlan, Sequence[UnitPlan], float], Sequence[str]]
"""What is wrong with a unit's plan beside others' that stay, in sentences, in a wind on scene in m/s; this
room does not know the rules."""


@dataclass(frozen=True)
class MustMove:
    """A unit that may not fly on, and why."""

    unit_name: str
    sortie: int
    why: str
    placed: bool
    """Whether it has another area."""


@dataclass(frozen=True)
class Step:
    """The plan with so many units moved."""

    unit_names: tuple[str, ...]
    """Of the units moved, in the order in which moving gains most."""
    pos: float


@dataclass(frozen=True)
class KeptPlan:
    """A plan that moves few units, and what more moves would gain."""

    plan: SearchPlan
    steps: tuple[Step, ...]
    """With 0, 1, 2, ... units moved."""
    chosen: int
    """Which of the steps the plan is."""
    free_pos: float
    """Of the plan found with everybody free to move."""
    must_move: tuple[MustMove, ...] = ()


def plan_keeping(
    case: Case,
    environment: Environment,
    belief: Belief,
    flying: Sequence[UnitPlan],
    effort: Effort,
    give_up: float,
    progress: Callable[[float], None] | None = None,
    *,
    broken: Broken = lambda *_: (),
) -> KeptPlan:
    """The plan with the fewest units moved that is within `give_up` of the best found.

    The best is looked for from what is flown, with everybody free to move and with few, for small fleets from
    nothing too; by POS, or by what else the case's objective counts.

    Args:
        flying: the plan that units fly now.
        effort: of a plan from nothing; of a large fleet's a quarter is spent on a plan that stands.
        give_up: what is given up for leaving units alone, of POS or of what else counts.
        broken: what is wrong with what a unit flies; such a unit is moved first, whatever that gains.
    """
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    kept = kept_tracks(ready.crews, flying, ready.drift)
    named = [None if plan is None else plan.pattern for plan in kept_plans(ready.crews, flying)]
    barred = dict(_barred(ready, kept, named, broken))
    plans, chosen, free = _found(
        task_for(case, environment, ready), kept, tuple(barred), effort, give_up, progress
    )
    tracks = plans[chosen].tracks
    patterns = {
        (crew.unit.name, crew.sortie): pattern
        for crew, pattern, track, own in zip(ready.crews, named, tracks, kept, strict=True)
        if pattern is not None and track is own
    }
    must_move = (*_of_crews(ready.crews, barred, tracks), *_staying_home(ready, flying))
    flown = [(crew, track) for crew, track in zip(ready.crews, tracks, strict=True) if track is not None]
    idle = _idle(ready, tracks, free.tracks, must_move)
    plan = plan_of_tracks(case, environment, ready, flown, idle, patterns)
    told = _joint_pos(ready, (*plans, free))
    # what share of one another they find is known better than what each finds: one of them is known
    right = plan.quality.pos / told[chosen] if told[chosen] > 0.0 else 1.0
    told = [min(right * pos, 1.0) for pos in told]
    steps = tuple(
        Step(tuple(dict.fromkeys(ready.crews[n].unit.name for n in of.numbers)), pos)
        for of, pos in zip(plans, told, strict=False)
    )
    return KeptPlan(plan, steps, chosen, told[-1], must_move)


def _found(
    task: SearchTask,
    kept: Sequence[Track | None],
    barred: Sequence[int],
    effort: Effort,
    give_up: float,
    progress: Callable[[float], None] | None,
) -> tuple[tuple[Moved, ...], int, Moved]:
    """The plans with 0, 1, 2, ... units moved, which of them it is, and the one that keeps nobody.

    Chosen on the rehearsal by what the case's objective counts; told on the reported draw.
    """
    if not task.crews:
        nothing = Moved((), (), 0.0)
        return (nothing,), 0, nothing
    seen, unseen = (for_a_replan(task, part) for part in (0, 1))
    standing = [None if number in barred else track for number, track in enumerate(kept)]
    free = free_plan(seen, standing, effort, _part(progress, 0.0, 0.5))
    few = replan_few(seen, kept, free=free.tracks, must_move=barred, progress=_part(progress, 0.5, 0.9))
    *plans, free_apart = compared_on(unseen, (*few, free))
    if free_apart.value > max(plan.value for plan in plans):
        plans.append(free_apart)
    best = max(plan.value for plan in plans)
    number = plans.index(fewest_moves(plans, best - give_up))
    before, after = compared_on(unseen, (plans[number], bettered(seen, (*few, free)[number], effort)))
    plans[number] = max(before, after, key=lambda plan: plan.value)
    return tuple(plans), number, free


def _part(
    progress: Callable[[float], None] | None, since: float, until: float
) -> Callable[[float], None] | None:
    """Progress of a part of the work."""
    if progress is None:
        return None
    return lambda share: progress(since + share * (until - since))


def _barred(
    ready: Readiness,
    kept: Sequence[Track | None],
    patterns: Sequence[Pattern | None],
    broken: Broken,
) -> Iterator[tuple[int, str]]:
    """Crews that may not fly on what they fly, and why; of two that are in each other's way the second."""
    standing: list[UnitPlan] = []
    nothing_found = np.zeros(ready.reported.weight.size, np.float32)
    for number, (crew, track, pattern) in enumerate(zip(ready.crews, kept, patterns, strict=True)):
        if track is None:
            continue
        begin = float(track.legs[0, 0]), float(track.legs[0, 1])
        reached = transit_legs(crew, begin, float(track.legs[0, 4])) is not None
        plan_of = unit_plan_of if reached else on_scene_plan_of
        # no rule asks what it finds
        plan = plan_of(crew, track, nothing_found, ready.reported, pattern)
        why = next(iter(broken(plan, standing, ready.wind_mps)), None)
        if why is None and not reached:
            why = "no way leads to its area in time that keeps clear of land, shoals and danger areas"
        if why is None:
            standing.append(plan)
        else:
            yield number, why


def _of_crews(
    crews: Sequence[Crew], barred: Mapping[int, str], tracks: Sequence[Track | None]
) -> Iterator[MustMove]:
    for number, why in barred.items():
        yield MustMove(crews[number].unit.name, crews[number].sortie, why, tracks[number] is not None)


def _staying_home(ready: Readiness, flying: Sequence[UnitPlan]) -> Iterator[MustMove]:
    """Units that fly and cannot search at all."""
    for idle in ready.unused:
        own = [plan.sortie for plan in flying if plan.unit.name == idle.unit.name]
        yield from (MustMove(idle.unit.name, sortie, idle.why, placed=False) for sortie in own)


def _joint_pos(ready: Readiness, plans: Sequence[Moved]) -> list[float]:
    """POS of plans on some of the reported draw, looks of satellites included; each track is reckoned once.

    What passes farther away than `TOLD_REACH_WIDTHS` is left out, which no table shows.
    """
    every = max(1, ready.reported.weight.size // TOLD_PARTICLES)
    waters, total = ready.reported.thinned(every, 0), ready.before[::every].copy()
    flown = {
        id(track): (crew, track)
        for plan in plans
        for crew, track in zip(ready.crews, plan.tracks, strict=True)
        if track is not None
    }

    def exposure(of: tuple[Crew, Track]) -> NDArray[np.float32]:
        return waters.exposures(of[1].searching, waters.widths(of[0].width_m), TOLD_REACH_WIDTHS)

    with ThreadPoolExecutor(cores()) as executor:
        exposures = dict(zip(flown, executor.map(exposure, flown.values()), strict=True))
    held: list[Track | None] = [None] * len(ready.crews)
    told: list[float] = []
    for plan in plans:
        for number, track in enumerate(plan.tracks):
            before = held[number]
            if track is not before:
                total += exposures[id(track)] if track is not None else 0.0
                total -= exposures[id(before)] if before is not None else 0.0
                held[number] = track
        told.append(success(waters.weight, total))
    return told


def _idle(
    ready: Readiness,
    tracks: Sequence[Track | None],
    free: Sequence[Track | None],
    must_move: Sequence[MustMove],
) -> tuple[UnusedUnit, ...]:
    """Units that no sortie of is flown, and why."""
    sent = {crew.unit.name for crew, track in zip(ready.crews, tracks, strict=True) if track is not None}
    barred = {one.unit_name: one.why for one in reversed(must_move)}
    idle = {unused.unit.name: unused for unused in ready.unused}
    for crew, place in zip(ready.crews, free, strict=True):
        name = crew.unit.name
        if name in sent or name in idle:
            continue
        why = "it has no task yet, and giving it one would gain too little"
        if name in barred:
            why = f"it may not fly on as it does: {barred[name]}"
        elif place is None:
            why = why_idle(crew, ready.rehearsal)
        idle[name] = UnusedUnit(crew.unit, why)
    return tuple(idle.values())
