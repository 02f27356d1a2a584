"""How fast the object moves at a place and time, on the earth: plain arithmetic for one object.

The leeway is reckoned east and north and carried into the plane by the frame's exact local derivative, which
is another way than the forecaster's kernel goes.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import hypot, isnan, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import DriftSettings
from sarex.environment.model import LAND, LandRaster, VelocityField
from sarex.geo import LocalFrame
from sarex.tables import LeewayClass, leeway_classes

Pair = tuple[float, float]
_GRACE_S = 120.0
"""A field holds for a step beyond its first and last times, as steps do not end on them."""
_ALONG_M = 5.0
"""Land is looked for so often on the way."""


class Flow:
    """Looks up one velocity field at one place and time after the other."""

    def __init__(self, field: VelocityField) -> None:
        self._field = field
        self._times_s = field.times_s.tolist()
        self._values = field.velocity_mps
        _, self._rows, self._columns, _ = field.velocity_mps.shape

    def at(self, x_m: float, y_m: float, time_s: float) -> Pair | None:
        """Velocity along the plane's axes, bilinear in space and linear in time; None where nobody knows."""
        field, times_s = self._field, self._times_s
        column_at = (x_m - field.x0_m) / field.spacing_m
        row_at = (y_m - field.y0_m) / field.spacing_m
        inside = 0.0 <= column_at <= self._columns - 1 and 0.0 <= row_at <= self._rows - 1
        if not inside or not times_s[0] - _GRACE_S <= time_s <= times_s[-1] + _GRACE_S:
            return None
        time_s = min(max(time_s, times_s[0]), times_s[-1])
        k = min(bisect_right(times_s, time_s) - 1, len(times_s) - 2)
        row, column = min(int(row_at), self._rows - 2), min(int(column_at), self._columns - 2)
        across, up = column_at - column, row_at - row
        later = (time_s - times_s[k]) / (times_s[k + 1] - times_s[k])
        block = self._values[k : k + 2, row : row + 2, column : column + 2].tolist()
        u = v = 0.0
        for in_time, plane in zip((1.0 - later, later), block, strict=True):
            for in_row, line in zip((1.0 - up, up), plane, strict=True):
                for in_column, node in zip((1.0 - across, across), line, strict=True):
                    weight = in_time * in_row * in_column
                    if weight > 0.0:
                        u += weight * node[0]
                        v += weight * node[1]
        return None if isnan(u) or isnan(v) else (u, v)


@dataclass(frozen=True)
class Deviates:
    """How far this one object stands from the mean of its class, in standard deviations."""

    downwind: float
    crosswind: float


@dataclass
class Craft:
    """The object as the wind feels it; `right`, `leeway_kept` and the class change while it drifts."""

    leeway: LeewayClass
    deviates: Deviates
    right: bool
    leeway_kept: float = 1.0
    """Less than one once it has capsized."""

    def becomes(self, type_key: str) -> None:
        self.leeway = leeway_classes()[type_key]

    def leeway_mps(self, wind_mps: float) -> Pair:
        """Downwind, and to the right of downwind, in a wind over the water (Allen 2005, table and law)."""
        table = self.leeway
        along = _component(
            table.downwind_slope_percent,
            table.downwind_offset_cm_s,
            self.deviates.downwind * table.downwind_std_cm_s,
            wind_mps,
        )
        if self.right:
            slope, offset = table.crosswind_right_slope_percent, table.crosswind_right_offset_cm_s
            epsilon = self.deviates.crosswind * table.crosswind_right_std_cm_s
        else:
            slope, offset = table.crosswind_left_slope_percent, table.crosswind_left_offset_cm_s
            epsilon = -self.deviates.crosswind * table.crosswind_left_std_cm_s
        across = _component(slope, offset, epsilon, wind_mps)
        return self.leeway_kept * along, self.leeway_kept * across


def _component(slope_percent: float, offset_cm_s: float, epsilon_cm_s: float, wind_mps: float) -> float:
    return ((slope_percent + epsilon_cm_s / 20.0) * wind_mps + offset_cm_s + epsilon_cm_s / 2.0) / 100.0


