"""What is drawn on the map, layer by layer, ready for the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely

from sarex.case.model import Case, DangerArea, Position
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.model import Environment
from sarex.planning.margins import DANGER_PADDING_S
from sarex.planning.model import Activity
from sarex.probability.datum import DatumPoint
from sarex.probability.map import Contour
from sarex.report.drawing import (
    Floats,
    contour_path,
    crosses_path,
    dots_path,
    inside,
    land_path,
    line_path,
    visible_part,
)
from sarex.report.labels import LINE_HEIGHT, Label, LabelBoard, inside_corners, text_width, wrapped
from sarex.report.origins_on_map import OriginDrawing, draw_origins, origin_position
from sarex.report.sheet import Sheet, sheet_around
from sarex.tasking.model import SearchActionPlan, Task
from sarex.tasking.pieces import track_pieces
from sarex.units import NAUTICAL_MILE_M

LARGEST_SAMPLE = 3000
"""Particles drawn."""
UNIT_COLOURS = ("#0072b2", "#b34700", "#00795a", "#a3407f", "#5d3a9b", "#4d4d00", "#1f3b73", "#333333")
"""By the order of the tasks: Okabe & Ito (2008), "Color universal design", darkened until each has a contrast
of at least 4.5 on white. Red is kept for danger areas."""
DETAIL_MARGIN, OVERVIEW_MARGIN = 0.07, 0.08
LEAST_SPAN_M = 6 * NAUTICAL_MILE_M
LETTER_PX, SMALL_LETTER_PX = 19.0, 16.0
WIDEST_NAME_PX = 300.0
"""Names of areas are folded to this."""
BADGE_PX = 15.0
EDGE_SPOT_COST_PX, CROWDED_COST = 100.0, 1000.0
"""What a number gives up, in pixels from the middle, to stand on a corner; and per pixel of overlap."""


@dataclass(frozen=True)
class UnitDrawing:
    number: int
    colour: str
    area: str
    search: str
    transit: str
    commence_px: tuple[float, float]
    badge_px: tuple[float, float]
    start_px: tuple[float, float] | None
    """None where the start lies outside the sheet."""


@dataclass(frozen=True)
class ContourDrawing:
    level: str
    path: str


@dataclass(frozen=True)
class ParticleDrawing:
    object_type: str
    dots: str


@dataclass(frozen=True)
class MapDrawing:
    """One map; every string is path data in pixels."""

    id: str
    sheet: Sheet
    land: str
    contours: tuple[ContourDrawing, ...]
    particles: tuple[ParticleDrawing, ...]
    stranded: str
    dangers: tuple[str, ...]
    shoals: tuple[str, ...]
    footprints: tuple[str, ...]
    """Of satellites' looks."""
    units: tuple[UnitDrawing, ...]
    origins: tuple[OriginDrawing, ...]
    datum_track: str
    datum_px: tuple[float, float] | None
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class MapContent:
    """What both maps show."""

    case: Case
    environment: Environment
    ensemble: DriftEnsemble
    action_plan: SearchActionPlan
    contours: Sequence[Contour]
    datum: Sequence[DatumPoint]
    """At the start, the middle and the end of the window."""
    valid_at: datetime


def detail_map(content: MapContent) -> MapDrawing:
    """The search: contours and areas fill the sheet."""
    points = [
        *_contour_points(content),
        *_area_points(content),
        *_lonlats(at.position for at in content.datum),
    ]
    if not points:
        points = [*_origin_points(content)]
    sheet = sheet_around(content.environment.frame, points, LEAST_SPAN_M, DETAIL_MARGIN)
    return _drawn("detail", content, sheet, with_particles=True)


def overview_map(content: MapContent, detail: MapDrawing) -> MapDrawing | None:
    """The way there: starts, transits and the area; None where the detail shows all that."""
    starts = _lonlats(task.unit.position for task in content.action_plan.tasks)
    if all(detail.sheet.shows(point) for point in detail.sheet.lonlat_to_px(starts)):
        return None
    points = [*_contour_points(content), *_area_points(content), *starts]
    sheet = sheet_around(content.environment.frame, points, LEAST_SPAN_M, OVERVIEW_MARGIN)
    return _drawn("overview", content, sheet, with_particles=False)


