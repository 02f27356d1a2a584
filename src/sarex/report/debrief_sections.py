"""The debrief's sections, from the result to the method: what each says and shows."""

from datetime import timedelta

from sarex.clock import from_posix_s
from sarex.exercise.review.model import Debrief, Milestone, Step, TaskFlown
from sarex.exercise.review.ratings import Letter, Rating
from sarex.report.debrief_blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Figure,
    Head,
    Section,
    Table,
    Text,
)
from sarex.report.debrief_charts import maps_chart, pos_chart, steps_chart, units_chart
from sarex.report.debrief_film import film
from sarex.report.debrief_seen import note_told
from sarex.report.debrief_words import (
    LETTERS,
    STEPS,
    Names,
    evidence,
    letter_mark,
    thresholds,
)
from sarex.report.languages import NBSP
from sarex.report.words import degrees_minutes


def result(debrief: Debrief, names: Names) -> Section:
    """The whole exercise in a handful of numbers."""
    tongue = names.tongue
    found = debrief.milestone(Step.DETECTION)
    recovered = debrief.milestone(Step.RECOVERY)
    curve, scores = debrief.curve, debrief.scores
    best = curve.final_clairvoyant
    facts = [
        (
            tongue.say("Object found"),
            tongue.say("not found") if found.after is None else tongue.duration(found.after),
            ""
            if found.after is None
            else tongue.say("after the alert, by {unit}", unit=names.unit(found.by)),
        ),
        (
            tongue.say("Survivors recovered"),
            tongue.say("not recovered") if recovered.after is None else tongue.duration(recovered.after),
            ""
            if recovered.after is None
            else tongue.say("after the alert, by {unit}", unit=names.unit(recovered.by)),
        ),
        (
            tongue.say("Probability of success (POS)"),
            tongue.percent(curve.final_achieved),
            tongue.say("planned {planned}", planned=tongue.percent(curve.final_planned))
            if best is None
            else tongue.say(
                "planned {planned}, clairvoyant planner {best}",
                planned=tongue.percent(curve.final_planned),
                best=tongue.percent(best),
            ),
        ),
        (
            tongue.say("Truth inside the 90 % contour"),
            _share(names, "map_inside_90_percent", debrief),
            tongue.say(
                "of the maps (inside the 50 % contour {share})",
                share=_share(names, "map_inside_50_percent", debrief),
            ),
        ),
        (
            tongue.say("Messages between the nations"),
            "–"
            if scores["message_latency_min"] is None
            else tongue.wait(timedelta(minutes=scores["message_latency_min"])),
            tongue.say("median wait for an acknowledgement"),
        ),
        (
            tongue.say("Safety"),
            tongue.number((scores["danger_area_incursions"] or 0.0) + (scores["encounters_too_near"] or 0.0)),
            tongue.say("danger area incursions and encounters nearer than allowed"),
        ),
    ]
    return Section(
        tongue.say("Result"),
        (Facts(tuple(facts)), _ratings_at_a_glance(debrief, names), *_story(debrief, names)),
    )


def _share(names: Names, name: str, debrief: Debrief) -> str:
    value = debrief.scores[name]
    return "–" if value is None else f"{names.tongue.number(value)}{NBSP}%"


def _ratings_at_a_glance(debrief: Debrief, names: Names) -> Table:
    tongue, language = names.tongue, names.tongue.language
    return Table(
        (
            Column(tongue.say("Objective")),
            Column(tongue.say("Rating")),
            Column(tongue.say("Criteria rated"), numeric=True),
        ),
        tuple(
            (
                Cell(rating.objective.text.said_in(language)),
                Cell(_letter_words(rating.letter, names), letter_mark(rating.letter)),
                Cell(f"{sum(each.letter is not None for each in rating.findings)} / {len(rating.findings)}"),
            )
            for rating in debrief.ratings
        ),
    )


def _letter_words(letter: Letter | None, names: Names) -> str:
    return names.tongue.say("not observed") if letter is None else names.tongue.say(LETTERS[letter])


