"""What a search without a find teaches, against an independent exposure and the plan's own promise."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_sea import SMALL, WINDOW, case, environment, flown, place, scenario, ship, unit
from independent_pos import exposure_of_plan
from sarex.case.model import DriftSettings
from sarex.drift import drift_ensemble
from sarex.errors import PlanError
from sarex.mission import update_belief as update_both
from sarex.planning import Belief, plan_search
from sarex.probability import bins_at
from sarex.safety import check_plan
from sarex.tasking import issue_tasks
from sarex.update import SearchResult, next_window, update_belief

SEA = environment((0.25, -0.1), (6.0, 3.0))
GIVEN = case(
    scenario(objects={"LIFE-RAFT-DB-10": 0.7, "PIW-1": 0.3}),
    units=(unit(), unit("Second", altitude_m=304.8), ship(position=place(6000.0, -9000.0))),
    drift=DriftSettings(particles=2000),
)


def drawn(the_case):
    return Belief(*(
        drift_ensemble(the_case, SEA, until=the_case.window.end, purpose=purpose)
        for purpose in ("reported", "rehearsal")
    ))  # fmt: skip


@pytest.fixture(scope="module")
def first():
    """Belief, plan and tasks of the first window."""
    belief = drawn(GIVEN)
    plan = plan_search(GIVEN, SEA, belief, SMALL)
    return belief, plan, issue_tasks(GIVEN, SEA.frame, plan)


@pytest.fixture(scope="module")
def second(first):
    """The next window's case, its posterior belief, the lesson, plan and tasks."""
    result = flown(first[2])
    following = next_window(GIVEN, result, None, None)
    belief, lesson = update_both(drawn(following), result)
    plan = plan_search(following, SEA, belief, SMALL)
    return following, belief, lesson, plan, issue_tasks(following, SEA.frame, plan)


def test_weights_are_the_prior_times_the_chance_of_being_missed(first) -> None:
    belief, _, issued = first
    posterior, _ = update_belief(belief.reported, flown(issued))
    expected = belief.reported.weight * np.exp(-exposure_of_plan(belief.reported, issued))
    prior = belief.reported.weight
    # a metre of difference between two planes matters only to the few passed within some tens of metres
    assert np.max(np.abs(posterior.weight - expected) / prior) < 0.02
    assert np.mean(np.abs(posterior.weight - expected) / prior) < 1e-3
    np.testing.assert_array_equal(posterior.x_m, belief.reported.x_m)


def test_flying_the_plan_finds_what_it_promised(first) -> None:
    belief, plan, issued = first
    posterior, lesson = update_belief(belief.reported, flown(issued))
    assert plan.quality.pos > 0.3
    assert lesson.pos == pytest.approx(plan.quality.pos, abs=1e-4)
    assert posterior.undetected == pytest.approx(1.0 - plan.quality.pos, abs=1e-4)
    assert lesson.undetected == pytest.approx(1.0 - lesson.pos)
    weight = posterior.weight
    assert lesson.effective_particles == pytest.approx(weight.sum() ** 2 / (weight**2).sum())
    for index in (0, -1):
        assert sum(bins_at(posterior, index, 1.0 - posterior.undetected).values()) == pytest.approx(1.0)


def test_the_next_plan_adds_to_the_first(first, second) -> None:
    """POS of both searches flown on the untouched belief is the sum, by the independent program."""
    _, plan, issued = first
    following, belief, lesson, next_plan, next_issued = second
    assert lesson.pos == pytest.approx(plan.quality.pos, abs=1e-4)
    untouched = drawn(following).reported
    total = exposure_of_plan(untouched, issued) + exposure_of_plan(untouched, next_issued)
    both = float((untouched.weight * -np.expm1(-total)).sum())
    assert plan.quality.pos + next_plan.quality.pos == pytest.approx(both, abs=0.005)
    assert next_plan.quality.pos <= next_plan.quality.pos_upper_bound <= belief.reported.undetected + 1e-9
    for rule in check_plan(following, SEA, next_issued):
        assert rule.violations == 0, (rule.rule, rule.details)


