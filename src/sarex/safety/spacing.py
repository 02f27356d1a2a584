"""Track spacing reckoned from the legs, against what the task says of it.

Half a spacing is kept at the edges, a spacing between units, and coverage is sweep width over it. What it
means hangs on the pattern: of ladders and track lines the distance between neighbouring legs, of expanding
squares that between neighbouring loops or area over track, of sector searches area over track, pi R / 9. Legs
over the ground may ride on a drift, which is read off them and taken out.
"""

from collections.abc import Callable, Iterator, Mapping
from math import ceil, pi

import numpy as np
from shapely import MultiPoint

from sarex.planning.model import Pattern
from sarex.safety.flight import Flight, Floats
from sarex.safety.model import Breach, Measure
from sarex.tasking.shapes import bends_deg, courses_deg, joined_straight
from sarex.units import m_to_nm

ROOM = (0.84, 1.25)
"""Times what the legs show. The planner tells an uneven ladder by the mean that it would have with many legs:
of four and more legs at most this far off (`kernels.ladder`, DENSE at its largest), ..."""
FEW_LEGS, ROOM_OF_FEW = 3, (0.7, 1.65)
"""... of so few legs farther."""
LEAST_LOOPS_DEG = 540.0
"""So far a square must have turned for its loops to show spacing and drift."""
FIRST_TURN_DEG = 70.0
"""The loops are looked at from here on: a rounded square begins with a quarter circle of its first turn."""
FEWEST_PLACES = 3
PARALLEL = 0.9
"""Cosine from which legs count as parallel."""
BESIDE = 0.5
"""Share of the shorter of two legs that lies abreast of the other, for them to be neighbours."""
SAME_TRACK = 0.1
"""Of the widest distance: nearer legs are one track flown again."""
LEAST_BEND = 0.3
"""Sine from which the lines of two legs meet in a corner."""
THROUGH = (1.3, 1.5)
"""Radii from which a sector search's leg may, and must, lead through the datum: drift makes legs unequal."""
MOST_LOOKED_AT = 60
"""Legs whose neighbours are sought; of more, every so many-th."""

MEANING: Mapping[Pattern, str] = {
    Pattern.SECTOR: "area over track, pi R / 9, is",
    Pattern.EXPANDING_SQUARE: "its loops are",
}


def misstated(flight: Flight) -> Iterator[Breach]:
    """A track spacing other than that of the legs, where they show one."""
    legs = joined_straight(flight.legs[flight.searching])
    legs = legs[(legs[:, 5] > legs[:, 4]) & (np.hypot(*(legs[:, 2:4] - legs[:, :2]).T) > 0.0)]
    pattern, stated_m = flight.task.pattern, flight.task.track_spacing_m
    shown_m = shown_of(pattern, legs)
    if not len(shown_m):
        return
    few = pattern not in MEANING and len(legs) <= FEW_LEGS
    least_m, most_m = float(shown_m.min()), float(shown_m.max())
    too_close, too_wide = ROOM_OF_FEW if few else ROOM
    if least_m * too_close <= stated_m <= most_m * too_wide:
        return
    real_m = least_m if stated_m < least_m else most_m
    sentence = (
        f"says a track spacing of {m_to_nm(stated_m):.3f} nm; {MEANING.get(pattern, 'its legs are')} "
        f"{m_to_nm(real_m):.3f} nm{'' if pattern is Pattern.SECTOR else ' apart'}. State that, and the "
        "coverage that follows from it, or space the legs as stated"
    )
    yield flight.leg_breach(
        int(np.argmax(flight.searching)), sentence, abs(stated_m - real_m), Measure.METRES
    )


def shown_of(pattern: Pattern, legs: Floats) -> Floats:
    """What searching legs (leg, 6) show of their spacing, by one or two ways; empty where they show none."""
    if len(legs) < 2:
        return np.zeros(0)
    return _SHOWN.get(pattern, _between_legs_m)(legs)


def _between_legs_m(legs: Floats) -> Floats:
    """Median and mean distance between neighbouring parallel legs, (2,); empty where none has a neighbour."""
    units, lengths_m = _along(legs)
    found = []
    for number in range(0, len(legs), ceil(len(legs) / MOST_LOOKED_AT)):
        along = units[number]
        parallel = np.abs(units @ along) > PARALLEL
        ends = np.column_stack([legs[:, :2] @ along, legs[:, 2:4] @ along])
        low, high = ends.min(axis=1), ends.max(axis=1)
        abreast_m = np.minimum(high, high[number]) - np.maximum(low, low[number])
        beside = parallel & (abreast_m > BESIDE * np.minimum(lengths_m, lengths_m[number]))
        found.append(_apart_m(legs[beside], along))
    apart_m = np.concatenate(found)
    return np.array([np.median(apart_m), apart_m.mean()]) if len(apart_m) else apart_m


