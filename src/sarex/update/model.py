"""What was really searched, what was reported, and what both taught."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position, SatelliteLook
from sarex.clock import to_posix_s


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
    """A search without a find: what every unit really flew, and satellites' looks."""

    tracks: tuple[SearchedTrack, ...]
    looks: tuple[SatelliteLook, ...] = ()
    """Satellites' looks that found nothing either."""

    @property
    def started_s(self) -> float:
        return min((*(float(track.start_s[0]) for track in self.tracks), *self._instants_s))

    @property
    def ended_s(self) -> float:
        return max((*(float(track.end_s[-1]) for track in self.tracks), *self._instants_s))

    def counts(self, look: SatelliteLook) -> bool:
        """Whether a look is among its own: of that name and at that second, however files round the rest."""
        return any(
            mine.name == look.name and abs(to_posix_s(mine.at) - to_posix_s(look.at)) < 1.0
            for mine in self.looks
        )

    @property
    def _instants_s(self) -> tuple[float, ...]:
        return tuple(to_posix_s(look.at) for look in self.looks)


@dataclass(frozen=True)
class RecordedTrack:
    """Where one unit was and when, as its receiver or a radar recorded it; in any order, with any faults."""

    unit_name: str
    time_s: NDArray[np.float64]
    """POSIX seconds, (point,)."""
    lonlat_deg: NDArray[np.float64]
    """(point, 2)"""
    searching: NDArray[np.bool_] | None = None
    """Whether the crew was searching, (point,); None where the record does not say."""
    altitude_m: NDArray[np.float64] | None = None
    """Height flown, (point,), NaN where not recorded; None where the record has none."""
    remarks: tuple[str, ...] = ()
    """What the reader of the file left out."""


@dataclass(frozen=True)
class TrackAccount:
    """How a recorded track was counted, for people to check."""

    unit_name: str
    rule: str
    """How it was decided which part of it was searching."""
    counted_s: float
    counted_m: float
    gaps: int
    gap_s: float
    """Time without points that was not counted as searched."""
    gap_m: float
    """Straight distance across it."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sighting:
    """Something was seen that may have been the object."""

    name: str
    at_s: float
    """POSIX seconds."""
    position: Position
    probable_error_m: float
    """Radius of 50 % containment."""
    credibility: float
    """Probability that it was the object, 0 to 1, all things considered but those computed here."""
    object_type: str | None = None
    """Leeway class that was recognised; None where it may have been any."""


@dataclass(frozen=True)
class DebrisFind:
    """Debris, or a craft without the people searched for, that set out where the object did."""

    name: str
    at_s: float
    position: Position
    probable_error_m: float
    type_key: str
    """Leeway class by which it drifted."""
    credibility: float
    """Probability that it comes from the same accident."""
    rules_out: tuple[str, ...] = ()
    """Leeway classes of the case that the object cannot be if it does: an empty raft rules out the raft."""


@dataclass(frozen=True)
class FalseAlarm:
    """Something seen was looked at and was not the object."""

    name: str
    withdraws: str | None
    """The sighting or find that it cancels, if that was counted."""


Report = Sighting | DebrisFind | FalseAlarm
Evidence = SearchResult | Sighting | DebrisFind


@dataclass(frozen=True)
class Lesson:
    """What a search without a find, or a report, taught."""

    pos: float
    """Probability that it would have found the object, in the weights before it; 0 for a report."""
    undetected: float
    """What remains after it."""
    effective_particles: float
    """(sum w)^2 / sum w^2 of the weights after it, before any resampling."""
    resampled: bool = False
    """Whether so few of the particles still counted that they were drawn anew."""
    bins: Mapping[str, float] = field(default_factory=dict)
    """Probability by what has become of the object when it ended; sums to one (`probability.bins_at`)."""
