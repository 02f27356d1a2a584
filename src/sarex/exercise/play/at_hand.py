"""Who can search when the next plan begins: where each unit will be by what was ordered and reported.

Nobody sees the units; they are taken to be where their orders put them (dead reckoning), the way a
co-ordinator keeps a plot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sarex.case.model import Position, SearchUnit
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import position_of
from sarex.exercise.play.known import Known, OrderSeen
from sarex.geo import WGS84

LEAST_LEFT = timedelta(minutes=45)
"""With less endurance than the way home and this a unit goes home first."""
MARGIN_FRAC = 0.08
"""Of the endurance, kept back when a unit is re-tasked while it is out: its real position is not known."""


@dataclass(frozen=True)
class Plot:
    """Where a unit is by dead reckoning, and what it has left."""

    unit: SearchUnit
    position: Position
    fuel_left_s: float
    out: bool = False
    home_at: datetime | None = None
    """When it gets home if nothing else is ordered; None where it is there."""


def plot_of(known: Known, unit: SearchUnit, at: datetime) -> Plot:
    """A unit at an instant, from the orders it has."""
    port = Plot(unit, unit.position, unit.endurance_s)
    sailed_s = 0.0
    plot = port
    for order in known.orders_of(unit.name):
        way = _way(known, order, plot, at)
        if way is None:
            continue
        track, begun_s = way.points, way.points[0][0]
        if not plot.out:
            sailed_s = begun_s
        at_s = to_posix_s(at)
        position = _along(track, at_s)
        home_s = track[-1][0]
        if at_s >= home_s and way.ends_home:
            plot = replace(port, position=unit.home, home_at=None)
            continue
        left_s = unit.endurance_s - (at_s - sailed_s)
        home_at = from_posix_s(home_s) if way.ends_home else None
        plot = Plot(unit, position, left_s, out=True, home_at=home_at)
    return plot


def at_hand(brief: Brief, known: Known, orders_at: datetime, switch_at: datetime) -> tuple[SearchUnit, ...]:
    """The units that a plan can count on, each from where it will be when the plan begins.

    Args:
        orders_at: when orders will have reached the units.
        switch_at: when units that are out turn to their new tasks.
    """
    found = []
    for unit in brief.units:
        if unit.name in known.broken or _recovers(known, unit.name):
            continue
        found.append(_ready(brief, known, unit, orders_at, switch_at))
    return tuple(found)


def _ready(
    brief: Brief, known: Known, unit: SearchUnit, orders_at: datetime, switch_at: datetime
) -> SearchUnit:
    plot = plot_of(known, unit, switch_at)
    turnaround = timedelta(seconds=unit.turnaround_s)
    ready_after = brief.force(unit.name).ready_after
    if not plot.out:
        came_home = _came_home(known, unit, switch_at)
        ready = max(orders_at + ready_after, unit.available_from)
        if came_home is not None:
            ready = max(ready, came_home + turnaround)
            return replace(unit, position=unit.home, available_from=ready)
        return replace(unit, available_from=ready)
    home_s = distance_m(plot.position, unit.home) / unit.transit_speed_mps
    left_s = plot.fuel_left_s - MARGIN_FRAC * unit.endurance_s
    if left_s < home_s + LEAST_LEFT.total_seconds():
        landed = plot.home_at or switch_at + timedelta(seconds=home_s)
        return replace(unit, position=unit.home, available_from=landed + max(turnaround, ready_after))
    return replace(unit, position=plot.position, endurance_s=left_s, available_from=switch_at)


def _recovers(known: Known, unit: str) -> bool:
    return any(order.what == "recover" and not order.over for order in known.orders_of(unit))


def _came_home(known: Known, unit: SearchUnit, before: datetime) -> datetime | None:
    """When it was, or by its orders is, home for the last time before an instant."""
    times = []
    for order in known.orders_of(unit.name):
        if "home" in order.told:
            times.append(order.told["home"])
        elif order.what == "search" and order.cancelled_at is None:
            home_at = from_posix_s(_track_of_search(order, unit)[-1][0])
            times += [home_at] if home_at <= before else []
    return max(times, default=None)


Track = list[tuple[float, Position]]


@dataclass(frozen=True)
class _Way:
    """Where an order takes a unit, as far as it is carried out."""

    points: Track
    ends_home: bool


def _way(known: Known, order: OrderSeen, before: Plot, at: datetime) -> _Way | None:
    """None before it begins, or where it never did."""
    unit = before.unit
    if order.acknowledged_at is None or "stayed" in order.told:
        return None
    if "home" in order.told:
        home_s = to_posix_s(order.told["home"])
        return _Way([(home_s - 1.0, unit.home), (home_s, unit.home)], ends_home=True)
    if {"broke_down", "turned_back"} & set(order.told):
        return _broken_off(known, order, unit)
    track = _track_of_search(order, unit) if order.what == "search" else _track_elsewhere(order, unit, before)
    until = order.cancelled_at
    if track[0][0] > to_posix_s(at) or (until is not None and to_posix_s(until) <= track[0][0]):
        return None
    return _Way(track, ends_home=True) if until is None else _cut_off(order, unit, track, to_posix_s(until))


def _cut_off(order: OrderSeen, unit: SearchUnit, track: Track, until_s: float) -> _Way:
    """The way up to the cancellation, and home where nothing else was ordered."""
    there = _along(track, until_s)
    past = [point for point in track if point[0] < until_s]
    if order.goes_home:
        return _Way([*past, *_homeward(until_s, there, unit)], ends_home=True)
    return _Way([*past, (until_s, there)], ends_home=False)


def _broken_off(known: Known, order: OrderSeen, unit: SearchUnit) -> _Way:
    """From where it told that it turned back or broke down; a ship lies still there until it is repaired."""
    word = "broke_down" if "broke_down" in order.told else "turned_back"
    begun_s = left_s = to_posix_s(order.told[word])
    place = order.where.get(word, unit.position)
    if word == "broke_down" and not unit.kind.flies:
        repaired = [at for at, name in known.repaired if name == unit.name and at >= order.told[word]]
        left_s = to_posix_s(min(repaired, default=known.now))
    return _Way([(begun_s, place), *_homeward(max(left_s, begun_s + 1.0), place, unit)], ends_home=True)


def remaining_legs(order: OrderSeen, unit: SearchUnit, at: datetime) -> Track:
    """What is left of a search task after an instant, without the way home."""
    track = _track_of_search(order, unit)[:-1]
    at_s = to_posix_s(at)
    ahead = [point for point in track if point[0] > at_s]
    return [(at_s, _along(track, at_s)), *ahead] if ahead else []


def _track_of_search(order: OrderSeen, unit: SearchUnit) -> Track:
    legs: Sequence[Any] = order.task["legs"]
    late_s = 0.0
    start_s = _seconds(legs[0]["start_time"])
    if "under_way" in order.told:
        late_s = max(0.0, to_posix_s(order.told["under_way"]) - start_s - 900.0)
    track = [(start_s + late_s, position_of(legs[0]["start"]))]
    track += [(_seconds(leg["end_time"]) + late_s, position_of(leg["end"])) for leg in legs]
    end_s, end = track[-1]
    return [*track, *_homeward(end_s, end, unit)[1:]]


def _track_elsewhere(order: OrderSeen, unit: SearchUnit, before: Plot) -> Track:
    """Straight to the place of a recovery, or home; straight home from there."""
    begun_s = to_posix_s(order.acknowledged_at or order.at)
    start = before.position
    if order.what != "recover":
        return _homeward(begun_s, start, unit)
    place = position_of(order.task["position"])
    there_s = begun_s + distance_m(start, place) / unit.transit_speed_mps
    return [(begun_s, start), (there_s, place), *_homeward(there_s + 1800.0, place, unit)]


def _homeward(begun_s: float, start: Position, unit: SearchUnit) -> Track:
    home_s = begun_s + distance_m(start, unit.home) / unit.transit_speed_mps
    return [(begun_s, start), (home_s, unit.home)]


def _along(track: Track, at_s: float) -> Position:
    """Straight in degrees between places; tracks of the exercise do not cross the 180th meridian twice."""
    times = [time for time, _ in track]
    lon = np.unwrap([place.lon_deg for _, place in track], period=360.0)
    lat = [place.lat_deg for _, place in track]
    lon_deg = float(np.interp(at_s, times, lon))
    return Position((lon_deg + 180.0) % 360.0 - 180.0, float(np.interp(at_s, times, lat)))


def distance_m(start: Position, end: Position) -> float:
    ends: tuple[Any, ...] = start.lon_deg, start.lat_deg, end.lon_deg, end.lat_deg
    return float(WGS84.inv(*ends)[2])


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
