"""Words of the debrief: names of steps, measures, ratings and statuses; numbers in their units."""

from dataclasses import dataclass

from sarex.exercise.model import Criterion, Exercise, Kind, Measure
from sarex.exercise.review.model import HandOverKind, InjectStatus, Step
from sarex.exercise.review.ratings import Finding, Letter
from sarex.exercise.review.scores_ratings import by_threshold
from sarex.report.languages import NBSP, Tongue, msg
from sarex.units import m_to_nm

STEPS = {
    Step.ALERT: msg("Distress alert"),
    Step.COORDINATOR: msg("Mission co-ordinator named"),
    Step.SITREP: msg("First SITREP"),
    Step.PLAN: msg("First search action plan accepted"),
    Step.UNDER_WAY: msg("First unit under way"),
    Step.ON_SCENE: msg("First unit on scene"),
    Step.DETECTION: msg("First detection"),
    Step.RECOVERY: msg("Recovery"),
    Step.TRIAGE: msg("Triage"),
}
LETTERS = {
    Letter.PERFORMED: msg("performed without challenges"),
    Letter.SOME_CHALLENGES: msg("performed with some challenges"),
    Letter.MAJOR_CHALLENGES: msg("performed with major challenges"),
    Letter.UNABLE: msg("unable to be performed"),
}
STATUSES = {
    InjectStatus.PLANNED: msg("not yet due"),
    InjectStatus.DELIVERED: msg("delivered"),
    InjectStatus.ACKNOWLEDGED: msg("acknowledged"),
    InjectStatus.LATE: msg("acknowledged late"),
    InjectStatus.MISSED: msg("missed"),
    InjectStatus.SKIPPED: msg("skipped"),
    InjectStatus.WAITING: msg("waiting for an answer"),
}
GOOD = (InjectStatus.ACKNOWLEDGED, InjectStatus.DELIVERED)
HAND_OVERS = {
    HandOverKind.LIFT: msg("Found by {giver}, recovered by {taker}"),
    HandOverKind.SURVIVORS: msg("Survivors handed over by {giver} to {taker}"),
}
KINDS = {
    Kind.COMMUNICATIONS: msg("Communications exercise"),
    Kind.CO_ORDINATION: msg("Co-ordination exercise"),
    Kind.FULL_SCALE: msg("Full-scale exercise"),
}
TIMES = (
    Measure.ALERT_TO_COORDINATOR,
    Measure.ALERT_TO_SITREP,
    Measure.ALERT_TO_PLAN,
    Measure.ALERT_TO_UNDER_WAY,
    Measure.ALERT_TO_ON_SCENE,
    Measure.ALERT_TO_DETECTION,
    Measure.ALERT_TO_RECOVERY,
    Measure.ALERT_TO_TRIAGE,
)
IN_MINUTES = (*TIMES, Measure.MESSAGE_LATENCY, Measure.DOUBLE_TASKED)
IN_PERCENT = (Measure.INJECTS_ACKNOWLEDGED, Measure.COVERAGE_FLOWN, Measure.POS_ACHIEVED)

EVIDENCE = {
    **dict.fromkeys(TIMES, msg("{value} after the alert")),
    Measure.MESSAGE_LATENCY: msg(
        "median wait for an acknowledgement {value}, the unanswered counted to the end"
    ),
    Measure.INJECTS_ACKNOWLEDGED: msg("{value} of the injects were acknowledged in time by everybody asked"),
    Measure.SEPARATION: msg("pairs of units that came too near: {value}"),
    Measure.DANGER_AREA_INCURSIONS: msg("danger area incursions: {value}"),
    Measure.COVERAGE_FLOWN: msg("{value} of the ordered search effort was flown"),
    Measure.POS_ACHIEVED: msg("{value} of the planned probability of success was achieved"),
    Measure.DOUBLE_TASKED: msg("{value} with two tasks at once"),
    Measure.HAND_OVER: msg("hand-overs between the nations: {value}"),
    Measure.OBSERVED: msg("seen by evaluators only"),
}
NOUGHT = {
    Measure.SEPARATION: msg("no two units came too near each other"),
    Measure.DANGER_AREA_INCURSIONS: msg("no unit entered a danger area"),
    Measure.DOUBLE_TASKED: msg("no unit had two tasks at once"),
}
"""What is said where nothing of the kind happened."""
FINEST = 3
"""Digits that evidence is given at most, so that it does not contradict its threshold."""
ACTIONS = {
    Measure.ALERT_TO_COORDINATOR: msg(
        "Rehearse naming the mission co-ordinator and telling the other centre; target {target}."
    ),
    Measure.ALERT_TO_SITREP: msg("Keep a SITREP form ready and practise sending the first; target {target}."),
    Measure.ALERT_TO_PLAN: msg(
        "Prepare forcing and the list of units beforehand and practise the first search action plan; "
        "target {target}."
    ),
    Measure.ALERT_TO_UNDER_WAY: msg(
        "Review readiness and how orders reach the units of both nations; target {target}."
    ),
    Measure.ALERT_TO_ON_SCENE: msg(
        "Review where ready units stand and who is ordered first; target {target}."
    ),
    Measure.ALERT_TO_DETECTION: msg(
        "Review how areas were chosen against where the object really was; target {target}."
    ),
    Measure.ALERT_TO_RECOVERY: msg(
        "Keep a unit that can lift survivors near the search from the beginning; target {target}."
    ),
    Measure.ALERT_TO_TRIAGE: msg(
        "Agree beforehand where survivors are taken and who receives them; target {target}."
    ),
    Measure.MESSAGE_LATENCY: msg(
        "Test the lines between the centres regularly and acknowledge every message; target {target}."
    ),
    Measure.INJECTS_ACKNOWLEDGED: msg("Settle for every role who acknowledges what; target {target}."),
    Measure.SEPARATION: msg(
        "Brief separation by height and by area before units enter the scene; target {target} encounters."
    ),
    Measure.DANGER_AREA_INCURSIONS: msg(
        "Pass danger areas to every unit at once and have them read back; target {target} incursions."
    ),
    Measure.COVERAGE_FLOWN: msg("Find out why tasks were not flown as ordered; target {target}."),
    Measure.POS_ACHIEVED: msg(
        "Find out what was lost between the plan and what was flown; target {target} of the plan."
    ),
    Measure.DOUBLE_TASKED: msg("Keep one list of tasks for both centres; target {target} with two tasks."),
    Measure.HAND_OVER: msg("Practise handing survivors over between the nations; target {target}."),
    Measure.OBSERVED: msg("Practise until evaluators see no challenges: {criterion}."),
}


