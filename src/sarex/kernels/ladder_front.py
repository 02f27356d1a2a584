"""How much a ladder finds, quickly: every rung as one pass in relative motion.

A particle keeps its velocity while a rung goes by: its lateral range x follows from where it is in the
middle of the rung's time, corrected for how it moves until the craft is abeam, and gives the exposure
W^2 / (4 pi x^2), fading at the ends of the rung (Koopman's inverse-cube law for a piece of track). That is
some ten times as fast as the exact reckoning interval by interval and good to some tenths of a point; it
steers the search (`kernels.ladder_search`), and what the search finds is reckoned exactly afterwards
(`planning.fleet_search`).
"""

from math import floor, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarex.kernels.ladder import CLIPPED, FOLLOWS, GRADIENT, HEADING, ROUND, SPACING, X, Y, legs_within
from sarex.kernels.ladder_clip import clipped_within
from sarex.kernels.ladder_closed import closure_met
from sarex.kernels.pattern import oriented_box

Floats = NDArray[np.float64]

(
    START_X, START_Y, HOME_X, HOME_Y, DEPARTS, SEARCH_FROM, LEAVE_BY, ENDURANCE_UNTIL, TRANSIT_SPEED, SPEED,
    RADIUS, WIDEST, HEIGHT, REFERENCE, OUT, HOME, SEA,
) = range(17)  # fmt: skip
"""Columns of a unit; OUT and HOME are the numbers of its rasters of ways, -1 where every way is straight, SEA
that of the rasters to which its ladders may be clipped, -1 where all is open."""
UNIT_COLUMNS = 17
CLOSURE_COLUMNS = 6
OTHER_COLUMNS = 11
BLOCK = 128
_FAST = {"nsz", "nnan", "ninf", "contract", "reassoc"}
_TOLERANCE_M = 200.0
"""Chords of rounded squares lie no farther off their arcs, for the search."""
_NEAR_WIDTHS = 2.0
"""Rungs farther than so many sweep widths and one spacing are not looked at."""


class Pool(NamedTuple):
    """A part of the particles, neighbours next to each other."""

    start_s: float
    step_s: float
    x: NDArray[np.float32]
    """(time, particle)"""
    y: NDArray[np.float32]
    afloat: NDArray[np.bool_]
    worth: NDArray[np.float32]
    """What finding a particle at an instant counts, (time, particle) or (1, particle) if always the same."""
    kind: NDArray[np.int16]
    """(particle,)"""
    bounds: NDArray[np.float32]
    """Extent of each block over all time, (block, 4): x from, to, y from, to."""
    bounds_at: NDArray[np.float32]
    """And at each instant, (block, time, 4)."""


class Fleet(NamedTuple):
    """The units and what is closed to them."""

    units: Floats
    """(unit, UNIT_COLUMNS)"""
    widths: Floats
    """Sweep width against each kind of particle, (unit, kind)."""
    closures: Floats
    """What is closed to each unit, (unit, closure, CLOSURE_COLUMNS): number of its raster, -1 for none; from
    when until when; 1 if areas must keep out too, and a point of it. The first is land and shoals."""
    closed: NDArray[np.uint8]
    """Rasters of what may not be searched, (raster, row, column)."""
    closed_at: Floats
    """x0, y0, cell of those, (raster, 3)."""
    seas: NDArray[np.uint8]
    """Rasters of all that is closed at some time of a unit's search, (sea, row, column)."""
    room_m: NDArray[np.float32]
    """How far danger areas are at least, below zero on land and shoals, (sea, row, column)."""
    seas_at: Floats
    """x0, y0, cell of those, (sea, 3)."""
    ways: NDArray[np.float32]
    """Length of the way from a start or to a home, (raster, row, column); inf where there is none."""
    ways_at: Floats
    """x0, y0, cell of those, (3,)."""
    drift: Floats
    """Mean drift in cells, (row, column, 2)."""
    drift_at: Floats
    """x0, y0, width, height of that."""
    separation_m: float
    """Nearer in height, areas may not overlap."""
    search_share: float
    round_share: float
    """How often a rounded square is tried instead of a ladder."""
    least_pad_m: float
    """Areas reach at least so far beyond the legs."""
    padding_s: float
    """Two units meet if both are on scene within so much of each other."""
    others: Floats
    """Areas of units that stay as they are, (area, OTHER_COLUMNS): corners x, y; on scene from, until;
    height."""


