"""Plan for a fleet part of which already flies: the fewest units moved for a plan that is nearly the best."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sarex.case.model import Case
from sarex.environment.model import Environment
from sarex.planning.certificate import SWEEP_WIDTH_UNCERTAINTY
from sarex.planning.crews import Crew
from sarex.planning.figures import NO_REACH
from sarex.planning.fleet_search import Effort
from sarex.planning.kept import kept_plans, kept_tracks
from sarex.planning.model import Pattern, SearchPlan, UnitPlan, UnusedUnit
from sarex.planning.outcome import with_outcome
from sarex.planning.plan import Belief, plan_search
from sarex.planning.readiness import Readiness, made_ready
from sarex.planning.sortie import Track
from sarex.planning.stability import fewest_moves, replan_few
from sarex.planning.transit import transit_legs
from sarex.planning.unit_plan import on_scene_plan_of, unit_plan_of
from sarex.planning.waters import success

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
    """Of the plan that keeps nobody."""
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
    """The plan with the fewest units moved whose POS is within `give_up` of the best found.

    Args:
        flying: the plan that units fly now.
        give_up: POS given up for leaving units alone.
        broken: what is wrong with what a unit flies; such a unit is moved first, whatever that gains.
    """
    free = plan_search(case, environment, belief, effort, progress)
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    kept = kept_tracks(ready.crews, flying, ready.drift)
    places = kept_tracks(ready.crews, free.unit_plans, ready.drift)
    named = [None if plan is None else plan.pattern for plan in kept_plans(ready.crews, flying)]
    barred = dict(_barred(ready, kept, named, broken))
    plans = replan_few(
        ready.crews, kept, ready.rehearsal, ready.drift, case.seed, free=places, must_move=tuple(barred)
    )
    told = [joint_pos(ready, plan.tracks) for plan in plans]
    # chosen on the rehearsal, told on the reported draw
    best = max(*(plan.pos for plan in plans), _rehearsed_pos(ready, places))
    chosen = fewest_moves(plans, best - give_up)
    number = plans.index(chosen)
    steps = tuple(
        Step(tuple(dict.fromkeys(ready.crews[n].unit.name for n in plan.numbers)), pos)
        for plan, pos in zip(plans, told, strict=True)
    )
    patterns = [
        pattern if track is own else None
        for pattern, track, own in zip(named, chosen.tracks, kept, strict=True)
    ]
    must_move = (*_of_crews(ready.crews, barred, chosen.tracks), *_staying_home(ready, flying))
    plan = _search_plan(case, ready, free, chosen.tracks, patterns, must_move)
    return KeptPlan(plan, steps, number, free.quality.pos, must_move)


def _barred(
    ready: Readiness,
    kept: Sequence[Track | None],
    patterns: Sequence[Pattern | None],
    broken: Broken,
) -> Iterator[tuple[int, str]]:
    """Crews that may not fly on what they fly, and why; of two that are in each other's way the second."""
    standing: list[UnitPlan] = []
    for number, (crew, track, pattern) in enumerate(zip(ready.crews, kept, patterns, strict=True)):
        if track is None:
            continue
        begin = float(track.legs[0, 0]), float(track.legs[0, 1])
        reached = transit_legs(crew, begin, float(track.legs[0, 4])) is not None
        plan = _told(crew, track, ready, pattern, unit_plan_of if reached else on_scene_plan_of)
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


def joint_pos(ready: Readiness, tracks: Sequence[Track | None], width_frac: float = 1.0) -> float:
    """POS of tracks on the reported draw, looks of satellites included."""
    total = ready.before.copy()
    for crew, track in zip(ready.crews, tracks, strict=True):
        if track is not None:
            widths = ready.reported.widths(crew.width_m * width_frac)
            total += ready.reported.exposures(track.searching, widths, NO_REACH)
    return success(ready.reported.weight, total)


def _rehearsed_pos(ready: Readiness, tracks: Sequence[Track | None]) -> float:
    total = np.zeros(ready.rehearsal.weight.size)
    for crew, track in zip(ready.crews, tracks, strict=True):
        if track is not None:
            total += ready.rehearsal.exposures(track.searching, ready.rehearsal.widths(crew.width_m))
    return success(ready.rehearsal.weight, total)


def _search_plan(
    case: Case,
    ready: Readiness,
    free: SearchPlan,
    tracks: Sequence[Track | None],
    patterns: Sequence[Pattern | None],
    must_move: Sequence[MustMove],
) -> SearchPlan:
    """A search plan of tracks; what does not depend on them is that of the free plan."""
    plans = [
        _told(crew, track, ready, pattern)
        for crew, track, pattern in zip(ready.crews, tracks, patterns, strict=True)
        if track is not None
    ]
    named = {plan.unit.name for plan in plans}
    known = {idle.unit.name: idle for idle in free.unused}
    known |= {
        unit.name: UnusedUnit(unit, f"it may not fly on as it does: {barred.why}")
        for barred in must_move
        for unit in case.units
        if unit.name == barred.unit_name and unit.name not in known
    }
    unused = tuple(
        known.get(unit.name, UnusedUnit(unit, "it has no task yet, and giving it one would gain too little"))
        for unit in case.units
        if unit.name not in named
    )
    narrow, wide = (
        joint_pos(ready, tracks, factor)
        for factor in (1.0 - SWEEP_WIDTH_UNCERTAINTY, 1.0 + SWEEP_WIDTH_UNCERTAINTY)
    )
    quality = replace(free.quality, pos=joint_pos(ready, tracks), pos_low=narrow, pos_high=wide)
    in_order = {unit.name: number for number, unit in enumerate(case.units)}
    plan = replace(
        free,
        unit_plans=tuple(sorted(plans, key=lambda plan: (in_order[plan.unit.name], plan.sortie))),
        unused=unused,
        quality=quality,
    )
    return with_outcome(case, plan, ready.reported, ready.glances)


def _told(
    crew: Crew,
    track: Track,
    ready: Readiness,
    pattern: Pattern | None,
    plan_of: Callable[..., UnitPlan] = unit_plan_of,
) -> UnitPlan:
    """What a crew does that flies a track, with its figures on the reported draw."""
    exposure = ready.reported.exposures(track.searching, ready.reported.widths(crew.width_m), NO_REACH)
    return plan_of(crew, track, exposure, ready.reported, pattern)
