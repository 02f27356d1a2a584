"""Violations planted in clean plans: for each kind what was done, and what the checker must say of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from shapely import Polygon

from sarex.case.model import Case, DangerArea, Light, Position, Shoal
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.geo import WGS84
from sarex.safety import FIGURES, rules
from sarex.tasking import SearchActionPlan, Task

PADDING = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Clean:
    """A plan without a violation and what it was made for."""

    case: Case
    sea: Environment
    plan: SearchActionPlan
    coast: Callable[[Polygon], Environment]
    """The same sea with one more island."""
    belief: DriftEnsemble
    """The draw that its figures are told of."""


@dataclass(frozen=True)
class Planted:
    """A plan with a violation: whose rule, which units, and when (from, until)."""

    case: Case
    sea: Environment
    plan: SearchActionPlan
    rule: str
    units: tuple[str, ...]
    since: datetime
    until: datetime


class Spot:
    """One task of a clean plan, chosen at random, and ways to change it."""

    def __init__(self, clean: Clean, rng: np.random.Generator, number: int) -> None:
        self.clean, self.rng, self.number = clean, rng, number
        self.task = clean.plan.tasks[number]
        self.frame = clean.sea.frame

    def leg(self, activity: str | None = None) -> int | None:
        """One of its legs, at least a minute long unless it is a turn."""
        legs = [
            n
            for n, leg in enumerate(self.task.legs)
            if (activity is None or leg.activity == activity)
            and ((leg.end_time - leg.start_time) > timedelta(minutes=1) or leg.activity == "turn")
        ]
        return int(self.rng.choice(legs)) if legs else None

    def xy(self, place: Position) -> np.ndarray:
        return np.array([float(v) for v in self.frame.to_xy_m(place.lon_deg, place.lat_deg)])

    def at(self, xy) -> Position:
        lon_deg, lat_deg = self.frame.to_lonlat_deg(*xy)
        return Position(float(lon_deg), float(lat_deg))

    def shifted(self, place: Position, by_m) -> Position:
        return self.at(self.xy(place) + by_m)

    def vector(self, least_m: float, most_m: float) -> np.ndarray:
        angle = self.rng.uniform(0, 2 * np.pi)
        return self.rng.uniform(least_m, most_m) * np.array([np.cos(angle), np.sin(angle)])

    def box(self, middle, half_m: float) -> Polygon:
        return Polygon([middle + half_m * np.array(d) for d in ((-1, -1), (1, -1), (1, 1), (-1, 1))])

    def corners(self, box: Polygon) -> tuple[Position, ...]:
        return tuple(self.at(xy) for xy in list(box.exterior.coords)[:-1])

    def midway(self, number: int) -> np.ndarray:
        leg = self.task.legs[number]
        return 0.5 * (self.xy(leg.start) + self.xy(leg.end))

    def span(self, number: int) -> tuple[datetime, datetime]:
        leg = self.task.legs[number]
        return leg.start_time, leg.end_time

    def planted(self, rule: str, since: datetime, until: datetime | None = None, **changes) -> Planted:
        """The plan with this task, and perhaps case and sea, changed."""
        task = changes.pop("task", self.task)
        more = changes.pop("more", ())
        plan = changes.pop("plan", self.clean.plan)
        tasks = list(plan.tasks)
        tasks[self.number] = task
        return Planted(
            case=changes.get("case", self.clean.case),
            sea=changes.get("sea", self.clean.sea),
            plan=replace(plan, tasks=(*tasks, *more)),
            rule=rule,
            units=changes.get("units", (self.task.unit.name,)),
            since=since,
            until=since if until is None else until,
        )

    def case_with(self, **changes) -> Case:
        """The case with this unit changed; for `task` use `unit_with`."""
        name = self.task.unit.name
        units = [replace(u, **changes) if u.name == name else u for u in self.clean.case.units]
        return replace(self.clean.case, units=tuple(units))

    def unit_with(self, **changes) -> Task:
        return replace(self.task, unit=replace(self.task.unit, **changes))


def later(task: Task, by: timedelta, legs_from: int = 0) -> Task:
    """A task whose legs from one on happen later, with all its hours."""
    legs = [
        replace(leg, start_time=leg.start_time + by, end_time=leg.end_time + by) if n >= legs_from else leg
        for n, leg in enumerate(task.legs)
    ]
    searching = [leg for leg in legs if leg.searching]
    return replace(
        task,
        legs=tuple(legs),
        departs=legs[0].start_time,
        on_scene=searching[0].start_time,
        off_scene=searching[-1].end_time,
        return_by=task.return_by + by,
        endurance_until=task.endurance_until + (by if legs_from == 0 else timedelta(0)),
    )


def elsewhere(spot: Spot, task: Task, by_m) -> Task:
    """A task moved as a whole over the ground."""
    legs = tuple(
        replace(leg, start=spot.shifted(leg.start, by_m), end=spot.shifted(leg.end, by_m))
        for leg in task.legs
    )
    return replace(
        task,
        legs=legs,
        area=tuple(spot.shifted(corner, by_m) for corner in task.area),
        commence_search_point=spot.shifted(task.commence_search_point, by_m),
    )


def with_leg(task: Task, number: int, **changes) -> Task:
    legs = list(task.legs)
    legs[number] = replace(legs[number], **changes)
    return replace(task, legs=tuple(legs))


def length_m(leg) -> float:
    ends = leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg
    return float(WGS84.inv(*ends)[2])


# each of the following plants one kind of violation, or says None where this task gives no room for it


def gap_in_time(spot: Spot) -> Planted | None:
    number = int(spot.rng.integers(len(spot.task.legs)))
    if number == len(spot.task.legs) - 1:
        return None
    by = timedelta(seconds=float(spot.rng.uniform(2, 900)))
    end = spot.task.legs[number].end_time
    return spot.planted(rules.LEGS, end, task=later(spot.task, by, number + 1))


def gap_in_place(spot: Spot) -> Planted | None:
    number = int(spot.rng.integers(len(spot.task.legs)))
    if number == len(spot.task.legs) - 1:
        return None
    end = spot.shifted(spot.task.legs[number].end, spot.vector(60, 3000))
    moment = spot.task.legs[number].end_time
    return spot.planted(rules.LEGS, moment, task=with_leg(spot.task, number, end=end))


def too_fast(spot: Spot) -> Planted | None:
    number = spot.leg("search")
    if number is None or length_m(spot.task.legs[number]) < 1000:
        return None
    start, end = spot.span(number)
    saved = (end - start) * float(spot.rng.uniform(0.1, 0.8))
    task = with_leg(later(spot.task, -saved, number), number, start_time=start)
    return spot.planted(rules.SPEEDS, start, task=task)


def before_it_is_ready(spot: Spot) -> Planted | None:
    ready = spot.task.departs + timedelta(minutes=float(spot.rng.uniform(1, 90)))
    task = spot.unit_with(available_from=ready)
    case = spot.case_with(available_from=ready)
    return spot.planted(rules.READY, spot.task.departs, task=task, case=case)


def from_where_it_is_not(spot: Spot) -> Planted | None:
    """The way out left off: it appears on scene as soon as it is available."""
    first = next(n for n, leg in enumerate(spot.task.legs) if leg.searching)
    way = spot.task.on_scene - spot.task.departs
    if first == 0 or way < timedelta(minutes=3):
        return None
    available = spot.task.on_scene - way / 2
    task = replace(spot.unit_with(available_from=available), legs=spot.task.legs[first:])
    task = replace(task, departs=task.legs[0].start_time)
    case = spot.case_with(available_from=available)
    return spot.planted(rules.READY, spot.task.on_scene, task=task, case=case)


def before_the_window(spot: Spot) -> Planted | None:
    early = spot.task.departs - spot.clean.plan.window_start
    by = -early - timedelta(minutes=float(spot.rng.uniform(1, 60)))
    task = later(spot.task, by)
    return spot.planted(rules.WINDOW, task.departs, task=task)


def after_the_window(spot: Spot) -> Planted | None:
    by = spot.clean.plan.window_end - spot.task.off_scene + timedelta(minutes=float(spot.rng.uniform(1, 60)))
    return spot.planted(rules.WINDOW, spot.clean.plan.window_end, task=later(spot.task, by))


def beyond_endurance(spot: Spot) -> Planted | None:
    """What is needed to fly the plan and get home, less a minute or more."""
    needed = spot.task.return_by - spot.task.departs
    short = needed - timedelta(minutes=float(spot.rng.uniform(1, 20)))
    if short < timedelta(minutes=5):
        return None
    task = replace(
        spot.unit_with(endurance_s=short.total_seconds()), endurance_until=spot.task.departs + short
    )
    case = spot.case_with(endurance_s=short.total_seconds())
    return spot.planted(rules.ENDURANCE, spot.task.departs + short, task=task, case=case)


def stretched_beyond_endurance(spot: Spot) -> Planted | None:
    """It waits before its last searching leg until it cannot get home any more, and tells no other return."""
    ends = spot.task.departs + timedelta(seconds=spot.task.unit.endurance_s)
    by = ends - spot.task.return_by + timedelta(minutes=float(spot.rng.uniform(2, 30)))
    last = max(n for n, leg in enumerate(spot.task.legs) if leg.searching)
    task = replace(later(spot.task, by, last), return_by=spot.task.return_by)
    unit = spot.task.unit
    straight_m = WGS84.inv(
        task.legs[-1].end.lon_deg, task.legs[-1].end.lat_deg, unit.home.lon_deg, unit.home.lat_deg
    )[2]
    home = task.legs[-1].end_time + timedelta(seconds=straight_m / unit.transit_speed_mps)
    if home < ends + timedelta(minutes=1):
        return None
    return spot.planted(rules.ENDURANCE, ends, task=task)


def searching_too_long(spot: Spot) -> Planted | None:
    """The window closes before the time that 0.85 of it would need."""
    used = spot.task.off_scene - spot.task.on_scene
    end = spot.task.off_scene + used * float(spot.rng.uniform(0.01, 0.15))
    plan = replace(spot.clean.plan, window_end=end)
    return spot.planted(rules.SHARE, spot.task.on_scene, spot.task.off_scene, plan=plan)


def turn_dropped(spot: Spot) -> Planted | None:
    number = spot.leg("turn")
    if number is None:
        return None
    start, end = spot.span(number)
    if (end - start) < timedelta(seconds=25):
        return None
    # the straight part of a turn over several spacings may be flown at the speed of transit
    saved = (end - start) * float(spot.rng.uniform(0.9, 1.0))
    task = with_leg(later(spot.task, -saved, number), number, start_time=start)
    return spot.planted(rules.TURNS, start, task=task)


def weather(spot: Spot) -> Planted | None:
    limits = {
        "most_wind_mps": 0.9 * (spot.clean.case.conditions.wind_mps or 0.0),
        "most_wave_m": 0.9 * spot.clean.case.conditions.wave_height_m,
        "least_visibility_m": 1.1 * spot.clean.case.conditions.visibility_m,
    }
    key = str(spot.rng.choice([key for key, limit in limits.items() if limit > 0]))
    changes = {key: limits[key]}
    task, case = spot.unit_with(**changes), spot.case_with(**changes)
    return spot.planted(rules.WEATHER, spot.task.departs, task=task, case=case)


def wrong_light(spot: Spot) -> Planted | None:
    """Its only sensor works in the other light than there is when it begins."""
    from sarex.environment.light import spans_of_light

    middle = spot.task.area[0]
    spans = spans_of_light(spot.task.on_scene.timestamp(), spot.task.off_scene.timestamp(), middle)
    if len(spans) > 1:
        return None
    light = Light.NIGHT if spans[0][2] is Light.DAY else Light.DAY
    task, case = spot.unit_with(light=light), spot.case_with(light=light)
    return spot.planted(rules.LIGHT, spot.task.on_scene, task=task, case=case)


def wider_than_it_sees(spot: Spot) -> Planted | None:
    seen = [key for key, width in spot.task.sweep_widths.items() if width.width_m > 40.0]
    if not seen:
        return None
    key, factor = str(spot.rng.choice(seen)), float(spot.rng.uniform(1.05, 3.0))
    width = spot.task.sweep_widths[key]
    wider = {**spot.task.sweep_widths, key: replace(width, width_m=factor * width.width_m)}
    return spot.planted(rules.WIDTHS, spot.task.on_scene, task=replace(spot.task, sweep_widths=wider))


def other_spacing(spot: Spot) -> Planted | None:
    """Nearer than the legs are, or farther apart; a square must have come round to show it."""
    searching = [leg for leg in spot.task.legs if leg.searching]
    bearings = [spot.xy(leg.end) - spot.xy(leg.start) for leg in searching]
    turned = np.diff(np.unwrap([np.arctan2(y, x) for x, y in bearings])).sum()
    if len(searching) < 2 or (spot.task.pattern == "SS" and abs(turned) < 4 * np.pi):
        return None
    factor = float(spot.rng.choice([spot.rng.uniform(0.2, 0.6), spot.rng.uniform(1.7, 4.0)]))
    task = replace(spot.task, track_spacing_m=factor * spot.task.track_spacing_m)
    return spot.planted(rules.TRACKS, spot.task.on_scene, task=task)


def a_calm_that_is_not_there(spot: Spot) -> Planted | None:
    """The wind that the sweep widths were corrected for is none; there is some everywhere."""
    wind_mps = float(
        np.hypot(*(field.mean() for field in (spot.clean.sea.wind.x_mps, spot.clean.sea.wind.y_mps)))
    )
    if wind_mps < 3.0:
        return None
    case = replace(spot.clean.case, conditions=replace(spot.clean.case.conditions, wind_mps=None))
    plan = replace(spot.clean.plan, on_scene_wind_mps=wind_mps * float(spot.rng.uniform(0.0, 0.5)))
    return spot.planted(rules.WIDTHS, plan.window_start, case=case, plan=plan, units=())


def no_probability(spot: Spot) -> Planted | None:
    name = str(spot.rng.choice(["poc", "pod", "pos"]))
    value = float(spot.rng.choice([-1.0, 1.0]) * spot.rng.uniform(1.01, 3.0))
    return spot.planted(rules.CHANCES, spot.task.departs, task=replace(spot.task, **{name: value}))


def no_band(spot: Spot) -> Planted | None:
    quality = spot.clean.plan.quality
    worse = replace(quality, pos_low=quality.pos_high + 0.01)
    plan = replace(spot.clean.plan, quality=worse)
    return spot.planted(rules.CHANCES, plan.window_start, plan=plan, units=())


def onto_land(spot: Spot) -> Planted | None:
    """The whole task is moved until a searching leg runs over the island."""
    number = spot.leg("search")
    if number is None:
        return None
    island = max(spot.clean.sea.coast.polygons.geoms, key=lambda polygon: polygon.area)
    middle = island.representative_point()
    by_m = spot.xy(Position(middle.x, middle.y)) - spot.midway(number)
    return spot.planted(rules.LAND, *spot.span(number), task=elsewhere(spot, spot.task, by_m))


def over_a_new_islet(spot: Spot) -> Planted | None:
    """Land where a leg was planned: searching for all, transit for what floats, not near its berth."""
    number = spot.leg(None if not spot.task.unit.kind.flies else "search")
    if number is None or length_m(spot.task.legs[number]) < 3000:
        return None
    middle = spot.midway(number)
    home = min(np.hypot(*(middle - spot.xy(p))) for p in (spot.task.unit.position, spot.task.unit.home))
    if home < 3000:
        return None
    sea = spot.clean.coast(spot.box(middle, float(spot.rng.uniform(50, 800))))
    return spot.planted(rules.LAND, *spot.span(number), sea=sea)


def _danger(spot: Spot, box: Polygon, since: datetime, until: datetime) -> Case:
    height_m = spot.task.unit.altitude_m
    area = DangerArea(
        "Live firing", spot.corners(box), since, until, max(height_m - 50.0, 0.0), height_m + 50
    )
    return replace(spot.clean.case, danger_areas=(*spot.clean.case.danger_areas, area))


def into_danger(spot: Spot) -> Planted | None:
    number = spot.leg()
    if number is None:
        return None
    start, end = spot.span(number)
    box = spot.box(spot.midway(number), float(spot.rng.uniform(100, 1500)))
    case = _danger(spot, box, start - timedelta(hours=1), end + timedelta(hours=1))
    return spot.planted(rules.DANGER, start, end, case=case)


def within_the_margin_of_danger(spot: Spot) -> Planted | None:
    """Beside the leg, not under it; or over a minute before the leg begins, not during it."""
    number = spot.leg("search")
    if number is None:
        return None
    start, end = spot.span(number)
    leg = spot.task.legs[number]
    along = spot.xy(leg.end) - spot.xy(leg.start)
    if spot.rng.random() < 0.5:
        aside = np.array([-along[1], along[0]]) / np.hypot(*along) * float(spot.rng.uniform(80, 450))
        box = Polygon([spot.midway(number) + aside + d for d in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
        case = _danger(spot, box, start - timedelta(hours=1), end + timedelta(hours=1))
        return spot.planted(rules.DANGER, start, end, case=case)
    box = spot.box(spot.midway(number), float(np.hypot(*along)))
    case = _danger(spot, box, start - timedelta(hours=2), start - timedelta(minutes=1))
    return spot.planted(rules.DANGER, start, min(end, start - timedelta(minutes=1) + PADDING), case=case)


def area_into_danger(spot: Spot) -> Planted | None:
    """A danger area that no leg comes near, at a corner of the area."""
    corner = spot.xy(spot.task.area[int(spot.rng.integers(len(spot.task.area)))])
    since = spot.task.on_scene + (spot.task.off_scene - spot.task.on_scene) * float(spot.rng.uniform(0, 0.9))
    case = _danger(spot, spot.box(corner, 60.0), since + PADDING, spot.task.off_scene + timedelta(hours=1))
    return spot.planted(rules.AREA_IN_DANGER, since, case=case)


def over_a_shoal(spot: Spot) -> Planted | None:
    number = spot.leg()
    if spot.task.unit.kind.flies or number is None:
        return None
    draught_m = float(spot.rng.uniform(1, 9))
    box = spot.box(spot.midway(number), float(spot.rng.uniform(50, 1000)))
    shoal = Shoal("Bank", spot.corners(box), draught_m * float(spot.rng.uniform(0.1, 1.0)))
    case = replace(spot.case_with(draught_m=draught_m), shoals=(shoal,))
    return spot.planted(rules.SHOALS, *spot.span(number), task=spot.unit_with(draught_m=draught_m), case=case)


def outside_its_area(spot: Spot) -> Planted | None:
    """One searching leg is flown farther off than the area is wide."""
    number = spot.leg("search")
    if number is None:
        return None
    corners = np.array([spot.xy(corner) for corner in spot.task.area])
    by_m = spot.vector(1.0, 2.0) * float(np.ptp(corners, axis=0).max())
    leg = spot.task.legs[number]
    task = with_leg(spot.task, number, start=spot.shifted(leg.start, by_m), end=spot.shifted(leg.end, by_m))
    return spot.planted(rules.STRAYS, *spot.span(number), task=task)


def area_drawn_too_small(spot: Spot) -> Planted | None:
    """The legs stay inside, but not half a spacing."""
    ring = Polygon([spot.xy(corner) for corner in spot.task.area])
    smaller = ring.buffer(-float(spot.rng.uniform(0.2, 0.45)) * spot.task.track_spacing_m, join_style="mitre")
    if spot.task.track_spacing_m < 400 or not isinstance(smaller, Polygon) or smaller.is_empty:
        return None
    task = replace(spot.task, area=spot.corners(smaller))
    return spot.planted(rules.EDGES, spot.task.on_scene, spot.task.off_scene, task=task)


def other_commence_point(spot: Spot) -> Planted | None:
    csp = spot.shifted(spot.task.commence_search_point, spot.vector(100, 9000))
    return spot.planted(rules.CSP, spot.task.on_scene, task=replace(spot.task, commence_search_point=csp))


def _twin(spot: Spot, by_m, climb_m: float = 0.0, by: timedelta = timedelta(0)) -> tuple[Case, Task]:
    """The same task for another unit, moved, and perhaps higher and later."""
    unit = replace(spot.task.unit, name="Twin", altitude_m=spot.task.unit.altitude_m + climb_m)
    task = later(elsewhere(spot, replace(spot.task, unit=unit), by_m), by)
    return replace(spot.clean.case, units=(*spot.clean.case.units, unit)), task


def overlapping_areas(spot: Spot) -> Planted | None:
    ring = Polygon([spot.xy(corner) for corner in spot.task.area])
    by_m = spot.vector(0.1, 0.8) * ring.area / (0.5 * ring.length)  # less than the area is wide
    case, twin = _twin(spot, by_m, climb_m=float(spot.rng.choice([0.0, 100.0])))
    units = spot.task.unit.name, "Twin"
    return spot.planted(rules.OVERLAP, spot.task.on_scene, case=case, more=(twin,), units=units)


def overlapping_areas_one_after_the_other(spot: Spot) -> Planted | None:
    """The second comes on scene some minutes after the first has left: too soon."""
    by = spot.task.off_scene - spot.task.on_scene + timedelta(minutes=float(spot.rng.uniform(1, 9)))
    case, twin = _twin(spot, np.zeros(2), by=by)
    units = spot.task.unit.name, "Twin"
    return spot.planted(rules.OVERLAP, spot.task.on_scene + by, case=case, more=(twin,), units=units)


def too_near_each_other(spot: Spot) -> Planted | None:
    """Two units on the same track, the second a little behind."""
    spacing_m = max(spot.task.track_spacing_m, 463.0)
    case, twin = _twin(spot, spot.vector(0.0, 0.5) * min(spacing_m, spot.task.track_spacing_m))
    units = spot.task.unit.name, "Twin"
    span = spot.task.on_scene, spot.task.off_scene
    return spot.planted(rules.SPACING, *span, case=case, more=(twin,), units=units)


def sortie_too_soon(spot: Spot) -> Planted | None:
    turnaround_s = spot.task.unit.turnaround_s
    by = (
        spot.task.return_by
        - spot.task.departs
        + timedelta(seconds=turnaround_s * float(spot.rng.uniform(0, 0.9)))
    )
    task = spot.unit_with(sorties=2)
    again = later(task, by)
    case = spot.case_with(sorties=2)
    return spot.planted(rules.SORTIES, again.departs, task=task, more=(again,), case=case)


def one_sortie_too_many(spot: Spot) -> Planted | None:
    again = later(spot.task, timedelta(days=1))
    return spot.planted(rules.SORTIES, again.departs, more=(again,))


KINDS: tuple[Callable[[Spot], Planted | None], ...] = (
    gap_in_time, gap_in_place, too_fast, before_it_is_ready, from_where_it_is_not, before_the_window,
    after_the_window, beyond_endurance, stretched_beyond_endurance, searching_too_long, turn_dropped,
    weather, wrong_light, wider_than_it_sees, other_spacing, a_calm_that_is_not_there, no_probability,
    no_band, onto_land, over_a_new_islet, into_danger, within_the_margin_of_danger, area_into_danger,
    over_a_shoal, outside_its_area, area_drawn_too_small, other_commence_point, overlapping_areas,
    overlapping_areas_one_after_the_other, too_near_each_other, sortie_too_soon, one_sortie_too_many,
)  # fmt: skip


# the following plant figures that the legs do not come to, where the belief is at hand


def other_chance(spot: Spot) -> Planted | None:
    name = str(spot.rng.choice(["poc", "pos"]))
    stated = getattr(spot.task, name)
    value = stated + float(spot.rng.choice([-1.0, 1.0]) * spot.rng.uniform(0.006, 0.3))
    if not 0.0 <= value <= 1.0:
        return None
    return spot.planted(FIGURES, spot.task.on_scene, task=replace(spot.task, **{name: value}))


def other_pod(spot: Spot) -> Planted | None:
    value = spot.task.pod + float(spot.rng.choice([-1.0, 1.0]) * spot.rng.uniform(0.05, 0.3))
    if not 0.0 <= value <= 1.0 or spot.task.poc < 0.12:
        return None
    return spot.planted(FIGURES, spot.task.on_scene, task=replace(spot.task, pod=value))


def other_coverage(spot: Spot) -> Planted | None:
    if spot.task.coverage < 0.1:
        return None
    factor = float(spot.rng.choice([spot.rng.uniform(0.3, 0.9), spot.rng.uniform(1.1, 3.0)]))
    return spot.planted(
        FIGURES, spot.task.on_scene, task=replace(spot.task, coverage=factor * spot.task.coverage)
    )


def other_joint_chance(spot: Spot) -> Planted | None:
    name = str(spot.rng.choice(["pos", "pos_low", "pos_high"]))
    quality = spot.clean.plan.quality
    value = getattr(quality, name) + float(spot.rng.choice([-1.0, 1.0]) * spot.rng.uniform(0.006, 0.3))
    if not 0.0 <= value <= 1.0:
        return None
    plan = replace(spot.clean.plan, quality=replace(quality, **{name: value}))
    return spot.planted(FIGURES, plan.window_start, plan=plan, units=())


def searched_elsewhere(spot: Spot) -> Planted | None:
    """Legs and area moved by hand, and the figures kept."""
    if spot.task.pos < 0.1:
        return None
    task = elsewhere(spot, spot.task, spot.vector(30_000, 60_000))
    return spot.planted(FIGURES, spot.task.on_scene, task=task)


FIGURE_KINDS: tuple[Callable[[Spot], Planted | None], ...] = (
    other_chance, other_pod, other_coverage, other_joint_chance, searched_elsewhere,
)  # fmt: skip
