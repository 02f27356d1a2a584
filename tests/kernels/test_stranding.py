"""Where a path meets land, and how far nobody need look: against slow and plain answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_sea import run_kernel
from sarex.kernels.stranding import COARSE, clearance, first_land, on_land, room

CELL_M = 500.0
GRID = np.array([-7_000.0, -5_000.0, CELL_M])
SEEDS = st.integers(0, 2**32 - 1)


def islands(rng, shape=(21, 29), share=0.12) -> np.ndarray:
    """Scattered cells of land (2) and of shore (1)."""
    return rng.choice(np.array([0, 1, 2], np.uint8), shape, p=(0.95 - share, 0.05, share))


def paces(cells, start, end, count=20_000) -> np.ndarray:
    """Which of many places along a path are on land."""
    share = (np.arange(count) + 0.5) / count
    x, y = (start[axis] + share * (end[axis] - start[axis]) for axis in (0, 1))
    column, row = (np.floor((at - GRID[axis]) / CELL_M).astype(int) for axis, at in ((0, x), (1, y)))
    inside = (row >= 0) & (row < cells.shape[0]) & (column >= 0) & (column < cells.shape[1])
    return inside & (cells[np.where(inside, row, 0), np.where(inside, column, 0)] == 2)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_first_land_on_a_path(seed) -> None:
    """As by 20,000 paces, to a pace; a corner that is cut by less than a pace may be met or not."""
    rng = np.random.default_rng(seed)
    cells = islands(rng)
    start, end = rng.uniform(-9_000.0, 9_000.0, (2, 2))
    if on_land(cells, GRID, *start):
        return
    met = first_land(cells, GRID, *start, *end)
    ashore = paces(cells, start, end)
    if met == 2.0:
        assert ashore.sum() < 2
        return
    assert 0.0 <= met <= 1.0
    assert not ashore[: max(int(met * ashore.size) - 1, 0)].any()
    just_after = start + (met + 1e-9) * (end - start)
    assert on_land(cells, GRID, *just_after)


@pytest.mark.parametrize(("dx", "dy"), [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
def test_straight_ways_along_the_axes(dx, dy) -> None:
    """The only island is the cell of 500 m around (250, 250): its edge is 250 m before its middle."""
    cells = np.zeros((21, 29), np.uint8)
    cells[10, 14] = 2
    middle = np.array([250.0, 250.0])
    ahead = np.array([dx, dy])
    start, end = middle - 2000.0 * ahead, middle + 2000.0 * ahead
    assert first_land(cells, GRID, *start, *end) == pytest.approx(1750.0 / 4000.0, abs=1e-12)
    short = middle - 250.1 * ahead
    assert first_land(cells, GRID, *start, *short) == 2.0
    # the cell beside it is passed
    aside = np.array([dy, dx]) * 260.0
    assert first_land(cells, GRID, *(start + aside), *(end + aside)) == 2.0


def test_no_way_meets_nothing() -> None:
    cells = np.zeros((21, 29), np.uint8)
    assert first_land(cells, GRID, 10.0, 10.0, 10.0, 10.0) == 2.0


@pytest.mark.parametrize("nudge_m", [0.0, 1e-10, -1e-10])
def test_from_the_beach(nudge_m) -> None:
    """What lies on the edge of the island, by rounding on either side: off it freely, not a metre through."""
    cells = np.zeros((21, 29), np.uint8)
    cells[10:12, 14] = 2  # x 0..500, y 0..1000
    x, y = nudge_m, 400.0
    assert first_land(cells, GRID, x, y, x - 300.0, y + 20.0) == 2.0
    for ahead in ((300.0, 20.0), (900.0, 0.0), (5.0, 300.0), (0.001, 0.0)):
        assert first_land(cells, GRID, x, y, x + ahead[0], y + ahead[1]) == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from([(16, 24), (21, 29), (1, 1), (8, 9), (40, 37)]))
def test_nothing_within_the_room_is_land(seed, shape) -> None:
    """Room is never more than the distance to the nearest cell of land or to the raster's edge."""
    rng = np.random.default_rng(seed)
    cells = islands(rng, shape, share=0.01)
    clear = clearance(cells, CELL_M)
    assert clear.shape == tuple(-(-side // COARSE) for side in shape)
    for x, y in rng.uniform(-9_000.0, 9_000.0, (20, 2)):
        there = float(room(clear, GRID, x, y))
        rows, columns = np.nonzero(cells == 2)
        left, lower = GRID[0] + columns * CELL_M, GRID[1] + rows * CELL_M
        off_x = np.maximum(np.maximum(left - x, x - left - CELL_M), 0.0)
        off_y = np.maximum(np.maximum(lower - y, y - lower - CELL_M), 0.0)
        nearest = np.maximum(off_x, off_y).min(initial=np.inf)
        edge = min(x - GRID[0], GRID[0] + shape[1] * CELL_M - x, y - GRID[1], GRID[1] + shape[0] * CELL_M - y)
        assert there <= max(min(nearest, edge), 0.0) + 1e-6


def test_there_is_room_in_the_middle_of_a_bay() -> None:
    """Or looking is never spared: 64 cells of water between two coasts leave three coarse cells each way."""
    cells = np.zeros((64, 80), np.uint8)
    cells[:, :8], cells[:, 72:] = 2, 2
    assert clearance(cells, CELL_M)[3:5, 4:6].min() == 3 * COARSE * CELL_M


ONSHORE, OFFSHORE, ALONG = (0.6, 0.1), (-0.6, 0.1), (0.0, 0.5)


def ashore(flow, rate: float, steps=36, count=20_000):
    """Particles on the western beach of a long island, in a steady flow."""
    cells = np.zeros((60, 60), np.uint8)
    cells[:, 40:43] = 2
    beach_m = GRID[0] + 40 * CELL_M
    rng = np.random.default_rng(2)
    origin = np.column_stack([np.full(count, beach_m - 100.0), rng.uniform(1000.0, 3000.0, count)])
    hours = steps // 6 + 3
    onto = [np.full((hours, 2, 2), 0.6), np.zeros((hours, 2, 2))]
    for axis in (0, 1):
        onto[axis][2:] = flow[axis]
    grid = np.array([-1e6, -1e6, 2e6])
    x, y, status = run_kernel(
        origin, steps=steps + 12, current=(*(part.astype(np.float32) for part in onto), grid),
        land=(cells, GRID), refloat_threshold=int(rate * 2**32), seed=12,
    )  # fmt: skip
    assert np.all(status[:, 6] == 1)
    return x, y, status, beach_m


def test_an_onshore_flow_holds_what_lies_on_the_beach() -> None:
    x, y, status, beach_m = ashore(ONSHORE, 0.5, count=500)
    assert np.all(status[:, 6:] == 1)
    np.testing.assert_allclose(x[:, 6:], beach_m, atol=0.01)
    assert np.all(y[:, 6:] == y[:, [6]])


def test_an_offshore_flow_takes_it_off_at_the_given_rate() -> None:
    """The flow turns within an hour; from then on a fifth of those ashore gets off in every step.

    20,000 particles, binomial: five standard deviations (false alarm 6e-7 a step).
    """
    _, _, status, _ = ashore(OFFSHORE, 0.2)
    left = np.argmax(np.diff((status == 1).sum(axis=0)) < 0)
    held = (status == 1).mean(axis=0)
    for since in range(1, 13):
        expected = 0.8**since
        found = held[left + since]
        assert found == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / 20_000)), since
    off = status[:, -1] == 0
    assert off.mean() > 0.99