@dataclass
class Sea:
    """Water and air with their errors; `turn_to` brings the plane's derivative up to date."""

    frame: LocalFrame
    current: Flow
    wind: Flow
    settings: DriftSettings
    bias_en_mps: Pair
    leeway_factor: float
    error_factor: float
    to_plane: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 1.0)

    def turn_to(self, x_m: float, y_m: float) -> None:
        """The plane's derivative here; it changes by less than 1e-5 within some kilometres."""
        lon_deg, lat_deg = self.frame.to_lonlat_deg(x_m, y_m)
        dx_de, dx_dn, dy_de, dy_dn = (float(p) for p in self.frame.velocity_to_plane(lon_deg, lat_deg))
        self.to_plane = dx_de, dx_dn, dy_de, dy_dn

    def water_and_air(
        self, x_m: float, y_m: float, time_s: float, errors: NDArray[np.float64]
    ) -> tuple[Pair, Pair] | None:
        """Water and wind over the ground, eastward and northward, with errors; None outside the forcing.

        Args:
            errors: current x, y, wind x, y in units of their standard deviations (along the plane's axes, as
                the forecaster has them).
        """
        water, air = self.current.at(x_m, y_m, time_s), self.wind.at(x_m, y_m, time_s)
        if water is None or air is None:
            return None
        settings = self.settings
        speed_mps = hypot(*water)
        sigma_mps = self.error_factor * sqrt(
            settings.current_error_mps**2 + (settings.current_error_growth * speed_mps) ** 2
        )
        gust_mps = self.error_factor * settings.wind_error_mps
        u, v = self._on_earth(water[0] + sigma_mps * errors[0], water[1] + sigma_mps * errors[1])
        east, north = self._on_earth(air[0] + gust_mps * errors[2], air[1] + gust_mps * errors[3])
        return (u + self.bias_en_mps[0], v + self.bias_en_mps[1]), (east, north)

    def velocity_mps(
        self, craft: Craft, x_m: float, y_m: float, time_s: float, errors: NDArray[np.float64]
    ) -> Pair | None:
        """Of the object, along the plane's axes; None outside the forcing."""
        found = self.water_and_air(x_m, y_m, time_s, errors)
        if found is None:
            return None
        (u, v), (east, north) = found
        if self.settings.wind_over_water:
            east, north = east - u, north - v
        wind_mps = max(hypot(east, north), 1e-6)
        along, across = (self.leeway_factor * part for part in craft.leeway_mps(wind_mps))
        ahead_east, ahead_north = east / wind_mps, north / wind_mps
        # right of a direction (e, n) is (n, -e)
        u += along * ahead_east + across * ahead_north
        v += along * ahead_north - across * ahead_east
        dx_de, dx_dn, dy_de, dy_dn = self.to_plane
        return dx_de * u + dx_dn * v, dy_de * u + dy_dn * v

    def _on_earth(self, x_mps: float, y_mps: float) -> Pair:
        dx_de, dx_dn, dy_de, dy_dn = self.to_plane
        area = dx_de * dy_dn - dx_dn * dy_de
        return (dy_dn * x_mps - dx_dn * y_mps) / area, (dx_de * y_mps - dy_de * x_mps) / area


def ashore_at(raster: LandRaster, start: Pair, end: Pair) -> float | None:
    """Share of the straight way after which it meets land (to some metres); None if it does not."""
    columns = sorted(int((point[0] - raster.x0_m) // raster.spacing_m) for point in (start, end))
    rows = sorted(int((point[1] - raster.y0_m) // raster.spacing_m) for point in (start, end))
    near = raster.cells[max(rows[0], 0) : max(rows[1] + 1, 0), max(columns[0], 0) : max(columns[1] + 1, 0)]
    if not (near == LAND).any():
        return None
    steps = max(2, int(hypot(end[0] - start[0], end[1] - start[1]) / _ALONG_M) + 1)
    shares = np.linspace(0.0, 1.0, steps)
    column = np.floor((start[0] + shares * (end[0] - start[0]) - raster.x0_m) / raster.spacing_m).astype(int)
    row = np.floor((start[1] + shares * (end[1] - start[1]) - raster.y0_m) / raster.spacing_m).astype(int)
    inside = (row >= 0) & (row < raster.cells.shape[0]) & (column >= 0) & (column < raster.cells.shape[1])
    land = inside & (raster.cells[np.where(inside, row, 0), np.where(inside, column, 0)] == LAND)
    return float(shares[max(int(np.argmax(land)) - 1, 0)]) if land.any() else None
