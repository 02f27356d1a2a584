"""Native horizontal grids of forcing files: where the nodes of a case's grid lie on them.

Three kinds: straight axes in longitude and latitude, straight axes of a map projection (or a rotated
pole), and curvilinear grids that give longitude and latitude at every node. Longitudes are brought next to
the frame's origin first, so 0..360, the dateline and grids that wrap round the earth need no care later.

Positions are taken as the file states them: a model on a sphere means its longitudes and latitudes to be
used as they are (MET Norway's models do), so nothing is shifted between the sphere and WGS 84.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from sarex.environment.target import Target
from sarex.kernels.regrid import interpolate_pair, locate_in_quads

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_EDGE_INDEX = 1e-3
"""Nodes this far outside the outermost native nodes (in cells) are rounding, not outside."""


@dataclass(frozen=True)
class Placement:
    """Which part of a native grid a target needs, and where the target's nodes lie on that part."""

    row_order: Indices
    """Native rows to read, in the order that `row` counts in."""
    column_order: Indices
    row: Floats
    """Fractional position in `row_order`, (y, x); NaN outside the native grid."""
    column: Floats
    first_axis: tuple[Floats, Floats]
    """Rate of change of the plane's x and y per unit of the first component, each (y, x)."""
    second_axis: tuple[Floats, Floats]


