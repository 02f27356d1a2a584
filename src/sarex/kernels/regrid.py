"""Native model grids to the regular grid of a case."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]

_NONE, _UNKNOWN = -1, -2
"""Marks instead of a cell's number: no water within reach, and not looked for yet."""


@njit(cache=True, nogil=True)
def fill_from_grid(
    first: Singles, second: Singles, position: Floats, axes: Singles, velocity_mps: Singles
) -> int:
    """Bilinear interpolation of two components at the nodes that have no velocity yet; how many got one.

    Where a corner has no data the others share its weight, as long as they hold at least half of it; else,
    and where a position is NaN (outside the native grid), the node stays NaN. first, second: (native row,
    native column), in any unit of speed and along any axes; position: fractional native row and column,
    (y, x, 2); axes: dx/d1, dx/d2, dy/d1, dy/d2 of the plane by the two components, (y, x, 4);
    velocity_mps: along the plane's axes, (y, x, 2), changed in place.
    """
    rows, columns = first.shape
    found = 0
    for j in range(position.shape[0]):
        for i in range(position.shape[1]):
            r = position[j, i, 0]
            c = position[j, i, 1]
            if math.isfinite(velocity_mps[j, i, 0]) or not math.isfinite(r + c):
                continue
            r0 = min(max(int(r), 0), rows - 1)
            c0 = min(max(int(c), 0), columns - 1)
            fr = r - r0
            fc = c - c0
            r1 = min(r0 + 1, rows - 1)
            c1 = min(c0 + 1, columns - 1)
            w11 = fr * fc
            w10 = fr - w11
            w01 = fc - w11
            w00 = 1.0 - fr - w01
            a = w00 * first[r0, c0] + w01 * first[r0, c1] + w10 * first[r1, c0] + w11 * first[r1, c1]
            b = w00 * second[r0, c0] + w01 * second[r0, c1] + w10 * second[r1, c0] + w11 * second[r1, c1]
            if not math.isfinite(a + b):
                a, b = _share_of_corners(
                    first, second, (r0, r0, r1, r1), (c0, c1, c0, c1), (w00, w01, w10, w11)
                )
                if not math.isfinite(a + b):
                    continue
            velocity_mps[j, i, 0] = axes[j, i, 0] * a + axes[j, i, 1] * b
            velocity_mps[j, i, 1] = axes[j, i, 2] * a + axes[j, i, 3] * b
            found += 1
    return found


@njit(cache=True, nogil=True)
def _share_of_corners(
    first: Singles,
    second: Singles,
    corner_rows: tuple[int, int, int, int],
    corner_columns: tuple[int, int, int, int],
    corner_weights: tuple[float, float, float, float],
) -> tuple[float, float]:
    """Weighted mean of the corners with data; NaN if they hold less than half of the weight."""
    weights = 0.0
    sum_first = 0.0
    sum_second = 0.0
    for k in range(4):
        a = first[corner_rows[k], corner_columns[k]]
        b = second[corner_rows[k], corner_columns[k]]
        if corner_weights[k] > 0.0 and math.isfinite(a + b):
            weights += corner_weights[k]
            sum_first += corner_weights[k] * a
            sum_second += corner_weights[k] * b
    if weights < 0.5:
        return math.nan, math.nan
    return sum_first / weights, sum_second / weights


