"""A pattern's shape read off its legs, against ladders and spirals drawn by hand."""

from itertools import pairwise

import numpy as np
import pytest

from builders_sea import FRAME, WINDOW, unit
from sarex.detection.model import SweepWidth
from sarex.kernels.pattern_spiral import spiral_legs
from sarex.planning.model import Activity, Leg, Pattern, UnitPlan
from sarex.tasking.pieces import track_pieces
from sarex.tasking.rounded import rounded_square
from sarex.tasking.shapes import joined_straight, ladder_of, loop_spacings_m, loops
from sarex.tasking.tasks import task_of

SPEED_MPS = 50.0
START_S = WINDOW.start.timestamp()


def ladder(at_m, lengths_m, order, *, heading_deg=0.0, drift_mps=(0.0, 0.0)):
    """Legs (leg, 6) at given places across, flown in a given order, on a drifting datum."""
    heading = np.radians(heading_deg)
    along, across = (
        np.array([np.cos(heading), np.sin(heading)]),
        np.array([-np.sin(heading), np.cos(heading)]),
    )
    rows, at_s, sense = [], START_S, 1.0
    for number in order:
        half = 0.5 * lengths_m[number] * along * sense
        begin, end = at_m[number] * across - half, at_m[number] * across + half
        taken_s = lengths_m[number] / SPEED_MPS
        moved = [np.array(drift_mps) * (t - START_S) for t in (at_s, at_s + taken_s)]
        rows.append([*(begin + moved[0]), *(end + moved[1]), at_s, at_s + taken_s])
        at_s, sense = at_s + taken_s + 60.0, -sense
    return np.array(rows)


def spiral(spacing_m: float, turns: float, *, side: float = -1.0, growth: float = 0.0):
    """Chords (leg, 6) of a spiral from its middle; `side` 1 turns left."""
    angle = np.linspace(0.5 * np.pi, 2.0 * np.pi * turns, int(40 * turns))
    radius = spacing_m * angle / (2.0 * np.pi) * (1.0 + growth * angle)
    points = np.column_stack([radius * np.cos(angle), side * radius * np.sin(angle)])
    times = START_S + np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))]) / SPEED_MPS
    return np.column_stack([points[:-1], points[1:], times[:-1], times[1:]])


def told(legs, pattern=Pattern.PARALLEL_SWEEP, spacing_m=1000.0):
    """The task of searching legs, with turns between those that do not touch."""
    out = [Leg(-40_000.0, 0.0, *legs[0, :2], START_S - 900.0, legs[0, 4], Activity.TRANSIT)]
    for row in legs:
        if (out[-1].end_x_m, out[-1].end_y_m) != tuple(row[:2]):
            last = out[-1]
            out.append(Leg(last.end_x_m, last.end_y_m, *row[:2], last.end_s, row[4], Activity.TURN))
        out.append(Leg(*row, Activity.SEARCH))
    plan = UnitPlan(
        unit=unit(), pattern=pattern, legs=tuple(out),
        area_xy_m=np.array([(-9e3, -9e3), (9e3, -9e3), (9e3, 9e3), (-9e3, 9e3)]), track_spacing_m=spacing_m,
        sweep_widths={"PIW-1": SweepWidth(185.2, 185.2, (), "t")}, coverage=0.2, poc=0.3, pod=0.2, pos=0.06,
        return_by_s=legs[-1, 5] + 900.0, endurance_until_s=START_S + 8 * 3600.0,
    )  # fmt: skip
    return task_of(FRAME, plan)


