"""The plan for Google Earth and other globe viewers: KML 2.2, one folder per unit.

Built with fastkml, which writes what the OGC schema allows; the tests validate it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import fastkml
from fastkml.geometry import create_kml_geometry
from pygeoif.factories import shape as pygeoif_shape
from pygeoif.types import GeoCollectionType, GeoType
from shapely import LineString, Point, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from sarex.case.model import Position
from sarex.clock import iso_z
from sarex.exchange.chart import Chart
from sarex.exchange.dateline import COORDINATE_DECIMALS, counter_clockwise, split_at_dateline
from sarex.exchange.stamps import rounded_to_ms
from sarex.exchange.xml_text import xml_text
from sarex.planning.model import Activity
from sarex.tasking.model import Task
from sarex.tasking.pieces import TrackPiece, track_pieces
from sarex.units import m_to_ft, m_to_nm

UNIT_COLOURS = ("0072b2", "d55e00", "009e73", "cc79a7", "56b4e9", "e69f00", "5d3a9b", "333333")
"""RGB, by the order of the tasks: Okabe & Ito (2008), "Color universal design", without its yellow, which
vanishes on white; two dark colours follow. Red is kept for danger areas."""
DANGER_COLOUR = "c00000"
CONTOUR_COLOUR = "7a4b00"
SHOAL_COLOUR, LOOK_COLOUR = "2f7f8f", "555555"


def plan_to_kml(chart: Chart) -> str:
    """The chart as KML text."""
    document = fastkml.Document(
        id="plan",
        name=xml_text(f"{chart.mark} {chart.case.title}"),
        isopen=True,
        description=xml_text(
            f"{chart.mark}. Case {chart.case.id}. Search {iso_z(chart.action_plan.window_start)} to "
            f"{iso_z(chart.action_plan.window_end)}. Computed {iso_z(chart.computed_at)}."
        ),
        styles=list(_styles(len(chart.action_plan.tasks))),
        features=list(_folders(chart)),
    )
    text: str = fastkml.KML(features=[document]).to_string(precision=COORDINATE_DECIMALS)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _folders(chart: Chart) -> Iterator[fastkml.Folder]:
    yield _folder(chart, "Where the object may be", [*_contours(chart), *_datum(chart)])
    yield _folder(chart, "Danger areas", _danger_areas(chart))
    if chart.case.shoals:
        yield _folder(chart, "Shoals", _shoals(chart))
    if chart.action_plan.looks:
        yield _folder(chart, "Satellite looks", _looks(chart))
    for index, task in enumerate(chart.action_plan.tasks):
        yield _unit_folder(chart, task, _style_number(index))


def _folder(chart: Chart, name: str, features: Sequence[fastkml.Placemark], text: str = "") -> fastkml.Folder:
    return fastkml.Folder(
        name=xml_text(f"{chart.mark} {name}"),
        description=xml_text(f"{chart.mark}. {text}"),
        features=list(features),
    )


def _unit_folder(chart: Chart, task: Task, style: int) -> fastkml.Folder:
    unit = chart.action_plan.name_of(task)
    name = f"{unit} ({task.unit.nation})"
    area = _placemark(
        f"{chart.mark} {name} search area, {task.pattern}",
        _polygon(task.area),
        f"unit-{style}-area",
        (task.on_scene, task.off_scene),
        _area_text(chart, task),
    )
    csp = _placemark(
        f"{chart.mark} CSP {unit}",
        _point(task.commence_search_point),
        f"unit-{style}-area",
        (task.on_scene, task.off_scene),
        f"{chart.mark}. Commence search point, {iso_z(task.on_scene)}.",
    )
    legs = [
        _leg(chart, task, style, number, piece) for number, piece in enumerate(track_pieces(task), start=1)
    ]
    return _folder(chart, name, [area, csp, *legs], task.briefing)


def _leg(chart: Chart, task: Task, style: int, number: int, piece: TrackPiece) -> fastkml.Placemark:
    kind = "search" if piece.activity is Activity.SEARCH else "transit"
    return _placemark(
        f"{chart.action_plan.name_of(task)} {number} {piece.activity}",
        LineString([(at.lon_deg, at.lat_deg) for at in piece.positions]),
        f"unit-{style}-{kind}",
        (piece.start_time, piece.end_time),
        chart.mark,
    )


def _contours(chart: Chart) -> list[fastkml.Placemark]:
    ordered = sorted(chart.contours, key=lambda contour: -contour.level_frac)
    return [
        _placemark(
            f"{chart.mark} {contour.level_frac:.0%} containment",
            contour.polygons_lonlat,
            "contour",
            None,
            f"{chart.mark}. Smallest area that holds {contour.level_frac:.0%} of the probability afloat, "
            f"at {iso_z(chart.contours_valid_at)}.",
        )
        for contour in ordered
        if not contour.polygons_lonlat.is_empty
    ]


def _datum(chart: Chart) -> list[fastkml.Placemark]:
    return [
        _placemark(
            f"{chart.mark} datum {iso_z(datum.at)}", _point(datum.position), "contour", None, chart.mark
        )
        for datum in chart.datum
    ]


def _danger_areas(chart: Chart) -> list[fastkml.Placemark]:
    return [
        _placemark(
            f"{chart.mark} DANGER {area.name}",
            _polygon(area.polygon),
            "danger",
            (area.active_from, area.active_until),
            f"{chart.mark}. Keep out {iso_z(area.active_from)} to {iso_z(area.active_until)}, "
            f"{m_to_ft(area.floor_m):.0f} ft to {m_to_ft(area.ceiling_m):.0f} ft.",
        )
        for area in chart.case.danger_areas
    ]


def _shoals(chart: Chart) -> list[fastkml.Placemark]:
    return [
        _placemark(
            f"{chart.mark} SHOAL {shoal.name}",
            _polygon(shoal.polygon),
            "shoal",
            None,
            f"{chart.mark}. {shoal.depth_m:g} m deep: closed to what draws as much, or more.",
        )
        for shoal in chart.case.shoals
    ]


def _looks(chart: Chart) -> list[fastkml.Placemark]:
    return [
        _placemark(
            f"{chart.mark} {planned.look.name} ({planned.look.nation})",
            _polygon(planned.look.footprint),
            "look",
            (planned.look.at, planned.look.at),
            f"{chart.mark}. Footprint of a satellite's look at {iso_z(planned.look.at)}, "
            f"POS {planned.pos:.1%}.",
        )
        for planned in chart.action_plan.looks
    ]


def _area_text(chart: Chart, task: Task) -> str:
    height = f", height {m_to_ft(task.unit.altitude_m):.0f} ft" if task.unit.kind.flies else ""
    return (
        f"{chart.mark}. Pattern {task.pattern}, spacing {m_to_nm(task.track_spacing_m):.2f} nm{height}. "
        f"POC {task.poc:.1%}, POD {task.pod:.1%}, POS {task.pos:.1%}. {task.briefing}"
    )


def _placemark(
    name: str,
    geometry: BaseGeometry,
    style: str,
    valid: tuple[datetime, datetime] | None,
    description: str,
) -> fastkml.Placemark:
    """One feature, cut at the 180th meridian: viewers draw a longer line the long way round."""
    shape = counter_clockwise(split_at_dateline(geometry))
    return fastkml.Placemark(
        name=xml_text(name),
        description=xml_text(description),
        times=None if valid is None else _time_span(*valid),
        style_url=fastkml.StyleUrl(url=f"#{style}"),
        kml_geometry=create_kml_geometry(
            _pygeoif(shape), tessellate=None if shape.geom_type == "Point" else True
        ),
    )


def _pygeoif(shape: BaseGeometry) -> GeoType | GeoCollectionType:
    """fastkml's own kind of geometry."""
    interface: Any = mapping(shape)
    return pygeoif_shape(interface)


