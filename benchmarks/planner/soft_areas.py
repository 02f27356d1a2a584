"""Even search areas with soft edges, all of them moved at once uphill (`free_areas.py`).

A unit's area is a rectangle that moves with the local mean drift and is searched evenly, from one side to the
other, in the time that the unit has there. A particle in it gets the coverage W v T / A, turns out of T; one
that wanders is met where the front of the searching finds it, and more or less of it as it moves with or
against the front. Edges are soft, more so at first, so that the value has a gradient everywhere.
"""

from dataclasses import dataclass
from math import cos, erf, exp, hypot, log, pi, sin, sqrt

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from sarex.kernels.ladder_front import (
    BLOCK,
    DEPARTS,
    ENDURANCE_UNTIL,
    HOME_X,
    HOME_Y,
    LEAVE_BY,
    RADIUS,
    REFERENCE,
    SEARCH_FROM,
    SPEED,
    START_X,
    START_Y,
    TRANSIT_SPEED,
    WIDEST,
    Fleet,
    Pool,
    drift_at,
)
from sarex.kernels.pattern import turn_length
from sarex.planning.quick_search import Pooled

Floats = NDArray[np.float64]

X, Y, HEADING, ALONG, ACROSS, CREEP = range(6)
"""Columns of an area: middle at the unit's reference time, direction of the legs, logarithms of half its
length along them and across, and the side to which the searching goes on (1 or -1, which stays)."""
MOVED = 5
"""The columns that are moved."""
SOFTEST, FIRMEST = 0.8, 0.12
"""Width of an edge in halves of the area's side, first and last; a ladder's is half a spacing."""
STEEP = 3.0
FIRST_STRIDE, LAST_STRIDE = 0.12, 0.03
"""In halves of the area's side."""
ITERATIONS = 150
MEMORY, MEMORY_OF_SQUARES = 0.8, 0.95
DIFFERENCE = 0.06
"""By which gradients are taken, in halves of the area's side."""
LARGEST_STRETCH = 0.2
MARGIN_M = 2000.0
BEGINNING_COVERAGE = 1.2
SHORTEST_S = 600.0
SURE = 1e-6


@njit(inline="always")
def _inside(to_edge: float) -> float:
    """1 well inside, 0 well outside."""
    return 1.0 / (1.0 + exp(-STEEP * to_edge))


@njit(cache=True)
def hours_at(unit, x, y, search_share):  # type: ignore[no-untyped-def]
    """When a unit can begin to search around a place, and when it must end, ways straight."""
    out_s = hypot(x - unit[START_X], y - unit[START_Y]) / unit[TRANSIT_SPEED]
    home_s = hypot(x - unit[HOME_X], y - unit[HOME_Y]) / unit[TRANSIT_SPEED]
    begin_s = max(unit[DEPARTS] + out_s, unit[SEARCH_FROM])
    leave_s = min(unit[LEAVE_BY], unit[ENDURANCE_UNTIL] - home_s)
    return begin_s, begin_s + search_share * (leave_s - begin_s)


