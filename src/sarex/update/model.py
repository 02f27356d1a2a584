"""What was really searched."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SearchedTrack:
    """The searching legs of one unit, each straight and at constant speed over the ground."""

    unit_name: str
    start_lonlat_deg: NDArray[np.float64]
    """(leg, 2)"""
    end_lonlat_deg: NDArray[np.float64]
    """(leg, 2)"""
    start_s: NDArray[np.float64]
    """POSIX seconds, (leg,)."""
    end_s: NDArray[np.float64]
    """(leg,)"""
    sweep_width_m: Mapping[str, float]
    """By leeway class."""


@dataclass(frozen=True)
class SearchResult:
    """A search without a find: what every unit really flew."""

    tracks: tuple[SearchedTrack, ...]

    @property
    def started_s(self) -> float:
        return min(float(track.start_s[0]) for track in self.tracks)

    @property
    def ended_s(self) -> float:
        return max(float(track.end_s[-1]) for track in self.tracks)


@dataclass(frozen=True)
class Lesson:
    """What a search without a find taught."""

    pos: float
    """Probability that it would have found the object, in the weights before it."""
    undetected: float
    """What remains after it."""
    effective_particles: float
    """(sum w)^2 / sum w^2 of the weights after it."""
