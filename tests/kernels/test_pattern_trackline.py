"""Track-line searches: where the passes lie (shapely's offsets), what turns cost, when the time is up."""

from math import cos, sin, tan

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from sarex.kernels.pattern import turn_length
from sarex.kernels.pattern_trackline import (
    non_returning_offsets,
    offset_line,
    returning_offsets,
    track_line_legs,
)

seeds = st.integers(0, 100_000)
BENT = np.array([[0.0, 0.0], [20_000.0, 3000.0], [38_000.0, -4000.0], [60_000.0, 2000.0]])


def flown(points, offsets, start_end=1, drift=(0.0, 0.0), end_s=1e9, radius=0.0, speed=50.0):
    return track_line_legs(points, offsets, start_end, 500.0, *drift, 0.0, 0.0, end_s, speed, radius)


def test_returning_goes_out_on_one_side_and_back_on_the_other() -> None:
    """IAMSAR: half a spacing off; ends one spacing from where it began."""
    legs = flown(BENT[:2] * [1, 0], returning_offsets(2, 1000.0, 1))
    np.testing.assert_allclose(
        legs[:, :4],
        [[0, 500, 20_000, 500], [20_000, 500, 20_000, -500], [20_000, -500, 0, -500]],
        atol=1e-9,
    )
    np.testing.assert_array_equal(legs[:, 6], [1, 0, 1])


def test_non_returning_follows_the_track_and_ends_at_its_end() -> None:
    """IAMSAR: along the intended track and once along each side."""
    np.testing.assert_allclose(non_returning_offsets(3, 1000.0, -1), [0.0, -1000.0, 1000.0])
    legs = flown(BENT, non_returning_offsets(3, 1000.0, -1))
    np.testing.assert_allclose(legs[:3, :2], BENT[:3])
    searching = legs[legs[:, 6] == 1.0]
    assert len(searching) == 9
    assert legs[-1, 2] == pytest.approx(60_000.0, abs=500.0)


def test_passes_lie_farther_out_one_spacing_apart() -> None:
    np.testing.assert_allclose(returning_offsets(5, 2.0, -1), [-1, 1, -3, 3, -5])
    np.testing.assert_allclose(np.diff(np.sort(non_returning_offsets(7, 2.0, 1))), 2.0)


@pytest.mark.parametrize("offset", [500.0, -1500.0, 3000.0])
def test_the_line_beside_the_track_is_shapelys(offset) -> None:
    side = LineString(BENT).offset_curve(offset, join_style="mitre", mitre_limit=20.0)
    np.testing.assert_allclose(offset_line(BENT, offset), shapely.get_coordinates(side), atol=1e-6)


def test_a_bend_too_tight_for_an_offset_ends_the_search() -> None:
    hook = np.array([[0.0, 0.0], [10_000.0, 0.0], [10_000.0, 1000.0], [0.0, 1000.0]])
    assert len(offset_line(hook, 800.0)) == 0
    assert len(offset_line(hook, -800.0)) == 4
    assert len(flown(hook, returning_offsets(2, 1600.0, 1))) == 0
    legs = flown(hook, returning_offsets(4, 600.0, 1))
    assert legs[:, 6].sum() == 6  # the passes 300 m off fit, the one 900 m inside does not


def test_time_and_length_of_a_bent_pass_with_turns() -> None:
    """Corners cut by r tan(turn / 2), arcs of r times the turn, a reversal between passes."""
    radius, speed = 400.0, 50.0
    legs = flown(BENT, returning_offsets(2, 1000.0, 1), radius=radius, speed=speed)
    turns = np.abs(np.diff(np.arctan2(*np.diff(BENT, axis=0).T)))
    sides = [
        LineString(BENT).offset_curve(o, join_style="mitre", mitre_limit=20.0).length for o in (500.0, -500.0)
    ]
    searched = sum(sides) - 2 * 2 * sum(radius * tan(turn / 2) for turn in turns)
    rows = np.hypot(legs[:, 2] - legs[:, 0], legs[:, 3] - legs[:, 1])
    assert rows[legs[:, 6] == 1.0].sum() == pytest.approx(searched)
    turned = 2 * radius * turns.sum() + turn_length(1000.0, radius)
    assert legs[-1, 5] * speed == pytest.approx(searched + turned)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_it_stops_when_the_time_is_up(seed) -> None:
    """What is flown by then is what would have been flown; the last leg is cut, if enough of it is left."""
    rng = np.random.default_rng(seed)
    end_s, drift = rng.uniform(20.0, 5000.0), rng.uniform(-1, 1, 2)
    offsets = returning_offsets(4, 1200.0, 1)
    whole = flown(BENT, offsets, drift=drift, radius=300.0)
    legs = flown(BENT, offsets, drift=drift, radius=300.0, end_s=end_s)
    if not len(legs):
        assert end_s * 51.5 < 20_000.0
        return
    assert legs[-1, 5] <= end_s + 1e-9
    assert legs[-1, 6] == 1.0
    np.testing.assert_allclose(legs[:-1], whole[: len(legs) - 1], atol=1e-6)
    left_s = end_s - legs[-1, 5]
    # a whole leg may be followed by what is left after it of turn and of less than 500 m
    assert left_s < (turn_length(3600.0, 300.0) + 520.0) / 48.0 or len(legs) == len(whole)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_turning_and_mirroring_the_world(seed) -> None:
    rng = np.random.default_rng(seed)
    angle, drift, end_s = rng.uniform(-4, 4), rng.uniform(-1, 1, 2), rng.uniform(500.0, 6000.0)
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    mirror = np.diag([1.0, -1.0])
    offsets = returning_offsets(4, 900.0, 1)
    legs = flown(BENT, offsets, drift=drift, end_s=end_s, radius=350.0)
    for change, sides in ((turn, offsets), (mirror, -offsets)):
        moved = flown(BENT @ change.T, sides, drift=change @ drift, end_s=end_s, radius=350.0)
        np.testing.assert_allclose(moved[:, :2], legs[:, :2] @ change.T, atol=1e-5)
        np.testing.assert_allclose(moved[:, 4:], legs[:, 4:], atol=1e-6)


def test_the_other_end_first() -> None:
    legs = flown(BENT, returning_offsets(1, 1000.0, 1), start_end=-1)
    there = flown(BENT, returning_offsets(1, 1000.0, 1))
    np.testing.assert_allclose(legs[::-1, :4], there[:, [2, 3, 0, 1]], atol=1e-6)


def test_a_drifting_track_line() -> None:
    """In the frame that drifts the passes lie beside the line; over the ground the speed is the craft's."""
    drift = np.array([0.5, -0.8])
    legs = track_line_legs(
        BENT, returning_offsets(2, 1000.0, 1), 1, 500.0, *drift, 900.0, 300.0, 1e9, 50.0, 0.0
    )
    still = legs[:, 2:4] - drift * (legs[:, 5, None] - 900.0)
    searching = legs[:, 6] == 1.0
    away = shapely.distance(LineString(BENT), shapely.points(still[searching][:2]))
    bends = np.diff(np.arctan2(*np.diff(BENT, axis=0)[:, ::-1].T))
    outer = np.where(bends < 0, 500.0, 500.0 / np.cos(bends / 2))
    assert away.max() <= max(outer) + 1e-6
    assert away.min() >= 500.0 - 1e-6
    over_ground = np.hypot(*(legs[:, 2:4] - legs[:, :2]).T) / (legs[:, 5] - legs[:, 4])
    np.testing.assert_allclose(over_ground[searching], 50.0)
