"""Ladders clipped to open water: each leg is flown only where it lies clear of land, shoals and danger areas.

A ladder whose area reaches over a coast or into a danger area keeps, of each leg, the longest piece in open
water, and leaves out legs with too little of it. What stays is an irregular area with legs of the spacing and
direction of the whole ladder. The time saved goes into more legs. From danger areas legs keep half a spacing,
as they do from every edge of what a crew is to search; a coast is no such edge.
"""

from math import cos, floor, sin

import numpy as np
from numba import njit

from sarex.kernels.ladder import (
    CREEP,
    HEADING,
    LENGTH,
    MOST_RUNGS,
    SHEAR,
    SPACING,
    START_END,
    X,
    Y,
    across_of,
    is_sound,
    rung_of,
    side_of,
    speed_in_frame,
    stride_of,
    turn_time,
)
from sarex.kernels.obstacle import line_is_clear
from sarex.kernels.pattern import turn_length

_MARGIN_CELLS = 1.0
"""A clipped end keeps so far from what is closed: the ladder drifts while the leg is on its way there."""
_MOST_FITTINGS = 8
_FEW_RUNGS = 3
"""Of so few rungs none between them may be left out, of more fewer than half: else the legs lie farther apart
than the ladder says, and the spacing that crews are told is wrong."""


@njit(nogil=True, cache=True)
def open_run(room_m, at, keep_m, x, y, dx, dy, length):  # type: ignore[no-untyped-def]
    """The longest open piece of a line, as distances from its start; off the raster all is closed.

    Open are the cells of `room_m` with at least `keep_m`; `at`: x0, y0, cell of the raster; (x, y): start;
    (dx, dy): metres over the ground for each of `length`. Every cell on the way is visited (Amanatides &
    Woo). (0, 0) if nothing is open.
    """
    rows, columns = room_m.shape
    x0, y0, cell = at
    fx, fy, vx, vy = (x - x0) / cell, (y - y0) / cell, dx / cell, dy / cell
    # numba reads math.floor as a whole number, as Python does
    column, row = floor(fx), floor(fy)
    step_x, step_y = (1 if vx > 0.0 else -1), (1 if vy > 0.0 else -1)
    delta_x = abs(1.0 / vx) if vx != 0.0 else np.inf
    delta_y = abs(1.0 / vy) if vy != 0.0 else np.inf
    next_x = (column + (1 if vx > 0.0 else 0) - fx) / vx if vx != 0.0 else np.inf
    next_y = (row + (1 if vy > 0.0 else 0) - fy) / vy if vy != 0.0 else np.inf
    best_from, best_to, begun, here = 0.0, 0.0, 0.0, 0.0
    while here < length:
        ahead = min(next_x, next_y, length)
        inside = 0 <= row < rows and 0 <= column < columns
        if not inside or room_m[row, column] < keep_m:
            begun = ahead
        elif ahead - begun > best_to - best_from:
            best_from, best_to = begun, ahead
        here = ahead
        if next_x < next_y:
            next_x += delta_x
            column += step_x
        else:
            next_y += delta_y
            row += step_y
    first = best_from + (_MARGIN_CELLS * cell if best_from > 0.0 else 0.0)
    last = best_to - (_MARGIN_CELLS * cell if best_to < length else 0.0)
    return first, max(last, first)


@njit(nogil=True, cache=True)
def clipped_within(  # type: ignore[no-untyped-def]
    shape, sea, keep_m, widest, drift_x, drift_y, reference_s, begin_s, end_s, speed, radius
):
    """Timed legs (leg, 7) of as many rungs as fit when clipped to open water; none if none does.

    `sea`: raster of what is closed; raster of how far danger areas are at least, in metres, below zero on
    land and shoals; x0, y0, cell of both. Legs keep `keep_m` from danger areas. Rungs with less than `widest`
    of open water are left out.
    """
    best = np.empty((0, 7))
    if not is_sound(shape) or shape[LENGTH] < widest or end_s <= begin_s:
        return best
    time_s = end_s - begin_s
    whole_s = shape[LENGTH] / speed + turn_length(shape[SPACING], radius) / speed
    rungs, fits, too_many = min(max(int(time_s / whole_s), 1), MOST_RUNGS), 0, MOST_RUNGS + 1
    for _ in range(_MOST_FITTINGS):
        legs = _clipped_legs(
            shape, rungs, sea, keep_m, widest, drift_x, drift_y, reference_s, begin_s, speed, radius
        )
        taken_s = legs[-1, 5] - begin_s if legs.shape[0] > 0 else 0.0
        if taken_s <= time_s:
            fits = rungs
            if legs.shape[0] > 0:
                best = legs
        else:
            too_many = rungs
        if too_many - fits <= 1:
            break
        likely = int(rungs * time_s / taken_s) if taken_s > 0.0 else 2 * rungs
        rungs = min(max(likely, fits + 1), too_many - 1, 2 * rungs)
    return best


