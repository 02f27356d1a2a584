"""The plan for GIS programs and web maps: a GeoJSON FeatureCollection (RFC 7946).

Every feature says what it is in `kind` and carries `mark` (EXERCISE or REAL), because features get copied
out of their file.
"""

import json
from collections.abc import Iterator
from typing import Any

from shapely import LineString, Point, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from sarex import __version__
from sarex.case.model import DangerArea, Position
from sarex.clock import iso_z
from sarex.exchange.chart import Chart
from sarex.exchange.dateline import counter_clockwise, split_at_dateline
from sarex.exchange.stamps import iso_ms_z
from sarex.planning.model import PlannedLook
from sarex.tasking.model import Task
from sarex.tasking.pieces import TrackPiece, track_pieces
from sarex.units import NAUTICAL_MILE_M, m_to_ft, m_to_nm, mps_to_kt

Feature = dict[str, Any]


def plan_to_geojson(chart: Chart) -> str:
    """The chart as GeoJSON text."""
    content = {
        "type": "FeatureCollection",
        "name": f"{chart.mark} {chart.case.title}",
        "mark": chart.case.mark,
        "synthetic_forcing": chart.synthetic,
        "case": chart.case.id,
        "computed_at": iso_z(chart.computed_at),
        "software": f"sarex {__version__}",
        "features": list(_features(chart)),
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=None) + "\n"


def _features(chart: Chart) -> Iterator[Feature]:
    """Large things first, so that a viewer draws the small ones on top."""
    for properties, geometry in _layers(chart):
        shape = counter_clockwise(split_at_dateline(geometry))
        if shape.is_empty:
            continue
        marked = {**properties, "mark": chart.case.mark, "synthetic_forcing": chart.synthetic}
        yield {"type": "Feature", "geometry": dict(mapping(shape)), "properties": marked}


def _layers(chart: Chart) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    yield from _contours(chart)
    for area in chart.case.danger_areas:
        yield _danger_area(area)
    for shoal in chart.case.shoals:
        yield {"kind": "shoal", "name": shoal.name, "depth_m": shoal.depth_m}, _polygon(shoal.polygon)
    for planned in chart.action_plan.looks:
        yield _look(planned)
    for task in chart.action_plan.tasks:
        yield _search_area(task, chart.action_plan.name_of(task))
        for number, piece in enumerate(track_pieces(task), start=1):
            yield _track_piece(task, number, piece)
        yield _commence_search_point(task, chart.action_plan.name_of(task))
    for unit in chart.case.units:
        yield {"kind": "unit_start", "unit": unit.name, "nation": unit.nation}, _point(unit.position)
    for datum in chart.datum:
        yield {"kind": "datum", "name": "Datum", "valid_at": iso_z(datum.at)}, _point(datum.position)


def _contours(chart: Chart) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    for contour in sorted(chart.contours, key=lambda contour: -contour.level_frac):
        properties = {
            "kind": "probability_contour",
            "name": f"{contour.level_frac:.0%} containment",
            "level": contour.level_frac,
            "area_nm2": round(contour.area_m2 / NAUTICAL_MILE_M**2, 3),
            "valid_at": iso_z(chart.contours_valid_at),
        }
        yield properties, contour.polygons_lonlat


def _danger_area(area: DangerArea) -> tuple[dict[str, Any], BaseGeometry]:
    properties = {
        "kind": "danger_area",
        "name": area.name,
        "active_from": iso_z(area.active_from),
        "active_until": iso_z(area.active_until),
        "floor_ft": round(m_to_ft(area.floor_m), 1),
        "ceiling_ft": round(m_to_ft(area.ceiling_m), 1),
    }
    return properties, _polygon(area.polygon)


def _look(planned: PlannedLook) -> tuple[dict[str, Any], BaseGeometry]:
    look = planned.look
    properties = {
        "kind": "satellite_look",
        "name": look.name,
        "nation": look.nation,
        "at": iso_z(look.at),
        "detection": dict(look.detection_frac),
        "pos": round(planned.pos, 6),
    }
    return properties, _polygon(look.footprint)


def _search_area(task: Task, name: str) -> tuple[dict[str, Any], BaseGeometry]:
    unit = task.unit
    properties = {
        "kind": "search_area",
        "name": f"{name} ({unit.nation}) {task.pattern}",
        "unit": unit.name,
        "sortie": task.sortie,
        "nation": unit.nation,
        "pattern": task.pattern.value,
        "track_spacing_nm": round(m_to_nm(task.track_spacing_m), 4),
        "altitude_ft": round(m_to_ft(unit.altitude_m), 1) if unit.kind.flies else 0,
        "search_speed_kt": round(mps_to_kt(unit.search_speed_mps), 2),
        "coverage": round(task.coverage, 4),
        "poc": round(task.poc, 6),
        "pod": round(task.pod, 6),
        "pos": round(task.pos, 6),
        "on_scene": iso_z(task.on_scene),
        "off_scene": iso_z(task.off_scene),
        "briefing": task.briefing,
    }
    return properties, _polygon(task.area)


def _track_piece(task: Task, number: int, piece: TrackPiece) -> tuple[dict[str, Any], BaseGeometry]:
    properties = {
        "kind": "leg",
        "unit": task.unit.name,
        "sortie": task.sortie,
        "number": number,
        "activity": piece.activity.value,
        "searching": piece.legs[0].searching,
        "start_time": iso_ms_z(piece.start_time),
        "end_time": iso_ms_z(piece.end_time),
    }
    return properties, LineString([(at.lon_deg, at.lat_deg) for at in piece.positions])


def _commence_search_point(task: Task, name: str) -> tuple[dict[str, Any], BaseGeometry]:
    properties = {
        "kind": "commence_search_point",
        "name": f"CSP {name}",
        "unit": task.unit.name,
        "sortie": task.sortie,
        "at": iso_z(task.on_scene),
    }
    return properties, _point(task.commence_search_point)


def _point(position: Position) -> Point:
    return Point(position.lon_deg, position.lat_deg)


def _polygon(corners: tuple[Position, ...]) -> Polygon:
    return Polygon([(corner.lon_deg, corner.lat_deg) for corner in corners])