@dataclass(frozen=True)
class StraightGrid:
    """Two one-dimensional axes, in degrees or in the metres of a projection."""

    column_axis: Floats
    """Longitude in degrees, or the projection's x in the units of its CRS."""
    row_axis: Floats
    crs: CRS | None
    """None for longitude and latitude."""
    along_axes: bool
    """Vectors lie along the grid's axes instead of east and north."""

    def place(self, target: Target, stride: int) -> Placement | None:
        """Where the target lies on every `stride`-th node of this grid; None if it does not touch it."""
        native_x, native_y = self._native_coordinates(target)
        row_order, row = _locate(self.row_axis, native_y, stride, seam=False)
        column_order, column = _locate(self._columns_near(target), native_x, stride, seam=self.crs is None)
        outside = np.isnan(row) | np.isnan(column)
        if outside.all():
            return None
        row, column = np.where(outside, np.nan, row), np.where(outside, np.nan, column)
        row_order, row = _trim(row_order, row)
        column_order, column = _trim(column_order, column)
        first, second = self._axes_in_plane(target)
        return Placement(row_order, column_order, row, column, first, second)

    def spacing_m(self, target: Target) -> float:
        """Distance of neighbouring nodes at the middle of the target: the shorter of the two directions."""
        lon, lat = (float(part[target.rows // 2, target.columns // 2]) for part in target.lonlat_deg)
        if self.crs is None:
            along_row = np.deg2rad(_middle_step(self.column_axis)) * np.cos(np.deg2rad(lat))
            return float(6_371_000.0 * min(along_row, np.deg2rad(_middle_step(self.row_axis))))
        x, y = self._from_earth.transform(lon, lat)
        steps = (_middle_step(self.column_axis), 0.0), (0.0, _middle_step(self.row_axis))
        lengths = []
        for step_x, step_y in steps:
            lon2, lat2 = self._to_earth.transform(x + step_x, y + step_y)
            ends = target.frame.to_xy_m([lon, lon2], [lat, lat2])
            lengths.append(float(np.hypot(*(np.diff(end)[0] for end in ends))))
        return min(lengths)

    def corners_deg(self) -> tuple[float, float, float, float]:
        """Westernmost, southernmost, easternmost and northernmost position of the nodes on its border."""
        x, y = _border(self.column_axis, self.row_axis)
        if self.crs is not None:
            x, y = self._to_earth.transform(x, y)
        return float(np.min(x)), float(np.min(y)), float(np.max(x)), float(np.max(y))

    def positions_deg(self, columns: Indices, rows: Indices) -> tuple[Floats, Floats]:
        """Longitude and latitude of single nodes."""
        x, y = self.column_axis[columns], self.row_axis[rows]
        if self.crs is None:
            return x, y
        lon, lat = self._to_earth.transform(x, y)
        return np.asarray(lon), np.asarray(lat)

    @cached_property
    def _from_earth(self) -> Transformer:
        return Transformer.from_crs(_earth_of(self.crs), self.crs, always_xy=True)

    @cached_property
    def _to_earth(self) -> Transformer:
        return Transformer.from_crs(self.crs, _earth_of(self.crs), always_xy=True)

    def _native_coordinates(self, target: Target) -> tuple[Floats, Floats]:
        lon, lat = target.lonlat_deg
        if self.crs is None:
            return _near(lon, target.frame.origin_lon_deg), lat
        x, y = self._from_earth.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def _columns_near(self, target: Target) -> Floats:
        if self.crs is None:
            return _near(self.column_axis, target.frame.origin_lon_deg)
        return self.column_axis

    def _axes_in_plane(self, target: Target) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        xe, xn, ye, yn = target.earth_to_plane
        if self.crs is None or not self.along_axes:
            return (xe, ye), (xn, yn)
        lon, lat = target.lattice.lonlat_deg
        x, y = (np.asarray(part) for part in self._from_earth.transform(lon, lat))
        axes = []
        for axis, step in ((0, _middle_step(self.column_axis)), (1, _middle_step(self.row_axis))):
            ahead = self._to_earth.transform(x + step * (axis == 0), y + step * (axis == 1))
            behind = self._to_earth.transform(x - step * (axis == 0), y - step * (axis == 1))
            east, north = _heading(self.crs, ahead, behind, lat)
            east, north = target.refine(east), target.refine(north)
            axes.append((xe * east + xn * north, ye * east + yn * north))
        return axes[0], axes[1]


@dataclass(frozen=True)
class CurvilinearGrid:
    """Longitude and latitude at every node, (row, column)."""

    lon_deg: Floats
    lat_deg: Floats
    along_axes: bool
    """Vectors lie along the grid's rows and columns instead of east and north."""

    def place(self, target: Target, stride: int) -> Placement | None:
        """Where the target lies on every `stride`-th node of this grid; None if it does not touch it."""
        window = self._window(target, stride)
        if window is None:
            return None
        rows, columns = window
        lon, lat = self.lon_deg[np.ix_(rows, columns)], self.lat_deg[np.ix_(rows, columns)]
        x, y = _plane(target, lon, lat)
        row = np.full((target.rows, target.columns), np.nan)
        column = row.copy()
        locate_in_quads(x, y, target.x0_m, target.y0_m, target.spacing_m, row, column)
        if np.isnan(row).all():
            return None
        first, second = self._axes_in_plane(target, x, y, row, column)
        return Placement(rows, columns, row, column, first, second)

    def spacing_m(self, target: Target) -> float:
        """Median distance of neighbouring nodes within the target: the shorter of the two directions."""
        window = self._window(target, 1)
        rows, columns = window if window else (np.arange(2), np.arange(2))
        lon, lat = self.lon_deg[np.ix_(rows, columns)], self.lat_deg[np.ix_(rows, columns)]
        x, y = _plane(target, lon, lat)
        lengths = [np.nanmedian(np.hypot(np.diff(x, axis=k), np.diff(y, axis=k))) for k in (0, 1)]
        return float(min(lengths))

    def corners_deg(self) -> tuple[float, float, float, float]:
        """Westernmost, southernmost, easternmost and northernmost position of the nodes."""
        return (
            float(np.nanmin(self.lon_deg)),
            float(np.nanmin(self.lat_deg)),
            float(np.nanmax(self.lon_deg)),
            float(np.nanmax(self.lat_deg)),
        )

    def _window(self, target: Target, stride: int) -> tuple[Indices, Indices] | None:
        """Rows and columns that reach into the target's box, with a few to spare on every side."""
        x, y = _plane(target, self.lon_deg, self.lat_deg)
        width = target.spacing_m * (target.columns - 1)
        height = target.spacing_m * (target.rows - 1)
        reach = 0.05 * (width + height) + _typical_step(x, y, width + height)
        inside = (
            (x > target.x0_m - reach)
            & (x < target.x0_m + width + reach)
            & (y > target.y0_m - reach)
            & (y < target.y0_m + height + reach)
        )
        if not inside.any():
            return None
        picked = []
        for axis in (1, 0):
            hit = np.flatnonzero(inside.any(axis=axis))
            low, high = max(int(hit[0]) - 4, 0), min(int(hit[-1]) + 4, inside.shape[1 - axis] - 1)
            picked.append(np.arange(low, high + 1, stride))
        if min(len(picked[0]), len(picked[1])) < 2:
            return None
        return picked[0], picked[1]

    def _axes_in_plane(
        self, target: Target, x: Floats, y: Floats, row: Floats, column: Floats
    ) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        if not self.along_axes:
            xe, xn, ye, yn = target.earth_to_plane
            return (xe, ye), (xn, yn)
        axes = []
        for axis in (1, 0):
            along_x, along_y = np.gradient(x, axis=axis), np.gradient(y, axis=axis)
            length = np.hypot(along_x, along_y)
            parts = [np.empty(row.shape, np.float32), np.empty(row.shape, np.float32)]
            unit_x, unit_y = (along_x / length).astype(np.float32), (along_y / length).astype(np.float32)
            interpolate_pair(unit_x, unit_y, row, column, parts[0], parts[1])
            length = np.hypot(parts[0], parts[1])
            axes.append((np.asarray(parts[0] / length, float), np.asarray(parts[1] / length, float)))
        return axes[0], axes[1]


NativeGrid = StraightGrid | CurvilinearGrid


def _near(lon_deg: Floats, origin_deg: float) -> Floats:
    """Longitudes within 180 degrees of the origin."""
    return np.asarray(origin_deg + (lon_deg - origin_deg + 180.0) % 360.0 - 180.0)


def _earth_of(crs: CRS | None) -> CRS | None:
    """The longitudes and latitudes on which a projection is defined: no shift of datum between the two."""
    return None if crs is None else crs.source_crs or crs.geodetic_crs


def _middle_step(axis: Floats) -> float:
    steps = np.abs(np.diff(axis))
    return float(np.median(steps))


def _border(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    full_x, full_y = np.full(len(y), 1.0), np.full(len(x), 1.0)
    return (
        np.concatenate([x, x, full_x * x[0], full_x * x[-1]]),
        np.concatenate([full_y * y[0], full_y * y[-1], y, y]),
    )


def _typical_step(x: Floats, y: Floats, default_m: float) -> float:
    """A generous native step, so that a box between two nodes still finds its neighbours."""
    steps = np.hypot(np.diff(x, axis=1), np.diff(y, axis=1))
    finite = steps[np.isfinite(steps)]
    return 2.0 * float(np.median(finite)) if finite.size else default_m


def _plane(target: Target, lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Plane coordinates with NaN for unknown positions and for the far side of the earth."""
    lon, lat = np.where(np.isfinite(lon_deg), lon_deg, 0.0), np.where(np.isfinite(lat_deg), lat_deg, 0.0)
    x, y = target.frame.to_xy_m(lon, lat)
    usable = np.isfinite(lon_deg + lat_deg) & np.isfinite(x + y) & (np.hypot(x, y) < 6_000_000.0)
    return np.where(usable, x, np.nan), np.where(usable, y, np.nan)


def _locate(axis: Floats, wanted: Floats, stride: int, *, seam: bool) -> tuple[Indices, Floats]:
    """Fractional positions of `wanted` on an axis in any monotonic or wrapped order, every `stride`-th node.

    Returns the order in which the axis must be read to increase, and positions in that order (NaN outside).
    With `seam` the axis may wrap round the earth; a hole where its two ends meet is not bridged.
    """
    order = np.argsort(axis, kind="stable")[::stride].astype(np.int64)
    sorted_axis = axis[order]
    count = len(order)
    position = np.interp(wanted, sorted_axis, np.arange(count), left=np.nan, right=np.nan)
    slack = _EDGE_INDEX * _middle_step(sorted_axis)
    position = np.where(np.abs(wanted - sorted_axis[0]) <= slack, 0.0, position)
    position = np.where(np.abs(wanted - sorted_axis[-1]) <= slack, count - 1.0, position)
    if seam:
        steps = np.diff(sorted_axis)
        wide = np.flatnonzero((steps > 1.5 * np.median(steps)) & (np.abs(np.diff(order)) > stride))
        for k in wide:
            position = np.where((position > k) & (position < k + 1), np.nan, position)
    return order, position


def _trim(order: Indices, position: Floats) -> tuple[Indices, Floats]:
    """Only the nodes that the positions need, with four to spare on each side for filling at the coast."""
    low = max(int(np.floor(np.nanmin(position))) - 4, 0)
    high = min(int(np.ceil(np.nanmax(position))) + 4, len(order) - 1)
    return order[low : high + 1], position - low


def _heading(
    crs: CRS, ahead: tuple[Floats, Floats], behind: tuple[Floats, Floats], lat_deg: Floats
) -> tuple[Floats, Floats]:
    """East and north parts of the unit vector from `behind` to `ahead`, on the earth of the CRS.

    A degree of longitude is N cos(lat) and one of latitude is M, the two radii of curvature of the ellipsoid
    (M / N = (1 - e^2) / (1 - e^2 sin^2 lat); 1 on a sphere).
    """
    geod = crs.get_geod()
    e2 = float(geod.es) if geod is not None else 0.0
    lat = np.deg2rad(lat_deg)
    ratio = (1.0 - e2) / (1.0 - e2 * np.sin(lat) ** 2)
    turn = (np.asarray(ahead[0]) - np.asarray(behind[0]) + 180.0) % 360.0 - 180.0
    east = turn * np.cos(lat)
    north = (np.asarray(ahead[1]) - np.asarray(behind[1])) * ratio
    length = np.hypot(east, north)
    return east / length, north / length