@njit(nogil=True, cache=True)
def _clipped_legs(  # type: ignore[no-untyped-def]
    shape, rungs, sea, keep_m, widest, drift_x, drift_y, reference_s, begin_s, speed, radius
):
    """As `kernels.ladder.ladder_legs`, with every rung clipped."""
    closed, room_m, at = sea
    legs = np.zeros((3 * rungs, 7))
    stride = stride_of(rungs, shape[SPACING], radius)
    ax, ay = cos(shape[HEADING]), sin(shape[HEADING])
    bx, by = -ay * shape[CREEP], ax * shape[CREEP]
    width = 0.5 * rungs * shape[SPACING]
    at_s, count, sense = begin_s, 0, shape[START_END]
    across_before, end_before = 0.0, 0.0
    kept, lowest, highest = 0, rungs, -1
    for index in range(rungs):
        in_frame = speed_in_frame(sense * ax, sense * ay, drift_x, drift_y, speed)
        if in_frame <= 0.0:
            return legs[:0]
        rung = rung_of(index, rungs, stride)
        across = across_of(shape, (2.0 * rung + 1.0) / rungs - 1.0)
        length = side_of(shape, across) * shape[LENGTH]
        b, begun = width * across, shape[SHEAR] * width * across - 0.5 * sense * length
        step = width * (across - across_before)
        there_s = at_s
        if count > 0:
            there_s += _turn_s(begun - end_before, step, shape, drift_x, drift_y, speed, radius)
        dx, dy = sense * ax + drift_x / in_frame, sense * ay + drift_y / in_frame
        shift = there_s - reference_s
        x = shape[X] + begun * ax + b * bx + drift_x * shift
        y = shape[Y] + begun * ay + b * by + drift_y * shift
        first, last = open_run(room_m, at, keep_m, x, y, dx, dy, length)
        if last - first < widest:
            continue
        begun += sense * first
        if count > 0:
            at_s += _turn_s(begun - end_before, step, shape, drift_x, drift_y, speed, radius)
        shift = at_s - reference_s
        x = shape[X] + begun * ax + b * bx + drift_x * shift
        y = shape[Y] + begun * ay + b * by + drift_y * shift
        if count > 0:
            on = begun - end_before
            along_s = turn_time(0.0, on, 0.0, shape, drift_x, drift_y, speed)
            across_s = turn_time(0.0, 0.0, step, shape, drift_x, drift_y, speed)
            way = on * ax, on * ay, on * sense > 0.0, (along_s, across_s)
            count = _add_way(legs, count, (closed, at[0], at[1], at[2]), x, y, at_s, way, drift_x, drift_y)
        length = last - first
        duration = length / in_frame
        legs[count, 6] = 1.0
        count = _add(legs, count, x, y, at_s, x + dx * length, y + dy * length, at_s + duration)
        at_s += duration
        across_before, end_before, sense = across, begun + sense * length, -sense
        kept, lowest, highest = kept + 1, min(lowest, rung), max(highest, rung)
    between = highest - lowest + 1 - kept
    if between > 0 and (kept <= _FEW_RUNGS or 2 * between >= kept - 1):
        return legs[:0]
    return legs[:count]


@njit(nogil=True, cache=True)
def _add_way(legs, count, land, x, y, at_s, way, drift_x, drift_y):  # type: ignore[no-untyped-def]
    """Write the way from the end of the last rung to (x, y), there at `at_s`; returns the new count.

    Where something closed lies between them it has a corner: back along the last rung and then across, or
    across and then out along the next rung, whichever of the two reaches farther out. `land`: raster, x0, y0,
    cell; `way`: along the heading in the frame, (x, y), whether the last rung reaches farther, times along
    and across.
    """
    closed, x0, y0, cell = land
    along_x, along_y, from_last, pieces_s = way
    from_x, from_y, from_s = legs[count - 1, 2], legs[count - 1, 3], legs[count - 1, 5]
    if not line_is_clear(closed, x0, y0, cell, from_x, from_y, x, y):
        along_s, across_s = pieces_s
        share = (along_s if from_last else across_s) / max(along_s + across_s, 1.0)
        corner_s = from_s + share * (at_s - from_s)
        if from_last:
            corner_x = from_x + along_x + drift_x * (corner_s - from_s)
            corner_y = from_y + along_y + drift_y * (corner_s - from_s)
        else:
            corner_x = x - along_x - drift_x * (at_s - corner_s)
            corner_y = y - along_y - drift_y * (at_s - corner_s)
        count = _add(legs, count, from_x, from_y, from_s, corner_x, corner_y, corner_s)
        from_x, from_y, from_s = corner_x, corner_y, corner_s
    return _add(legs, count, from_x, from_y, from_s, x, y, at_s)


@njit(inline="always")
def _add(legs, count, from_x, from_y, from_s, x, y, at_s):  # type: ignore[no-untyped-def]
    legs[count, 0], legs[count, 1], legs[count, 2], legs[count, 3] = from_x, from_y, x, y
    legs[count, 4], legs[count, 5] = from_s, at_s
    return count + 1


@njit(inline="always")
def _turn_s(on, step, shape, drift_x, drift_y, speed, radius):  # type: ignore[no-untyped-def]
    """Time from the end of a rung to the beginning of another, `on` along and `step` across.

    At least that of either way round the corner between them, along and across, at the search speed.
    """
    turn = turn_length(abs(step), radius) + abs(on)
    pieces_s = turn_time(0.0, on, 0.0, shape, drift_x, drift_y, speed)
    pieces_s += turn_time(0.0, 0.0, step, shape, drift_x, drift_y, speed)
    return max(turn / speed, pieces_s)
