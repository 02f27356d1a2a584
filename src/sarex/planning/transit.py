"""The way out of a unit: legs from where it starts to its commence search point, and when it must stop."""

from itertools import pairwise
from math import ceil

import numpy as np

from sarex.planning.crews import Crew
from sarex.planning.model import Activity, Leg
from sarex.planning.passage import Point, way_length_m
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION

LONGEST_PIECE_M = 40_000.0
"""Long ways are told in pieces, so that a chart that draws them otherwise stays within the margins."""


def earliest_arrival_s(crew: Crew, point: Point) -> float | None:
    """When a unit can begin to search at a point at the soonest; None if no way leads there."""
    there_s = crew.earliest_s(point)
    return None if there_s is None else max(there_s, crew.search_from_s)


def way_home_of(crew: Crew, last: Point, last_s: float) -> tuple[Point, ...]:
    """Corners of the way home, both ends included; empty if there is none."""
    return tuple((float(x_m), float(y_m)) for x_m, y_m in crew.way_home(last, last_s) or ())


def homecoming_s(crew: Crew, last: Point, last_s: float) -> float | None:
    """When a unit is home that leaves a point at an instant; None if no way leads home."""
    way = crew.way_home(last, last_s)
    return None if way is None else last_s + way_length_m(way) / crew.unit.transit_speed_mps


def search_ends_by_s(crew: Crew, begin_s: float, last: Point, last_s: float) -> float | None:
    """When searching must end: 0.85 of the time on scene, which ends in time for the way home from `last`."""
    home_s = homecoming_s(crew, last, last_s)
    if home_s is None:
        return None
    leave_s = min(crew.leave_by_s, crew.endurance_until_s - (home_s - last_s))
    return begin_s + SEARCH_ENDURANCE_FRACTION * (leave_s - begin_s)


def transit_legs(crew: Crew, point: Point, arrive_s: float) -> tuple[Leg, ...] | None:
    """Legs to a point, leaving in time to arrive just then; None if no way leads there."""
    way = crew.way_out(point, arrive_s)
    if way is None:
        return None
    points = [way[0]]
    for (ax, ay), (bx, by) in pairwise(way):
        pieces = max(1, ceil(way_length_m(((ax, ay), (bx, by))) / LONGEST_PIECE_M))
        points += [(ax + (bx - ax) * n / pieces, ay + (by - ay) * n / pieces) for n in range(1, pieces + 1)]
    reached_m = np.concatenate([[0.0], np.cumsum([way_length_m(pair) for pair in pairwise(points)])])
    # backwards from the arrival, so that the last leg ends when the searching begins
    at_s = arrive_s - (reached_m[-1] - reached_m) / crew.unit.transit_speed_mps
    return tuple(
        Leg(*a, *b, float(start_s), float(end_s), Activity.TRANSIT)
        for (a, b), (start_s, end_s) in zip(pairwise(points), pairwise(at_s), strict=True)
    )
