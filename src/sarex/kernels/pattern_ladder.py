"""Ladders whose rungs have their own lengths and need not be flown one after the next.

An area that coast and danger areas have clipped is swept by rungs that begin and end where the water does
(`spans_within`). A craft that cannot turn within one spacing flies every k-th rung and the others on the way
back, so that each turn is a plain semicircle rather than a bulb (`ladder_order`). `clipped_ladder_legs` flies
both. Conventions are those of `sarex.kernels.pattern`; turns between rungs that end at different places are
the shortest a craft of that turn radius can fly (`reversal_length`).
"""

from math import cos, floor, sin

import numpy as np
from numba import njit

from sarex.kernels.pattern import append_leg, commence, speed_in_frame, turn_length
from sarex.kernels.pattern_turns import reversal_length


@njit(nogil=True, cache=True)
def _turns_within(size, turns):  # type: ignore[no-untyped-def]
    """Turns of a block of rungs flown 0, k, 1, k + 1, ...; an odd block (k + 1 ahead, k back) ends on k."""
    k = size // 2
    if size % 2 == 1:
        return k * (turns[k + 1] + turns[k]) if k > 0 else 0.0
    return k * turns[k] + (k - 1) * turns[k - 1]


@njit(nogil=True, cache=True)
def _reverse_stretches(order, turns):  # type: ignore[no-untyped-def]
    """Reverse any stretch of the order, the first rung apart, as long as that saves track in turns."""
    n = order.size
    saved = True
    while saved:
        saved = False
        for i in range(1, n - 1):
            for j in range(i + 1, n):
                gain = turns[abs(order[i] - order[i - 1])] - turns[abs(order[j] - order[i - 1])]
                if j + 1 < n:
                    gain += turns[abs(order[j + 1] - order[j])] - turns[abs(order[j + 1] - order[i])]
                if gain > 1e-6:
                    order[i : j + 1] = order[i : j + 1][::-1].copy()
                    saved = True


