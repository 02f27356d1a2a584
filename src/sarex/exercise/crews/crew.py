"""What a simulated crew is told, what happens to it, and what it does: the types of a sortie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Conditions, Position, SearchUnit
from sarex.clock import to_posix_s
from sarex.environment.model import Environment
from sarex.tasking.model import Task


class Duty(StrEnum):
    """What an order asks for; the words of the log."""

    SEARCH = "search"
    RECOVER = "recover"
    RETURN = "return"


@dataclass(frozen=True)
class Order:
    """What a unit is ordered to do, and in what state the order finds it."""

    id: str
    """Names the order's random draws too."""
    given_at: datetime
    duty: Duty
    unit: SearchUnit
    task: Task | None = None
    """For SEARCH."""
    position: Position | None = None
    """For RECOVER: where the object was reported."""
    guided: bool = False
    """For RECOVER: somebody holds contact with the object and guides the unit to it."""
    starts_from: Position | None = None
    """Where the order finds it; None: `unit.position`."""
    under_way: bool = False
    """Whether it is at sea or in the air already: no time to get ready, and ..."""
    fuel_left_s: float | None = None
    """... so much endurance is left; None: `unit.endurance_s`."""


@dataclass(frozen=True)
class BreaksDown:
    """An aircraft goes home; a ship lies still so long and then goes home, or lies still for good."""

    at: datetime
    lasts: timedelta | None


@dataclass(frozen=True)
class RadioDead:
    """Nothing is heard of the unit between; all is told afterwards, or at home."""

    at: datetime
    lasts: timedelta | None


@dataclass(frozen=True)
class Cancelled:
    """The order ends: the unit goes home, or (another order follows) the script just ends where it is."""

    at: datetime
    goes_home: bool


@dataclass(frozen=True)
class WeatherTurns:
    """From then on this weather is met; None: as it was."""

    at: datetime
    wind_mps: float | None = None
    wave_height_m: float | None = None
    visibility_m: float | None = None


@dataclass(frozen=True)
class Misled:
    """The crew sees what is not the object (an inject of exercise control)."""

    at: datetime
    name: str
    position: Position | None
    """As it will report it; None: near where it then is."""
    probable_error_m: float
    credibility: float
    withdrawn_after: timedelta | None


Happening = BreaksDown | RadioDead | Cancelled | WeatherTurns | Misled


@dataclass(frozen=True)
class Weather:
    """What is met on scene: the case's conditions, with the wind through time."""

    conditions: Conditions
    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, (time,)."""
    wind_mps: NDArray[np.float64]
    """(time,)"""
    sea: Environment | None = None
    """Carries what floats; None: nothing moves."""

    def wind_at(self, time_s: float) -> float:
        return float(np.interp(time_s, self.times_s, self.wind_mps))


@dataclass(frozen=True)
class Moment:
    """Something that happens on a sortie, really, whether anybody is told or not."""

    at: datetime
    position: Position
    """Of the unit."""


@dataclass(frozen=True)
class UnderWay(Moment):
    pass


@dataclass(frozen=True)
class OnScene(Moment):
    pass


@dataclass(frozen=True)
class Detected(Moment):
    """The crew sees the object; it stays with it from then on, as long as its fuel allows."""

    name: str
    """Of the sighting, as in `SightingReported`."""
    object_position: Position
    type_key: str
    range_m: float


@dataclass(frozen=True)
class FalselySeen(Moment):
    """The crew takes something for the object."""

    name: str
    reported: Position
    """Where it will say that this is."""
    probable_error_m: float
    credibility: float
    stays: bool
    """Whether it breaks off and goes there, as it would for the object; who cannot only tells of it."""


@dataclass(frozen=True)
class Disproved(Moment):
    """The crew finds out that what it saw is not the object."""

    name: str


@dataclass(frozen=True)
class Recovered(Moment):
    """All persons are lifted."""

    persons: int


@dataclass(frozen=True)
class NotFound(Moment):
    """A unit that was to recover did not find the object and goes home."""


@dataclass(frozen=True)
class OffScene(Moment):
    """The end of searching, as planned or not."""


@dataclass(frozen=True)
class TurnedBack(Moment):
    why: str
    """"weather" or "fuel"."""


@dataclass(frozen=True)
class BrokeDown(Moment):
    pass


@dataclass(frozen=True)
class Stayed(Moment):
    """It never leaves: `why` is "weather", "broken down", "cancelled", or "replaced" by another order."""

    why: str


@dataclass(frozen=True)
class Home(Moment):
    pass


@dataclass(frozen=True)
class Told:
    """The players are told of a moment, sooner or later."""

    at: datetime
    of: Moment


@dataclass(frozen=True)
class SightingReported:
    """The players are told of a sighting, a true or a false one: they cannot know."""

    at: datetime
    name: str
    seen_at: datetime
    position: Position
    """As reported, with its error."""
    probable_error_m: float
    """Radius of the 50 % circle."""
    credibility: float
    """As the crew judges it, 0 to 1."""
    false: bool
    """For the director only."""


@dataclass(frozen=True)
class SightingWithdrawn:
    """It was looked at and found to be something else."""

    at: datetime
    name: str
    known_at: datetime
    """When the crew found out."""


@dataclass(frozen=True)
class TrackReported:
    """The crew sends the track recorded since its last report: `script.recorded.between(since, until)`."""

    at: datetime
    since: datetime
    until: datetime


Event = Moment | Told | SightingReported | SightingWithdrawn | TrackReported


@dataclass(frozen=True)
class TrackPoints:
    """Points of a track."""

    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, (point,)."""
    lonlat_deg: NDArray[np.float64]
    """Longitude (continuous, it may pass 180) and latitude, (point, 2)."""
    searching: NDArray[np.bool_]
    """Whether the unit searches from this point to the next, (point,)."""

    def between(self, since: datetime, until: datetime) -> "TrackPoints":
        """Those at or after one instant and before another."""
        keep = (self.times_s >= to_posix_s(since)) & (self.times_s < to_posix_s(until))
        return TrackPoints(self.times_s[keep], self.lonlat_deg[keep], self.searching[keep])

    def rows(self) -> list[list[float]]:
        """[posix_s, lon, lat, searching 0/1] per point, as the log keeps them."""
        lon = (self.lonlat_deg[:, 0] + 180.0) % 360.0 - 180.0
        columns = (self.times_s, lon, self.lonlat_deg[:, 1])
        return [
            [round(float(t), 1), round(float(x), 6), round(float(y), 6), int(s)]
            for t, x, y, s in zip(*columns, self.searching, strict=True)
        ]


