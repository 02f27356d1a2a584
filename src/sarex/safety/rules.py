"""Put a search action plan through the rules, independently of how it was made.

Everything is checked from the tasks themselves (positions and times), with exact geometry: the coastline's
polygons and the danger areas as given, not the planner's rasters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot

import numpy as np
import shapely
from shapely import LineString, Polygon

from sarex.case.model import Case, Position
from sarex.clock import to_posix_s
from sarex.environment import WATER, Environment, on_land
from sarex.geo import WGS84, LocalFrame
from sarex.planning.fleet_search import same_height
from sarex.planning.passage import HARBOUR_M, charted_polygon
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg

TIME_TOLERANCE_S = 1.0
DISTANCE_TOLERANCE_M = 30.0
SPEED_TOLERANCE = 0.01
"""The plane that the planner works in keeps lengths to this share (see `geo.frame`)."""


@dataclass(frozen=True)
class RuleCheck:
    """A rule, how often it is broken, and where."""

    rule: str
    violations: int
    details: tuple[str, ...] = ()


def check_plan(case: Case, environment: Environment, plan: SearchActionPlan) -> tuple[RuleCheck, ...]:
    """Every rule that the plan must keep, checked."""
    frame = environment.frame
    land = _Land(environment)
    rules: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
        ("legs follow one another in time and place", lambda: _each(plan, _gaps)),
        ("searching lies within the search window", lambda: _each(plan, lambda t: _outside_window(plan, t))),
        ("speeds are the unit's own", lambda: _each(plan, _too_fast)),
        ("endurance holds the way home", lambda: _each(plan, _endurance)),
        (
            "search time is at most 0.85 of the time on scene",
            lambda: _each(plan, lambda t: _search_share(plan, t)),
        ),
        ("no searching over land, no ship on land", lambda: _each(plan, land.crossings)),
        ("no leg through an active danger area", lambda: _each(plan, lambda t: _in_danger(case, frame, t))),
        (
            "no search area in an active danger area",
            lambda: _each(plan, lambda t: _near_danger(case, frame, t)),
        ),
        ("no two areas overlap at the same height", lambda: _overlaps(plan, frame)),
        ("the searching lies in the unit's own area", lambda: _each(plan, lambda t: _strays(frame, t))),
    )
    return tuple(RuleCheck(rule, len(found), found) for rule, found in ((r, tuple(f())) for r, f in rules))


def _each(plan: SearchActionPlan, check: Callable[[Task], Iterable[str]]) -> Iterable[str]:
    for task in plan.tasks:
        for sentence in check(task):
            yield f"{task.unit.name}: {sentence}"


def _gaps(task: Task) -> Iterable[str]:
    for leg, following in pairwise(task.legs):
        wait_s = abs((following.start_time - leg.end_time).total_seconds())
        apart_m = _distance_m(leg.end, following.start)
        if wait_s > TIME_TOLERANCE_S or apart_m > DISTANCE_TOLERANCE_M:
            yield f"{wait_s:.0f} s and {apart_m:.0f} m between legs at {leg.end_time:%H:%M:%S}"


def _outside_window(plan: SearchActionPlan, task: Task) -> Iterable[str]:
    if task.departs < plan.window_start or task.off_scene > plan.window_end:
        yield f"under way from {task.departs:%H:%M}, searching until {task.off_scene:%H:%M}"


def _too_fast(task: Task) -> Iterable[str]:
    for leg in task.legs:
        limit_mps = task.unit.search_speed_mps if leg.searching else task.unit.transit_speed_mps
        limit_mps = max(limit_mps, task.unit.search_speed_mps)
        duration_s = (leg.end_time - leg.start_time).total_seconds()
        length_m = _distance_m(leg.start, leg.end)
        if length_m > limit_mps * duration_s * (1 + SPEED_TOLERANCE) + DISTANCE_TOLERANCE_M:
            yield f"{length_m / max(duration_s, 1.0):.1f} m/s at {leg.start_time:%H:%M:%S}"


def _endurance(task: Task) -> Iterable[str]:
    straight_s = _distance_m(task.legs[-1].end, task.unit.home) / task.unit.transit_speed_mps
    home_s = max(to_posix_s(task.return_by), to_posix_s(task.off_scene) + straight_s * (1 - SPEED_TOLERANCE))
    if home_s > to_posix_s(task.departs) + task.unit.endurance_s + TIME_TOLERANCE_S:
        yield f"home at {task.return_by:%H:%M}, endurance ends {task.endurance_until:%H:%M}"


def _search_share(plan: SearchActionPlan, task: Task) -> Iterable[str]:
    way_home = task.return_by - task.off_scene
    leaves = min(plan.window_end, task.endurance_until - way_home)
    allowed_s = SEARCH_ENDURANCE_FRACTION * (leaves - task.on_scene).total_seconds()
    used_s = (task.off_scene - task.on_scene).total_seconds()
    if used_s > allowed_s + TIME_TOLERANCE_S:
        yield f"{used_s / 60:.0f} min of searching, {allowed_s / 60:.0f} allowed"


class _Land:
    """Crossings of the coastline's polygons, found through an index."""

    def __init__(self, environment: Environment) -> None:
        self._frame = environment.frame
        self._polygons = list(environment.coast.polygons.geoms)
        self._tree = shapely.STRtree(self._polygons)
        self._raster = environment.coast.raster

    def crossings(self, task: Task) -> Iterable[str]:
        for leg in task.legs:
            if leg.activity == "transit" and task.unit.kind.flies:
                continue
            line = _ground_line(self._frame, leg)
            if not self._on_the_map(leg):
                yield f"{leg.activity} leg at {leg.start_time:%H:%M:%S} leaves the map of the coast"
            if self._tree.query(line, predicate="intersects").size and not self._in_harbour(task, leg, line):
                yield f"{leg.activity} leg at {leg.start_time:%H:%M:%S} crosses land"

    def _on_the_map(self, leg: TaskLeg) -> bool:
        rows, columns = self._raster.cells.shape
        for place in (leg.start, leg.end):
            x_m, y_m = self._frame.to_xy_m(place.lon_deg, place.lat_deg)
            column = (float(x_m) - self._raster.x0_m) / self._raster.spacing_m
            row = (float(y_m) - self._raster.y0_m) / self._raster.spacing_m
            if not (0 <= column <= columns and 0 <= row <= rows):
                return False
        return True

    def _in_harbour(self, task: Task, leg: TaskLeg, line: LineString) -> bool:
        """A berth may touch the coast: not counted within a harbour's reach of a ship's start or home."""
        if leg.searching:
            return False
        met = shapely.intersection(line, shapely.union_all(self._polygons_met(line)))
        corners = shapely.get_coordinates(met)
        places = [place for place in (task.unit.position, task.unit.home) if self._at_the_shore(place)]
        return all(
            any(_distance_m(Position(lon, lat), place) <= HARBOUR_M for place in places)
            for lon, lat in corners
        )

    def _at_the_shore(self, place: Position) -> bool:
        x_m, y_m = self._frame.to_xy_m(place.lon_deg, place.lat_deg)
        return bool(on_land(self._raster, x_m, y_m) != WATER)

    def _polygons_met(self, line: LineString) -> list[Polygon]:
        return [self._polygons[i] for i in self._tree.query(line, predicate="intersects")]


