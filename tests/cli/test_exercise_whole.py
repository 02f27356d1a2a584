"""The joint example as it ships, played by the planner itself from the alert to the debrief."""

import json

import pytest

from sarex.cli.exercise_words import orders_table
from sarex.exercise.play.running import open_state
from sarex.journal import Journal


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    from door import run_sarex

    folder = tmp_path_factory.mktemp("example")
    log, debrief = folder / "exercise.sqlite", folder / "debrief"
    for words in (("start", "--auto"), ("advance", "--to-end"), ("debrief", "--out", debrief)):
        done = run_sarex("exercise", *words, "--log", log)
        assert done.returncode == 0, done.stderr
    return log, json.loads((debrief / "debrief.json").read_text())


def test_every_inject_is_acknowledged_or_missed(played):
    _, debrief = played
    assert len(debrief["injects"]) == 18
    assert set(debrief["injects"].values()) <= {"acknowledged", "late", "missed"}


def test_found_by_one_side_and_lifted_by_the_other(played):
    log, debrief = played
    with Journal.open(log) as journal:
        state, entries = open_state(journal), journal.read()
    nations = {unit.name: unit.nation for unit in state.known.case.units}
    found = next(entry for entry in entries if entry.kind == "crew.detected")
    lifted = next(entry for entry in entries if entry.kind == "survivors.recovered")
    assert nations[found.body["unit"]] != nations[lifted.body["unit"]]
    assert debrief["scores"]["hand_overs"] == 1.0


def test_every_objective_is_rated_from_evidence(played):
    _, debrief = played
    assert len(debrief["ratings"]) == 6
    assert set(debrief["ratings"].values()) <= set("PSMU")


def test_status_tells_of_the_order_that_a_unit_follows_not_of_one_it_refused(played):
    log, _ = played
    with Journal.open(log) as journal:
        known = open_state(journal).known
    refused = [order for order in known.orders.values() if order.refused]
    table = orders_table(known)
    shown = dict(zip(table.columns[0].cells, table.columns[1].cells, strict=True))
    assert refused, "the crew that holds the survivors in sight is sent on"
    assert not {order.id for order in refused} & set(shown.values())
