"""A search plan in the local frame: who flies which pattern where, and how good the whole is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import SatelliteLook, SearchUnit
from sarex.detection.model import SweepWidth
from sarex.detection.survival import SurvivalModel, Verification


class Pattern(StrEnum):
    """Search patterns by their IAMSAR codes."""

    PARALLEL_SWEEP = "PS"
    CREEPING_LINE = "CS"
    EXPANDING_SQUARE = "SS"
    SECTOR = "VS"
    TRACK_LINE_RETURNING = "TSR"
    TRACK_LINE_NON_RETURNING = "TSN"


class Activity(StrEnum):
    TRANSIT = "transit"
    TURN = "turn"
    SEARCH = "search"


@dataclass(frozen=True)
class Leg:
    """A straight piece of track over the ground at constant speed, in the local frame."""

    start_x_m: float
    start_y_m: float
    end_x_m: float
    end_y_m: float
    start_s: float
    end_s: float
    activity: Activity


@dataclass(frozen=True)
class Worth:
    """What a unit's task, and more of it, is worth to the joint plan, in POS (see `marginal`)."""

    adds: float
    """What the joint plan would lose without it."""
    another_hour: float
    another_unit: float


@dataclass(frozen=True)
class UnitPlan:
    """What one unit does on one sortie."""

    unit: SearchUnit
    pattern: Pattern
    legs: tuple[Leg, ...]
    """Contiguous in time from the unit's departure to its last search leg."""
    area_xy_m: NDArray[np.float64]
    """Corners of the ground area that the crew is told, not closed, (corner, 2): a rectangle, or one cut."""
    track_spacing_m: float
    sweep_widths: Mapping[str, SweepWidth]
    """By leeway class."""
    coverage: float
    """W / S for the object type that makes most of the probability in the area."""
    poc: float
    """Probability that the object is afloat in the area halfway through the unit's time on scene."""
    pod: float
    """POS / POC of this unit alone."""
    pos: float
    """Probability of success of this unit searching alone."""
    return_by_s: float
    """When the unit is home again if it leaves after its last leg."""
    endurance_until_s: float
    sortie: int = 1
    """Which of its unit's sorties this is."""
    way_home: tuple[tuple[float, float], ...] = ()
    """From where its last leg ends to its home, corners in the local frame; empty where it is not known."""
    why: tuple[str, ...] = ()
    """Why it goes where it goes, in sentences; empty until the plan is explained (see `explain`)."""
    worth: Worth | None = None
    """None until the plan is explained."""


@dataclass(frozen=True)
class UnusedUnit:
    unit: SearchUnit
    why: str


@dataclass(frozen=True)
class PlannedLook:
    """A satellite's look in the search window; it counts in every figure of the plan."""

    look: SatelliteLook
    pos: float
    """Probability of success of this look alone."""


@dataclass(frozen=True)
class PlanQuality:
    """How good the plan is, against the best possible and against the manual."""

    pos: float
    pos_low: float
    """With every sweep width 30 % smaller."""
    pos_high: float
    """With every sweep width 30 % larger."""
    pos_upper_bound: float
    """Definite-range relaxation: proven for a density, estimated from a sample (see bounds.md)."""
    pos_optimum_low: float
    """Freely divisible parallel-sweep effort, its value on particles it has not seen."""
    pos_optimum_high: float
    """The same effort problem's value on its own particles."""
    pos_doctrine: float
    """The manual's datum area, carried along with the drift, for the same units."""


@dataclass(frozen=True)
class AliveFigure:
    """Probability that survivors are found alive, by one model."""

    model: SurvivalModel
    verification: Verification
    pos_alive: float
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What comes of a plan, and when."""

    pos: float
    """Probability that the object is found, dead or alive."""
    alive: tuple[AliveFigure, ...]
    """Probability that it is found and its people then live, the planning model first; empty if not known."""
    times_s: NDArray[np.float64]
    """POSIX seconds, (time,)."""
    found_by: NDArray[np.float64]
    """Probability of having found it by each of these instants, (time,)."""
    median_time_s: float | None
    """Seconds after the start of the window by which half of what is found is found; None if nothing is."""
    mean_time_s: float | None
    """Mean of the same, given that it is found."""
    anybody_in_water: bool
    """Whether any of the belief has people in the water before the end of the window."""

    @property
    def pos_alive(self) -> float | None:
        """By the planning model; None where the temperature of the water is not known."""
        return self.alive[0].pos_alive if self.alive else None


@dataclass(frozen=True)
class SearchPlan:
    """The joint plan of all units."""

    unit_plans: tuple[UnitPlan, ...]
    unused: tuple[UnusedUnit, ...]
    quality: PlanQuality
    on_scene_wind_mps: float
    looks: tuple[PlannedLook, ...] = ()
    outcome: Outcome | None = None
    """When it finds what it finds, and who then lives; None where that was not reckoned."""
    interrupted: bool = False
    """Whether the search for it was ended before its time: the best plan until then."""
