"""How the datum drifts: the mean motion of the likely positions, locally."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.planning.passage import Point
from sarex.planning.waters import Waters

CELLS = 12
FEWEST = 50
"""Particles a cell needs for a mean of its own."""


@dataclass(frozen=True)
class DatumDrift:
    """Mean velocity over the window in cells around the middle of the window."""

    x0_m: float
    y0_m: float
    width_m: float
    height_m: float
    velocity_mps: NDArray[np.float64]
    """(row, column, 2)"""
    datum: Point
    """Weighted mean position in the middle of the window."""
    axis_rad: float
    """Direction of the cloud's longest spread, counter-clockwise from x."""

    def at(self, x_m: float, y_m: float) -> Point:
        column = int(np.clip((x_m - self.x0_m) / self.width_m * CELLS, 0, CELLS - 1))
        row = int(np.clip((y_m - self.y0_m) / self.height_m * CELLS, 0, CELLS - 1))
        return float(self.velocity_mps[row, column, 0]), float(self.velocity_mps[row, column, 1])

    def heading_at(self, x_m: float, y_m: float) -> float:
        """Direction of the local drift, counter-clockwise from x."""
        x_mps, y_mps = self.at(x_m, y_m)
        return float(np.arctan2(y_mps, x_mps))


def datum_drift(waters: Waters) -> DatumDrift:
    """Mean drift of the particles afloat throughout the window; of all particles if none is."""
    afloat = waters.afloat.all(axis=0)
    weight = waters.weight * (afloat if afloat.any() else 1.0)
    middle, duration_s = waters.x_m.shape[0] // 2, waters.times_s[-1] - waters.times_s[0]
    x_m, y_m = waters.x_m[middle].astype(float), waters.y_m[middle].astype(float)
    velocity = np.stack([waters.x_m[-1] - waters.x_m[0], waters.y_m[-1] - waters.y_m[0]], 1) / duration_s
    mean = np.average(velocity, axis=0, weights=weight)
    x0_m, y0_m = x_m.min(), y_m.min()
    width_m, height_m = max(np.ptp(x_m), 1.0), max(np.ptp(y_m), 1.0)
    column = np.minimum(((x_m - x0_m) / width_m * CELLS).astype(int), CELLS - 1)
    row = np.minimum(((y_m - y0_m) / height_m * CELLS).astype(int), CELLS - 1)
    cell = row * CELLS + column
    count = np.bincount(cell, weights=weight > 0, minlength=CELLS * CELLS)
    total = np.bincount(cell, weights=weight, minlength=CELLS * CELLS)
    local = np.empty((CELLS * CELLS, 2))
    for axis in range(2):
        sums = np.bincount(cell, weights=weight * velocity[:, axis], minlength=CELLS * CELLS)
        local[:, axis] = np.where(
            (count >= FEWEST) & (total > 0), sums / np.where(total > 0, total, 1.0), mean[axis]
        )
    datum = float(np.average(x_m, weights=weight)), float(np.average(y_m, weights=weight))
    dx_m, dy_m = x_m - datum[0], y_m - datum[1]
    var_x, var_y, cov = (float(np.sum(weight * a * b)) for a, b in ((dx_m, dx_m), (dy_m, dy_m), (dx_m, dy_m)))
    return DatumDrift(
        float(x0_m), float(y0_m), float(width_m), float(height_m), local.reshape(CELLS, CELLS, 2), datum,
        0.5 * float(np.arctan2(2 * cov, var_x - var_y)),
    )  # fmt: skip