def _story(debrief: Debrief, names: Names) -> list[Text]:
    """What really happened to the object, in a sentence or two."""
    tongue, truth, exercise = names.tongue, debrief.truth, debrief.exercise
    begun = from_posix_s(float(truth.times_s[0]))
    told = [
        Text(
            tongue.say(
                "What was hidden: {object}. It began to drift at {position} on {time}.",
                object=exercise.truth.name.said_in(tongue.language),
                position=degrees_minutes(truth.position_at(begun)).replace(" ", NBSP),
                time=tongue.date_time(begun),
            )
        )
    ]
    if truth.capsized_s is not None:
        told.append(
            Text(tongue.say("It capsized on {time}.", time=tongue.date_time(from_posix_s(truth.capsized_s))))
        )
    if not debrief.stopped:
        told.append(
            Text(tongue.say("The exercise is not over: this debrief tells what happened so far."), "note")
        )
    return told


def objectives(debrief: Debrief, names: Names) -> Section:
    """Every criterion with its evidence."""
    tongue = names.tongue
    blocks: list[Block] = [
        Text(
            tongue.say(
                "Ratings are those of HSEEP: P performed without challenges, S with some challenges, M with "
                "major challenges, U unable to be performed. Of thresholds and evaluators' notes the worse "
                "decides for a criterion, and the worst criterion decides for the objective."
            ),
            "note",
        )
    ]
    for rating in debrief.ratings:
        blocks += [
            Head(rating.objective.text.said_in(tongue.language), letter_mark(rating.letter)),
            _criteria(rating, names),
        ]
        notes = [*rating.notes, *(note for finding in rating.findings for note in finding.notes)]
        if notes:
            blocks.append(Bullets(tuple(note_told(names, note) for note in notes)))
    return Section(tongue.say("Objectives and their ratings"), tuple(blocks))


def _criteria(rating: Rating, names: Names) -> Table:
    tongue = names.tongue
    columns = (
        Column(tongue.say("Criterion")),
        Column(tongue.say("Evidence")),
        Column(tongue.say("Thresholds")),
        Column(tongue.say("Rating")),
    )
    rows = tuple(
        (
            Cell(finding.criterion.text.said_in(tongue.language)),
            Cell(evidence(tongue, finding), "" if finding.letter or finding.value is not None else "soft"),
            Cell(thresholds(tongue, finding.criterion), "soft"),
            Cell("", letter_mark(finding.letter)),
        )
        for finding in rating.findings
    )
    return Table(columns, rows)


def steps(debrief: Debrief, names: Names) -> Section:
    tongue = names.tongue
    columns = (
        Column(tongue.say("Step")),
        Column(tongue.say("Time (UTC)"), whole=True),
        Column(tongue.say("Since the alert"), numeric=True),
        Column(tongue.say("By")),
    )
    rows = tuple(_step(each, names) for each in debrief.milestones)
    figure = Figure(steps_chart(debrief, tongue), "")
    return Section(tongue.say("From alert to triage"), (figure, Table(columns, rows)))


def _step(each: Milestone, names: Names) -> tuple[Cell, ...]:
    tongue = names.tongue
    if each.at is None or each.after is None:
        return Cell(tongue.say(STEPS[each.step])), Cell(tongue.say("not done"), "bad"), Cell("–"), Cell("–")
    return (
        Cell(tongue.say(STEPS[each.step])),
        Cell(tongue.day_clock(each.at)),
        Cell(tongue.duration(each.after)),
        Cell(names.who(each.by)),
    )


def maps(debrief: Debrief, names: Names) -> Section:
    """Pictures through time, and how well the maps held the truth."""
    tongue, scores = names.tongue, debrief.scores
    blocks: list[Block] = []
    if scores["map_bits_mean"] is not None:
        blocks = [
            Figure(maps_chart(debrief, tongue), _maps_caption(names)),
            Text(
                tongue.say(
                    "Map quality {bits} bits on the mean: minus the binary logarithm of the probability that "
                    "the map gave to the square nautical mile around the truth; fewer is better.",
                    bits=tongue.number(scores["map_bits_mean"], 1),
                )
            ),
        ]
    return Section(tongue.say("Truth against map"), (film(debrief, names), *blocks))


