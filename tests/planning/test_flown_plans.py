"""Random fleets, islands and danger areas: every plan keeps every rule and says its POS truly."""

from datetime import timedelta

import pytest

from builders_sea import SMALL, START, case, environment, place, unit
from independent_pos import pos_of_plan
from random_cases import RandomCase
from sarex.case.model import Light, UnitKind
from sarex.drift import drift_ensemble
from sarex.planning import Belief, plan_search
from sarex.safety import check_plan


@pytest.mark.parametrize(
    ("seed", "varied"), [*((n, False) for n in range(14)), *((n, True) for n in range(14))]
)
def test_a_plan_keeps_the_rules_and_its_word(seed, varied) -> None:
    drawn = RandomCase(seed, varied=varied)
    belief, plan, issued = drawn.planned()
    for rule in check_plan(drawn.case, drawn.sea, issued):
        assert rule.violations == 0, (rule.rule, rule.details[:3])
    quality = plan.quality
    assert 0.0 <= quality.pos_low <= quality.pos <= quality.pos_high <= 1.0
    assert quality.pos <= quality.pos_upper_bound + 1e-9
    assert quality.pos_optimum_low <= quality.pos_upper_bound + 0.02
    assert pos_of_plan(belief.reported, issued) == pytest.approx(quality.pos, abs=0.01)
    named = {task.unit.name for task in issued.tasks} | {idle.unit.name for idle in plan.unused}
    assert named == {given.name for given in drawn.case.units}
    assert all(idle.why for idle in plan.unused)
    for task in issued.tasks:
        assert task.legs[0].start_time >= max(drawn.window.start, task.unit.available_from)
        assert 0.0 < task.pos <= task.poc + 0.5
        assert task.pos <= quality.pos + 1e-9


def test_the_cases_drawn_exercise_the_planner() -> None:
    """Guards the generator: all kinds of unit, every size of fleet, both numbers of scenarios."""
    drawn = [RandomCase(seed).case for seed in range(14)]
    kinds = {given.kind for one in drawn for given in one.units}
    varied = [RandomCase(seed, varied=True).case for seed in range(14)]
    assert {len(one.shoals) for one in varied} == {len(one.looks) for one in varied} == {0, 1, 2}
    assert {given.light for one in varied for given in one.units} == set(Light)
    assert {given.sorties for one in varied for given in one.units} == {1, 2, 3}
    assert kinds == set(UnitKind)
    assert {len(one.scenarios) for one in drawn} == {1, 2}
    assert {len(one.units) for one in drawn} >= {1, 2, 3, 4, 5}


def test_a_plan_with_twice_the_units_promises_no_less() -> None:
    """On the same belief, a second helicopter at another height can only help (search noise: one point)."""
    one = unit("First")
    two = unit("Second", altitude_m=304.8)
    pos = []
    for fleet in ((one,), (one, two)):
        given = case(units=fleet)
        sea = environment((0.2, 0.1), (5.0, 0.0))
        draws = [
            drift_ensemble(given, sea, until=given.window.end, purpose=p) for p in ("reported", "rehearsal")
        ]
        pos.append(plan_search(given, sea, Belief(*draws), SMALL).quality.pos)
    assert pos[1] > pos[0] - 0.01


def test_no_units_no_plan() -> None:
    given = case(units=())
    draws = [
        drift_ensemble(given, environment(), until=given.window.end, purpose=p)
        for p in ("reported", "rehearsal")
    ]
    plan = plan_search(given, environment(), Belief(*draws), SMALL)
    assert plan.unit_plans == ()
    assert plan.quality.pos == plan.quality.pos_upper_bound == plan.quality.pos_doctrine == 0.0


def test_those_who_cannot_help_are_told_why() -> None:
    given = case(
        units=(
            unit("Late", available_from=START + timedelta(hours=9)),
            unit("Blind", sensor="infrared"),
            unit("Far", position=place(-140_000.0, 0.0), endurance_s=1800.0),
        )
    )
    sea = environment()
    draws = [drift_ensemble(given, sea, until=given.window.end, purpose=p) for p in ("reported", "rehearsal")]
    plan = plan_search(given, sea, Belief(*draws), SMALL)
    why = {idle.unit.name: idle.why for idle in plan.unused}
    assert "after the search window" in why["Late"]
    assert "infrared" in why["Blind"]
    assert "endurance" in why["Far"]
