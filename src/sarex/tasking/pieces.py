"""A task's track as the lines that a person draws and lists, fewer than its legs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import numpy as np

from sarex.case.model import Position
from sarex.geo import WGS84
from sarex.planning.model import Activity, Pattern
from sarex.tasking.model import Task, TaskLeg
from sarex.tasking.shapes import MOST_BEND_DEG, bends_deg, loops


@dataclass(frozen=True)
class TrackPiece:
    """Neighbouring legs drawn as one line.

    A searching leg alone, or one loop of a spiral; a whole transit or turn together.
    """

    activity: Activity
    legs: tuple[TaskLeg, ...]
    turned_deg: float = 0.0
    """How far a loop has turned, clockwise; 0 for what is no loop."""

    @property
    def positions(self) -> tuple[Position, ...]:
        return (self.legs[0].start, *(leg.end for leg in self.legs))

    @property
    def start_time(self) -> datetime:
        return self.legs[0].start_time

    @property
    def end_time(self) -> datetime:
        return self.legs[-1].end_time

    @property
    def is_loop(self) -> bool:
        return self.activity is Activity.SEARCH and len(self.legs) > 1


def track_pieces(task: Task) -> tuple[TrackPiece, ...]:
    """The task's track in order, in as few lines as keep searching legs apart.

    Of an expanding square that is flown with rounded corners, hundreds of short legs, each loop is one line.
    """
    pieces: list[TrackPiece] = []
    for activity, group in groupby(task.legs, key=lambda leg: leg.activity):
        legs = tuple(group)
        if activity is not Activity.SEARCH:
            pieces.append(TrackPiece(activity, legs))
        elif task.pattern is Pattern.EXPANDING_SQUARE:
            pieces.extend(_loops(legs))
        else:
            pieces.extend(TrackPiece(activity, (leg,)) for leg in legs)
    return tuple(pieces)


def _loops(legs: Sequence[TaskLeg]) -> Iterator[TrackPiece]:
    ends = np.array([(g.start.lon_deg, g.start.lat_deg, g.end.lon_deg, g.end.lat_deg) for g in legs])
    courses_deg = np.asarray(WGS84.inv(*ends.T)[0])
    # with the bend from the loop before, so that the loops of a curve add up
    bends = np.concatenate([[0.0], bends_deg(courses_deg)])
    bends[np.abs(bends) > MOST_BEND_DEG] = 0.0
    for part in loops(courses_deg):
        yield TrackPiece(Activity.SEARCH, tuple(legs[part]), float(bends[part].sum()))