def _maps_caption(names: Names) -> str:
    return names.tongue.say(
        "Contour on which the truth lay, at each picture until the find. Of good maps half the points lie "
        "below 50 %, nine in ten below 90 %; in one exercise neighbouring points hang together."
    )


def success(debrief: Debrief, names: Names) -> Section:
    """POS through time, and the tasks."""
    tongue = names.tongue
    caption = tongue.say(
        "Cumulative probability of success until the find. Planned: the tasks as ordered; achieved: the "
        "tracks really flown, both on what the players believed; clairvoyant planner: knew where, when and "
        "as what it began, not the winds to come."
    )
    columns = (
        Column(tongue.say("Unit")),
        Column(tongue.say("Plan"), numeric=True),
        Column(tongue.say("On scene (as ordered), UTC"), whole=True),
        Column(tongue.say("Coverage planned"), numeric=True),
        Column(tongue.say("Coverage flown"), numeric=True),
        Column(tongue.say("POS planned"), numeric=True),
        Column(tongue.say("POS flown"), numeric=True),
    )
    rows = tuple(
        (
            Cell(names.unit(each.unit)),
            Cell("–" if each.plan is None else str(each.plan)),
            Cell(_on_scene(each, names)),
            Cell(tongue.number(each.coverage_planned, 2)),
            Cell(
                tongue.number(each.coverage_flown, 2),
                "bad" if each.coverage_flown < 0.75 * each.coverage_planned else "",
            ),
            Cell(tongue.percent(each.pos_planned)),
            Cell(tongue.percent(each.pos_flown)),
        )
        for each in debrief.tasks
    )
    table = Table(columns, rows) if rows else Text(tongue.say("Nothing was searched."))
    note = tongue.say("POS is that of each task alone; the tasks' figures do not add up where areas overlap.")
    return Section(
        tongue.say("Probability of success and coverage"),
        (Figure(pos_chart(debrief, tongue), caption), *_plans(debrief, names), table, Text(note, "note")),
    )


def _on_scene(task: TaskFlown, names: Names) -> str:
    """When it really was there, and when it should have been; the day once where one is enough."""
    tongue = names.tongue
    ordered = tongue.day_clock(task.on_scene)
    if task.arrived is None:
        return tongue.aside("–", ordered)
    if task.arrived.date() == task.on_scene.date():
        ordered = tongue.clock(task.on_scene)
    return tongue.aside(tongue.day_clock(task.arrived), ordered)


def _plans(debrief: Debrief, names: Names) -> list[Block]:
    """Why less was planned than plans promised."""
    tongue = names.tongue
    if not debrief.rounds:
        return []
    columns = (
        Column(tongue.say("Plan")),
        Column(tongue.say("Accepted by all (UTC)"), whole=True),
        Column(tongue.say("POS promised"), numeric=True),
        Column(tongue.say("POS planned"), numeric=True),
        Column(tongue.say("POS flown"), numeric=True),
        Column(tongue.say("Tasks"), numeric=True),
        Column(tongue.say("Cancelled or replaced"), numeric=True),
    )
    rows = tuple(
        (
            Cell("–" if each.plan is None else str(each.plan)),
            Cell("–" if each.accepted_at is None else tongue.day_clock(each.accepted_at)),
            Cell("–" if each.promised is None else tongue.percent(each.promised)),
            Cell(tongue.percent(each.planned)),
            Cell(tongue.percent(each.achieved)),
            Cell(tongue.number(each.tasks)),
            Cell(tongue.number(each.broken_off)),
        )
        for each in debrief.rounds
    )
    note = tongue.say(
        "A plan promises the POS of all its tasks to the end of its window. Planned counts its tasks only "
        "until they were cancelled or replaced by a later plan, or until the find; so it is less than was "
        "promised. Plans together: each plan's chance, given that nothing was found before."
    )
    return [Table(columns, rows), Text(note, "note")]


def who_when(debrief: Debrief, names: Names) -> Section:
    caption = names.tongue.say(
        "Pale: under way; full: searching; star: sees the object; cross: breaks down or turns back. "
        "Triangles: injects, red where they were answered late or not at all."
    )
    figure = Figure(units_chart(debrief, names), caption)
    return Section(names.tongue.say("Who was where, and when"), (figure,))
