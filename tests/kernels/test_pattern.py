"""Patterns against the manual's geometry, and box overlap against shapely."""

import itertools
from math import acos, cos, hypot, pi, sin, sqrt, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from sarex.kernels.pattern import (
    boxes_overlap,
    cornered_legs,
    oriented_box,
    parallel_legs,
    sector_corners,
    square_corners,
    turn_length,
)

seeds = st.integers(0, 100_000)


def lengths(legs):
    return np.hypot(legs[:, 2] - legs[:, 0], legs[:, 3] - legs[:, 1])


def test_sector_search_of_the_manual() -> None:
    """90 kt, W 0.1 nm, R 1.5 nm: nine legs of R are 25,002 m in 540 s; W L / (pi R^2) = 0.191."""
    radius_m, speed_mps = 1.5 * 1852.0, 90 * 1852.0 / 3600.0
    corners = sector_corners(100.0, -200.0, 0.4, radius_m, 1)
    legs = cornered_legs(corners, 0.0, 0.0, 0.0, 0.0, 1e9, speed_mps, 0.0)
    assert lengths(legs).sum() == pytest.approx(25_002.0)
    assert legs[-1, 5] == pytest.approx(540.0)
    assert 185.2 * lengths(legs).sum() / (pi * radius_m**2) == pytest.approx(0.191, abs=5e-4)


def test_sector_search_turns_120_degrees_right_and_crosses_the_datum() -> None:
    corners = sector_corners(0.0, 0.0, pi / 2, 1.0, 2)
    way = np.diff(corners, axis=0)
    turns = np.degrees(np.angle((way[1:] @ [1, 1j]) / (way[:-1] @ [1, 1j])))
    np.testing.assert_allclose(turns[:6], -120.0)
    np.testing.assert_allclose(turns[7:], -120.0)
    np.testing.assert_allclose(np.hypot(*way.T)[:7], [1, 1, 2, 1, 2, 1, 1])  # 2: through the datum
    np.testing.assert_allclose(corners[7], 0.0, atol=1e-12)
    second = np.degrees(np.arctan2(*corners[8]))
    assert second == pytest.approx(30.0)  # the next pattern lies 30 degrees to the right, bearing from north


def test_expanding_square_of_the_manual() -> None:
    """S, S, 2S, 2S, 3S, 3S ... turning right; after 4 n legs the track surrounds a square of side 2 n S."""
    corners = square_corners(0.0, 0.0, pi / 2, 100.0, 9)
    way = np.diff(corners, axis=0)
    np.testing.assert_allclose(np.hypot(*way.T), [100, 100, 200, 200, 300, 300, 400, 400])
    np.testing.assert_allclose(way[:4], [[0, 100], [100, 0], [0, -200], [-200, 0]], atol=1e-9)
    parallel = sorted(round(x) for x in corners[:8, 0])
    assert {b - a for a, b in itertools.pairwise(parallel)} <= {0, 100}


@pytest.mark.parametrize(("spacing", "length"), [(2.0, pi), (5.0, pi + 3.0), (0.0, 7 * pi / 3)])
def test_reversals(spacing, length) -> None:
    """Semicircle, semicircle with a straight, and the bulb that comes back onto its own track."""
    assert turn_length(spacing, 1.0) == pytest.approx(length)