def _drawn(name: str, content: MapContent, sheet: Sheet, *, with_particles: bool) -> MapDrawing:
    board = LabelBoard(sheet.width_px, sheet.height_px)
    _keep_furniture_free(board, sheet)
    units = _units(sheet, content.action_plan.tasks)
    for unit in units:
        board.keep_free(*unit.badge_px, BADGE_PX)
        board.keep_free(*unit.commence_px, 8.0)
        if unit.start_px is not None:
            board.keep_free(*unit.start_px, 7.0)
    datum_px = _middle_datum(content, sheet)
    labels = [*_place_names(content, sheet, board, datum_px), *_start_names(content, units, board)]
    contours = tuple(_contour(sheet, contour) for contour in _outermost_first(content.contours))
    if with_particles:
        labels += _contour_labels(content, sheet, board)
    return MapDrawing(
        id=name,
        sheet=sheet,
        land=land_path(sheet, content.environment.coast.polygons),
        contours=contours,
        particles=_particles(content, sheet) if with_particles else (),
        stranded=_stranded(content, sheet) if with_particles else "",
        dangers=_outlines(sheet, [area.polygon for area in _dangers(content)]),
        shoals=_outlines(sheet, [shoal.polygon for shoal in content.case.shoals]),
        footprints=_outlines(sheet, [planned.look.footprint for planned in content.action_plan.looks]),
        units=units,
        origins=draw_origins(content.case, sheet),
        datum_track=line_path(sheet.lonlat_to_px(_lonlats(at.position for at in content.datum)))
        if len(content.datum) > 1
        else "",
        datum_px=datum_px,
        labels=tuple(labels),
    )


def _outlines(sheet: Sheet, polygons: Iterable[Sequence[Position]]) -> tuple[str, ...]:
    return tuple(line_path(sheet.lonlat_to_px(_lonlats(corners)), closed=True) for corners in polygons)


def _keep_furniture_free(board: LabelBoard, sheet: Sheet) -> None:
    """The mark at the top, scale bar lower left, north arrow upper right, degrees along two edges."""
    board.taken.append(shapely.box(sheet.width_px / 2 - 190, 0, sheet.width_px / 2 + 190, 28))
    board.taken.append(shapely.box(0, sheet.height_px - 70, sheet.scale_bar.length_px + 60, sheet.height_px))
    board.taken.append(shapely.box(sheet.width_px - 60, 0, sheet.width_px, 80))
    board.taken.append(shapely.box(0, sheet.height_px - 24, sheet.width_px, sheet.height_px))
    for line in sheet.graticule:
        if line.label and not line.meridian:
            board.taken.append(shapely.box(0, line.label_at_px[1] - 19, 74, line.label_at_px[1] + 1))


def _units(sheet: Sheet, tasks: Sequence[Task]) -> tuple[UnitDrawing, ...]:
    """Each with its number clear of the numbers before it and of all commence search points."""
    busy = [sheet.lonlat_to_px(_lonlats([task.commence_search_point]))[0] for task in tasks]
    drawings = []
    for index, task in enumerate(tasks):
        drawings.append(_unit(sheet, index, task, busy))
        busy.append(np.array(drawings[-1].badge_px))
    return tuple(drawings)


def _unit(sheet: Sheet, index: int, task: Task, busy: Sequence[Floats]) -> UnitDrawing:
    area_px = sheet.lonlat_to_px(_lonlats(task.area))
    lines = {Activity.SEARCH: "", Activity.TURN: "", Activity.TRANSIT: ""}
    for piece in track_pieces(task):
        lines[piece.activity] += line_path(sheet.lonlat_to_px(_lonlats(piece.positions)))
    start_px = _pair(sheet.lonlat_to_px(_lonlats([task.unit.position]))[0])
    commence_px = sheet.lonlat_to_px(_lonlats([task.commence_search_point]))[0]
    return UnitDrawing(
        number=index + 1,
        colour=UNIT_COLOURS[index % len(UNIT_COLOURS)],
        area=line_path(area_px, closed=True),
        search=lines[Activity.SEARCH] + lines[Activity.TURN],
        transit=lines[Activity.TRANSIT],
        commence_px=_pair(commence_px),
        badge_px=_badge(sheet, area_px, busy),
        start_px=start_px if sheet.shows(start_px) else None,
    )


