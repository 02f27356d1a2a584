"""Intervals of means of values that hang together."""

import numpy as np
import pytest

from sarex.validation.resample import draw_weights, estimate, group_numbers


def width(values: np.ndarray, *groupings: np.ndarray) -> float:
    found = estimate(values, draw_weights(groupings, np.random.default_rng(3)))
    return found.high - found.low


def test_groups_are_numbered_in_order_of_appearance() -> None:
    assert group_numbers(["b", "a", "b", "c"]).tolist() == [0, 1, 0, 2]


def test_values_that_are_equal_within_groups_count_once_a_group() -> None:
    """25 groups of 40 equal values: the mean is as uncertain as one of 25 values, 2 x 1.96 sd / 5."""
    generator = np.random.default_rng(1)
    of_group = generator.standard_normal(25)
    groups, singles = np.repeat(np.arange(25), 40), np.arange(1000)
    values = np.repeat(of_group, 40)
    assert width(values, groups) == pytest.approx(2 * 1.96 * of_group.std() / 5.0, rel=0.1)
    assert width(values, singles) < width(values, groups) / 4.0


def test_both_groupings_at_once_are_the_most_careful() -> None:
    generator = np.random.default_rng(2)
    drifters, days = np.repeat(np.arange(20), 20), np.tile(np.arange(20), 20)
    values = generator.standard_normal(20)[drifters] + generator.standard_normal(20)[days]
    both = width(values, drifters, days)
    assert both > max(width(values, drifters), width(values, days))


def test_the_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    """200 samples of 40 groups: 95 % held; fewer than 88 % or more than 99.5 % would be a fault."""
    held = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        groups = np.repeat(np.arange(40), 5)
        values = generator.standard_normal(40)[groups] + 0.3 * generator.standard_normal(200)
        found = estimate(values, draw_weights((groups,), generator)[:400])
        held += found.low <= 0.0 <= found.high
    assert 176 <= held <= 199


def test_missing_values_are_left_out() -> None:
    weights = draw_weights((np.arange(4),), np.random.default_rng(1))
    assert estimate(np.array([1.0, np.nan, 1.0, np.nan]), weights).value == 1.0
    assert np.isnan(estimate(np.full(4, np.nan), weights).low)
