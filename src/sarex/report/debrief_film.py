"""Truth against map through time: one chart of the sea, and what is drawn over it at each instant."""

from collections.abc import Callable, Sequence

import numpy as np
import shapely

from sarex.exercise.review.model import Debrief, Frame, UnitAt
from sarex.report.debrief_blocks import Film, FilmFrame
from sarex.report.debrief_events import told_between
from sarex.report.debrief_svg import DANGER, FAMILY, Pen, star_path, svg_head
from sarex.report.debrief_words import Names
from sarex.report.drawing import contour_path, land_path, line_path
from sarex.report.sea_map import UNIT_COLOURS
from sarex.report.sheet import Sheet, sheet_around
from sarex.units import NAUTICAL_MILE_M

LEAST_SPAN_M = 12 * NAUTICAL_MILE_M
MARGIN = 0.06
MOST_PRINTED = 8
MOST_LINES = 4
CONTOUR = "#7a4b00"
STYLES = {0.5: (2.4, ".16"), 0.9: (1.8, ".07")}
"""Width of the line and strength of the fill by level."""


def film(debrief: Debrief, names: Names) -> Film:
    """All pictures, ready for a page or for paper."""
    tongue = names.tongue
    sheet = _sheet(debrief)
    units = [unit.name for unit in debrief.exercise.case.units]
    frames = tuple(
        FilmFrame(
            layer=_layer(debrief, sheet, number, units),
            title=_title(debrief, frame, names),
            lines=told_between(debrief, names, number)[-MOST_LINES:],
        )
        for number, frame in enumerate(debrief.frames)
    )
    return Film(
        head=svg_head(sheet.width_px, sheet.height_px, tongue.say("Truth against map")),
        base=_base(debrief, sheet, names),
        frames=frames,
        chosen=chosen(debrief.frames),
        legend=(*_legend(names), *_numbers(units, names)),
        words={
            "play": tongue.say("Play"),
            "pause": tongue.say("Pause"),
            "back": tongue.say("Back"),
            "on": tongue.say("Forward"),
            "slider": tongue.say("Time"),
            "keys": tongue.say("Keys: left and right arrows step, the space bar plays and pauses."),
        },
    )


def chosen(frames: Sequence[Frame]) -> tuple[int, ...]:
    """Pictures for paper, evenly through time, first and last among them."""
    count = min(len(frames), MOST_PRINTED)
    return tuple(dict.fromkeys(np.linspace(0, len(frames) - 1, count).round().astype(int).tolist()))


def _sheet(debrief: Debrief) -> Sheet:
    """Around the contours, the truth and whoever searched."""
    points: list[tuple[float, float]] = []
    for frame in debrief.frames:
        if frame.truth_lonlat_deg is not None:
            points.append(frame.truth_lonlat_deg)
        for contour in frame.contours:
            points += shapely.get_coordinates(contour.polygons_lonlat).tolist()
        points += [unit.lonlat_deg for unit in frame.units if unit.searching]
    return sheet_around(debrief.environment.frame, points, LEAST_SPAN_M, MARGIN)


def _base(debrief: Debrief, sheet: Sheet, names: Names) -> str:
    pen = Pen()
    pen.box((0.0, 0.0), (sheet.width_px, sheet.height_px), "#f6fafd")
    for line in sheet.graticule:
        pen.path(line_path(line.points_px), "#8fa5b5", 0.8)
    pen.path(land_path(sheet, debrief.environment.coast.polygons), "#4a4436", 1.2, "#e6dfcf")
    for line in sheet.graticule:
        at = (
            (line.label_at_px[0], sheet.height_px - 7.0)
            if line.meridian
            else (6.0, line.label_at_px[1] - 4.0)
        )
        pen.text(line.label, at, 16, "middle" if line.meridian else "start", "#2d4757", _HALO)
    bar, foot = sheet.scale_bar, sheet.height_px - 38.0
    pen.path(f"M24 {foot - 8:.1f}v8h{bar.length_px:.1f}v-8", "#000", 2.0)
    pen.text(f"{bar.length_nm:g} nm", (24.0 + bar.length_px / 2, foot - 6.0), 17, "middle", more=_HALO)
    turned = f'transform="translate({sheet.width_px - 34:.0f} 44) rotate({sheet.north_deg:.1f})"'
    pen.path("M0 -26L9 8L0 2L-9 8z", "#fff", 1.5, "#000", turned)
    pen.text("N", (sheet.width_px - 34.0, 72.0), 17, "middle", more=f'{_HALO} font-weight="700"')
    stamp = mark(debrief, names)
    pen.text(stamp, (sheet.width_px / 2, 24.0), 18, "middle", more=f'{_HALO} font-weight="700"')
    return pen.drawn


_HALO = 'paint-order="stroke" stroke="#fff" stroke-width="4" stroke-linejoin="round"'


def mark(debrief: Debrief, names: Names) -> str:
    """EXERCISE, and that again in the language; that the sea is computed, where it is."""
    said = names.tongue.say("EXERCISE")
    return _stamped(debrief, "EXERCISE" if said == "EXERCISE" else f"EXERCISE {said}")


def margin_mark(debrief: Debrief) -> str:
    """The same in Latin letters alone."""
    return _stamped(debrief, "EXERCISE")


