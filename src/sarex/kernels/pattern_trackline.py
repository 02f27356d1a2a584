"""Track-line searches: beside the intended track of the missing craft, there and back (TSR) or once (TSN).

IAMSAR Manual vol. II and III, track line search: returning (TSR), the craft searches along one side of the
track, half a spacing off, and comes back along the other side; non-returning (TSN), it searches along the
track itself and, where more is wanted, once along each side, and ends at the far end. Further passes lie
farther out, one spacing apart. Conventions are those of `sarex.kernels.pattern`.
"""

from math import sqrt

import numpy as np
from numba import njit

from sarex.kernels.pattern import append_leg, commence, fly_corners, speed_in_frame, without_last_turns
from sarex.kernels.pattern_turns import reversal_length


@njit(nogil=True, cache=True)
def returning_offsets(passes, spacing, side):  # type: ignore[no-untyped-def]
    """Offsets (pass,) to the left of the track line of a TSR: 1/2, -1/2, 3/2, -3/2, ... spacings.

    Args:
        side: +1 flies the first pass left of the track line, -1 right.
    """
    offsets = np.empty(passes)
    for i in range(passes):
        offsets[i] = side * spacing * (i // 2 + 0.5) * (1.0 if i % 2 == 0 else -1.0)
    return offsets


@njit(nogil=True, cache=True)
def non_returning_offsets(passes, spacing, side):  # type: ignore[no-untyped-def]
    """Offsets (pass,) to the left of the track line of a TSN: 0, 1, -1, 2, -2, ... spacings.

    It ends at the far end if the number of passes is odd.
    """
    offsets = np.empty(passes)
    for i in range(passes):
        offsets[i] = side * spacing * ((i + 1) // 2) * (1.0 if i % 2 == 1 else -1.0)
    return offsets


@njit(nogil=True, cache=True)
def offset_line(points, offset):  # type: ignore[no-untyped-def]
    """The line beside a line of points (n, 2), `offset` to its left, with its corners where the sides meet.

    Returns an empty array where a piece of the line is too short to have a side so far off.
    """
    n = points.shape[0]
    side = np.empty((n, 2))
    along = np.empty((n - 1, 2))
    for i in range(n - 1):
        dx, dy = points[i + 1, 0] - points[i, 0], points[i + 1, 1] - points[i, 1]
        length = sqrt(dx * dx + dy * dy)
        if length <= 0.0:
            return side[:0]
        along[i, 0], along[i, 1] = dx / length, dy / length
    for i in range(n):
        before, after = along[max(i - 1, 0)], along[min(i, n - 2)]
        # the corner lies offset / cos(turn / 2) off, along the bisector of both normals
        bisector = 1.0 + before[0] * after[0] + before[1] * after[1]
        if bisector < 1e-6:
            return side[:0]
        side[i, 0] = points[i, 0] - offset * (before[1] + after[1]) / bisector
        side[i, 1] = points[i, 1] + offset * (before[0] + after[0]) / bisector
    for i in range(n - 1):
        dx, dy = side[i + 1, 0] - side[i, 0], side[i + 1, 1] - side[i, 1]
        if dx * along[i, 0] + dy * along[i, 1] <= 0.0:
            return side[:0]
    return side


@njit(nogil=True, cache=True)
def _cut_short(legs, count, way, next_corner, drift_x, drift_y, end_s, speed, shortest):  # type: ignore[no-untyped-def]
    """Fly toward a corner for the time that is left; nothing if that is shorter than `shortest`."""
    dx, dy = way[next_corner, 0] - way[next_corner - 1, 0], way[next_corner, 1] - way[next_corner - 1, 1]
    length = sqrt(dx * dx + dy * dy)
    dx, dy = dx / length, dy / length
    duration = end_s - legs[count - 1, 5]
    flown = speed_in_frame(dx, dy, drift_x, drift_y, speed) * duration
    if flown < shortest or flown <= 0.0:
        return count
    return append_leg(legs, count, dx * flown, dy * flown, drift_x, drift_y, 1.0, duration)


@njit(nogil=True, cache=True)
def track_line_legs(  # type: ignore[no-untyped-def]
    points,
    offsets,
    start_end,
    shortest,
    drift_x,
    drift_y,
    reference_s,
    begin_s,
    end_s,
    speed,
    radius,
):
    """Passes beside a track line, to and fro, corners cut by the turns, until the time is up.

    Args:
        points: of the track line (n, 2) in the frame at the reference time.
        offsets: of the passes (pass,) to the left of the line as given, in the order flown
            (`returning_offsets`, `non_returning_offsets`).
        start_end: +1 flies the first pass from the first point to the last, -1 the other way.
        shortest: the pass that the time cuts short ends with a piece of a leg at least so long.

    Returns:
        legs (n, 7); a pass ends where a bend leaves no room for it, and the search with it.
    """
    n = points.shape[0]
    legs = np.zeros((2 * n * offsets.size + 2, 7))
    count, last_x, last_y = 0, 0.0, 0.0
    forward = start_end > 0
    for i in range(offsets.size):
        way = offset_line(points, offsets[i])
        if way.shape[0] == 0:
            break
        if not forward:
            way = way[::-1].copy()
        if count == 0:
            commence(legs, way[0, 0], way[0, 1], drift_x, drift_y, reference_s, begin_s)
            count = 1
        else:
            turn_s = reversal_length(0.0, abs(offsets[i] - offsets[i - 1]), radius) / speed
            if legs[count - 1, 5] + turn_s > end_s:
                break
            across_x, across_y = way[0, 0] - last_x, way[0, 1] - last_y
            count = append_leg(legs, count, across_x, across_y, drift_x, drift_y, 0.0, turn_s)
        began = count
        flown = fly_corners(legs, count, way, drift_x, drift_y, end_s, speed, radius)
        if flown == 0:
            break
        count = flown
        legs_flown = int(legs[began:count, 6].sum())
        if legs_flown < n - 1:
            if legs[count - 1, 6] == 0.0 or legs_flown == 0:
                count = _cut_short(legs, count, way, legs_flown + 1, drift_x, drift_y, end_s, speed, shortest)
            break
        last_x, last_y = way[n - 1, 0], way[n - 1, 1]
        forward = not forward
    return without_last_turns(legs, count)
