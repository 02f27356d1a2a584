"""Expanding square with rounded corners: a spiral of semicircles that a craft with a turn radius can fly.

An expanding square of spacing S cannot be flown near its datum by a craft whose turn radius exceeds S: its
first legs are shorter than the turns between them. This pattern keeps the expanding square's order (outward
from the datum, turning right, tracks one spacing apart) and rounds it until nothing is left to turn:
semicircles to the right, each half a spacing wider than the one before, so that those on either side are
concentric and one spacing apart. The first is as tight as the craft can turn and is begun a quarter circle
early, which narrows what is left unsearched inside it to little more than a disc of the turn radius less
half a spacing. Straights of one length between the semicircles stretch the spiral along its heading.

On a Gaussian cloud of sigma 1.5 km, with 45 minutes at 90 kt, a turn radius of 379 m and a sweep width of
0.1 nm, this finds 0.787 where no track finds more than 0.806 and an expanding square flown with the same
turns finds 0.747 (definite range, `benchmarks/planner/one_helicopter.py`).

The craft turns all the time and the crew looks all the time: every row is a searching leg. Arcs are written
as chords as long as the arc they stand for (their ends a third of the sagitta outside it, their middles two
thirds inside), so that the craft flies at its search speed in the rows as over the sea.
"""

from math import ceil, cos, floor, pi, sin, sqrt

import numpy as np
from numba import njit

from sarex.kernels.pattern import commence, fly_corners, without_last_turns

_FEWEST_CHORDS = 3
"""Of a semicircle, however small."""
_LEAST_STRAIGHT = 0.5
"""In radii of the first turn. Shorter straights are none: between ends of chords, which lie a third of the
sagitta outside their arcs, they would bend more than the craft can."""


@njit(nogil=True, cache=True)
def flyable_radius(radius, drift_x, drift_y, speed):  # type: ignore[no-untyped-def]
    """Radius in the drifting frame whose track over the ground curves no tighter than `radius`.

    With drift d, speed V over the ground and e = |d| / V: the speed in the frame is at most V + |d|, and the
    heading over the ground turns at most 1 + e / sqrt(1 - e^2) times as fast as in the frame.
    """
    share = min(np.hypot(drift_x, drift_y) / speed, 0.99)
    return radius * (1.0 + share) * (1.0 + share / sqrt(1.0 - share * share))


@njit(nogil=True, cache=True)
def _chords(arc, radius, tolerance, shortest_chord):  # type: ignore[no-untyped-def]
    """Into how many chords an arc is cut: none farther off than the tolerance, unless too short."""
    # middle of a chord c as long as its arc: two thirds of the sagitta c^2 / 8 r
    chords = ceil(arc / sqrt(12.0 * tolerance * radius))
    if shortest_chord > 0.0:
        chords = min(chords, floor(arc / shortest_chord))
    return max(_FEWEST_CHORDS, int(chords))


@njit(nogil=True, cache=True)
def _arc(corners, count, x, y, heading_rad, radius, chords, turned):  # type: ignore[no-untyped-def]
    """Write the corners of an arc to the right from x, y on a heading; returns count, x, y at its end.

    The first corner is written only where none is before it.
    """
    middle_x, middle_y = x + radius * sin(heading_rad), y - radius * cos(heading_rad)
    half = 0.5 * turned / chords
    outside = radius * half / sin(half)
    for i in range(min(count, 1), chords + 1):
        bearing = heading_rad + 0.5 * pi - 2.0 * half * i
        corners[count, 0] = middle_x + outside * cos(bearing)
        corners[count, 1] = middle_y + outside * sin(bearing)
        count += 1
    bearing = heading_rad + 0.5 * pi - turned
    return count, middle_x + radius * cos(bearing), middle_y + radius * sin(bearing)


@njit(inline="always")
def _radius(inner_radius, spacing, growth, turn):  # type: ignore[no-untyped-def]
    """Of the semicircle with this number, counted from 0."""
    return inner_radius + 0.5 * spacing * (turn + 0.5 * growth * turn * (turn - 1))


