"""A replan that disturbs as few units as possible, and what that costs.

Units that fly are told new areas by radio, one by one, and every change costs time and may be misheard. From
the plan as it stands, flown on, the unit is moved whose moving gains most, then the next, until all have
moved: a table of moves against POS. Those moved before may be moved again, for they are told anew anyway;
units that had no task are new, and placing one counts as one move.

Where a unit would go is looked for by the search that makes plans (`quick_search`, `fleet_search`), for that
unit alone among all others: from where it is, or from its place in a plan that keeps nobody, and afresh. In a
large fleet only those that promised most are looked at again after each move, and those moved are bettered
once, together, at the end. Greedy, so with k moves a better choice may exist.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sarex.planning.assignment import value_of, worth_of
from sarex.planning.crews import Crew
from sarex.planning.fleet_search import Effort, Polisher, SearchTask, search_fleet
from sarex.planning.quick_search import Line, Pooled, alone, fleet_of, pooled
from sarex.planning.sortie import Shape, Track
from sarex.planning.waters import success
from sarex.randomness import child_generator, child_seed
from sarex.workers import cores

LEAST_GAIN = 1e-4
"""Of what is still undetected: a move that adds less is not made."""
PARTICLES, PARTICLES_A_UNIT = 20_000, 200
"""A replan looks at so many particles, or so many for each unit."""
TRIES, ROUNDS, MOVES = 24, 4, 14
"""Shapes tried for a unit that moves, and moves of the best one."""
LOOKED_AT = 2
"""So many of those that promised most are looked at again together."""
FEW = 24
"""A fleet of so many units or fewer is all looked at after each move, and those moved before are bettered."""
MANY = 60
"""More units than this and a replan does the least: one round and the shakes that this leaves."""


@dataclass(frozen=True)
class Moved:
    """The plan with so many units moved."""

    numbers: tuple[int, ...]
    """Of the crews that moved, in the order in which they were chosen."""
    tracks: tuple[Track | None, ...]
    value: float
    """What the case's objective counts, POS if all finds count alike, on the particles of the replan."""


def from_where_it_stands(effort: Effort, units: int) -> Effort:
    """The counts for a search that begins with a plan that stands: at most half of the way is left to go."""
    left = 2 if units <= FEW else 8 if units <= MANY else 16
    return replace(
        effort,
        lines=min(effort.lines, 2),
        tries=ceil(effort.tries / 2),
        rounds=ceil(effort.rounds / left),
        shakes=ceil(effort.shakes / left),
    )


def for_a_replan(task: SearchTask, part: int = 0) -> SearchTask:
    """The same on fewer particles: on part 0 plans are looked for, on part 1 they are compared."""
    wanted = max(PARTICLES, PARTICLES_A_UNIT * len(task.crews))
    every = max(1, round(task.waters.weight.size / wanted))
    offset = part % every
    worth = None if task.worth is None else np.ascontiguousarray(task.worth[:, offset::every])
    return replace(task, waters=task.waters.thinned(every, offset), worth=worth)


def compared_on(task: SearchTask, plans: Sequence[Moved]) -> tuple[Moved, ...]:
    """The plans with their values on other particles, so that being fitted earns none of them anything."""
    flown = {id(track): (n, track) for plan in plans for n, track in enumerate(plan.tracks)}

    def exposure(of: tuple[int, Track | None]) -> NDArray[np.float32]:
        return _exposure(task, *of)

    with ThreadPoolExecutor(cores()) as executor:
        known = dict(zip(flown, executor.map(exposure, flown.values()), strict=True))
    return tuple(
        replace(plan, value=_value(task, plan.tracks, [known[id(track)] for track in plan.tracks]))
        for plan in plans
    )


def free_plan(
    task: SearchTask,
    kept: Sequence[Track | None],
    effort: Effort,
    progress: Callable[[float], None] | None = None,
) -> Moved:
    """The best plan found with everybody free to move: from where they are, in a small fleet also afresh."""
    opening = tuple(None if track is None else track.shape for track in kept)
    if len(task.crews) <= FEW:
        found = search_fleet(replace(task, opening=opening), effort, progress)
    else:
        # whatever of it is flown is polished later
        less = replace(from_where_it_stands(effort, len(task.crews)), polish=0)
        found = search_fleet(replace(task, opening=opening, warm=True), less, progress)
    value = _value(task, found.tracks, found.exposures)
    return Moved(tuple(range(len(task.crews))), tuple(found.tracks), value)


