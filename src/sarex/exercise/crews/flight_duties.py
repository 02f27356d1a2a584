"""What an order means if all goes well: the way of a search, of a recovery, of a return."""

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot, inf, pi

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position, SearchUnit, UnitKind
from sarex.clock import to_posix_s
from sarex.detection.sweep_width import sweep_width
from sarex.errors import PlanError
from sarex.exercise.crews.crew import Duty, Order, Weather
from sarex.exercise.crews.draws import GRID_S, Draws
from sarex.exercise.crews.flight_course import Course, Doing, Point
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.model import Force
from sarex.exercise.path import TruePath
from sarex.geo import LocalFrame

Where = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Where something is that moves, in the scene's plane: (instant,) to (instant, 2)."""
FOLLOW_S = 120.0
_DAY_S = 86_400.0
LONGEST_CONTACT_S = 3.0 * 3600.0
"""Who has looked so long for what was reported gives up."""
_LATEST_S = 12.0 * 3600.0
"""So late wander is still drawn."""
_HOIST_S, _HOIST_EACH_S = 360.0, 240.0
_BOAT_S, _BOAT_EACH_S = 900.0, 180.0
"""From over the object until all are lifted: a beginning, and so much for each person (assumptions)."""


@dataclass(frozen=True)
class Scene:
    """What a sortie is flown in: the plane, the object, the weather, the draws."""

    order: Order
    force: Force
    path: TruePath | None
    weather: Weather
    draws: Draws
    frame: LocalFrame
    around: Around | None = None

    @property
    def unit(self) -> SearchUnit:
        return self.order.unit

    @property
    def given_s(self) -> float:
        return to_posix_s(self.order.given_at)

    @property
    def home(self) -> Point:
        return self.point(self.unit.home)

    @property
    def endurance_s(self) -> float:
        left_s = self.order.fuel_left_s
        return self.unit.endurance_s if left_s is None else left_s

    @property
    def adrift(self) -> TruePath:
        """The object's path, where there is one."""
        if self.path is None:
            raise ValueError(f"order {self.order.id}: nothing is adrift")
        return self.path

    def point(self, position: Position) -> Point:
        x_m, y_m = self.frame.to_xy_m(position.lon_deg, position.lat_deg)
        return float(x_m), float(y_m)

    def way(self, start: Point, end: Point, leaves_s: float) -> tuple[Point, ...]:
        """Corners after the start, the end included: round land and danger areas where they are known."""
        if self.around is None:
            return (end,)
        corners = self.around.between(self.unit, self.position(start), self.position(end), leaves_s)
        return (*(self.point(corner) for corner in corners), end)

    def position(self, point: Point) -> Position:
        lon_deg, lat_deg = self.frame.to_lonlat_deg(*point)
        return Position(float(lon_deg), float(lat_deg))

    def objects_m(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the object is, (instant, 2)."""
        lonlat = self.adrift.lonlat_at(times_s)
        return np.stack(self.frame.to_xy_m(lonlat[:, 0], lonlat[:, 1]), axis=1)

    def object_m(self, time_s: float) -> Point:
        x_m, y_m = self.objects_m(np.array([time_s]))[0]
        return float(x_m), float(y_m)

    def width_m(self, type_key: str) -> float:
        """Sweep width of this sortie: the task's, else the detection room's, times the sortie's factor."""
        task = self.order.task
        if task is not None and type_key in task.sweep_widths:
            stated_m = task.sweep_widths[type_key].width_m
        else:
            wind_mps = self.weather.wind_at(self.given_s)
            stated_m = sweep_width(self.unit, type_key, self.weather.conditions, wind_mps).width_m
        return stated_m * self.draws.width_factor


@dataclass
class Intent:
    """A course with what is meant on it."""

    course: Course
    departs_s: float
    """When it gets under way."""
    contact_s: float | None = None
    """When a unit that recovers has the object in sight."""
    lifted_s: float | None = None
    gives_up_s: float | None = None
    way_home: tuple[Point, ...] = ()
    """Corners as briefed, if nothing comes between."""


def scene_of(
    order: Order,
    force: Force,
    path: TruePath | None,
    weather: Weather,
    draws: Draws,
    around: Around | None,
) -> Scene:
    """The scene, with a plane about where the order leads."""
    middle = order.unit.home
    if order.task is not None:
        middle = order.task.commence_search_point
    elif order.position is not None:
        middle = order.position
    return Scene(order, force, path, weather, draws, LocalFrame(middle.lon_deg, middle.lat_deg), around)


def intent_of(scene: Scene) -> Intent:
    """The whole sortie as the crew means it when it sets out; home is not in it."""
    order = scene.order
    place = scene.point(order.starts_from or order.unit.position)
    wander_m = scene.draws.wander_m(_wandering_s(order))
    wander_s = scene.given_s + GRID_S * np.arange(wander_m.size, dtype=np.float64)
    course = Course(scene.given_s, place, wander_s, wander_m)
    match order.duty:
        case Duty.SEARCH:
            return _search(scene, course)
        case Duty.RECOVER:
            return _recover(scene, course)
        case Duty.RETURN:
            return Intent(course, scene.given_s)


def _wandering_s(order: Order) -> float:
    """Until when a unit may be searching, since the order."""
    if order.task is None:
        return 0.0
    return max(0.0, (order.task.legs[-1].end_time - order.given_at).total_seconds()) + _LATEST_S


def _ready_s(scene: Scene) -> float:
    """When the unit could get under way."""
    if scene.order.under_way:
        return scene.given_s
    ready_s = scene.force.ready_after.total_seconds() * scene.draws.readiness_factor
    return max(to_posix_s(scene.unit.available_from), scene.given_s + ready_s)


def _search(scene: Scene, course: Course) -> Intent:
    """To the first leg, its legs (later all along if the unit is late), and along the briefed way home."""
    task, unit = scene.order.task, scene.unit
    if task is None:
        raise PlanError(f"order {scene.order.id}: a search order needs a task; give one.")
    legs = [(scene.point(leg.start), scene.point(leg.end), leg) for leg in task.legs]
    here, first = course.place, legs[0][0]
    transit_s = hypot(first[0] - here[0], first[1] - here[1]) / unit.transit_speed_mps
    begins_s = to_posix_s(task.legs[0].start_time)
    departs_s = max(_ready_s(scene), begins_s - transit_s)
    if not scene.order.under_way:
        departs_s += scene.draws.late_s
        course.wait(departs_s, Doing.WAIT)
    else:
        departs_s = scene.given_s
    _transit(scene, course, first)
    course.wait(begins_s, Doing.WAIT)
    later_s = course.end_s - begins_s
    for _, end, leg in legs:
        doing = {"search": Doing.SEARCH, "turn": Doing.TURN}.get(leg.activity.value, Doing.TRANSIT)
        course.go_by(end, to_posix_s(leg.end_time) + later_s, doing)
    return Intent(course, departs_s, way_home=tuple(scene.point(corner) for corner in task.way_home))


def _transit(scene: Scene, course: Course, to: Point) -> None:
    for corner in scene.way(course.end, to, course.end_s):
        course.go(corner, scene.unit.transit_speed_mps, Doing.TRANSIT)


def _recover(scene: Scene, course: Course) -> Intent:
    """To the object where it was reported, or where somebody guides the unit to; look for it; lift."""
    order, unit = scene.order, scene.unit
    if order.position is None:
        raise PlanError(f"order {order.id}: a recovery order needs a position; give one.")
    if not scene.force.lifts:
        raise PlanError(f"order {order.id}: {unit.name} cannot lift persons; send a unit that lifts.")
    departs_s = _ready_s(scene) + (0.0 if order.under_way else scene.draws.late_s)
    course.wait(departs_s, Doing.WAIT)
    intent = Intent(course, departs_s)
    if order.guided and scene.path is not None:
        meet(course, scene.objects_m, unit.transit_speed_mps, Doing.TRANSIT)
        contact_s = course.end_s
    else:
        _transit(scene, course, scene.point(order.position))
        contact_s = course.end_s + _relocation_s(scene, course)
        if contact_s > course.end_s + LONGEST_CONTACT_S:
            course.wait(course.end_s + LONGEST_CONTACT_S, Doing.STAY)
            intent.gives_up_s = course.end_s
            return intent
        course.wait(contact_s, Doing.STAY)
        meet(course, scene.objects_m, unit.search_speed_mps, Doing.STAY)
        contact_s = course.end_s
    intent.contact_s = contact_s
    intent.lifted_s = contact_s + _lifting_s(scene)
    follow(course, scene.objects_m, intent.lifted_s, unit.search_speed_mps, Doing.LIFT)
    return intent


def _relocation_s(scene: Scene, course: Course) -> float:
    """Time to sweep the circle out to the object about where it was reported; then it is in sight."""
    if scene.path is None:
        return inf
    here, there = course.end, scene.object_m(course.end_s)
    away_m = hypot(there[0] - here[0], there[1] - here[1])
    width_m = scene.width_m(scene.path.type_at(course.end_s))
    if away_m <= 0.5 * width_m:
        return 0.0
    return pi * away_m**2 / (width_m * scene.unit.search_speed_mps) if width_m > 0.0 else inf


def _lifting_s(scene: Scene) -> float:
    persons = 0 if scene.path is None else scene.path.persons
    hovers = scene.unit.kind is UnitKind.HELICOPTER
    begins_s, each_s = (_HOIST_S, _HOIST_EACH_S) if hovers else (_BOAT_S, _BOAT_EACH_S)
    return begins_s + each_s * persons


def meet(course: Course, where: Where, speed_mps: float, doing: Doing) -> None:
    """Go to something, step by step towards where it is then; who does not catch it in a day gives up."""
    steps_s = np.arange(course.end_s, course.end_s + _DAY_S, FOLLOW_S)
    for there in where(steps_s).tolist():
        if _towards(course, (there[0], there[1]), speed_mps, doing, FOLLOW_S):
            return


def follow(course: Course, where: Where, until_s: float, speed_mps: float, doing: Doing) -> None:
    """Stay with something, a step behind it."""
    steps_s = np.arange(course.end_s, until_s, FOLLOW_S)
    if not steps_s.size:
        return
    for at_s, there in zip(steps_s.tolist(), where(steps_s).tolist(), strict=True):
        by_s = min(at_s + FOLLOW_S, until_s)
        _towards(course, (there[0], there[1]), speed_mps, doing, by_s - at_s)
        course.wait(by_s, doing)


def _towards(course: Course, there: Point, speed_mps: float, doing: Doing, step_s: float) -> bool:
    """One step towards where something is now, which knows nothing of its future; whether it got there."""
    here = course.end
    away_m = hypot(there[0] - here[0], there[1] - here[1])
    if away_m <= speed_mps * step_s:
        course.go(there, speed_mps, doing)
        return True
    share = speed_mps * step_s / away_m
    near = here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])
    course.go_by(near, course.end_s + step_s, doing)
    return False
