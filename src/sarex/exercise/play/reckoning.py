"""Dead reckoning: where each unit is by what was ordered and reported, as a co-ordinator keeps a plot.

Nobody sees the units; they are taken to be where their orders put them, later by what their reports tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from sarex.case.model import Position, SearchUnit
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.play.events import position_of
from sarex.exercise.play.known import Known, OrderSeen
from sarex.geo import WGS84

Track = list[tuple[float, Position]]


@dataclass(frozen=True)
class Plot:
    """Where a unit is by dead reckoning, and what it has left."""

    unit: SearchUnit
    position: Position
    fuel_left_s: float
    out: bool = False
    home_at: datetime | None = None
    """When it gets home if nothing else is ordered; None where it is there."""
    back_at: datetime | None = None
    """When it came home, where it has been out and is there."""


def plot_of(known: Known, unit: SearchUnit, at: datetime) -> Plot:
    """A unit at an instant, from the orders it has."""
    return _plot(known, unit, known.orders_of(unit.name), at)


def _plot(known: Known, unit: SearchUnit, orders: Sequence[OrderSeen], at: datetime) -> Plot:
    port = Plot(unit, unit.position, unit.endurance_s)
    sailed_s = 0.0
    plot = port
    for number, order in enumerate(orders):
        before = plot
        if plot.out and order.acknowledged_at is not None:
            leaves = from_posix_s(_leaves_s(order, plot))
            before = _plot(known, unit, orders[:number], min(leaves, at))
        way = _way(known, order, before, at)
        if way is None:
            continue
        track, begun_s = way.points, way.points[0][0]
        if not plot.out:
            sailed_s = begun_s
        at_s = to_posix_s(at)
        position = _along(track, at_s)
        home_s = track[-1][0]
        if at_s >= home_s and way.ends_home:
            plot = replace(port, position=unit.home, back_at=from_posix_s(home_s))
            continue
        left_s = unit.endurance_s - (at_s - sailed_s)
        home_at = from_posix_s(home_s) if way.ends_home else None
        plot = Plot(unit, position, left_s, out=True, home_at=home_at)
    return plot


@dataclass(frozen=True)
class _Way:
    """Where an order takes a unit, as far as it is carried out."""

    points: Track
    ends_home: bool


def _way(known: Known, order: OrderSeen, before: Plot, at: datetime) -> _Way | None:
    """None before it begins, or where it never did."""
    unit = before.unit
    if order.acknowledged_at is None or order.refused or "stayed" in order.told:
        return None
    if "home" in order.happened:
        home_s = to_posix_s(order.happened["home"])
        return _Way([(home_s - 1.0, unit.home), (home_s, unit.home)], ends_home=True)
    if {"broke_down", "turned_back"} & set(order.happened):
        return _broken_off(known, order, unit)
    track = (
        _track_of_search(order, before) if order.what == "search" else _track_elsewhere(order, unit, before)
    )
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
    word = "broke_down" if "broke_down" in order.happened else "turned_back"
    begun_s = left_s = to_posix_s(order.happened[word])
    place = order.where.get(word, unit.position)
    if word == "broke_down" and not unit.kind.flies:
        repaired = [at for at, name in known.repaired if name == unit.name and at >= order.happened[word]]
        left_s = to_posix_s(min(repaired, default=known.now))
    return _Way([(begun_s, place), *_homeward(max(left_s, begun_s + 1.0), place, unit)], ends_home=True)


def remaining_legs(order: OrderSeen, unit: SearchUnit, at: datetime) -> Track:
    """What is left of a search task after an instant, without the way there and home."""
    track = _legs(order, unit)
    at_s = to_posix_s(at)
    ahead = [point for point in track if point[0] > at_s]
    return [(at_s, _along(track, at_s)), *ahead] if ahead else []


def to_come(order: OrderSeen, at: datetime) -> bool:
    """Whether a search has not begun, so that another plan can still replace it in port."""
    return datetime.fromisoformat(order.task["departs"]) > at and "under_way" not in order.told


def later_s(order: OrderSeen, unit: SearchUnit) -> float:
    """How much later than ordered a search is flown, by when its crew told that it left or was on scene.

    Crews fly their legs one after another, so who begins late is late to the end.
    """
    legs: Sequence[Any] = order.task["legs"]
    if "on_scene" in order.happened:
        begun_s = min(_seconds(leg["start_time"]) for leg in legs if leg["searching"])
        return max(0.0, to_posix_s(order.happened["on_scene"]) - begun_s)
    if "under_way" in order.happened:
        left_s, start = to_posix_s(order.happened["under_way"]), order.where.get("under_way", unit.position)
        there_s = left_s + distance_m(start, position_of(legs[0]["start"])) / unit.transit_speed_mps
        return max(0.0, there_s - _seconds(legs[0]["start_time"]))
    return 0.0


def _leaves_s(order: OrderSeen, before: Plot) -> float:
    """When a unit turns to an order: as it told, when it is to depart, and not before it has the order."""
    if "under_way" in order.happened:
        return to_posix_s(order.happened["under_way"])
    had_s = to_posix_s(order.acknowledged_at or order.at)
    if order.what != "search":
        return had_s
    departs_s = _seconds(order.task["departs"])
    return max(had_s, departs_s) if before.out else departs_s


def _track_of_search(order: OrderSeen, before: Plot) -> Track:
    """From where the unit is when it leaves, or when it is sent on, along its legs and home."""
    legs = _legs(order, before.unit)
    left_s = _leaves_s(order, before)
    start = order.where.get("under_way", before.position)
    way_there = [(left_s, start)] if left_s < legs[0][0] else []
    return [*way_there, *legs, *_homeward(*legs[-1], before.unit)[1:]]


def _legs(order: OrderSeen, unit: SearchUnit) -> Track:
    legs, late_s = order.task["legs"], later_s(order, unit)
    track = [(_seconds(legs[0]["start_time"]) + late_s, position_of(legs[0]["start"]))]
    return track + [(_seconds(leg["end_time"]) + late_s, position_of(leg["end"])) for leg in legs]


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
