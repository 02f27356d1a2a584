"""Whether the searching of a ladder breaks what is closed to its unit: land and shoals, danger areas."""

from numba import njit

from sarex.kernels.ladder import CLIPPED
from sarex.kernels.obstacle import legs_are_clear, line_is_clear


@njit(nogil=True, cache=True)
def closure_met(fleet, unit, shape, legs, box):  # type: ignore[no-untyped-def]
    """Number of the first closure that the searching would break, -1 if none.

    The area of a clipped ladder ends where a danger area begins, if that does not lie in the middle of it.
    """
    clipped = shape[CLIPPED] > 0.5
    for i in range(fleet.closures.shape[1]):
        closure = fleet.closures[unit, i]
        if closure[0] < 0.0 or closure[1] >= legs[-1, 5] or closure[2] <= legs[0, 4]:
            continue
        if not _in_the_open(fleet, int(closure[0]), legs):
            return i
        if closure[3] > 0.5:
            reached = _edge_meets(fleet, closure, box)
            if (reached and not clipped) or (not reached and _holds(closure, box)):
                return i
    return -1


@njit(nogil=True, cache=True)
def _edge_meets(fleet, closure, box):  # type: ignore[no-untyped-def]
    """Whether an edge of an area meets a danger area."""
    raster = int(closure[0])
    closed, (x0, y0, cell) = fleet.closed[raster], fleet.closed_at[raster]
    for i in range(4):
        j = (i + 1) % 4
        if not line_is_clear(closed, x0, y0, cell, box[i, 0], box[i, 1], box[j, 0], box[j, 1]):
            return True
    return False


@njit(nogil=True, cache=True)
def _holds(closure, box):  # type: ignore[no-untyped-def]
    """Whether a place in a danger area lies in an area."""
    for i in range(4):
        j = (i + 1) % 4
        edge_x, edge_y = box[j, 0] - box[i, 0], box[j, 1] - box[i, 1]
        if edge_x * (closure[5] - box[i, 1]) < edge_y * (closure[4] - box[i, 0]):
            return False
    return True


@njit(nogil=True, cache=True)
def _in_the_open(fleet, raster, legs):  # type: ignore[no-untyped-def]
    """Whether no leg meets a closed cell or ends off the raster."""
    closed, (x0, y0, cell) = fleet.closed[raster], fleet.closed_at[raster]
    rows, columns = closed.shape
    for i in range(legs.shape[0]):
        inside_x = x0 <= legs[i, 2] <= x0 + columns * cell
        if not (inside_x and y0 <= legs[i, 3] <= y0 + rows * cell):
            return False
    return legs_are_clear(closed, x0, y0, cell, legs)
