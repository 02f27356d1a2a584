"""Ladders of all shapes against a layout of their own in numpy, and plain ones against the manual's."""

from itertools import pairwise
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels import ladder
from sarex.kernels.ladder import (
    LARGEST_TAPER,
    LARGEST_UNEVENNESS,
    MOST_RUNGS,
    across_of,
    duration_of,
    fitting,
    is_sound,
    ladder_legs,
    legs_within,
    rung_of,
    side_of,
    stretch_of,
    stride_of,
)
from sarex.kernels.pattern import parallel_legs
from sarex.kernels.pattern_spiral import spiral_legs

seeds = st.integers(0, 100_000)
UNEVEN = ("TAPER", "SHEAR", "BARREL", "DENSE", "GRADIENT")


def shape_of(**columns):
    """A ladder of 9 km legs 900 m apart unless told otherwise."""
    usual = {"LENGTH": 9000.0, "SPACING": 900.0, "CREEP": 1.0, "START_END": 1.0}
    shape = np.zeros(ladder.SHAPE_COLUMNS)
    for name, value in {**usual, **columns}.items():
        shape[getattr(ladder, name)] = value
    return shape


def drawn(rng, *, uneven=True):
    """Any ladder that can be flown: a barrel never hollow, as the search leaves it."""
    columns = {
        "X": rng.uniform(-5000, 5000), "Y": rng.uniform(-5000, 5000), "HEADING": rng.uniform(-4, 4),
        "LENGTH": rng.uniform(2000, 20_000), "SPACING": np.exp(rng.uniform(4, 8)),
        "CREEP": rng.choice((-1.0, 1.0)), "START_END": rng.choice((-1.0, 1.0)),
    }  # fmt: skip
    if uneven:
        dense, gradient = LARGEST_UNEVENNESS * rng.dirichlet((1, 1, 1))[:2] / (1.5, 0.75)
        taper, barrel = LARGEST_TAPER * rng.dirichlet((1, 1, 1))[:2]
        columns |= {
            "DENSE": dense, "GRADIENT": gradient * rng.choice((-1, 1)), "BARREL": barrel,
            "TAPER": taper * rng.choice((-1, 1)), "SHEAR": rng.uniform(-1, 1),
        }  # fmt: skip
    return shape_of(**columns)


def turn_m(apart_m, radius_m):
    """A semicircle and a straight, or a bulb of three tangent arcs: angle from the triangle of centres."""
    if apart_m >= 2.0 * radius_m:
        return pi * radius_m + apart_m - 2.0 * radius_m
    return radius_m * (pi + 4.0 * np.arccos((radius_m + apart_m / 2.0) / (2.0 * radius_m)))