@njit(nogil=True, cache=True)
def _way_m(fleet, raster, anchor_x, anchor_y, x, y):  # type: ignore[no-untyped-def]
    """Length of the way between an anchor and a place: straight, or by the raster if something is closed."""
    straight = sqrt((x - anchor_x) ** 2 + (y - anchor_y) ** 2)
    if raster < 0:
        return straight
    # numba reads math.floor as a whole number, as Python does
    column = floor((x - fleet.ways_at[0]) / fleet.ways_at[2])
    row = floor((y - fleet.ways_at[1]) / fleet.ways_at[2])
    if not (0 <= row < fleet.ways.shape[1] and 0 <= column < fleet.ways.shape[2]):
        return np.inf
    return max(straight, np.float64(fleet.ways[raster, row, column]))


@njit(nogil=True, cache=True)
def drift_at(fleet, x, y):  # type: ignore[no-untyped-def]
    rows, columns = fleet.drift.shape[0], fleet.drift.shape[1]
    column = min(max(int((x - fleet.drift_at[0]) / fleet.drift_at[2] * columns), 0), columns - 1)
    row = min(max(int((y - fleet.drift_at[1]) / fleet.drift_at[3] * rows), 0), rows - 1)
    return fleet.drift[row, column, 0], fleet.drift[row, column, 1]


@njit(nogil=True, cache=True)
def _timed(fleet, unit, shape, from_s, until_s):  # type: ignore[no-untyped-def]
    """Timed legs (leg, 7) of a shape flown with as much of some hours as the ways leave; none if nothing."""
    u = fleet.units[unit]
    nothing = np.empty((0, 7))
    drift_x, drift_y = 0.0, 0.0
    if shape[FOLLOWS] > 0.5:
        drift_x, drift_y = drift_at(fleet, shape[X], shape[Y])
    first_x, first_y, last_x, last_y = shape[X], shape[Y], shape[X], shape[Y]
    legs = nothing
    for attempt in range(3):
        # the middle of a clipped ladder may be closed: at first as if all ways were straight
        straight = attempt == 0 and shape[CLIPPED] > 0.5
        out_m = _way_m(fleet, -1 if straight else int(u[OUT]), u[START_X], u[START_Y], first_x, first_y)
        back_m = _way_m(fleet, -1 if straight else int(u[HOME]), u[HOME_X], u[HOME_Y], last_x, last_y)
        if not (out_m < np.inf and back_m < np.inf):
            return nothing
        begin_s = max(u[DEPARTS] + out_m / u[TRANSIT_SPEED], from_s)
        leave_s = min(until_s, u[ENDURANCE_UNTIL] - back_m / u[TRANSIT_SPEED])
        end_s = begin_s + fleet.search_share * (leave_s - begin_s)
        if end_s <= begin_s:
            return nothing
        sea = int(u[SEA])
        if shape[CLIPPED] > 0.5 and sea >= 0:
            legs = clipped_within(
                shape, (fleet.seas[sea], fleet.room_m[sea], fleet.seas_at[sea]),
                max(0.5 * shape[SPACING], fleet.least_pad_m), u[WIDEST], drift_x, drift_y, u[REFERENCE],
                begin_s, end_s, u[SPEED], u[RADIUS],
            )  # fmt: skip
        else:
            legs = legs_within(
                shape, _TOLERANCE_M, u[WIDEST], drift_x, drift_y, u[REFERENCE], begin_s, end_s, u[SPEED],
                u[RADIUS],
            )  # fmt: skip
        if legs.shape[0] == 0:
            return nothing
        moved = abs(legs[0, 0] - first_x) + abs(legs[0, 1] - first_y)
        moved += abs(legs[-1, 2] - last_x) + abs(legs[-1, 3] - last_y)
        first_x, first_y, last_x, last_y = legs[0, 0], legs[0, 1], legs[-1, 2], legs[-1, 3]
        if attempt > 0 and moved < 200.0:
            break
    return legs


@njit(nogil=True, cache=True)
def _fill_box(fleet, shape, legs, box):  # type: ignore[no-untyped-def]
    """The rectangle that holds the searching and its margin, corners (4, 2)."""
    pad = 0.5 * shape[SPACING]
    if shape[ROUND] > 0.5 and shape[GRADIENT] > 0.0:
        # half the mean spacing of loops that widen: no more than the rectangle's area over their length
        box[:] = oriented_box(legs, shape[HEADING], 0.0)
        along = sqrt((box[1, 0] - box[0, 0]) ** 2 + (box[1, 1] - box[0, 1]) ** 2)
        across = sqrt((box[2, 0] - box[1, 0]) ** 2 + (box[2, 1] - box[1, 1]) ** 2)
        length = 0.0
        for i in range(legs.shape[0]):
            length += sqrt((legs[i, 2] - legs[i, 0]) ** 2 + (legs[i, 3] - legs[i, 1]) ** 2)
        pad = max(pad, 0.5 * along * across / max(length - along - across, 1.0))
    box[:] = oriented_box(legs, shape[HEADING], max(pad, fleet.least_pad_m))


