"""Figures of situation reports: who is out, by what was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from exercise_runs import uninterrupted

from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import OrderSeen
from sarex.exercise.play.running import open_state
from sarex.exercise.play.sitrep import sitrep_body
from sarex.journal import Journal

NOON = datetime(2027, 5, 20, 12, tzinfo=UTC)
UNIT = "Rescue ship Dasom"


def order(name, what, **minutes):
    told = {word: NOON + timedelta(minutes=at) for word, at in minutes.items()}
    return OrderSeen(name, NOON, UNIT, "KR", what, 1, {}, told=told)


def figures(*orders):
    with Journal.open(uninterrupted()) as journal:
        state = open_state(journal)
    known = replace(state.known, orders={each.id: each for each in orders})
    told = sitrep_body(Brief.of(state.exercise), known, 1, NOON)["figures"]
    return told["under_way"], told["on_scene"]


def test_a_unit_that_was_sent_elsewhere_at_sea_is_still_out():
    search = replace(
        order("1.1", "search", under_way=1, on_scene=20), cancelled_at=NOON + timedelta(minutes=30)
    )
    assert figures(search, order("R1", "recover")) == ([UNIT], [UNIT])
    assert figures(search, order("R1", "recover", on_scene=40, off_scene=50)) == ([UNIT], [])


def test_in_port_and_home_again():
    assert figures(order("1.1", "search")) == ([], [])
    home = order("1.1", "search", under_way=1, on_scene=20, off_scene=50, home=90)
    assert figures(home) == ([], [])
    assert figures(home, order("2.1", "search", under_way=120)) == ([UNIT], [])
