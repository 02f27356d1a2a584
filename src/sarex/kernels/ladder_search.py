"""A quick local search over ladders for a whole fleet, on a pool of particles.

A ladder is a row of numbers (`kernels.ladder`), its worth reckoned rung by rung (`kernels.ladder_front`).
Everything runs on one core without the interpreter's lock; several lines of search run side by side.
"""

from math import cos, exp, log, pi, sin, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarex.kernels.ladder import (
    BARREL,
    CLIPPED,
    CREEP,
    DENSE,
    FOLLOWS,
    GRADIENT,
    HEADING,
    LENGTH,
    ROUND,
    SHAPE_COLUMNS,
    SHEAR,
    SPACING,
    START_END,
    TAPER,
    X,
    Y,
)
from sarex.kernels.ladder_front import (
    DEPARTS,
    ENDURANCE_UNTIL,
    HEIGHT,
    LEAVE_BY,
    SEA,
    SPEED,
    WIDEST,
    Floats,
    flown,
    front_exposure,
)
from sarex.kernels.pattern import boxes_overlap

_CLIPPED_SHARE, _CLIPPING_CHANGED = 0.5, 0.05
"""Where something is closed, how often a ladder is drawn clipped to open water, and a move changes that."""


class Search(NamedTuple):
    """The state of a search: changed in place."""

    random: NDArray[np.uint64]
    shapes: Floats
    """(unit, SHAPE_COLUMNS)"""
    placed: NDArray[np.bool_]
    boxes: Floats
    """(unit, 4, 2)"""
    times: Floats
    """On scene from, until, (unit, 2)."""
    exposures: NDArray[np.float32]
    """(unit, particle)"""
    total: Floats
    """Sum of those, (particle,)."""