@pytest.mark.parametrize("heading_deg", [0.0, 73.0, 200.0])
@pytest.mark.parametrize("drift_mps", [(0.0, 0.0), (0.6, -0.4)])
def test_order_lengths_and_spacings_of_a_ladder_on_the_drift(heading_deg, drift_mps) -> None:
    at_m, lengths_m = np.array([0.0, 900.0, 1500.0, 1900.0, 2500.0, 3400.0]), np.linspace(9e3, 5e3, 6)
    order = [0, 3, 1, 4, 2, 5]
    found = ladder_of(ladder(at_m, lengths_m, order, heading_deg=heading_deg, drift_mps=drift_mps))
    assert found is not None
    assert found.order == (1, 4, 2, 5, 3, 6)
    # lengths are over the ground, so the drift is in them
    assert found.lengths_m == pytest.approx(lengths_m, rel=0.02)
    assert found.spacings_m == pytest.approx(np.diff(at_m), abs=1.0)


def test_a_ladder_is_counted_from_where_it_begins() -> None:
    at_m = np.array([0.0, 500.0, 1500.0, 3000.0])
    found = ladder_of(ladder(at_m, np.full(4, 8e3), [3, 2, 1, 0]))
    assert found is not None
    assert found.order == (1, 2, 3, 4)
    assert found.spacings_m == pytest.approx([1500.0, 1000.0, 500.0])


def test_legs_that_are_not_parallel_are_no_ladder() -> None:
    angle = np.radians([90.0, 330.0, 210.0])
    ends = np.column_stack([np.cos(angle), np.sin(angle)]) * 4e3
    legs = np.column_stack(
        [-ends, ends, START_S + np.arange(3) * 200.0, START_S + np.arange(3) * 200.0 + 160]
    )
    assert ladder_of(legs) is None


def test_a_leg_in_pieces_is_one_leg() -> None:
    whole = ladder(np.arange(3) * 1000.0, np.full(3, 60e3), [0, 1, 2])
    cuts = []
    for x0, y0, x1, y1, t0, t1 in whole:
        share = np.linspace(0.0, 1.0, 4)
        points = np.column_stack([x0 + share * (x1 - x0), y0 + share * (y1 - y0), t0 + share * (t1 - t0)])
        cuts += [[*a[:2], *b[:2], a[2], b[2]] for a, b in pairwise(points)]
    assert joined_straight(np.array(cuts)) == pytest.approx(whole)


def test_loops_of_a_spiral_and_corners_of_a_square() -> None:
    courses = np.arange(0.0, 900.0, 10.0) % 360.0
    assert [part.stop - part.start for part in loops(courses)] == [36, 36, 18]
    assert len(loops(np.array([0.0, 90.0, 180.0, 270.0, 0.0]))) == 5


def test_spacing_of_a_spiral() -> None:
    assert loop_spacings_m(spiral(800.0, 6.0)) == pytest.approx(np.full(4, 800.0), rel=0.03)
    grown = loop_spacings_m(spiral(800.0, 6.0, growth=0.03))
    assert (np.diff(grown) > 0.0).all()


def test_a_rounded_square_is_a_few_lines_and_every_leg_is_kept() -> None:
    legs = spiral(1500.0, 5.0)
    task = told(legs, Pattern.EXPANDING_SQUARE, 1500.0)
    pieces = track_pieces(task)
    assert len(task.legs) > 150
    assert len(pieces) == 6
    assert [piece.is_loop for piece in pieces] == [False, *[True] * 5]
    assert sum(len(piece.legs) for piece in pieces) == len(task.legs)
    assert all(a.positions[-1] == b.positions[0] for a, b in pairwise(pieces))
    assert all(330.0 < piece.turned_deg < 375.0 for piece in pieces[1:-1])


def test_a_rounded_square_in_a_crews_words() -> None:
    right = told(spiral(1500.0, 5.0), Pattern.EXPANDING_SQUARE, 1500.0).briefing
    assert "half circles to the right, each 0.40 nm wider in radius" in right
    assert "an expanding square with rounded corners, 4." in right
    assert "loops outward to the right" in right
    assert "plan.gpx" in right
    assert "closer together" not in right
    left = told(spiral(1500.0, 5.0, side=1.0, growth=0.05), Pattern.EXPANDING_SQUARE, 1500.0).briefing
    assert "loops outward to the left" in left
    assert "Loops lie closer together in the middle" in left
    assert "mean track spacing" in left