def _in_danger(case: Case, frame: LocalFrame, task: Task) -> Iterable[str]:
    for area in case.danger_areas:
        if not area.floor_m <= task.unit.altitude_m <= area.ceiling_m:
            continue
        polygon = charted_polygon(area, frame)
        for leg in task.legs:
            active = leg.start_time < area.active_until and leg.end_time > area.active_from
            if active and polygon.intersects(_plane_line(frame, leg)):
                yield f"{leg.activity} leg at {leg.start_time:%H:%M:%S} enters {area.name}"


def _near_danger(case: Case, frame: LocalFrame, task: Task) -> Iterable[str]:
    for area in case.danger_areas:
        active = task.on_scene < area.active_until and task.off_scene > area.active_from
        if not active or not area.floor_m <= task.unit.altitude_m <= area.ceiling_m:
            continue
        if charted_polygon(area, frame).intersects(_plane_polygon(frame, task.area)):
            yield f"search area reaches into {area.name}"


def _overlaps(plan: SearchActionPlan, frame: LocalFrame) -> Iterable[str]:
    for first, second in combinations(plan.tasks, 2):
        if not same_height(first.unit.altitude_m, second.unit.altitude_m):
            continue
        shared_m2 = _plane_polygon(frame, first.area).intersection(_plane_polygon(frame, second.area)).area
        if shared_m2 > DISTANCE_TOLERANCE_M**2:
            yield f"{first.unit.name} and {second.unit.name} share {shared_m2 / 1852**2:.2f} nm2"


def _strays(frame: LocalFrame, task: Task) -> Iterable[str]:
    area = _plane_polygon(frame, task.area).buffer(DISTANCE_TOLERANCE_M)
    for leg in task.legs:
        if leg.searching and not area.contains(_plane_line(frame, leg)):
            yield f"leg at {leg.start_time:%H:%M:%S} leaves the area"


def _plane_polygon(frame: LocalFrame, corners: tuple[Position, ...]) -> Polygon:
    x_m, y_m = frame.to_xy_m([c.lon_deg for c in corners], [c.lat_deg for c in corners])
    return Polygon(np.column_stack([x_m, y_m]))


def _plane_line(frame: LocalFrame, leg: TaskLeg) -> LineString:
    x_m, y_m = frame.to_xy_m([leg.start.lon_deg, leg.end.lon_deg], [leg.start.lat_deg, leg.end.lat_deg])
    return LineString(np.column_stack([x_m, y_m]))


def _ground_line(frame: LocalFrame, leg: TaskLeg) -> LineString:
    """A leg in longitude and latitude as it is flown: straight in the plane, with a corner every 2 km.

    A straight line on the chart of degrees would be kilometres off on a leg of some hundred kilometres, and
    would go round the world where a leg crosses the dateline: longitudes are those next to the frame's
    origin, like the coastline's.
    """
    ends = np.array(_plane_line(frame, leg).coords)
    shares = np.linspace(0.0, 1.0, int(np.hypot(*(ends[1] - ends[0])) / 2000.0) + 2)
    lon_deg, lat_deg = frame.to_lonlat_deg(*(ends[:1] + shares[:, None] * (ends[1:] - ends[:1])).T)
    origin_deg = frame.origin_lon_deg
    near_deg = origin_deg + (lon_deg - origin_deg + 180.0) % 360.0 - 180.0
    return LineString(np.column_stack([near_deg, lat_deg]))


def _distance_m(first: Position, second: Position) -> float:
    if hypot(first.lon_deg - second.lon_deg, first.lat_deg - second.lat_deg) == 0:
        return 0.0
    return float(WGS84.inv(first.lon_deg, first.lat_deg, second.lon_deg, second.lat_deg)[2])