def _apart_m(legs: Floats, along: Floats) -> Floats:
    """Between neighbours of parallel legs. What legs there and back have in common across them is drift."""
    velocity = (legs[:, 2:4] - legs[:, :2]) / (legs[:, 5] - legs[:, 4])[:, np.newaxis]
    there = velocity @ along > 0.0
    drift = np.zeros(2)
    if there.any() and not there.all():
        out, back = velocity[there].mean(axis=0), velocity[~there].mean(axis=0)
        along, drift = (out - back) / np.hypot(*(out - back)), 0.5 * (out + back)
    across = np.array([-along[1], along[0]])
    middle, at_s = 0.5 * (legs[:, :2] + legs[:, 2:4]), legs[:, 4:6].mean(axis=1)
    apart_m = np.diff(np.sort((middle - np.outer(at_s - at_s[0], drift)) @ across))
    return np.asarray(apart_m[apart_m > SAME_TRACK * apart_m.max(initial=0.0)], dtype=np.float64)


def _between_loops_m(legs: Floats) -> Floats:
    """Between places one loop apart, and area over track, (2,); empty for too few loops.

    From one loop to the next a place moves a spacing outward, and with the drift: least squares of both. With
    the area A and the length P of the hull and the length L of the track, A over L is (A + P s / 2) / L = s.
    """
    bends = bends_deg(courses_deg(legs))
    side = 1.0 if bends.sum() >= 0.0 else -1.0
    turned = np.concatenate([[0.0], np.maximum.accumulate(np.cumsum(side * bends))])
    if turned[-1] < LEAST_LOOPS_DEG:
        return np.zeros(0)
    units, lengths_m = _along(legs)
    middle, at_s = 0.5 * (legs[:, :2] + legs[:, 2:4]), legs[:, 4:6].mean(axis=1)
    kept = (turned >= FIRST_TURN_DEG) & (turned + 360.0 <= turned[-1] + 1e-6)
    if kept.sum() < FEWEST_PLACES:
        return np.zeros(0)
    later = [np.interp(turned[kept] + 360.0, turned, values) for values in (*middle.T, at_s)]
    outward = side * np.column_stack([-units[kept, 1], units[kept, 0]])
    moved_m = (outward * (np.column_stack(later[:2]) - middle[kept])).sum(axis=1)
    columns = np.column_stack([np.ones(len(moved_m)), outward * (later[2] - at_s[kept])[:, np.newaxis]])
    weight = np.sqrt(lengths_m[kept])
    loops_m = float(np.linalg.lstsq(columns * weight[:, np.newaxis], moved_m * weight)[0][0])
    hull = MultiPoint(legs[:, 2:4]).convex_hull
    area_over_track_m = hull.area / max(float(lengths_m.sum()) - 0.5 * hull.length, 1.0)
    return np.array([loops_m, area_over_track_m])


def _of_sectors_m(legs: Floats) -> Floats:
    """Area over track of a sector search, pi R / 9, (2,); its legs are R, and 2 R through the datum."""
    corners = _corners(legs)
    lengths_m = np.hypot(*np.diff(corners, axis=0).T)
    radii_m = np.sort(lengths_m)[: ceil(2 * len(lengths_m) / 3)]
    times_r = 1.0 + (lengths_m > np.outer(THROUGH, np.median(radii_m)))
    return np.asarray(pi / 9.0 * lengths_m.sum() / times_r.sum(axis=1), dtype=np.float64)


def _corners(legs: Floats) -> Floats:
    """Where each leg's line meets the next one's, (leg + 1, 2), with both ends: turns cut corners off."""
    units, _ = _along(legs)
    before, after = units[:-1], units[1:]
    gap_m = legs[1:, :2] - legs[:-1, 2:4]
    bend = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    onward_m = (gap_m[:, 0] * after[:, 1] - gap_m[:, 1] * after[:, 0]) / np.where(bend == 0.0, np.inf, bend)
    straight = np.abs(bend) < LEAST_BEND
    onward_m = np.where(straight, 0.5 * np.hypot(*gap_m.T), onward_m)
    return np.vstack([legs[:1, :2], legs[:-1, 2:4] + before * onward_m[:, np.newaxis], legs[-1:, 2:4]])


def _along(legs: Floats) -> tuple[Floats, Floats]:
    """Unit vectors (leg, 2) and lengths (leg,)."""
    moved_m = legs[:, 2:4] - legs[:, :2]
    lengths_m = np.hypot(*moved_m.T)
    return moved_m / lengths_m[:, np.newaxis], lengths_m


_SHOWN: Mapping[Pattern, Callable[[Floats], Floats]] = {
    Pattern.EXPANDING_SQUARE: _between_loops_m,
    Pattern.SECTOR: _of_sectors_m,
}
