"""More sections: working together, safety, injects, the timeline, and how scores are reckoned."""

from sarex.exercise.review.model import Debrief, DoubleTask, HandOver, Incursion, InjectRow, InjectStatus
from sarex.report.debrief_blocks import Block, Bullets, Cell, Column, Head, Section, Table, Text
from sarex.report.debrief_events import sentence, units_by_order
from sarex.report.debrief_words import GOOD, HAND_OVERS, STATUSES, Names, nautical
from sarex.report.languages import NBSP
from sarex.report.words import degrees_minutes

NEAREST = 10
"""Pairs of units that the table tells."""


def together(debrief: Debrief, names: Names) -> Section:
    """Messages, double tasks and hand-overs."""
    tongue = names.tongue
    blocks: list[Block] = [Head(tongue.say("Messages and injects")), _latencies(debrief, names)]
    if any(each.unanswered for each in debrief.latencies):
        blocks.append(_waits_note(names))
    blocks.append(Head(tongue.say("Two tasks at once")))
    doubles = tuple(told_double(double, names) for double in debrief.double_tasks)
    blocks.append(Bullets(doubles) if doubles else Text(tongue.say("No unit had two tasks at once.")))
    blocks.append(Head(tongue.say("Hand-overs between the nations")))
    handed = tuple(told_handed(each, names) for each in debrief.hand_overs)
    blocks.append(Bullets(handed) if handed else Text(tongue.say("None.")))
    return Section(tongue.say("Working together"), tuple(blocks))


def _latencies(debrief: Debrief, names: Names) -> Block:
    tongue = names.tongue
    if not debrief.latencies:
        return Text(tongue.say("Nothing was sent that asked for an acknowledgement."))
    columns = (
        Column(tongue.say("From")),
        Column(tongue.say("To")),
        Column(tongue.say("What")),
        Column(tongue.say("Sent"), numeric=True),
        Column(tongue.say("Acknowledged"), numeric=True),
        Column(tongue.say("Median wait"), numeric=True),
        Column(tongue.say("Longest wait"), numeric=True),
    )
    rows = tuple(
        (
            Cell(names.nation(each.sender)),
            Cell(names.nation(each.receiver)),
            Cell(tongue.say("injects") if each.injects else tongue.say("messages")),
            Cell(tongue.number(each.sent)),
            Cell(tongue.number(each.acknowledged), "bad" if each.acknowledged < each.sent else ""),
            Cell("–" if each.median is None else tongue.wait(each.median)),
            Cell("–" if not each.waits else tongue.wait(each.waits[-1])),
        )
        for each in debrief.latencies
    )
    return Table(columns, rows)


def _waits_note(names: Names) -> Text:
    said = names.tongue.say(
        "What nobody acknowledged counts with its wait to the end of the exercise, or of the log."
    )
    return Text(said, "note")


def told_double(double: DoubleTask, names: Names) -> str:
    tongue = names.tongue
    return tongue.say(
        "{unit}: {duration} from {since} UTC (orders {first} and {second})",
        unit=names.unit(double.unit),
        duration=tongue.minutes(double.minutes),
        since=tongue.day_clock(double.since),
        first=double.orders[0],
        second=double.orders[1],
    )


def told_handed(each: HandOver, names: Names) -> str:
    said = names.tongue.say(
        HAND_OVERS[each.kind], giver=names.nation(each.giver), taker=names.nation(each.taker)
    )
    return names.tongue.labelled(f"{names.tongue.day_clock(each.at)}{NBSP}UTC", said)


def safety(debrief: Debrief, names: Names) -> Section:
    """Who came near whom, and who was where nobody may be."""
    tongue = names.tongue
    rule = tongue.say(
        "Two aircraft, or two craft, that search less than 500 ft apart in height keep a quarter of a "
        "nautical mile from each other. Danger areas count five minutes longer on either side of their "
        "times, and 500 ft beyond their heights."
    )
    blocks: list[Block] = [Text(rule, "note"), Head(tongue.say("Least separation while searching"))]
    blocks.append(_meetings(debrief, names))
    blocks.append(Head(tongue.say("Danger areas")))
    stays = tuple(told_stay(each, names) for each in debrief.incursions)
    blocks.append(Bullets(stays) if stays else Text(tongue.say("No unit was inside a danger area.")))
    return Section(tongue.say("Safety"), tuple(blocks))


def _meetings(debrief: Debrief, names: Names) -> Block:
    tongue = names.tongue
    if not debrief.meetings:
        return Text(tongue.say("No two units of a kind searched at one height at the same time."))
    columns = (
        Column(tongue.say("Units")),
        Column(tongue.say("Time (UTC)"), whole=True),
        Column(tongue.say("Position"), whole=True),
        Column(tongue.say("Least distance"), numeric=True),
        Column(tongue.say("Asked"), numeric=True),
    )
    rows = tuple(
        (
            Cell(tongue.joined([names.unit(name) for name in met.units])),
            Cell(tongue.day_clock(met.at)),
            Cell(degrees_minutes(met.position)),
            Cell(nautical(tongue, met.apart_m), "bad" if met.too_near else ""),
            Cell(nautical(tongue, met.least_m)),
        )
        for met in debrief.meetings[:NEAREST]
    )
    return Table(columns, rows)