@njit(cache=True, nogil=True)
def fill_from_nearest_cell(
    first: Singles,
    second: Singles,
    position: Floats,
    axes: Singles,
    reach: int,
    water: NDArray[np.bool_],
    nearest: NDArray[np.int32],
    velocity_mps: Singles,
) -> int:
    """Give nodes without a velocity that of the nearest native cell with data; how many got one.

    The value of one real water cell at most `reach` cells away, never a maximum or a mean of several. Nodes
    outside the native grid (position NaN) stay NaN. Shapes as in `fill_from_grid`. Cells with data hardly
    ever change between two instants, so what was found is kept: water, (native row, native column), and
    nearest, (y, x), the cell's number or one of two marks, both to be passed as they were left, at first
    with no water.
    """
    columns = first.shape[1]
    if _water_changed(first, second, water):
        nearest[:] = _UNKNOWN
    near = np.zeros((0, 0), np.bool_)
    found = 0
    for j in range(position.shape[0]):
        for i in range(position.shape[1]):
            if math.isfinite(velocity_mps[j, i, 0]) or nearest[j, i] == _NONE:
                continue
            if nearest[j, i] == _UNKNOWN:
                if near.size == 0:
                    near = _water_within(water, reach + 1)
                nearest[j, i] = _nearest_water(water, near, position[j, i, 0], position[j, i, 1], reach)
                if nearest[j, i] == _NONE:
                    continue
            a = first[nearest[j, i] // columns, nearest[j, i] % columns]
            b = second[nearest[j, i] // columns, nearest[j, i] % columns]
            velocity_mps[j, i, 0] = axes[j, i, 0] * a + axes[j, i, 1] * b
            velocity_mps[j, i, 1] = axes[j, i, 2] * a + axes[j, i, 3] * b
            found += 1
    return found


@njit(cache=True, nogil=True)
def _water_changed(first: Singles, second: Singles, water: NDArray[np.bool_]) -> bool:
    """Whether other cells have data than `water` says, which is brought up to date."""
    changed = False
    for r in range(first.shape[0]):
        for c in range(first.shape[1]):
            wet = math.isfinite(first[r, c] + second[r, c])
            if wet != water[r, c]:
                water[r, c] = wet
                changed = True
    return changed


@njit(cache=True, nogil=True)
def _nearest_water(
    water: NDArray[np.bool_], near: NDArray[np.bool_], row: float, column: float, reach: int
) -> int:
    """Number of the nearest cell with data, counted along rows."""
    rows, columns = water.shape
    if not math.isfinite(row + column) or not near[min(int(row), rows - 1), min(int(column), columns - 1)]:
        return _NONE
    best = _NONE
    smallest = float(reach * reach)
    for r in range(max(0, int(row) - reach), min(rows, int(row) + reach + 2)):
        for c in range(max(0, int(column) - reach), min(columns, int(column) + reach + 2)):
            distance = (r - row) ** 2 + (c - column) ** 2
            if distance <= smallest and water[r, c]:
                smallest = distance
                best = r * columns + c
    return best


@njit(cache=True, nogil=True)
def _water_within(water: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Cells with water at most `reach` rows and columns away: the inside of a continent costs nothing."""
    rows, columns = water.shape
    along = np.zeros((rows, columns), np.bool_)
    for r in range(rows):
        last = -reach - 1
        for c in range(columns):
            if water[r, c]:
                for k in range(max(last + reach + 1, c - reach, 0), min(c + reach + 1, columns)):
                    along[r, k] = True
                last = c
    within = np.zeros((rows, columns), np.bool_)
    for r in range(rows):
        for c in range(columns):
            if along[r, c]:
                for k in range(max(r - reach, 0), min(r + reach + 1, rows)):
                    within[k, c] = True
    return within


@njit(cache=True, nogil=True)
def clean_speeds(values: Floats | Singles, per_unit: float, fill_like: float, cleaned: Singles) -> float:
    """Values in m/s with NaN for what is as large as a fill value; the largest magnitude that is left.

    values, cleaned: flat, of one length; `fill_like` is compared with the values as they lie in the file.
    """
    largest = 0.0
    for k in range(values.size):
        value = values[k]
        if abs(value) < fill_like:
            cleaned[k] = value * per_unit
            largest = max(largest, abs(value * per_unit))
        else:
            cleaned[k] = math.nan
    return largest


@njit(cache=True, nogil=True)
def locate_in_quads(
    corner_x_m: Floats,
    corner_y_m: Floats,
    x0_m: float,
    y0_m: float,
    spacing_m: float,
    position: Floats,
) -> None:
    """Fractional native indices of the nodes of a regular grid, for a curvilinear native grid.

    Each native cell claims the nodes inside its quadrilateral (inverse of the bilinear map by Newton's
    method), so the cost is one visit per native cell and one per node. corner_x_m, corner_y_m: plane
    coordinates of the native nodes, (native row, native column), NaN where unknown; position: fractional
    native row and column, (y, x, 2), to be passed filled with NaN.
    """
    ny, nx = position.shape[:2]
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
                        position[j, i, 0] = r + t
                        position[j, i, 1] = c + s


@njit(cache=True, nogil=True)
def centre_of_faces(
    first: Singles,
    second: Singles,
    rows: Indices,
    columns: Indices,
    water: NDArray[np.bool_],
    first_out: Singles,
    second_out: Singles,
) -> None:
    """Components on the faces of cells (Arakawa's C grid) brought to the cells' centres.

    Each is the mean of the cell's two faces; a face without data is a wall, through which nothing flows. A
    cell that is no water, or has no face with data, gets NaN. first: (time, row, column), cell (r, c) between
    its faces (r + 1, c) and (r + 1, c + 1); second: the same, cell (r, c) between (r, c + 1) and
    (r + 1, c + 1); rows, columns: the cells wanted; water: (row, column) and the results:
    (time, row, column), of the cells wanted.
    """
    for step in range(first.shape[0]):
        for j in range(rows.size):
            for i in range(columns.size):
                west = first[step, rows[j] + 1, columns[i]]
                east = first[step, rows[j] + 1, columns[i] + 1]
                south = second[step, rows[j], columns[i] + 1]
                north = second[step, rows[j] + 1, columns[i] + 1]
                open_faces = 0
                sum_first = 0.0
                sum_second = 0.0
                for face in (west, east):
                    if math.isfinite(face):
                        open_faces += 1
                        sum_first += face
                for face in (south, north):
                    if math.isfinite(face):
                        open_faces += 1
                        sum_second += face
                if open_faces == 0 or not water[j, i]:
                    first_out[step, j, i] = math.nan
                    second_out[step, j, i] = math.nan
                else:
                    first_out[step, j, i] = 0.5 * sum_first
                    second_out[step, j, i] = 0.5 * sum_second
