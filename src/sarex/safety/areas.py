"""Rules about one task's area and its pattern."""

from collections.abc import Iterator
from math import acos, pi, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from sarex.kernels.pattern import turn_length
from sarex.safety.flight import DISTANCE_TOLERANCE_M, LENGTH_TOLERANCE, TIME_TOLERANCE_S, Flight
from sarex.safety.model import Breach, Measure
from sarex.units import m_to_nm

CUT_M = 10.0
"""Joined legs whose corner a turning unit passes as closely are an arc told in chords (assumed)."""
REVERSAL_RAD = np.radians(150.0)
"""A course change of this much or more is a reversal onto a parallel leg, which may need a bulb."""


def strays(flight: Flight) -> Iterator[Breach]:
    """Searching legs outside the task's own area."""
    searching = np.flatnonzero(flight.searching)
    room = flight.area.buffer(DISTANCE_TOLERANCE_M)
    shapely.prepare(room)
    for number in searching[~shapely.covers(room, flight.lines[searching])]:
        beyond = shapely.difference(flight.lines[number], room)
        x_m, y_m = shapely.get_coordinates(beyond)[0].tolist()
        x0, y0 = flight.legs[number, :2]
        share = float(np.hypot(x_m - x0, y_m - y0)) / max(float(flight.lines[number].length), 1.0)
        sentence = f"{flight.told(number)} leaves the area"
        yield flight.leg_breach(number, sentence, float(beyond.length), Measure.METRES, min(share, 1.0))


def too_near_the_edge(flight: Flight) -> Iterator[Breach]:
    """Searching legs keep half a track spacing inside the boundary (IAMSAR: first leg, CSP).

    Legs that leave the area altogether are the other rule's.
    """
    half_m = 0.5 * flight.task.track_spacing_m
    searching = np.flatnonzero(flight.searching)
    lines = flight.lines[searching]
    inside = shapely.covers(flight.area, lines)
    away_m = shapely.distance(flight.area.boundary, lines)
    near = inside & (away_m < half_m * (1.0 - LENGTH_TOLERANCE) - DISTANCE_TOLERANCE_M)
    for number, room_m in zip(searching[near], away_m[near], strict=True):
        sentence = (
            f"{flight.told(number)} runs {m_to_nm(room_m):.2f} nm inside the boundary; half a track spacing "
            f"is {m_to_nm(half_m):.2f} nm"
        )
        yield flight.leg_breach(number, sentence, half_m - float(room_m), Measure.METRES)


def turns_too_tight(flight: Flight, drift_mps: float) -> Iterator[Breach]:
    """Between two searching legs there must be time to turn at the unit's radius.

    An arc of the course change at least; for a reversal a semicircle and a straight, or a bulb where the
    legs are nearer than two radii. The pattern may ride on a drift of up to `drift_mps`, which makes the
    courses and distances over the ground differ from those flown through it: the least of all is asked for.
    """
    searching = np.flatnonzero(flight.searching)
    turning = ~_corners_cut(flight)[searching[:-1]]
    for before, after in np.column_stack([searching[:-1], searching[1:]])[turning].tolist():
        turn_s = float(flight.legs[after, 4] - flight.legs[before, 5])
        needed_s = _turn_needs_s(flight, before, after, turn_s, drift_mps)
        if turn_s < needed_s - TIME_TOLERANCE_S:
            sentence = (
                f"{max(turn_s, 0.0):.0f} s to turn after the {flight.told(before)}; with a radius of "
                f"{flight.task.unit.turn_radius_m:.0f} m it takes {needed_s:.0f} s"
            )
            yield flight.leg_breach(before, sentence, needed_s - turn_s, Measure.SECONDS, 1.0)


