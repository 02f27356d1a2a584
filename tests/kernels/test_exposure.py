"""Koopman's exposure against quadrature, published figures and plain geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels.exposure import BLOCK, bounds_of_blocks, exposures, found

STEP_S = 600.0


def exposed(legs, x, y, width, *, afloat=None, reach=0.0, step_s=STEP_S):
    x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    afloat = np.ones(x.shape, bool) if afloat is None else afloat
    width = np.broadcast_to(np.asarray(width, np.float32), x.shape[1:]).copy()
    bounds = bounds_of_blocks(x, y, afloat)
    return exposures(np.asarray(legs, float), 0.0, step_s, x, y, afloat, width, bounds, reach)


def quadrature(leg, x, y, width, points=200_001):
    """Integral of a / r^3 dt over one leg by the trapezium rule, particle straight between instants."""
    t = np.linspace(leg[4], leg[5], points)
    share = (t - leg[4]) / (leg[5] - leg[4])
    speed = np.hypot(leg[2] - leg[0], leg[3] - leg[1]) / (leg[5] - leg[4])
    instants = STEP_S * np.arange(len(x))
    r = np.hypot(
        leg[0] + share * (leg[2] - leg[0]) - np.interp(t, instants, x),
        leg[1] + share * (leg[3] - leg[1]) - np.interp(t, instants, y),
    )
    return np.trapezoid(speed * width**2 / (8 * np.pi) / r**3, t)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_moving_particles_against_quadrature(seed) -> None:
    """Three intervals, slow and fast craft, any direction; passes nearer than 30 m are left to the floor."""
    rng = np.random.default_rng(seed)
    x, y = (np.cumsum(rng.uniform(-900, 900, (4, 1)), axis=0) for _ in range(2))
    start, speed = rng.uniform(-3000, 3000, 2), rng.uniform(4.0, 60.0)
    begin_s, end_s = rng.uniform(0, 700), rng.uniform(900, 1800)
    heading = rng.uniform(0, 2 * np.pi)
    end = start + speed * (end_s - begin_s) * np.array([np.cos(heading), np.sin(heading)])
    leg = [*start, *end, begin_s, end_s]
    x, y = x.astype(np.float32), y.astype(np.float32)
    t = np.linspace(begin_s, end_s, 20_001)
    share = ((t - begin_s) / (end_s - begin_s))[:, None]
    place = np.column_stack([np.interp(t, STEP_S * np.arange(4), part[:, 0]) for part in (x, y)])
    if np.hypot(*(start + share * (end - start) - place).T).min() < 30.0:
        return
    expected = quadrature(leg, x[:, 0], y[:, 0], 400.0)
    assert exposed([leg], x, y, 400.0)[0] == pytest.approx(expected, rel=2e-3, abs=1e-7)


@pytest.mark.parametrize("lateral_m", [50.0, 200.0, 1000.0])
def test_one_infinite_pass(lateral_m) -> None:
    """Koopman (1946): W^2 / (4 pi x^2)."""
    found = exposed(
        [[-1e6, 0.0, 1e6, 0.0, 0.0, 20_000.0]], [[0.0], [0.0]], [[lateral_m]] * 2, 300.0, step_s=2e4
    )
    assert found[0] == pytest.approx(300.0**2 / (4 * np.pi * lateral_m**2), rel=1e-4)


@pytest.mark.parametrize(("coverage", "pod"), [(0.5, 0.469), (1.0, 0.790), (2.0, 0.988)])
def test_a_long_ladder(coverage, pod) -> None:
    """Koopman's ideal ladder, erf(sqrt(pi)/2 C); 20,000 points make the mean good to 0.003."""
    width, rng = 1000.0, np.random.default_rng(0)
    spacing = width / coverage
    x, y = rng.uniform(-2 * spacing, 2 * spacing, 20_000), rng.uniform(-500, 500, 20_000)
    legs = [[(i + 0.5) * spacing, -2e6, (i + 0.5) * spacing, 2e6, 0.0, 1e5] for i in range(-200, 200)]
    found = exposed(legs, np.tile(x, (2, 1)), np.tile(y, (2, 1)), width, step_s=1e5)
    assert float((1 - np.exp(-found.astype(float))).mean()) == pytest.approx(pod, abs=0.004)


def test_swept_rate_in_relative_motion() -> None:
    """A particle moving with speed u relative to a craft of speed v gets W^2 v / (4 pi x^2 u)."""
    duration = 2e5
    along = np.array([[-10.0], [10.0]]) * duration / 2  # toward the craft at 20 m/s, craft at 30 m/s
    found = exposed(
        [[15.0 * duration, 0.0, -15.0 * duration, 0.0, 0.0, duration]],
        along,
        [[500.0]] * 2,
        300.0,
        step_s=duration,
    )
    assert found[0] == pytest.approx(300.0**2 / (4 * np.pi * 500.0**2) * 30.0 / 40.0, rel=1e-3)


