"""Ladders of search legs in all their shapes, from a row of numbers to timed legs over the ground.

A plain ladder is a rectangle of equal legs evenly spaced: a parallel sweep or creeping line. Here the legs
may also grow or shrink across the ladder (`TAPER`, `BARREL`), lie askew (`SHEAR`), and stand closer in the
middle (`DENSE`) or at one side (`GRADIENT`), as effort laid where the object likely is asks for. `u` counts
the rungs from -1 to 1; `across` is where they lie, as a share of half the ladder's width.

Rungs nearer than two turn radii are flown in turn only if that is the shortest: otherwise in groups of 2 k
in the order 0, k, 1, k + 1, ..., so that a turn spans k spacings and needs no bulb (IAMSAR leaves the order
to the crew; the effort saved is measured in docs/explanation/planning.md). A ladder moves with the datum at
(drift_x, drift_y), and its legs are flown so that the speed over the ground is the search speed.
"""

from math import cos, sin, sqrt

import numpy as np
from numba import njit

from sarex.kernels.pattern import turn_length
from sarex.kernels.pattern_spiral import spiral_legs

(
    X, Y, HEADING, LENGTH, SPACING, CREEP, START_END, FOLLOWS, TAPER, SHEAR, BARREL, DENSE, GRADIENT, ROUND,
    CLIPPED,
) = range(15)  # fmt: skip
"""Columns of a shape: centre at the reference time, direction of the legs (counter-clockwise from x), length
of the middle one, mean spacing, sides (+1 or -1), 1 where it moves with the datum, what makes it uneven, 1
for a rounded expanding square (`kernels.pattern_spiral`) instead of a ladder, with straights of LENGTH and
GRADIENT as the growth of its spacing, and 1 for a ladder clipped to open water (`kernels.ladder_clip`)."""
SHAPE_COLUMNS = 15
MOST_RUNGS = 150
MOST_STRIDE = 12
LARGEST_TAPER = 0.9
"""Of |TAPER| + BARREL: no leg is shorter than a tenth of the middle one."""
MOST_GROWTH = 0.3
"""Of a rounded square's spacing from one semicircle to the next."""
LARGEST_UNEVENNESS = 0.75
"""Of 1.5 DENSE + 0.75 |GRADIENT|: the closest of DENSE alone is half of the mean, and none vanishes."""


@njit(inline="always")
def speed_in_frame(dx, dy, drift_x, drift_y, ground_speed):  # type: ignore[no-untyped-def]
    """Speed along a direction of the moving frame that gives the wanted speed over the ground; 0 if none."""
    along = dx * drift_x + dy * drift_y
    square = along * along + ground_speed * ground_speed - drift_x * drift_x - drift_y * drift_y
    return sqrt(square) - along if square > 0.0 else 0.0


@njit(inline="always")
def across_of(shape, u):  # type: ignore[no-untyped-def]
    """Where across the ladder (-1..1) what is at `u` of the rungs' numbers (-1..1) lies; increasing."""
    return u * (1.0 - shape[DENSE]) + shape[DENSE] * u * u * u + 0.5 * shape[GRADIENT] * (u * u - 1.0)


@njit(inline="always")
def stretch_of(shape, u):  # type: ignore[no-untyped-def]
    """Spacing at `u` over the mean spacing."""
    return 1.0 - shape[DENSE] + 3.0 * shape[DENSE] * u * u + shape[GRADIENT] * u


@njit(inline="always")
def side_of(shape, across):  # type: ignore[no-untyped-def]
    """Length of the leg at `across` (-1..1) over that in the middle."""
    return max(1.0 + shape[TAPER] * across - shape[BARREL] * across * across, 0.05)


@njit(inline="always")
def is_sound(shape):  # type: ignore[no-untyped-def]
    """Whether a shape's unevenness is within what can be flown and told."""
    uneven = 1.5 * abs(shape[DENSE]) + 0.75 * abs(shape[GRADIENT])
    return abs(shape[TAPER]) + abs(shape[BARREL]) <= LARGEST_TAPER and uneven <= LARGEST_UNEVENNESS


