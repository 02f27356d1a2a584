"""Native horizontal grids of forcing files: where the nodes of a case's grid lie on them.

Three kinds: straight axes in longitude and latitude, straight axes of a map projection (or a rotated
pole), and curvilinear grids that give longitude and latitude at every node. Longitudes are brought next to
the frame's origin first, so 0..360, the dateline and grids that wrap round the earth need no care later.

Positions are taken as the file states them: a model on a sphere means its longitudes and latitudes to be
used as they are (MET Norway's models do), so nothing is shifted between the sphere and WGS 84.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from pyproj import CRS, Transformer

from sarex.environment.placement import Floats, GridPlacement, Indices, Singles
from sarex.environment.target import Target
from sarex.geo import LocalFrame
from sarex.kernels.regrid import fill_from_grid, locate_in_quads

_EDGE_INDEX = 1e-3
"""Nodes this far outside the outermost native nodes (in cells) are rounding, not outside."""


_POLAR_DEG = 85.0


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

    def place(self, target: Target, stride: int) -> GridPlacement | None:
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
        position = np.stack([row, column], axis=-1)
        return GridPlacement(row_order, column_order, position, self._axes_in_plane(target))

    def spacing_m(self, target: Target) -> float:
        """Distance of neighbouring nodes at the middle of the target: the shorter of the two directions."""
        lon, lat = (float(part[target.rows // 2, target.columns // 2]) for part in target.lonlat_deg)
        if self.crs is None:
            if abs(lat) > _POLAR_DEG:
                # Meridians meet in the middle; what counts is how wide they stand on the way there.
                lat = float(np.abs(target.lonlat_deg[1]).min())
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
            return _near(lon, target.frame.origin_lon_deg), _up_to_the_pole(self.row_axis, lat)
        x, y = self._from_earth.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def _columns_near(self, target: Target) -> Floats:
        if self.crs is None:
            return _near(self.column_axis, target.frame.origin_lon_deg)
        return self.column_axis

    def _axes_in_plane(self, target: Target) -> Singles:
        xe, xn, ye, yn = target.earth_to_plane
        if self.crs is None or not self.along_axes:
            return _side_by_side(xe, xn, ye, yn)
        lon, lat = target.lattice.lonlat_deg
        x, y = (np.asarray(part) for part in self._from_earth.transform(lon, lat))
        axes = []
        # A small part of a cell: whole cells bend visibly near a pole.
        small = 0.02 * _middle_step(self.column_axis), 0.02 * _middle_step(self.row_axis)
        for axis, step in enumerate(small):
            ahead = self._to_earth.transform(x + step * (axis == 0), y + step * (axis == 1))
            behind = self._to_earth.transform(x - step * (axis == 0), y - step * (axis == 1))
            east, north = _heading(self.crs, ahead, behind, lat)
            east, north = target.refine(east), target.refine(north)
            axes.append((xe * east + xn * north, ye * east + yn * north))
        return _side_by_side(axes[0][0], axes[1][0], axes[0][1], axes[1][1])


@dataclass(frozen=True)
class CurvilinearGrid:
    """Longitude and latitude at every node, (row, column)."""

    lon_deg: Floats
    lat_deg: Floats
    along_axes: bool
    """Vectors lie along the grid's rows and columns instead of east and north."""
    angle_rad: Floats | None = None
    """From true east counter-clockwise to the first axis, (row, column); None: found from the positions."""
    _kept: dict[LocalFrame, tuple[Floats, Floats]] = field(default_factory=dict, compare=False, repr=False)

    def place(self, target: Target, stride: int) -> GridPlacement | None:
        """Where the target lies on every `stride`-th node of this grid; None if it does not touch it."""
        window = self._window(target, stride)
        if window is None:
            return None
        rows, columns = window
        x, y = (part[np.ix_(rows, columns)] for part in self._plane(target))
        position = np.full((target.rows, target.columns, 2), np.nan)
        locate_in_quads(x, y, target.x0_m, target.y0_m, target.spacing_m, position)
        if np.isnan(position).all():
            return None
        axes = _side_by_side(*target.earth_to_plane)
        if self.along_axes and self.angle_rad is not None:
            axes = _turned(axes, self.angle_rad[np.ix_(rows, columns)], position)
        elif self.along_axes:
            axes = _along_rows_and_columns(x, y, position)
        return GridPlacement(rows, columns, position, axes)

    def spacing_m(self, target: Target) -> float:
        """Median distance of neighbouring nodes within the target: the shorter of the two directions."""
        rows, columns = self._window(target, 1) or (np.arange(2), np.arange(2))
        x, y = (part[np.ix_(rows, columns)] for part in self._plane(target))
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
        x, y = self._plane(target)
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

    def _plane(self, target: Target) -> tuple[Floats, Floats]:
        """Plane coordinates of all nodes, kept for the frame that was asked last."""
        if target.frame not in self._kept:
            self._kept.clear()
            self._kept[target.frame] = to_plane_m(target, self.lon_deg, self.lat_deg)
        return self._kept[target.frame]


