"""Every violation planted in a clean plan is found, with the right rule, units and time."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from planted import FIGURE_KINDS, KINDS, Clean, Planted, Spot

from builders_sea import coast
from random_cases import RandomCase
from sarex import mission
from sarex.safety import RULES, PlanRules

SEEDS = (1, 4, 10)
"""Cases with three, four and four tasks: all kinds of unit, ladders, squares and sectors."""
DRAWS = 10
TOLERANCE = timedelta(seconds=2)


@pytest.fixture(scope="module")
def clean() -> tuple[Clean, ...]:
    """Plans made once for all kinds."""
    made = []
    for seed in SEEDS:
        drawn = RandomCase(seed)
        belief, _, issued = drawn.planned()

        def with_islet(islet, drawn=drawn):
            return replace(drawn.sea, coast=coast([drawn.island, islet], drawn.frame, 100_000.0))

        made.append(Clean(drawn.case, drawn.sea, issued, with_islet, belief.reported))
    return tuple(made)


def planted_by(kind, clean: tuple[Clean, ...]) -> list[Planted]:
    """As many as are asked for, on tasks drawn at random."""
    rng = np.random.default_rng(sum(map(ord, kind.__name__)))
    spots = [(one, number) for one in clean for number in range(len(one.plan.tasks))]
    found: list[Planted] = []
    for _ in range(40 * DRAWS):
        one, number = spots[int(rng.integers(len(spots)))]
        planted = kind(Spot(one, rng, number))
        if planted is not None:
            found.append(planted)
        if len(found) == DRAWS:
            break
    return found


def test_clean_plans_are_clean(clean) -> None:
    for one in clean:
        checks = PlanRules(one.case, one.sea).check(one.plan)
        assert [check.details for check in checks if check.violations] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_was_planted_is_found(kind, clean) -> None:
    planted = planted_by(kind, clean)
    assert len(planted) == DRAWS
    for one in planted:
        checks = {check.rule: check for check in PlanRules(one.case, one.sea).check(one.plan)}
        found = checks[one.rule].found
        assert any(
            violation.units == one.units and one.since - TOLERANCE <= violation.at <= one.until + TOLERANCE
            for violation in found
        ), (one.rule, one.units, one.since, one.until, found)
        assert all(violation.amount > 0.0 for check in checks.values() for violation in check.found)


def test_figures_of_clean_plans_are_those_of_their_legs(clean) -> None:
    for one in clean:
        again, check = mission.check_figures(one.case, one.sea, one.belief, one.plan)
        assert check.details == ()
        assert again.pos == pytest.approx(one.plan.quality.pos, abs=1e-6)


@pytest.mark.parametrize("kind", FIGURE_KINDS, ids=lambda kind: kind.__name__)
def test_figures_that_were_planted_are_found(kind, clean) -> None:
    beliefs = {one.case.id + str(one.case.seed): one.belief for one in clean}
    planted = planted_by(kind, clean)
    assert len(planted) == DRAWS
    for one in planted:
        belief = beliefs[one.case.id + str(one.case.seed)]
        _, check = mission.check_figures(one.case, one.sea, belief, one.plan)
        assert check.rule == one.rule
        assert any(
            violation.units == one.units and abs(violation.at - one.since) <= TOLERANCE
            for violation in check.found
        ), (one.units, one.since, check.found)
        assert all(violation.amount > 0.0 for violation in check.found)


def test_enough_was_planted() -> None:
    """Each rule is broken in some way, two hundred times and more in all."""
    assert len(KINDS) * DRAWS >= 200


def test_every_rule_is_broken_by_something(clean) -> None:
    broken = {one.rule for kind in KINDS for one in planted_by(kind, clean)[:1]}
    assert broken == set(RULES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_one_task_among_the_others_is_told_the_same(kind, clean) -> None:
    """What is told while one task is edited is what the whole plan's check tells of it."""
    for one in planted_by(kind, clean)[:3]:
        if not one.units or one.plan.window_end != one.case.window.end:
            continue
        rules = PlanRules(one.case, one.sea)
        mine = next(task for task in one.plan.tasks if task.unit.name == one.units[-1])
        others = [task for task in one.plan.tasks if task is not mine]
        told = rules.check_task(mine, others, one.plan.on_scene_wind_mps)
        whole = [v for check in rules.check(one.plan) for v in check.found if mine.unit.name in v.units]
        assert {(v.rule, frozenset(v.units)) for v in told} >= {(one.rule, frozenset(one.units))}
        assert {v.rule for v in told} <= {v.rule for v in whole}
