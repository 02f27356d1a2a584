"""Figures of situation reports: who is out, by what was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from exercise_runs import uninterrupted

from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import OrderSeen
from sarex.exercise.play.players_plan import SWITCH_AFTER
from sarex.exercise.play.running import open_state
from sarex.exercise.play.sitrep import sitrep_body
from sarex.exercise.play.success import achieved, with_plan
from sarex.journal import Journal

NOON = datetime(2027, 5, 20, 12, tzinfo=UTC)
UNIT = "Rescue ship Dasom"


def order(name, what, **minutes):
    told = {word: NOON + timedelta(minutes=at) for word, at in minutes.items()}
    return OrderSeen(name, NOON, UNIT, "KR", what, 1, {}, told=told)


def told(*orders, **changes):
    with Journal.open(uninterrupted()) as journal:
        state = open_state(journal)
    changes = {"broken": {}, "beliefs": ()} | changes
    known = replace(state.known, orders={each.id: each for each in orders}, **changes)
    return sitrep_body(Brief.of(state.exercise), known, 1, NOON)


def figures(*orders, **changes):
    found = told(*orders, **changes)["figures"]
    return found["under_way"], found["on_scene"]


def test_a_unit_that_was_sent_elsewhere_at_sea_is_still_out():
    search = replace(
        order("1.1", "search", under_way=1, on_scene=20), cancelled_at=NOON + timedelta(minutes=30)
    )
    assert figures(search, order("R1", "recover")) == ([UNIT], [UNIT])
    assert figures(search, order("R1", "recover", on_scene=40, off_scene=50)) == ([], [])


def test_in_port_and_home_again():
    assert figures(order("1.1", "search")) == ([], [])
    home = order("1.1", "search", under_way=1, on_scene=20, off_scene=50, home=90)
    assert figures(home) == ([], [])
    assert figures(home, order("2.1", "search", under_way=120)) == ([UNIT], [])


def test_who_is_recalled_or_turned_back_is_not_under_way_until_it_is_sent_on():
    search = order("1.1", "search", under_way=1, on_scene=20)
    recalled = replace(search, cancelled_at=NOON + timedelta(minutes=30), goes_home=True)
    for back in (recalled, order("1.1", "search", under_way=1, on_scene=20, turned_back=30)):
        assert figures(back) == ([], [])
        assert told(back)["figures"]["going_home"] == [UNIT]
        assert "0 units under way, 0 of them on scene, 1 going home" in told(back)["text"]
        sent_on = replace(order("2.1", "search"), acknowledged_at=NOON + timedelta(minutes=40))
        assert figures(back, sent_on) == ([UNIT], [])


def test_an_order_to_come_takes_nobody_off_the_scene():
    search = order("1.1", "search", under_way=1, on_scene=20)
    next_one = replace(order("2.1", "search"), acknowledged_at=NOON + timedelta(minutes=40))
    assert figures(search, next_one) == ([UNIT], [UNIT])


def test_who_lies_broken_down_is_not_under_way():
    search = order("1.1", "search", under_way=1, broke_down=30)
    broken = {UNIT: NOON + timedelta(minutes=30)}
    assert figures(search, broken=broken) == ([], [])
    assert "1 broken down" in told(search, broken=broken)["text"]
    assert told(search)["figures"]["going_home"] == [UNIT]


def test_what_the_search_achieved_is_said_with_its_time():
    assert "Nothing searched has been reckoned" in told()["text"]
    assert told()["figures"]["pos_achieved"] is None
    with Journal.open(uninterrupted()) as journal:
        state = open_state(journal)
        proposed = {entry.body["plan"]: entry for entry in journal.read() if entry.kind == "plan.proposed"}
    belief = state.known.beliefs[0]
    until = datetime.fromisoformat(belief.body["until"])
    assert until == proposed[belief.body["plan"]].at + SWITCH_AFTER
    found = told(beliefs=(belief,))
    assert f"until {until:%H:%MZ} as reported and ordered" in found["text"]
    assert found["figures"]["pos_achieved_until"] == belief.body["until"]


def test_what_is_planned_compares_with_what_is_achieved():
    """One that is cumulative is not set beside one of a single plan: 1 - 0.9 (1 - 0.5)."""
    with Journal.open(uninterrupted()) as journal:
        known = open_state(journal).known
    assert known.beliefs[-1].body["plan"] == known.plan.number
    assert achieved(known).pos == pytest.approx(0.1)
    assert with_plan(known).pos == pytest.approx(0.55)
    assert with_plan(replace(known, beliefs=())).pos == 0.5
