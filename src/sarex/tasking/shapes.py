"""What a pattern looks like to who flies it, read off its legs: loops, and ladders that are not plain.

Nothing is taken from the planner: a plan that was edited by hand, or drawn by another program, is told by
the same words.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STRAIGHT_ON_DEG, SAME_PLACE_M = 0.5, 1.0
MOST_BEND_DEG = 60.0
"""Searching legs that bend no more are chords of one curve; a square's corners are 90."""


@dataclass(frozen=True)
class Ladder:
    """Parallel legs to and fro, counted from the side where the search begins."""

    order: tuple[int, ...]
    """Number of the leg that is flown first, second, ..., from 1."""
    lengths_m: Floats
    """By the leg's number, (leg,)."""
    spacings_m: Floats
    """Between neighbours, (leg - 1,)."""

    @property
    def in_turn(self) -> bool:
        return all(later > earlier for earlier, later in pairwise(self.order))


def bends_deg(courses: Floats) -> Floats:
    """How much each leg turns from the one before, clockwise, of courses in degrees: (leg - 1,)."""
    turned: Floats = (np.diff(courses) + 180.0) % 360.0 - 180.0
    return turned


def joined_straight(legs: Floats) -> Floats:
    """Legs (leg, 6: x0, y0, x1, y1, t0, t1) with those made one that go straight on where the last one ended.

    A plan file cuts long legs into pieces along their great circle.
    """
    going_on = np.abs(bends_deg(courses_deg(legs))) <= STRAIGHT_ON_DEG
    going_on &= np.hypot(*(legs[1:, 0:2] - legs[:-1, 2:4]).T) <= SAME_PLACE_M
    first = np.flatnonzero(np.concatenate([[True], ~going_on]))
    last = np.append(first[1:] - 1, len(legs) - 1)
    return np.column_stack([legs[first, 0:2], legs[last, 2:4], legs[first, 4], legs[last, 5]])


def courses_deg(legs: Floats) -> Floats:
    """Of legs in the plane (leg, 4+: x0, y0, x1, y1), clockwise from y."""
    courses: Floats = np.degrees(np.arctan2(legs[:, 2] - legs[:, 0], legs[:, 3] - legs[:, 1]))
    return courses


def loops(courses: Floats) -> list[slice]:
    """Neighbouring legs that make one line: chords of a curve, cut where it has come round."""
    begun, turned, found = 0, 0.0, []
    for number, bend_deg in enumerate(bends_deg(courses).tolist(), start=1):
        turned += bend_deg
        if abs(bend_deg) > MOST_BEND_DEG or abs(turned) >= 360.0:
            found.append(slice(begun, number))
            begun, turned = number, 0.0
    found.append(slice(begun, len(courses)))
    return found


def loop_spacings_m(legs: Floats) -> Floats:
    """Between neighbouring loops of a spiral (leg, 4+: x0, y0, x1, y1), from the second outward.

    Half of what its width, across its first course, grows from one loop to the next. A drift shifts both
    sides of a loop nearly alike, so it hardly counts.
    """
    step = legs[:, 2:4] - legs[:, 0:2]
    turned = np.concatenate([[0.0], np.cumsum(bends_deg(courses_deg(legs)))])
    sides = [int(np.argmax(np.abs(turned) >= half)) for half in np.arange(0.0, np.abs(turned[-1]), 180.0)]
    across = np.array([-step[0, 1], step[0, 0]]) / np.hypot(*step[0])
    at_m = legs[sides, 0:2] @ across
    widths_m = np.abs(np.diff(at_m))[::2]
    grown: Floats = 0.5 * np.diff(widths_m)[1:]
    return grown


def ladder_of(legs: Floats) -> Ladder | None:
    """The ladder that searching legs (leg, 6: x0, y0, x1, y1, t0, t1) make; None if they make none.

    On a drifting datum the ladder moves: what legs there and back have in common across themselves is drift.
    """
    if len(legs) < 2:
        return None
    velocity = (legs[:, 2:4] - legs[:, 0:2]) / (legs[:, 5] - legs[:, 4])[:, np.newaxis]
    apart = velocity[::2].mean(axis=0) - velocity[1::2].mean(axis=0)
    along = apart / np.hypot(*apart)
    if not (np.abs(velocity @ along) > 0.9 * np.hypot(*velocity.T)).all():
        return None
    across = np.array([-along[1], along[0]])
    drift_mps = float(np.mean(velocity @ across))
    middle_s = legs[:, 4:6].mean(axis=1)
    at_m = 0.5 * (legs[:, 0:2] + legs[:, 2:4]) @ across - drift_mps * (middle_s - middle_s[0])
    if at_m[0] > np.median(at_m):
        at_m = -at_m
    ranked = np.argsort(at_m)
    number = np.empty(len(legs), int)
    number[ranked] = np.arange(1, len(legs) + 1)
    return Ladder(
        order=tuple(number.tolist()),
        lengths_m=np.hypot(*(legs[ranked, 2:4] - legs[ranked, 0:2]).T),
        spacings_m=np.diff(at_m[ranked]),
    )
