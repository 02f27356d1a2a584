"""What breaks no rule and the coordinator should know: transits that cross, neighbours at one height."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import shapely

from sarex.clock import from_posix_s
from sarex.safety.areas import creeps
from sarex.safety.flight import DISTANCE_TOLERANCE_M, Flight, distance_m
from sarex.safety.model import Advice, Breach, Measure
from sarex.safety.together import Pair, both_on_scene, nearest_meeting, pairs_at_one_height
from sarex.units import NAUTICAL_MILE_M, m_to_nm

TRANSIT_APART_M = NAUTICAL_MILE_M
"""Aircraft that pass nearer than this at one height, one of them in transit, are told of (assumed)."""
NEAR_BASE_M = 5.0 * NAUTICAL_MILE_M
"""Around where units start and land, traffic control keeps them apart (assumed)."""
SAME_COURSE = 0.7
"""Cosine from which two ladders count as creeping along one line."""

CROSSING = "aircraft in transit pass near each other at one height"
ONE_HEIGHT = "adjacent aircraft search at one height"
OPPOSED = "adjacent areas are crept through in opposite senses"


def advice_on(flights: Sequence[Flight]) -> Iterator[Advice]:
    """Everything worth telling of a plan's tasks."""
    for pair in pairs_at_one_height(flights):
        if pair[0].task.unit.kind.flies and pair[1].task.unit.kind.flies:
            yield from _of(CROSSING, pair, _crossing(pair))
            yield from _of(ONE_HEIGHT, pair, _one_height(pair))
    for first, second in combinations(flights, 2):
        if first.name != second.name and first.task.unit.kind.flies == second.task.unit.kind.flies:
            yield from _of(OPPOSED, (first, second), _opposed((first, second)))


def _of(advice: str, pair: Pair, breaches: Iterator[Breach]) -> Iterator[Advice]:
    names = pair[0].name, pair[1].name
    for breach in breaches:
        yield Advice(
            advice, names, breach.at, breach.position, breach.sentence, breach.amount, breach.measure
        )


def _crossing(pair: Pair) -> Iterator[Breach]:
    """The nearest meeting of one in transit with the other, wherever that is, away from their bases."""
    first, second = pair
    meetings = [
        nearest_meeting(one.legs[:arrives], other.legs)
        for one, other in (pair, (second, first))
        if (arrives := int(np.flatnonzero(one.searching)[0]))
    ]
    met = min((meeting for meeting in meetings if meeting is not None), default=None)
    if met is None or met[0] >= TRANSIT_APART_M:
        return
    apart_m, at_s, x_m, y_m = met
    where = first.place(x_m, y_m)
    bases = [base for flight in pair for base in (flight.task.unit.position, flight.task.unit.home)]
    if min(distance_m(where, base) for base in bases) < NEAR_BASE_M:
        return
    sentence = f"pass within {m_to_nm(apart_m):.2f} nm of each other at one height"
    yield Breach(from_posix_s(at_s), where, sentence, apart_m, Measure.METRES)


def _one_height(pair: Pair) -> Iterator[Breach]:
    first, second = pair
    apart_m = float(shapely.distance(first.area, second.area))
    if both_on_scene(pair, 0.0) and apart_m < _neighbours_m(pair):
        yield _between(
            pair, "search side by side; adjacent aircraft are best 500 ft apart in height", apart_m
        )


def _opposed(pair: Pair) -> Iterator[Breach]:
    """Neighbours that begin at the same corner creep the same way and stay apart (IAMSAR)."""
    first, second = pair
    senses = creeps(first), creeps(second)
    if senses[0] is None or senses[1] is None or not both_on_scene(pair, 0.0):
        return
    if shapely.distance(first.area, second.area) >= _neighbours_m(pair) or _one_above_the_other(pair):
        return
    agreement = float(np.dot(senses[0], senses[1]))
    if agreement < -SAME_COURSE:
        yield _between(pair, "creep against each other; beginning at the same corner keeps them apart", 0.0)


def _one_above_the_other(pair: Pair) -> bool:
    """Whether the areas share ground: units apart in height are no neighbours then."""
    first, second = pair[0].area, pair[1].area
    return float(shapely.intersection(first, second).area) > 0.05 * min(first.area, second.area)


def _neighbours_m(pair: Pair) -> float:
    """Areas nearer than this are adjacent."""
    return max(flight.task.track_spacing_m for flight in pair) + DISTANCE_TOLERANCE_M


def _between(pair: Pair, sentence: str, amount_m: float) -> Breach:
    first, second = pair
    middle = shapely.shortest_line(first.area, second.area).interpolate(0.5, normalized=True)
    at = from_posix_s(max(first.on_scene_s, second.on_scene_s))
    return Breach(at, first.place(middle.x, middle.y), sentence, amount_m, Measure.METRES)
