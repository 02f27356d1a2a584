"""What each crew is told: the search action plan, in positions and UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sarex.case.model import Objective, Position, SearchUnit
from sarex.detection.model import SweepWidth
from sarex.planning.model import Activity, Outcome, Pattern, PlannedLook, PlanQuality, UnusedUnit, Worth


@dataclass(frozen=True)
class TaskLeg:
    start: Position
    end: Position
    start_time: datetime
    end_time: datetime
    activity: Activity

    @property
    def searching(self) -> bool:
        return self.activity is Activity.SEARCH


@dataclass(frozen=True)
class Task:
    """One unit's task."""

    unit: SearchUnit
    pattern: Pattern
    area: tuple[Position, ...]
    """Corners of the search area over the ground, not closed, counter-clockwise."""
    commence_search_point: Position
    track_spacing_m: float
    coverage: float
    sweep_widths: Mapping[str, SweepWidth]
    poc: float
    pod: float
    pos: float
    legs: tuple[TaskLeg, ...]
    departs: datetime
    on_scene: datetime
    """Start of the first searching leg."""
    off_scene: datetime
    """End of the last searching leg."""
    return_by: datetime
    endurance_until: datetime
    briefing: str
    """The task in two or three plain sentences."""
    sortie: int = 1
    """Which of its unit's sorties this is."""
    way_home: tuple[Position, ...] = ()
    """Corners of the way home, from where the last leg ends; empty where the plan does not tell it."""
    why: tuple[str, ...] = ()
    """Why the unit goes where it goes, in sentences; empty where the plan was not explained."""
    worth: Worth | None = None
    """What the task, and more of the unit, is worth to the joint plan; None where that was not asked."""


@dataclass(frozen=True)
class SearchActionPlan:
    """The tasks of one search window."""

    case_id: str
    case_title: str
    exercise: bool
    seed: int
    window_start: datetime
    window_end: datetime
    tasks: tuple[Task, ...]
    unused: tuple[UnusedUnit, ...]
    quality: PlanQuality
    on_scene_wind_mps: float
    looks: tuple[PlannedLook, ...] = ()
    interrupted: bool = False
    """Whether the planner was stopped before it was done: the best plan until then."""
    outcome: Outcome | None = None
    """When the plan finds what it finds; None where that was not reckoned."""
    objective: Objective = Objective.POS
    """What the plan was to make large."""

    def name_of(self, task: Task) -> str:
        """The unit's name, with the number of the sortie where it makes several."""
        several = sum(other.unit.name == task.unit.name for other in self.tasks) > 1 or task.sortie > 1
        return f"{task.unit.name}, sortie {task.sortie}" if several else task.unit.name
