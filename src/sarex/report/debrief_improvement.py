"""Strengths by objective, areas for improvement with what was seen and what to do, and earlier actions."""

from collections.abc import Sequence

from sarex.exercise.model import Measure, Words
from sarex.exercise.review.model import Debrief
from sarex.exercise.review.ratings import EarlierAction, Finding, Letter, Proposal, Rating
from sarex.report.debrief_blocks import Block, Bullets, Cell, Column, Head, Section, Table, Text
from sarex.report.debrief_sections_more import told_handed
from sarex.report.debrief_seen import note_told, seen
from sarex.report.debrief_words import NOUGHT, Names, action_text, evidence, letter_mark

TELLING = (
    Measure.OBSERVED,
    Measure.HAND_OVER,
    Measure.ALERT_TO_DETECTION,
    Measure.ALERT_TO_RECOVERY,
    Measure.DANGER_AREA_INCURSIONS,
    Measure.SEPARATION,
    Measure.POS_ACHIEVED,
    Measure.ALERT_TO_PLAN,
    Measure.ALERT_TO_COORDINATOR,
)
"""What tells most of an exercise, first; what is not here comes after."""
MOST_TOLD = 2
"""Criteria told for an objective."""


def improvement(debrief: Debrief, names: Names) -> Section:
    """Strengths, areas for improvement, and who mends what until when."""
    tongue = names.tongue
    strengths = tuple(
        said for said in (_strength(debrief, rating, names) for rating in debrief.ratings) if said
    )
    blocks: list[Block] = [
        Head(tongue.say("Strengths")),
        Bullets(strengths) if strengths else Text(tongue.say("None by the criteria.")),
        Head(tongue.say("Areas for improvement and corrective actions")),
    ]
    if debrief.proposals:
        note = tongue.say("Proposed from the ratings; the closing meeting confirms wording, owner and date.")
        blocks += [_areas(debrief, names), Text(note, "note")]
    else:
        blocks.append(Text(tongue.say("None by the criteria.")))
    if debrief.earlier:
        rule = tongue.say(
            "Closed only where the criterion that the action names is rated P, or an evaluator's note that "
            "names the number of the action is rated P or S. A P of the objective alone proposes to close "
            "it: people decide whether the evidence bears on it."
        )
        blocks += [
            Head(tongue.say("Corrective actions of earlier exercises")),
            _earlier(debrief, names),
            Text(rule, "note"),
        ]
    return Section(tongue.say("Strengths and improvement plan"), tuple(blocks))


def _strength(debrief: Debrief, rating: Rating, names: Names) -> str:
    """An objective with what tells most of what was done without challenges; empty where nothing was."""
    good = sorted((each for each in rating.findings if each.letter is Letter.PERFORMED), key=_rank)
    if not good:
        return ""
    told = [_told(debrief, each, names) for each in good[:MOST_TOLD]]
    return _after(names, rating.objective.text, told)


def _after(names: Names, text: Words, told: Sequence[str]) -> str:
    """What stands behind a text of the exercise."""
    tongue = names.tongue
    return tongue.labelled(text.said_in(tongue.language), tongue.one_after_another(told))


def _rank(finding: Finding) -> int:
    measure = finding.criterion.measure
    return TELLING.index(measure) if measure in TELLING else len(TELLING)


def _told(debrief: Debrief, finding: Finding, names: Names) -> str:
    """A criterion with its evidence, where that says more than the criterion does."""
    tongue = names.tongue
    said = finding.criterion.text.said_in(tongue.language)
    measure = finding.criterion.measure
    if measure is Measure.OBSERVED:
        why = tongue.one_after_another([note_told(names, note) for note in finding.notes])
    elif measure is Measure.HAND_OVER and debrief.hand_overs:
        why = tongue.one_after_another([told_handed(each, names) for each in debrief.hand_overs])
    elif measure in NOUGHT and finding.value == 0.0 and not finding.notes:
        return said
    else:
        why = evidence(tongue, finding)
    return tongue.aside(said, why)


def _areas(debrief: Debrief, names: Names) -> Table:
    tongue = names.tongue
    columns = (
        Column(tongue.say("No."), whole=True),
        Column(tongue.say("What was seen")),
        Column(tongue.say("What to do")),
        Column(tongue.say("Owner")),
        Column(tongue.say("Due"), whole=True),
    )
    rows = tuple(
        (
            Cell(each.id),
            Cell(_seen(debrief, each, names), letter_mark(each.finding.letter)),
            Cell(action_text(tongue, each.finding)),
            Cell(names.who(each.owner)),
            Cell(tongue.date(each.due)),
        )
        for each in debrief.proposals
    )
    return Table(columns, rows)


def _seen(debrief: Debrief, each: Proposal, names: Names) -> str:
    finding = each.finding
    told = list(seen(debrief, names, finding))
    if finding.criterion.measure is not Measure.OBSERVED:
        told.insert(0, evidence(names.tongue, finding))
    return _after(names, finding.criterion.text, told)


def _earlier(debrief: Debrief, names: Names) -> Table:
    tongue = names.tongue
    columns = (
        Column(tongue.say("No."), whole=True),
        Column(tongue.say("Action")),
        Column(tongue.say("Evidence")),
        Column(tongue.say("Owner and due")),
        Column(tongue.say("Status"), whole=True),
    )
    rows = tuple(
        (
            Cell(each.action.id),
            Cell(each.action.text.said_in(tongue.language)),
            Cell(grounds(debrief, each, names), letter_mark(each.letter)),
            Cell(tongue.listed([names.who(each.action.owner), tongue.date(each.action.due)])),
            _status(each, names),
        )
        for each in debrief.earlier
    )
    return Table(columns, rows)


def _status(each: EarlierAction, names: Names) -> Cell:
    tongue = names.tongue
    if each.closed:
        return Cell(tongue.say("closed"), "good")
    return Cell(tongue.say("open, closing proposed") if each.proposed else tongue.say("open"), "bad")


def grounds(debrief: Debrief, each: EarlierAction, names: Names) -> str:
    """On what an earlier action was closed, left open, or is proposed to be closed."""
    tongue = names.tongue
    if each.note is not None:
        return note_told(names, each.note)
    if each.letter is None:
        return tongue.say("nothing was observed that bears on it")
    told = [_told(debrief, finding, names) for finding in sorted(each.deciding, key=_rank)[:MOST_TOLD]]
    if each.tested is not None or each.rating is None:
        return tongue.one_after_another(told)
    said = tongue.say("objective: {objective}", objective=each.rating.objective.text.said_in(tongue.language))
    return tongue.one_after_another([said, *told])
