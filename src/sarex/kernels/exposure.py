"""How strongly a search has looked at each particle: Koopman's inverse-cube law in relative motion.

A look at range r detects at the rate a / r^3 with a = v W^2 / (8 pi) for search speed v and sweep width W
(Koopman 1946, OEG Report 56). Along a straight piece of relative motion at speed u, from s1 to s2 measured
from the closest point at lateral range x,

    exposure = a / (u x^2) * [ s / sqrt(x^2 + s^2) ]  from s1 to s2,

and the search misses with exp(-exposure). Exposures of pieces, legs and units add. An infinite straight
pass over a resting particle has W^2 / (4 pi x^2).

Particles come as (time, particle) on a uniform time axis and move straight between its instants; a
particle is looked at between two instants only if it is afloat at both. Blocks of 128 particles that are
all farther from a piece of track than `reach` sweep widths are skipped (reach 0: never).

The kernels run on one core and release the interpreter's lock: the planner runs several of its lines of
search side by side, which needs no meeting of threads every millisecond.
"""

import numpy as np
from numba import njit

BLOCK = 128
# No contraction, reassociation or approximate division: the same bits wherever and whenever compiled.
_FAST = {"nsz", "nnan", "ninf"}
_MOMENT_S = 2.0
"""Pieces of track shorter than this are taken as one moment."""
_CLOSEST_M2 = np.float32(1.0)
"""Floor of x^2: passing within a metre is certain detection for any sweep width that matters."""


@njit(cache=True)
def bounds_of_blocks(x, y, afloat):  # type: ignore[no-untyped-def]
    """Extents (block, interval, 4) of every block's particles afloat in every interval; empty if none is."""
    times, particles = x.shape
    blocks = (particles + BLOCK - 1) // BLOCK
    bounds = np.empty((blocks, times - 1, 4), np.float32)
    for block in range(blocks):
        for k in range(times - 1):
            x_min, x_max, y_min, y_max = np.inf, -np.inf, np.inf, -np.inf
            for i in range(block * BLOCK, min((block + 1) * BLOCK, particles)):
                if afloat[k, i] and afloat[k + 1, i]:
                    x_min = min(x_min, x[k, i], x[k + 1, i])
                    x_max = max(x_max, x[k, i], x[k + 1, i])
                    y_min = min(y_min, y[k, i], y[k + 1, i])
                    y_max = max(y_max, y[k, i], y[k + 1, i])
            bounds[block, k, 0] = x_min
            bounds[block, k, 1] = x_max
            bounds[block, k, 2] = y_min
            bounds[block, k, 3] = y_max
    return bounds


@njit(fastmath=_FAST, error_model="numpy")
def _add_piece(x0, y0, x1, y1, from_s, to_s, ax, ay, bx, by, factor, width2, exposure):  # type: ignore[no-untyped-def]
    """Add a piece of track to a block.

    x0, y0, x1, y1: particles at the instants around the piece, (particle,); from_s, to_s: fractions of
    that interval; (ax, ay) to (bx, by): the unit; factor: v / (8 pi) times the duration of the piece.
    """
    for i in range(exposure.size):
        dx, dy = x1[i] - x0[i], y1[i] - y0[i]
        rx, ry = ax - x0[i] - from_s * dx, ay - y0[i] - from_s * dy
        ux, uy = bx - x0[i] - to_s * dx - rx, by - y0[i] - to_s * dy - ry
        length2 = ux * ux + uy * uy + np.float32(1e-6)
        length = np.sqrt(length2)
        cross = rx * uy - ry * ux
        x2 = max(cross * cross / length2, _CLOSEST_M2)
        s1 = (rx * ux + ry * uy) / length
        s2 = s1 + length
        r1, r2 = np.sqrt(x2 + s1 * s1), np.sqrt(x2 + s2 * s2)
        if s1 * s2 > 0.0:
            # closest point off the piece: s2/r2 - s1/r1 cancels in single precision, this form does not
            exposure[i] += factor * width2[i] * (s1 + s2) / ((s2 * r1 + s1 * r2) * r1 * r2)
        else:
            exposure[i] += factor * width2[i] * (s2 / r2 - s1 / r1) / (length * x2)


@njit(fastmath=_FAST, error_model="numpy")
def _add_moment(x0, y0, x1, y1, at, ux, uy, factor, width2, exposure):  # type: ignore[no-untyped-def]
    """Add a moment too short to have a direction in single precision: rate over range cubed."""
    for i in range(exposure.size):
        rx = ux - (x0[i] + at * (x1[i] - x0[i]))
        ry = uy - (y0[i] + at * (y1[i] - y0[i]))
        range2 = rx * rx + ry * ry + _CLOSEST_M2
        exposure[i] += factor * width2[i] / (range2 * np.sqrt(range2))