def order_of(rungs, stride):
    """Groups of two strides, each the first half of its rungs taken in turn with the second."""
    if stride == 1:
        return list(range(rungs))
    order = []
    for begun in range(0, rungs, 2 * stride):
        group = list(range(begun, min(begun + 2 * stride, rungs)))
        half = -(-len(group) // 2)
        halves = group[:half], group[half:]
        order += [halves[n % 2][n // 2] for n in range(len(group))]
    return order


def laid_out(shape, rungs):
    """Where each rung lies across and how it runs along, (rung,) each: across, begin, end; by rung number."""
    dense, gradient, taper, barrel, shear = (
        shape[getattr(ladder, name)] for name in ("DENSE", "GRADIENT", "TAPER", "BARREL", "SHEAR")
    )
    u = (np.arange(rungs) + 0.5) / rungs * 2.0 - 1.0
    # the spacing changes linearly for a gradient and with the square for a dense middle, its mean kept
    share = (1.0 - dense) * u + dense * u**3 + gradient * (u**2 - 1.0) / 2.0
    across_m = share * rungs * shape[ladder.SPACING] / 2.0
    half_m = shape[ladder.LENGTH] * (1.0 + taper * share - barrel * share**2) / 2.0
    return across_m, shear * across_m - half_m, shear * across_m + half_m


def in_frame(legs, shape, drift, reference_s):
    """Ends of legs along the heading and to the creep side, from the drifting centre, (leg, 2, 2)."""
    heading, creep = shape[ladder.HEADING], shape[ladder.CREEP]
    axes = np.array([[cos(heading), sin(heading)], [-sin(heading) * creep, cos(heading) * creep]])
    ends = legs[:, :4].reshape(-1, 2, 2) - drift * (legs[:, 4:6, np.newaxis] - reference_s)
    return (ends - shape[[ladder.X, ladder.Y]]) @ axes.T


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_an_even_ladder_flown_in_turn_is_the_manuals(seed) -> None:
    rng = np.random.default_rng(seed)
    shape = drawn(rng, uneven=False)
    rungs, speed = int(rng.integers(1, 30)), rng.uniform(15, 80)
    # turns need no bulb, so neighbours in turn, but are longer than what they make good against the drift
    radius = rng.uniform(0.2, 0.5) * shape[ladder.SPACING]
    times = 3000.0, rng.uniform(0, 9000)
    drift = rng.uniform(-1, 1, 2)
    legs = ladder_legs(shape, rungs, *drift, *times, speed, radius)
    expected = parallel_legs(
        shape[ladder.X], shape[ladder.Y], shape[ladder.HEADING], shape[ladder.LENGTH], shape[ladder.SPACING],
        rungs, shape[ladder.CREEP], shape[ladder.START_END], *drift, *times, speed, radius,
    )  # fmt: skip
    assert stride_of(rungs, shape[ladder.SPACING], radius) == 1
    np.testing.assert_allclose(legs, expected, rtol=1e-9, atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_legs_lie_where_the_shape_says(seed) -> None:
    """In the frame of the drift: order, sides, spacing, slant and ends; over the ground: speed and turns."""
    rng = np.random.default_rng(seed)
    shape, rungs = drawn(rng), int(rng.integers(1, 40))
    drift, speed, radius = rng.uniform(-1, 1, 2), rng.uniform(5, 80), rng.uniform(0, 1500)
    reference_s, begin_s = 3000.0, rng.uniform(0, 9000)
    legs = ladder_legs(shape, rungs, *drift, reference_s, begin_s, speed, radius)
    searching, turns = legs[legs[:, 6] == 1.0], legs[legs[:, 6] == 0.0]
    assert len(searching) == rungs
    assert len(turns) == rungs - 1
    assert legs[0, 4] == begin_s
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    length = np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1])
    np.testing.assert_allclose(length / (searching[:, 5] - searching[:, 4]), speed, rtol=1e-9)

    order = order_of(rungs, stride_of(rungs, shape[ladder.SPACING], radius))
    across, low, high = (part[order] for part in laid_out(shape, rungs))
    forward = shape[ladder.START_END] * (-1.0) ** np.arange(rungs) > 0
    expected = np.stack(
        [
            np.column_stack([np.where(forward, low, high), across]),
            np.column_stack([np.where(forward, high, low), across]),
        ],
        axis=1,
    )
    np.testing.assert_allclose(in_frame(searching, shape, drift, reference_s), expected, atol=1e-4)
    for turn, begun, ended in zip(turns, expected[1:, 0], expected[:-1, 1], strict=True):
        along_m, across_m = np.abs(begun - ended)
        over_ground_m = np.hypot(turn[2] - turn[0], turn[3] - turn[1])
        flown_m = max(turn_m(across_m, radius) + along_m, over_ground_m)
        assert (turn[5] - turn[4]) * speed == pytest.approx(flown_m, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(seeds, st.floats(-4.0, 4.0))
def test_turning_or_mirroring_the_world_turns_or_mirrors_the_legs(seed, angle) -> None:
    rng = np.random.default_rng(seed)
    shape, rungs, drift = drawn(rng), int(rng.integers(1, 30)), rng.uniform(-2, 2, 2)
    given_to = 3000.0, 500.0, 40.0, 600.0
    legs = ladder_legs(shape, rungs, *drift, *given_to)
    turning = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    for world, heading, creep in (
        (turning, shape[ladder.HEADING] + angle, shape[ladder.CREEP]),
        (np.diag([1.0, -1.0]), -shape[ladder.HEADING], -shape[ladder.CREEP]),
    ):
        changed = shape.copy()
        changed[[ladder.X, ladder.Y]] = world @ shape[[ladder.X, ladder.Y]]
        changed[ladder.HEADING], changed[ladder.CREEP] = heading, creep
        found = ladder_legs(changed, rungs, *(world @ drift), *given_to)
        np.testing.assert_allclose(found[:, 4:], legs[:, 4:], atol=1e-6)
        for ends in (slice(0, 2), slice(2, 4)):
            np.testing.assert_allclose(found[:, ends], legs[:, ends] @ world.T, atol=1e-4)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_time_of_a_ladder_is_when_its_last_leg_ends(seed) -> None:
    rng = np.random.default_rng(seed)
    shape, rungs = drawn(rng, uneven=bool(rng.integers(2))), int(rng.integers(1, MOST_RUNGS))
    drift, speed, radius = rng.uniform(-2, 2, 2), rng.uniform(5, 80), rng.uniform(0, 1500)
    legs = ladder_legs(shape, rungs, *drift, 0.0, 700.0, speed, radius)
    # the middle leg there and back: over the ground at the search speed, in the frame of the drift
    sense = shape[ladder.START_END] * np.array([cos(shape[ladder.HEADING]), sin(shape[ladder.HEADING])])
    push = sense @ drift
    across = speed**2 - (drift @ drift - push**2)
    odd_s, even_s = (shape[ladder.LENGTH] / (np.sqrt(across) - side * push) for side in (1.0, -1.0))
    stride = stride_of(rungs, shape[ladder.SPACING], radius)
    taken_s = duration_of(shape, rungs, stride, odd_s, even_s, *drift, speed, radius)
    assert legs[-1, 5] - 700.0 == pytest.approx(taken_s, rel=1e-9)


@settings(max_examples=300, deadline=None)
@given(seeds)
def test_as_many_rungs_as_fit_and_one_more_would_not(seed) -> None:
    """Narrow and wide turns: where rungs are interleaved, a rung more can cost less than a turn less."""
    rng = np.random.default_rng(seed)
    shape = drawn(rng, uneven=bool(rng.integers(2)))
    drift, speed, radius = rng.uniform(-2, 2, 2), rng.uniform(5, 90), rng.uniform(0, 1500)
    time_s = np.exp(rng.uniform(4, 10))
    rungs, taken_s = fitting(shape, time_s, *drift, speed, radius)
    if rungs > 0:
        legs = ladder_legs(shape, rungs, *drift, 0.0, 0.0, speed, radius)
        assert legs[-1, 5] == pytest.approx(taken_s, rel=1e-9)
        assert taken_s <= time_s
    if rungs < MOST_RUNGS:
        assert ladder_legs(shape, rungs + 1, *drift, 0.0, 0.0, speed, radius)[-1, 5] > time_s


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_a_ladder_keeps_its_time_and_no_leg_is_shorter_than_the_widest_sweep(seed) -> None:
    """Lengths in the frame of the drift, where end caps count."""
    rng = np.random.default_rng(seed)
    shape, widest, radius = drawn(rng), rng.uniform(50, 6000), rng.uniform(0, 1500)
    speed, begin_s, end_s = rng.uniform(5, 80), 100.0, 100.0 + np.exp(rng.uniform(5, 10))
    drift = rng.uniform(-1, 1, 2)
    legs = legs_within(shape, 100.0, widest, *drift, 0.0, begin_s, end_s, speed, radius)
    rungs, _ = fitting(shape, end_s - begin_s, *drift, speed, radius)
    at_the_sides = 1.0 - abs(shape[ladder.TAPER]) - shape[ladder.BARREL]
    if shape[ladder.LENGTH] * at_the_sides < widest or rungs == 0:
        assert len(legs) == 0
        return
    searching = in_frame(legs[legs[:, 6] == 1.0], shape, drift, 0.0)
    assert len(searching) == rungs
    assert np.abs(searching[:, 1, 0] - searching[:, 0, 0]).min() >= widest - 1e-6
    assert legs[0, 4] == begin_s
    assert legs[-1, 5] <= end_s


@settings(max_examples=100, deadline=None)
@given(seeds, st.integers(1, MOST_RUNGS))
def test_what_is_sound_has_its_rungs_in_order_and_apart(seed, rungs) -> None:
    """Spacing nowhere 0, no leg under a tenth of the middle one, the whole width filled."""
    shape = drawn(np.random.default_rng(seed))
    assert is_sound(shape)
    u = np.linspace(-1.0, 1.0, 201)
    across, stretch = (np.array([of(shape, one) for one in u]) for of in (across_of, stretch_of))
    assert np.diff(across).min() > 0.0
    np.testing.assert_allclose(np.gradient(across, u)[1:-1], stretch[1:-1], atol=1e-3)
    assert across[[0, -1]] == pytest.approx([-1.0, 1.0])
    assert min(side_of(shape, one) for one in across) >= 0.1 - 1e-12
    assert np.all(np.diff(laid_out(shape, rungs)[0]) > 0.0)


def test_a_dense_middle_is_no_closer_than_half_the_mean() -> None:
    assert is_sound(shape_of(DENSE=0.5))
    assert not is_sound(shape_of(DENSE=0.51))
    assert stretch_of(shape_of(DENSE=0.5), 0.0) == pytest.approx(0.5)


@pytest.mark.parametrize("wrong", [{"TAPER": 0.6, "BARREL": 0.4}, {"DENSE": 0.6}, {"GRADIENT": -1.1}])
def test_what_is_too_uneven_is_not_flown(wrong) -> None:
    shape = shape_of(**wrong)
    assert not is_sound(shape)
    assert len(legs_within(shape, 100.0, 50.0, 0.0, 0.0, 0.0, 0.0, 9000.0, 40.0, 300.0)) == 0


@settings(deadline=None)
@given(st.integers(1, MOST_RUNGS), st.integers(1, ladder.MOST_STRIDE))
def test_every_rung_is_flown_once(rungs, stride) -> None:
    order = [rung_of(index, rungs, stride) for index in range(rungs)]
    assert sorted(order) == list(range(rungs))
    assert order == order_of(rungs, stride)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, MOST_RUNGS), st.floats(20.0, 3000.0), st.floats(0.0, 2000.0))
def test_interleaving_never_takes_longer_than_neighbours_in_turn(rungs, spacing, radius) -> None:
    """Sums of the turns; and it is used where it pays: rungs far nearer than the craft can turn."""
    stride = stride_of(rungs, spacing, radius)
    rows = [rung_of(index, rungs, stride) for index in range(rungs)]
    flown_m = sum(turn_m(abs(b - a) * spacing, radius) for a, b in pairwise(rows))
    assert flown_m <= (rungs - 1) * turn_m(spacing, radius) * (1.0 + 1e-9)
    if rungs >= 4 and spacing < 0.5 * radius:
        assert stride > 1
    if spacing >= 2.0 * radius:
        assert stride == 1


@pytest.mark.parametrize("name", UNEVEN)
def test_each_unevenness_does_what_it_is_called(name) -> None:
    """Eleven rungs along x, begun at the lowest: what changes against the even ladder, and how."""
    even, other = (
        ladder_legs(shape_of(**columns), 11, 0.0, 0.0, 0.0, 0.0, 40.0, 100.0)[::2]
        for columns in ({}, {name: 0.4})
    )
    length, length_even = (np.abs(legs[:, 2] - legs[:, 0]) for legs in (other, even))
    middle = (other[:, 0] + other[:, 2]) / 2.0
    gaps = np.diff(other[:, 1])
    match name:
        case "TAPER":
            assert np.all(np.diff(length) > 0)
        case "SHEAR":
            np.testing.assert_allclose(middle, 0.4 * other[:, 1], atol=1e-6)
        case "BARREL":
            assert int(length.argmax()) == 5
            np.testing.assert_allclose(length, length[::-1])
        case "DENSE":
            assert gaps[4:6].max() < 900.0 < gaps[[0, -1]].min()
        case "GRADIENT":
            assert np.all(np.diff(gaps) > 0)
    if name in ("SHEAR", "DENSE", "GRADIENT"):
        np.testing.assert_allclose(length, length_even)
    if name in ("TAPER", "BARREL", "SHEAR"):
        np.testing.assert_allclose(other[:, 1], even[:, 1], atol=1e-6)


@pytest.mark.parametrize("growth", [0.0, 0.2])
def test_a_rounded_square_is_a_spiral(growth) -> None:
    shape = shape_of(X=300.0, Y=-200.0, HEADING=0.7, LENGTH=1500.0, SPACING=400.0, ROUND=1.0, GRADIENT=growth)
    flown_in = 0.4, -0.2, 2000.0, 500.0, 4100.0, 40.0, 350.0
    expected = spiral_legs(300.0, -200.0, 0.7, 400.0, 0.0, 1500.0, 20.0, 60.0, *flown_in, growth)
    legs = legs_within(shape, 20.0, 60.0, *flown_in)
    assert len(legs) > 20
    np.testing.assert_allclose(legs, expected)
    assert legs[-1, 5] <= 4100.0


def test_a_craft_slower_than_the_drift_flies_no_ladder() -> None:
    shape = shape_of()
    assert fitting(shape, 1e5, 0.0, -3.0, 2.0, 10.0) == (0, 0.0)
    assert len(ladder_legs(shape, 3, 0.0, -3.0, 0.0, 0.0, 2.0, 10.0)) == 0
