"""Values of a velocity field and of the land raster at points of the frame (the slow, plain way)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sarex.environment.model import WATER, LandRaster, VelocityField

Floats = NDArray[np.float64]


def sample_velocity(
    field: VelocityField, x_m: ArrayLike, y_m: ArrayLike, time_s: ArrayLike
) -> tuple[Floats, Floats]:
    """Velocity along the frame's axes at points and times (any shapes that broadcast).

    Bilinear in space, linear in time. NaN outside the grid or its times, and where any node that has a
    share in the value is NaN.
    """
    x, y, t = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (x_m, y_m, time_s)))
    steps, rows, columns = field.velocity_mps.shape[:3]
    brackets = (
        _bracket(np.interp(t, field.times_s, np.arange(steps), left=np.nan, right=np.nan), steps),
        _bracket((y - field.y0_m) / field.spacing_m, rows),
        _bracket((x - field.x0_m) / field.spacing_m, columns),
    )
    inside = brackets[0][2] & brackets[1][2] & brackets[2][2]
    totals = [np.zeros(x.shape), np.zeros(x.shape)]
    for corner in np.ndindex(2, 2, 2):
        index = tuple(
            np.minimum(low + step, size - 1)
            for (low, _, _), step, size in zip(brackets, corner, (steps, rows, columns), strict=True)
        )
        weight = np.ones(x.shape)
        for (_, fraction, _), step in zip(brackets, corner, strict=True):
            weight = weight * (fraction if step else 1.0 - fraction)
        for k, values in enumerate((field.x_mps, field.y_mps)):
            totals[k] += weight * np.where(weight > 0, values[index], 0.0)
    return np.where(inside, totals[0], np.nan), np.where(inside, totals[1], np.nan)


def on_land(raster: LandRaster, x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.uint8]:
    """WATER, SHORE or LAND at points of the frame (any shape); WATER outside the raster."""
    column = np.floor((np.asarray(x_m, dtype=float) - raster.x0_m) / raster.spacing_m)
    row = np.floor((np.asarray(y_m, dtype=float) - raster.y0_m) / raster.spacing_m)
    rows, columns = raster.cells.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    found = raster.cells[np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int)]
    return np.where(inside, found, WATER).astype(np.uint8)


def _bracket(position: Floats, size: int) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Lower index, fraction above it and whether the fractional index lies on an axis of `size` nodes."""
    inside = (position >= 0) & (position <= size - 1)
    safe = np.where(inside, position, 0.0)
    low = np.minimum(np.floor(safe), max(size - 2, 0)).astype(np.int64)
    return low, safe - low, inside
