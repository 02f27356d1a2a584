"""What an interval finds, alive and dead, against plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from sarex.kernels.outcome import alive_fracs, alive_table, reap

CURVES = np.array(
    [
        [[7200.0, 0.7, 0.3, 180.0], [0.0, 0.7, 0.3, 180.0]],
        [[20_000.0, 0.5, 0.0, 180.0], [86_400.0, 0.7, 0.1, 300.0]],
    ]
)
"""(model, type, 4); the first model has a type that nobody lives in."""


def slow_alive(in_water_s, curve):
    """(particle,)"""
    median_s, spread, early, mean_s = curve
    if median_s == 0.0:
        return np.zeros_like(in_water_s)
    wet_s = np.where(np.isnan(in_water_s), 0.0, np.maximum(in_water_s, 0.0))
    return (1.0 - early) * lognorm.sf(wet_s, spread, scale=median_s) + early * np.exp(-wet_s / mean_s)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_twin(seed) -> None:
    rng = np.random.default_rng(seed)
    count = 40
    exposure = np.where(rng.random(count) < 0.3, 0.0, rng.exponential(1.0, count))
    before, weight = rng.exponential(1.0, count), rng.random(count)
    in_water_s = np.where(rng.random(count) < 0.3, np.nan, rng.uniform(-5e4, 2e4, count))
    kind = rng.integers(0, 2, count).astype(np.int16)
    exposed = before.copy()
    totals = reap(exposure, exposed, weight, 1000.0, in_water_s, kind, CURVES)
    found = weight * (np.exp(-before) - np.exp(-before - exposure))
    alive = [
        np.where(kind == 0, *(slow_alive(1000.0 - in_water_s, curve) for curve in model)) for model in CURVES
    ]
    assert totals == pytest.approx([found.sum(), *((found * share).sum() for share in alive)], rel=1e-9)
    assert exposed == pytest.approx(before + exposure)
    assert (totals[1:] <= totals[0]).all()
    table = alive_table(np.array([1000.0]), in_water_s, kind, CURVES[0])
    assert table[0] == pytest.approx(alive[0], abs=1e-6)


def test_a_particle_that_everybody_looked_at_is_not_found_twice() -> None:
    exposed = np.zeros(1)
    args = (np.ones(1), 0.0, np.array([np.nan]), np.zeros(1, np.int16), CURVES[:0])
    first = reap(np.array([50.0]), exposed, *args)
    second = reap(np.array([50.0]), exposed, *args)
    assert (first.tolist(), second[0]) == ([1.0], pytest.approx(0.0, abs=1e-20))


def test_half_live_at_the_median_when_nobody_dies_early() -> None:
    assert alive_fracs(np.array([20_000.0]), CURVES[1, 0])[0] == pytest.approx(0.5)
