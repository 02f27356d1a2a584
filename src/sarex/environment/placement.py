"""Where the nodes of a case's grid lie on the points of a source, and how they get values from there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sarex.environment.target import Target
from sarex.kernels.regrid import fill_from_grid, fill_from_nearest_cell

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]

COAST_REACH_CELLS = 3
"""How far a source is carried past its own coast, in its own cells: its land mask is a coarse one."""


class Placement(Protocol):
    """Where the nodes of a target lie on a part of a native grid."""

    @property
    def native(self) -> tuple[Indices, ...]:
        """Which native points to read: rows and columns, or elements."""
        ...

    def fill(self, first: Singles, second: Singles, velocity_mps: Singles, *, extended: bool) -> int:
        """Give the target's nodes that are NaN a velocity, where the native values reach; how many got one.

        first, second: components on the part of the native grid; velocity_mps: along the plane's axes,
        (y, x, 2), changed in place; extended: from the nearest water, a few cells past the source's coast.
        """
        ...


class NativeGrid(Protocol):
    """Where the points of a file lie on the earth."""

    def place(self, target: Target, stride: int) -> Placement | None:
        """Where the target lies on every `stride`-th node of this grid; None if it does not touch it."""
        ...

    def spacing_m(self, target: Target) -> float:
        """Distance of neighbouring points around the target."""
        ...

    def corners_deg(self) -> tuple[float, float, float, float]:
        """Westernmost, southernmost, easternmost and northernmost position."""
        ...


@dataclass(frozen=True)
class GridPlacement:
    """Which rows and columns of a native grid a target needs, and where its nodes lie on them."""

    row_order: Indices
    """Native rows to read, in the order that positions count in."""
    column_order: Indices
    position: Floats
    """Fractional row in `row_order` and column in `column_order`, (y, x, 2); NaN outside the native grid."""
    axes: Singles
    """dx/d1, dx/d2, dy/d1, dy/d2: the plane's x and y by the first and second component, (y, x, 4)."""

    @property
    def native(self) -> tuple[Indices, ...]:
        return self.row_order, self.column_order

    def fill(self, first: Singles, second: Singles, velocity_mps: Singles, *, extended: bool) -> int:
        if extended:
            water, nearest = self._coast
            place = self.position, self.axes, COAST_REACH_CELLS
            return int(fill_from_nearest_cell(first, second, *place, water, nearest, velocity_mps))
        return int(fill_from_grid(first, second, self.position, self.axes, velocity_mps))

    @cached_property
    def _coast(self) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
        """What `fill_from_nearest_cell` keeps from one instant to the next."""
        water = np.zeros((self.row_order.size, self.column_order.size), np.bool_)
        return water, np.full(self.position.shape[:2], -2, np.int32)


@dataclass(frozen=True)
class StationPlacement:
    """Weights of single stations at the nodes of a target."""

    elements: Indices
    """Stations to read."""
    weights: Floats
    """(y, x, station); zero for a station out of reach."""
    axes: Singles
    """As in `GridPlacement`."""

    @property
    def native(self) -> tuple[Indices, ...]:
        return (self.elements,)

    def fill(self, first: Singles, second: Singles, velocity_mps: Singles, *, extended: bool) -> int:
        heard = np.isfinite(first + second)
        total = self.weights @ heard.astype(float)
        wanted = np.isnan(velocity_mps[..., 0]) & (total > 0.0)
        if extended or not wanted.any():
            return 0
        parts = [
            (self.weights @ np.where(heard, part, 0.0))[wanted] / total[wanted] for part in (first, second)
        ]
        xe, xn, ye, yn = (self.axes[wanted, k] for k in range(4))
        velocity_mps[wanted, 0] = xe * parts[0] + xn * parts[1]
        velocity_mps[wanted, 1] = ye * parts[0] + yn * parts[1]
        return int(np.count_nonzero(wanted))