def test_the_next_plan_goes_where_the_object_still_may_be(first, second) -> None:
    """Replanned, the second search gains more than the first plan's worth on what is left at random."""
    _, _plan, _ = first
    _, belief, _, next_plan, _ = second
    assert next_plan.quality.pos > 0.02
    assert next_plan.quality.pos < belief.reported.undetected


def test_where_units_stand_next(first, second) -> None:
    _, _, issued = first
    following = second[0]
    assert following.window.start == GIVEN.window.end
    assert following.window.end - following.window.start == GIVEN.window.end - GIVEN.window.start
    tasks = {task.unit.name: task for task in issued.tasks}
    before = {given_unit.name: given_unit for given_unit in GIVEN.units}
    for after in following.units:
        task = tasks.get(after.name)
        if task is None:
            assert after.position == before[after.name].position
        elif after.kind.flies:
            assert after.position == after.home
            assert after.endurance_s == before[after.name].endurance_s
            landed = task.legs[-1].end_time
            assert after.available_from >= max(landed + timedelta(hours=1), following.window.start)
        else:
            last = task.legs[-1].end
            assert after.position.lon_deg == pytest.approx(last.lon_deg)
            assert after.position.lat_deg == pytest.approx(last.lat_deg)
            used_s = (following.window.start - GIVEN.window.start).total_seconds()
            assert after.endurance_s == pytest.approx(before[after.name].endurance_s - used_s)


def test_a_chosen_next_window(first) -> None:
    begin = WINDOW.end + timedelta(hours=8)
    following = next_window(GIVEN, flown(first[2]), begin, begin + timedelta(hours=2))
    assert (following.window.start, following.window.end) == (begin, begin + timedelta(hours=2))
    assert all(given_unit.available_from >= begin for given_unit in following.units)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 3.0), st.integers(0, 1000))
def test_more_searching_never_raises_a_weight(first, factor, seed) -> None:
    """Wider sweeps, or one unit more, leave every particle at most as likely."""
    belief, _, issued = first
    tracks = flown(issued).tracks
    chosen = tracks[seed % len(tracks)]
    wider = replace(chosen, sweep_width_m={key: factor * w for key, w in chosen.sweep_width_m.items()})
    alone, _ = update_belief(belief.reported, SearchResult((chosen,)))
    other, _ = update_belief(belief.reported, SearchResult((wider,)))
    sign = 1 if factor >= 1 else -1
    assert np.all(sign * (other.weight - alone.weight) <= 1e-12)
    everyone, _ = update_belief(belief.reported, SearchResult(tracks))
    assert np.all(everyone.weight <= alone.weight + 1e-15)
    assert np.all(alone.weight <= belief.reported.weight + 1e-15)
    in_turn = belief.reported
    for track in tracks:
        in_turn, _ = update_belief(in_turn, SearchResult((track,)))
    np.testing.assert_allclose(in_turn.weight, everyone.weight, rtol=1e-4, atol=1e-12)


def test_a_search_against_another_object_teaches_nothing(first) -> None:
    belief, _, issued = first
    blind = tuple(replace(track, sweep_width_m={"OTHER": 900.0}) for track in flown(issued).tracks)
    posterior, lesson = update_belief(belief.reported, SearchResult(blind))
    np.testing.assert_array_equal(posterior.weight, belief.reported.weight)
    assert lesson.pos == 0.0


def test_a_search_outside_the_drift_is_refused(first) -> None:
    belief, _, issued = first
    late = tuple(
        replace(track, start_s=track.start_s + 86_400.0, end_s=track.end_s + 86_400.0)
        for track in flown(issued).tracks
    )
    with pytest.raises(PlanError, match="no drift was computed"):
        update_belief(belief.reported, SearchResult(late))
    with pytest.raises(PlanError, match="at least one unit"):
        update_belief(belief.reported, SearchResult(()))
