"""What is known, what is uncertain and who can help: the domain types of a case.

Everything is SI and UTC; the door (`sarex.case.door`) translates from what sailors write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class UnitKind(StrEnum):
    SHIP = "ship"
    HELICOPTER = "helicopter"
    FIXED_WING = "fixed-wing"
    UNCREWED_AIRCRAFT = "uncrewed-aircraft"
    UNCREWED_SURFACE_CRAFT = "uncrewed-surface-craft"

    @property
    def flies(self) -> bool:
        return self in (UnitKind.HELICOPTER, UnitKind.FIXED_WING, UnitKind.UNCREWED_AIRCRAFT)


@dataclass(frozen=True)
class Position:
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True)
class ObjectShare:
    """One kind of search object with its share of a scenario; `type_key` names a leeway class."""

    type_key: str
    weight: float


@dataclass(frozen=True)
class LastKnownPosition:
    """A position with its probable error (radius of 50 % containment) and when the drift began."""

    position: Position
    probable_error_m: float
    released_from: datetime
    released_until: datetime


@dataclass(frozen=True)
class TrackPoint:
    position: Position
    at: datetime
    probable_error_m: float


@dataclass(frozen=True)
class Trackline:
    """Where an overdue craft would have been; the drift began anywhere along it."""

    points: tuple[TrackPoint, ...]


@dataclass(frozen=True)
class Scenario:
    """One account of what happened. Weights of all scenarios sum to one, as do those of its objects."""

    name: str
    weight: float
    origin: LastKnownPosition | Trackline
    objects: tuple[ObjectShare, ...]


@dataclass(frozen=True)
class ForcingFile:
    path: Path


@dataclass(frozen=True)
class ConstantVelocity:
    """The same velocity everywhere and always; for a wind the direction it blows *toward*."""

    eastward_mps: float
    northward_mps: float


@dataclass(frozen=True)
class SampleSea:
    """The synthetic sea that Sarex computes itself."""


ForcingChoice = ForcingFile | ConstantVelocity | SampleSea


@dataclass(frozen=True)
class ForcingPreference:
    """Sources in order of preference: where the first has no data, the next is asked."""

    current: tuple[ForcingChoice, ...]
    wind: tuple[ForcingChoice, ...]


@dataclass(frozen=True)
class SearchWindow:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class SearchUnit:
    """A ship, aircraft or drone that can search. Where it stands at `available_from` is where it starts."""

    name: str
    nation: str
    kind: UnitKind
    position: Position
    transit_speed_mps: float
    search_speed_mps: float
    endurance_s: float
    sensor: str
    altitude_m: float
    """Search height of an aircraft; 0 for what floats."""
    eye_height_m: float | None
    """Height of the lookout's eye; None for aircraft."""
    available_from: datetime
    home: Position
    """Where it must be able to return to; its position unless the case names another place."""
    turn_radius_m: float
    fatigued: bool = False
    sweep_width_m: Mapping[str, float] = field(default_factory=dict)
    """Crew-given sweep widths by leeway class; they replace the tables."""


@dataclass(frozen=True)
class DangerArea:
    """A volume that no unit may enter while it is active."""

    name: str
    polygon: tuple[Position, ...]
    """At least three corners, not closed."""
    active_from: datetime
    active_until: datetime
    floor_m: float
    ceiling_m: float


@dataclass(frozen=True)
class Conditions:
    """What crews meet on scene. The wind comes from the forcing unless it is given here."""

    visibility_m: float
    wave_height_m: float
    wind_mps: float | None = None
    flotation_device_worn: bool = False
    """A person in the water is known to wear a flotation device."""


@dataclass(frozen=True)
class DriftSettings:
    """Uncertainty of the drift. Defaults and their sources: `docs/explanation/drift.md`."""

    particles: int = 20_000
    jibing_per_hour: float = 0.04
    current_error_mps: float = 0.226
    """Standard deviation per axis of the persistent current error."""
    wind_error_mps: float = 2.0
    error_memory_s: float = 25.7 * 3600.0


@dataclass(frozen=True)
class Case:
    """A whole case, checked and normalised."""

    id: str
    title: str
    exercise: bool
    seed: int
    scenarios: tuple[Scenario, ...]
    forcing: ForcingPreference
    window: SearchWindow
    units: tuple[SearchUnit, ...]
    conditions: Conditions
    danger_areas: tuple[DangerArea, ...]
    drift: DriftSettings

    @property
    def object_types(self) -> tuple[str, ...]:
        """Leeway classes in the case, in order of first mention."""
        return tuple(
            dict.fromkeys(share.type_key for scenario in self.scenarios for share in scenario.objects)
        )

    @property
    def mark(self) -> str:
        """EXERCISE or REAL, for every product."""
        return "EXERCISE" if self.exercise else "REAL"