def _badge(sheet: Sheet, area_px: Floats, busy: Sequence[Floats]) -> tuple[float, float]:
    """On a corner or an edge of the area, far from the middle of the sheet and clear of what is busy."""
    edge = np.array((sheet.width_px, sheet.height_px)) - BADGE_PX - 2.0
    halfway = (area_px + np.roll(area_px, -1, axis=0)) / 2
    spots = np.clip(np.concatenate((area_px, halfway)), BADGE_PX + 2.0, edge)
    remote = np.hypot(*(spots - np.array((sheet.width_px / 2, sheet.height_px / 2))).T)
    remote[len(area_px) :] -= EDGE_SPOT_COST_PX
    room = np.min([np.hypot(*(spots - point).T) for point in busy], axis=0)
    wanting = np.maximum(0.0, 2.0 * BADGE_PX + 2.0 - room)
    return _pair(spots[np.argmax(remote - CROWDED_COST * wanting)])


def _outermost_first(contours: Sequence[Contour]) -> list[Contour]:
    return sorted(contours, key=lambda contour: -contour.level_frac)


def _contour(sheet: Sheet, contour: Contour) -> ContourDrawing:
    path, _ = contour_path(sheet, contour.polygons_lonlat)
    return ContourDrawing(_level(contour), path)


def _level(contour: Contour) -> str:
    return f"{100.0 * contour.level_frac:.0f} %"


def _contour_labels(content: MapContent, sheet: Sheet, board: LabelBoard) -> list[Label]:
    """On each contour's own line, tried at sixteen bearings round it."""
    labels = []
    bearings = np.radians(np.arange(16) * 22.5 + 180.0)
    for contour in _outermost_first(content.contours):
        _, shape = contour_path(sheet, contour.polygons_lonlat)
        if shape.is_empty:
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        corners = shapely.get_coordinates(largest)
        tips = [corners[np.argmax(corners @ (np.sin(bearing), -np.cos(bearing)))] for bearing in bearings]
        spots = [_pair(tip) for tip in tips if sheet.shows(tip)]
        if spots:
            labels.append(board.place_on((_level(contour),), spots, SMALL_LETTER_PX, "contour-label"))
    return labels


def _place_names(
    content: MapContent, sheet: Sheet, board: LabelBoard, datum_px: tuple[float, float] | None
) -> list[Label]:
    labels = []
    named = [
        *((f"DANGER {area.name}", area.polygon, "danger-label") for area in _dangers(content)),
        *((shoal.name, shoal.polygon, "shoal-label") for shoal in content.case.shoals),
        *((p.look.name, p.look.footprint, "footprint-label") for p in content.action_plan.looks),
    ]
    for name, corners, kind in named:
        seen = visible_part(sheet, sheet.lonlat_to_px(_lonlats(corners)))
        if not seen.is_empty:
            lines, spots = _area_name(sheet, name, seen.bounds)
            if kind == "footprint-label":  # its middle is where the search is
                spots = [*inside_corners(seen, _half_size(lines)), *spots]
            labels.append(board.place_on(lines, spots, LETTER_PX, kind))
    if datum_px is not None:
        for at in content.datum:
            board.keep_free(*_pair(sheet.lonlat_to_px(_lonlats([at.position]))[0]), 8.0)
        labels.append(
            board.place(f"Datum {content.valid_at:%H:%M}", datum_px, SMALL_LETTER_PX, "plain-label", 12.0)
        )
    for scenario in content.case.scenarios:
        position, name = origin_position(scenario.origin)
        x_px, y_px = sheet.lonlat_to_px(_lonlats([position]))[0]
        if sheet.shows((x_px, y_px)) and not any(label.text == name for label in labels):
            board.keep_free(x_px, y_px, 6.0)
            labels.append(board.place(name, (x_px, y_px), SMALL_LETTER_PX, "plain-label", 10.0))
    return labels


def _dangers(content: MapContent) -> list[DangerArea]:
    """Not those that are over, with their margin, before the search begins."""
    over = content.case.window.start - timedelta(seconds=DANGER_PADDING_S)
    return [area for area in content.case.danger_areas if area.active_until > over]


