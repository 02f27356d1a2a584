"""Sources of a velocity, each able to give it on a target grid at an instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import ConstantVelocity
from sarex.clock import to_posix_s
from sarex.environment.dataset import ForcingDataset
from sarex.environment.placement import Placement
from sarex.environment.reading import StepReader
from sarex.environment.sample_sea import sample_current, sample_wind
from sarex.environment.target import Target
from sarex.environment.trouble import file_trouble

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


class VelocitySource(Protocol):
    """A velocity on the nodes of one target."""

    def fill(self, time_s: float, velocity_mps: Singles, *, extended: bool) -> int:
        """Give the nodes that are NaN this source's velocity at an instant; how many got one.

        velocity_mps: along the frame's axes, (y, x, 2), changed in place. Instants are asked for in
        increasing order. `extended`: carried a few native cells past the source's own coast; asked for
        after the same instant without it.
        """
        ...


@dataclass(frozen=True)
class ConstantSource:
    """The same velocity over the earth everywhere and always."""

    target: Target
    velocity: ConstantVelocity

    def fill(self, time_s: float, velocity_mps: Singles, *, extended: bool) -> int:  # noqa: ARG002
        shape = (self.target.rows, self.target.columns)
        x, y = self.target.to_plane(
            np.full(shape, self.velocity.eastward_mps), np.full(shape, self.velocity.northward_mps)
        )
        return put_missing(x, y, velocity_mps)


@dataclass(frozen=True)
class SampleSource:
    """The synthetic sea, which has no coast of its own."""

    target: Target
    quantity_name: str

    def fill(self, time_s: float, velocity_mps: Singles, *, extended: bool) -> int:  # noqa: ARG002
        sample = sample_current if self.quantity_name == "current" else sample_wind
        x, y = self.target.to_plane(*sample(*self.target.lonlat_deg, time_s))
        return put_missing(x, y, velocity_mps)


@dataclass(frozen=True)
class FileSource:
    """The piece of a file that a target needs, read as it is asked for."""

    times_s: Floats
    """All times of the file, (time,)."""
    steps: StepReader
    placement: Placement

    def fill(self, time_s: float, velocity_mps: Singles, *, extended: bool) -> int:
        first_s, last_s = self.times_s[self.steps.first_step], self.times_s[self.steps.last_step]
        if not first_s <= time_s <= last_s:
            return 0
        first, second = self._instant(time_s)
        return self.placement.fill(first, second, velocity_mps, extended=extended)

    def _instant(self, time_s: float) -> tuple[Singles, Singles]:
        """Linear in time; an instant that the file has is taken as it is."""
        after = int(np.searchsorted(self.times_s, time_s))
        if self.times_s[after] == time_s:
            return self.steps.step(after)
        share = np.float32(
            (time_s - self.times_s[after - 1]) / (self.times_s[after] - self.times_s[after - 1])
        )
        before, later = self.steps.step(after - 1), self.steps.step(after)
        first, second = ((1 - share) * a + share * b for a, b in zip(before, later, strict=True))
        return first, second


def put_missing(x_mps: Floats, y_mps: Floats, velocity_mps: Singles) -> int:
    """Give nodes that are NaN the velocity that is known there, (y, x) each; how many got one."""
    found = np.isnan(velocity_mps[..., 0]) & np.isfinite(x_mps)
    velocity_mps[found, 0], velocity_mps[found, 1] = x_mps[found], y_mps[found]
    return int(np.count_nonzero(found))


def load_file(forcing: ForcingDataset, target: Target, start: datetime, end: datetime) -> FileSource | None:
    """What a target needs of a file for a span of time; None if the file does not reach it in space or time.

    Values are read later, so the file must stay open.
    """
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
    return FileSource(times_s, StepReader(forcing, placement, first_step, last_step), placement)
