"""What lies behind a rating short of P: who, when and how much, so that somebody can mend it."""

from collections.abc import Callable
from datetime import timedelta

from sarex.exercise.model import Criterion, Measure
from sarex.exercise.review.model import Debrief, InjectStatus, RoundPos, TaskFlown
from sarex.exercise.review.ratings import Finding, Note
from sarex.exercise.review.scores_ratings import STEP_OF
from sarex.report.debrief_events import sentence
from sarex.report.debrief_sections_more import told_double, told_stay
from sarex.report.debrief_words import STATUSES, Names, nautical
from sarex.report.languages import NBSP

MOST = 3
"""Of a kind that are told."""


def seen(debrief: Debrief, names: Names, finding: Finding) -> tuple[str, ...]:
    """What the log and the evaluators tell of a finding, beyond its value."""
    teller = _TELLERS.get(finding.criterion.measure)
    told = [] if teller is None or finding.value is None else teller(debrief, names, finding.criterion)
    return (*told, *(note_told(names, note) for note in finding.notes))


def note_told(names: Names, note: Note) -> str:
    """Who wrote what, and when."""
    tongue = names.tongue
    who = tongue.listed([names.who(note.by), tongue.day_clock(note.at)])
    return tongue.labelled(who if note.letter is None else tongue.aside(who, note.letter.value), note.text)


def _latency(debrief: Debrief, names: Names, criterion: Criterion) -> list[str]:
    between = [each for each in debrief.latencies if each.between_nations]
    waits = [wait for each in between for wait in each.waits]
    if not waits or criterion.performed is None:
        return []
    within = sum(wait <= timedelta(minutes=criterion.performed) for wait in waits)
    sent = sum(each.sent for each in between)
    tongue = names.tongue
    return [
        tongue.say(
            "{late} of {sent} messages were not acknowledged within {target}; the longest wait was {longest}",
            late=tongue.number(sent - within),
            sent=tongue.number(sent),
            target=tongue.minutes(criterion.performed),
            longest=tongue.wait(max(waits)),
        )
    ]


def _injects(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    bad = [row for row in debrief.injects if row.status in (InjectStatus.LATE, InjectStatus.MISSED)]
    if not bad:
        return []
    tongue = names.tongue
    rows = [tongue.labelled(row.inject.id, tongue.say(STATUSES[row.status])) for row in bad]
    return [tongue.aside(tongue.say("not in time"), tongue.joined(rows))]


def _separation(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    tongue = names.tongue
    return [
        tongue.say(
            "{units}: {distance} at {time} UTC",
            units=tongue.joined([names.unit(name) for name in met.units]),
            distance=nautical(tongue, met.apart_m),
            time=tongue.day_clock(met.at),
        )
        for met in debrief.meetings
        if met.too_near
    ][:MOST]


def _incursions(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    return [told_stay(each, names) for each in debrief.incursions if not each.announced_around_it][:MOST]


def _doubles(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    return [told_double(each, names) for each in debrief.double_tasks][:MOST]


def _coverage(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    """The tasks that lost most search effort."""

    def lost(task: TaskFlown) -> float:
        return task.effort_planned_m2 - task.effort_flown_m2

    tongue = names.tongue
    worst = sorted((task for task in debrief.tasks if lost(task) > 0.0), key=lost, reverse=True)
    stops = {
        str(each.body.get("order")): sentence(each, names, {})
        for each in debrief.happenings
        if each.kind in ("crew.broke_down", "crew.turned_back")
    }
    told = []
    for task in worst[:MOST]:
        said = tongue.say(
            "{unit} (plan {plan}): coverage {flown} of {planned}",
            unit=names.unit(task.unit),
            plan="–" if task.plan is None else task.plan,
            flown=tongue.number(task.coverage_flown, 2),
            planned=tongue.number(task.coverage_planned, 2),
        )
        told.append(f"{said} – {stops[task.order]}" if stops.get(task.order) else said)
    return told


def _success(debrief: Debrief, names: Names, _: Criterion) -> list[str]:
    """The plan that lost most."""

    def lost(each: RoundPos) -> float:
        return each.planned - each.achieved

    tongue = names.tongue
    worst = max(debrief.rounds, key=lost, default=None)
    if worst is None or lost(worst) <= 0.0:
        return []
    return [
        tongue.say(
            "most was lost in plan {plan}: {achieved} of {planned}",
            plan="–" if worst.plan is None else worst.plan,
            achieved=tongue.percent(worst.achieved),
            planned=tongue.percent(worst.planned),
        )
    ]


def _time(debrief: Debrief, names: Names, criterion: Criterion) -> list[str]:
    done = debrief.milestone(STEP_OF[criterion.measure])
    if done.at is None:
        return []
    return [names.tongue.listed([names.who(done.by), f"{names.tongue.day_clock(done.at)}{NBSP}UTC"])]


_TELLERS: dict[Measure, Callable[[Debrief, Names, Criterion], list[str]]] = {
    **dict.fromkeys(STEP_OF, _time),
    Measure.MESSAGE_LATENCY: _latency,
    Measure.INJECTS_ACKNOWLEDGED: _injects,
    Measure.SEPARATION: _separation,
    Measure.DANGER_AREA_INCURSIONS: _incursions,
    Measure.DOUBLE_TASKED: _doubles,
    Measure.COVERAGE_FLOWN: _coverage,
    Measure.POS_ACHIEVED: _success,
}
