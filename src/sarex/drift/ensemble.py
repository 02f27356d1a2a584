"""The state of belief: weighted trajectories."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sarex.geo import LocalFrame


class Status(IntEnum):
    """What a particle is at an instant; the values are the flag values of `drift.nc`."""

    ACTIVE = 0
    STRANDED = 1
    OUTSIDE_FORCING = 2
    NOT_YET_RELEASED = 3


@dataclass(frozen=True)
class DriftEnsemble:
    """Trajectories of possible search objects with their weights.

    The weights sum to one before any search and to the probability that the object is still undetected
    after searches. Positions are always finite: a particle waits at its origin before its release, and
    stays where it stranded or left the forcing; `status` says which.
    """

    frame: LocalFrame
    times_s: NDArray[np.float64]
    """POSIX seconds, (time,)."""
    x_m: NDArray[np.float32]
    """(particle, time), in the local frame."""
    y_m: NDArray[np.float32]
    """(particle, time)"""
    status: NDArray[np.uint8]
    """`Status`, (particle, time)."""
    weight: NDArray[np.float64]
    """(particle,)"""
    scenario: NDArray[np.int16]
    """Index into `scenario_names`, (particle,)."""
    object_type: NDArray[np.int16]
    """Index into `object_types`, (particle,)."""
    released_s: NDArray[np.float64]
    """POSIX seconds, (particle,)."""
    scenario_names: tuple[str, ...]
    object_types: tuple[str, ...]
    """Leeway classes."""
    member: NDArray[np.int16]
    """Index into `member_names`, (particle,)."""
    member_names: tuple[str, ...]
    """Forcing members; a single empty name where there is no choice."""
    in_water_from_s: NDArray[np.float64]
    """POSIX seconds since when survivors are in the water: from their release for persons in the water, from
    capsizing for what capsized, NaN for what floats upright, (particle,)."""

    @property
    def undetected(self) -> float:
        """Probability that the object has not been found by the searches so far."""
        return float(self.weight.sum())

    def span(self, start_s: float, end_s: float) -> tuple[slice, float]:
        """The columns that hold a span of time, and the step between them in seconds.

        Raises:
            ValueError: the columns there are not evenly spaced, because the drift kept full hours only.
        """
        first = max(int(np.searchsorted(self.times_s, start_s + 1e-3, side="right")) - 1, 0)
        last = min(int(np.searchsorted(self.times_s, end_s - 1e-3)), self.times_s.size - 1)
        first = min(first, last - 1)
        steps_s = np.diff(self.times_s[first : last + 1])
        if np.ptp(steps_s) > 1e-3:
            raise ValueError(f"the instants kept between {start_s:.0f} and {end_s:.0f} are not evenly spaced")
        return slice(first, last + 1), float(steps_s[0])
