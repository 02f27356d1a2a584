"""What goes on from one order of a unit to the next: dead radios, sightings, and why an order ended."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from exercise_runs import example, example_with_a_place, uninterrupted, whole
from scripted_planning import ScriptedPlanning

from sarex.case.model import Position
from sarex.exercise.play import controls, events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.launch import start
from sarex.exercise.play.reckoning import distance_m
from sarex.journal import Audience

HELICOPTER, AIRCRAFT, SHIP = "Helicopter Tsugumi 1", "Patrol aircraft Gireogi 3", "Rescue ship Dasom"
MINUTE = timedelta(minutes=1)
AWAY = Position(131.9, 36.3)
"""Where the object is not."""


def begun(tmp_path, file=None):
    running = start(file or example(), tmp_path / "log.sqlite", auto=False)
    running.advance(running.state.exercise.start + 30 * MINUTE)
    return running


def order(running, by, unit, datum=AWAY):
    brief = Brief.of(running.state.exercise)
    document = ScriptedPlanning(brief, datum).propose(running.state.known, running.state.now).document
    running.record(lambda state: controls.ordered(state, by, document, unit))
    return next(task for task in document["tasks"] if task["unit"] == unit)


def told_by(running, unit):
    return [
        entry
        for entry in running.journal.read()
        if entry.audience is Audience.EVERYBODY and entry.by == unit and entry.kind != "inject.delivered"
    ]


def test_a_radio_that_died_before_the_unit_turns_to_its_next_order_stays_dead(tmp_path):
    """Silent from ten minutes before the switch to twenty after: everything is told then, nothing between."""
    running = begun(tmp_path)
    order(running, "JP-SMC", HELICOPTER)
    running.advance(running.state.now + 100 * MINUTE)
    order(running, "JP-SMC", HELICOPTER)
    running.advance(running.state.now + 12 * MINUTE)
    known = running.state.known
    second = known.orders[f"2.1 {HELICOPTER}"]
    assert second.acknowledged_at is not None
    switch = max(second.acknowledged_at, _departs(second))
    running.advance(switch - 10 * MINUTE)
    running.record(lambda state: controls.inject_now(state, running.director, "I13", skip=False))
    died = running.state.now
    running.advance(running.state.exercise.end)
    told = [entry.at for entry in told_by(running, HELICOPTER)]
    kinds = {entry.kind for entry in told_by(running, HELICOPTER) if entry.body["order"] == second.id}
    assert "report.on_scene" in kinds
    assert not [at for at in told if died <= at < died + 30 * MINUTE]
    taken = next(e for e in running.journal.read() if e.kind == "order.cancelled" and e.at == switch)
    assert taken.body["superseded_by"] == second.id


def _departs(order_seen):
    return datetime.fromisoformat(order_seen.task["departs"])


def test_a_radio_that_never_works_again_is_mended_at_home(tmp_path):
    running = begun(tmp_path)
    order(running, "JP-SMC", HELICOPTER)
    running.advance(running.state.now + 110 * MINUTE)
    exercise = running.state.exercise
    inject = next(each for each in exercise.injects if each.id == "I13")
    for_good = replace(inject, effect=replace(inject.effect, lasts=None))
    injects = tuple(for_good if each is inject else each for each in exercise.injects)
    running.state = replace(running.state, exercise=replace(exercise, injects=injects))
    running.record(lambda state: controls.inject_now(state, running.director, "I13", skip=False))
    died = running.state.now
    draft = events.order_given("R9", died, "JP-SMC", (HELICOPTER, "JP"), "return", {})
    running.record(lambda _: [draft])
    running.advance(died + 200 * MINUTE)
    home = next(entry.at for entry in running.journal.read() if entry.kind == "crew.home")
    assert home > died
    assert not [entry for entry in told_by(running, HELICOPTER) if died <= entry.at < home]
    assert running.state.known.orders["R9"].acknowledged_at >= home


@pytest.fixture
def misled(tmp_path):
    """The aircraft searches where nothing is, has another order to come, and is misled before that begins."""
    running = begun(tmp_path)
    order(running, "KR-SMC", AIRCRAFT)
    running.advance(running.state.now + 110 * MINUTE)
    running.record(lambda state: controls.inject_now(state, running.director, "I09", skip=False))
    at = running.state.now
    order(running, "KR-SMC", AIRCRAFT)
    running.advance(at + 170 * MINUTE)
    running.record(lambda state: controls.stop(state, running.director, "director", "enough"))
    return at, running.journal.read()


def test_a_misled_crew_flies_as_it_refuses(misled):
    """It stays with what it takes for the object: by its track as well as by its word."""
    at, entries = misled
    report = next(entry for entry in entries if entry.kind == "report.sighting")
    seen = Position(*report.body["position"])
    withdrawn = next(entry for entry in entries if entry.kind == "report.false_alarm")
    points = [
        p for e in entries if e.kind == "crew.flew" and e.body["unit"] == AIRCRAFT for p in e.body["points"]
    ]
    with_it = [p for p in points if (at + 20 * MINUTE).timestamp() < p[0] < withdrawn.at.timestamp()]
    assert len(with_it) > 5
    assert all(distance_m(Position(*p[1:3]), seen) < 8000.0 for p in with_it)
    assert not any(p[3] for p in with_it)
    assert any(p[3] for p in points if p[0] > withdrawn.at.timestamp()), "it searches on afterwards"


def test_a_refused_order_is_told_from_a_replaced_one(misled):
    _, entries = misled
    ended = {entry.body["order"]: entry.body for entry in entries if entry.kind == "order.cancelled"}
    refused = ended[f"2.1 {AIRCRAFT}"]
    assert refused["refused"]
    assert refused["superseded_by"] is None
    assert "stays with what it has sighted" in refused["why"]


def test_what_ended_an_order_names_the_one_that_took_its_place():
    entries = whole(uninterrupted())
    given = {entry.body["order"] for entry in entries if entry.kind == "order.given"}
    ended = [entry.body for entry in entries if entry.kind == "order.cancelled"]
    after = [body for body in ended if body["superseded_by"]]
    assert after
    assert {body["superseded_by"] for body in after} <= given
    assert not any(body["goes_home"] or body["refused"] for body in after)
    replaced = {
        body["order"] for body in ended if body["why"].endswith("replaces it") and body["superseded_by"]
    }
    stayed = {e.body["order"]: e.body["why"] for e in entries if e.kind == "crew.stayed"}
    assert all(stayed[name] == "replaced" for name in replaced & set(stayed))


@pytest.mark.parametrize(
    ("out", "placed", "words"),
    [
        (True, True, "nm from what it is to see"),
        (True, False, None),
        (False, False, "in port and sees nothing"),
    ],
)
def test_exercise_control_is_told_what_cannot_be_believed(tmp_path, out, placed, words):
    running = begun(tmp_path, example_with_a_place() if placed else example())
    if out:
        order(running, "KR-SMC", AIRCRAFT)
        running.advance(running.state.now + 110 * MINUTE)
    running.record(lambda state: controls.inject_now(state, running.director, "I09", skip=False))
    applied = next(
        entry
        for entry in running.journal.read()
        if entry.kind == "effect.applied" and entry.body["inject"] == "I09"
    )
    assert applied.audience is Audience.DIRECTOR
    assert (applied.body.get("why") is None) if words is None else (words in applied.body["why"])
    assert running.state.known.sightings == {}, "nobody has told of it yet"
