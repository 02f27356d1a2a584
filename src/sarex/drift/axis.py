"""The instants of a drift: its steps, and which of them are kept."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from sarex.clock import to_posix_s

STEP_S = 600.0
"""Ten minutes: a tenth of the hourly forcing's period and, at 1 m/s, less than one of its cells."""
COARSE_S = 3600.0
"""Before the search only full hours are kept."""


@dataclass(frozen=True)
class TimeAxis:
    """Steps of one length from the first instant to the last; backward when `step_s` is negative."""

    first_s: float
    """POSIX seconds of the instant at which the drift starts."""
    steps: int
    step_s: float = STEP_S
    fine_from_s: float = float("-inf")
    """Every step from here on is kept, only full hours before; the first and the last always."""
    fine_until_s: float = float("inf")
    """Every step up to here is kept, only full hours after."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Start of every step and the end, in running order, (step + 1,)."""
        return np.asarray(self.first_s + self.step_s * np.arange(self.steps + 1), dtype=np.float64)

    @property
    def middles_s(self) -> NDArray[np.float64]:
        """Middle of every step, (step,)."""
        return np.asarray(self.times_s[:-1] + self.step_s / 2, dtype=np.float64)

    @property
    def output_at(self) -> NDArray[np.int64]:
        """Index of the output at each of `times_s`; -1 where none is kept."""
        times_s = self.times_s
        fine = (times_s >= self.fine_from_s) & (times_s <= self.fine_until_s)
        keep = fine | (times_s % COARSE_S == 0.0)
        keep[0] = keep[-1] = True
        return np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int64)

    @property
    def output_times_s(self) -> NDArray[np.float64]:
        """POSIX seconds of the outputs, in running order."""
        return np.asarray(self.times_s[self.output_at >= 0])


def forward_axis(first_release_s: float, until: datetime, fine_from_s: float = float("-inf")) -> TimeAxis:
    """Steps from at or before the first release to at or after an instant.

    They lie on whole multiples of the step since 1970, whatever the search window, so that a later window
    continues the same trajectories.
    """
    first = floor(first_release_s / STEP_S)
    last = max(ceil(to_posix_s(until) / STEP_S), first + 1)
    fine_s = STEP_S * floor(fine_from_s / STEP_S) if np.isfinite(fine_from_s) else fine_from_s
    return TimeAxis(first * STEP_S, last - first, STEP_S, fine_s)


def backward_axis(found_s: float, since_s: float, fine_until_s: float = float("inf")) -> TimeAxis:
    """Steps from a find back to at or before the earliest beginning; only full hours after `fine_until_s`."""
    last = ceil(found_s / STEP_S)
    first = min(floor(since_s / STEP_S), last - 1)
    return TimeAxis(last * STEP_S, last - first, -STEP_S, fine_until_s=fine_until_s)
