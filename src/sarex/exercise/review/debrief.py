"""The debrief of an exercise: what its log and the hidden truth say, as values.

The truth is computed again from the seed and from what exercise control did to it; together with the director
and the examination this is the only place that may.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.drift import DriftEnsemble
from sarex.environment.model import Environment
from sarex.errors import InputError
from sarex.exercise.file.door import exercise_from_mapping
from sarex.exercise.model import Exercise, ObjectCapsizes, ObjectMoves
from sarex.exercise.path import Change, TruePath
from sarex.exercise.play.surroundings import surrounding_case
from sarex.exercise.review.belief import Believer, gathered
from sarex.exercise.review.frames import Stage, frame, frame_times, outings, shown_until
from sarex.exercise.review.model import (
    Debrief,
    Frame,
    Happening,
    Incursion,
    InjectRow,
    Meeting,
    Milestone,
    Outing,
    PosCurve,
    RoundPos,
    Step,
    TaskFlown,
)
from sarex.exercise.review.pos import (
    Searching,
    clairvoyant_curve,
    cumulative,
    pos_alone,
    round_pos,
    rounds,
    searching,
    stood_until,
    together,
)
from sarex.exercise.review.scores import (
    maps_scored,
    measured,
    not_done,
    pos_scored,
    rounded,
    safety_scored,
    times_scored,
    together_scored,
)
from sarex.exercise.review.scores_coverage import inside_m, length_m, planned_legs
from sarex.exercise.review.scores_log import (
    Ordered,
    alert_at,
    at_sea,
    first_of,
    instant_in,
    of_kind,
    orders,
    tracks,
)
from sarex.exercise.review.scores_messages import inject_rows, latencies
from sarex.exercise.review.scores_ratings import earlier_actions, proposals, rate
from sarex.exercise.review.scores_safety import incursions, known_areas, laid_out, meetings
from sarex.exercise.review.scores_tasks import double_tasks, hand_overs
from sarex.exercise.review.scores_times import agreements, milestones
from sarex.exercise.review.tracks import plane_legs
from sarex.exercise.truth import true_path
from sarex.geo import LocalFrame
from sarex.journal import Entry
from sarex.units import nm_to_m

Progress = Callable[[str], None]
QUIET = frozenset({"clock.advanced", "crew.flew", "report.flown", "effect.applied", "belief.updated"})
"""Kinds that no line of the timeline tells: bookkeeping, and what the maps show."""


def exercise_of(entries: Sequence[Entry]) -> tuple[Exercise, Path]:
    """The exercise that a log is of, and the folder from which its paths count.

    Raises:
        InputError: the log does not begin with the start of an exercise.
    """
    if not entries or entries[0].kind != "exercise.started":
        raise InputError(
            "the log does not begin with the start of an exercise, so there is nothing to debrief. Give the "
            "log that sarex exercise start made."
        )
    body = entries[0].body
    base_dir = Path(body["base_dir"])
    return exercise_from_mapping(
        body["exercise"], base_dir=base_dir, name="the exercise in the log"
    ), base_dir


def truth_of(entries: Sequence[Entry], exercise: Exercise, environment: Environment) -> TruePath:
    """The object's real path, as the director had it."""
    effects = {inject.id: inject.effect for inject in exercise.injects}
    changes = []
    for entry in of_kind(entries, "effect.applied"):
        effect = effects.get(entry.body["inject"])
        if isinstance(effect, ObjectMoves | ObjectCapsizes):
            changes.append(Change(entry.at, effect))
    return true_path(
        exercise.case, exercise.truth, environment, exercise.seed, until=exercise.end, changes=changes
    )


def debrief(
    entries: Sequence[Entry],
    gather: Callable[[Case], Environment] = gathered,
    say: Progress = lambda _: None,
) -> Debrief:
    """Everything that the report of an exercise shows, from its log alone; the same log, the same debrief.

    Args:
        entries: the whole log, or what there is of it so far.
        gather: reads wind, current and coast of a case.
        say: is told what is being computed.

    Raises:
        InputError: the log is not that of an exercise, or its forcing cannot be read.
    """
    exercise, base_dir = exercise_of(entries)
    say("wind, current and coast")
    environment = gather(surrounding_case(exercise))
    truth = truth_of(entries, exercise, environment)
    return debrief_with(entries, exercise, base_dir, environment, truth, gather=gather, say=say)


