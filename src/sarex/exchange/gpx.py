"""The plan for navigators' plotters: GPX 1.1, a route and a track for every unit.

The route holds what a navigator steers: the commence search point and the ends of the searching legs. The
track holds the whole planned way with times, transit and turns included. GPX has no areas.
"""

import gpxpy.gpx

from sarex.case.model import Position
from sarex.clock import iso_z
from sarex.exchange.chart import Chart
from sarex.exchange.dateline import COORDINATE_DECIMALS
from sarex.exchange.stamps import rounded_to_ms
from sarex.exchange.thinning import thinned
from sarex.exchange.xml_text import xml_text
from sarex.tasking.model import Task
from sarex.tasking.pieces import track_pieces

MOST_ROUTE_POINTS = 50
"""Of a curve; many navigators refuse longer routes."""


def plan_to_gpx(chart: Chart) -> str:
    """The chart as GPX text."""
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "sarex"
    gpx.name = xml_text(f"{chart.mark} {chart.case.title}")
    gpx.description = xml_text(
        f"{chart.mark}. Case {chart.case.id}. Planned search, not flown. "
        f"Window {iso_z(chart.action_plan.window_start)} to {iso_z(chart.action_plan.window_end)}."
    )
    gpx.time = rounded_to_ms(chart.computed_at)
    for datum in chart.datum:
        gpx.waypoints.append(_waypoint(chart, f"{chart.mark} DATUM {datum.at:%H%MZ}", datum.position))
    for number, task in enumerate(chart.action_plan.tasks, start=1):
        gpx.routes.append(_route(chart, task, number))
        gpx.tracks.append(_track(chart, task, number))
    text: str = gpx.to_xml(version="1.1", prettyprint=True)
    return text


def _route(chart: Chart, task: Task, number: int) -> gpxpy.gpx.GPXRoute:
    route = gpxpy.gpx.GPXRoute(
        name=xml_text(f"{chart.mark} {chart.action_plan.name_of(task)} {task.pattern}"),
        description=xml_text(f"{chart.mark}. {task.briefing}{_thinned_words(task)}"),
        number=number,
    )
    for name, position in _turning_points(task):
        route.points.append(
            gpxpy.gpx.GPXRoutePoint(
                latitude=_latitude(position),
                longitude=_longitude(position),
                name=name,
                description=chart.mark,
            )
        )
    return route


def _turning_points(task: Task) -> list[tuple[str, Position]]:
    """The ends of the searching legs in order, each once; the first is the commence search point.

    Of a curve, fewer: plotters take some fifty points a route.
    """
    ends = _searching_ends(task)
    if _is_curve(task):
        ends = thinned(ends, MOST_ROUTE_POINTS)
    return [("CSP" if index == 0 else f"{index:03d}", point) for index, point in enumerate(ends)]


def _searching_ends(task: Task) -> list[Position]:
    ends: list[Position] = []
    for leg in task.legs:
        if leg.searching:
            ends.extend(point for point in (leg.start, leg.end) if not ends or ends[-1] != point)
    return ends


def _is_curve(task: Task) -> bool:
    return any(piece.is_loop for piece in track_pieces(task))


def _thinned_words(task: Task) -> str:
    if not _is_curve(task) or len(_searching_ends(task)) <= MOST_ROUTE_POINTS:
        return ""
    return f" The route is thinned to {MOST_ROUTE_POINTS} points or fewer; the track holds the exact line."


def _track(chart: Chart, task: Task, number: int) -> gpxpy.gpx.GPXTrack:
    track = gpxpy.gpx.GPXTrack(
        name=xml_text(f"{chart.mark} {chart.action_plan.name_of(task)} planned track"),
        description=xml_text(
            f"{chart.mark}. Transit, turns and search of {task.unit.name} ({task.unit.nation}) as planned."
        ),
        number=number,
    )
    segment = gpxpy.gpx.GPXTrackSegment()
    stations = [(leg.start, leg.start_time) for leg in task.legs]
    stations.append((task.legs[-1].end, task.legs[-1].end_time))
    for position, at in stations:
        segment.points.append(
            gpxpy.gpx.GPXTrackPoint(
                latitude=_latitude(position), longitude=_longitude(position), time=rounded_to_ms(at)
            )
        )
    track.segments.append(segment)
    return track


def _waypoint(chart: Chart, name: str, position: Position) -> gpxpy.gpx.GPXWaypoint:
    return gpxpy.gpx.GPXWaypoint(
        latitude=_latitude(position), longitude=_longitude(position), name=name, description=chart.mark
    )


def _latitude(position: Position) -> float:
    return round(position.lat_deg, COORDINATE_DECIMALS)


def _longitude(position: Position) -> float:
    """In -180 up to but not including 180, as the schema's longitudeType asks."""
    rounded_deg = round(position.lon_deg, COORDINATE_DECIMALS)
    return (rounded_deg + 180.0) % 360.0 - 180.0 if not -180.0 <= rounded_deg < 180.0 else rounded_deg
