"""A task's track as the lines that a person draws and lists, fewer than its legs."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sarex.case.model import Position
from sarex.planning.model import Activity
from sarex.tasking.model import Task, TaskLeg


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
