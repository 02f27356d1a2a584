"""Lines of sight against shapely, ways round against a small Dijkstra."""

from heapq import heappop, heappush
from math import inf, sqrt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box, union_all

from sarex.kernels.obstacle import any_angle_field, legs_are_clear, line_is_clear

X0, Y0, SPACING = -700.0, 250.0, 100.0
seeds = st.integers(0, 100_000)


def closed_ground(cells, x0=X0, y0=Y0, spacing=SPACING):
    rows, columns = np.nonzero(cells)
    return union_all(
        [
            box(x0 + c * spacing, y0 + r * spacing, x0 + (c + 1) * spacing, y0 + (r + 1) * spacing)
            for r, c in zip(rows, columns, strict=True)
        ]
    )


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_a_line_is_clear_when_it_meets_no_closed_cell(seed) -> None:
    """Twelve lines each, some axis-parallel, ends in and out of the raster."""
    rng = np.random.default_rng(seed)
    cells = (rng.random((9, 11)) < rng.uniform(0.02, 0.3)).astype(np.uint8)
    ground = closed_ground(cells)
    for number in range(12):
        a, b = (np.array([X0, Y0]) + rng.uniform(-300, 1400, 2) for _ in range(2))
        if number < 4:
            b[number % 2] = a[number % 2]
        met = LineString([a, b]).intersection(ground).length > 1e-9
        assert line_is_clear(cells, X0, Y0, SPACING, *a, *b) == (not met)
        assert line_is_clear(cells, X0, Y0, SPACING, *b, *a) == (not met)
        legs = np.array([[*a, *a, 0.0], [*a, *b, 0.0]])
        assert legs_are_clear(cells, X0, Y0, SPACING, legs) == (not met)


def test_a_line_along_an_edge_or_through_a_corner_may_be_refused_but_never_cuts_a_cell() -> None:
    cells = np.zeros((4, 4), np.uint8)
    cells[1, 1] = 1
    assert not line_is_clear(cells, 0.0, 0.0, 1.0, 0.0, 0.0, 4.0, 4.0)
    assert line_is_clear(cells, 0.0, 0.0, 1.0, 0.0, 2.5, 4.0, 2.5)


def eight_ways(cells, start):
    """Shortest lengths over the eight neighbours, no corner cut."""
    rows, columns = cells.shape
    length = np.full(cells.shape, inf)
    length[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        so_far, (row, column) = heappop(queue)
        if so_far > length[row, column]:
            continue
        for dr, dc in ((a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b):
            r, c = row + dr, column + dc
            if not (0 <= r < rows and 0 <= c < columns) or cells[r, c] or cells[row, c] or cells[r, column]:
                continue
            if so_far + sqrt(dr * dr + dc * dc) < length[r, c] - 1e-12:
                length[r, c] = so_far + sqrt(dr * dr + dc * dc)
                heappush(queue, (length[r, c], (r, c)))
    return length


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_ways_are_legal_and_no_longer_than_over_eight_neighbours(seed) -> None:
    rng = np.random.default_rng(seed)
    cells = (rng.random((14, 17)) < rng.uniform(0.05, 0.4)).astype(np.uint8)
    start = int(rng.integers(14)), int(rng.integers(17))
    cells[start] = 0
    ground = closed_ground(cells, 0.0, 0.0, 1.0)
    corner, length = any_angle_field(cells, *start)
    plain = eight_ways(cells, start)
    np.testing.assert_array_equal(np.isfinite(length), np.isfinite(plain))
    np.testing.assert_array_equal(corner >= 0, np.isfinite(plain))
    assert np.all(length <= plain + 1e-9)
    for row, column in zip(*np.nonzero(np.isfinite(length)), strict=True):
        via = divmod(int(corner[row, column]), 17)
        piece = LineString([(via[1] + 0.5, via[0] + 0.5), (column + 0.5, row + 0.5)])
        assert piece.intersection(ground).length < 1e-9
        assert abs(length[row, column] - length[via] - piece.length) < 1e-9
        assert length[row, column] >= np.hypot(row - start[0], column - start[1]) - 1e-9