@njit(nogil=True, cache=True)
def found_by_area(fleet, pool, unit, area, how, missed, out):  # type: ignore[no-untyped-def]
    """What an area finds of the particles still missed.

    how: width of its edges, and whether turns take time; missed: weight times chance of being missed
    by the others, (particle,); out: exposures (particle,), filled if its size is that of the pool.
    """
    (soft, turns), keep = how, out.size == missed.size
    if keep:
        out[:] = 0.0
    u = fleet.units[unit]
    drift_x, drift_y = drift_at(fleet, area[X], area[Y])
    begin_s, end_s = hours_at(u, area[X], area[Y], fleet.search_share)
    if end_s - begin_s < SHORTEST_S:
        return 0.0
    a, b = exp(area[ALONG]), exp(area[ACROSS])
    track_m = u[SPEED] * (end_s - begin_s)
    if turns:
        track_m *= 2.0 * a / (2.0 * a + turn_length(max(4.0 * a * b / track_m, 2.0 * u[RADIUS]), u[RADIUS]))
    last = pool.x.shape[0] - 2
    from_k, until_k = (begin_s - pool.start_s) / pool.step_s, (end_s - pool.start_s) / pool.step_s
    k, m = min(max(int(from_k), 0), last), min(max(int(until_k), 0), last)
    f, g = from_k - k, until_k - m
    x0, y0 = area[X] + drift_x * (begin_s - u[REFERENCE]), area[Y] + drift_y * (begin_s - u[REFERENCE])
    x1, y1 = area[X] + drift_x * (end_s - u[REFERENCE]), area[Y] + drift_y * (end_s - u[REFERENCE])
    along, aside = cos(area[HEADING]), sin(area[HEADING])
    reach = hypot(a, b) * (1.0 + 2.0 * soft) + MARGIN_M
    left, right = min(x0, x1) - reach, max(x0, x1) + reach
    low, high = min(y0, y1) - reach, max(y0, y1) + reach
    found = 0.0
    for block in range(pool.bounds.shape[0]):
        bounds = pool.bounds[block]
        if bounds[1] < left or bounds[0] > right or bounds[3] < low or bounds[2] > high:
            continue
        for p in range(block * BLOCK, min((block + 1) * BLOCK, missed.size)):
            px = pool.x[k, p] + f * (pool.x[k + 1, p] - pool.x[k, p]) - x0
            py = pool.y[k, p] + f * (pool.y[k + 1, p] - pool.y[k, p]) - y0
            qx = pool.x[m, p] + g * (pool.x[m + 1, p] - pool.x[m, p]) - x1
            qy = pool.y[m, p] + g * (pool.y[m + 1, p] - pool.y[m, p]) - y1
            v0, v1 = (py * along - px * aside) * area[CREEP], (qy * along - qx * aside) * area[CREEP]
            # the front goes from -b to b; faster than half of it nothing is taken to run along with it
            closing = max(2.0 * b - (v1 - v0), 0.5 * b)
            when = (v0 + b) / closing
            across = 2.0 * min(when, 1.0 - when) / soft
            if across < -2.0:
                continue
            t = min(max(when, 0.0), 1.0)
            beside = abs((px * along + py * aside) * (1.0 - t) + (qx * along + qy * aside) * t)
            ahead = (1.0 - beside / a) / soft
            met = min(max(int(from_k + t * (until_k - from_k)), 0), last)
            if ahead < -2.0 or not pool.afloat[met, p]:
                continue
            coverage = fleet.widths[unit, pool.kind[p]] * track_m / (4.0 * a * b) * (2.0 * b / closing)
            share = erf(0.5 * sqrt(pi) * coverage * _inside(ahead) * _inside(across))
            found += missed[p] * share
            if keep:
                out[p] = -log(max(1.0 - share, SURE))
    return found


@njit(parallel=True, cache=True)
def exposures_of(fleet, pool, areas, how, out):  # type: ignore[no-untyped-def]
    """Exposures to all areas, (unit, particle)."""
    everything = np.ones(out.shape[1])
    for unit in prange(areas.shape[0]):
        found_by_area(fleet, pool, unit, areas[unit], how, everything, out[unit])


@njit(parallel=True, cache=True)
def _gradient(fleet, pool, areas, how, weight, exposures, gradient):  # type: ignore[no-untyped-def]
    """Of what all find together by each area's columns, in halves of its side, (unit, MOVED)."""
    total = exposures.sum(axis=0)
    for unit in prange(areas.shape[0]):
        missed = weight * np.exp(exposures[unit] - total)
        nothing = np.empty(0)
        area = areas[unit].copy()
        a, b = exp(area[ALONG]), exp(area[ACROSS])
        for column in range(MOVED):
            less = min(a, b)
            scale = less if column < HEADING else less / max(a, b) if column == HEADING else 1.0
            here = area[column]
            area[column] = here + DIFFERENCE * scale
            above = found_by_area(fleet, pool, unit, area, how, missed, nothing)
            area[column] = here - DIFFERENCE * scale
            below = found_by_area(fleet, pool, unit, area, how, missed, nothing)
            area[column] = here
            size = sqrt(a * b) if column < HEADING else 1.0
            gradient[unit, column] = (above - below) / (2.0 * DIFFERENCE * scale) * size


