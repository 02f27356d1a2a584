"""What is known, what is uncertain and who can help: the domain types of a case.

Everything is SI and UTC; the door (`sarex.case.door`) translates from what sailors write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sarex.case.origin import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    Cloud,
    CrossingBearings,
    ErrorEllipse,
    Found,
    LastKnownPosition,
    Origin,
    Position,
    Trackline,
    TrackPoint,
)

__all__ = [
    "Area",
    "BeaconFix",
    "Bearing",
    "BearingLine",
    "Case",
    "Cloud",
    "Conditions",
    "ConstantVelocity",
    "CrossingBearings",
    "DangerArea",
    "DriftSettings",
    "ErrorEllipse",
    "ForcingChoice",
    "ForcingChoices",
    "ForcingFile",
    "ForcingPreference",
    "ForcingProvider",
    "ForcingTable",
    "Found",
    "LastKnownPosition",
    "Light",
    "MemberForcing",
    "ObjectShare",
    "Objective",
    "Origin",
    "Position",
    "SampleSea",
    "SatelliteLook",
    "Scenario",
    "SearchUnit",
    "SearchWindow",
    "Sensor",
    "Shoal",
    "TrackPoint",
    "Trackline",
    "UnitKind",
]


class Light(StrEnum):
    """When a sensor works, or what the light is."""

    ANY = "any"
    DAY = "day"
    NIGHT = "night"


class Objective(StrEnum):
    """What the plan makes as large, or as early, as it can."""

    POS = "pos"
    """The probability of success: that anything that drifts is found inside the window."""
    ALIVE = "alive"
    """The probability that persons are found while they are likely to live."""
    SOONEST = "soonest"
    """The expected time until the find."""


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
class ObjectShare:
    """One kind of search object with its share of a scenario; `type_key` names a leeway class."""

    type_key: str
    weight: float
    capsizes: bool = False
    """Whether it may capsize or swamp while it drifts."""
    right_of_downwind_frac: float = 0.5
    """Share of it that starts right of downwind."""


@dataclass(frozen=True)
class Scenario:
    """One account of what happened. Weights of all scenarios sum to one, as do those of its objects."""

    name: str
    weight: float
    origin: Origin
    objects: tuple[ObjectShare, ...]


@dataclass(frozen=True)
class ForcingFile:
    """A file or Zarr store of forcing."""

    location: str
    """Absolute path, or a URL that fsspec understands."""
    realization: int | None = None
    """Which of its ensemble members, counted from 0."""
    if_any: bool = False
    """Whether a file without ensemble members serves all alike (`realizations = N`); else it is refused."""

    @property
    def path(self) -> Path:
        """The local path; of use only where `location` is not a URL."""
        return Path(self.location)

    @property
    def is_url(self) -> bool:
        return "://" in self.location


@dataclass(frozen=True)
class ForcingTable:
    """Observations in a CSV file."""

    location: str
    """Absolute path."""


@dataclass(frozen=True)
class ForcingProvider:
    """A data set that a service cuts out for the case, such as ("copernicusmarine", "cmems_...")."""

    provider: str
    dataset: str


@dataclass(frozen=True)
class ConstantVelocity:
    """The same velocity everywhere and always; for a wind the direction it blows *toward*."""

    eastward_mps: float
    northward_mps: float


@dataclass(frozen=True)
class SampleSea:
    """The synthetic sea that Sarex computes itself."""


ForcingChoice = ForcingFile | ForcingTable | ForcingProvider | ConstantVelocity | SampleSea
ForcingChoices = tuple[ForcingChoice, ...]
"""Sources in order of preference: where the first has no data, the next is asked."""


@dataclass(frozen=True)
class MemberForcing:
    """One account of the sea and the air; each particle is tied to one member."""

    name: str
    """Empty where there is only one."""
    weight: float
    current: ForcingChoices
    wind: ForcingChoices
    stokes: ForcingChoices = ()
    """Stokes drift to be added to the current; none unless the case asks for it."""


@dataclass(frozen=True)
class ForcingPreference:
    """Where the forcing comes from: at least one member; weights of all sum to one."""

    members: tuple[MemberForcing, ...]

    @classmethod
    def single(
        cls, current: ForcingChoices, wind: ForcingChoices, stokes: ForcingChoices = ()
    ) -> "ForcingPreference":
        """One member, for those who have no ensemble."""
        return cls((MemberForcing("", 1.0, current, wind, stokes),))

    @property
    def current(self) -> ForcingChoices:
        """Of the first member."""
        return self.members[0].current

    @property
    def wind(self) -> ForcingChoices:
        """Of the first member."""
        return self.members[0].wind


@dataclass(frozen=True)
class SearchWindow:
    start: datetime
    end: datetime

    @property
    def instants(self) -> tuple[datetime, datetime, datetime]:
        """Start, middle and end: when maps are drawn."""
        return self.start, self.start + (self.end - self.start) / 2, self.end


@dataclass(frozen=True)
class Sensor:
    """What a unit can search with besides its main sensor."""

    name: str
    sweep_width_m: Mapping[str, float]
    """By leeway class, as the crew gives them; a visual sensor without any uses the tables."""
    light: Light


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
    sorties: int = 1
    """At most so many inside the window."""
    turnaround_s: float = 3600.0
    """From its return to its next departure."""
    light: Light = Light.ANY
    """When its main sensor works."""
    other_sensors: tuple[Sensor, ...] = ()
    draught_m: float | None = None
    """None where no depth matters to it, or nobody said."""
    most_wind_mps: float | None = None
    """It stays in port in more wind than this, ..."""
    most_wave_m: float | None = None
    """... in a higher sea, ..."""
    least_visibility_m: float | None = None
    """... and where one sees less far. None where it has no such limit."""


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
class Shoal:
    """Water too shallow for what draws as much as its depth, or more."""

    name: str
    polygon: tuple[Position, ...]
    """At least three corners, not closed."""
    depth_m: float


@dataclass(frozen=True)
class SatelliteLook:
    """One look of a satellite, on a schedule that nobody here can change."""

    name: str
    nation: str
    at: datetime
    footprint: tuple[Position, ...]
    """At least three corners, not closed."""
    detection_frac: Mapping[str, float]
    """By leeway class: the probability that what floats inside the footprint is detected (recall)."""


@dataclass(frozen=True)
class Conditions:
    """What crews meet on scene. The wind comes from the forcing unless it is given here."""

    visibility_m: float
    wave_height_m: float
    wind_mps: float | None = None
    flotation_device_worn: bool = False
    """A person in the water is known to wear a flotation device."""
    water_temperature_degc: float | None = None


@dataclass(frozen=True)
class DriftSettings:
    """Uncertainty of the drift. Defaults and their sources: `docs/explanation/drift.md`."""

    particles: int = 20_000
    jibing_per_hour: float = 0.04
    current_error_mps: float = 0.284
    """Standard deviation per axis of the persistent current error in still water."""
    wind_error_mps: float = 2.0
    error_memory_s: float = 10.3 * 3600.0
    current_error_growth: float = 0.452
    """With the current's speed s the standard deviation is sqrt(current_error_mps^2 + (growth s)^2)."""
    wind_over_water: bool = True
    """Leeway goes with the wind relative to the water (wind minus current), not to the ground."""
    refloating_per_hour: float = 0.0
    """Chance an hour that what has stranded floats again."""


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
    shoals: tuple[Shoal, ...] = ()
    looks: tuple[SatelliteLook, ...] = ()
    objective: Objective = Objective.POS

    @property
    def object_types(self) -> tuple[str, ...]:
        """Leeway classes in the case, in order of first mention."""
        return tuple(
            dict.fromkeys(share.type_key for scenario in self.scenarios for share in scenario.objects)
        )

    @property
    def object_shares(self) -> tuple[ObjectShare, ...]:
        """Per entry of `object_types` what the case says of it (`weight` is that of the first mention)."""
        first: dict[str, ObjectShare] = {}
        for scenario in self.scenarios:
            for share in scenario.objects:
                first.setdefault(share.type_key, share)
        return tuple(first.values())

    @property
    def runs_backward(self) -> bool:
        """Whether it asks where something found came from; its scenarios are all of that kind or none."""
        return any(isinstance(scenario.origin, Found) for scenario in self.scenarios)

    @property
    def mark(self) -> str:
        """EXERCISE or REAL, for every product."""
        return "EXERCISE" if self.exercise else "REAL"
