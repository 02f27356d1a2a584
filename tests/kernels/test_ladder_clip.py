"""Ladders clipped to open water: what is kept of each leg, judged by polygons, not by the raster's walk."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels import ladder
from sarex.kernels.ladder import SHAPE_COLUMNS, legs_within
from sarex.kernels.ladder_clip import clipped_within, open_run
from sarex.kernels.pattern import turn_length

CELL_M = 250.0
AT = np.array([-20_000.0, -20_000.0, CELL_M])
OPEN = np.zeros((160, 160), np.uint8)
SPEED_MPS, RADIUS_M, WIDEST_M = 40.0, 300.0, 600.0


def closed_where(inside):
    """A raster with the cells closed whose middle (x, y) is inside."""
    middles = AT[0] + CELL_M * (np.arange(160) + 0.5)
    x, y = np.meshgrid(middles, middles)
    return inside(x, y).astype(np.uint8)


def land_of(raster):
    rows, columns = np.nonzero(raster)
    x, y = AT[0] + CELL_M * columns, AT[1] + CELL_M * rows
    return shapely.union_all(shapely.box(x, y, x + CELL_M, y + CELL_M))


def shape_of(**values):
    shape = np.zeros(SHAPE_COLUMNS)
    shape[[ladder.CREEP, ladder.START_END]] = 1.0
    for name, value in values.items():
        shape[getattr(ladder, name)] = value
    return shape


def flown(shape, raster, drift=(0.0, 0.0), time_s=7200.0):
    return clipped_within(
        shape, (raster, room_of(raster), AT), 0.0, WIDEST_M, *drift, 0.0, 0.0, time_s, SPEED_MPS, RADIUS_M
    )


def room_of(land):
    """Without danger areas."""
    return np.where(land > 0, -1.0, np.inf).astype(np.float32)


COAST = closed_where(lambda x, _: x > 3000.0)
"""Land east of x = 3 km."""
LADDER = shape_of(LENGTH=12_000.0, SPACING=1000.0, HEADING=0.0)
"""Legs to the east and back, from x = -6 km to 6 km in the open."""


def test_in_open_water_it_is_the_plain_ladder():
    for creep in (1.0, -1.0):
        shape = shape_of(LENGTH=9000.0, SPACING=900.0, HEADING=0.7, CREEP=creep, TAPER=0.3, SHEAR=0.2)
        plain = legs_within(shape, 100.0, WIDEST_M, 0.3, -0.2, 0.0, 0.0, 7200.0, SPEED_MPS, RADIUS_M)
        np.testing.assert_allclose(flown(shape, OPEN, (0.3, -0.2)), plain, atol=1e-6)


def test_legs_end_a_cell_off_a_straight_coast():
    legs = flown(LADDER, COAST)
    searching = legs[legs[:, 6] == 1.0]
    east, west = searching[:, [0, 2]].max(axis=1), searching[:, [0, 2]].min(axis=1)
    assert west == pytest.approx(-6000.0)
    assert east == pytest.approx(3000.0 - CELL_M)
    assert np.ptp(searching[:, [1, 3]], axis=1) == pytest.approx(0.0)


def test_the_time_saved_goes_into_more_legs():
    plain = legs_within(LADDER, 100.0, WIDEST_M, 0.0, 0.0, 0.0, 0.0, 7200.0, SPEED_MPS, RADIUS_M)
    clipped = flown(LADDER, COAST)
    assert clipped[:, 6].sum() > plain[:, 6].sum()
    one_more_s = (12_000.0 + turn_length(1000.0, RADIUS_M)) / SPEED_MPS
    assert 7200.0 - one_more_s < clipped[-1, 5] <= 7200.0


def test_legs_wholly_on_land_are_left_out_and_what_is_all_land_is_nothing():
    north = closed_where(lambda _, y: y > 2000.0)
    searching = flown(LADDER, north)
    assert searching[:, [1, 3]].max() <= 2000.0
    assert flown(LADDER, np.ones_like(OPEN)).shape == (0, 7)


def test_of_a_leg_across_an_island_the_longer_piece_stays():
    island = closed_where(lambda x, _: (x > 500.0) & (x < 2000.0))
    searching = flown(LADDER, island)
    assert searching[:, [0, 2]].max() <= 500.0


def test_a_ladder_with_too_many_legs_left_out_between_others_is_not_flown():
    """Bars of land over every other leg: what is left lies twice as far apart as the ladder says."""
    every_other = closed_where(lambda _, y: np.abs((y - 500.0) % 2000.0 - 1000.0) < 400.0)
    one = closed_where(lambda _, y: np.abs(y) < 300.0)
    ladder_at = shape_of(LENGTH=12_000.0, SPACING=1000.0, Y=500.0)
    assert len(flown(ladder_at, every_other)) == 0
    assert len(flown(shape_of(LENGTH=12_000.0, SPACING=1000.0), one, time_s=1100.0)) == 0
    some = flown(shape_of(LENGTH=12_000.0, SPACING=1000.0), one)
    gaps_m = np.diff(np.unique(some[some[:, 6] == 1.0][:, 1].round(3)))
    assert np.median(gaps_m) == pytest.approx(1000.0)


def test_legs_keep_as_far_from_danger_as_asked_in_every_direction():
    """A disc: legs beside it are left out or end before it, at least so far away."""
    disc = shapely.Point(2000.0, 1000.0).buffer(2500.0)
    middles = shapely.points(*np.meshgrid(*[AT[0] + CELL_M * (np.arange(160) + 0.5)] * 2))
    away_m = shapely.distance(middles, disc)
    closed, room_m = (away_m <= 0.71 * CELL_M).astype(np.uint8), away_m - 0.71 * CELL_M
    for keep_m, heading in ((0.0, 0.3), (500.0, 0.3), (1200.0, -1.1)):
        shape = shape_of(LENGTH=12_000.0, SPACING=1000.0, HEADING=heading)
        legs = clipped_within(
            shape, (closed, room_m.astype(np.float32), AT), keep_m, WIDEST_M, 0.0, 0.0, 0.0, 0.0, 9000.0,
            SPEED_MPS, RADIUS_M,
        )  # fmt: skip
        lines = shapely.linestrings(legs[legs[:, 6] == 1.0][:, :4].reshape(-1, 2, 2))
        gaps_m = shapely.distance(lines, disc)
        assert len(lines) > 8
        assert keep_m <= gaps_m.min() < keep_m + 3.0 * CELL_M


def test_open_run_by_hand():
    raster = np.zeros((1, 20), np.uint8)
    raster[0, [3, 12]] = 1
    run = open_run(room_of(raster), np.array([0.0, 0.0, 100.0]), 0.0, 0.0, 50.0, 1.0, 0.0, 2000.0 - 1e-6)
    # cells 4 to 11 are the longest piece, 400 to 1200 m, less a cell at each end
    assert run == pytest.approx((500.0, 1100.0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_whatever_the_coast_searching_is_in_open_water_on_time_and_at_speed(seed):
    rng = np.random.default_rng(seed)
    blobs = rng.uniform(-9000, 9000, (6, 2)), rng.uniform(500, 3000, 6)
    raster = closed_where(
        lambda x, y: np.any([np.hypot(x - a, y - b) < r for (a, b), r in zip(*blobs, strict=True)], axis=0)
    )
    shape = shape_of(
        X=rng.uniform(-5000, 5000), Y=rng.uniform(-5000, 5000), HEADING=rng.uniform(-3, 3),
        LENGTH=rng.uniform(2000, 12_000), SPACING=rng.uniform(300, 2000), CREEP=rng.choice((-1, 1)),
        START_END=rng.choice((-1, 1)),
    )  # fmt: skip
    # with drift a leg moves on while the unit is on its way there: the planner looks at the land again
    drift = rng.uniform(-0.5, 0.5, 2) * rng.integers(2)
    legs = flown(shape, raster, drift, time_s := rng.uniform(1000, 9000))
    if not len(legs):
        return
    searching, turns = legs[legs[:, 6] == 1.0], legs[legs[:, 6] == 0.0]
    lines = shapely.linestrings(searching[:, :4].reshape(-1, 2, 2))
    if not drift.any():
        assert not shapely.intersects(land_of(raster), lines).any()
    assert legs[0, 4] == 0.0
    assert legs[-1, 5] <= time_s
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    length_m = np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1])
    np.testing.assert_allclose(length_m / (searching[:, 5] - searching[:, 4]), SPEED_MPS)
    way_m = np.hypot(turns[:, 2] - turns[:, 0], turns[:, 3] - turns[:, 1])
    assert np.all(way_m <= (SPEED_MPS + 1e-6) * (turns[:, 5] - turns[:, 4]) + 1e-6)
    between_s = searching[1:, 4] - searching[:-1, 5]
    assert np.all(between_s >= np.pi * RADIUS_M / SPEED_MPS - 1e-6)
