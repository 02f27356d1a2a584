"""Where the drift began, as the map shows it."""

from dataclasses import dataclass

import shapely

from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Case,
    Cloud,
    CrossingBearings,
    Found,
    LastKnownPosition,
    Origin,
    Position,
    Scenario,
    Trackline,
)
from sarex.drift.outline import outline_of
from sarex.report.drawing import line_path
from sarex.report.sheet import Sheet


@dataclass(frozen=True)
class OriginDrawing:
    """A circle around a position, or a track or outline."""

    track: str
    centre_px: tuple[float, float]
    probable_error_px: float
    observers_px: tuple[tuple[float, float], ...] = ()
    """From where bearings were taken."""


def origin_position(origin: Origin) -> tuple[Position, str]:
    """One place of an origin that the map must show, and what to call it there."""
    match origin:
        case LastKnownPosition(position=position):
            place, name = position, "LKP"
        case Trackline(points=points):
            place, name = points[-1].position, "planned track"
        case Found(position=position):
            place, name = position, "found"
        case BeaconFix(ellipse=ellipse):
            place, name = ellipse.position, "beacon fix"
        case Area(polygon=polygon):
            place, name = polygon[0], "area"
        case BearingLine(bearing=bearing):
            place, name = bearing.observer, "observer"
        case CrossingBearings(bearings=bearings):
            place, name = bearings[0].observer, "observer"
        case Cloud(corners=corners):
            place, name = corners[0], "earlier drift"
    return place, name


_LEGEND: dict[type[Origin], tuple[tuple[str, str], ...]] = {
    LastKnownPosition: (("circle", "LKP with its probable error"),),
    Found: (("circle", "find with its probable error"),),
    BeaconFix: (("circle", "beacon fix with its probable error"),),
    Trackline: (("line", "planned track"),),
    Area: (("line", "area where it went adrift"),),
    BearingLine: (("line", "reach of the bearing"), ("observer", "observer")),
    CrossingBearings: (("line", "where the bearings cross"), ("observer", "observer")),
    Cloud: (("line", "reach of the earlier drift"),),
}


def origin_legend(case: Case) -> tuple[tuple[str, str], ...]:
    """Symbol (circle, line or observer) and meaning of what is drawn for the origins of this case."""
    return tuple(dict.fromkeys(item for s in case.scenarios for item in _LEGEND[type(s.origin)]))


def draw_origins(case: Case, sheet: Sheet) -> tuple[OriginDrawing, ...]:
    """One drawing for each scenario."""
    return tuple(_drawing(scenario, sheet) for scenario in case.scenarios)


def _drawing(scenario: Scenario, sheet: Sheet) -> OriginDrawing:
    """A circle around a position, a track, or the outline of what has an extent."""
    origin = scenario.origin
    outline = outline_of(f'scenario "{scenario.name}"', origin)
    points = sheet.lonlat_to_px([(place.lon_deg, place.lat_deg) for place in outline.places])
    centre = (float(points[-1][0]), float(points[-1][1]))
    match origin:
        case LastKnownPosition() | Found():
            return OriginDrawing("", centre, outline.probable_error_m * sheet.px_per_m)
        case BeaconFix(ellipse=ellipse):
            first = (float(points[0][0]), float(points[0][1]))
            return OriginDrawing("", first, ellipse.semi_major_m * sheet.px_per_m)
        case Trackline():
            return OriginDrawing(line_path(points), centre, 0.0)
        case Area():
            return OriginDrawing(line_path(points, closed=True), centre, 0.0)
        case _:
            hull = shapely.get_coordinates(shapely.MultiPoint(points).convex_hull)
            return OriginDrawing(line_path(hull, closed=True), centre, 0.0, _observers(origin, sheet))


def _observers(origin: Origin, sheet: Sheet) -> tuple[tuple[float, float], ...]:
    match origin:
        case BearingLine(bearing=bearing):
            places = [bearing.observer]
        case CrossingBearings(bearings=bearings):
            places = list(dict.fromkeys(bearing.observer for bearing in bearings))
        case _:
            return ()
    points = sheet.lonlat_to_px([(place.lon_deg, place.lat_deg) for place in places])
    return tuple((float(x_px), float(y_px)) for x_px, y_px in points)
