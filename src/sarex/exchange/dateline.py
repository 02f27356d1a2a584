"""Shapes that cross the 180th meridian, written so that a plotter does not draw them round the world."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryCollection, LineString, MultiLineString, MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

COORDINATE_DECIMALS = 7
"""1e-7 degree is about 1 cm."""

_WORLDS = tuple(
    (shift_deg, shapely.box(-180 + shift_deg, -90, 180 + shift_deg, 90)) for shift_deg in (-360, 0, 360)
)


def split_at_dateline(geometry: BaseGeometry) -> BaseGeometry:
    """The same shape with longitudes in -180..180, cut in two where it crosses the 180th meridian.

    RFC 7946, section 3.1.9, asks for the cut in GeoJSON; KML viewers need it as well. Shapes narrower than
    180 degrees are assumed: a step of more than that between neighbours is read as a crossing.
    """
    if geometry.is_empty:
        return geometry
    joined = continued_past_180(geometry)
    west_deg, _, east_deg, _ = joined.bounds
    if west_deg >= -180.0 and east_deg <= 180.0:
        return rounded(joined)
    parts = [translate(joined.intersection(world), xoff=-shift) for shift, world in _WORLDS]
    kept = [part for part in _simple_parts(parts) if part.geom_type == _simple_type(joined)]
    return rounded(kept[0] if len(kept) == 1 else _collected(kept))


def counter_clockwise(geometry: BaseGeometry) -> BaseGeometry:
    """Polygons with outer rings counter-clockwise and holes clockwise (RFC 7946, section 3.1.6)."""
    if isinstance(geometry, Polygon):
        return orient(geometry)
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def continued_past_180(geometry: BaseGeometry) -> BaseGeometry:
    """The same shape in one piece: longitudes go on past 180 instead of jumping, near its first."""
    reference_deg = float(shapely.get_coordinates(geometry)[0, 0])

    def near_reference(lonlat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        offset_deg = (lonlat_deg[:, 0] - reference_deg + 180.0) % 360.0 - 180.0
        return np.column_stack((reference_deg + offset_deg, lonlat_deg[:, 1]))

    moved = shapely.transform(geometry, near_reference)
    return moved if moved.is_valid else shapely.make_valid(moved)


def _simple_parts(geometries: list[BaseGeometry]) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(geometries) if not part.is_empty]


def _simple_type(geometry: BaseGeometry) -> str:
    return geometry.geom_type.removeprefix("Multi")


def _collected(parts: list[BaseGeometry]) -> BaseGeometry:
    polygons = [part for part in parts if isinstance(part, Polygon)]
    lines = [part for part in parts if isinstance(part, LineString)]
    if len(polygons) == len(parts):
        return MultiPolygon(polygons)
    return MultiLineString(lines) if len(lines) == len(parts) else GeometryCollection(parts)


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Coordinates to the centimetre."""
    return shapely.transform(geometry, lambda lonlat_deg: np.round(lonlat_deg, COORDINATE_DECIMALS))