def replan_few(
    task: SearchTask,
    kept: Sequence[Track | None],
    *,
    free: Sequence[Track | None],
    most: int | None = None,
    must_move: Sequence[int] = (),
    progress: Callable[[float], None] | None = None,
) -> tuple[Moved, ...]:
    """The best plans found with 0, 1, 2, ... units moved; ends early where no move gains anything.

    Args:
        task: the crews, on particles of the rehearsal (`for_a_replan`).
        kept: for each crew the track that it flies now, or None.
        free: tracks of a plan that keeps nobody: each is tried as a place.
        most: at most so many moves; all crews if not given.
        must_move: crews that may not keep what they fly; they are moved before the first of the plans.
    """
    standing = [None if number in must_move else track for number, track in enumerate(kept)]
    mover = _Mover(task, standing, free)
    for number in must_move:
        mover.move(number)
    plans = [mover.told()]
    limit = len(task.crews) if most is None else min(most, len(task.crews))
    while len(plans) <= limit:
        if not mover.move_best():
            break
        plans.append(mover.told())
        if progress is not None:
            progress(len(plans[1:]) / max(limit, 1))
    return tuple(plans)


def fewest_moves(plans: Sequence[Moved], wanted: float) -> Moved:
    """The plan with the fewest moves that reaches a value; the best if none does."""
    for plan in plans:
        if plan.value >= wanted:
            return plan
    return max(plans, key=lambda plan: plan.value)


def bettered(task: SearchTask, plan: Moved, effort: Effort) -> Moved:
    """The same units moved, to better places: all of them together, by the search that makes plans."""
    if not plan.numbers:
        return plan
    staying = [n for n in range(len(task.crews)) if n not in plan.numbers]
    missed = task.waters.weight.copy()
    for number in staying:
        missed *= np.exp(-_exposure(task, number, plan.tracks[number]).astype(np.float64))
    among = replace(
        task,
        crews=tuple(task.crews[n] for n in plan.numbers),
        waters=replace(task.waters, weight=missed),
        opening=tuple(_shape(plan.tracks[n]) for n in plan.numbers),
        warm=True,
        standing=_those(task.crews, plan.tracks, staying),
    )
    found = search_fleet(among, from_where_it_stands(effort, len(task.crews)))
    tracks = list(plan.tracks)
    for number, track in zip(plan.numbers, found.tracks, strict=True):
        tracks[number] = track
    exposures = [_exposure(task, number, track) for number, track in enumerate(tracks)]
    other = Moved(plan.numbers, tuple(tracks), _value(task, tracks, exposures))
    return max(plan, other, key=lambda it: it.value)


def _value(
    task: SearchTask, tracks: Sequence[Track | None], exposures: Sequence[NDArray[np.float32]]
) -> float:
    if task.worth is not None:
        return value_of(task.waters, tracks, exposures, task.worth)
    return success(task.waters.weight, np.asarray(np.sum(exposures, axis=0, dtype=np.float64)))


@dataclass(frozen=True)
class _Offer:
    """Another place for a unit."""

    gain: float
    """Over what it adds where it is."""
    track: Track | None
    after: int
    """So many had moved when it was looked for."""


