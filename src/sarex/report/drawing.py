"""Geometry as SVG path data: clipped to the sheet and simplified to what an eye can see."""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from sarex.report.sheet import Sheet

TOLERANCE_PX = 0.5
BLEED_PX = 20.0
"""Shapes are cut this far outside the sheet, so that the cut is not seen."""
SMALLEST_ISLAND_PX2 = 0.3

Floats = NDArray[np.float64]


def line_path(points_px: ArrayLike, *, closed: bool = False) -> str:
    """SVG path data through the points, to a tenth of a pixel."""
    points = np.asarray(points_px, dtype=float)
    if not len(points):
        return ""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{steps}Z" if closed else f"M{steps}"


def polygon_path(geometry: BaseGeometry) -> str:
    """All rings of a shape in pixels; filled by the even-odd rule, so that holes stay holes."""
    return "".join(
        line_path(shapely.get_coordinates(ring)[:-1], closed=True)
        for part in shapely.get_parts(geometry)
        if isinstance(part, Polygon)
        for ring in (part.exterior, *part.interiors)
    )


def land_path(sheet: Sheet, land_lonlat: MultiPolygon) -> str:
    """The coast on the sheet, with islands down to a fraction of a pixel."""
    in_view = _cut_to(sheet, _to_px(sheet, land_lonlat))
    simple = shapely.simplify(in_view, TOLERANCE_PX)
    kept = [part for part in _polygons(simple) if part.area >= SMALLEST_ISLAND_PX2]
    return polygon_path(MultiPolygon(kept))


def contour_path(sheet: Sheet, polygons_lonlat: MultiPolygon) -> tuple[str, BaseGeometry]:
    """The contour on the sheet, and its shape in pixels."""
    shape = shapely.simplify(_cut_to(sheet, _to_px(sheet, polygons_lonlat)), TOLERANCE_PX)
    return polygon_path(shape), shape


def dots_path(points_px: Floats) -> str:
    """Dots as strokes of no length: round line caps draw them, in a third of the bytes of circles."""
    rounded = np.unique(np.round(points_px, 1), axis=0)
    return "".join(f"M{x:g} {y:g}h0" for x, y in rounded)


def crosses_path(points_px: Floats, reach_px: float) -> str:
    """Small crosses; those on the same pixels are drawn once."""
    rounded = np.unique(np.round(points_px), axis=0)
    reach, across = reach_px, 2 * reach_px
    return "".join(
        f"M{x - reach:g} {y - reach:g}l{across:g} {across:g}m0 {-across:g}l{-across:g} {across:g}"
        for x, y in rounded
    )


def visible_part(sheet: Sheet, corners_px: Floats) -> BaseGeometry:
    """What of a polygon lies on the sheet."""
    whole = shapely.make_valid(Polygon(corners_px))
    return shapely.clip_by_rect(whole, 0.0, 0.0, sheet.width_px, sheet.height_px)


def inside(sheet: Sheet, points_px: Floats) -> NDArray[np.bool_]:
    """Which points lie on the sheet."""
    corner = np.array((sheet.width_px, sheet.height_px))
    within: NDArray[np.bool_] = np.all((points_px >= 0.0) & (points_px <= corner), axis=1)
    return within


def _to_px(sheet: Sheet, lonlat: BaseGeometry) -> BaseGeometry:
    return shapely.transform(lonlat, sheet.lonlat_to_px)


def _cut_to(sheet: Sheet, shape_px: BaseGeometry) -> BaseGeometry:
    window = (-BLEED_PX, -BLEED_PX, sheet.width_px + BLEED_PX, sheet.height_px + BLEED_PX)
    parts = [part if part.is_valid else shapely.make_valid(part) for part in _touching(shape_px, window)]
    return MultiPolygon([piece for part in parts for piece in _polygons(shapely.clip_by_rect(part, *window))])


def _touching(shape_px: BaseGeometry, window: tuple[float, float, float, float]) -> list[BaseGeometry]:
    """Parts whose boxes meet the window; the rest need no repair and no cutting."""
    parts = shapely.get_parts(shape_px)
    west, south, east, north = shapely.bounds(parts).T.reshape(4, -1)
    meets = (west <= window[2]) & (east >= window[0]) & (south <= window[3]) & (north >= window[1])
    return list(parts[meets])


def _polygons(geometry: BaseGeometry) -> Iterable[Polygon]:
    """The polygons in whatever a cut or a repair left, inside collections too."""
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon):
            if not part.is_empty:
                yield part
        elif hasattr(part, "geoms"):
            yield from _polygons(part)
