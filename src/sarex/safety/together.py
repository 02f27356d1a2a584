"""Rules between tasks: sorties of one unit, and units that share air or water at one height."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import shapely

from sarex.clock import from_posix_s, to_posix_s
from sarex.planning.assignment import same_height
from sarex.planning.margins import AREA_PADDING_S, least_apart_m
from sarex.safety.flight import (
    DISTANCE_TOLERANCE_M,
    LENGTH_TOLERANCE,
    TIME_TOLERANCE_S,
    Flight,
    Floats,
    distance_m,
)
from sarex.safety.model import Breach, Measure
from sarex.units import m_to_nm

Pair = tuple[Flight, Flight]


def sorties_of(flights: Sequence[Flight]) -> Iterator[tuple[Flight, ...]]:
    """The flights of each unit, in order of departure."""
    names = dict.fromkeys(flight.name for flight in flights)
    for name in names:
        yield tuple(sorted((f for f in flights if f.name == name), key=lambda flight: flight.departs_s))


def too_soon(sorties: Sequence[Flight]) -> Iterator[Breach]:
    """The first sortie leaves no sooner than the unit is there and ready."""
    first = sorties[0]
    unit = first.task.unit
    ready_s = to_posix_s(unit.available_from) + _way_s(
        first, distance_m(unit.position, first.task.legs[0].start)
    )
    if first.departs_s < ready_s - TIME_TOLERANCE_S:
        sentence = (
            f"under way at {from_posix_s(first.departs_s):%H:%M} from where it can be at "
            f"{from_posix_s(ready_s):%H:%M}"
        )
        yield _at_departure(first, sentence, ready_s - first.departs_s, Measure.SECONDS)


def crowded(sorties: Sequence[Flight]) -> Iterator[Breach]:
    """Each further sortie leaves from home, after the turnaround; no more of them than the unit makes."""
    for earlier, later in pairwise(sorties):
        unit = later.task.unit
        way_s = _way_s(later, distance_m(unit.home, later.task.legs[0].start))
        ready_s = earlier.home_s + unit.turnaround_s + way_s
        if later.departs_s < ready_s - TIME_TOLERANCE_S:
            sentence = (
                f"leaves again at {from_posix_s(later.departs_s):%H:%M}; home from its earlier sortie at "
                f"{from_posix_s(earlier.home_s):%H:%M}, with {unit.turnaround_s / 60:.0f} min of turnaround "
                f"it is ready at {from_posix_s(ready_s):%H:%M}"
            )
            yield _at_departure(later, sentence, ready_s - later.departs_s, Measure.SECONDS)
    for extra in sorties[sorties[0].task.unit.sorties :]:
        most = extra.task.unit.sorties
        sentence = f"{len(sorties)} sorties are planned; the unit makes {most} in the window"
        yield _at_departure(extra, sentence, float(len(sorties) - most), Measure.COUNT)


def _way_s(flight: Flight, way_m: float) -> float:
    spare_m = max(way_m * (1.0 - LENGTH_TOLERANCE) - DISTANCE_TOLERANCE_M, 0.0)
    return spare_m / flight.task.unit.transit_speed_mps


def _at_departure(flight: Flight, sentence: str, amount: float, measure: Measure) -> Breach:
    return Breach(from_posix_s(flight.departs_s), flight.task.legs[0].start, sentence, amount, measure)


def pairs_at_one_height(flights: Sequence[Flight]) -> Iterator[Pair]:
    """Different units whose heights are less than 500 ft apart."""
    for first, second in combinations(flights, 2):
        heights = first.task.unit.altitude_m, second.task.unit.altitude_m
        if first.name != second.name and same_height(*heights):
            yield first, second


def both_on_scene(pair: Pair, padding_s: float = AREA_PADDING_S) -> bool:
    """Whether their times on scene overlap, or follow each other too closely."""
    first, second = pair
    since_s = max(first.on_scene_s, second.on_scene_s)
    return since_s < min(first.off_scene_s, second.off_scene_s) + padding_s


def shared_area(pair: Pair) -> Iterator[Breach]:
    """Areas at one height must not overlap while both units are on scene."""
    first, second = pair
    if not both_on_scene(pair) or not shapely.intersects(first.area, second.area):
        return
    shared = shapely.intersection(first.area, second.area)
    if shared.area <= DISTANCE_TOLERANCE_M**2 or _sliver(shared.area, shared.length):
        return
    inside = shared.representative_point()
    yield Breach(
        from_posix_s(max(first.on_scene_s, second.on_scene_s)),
        first.place(inside.x, inside.y),
        f"share {shared.area / 1852**2:.2f} nm2 while both are on scene",
        float(shared.area),
        Measure.SQUARE_METRES,
    )


def _sliver(area_m2: float, length_m: float) -> bool:
    """Areas that share an edge overlap by a metre where their corners are rounded."""
    return area_m2 < 0.5 * length_m


def too_near(pair: Pair) -> Iterator[Breach]:
    """Two units on scene at one height keep the smaller of their track spacings from each other."""
    first, second = pair
    least_m = least_apart_m(
        first.task.track_spacing_m,
        second.task.track_spacing_m,
        alike=first.task.unit.kind.flies == second.task.unit.kind.flies,
    )
    met = nearest_meeting(first.on_scene_legs, second.on_scene_legs)
    if met is None or met[0] >= least_m * (1.0 - LENGTH_TOLERANCE) - DISTANCE_TOLERANCE_M:
        return
    apart_m, at_s, x_m, y_m = met
    yield Breach(
        from_posix_s(at_s),
        first.place(x_m, y_m),
        f"come within {m_to_nm(apart_m):.2f} nm of each other at one height; {m_to_nm(least_m):.2f} nm is "
        "the least",
        least_m - apart_m,
        Measure.METRES,
    )


def nearest_meeting(first: Floats, second: Floats) -> tuple[float, float, float, float] | None:
    """How near two tracks (leg, 6) come at the same time, when, and where in between.

    Both move straight and steadily between the instants at which either changes its leg, so the nearest
    approach in each such piece is that of one point to a straight line. None where they are never under way
    at the same time.
    """
    since_s, until_s = max(first[0, 4], second[0, 4]), min(first[-1, 5], second[-1, 5])
    if not since_s < until_s:
        return None
    edges = np.unique(np.concatenate([first[:, 4:].ravel(), second[:, 4:].ravel(), [since_s, until_s]]))
    edges = edges[(edges >= since_s) & (edges <= until_s)]
    begin, end = edges[:-1], edges[1:]
    middle = 0.5 * (begin + end)
    one, two = ((_at(legs, middle, begin), _at(legs, middle, end)) for legs in (first, second))
    apart, change = two[0] - one[0], (two[1] - two[0]) - (one[1] - one[0])
    square = (change**2).sum(axis=1)
    share = np.clip(
        np.divide(-(apart * change).sum(axis=1), square, out=np.zeros_like(square), where=square > 0),
        0.0,
        1.0,
    )
    distance = np.hypot(*(apart + share[:, None] * change).T)
    if not distance.size:
        return None
    k = int(np.argmin(distance))
    mine = one[0][k] + share[k] * (one[1][k] - one[0][k])
    theirs = two[0][k] + share[k] * (two[1][k] - two[0][k])
    x_m, y_m = (0.5 * (mine + theirs)).tolist()
    return float(distance[k]), float(begin[k] + share[k] * (end[k] - begin[k])), x_m, y_m


def _at(legs: Floats, on: Floats, moment_s: Floats) -> Floats:
    """Positions (moment, 2) at instants, each on the leg that is under way at `on`."""
    number = np.clip(np.searchsorted(legs[:, 4], on, side="right") - 1, 0, legs.shape[0] - 1)
    leg = legs[number]
    duration_s = np.maximum(leg[:, 5] - leg[:, 4], 1e-9)
    share = np.clip((moment_s - leg[:, 4]) / duration_s, 0.0, 1.0)
    return np.asarray(leg[:, :2] + share[:, None] * (leg[:, 2:4] - leg[:, :2]))