@njit(nogil=True, cache=True)
def flown(fleet, unit, shape, box):  # type: ignore[no-untyped-def]
    """Timed legs (leg, 7) of a shape flown with the time the unit has; none if it cannot be.

    Where a danger area closes it for a time, it is flown before or after, whichever lasts longer. Fills `box`
    (4, 2) with the corners of the rectangle that holds the searching and its margin.
    """
    nothing = np.empty((0, 7))
    from_s, until_s = fleet.units[unit, SEARCH_FROM], fleet.units[unit, LEAVE_BY]
    legs = _timed(fleet, unit, shape, from_s, until_s)
    if legs.shape[0] == 0:
        return nothing
    _fill_box(fleet, shape, legs, box)
    met = closure_met(fleet, unit, shape, legs, box)
    if met >= 0:
        since_s, ends_s = fleet.closures[unit, met, 1], fleet.closures[unit, met, 2]
        before = _timed(fleet, unit, shape, from_s, since_s) if since_s > from_s else nothing
        after = _timed(fleet, unit, shape, ends_s, until_s) if ends_s < until_s else nothing
        legs = nothing
        for trial in (before, after):
            longer = trial.shape[0] > 0 and (
                legs.shape[0] == 0 or trial[-1, 5] - trial[0, 4] > legs[-1, 5] - legs[0, 4]
            )
            if longer:
                _fill_box(fleet, shape, trial, box)
                if closure_met(fleet, unit, shape, trial, box) < 0:
                    legs = trial
        if legs.shape[0] > 0:
            _fill_box(fleet, shape, legs, box)
    return legs


@njit(inline="always", fastmath=_FAST, error_model="numpy")
def _add_pass(x0, y0, x1, y1, at, ax, ay, ux, uy, half, per_speed, width2, exposure):  # type: ignore[no-untyped-def]
    """Add a rung to a block of particles.

    x0, y0, x1, y1: particles at the instants around the rung's middle, (particle,); at: fraction of that
    interval; (ax, ay): middle of the rung, (ux, uy) its direction, half its length; per_speed: interval per
    speed of the craft, m of particle's step to m of lateral change for each m along; width2: W^2 / (4 pi).
    """
    for i in range(exposure.size):
        dx, dy = x1[i] - x0[i], y1[i] - y0[i]
        rx, ry = x0[i] + at * dx - ax, y0[i] + at * dy - ay
        along = rx * ux + ry * uy
        # where it is when the craft is abeam
        x = ry * ux - rx * uy + (dy * ux - dx * uy) * (along * per_speed)
        x2 = x * x + np.float32(1.0)
        ahead, behind = half - along, half + along
        ends = ahead / np.sqrt(x2 + ahead * ahead) + behind / np.sqrt(x2 + behind * behind)
        exposure[i] += np.float32(0.5) * width2[i] * ends / x2


@njit(inline="always", fastmath=_FAST, error_model="numpy")
def _found_of_block(exposure, missed):  # type: ignore[no-untyped-def]
    """Sum of missed x (1 - exp(-exposure)), the exponential as (1 - e / 1024) to the power of 1024."""
    total = np.float32(0.0)
    for i in range(exposure.size):
        left = max(np.float32(1.0) - exposure[i] * np.float32(1.0 / 1024.0), np.float32(0.0))
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        left *= left
        total += missed[i] * (np.float32(1.0) - left)
    return total


