"""Search patterns as tracks: from a centre, a heading and a spacing to timed legs over the ground.

Patterns are laid out in a frame that moves with the datum at (drift_x, drift_y). A leg is flown so that
its speed *over the ground* is the search speed; the track in the moving frame stays the drawn pattern.
Legs are rows (x0, y0, x1, y1, t0, t1, searching).

Turns take the time of the arcs that a craft of the given turn radius flies: a reversal onto the next leg
of a ladder a semicircle and a straight, or a bulb where the spacing is under two radii (length
r (pi + 4 acos((2 r + S) / 4 r)), 7 pi r / 3 at S = 0); a corner of a square or a sector is cut by
r tan(turn / 2) on both legs. Nothing is searched during a turn.
"""

from math import acos, cos, pi, sin, sqrt, tan

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def turn_length(spacing, radius):  # type: ignore[no-untyped-def]
    """Track flown to reverse onto a parallel leg one spacing away."""
    if spacing >= 2.0 * radius:
        return pi * radius + spacing - 2.0 * radius
    return radius * (pi + 4.0 * acos((2.0 * radius + spacing) / (4.0 * radius)))


@njit(nogil=True, cache=True)
def speed_in_frame(dx, dy, drift_x, drift_y, ground_speed):  # type: ignore[no-untyped-def]
    """Speed along a direction of the moving frame that gives the wanted speed over the ground; 0 if none."""
    along = dx * drift_x + dy * drift_y
    square = along * along + ground_speed * ground_speed - drift_x * drift_x - drift_y * drift_y
    return sqrt(square) - along if square > 0.0 else 0.0


@njit(nogil=True, cache=True)
def commence(legs, x, y, drift_x, drift_y, reference_s, begin_s):  # type: ignore[no-untyped-def]
    """Write the row that ends at the commence search point, for the first leg to start from."""
    shift = begin_s - reference_s
    legs[0, 2] = x + drift_x * shift
    legs[0, 3] = y + drift_y * shift
    legs[0, 5] = begin_s


@njit(nogil=True, cache=True)
def append_leg(legs, count, dx, dy, drift_x, drift_y, searching, duration):  # type: ignore[no-untyped-def]
    """Add a leg of (dx, dy) in the frame from the end of the one before; returns the new count."""
    legs[count, 0] = legs[count - 1, 2]
    legs[count, 1] = legs[count - 1, 3]
    legs[count, 2] = legs[count - 1, 2] + dx + drift_x * duration
    legs[count, 3] = legs[count - 1, 3] + dy + drift_y * duration
    legs[count, 4] = legs[count - 1, 5]
    legs[count, 5] = legs[count - 1, 5] + duration
    legs[count, 6] = searching
    return count + 1


@njit(nogil=True, cache=True)
def parallel_legs(  # type: ignore[no-untyped-def]
    centre_x,
    centre_y,
    heading_rad,
    length,
    spacing,
    rungs,
    creep,
    start_end,
    drift_x,
    drift_y,
    reference_s,
    begin_s,
    speed,
    radius,
):
    """A parallel sweep or creeping line of `rungs` legs.

    Args:
        centre_x, centre_y: middle of the ladder in the frame at the reference time.
        heading_rad: direction of the legs, counter-clockwise from x.
        creep: +1 creeps to the left of the heading, -1 to the right.
        start_end: +1 flies the first leg along the heading, -1 against it.
        begin_s: time at the commence search point.

    Returns:
        legs (n, 7).
    """
    legs = np.zeros((2 * rungs, 7))
    ax, ay = cos(heading_rad), sin(heading_rad)
    bx, by = -ay * creep, ax * creep
    turn_s = turn_length(spacing, radius) / speed
    x = centre_x - 0.5 * start_end * length * ax - 0.5 * (rungs - 1) * spacing * bx
    y = centre_y - 0.5 * start_end * length * ay - 0.5 * (rungs - 1) * spacing * by
    commence(legs, x, y, drift_x, drift_y, reference_s, begin_s)
    count = 1
    sense = start_end
    for rung in range(rungs):
        if rung > 0:
            count = append_leg(legs, count, spacing * bx, spacing * by, drift_x, drift_y, 0.0, turn_s)
        dx, dy = sense * ax, sense * ay
        in_frame = speed_in_frame(dx, dy, drift_x, drift_y, speed)
        if in_frame <= 0.0:
            return legs[:0]
        duration = length / in_frame
        count = append_leg(legs, count, dx * length, dy * length, drift_x, drift_y, 1.0, duration)
        sense = -sense
    return legs[1:count]