@dataclass(frozen=True)
class Names:
    """What roles, units and nations are called in a language."""

    exercise: Exercise
    tongue: Tongue

    def nation(self, code: str) -> str:
        """Exercise control stands for those who belong to none."""
        for nation in self.exercise.nations:
            if nation.code == code:
                return nation.name.said_in(self.tongue.language)
        return code or self.tongue.say("Exercise control")

    def unit(self, name: str) -> str:
        for force in self.exercise.forces:
            if force.unit == name:
                return force.called.said_in(self.tongue.language)
        return name

    def who(self, name: str) -> str:
        """A role, a unit, a nation, or somebody outside the exercise."""
        for role in self.exercise.roles:
            if role.id == name:
                return role.title.said_in(self.tongue.language)
        if name == "director":
            return self.tongue.say("Exercise control")
        if any(nation.code == name for nation in self.exercise.nations):
            return self.nation(name)
        return self.unit(name)


def letter_mark(letter: Letter | None) -> str:
    """How a cell says that it is a rating."""
    return "-" if letter is None else letter.value


def in_unit(tongue: Tongue, measure: Measure, value: float, digits: int = 0) -> str:
    """A value of a measure as people read it."""
    if measure in IN_MINUTES:
        return tongue.minutes(value, digits)
    if measure in IN_PERCENT:
        return f"{tongue.number(value, digits)}{NBSP}%"
    return tongue.number(value, digits)


def digits_that_tell(criterion: Criterion, value: float) -> int:
    """As many as it takes for the rounded value to be rated as the value itself is."""
    letter = by_threshold(criterion, value)
    kept = (n for n in range(FINEST) if by_threshold(criterion, round(value, n)) is letter)
    return next(kept, FINEST)


def nautical(tongue: Tongue, length_m: float) -> str:
    length_nm = m_to_nm(length_m)
    return f"{tongue.number(length_nm, 2 if length_nm < 10.0 else 0)}{NBSP}nm"


def evidence(tongue: Tongue, finding: Finding) -> str:
    """What the log says of a criterion."""
    measure = finding.criterion.measure
    if finding.not_done:
        return tongue.say("did not happen before the end")
    if measure is Measure.OBSERVED:
        return tongue.say(EVIDENCE[measure])
    if finding.value is None:
        return tongue.say("not observed")
    if finding.value == 0.0 and measure in NOUGHT:
        return tongue.say(NOUGHT[measure])
    digits = digits_that_tell(finding.criterion, finding.value)
    return tongue.say(EVIDENCE[measure], value=in_unit(tongue, measure, finding.value, digits))


def thresholds(tongue: Tongue, criterion: Criterion) -> str:
    """Such as "P ≤ 15 min · S ≤ 30 min · M ≤ 1 h"; a letter that can never be given is left out."""
    sign = "≤" if criterion.measure.less_is_better else "≥"
    limits = {
        criterion.major_challenges: Letter.MAJOR_CHALLENGES,
        criterion.some_challenges: Letter.SOME_CHALLENGES,
        criterion.performed: Letter.PERFORMED,
    }
    told = [
        f"{letter.value}{NBSP}{sign}{NBSP}{in_unit(tongue, criterion.measure, limit, 1 if limit % 1 else 0)}"
        for limit, letter in reversed(limits.items())
        if limit is not None
    ]
    return " · ".join(told) or "–"


def action_text(tongue: Tongue, finding: Finding) -> str:
    """What is proposed to mend a finding."""
    criterion = finding.criterion
    text = ACTIONS[criterion.measure]
    if criterion.measure is Measure.OBSERVED:
        return tongue.say(text, criterion=criterion.text.said_in(tongue.language))
    if criterion.performed is None:
        return tongue.say(ACTIONS[Measure.OBSERVED], criterion=criterion.text.said_in(tongue.language))
    return tongue.say(text, target=in_unit(tongue, criterion.measure, criterion.performed))
