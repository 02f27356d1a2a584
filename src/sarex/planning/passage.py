"""Ways through the sea and the air: what is closed to a unit, and the shortest way round it."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from sarex.case.model import DangerArea, SearchUnit
from sarex.clock import to_posix_s
from sarex.environment.model import SHORE, WATER, Environment, LandRaster
from sarex.geo import LocalFrame
from sarex.kernels import obstacle

COARSE_CELLS = 640
"""Ways round obstacles are looked for on at most this many cells a side."""
SAFETY_MARGIN_M = 500.0
"""Danger areas are widened by this much; transits and searching keep out of the margin too."""
HARBOUR_M = 3000.0
"""So near to where a ship starts or lies at home it may pass through cells that the shore only touches."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Closed:
    """A raster of what may not be entered (cell not zero)."""

    x0_m: float
    y0_m: float
    spacing_m: float
    cells: NDArray[np.uint8]

    def clear(self, start: Point, end: Point) -> bool:
        """Whether the straight way between two points is open."""
        return bool(obstacle.line_is_clear(self.cells, self.x0_m, self.y0_m, self.spacing_m, *start, *end))

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

    def way(self, point: Point) -> tuple[Point, ...] | None:
        """Corners from the anchor to a point, both included; None if there is no way."""
        if self.closed.clear(self.anchor, point):
            return self.anchor, point
        return self._way_round(point)

    def _way_round(self, point: Point) -> tuple[Point, ...] | None:
        coarse, corner = self._field()
        row, column = _cell(coarse, point)
        if not (0 <= row < corner.shape[0] and 0 <= column < corner.shape[1]) or corner[row, column] < 0:
            return None
        corners = [point]
        cell = int(corner[row, column])
        for _ in range(corner.size):
            row, column = divmod(cell, corner.shape[1])
            following = int(corner[row, column])
            if following == cell:
                break
            corners.append(_centre(coarse, row, column))
            cell = following
        corners.append(self.anchor)
        way = tuple(reversed(corners))
        legs_open = all(self.closed.clear(a, b) for a, b in pairwise(way))
        return way if legs_open else None

    def _field(self) -> tuple[Closed, NDArray[np.int32]]:
        if self._coarse is None or self._corner is None:
            self._coarse = _coarsened(self.closed)
            row, column = _cell(self._coarse, self.anchor)
            rows, columns = self._coarse.cells.shape
            if 0 <= row < rows and 0 <= column < columns:
                self._corner = obstacle.any_angle_field(self._coarse.cells, row, column)[0]
            else:
                self._corner = np.full((rows, columns), -1, np.int32)
        return self._coarse, self._corner


def way_length_m(way: tuple[Point, ...]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(way))


def closed_to(
    unit: SearchUnit, environment: Environment, danger: tuple[Polygon, ...]
) -> tuple[Closed, Closed]:
    """What is closed to a unit: for its transit, and for its searching.

    Land is closed to searching for everyone and to the transit of what floats; danger areas to both.
    """
    raster = environment.coast.raster
    land = raster.cells != WATER
    passable = (raster.cells == SHORE) & _near(raster, environment.frame, unit)
    dangerous = np.zeros(raster.cells.shape, bool)
    for polygon in danger:
        dangerous |= _inside(raster, polygon)
    transit = dangerous if unit.kind.flies else dangerous | (land & ~passable)
    return (
        Closed(raster.x0_m, raster.y0_m, raster.spacing_m, transit.astype(np.uint8)),
        Closed(raster.x0_m, raster.y0_m, raster.spacing_m, (dangerous | land).astype(np.uint8)),
    )


def _near(raster: LandRaster, frame: LocalFrame, unit: SearchUnit) -> NDArray[np.bool_]:
    """Cells within a harbour's reach of a unit's start or home."""
    rows, columns = raster.cells.shape
    x_m = raster.x0_m + (np.arange(columns) + 0.5) * raster.spacing_m
    y_m = raster.y0_m + (np.arange(rows) + 0.5) * raster.spacing_m
    near = np.zeros(raster.cells.shape, bool)
    for place in (unit.position, unit.home):
        x, y = frame.to_xy_m(place.lon_deg, place.lat_deg)
        near |= ((x_m - x) ** 2)[None, :] + ((y_m - y) ** 2)[:, None] <= HARBOUR_M**2
    return near


def danger_to(
    unit: SearchUnit, frame: LocalFrame, danger_areas: tuple[DangerArea, ...], span_s: Point
) -> tuple[Polygon, ...]:
    """The danger areas that concern a unit, in the plane and with their margin."""
    return tuple(danger_polygon(area, frame) for area in danger_areas if concerns(area, unit, span_s))


def concerns(area: DangerArea, unit: SearchUnit, span_s: Point) -> bool:
    """Whether a danger area is active in a span of time at the height where a unit works."""
    in_time = to_posix_s(area.active_from) < span_s[1] and to_posix_s(area.active_until) > span_s[0]
    return in_time and area.floor_m <= unit.altitude_m <= area.ceiling_m


def danger_polygon(area: DangerArea, frame: LocalFrame) -> Polygon:
    """A danger area in the plane, with its margin."""
    x_m, y_m = frame.to_xy_m(
        [corner.lon_deg for corner in area.polygon], [corner.lat_deg for corner in area.polygon]
    )
    return Polygon(np.column_stack([x_m, y_m])).buffer(SAFETY_MARGIN_M)


def _inside(raster: LandRaster, polygon: Polygon) -> NDArray[np.bool_]:
    """Cells that a polygon touches: those whose centre lies within half a diagonal of it."""
    rows, columns = raster.cells.shape
    grown = polygon.buffer(0.7072 * raster.spacing_m)
    x_min, y_min, x_max, y_max = grown.bounds
    first = (
        max(0, int((x_min - raster.x0_m) / raster.spacing_m)),
        max(0, int((y_min - raster.y0_m) / raster.spacing_m)),
    )
    last = (
        min(columns, int((x_max - raster.x0_m) / raster.spacing_m) + 1),
        min(rows, int((y_max - raster.y0_m) / raster.spacing_m) + 1),
    )
    inside = np.zeros(raster.cells.shape, bool)
    if first[0] >= last[0] or first[1] >= last[1]:
        return inside
    x_m = raster.x0_m + (np.arange(first[0], last[0]) + 0.5) * raster.spacing_m
    y_m = raster.y0_m + (np.arange(first[1], last[1]) + 0.5) * raster.spacing_m
    shapely.prepare(grown)
    inside[first[1] : last[1], first[0] : last[0]] = shapely.contains_xy(grown, *np.meshgrid(x_m, y_m))
    return inside


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