def debrief_with(
    entries: Sequence[Entry],
    exercise: Exercise,
    base_dir: Path,
    environment: Environment,
    truth: TruePath,
    *,
    gather: Callable[[Case], Environment] = gathered,
    say: Progress = lambda _: None,
) -> Debrief:
    """The same with the exercise, its environment and the truth at hand."""
    ended = max(entry.at for entry in entries)
    alert = alert_at(entries, exercise)
    found = first_of(entries, "crew.detected")
    flown = at_sea(entries, tracks(entries, "crew.flew") or tracks(entries, "report.flown"))
    stage = Stage(
        exercise,
        truth,
        orders(entries),
        flown,
        known_areas(entries, exercise),
        None if found is None else found.at,
    )
    say("what the players believed")
    at = frame_times(alert, max(alert, shown_until(entries)))
    believer = Believer(entries, exercise, base_dir, gather, alert, at[-1])
    all_rounds = rounds(entries)
    beliefs = _through_time(believer, {*at, *(each.at for each in all_rounds)})
    pictures = tuple(
        frame(stage, beliefs[moment], moment, before) for before, moment in zip((None, *at), at, strict=False)
    )
    found_s = to_posix_s(ended if found is None else found.at)
    stood = stood_until(entries, flown, found_s)
    agreed = agreements(entries, exercise)
    sought = tuple(
        searching(each, beliefs[each.at], stood, flown, believer.case_at(each.at), found_s)
        for each in all_rounds
    )
    times = at if found is None else (*(moment for moment in at if moment < found.at), found.at)
    say("what a clairvoyant planner would have reached")
    best = clairvoyant_curve(believer, gather, all_rounds, truth, times)
    planned, achieved = _both(sought, times)
    curve = PosCurve(times, planned, achieved, None if best is None else tuple(best.tolist()))
    frame_of_case = environment.frame
    laid = laid_out(orders(entries), flown, believer.case_at(ended).units, frame_of_case)
    parts = _Parts(
        milestones=milestones(entries, exercise),
        curve=curve,
        frames=pictures,
        rounds=tuple(
            round_pos(each, stood, found_s, agreed[plan].at if (plan := each.round.plan) in agreed else None)
            for each in sought
        ),
        tasks=_tasks_flown(entries, sought, frame_of_case),
        outings=outings(stage),
        injects=inject_rows(entries, exercise),
        meetings=meetings(laid, frame_of_case),
        incursions=incursions(laid, stage.known, frame_of_case),
    )
    return _assembled(entries, exercise, parts, believer, environment, truth)


@dataclass(frozen=True)
class _Parts:
    """What was computed, before it is scored."""

    milestones: tuple[Milestone, ...]
    curve: PosCurve
    frames: tuple[Frame, ...]
    rounds: tuple[RoundPos, ...]
    tasks: tuple[TaskFlown, ...]
    outings: tuple[Outing, ...]
    injects: tuple[InjectRow, ...]
    meetings: tuple[Meeting, ...]
    incursions: tuple[Incursion, ...]


def _through_time(believer: Believer, instants: set[datetime]) -> dict[datetime, DriftEnsemble]:
    """The players' belief at each instant, asked in order of time."""
    return {at: believer.ensemble_at(at) for at in sorted(instants)}


