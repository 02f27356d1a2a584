"""The regular grid of the frame onto which every source of a quantity is brought."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sarex.environment.model import Box
from sarex.geo import LocalFrame

Floats = NDArray[np.float64]

_LATTICE_M = 5_000.0
"""Derivatives of map projections between points this far apart are linear to 1e-6 up to 75 degrees..."""
_POLAR_M = 600_000.0
"""...but east and north turn round a pole: from here on they are off by less than (5 / 600)^2 / 8 = 9e-6."""


@dataclass(frozen=True)
class Target:
    """Nodes x0 + column * spacing, y0 + row * spacing of the frame."""

    frame: LocalFrame
    x0_m: float
    y0_m: float
    spacing_m: float
    rows: int
    columns: int

    @cached_property
    def lonlat_deg(self) -> tuple[Floats, Floats]:
        """Longitude (-180..180) and latitude of the nodes, each (y, x)."""
        x, y = np.meshgrid(
            self.x0_m + self.spacing_m * np.arange(self.columns),
            self.y0_m + self.spacing_m * np.arange(self.rows),
        )
        return self.frame.to_lonlat_deg(x, y)

    @cached_property
    def lattice(self) -> "Target":
        """A coarser grid over the same nodes, for what varies smoothly."""
        step = 1 if self._polar else max(1, int(_LATTICE_M // self.spacing_m))
        return Target(
            self.frame,
            self.x0_m,
            self.y0_m,
            self.spacing_m * step,
            -(-(self.rows - 1) // step) + 1,
            -(-(self.columns - 1) // step) + 1,
        )

    @property
    def _polar(self) -> bool:
        """Whether a pole is in the grid or near it."""
        x, y = self.frame.to_xy_m([0.0, 0.0], [90.0, -90.0])
        width, height = self.spacing_m * (self.columns - 1), self.spacing_m * (self.rows - 1)
        beside_x = np.maximum(np.abs(x - self.x0_m - width / 2) - width / 2, 0.0)
        beside_y = np.maximum(np.abs(y - self.y0_m - height / 2) - height / 2, 0.0)
        return bool(np.any(np.hypot(beside_x, beside_y) < _POLAR_M))

    def refine(self, coarse: Floats) -> Floats:
        """Values on the lattice brought to the nodes, bilinearly: (y, x) to (y, x)."""
        step = self.lattice.spacing_m / self.spacing_m
        column = np.arange(self.columns) / step
        row = np.arange(self.rows) / step
        along = np.array([np.interp(column, np.arange(coarse.shape[1]), line) for line in coarse])
        low = np.minimum(row.astype(int), max(coarse.shape[0] - 2, 0))
        fraction = (row - low)[:, None]
        above = np.minimum(low + 1, coarse.shape[0] - 1)
        return np.asarray((1.0 - fraction) * along[low] + fraction * along[above])

    @cached_property
    def earth_to_plane(self) -> tuple[Floats, Floats, Floats, Floats]:
        """`LocalFrame.velocity_to_plane` at the nodes."""
        coarse = self.frame.velocity_to_plane(*self.lattice.lonlat_deg)
        xe, xn, ye, yn = (self.refine(part) for part in coarse)
        return xe, xn, ye, yn

    def to_plane(self, eastward_mps: Floats, northward_mps: Floats) -> tuple[Floats, Floats]:
        """A velocity over the earth at the nodes as a rate of change of the plane coordinates."""
        xe, xn, ye, yn = self.earth_to_plane
        return xe * eastward_mps + xn * northward_mps, ye * eastward_mps + yn * northward_mps


def cover_box(frame: LocalFrame, box: Box, spacing_m: float) -> Target:
    """A grid over the box with its nodes on whole multiples of the spacing.

    A box that has grown gets the same nodes and more, so that the field within stays the same field.
    """
    first_column, first_row = (int(np.floor(low_m / spacing_m)) for low_m in (box.x_min_m, box.y_min_m))
    last_column, last_row = (int(np.ceil(high_m / spacing_m)) for high_m in (box.x_max_m, box.y_max_m))
    return Target(
        frame,
        first_column * spacing_m,
        first_row * spacing_m,
        spacing_m,
        max(2, last_row - first_row + 1),
        max(2, last_column - first_column + 1),
    )


def span_box(frame: LocalFrame, box: Box, nodes: int) -> Target:
    """A square-spaced grid with `nodes` nodes along the longer side of the box."""
    longer = max(box.x_max_m - box.x_min_m, box.y_max_m - box.y_min_m)
    return cover_box(frame, box, longer / (nodes - 1))
