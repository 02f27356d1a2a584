"""Native model grids to the regular grid of a case."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@njit(cache=True)
def interpolate_pair(
    first: Singles,
    second: Singles,
    row: Floats,
    column: Floats,
    first_out: Singles,
    second_out: Singles,
) -> None:
    """Bilinear interpolation of two components at fractional native indices.

    Where a corner has no data the others share its weight, as long as they hold at least half of it;
    else, and where an index is NaN (outside the native grid), the result is NaN. first, second:
    (native row, native column); row, column and the results: (y, x).
    """
    rows, columns = first.shape
    for j in range(row.shape[0]):
        for i in range(row.shape[1]):
            first_out[j, i] = np.nan
            second_out[j, i] = np.nan
            r = row[j, i]
            c = column[j, i]
            if not (math.isfinite(r) and math.isfinite(c)):
                continue
            r0 = min(max(math.floor(r), 0), rows - 1)
            c0 = min(max(math.floor(c), 0), columns - 1)
            fr = r - r0
            fc = c - c0
            weights = 0.0
            sum_first = 0.0
            sum_second = 0.0
            for dj in range(2):
                for di in range(2):
                    w = (fr if dj == 1 else 1.0 - fr) * (fc if di == 1 else 1.0 - fc)
                    if w <= 0.0:
                        continue
                    jj = min(r0 + dj, rows - 1)
                    ii = min(c0 + di, columns - 1)
                    a = first[jj, ii]
                    b = second[jj, ii]
                    if math.isfinite(a) and math.isfinite(b):
                        weights += w
                        sum_first += w * a
                        sum_second += w * b
            if weights >= 0.5:
                first_out[j, i] = sum_first / weights
                second_out[j, i] = sum_second / weights


@njit(cache=True)
def extend_pair(
    first: Singles,
    second: Singles,
    row: Floats,
    column: Floats,
    reach: int,
    first_out: Singles,
    second_out: Singles,
) -> None:
    """Fill nodes that are still NaN with the nearest native cell that has data, at most `reach` cells away.

    The value of one real water cell, never a maximum or a mean of several. Nodes outside the native grid
    (index NaN) stay NaN.
    """
    rows, columns = first.shape
    limit = float(reach * reach)
    for j in range(row.shape[0]):
        for i in range(row.shape[1]):
            if math.isfinite(first_out[j, i]):
                continue
            r = row[j, i]
            c = column[j, i]
            if not (math.isfinite(r) and math.isfinite(c)):
                continue
            nearest = limit
            j_best = -1
            i_best = -1
            for jj in range(max(0, int(r) - reach), min(rows, int(r) + reach + 2)):
                for ii in range(max(0, int(c) - reach), min(columns, int(c) + reach + 2)):
                    distance = (jj - r) ** 2 + (ii - c) ** 2
                    if distance <= nearest and math.isfinite(first[jj, ii]) and math.isfinite(second[jj, ii]):
                        nearest = distance
                        j_best = jj
                        i_best = ii
            if j_best >= 0:
                first_out[j, i] = first[j_best, i_best]
                second_out[j, i] = second[j_best, i_best]


@njit(cache=True)
def locate_in_quads(
    corner_x_m: Floats,
    corner_y_m: Floats,
    x0_m: float,
    y0_m: float,
    spacing_m: float,
    row: Floats,
    column: Floats,
) -> None:
    """Fractional native indices of the nodes of a regular grid, for a curvilinear native grid.

    Each native cell claims the nodes inside its quadrilateral (inverse of the bilinear map by Newton's
    method), so the cost is one visit per native cell and one per node. corner_x_m, corner_y_m: plane
    coordinates of the native nodes, (native row, native column), NaN where unknown; row, column: results,
    (y, x), to be passed filled with NaN.
    """
    ny, nx = row.shape
    for r in range(corner_x_m.shape[0] - 1):
        for c in range(corner_x_m.shape[1] - 1):
            x00 = corner_x_m[r, c]
            x01 = corner_x_m[r, c + 1]
            x10 = corner_x_m[r + 1, c]
            x11 = corner_x_m[r + 1, c + 1]
            y00 = corner_y_m[r, c]
            y01 = corner_y_m[r, c + 1]
            y10 = corner_y_m[r + 1, c]
            y11 = corner_y_m[r + 1, c + 1]
            if not math.isfinite(x00 + x01 + x10 + x11 + y00 + y01 + y10 + y11):
                continue
            i_first = max(0, math.ceil((min(x00, x01, x10, x11) - x0_m) / spacing_m - 1e-9))
            i_last = min(nx - 1, math.floor((max(x00, x01, x10, x11) - x0_m) / spacing_m + 1e-9))
            j_first = max(0, math.ceil((min(y00, y01, y10, y11) - y0_m) / spacing_m - 1e-9))
            j_last = min(ny - 1, math.floor((max(y00, y01, y10, y11) - y0_m) / spacing_m + 1e-9))
            for j in range(j_first, j_last + 1):
                for i in range(i_first, i_last + 1):
                    px = x0_m + i * spacing_m
                    py = y0_m + j * spacing_m
                    s = 0.5
                    t = 0.5
                    for _ in range(12):
                        fx = (
                            (1 - s) * (1 - t) * x00 + s * (1 - t) * x01 + (1 - s) * t * x10 + s * t * x11 - px
                        )
                        fy = (
                            (1 - s) * (1 - t) * y00 + s * (1 - t) * y01 + (1 - s) * t * y10 + s * t * y11 - py
                        )
                        xs = (1 - t) * (x01 - x00) + t * (x11 - x10)
                        xt = (1 - s) * (x10 - x00) + s * (x11 - x01)
                        ys = (1 - t) * (y01 - y00) + t * (y11 - y10)
                        yt = (1 - s) * (y10 - y00) + s * (y11 - y01)
                        determinant = xs * yt - xt * ys
                        if determinant == 0.0:
                            s = math.nan
                            break
                        ds = (fx * yt - fy * xt) / determinant
                        dt = (xs * fy - ys * fx) / determinant
                        s -= ds
                        t -= dt
                        if abs(ds) + abs(dt) < 1e-10:
                            break
                    if -1e-7 <= s <= 1 + 1e-7 and -1e-7 <= t <= 1 + 1e-7:
                        row[j, i] = r + t
                        column[j, i] = c + s
