"""The real path of the object, as a type: crews may be shown one, only `sarex.exercise.truth` makes one."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position
from sarex.clock import to_posix_s
from sarex.drift.ensemble import Status
from sarex.exercise.model import ObjectCapsizes, ObjectMoves


@dataclass(frozen=True)
class Change:
    """Something that exercise control does to the object, from an instant on."""

    at: datetime
    effect: ObjectMoves | ObjectCapsizes


@dataclass(frozen=True)
class TypeSince:
    """From when on the object drifts as a leeway class."""

    since_s: float
    """POSIX seconds; -inf for what it is at first."""
    type_key: str


@dataclass(frozen=True)
class TruePath:
    """Where the object really was, from the beginning of its drift on; straight between its instants."""

    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, (time,); two instants may lie a millisecond apart, where it was moved."""
    lonlat_deg: NDArray[np.float64]
    """Longitude (continuous, it may pass 180) and latitude, (time, 2)."""
    status: NDArray[np.uint8]
    """`sarex.drift.Status` from that instant on, (time,); never NOT_YET_RELEASED."""
    types: tuple[TypeSince, ...]
    """In order of time, at least one."""
    persons: int
    capsized_s: float | None = None
    """When it turned over by the wind (its class stays, its leeway shrinks); None if it did not."""

    def position_at(self, time_s: float | datetime) -> Position:
        """Where it is; where it began before that, and where it was last seen to be after the end."""
        at_s = _posix_s(time_s)
        lon, lat = (float(np.interp(at_s, self.times_s, self.lonlat_deg[:, axis])) for axis in (0, 1))
        return Position((lon + 180.0) % 360.0 - 180.0, lat)

    def lonlat_at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Continuous longitude and latitude at many instants, (instant, 2)."""
        return np.stack([np.interp(times_s, self.times_s, self.lonlat_deg[:, k]) for k in (0, 1)], axis=1)

    def type_at(self, time_s: float | datetime) -> str:
        """The leeway class as which it drifts."""
        at_s = _posix_s(time_s)
        return [kind for kind in self.types if kind.since_s <= at_s][-1].type_key

    def afloat_at(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether it drifts; what is stranded, not yet adrift or out of the forcing does not."""
        before = np.searchsorted(self.times_s, times_s, side="right") - 1
        known = (before >= 0) & (times_s <= self.times_s[-1])
        return np.asarray(known & (self.status[np.maximum(before, 0)] == Status.ACTIVE))


def _posix_s(instant: float | datetime) -> float:
    return to_posix_s(instant) if isinstance(instant, datetime) else instant