def _area_name(
    sheet: Sheet, name: str, bounds: tuple[float, float, float, float]
) -> tuple[tuple[str, ...], list[tuple[float, float]]]:
    """The name folded into its shape where it fits, else beside it; and where it may be centred."""
    left, top, right, bottom = bounds
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    lines = wrapped(name, right - left - 10.0, LETTER_PX)
    half_width, half_height = _half_size(lines)
    if 2 * half_width <= right - left and 2 * half_height <= bottom - top:
        quarter = (bottom - top) / 4
        return lines, [(middle_x, middle_y), (middle_x, middle_y - quarter), (middle_x, middle_y + quarter)]
    lines = wrapped(name, WIDEST_NAME_PX, LETTER_PX)
    half_width, half_height = _half_size(lines)
    spots = [
        (middle_x, top - half_height),
        (left - half_width, middle_y),
        (right + half_width, middle_y),
        (middle_x, bottom + half_height),
    ]
    last = sheet.width_px - half_width
    return lines, [(min(max(x_px, half_width), last), y_px) for x_px, y_px in spots]


def _half_size(lines: Sequence[str]) -> tuple[float, float]:
    width_px = max(text_width(line, LETTER_PX) for line in lines)
    return width_px / 2 + 5.0, LETTER_PX * LINE_HEIGHT * len(lines) / 2 + 5.0


def _start_names(content: MapContent, units: Sequence[UnitDrawing], board: LabelBoard) -> list[Label]:
    """Where each unit starts, with the numbers of all its sorties."""
    tasks = content.action_plan.tasks
    numbers: dict[str, list[int]] = {}
    spots: dict[str, tuple[float, float]] = {}
    for unit, task in zip(units, tasks, strict=True):
        numbers.setdefault(task.unit.name, []).append(unit.number)
        if unit.start_px is not None:
            spots[task.unit.name] = unit.start_px
    named = {f"{', '.join(map(str, numbers[name]))} {name}": spot for name, spot in spots.items()}
    return [board.place(text, spot, SMALL_LETTER_PX, "start-label", 12.0) for text, spot in named.items()]


def _particles(content: MapContent, sheet: Sheet) -> tuple[ParticleDrawing, ...]:
    """A sample drawn by weight, so that the dots are as dense as the probability; the same every time."""
    ensemble, index = content.ensemble, _time_index(content)
    afloat = ensemble.status[:, index] == Status.ACTIVE
    weight = np.where(afloat, ensemble.weight, 0.0)
    if weight.sum() <= 0.0:
        return ()
    ticks = (np.arange(LARGEST_SAMPLE) + 0.5) / LARGEST_SAMPLE * weight.sum()
    last = len(weight) - 1
    chosen = np.unique(np.minimum(np.searchsorted(np.cumsum(weight), ticks), last))
    points = sheet.plane_to_px(ensemble.x_m[chosen, index], ensemble.y_m[chosen, index])
    seen = inside(sheet, points)
    types = ensemble.object_type[chosen]
    return tuple(
        ParticleDrawing(name, dots_path(points[seen & (types == number)]))
        for number, name in enumerate(ensemble.object_types)
    )


def _stranded(content: MapContent, sheet: Sheet) -> str:
    ensemble, index = content.ensemble, _time_index(content)
    ashore = (ensemble.status[:, index] == Status.STRANDED) & (ensemble.weight > 0.0)
    points = sheet.plane_to_px(ensemble.x_m[ashore, index], ensemble.y_m[ashore, index])
    return crosses_path(points[inside(sheet, points)], 3.0)


def _time_index(content: MapContent) -> int:
    return int(np.argmin(np.abs(content.ensemble.times_s - to_posix_s(content.valid_at))))


def _middle_datum(content: MapContent, sheet: Sheet) -> tuple[float, float] | None:
    if not content.datum:
        return None
    nearest = min(content.datum, key=lambda datum: abs(datum.at - content.valid_at))
    point = _pair(sheet.lonlat_to_px(_lonlats([nearest.position]))[0])
    return point if sheet.shows(point) else None


def _contour_points(content: MapContent) -> list[tuple[float, float]]:
    corners = [shapely.get_coordinates(contour.polygons_lonlat) for contour in content.contours]
    return [(float(lon), float(lat)) for ring in corners for lon, lat in ring]


def _area_points(content: MapContent) -> list[tuple[float, float]]:
    return [point for task in content.action_plan.tasks for point in _lonlats(task.area)]


def _origin_points(content: MapContent) -> list[tuple[float, float]]:
    return _lonlats(origin_position(scenario.origin)[0] for scenario in content.case.scenarios)


def _lonlats(positions: Iterable[Position]) -> list[tuple[float, float]]:
    return [(position.lon_deg, position.lat_deg) for position in positions]


def _pair(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])
