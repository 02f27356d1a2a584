"""Pictures through time: what the players believed, where the object really was, and who was where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sarex.clock import from_posix_s, to_posix_s
from sarex.drift import DriftEnsemble
from sarex.exercise.model import Exercise
from sarex.exercise.path import TruePath
from sarex.exercise.review.model import Frame, Outing, UnitAt
from sarex.exercise.review.scores_log import Floats, Ordered, TrackRows, first_of
from sarex.exercise.review.scores_map import map_score
from sarex.exercise.review.scores_safety import KnownArea
from sarex.journal import Entry
from sarex.probability import contours, map_probability

STEPS_MIN = (15, 30, 60, 120, 180, 360, 720, 1440)
MOST_FRAMES = 40
LEVELS = (0.5, 0.9)
TURN_S = 900.0
"""A pause of searching that is no longer is a turn between legs."""
TRAIL_S = 60.0
"""A trail is drawn with a point so often."""


def frame_times(alert: datetime, until: datetime) -> tuple[datetime, ...]:
    """The alert, whole steps of the clock after it, and the end; about forty at most."""
    span_min = (until - alert).total_seconds() / 60.0
    step = next((step for step in STEPS_MIN if span_min / step <= MOST_FRAMES - 2), STEPS_MIN[-1])
    step_s = 60.0 * step
    first = np.floor(to_posix_s(alert) / step_s) + 1.0
    last = np.ceil(to_posix_s(until) / step_s)
    whole = [from_posix_s(float(number * step_s)) for number in np.arange(first, last)]
    return tuple(dict.fromkeys([alert, *whole, max(alert, until)]))


def shown_until(entries: Sequence[Entry]) -> datetime:
    """When the story ends: with triage, else with the log."""
    triaged = first_of(entries, "survivors.triaged")
    return max(entry.at for entry in entries) if triaged is None else triaged.at


@dataclass(frozen=True)
class Stage:
    """What every picture is drawn from."""

    exercise: Exercise
    truth: TruePath
    given: tuple[Ordered, ...]
    flown: Mapping[str, TrackRows]
    """From when units left, as `at_sea` gives them."""
    known: tuple[KnownArea, ...]
    found_at: datetime | None


def frame(stage: Stage, ensemble: DriftEnsemble, at: datetime, before: datetime | None) -> Frame:
    """One picture."""
    probability = map_probability(ensemble, at, at)
    at_s = to_posix_s(at)
    begun = at_s >= stage.truth.times_s[0]
    lon, lat = stage.truth.lonlat_at(np.array([at_s]))[0].tolist()
    searched_for = stage.found_at is None or at < stage.found_at
    return Frame(
        at=at,
        contours=contours(probability, LEVELS) if searched_for else (),
        truth_lonlat_deg=(lon, lat) if begun else None,
        units=_units(stage, at_s, at_s if before is None else to_posix_s(before)),
        score=map_score(probability, lon, lat) if begun and searched_for else None,
        undetected=ensemble.undetected,
        dangers=tuple(known.area for known in stage.known if known.known_at <= at <= known.area.active_until),
    )


def outings(stage: Stage) -> tuple[Outing, ...]:
    """Every order on which a unit was out, in the order given."""
    found = []
    for order in stage.given:
        rows = stage.flown.get(order.id)
        if rows is not None and rows.time_s.size > 1:
            begun, ended = (from_posix_s(float(rows.time_s[end])) for end in (0, -1))
            found.append(Outing(order.unit, order.id, begun, ended, _spans(rows)))
    return tuple(found)


def _spans(rows: TrackRows) -> tuple[tuple[datetime, datetime], ...]:
    """Searching, with what lies between two legs where that is short."""
    inside = np.flatnonzero(rows.searching[:-1])
    if not inside.size:
        return ()
    begin_s, end_s = rows.time_s[inside], rows.time_s[inside + 1]
    apart = np.flatnonzero(begin_s[1:] - end_s[:-1] > TURN_S) + 1
    starts, ends = np.concatenate([[0], apart]), np.concatenate([apart, [inside.size]]) - 1
    return tuple(
        (from_posix_s(float(begin_s[first])), from_posix_s(float(end_s[last])))
        for first, last in zip(starts, ends, strict=True)
    )


def _units(stage: Stage, at_s: float, before_s: float) -> tuple[UnitAt, ...]:
    """Units that are out at an instant, each with its trail since the picture before."""
    nations = {unit.name: unit.nation for unit in stage.exercise.case.units}
    found = {}
    for order in stage.given:
        rows = stage.flown.get(order.id)
        if rows is None or not rows.time_s[0] <= at_s <= rows.time_s[-1]:
            continue
        trail_s = np.append(np.arange(max(before_s, rows.time_s[0]), at_s, TRAIL_S), at_s)
        places = _places(rows, trail_s)
        index = max(int(np.searchsorted(rows.time_s, at_s, side="right")) - 1, 0)
        found[order.unit] = UnitAt(
            name=order.unit,
            nation=order.nation or nations.get(order.unit, ""),
            lonlat_deg=(float(places[-1, 0]), float(places[-1, 1])),
            searching=bool(rows.searching[index]),
            trail_lonlat_deg=tuple((float(x), float(y)) for x, y in places),
        )
    names = list(nations)
    return tuple(sorted(found.values(), key=lambda unit: names.index(unit.name) if unit.name in names else 0))


def _places(rows: TrackRows, at_s: Floats) -> Floats:
    """Longitude (going on past 180) and latitude, (instant, 2)."""
    lon = np.unwrap(rows.lonlat_deg[:, 0], period=360.0)
    return np.column_stack([np.interp(at_s, rows.time_s, values) for values in (lon, rows.lonlat_deg[:, 1])])
