"""Shortest way from the end of one leg onto an opposite one, for a craft with a turn radius.

Dubins (1957, American Journal of Mathematics 79: 497-516): the shortest path of bounded curvature between two
places with given headings is made of at most three pieces, either two arcs with a straight between them or
three arcs. Only the words that begin with a turn to the right are worked out; those that begin to the left
are the same in the mirror.
"""

from math import acos, atan2, pi, sqrt

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def _angle(turned):  # type: ignore[no-untyped-def]
    """The same angle within a turn; what rounding left just under a full turn is none."""
    turned = turned % (2.0 * pi)
    return turned if turned < 2.0 * pi - 1e-9 else 0.0


@njit(nogil=True, cache=True)
def _right_first(ahead, right, radius):  # type: ignore[no-untyped-def]
    """Shortest of right-straight-right, right-straight-left and right-left-right onto the opposite heading.

    Heading along x at the origin, then along -x at (ahead, -right). All angles counter-clockwise from x.
    """
    # right-straight-right: from centre to centre
    vx, vy = ahead, 2.0 * radius - right
    apart, toward = sqrt(vx * vx + vy * vy), atan2(vy, vx)
    best = apart + radius * (_angle(-toward) + _angle(toward + pi))
    if apart <= 4.0 * radius:
        lean = acos(apart / (4.0 * radius))
        for side in (-1.0, 1.0):
            first, last = toward + side * lean, toward - side * lean
            arcs = _angle(0.5 * pi - first) + _angle(last - first + pi) + _angle(last + 1.5 * pi)
            best = min(best, radius * arcs)
    # right-straight-left: the straight crosses the line of centres
    square = ahead * ahead + right * right - 4.0 * radius * radius
    if square >= 0.0:
        straight = sqrt(square)
        heading = atan2(-right, ahead) - atan2(2.0 * radius, straight)
        best = min(best, straight + radius * (_angle(-heading) + _angle(pi - heading)))
    return best


@njit(nogil=True, cache=True)
def reversal_length(ahead, aside, radius):  # type: ignore[no-untyped-def]
    """Shortest track from the end of a leg onto an opposite one that begins `ahead` and `aside` of it.

    For `ahead` = 0 this is `turn_length`: semicircle and straight, or the bulb where `aside` is less than two
    radii.
    """
    if radius <= 0.0:
        return np.hypot(ahead, aside)
    return min(_right_first(ahead, aside, radius), _right_first(ahead, -aside, radius))
