"""The sheet of paper that a map is drawn on: what it shows, at what scale, and its degrees."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sarex.geo import LocalFrame
from sarex.units import NAUTICAL_MILE_M

WIDTH_PX = 1000.0
FLATTEST, TALLEST = 0.62, 1.05
"""Height over width, so that the map fits a screen and an A4 page."""
GRATICULE_STEPS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200)
SCALE_BAR_ROOM_PX = 70.0
"""At the foot of the sheet."""
SCALE_BAR_STEPS_NM = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GraticuleLine:
    label: str
    points_px: Floats
    """(point, 2)"""
    label_at_px: tuple[float, float]
    meridian: bool


@dataclass(frozen=True)
class ScaleBar:
    length_nm: float
    length_px: float


@dataclass(frozen=True)
class Sheet:
    """A rectangle of the local frame, drawn without distortion; y grows downwards as SVG has it."""

    frame: LocalFrame
    x_min_m: float
    y_min_m: float
    x_max_m: float
    y_max_m: float
    width_px: float = WIDTH_PX

    @property
    def px_per_m(self) -> float:
        return self.width_px / (self.x_max_m - self.x_min_m)

    @property
    def height_px(self) -> float:
        return (self.y_max_m - self.y_min_m) * self.px_per_m

    def plane_to_px(self, x_m: ArrayLike, y_m: ArrayLike) -> Floats:
        """(point, 2) of plane coordinates."""
        x_px = (np.asarray(x_m, dtype=float) - self.x_min_m) * self.px_per_m
        y_px = (self.y_max_m - np.asarray(y_m, dtype=float)) * self.px_per_m
        return np.column_stack((x_px, y_px))

    def lonlat_to_px(self, lonlat_deg: ArrayLike) -> Floats:
        """(point, 2) of longitudes and latitudes; the frame knows no dateline, so neither does the sheet."""
        lonlat = np.asarray(lonlat_deg, dtype=float).reshape(-1, 2)
        return self.plane_to_px(*self.frame.to_xy_m(lonlat[:, 0], lonlat[:, 1]))

    def shows(self, point_px: ArrayLike, margin_px: float = 0.0) -> bool:
        x_px, y_px = np.asarray(point_px, dtype=float)
        return bool(
            -margin_px <= x_px <= self.width_px + margin_px
            and -margin_px <= y_px <= self.height_px + margin_px
        )

    @property
    def scale_bar(self) -> ScaleBar:
        """The longest round length within a quarter of the width."""
        quarter_nm = 0.25 * (self.x_max_m - self.x_min_m) / NAUTICAL_MILE_M
        fitting = [step for step in SCALE_BAR_STEPS_NM if step <= quarter_nm] or [SCALE_BAR_STEPS_NM[0]]
        return ScaleBar(fitting[-1], fitting[-1] * NAUTICAL_MILE_M * self.px_per_m)

    @cached_property
    def north_deg(self) -> float:
        """Where true north points at the middle of the sheet, clockwise from straight up."""
        x_m, y_m = (self.x_min_m + self.x_max_m) / 2, (self.y_min_m + self.y_max_m) / 2
        lon_deg, lat_deg = (float(value) for value in self.frame.to_lonlat_deg(x_m, y_m))
        north_x_m, north_y_m = self.frame.to_xy_m(lon_deg, min(lat_deg + 0.01, 90.0))
        return float(np.degrees(np.arctan2(north_x_m - x_m, north_y_m - y_m)))

    @cached_property
    def graticule(self) -> tuple[GraticuleLine, ...]:
        """Meridians and parallels at round minutes, four to eight each way where the sheet allows."""
        west, south, east, north = self._lonlat_bounds()
        meridians = [self._line(lon, (south, north), meridian=True) for lon in _round_values(west, east)]
        parallels = [self._line(lat, (west, east), meridian=False) for lat in _round_values(south, north)]
        return tuple(line for line in meridians + parallels if line is not None)

    def _lonlat_bounds(self) -> tuple[float, float, float, float]:
        """Of the sheet's border and a little more, so that lines cross it; longitudes go on past 180."""
        along = np.linspace(0.0, 1.0, 21)
        x = self.x_min_m + along * (self.x_max_m - self.x_min_m)
        y = self.y_min_m + along * (self.y_max_m - self.y_min_m)
        border_x = np.concatenate((x, x, np.full(21, self.x_min_m), np.full(21, self.x_max_m)))
        border_y = np.concatenate((np.full(21, self.y_min_m), np.full(21, self.y_max_m), y, y))
        lon, lat = self.frame.to_lonlat_deg(border_x, border_y)
        origin = self.frame.origin_lon_deg
        lon = origin + (lon - origin + 180.0) % 360.0 - 180.0
        spare_lon, spare_lat = 0.05 * float(np.ptp(lon)), 0.05 * float(np.ptp(lat))
        return (
            float(lon.min()) - spare_lon,
            max(float(lat.min()) - spare_lat, -90.0),
            float(lon.max()) + spare_lon,
            min(float(lat.max()) + spare_lat, 90.0),
        )

    def _line(self, value_deg: float, reach: tuple[float, float], *, meridian: bool) -> GraticuleLine | None:
        along = np.linspace(reach[0], reach[1], 41)
        fixed = np.full_like(along, value_deg)
        points = self.lonlat_to_px(np.column_stack((fixed, along) if meridian else (along, fixed)))
        crossing = _crossing(points, self.height_px, axis=1) if meridian else _crossing(points, 0.0, axis=0)
        if crossing is None or not self.shows(crossing, margin_px=1.0):
            return None
        label = _degrees(value_deg, meridian=meridian) if self._has_room(crossing, meridian=meridian) else ""
        return GraticuleLine(label, points, crossing, meridian)

    def _has_room(self, crossing_px: tuple[float, float], *, meridian: bool) -> bool:
        """Whether the degrees fit at the sheet's edge, clear of its corners and of the scale bar."""
        x_px, y_px = crossing_px
        if meridian:
            return 34.0 <= x_px <= self.width_px - 34.0
        return 20.0 <= y_px <= self.height_px - SCALE_BAR_ROOM_PX


