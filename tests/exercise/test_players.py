"""Automatic players: what they go by, whom they send, when they think again."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from exercise_runs import uninterrupted, whole

from sarex.clock import to_posix_s
from sarex.exercise.play.at_hand import at_hand
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.evidence import credible_sightings, searched_so_far
from sarex.exercise.play.players_plan import Planner, window_at
from sarex.exercise.play.players_recovery import nearest_that_lifts
from sarex.exercise.play.reasons import reasons_to_plan
from sarex.exercise.play.reckoning import distance_m, plot_of
from sarex.exercise.play.state import fold

LATE_S = 300.0
"""Dead reckoning is off by late starts, slow reports and wander: by so much of a unit's speed."""


@pytest.fixture(scope="module")
def entries():
    return whole(uninterrupted())


@pytest.fixture(scope="module")
def brief(entries):
    return Brief.of(fold(None, entries[:1]).exercise)


def state_at(entries, at):
    return fold(None, [entry for entry in entries if entry.at <= at])


def test_the_brief_holds_neither_truth_nor_injects(entries, brief):
    exercise = fold(None, entries[:1]).exercise
    shown = repr(brief)
    assert repr(exercise.truth.position) not in shown
    assert not hasattr(brief, "truth")
    assert not hasattr(brief, "injects")


def test_players_can_be_imported_without_the_truth():
    code = (
        "import sys, sarex.exercise.play.players, sarex.exercise.play.players_plan; "
        "print([name for name in sys.modules if name.startswith('sarex.exercise.truth')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dead_reckoning_is_near_where_crews_really_are(entries, brief):
    exercise = fold(None, entries[:1]).exercise
    at = exercise.start + timedelta(hours=2, minutes=10)
    known = state_at(entries, at).known
    flown = {entry.body["order"]: entry.body["points"] for entry in entries if entry.kind == "crew.flew"}
    compared = 0
    for order in known.orders.values():
        points = [point for point in flown.get(order.id, ()) if abs(point[0] - to_posix_s(at)) < 60.0]
        if not points or order.unit in known.broken or not order.told:
            continue
        unit = next(unit for unit in brief.units if unit.name == order.unit)
        plot = plot_of(known, unit, at)
        here = replace(plot.position, lon_deg=points[0][1], lat_deg=points[0][2])
        assert distance_m(plot.position, here) < LATE_S * unit.transit_speed_mps, order.unit
        compared += 1
    assert compared >= 3


def test_units_that_are_out_are_at_hand_from_where_they_are_with_what_is_left(entries, brief):
    exercise = fold(None, entries[:1]).exercise
    at = exercise.start + timedelta(hours=2, minutes=16)
    known = state_at(entries, at).known
    ready = {unit.name: unit for unit in at_hand(brief, known, at, at + timedelta(minutes=30))}
    assert "Patrol ship Kohaku" not in ready, "it is broken down"
    for name, unit in ready.items():
        first = next(each for each in brief.units if each.name == name)
        out = any("under_way" in order.told for order in known.orders_of(name))
        if out and unit.position != first.home:
            assert unit.endurance_s < first.endurance_s
            assert unit.available_from == at + timedelta(minutes=30)


def test_who_lifts_is_the_nearest_that_can(entries, brief):
    told = next(entry for entry in entries if entry.kind == "report.sighting")
    known = state_at(entries, told.at).known
    seen = credible_sightings(known)[0]
    unit = nearest_that_lifts(brief, known, seen, set(), told.at)
    assert unit is not None
    assert brief.force(unit).lifts
    other = nearest_that_lifts(brief, known, seen, {unit}, told.at)
    assert other != unit


def test_reasons_are_what_came_after_the_last_plan(entries, brief):
    plans = [entry for entry in entries if entry.kind == "plan.proposed"]
    learnt = next(entry for entry in entries if entry.kind == "case.learnt")
    known = state_at(entries, learnt.at).known
    named = known.coordinators[brief.coordinator(brief.host)]
    reasons = reasons_to_plan(brief, known, named)
    assert any(reason.why == f"learnt: {learnt.body['why']}" for reason in reasons)
    after = state_at(entries, plans[-1].at).known
    assert all(reason.at > plans[-1].at for reason in reasons_to_plan(brief, after, named))


def test_what_was_searched_is_as_reported(entries, brief):
    exercise = fold(None, entries[:1]).exercise
    known = fold(None, entries).known
    result = searched_so_far(brief, known, exercise.end)
    assert result is not None
    ordered = {order.unit for order in known.orders.values() if order.tracks and order.what == "search"}
    assert {track.unit_name for track in result.tracks} <= ordered
    for track in result.tracks:
        assert (track.end_s > track.start_s).all()


def test_who_is_with_what_it_sighted_is_not_counted_as_searching_on(entries, brief):
    """Half a minute after a sighting was told; the crew stays with it."""
    told = next(e for e in entries if e.kind == "report.sighting" and e.body["order"] is not None)
    known = state_at(entries, told.at).known
    seen = known.sightings[told.body["name"]]
    assert known.orders[seen.order].what == "search"
    result = searched_so_far(brief, known, told.at + timedelta(hours=2))
    ends = [track.end_s.max() for track in result.tracks if track.unit_name == seen.unit]
    assert all(end_s <= to_posix_s(seen.seen_at) for end_s in ends)


def test_no_window_goes_beyond_the_end(entries, brief):
    known = fold(None, entries).known
    for hours in (1.0, 4.0, 7.0):
        window = window_at(brief, known, brief.start + timedelta(hours=hours))
        assert window.end <= brief.end


@pytest.mark.slow
def test_the_planner_plans_from_what_is_known(entries, brief):
    """One plan by the real planner, in the middle of the exercise, with half of the fleet at sea."""
    plan = next(entry for entry in entries if entry.kind == "plan.proposed" and entry.body["plan"] == 2)
    known = state_at(entries, plan.at - timedelta(seconds=1)).known
    planner = Planner(brief, particles=1500)
    first, again = planner.propose(known, plan.at), Planner(brief, particles=1500).propose(known, plan.at)
    assert first.document == again.document
    assert 0.0 < first.document["pos"] < 1.0
    assert 0.0 < first.undetected < 1.0
    assert "Patrol ship Kohaku" not in {task["unit"] for task in first.document["tasks"]}