@njit(inline="always")
def _uniform(random):  # type: ignore[no-untyped-def]
    """Between 0 and 1: splitmix64 (Steele, Lea & Flood 2014)."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@njit(nogil=True, cache=True)
def _normal(random):  # type: ignore[no-untyped-def]
    return sqrt(-2.0 * log(_uniform(random))) * cos(2.0 * pi * _uniform(random))


@njit(nogil=True, cache=True)
def _below(random, count):  # type: ignore[no-untyped-def]
    return min(int(_uniform(random) * count), count - 1)


@njit(nogil=True, cache=True)
def _meets(fleet, search, unit, box, begin_s, end_s):  # type: ignore[no-untyped-def]
    """Whether an area would overlap that of another unit at the same height and time."""
    for other in range(search.placed.size):
        if other == unit or not search.placed[other]:
            continue
        if abs(fleet.units[other, HEIGHT] - fleet.units[unit, HEIGHT]) >= fleet.separation_m:
            continue
        apart = search.times[other, 0] > end_s + fleet.padding_s
        if apart or search.times[other, 1] < begin_s - fleet.padding_s:
            continue
        if boxes_overlap(box, search.boxes[other]):
            return True
    for i in range(fleet.others.shape[0]):
        area = fleet.others[i]
        if abs(area[10] - fleet.units[unit, HEIGHT]) >= fleet.separation_m:
            continue
        if area[8] > end_s + fleet.padding_s or area[9] < begin_s - fleet.padding_s:
            continue
        if boxes_overlap(box, area[:8].reshape(4, 2)):
            return True
    return False


@njit(nogil=True, cache=True)
def _somewhere(search, missed):  # type: ignore[no-untyped-def]
    """Number of a particle drawn by how likely it is still missed; -1 if none is."""
    total = np.sum(missed)
    if not total > 0.0:
        return -1
    left = _uniform(search.random) * total
    for p in range(missed.size):
        left -= missed[p]
        if left <= 0.0:
            return p
    return missed.size - 1


@njit(nogil=True, cache=True)
def _draw(fleet, pool, search, unit, missed, shape):  # type: ignore[no-untyped-def]
    """A ladder of plausible size around a particle that is likely still missed."""
    u, random = fleet.units[unit], search.random
    p = max(_somewhere(search, missed), 0)
    middle = pool.x.shape[0] // 2
    shape[X], shape[Y] = pool.x[middle, p], pool.y[middle, p]
    spacing = u[WIDEST] * exp(_uniform(random) * 1.6 - 0.7)
    track = u[SPEED] * max(0.6 * (min(u[LEAVE_BY], u[ENDURANCE_UNTIL]) - u[DEPARTS]), 600.0)
    side = max(sqrt(track * spacing), 2.0 * spacing)
    shape[LENGTH] = side * exp(0.3 + 0.5 * _normal(random))
    shape[SPACING] = spacing
    shape[HEADING] = _uniform(random) * pi
    shape[CREEP] = 1.0 if _uniform(random) < 0.5 else -1.0
    shape[START_END] = 1.0 if _uniform(random) < 0.5 else -1.0
    shape[FOLLOWS] = 1.0 if _uniform(random) < 0.8 else 0.0
    shape[TAPER:] = 0.0
    if _uniform(random) < fleet.round_share:
        shape[ROUND] = 1.0
        shape[LENGTH] = 0.0 if _uniform(random) < 0.4 else side * _uniform(random)
    elif _may_be_clipped(fleet, unit) and _uniform(random) < _CLIPPED_SHARE:
        shape[CLIPPED] = 1.0


@njit(inline="always")
def _may_be_clipped(fleet, unit):  # type: ignore[no-untyped-def]
    """Whether anything is closed at some time where a unit may search."""
    return fleet.units[unit, SEA] >= 0.0


@njit(nogil=True, cache=True)
def _move_round(random, scale, half, shape):  # type: ignore[no-untyped-def]
    """Change a rounded square a little."""
    draw = _uniform(random)
    if draw < 0.4:
        shape[X] += scale * half * _normal(random)
        shape[Y] += scale * half * _normal(random)
    elif draw < 0.6:
        shape[SPACING] *= exp(0.4 * scale * _normal(random))
    elif draw < 0.8:
        shape[LENGTH] = max(shape[LENGTH] + scale * half * _normal(random), 0.0)
        if _uniform(random) < 0.5:
            shape[SPACING] *= exp(0.3 * scale * _normal(random))
    elif draw < 0.88:
        shape[GRADIENT] = max(shape[GRADIENT] + 0.1 * scale * _normal(random), 0.0)
        shape[SPACING] *= exp(0.3 * scale * _normal(random))
    elif draw < 0.97:
        shape[HEADING] += 0.8 * scale * _normal(random)
    else:
        shape[FOLLOWS] = 1.0 - shape[FOLLOWS]


@njit(nogil=True, cache=True)
def _move(fleet, pool, search, unit, missed, scale, shape):  # type: ignore[no-untyped-def]
    """Change a ladder a little: moved, turned, stretched, respaced, or flown the other way round."""
    random = search.random
    draw = _uniform(random)
    ax, ay = cos(shape[HEADING]), sin(shape[HEADING])
    box = search.boxes[unit]
    half_a = 0.5 * sqrt((box[1, 0] - box[0, 0]) ** 2 + (box[1, 1] - box[0, 1]) ** 2)
    half_b = 0.5 * sqrt((box[2, 0] - box[1, 0]) ** 2 + (box[2, 1] - box[1, 1]) ** 2)
    if shape[ROUND] > 0.5:
        _move_round(random, scale, half_a, shape)
        return
    if _may_be_clipped(fleet, unit) and _uniform(random) < _CLIPPING_CHANGED:
        shape[CLIPPED] = 1.0 - shape[CLIPPED]
        return
    if _uniform(random) < 0.3:
        which = TAPER + _below(random, 5)
        shape[which] += scale * _normal(random) * (0.5 if which != SHEAR else 0.4)
        if which in (BARREL, DENSE):
            shape[which] = max(shape[which], 0.0)
        else:
            shape[which] = min(max(shape[which], -1.0), 1.0)
        if _uniform(random) < 0.5:
            shape[LENGTH] *= exp(0.2 * scale * _normal(random))
            shape[SPACING] *= exp(0.2 * scale * _normal(random))
        return
    if draw < 0.3:
        a, b = scale * half_a * _normal(random), scale * half_b * _normal(random)
        shape[X] += a * ax - b * ay
        shape[Y] += a * ay + b * ax
    elif draw < 0.42:
        shape[HEADING] += 0.6 * scale * _normal(random)
    elif draw < 0.6:
        # one end stays; the number of rungs follows from the time, so the sides may stay too
        more = shape[LENGTH] * (exp(0.5 * scale * _normal(random)) - 1.0)
        side = 0.5 if _uniform(random) < 0.5 else -0.5
        shape[X] += side * more * ax
        shape[Y] += side * more * ay
        if _uniform(random) < 0.5:
            shape[SPACING] *= (shape[LENGTH] + more) / shape[LENGTH]
        shape[LENGTH] += more
    elif draw < 0.8:
        factor = exp(0.4 * scale * _normal(random))
        side = float(_below(random, 3) - 1)
        more = side * half_b * (factor - 1.0)
        shape[SPACING] *= factor
        shape[X] -= more * ay
        shape[Y] += more * ax
    elif draw < 0.9:
        factor = exp(0.4 * scale * _normal(random))
        shape[LENGTH] *= factor
        shape[SPACING] /= factor
        shape[X] += 0.3 * scale * half_a * _normal(random)
        shape[Y] += 0.3 * scale * half_a * _normal(random)
    elif draw < 0.94:
        shape[LENGTH] *= 1.0 + 0.5 * _uniform(random) * shape[LENGTH] / max(
            4.0 * half_a * half_b / shape[SPACING], 1.0
        )
    elif draw < 0.97:
        which = _below(random, 4)
        if which == 0:
            shape[CREEP] = -shape[CREEP]
        elif which == 1:
            shape[START_END] = -shape[START_END]
        elif which == 2:
            shape[FOLLOWS] = 1.0 - shape[FOLLOWS]
        else:
            shape[HEADING] += 0.5 * pi
            shape[LENGTH] = max(2.0 * half_b, fleet.units[unit, WIDEST])
    else:
        p = _somewhere(search, missed)
        if p >= 0:
            middle = pool.x.shape[0] // 2
            shape[X], shape[Y] = pool.x[middle, p], pool.y[middle, p]


@njit(nogil=True, cache=True)
def _missed(search, weight, unit, missed):  # type: ignore[no-untyped-def]
    """Weight times the chance of being missed by every other unit, (particle,)."""
    for p in range(missed.size):
        missed[p] = weight[p] * exp(search.exposures[unit, p] - search.total[p])


@njit(nogil=True, cache=True)
def _accept(search, unit, out):  # type: ignore[no-untyped-def]
    for p in range(out.size):
        search.total[p] += out[p] - search.exposures[unit, p]
        search.exposures[unit, p] = out[p]


@njit(nogil=True, cache=True)
def clear(search, unit):  # type: ignore[no-untyped-def]
    """Take a unit out of the plan."""
    search.placed[unit] = False
    for p in range(search.total.size):
        search.total[p] -= search.exposures[unit, p]
        search.exposures[unit, p] = 0.0


@njit(nogil=True, cache=True)
def settle(fleet, pool, search, weight):  # type: ignore[no-untyped-def]
    """Exposures of all placed units on this pool, anew; returns what they find in all."""
    missed = np.empty(weight.size, np.float32)
    box = np.empty((4, 2))
    search.total[:] = 0.0
    value = 0.0
    for unit in range(search.placed.size):
        search.exposures[unit, :] = 0.0
        if not search.placed[unit]:
            continue
        legs = flown(fleet, unit, search.shapes[unit], box)
        if legs.shape[0] == 0:
            search.placed[unit] = False
            continue
        _missed(search, weight, unit, missed)
        spacing = search.shapes[unit, SPACING]
        value += front_exposure(fleet, pool, unit, spacing, legs, box, missed, search.exposures[unit])
        for p in range(search.total.size):
            search.total[p] += search.exposures[unit, p]
    return value


@njit(nogil=True, cache=True)
def open_with(fleet, pool, search, weight, unit, shape):  # type: ignore[no-untyped-def]
    """Place a unit with a given shape, if it can be flown there beside the others."""
    box = np.empty((4, 2))
    legs = flown(fleet, unit, shape, box)
    if legs.shape[0] == 0 or _meets(fleet, search, unit, box, legs[0, 4], legs[-1, 5]):
        return
    missed, out = np.empty(weight.size, np.float32), np.empty(weight.size, np.float32)
    _missed(search, weight, unit, missed)
    front_exposure(fleet, pool, unit, shape[SPACING], legs, box, missed, out)
    _accept(search, unit, out)
    search.placed[unit] = True
    search.shapes[unit], search.boxes[unit] = shape, box
    search.times[unit, 0], search.times[unit, 1] = legs[0, 4], legs[-1, 5]


@njit(nogil=True, cache=True)
def place(fleet, pool, search, weight, unit, tries):  # type: ignore[no-untyped-def]
    """Give a unit the best of many drawn ladders."""
    missed, out = np.empty(weight.size, np.float32), np.empty(weight.size, np.float32)
    nothing = np.empty(0, np.float32)
    shape, box = np.empty(SHAPE_COLUMNS), np.empty((4, 2))
    _missed(search, weight, unit, missed)
    best = 0.0
    for _ in range(tries):
        _draw(fleet, pool, search, unit, missed, shape)
        legs = flown(fleet, unit, shape, box)
        if legs.shape[0] == 0 or _meets(fleet, search, unit, box, legs[0, 4], legs[-1, 5]):
            continue
        gain = front_exposure(fleet, pool, unit, shape[SPACING], legs, box, missed, nothing)
        if gain > best:
            best = gain
            search.shapes[unit] = shape
            search.boxes[unit] = box
            search.times[unit, 0], search.times[unit, 1] = legs[0, 4], legs[-1, 5]
            search.placed[unit] = True
    if search.placed[unit]:
        legs = flown(fleet, unit, search.shapes[unit], box)
        front_exposure(fleet, pool, unit, search.shapes[unit, SPACING], legs, box, missed, out)
        _accept(search, unit, out)


@njit(nogil=True, cache=True)
def improve(fleet, pool, search, weight, unit, moves, scale):  # type: ignore[no-untyped-def]
    """Try moves of one unit's ladder and keep those that help; returns what the unit adds."""
    missed, out = np.empty(weight.size, np.float32), np.empty(weight.size, np.float32)
    nothing = np.empty(0, np.float32)
    shape, box = np.empty(SHAPE_COLUMNS), np.empty((4, 2))
    _missed(search, weight, unit, missed)
    legs = flown(fleet, unit, search.shapes[unit], box)
    if legs.shape[0] == 0:
        clear(search, unit)
        return 0.0
    changed = False
    best = front_exposure(fleet, pool, unit, search.shapes[unit, SPACING], legs, box, missed, nothing)
    for _ in range(moves):
        shape[:] = search.shapes[unit]
        _move(fleet, pool, search, unit, missed, scale, shape)
        legs = flown(fleet, unit, shape, box)
        if legs.shape[0] == 0 or _meets(fleet, search, unit, box, legs[0, 4], legs[-1, 5]):
            continue
        gain = front_exposure(fleet, pool, unit, shape[SPACING], legs, box, missed, nothing)
        if gain > best:
            best, changed = gain, True
            search.shapes[unit] = shape
            search.boxes[unit] = box
            search.times[unit, 0], search.times[unit, 1] = legs[0, 4], legs[-1, 5]
    if changed:
        legs = flown(fleet, unit, search.shapes[unit], box)
        front_exposure(fleet, pool, unit, search.shapes[unit, SPACING], legs, box, missed, out)
        _accept(search, unit, out)
    return best