@njit(nogil=True, cache=True)
def ladder_order(rungs, spacing, radius):  # type: ignore[no-untyped-def]
    """An order of equally long rungs with little track in turns: interleaved where a craft turns wide.

    A block of 2 k + 1 rungs is flown 0, k + 1, 1, k + 2, ..., k and goes on to the next with another step of
    k + 1, so all its turns span k or k + 1 spacings; only the last block may have an even number. Blocks of
    one rung are the plain ladder, so what this returns never takes longer than that. Dynamic programming over
    the sizes of the blocks, then stretches are reversed as long as that saves track. Up to eight rungs the
    track in turns was found within 9 % of the best of all orders, 0.4 % on average.

    Returns:
        order (rung,): which rung is flown first, second, ...; the first is 0.
    """
    turns = np.zeros(rungs + 2)
    for apart in range(1, rungs + 2):
        turns[apart] = turn_length(apart * spacing, radius)
    least = np.zeros(rungs + 1)
    sizes = np.zeros(rungs + 1, np.int64)
    for left in range(1, rungs + 1):
        least[left] = np.inf
        for size in range(1, left + 1):
            if size < left and size % 2 == 0:
                continue
            track = _turns_within(size, turns)
            if size < left:
                track += turns[size // 2 + 1] + least[left - size]
            if track < least[left]:
                least[left], sizes[left] = track, size
    order = np.empty(rungs, np.int64)
    flown = 0
    while flown < rungs:
        size = sizes[rungs - flown]
        k = size // 2
        for i in range(k):
            order[flown + 2 * i] = flown + i
            order[flown + 2 * i + 1] = flown + i + k + size % 2
        if size % 2 == 1:
            order[flown + size - 1] = flown + k
        flown += size
    _reverse_stretches(order, turns)
    return order


@njit(nogil=True, cache=True)
def _long_enough(order, spans, shortest):  # type: ignore[no-untyped-def]
    """The rungs of the order that are worth flying; a span that is not a number is not."""
    lengths = spans[order, 1] - spans[order, 0]
    return order[(lengths >= shortest) & (lengths > 0.0)]


@njit(nogil=True, cache=True)
def clipped_ladder_legs(  # type: ignore[no-untyped-def]
    centre_x,
    centre_y,
    heading_rad,
    spans,
    spacing,
    order,
    shortest,
    creep,
    start_end,
    drift_x,
    drift_y,
    reference_s,
    begin_s,
    end_s,
    speed,
    radius,
):
    """A ladder of rungs with their own beginnings and ends, flown in the order given while time lasts.

    Args:
        centre_x, centre_y, heading_rad: as for `parallel_legs`.
        spans: begin and end of every rung (rung, 2) along the heading, from the centre; rung i lies
            (i - (rungs - 1) / 2) spacings to the left of the centre for creep +1, to the right for -1.
        order: the rungs to fly, as `ladder_order` gives them.
        shortest: rungs shorter than this are skipped.
        start_end: +1 flies the first rung along the heading, -1 against it; then alternately.

    Returns:
        legs (n, 7), whole rungs only.
    """
    legs = np.zeros((2 * order.size + 1, 7))
    ax, ay = cos(heading_rad), sin(heading_rad)
    bx, by = -ay * creep, ax * creep
    middle = 0.5 * (spans.shape[0] - 1)
    count, sense, last_end, last_side = 0, 1.0 * start_end, 0.0, 0.0
    for rung in _long_enough(order, spans, shortest):
        length = spans[rung, 1] - spans[rung, 0]
        side = (rung - middle) * spacing
        begin, end = (spans[rung, 0], spans[rung, 1]) if sense > 0.0 else (spans[rung, 1], spans[rung, 0])
        dx, dy = sense * ax, sense * ay
        in_frame = speed_in_frame(dx, dy, drift_x, drift_y, speed)
        if in_frame <= 0.0:
            return legs[:0]
        if count == 0:
            x, y = centre_x + begin * ax + side * bx, centre_y + begin * ay + side * by
            commence(legs, x, y, drift_x, drift_y, reference_s, begin_s)
            count, turn_s = 1, 0.0
        else:
            ahead, aside = (last_end - begin) * sense, abs(side - last_side)
            turn_s = reversal_length(ahead, aside, radius) / speed
        duration = length / in_frame
        if legs[count - 1, 5] + turn_s + duration > end_s:
            break
        if count > 1:
            on_x = (begin - last_end) * ax + (side - last_side) * bx
            on_y = (begin - last_end) * ay + (side - last_side) * by
            count = append_leg(legs, count, on_x, on_y, drift_x, drift_y, 0.0, turn_s)
        count = append_leg(legs, count, dx * length, dy * length, drift_x, drift_y, 1.0, duration)
        last_end, last_side, sense = end, side, -sense
    return legs[1:count] if count > 0 else legs[:0]


@njit(nogil=True, cache=True)
def rungs_across(edges, heading_rad, spacing):  # type: ignore[no-untyped-def]
    """Where a ladder lies that sweeps an area with the first and the last rung half a spacing inside.

    Args:
        edges: of the area's outlines and holes (edge, 4): x0, y0, x1, y1.

    Returns:
        x, y of the ladder's centre (the middle of the area across the heading, the origin along it), rungs.
        The last rung may lie up to another half spacing inside.
    """
    ax, ay = cos(heading_rad), sin(heading_rad)
    across = edges[:, 1] * ax - edges[:, 0] * ay
    low, high = across.min(), across.max()
    rungs = max(1, floor((high - low) / spacing + 0.5))
    middle = 0.5 * (low + high)
    return -ay * middle, ax * middle, rungs


@njit(nogil=True, cache=True)
def spans_within(edges, centre_x, centre_y, heading_rad, spacing, rungs, creep, margin):  # type: ignore[no-untyped-def]
    """The longest stretch of every rung of a ladder inside an area, less a margin at both ends.

    Args:
        edges: of the area's outlines and holes (edge, 4): x0, y0, x1, y1, in the frame at the reference time.
        margin: half a spacing puts the commence search point half a spacing inside the corner.

    Returns:
        spans (rung, 2) for `clipped_ladder_legs`; end <= begin where the area leaves no room.
    """
    ax, ay = cos(heading_rad), sin(heading_rad)
    bx, by = -ay * creep, ax * creep
    spans = np.zeros((rungs, 2))
    crossings = np.empty(edges.shape[0])
    for rung in range(rungs):
        side = (rung - 0.5 * (rungs - 1)) * spacing
        found = 0
        for i in range(edges.shape[0]):
            x0, y0 = edges[i, 0] - centre_x, edges[i, 1] - centre_y
            x1, y1 = edges[i, 2] - centre_x, edges[i, 3] - centre_y
            across0, across1 = x0 * bx + y0 * by - side, x1 * bx + y1 * by - side
            if (across0 > 0.0) != (across1 > 0.0):
                share = across0 / (across0 - across1)
                along0, along1 = x0 * ax + y0 * ay, x1 * ax + y1 * ay
                crossings[found] = along0 + share * (along1 - along0)
                found += 1
        ordered = np.sort(crossings[:found])
        for i in range(0, found - 1, 2):
            if ordered[i + 1] - ordered[i] - 2.0 * margin > spans[rung, 1] - spans[rung, 0]:
                spans[rung, 0], spans[rung, 1] = ordered[i] + margin, ordered[i + 1] - margin
    return spans