@njit(nogil=True, cache=True)
def _fill_rungs(pool, legs, rungs):  # type: ignore[no-untyped-def]
    """What is needed of each searching leg, (leg, 10).

    For `_add_pass`: interval, fraction of it, middle, direction, half the length, and pace. The instants
    before it begins and after it ends.
    """
    last = pool.x.shape[0] - 2
    count = 0
    for i in range(legs.shape[0]):
        if legs[i, 6] == 0.0:
            continue
        dx, dy = legs[i, 2] - legs[i, 0], legs[i, 3] - legs[i, 1]
        length = sqrt(dx * dx + dy * dy)
        at = (0.5 * (legs[i, 4] + legs[i, 5]) - pool.start_s) / pool.step_s
        k = min(max(int(at), 0), last)
        rungs[count, 0], rungs[count, 1] = k, at - k
        rungs[count, 2], rungs[count, 3] = 0.5 * (legs[i, 0] + legs[i, 2]), 0.5 * (legs[i, 1] + legs[i, 3])
        rungs[count, 4], rungs[count, 5] = dx / length, dy / length
        rungs[count, 6] = 0.5 * length
        rungs[count, 7] = (legs[i, 5] - legs[i, 4]) / (pool.step_s * length)
        rungs[count, 8] = min(max(int((legs[i, 4] - pool.start_s) / pool.step_s), 0), last)
        rungs[count, 9] = min(max(int((legs[i, 5] - pool.start_s) / pool.step_s), 0), last) + 1
        count += 1
    return count


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def front_exposure(fleet, pool, unit, spacing, legs, box, missed, out):  # type: ignore[no-untyped-def]
    """What a unit finds of the particles still missed.

    legs and box: from `flown`; missed: weight times chance of being missed by the others, (particle,)
    float32; out: exposures (particle,), filled if its size is that of the pool.

    Returns:
        sum of missed x worth x (1 - exp(-exposure))
    """
    rungs = np.empty((legs.shape[0], 10))
    count = _fill_rungs(pool, legs, rungs)
    keep = out.size == missed.size
    near = _NEAR_WIDTHS * fleet.widths[unit].max() + spacing
    width2 = np.empty(BLOCK, np.float32)
    exposure = np.empty(BLOCK, np.float32)
    x_low, x_high = box[:, 0].min() - near, box[:, 0].max() + near
    y_low, y_high = box[:, 1].min() - near, box[:, 1].max() + near
    middle = int(0.5 * (rungs[0, 0] + rungs[count - 1, 0]))
    worth = pool.worth[min(middle, pool.worth.shape[0] - 1)]
    total = 0.0
    for block in range(pool.bounds.shape[0]):
        start, stop = block * BLOCK, min((block + 1) * BLOCK, missed.size)
        bounds = pool.bounds[block]
        if bounds[1] < x_low or bounds[0] > x_high or bounds[3] < y_low or bounds[2] > y_high:
            if keep:
                out[start:stop] = 0.0
            continue
        size = stop - start
        here = exposure[:size]
        here[:] = 0.0
        for i in range(size):
            width2[i] = pool_width(fleet, unit, pool, start + i)
        at = pool.bounds_at[block]
        for rung in range(count):
            # particles move nearly straight while a leg is flown: where they begin and end holds them
            one, two = at[int(rungs[rung, 8])], at[int(rungs[rung, 9])]
            left, right = min(one[0], two[0]), max(one[1], two[1])
            low, high = min(one[2], two[2]), max(one[3], two[3])
            cx, cy, ex, ey = (
                0.5 * (left + right),
                0.5 * (low + high),
                0.5 * (right - left),
                0.5 * (high - low),
            )
            ux, uy = rungs[rung, 4], rungs[rung, 5]
            lateral = abs((cy - rungs[rung, 3]) * ux - (cx - rungs[rung, 2]) * uy)
            along = abs((cx - rungs[rung, 2]) * ux + (cy - rungs[rung, 3]) * uy)
            aside, ahead = ey * abs(ux) + ex * abs(uy), ex * abs(ux) + ey * abs(uy)
            if lateral > near + aside or along > near + ahead + rungs[rung, 6]:
                continue
            k = int(rungs[rung, 0])
            _add_pass(
                pool.x[k, start:stop], pool.y[k, start:stop],
                pool.x[k + 1, start:stop], pool.y[k + 1, start:stop],
                np.float32(rungs[rung, 1]), np.float32(rungs[rung, 2]), np.float32(rungs[rung, 3]),
                np.float32(ux), np.float32(uy), np.float32(rungs[rung, 6]), np.float32(rungs[rung, 7]),
                width2[:size], here,
            )  # fmt: skip
        for i in range(size):
            if not pool.afloat[middle, start + i]:
                here[i] = 0.0
        if keep:
            out[start:stop] = here
        for i in range(size):
            width2[i] = missed[start + i] * worth[start + i]
        total += _found_of_block(here, width2[:size])
    return total


@njit(inline="always")
def pool_width(fleet, unit, pool, particle):  # type: ignore[no-untyped-def]
    """W^2 / (4 pi) against a particle."""
    width = fleet.widths[unit, pool.kind[particle]]
    return np.float32(width * width / (4.0 * pi))