def _both(
    sought: Sequence[Searching], times: Sequence[datetime]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Cumulative POS planned and achieved, all rounds together."""
    if not sought:
        return (0.0,) * len(times), (0.0,) * len(times)
    planned = together([(each.belief, cumulative(each.belief, each.planned, times)) for each in sought])
    achieved = together([(each.belief, cumulative(each.belief, each.flown, times)) for each in sought])
    return tuple(planned.tolist()), tuple(achieved.tolist())


def _tasks_flown(
    entries: Sequence[Entry], sought: Sequence[Searching], plane: LocalFrame
) -> tuple[TaskFlown, ...]:
    """Search tasks in the order given, as ordered and as flown; those that never began are left out."""
    arrived = {str(entry.body.get("order")): entry.at for entry in of_kind(entries, "crew.on_scene")}
    tasks = (
        _task_flown(each, order, arrived.get(order.id), plane)
        for each in sought
        for order in each.round.orders
    )
    return tuple(task for task in tasks if task.searched_planned_m > 0.0)


def _task_flown(each: Searching, order: Ordered, arrived: datetime | None, plane: LocalFrame) -> TaskFlown:
    planned, flown = each.planned_by_order[order.id], each.flown_by_order[order.id]
    whole_m = length_m(planned_legs(order.task, plane))
    planned_m = length_m(plane_legs(planned, plane))
    flown_m = inside_m(order.task, plane_legs(flown, plane), plane)
    coverage = float(order.task.get("coverage", 0.0))
    return TaskFlown(
        order=order.id,
        unit=order.unit,
        nation=order.nation,
        plan=order.plan,
        on_scene=_on_scene(order),
        arrived=arrived,
        coverage_whole=coverage,
        coverage_planned=coverage * planned_m / whole_m if whole_m > 0.0 else 0.0,
        coverage_flown=coverage * flown_m / whole_m if whole_m > 0.0 else 0.0,
        searched_planned_m=planned_m,
        searched_flown_m=flown_m,
        track_spacing_m=nm_to_m(float(order.task.get("track_spacing_nm", 0.0))),
        pos_planned=pos_alone(each.belief, planned),
        pos_flown=pos_alone(each.belief, flown),
    )


def _on_scene(order: Ordered) -> datetime:
    return min(instant_in(leg["start_time"]) for leg in order.legs if leg["searching"])


def _assembled(
    entries: Sequence[Entry],
    exercise: Exercise,
    parts: _Parts,
    believer: Believer,
    environment: Environment,
    truth: TruePath,
) -> Debrief:
    ended = max(entry.at for entry in entries)
    stopped = any(of_kind(entries, "exercise.stopped")) or ended >= exercise.end
    over = first_of(entries, "exercise.stopped")
    told = latencies(entries, exercise, parts.injects, ended if over is None else over.at)
    doubles, handed = double_tasks(entries, ended), hand_overs(entries, exercise)
    scores = rounded(
        {
            **times_scored(parts.milestones),
            **pos_scored(parts.curve, parts.tasks),
            **maps_scored(parts.frames),
            **together_scored(told, parts.injects, doubles, handed),
            **safety_scored(parts.meetings, parts.incursions),
        }
    )
    recovered = any(each.step is Step.RECOVERY and each.at is not None for each in parts.milestones)
    values = measured(scores, any_flown=bool(parts.tasks), recovered=recovered)
    ratings = rate(exercise, entries, values, not_done(parts.milestones, stopped=stopped))
    return Debrief(
        exercise=exercise,
        case=believer.case_at(ended),
        environment=environment,
        started_at=entries[0].at,
        ended_at=ended,
        alert_at=alert_at(entries, exercise),
        stopped=stopped,
        truth=truth,
        milestones=parts.milestones,
        curve=parts.curve,
        frames=parts.frames,
        rounds=parts.rounds,
        tasks=parts.tasks,
        outings=parts.outings,
        latencies=told,
        injects=parts.injects,
        double_tasks=doubles,
        hand_overs=handed,
        meetings=parts.meetings,
        incursions=parts.incursions,
        ratings=ratings,
        proposals=proposals(exercise, ratings, ended),
        earlier=earlier_actions(exercise, ratings),
        happenings=tuple(Happening(e.at, e.kind, e.by, e.body) for e in entries if e.kind not in QUIET),
        scores=scores,
        unused=tuple(dict.fromkeys(believer.unused)),
    )