def test_a_plain_ladder_is_told_plainly() -> None:
    words = told(ladder(np.arange(5) * 1000.0, np.full(5, 8e3), range(5))).briefing
    assert "a parallel sweep of 5 legs" in words
    for word in ("order", "closer", "middle", "mean", "grow", "shorten"):
        assert word not in words


@pytest.mark.parametrize(
    ("at_m", "lengths_m", "order", "parts"),
    [
        (
            np.arange(6) * 1000.0, np.full(6, 8e3), [0, 3, 1, 4, 2, 5],
            ["onto the third one on", "in the order 1, 4, 2, 5, 3, 6."],
        ),
        (
            np.array([0.0, 1852.0, 2778.0, 3704.0, 5556.0]), np.full(5, 8e3), range(5),
            ["closer together in the middle (0.50 nm) than at the sides (1.00 nm, 1.00 nm)", "mean track"],
        ),
        (
            np.cumsum([0.0, 926.0, 1389.0, 1852.0]), np.full(4, 8e3), range(4),
            ["closer together where the search begins (0.50 nm) than at the far side (1.00 nm)"],
        ),
        (
            np.arange(4) * 1000.0, np.array([18520.0, 16000.0, 12000.0, 9260.0]), range(4),
            ["Legs shorten from 10 nm where the search begins to 5.0 nm at the far side."],
        ),
        (
            np.arange(5) * 1000.0, np.array([9260.0, 15000.0, 18520.0, 15000.0, 9260.0]), range(5),
            ["Legs are longer in the middle (10 nm) than at the sides (5.0 nm, 5.0 nm)."],
        ),
    ],
)  # fmt: skip
def test_an_uneven_ladder_in_a_crews_words(at_m, lengths_m, order, parts) -> None:
    words = told(ladder(at_m, lengths_m, order)).briefing
    for part in parts:
        assert part in words


@pytest.mark.parametrize("drift_mps", [(0.0, 0.0), (0.5, -0.3)])
def test_a_rounded_square_can_be_flown_from_paper(drift_mps) -> None:
    """What is told is what it was drawn with: in the drifting frame, so to the drift's share of the speed."""
    radius_m, straight_m, spacing_m, heading_deg = 800.0, 6000.0, 1852.0, 60.0
    drawn = spiral_legs(
        0.0, 0.0, np.radians(90.0 - heading_deg), spacing_m, radius_m * 1.2, straight_m, 5.0, 0.0,
        *drift_mps, START_S, START_S, START_S + 9000.0, SPEED_MPS, radius_m,
    )  # fmt: skip
    task = told(drawn[:, :6], Pattern.EXPANDING_SQUARE, spacing_m)
    shape = rounded_square([leg for leg in task.legs if leg.searching], spacing_m)
    assert shape is not None
    assert shape.to_the_right
    assert shape.first_radius_m == pytest.approx(1.2 * radius_m, rel=0.06)
    assert shape.straight_m == pytest.approx(straight_m, rel=0.03)
    assert shape.straight_courses_deg == pytest.approx((heading_deg, heading_deg + 180.0), abs=1.5)
    assert shape.spacing_m == pytest.approx(spacing_m, rel=0.05)
    assert shape.drift_mps == pytest.approx(drift_mps, abs=0.05)
    assert "moves with the drift" not in task.briefing or drift_mps != (0.0, 0.0)


def test_a_square_with_corners_has_no_turn_radius() -> None:
    ends = np.array([[0, 0], [0, 1], [1, 1], [1, -1], [-1, -1], [-1, 2]]) * 2000.0
    times = START_S + np.arange(6) * 80.0
    legs = np.column_stack([ends[:-1], ends[1:], times[:-1], times[1:]])
    assert rounded_square([g for g in told(legs, Pattern.EXPANDING_SQUARE).legs if g.searching], 2e3) is None