def _side_by_side(*parts: Floats | Singles) -> Singles:
    """(y, x) each, to (y, x, part)."""
    return np.stack(parts, axis=-1).astype(np.float32)


def _along_rows_and_columns(x_m: Floats, y_m: Floats, position: Floats) -> Singles:
    """Directions of a curvilinear grid's rows and columns at a target's nodes, (y, x, 4)."""
    units = []
    for axis in (1, 0):
        along_x, along_y = np.gradient(x_m, axis=axis), np.gradient(y_m, axis=axis)
        length = np.hypot(along_x, along_y)
        units.append(_interpolate_direction(along_x / length, along_y / length, position))
    return _side_by_side(units[0][..., 0], units[1][..., 0], units[0][..., 1], units[1][..., 1])


def _turned(axes: Singles, angle_rad: Floats, position: Floats) -> Singles:
    """Axes of east and north turned by the grid's angle: d1 is (cos, sin), d2 is (-sin, cos)."""
    unit = _interpolate_direction(np.cos(angle_rad), np.sin(angle_rad), position)
    cosine, sine = unit[..., 0], unit[..., 1]
    xe, xn, ye, yn = (axes[..., k] for k in range(4))
    return _side_by_side(
        xe * cosine + xn * sine, xn * cosine - xe * sine, ye * cosine + yn * sine, yn * cosine - ye * sine
    )


def _interpolate_direction(x: Floats, y: Floats, position: Floats) -> Singles:
    """Unit vectors on the native nodes brought to a target's nodes, (y, x, 2)."""
    as_it_is = np.zeros((*position.shape[:2], 4), np.float32)
    as_it_is[..., 0] = as_it_is[..., 3] = 1.0
    unit = np.full((*position.shape[:2], 2), np.nan, np.float32)
    fill_from_grid(x.astype(np.float32), y.astype(np.float32), position, as_it_is, unit)
    return np.asarray(unit / np.linalg.norm(unit, axis=-1, keepdims=True))


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


def to_plane_m(target: Target, lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
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
    if seam and 360.0 - np.ptp(axis) < 1.5 * _middle_step(np.sort(axis)):
        # All round the earth: its two ends are neighbours, which matters on the far side of a pole.
        order = np.concatenate([order[-1:], order, order[:1]])
        sorted_axis = np.concatenate([sorted_axis[-1:] - 360.0, sorted_axis, sorted_axis[:1] + 360.0])
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


def _up_to_the_pole(row_axis: Floats, lat_deg: Floats) -> Floats:
    """Latitudes with those between a global grid's outermost row and the pole put on that row."""
    low, high, step = float(row_axis.min()), float(row_axis.max()), 1.001 * _middle_step(row_axis)
    return np.clip(lat_deg, low if low < -90.0 + step else -90.0, high if high > 90.0 - step else 90.0)


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
