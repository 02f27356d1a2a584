"""Where a path meets land on a raster, and how far it may go without looking."""

import numpy as np
from numba import njit

_LAND = 2
_EDGE_CELLS = 1e-6
"""Width of a cell's edge: far more than the rounding of a position, far less than anyone can tell."""
COARSE = 8
"""Cells of the raster along one side of a cell of the clearance map."""


@njit(inline="always")
def on_land(cells, grid, x, y):  # type: ignore[no-untyped-def]
    """Whether a point lies in a cell of land; `grid` is (left, lower, spacing). Water outside the raster."""
    column = int(np.floor((x - grid[0]) / grid[2]))
    row = int(np.floor((y - grid[1]) / grid[2]))
    inside = 0 <= row < cells.shape[0] and 0 <= column < cells.shape[1]
    return inside and cells[row, column] == _LAND


@njit(nogil=True, cache=True)
def first_land(cells, grid, x_from, y_from, x_to, y_to):  # type: ignore[no-untyped-def]
    """Fraction of the way at which a straight path first enters a cell of land; 2 if it does not.

    Cell by cell along the path (Amanatides and Woo, 1987). What lies ashore lies on the edge of a cell of
    land, which rounding may put on either side: it may come off if it is out of that cell at once, and is met
    by the land where it lies if its path leads through the cell.
    """
    start_x, start_y = (x_from - grid[0]) / grid[2], (y_from - grid[1]) / grid[2]
    ahead_x, ahead_y = (x_to - x_from) / grid[2], (y_to - y_from) / grid[2]
    column, row = int(np.floor(start_x)), int(np.floor(start_y))
    last_column, last_row = int(np.floor(start_x + ahead_x)), int(np.floor(start_y + ahead_y))
    step_x, step_y = 1 if ahead_x > 0 else -1, 1 if ahead_y > 0 else -1
    next_x = (column + (step_x > 0) - start_x) / ahead_x if ahead_x != 0.0 else np.inf
    next_y = (row + (step_y > 0) - start_y) / ahead_y if ahead_y != 0.0 else np.inf
    begins_ashore = 0 <= row < cells.shape[0] and 0 <= column < cells.shape[1] and cells[row, column] == _LAND
    if begins_ashore and min(next_x, next_y) * max(abs(ahead_x), abs(ahead_y)) > _EDGE_CELLS:
        return 0.0
    for _ in range(abs(last_column - column) + abs(last_row - row)):
        if next_x < next_y:
            met = next_x
            column += step_x
            next_x += step_x / ahead_x
        else:
            met = next_y
            row += step_y
            next_y += step_y / ahead_y
        if 0 <= row < cells.shape[0] and 0 <= column < cells.shape[1] and cells[row, column] == _LAND:
            return min(max(met, 0.0), 1.0)
    return 2.0


@njit(nogil=True, cache=True)
def clearance(cells, spacing):  # type: ignore[no-untyped-def]
    """Metres that every point of a coarse cell lies from land at least: float32, COARSE cells a side.

    Distance to the nearest coarse cell with land in it by the larger of the two axes (two passes), less the
    cell in which the point may be anywhere. What lies outside the raster is taken for land: look there.
    """
    rows = (cells.shape[0] + COARSE - 1) // COARSE
    columns = (cells.shape[1] + COARSE - 1) // COARSE
    far = np.full((rows + 2, columns + 2), rows + columns, np.int32)
    far[0, :], far[-1, :], far[:, 0], far[:, -1] = 0, 0, 0, 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            if cells[row, column] == _LAND:
                far[row // COARSE + 1, column // COARSE + 1] = 0
    # the last coarse cells may reach beyond the raster
    if cells.shape[0] % COARSE != 0:
        far[rows, :] = 0
    if cells.shape[1] % COARSE != 0:
        far[:, columns] = 0
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            before = min(far[row - 1, column - 1], far[row - 1, column], far[row - 1, column + 1])
            far[row, column] = min(far[row, column], before + 1, far[row, column - 1] + 1)
    for row in range(rows, 0, -1):
        for column in range(columns, 0, -1):
            after = min(far[row + 1, column - 1], far[row + 1, column], far[row + 1, column + 1])
            far[row, column] = min(far[row, column], after + 1, far[row, column + 1] + 1)
    metres = np.empty((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            metres[row, column] = max(far[row + 1, column + 1] - 1, 0) * COARSE * spacing
    return metres


@njit(inline="always")
def room(clear, grid, x, y):  # type: ignore[no-untyped-def]
    """Metres without land in every direction, from the clearance map; 0 outside it."""
    column = int(np.floor((x - grid[0]) / (grid[2] * COARSE)))
    row = int(np.floor((y - grid[1]) / (grid[2] * COARSE)))
    inside = 0 <= row < clear.shape[0] and 0 <= column < clear.shape[1]
    return clear[row, column] if inside else np.float32(0.0)