def test_only_what_is_afloat_at_both_ends_is_looked_at() -> None:
    afloat = np.array([[True, False, True], [True, True, False], [True, True, True]])
    found = exposed(
        [[-5000.0, 0.0, 5000.0, 0.0, 0.0, 600.0]],
        np.zeros((3, 3)),
        np.full((3, 3), 200.0),
        300.0,
        afloat=afloat,
    )
    assert found[0] > 0.1
    np.testing.assert_array_equal(found[1:], 0.0)


def random_search(seed):
    rng = np.random.default_rng(seed)
    count = 3 * BLOCK + 17
    x = rng.normal(0, 4000, count) + np.cumsum(rng.normal(0, 100, (5, count)), axis=0)
    y = rng.normal(0, 4000, count) + np.cumsum(rng.normal(0, 100, (5, count)), axis=0)
    corners = rng.uniform(-5000, 5000, (9, 2))
    times = np.linspace(100.0, 2300.0, 9)
    legs = np.column_stack([corners[:-1], corners[1:], times[:-1], times[1:]])
    return legs, x, y


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_exposures_of_legs_add_and_pieces_make_the_whole(seed) -> None:
    legs, x, y = random_search(seed)
    whole = exposed(legs, x, y, 500.0)
    one_by_one = sum(exposed(legs[i : i + 1], x, y, 500.0).astype(float) for i in range(len(legs)))
    np.testing.assert_allclose(whole, one_by_one, rtol=1e-4, atol=1e-7)
    middle = 0.5 * (legs[:, :4].reshape(-1, 2, 2).sum(axis=1))
    at = 0.5 * (legs[:, 4] + legs[:, 5])
    halves = np.concatenate(
        [
            np.column_stack([legs[:, :2], middle, legs[:, 4], at]),
            np.column_stack([middle, legs[:, 2:4], at, legs[:, 5]]),
        ]
    )
    plain = np.exp(-whole.astype(float))
    np.testing.assert_allclose(np.exp(-exposed(halves, x, y, 500.0).astype(float)), plain, atol=2e-3)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(0.3, 3.0))
def test_exposure_goes_with_the_square_of_the_width(seed, factor) -> None:
    """So POS is monotone in sweep width, whatever the search."""
    legs, x, y = random_search(seed)
    base, other = exposed(legs, x, y, 500.0), exposed(legs, x, y, 500.0 * factor)
    np.testing.assert_allclose(other, factor**2 * base, rtol=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_culling_loses_no_more_than_it_states(seed) -> None:
    """Beyond 20 widths: less than 2e-4 a piece; 8 legs over at most 5 intervals each."""
    legs, x, y = random_search(seed)
    exact, culled = exposed(legs, x, y, 100.0), exposed(legs, x, y, 100.0, reach=20.0)
    assert np.all(culled <= exact * (1 + 1e-5) + 1e-7)
    assert np.all(exact - culled <= 8 * 5 * 2e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_what_exposures_find_of_the_missed(seed) -> None:
    legs, x, y = random_search(seed)
    x, y = x.astype(np.float32), y.astype(np.float32)
    afloat, width = np.ones(x.shape, bool), np.full(x.shape[1], 400.0, np.float32)
    missed = np.random.default_rng(seed).random(x.shape[1])
    exposure = exposures(legs, 0.0, STEP_S, x, y, afloat, width, bounds_of_blocks(x, y, afloat), 0.0)
    expected = float(missed @ -np.expm1(-exposed(legs, x, y, 400.0).astype(float)))
    assert found(exposure, missed) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(1e-4, 1.5))
def test_where_a_leg_is_cut_does_not_matter(seed, sliver_s) -> None:
    """A slow leg that ends a moment after an instant of the particles leaves a piece of no length.

    Single precision gives such a piece no direction; it once gave particles 40 km away an exposure of 160.
    """
    rng = np.random.default_rng(seed)
    x = np.tile(rng.uniform(-40_000, 40_000, 256), (4, 1))
    y = np.tile(rng.uniform(-40_000, 40_000, 256), (4, 1))
    heading, speed = rng.uniform(0, 2 * np.pi), 7.0
    direction = speed * np.array([np.cos(heading), np.sin(heading)])

    def leg(begin_s, end_s):
        return [*(direction * begin_s), *(direction * end_s), begin_s, end_s]

    cut = exposed([leg(30.0, 600.0 + sliver_s)], x, y, 1852.0)
    until = exposed([leg(30.0, 600.0)], x, y, 1852.0)
    far = np.hypot(x[0] - direction[0] * 600.0, y[0] - direction[1] * 600.0) > 2000.0
    # the sliver itself adds v W^2 / 8 pi times its duration over range cubed, at most
    most = speed * 1852.0**2 / (8 * np.pi) * sliver_s / 2000.0**3
    assert np.all(np.abs(cut - until)[far] <= most + 1e-5 * until[far] + 1e-6)
