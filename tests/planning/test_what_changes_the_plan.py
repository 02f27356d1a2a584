"""Why, what more is worth, what if, and how few units must move."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from builders_sea import case, environment, last_known, scenario, unit
from sarex import mission
from sarex.case.model import DangerArea, Position
from sarex.cli.keeping import rules_for_planner
from sarex.planning import Effort, keeping
from sarex.planning.explain import with_reasons
from sarex.planning.figures import exposure_of
from sarex.planning.keeping import plan_keeping
from sarex.planning.marginal import worth_of_units
from sarex.planning.model import Pattern
from sarex.planning.readiness import made_ready
from sarex.planning.what_if import Change, ask, with_wind
from sarex.safety import PlanRules

QUICK = Effort(lines=1, tries=20, rounds=2, moves=8, shakes=0, polish=2)


def believed(given, sea):
    belief = mission.drift_objects(given, sea)
    return belief.reported, belief.rehearsal


@pytest.fixture(scope="module")
def story():
    """Two scenarios 30 km apart, two helicopters."""
    given = case(
        scenario(last_known(0.0, -15_000.0), {"LIFE-RAFT-DB-10": 1.0}, 0.7, "south"),
        scenario(last_known(0.0, 15_000.0), {"PIW-1": 1.0}, 0.3, "north"),
        units=(unit("First"), unit("Second", altitude_m=400.0)),
    )
    sea = environment((0.3, 0.2), (5.0, 1.0))
    belief = mission.drift_objects(given, sea)
    return given, sea, belief, mission.plan_search(given, sea, belief, QUICK)


def ready_for(story):
    given, sea, belief, _ = story
    return made_ready(given, sea, belief.reported, belief.rehearsal)


def test_what_a_unit_adds_is_what_the_plan_loses_without_it(story) -> None:
    given, _, _, plan = story
    ready = ready_for(story)
    worths = worth_of_units(plan.unit_plans, ready.crews, ready.reported, ready.drift, given.object_types, 1)
    exposures = [exposure_of(one, ready.reported, given.object_types) for one in plan.unit_plans]
    weight = ready.reported.weight
    both = float(np.sum(weight * -np.expm1(-np.sum(exposures, axis=0, dtype=float))))
    for worth, other in zip(worths, reversed(exposures), strict=True):
        alone = float(np.sum(weight * -np.expm1(-other.astype(float))))
        assert worth.adds == pytest.approx(both - alone, abs=1e-6)
        assert 0.0 < worth.another_hour < 1.0 - both
        assert worth.another_hour < worth.another_unit < 1.0 - both


def test_more_is_worth_nothing_where_nothing_is_left(story) -> None:
    given, _, _, plan = story
    ready = ready_for(story)
    found = np.full(ready.reported.weight.size, 50.0)
    worths = worth_of_units(
        plan.unit_plans, ready.crews, ready.reported, ready.drift, given.object_types, 1, before=found
    )
    assert all(worth.another_hour < 1e-9 and worth.another_unit < 1e-9 for worth in worths)


def test_reasons_name_the_scenario_that_an_area_holds(story) -> None:
    given, _, belief, plan = story
    explained = with_reasons(given, ready_for(story), belief.reported.scenario_names, plan)
    for unit_plan in explained.unit_plans:
        assert 2 <= len(unit_plan.why) <= 4
        northward = unit_plan.area_xy_m[:, 1].mean() > 5_000.0
        southward = unit_plan.area_xy_m[:, 1].mean() < -5_000.0
        if northward:
            assert unit_plan.why[0].endswith("; scenario: all north; object: all PIW-1.")
        if southward:
            assert {"scenario: all south", "object: all LIFE-RAFT-DB-10."} <= set(
                unit_plan.why[0].split("; ")
            )
        assert f"POD {100 * unit_plan.pod:.0f} %" in unit_plan.why[1] or unit_plan.pod < 0.1
    tasks = mission.issue_tasks(given, story[1], explained).tasks
    assert [task.why for task in tasks] == [one.why for one in explained.unit_plans]


def test_a_wind_that_veers_turns_clockwise() -> None:
    sea = environment((0.0, 0.0), (0.0, 10.0))
    turned = with_wind(sea, Change("", veer_deg=30.0, wind_frac=2.0)).wind
    assert turned.velocity_mps[0, 0, 0] == pytest.approx([10.0, 10.0 * 3**0.5], rel=1e-5)


def test_nothing_changed_is_the_plan(story) -> None:
    given, sea, belief, plan = story
    (answer,) = ask(
        given,
        sea,
        (belief.reported, belief.rehearsal),
        plan.unit_plans,
        [Change("nothing")],
        believed,
        effort=QUICK,
    )
    assert answer.pos_standing == pytest.approx(plan.quality.pos, abs=1e-6)
    assert answer.pos_replanned >= answer.pos_standing


def test_a_unit_that_fails_costs_what_it_adds_before_anybody_moves(story) -> None:
    given, sea, belief, plan = story
    first, second = plan.unit_plans
    (answer,) = ask(
        given, sea, (belief.reported, belief.rehearsal), plan.unit_plans,
        [Change("First fails", fails="First")], believed, effort=QUICK,
    )  # fmt: skip
    assert answer.pos_standing == pytest.approx(second.pos, abs=1e-6)
    assert set(answer.would_move) <= {"Second"}
    assert answer.pos_replanned >= answer.pos_standing
    assert first.unit.name == "First"


def test_narrower_sweeps_find_less_and_a_drift_two_hours_on_is_another(story) -> None:
    given, sea, belief, plan = story
    asked = []

    def believe(other, changed_sea):
        asked.append(other.window.start - given.window.start)
        return believed(other, changed_sea)

    less, later, stronger = ask(
        given, sea, (belief.reported, belief.rehearsal), plan.unit_plans,
        [Change("W", width_frac=0.7), Change("later", later_s=7200.0), Change("wind", wind_frac=1.5)],
        believe, effort=QUICK,
    )  # fmt: skip
    assert less.pos_standing < plan.quality.pos
    assert less.pos_standing == pytest.approx(plan.quality.pos_low, abs=1e-6)
    assert [span.total_seconds() for span in asked] == [7200.0, 0.0]
    # the object drifts some 0.5 m/s to the north-east, the areas stay: 3.5 km off
    assert later.pos_standing < plan.quality.pos
    assert stronger.pos_standing != pytest.approx(plan.quality.pos, abs=1e-6)


def test_keeping_a_plan_tells_what_each_move_gains(story) -> None:
    given, sea, belief, plan = story
    # what is flown is out of place: both units where the first is wanted least
    off = tuple(
        replace(
            one,
            legs=tuple(
                replace(leg, start_y_m=leg.start_y_m + 40_000.0, end_y_m=leg.end_y_m + 40_000.0)
                for leg in one.legs
            ),
            area_xy_m=one.area_xy_m + np.array([0.0, 40_000.0]),
        )
        for one in plan.unit_plans
    )
    kept = plan_keeping(given, sea, belief, off, QUICK, give_up=0.01)
    assert kept.steps[0].unit_names == ()
    assert kept.steps[0].pos < 0.05
    poses = [step.pos for step in kept.steps]
    assert poses == sorted(poses)
    assert kept.plan.quality.pos == pytest.approx(poses[kept.chosen], abs=1e-9)
    assert kept.plan.outcome is not None
    assert kept.plan.outcome.pos == pytest.approx(kept.plan.quality.pos, abs=1e-5)
    for rule in mission.check_plan(given, sea, mission.issue_tasks(given, sea, kept.plan)):
        assert rule.violations == 0 or "turns" in rule.rule, rule.details


def test_a_good_plan_is_kept_whole(story) -> None:
    given, sea, belief, plan = story
    kept = plan_keeping(given, sea, belief, plan.unit_plans, QUICK, give_up=0.05)
    assert kept.chosen == 0
    assert kept.plan.quality.pos == pytest.approx(plan.quality.pos, abs=1e-6)
    assert [one.unit.name for one in kept.plan.unit_plans] == ["First", "Second"]


def test_a_unit_in_a_danger_area_must_move_whatever_may_be_given_up(story) -> None:
    """A firing range is told that reaches into the first unit's area."""
    given, sea, belief, plan = story
    first, second = plan.unit_plans
    west, south = first.area_xy_m.min(axis=0)
    east, north = west + 3_000.0, south + 2_000.0
    corners = sea.frame.to_lonlat_deg([west, east, east, west], [south, south, north, north])
    firing = DangerArea(
        "Firing range",
        tuple(Position(float(lon), float(lat)) for lon, lat in zip(*corners, strict=True)),
        given.window.start - timedelta(hours=6),
        given.window.end + timedelta(hours=12),
        0.0,
        5000.0,
    )
    changed = replace(given, danger_areas=(firing,))
    broken = rules_for_planner(PlanRules(changed, sea), sea.frame)
    kept = plan_keeping(changed, sea, belief, plan.unit_plans, QUICK, give_up=1.0, broken=broken)
    (barred,) = kept.must_move
    assert barred.unit_name == first.unit.name
    assert "Firing range" in barred.why
    assert kept.steps[0].unit_names == (first.unit.name,)
    issued = mission.issue_tasks(changed, sea, kept.plan)
    for rule in mission.check_plan(changed, sea, issued):
        assert rule.violations == 0, rule.details
    (still,) = [one for one in kept.plan.unit_plans if one.unit.name == second.unit.name]
    np.testing.assert_allclose(still.area_xy_m, second.area_xy_m)
    assert still.pattern is second.pattern


