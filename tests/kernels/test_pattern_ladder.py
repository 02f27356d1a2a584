"""Clipped and interleaved ladders against plain ladders, shapely and all orders there are."""

import itertools
from math import cos, floor, pi, radians, sin

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

from sarex.kernels.pattern import parallel_legs, turn_length
from sarex.kernels.pattern_ladder import clipped_ladder_legs, ladder_order, rungs_across, spans_within
from sarex.kernels.pattern_turns import reversal_length

seeds = st.integers(0, 100_000)
FIXED_WING_MPS = 150 * 1852.0 / 3600.0
FIXED_WING_RADIUS_M = FIXED_WING_MPS / radians(3.0)


def turns_m(order, spacing, radius):
    return sum(turn_length(abs(b - a) * spacing, radius) for a, b in itertools.pairwise(order))


def edges_of(area):
    rings = [area.exterior, *area.interiors]
    return np.vstack([np.hstack([np.array(r.coords)[:-1], np.array(r.coords)[1:]]) for r in rings])


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_equal_rungs_in_plain_order_are_the_plain_ladder(seed) -> None:
    rng = np.random.default_rng(seed)
    rungs, creep, sense = int(rng.integers(1, 9)), int(rng.choice((-1, 1))), int(rng.choice((-1, 1)))
    centre, heading, length, spacing = (
        rng.uniform(-5000, 5000, 2),
        rng.uniform(-4, 4),
        rng.uniform(2000, 9000),
        rng.uniform(100, 2000),
    )
    drift, speed, radius = rng.uniform(-1, 1, 2), rng.uniform(5, 80), rng.uniform(1, 900)
    spans = np.tile([-length / 2, length / 2], (rungs, 1))
    plain = parallel_legs(
        *centre, heading, length, spacing, rungs, creep, sense, *drift, 3000.0, 500.0, speed, radius
    )
    legs = clipped_ladder_legs(
        *centre, heading, spans, spacing, np.arange(rungs), 1.0, creep, sense, *drift, 3000.0, 500.0, 1e9,
        speed, radius,
    )  # fmt: skip
    np.testing.assert_allclose(legs, plain, atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_every_rung_lies_where_its_span_says(seed) -> None:
    """In the drifting frame; to and fro; too short ones left out; at the search speed over the ground."""
    rng = np.random.default_rng(seed)
    rungs, heading, spacing = int(rng.integers(2, 12)), rng.uniform(-4, 4), rng.uniform(200, 900)
    centre, drift, speed, radius = rng.uniform(-900, 900, 2), rng.uniform(-1, 1, 2), 40.0, rng.uniform(0, 900)
    spans = np.sort(rng.uniform(-5000, 5000, (rungs, 2)))
    order, end_s = ladder_order(rungs, spacing, radius), rng.uniform(300.0, 3000.0)
    legs = clipped_ladder_legs(
        *centre, heading, spans, spacing, order, 800.0, 1, 1, *drift, 50.0, 100.0, end_s, speed, radius
    )
    kept = [rung for rung in order if spans[rung, 1] - spans[rung, 0] >= 800.0]
    searching, turns = legs[legs[:, 6] == 1.0], legs[legs[:, 6] == 0.0]
    kept = kept[: len(searching)]
    if len(legs):
        assert legs[-1, 5] <= end_s
        assert len(turns) == len(searching) - 1
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    over_ground = np.hypot(*(searching[:, 2:4] - searching[:, :2]).T) / (searching[:, 5] - searching[:, 4])
    np.testing.assert_allclose(over_ground, speed)
    axis, side = np.array([cos(heading), sin(heading)]), np.array([-sin(heading), cos(heading)])
    ends = [
        searching[:, k : k + 2] - drift * (searching[:, 4 + k // 2, None] - 50.0) - centre for k in (0, 2)
    ]
    for number, rung in enumerate(kept):
        begin, end = spans[rung] if number % 2 == 0 else spans[rung][::-1]
        lateral = (rung - (rungs - 1) / 2) * spacing
        np.testing.assert_allclose(ends[0][number], begin * axis + lateral * side, atol=1e-4)
        np.testing.assert_allclose(ends[1][number], end * axis + lateral * side, atol=1e-4)
    for number, turn in enumerate(turns):
        gap = ends[0][number + 1] - ends[1][number]
        ahead = gap @ axis * (1 if number % 2 == 0 else -1)
        length = reversal_length(ahead, abs(gap @ side), radius)
        assert (turn[5] - turn[4]) * speed == pytest.approx(length, abs=1e-2)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_spans_are_the_longest_water_on_each_rung(seed) -> None:
    """A ragged coast with an island: shapely cuts the same rungs."""
    rng = np.random.default_rng(seed)
    bearings = np.sort(rng.uniform(0, 2 * pi, 14))
    ranges = rng.uniform(3000, 9000, 14)
    hull = Polygon(np.column_stack([ranges * np.cos(bearings), ranges * np.sin(bearings)])).buffer(0)
    area = max(getattr(hull, "geoms", [hull]), key=lambda part: part.area).difference(
        shapely.Point(500, 300).buffer(700)
    )
    area = max(getattr(area, "geoms", [area]), key=lambda part: part.area)
    heading, spacing, margin = rng.uniform(-4, 4), rng.uniform(300, 1500), 150.0
    edges = edges_of(area)
    x, y, rungs = rungs_across(edges, heading, spacing)
    spans = spans_within(edges, x, y, heading, spacing, rungs, 1, margin)
    axis, side = np.array([cos(heading), sin(heading)]), np.array([-sin(heading), cos(heading)])
    for rung, span in enumerate(spans):
        middle = np.array([x, y]) + (rung - (rungs - 1) / 2) * spacing * side
        water = LineString([middle - 3e4 * axis, middle + 3e4 * axis]).intersection(area)
        longest = max((part.length for part in getattr(water, "geoms", [water])), default=0.0)
        assert span[1] - span[0] == pytest.approx(max(longest - 2 * margin, 0.0), abs=1e-5)
        if span[1] > span[0]:
            rung_line = LineString([middle + span[0] * axis, middle + span[1] * axis])
            assert area.buffer(1e-6).contains(rung_line)


def test_the_search_commences_half_a_spacing_inside_a_corner() -> None:
    """A box of 10 by 6 km swept at 1 km: six rungs of 9 km, the first from (500, 500)."""
    edges = edges_of(shapely.box(0.0, 0.0, 10_000.0, 6_000.0))
    x, y, rungs = rungs_across(edges, 0.0, 1000.0)
    assert rungs == 6
    spans = spans_within(edges, x, y, 0.0, 1000.0, rungs, 1, 500.0)
    legs = clipped_ladder_legs(
        x, y, 0.0, spans, 1000.0, np.arange(6), 1.0, 1, 1, 0.0, 0.0, 0.0, 0.0, 1e9, 50.0, 500.0
    )
    np.testing.assert_allclose(legs[0, :4], [500.0, 500.0, 9500.0, 500.0])
    assert legs[:, 6].sum() == 6
    assert legs[:, 1].max() == 5500.0


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_an_order_flies_every_rung_once_from_the_first_and_never_longer(seed) -> None:
    rng = np.random.default_rng(seed)
    rungs, spacing, radius = int(rng.integers(1, 60)), rng.uniform(100, 3000), rng.uniform(0, 2000)
    order = ladder_order(rungs, spacing, radius)
    assert sorted(order) == list(range(rungs))
    assert order[0] == 0
    assert turns_m(order, spacing, radius) <= turns_m(range(rungs), spacing, radius) + 1e-6
    if spacing >= 2 * radius:
        np.testing.assert_array_equal(order, np.arange(rungs))


@pytest.mark.parametrize("rungs", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("spacing", [200.0, 926.0, 1600.0, 2500.0])
def test_no_order_at_all_is_much_better(rungs, spacing) -> None:
    best = min(
        turns_m((0, *rest), spacing, FIXED_WING_RADIUS_M) for rest in itertools.permutations(range(1, rungs))
    )
    order = ladder_order(rungs, spacing, FIXED_WING_RADIUS_M)
    assert turns_m(order, spacing, FIXED_WING_RADIUS_M) <= 1.09 * best


def test_a_fixed_wing_saves_two_fifths_of_its_turns() -> None:
    """150 kt at 3 deg/s (1,474 m), 0.5 nm: bulbs of 9.66 km against semicircles of four or five spacings."""
    assert pytest.approx(1474.0, abs=1.0) == FIXED_WING_RADIUS_M
    spacing, rungs = 926.0, 27
    bulbs_m = turns_m(range(rungs), spacing, FIXED_WING_RADIUS_M)
    assert bulbs_m == pytest.approx((rungs - 1) * 9664.0, rel=1e-3)
    semicircles_m = [pi * FIXED_WING_RADIUS_M + k * spacing - 2 * FIXED_WING_RADIUS_M for k in (4, 5)]
    order = ladder_order(rungs, spacing, FIXED_WING_RADIUS_M)
    interleaved_m = turns_m(order, spacing, FIXED_WING_RADIUS_M)
    assert semicircles_m[0] <= interleaved_m / (rungs - 1) <= semicircles_m[1]
    assert interleaved_m < 0.61 * bulbs_m


def test_more_rungs_in_the_same_time() -> None:
    """Rungs of 5 nm for 0.85 of two hours: 25 in the plain order; the arithmetic of one rung and one turn."""
    spans = np.tile([-4630.0, 4630.0], (60, 1))
    end_s = 0.85 * 7200.0
    flown = []
    for order in (np.arange(60), ladder_order(60, 926.0, FIXED_WING_RADIUS_M)):
        legs = clipped_ladder_legs(
            0.0, 0.0, 0.0, spans, 926.0, order, 1.0, 1, 1, 0.0, 0.0, 0.0, 0.0, end_s, FIXED_WING_MPS,
            FIXED_WING_RADIUS_M,
        )  # fmt: skip
        flown.append(int(legs[:, 6].sum()))
    per_rung_m = 9260.0 + turn_length(926.0, FIXED_WING_RADIUS_M)
    assert flown[0] == 1 + floor((end_s * FIXED_WING_MPS - 9260.0) / per_rung_m)
    assert flown[1] >= 1.2 * flown[0]


def test_a_craft_slower_than_the_drift_flies_no_ladder() -> None:
    spans = np.tile([-4000.0, 4000.0], (3, 1))
    legs = clipped_ladder_legs(
        0.0, 0.0, 0.0, spans, 500.0, np.arange(3), 1.0, 1, 1, 0.0, -3.0, 0.0, 0.0, 1e9, 2.0, 10.0
    )
    assert len(legs) == 0