def told_stay(each: Incursion, names: Names) -> str:
    tongue = names.tongue
    said = tongue.say(
        "{unit} inside {area} from {since} to {until} UTC, at {position}",
        unit=names.unit(each.unit),
        area=each.area,
        since=tongue.day_clock(each.since),
        until=tongue.clock(each.until),
        position=degrees_minutes(each.position),
    )
    if not each.announced_around_it:
        return said
    aside = tongue.say("(was inside when the area was announced: told, not counted)")
    return f"{said} {aside}"


def injects(debrief: Debrief, names: Names) -> Section:
    """The master scenario events list with what became of each row."""
    tongue, language = names.tongue, names.tongue.language
    columns = (
        Column(tongue.say("No."), whole=True),
        Column(tongue.say("Time (UTC)"), whole=True),
        Column(tongue.say("From and to")),
        Column(tongue.say("Text")),
        Column(tongue.say("Expected action")),
        Column(tongue.say("Status")),
    )
    rows = tuple(
        (
            Cell(row.inject.id),
            Cell(tongue.day_clock(row.delivered_at or row.inject.at), "" if row.delivered_at else "soft"),
            Cell(f"{row.inject.sender} → {tongue.listed(row.inject.to)}"),
            Cell(row.inject.text.said_in(language)),
            Cell(row.inject.expected_action.said_in(language)),
            Cell(_status(row, names), _looks(row)),
        )
        for row in debrief.injects
    )
    blocks = (Table(columns, rows), Text(_roles(debrief, names), "note"))
    return Section(tongue.say("Injects (master scenario events list)"), blocks)


def _roles(debrief: Debrief, names: Names) -> str:
    """What the short names of the table stand for."""
    used = dict.fromkeys(name for row in debrief.injects for name in (row.inject.sender, *row.inject.to))
    known = {role.id for role in debrief.exercise.roles}
    return " · ".join(names.tongue.labelled(name, names.who(name)) for name in used if name in known)


def _status(row: InjectRow, names: Names) -> str:
    """With how long the last answer took, and who never gave one."""
    tongue = names.tongue
    said = tongue.say(STATUSES[row.status])
    if row.acknowledged_at is not None and row.delivered_at is not None:
        return tongue.listed([said, tongue.wait(row.acknowledged_at - row.delivered_at)])
    if row.status is InjectStatus.MISSED:
        silent = [role for role in row.inject.to if role not in row.acknowledged]
        return tongue.labelled(said, tongue.listed(silent))
    return said


def _looks(row: InjectRow) -> str:
    if row.status in (InjectStatus.MISSED, InjectStatus.LATE):
        return "bad"
    return "good" if row.status in GOOD else "soft"


def timeline(debrief: Debrief, names: Names) -> Section:
    """Everything that happened, a line each."""
    tongue = names.tongue
    orders = units_by_order(debrief.happenings)
    rows = []
    for each in debrief.happenings:
        said = sentence(each, names, orders)
        if said is not None:
            rows.append((Cell(tongue.day_clock(each.at)), Cell(said)))
    columns = (Column(tongue.say("Time (UTC)"), whole=True), Column(tongue.say("What happened")))
    return Section(tongue.say("Timeline"), (Table(columns, tuple(rows)),))


def method(debrief: Debrief, names: Names) -> Section:
    """How it was reckoned, and what could not be."""
    tongue = names.tongue
    told = [
        tongue.say(
            "Everything here comes from the log of the exercise and from its seed: the same log gives the "
            "same debrief."
        ),
        tongue.say(
            "Steps are taken from the moments at which they happened, not from when they were reported; "
            "messages and injects from when they were sent and acknowledged."
        ),
        tongue.say(
            "Maps and POS are reckoned again from what the players knew at the time: their case, the tracks "
            "and the sightings that had been reported."
        ),
        tongue.say(
            "Coverage flown goes with the searching length inside the task's area, give or take a quarter of "
            "a mile."
        ),
        tongue.say(
            "Corrective actions of earlier exercises count as closed where the criterion that they name was "
            "rated P here, or an evaluator's note that names them P or S."
        ),
    ]
    told += [
        tongue.say(
            "The sighting that {unit} reported on {time} UTC ({name}) lay where the players' map held the "
            "object impossible; it taught the map nothing.",
            unit=names.unit(each.by),
            time=tongue.day_clock(each.at),
            name=each.name,
        )
        for each in debrief.unused
    ]
    return Section(tongue.say("How this was reckoned"), (Bullets(tuple(told)),))
