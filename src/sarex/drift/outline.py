"""What an origin spans: the places that outline it, and the datum with the error that stand for it."""

from dataclasses import dataclass
from itertools import product
from typing import assert_never

import numpy as np

from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Cloud,
    CrossingBearings,
    Found,
    LastKnownPosition,
    Origin,
    Position,
    Trackline,
)
from sarex.drift.crossing import crossing_of
from sarex.drift.draws import draw_of
from sarex.geo import LocalFrame
from sarex.geo.frame import WGS84

SIGMAS = 4.0
"""Beyond this many standard deviations no origin is looked for."""
_ACROSS = 17
_SAMPLE = 2048


@dataclass(frozen=True)
class Outline:
    """Places around or along an origin; it lies among them but for its error."""

    places: tuple[Position, ...]
    probable_error_m: float


def outline_of(where: str, origin: Origin) -> Outline:
    """The outline of an origin.

    Args:
        where: the scenario, for error sentences.

    Raises:
        CaseError: bearings do not cross.
    """
    match origin:
        case LastKnownPosition() | Found():
            return Outline((origin.position,), origin.probable_error_m)
        case Trackline():
            errors_m = [point.probable_error_m for point in origin.points]
            return Outline(tuple(point.position for point in origin.points), max(errors_m))
        case Area():
            return Outline(origin.polygon, origin.probable_error_m)
        case BeaconFix():
            ellipses = [e for e in (origin.ellipse, origin.ambiguous) if e is not None]
            return Outline(tuple(e.position for e in ellipses), max(e.semi_major_m for e in ellipses))
        case BearingLine() | CrossingBearings() | Cloud():
            return _spread(where, origin)
        case _:
            assert_never(origin)


def _spread(where: str, origin: BearingLine | CrossingBearings | Cloud) -> Outline:
    match origin:
        case BearingLine():
            return Outline(_fan(origin), origin.bearing.observer_error_m)
        case CrossingBearings():
            crossing = crossing_of(where, origin.bearings)
            drawn = crossing.draw(_SAMPLE, np.random.default_rng(0))  # a fixed look, not a draw of the case
            x_m, y_m = crossing.plane.to_xy_m(*drawn)
            reach_m = float(np.median(np.hypot(x_m - x_m.mean(), y_m - y_m.mean())))
            ends = [(x, y) for x in (x_m.min(), x_m.max()) for y in (y_m.min(), y_m.max())]
            return Outline(_positions(*crossing.plane.to_lonlat_deg(*np.array(ends).T)), reach_m)
        case Cloud():
            south_west, north_east = origin.corners
            width_deg = (north_east.lon_deg - south_west.lon_deg) % 360.0
            lons = south_west.lon_deg + width_deg * np.linspace(0.0, 1.0, 3)
            lats = np.linspace(south_west.lat_deg, north_east.lat_deg, 3)
            lon_deg, lat_deg = np.array(list(product(lons, lats))).T
            return Outline(_positions((lon_deg + 180.0) % 360.0 - 180.0, lat_deg), 0.0)


def _fan(line: BearingLine) -> tuple[Position, ...]:
    """Both ends of the distance, across the bearing's error."""
    bearing = line.bearing
    half_deg = min(SIGMAS * bearing.bearing_error_deg, 180.0)
    azimuth_deg = bearing.toward_deg + np.linspace(-half_deg, half_deg, _ACROSS)
    distances_m = np.array([bearing.nearest_m, bearing.farthest_m or bearing.nearest_m])
    azimuths, distances = (values.ravel() for values in np.meshgrid(azimuth_deg, distances_m))
    lon_deg, lat_deg, _ = WGS84.fwd(
        np.full(azimuths.size, bearing.observer.lon_deg),
        np.full(azimuths.size, bearing.observer.lat_deg),
        azimuths,
        distances,
    )
    return _positions(lon_deg, lat_deg)


def _positions(lon_deg: np.ndarray, lat_deg: np.ndarray) -> tuple[Position, ...]:
    return tuple(Position(float(lon), float(lat)) for lon, lat in zip(lon_deg, lat_deg, strict=True))


def datum_of(origin: Origin, frame: LocalFrame) -> tuple[float, float, float]:
    """Where an origin is in the middle (x, y in the plane) and the radius around it that holds half of it.

    For manual methods, which know no other shape; a sample tells it for every kind.
    """
    x_m, y_m, _ = draw_of("origin", origin, frame)(_SAMPLE, np.random.default_rng(0))
    middle_x_m, middle_y_m = float(x_m.mean()), float(y_m.mean())
    return middle_x_m, middle_y_m, float(np.median(np.hypot(x_m - middle_x_m, y_m - middle_y_m)))


def written_place(place: Position) -> str:
    """A position for sentences, such as 37.1200N 131.8700E."""
    north, east = "N" if place.lat_deg >= 0 else "S", "E" if place.lon_deg >= 0 else "W"
    return f"{abs(place.lat_deg):.4f}{north} {abs(place.lon_deg):.4f}{east}"
