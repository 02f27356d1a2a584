"""One exercise of the examination: a hidden truth, a plan, crews who fly it, and what came of it.

The truth and what crews meet come from `sarex.exercise.truth` and `flight`; the players are the planner
itself and see nothing of them but recorded tracks. Crews fly what they were told with their usual wander,
gaps in their record and a sweep width drawn inside its uncertainty; they set out in time and are misled by
nothing, for a promise is about the plan as it was made.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from sarex import mission
from sarex.case.model import Case
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift import drift_ensemble
from sarex.drift.run import REHEARSAL, REPORTED
from sarex.environment import Environment
from sarex.errors import SarexError
from sarex.exercise.crews.crew import CrewLaw, Detected, Duty, Order, Script
from sarex.exercise.crews.flight import sortie_script, weather_of
from sarex.exercise.examination.cases import ExaminationCase, random_examination_case
from sarex.exercise.examination.effort import with_fitted_widths
from sarex.exercise.examination.model import QUARTERS, Forecaster, Place, Row, WindowRow
from sarex.exercise.examination.places import place_in
from sarex.exercise.examination.seas import with_current
from sarex.exercise.model import Force, TruthSettings, Words
from sarex.exercise.path import TruePath
from sarex.exercise.truth import true_path
from sarex.planning import Belief, Effort, SearchPlan
from sarex.randomness import child_generator, child_seed
from sarex.tasking import SearchActionPlan
from sarex.tasking.model import Task
from sarex.units import HOUR_S
from sarex.update import RecordedTrack, SearchedTrack, SearchResult
from sarex.update.track import OnScene, in_order, longest_gap_s, searching_legs

EFFORT = Effort(lines=1, tries=40, rounds=4, moves=10, shakes=0, polish=1, particles=3000)
"""A plan, not a good one: whether its promise is kept has nothing to do with how good it is."""
REHEARSAL_PARTICLES = 1_200
OVERCONFIDENCE = 1.0 / 3.0
BIAS_MPS = 0.35
ON_TIME = CrewLaw(late_frac=0.0, readiness_sigma=0.0, false_per_hour=0.0)
_DRAWN = TruthSettings(position=None, at=None, type_key=None, persons=4, name=Words({"en": "the object"}))
_SPARE = timedelta(minutes=15)
"""Steps of the forecast end up to ten minutes after the window."""


def examined(seed: int, number: int, forecaster: Forecaster, again: int) -> Row:
    """Exercise `number` of a seed; whatever goes wrong is told in the row, not raised.

    Args:
        again: further truths that the plan of the first window is flown against.
    """
    try:
        drawn = random_examination_case(seed, number)
    except SarexError as trouble:
        return Row(number, "", 0, 0, 0, (), 0.0, (), error=_told(trouble))
    row = Row(
        number=number,
        sea=drawn.sea,
        units=len(drawn.case.units),
        objects=len(drawn.case.object_types),
        scenarios=len(drawn.case.scenarios),
        origins=tuple(type(scenario.origin).__name__ for scenario in drawn.case.scenarios),
        window_h=_length_s(drawn.case) / HOUR_S,
        windows=(),
    )
    try:
        return replace(row, windows=_windows(drawn, forecaster, again))
    except Exception as trouble:  # noqa: BLE001 - an exercise that cannot be held is a finding like any other
        return replace(row, error=_told(trouble))


def _told(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"


@dataclass(frozen=True)
class _Flown:
    """A plan as it was flown against one truth."""

    tasks: tuple[Task, ...]
    scripts: tuple[Script, ...]

    @property
    def found_s(self) -> float | None:
        """When the first crew saw the object, POSIX seconds."""
        seen = [to_posix_s(e.at) for script in self.scripts for e in script.events if isinstance(e, Detected)]
        return min(seen, default=None)


def _windows(drawn: ExaminationCase, forecaster: Forecaster, again: int) -> tuple[WindowRow, ...]:
    case, sea = _as_believed(drawn, forecaster)
    belief = _belief(case, sea, case)
    case = with_fitted_widths(case, sea, belief.rehearsal, drawn.wanted_pos)
    nature = _Nature(drawn)
    truth = nature.path(0, windows=2)
    plan = mission.plan_search(case, sea, belief, EFFORT)
    issued = mission.issue_tasks(case, sea, plan)
    flown = nature.flown(issued, truth, "first")
    first = _window_row(case, plan, belief, truth, flown)
    if again:
        finds = sum(
            nature.flown(issued, nature.path(k), f"again {k}").found_s is not None
            for k in range(1, again + 1)
        )
        first = replace(first, again=again, again_found=finds)
    searched = _searched(flown)
    if first.found or not searched.tracks:
        return (first,)
    following = mission.next_window(case, searched, None, None)
    belief, _ = mission.learn(following, sea, _belief(following, sea, case), (searched,))
    plan = mission.plan_search(following, sea, belief, EFFORT)
    flown = nature.flown(mission.issue_tasks(following, sea, plan), truth, "second")
    return first, _window_row(following, plan, belief, truth, flown)


def _as_believed(drawn: ExaminationCase, forecaster: Forecaster) -> tuple[Case, Environment]:
    """The case, the sea and the air as the forecaster takes them to be."""
    case, sea = drawn.case, drawn.environment
    match forecaster:
        case Forecaster.HOUSE:
            return case, sea
        case Forecaster.OVERCONFIDENT:
            shrunk = replace(
                case.drift,
                current_error_mps=OVERCONFIDENCE * case.drift.current_error_mps,
                current_error_growth=OVERCONFIDENCE * case.drift.current_error_growth,
                wind_error_mps=OVERCONFIDENCE * case.drift.wind_error_mps,
            )
            return replace(case, drift=shrunk), sea
        case Forecaster.BIASED:
            angle = child_generator(case.seed, "examination", "bias").uniform(0.0, 2.0 * np.pi)
            return case, with_current(sea, BIAS_MPS * np.cos(angle), BIAS_MPS * np.sin(angle))


def _belief(case: Case, sea: Environment, first: Case) -> Belief:
    """As `mission.drift_objects`, with few particles for the planner, which need not be good here."""
    counts = {REPORTED: case.drift.particles, REHEARSAL: REHEARSAL_PARTICLES}
    return Belief(
        *(
            drift_ensemble(
                replace(case, drift=replace(case.drift, particles=count)),
                sea,
                until=case.window.end,
                purpose=purpose,
                fine_from=first.window.start,
            )
            for purpose, count in counts.items()
        )
    )


class _Nature:
    """What really happens: nobody but this class and the scores knows the truth."""

    def __init__(self, drawn: ExaminationCase) -> None:
        self._case, self._sea = drawn.case, drawn.environment
        self._weather = weather_of(drawn.case, drawn.environment)

    def path(self, number: int, *, windows: int = 1) -> TruePath:
        """Truth `number` of the case, to a little past the end of so many windows."""
        window = self._case.window
        until = window.start + windows * (window.end - window.start) + _SPARE
        seed = child_seed(self._case.seed, "examination", "truth", str(number)) >> 1
        return true_path(self._case, _DRAWN, self._sea, seed, until)

    def flown(self, issued: SearchActionPlan, path: TruePath, purpose: str) -> _Flown:
        """Every task as its crew flies it against a truth."""
        return _Flown(issued.tasks, tuple(self._script(task, path, purpose) for task in issued.tasks))

    def _script(self, task: Task, path: TruePath, purpose: str) -> Script:
        order = Order(
            id=f"{purpose}, {task.unit.name}, sortie {task.sortie}",
            given_at=task.departs,
            duty=Duty.SEARCH,
            unit=task.unit,
            task=task,
        )
        force = Force(
            unit=task.unit.name,
            ready_after=timedelta(0),
            lifts=False,
            called=Words({"en": task.unit.name}),
        )
        return sortie_script(order, force, path, self._weather, self._case.seed, (), ON_TIME)


def _searched(flown: _Flown) -> SearchResult:
    """What the players learn of a search without a find: recorded tracks, with the stated sweep widths."""
    legs = [_legs(task, script) for task, script in zip(flown.tasks, flown.scripts, strict=True)]
    return SearchResult(tuple(track for track in legs if track is not None and track.start_s.size))


def _legs(task: Task, script: Script) -> SearchedTrack | None:
    points = script.recorded
    if points.times_s.size < 2:
        return None
    track = in_order(
        RecordedTrack(script.unit_name, points.times_s, points.lonlat_deg, points.searching), task.unit
    )
    if track.searching is None:
        return None
    legs, _ = searching_legs(track, OnScene(track.searching, "as recorded"), longest_gap_s(task.unit))
    return replace(legs, sweep_width_m={key: width.width_m for key, width in task.sweep_widths.items()})


def _window_row(case: Case, plan: SearchPlan, belief: Belief, truth: TruePath, flown: _Flown) -> WindowRow:
    """What was promised to those who had not found it yet, and what came of it."""
    undetected = belief.reported.undetected
    start_s, length_s = to_posix_s(case.window.start), _length_s(case)
    # the last step of the forecast may end after the window, with finds that are promised within it
    quarters_s = [start_s + length_s * (k + 1) / QUARTERS for k in range(QUARTERS - 1)] + [float("inf")]
    found_s = flown.found_s
    return WindowRow(
        promised=plan.quality.pos / undetected,
        found=found_s is not None,
        found_at=None if found_s is None else (found_s - start_s) / length_s,
        time_rank=None if found_s is None else _promised_by(plan, found_s) / plan.quality.pos,
        promised_by=tuple(_promised_by(plan, at_s) / undetected for at_s in quarters_s),
        places=tuple(_place(belief, truth, to_posix_s(at)) for at in case.window.instants),
        sorties=len(flown.tasks),
    )


def _promised_by(plan: SearchPlan, at_s: float) -> float:
    outcome = plan.outcome
    if outcome is None:
        return 0.0
    return float(np.interp(at_s, outcome.times_s, outcome.found_by))


def _place(belief: Belief, truth: TruePath, at_s: float) -> Place | None:
    """Where the truth was in the map; the ensemble's own instant, for both."""
    times_s = belief.reported.times_s
    at_s = float(times_s[np.argmin(np.abs(times_s - at_s))])
    if not truth.afloat_at(np.array([at_s]))[0]:
        return None
    return place_in(belief.reported, from_posix_s(at_s), truth.position_at(at_s))


def _length_s(case: Case) -> float:
    return to_posix_s(case.window.end) - to_posix_s(case.window.start)