@dataclass(frozen=True)
class Script:
    """Everything that will happen on a sortie if nothing else comes between."""

    order_id: str
    unit_name: str
    events: tuple[Event, ...]
    """In order of time: moments as they really are, and what the players are told when."""
    flown: TrackPoints
    """As really flown, about every `flight.POINT_S` and at every corner; begins where the unit stands."""
    recorded: TrackPoints
    """As the unit recorded it: the same with gaps."""
    fuel_until_s: float
    """POSIX seconds: when its endurance ends, if it ever gets under way."""
    was_under_way: bool = False
    """Whether the order found it under way."""

    def position_at(self, time_s: float | datetime) -> Position:
        """Where the unit is; where it began before, and where it ended after."""
        at_s = to_posix_s(time_s) if isinstance(time_s, datetime) else time_s
        track = self.flown
        lon, lat = (float(np.interp(at_s, track.times_s, track.lonlat_deg[:, k])) for k in (0, 1))
        return Position((lon + 180.0) % 360.0 - 180.0, lat)

    @property
    def ends_at(self) -> datetime:
        """The last event of it."""
        return max(event.at for event in self.events)

    def under_way_at(self, time_s: float) -> bool:
        """Whether it is out: not in port any more, and not home again."""
        out = [to_posix_s(event.at) for event in self.events if isinstance(event, UnderWay)]
        home = [to_posix_s(event.at) for event in self.events if isinstance(event, Home)]
        began = self.was_under_way or any(at_s <= time_s for at_s in out)
        return began and not any(at_s <= time_s for at_s in home)


@dataclass(frozen=True)
class CrewLaw:
    """How crews differ from their briefing.

    Numbers without a source are assumptions (docs/explanation/exercises.md).
    """

    late_frac: float = 0.2
    """Share of sorties that leave late ..."""
    late_mean_s: float = 900.0
    """... by this on the mean (exponential)."""
    readiness_sigma: float = 0.15
    """Standard deviation of the logarithm of the time to get ready."""
    wander_m: float = 185.0
    """Standard deviation of the lateral deviation from the briefed track, 0.1 nm."""
    wander_memory_s: float = 300.0
    least_factor: float = 0.7
    greatest_factor: float = 1.3
    """The sweep width of a sortie is the stated one times a factor even between these."""
    report_median_s: float = 180.0
    report_sigma: float = 0.9
    """Reports are late by a log-normal time: 3 min is the median, 1 in 50 comes after 20 min."""
    routine_median_s: float = 60.0
    """Routine reports (under way, on scene, ...) likewise, in the order in which things happened."""
    sighting_error_m: float = 463.0
    """Probable error of a reported sighting, 0.25 nm."""
    false_per_hour: float = 0.05
    """False sightings an hour of searching."""
    investigation_s: float = 1500.0
    """Mean time until a false sighting is looked at and withdrawn (exponential)."""
    gaps_per_hour: float = 0.5
    """Gaps in the recorded track an hour ..."""
    gap_mean_s: float = 240.0
    """... of this length on the mean (exponential)."""
    track_every_s: float = 3600.0
    """How often a crew sends its track."""


USUAL = CrewLaw()
AS_BRIEFED = CrewLaw(
    late_frac=0.0,
    readiness_sigma=0.0,
    wander_m=0.0,
    least_factor=1.0,
    greatest_factor=1.0,
    false_per_hour=0.0,
    gaps_per_hour=0.0,
)
"""Crews that do exactly what they are told, with the stated sweep widths."""