def _time_span(begin: datetime, end: datetime) -> fastkml.TimeSpan:
    return fastkml.TimeSpan(
        begin=fastkml.KmlDateTime(rounded_to_ms(begin)), end=fastkml.KmlDateTime(rounded_to_ms(end))
    )


def _styles(tasks: int) -> Iterator[fastkml.Style]:
    yield _style("contour", CONTOUR_COLOUR, width=2.0, fill_alpha="22")
    yield _style("danger", DANGER_COLOUR, width=3.0, fill_alpha="55")
    yield _style("shoal", SHOAL_COLOUR, width=2.0, fill_alpha="33")
    yield _style("look", LOOK_COLOUR, width=2.0, fill_alpha="11")
    for style in range(min(tasks, len(UNIT_COLOURS))):
        colour = UNIT_COLOURS[style]
        yield _style(f"unit-{style}-area", colour, width=3.0, fill_alpha="22")
        yield _style(f"unit-{style}-search", colour, width=2.0, fill_alpha="00")
        yield _style(f"unit-{style}-transit", colour, width=1.0, fill_alpha="00")


def _style(name: str, colour: str, *, width: float, fill_alpha: str) -> fastkml.Style:
    bgr = colour[4:6] + colour[2:4] + colour[0:2]
    return fastkml.Style(
        id=name,
        styles=[
            fastkml.LineStyle(color=f"ff{bgr}", width=width),
            fastkml.PolyStyle(color=f"{fill_alpha}{bgr}"),
        ],
    )


def _style_number(task_index: int) -> int:
    return task_index % len(UNIT_COLOURS)


def _point(position: Position) -> Point:
    return Point(position.lon_deg, position.lat_deg)


def _polygon(corners: Sequence[Position]) -> Polygon:
    return Polygon([(corner.lon_deg, corner.lat_deg) for corner in corners])
