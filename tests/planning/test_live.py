"""Edits of a plan: what stays, what changes, and that every figure is the one computed from scratch."""

from dataclasses import replace

import numpy as np
import pytest

from builders_sea import FRAME, case, environment, flown, place, ship, unit
from independent_pos import pos_of_plan
from sarex import mission
from sarex.planning import Effort
from sarex.planning.live import Edit
from sarex.planning.model import Activity
from sarex.tasking.read_back import unit_plans_of

QUICK = Effort(lines=1, tries=20, rounds=2, moves=8, shakes=0, polish=2)


@pytest.fixture(scope="module")
def story():
    fleet = (
        unit("First"),
        unit("Second", altitude_m=400.0),
        ship("Ship", position=place(-20_000.0, -5_000.0)),
    )
    given = case(units=fleet)
    sea = environment((0.3, 0.2), (5.0, 1.0))
    belief = mission.drift_objects(given, sea)
    plan = mission.plan_search(given, sea, belief, QUICK)
    return given, sea, belief, plan, mission.edit_plan(given, sea, belief, plan)


def joint_by_hand(given, sea, belief, plan, edited) -> float:
    """POS of the edited plan by the independent computation of the tests, from the tasks."""
    plans = list(plan.unit_plans)
    plans[edited.number] = edited.unit_plan
    issued = mission.issue_tasks(given, sea, replace(plan, unit_plans=tuple(plans)))
    return pos_of_plan(belief.reported, issued)


def test_an_edit_of_nothing_is_the_plan(story) -> None:
    *_, plan, live = story
    edited = live.edited(0, Edit())
    assert edited.pos == pytest.approx(plan.quality.pos, abs=1e-9)
    assert edited.pos_by_unit == pytest.approx([unit_plan.pos for unit_plan in plan.unit_plans], abs=1e-9)
    assert edited.violations == ()


@pytest.mark.parametrize(
    "edit",
    [
        Edit(east_m=2500.0, north_m=-1000.0),
        Edit(turn_deg=35.0),
        Edit(along_frac=0.8, across_frac=1.2),
        Edit(north_m=1500.0, turn_deg=-80.0, along_frac=1.1),
    ],
)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_figures_are_those_of_the_edited_legs(story, edit, number) -> None:
    given, sea, belief, plan, live = story
    edited = live.edited(number, edit)
    assert edited.why_not is None
    assert edited.pos == pytest.approx(joint_by_hand(given, sea, belief, plan, edited), abs=0.01)
    for other, added in enumerate(edited.marginal):
        without = [
            e
            for n, e in enumerate((*live.exposures[:number], edited.exposure, *live.exposures[number + 1 :]))
            if n != other
        ]
        rest = float(np.sum(live.waters.weight * -np.expm1(-np.sum(without, axis=0, dtype=float))))
        assert added == pytest.approx(edited.pos - rest, abs=1e-6)


def test_a_shift_moves_every_leg_by_as_much(story) -> None:
    *_, live = story
    nearer = live.moved(0, -3000.0, 0.0)
    before, after = (
        np.array([(leg.start_x_m, leg.start_y_m) for leg in legs if leg.activity is Activity.SEARCH])
        for legs in (live.unit_plans[0].legs, nearer.unit_plan.legs)
    )
    assert after - before == pytest.approx(np.tile([-3000.0, 0.0], (len(before), 1)), abs=15.0)


def test_a_turn_is_clockwise_and_keeps_lengths(story) -> None:
    *_, live = story
    turned = live.turned(0, 30.0)

    def course_and_length(legs):
        leg = next(leg for leg in legs if leg.activity is Activity.SEARCH)
        x, y = leg.end_x_m - leg.start_x_m, leg.end_y_m - leg.start_y_m
        return np.degrees(np.arctan2(x, y)), np.hypot(x, y)

    (before_deg, before_m), (after_deg, after_m) = (
        course_and_length(legs) for legs in (live.unit_plans[0].legs, turned.unit_plan.legs)
    )
    # the leg is turned in the frame of the drift: a little less or more over the ground
    assert (after_deg - before_deg) % 360.0 == pytest.approx(30.0, abs=1.5)
    assert after_m == pytest.approx(before_m, rel=0.03)


def test_edits_that_can_be_flown_break_no_rule_of_the_unit_alone(story) -> None:
    *_, live = story
    alone = []
    random = np.random.default_rng(4)
    for number in range(60):
        edited = live.edited(
            number % 3,
            Edit(
                *random.normal(0.0, 4000.0, 2), random.normal(0.0, 60.0), *np.exp(random.normal(0.0, 0.2, 2))
            ),
        )
        alone += [] if edited.why_not else [v for v in edited.violations if len(v.units) == 1]
    # stretched across, a rounded square may turn too tightly: that is for the rules to say
    assert {v.rule for v in alone} <= {"turns are as wide as the unit's turn radius"}


def test_what_cannot_be_flown_says_why(story) -> None:
    *_, plan, live = story
    far = live.moved(0, 900_000.0, 0.0)
    assert "no time" in str(far.why_not)
    assert far.pos == pytest.approx(plan.quality.pos, abs=1e-9)
    assert "0.2 to 5" in live.stretched(0, 9.0, 1.0).why_not
    assert "finite" in live.moved(0, float("nan"), 0.0).why_not


def test_an_accepted_edit_is_where_the_next_begins(story) -> None:
    *_, live = story
    first = live.moved(1, 1000.0, 0.0)
    following = live.accepted(first)
    assert following.edited(1, Edit()).pos == pytest.approx(first.pos, abs=1e-12)
    back = following.moved(1, -1000.0, 0.0)
    assert back.pos == pytest.approx(live.edited(1, Edit()).pos, abs=0.01)


def test_a_plan_from_tasks_is_edited_alike(story) -> None:
    """Legs that went through positions and times, as those of a file do."""
    given, sea, belief, plan, live = story
    read = unit_plans_of(FRAME, mission.issue_tasks(given, sea, plan).tasks)
    from_tasks = mission.edit_plan(given, sea, belief, replace(plan, unit_plans=read))
    edit = Edit(east_m=1200.0, turn_deg=25.0)
    assert from_tasks.edited(0, edit).pos == pytest.approx(live.edited(0, edit).pos, abs=1e-3)


def test_two_areas_at_one_height_that_come_to_overlap_are_told() -> None:
    fleet = (unit("First"), unit("Second"))
    given = case(units=fleet)
    sea = environment((0.1, 0.0), (4.0, 0.0))
    belief = mission.drift_objects(given, sea)
    plan = mission.plan_search(given, sea, belief, QUICK)
    live = mission.edit_plan(given, sea, belief, plan)
    one, two = (unit_plan.area_xy_m.mean(axis=0) for unit_plan in plan.unit_plans)
    onto = live.moved(0, *(two - one).tolist())
    assert any("overlap" in violation.rule for violation in onto.violations)
    assert len(flown(mission.issue_tasks(given, sea, plan)).tracks) == 2
