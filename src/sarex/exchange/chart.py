"""What a plotter is given to draw: the plan, on the map of where the object may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sarex.case.model import Case, Position
from sarex.planning.model import Activity
from sarex.probability.datum import DatumPoint
from sarex.probability.map import Contour
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg


@dataclass(frozen=True)
class Chart:
    """One search action plan with the layers that belong on the same chart."""

    case: Case
    action_plan: SearchActionPlan
    contours: Sequence[Contour]
    contours_valid_at: datetime
    datum: Sequence[DatumPoint]
    computed_at: datetime
    synthetic: bool
    """Whether any of the forcing is computed, not observed or forecast."""

    @property
    def mark(self) -> str:
        """EXERCISE or REAL, and SYNTHETIC where it applies; part of every name on the chart."""
        return f"{self.case.mark} SYNTHETIC" if self.synthetic else self.case.mark


@dataclass(frozen=True)
class TrackPiece:
    """Neighbouring legs drawn as one line: each searching leg alone, a whole transit or turn together."""

    activity: Activity
    legs: tuple[TaskLeg, ...]

    @property
    def positions(self) -> tuple[Position, ...]:
        return (self.legs[0].start, *(leg.end for leg in self.legs))

    @property
    def start_time(self) -> datetime:
        return self.legs[0].start_time

    @property
    def end_time(self) -> datetime:
        return self.legs[-1].end_time


def track_pieces(task: Task) -> tuple[TrackPiece, ...]:
    """The task's track in order, in as few lines as keep every searching leg apart."""
    pieces: list[TrackPiece] = []
    for activity, group in groupby(task.legs, key=lambda leg: leg.activity):
        legs = tuple(group)
        if activity is Activity.SEARCH:
            pieces.extend(TrackPiece(activity, (leg,)) for leg in legs)
        else:
            pieces.append(TrackPiece(activity, legs))
    return tuple(pieces)