@njit(nogil=True, cache=True)
def spiral_corners(  # type: ignore[no-untyped-def]
    centre_x,
    centre_y,
    heading_rad,
    spacing,
    inner_radius,
    straight,
    track,
    tolerance,
    shortest_chord,
    growth=0.0,
):
    """Corners (n, 2) of a spiral of semicircles turning right, of at least the wanted length of track.

    Args:
        centre_x, centre_y: the datum, in the middle of the first turns.
        heading_rad: of the straights, counter-clockwise from x. The search begins a quarter circle before the
            first of them, on a heading 90 degrees to the left of it.
        inner_radius: of the first semicircle.
        straight: length of the straights between semicircles; 0 for a round area.
        growth: each spacing is wider than the one before by this share of the first, so that the search is
            closest where the object is likeliest.
        tolerance: farthest a chord may lie off its arc (3 % farther where arcs meet); `shortest_chord` goes
            first.
    """
    ax, ay = cos(heading_rad), sin(heading_rad)
    x = centre_x - 0.5 * straight * ax - (inner_radius - 0.25 * spacing) * ay
    y = centre_y - 0.5 * straight * ay + (inner_radius - 0.25 * spacing) * ax
    turns = 1
    flown = straight + pi * inner_radius
    while flown < track:
        flown += straight + pi * _radius(inner_radius, spacing, growth, turns)
        turns += 1
    outermost = _radius(inner_radius, spacing, growth, turns)
    finest = _chords(pi * outermost, outermost, tolerance, 0.0)
    corners = np.empty(((turns + 1) * (finest + 1) + 1, 2))
    x -= inner_radius * (ax - ay)
    y -= inner_radius * (ay + ax)
    chords = (_chords(pi * inner_radius, inner_radius, tolerance, shortest_chord) + 1) // 2
    count, x, y = _arc(corners, 0, x, y, heading_rad + 0.5 * pi, inner_radius, chords, 0.5 * pi)
    heading = heading_rad
    for turn in range(turns):
        if straight > 0.0:
            x, y = x + straight * cos(heading), y + straight * sin(heading)
            corners[count, 0], corners[count, 1] = x, y
            count += 1
        radius = _radius(inner_radius, spacing, growth, turn)
        chords = _chords(pi * radius, radius, tolerance, shortest_chord)
        count, x, y = _arc(corners, count, x, y, heading, radius, chords, pi)
        heading -= pi
    return corners[:count]


@njit(nogil=True, cache=True)
def spiral_legs(  # type: ignore[no-untyped-def]
    centre_x,
    centre_y,
    heading_rad,
    spacing,
    inner_radius,
    straight,
    tolerance,
    shortest_chord,
    drift_x,
    drift_y,
    reference_s,
    begin_s,
    end_s,
    speed,
    radius,
    growth=0.0,
):
    """An expanding square with its corners rounded, flown until the time is up; searching all along.

    Args:
        inner_radius: wished for the first turn; at least what the craft can turn with in the drifting frame
            and half a spacing, within which one pass sees everything. 0 asks for the tightest.
        others: as in `spiral_corners` and `parallel_legs`.

    Returns:
        legs (n, 7), no row a turn; empty if the drift outruns the craft.
    """
    inner = max(inner_radius, 0.5 * spacing, flyable_radius(radius, drift_x, drift_y, speed))
    if straight < _LEAST_STRAIGHT * inner:
        straight = 0.0
    track = max(end_s - begin_s, 0.0) * (speed + np.hypot(drift_x, drift_y))
    corners = spiral_corners(
        centre_x, centre_y, heading_rad, spacing, inner, straight, track, tolerance, shortest_chord, growth
    )
    legs = np.zeros((corners.shape[0] + 1, 7))
    commence(legs, corners[0, 0], corners[0, 1], drift_x, drift_y, reference_s, begin_s)
    # the corners are those of chords: there is nothing to cut
    count = fly_corners(legs, 1, corners, drift_x, drift_y, end_s, speed, 0.0)
    return without_last_turns(legs, count)
