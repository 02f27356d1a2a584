"""What is open to a sortie, and when: land and shoals for good, danger areas while they are active.

A way through the sea or the air is looked for under the danger areas that are active at any time while it is
under way; a longer way may meet more of them, so the set grows until it holds (it never shrinks, hence ends).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from sarex.case.model import DangerArea, SearchUnit, Shoal
from sarex.clock import to_posix_s
from sarex.environment.model import Environment
from sarex.planning.margins import DANGER_PADDING_S, SHOAL_MARGIN_M, TOLD_TO_S, is_near_in_height
from sarex.planning.passage import (
    SAFETY_MARGIN_M,
    Closed,
    Passage,
    Point,
    at_the_shore,
    charted_polygon,
    closed_to_search,
    closed_to_transit,
    room_from,
    way_length_m,
)
from sarex.planning.told_area import area_beside, told_region

Floats = NDArray[np.float64]
Numbers = tuple[int, ...]
Way = tuple[Point, ...]
_SIDE_M = 4e7
NOTHING_CLOSED = Closed(-_SIDE_M / 2, -_SIDE_M / 2, _SIDE_M, np.zeros((1, 1), np.uint8))


@dataclass(frozen=True)
class Peril:
    """A danger area in the plane, with its margin in place and time."""

    area: DangerArea
    region: BaseGeometry
    told: BaseGeometry
    """The region a little wider, with few corners: where areas end."""
    since_s: float
    until_s: float

    def meets(self, since_s: float, until_s: float) -> bool:
        """Whether it is active at any time of a span."""
        return self.since_s < until_s and self.until_s > since_s

    def concerns(self, unit: SearchUnit) -> bool:
        """Whether it reaches to the height where a unit works."""
        return is_near_in_height(self.area, unit.altitude_m)


@dataclass(frozen=True)
class Sea:
    """What ladders may be clipped to."""

    closed: Closed
    room_m: NDArray[np.float32]
    """How far danger areas are at least, below zero on land and shoals, (row, column)."""


class Charts:
    """Danger areas and shoals of a case laid out in the plane, and rasters that units share, made once."""

    def __init__(
        self, environment: Environment, danger_areas: Sequence[DangerArea], shoals: Iterable[Shoal] = ()
    ) -> None:
        self._environment = environment
        frame = environment.frame
        padding_s = DANGER_PADDING_S + TOLD_TO_S
        regions = [charted_polygon(area, frame).buffer(SAFETY_MARGIN_M) for area in danger_areas]
        self._perils = tuple(
            Peril(
                area,
                region,
                told_region(region),
                to_posix_s(area.active_from) - padding_s,
                to_posix_s(area.active_until) + padding_s,
            )
            for area, region in zip(danger_areas, regions, strict=True)
        )
        self._shoals = tuple(
            (shoal, charted_polygon(shoal, frame).buffer(SHOAL_MARGIN_M)) for shoal in shoals
        )
        self._rasters: dict[tuple[object, ...], Closed] = {}
        self._seas: dict[tuple[object, ...], Sea | None] = {}
        self._rooms: dict[int, NDArray[np.float32]] = {}

    def room_for(self, unit: SearchUnit, start: Point, home: Point, span_s: tuple[float, float]) -> "SeaRoom":
        """What is open to a unit between two instants."""
        perils = tuple(p for p in self._perils if p.meets(*span_s) and p.concerns(unit))
        return SeaRoom(start, home, span_s, perils, _Rasters(self, unit, self._shallow_for(unit)))

    def search_raster(self, perils: tuple[Peril, ...], shallow: Numbers) -> Closed:
        """Where may not be searched."""
        key = "search", tuple(map(id, perils)), shallow
        if key not in self._rasters:
            self._rasters[key] = closed_to_search(
                self._environment, _regions(perils), self._regions_of(shallow)
            )
        return self._rasters[key]

    def sea(self, perils: tuple[Peril, ...], shallow: Numbers) -> Sea | None:
        """What ladders may be clipped to; None where all is open."""
        key = tuple(map(id, perils)), shallow
        if key not in self._seas:
            closed, land = (self.search_raster(shut, shallow) for shut in (perils, ()))
            room_m = np.full(land.cells.shape, np.inf, np.float32)
            for peril in perils:
                np.minimum(room_m, self._room_from(peril, land), out=room_m)
            room_m[land.cells != 0] = -1.0
            self._seas[key] = Sea(closed, room_m) if closed.cells.any() else None
        return self._seas[key]

    def transit_raster(self, unit: SearchUnit, perils: tuple[Peril, ...], shallow: Numbers) -> Closed:
        """Where a unit may not pass."""
        if unit.kind.flies and not perils:
            return NOTHING_CLOSED
        if not unit.kind.flies and not at_the_shore(unit, self._environment):
            return self.search_raster(perils, shallow)
        key = "transit", tuple(map(id, perils)), shallow, unit.kind.flies, unit.position, unit.home
        if key not in self._rasters:
            self._rasters[key] = closed_to_transit(
                unit, self._environment, _regions(perils), self._regions_of(shallow)
            )
        return self._rasters[key]

    def _room_from(self, peril: Peril, grid: Closed) -> NDArray[np.float32]:
        if id(peril) not in self._rooms:
            self._rooms[id(peril)] = room_from(peril.told, grid)
        return self._rooms[id(peril)]

    def _shallow_for(self, unit: SearchUnit) -> Numbers:
        """Shoals that a unit may touch."""
        if unit.kind.flies or unit.draught_m is None:
            return ()
        return tuple(n for n, (shoal, _) in enumerate(self._shoals) if unit.draught_m >= shoal.depth_m)

    def _regions_of(self, shallow: Numbers) -> tuple[BaseGeometry, ...]:
        return tuple(self._shoals[number][1] for number in shallow)


@dataclass(frozen=True)
class _Rasters:
    """A unit's own rasters among those of all."""

    charts: Charts | None
    unit: SearchUnit | None
    shallow: Numbers

    def to_search(self, perils: tuple[Peril, ...]) -> Closed:
        return NOTHING_CLOSED if self.charts is None else self.charts.search_raster(perils, self.shallow)

    def sea(self, perils: tuple[Peril, ...]) -> Sea | None:
        return None if self.charts is None else self.charts.sea(perils, self.shallow)

    def to_transit(self, perils: tuple[Peril, ...]) -> Closed:
        if self.charts is None or self.unit is None:
            return NOTHING_CLOSED
        return self.charts.transit_raster(self.unit, perils, self.shallow)


