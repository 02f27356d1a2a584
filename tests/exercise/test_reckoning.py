"""Dead reckoning: where orders and reports put a unit, reckoned here by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from exercise_runs import uninterrupted

from sarex.case.model import Position
from sarex.exercise.play.known import OrderSeen
from sarex.exercise.play.reckoning import distance_m, later_s, plot_of, remaining_legs
from sarex.exercise.play.running import open_state
from sarex.journal import Journal

NOON = datetime(2027, 5, 20, 12, tzinfo=UTC)
START, END = Position(130.6, 36.6), Position(130.6, 36.8)


@pytest.fixture(scope="module")
def known():
    with Journal.open(uninterrupted()) as journal:
        return replace(open_state(journal).known, orders={}, broken={}, repaired=())


@pytest.fixture(scope="module")
def unit(known):
    return next(unit for unit in known.case.units if unit.name == "Rescue ship Dasom")


def minutes(at):
    return NOON + timedelta(minutes=at)


def searching(unit, begins, ends, **told):
    """A search of one leg; what is told is told ten minutes after it happened."""
    leg = {
        "start": [START.lon_deg, START.lat_deg],
        "end": [END.lon_deg, END.lat_deg],
        "start_time": minutes(begins).isoformat(),
        "end_time": minutes(ends).isoformat(),
        "searching": True,
    }
    transit = timedelta(seconds=distance_m(unit.position, START) / unit.transit_speed_mps)
    task = {"legs": [leg], "departs": (minutes(begins) - transit).isoformat()}
    order = OrderSeen("1.1", minutes(-60), unit.name, "KR", "search", 1, task, acknowledged_at=minutes(-50))
    heard = {word: minutes(at + 10) for word, at in told.items()}
    return replace(order, told=heard, happened={word: minutes(at) for word, at in told.items()})


def plotted(known, unit, order, at):
    return plot_of(replace(known, orders={order.id: order}), unit, minutes(at))


def test_on_time_half_way_along_the_leg(known, unit):
    there = plotted(known, unit, searching(unit, 300, 360), 330).position
    assert (there.lon_deg, there.lat_deg) == pytest.approx((130.6, 36.7), abs=1e-9)


def test_who_was_on_scene_late_is_late_along_its_legs(known, unit):
    order = searching(unit, 300, 360, on_scene=315)
    assert later_s(order, unit) == 900.0
    there = plotted(known, unit, order, 330).position
    assert there.lat_deg == pytest.approx(36.65, abs=1e-9)


def test_who_left_late_arrives_late_whenever_it_was_heard(known, unit):
    order = searching(unit, 300, 360)
    left = datetime.fromisoformat(order.task["departs"]) + timedelta(minutes=12)
    order = replace(order, told={"under_way": left + timedelta(minutes=25)}, happened={"under_way": left})
    assert later_s(order, unit) == pytest.approx(12.0 * 60.0, abs=1e-3)


def test_who_left_early_waits_where_the_search_begins(unit):
    left = minutes(0)
    order = replace(searching(unit, 3000, 3060), told={"under_way": left}, happened={"under_way": left})
    assert later_s(order, unit) == 0.0


def test_on_the_way_out_it_is_between_port_and_the_first_leg(known, unit):
    order = searching(unit, 300, 360)
    departs = datetime.fromisoformat(order.task["departs"])
    half = 0.5 * (300.0 + (departs - NOON).total_seconds() / 60.0)
    plot = plotted(known, unit, order, half)
    whole_m = distance_m(unit.position, START)
    assert plot.out
    # Straight in degrees is near the geodesic's middle over such a way.
    assert distance_m(plot.position, START) == pytest.approx(0.5 * whole_m, rel=0.01)
    assert plot.fuel_left_s == pytest.approx(
        unit.endurance_s - 0.5 * whole_m / unit.transit_speed_mps, abs=1.0
    )
    before = plot_of(replace(known, orders={order.id: order}), unit, departs - timedelta(minutes=1))
    assert not before.out


def test_home_since_it_came_home_not_since_it_was_heard(known, unit):
    order = searching(unit, 300, 360, home=500)
    plot = plotted(known, unit, order, 520)
    assert (plot.out, plot.position, plot.back_at) == (False, unit.home, minutes(500))


def test_what_is_left_of_a_late_search_is_later(unit):
    order = searching(unit, 300, 360, on_scene=330)
    left = remaining_legs(order, unit, minutes(370))
    assert left[-1][0] == minutes(390).timestamp()
    assert remaining_legs(order, unit, minutes(391)) == []


def sent_on(unit, first, departs, **changes):
    """A second search, acknowledged at minute 320, from `departs`, that begins at minute 400 elsewhere."""
    leg = {
        "start": [131.0, 36.6],
        "end": [131.0, 36.8],
        "start_time": minutes(400).isoformat(),
        "end_time": minutes(430).isoformat(),
        "searching": True,
    }
    task = {"legs": [leg], "departs": minutes(departs).isoformat()}
    order = OrderSeen("2.1", minutes(310), unit.name, "KR", "search", 2, task, acknowledged_at=minutes(320))
    return {first.id: first, "2.1": replace(order, **changes)}


def test_a_unit_at_sea_searches_on_until_it_departs_for_its_next_task(known, unit):
    first = searching(unit, 300, 360, on_scene=300)
    orders = sent_on(unit, first, departs=345)
    at_330 = plot_of(replace(known, orders=orders), unit, minutes(330)).position
    assert (at_330.lon_deg, at_330.lat_deg) == pytest.approx((130.6, 36.7), abs=1e-9)
    # a sixth of the way from 36.75 N 130.6 E, where it was at minute 345, to 36.6 N 131.0 E at 400
    superseded = {**orders, first.id: replace(first, cancelled_at=minutes(345))}
    for known_so_far in (orders, superseded):
        later = plot_of(replace(known, orders=known_so_far), unit, minutes(345 + 55 / 6)).position
        assert later.lon_deg == pytest.approx(130.6 + 0.4 / 6.0, abs=1e-6)
        assert later.lat_deg == pytest.approx(36.75 - 0.15 / 6.0, abs=1e-6)


def test_a_refused_order_moves_nobody(known, unit):
    first = searching(unit, 300, 360, on_scene=300)
    orders = sent_on(unit, first, departs=330, cancelled_at=minutes(340), refused=True)
    there = plot_of(replace(known, orders=orders), unit, minutes(350)).position
    assert (there.lon_deg, there.lat_deg) == pytest.approx((130.6, 36.6 + 0.2 * 50 / 60), abs=1e-9)