@njit(fastmath=_FAST, error_model="numpy")
def _expose_block(  # type: ignore[no-untyped-def]
    legs, times0, step_s, x, y, start, stop, width2, bounds, distance, exposure
):
    """Exposure of one block of particles to all legs.

    x, y: (time, particle); width2: squared sweep width, 0 where not to be looked at, (interval, particle of
    the block); bounds: (interval, 4); distance: skip pieces farther than this, 0 for none.
    """
    last = x.shape[0] - 1
    exposure[:] = 0.0
    for leg in range(legs.shape[0]):
        leg_start, leg_end = legs[leg, 4], legs[leg, 5]
        duration = leg_end - leg_start
        if duration <= 0.0:
            continue
        vx = (legs[leg, 2] - legs[leg, 0]) / duration
        vy = (legs[leg, 3] - legs[leg, 1]) / duration
        speed = np.sqrt(vx * vx + vy * vy)
        first = max(int((leg_start - times0) / step_s), 0)
        for k in range(first, last):
            t0 = max(leg_start, times0 + k * step_s)
            t1 = min(leg_end, times0 + (k + 1) * step_s)
            if t1 <= t0:
                break
            ax = np.float32(legs[leg, 0] + vx * (t0 - leg_start))
            ay = np.float32(legs[leg, 1] + vy * (t0 - leg_start))
            bx = np.float32(legs[leg, 0] + vx * (t1 - leg_start))
            by = np.float32(legs[leg, 1] + vy * (t1 - leg_start))
            if distance > 0.0 and _apart(ax, ay, bx, by, bounds[k], distance):
                continue
            # slices of contiguous rows stay contiguous, and the loops over them vectorise
            x0, y0, x1, y1 = x[k, start:stop], y[k, start:stop], x[k + 1, start:stop], y[k + 1, start:stop]
            square = width2[k, : stop - start]
            factor = np.float32(speed * (t1 - t0) / (8.0 * np.pi))
            from_s = np.float32((t0 - times0) / step_s - k)
            to_s = np.float32((t1 - times0) / step_s - k)
            if t1 - t0 < _MOMENT_S:
                half = np.float32(0.5)
                at, ux, uy = half * (from_s + to_s), half * (ax + bx), half * (ay + by)
                _add_moment(x0, y0, x1, y1, at, ux, uy, factor, square, exposure)
            else:
                _add_piece(x0, y0, x1, y1, from_s, to_s, ax, ay, bx, by, factor, square, exposure)


@njit(inline="always")
def _squared_widths(afloat, width, start, stop, width2):  # type: ignore[no-untyped-def]
    """Squared sweep width in each interval against each particle of a block that is afloat at both ends."""
    for k in range(width2.shape[0]):
        for i in range(stop - start):
            p = start + i
            width2[k, i] = width[p] * width[p] if afloat[k, p] and afloat[k + 1, p] else np.float32(0.0)


@njit(inline="always")
def _apart(ax, ay, bx, by, box, distance):  # type: ignore[no-untyped-def]
    """Whether a segment's extent is farther than a distance from a box."""
    return (
        max(ax, bx) + distance < box[0]
        or min(ax, bx) - distance > box[1]
        or max(ay, by) + distance < box[2]
        or min(ay, by) - distance > box[3]
    )


@njit(nogil=True, cache=True, fastmath=_FAST)
def exposures(legs, times0, step_s, x, y, afloat, width, bounds, reach):  # type: ignore[no-untyped-def]
    """Exposure of every particle to searching legs.

    Args:
        legs: (leg, 6) x and y of start and end, start and end time.
        times0, step_s: the uniform time axis of the particles.
        x, y: (time, particle) float32; afloat: (time, particle) bool.
        width: sweep width against each particle, (particle,) float32.
        bounds: from `bounds_of_blocks`.
        reach: skip pieces farther than this many widest sweep widths; 0 skips nothing.

    Returns:
        (particle,) float32
    """
    times, particles = x.shape
    result = np.empty(particles, np.float32)
    distance = reach * width.max()
    width2 = np.empty((times - 1, BLOCK), np.float32)
    for block in range(bounds.shape[0]):
        start, stop = block * BLOCK, min((block + 1) * BLOCK, particles)
        _squared_widths(afloat, width, start, stop, width2)
        _expose_block(
            legs, times0, step_s, x, y, start, stop, width2, bounds[block], distance, result[start:stop]
        )
    return result


@njit(nogil=True, cache=True)
def found(exposure, missed):  # type: ignore[no-untyped-def]
    """Probability that exposures add to a search that has missed: sum of missed * (1 - exp(-exposure)).

    Args:
        missed: weight of each particle times its chance of having been missed by the others, (particle,).
    """
    total = 0.0
    for i in range(exposure.size):
        total -= missed[i] * np.expm1(-np.float64(exposure[i]))
    return total