class _Mover:
    """The assignment as it is moved, unit after unit."""

    def __init__(self, task: SearchTask, kept: Sequence[Track | None], free: Sequence[Track | None]) -> None:
        self._task, self._free = task, free
        self._tracks = list(kept)
        self._exposures = [_exposure(task, number, track) for number, track in enumerate(kept)]
        self._total = np.asarray(np.sum(self._exposures, axis=0, dtype=np.float64))
        self._here = pooled(task.waters, task.worth, 1, 0)
        self._fleet = fleet_of(task.crews, task.waters, task.drift)
        self._moved: list[int] = []
        self._steps = 0
        self._offers: dict[int, _Offer] = {}

    def told(self) -> Moved:
        """The plan as it now is."""
        value = success(self._task.waters.weight, self._total)
        if self._task.worth is not None:
            value = value_of(self._task.waters, self._tracks, self._exposures, self._task.worth)
        return Moved(tuple(self._moved), tuple(self._tracks), value)

    def move_best(self) -> bool:
        """Move the unit whose moving gains most; whether one was worth moving."""
        unmoved = [n for n in range(len(self._task.crews)) if n not in self._moved]
        least = LEAST_GAIN * float(self._task.waters.weight.sum())
        few = len(self._tracks) <= FEW
        self._look_for(unmoved if few else [n for n in unmoved if n not in self._offers])
        while unmoved:
            ranked = sorted(unmoved, key=lambda number: -self._offers[number].gain)
            best = self._offers[ranked[0]]
            if best.gain < least:
                break
            if best.after == self._steps:
                self._move(ranked[0], best)
                return True
            self._look_for([n for n in ranked[:LOOKED_AT] if self._offers[n].after != self._steps])
        return False

    def move(self, number: int) -> None:
        """Move a unit, whatever that gains."""
        self._move(number, self._offer(number, afresh=True))

    def _look_for(self, numbers: Iterable[int]) -> None:
        """Other places for some units, side by side: none depends on another."""

        def offer(number: int) -> tuple[int, _Offer]:
            return number, self._offer(number, afresh=True)

        with ThreadPoolExecutor(cores()) as executor:
            self._offers.update(executor.map(offer, numbers))

    def _move(self, number: int, offer: _Offer) -> None:
        self._take(number, offer)
        earlier = self._moved[:] if len(self._tracks) <= FEW else []
        self._moved.append(number)
        self._steps += 1
        for other in earlier:
            again = self._offer(other, afresh=False)
            if again.gain > 0.0:
                self._take(other, again)

    def _take(self, number: int, offer: _Offer) -> None:
        if offer.track is None:
            return
        exposure = _exposure(self._task, number, offer.track)
        self._total += exposure.astype(np.float64) - self._exposures[number]
        self._tracks[number], self._exposures[number] = offer.track, exposure

    def _offer(self, number: int, *, afresh: bool) -> _Offer:
        """The best other place found for a unit while all others stay; `afresh`: also where it is not now."""
        crew, track = self._task.crews[number], self._tracks[number]
        others = [n for n in range(len(self._tracks)) if n != number]
        standing = _those(self._task.crews, self._tracks, others)
        missed = np.exp(self._exposures[number] - self._total)
        here = Pooled(self._here.pool, self._here.weight * missed)
        names = crew.unit.name, str(crew.sortie), str(self._steps)
        seed = child_seed(self._task.seed, "moving", *names)
        begun = [_shape(track if number in self._moved else self._free[number] or track)]
        fleet = alone(self._fleet, number, standing)
        # in a large fleet the plan that keeps nobody has looked already
        if afresh and (len(self._tracks) <= FEW or begun == [None] or number in self._moved):
            begun.append(None)
        lines = [_looked_for(Line(fleet, [here], seed), shape) for shape in begun]
        lines.sort(key=lambda line: -line.value_on(here))
        task = replace(
            self._task,
            crews=(crew,),
            waters=replace(self._task.waters, weight=here.weight),
            opening=(),
            standing=standing,
        )
        polisher = Polisher(task, task.waters, task.worth, child_generator(seed, "moving"))
        best = polisher.flown(lines[0].shapes(), [line.shapes() for line in lines[1:]])
        own = 0.0
        if track is not None:
            worth = worth_of(task.waters, track, task.worth)
            own = success(worth * here.weight, self._exposures[number])
        return _Offer(polisher.value(best) - own, best.tracks[0], self._steps)


def _looked_for(line: Line, begun: Shape | None) -> Line:
    """A line of one unit when it has looked, from a shape that the unit has or afresh."""
    line.placed(() if begun is None else (begun,), TRIES, shuffled=False)
    for turn in range(ROUNDS):
        line.improved(turn, ROUNDS, MOVES)
    return line


def _shape(track: Track | None) -> Shape | None:
    return None if track is None else track.shape


def _those(
    crews: Sequence[Crew], tracks: Sequence[Track | None], numbers: Iterable[int]
) -> tuple[tuple[Crew, Track], ...]:
    """Some of the crews with their tracks, without those that have none."""
    pairs = ((crews[number], tracks[number]) for number in numbers)
    return tuple((crew, track) for crew, track in pairs if track is not None)


def _exposure(task: SearchTask, number: int, track: Track | None) -> NDArray[np.float32]:
    if track is None:
        return np.zeros(task.waters.weight.size, np.float32)
    return task.waters.exposures(track.searching, task.waters.widths(task.crews[number].width_m))