@njit(nogil=True, cache=True)
def fly_corners(legs, count, corners, drift_x, drift_y, end_s, speed, radius):  # type: ignore[no-untyped-def]
    """Append legs along corners (n, 2), cut by the turns, as long as a whole leg or turn still ends in time.

    The row before `count` ends at the first corner, wherever the datum has taken that by then. Returns the
    new count, or 0 if a leg is too short for its turns.
    """
    cut_before = 0.0
    for i in range(corners.shape[0] - 1):
        dx, dy = corners[i + 1, 0] - corners[i, 0], corners[i + 1, 1] - corners[i, 1]
        length = sqrt(dx * dx + dy * dy)
        if length <= 0.0:
            return 0
        dx, dy = dx / length, dy / length
        cut_after, turn_rad, nx, ny = 0.0, 0.0, dx, dy
        if i + 2 < corners.shape[0]:
            nx, ny = corners[i + 2, 0] - corners[i + 1, 0], corners[i + 2, 1] - corners[i + 1, 1]
            next_length = sqrt(nx * nx + ny * ny)
            if next_length <= 0.0:
                return 0
            nx, ny = nx / next_length, ny / next_length
            turn_rad = acos(min(max(dx * nx + dy * ny, -1.0), 1.0))
            cut_after = radius * tan(turn_rad / 2.0)
        flown = length - cut_before - cut_after
        in_frame = speed_in_frame(dx, dy, drift_x, drift_y, speed)
        if in_frame <= 0.0 or flown <= 0.0:
            return 0
        duration = flown / in_frame
        if legs[count - 1, 5] + duration > end_s:
            break
        count = append_leg(legs, count, dx * flown, dy * flown, drift_x, drift_y, 1.0, duration)
        turn_s = radius * turn_rad / speed
        if turn_s > 0.0:
            if legs[count - 1, 5] + turn_s > end_s:
                break
            cut_x, cut_y = cut_after * (dx + nx), cut_after * (dy + ny)
            count = append_leg(legs, count, cut_x, cut_y, drift_x, drift_y, 0.0, turn_s)
        cut_before = cut_after
    return count


@njit(nogil=True, cache=True)
def without_last_turns(legs, count):  # type: ignore[no-untyped-def]
    """The legs flown, without the row before the first and without turns that no leg follows."""
    while count > 1 and legs[count - 1, 6] == 0.0:
        count -= 1
    return legs[1 : max(count, 1)]


@njit(nogil=True, cache=True)
def cornered_legs(  # type: ignore[no-untyped-def]
    corners, drift_x, drift_y, reference_s, begin_s, end_s, speed, radius
):
    """Legs along a line of corners (n, 2) of the frame, corners cut by the turn, until the time is up.

    Returns no legs if a leg is too short for its turns.
    """
    legs = np.zeros((2 * corners.shape[0], 7))
    commence(legs, corners[0, 0], corners[0, 1], drift_x, drift_y, reference_s, begin_s)
    count = fly_corners(legs, 1, corners, drift_x, drift_y, end_s, speed, radius)
    return without_last_turns(legs, count)


@njit(nogil=True, cache=True)
def square_corners(centre_x, centre_y, heading_rad, spacing, most):  # type: ignore[no-untyped-def]
    """Expanding square: S, S, 2S, 2S, ... from the datum, turning 90 degrees right."""
    corners = np.empty((most, 2))
    corners[0, 0], corners[0, 1] = centre_x, centre_y
    for i in range(1, most):
        angle = heading_rad - 0.5 * pi * (i - 1)
        length = spacing * ((i + 1) // 2)
        corners[i, 0] = corners[i - 1, 0] + length * cos(angle)
        corners[i, 1] = corners[i - 1, 1] + length * sin(angle)
    return corners


@njit(nogil=True, cache=True)
def sector_corners(centre_x, centre_y, heading_rad, radius, repeats):  # type: ignore[no-untyped-def]
    """Sector search: nine legs of R through the datum, turning 120 degrees right; each repeat 30 deg on.

    A leg out of the datum continues the one that came in, so the datum is a corner only between repeats.
    """
    corners = np.empty((1 + 7 * repeats, 2))
    corners[0, 0], corners[0, 1] = centre_x, centre_y
    count = 1
    for repeat in range(repeats):
        for triangle in range(3):
            out = heading_rad - repeat * pi / 6.0 + triangle * 2.0 * pi / 3.0
            for angle in (out, out - pi / 3.0):
                corners[count, 0] = centre_x + radius * cos(angle)
                corners[count, 1] = centre_y + radius * sin(angle)
                count += 1
        corners[count, 0], corners[count, 1] = centre_x, centre_y
        count += 1
    return corners


@njit(nogil=True, cache=True)
def oriented_box(legs, heading_rad, pad):  # type: ignore[no-untyped-def]
    """Corners (4, 2), counter-clockwise, of the rectangle along a heading that holds all legs and margin."""
    ax, ay = cos(heading_rad), sin(heading_rad)
    a_min, a_max, b_min, b_max = np.inf, -np.inf, np.inf, -np.inf
    for i in range(legs.shape[0]):
        for end in range(2):
            x, y = legs[i, 2 * end], legs[i, 2 * end + 1]
            a, b = x * ax + y * ay, -x * ay + y * ax
            a_min, a_max = min(a_min, a), max(a_max, a)
            b_min, b_max = min(b_min, b), max(b_max, b)
    a_min, a_max, b_min, b_max = a_min - pad, a_max + pad, b_min - pad, b_max + pad
    box = np.empty((4, 2))
    for i, (a, b) in enumerate(((a_min, b_min), (a_max, b_min), (a_max, b_max), (a_min, b_max))):
        box[i, 0], box[i, 1] = a * ax - b * ay, a * ay + b * ax
    return box


@njit(nogil=True, cache=True)
def boxes_overlap(first, second):  # type: ignore[no-untyped-def]
    """Whether two rectangles (4, 2) share ground: separating axes."""
    for one in range(2):
        box = first if one == 0 else second
        for edge in range(2):
            nx = box[edge + 1, 0] - box[edge, 0]
            ny = box[edge + 1, 1] - box[edge, 1]
            low0, high0, low1, high1 = np.inf, -np.inf, np.inf, -np.inf
            for i in range(4):
                a = first[i, 0] * nx + first[i, 1] * ny
                b = second[i, 0] * nx + second[i, 1] * ny
                low0, high0 = min(low0, a), max(high0, a)
                low1, high1 = min(low1, b), max(high1, b)
            if high0 <= low1 or high1 <= low0:
                return False
    return True