def _corners_cut(flight: Flight) -> NDArray[np.bool_]:
    """Of each leg, whether the next joins it and bends so little that the unit turns while on them, (leg,).

    As on an arc told in chords: a corner of a rad is passed at r (1 / cos(a / 2) - 1), which must be within
    `CUT_M`. With the joints next to it, it may not bend more than one such corner beyond what the way through
    them leaves room for.
    """
    radius_m = flight.task.unit.turn_radius_m
    allowed_rad = 2.0 * acos(radius_m / (radius_m + CUT_M))
    along = flight.legs[:, 2:4] - flight.legs[:, :2]
    length_m = np.hypot(along[:, 0], along[:, 1])
    course_rad = np.arctan2(along[:, 1], along[:, 0])
    joined = flight.searching[:-1] & flight.searching[1:]
    bend_rad = np.where(joined, np.abs((np.diff(course_rad) + pi) % (2.0 * pi) - pi), 0.0)
    # half the leg before where that is searching, else half of this one is all the way there is
    before = np.concatenate([[False], joined[:-1]])
    after = np.concatenate([joined[1:], [False]])
    bends_rad = bend_rad + np.concatenate([[0.0], bend_rad[:-1]]) + np.concatenate([bend_rad[1:], [0.0]])
    come_m = np.where(before, np.roll(length_m, 1)[:-1] / 2.0 + length_m[:-1], length_m[:-1] / 2.0)
    gone_m = np.where(after, np.roll(length_m, -1)[1:] / 2.0 + length_m[1:], length_m[1:] / 2.0)
    cut = (bend_rad <= allowed_rad) & (bends_rad <= (come_m + gone_m) / radius_m + allowed_rad)
    return np.append(joined & cut, False)


def _turn_needs_s(flight: Flight, before: int, after: int, turn_s: float, drift_mps: float) -> float:
    unit = flight.task.unit
    radius_m, speed_mps = unit.turn_radius_m, unit.search_speed_mps
    x0, y0, x1, y1 = flight.legs[before, :4].tolist()
    x2, y2, x3, y3 = flight.legs[after, :4].tolist()
    long_m, next_m = sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2), sqrt((x3 - x2) ** 2 + (y3 - y2) ** 2)
    if not (long_m > 0.0 and next_m > 0.0 and radius_m > 0.0):
        return 0.0
    dx, dy = (x1 - x0) / long_m, (y1 - y0) / long_m
    change_rad = acos(min(max((dx * (x3 - x2) + dy * (y3 - y2)) / next_m, -1.0), 1.0))
    doubt_rad = min(2.0 * drift_mps / speed_mps, pi)
    arc_m = radius_m * max(change_rad - doubt_rad, 0.0)
    needed_m = arc_m
    if change_rad >= max(REVERSAL_RAD, pi - doubt_rad - 0.05):
        across_m, along_m = abs(-dy * (x2 - x1) + dx * (y2 - y1)), abs(dx * (x2 - x1) + dy * (y2 - y1))
        doubt_m = drift_mps * max(turn_s, 0.0)
        fast = max(unit.transit_speed_mps / speed_mps, 1.0)
        reversal_m = _least_reversal_m(across_m, doubt_m, radius_m, fast)
        needed_m = max(arc_m, reversal_m - along_m - doubt_m)
    return (needed_m * (1.0 - LENGTH_TOLERANCE) - DISTANCE_TOLERANCE_M) / speed_mps


def _least_reversal_m(across_m: float, doubt_m: float, radius_m: float, fast: float) -> float:
    """Shortest reversal onto a leg about `across_m` away; straights may be flown `fast` times as fast."""
    spacing_m = min(max(2.0 * radius_m, across_m - doubt_m), across_m + doubt_m)
    if spacing_m <= 2.0 * radius_m:
        return float(turn_length(spacing_m, radius_m))
    return pi * radius_m + (spacing_m - 2.0 * radius_m) / fast


def creeps(flight: Flight) -> tuple[float, float] | None:
    """Direction (unit vector) in which a ladder advances; None where it does not."""
    legs = flight.legs[flight.searching]
    if legs.shape[0] < 2:
        return None
    middles = 0.5 * (legs[:, :2] + legs[:, 2:4])
    along = legs[0, 2:4] - legs[0, :2]
    length_m = float(np.hypot(*along))
    if length_m == 0.0:
        return None
    across = np.array([-along[1], along[0]]) / length_m
    advance_m = float((middles[-1] - middles[0]) @ across)
    if abs(advance_m) < 0.5 * flight.task.track_spacing_m:
        return None
    sense = 1.0 if advance_m > 0 else -1.0
    return float(sense * across[0]), float(sense * across[1])