@dataclass(frozen=True)
class Ascent:
    """Areas as far as they came."""

    areas: Floats
    """(unit, 6)"""
    value: float
    """What they find together of the particles on which they were moved."""


def climbed(fleet: Fleet, pooled: Pooled, seed: int, *, turns: bool) -> Ascent:
    """Areas around particles drawn by their weight, moved uphill together (Adam, Kingma & Ba 2015)."""
    pool, weight = pooled.pool, pooled.weight
    areas = _drawn(fleet, pool, weight, np.random.default_rng(seed))
    exposures, gradient = np.zeros((len(areas), weight.size)), np.zeros((len(areas), MOVED))
    mean, square = np.zeros_like(gradient), np.zeros_like(gradient)
    for iteration in range(ITERATIONS):
        part = iteration / (ITERATIONS - 1)
        soft = SOFTEST * (FIRMEST / SOFTEST) ** part
        stride = FIRST_STRIDE * (LAST_STRIDE / FIRST_STRIDE) ** part
        exposures_of(fleet, pool, areas, (soft, turns), exposures)
        _gradient(fleet, pool, areas, (soft, turns), weight, exposures, gradient)
        mean += (1.0 - MEMORY) * (gradient - mean)
        square += (1.0 - MEMORY_OF_SQUARES) * (gradient**2 - square)
        root = np.sqrt(square / (1.0 - MEMORY_OF_SQUARES ** (iteration + 1)))
        step = stride * mean / (1.0 - MEMORY ** (iteration + 1)) / (root + SURE**2)
        size = np.exp(0.5 * (areas[:, ALONG] + areas[:, ACROSS]))[:, np.newaxis]
        areas[:, :HEADING] += size * step[:, :HEADING]
        areas[:, HEADING] += step[:, HEADING]
        areas[:, ALONG:CREEP] += np.clip(step[:, ALONG:], -LARGEST_STRETCH, LARGEST_STRETCH)
    return Ascent(areas, value_of_areas(fleet, pooled, areas, turns=turns))


def value_of_areas(fleet: Fleet, pooled: Pooled, areas: Floats, *, turns: bool) -> float:
    """What areas find together of particles of one's choice."""
    exposures = np.zeros((len(areas), pooled.weight.size))
    exposures_of(fleet, pooled.pool, areas, (FIRMEST, turns), exposures)
    return float(np.sum(pooled.weight * -np.expm1(-exposures.sum(axis=0))))


def _drawn(fleet: Fleet, pool: Pool, weight: Floats, random: np.random.Generator) -> Floats:
    count = len(fleet.units)
    areas = np.zeros((count, 6))
    middle = random.choice(weight.size, count, p=weight / weight.sum())
    k = pool.x.shape[0] // 2
    areas[:, X], areas[:, Y] = pool.x[k, middle], pool.y[k, middle]
    areas[:, HEADING] = random.uniform(0.0, pi, count)
    areas[:, CREEP] = random.choice((-1.0, 1.0), count)
    units = fleet.units
    hours_s = np.maximum(units[:, LEAVE_BY] - units[:, DEPARTS], SHORTEST_S)
    swept_m2 = 0.5 * units[:, WIDEST] * units[:, SPEED] * hours_s
    areas[:, ALONG:CREEP] = np.log(0.5 * np.sqrt(swept_m2 / BEGINNING_COVERAGE))[:, np.newaxis]
    return areas
