"""Unstructured triangles to the regular grid of a case."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]
Whole = NDArray[np.int32]

_EDGE = 1e-9


@njit(cache=True, nogil=True)
def locate_in_triangles(
    x_m: Floats,
    y_m: Floats,
    triangles: Indices,
    x0_m: float,
    y0_m: float,
    spacing_m: float,
    triangle: Whole,
    weights: Singles,
) -> None:
    """Which triangle holds each node of a regular grid, and the node's barycentric coordinates in it.

    Each triangle claims the nodes inside it, so the cost is one visit per triangle and one per node. x_m,
    y_m: corners in the plane, (corner,), NaN where unknown; triangles: (triangle, 3); triangle: (y, x), to
    be passed filled with -1; weights: (y, x, 3 or more). A node on an edge belongs to either neighbour.
    """
    ny, nx = triangle.shape
    for k in range(triangles.shape[0]):
        xa, xb, xc = x_m[triangles[k, 0]], x_m[triangles[k, 1]], x_m[triangles[k, 2]]
        ya, yb, yc = y_m[triangles[k, 0]], y_m[triangles[k, 1]], y_m[triangles[k, 2]]
        double_area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
        if not math.isfinite(double_area) or double_area == 0.0:
            continue
        i_first = max(0, math.ceil((min(xa, xb, xc) - x0_m) / spacing_m - _EDGE))
        i_last = min(nx - 1, math.floor((max(xa, xb, xc) - x0_m) / spacing_m + _EDGE))
        j_first = max(0, math.ceil((min(ya, yb, yc) - y0_m) / spacing_m - _EDGE))
        j_last = min(ny - 1, math.floor((max(ya, yb, yc) - y0_m) / spacing_m + _EDGE))
        for j in range(j_first, j_last + 1):
            py = y0_m + j * spacing_m
            for i in range(i_first, i_last + 1):
                px = x0_m + i * spacing_m
                wb = ((px - xa) * (yc - ya) - (xc - xa) * (py - ya)) / double_area
                wc = ((xb - xa) * (py - ya) - (px - xa) * (yb - ya)) / double_area
                wa = 1.0 - wb - wc
                if wa >= -_EDGE and wb >= -_EDGE and wc >= -_EDGE:
                    triangle[j, i] = k
                    weights[j, i, 0] = wa
                    weights[j, i, 1] = wb
                    weights[j, i, 2] = wc


@njit(cache=True, nogil=True)
def fill_from_elements(
    first: Singles, second: Singles, members: Whole, weights: Singles, axes: Singles, velocity_mps: Singles
) -> int:
    """Weighted sums of elements at the grid nodes that have no velocity yet; how many got one.

    Where one of a node's elements has no data, the first element alone is taken (the nearest one). first,
    second: (element,); members: elements of each node, the first one -1 where there is none, (y, x, 4);
    weights: (y, x, 4); axes and velocity_mps as in `regrid.fill_from_grid`.
    """
    found = 0
    for j in range(members.shape[0]):
        for i in range(members.shape[1]):
            nearest = members[j, i, 0]
            if nearest < 0 or math.isfinite(velocity_mps[j, i, 0]):
                continue
            a = 0.0
            b = 0.0
            for k in range(4):
                weight = weights[j, i, k]
                if weight != 0.0:
                    a += weight * first[members[j, i, k]]
                    b += weight * second[members[j, i, k]]
            if not math.isfinite(a + b):
                a = first[nearest]
                b = second[nearest]
                if not math.isfinite(a + b):
                    continue
            velocity_mps[j, i, 0] = axes[j, i, 0] * a + axes[j, i, 1] * b
            velocity_mps[j, i, 1] = axes[j, i, 2] * a + axes[j, i, 3] * b
            found += 1
    return found


@njit(cache=True, nogil=True)
def fit_slopes(x_m: Floats, y_m: Floats, neighbours: Indices, slopes: Floats) -> None:
    """Weights of the neighbours' differences in the least-squares slope at each face, as FVCOM has it.

    With d the neighbours' positions from the face's own, the slope is inverse(sum d d^T) sum d (value there -
    value here): Chen, Liu & Beardsley 2003 (J. Atmos. Oceanic Technol. 20), eq. 3.22 ff. Faces with fewer
    than two neighbours, or with all of them along one line, get slope zero. x_m, y_m: centroids, (face,);
    neighbours: (face, 3), -1 where there is none; slopes: x and y weight per neighbour, (face, 3, 2).
    """
    for k in range(neighbours.shape[0]):
        xx = 0.0
        xy = 0.0
        yy = 0.0
        for m in range(3):
            other = neighbours[k, m]
            if other >= 0:
                dx = x_m[other] - x_m[k]
                dy = y_m[other] - y_m[k]
                xx += dx * dx
                xy += dx * dy
                yy += dy * dy
        determinant = xx * yy - xy * xy
        usable = determinant > 1e-3 * (xx + yy) * (xx + yy)
        for m in range(3):
            slopes[k, m, 0] = 0.0
            slopes[k, m, 1] = 0.0
            other = neighbours[k, m]
            if other >= 0 and usable:
                dx = x_m[other] - x_m[k]
                dy = y_m[other] - y_m[k]
                slopes[k, m, 0] = (yy * dx - xy * dy) / determinant
                slopes[k, m, 1] = (xx * dy - xy * dx) / determinant


@njit(cache=True, nogil=True)
def spread_faces(
    x_m: Floats,
    y_m: Floats,
    neighbours: Indices,
    slopes: Floats,
    face: Whole,
    x0_m: float,
    y0_m: float,
    spacing_m: float,
    members: Whole,
    weights: Singles,
) -> None:
    """Weights of a node's own face and its neighbours, for values that are linear within each face.

    x_m, y_m, neighbours, slopes as in `fit_slopes`; face: of each node, -1 outside, (y, x); members, weights:
    results for `fill_from_elements`, (y, x, 4).
    """
    for j in range(face.shape[0]):
        for i in range(face.shape[1]):
            own = face[j, i]
            members[j, i, :] = own
            weights[j, i, :] = 0.0
            if own < 0:
                continue
            dx = x0_m + i * spacing_m - x_m[own]
            dy = y0_m + j * spacing_m - y_m[own]
            total = 0.0
            for m in range(3):
                weight = slopes[own, m, 0] * dx + slopes[own, m, 1] * dy
                if neighbours[own, m] >= 0 and weight != 0.0:
                    members[j, i, m + 1] = neighbours[own, m]
                    weights[j, i, m + 1] = weight
                    total += weight
            weights[j, i, 0] = 1.0 - total


@njit(cache=True, nogil=True)
def claim_nearest(
    x_m: Floats,
    y_m: Floats,
    reach_m: Floats,
    x0_m: float,
    y0_m: float,
    spacing_m: float,
    distance2_m2: Floats,
    nearest: Whole,
) -> None:
    """The nearest element, among those that reach so far, of every node of a regular grid.

    x_m, y_m, reach_m: of the elements, (element,); distance2_m2: squares of the smallest distance so far,
    (y, x), to be passed filled with infinity (or with -1 where no element is wanted); nearest: results,
    (y, x).
    """
    ny, nx = nearest.shape
    for k in range(x_m.size):
        i_first = max(0, math.ceil((x_m[k] - reach_m[k] - x0_m) / spacing_m))
        i_last = min(nx - 1, math.floor((x_m[k] + reach_m[k] - x0_m) / spacing_m))
        j_first = max(0, math.ceil((y_m[k] - reach_m[k] - y0_m) / spacing_m))
        j_last = min(ny - 1, math.floor((y_m[k] + reach_m[k] - y0_m) / spacing_m))
        for j in range(j_first, j_last + 1):
            for i in range(i_first, i_last + 1):
                distance2 = (x0_m + i * spacing_m - x_m[k]) ** 2 + (y0_m + j * spacing_m - y_m[k]) ** 2
                if distance2 <= reach_m[k] ** 2 and distance2 < distance2_m2[j, i]:
                    distance2_m2[j, i] = distance2
                    nearest[j, i] = k
