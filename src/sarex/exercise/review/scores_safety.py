"""How near units came to each other, and whether any was in a danger area, in place, time and height.

The distances are those of the planner's rules (`planning.margins`): two aircraft, or two craft, that search
within 500 ft of each other's height keep a quarter of a mile. That neighbouring areas lie a track spacing
apart is a rule for plans: crews wander, so it is not asked of what was flown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from sarex.case.model import DangerArea, Position, SearchUnit
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.model import DangerAreaOpens, Exercise
from sarex.exercise.review.model import Incursion, Meeting
from sarex.exercise.review.scores_log import Floats, Ordered, TrackRows, of_kind
from sarex.geo import LocalFrame
from sarex.journal import Entry
from sarex.planning.assignment import same_height
from sarex.planning.margins import DANGER_PADDING_S, LEAST_APART_M, is_near_in_height
from sarex.safety.together import nearest_meeting

INSIDE_STEP_S = 10.0
"""Tracks are asked so often whether they lie in a danger area: 300 m at 60 kt."""


@dataclass(frozen=True)
class Flown:
    """One order as flown, laid out in the plane."""

    order: Ordered
    unit: SearchUnit
    altitude_m: float
    legs: Floats
    """(leg, 6): x0, y0, x1, y1, t0, t1."""
    searching: NDArray[np.bool_]
    """(leg,)"""

    @property
    def on_scene_legs(self) -> Floats:
        """From the first searching leg to the last; none where nothing was searched."""
        inside = np.flatnonzero(self.searching)
        return self.legs[inside[0] : inside[-1] + 1] if inside.size else self.legs[:0]


def laid_out(
    given: Sequence[Ordered], rows: Mapping[str, TrackRows], units: Sequence[SearchUnit], frame: LocalFrame
) -> tuple[Flown, ...]:
    """The orders that were flown, in the order given."""
    by_name = {unit.name: unit for unit in units}
    return tuple(
        _laid_out(order, rows[order.id], by_name[order.unit], frame)
        for order in given
        if order.id in rows and rows[order.id].time_s.size > 1 and order.unit in by_name
    )


def _laid_out(order: Ordered, rows: TrackRows, unit: SearchUnit, frame: LocalFrame) -> Flown:
    x_m, y_m = frame.to_xy_m(rows.lonlat_deg[:, 0], rows.lonlat_deg[:, 1])
    time_s = rows.time_s
    legs = np.column_stack([x_m[:-1], y_m[:-1], x_m[1:], y_m[1:], time_s[:-1], time_s[1:]])
    height_m = order.altitude_m if order.altitude_m is not None else unit.altitude_m
    return Flown(order, unit, height_m if unit.kind.flies else 0.0, legs, rows.searching[:-1])


def meetings(flown: Sequence[Flown], frame: LocalFrame) -> tuple[Meeting, ...]:
    """The nearest approach of every two units of a kind while both searched at one height, nearest first."""
    nearest: dict[tuple[str, str], Meeting] = {}
    for first, second in combinations(flown, 2):
        met = _meeting(first, second, frame)
        if met is not None and (met.units not in nearest or met.apart_m < nearest[met.units].apart_m):
            nearest[met.units] = met
    return tuple(sorted(nearest.values(), key=lambda met: met.apart_m))


def _meeting(first: Flown, second: Flown, frame: LocalFrame) -> Meeting | None:
    apart = first.unit.name == second.unit.name or first.unit.kind.flies != second.unit.kind.flies
    if apart or not same_height(first.altitude_m, second.altitude_m):
        return None
    one, two = first.on_scene_legs, second.on_scene_legs
    met = nearest_meeting(one, two) if one.size and two.size else None
    if met is None:
        return None
    apart_m, at_s, x_m, y_m = met
    pair = tuple(sorted((first.unit.name, second.unit.name)))
    return Meeting((pair[0], pair[1]), from_posix_s(at_s), _position(frame, x_m, y_m), apart_m, LEAST_APART_M)


def _position(frame: LocalFrame, x_m: float, y_m: float) -> Position:
    lon_deg, lat_deg = frame.to_lonlat_deg(x_m, y_m)
    return Position(float(lon_deg), float(lat_deg))


@dataclass(frozen=True)
class KnownArea:
    """A danger area and since when the players knew of it."""

    area: DangerArea
    known_at: datetime


def known_areas(entries: Sequence[Entry], exercise: Exercise) -> tuple[KnownArea, ...]:
    """Those of the case from the alert on, and those that injects opened from their delivery on."""
    known = [KnownArea(area, exercise.start) for area in exercise.case.danger_areas]
    effects = {inject.id: inject.effect for inject in exercise.injects}
    for entry in of_kind(entries, "inject.delivered"):
        effect = effects.get(entry.body["inject"])
        if isinstance(effect, DangerAreaOpens):
            known.append(KnownArea(effect.area, entry.at))
    return tuple(known)


def incursions(
    flown: Sequence[Flown], known: Sequence[KnownArea], frame: LocalFrame
) -> tuple[Incursion, ...]:
    """Stays inside danger areas, padded in time and height as the planner pads them, in order of time."""
    found = [stay for flight in flown for area in known for stay in _stays(flight, area, frame)]
    return tuple(sorted(found, key=lambda stay: (stay.since, stay.unit)))


def _stays(flight: Flown, known: KnownArea, frame: LocalFrame) -> list[Incursion]:
    area = known.area
    active_s = (
        to_posix_s(area.active_from) - DANGER_PADDING_S,
        to_posix_s(area.active_until) + DANGER_PADDING_S,
    )
    since_s = max(active_s[0], to_posix_s(known.known_at), float(flight.legs[0, 4]))
    until_s = min(active_s[1], float(flight.legs[-1, 5]))
    if until_s <= since_s or not is_near_in_height(area, flight.altitude_m):
        return []
    at_s = np.unique(np.append(np.arange(since_s, until_s, INSIDE_STEP_S), until_s))
    x_m, y_m = _track_at(flight.legs, at_s)
    inside = shapely.contains_xy(_shape(area, frame), x_m, y_m)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    known_s = to_posix_s(known.known_at)
    return [
        Incursion(
            unit=flight.unit.name,
            area=area.name,
            since=from_posix_s(float(at_s[begin])),
            until=from_posix_s(float(at_s[end - 1])),
            position=_position(frame, float(x_m[begin]), float(y_m[begin])),
            announced_around_it=bool(begin == 0 and since_s == known_s > active_s[0] - 1.0),
        )
        for begin, end in edges.reshape(-1, 2).tolist()
    ]


def _track_at(legs: Floats, at_s: Floats) -> tuple[Floats, Floats]:
    times_s = np.append(legs[:, 4], legs[-1, 5])
    x_m, y_m = (np.interp(at_s, times_s, np.append(legs[:, k], legs[-1, k + 2])) for k in (0, 1))
    return x_m, y_m


def _shape(area: DangerArea, frame: LocalFrame) -> Polygon:
    x_m, y_m = frame.to_xy_m([c.lon_deg for c in area.polygon], [c.lat_deg for c in area.polygon])
    return Polygon(np.column_stack([x_m, y_m]))