@pytest.mark.parametrize("pattern", [Pattern.PARALLEL_SWEEP, Pattern.CREEPING_LINE])
def test_a_kept_pattern_keeps_its_name(pattern, story) -> None:
    given, sea, belief, plan = story
    called = tuple(replace(one, pattern=pattern) for one in plan.unit_plans)
    kept = plan_keeping(given, sea, belief, called, QUICK, give_up=1.0)
    assert [one.pattern for one in kept.plan.unit_plans] == [pattern, pattern]


def test_nobody_is_named_who_would_move_for_nothing(story) -> None:
    given, sea, belief, plan = story
    answers = ask(
        given, sea, (belief.reported, belief.rehearsal), plan.unit_plans,
        [Change("nothing"), Change("narrow", width_frac=0.7)], believed, effort=QUICK,
    )  # fmt: skip
    for answer in answers:
        assert bool(answer.would_move) == (answer.pos_replanned > answer.pos_standing)
        assert answer.pos_free >= answer.pos_replanned >= answer.pos_standing


def test_told_on_few_particles_the_steps_are_nearly_those_of_all_and_nothing_finds_nothing(
    story, monkeypatch
) -> None:
    given, sea, belief, _ = story
    whole = plan_keeping(given, sea, belief, (), QUICK, give_up=0.01)
    monkeypatch.setattr(keeping, "TOLD_PARTICLES", 500)
    few = plan_keeping(given, sea, belief, (), QUICK, give_up=0.01)
    assert few.steps[0].pos == 0.0
    assert few.steps[few.chosen].pos == pytest.approx(few.plan.quality.pos, abs=1e-12)
    for one, other in zip(few.steps, whole.steps, strict=True):
        assert one.pos == pytest.approx(other.pos, abs=0.03), "of 500 particles, given one of the steps"
