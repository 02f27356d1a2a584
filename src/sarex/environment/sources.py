"""Sources of a velocity, each able to give it on a target grid at an instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sarex.case.model import ConstantVelocity
from sarex.clock import to_posix_s
from sarex.environment.grids import Indices, Placement
from sarex.environment.netcdf import Component, ForcingDataset, file_trouble
from sarex.environment.sample_sea import sample_current, sample_wind
from sarex.environment.target import Target
from sarex.errors import ForcingError
from sarex.kernels.regrid import extend_pair, interpolate_pair

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

COAST_REACH_CELLS = 3
"""How far a source is carried past its own coast, in its own cells: its land mask is a coarse one."""

_FILL_LIKE = 999.0
"""Fill values that a file does not declare: -9999, 999, 1e20, ... no speed in any usual unit is as large."""


class VelocitySource(Protocol):
    """A velocity on the nodes of one target."""

    def at(self, time_s: float, *, extended: bool) -> tuple[Singles, Singles]:
        """Components along the frame's axes at an instant, (y, x); NaN where the source has nothing.

        `extended`: carried a few native cells past the source's own coast.
        """
        ...


@dataclass(frozen=True)
class ConstantSource:
    """The same velocity over the earth everywhere and always."""

    target: Target
    velocity: ConstantVelocity

    def at(self, time_s: float, *, extended: bool) -> tuple[Singles, Singles]:  # noqa: ARG002
        shape = (self.target.rows, self.target.columns)
        x, y = self.target.to_plane(
            np.full(shape, self.velocity.eastward_mps), np.full(shape, self.velocity.northward_mps)
        )
        return x.astype(np.float32), y.astype(np.float32)


@dataclass(frozen=True)
class SampleSource:
    """The synthetic sea, which has no coast of its own."""

    target: Target
    quantity_name: str

    def at(self, time_s: float, *, extended: bool) -> tuple[Singles, Singles]:  # noqa: ARG002
        sample = sample_current if self.quantity_name == "current" else sample_wind
        x, y = self.target.to_plane(*sample(*self.target.lonlat_deg, time_s))
        return x.astype(np.float32), y.astype(np.float32)


@dataclass(frozen=True)
class FileSource:
    """The piece of a file that a target needs, in memory."""

    times_s: Floats
    """(time,)"""
    first_mps: Singles
    """(time, native row, native column)"""
    second_mps: Singles
    placement: Placement

    def at(self, time_s: float, *, extended: bool) -> tuple[Singles, Singles]:
        shape = self.placement.row.shape
        first_out, second_out = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
        if not self.times_s[0] <= time_s <= self.times_s[-1]:
            return first_out, second_out
        first, second = self._instant(self.first_mps, time_s), self._instant(self.second_mps, time_s)
        row, column = self.placement.row, self.placement.column
        interpolate_pair(first, second, row, column, first_out, second_out)
        if extended:
            extend_pair(first, second, row, column, COAST_REACH_CELLS, first_out, second_out)
        (x1, y1), (x2, y2) = self.placement.first_axis, self.placement.second_axis
        return (
            (x1 * first_out + x2 * second_out).astype(np.float32),
            (y1 * first_out + y2 * second_out).astype(np.float32),
        )

    def _instant(self, values: Singles, time_s: float) -> Singles:
        """Linear in time; an instant that the file has is taken as it is."""
        after = int(np.searchsorted(self.times_s, time_s))
        if self.times_s[after] == time_s:
            return np.ascontiguousarray(values[after])
        before = after - 1
        share = (time_s - self.times_s[before]) / (self.times_s[after] - self.times_s[before])
        mixed = (1.0 - share) * values[before] + share * values[after]
        return np.asarray(mixed, dtype=np.float32)


def load_file(forcing: ForcingDataset, target: Target, start: datetime, end: datetime) -> FileSource | None:
    """Read what a target needs for a span of time; None if the file does not reach it in space or time."""
    times_s = forcing.times.times_s
    start_s, end_s = to_posix_s(start), to_posix_s(end)
    if end_s < times_s[0] or start_s > times_s[-1]:
        return None
    stride = max(1, int(target.spacing_m / forcing.grid.spacing_m(target) + 0.25))
    with file_trouble(forcing.label):
        placement = forcing.grid.place(target, stride)
        if placement is None:
            return None
        first_step = max(int(np.searchsorted(times_s, start_s, side="right")) - 1, 0)
        last_step = min(int(np.searchsorted(times_s, end_s, side="left")), len(times_s) - 1)
        parts = [
            _read(forcing, component, slice(first_step, last_step + 1), placement)
            for component in forcing.components
        ]
    _check_speed(forcing, parts[0], parts[1])
    return FileSource(times_s[first_step : last_step + 1], parts[0], parts[1], placement)


def _read(forcing: ForcingDataset, component: Component, steps: slice, placement: Placement) -> Singles:
    """Values in m/s, (time, row, column) in the placement's order; NaN for missing."""
    times = forcing.times
    if times.descending:
        count = len(times.times_s)
        steps = slice(count - steps.stop, count - steps.start)
    values = forcing.dataset[component.variable].isel({**forcing.fixed, times.dim: steps})
    values = values.transpose(times.dim, forcing.row_dim, forcing.column_dim)
    blocks = [
        [
            _read_run(values, {forcing.row_dim: rows, forcing.column_dim: columns})
            for columns in _runs(placement.column_order)
        ]
        for rows in _runs(placement.row_order)
    ]
    read = np.block(blocks)
    read = read[::-1] if times.descending else read
    read = np.where(np.abs(read) >= _FILL_LIKE, np.nan, read)
    return np.ascontiguousarray(read * component.mps_per_unit, dtype=np.float32)


def _read_run(values: xr.DataArray, picks: dict[str, Indices]) -> Floats:
    """One rectangle of the file, read as a plain slice and turned round where its order is descending."""
    slices, flips = {}, []
    for dim in values.dims:
        pick = picks.get(str(dim))
        if pick is None:
            flips.append(slice(None))
            continue
        step = int(abs(pick[1] - pick[0])) if len(pick) > 1 else 1
        slices[dim] = slice(int(pick.min()), int(pick.max()) + 1, step)
        flips.append(slice(None, None, -1 if len(pick) > 1 and pick[1] < pick[0] else 1))
    return np.asarray(values.isel(slices).values)[tuple(flips)]


def _runs(order: Indices) -> list[Indices]:
    """Stretches of an order that are evenly stepped, so that each is one slice of the file."""
    steps = np.diff(order)
    if steps.size == 0:
        return [order]
    step = np.median(steps)
    return np.split(order, np.flatnonzero(steps != step) + 1)


def _check_speed(forcing: ForcingDataset, first: Singles, second: Singles) -> None:
    quantity = forcing.quantity
    speed = np.hypot(first, second)
    if not np.isfinite(speed).any():
        return
    fastest = float(np.nanmax(speed))
    if fastest > quantity.limit_mps:
        units = forcing.dataset[forcing.components[0].variable].attrs.get("units")
        raise ForcingError(
            f"{forcing.label}: a {quantity.name} of {fastest:.0f} m/s is not believed (limit "
            f"{quantity.limit_mps:g}); the units '{units}' or the fill values are probably wrong."
        )
