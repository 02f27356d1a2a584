"""Polygons to cells: which centres lie inside, and which cells a boundary touches."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.uint8]
Offsets = NDArray[np.int64]


@njit(cache=True)
def fill_centres(
    x_cells: Floats, y_cells: Floats, ring_starts: Offsets, polygon_starts: Offsets, value: int, cells: Cells
) -> None:
    """Set the cells whose centre lies inside any of the polygons (even-odd rule within a polygon).

    x_cells, y_cells: vertices in units of cells from the raster's lower left corner, all rings one after the
    other and each closed; ring_starts: first vertex of each ring and the end; polygon_starts: first ring of
    each polygon and the end; cells: (y, x), changed in place.
    """
    rows, columns = cells.shape
    parity = np.zeros((rows, columns), np.uint8)
    for polygon in range(len(polygon_starts) - 1):
        row_low, row_high, column_low = rows, -1, columns
        for k in range(ring_starts[polygon_starts[polygon]], ring_starts[polygon_starts[polygon + 1]]):
            row_low = min(row_low, max(math.floor(y_cells[k]), 0))
            row_high = max(row_high, min(math.ceil(y_cells[k]), rows - 1))
            column_low = min(column_low, max(math.floor(x_cells[k]), 0))
        for ring in range(polygon_starts[polygon], polygon_starts[polygon + 1]):
            for k in range(ring_starts[ring], ring_starts[ring + 1] - 1):
                low = min(y_cells[k], y_cells[k + 1])
                high = max(y_cells[k], y_cells[k + 1])
                # Rows whose centre j + 0.5 lies in [low, high): half open, so a shared vertex counts once.
                first = max(math.ceil(low - 0.5), 0)
                last = min(math.ceil(high - 0.5) - 1, rows - 1)
                if first > last:
                    continue
                slope = (x_cells[k + 1] - x_cells[k]) / (y_cells[k + 1] - y_cells[k])
                for j in range(first, last + 1):
                    crossing = x_cells[k] + slope * (j + 0.5 - y_cells[k])
                    column = max(math.ceil(crossing - 0.5), 0)
                    if column < columns:
                        parity[j, column] ^= np.uint8(1)
        for j in range(row_low, row_high + 1):
            inside = np.uint8(0)
            for i in range(column_low, columns):
                inside ^= parity[j, i]
                parity[j, i] = 0
                if inside == 1:
                    cells[j, i] = value


@njit(cache=True)
def mark_touched(
    x_cells: Floats, y_cells: Floats, ring_starts: Offsets, value: int, keep: int, cells: Cells
) -> None:
    """Set every cell that a ring touches, however slightly, unless it holds `keep`.

    A segment's stretch within each column of cells marks all rows between its ends, with a hair to spare
    against rounding. Arguments as for `fill_centres`.
    """
    rows, columns = cells.shape
    hair = 1e-7
    for ring in range(len(ring_starts) - 1):
        for k in range(ring_starts[ring], ring_starts[ring + 1] - 1):
            if x_cells[k] <= x_cells[k + 1]:
                xa, ya, xb, yb = x_cells[k], y_cells[k], x_cells[k + 1], y_cells[k + 1]
            else:
                xa, ya, xb, yb = x_cells[k + 1], y_cells[k + 1], x_cells[k], y_cells[k]
            if xb < -1.0 or xa > columns + 1.0 or max(ya, yb) < -1.0 or min(ya, yb) > rows + 1.0:
                continue
            slope = (yb - ya) / (xb - xa) if xb > xa else 0.0
            for i in range(max(math.floor(xa - hair), 0), min(math.floor(xb + hair), columns - 1) + 1):
                if xb - xa < 1e-9:
                    y1, y2 = ya, yb
                else:
                    y1 = ya + slope * (min(max(float(i), xa), xb) - xa)
                    y2 = ya + slope * (max(min(i + 1.0, xb), xa) - xa)
                low = max(math.floor(min(y1, y2) - hair), 0)
                high = min(math.floor(max(y1, y2) + hair), rows - 1)
                for j in range(low, high + 1):
                    if cells[j, i] != keep:
                        cells[j, i] = value
