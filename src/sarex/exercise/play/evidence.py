"""What the players learn from: tracks and sightings as they were reported, never as they really were."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import numpy as np

from sarex.case.model import SearchUnit
from sarex.clock import to_posix_s
from sarex.errors import PlanError
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import position_of
from sarex.exercise.play.known import Known, OrderSeen, SightingSeen
from sarex.exercise.play.reckoning import later_s
from sarex.units import nm_to_m
from sarex.update import RecordedTrack, SearchedTrack, SearchResult, Sighting
from sarex.update.track import OnScene, in_order, longest_gap_s, searching_legs

CREDIBLE = 0.4
"""A sighting of at least this credibility is acted on."""
CERTAIN = 0.7
"""While one of at least this credibility stands no other search is planned."""


def searched_so_far(brief: Brief, known: Known, until: datetime) -> SearchResult | None:
    """What was searched by an instant: as reported, and from the last report on as ordered."""
    tracks: list[SearchedTrack] = []
    units = {unit.name: unit for unit in brief.units}
    for order in known.orders.values():
        if order.what != "search" or order.acknowledged_at is None:
            continue
        tracks += _reported(order, units[order.unit])
        tracks += _as_ordered(order, units[order.unit], _searches_until(known, order, until))
    return SearchResult(tuple(tracks)) if tracks else None


def _searches_until(known: Known, order: OrderSeen, until: datetime) -> datetime:
    """Whose crew is with what it sighted does not search on."""
    stays = {name for name, each in known.orders.items() if name == order.id or not each.over}
    seen = [
        sighting.seen_at
        for sighting in known.sightings.values()
        if sighting.unit == order.unit and sighting.withdrawn_at is None and sighting.order in stays
    ]
    return min([until, *seen])


def credible_sightings(known: Known) -> tuple[SightingSeen, ...]:
    """Those that stand and are worth acting on, in the order told."""
    return tuple(
        seen
        for seen in known.sightings.values()
        if seen.withdrawn_at is None and seen.credibility >= CREDIBLE
    )


def as_evidence(seen: SightingSeen) -> Sighting:
    return Sighting(
        seen.name, to_posix_s(seen.seen_at), seen.position, seen.probable_error_m, seen.credibility
    )


def recorded_track(order: OrderSeen) -> RecordedTrack | None:
    """The track of an order as its crew reported it; None where it has not."""
    rows = np.array([row for track in order.tracks for row in track.rows], dtype=float).reshape(-1, 4)
    if len(rows) < 2:
        return None
    return RecordedTrack(order.unit, rows[:, 0], rows[:, 1:3], rows[:, 3] > 0.5)


def _reported(order: OrderSeen, unit: SearchUnit) -> Iterator[SearchedTrack]:
    record = recorded_track(order)
    if record is None:
        return
    try:
        track = in_order(record, unit)
    except PlanError:
        return
    searching = np.ones(track.time_s.size, np.bool_) if track.searching is None else track.searching
    legs, _ = searching_legs(track, OnScene(searching, "as reported"), longest_gap_s(unit))
    if legs.start_s.size:
        yield replace(legs, sweep_width_m=_widths(order))


def _as_ordered(order: OrderSeen, unit: SearchUnit, until: datetime) -> Iterator[SearchedTrack]:
    """Searching legs that were to be flown after the last report and before an instant."""
    last_s = max((row[0] for track in order.tracks for row in track.rows), default=-np.inf)
    end_s = to_posix_s(until if order.cancelled_at is None else min(until, order.cancelled_at))
    if {"off_scene", "home", "stayed", "broke_down", "turned_back"} & set(order.told):
        return
    rows = []
    late_s = later_s(order, unit)
    for leg in order.task["legs"]:
        begin, finish = (
            datetime.fromisoformat(leg[key]).timestamp() + late_s for key in ("start_time", "end_time")
        )
        if leg["searching"] and begin >= last_s and finish <= end_s and finish > begin:
            rows.append((position_of(leg["start"]), position_of(leg["end"]), begin, finish))
    if rows:
        yield SearchedTrack(
            order.unit,
            np.array([(start.lon_deg, start.lat_deg) for start, _, _, _ in rows]),
            np.array([(end.lon_deg, end.lat_deg) for _, end, _, _ in rows]),
            np.array([begin for _, _, begin, _ in rows]),
            np.array([finish for _, _, _, finish in rows]),
            _widths(order),
        )


def _widths(order: OrderSeen) -> dict[str, float]:
    return {key: nm_to_m(float(width)) for key, width in order.task["sweep_width_nm"].items()}
