"""Where a craft cannot go: lines of sight over a raster, and shortest ways round.

A raster cell (row, column) that is not zero is closed. The any-angle field is lazy Theta* (Nash, Koenig &
Tovey 2010) spread over the whole raster from one point: every open cell learns the last corner of a short
way from that point, so that the way to anywhere is read off by following the corners back.
"""

from heapq import heappop, heappush

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def line_is_clear(closed, x0, y0, spacing, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Whether the segment a-b meets no closed cell: every cell on the way is visited (Amanatides & Woo).

    Outside the raster everything is open.
    """
    fx, fy = (ax - x0) / spacing, (ay - y0) / spacing
    gx, gy = (bx - x0) / spacing, (by - y0) / spacing
    column, row = int(np.floor(fx)), int(np.floor(fy))
    last_column, last_row = int(np.floor(gx)), int(np.floor(gy))
    dx, dy = gx - fx, gy - fy
    step_x = 1 if dx > 0 else -1
    step_y = 1 if dy > 0 else -1
    delta_x = abs(1.0 / dx) if dx != 0.0 else np.inf
    delta_y = abs(1.0 / dy) if dy != 0.0 else np.inf
    next_x = (column + (1 if dx > 0 else 0) - fx) / dx if dx != 0.0 else np.inf
    next_y = (row + (1 if dy > 0 else 0) - fy) / dy if dy != 0.0 else np.inf
    rows, columns = closed.shape
    for _ in range(abs(last_column - column) + abs(last_row - row) + 1):
        if 0 <= row < rows and 0 <= column < columns and closed[row, column] != 0:
            return False
        if next_x < next_y:
            next_x += delta_x
            column += step_x
        else:
            next_y += delta_y
            row += step_y
    return True


@njit(nogil=True, cache=True)
def legs_are_clear(closed, x0, y0, spacing, legs):  # type: ignore[no-untyped-def]
    """Whether no leg (leg, >=4) meets a closed cell."""
    for i in range(legs.shape[0]):
        if not line_is_clear(closed, x0, y0, spacing, legs[i, 0], legs[i, 1], legs[i, 2], legs[i, 3]):
            return False
    return True


@njit(nogil=True, cache=True)
def any_angle_field(closed, start_row, start_column):  # type: ignore[no-untyped-def]
    """Last corner (flat cell index, -1 where there is no way) and length in cells of a short way.

    Lazy: a cell is first reached from its neighbour's corner as if that were in sight; only when its turn
    comes is the sight checked, and if it is blocked the best settled neighbour becomes the corner.

    Returns:
        corner (y, x) int32 and length (y, x) float64 (inf where there is no way).
    """
    rows, columns = closed.shape
    length = np.full((rows, columns), np.inf)
    corner = np.full((rows, columns), -1, np.int32)
    settled = np.zeros((rows, columns), np.bool_)
    start = start_row * columns + start_column
    length[start_row, start_column] = 0.0
    corner[start_row, start_column] = start
    queue = [(0.0, start)]
    while len(queue) > 0:
        promised, cell = heappop(queue)
        row, column = cell // columns, cell % columns
        if settled[row, column] or promised > length[row, column]:
            continue
        via = corner[row, column]
        vr, vc = via // columns, via % columns
        in_sight = line_is_clear(closed, 0.0, 0.0, 1.0, vc + 0.5, vr + 0.5, column + 0.5, row + 0.5)
        if cell != start and not in_sight:
            _take_best_neighbour(closed, settled, length, corner, row, column)
            via = corner[row, column]
            vr, vc = via // columns, via % columns
        settled[row, column] = True
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                r, c = row + dy, column + dx
                if not _is_step(closed, row, column, r, c) or settled[r, c]:
                    continue
                reached = length[vr, vc] + np.sqrt((r - vr) ** 2 + (c - vc) ** 2)
                if reached < length[r, c]:
                    length[r, c] = reached
                    corner[r, c] = via
                    heappush(queue, (reached, r * columns + c))
    return corner, length


@njit(nogil=True, cache=True)
def _is_step(closed, row, column, r, c):  # type: ignore[no-untyped-def]
    """Whether one may go from a cell to its neighbour (r, c): open, and no corner of land is cut."""
    rows, columns = closed.shape
    if not (0 <= r < rows and 0 <= c < columns) or (r == row and c == column):
        return False
    return closed[r, c] == 0 and closed[row, c] == 0 and closed[r, column] == 0


@njit(nogil=True, cache=True)
def _take_best_neighbour(closed, settled, length, corner, row, column):  # type: ignore[no-untyped-def]
    """Make the settled neighbour over which the way is shortest the cell's corner."""
    rows, columns = closed.shape
    best = np.inf
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            r, c = row + dy, column + dx
            if not (0 <= r < rows and 0 <= c < columns) or not settled[r, c]:
                continue
            if not _is_step(closed, r, c, row, column):
                continue
            reached = length[r, c] + np.sqrt(dy * dy + dx * dx)
            if reached < best:
                best = reached
                corner[row, column] = r * columns + c
    length[row, column] = best
