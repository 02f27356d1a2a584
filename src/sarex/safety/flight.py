"""A task laid out in the local plane once, for all rules to look at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.geo import WGS84, LocalFrame
from sarex.planning.model import Activity
from sarex.safety.model import Breach, Measure
from sarex.tasking.model import Task, TaskLeg

TIME_TOLERANCE_S = 1.0
DISTANCE_TOLERANCE_M = 30.0
LENGTH_TOLERANCE = 0.01
"""The plane that the planner works in keeps lengths to this share (see `geo.frame`)."""

Point = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Flight:
    """One task with its legs and its area in the plane."""

    task: Task
    frame: LocalFrame
    legs: Floats
    """(leg, 6): x0, y0, x1, y1, t0, t1"""
    length_m: Floats
    """Of each leg on the ellipsoid, (leg,)."""
    gap_m: Floats
    """From the end of each leg to the start of the next, (leg - 1,)."""
    searching: NDArray[np.bool_]
    transit: NDArray[np.bool_]
    lines: NDArray[Any]
    """The legs as lines of the plane, (leg,)."""
    area: BaseGeometry
    """Over the ground."""

    @property
    def name(self) -> str:
        return self.task.unit.name

    @property
    def departs_s(self) -> float:
        return min(to_posix_s(self.task.departs), float(self.legs[0, 4]))

    @property
    def on_scene_s(self) -> float:
        """When its searching begins."""
        return min(to_posix_s(self.task.on_scene), float(self.legs[self.searching, 4].min()))

    @property
    def off_scene_s(self) -> float:
        """When its searching ends."""
        return max(to_posix_s(self.task.off_scene), float(self.legs[self.searching, 5].max()))

    @property
    def last(self) -> Position:
        """Where its last leg ends."""
        return self.task.legs[-1].end

    @property
    def home_s(self) -> float:
        """When it is home: as the task says, and no sooner than straight from its last leg."""
        straight_m = distance_m(self.last, self.task.unit.home) * (1.0 - LENGTH_TOLERANCE)
        straight_s = float(self.legs[-1, 5]) + straight_m / self.task.unit.transit_speed_mps
        return max(to_posix_s(self.task.return_by), straight_s)

    @property
    def on_scene_legs(self) -> Floats:
        """Legs from the first searching one to the last, turns between them included, (leg, 6)."""
        inside = np.flatnonzero(self.searching)
        return self.legs[inside[0] : inside[-1] + 1]

    def place(self, x_m: float, y_m: float) -> Position:
        lon_deg, lat_deg = self.frame.to_lonlat_deg(x_m, y_m)
        return Position(float(lon_deg), float(lat_deg))

    def on_leg(self, number: int, share: float) -> tuple[datetime, Position]:
        """When and where a share of a leg is done."""
        x0, y0, x1, y1, t0, t1 = self.legs[number].tolist()
        moment = from_posix_s(t0 + share * (t1 - t0))
        return moment, self.place(x0 + share * (x1 - x0), y0 + share * (y1 - y0))

    def leg_breach(
        self, number: int, sentence: str, amount: float, measure: Measure, share: float = 0.0
    ) -> Breach:
        """Something wrong on one of its legs, from a share of it on."""
        return Breach(*self.on_leg(number, share), sentence, float(amount), measure)

    def told(self, number: int) -> str:
        """A leg as sentences name it."""
        leg = self.task.legs[number]
        return f"{leg.activity.value} leg at {leg.start_time:%H:%M:%S}"


def way_home_of(flight: Flight) -> Flight | None:
    """The way home as a flight of its own, left when the last leg ends; None where nobody knows it.

    As the plan tells it; straight for an aircraft whose plan does not.
    """
    task = flight.task
    corners = task.way_home or ((flight.last, task.unit.home) if task.unit.kind.flies else ())
    if len(corners) < 2:
        return None
    lengths_m = np.array([distance_m(*pair) for pair in pairwise(corners)])
    reached = np.concatenate([[0.0], np.cumsum(lengths_m)])
    left_s = float(flight.legs[-1, 5])
    takes_s = max(flight.home_s - left_s, 0.0)
    at_s = left_s + takes_s * reached / max(float(reached[-1]), 1.0)
    legs = tuple(
        TaskLeg(start, end, from_posix_s(float(begun)), from_posix_s(float(ended)), Activity.TRANSIT)
        for (start, end), (begun, ended) in zip(pairwise(corners), pairwise(at_s.tolist()), strict=True)
    )
    return flight_of(replace(task, legs=legs), flight.frame)


def flight_of(task: Task, frame: LocalFrame) -> Flight:
    """Lay a task out in the plane."""
    ends = np.array(
        [(leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg) for leg in task.legs]
    )
    times = [(to_posix_s(leg.start_time), to_posix_s(leg.end_time)) for leg in task.legs]
    x_m, y_m = frame.to_xy_m(ends[:, ::2], ends[:, 1::2])
    legs = np.column_stack([x_m[:, 0], y_m[:, 0], x_m[:, 1], y_m[:, 1], np.array(times)])
    length_m = np.asarray(WGS84.inv(*ends.T.copy())[2], dtype=float)
    gap_m = np.asarray(WGS84.inv(ends[:-1, 2], ends[:-1, 3], ends[1:, 0], ends[1:, 1])[2], dtype=float)
    return Flight(
        task=task,
        frame=frame,
        legs=legs,
        length_m=length_m,
        gap_m=gap_m,
        searching=np.array([leg.searching for leg in task.legs]),
        transit=np.array([leg.activity is Activity.TRANSIT for leg in task.legs]),
        lines=np.atleast_1d(np.asarray(shapely.linestrings(legs[:, :4].reshape(-1, 2, 2)))),
        area=_plane_area(frame, task.area),
    )


def _plane_area(frame: LocalFrame, corners: tuple[Position, ...]) -> BaseGeometry:
    x_m, y_m = frame.to_xy_m([c.lon_deg for c in corners], [c.lat_deg for c in corners])
    area: BaseGeometry = Polygon(np.column_stack([x_m, y_m]))
    if not area.is_valid:
        area = shapely.make_valid(area)
    shapely.prepare(area)
    return area


def distance_m(first: Position, second: Position) -> float:
    """On the ellipsoid."""
    if first == second:
        return 0.0
    return float(WGS84.inv(first.lon_deg, first.lat_deg, second.lon_deg, second.lat_deg)[2])


def shares_inside(line: LineString, region: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """Where along a straight line it lies in a region: shares of its length, in order."""
    met = shapely.intersection(line, region)
    pieces = [shapely.get_coordinates(part) for part in shapely.get_parts(met) if not part.is_empty]
    share = _share_along(line)
    spans = [(float(share(piece).min()), float(share(piece).max())) for piece in pieces]
    return tuple(sorted(spans))


def _share_along(line: LineString) -> Callable[[Floats], Floats]:
    start, end = np.array(line.coords)
    along = end - start
    square = float(along @ along) or 1.0
    return lambda points: np.asarray(np.clip((points - start) @ along / square, 0.0, 1.0))