def test_nobody_refloats_when_nobody_may() -> None:
    _, _, status, _ = ashore(OFFSHORE, 0.0, count=300)
    assert np.all(status[:, 6:] == 1)


@pytest.mark.parametrize("flow", [ONSHORE, OFFSHORE, ALONG])
@pytest.mark.parametrize("seed", range(3))
def test_no_particle_is_afloat_on_land_also_when_it_comes_off_again(flow, seed) -> None:
    """Among scattered islands, with noise: the way over an island is never taken, not even a metre."""
    rng = np.random.default_rng(seed)
    cells = islands(rng, share=0.15)
    origin = rng.uniform((-6_500.0, -4_500.0), (7_000.0, 5_000.0), (2000, 2))
    origin = origin[[not on_land(cells, GRID, x, y) for x, y in origin]]
    grid = np.array([-1e6, -1e6, 2e6])
    current = (*(np.full((2, 2, 2), part, np.float32) for part in flow), grid)
    x, y, status = run_kernel(
        origin, steps=40, current=current, land=(cells, GRID), sigma=(0.2, 0.0), refloat_threshold=2**31
    )
    afloat = status == 0
    inward = 0.02  # single precision of what is kept
    deep = np.ones(x.shape, bool)
    for shift in ((inward, 0.0), (-inward, 0.0), (0.0, inward), (0.0, -inward)):
        column = np.floor((x + shift[0] - GRID[0]) / CELL_M).astype(int)
        row = np.floor((y + shift[1] - GRID[1]) / CELL_M).astype(int)
        inside = (row >= 0) & (row < cells.shape[0]) & (column >= 0) & (column < cells.shape[1])
        deep &= inside & (cells[np.where(inside, row, 0), np.where(inside, column, 0)] == 2)
    assert not np.any(deep & afloat)
    assert (status == 1).any()
    assert np.any((status[:, :-1] == 1) & (status[:, 1:] == 0))


def test_what_lies_ashore_without_forcing_stays_ashore() -> None:
    """Trying to get off where no velocity is known does not take it out of the forcing."""
    cells = np.zeros((21, 29), np.uint8)
    cells[:, 16:18] = 2  # from x = 1000 on
    nodes = np.arange(-6_000.0, 6_001.0, 500.0)
    speed = np.where(nodes > 600.0, np.nan, 0.5)[None, None, :] * np.ones((2, nodes.size, 1))
    late = speed.copy()
    late[:, :, nodes > -100.0] = np.nan
    planes = np.concatenate([np.where(np.isnan(speed), 0.5, speed), late]).astype(np.float32)
    current = (planes, 0.0 * planes, np.array([-6_000.0, -6_000.0, 500.0]))
    _, _, status = run_kernel(
        [[700.0, 0.0], [-2_000.0, 0.0]],
        steps=24,
        current=current,
        land=(cells, GRID),
        refloat_threshold=2**32 - 1,
    )
    assert status[0, 4] == 1
    assert status[0, -1] == 1
    assert status[1, -1] == 2
