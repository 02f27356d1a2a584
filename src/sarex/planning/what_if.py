"""What would change the plan: how it stands if something turns out otherwise, and what one would then do.

Each question makes another truth: a wind that has turned or grown since the drift began (the drift is
computed anew), a unit that fails, everything two hours later, sweep widths smaller than the tables say. The
plan is valued in that truth as it stands, then planned anew: with one unit moved, with two, ... (see
`stability`), and freely. The units that would move are the fewest that bring the plan within a point of the
best found by moving up to eight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import cos, radians, sin

import numpy as np

from sarex.case.model import Case
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment, VelocityField
from sarex.planning.crews import Crew
from sarex.planning.figures import NO_REACH
from sarex.planning.fleet_search import Effort, SearchTask, search_fleet
from sarex.planning.kept import kept_tracks
from sarex.planning.model import UnitPlan
from sarex.planning.readiness import Readiness, made_ready
from sarex.planning.sortie import Track
from sarex.planning.stability import Moved, fewest_moves, for_a_replan, replan_few
from sarex.planning.waters import Waters, success

GIVE_UP = 0.01
"""POS that a coordinator would give up for leaving units alone."""
MOST_MOVES = 8
"""Units moved one after the other in a replan; with more it would be another plan."""
Draws = tuple[DriftEnsemble, DriftEnsemble]
"""The reported draw of a belief and the rehearsal."""
Believe = Callable[[Case, Environment], Draws]
"""What is believed of a case in an environment: its drift, and what searches so far taught."""


@dataclass(frozen=True)
class Change:
    """One thing that turns out otherwise."""

    name: str
    veer_deg: float = 0.0
    """Wind turned clockwise."""
    wind_frac: float = 1.0
    later_s: float = 0.0
    """Window and units."""
    width_frac: float = 1.0
    fails: str = ""
    """A unit that does not come; its name."""

    @property
    def redrifts(self) -> bool:
        """Whether other trajectories are believed."""
        return self.veer_deg != 0.0 or self.wind_frac != 1.0 or self.later_s != 0.0


@dataclass(frozen=True)
class WhatIf:
    """What a change comes to; probabilities out of what is still undetected before the window."""

    change: Change
    pos_standing: float
    """Of the plan flown as it is."""
    pos_replanned: float
    """Of the plan with the units named moved."""
    pos_free: float
    """Of the best plan found without regard to what flies already."""
    would_move: tuple[str, ...]
    """Units that would get another area, in the order in which moving gains most."""
    cannot: tuple[str, ...]
    """Units that could no longer search at all."""


def usual_changes(unit_names: Sequence[str]) -> tuple[Change, ...]:
    """The questions that a coordinator asks of every plan."""
    return (
        Change("wind veers 30°", veer_deg=30.0),
        Change("wind backs 30°", veer_deg=-30.0),
        Change("wind 30 % stronger", wind_frac=1.3),
        Change("everything two hours later", later_s=7200.0),
        Change("sweep widths 30 % smaller", width_frac=0.7),
        *(Change(f"{name} fails", fails=name) for name in dict.fromkeys(unit_names)),
    )


def ask(
    case: Case,
    environment: Environment,
    draws: Draws,
    unit_plans: Sequence[UnitPlan],
    changes: Sequence[Change],
    believe: Believe,
    *,
    effort: Effort,
    progress: Callable[[float, str], None] | None = None,
) -> tuple[WhatIf, ...]:
    """Value a plan under each change, and plan anew.

    Args:
        draws: what is believed as things are.
        believe: what would be believed in another case and environment.
        effort: how long to look for the free plan.
    """
    ready = made_ready(case, environment, *draws)
    answers = []
    for number, change in enumerate(changes):
        if progress is not None:
            progress(number / len(changes), change.name)
        truth = ready
        if change.redrifts:
            other_case, other_environment = changed_case(case, change), with_wind(environment, change)
            truth = made_ready(other_case, other_environment, *believe(other_case, other_environment))
        answers.append(_answer(truth, unit_plans, change, case.seed, effort))
    if progress is not None:
        progress(1.0, "")
    return tuple(answers)


def standing_pos(
    waters: Waters, before: np.ndarray, crews: Sequence[Crew], tracks: Sequence[Track | None]
) -> float:
    """POS of tracks with the sweep widths of their crews, looks of satellites included."""
    total = before.copy()
    for crew, track in zip(crews, tracks, strict=True):
        if track is not None:
            total += waters.exposures(track.searching, waters.widths(crew.width_m), NO_REACH)
    return success(waters.weight, total)


def changed_case(case: Case, change: Change) -> Case:
    """The case with its window and its units so much later, and a wind on scene that has grown."""
    shift = timedelta(seconds=change.later_s)
    window = replace(case.window, start=case.window.start + shift, end=case.window.end + shift)
    units = tuple(replace(unit, available_from=unit.available_from + shift) for unit in case.units)
    conditions = case.conditions
    if conditions.wind_mps is not None:
        conditions = replace(conditions, wind_mps=conditions.wind_mps * change.wind_frac)
    return replace(case, window=window, units=units, conditions=conditions)


def with_wind(environment: Environment, change: Change) -> Environment:
    """The environment with every wind turned and scaled, from the first instant on."""
    if change.veer_deg == 0.0 and change.wind_frac == 1.0:
        return environment
    members = tuple(
        replace(member, wind=_turned(member.wind, change.veer_deg, change.wind_frac))
        for member in environment.members
    )
    return replace(environment, members=members)


def _turned(field: VelocityField, veer_deg: float, factor: float) -> VelocityField:
    """A field turned clockwise: the plane keeps angles to a thousandth, so its axes may be turned."""
    c, s = factor * cos(radians(veer_deg)), factor * sin(radians(veer_deg))
    turn = np.array([[c, -s], [s, c]], dtype=np.float32)
    return replace(field, velocity_mps=np.ascontiguousarray(field.velocity_mps @ turn))


def _answer(
    ready: Readiness, unit_plans: Sequence[UnitPlan], change: Change, seed: int, effort: Effort
) -> WhatIf:
    crews = tuple(
        replace(crew, width_m=crew.width_m * change.width_frac)
        for crew in ready.crews
        if crew.unit.name != change.fails
    )
    kept = kept_tracks(crews, unit_plans, ready.drift, change.later_s)
    planned = dict.fromkeys(plan.unit.name for plan in unit_plans)
    able = {crew.unit.name for crew in crews}
    cannot = tuple(name for name in planned if name not in able and name != change.fails)
    if not crews:
        pos = standing_pos(ready.reported, ready.before, crews, kept)
        return WhatIf(change, pos, pos, pos, (), cannot)
    task = SearchTask(crews, ready.rehearsal, ready.drift, seed)
    opening = tuple(None if track is None else track.shape for track in kept)
    free = search_fleet(replace(task, opening=opening), effort).tracks
    plans = replan_few(for_a_replan(task), kept, free=free, most=MOST_MOVES)
    chosen = fewest_moves(plans, max(plan.value for plan in plans) - GIVE_UP)
    return _told(ready, crews, kept, free, chosen, change, cannot)


def _told(
    ready: Readiness,
    crews: Sequence[Crew],
    kept: Sequence[Track | None],
    free: Sequence[Track | None],
    chosen: Moved,
    change: Change,
    cannot: tuple[str, ...],
) -> WhatIf:
    def told(tracks: Sequence[Track | None]) -> float:
        return standing_pos(ready.reported, ready.before, crews, tracks)

    standing, replanned, freely = told(kept), told(chosen.tracks), told(free)
    if replanned <= standing:
        # chosen on the rehearsal; where the reported draw gains nothing by it nobody is disturbed
        return WhatIf(change, standing, standing, max(freely, standing), (), cannot)
    names = tuple(dict.fromkeys(crews[number].unit.name for number in chosen.numbers))
    return WhatIf(change, standing, replanned, max(freely, replanned), names, cannot)