@njit(nogil=True, cache=True)
def rung_of(index, rungs, stride):  # type: ignore[no-untyped-def]
    """Number of the rung that is flown as the `index`-th, in groups of two strides."""
    if stride <= 1:
        return index
    group = index // (2 * stride)
    begun = group * 2 * stride
    left = min(rungs - begun, 2 * stride)
    half = (left + 1) // 2
    inside = index - begun
    return begun + inside // 2 + (half if inside % 2 == 1 else 0)


@njit(nogil=True, cache=True)
def stride_of(rungs, spacing, radius):  # type: ignore[no-untyped-def]
    """The stride whose turns are shortest on average for rungs evenly spaced; 1 for neighbours in turn."""
    least = turn_length(spacing, radius)
    if spacing >= 2.0 * radius:
        return 1
    best, back = 1, least
    for stride in range(2, min((rungs + 1) // 2, MOST_STRIDE) + 1):
        out = turn_length(stride * spacing, radius)
        mean = (stride * out + (stride - 1) * back) / (2 * stride - 1)
        if mean < least:
            best, least = stride, mean
        back = out
    return best


@njit(inline="always")
def turn_time(turn, along, across, shape, drift_x, drift_y, speed):  # type: ignore[no-untyped-def]
    """Time for a turn of so much track, or for the way that it must make good over the ground if longer.

    `along` and `across`: what it makes good in the moving frame.
    """
    apart = sqrt(along * along + across * across)
    if apart == 0.0:
        return turn / speed
    ax, ay = cos(shape[HEADING]), sin(shape[HEADING])
    bx, by = -ay * shape[CREEP], ax * shape[CREEP]
    dx, dy = (along * ax + across * bx) / apart, (along * ay + across * by) / apart
    in_frame = speed_in_frame(dx, dy, drift_x, drift_y, speed)
    return max(turn / speed, apart / in_frame) if in_frame > 0.0 else np.inf


@njit(nogil=True, cache=True)
def duration_of(shape, rungs, stride, odd_s, even_s, drift_x, drift_y, speed, radius):  # type: ignore[no-untyped-def]
    """Time for so many rungs with their turns; `odd_s` and `even_s` fly the middle leg there and back."""
    width = 0.5 * rungs * shape[SPACING]
    plain = shape[TAPER] == 0.0 and shape[BARREL] == 0.0 and shape[SHEAR] == 0.0
    total, across_before, end_before = 0.0, 0.0, 0.0
    for index in range(rungs):
        across = across_of(shape, (2.0 * rung_of(index, rungs, stride) + 1.0) / rungs - 1.0)
        side = side_of(shape, across)
        total += side * (odd_s if index % 2 == 0 else even_s)
        sense = 1.0 if index % 2 == 0 else -1.0
        half, askew = 0.5 * side * shape[LENGTH] * sense, shape[SHEAR] * width * across * shape[START_END]
        if index > 0:
            turn = turn_length(width * abs(across - across_before), radius)
            on = 0.0 if plain else askew - half - end_before
            step = width * (across - across_before)
            total += turn_time(turn + abs(on), on * shape[START_END], step, shape, drift_x, drift_y, speed)
        across_before, end_before = across, askew + half
    return total


@njit(nogil=True, cache=True)
def fitting(shape, time_s, drift_x, drift_y, speed, radius):  # type: ignore[no-untyped-def]
    """As many rungs as fit the time, one more would not, and the time they take; (0, 0) if none does."""
    ax, ay = shape[START_END] * cos(shape[HEADING]), shape[START_END] * sin(shape[HEADING])
    odd = speed_in_frame(ax, ay, drift_x, drift_y, speed)
    even = speed_in_frame(-ax, -ay, drift_x, drift_y, speed)
    if odd <= 0.0 or even <= 0.0 or time_s <= 0.0:
        return 0, 0.0
    odd_s, even_s = shape[LENGTH] / odd, shape[LENGTH] / even
    turn_s = turn_length(shape[SPACING], radius) / speed
    rungs = min(max(int((time_s + turn_s) / (0.5 * (odd_s + even_s) + turn_s)), 1), MOST_RUNGS)
    fits, fits_s, too_many = 0, 0.0, MOST_RUNGS + 1
    while too_many - fits > 1:
        stride = stride_of(rungs, shape[SPACING], radius)
        taken_s = duration_of(shape, rungs, stride, odd_s, even_s, drift_x, drift_y, speed, radius)
        if taken_s <= time_s:
            fits, fits_s = rungs, taken_s
        else:
            too_many = rungs
        rungs = min(max(int(rungs * time_s / taken_s), fits + 1), too_many - 1)
    return fits, fits_s


@njit(nogil=True, cache=True)
def legs_within(shape, tolerance, widest, drift_x, drift_y, reference_s, begin_s, end_s, speed, radius):  # type: ignore[no-untyped-def]
    """Timed legs (leg, 7) of a shape flown from `begin_s` to `end_s` at the latest; none if it cannot be.

    A ladder has as many whole rungs as fit. `tolerance` is how far chords may lie off the arcs of a rounded
    square; no leg is shorter than `widest`, the largest sweep width (its end caps could not be bounded).
    """
    if shape[ROUND] > 0.5:
        return spiral_legs(
            shape[X], shape[Y], shape[HEADING], shape[SPACING], 0.0, shape[LENGTH], tolerance, widest,
            drift_x, drift_y, reference_s, begin_s, end_s, speed, radius,
            min(max(shape[GRADIENT], 0.0), MOST_GROWTH),
        )  # fmt: skip
    shortest = min(side_of(shape, 1.0), side_of(shape, -1.0), 1.0)
    if not is_sound(shape) or shape[LENGTH] * shortest < widest:
        return np.empty((0, 7))
    rungs, _ = fitting(shape, end_s - begin_s, drift_x, drift_y, speed, radius)
    return ladder_legs(shape, rungs, drift_x, drift_y, reference_s, begin_s, speed, radius)


@njit(nogil=True, cache=True)
def ladder_legs(shape, rungs, drift_x, drift_y, reference_s, begin_s, speed, radius):  # type: ignore[no-untyped-def]
    """Timed legs (leg, 7) of `rungs` rungs, begun at `begin_s`: x0, y0, x1, y1, t0, t1, searching.

    A turn takes the time of `turn_length`, and of the way straight on where the next leg begins farther out
    or in; more where the drift runs against it. No legs if the drift is too strong for the speed.
    """
    legs = np.zeros((2 * rungs, 7))
    stride = stride_of(rungs, shape[SPACING], radius)
    ax, ay = cos(shape[HEADING]), sin(shape[HEADING])
    bx, by = -ay * shape[CREEP], ax * shape[CREEP]
    width = 0.5 * rungs * shape[SPACING]
    at_s, count, sense = begin_s, 0, shape[START_END]
    across_before, end_before = 0.0, 0.0
    for index in range(rungs):
        across = across_of(shape, (2.0 * rung_of(index, rungs, stride) + 1.0) / rungs - 1.0)
        length = side_of(shape, across) * shape[LENGTH]
        b, middle = width * across, shape[SHEAR] * width * across
        begun, ended = middle - 0.5 * sense * length, middle + 0.5 * sense * length
        if index > 0:
            on, step = begun - end_before, width * (across - across_before)
            turn = turn_length(abs(step), radius) + abs(on)
            at_s += turn_time(turn, on, step, shape, drift_x, drift_y, speed)
        shift = at_s - reference_s
        x = shape[X] + begun * ax + b * bx + drift_x * shift
        y = shape[Y] + begun * ay + b * by + drift_y * shift
        if index > 0:
            legs[count, 0], legs[count, 1] = legs[count - 1, 2], legs[count - 1, 3]
            legs[count, 2], legs[count, 3] = x, y
            legs[count, 4], legs[count, 5] = legs[count - 1, 5], at_s
            count += 1
        in_frame = speed_in_frame(sense * ax, sense * ay, drift_x, drift_y, speed)
        if in_frame <= 0.0:
            return legs[:0]
        duration = length / in_frame
        legs[count, 0], legs[count, 1] = x, y
        legs[count, 2] = x + sense * ax * length + drift_x * duration
        legs[count, 3] = y + sense * ay * length + drift_y * duration
        legs[count, 4], legs[count, 5], legs[count, 6] = at_s, at_s + duration, 1.0
        at_s += duration
        count += 1
        across_before, end_before, sense = across, ended, -sense
    return legs[:count]