def _stamped(debrief: Debrief, word: str) -> str:
    return f"{word} – SYNTHETIC SEA" if debrief.environment.synthetic else word


def _layer(debrief: Debrief, sheet: Sheet, number: int, units: Sequence[str]) -> str:
    frame, pen = debrief.frames[number], Pen()
    for contour in sorted(frame.contours, key=lambda contour: -contour.level_frac):
        width, strength = STYLES[contour.level_frac]
        path, _ = contour_path(sheet, contour.polygons_lonlat)
        pen.path(path, CONTOUR, width, CONTOUR, f'fill-opacity="{strength}" fill-rule="evenodd"')
    for area in frame.dangers:
        corners = sheet.lonlat_to_px([(c.lon_deg, c.lat_deg) for c in area.polygon])
        pen.path(
            line_path(corners, closed=True), DANGER, 2.5, DANGER, 'fill-opacity=".12" stroke-dasharray="10 4"'
        )
        x, y = corners.mean(axis=0).tolist()
        if sheet.shows((x, y)):
            pen.text(area.name, (x, y), 15, "middle", DANGER, f'{_HALO} font-weight="700"')
    for unit in frame.units:
        _unit(sheet, pen, unit, units.index(unit.name) if unit.name in units else 0)
    # over the units: at the find one of them is where the object is
    _truth(debrief, sheet, number, pen)
    return pen.drawn


def _truth(debrief: Debrief, sheet: Sheet, number: int, pen: Pen) -> None:
    """Where it is, and where it has been."""
    places = [f.truth_lonlat_deg for f in debrief.frames[: number + 1] if f.truth_lonlat_deg is not None]
    if not places:
        return
    points = sheet.lonlat_to_px(places)
    pen.path(line_path(points), "#000", 2.0, "none", 'stroke-dasharray="2 5" stroke-linecap="round"')
    pen.star((float(points[-1, 0]), float(points[-1, 1])), 15.0)


def _unit(sheet: Sheet, pen: Pen, unit: UnitAt, number: int) -> None:
    colour = UNIT_COLOURS[number % len(UNIT_COLOURS)]
    trail = sheet.lonlat_to_px(unit.trail_lonlat_deg)
    pen.path(line_path(trail), colour, 2.2 if unit.searching else 1.4, "none", 'stroke-opacity=".75"')
    x, y = sheet.lonlat_to_px([unit.lonlat_deg])[0].tolist()
    if not sheet.shows((x, y)):
        return
    pen.dot((x, y), 13.0, colour, 'stroke="#fff" stroke-width="2"')
    pen.text(str(number + 1), (x, y + 6.0), 17, "middle", "#fff", 'font-weight="700"')


def _title(debrief: Debrief, frame: Frame, names: Names) -> str:
    """When it is, and how well the map holds the truth."""
    tongue = names.tongue
    since = tongue.say("alert + {time}", time=tongue.duration(frame.at - debrief.alert_at))
    when = f"{tongue.day_clock(frame.at)} UTC · {since}"
    if frame.score is None:
        return when
    held = tongue.say("truth on the {rank} contour", rank=tongue.percent(frame.score.rank_frac))
    return f"{when} · {held}"


def _legend(names: Names) -> tuple[tuple[str, str], ...]:
    tongue = names.tongue
    return (
        (
            _sample(lambda pen: pen.path("M4 18V4h36v14z", CONTOUR, 2.4, CONTOUR, 'fill-opacity=".23"')),
            tongue.say("50 % contour of the players' map"),
        ),
        (
            _sample(lambda pen: pen.path("M4 18V4h36v14z", CONTOUR, 1.8, CONTOUR, 'fill-opacity=".07"')),
            tongue.say("90 % contour of the players' map"),
        ),
        (
            _sample(lambda pen: pen.path(star_path(22.0, 11.0, 10.0), "#000", 1.0, "#000")),
            tongue.say("where the object really is, and its path"),
        ),
        (_sample(_sample_unit), tongue.say("unit with its track since the picture before")),
        (
            _sample(
                lambda pen: pen.path(
                    "M4 18V4h36v14z", DANGER, 2.0, DANGER, 'fill-opacity=".12" stroke-dasharray="6 3"'
                )
            ),
            tongue.say("danger area"),
        ),
    )


def _numbers(units: Sequence[str], names: Names) -> list[tuple[str, str]]:
    """Which number is which unit."""
    found = []
    for number, name in enumerate(units):
        pen = Pen()
        pen.dot((22.0, 11.0), 10.5, UNIT_COLOURS[number % len(UNIT_COLOURS)])
        pen.text(str(number + 1), (22.0, 16.0), 14, "middle", "#fff", 'font-weight="700"')
        found.append((_framed(pen), names.unit(name)))
    return found


def _framed(pen: Pen) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 22" aria-hidden="true" '
        f'font-family="{FAMILY}">{pen.drawn}</svg>'
    )


def _sample_unit(pen: Pen) -> None:
    pen.line((2.0, 11.0), (30.0, 11.0), UNIT_COLOURS[0], 2.2)
    pen.dot((32.0, 11.0), 8.0, UNIT_COLOURS[0])


def _sample(draw: Callable[[Pen], None]) -> str:
    pen = Pen()
    draw(pen)
    return _framed(pen)
