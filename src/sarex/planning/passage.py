"""Ways through the sea and the air: what is closed to a unit, and the shortest way round it."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from sarex.case.model import DangerArea, SearchUnit, Shoal
from sarex.environment.field import on_land
from sarex.environment.model import SHORE, WATER, Environment
from sarex.geo import LocalFrame
from sarex.kernels import obstacle

COARSE_CELLS = 640
"""Ways round obstacles are looked for on at most this many cells a side."""
SAFETY_MARGIN_M = 500.0
"""Danger areas are widened by this much; transits and searching keep out of the margin too."""
HARBOUR_M = 1000.0
"""So near to a berth at the shore a ship may pass through cells that the shore only touches."""
AIRSPACE_MARGIN_M = 50_000.0
"""Room to fly round danger areas at the edge."""
ROOM_M = 20_000.0
"""Farther from danger areas no search leg needs to keep: half of any spacing."""
HALF_DIAGONAL = 0.7072
"""Of a cell."""
STRAIGHT_DEG = 0.05
"""Edges straight in degrees bend in the plane; pieces of this length do not, to a metre."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Closed:
    """A raster of what may not be entered (cell not zero)."""

    x0_m: float
    y0_m: float
    spacing_m: float
    cells: NDArray[np.uint8]

    @property
    def at(self) -> NDArray[np.float64]:
        """As kernels want it: x0, y0, cell."""
        return np.array([self.x0_m, self.y0_m, self.spacing_m])

    def clear(self, start: Point, end: Point) -> bool:
        """Whether the straight way between two points is open."""
        return bool(obstacle.line_is_clear(self.cells, self.x0_m, self.y0_m, self.spacing_m, *start, *end))

    def is_open(self, low: Point, high: Point) -> bool:
        """Whether no cell of a rectangle is closed."""
        rows, columns = self.cells.shape
        first_column, last_column = (int((x - self.x0_m) // self.spacing_m) for x in (low[0], high[0]))
        first_row, last_row = (int((y - self.y0_m) // self.spacing_m) for y in (low[1], high[1]))
        inside = self.cells[
            min(max(first_row, 0), rows) : min(max(last_row + 1, 0), rows),
            min(max(first_column, 0), columns) : min(max(last_column + 1, 0), columns),
        ]
        return not inside.any()

    def holds(self, corners: NDArray[np.float64]) -> bool:
        """Whether all corners (corner, 2) lie on the raster."""
        rows, columns = self.cells.shape
        inside = (corners - (self.x0_m, self.y0_m)) / self.spacing_m
        return bool((inside >= 0).all() and (inside <= (columns, rows)).all())

    def all_clear(self, legs: NDArray[np.float64]) -> bool:
        return bool(obstacle.legs_are_clear(self.cells, self.x0_m, self.y0_m, self.spacing_m, legs))


@dataclass
class Passage:
    """Shortest ways between one anchor point (a start, a home) and anywhere, under what is closed."""

    closed: Closed
    anchor: Point
    _coarse: Closed | None = field(default=None, repr=False)
    _corner: NDArray[np.int32] | None = field(default=None, repr=False)
    _length: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    """In cells."""

    def way(self, point: Point) -> tuple[Point, ...] | None:
        """Corners from the anchor to a point, both included; None if there is no way."""
        if self.closed.clear(self.anchor, point):
            return self.anchor, point
        return self._way_round(point)

    def look_round(self) -> None:
        """Find all ways now, which else the first way round something waits for (a tenth of a second)."""
        if self.closed.cells.any():
            self._field()

    def lengths_m(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.float32]:
        """About how long the ways to a grid of places (y, x) are; inf where there is none or nobody knows."""
        coarse, _ = self._field()
        lengths = self._length * coarse.spacing_m
        rows, columns = lengths.shape
        column = np.floor((x_m - coarse.x0_m) / coarse.spacing_m).astype(int)
        row = np.floor((y_m - coarse.y0_m) / coarse.spacing_m).astype(int)
        known = ((row >= 0) & (row < rows))[:, np.newaxis] & ((column >= 0) & (column < columns))
        near = lengths[np.clip(row, 0, rows - 1)][:, np.clip(column, 0, columns - 1)]
        return np.where(known, near, np.inf).astype(np.float32)

    def _way_round(self, point: Point) -> tuple[Point, ...] | None:
        coarse, corner = self._field()
        row, column = _cell(coarse, point)
        if not (0 <= row < corner.shape[0] and 0 <= column < corner.shape[1]) or corner[row, column] < 0:
            return None
        # the field's sights run between cell centres; the very ends are joined through theirs if need be
        way = [point, _centre(coarse, row, column)]
        cell = int(corner[row, column])
        for _ in range(corner.size):
            row, column = divmod(cell, corner.shape[1])
            way.append(_centre(coarse, row, column))
            following = int(corner[row, column])
            if following == cell:
                break
            cell = following
        way.append(self.anchor)
        way.reverse()
        # between centres the field has looked; only what joins the very ends is looked at here
        if not (self.closed.clear(way[0], way[1]) and self.closed.clear(way[-2], way[-1])):
            return None
        return self._pulled_taut(way)

    def _pulled_taut(self, way: list[Point]) -> tuple[Point, ...]:
        """The same way without the corners that can be cut in the open."""
        taut = [way[0]]
        reached = 0
        while reached < len(way) - 1:
            ahead = len(way) - 1
            while ahead > reached + 1 and not self.closed.clear(way[reached], way[ahead]):
                ahead -= 1
            taut.append(way[ahead])
            reached = ahead
        return tuple(taut)

    def _field(self) -> tuple[Closed, NDArray[np.int32]]:
        if self._coarse is None or self._corner is None:
            self._coarse = _coarsened(self.closed)
            row, column = _cell(self._coarse, self.anchor)
            rows, columns = self._coarse.cells.shape
            if 0 <= row < rows and 0 <= column < columns:
                self._corner, self._length = obstacle.any_angle_field(self._coarse.cells, row, column)
            else:
                self._corner = np.full((rows, columns), -1, np.int32)
                self._length = np.full((rows, columns), np.inf)
        return self._coarse, self._corner


def way_length_m(way: tuple[Point, ...]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(way))


def closed_to_search(
    environment: Environment, danger: tuple[BaseGeometry, ...], shallow: tuple[BaseGeometry, ...] = ()
) -> Closed:
    """Where nobody may search: land, danger areas, and water too shallow for the unit in question."""
    coast = environment.coast.raster
    grid = Closed(coast.x0_m, coast.y0_m, coast.spacing_m, np.zeros_like(coast.cells))
    shut = _touched(grid, (*danger, *shallow)) | (coast.cells != WATER)
    return replace(grid, cells=shut.astype(np.uint8))


def closed_to_transit(
    unit: SearchUnit,
    environment: Environment,
    danger: tuple[BaseGeometry, ...],
    shallow: tuple[BaseGeometry, ...] = (),
) -> Closed:
    """Where a unit may not pass.

    An aircraft passes through no danger area, what floats over no land or shoal either; at a berth on the
    shore a ship passes cells that land only touches.
    """
    if unit.kind.flies:
        return _airspace(unit, environment, danger)
    coast = environment.coast.raster
    grid = Closed(coast.x0_m, coast.y0_m, coast.spacing_m, np.zeros_like(coast.cells))
    land = (coast.cells != WATER) & ~_harbours(unit, environment)
    return replace(grid, cells=(_touched(grid, (*danger, *shallow)) | land).astype(np.uint8))


def room_from(region: BaseGeometry, grid: Closed) -> NDArray[np.float32]:
    """How far a region is at least from anywhere in a raster's cells, (row, column); inf beyond `ROOM_M`."""
    room_m = np.full(grid.cells.shape, np.inf, np.float32)
    near, x_m, y_m = _cells_in(grid, region.buffer(ROOM_M))
    shapely.prepare(region)
    room_m[near] = np.maximum(
        shapely.distance(region, shapely.points(x_m, y_m)) - HALF_DIAGONAL * grid.spacing_m, 0.0
    )
    return room_m


def at_the_shore(unit: SearchUnit, environment: Environment) -> bool:
    """Whether a unit lies or makes fast where the raster has land."""
    raster = environment.coast.raster
    places = (environment.frame.to_xy_m(p.lon_deg, p.lat_deg) for p in (unit.position, unit.home))
    return any(bool(on_land(raster, x_m, y_m) != WATER) for x_m, y_m in places)


def charted_polygon(area: DangerArea | Shoal, frame: LocalFrame) -> BaseGeometry:
    """An area in the plane, however a chart joins its corners: straight in the plane or in degrees."""
    lon_deg = np.array([corner.lon_deg for corner in area.polygon])
    lon_deg = lon_deg[0] + (lon_deg - lon_deg[0] + 180.0) % 360.0 - 180.0
    lat_deg = np.array([corner.lat_deg for corner in area.polygon])
    straight = Polygon(np.column_stack(frame.to_xy_m(lon_deg, lat_deg)))
    in_degrees = Polygon(np.column_stack([lon_deg, lat_deg])).segmentize(STRAIGHT_DEG)
    bent = Polygon(np.column_stack(frame.to_xy_m(*np.array(in_degrees.exterior.coords).T)))
    return shapely.union(straight, bent)


def _harbours(unit: SearchUnit, environment: Environment) -> NDArray[np.bool_]:
    """Cells that a ship may pass though land touches them: at a berth on the shore."""
    raster = environment.coast.raster
    rows, columns = raster.cells.shape
    x_m = raster.x0_m + (np.arange(columns) + 0.5) * raster.spacing_m
    y_m = raster.y0_m + (np.arange(rows) + 0.5) * raster.spacing_m
    near = np.zeros(raster.cells.shape, bool)
    for place in (unit.position, unit.home):
        x, y = environment.frame.to_xy_m(place.lon_deg, place.lat_deg)
        if on_land(raster, x, y) != WATER:
            away_m = np.hypot((x_m - x)[np.newaxis, :], (y_m - y)[:, np.newaxis])
            near |= (away_m <= HARBOUR_M) & (raster.cells == SHORE) | (away_m <= raster.spacing_m)
    return near


def _airspace(unit: SearchUnit, environment: Environment, danger: tuple[BaseGeometry, ...]) -> Closed:
    """Danger areas on a raster of their own that reaches from the unit's base over the search."""
    if not danger:
        return Closed(0.0, 0.0, 1.0, np.zeros((1, 1), np.uint8))
    box = environment.box
    x_m, y_m = environment.frame.to_xy_m(
        [unit.position.lon_deg, unit.home.lon_deg], [unit.position.lat_deg, unit.home.lat_deg]
    )
    bounds = np.array([area.bounds for area in danger])
    left = min(box.x_min_m, x_m.min(), bounds[:, 0].min()) - AIRSPACE_MARGIN_M
    right = max(box.x_max_m, x_m.max(), bounds[:, 2].max()) + AIRSPACE_MARGIN_M
    lower = min(box.y_min_m, y_m.min(), bounds[:, 1].min()) - AIRSPACE_MARGIN_M
    upper = max(box.y_max_m, y_m.max(), bounds[:, 3].max()) + AIRSPACE_MARGIN_M
    spacing_m = max(right - left, upper - lower) / COARSE_CELLS
    rows, columns = int(np.ceil((upper - lower) / spacing_m)), int(np.ceil((right - left) / spacing_m))
    grid = Closed(float(left), float(lower), float(spacing_m), np.zeros((rows, columns), np.uint8))
    return replace(grid, cells=_touched(grid, danger).astype(np.uint8))


def _touched(grid: Closed, polygons: tuple[BaseGeometry, ...]) -> NDArray[np.bool_]:
    """Cells that polygons touch: those whose centre lies within half a diagonal of one."""
    touched = np.zeros(grid.cells.shape, bool)
    for polygon in polygons:
        grown = polygon.buffer(HALF_DIAGONAL * grid.spacing_m)
        near, x_m, y_m = _cells_in(grid, grown)
        shapely.prepare(grown)
        touched[near] |= shapely.contains_xy(grown, x_m, y_m)
    return touched


def _cells_in(
    grid: Closed, place: BaseGeometry
) -> tuple[tuple[slice, slice], NDArray[np.float64], NDArray[np.float64]]:
    """Cells around a place, as slices, and their middles x, y, (row, column)."""
    size = np.array(grid.cells.shape[::-1])
    low, high = (np.reshape(place.bounds, (2, 2)) - (grid.x0_m, grid.y0_m)) // grid.spacing_m
    first, last = (np.clip(ends, 0, size).astype(int) for ends in (low, high + 1))
    x_m, y_m = (
        at_m + (np.arange(*ends) + 0.5) * grid.spacing_m
        for at_m, ends in zip((grid.x0_m, grid.y0_m), zip(first, last, strict=True), strict=True)
    )
    return (slice(first[1], last[1]), slice(first[0], last[0])), *np.meshgrid(x_m, y_m)


def _coarsened(closed: Closed) -> Closed:
    """A coarser raster; a cell is closed if any of its parts is."""
    factor = max(1, -(-max(closed.cells.shape) // COARSE_CELLS))
    rows, columns = (-(-size // factor) for size in closed.cells.shape)
    padded = np.zeros((rows * factor, columns * factor), np.uint8)
    padded[: closed.cells.shape[0], : closed.cells.shape[1]] = closed.cells
    cells = padded.reshape(rows, factor, columns, factor).max(axis=(1, 3))
    return Closed(closed.x0_m, closed.y0_m, closed.spacing_m * factor, cells)


def _cell(closed: Closed, point: Point) -> tuple[int, int]:
    return (
        int(np.floor((point[1] - closed.y0_m) / closed.spacing_m)),
        int(np.floor((point[0] - closed.x0_m) / closed.spacing_m)),
    )


def _centre(closed: Closed, row: int, column: int) -> Point:
    return (
        closed.x0_m + (column + 0.5) * closed.spacing_m,
        closed.y0_m + (row + 0.5) * closed.spacing_m,
    )