@given(st.floats(0.0, 1.99))
def test_the_bulb_is_three_tangent_arcs(spacing) -> None:
    """Outward arc, round, outward arc: centres two radii apart, so the angle follows from the triangle."""
    angle = acos((spacing / 2 + 1.0) / 2.0)
    assert turn_length(spacing, 1.0) == pytest.approx(2 * angle + pi + 2 * angle)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_ladder_is_a_ladder_in_the_drifting_frame(seed) -> None:
    rng = np.random.default_rng(seed)
    heading, spacing, length = rng.uniform(-4, 4), rng.uniform(100, 2000), rng.uniform(2000, 20_000)
    drift, speed, radius = rng.uniform(-1, 1, 2), rng.uniform(5, 80), rng.uniform(0, 900)
    rungs, creep, sense = int(rng.integers(1, 9)), int(rng.choice((-1, 1))), int(rng.choice((-1, 1)))
    centre, reference_s, begin_s = rng.uniform(-5000, 5000, 2), 3000.0, rng.uniform(0, 9000)
    legs = parallel_legs(
        *centre, heading, length, spacing, rungs, creep, sense, *drift, reference_s, begin_s, speed, radius
    )
    searching = legs[legs[:, 6] == 1.0]
    assert len(searching) == rungs
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    np.testing.assert_allclose(lengths(searching) / (searching[:, 5] - searching[:, 4]), speed, rtol=1e-9)
    turns = legs[legs[:, 6] == 0.0]
    np.testing.assert_allclose(turns[:, 5] - turns[:, 4], turn_length(spacing, radius) / speed)
    still = searching.copy()
    for end in (0, 2):
        still[:, end : end + 2] -= drift * (searching[:, 4 + end // 2, None] - reference_s)
        still[:, end : end + 2] -= centre
    axis, side = np.array([cos(heading), sin(heading)]), np.array([-sin(heading), cos(heading)]) * creep
    np.testing.assert_allclose(still[:, :2] @ side, spacing * (np.arange(rungs) - (rungs - 1) / 2), atol=1e-4)
    np.testing.assert_allclose(still[:, 2:4] @ side, still[:, :2] @ side, atol=1e-4)
    forward = sense * (-1.0) ** np.arange(rungs)
    np.testing.assert_allclose(still[:, 2:4] @ axis, forward * length / 2, atol=1e-4)
    np.testing.assert_allclose(still[:, :2] @ axis, -forward * length / 2, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_corners_are_cut_by_the_turn(seed) -> None:
    """An expanding square: every corner cut by r tan 45 degrees = r, a quarter circle each, none too late."""
    rng = np.random.default_rng(seed)
    radius, spacing, speed = rng.uniform(0, 200), rng.uniform(450, 900), 40.0
    corners = square_corners(0.0, 0.0, 0.3, spacing, 30)
    end_s = rng.uniform(60.0, 1500.0)
    legs = cornered_legs(corners, 0.0, 0.0, 0.0, 0.0, end_s, speed, radius)
    if not len(legs):
        assert (spacing - radius) / speed > end_s
        return
    assert legs[-1, 5] <= end_s
    assert legs[-1, 6] == 1.0
    assert legs[0, 6] == 1.0
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    searching, turns = legs[legs[:, 6] == 1.0], legs[legs[:, 6] == 0.0]
    full = spacing * np.array([(i + 2) // 2 for i in range(len(searching))], float)
    cut = radius * tan(pi / 4) * np.where(np.arange(len(searching)) == 0, 1, 2)
    np.testing.assert_allclose(lengths(searching), full - cut, atol=1e-6)
    np.testing.assert_allclose(turns[:, 5] - turns[:, 4], radius * pi / 2 / speed, atol=1e-9)
    np.testing.assert_allclose(lengths(turns), radius * sqrt(2.0), atol=1e-6)


def test_a_leg_too_short_for_its_turns_is_no_pattern() -> None:
    corners = square_corners(0.0, 0.0, 0.0, 500.0, 20)
    assert len(cornered_legs(corners, 0.0, 0.0, 0.0, 0.0, 1e5, 40.0, 600.0)) == 0


def test_a_craft_slower_than_the_drift_flies_no_pattern() -> None:
    assert len(parallel_legs(0.0, 0.0, 0.0, 5000.0, 500.0, 3, 1, 1, 0.0, -3.0, 0.0, 0.0, 2.0, 10.0)) == 0


def rectangle(rng):
    heading, half = rng.uniform(-4, 4), rng.uniform(0.2, 4.0, 2)
    middle = rng.uniform(-4, 4, 2)
    axes = np.array([[cos(heading), sin(heading)], [-sin(heading), cos(heading)]])
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    return middle + (signs * half) @ axes


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_overlap_of_boxes_is_shapelys(seed) -> None:
    rng = np.random.default_rng(seed)
    first, second = rectangle(rng), rectangle(rng)
    shared = Polygon(first).intersection(Polygon(second)).area
    assert boxes_overlap(first, second) == (shared > 0)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_the_box_holds_its_legs_with_the_margin(seed) -> None:
    rng = np.random.default_rng(seed)
    legs = np.column_stack([rng.uniform(-5000, 5000, (6, 4)), np.zeros((6, 3))])
    heading, pad = rng.uniform(-4, 4), rng.uniform(0, 400)
    box = Polygon(oriented_box(legs, heading, pad))
    assert box.exterior.is_ccw
    points = legs[:, :4].reshape(-1, 2)
    gaps = [box.exterior.distance(Polygon([p, p, p]).centroid) for p in points]
    assert min(gaps) == pytest.approx(pad, abs=1e-6)
    edge = np.diff(np.array(box.exterior.coords), axis=0)[0]
    assert abs(edge[0] * sin(heading) - edge[1] * cos(heading)) < 1e-6 * hypot(*edge)
