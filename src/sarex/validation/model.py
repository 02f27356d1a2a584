"""Drifter tracks, launches and their scores."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LEVELS = (0.5, 0.75, 0.9, 0.95)
HORIZONS_H = (6, 12, 24, 48)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Track:
    """One drifter with the model's current and wind along its way, every hour, (time,).

    NaN where something is missing.
    """

    file: str
    model: str
    """Whose current and wind: the folder's name."""
    drifter: str
    """One instrument; several files may hold pieces of its track."""
    kind: str
    times_s: Floats
    """POSIX seconds, one hour apart."""
    lon_deg: Floats
    lat_deg: Floats
    current_eastward_mps: Floats
    current_northward_mps: Floats
    wind_eastward_mps: Floats
    wind_northward_mps: Floats


@dataclass(frozen=True)
class Unread:
    """A file that could not be used, and why."""

    file: Path
    why: str


@dataclass(frozen=True)
class Launch:
    """A forecast to be made from one position of a track."""

    track: Track
    start: int
    """Index into the track's times."""
    hours: int
    """How long track and forcing go on without a gap, at most the longest horizon."""

    @property
    def at_s(self) -> float:
        """POSIX seconds."""
        return float(self.track.times_s[self.start])


@dataclass(frozen=True)
class Skill:
    """How one way of forecasting did over one launch and horizon."""

    separation_m: float
    """Between forecast and drifter at the horizon."""
    liu_weisberg: float
    """Over all hours until then, unclipped: 1 is perfect, 0 or less is no skill."""


@dataclass(frozen=True)
class Score:
    """One launch at one horizon."""

    model: str
    drifter: str
    kind: str
    launched_s: float
    horizon_h: int
    level_reached: float
    """Contours above this level hold the drifter; 1 where none does."""
    area_m2: tuple[float, ...]
    """Of the contours of `LEVELS`."""
    drifted_m: float
    forecast: Skill
    """Of the mean of the cloud."""
    stayed: Skill
    """Of "it stays where it was"."""
    last_velocity: Skill
    """Of "it goes on as in the last hour"."""
    speed_mps: tuple[float, ...]
    """Speed of the model's current at every hour from launch to horizon."""

    @property
    def day(self) -> int:
        """UTC day of the launch, counted from 1970."""
        return int(self.launched_s // 86400)

    def held_by(self, level: float) -> bool:
        """Whether the contour of this level holds the drifter."""
        return self.level_reached < level