@dataclass(frozen=True, eq=False)
class SeaRoom:
    """What is open to one sortie at what time, and its ways out and home."""

    start: Point
    home: Point
    span_s: tuple[float, float]
    """From its departure to the end of its endurance."""
    perils: tuple[Peril, ...]
    """Danger areas that concern it and are active at some time of its span."""
    _rasters: _Rasters
    _passages: dict[tuple[Point, Numbers], Passage] = field(default_factory=dict)

    def met(self, since_s: float, until_s: float) -> tuple[Peril, ...]:
        """Danger areas active at any time of a span."""
        return tuple(peril for peril in self.perils if peril.meets(since_s, until_s))

    @property
    def lasting(self) -> tuple[Peril, ...]:
        """Danger areas active all the time of the sortie."""
        since_s, until_s = self.span_s
        return tuple(p for p in self.perils if p.since_s <= since_s and p.until_s >= until_s)

    def closed_to_search(self, since_s: float, until_s: float) -> Closed:
        """What may not be searched at any time of a span."""
        return self.closed_under(self.met(since_s, until_s))

    def closed_under(self, perils: tuple[Peril, ...]) -> Closed:
        """What may not be searched for land, shoals and these danger areas."""
        return self._rasters.to_search(perils)

    def sea(self, since_s: float, until_s: float) -> Sea | None:
        """What ladders flown at any time of a span may be clipped to; None where all is open."""
        return self._rasters.sea(self.met(since_s, until_s))

    def open_area(
        self, box: Floats, searching: Floats, keep_m: float, since_s: float, until_s: float
    ) -> Floats | None:
        """What of a rectangle (corner, 2) may be searched for a span: see `told_area.area_beside`."""
        met = self.hindering(Polygon(box), since_s, until_s)
        return area_beside(box, searching, keep_m, [peril.told for peril in met]) if met else box

    def passage(self, anchor: Point, perils: tuple[Peril, ...]) -> Passage:
        """Ways from a start or a home under land, shoals and these danger areas."""
        key = anchor, tuple(number for number, peril in enumerate(self.perils) if peril in perils)
        if key not in self._passages:
            self._passages[key] = Passage(self._rasters.to_transit(perils), anchor)
        return self._passages[key]

    def earliest_s(self, point: Point, departs_s: float, speed_mps: float) -> float | None:
        """When a unit can be at a point at the earliest, waiting before departure for an area to close."""
        arrivals = []
        for leaves_s in (departs_s, *(p.until_s for p in self.perils if p.until_s > departs_s)):
            way = self._way_between(self.start, point, leaves_s, speed_mps)
            if way is not None:
                arrivals.append(leaves_s + way_length_m(way) / speed_mps)
                if len(way) == len((self.start, point)):
                    break
        return min(arrivals, default=None)

    def way_out(self, point: Point, departs_s: float, at_s: float, speed_mps: float) -> Way | None:
        """The way that ends at a point at a given time; None if there is none or the unit is too late."""
        since_s = at_s - hypot(point[0] - self.start[0], point[1] - self.start[1]) / speed_mps
        while True:
            met = self.met(since_s, at_s)
            way = self.passage(self.start, met).way(point)
            if way is None:
                return None
            since_s = min(since_s, at_s - way_length_m(way) / speed_mps)
            if self.met(since_s, at_s) == met:
                break
        return way if since_s >= departs_s - TOLD_TO_S else None

    def way_home(self, point: Point, leaves_s: float, speed_mps: float) -> Way | None:
        """The way home from a point that is left at a given time; None if there is none."""
        way = self._way_between(self.home, point, leaves_s, speed_mps)
        return None if way is None else way[::-1]

    def hindering(self, place: BaseGeometry, since_s: float, until_s: float) -> tuple[Peril, ...]:
        """Danger areas that something in place for a span would reach into."""
        return tuple(peril for peril in self.met(since_s, until_s) if peril.region.intersects(place))

    def _way_between(self, anchor: Point, point: Point, leaves_s: float, speed_mps: float) -> Way | None:
        """From the anchor to a point, open while it is gone in either direction from an instant on."""
        until_s = leaves_s + hypot(point[0] - anchor[0], point[1] - anchor[1]) / speed_mps
        while True:
            met = self.met(leaves_s, until_s)
            way = self.passage(anchor, met).way(point)
            if way is None:
                return None
            until_s = max(until_s, leaves_s + way_length_m(way) / speed_mps)
            if self.met(leaves_s, until_s) == met:
                return way


def open_room(start: Point, home: Point, span_s: tuple[float, float]) -> SeaRoom:
    """A sea without land, shoals or danger areas."""
    return SeaRoom(start, home, span_s, (), _Rasters(None, None, ()))


def _regions(perils: tuple[Peril, ...]) -> tuple[BaseGeometry, ...]:
    return tuple(peril.region for peril in perils)