def sheet_around(
    frame: LocalFrame, points_lonlat_deg: ArrayLike, least_span_m: float, margin_frac: float
) -> Sheet:
    """The sheet that holds all points with a margin, not flatter or taller than reads well."""
    lonlat = np.asarray(points_lonlat_deg, dtype=float).reshape(-1, 2)
    x_m, y_m = frame.to_xy_m(lonlat[:, 0], lonlat[:, 1])
    middle_x, middle_y = (x_m.min() + x_m.max()) / 2, (y_m.min() + y_m.max()) / 2
    width = max(float(np.ptp(x_m)), least_span_m) * (1.0 + 2.0 * margin_frac)
    height = max(float(np.ptp(y_m)), least_span_m * FLATTEST) * (1.0 + 2.0 * margin_frac)
    width = max(width, height / TALLEST)
    height = max(height, width * FLATTEST)
    return Sheet(
        frame,
        float(middle_x - width / 2),
        float(middle_y - height / 2),
        float(middle_x + width / 2),
        float(middle_y + height / 2),
    )


def _round_values(low_deg: float, high_deg: float) -> list[float]:
    span_min = (high_deg - low_deg) * 60.0
    step_min = next((step for step in GRATICULE_STEPS_MIN if span_min / step <= 7.0), GRATICULE_STEPS_MIN[-1])
    first = int(np.ceil(low_deg * 60.0 / step_min))
    last = int(np.floor(high_deg * 60.0 / step_min))
    return [number * step_min / 60.0 for number in range(first, last + 1)]


def _crossing(points_px: Floats, level_px: float, axis: int) -> tuple[float, float] | None:
    """Where a line meets the sheet's edge at `level_px` of an axis."""
    for start, end in pairwise(points_px):
        before, after = start[axis] - level_px, end[axis] - level_px
        if before * after <= 0.0 and before != after:
            x_px, y_px = start + (end - start) * before / (before - after)
            return float(x_px), float(y_px)
    return None


def _degrees(value_deg: float, *, meridian: bool) -> str:
    wrapped = (value_deg + 180.0) % 360.0 - 180.0 if meridian else value_deg
    minutes = round(abs(wrapped) * 60.0)
    if meridian:
        hemisphere = "" if minutes in (0, 180 * 60) else ("W" if wrapped < 0 else "E")
    else:
        hemisphere = "" if minutes == 0 else ("S" if wrapped < 0 else "N")
    whole, rest = divmod(minutes, 60)
    return f"{whole}°{rest:02d}′{hemisphere}" if rest else f"{whole}°{hemisphere}"
