"""The spacing that legs show, of patterns drawn by hand on a still sea and on a drifting one."""

from dataclasses import replace
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
import pytest
from test_rules import SPACING_M, ladder_task

from builders_sea import FRAME, place, unit
from sarex.planning.model import Pattern
from sarex.safety.flight import flight_of
from sarex.safety.spacing import misstated, shown_of

DRIFTS = ((0.0, 0.0), (0.6, -0.4))
SPEED_MPS = 9.0


def flown(points, drift=(0.0, 0.0), turns=False):
    """Legs (leg, 6) along points of a drifting frame; with `turns` every other one is a turn, left out."""
    legs, at_s = [], 0.0
    for number, (a, b) in enumerate(pairwise(points)):
        way = np.subtract(b, a)
        length_m = np.hypot(*way)
        along = way @ drift / length_m
        # so that the speed over the ground is the search speed
        in_frame = np.sqrt(along**2 + SPEED_MPS**2 - np.dot(drift, drift)) - along
        until_s = at_s + length_m / in_frame
        start, end = np.add(a, np.multiply(drift, at_s)), np.add(b, np.multiply(drift, until_s))
        if not (turns and number % 2):
            legs.append((*start, *end, at_s, until_s))
        at_s = until_s
    return np.array(legs)


def ladder(levels_m, length_m=9000.0):
    """Legs along x at these distances, in the order flown."""
    points = []
    for number, y in enumerate(levels_m):
        ends = [(0.0, y), (length_m, y)]
        points += ends if number % 2 == 0 else ends[::-1]
    return points


@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize(
    ("levels_m", "median_m", "mean_m"),
    [
        ((0, 800, 1600, 2400, 3200), 800.0, 800.0),
        ((0, 2400, 800, 3200, 1600, 4000), 800.0, 800.0),  # out of turn: 0, 3, 1, 4, 2, 5
        ((0, 600, 1200, 2000, 3200), 700.0, 800.0),  # uneven
        ((0, 800, 1600, 3200), 800.0, 3200.0 / 3.0),  # one left out
    ],
)
def test_a_ladder(levels_m, median_m, mean_m, drift) -> None:
    legs = flown(ladder(levels_m), drift, turns=True)
    assert shown_of(Pattern.PARALLEL_SWEEP, legs) == pytest.approx([median_m, mean_m], rel=1e-6)


def test_one_leg_shows_nothing_and_a_track_flown_again_is_one_track() -> None:
    assert len(shown_of(Pattern.PARALLEL_SWEEP, flown(ladder((0,))))) == 0
    twice = flown(ladder((0, 800, 1600, 1610, 810, 5)), turns=True)
    assert shown_of(Pattern.CREEPING_LINE, twice)[0] == pytest.approx(795.0, abs=10.0)


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_square_with_corners(drift) -> None:
    """S, S, 2 S, 2 S, ... turning right."""
    at, points = np.zeros(2), [(0.0, 0.0)]
    for number in range(12):
        angle = -0.5 * pi * number
        at = at + 1200.0 * (number // 2 + 1) * np.array([cos(angle), sin(angle)])
        points.append(tuple(at))
    loops_m, _ = shown_of(Pattern.EXPANDING_SQUARE, flown(points, drift))
    assert loops_m == pytest.approx(1200.0, rel=0.03)
    assert len(shown_of(Pattern.EXPANDING_SQUARE, flown(points[:6], drift))) == 0


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("drift", DRIFTS)
def test_a_round_spiral(drift, side) -> None:
    """r = S angle / 2 pi, to either side."""
    angles = np.radians(np.arange(0.0, 4.5 * 360.0, 8.0)) + 1.0
    points = [(1000.0 * a / (2 * pi) * cos(a), side * 1000.0 * a / (2 * pi) * sin(a)) for a in angles]
    loops_m, area_m = shown_of(Pattern.EXPANDING_SQUARE, flown(points, drift))
    assert loops_m == pytest.approx(1000.0, rel=0.03)
    assert area_m == pytest.approx(1000.0, rel=0.2)


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_sector_search(drift) -> None:
    """Nine legs of R = 5 km, three pairs of which lead straight through the datum: pi R / 9."""
    courses = np.radians([0.0, -60.0, 120.0, 60.0, 240.0, 180.0])
    points = [(0.0, 0.0), *(5000.0 * np.column_stack([np.cos(courses), np.sin(courses)])), (0.0, 0.0)]
    assert shown_of(Pattern.SECTOR, flown(points, drift)) == pytest.approx([pi * 5000.0 / 9.0] * 2, rel=0.02)


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_track_line_there_and_back(drift) -> None:
    """Beside a line with a bend of 40 degrees, 700 m off on either side."""
    line = np.array([(0.0, 0.0), (9000.0, 0.0), (9000.0 + 7000.0 * cos(0.7), 7000.0 * sin(0.7))])
    beside = np.array([(0.0, 1.0), (-np.tan(0.35), 1.0), (-sin(0.7), cos(0.7))])
    points = [*(line + 700.0 * beside), *(line - 700.0 * beside)[::-1]]
    legs = np.delete(flown(points, drift), 2, axis=0)
    assert shown_of(Pattern.TRACK_LINE_RETURNING, legs) == pytest.approx([1400.0, 1400.0], rel=0.01)


@pytest.mark.parametrize(
    ("stated_frac", "said"), [(1.0, 0), (0.86, 0), (1.24, 0), (0.8, 1), (0.5, 1), (1.3, 1), (3.0, 1)]
)
def test_what_is_stated_against_what_is_flown(stated_frac, said) -> None:
    task = replace(ladder_task(unit()), track_spacing_m=stated_frac * SPACING_M)
    found = list(misstated(flight_of(task, FRAME)))
    assert len(found) == said
    for breach in found:
        assert breach.amount == pytest.approx(abs(stated_frac - 1.0) * SPACING_M, rel=0.01)
        assert f"{stated_frac * SPACING_M / 1852.0:.3f} nm; its legs are 0.540 nm apart" in breach.sentence
        assert breach.at == task.on_scene


def test_long_legs_cut_into_pieces_show_the_same() -> None:
    """A plan file cuts them every 20 km."""
    task = ladder_task(unit())
    whole = task.legs[1]
    middle = place(0.0, -2.0 * SPACING_M)
    half = whole.start_time + (whole.end_time - whole.start_time) / 2
    pieces = replace(whole, end=middle, end_time=half), replace(whole, start=middle, start_time=half)
    cut = replace(task, legs=(task.legs[0], *pieces, *task.legs[2:]))
    assert not list(misstated(flight_of(cut, FRAME)))
