"""Who searches where: independent lines of a quick search, the best of which is flown and polished exactly.

Choosing one track per unit is monotone submodular, so placing units one after another, each where it adds
most, is within one half of the best choice (Fisher, Nemhauser & Wolsey 1978). From there every line moves,
turns and stretches one unit's pattern at a time with the others' exposures kept, and shakes: takes two units
out, places them anew and keeps the better plan. The quick search reckons each leg as one pass
(`kernels.ladder_front`); its plans are flown and compared on the exact exposure over the moving ensemble, and
the best one is polished there, with the manual's other patterns tried in each unit's place.

The planner sees its own draw of particles. What a plan promises is computed on another draw, so that
being fitted to these particles earns it nothing.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, cos, pi, sin
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from sarex.planning.assignment import Assignment, value_of, worth_of
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.model import Pattern
from sarex.planning.passage import Point
from sarex.planning.quick_search import Line, fleet_of, pooled
from sarex.planning.sortie import Shape, Track, fly
from sarex.planning.waters import Waters
from sarex.randomness import child_generator, child_seed
from sarex.workers import cores

PARTICLES_A_UNIT = 300
"""A pool holds at least so many for each unit: the more units, the fewer lie in the area of one."""
POLISH_PARTICLES = 20_000
"""Plans of the lines are compared and polished on so many."""
FEWEST_MOVES = 12
"""At each visit, in the largest fleet."""
SMALL_FLEET = 8
"""Up to so many units the counts of `Effort` hold."""
LARGE_FLEET = 40
"""Beyond so many units moves are shared out and nobody is shaken: what two change drowns in chance."""
FIRST_SLIP = 0.02
"""Nudges of a shape that could not be flown exactly where the quick search put it."""
NUDGES = 12
SMALL_AREA_WIDTHS = 20.0
"""A square with corners and a sector search are tried where an area is no larger than this."""

Tick = Callable[[], None]


@dataclass(frozen=True)
class Effort:
    """How hard to look for a good plan: counts, not seconds, so that no answer depends on the machine."""

    lines: int = 4
    """Independent lines of search, run side by side, of which the best is polished."""
    tries: int = 150
    """Shapes tried for each unit when it is placed."""
    rounds: int = 24
    """Visits of a line to every unit."""
    moves: int = 80
    """Moves tried at each visit."""
    shakes: int = 12
    """Times that a line takes two units out and places them anew."""
    polish: int = 12
    """Moves of each unit tried exactly at the end, twice."""
    particles: int = 12_000
    """How many a line looks at, at a time; more in large fleets."""


@dataclass(frozen=True)
class SearchTask:
    """What a plan is looked for: who, on which belief, and what is settled beforehand."""

    crews: tuple[Crew, ...]
    waters: Waters
    drift: DatumDrift
    seed: int
    opening: tuple[Shape | None, ...] = ()
    """A plan that one line begins with (the manual's)."""
    warm: bool = False
    """Whether every line begins with the opening: it is a plan that stands, not one among others."""
    standing: tuple[tuple[Crew, Track], ...] = ()
    """Others, who stay where they are; what they find is out of the waters' weights already."""
    worth: NDArray[np.float32] | None = None
    """What finding a particle in an interval counts, (interval, particle); None: all finds alike."""
    alternatives: tuple[Shape, ...] = ()
    """Other patterns to try in each unit's place at the end, such as along a track line."""


def search_fleet(
    task: SearchTask, effort: Effort, progress: Callable[[float], None] | None = None
) -> Assignment:
    """The best assignment found of a pattern to each crew.

    A line depends on nothing but its number, so the answer is the same on any number of cores. An interrupt
    (KeyboardInterrupt) ends the search with the best plan so far.
    """
    crews, waters = task.crews, task.waters
    shared = _shared_out(effort, len(crews))
    scales = _scales(effort, shared)
    lines = _Lines(task, shared, progress, len(scales))
    found = lines.run()
    every = max(1, waters.weight.size // POLISH_PARTICLES)
    worth = None if task.worth is None else task.worth[:, ::every]
    judged = waters.thinned(every, 0)

    def polisher_of(*names: str) -> Polisher:
        return Polisher(task, judged, worth, child_generator(task.seed, "planning", *names))

    # the manual's own plan is judged with the others, and its shapes stand in where theirs cannot be flown
    found += [task.opening] if task.opening else []
    flown = _all_or_some(
        [partial(polisher_of("flown", str(n)).flown, shapes, found) for n, shapes in enumerate(found)],
        lines.stop,
    )
    polisher = polisher_of("polish")
    best = max(flown, key=polisher.value)
    try:
        for scale in scales:
            if not lines.stopped:
                polisher.polish(best, shared.polish, scale, lines.tick)
    except KeyboardInterrupt:
        lines.stop()
    return replace(polisher.on(best, waters), interrupted=lines.stopped)


def _all_or_some(calls: Sequence[Callable[[], Assignment]], stop: Tick) -> list[Assignment]:
    """What calls return, made side by side; once interrupted, of those that have begun."""
    with ThreadPoolExecutor(cores()) as executor:
        futures: list[Future[Assignment]] = []
        try:
            futures.extend(executor.submit(call) for call in calls)
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            stop()
            begun = [future for future in futures if not future.cancel()]
            return [future.result() for future in begun] or [calls[0]()]


def _shared_out(effort: Effort, units: int) -> Effort:
    """The more units, the more shakes and fewer exact moves; for a large fleet fewer lines and moves too."""
    if units <= SMALL_FLEET:
        return effort
    share = SMALL_FLEET / units
    polish = int(effort.polish * share)
    if units <= LARGE_FLEET:
        return replace(effort, shakes=ceil(effort.shakes * share**-0.5), polish=polish)
    moves = max(min(effort.moves, FEWEST_MOVES), ceil(effort.moves * LARGE_FLEET / units))
    lines = min(effort.lines, max(2, effort.lines // 2))
    return replace(effort, lines=lines, moves=moves, shakes=0, polish=polish)


def _scales(effort: Effort, shared: Effort) -> tuple[float, ...]:
    """How large the exact moves at the end are; a large fleet has none, but tries other patterns once."""
    if effort.polish == 0:
        return ()
    return (0.1, 0.04) if shared.polish > 0 else (0.1,)


class _Lines:
    """Lines of search side by side, with their progress, which an interrupt ends early."""

    def __init__(
        self,
        task: SearchTask,
        effort: Effort,
        progress: Callable[[float], None] | None,
        polishings: int = 0,
    ) -> None:
        """`polishings`: how often all units are visited afterwards, for the progress."""
        self._task, self._effort, self._progress = task, effort, progress
        waters = task.waters
        wanted = max(effort.particles, PARTICLES_A_UNIT * len(task.crews))
        count = max(1, round(waters.weight.size / wanted))
        self._pools = [pooled(waters, task.worth, count, offset) for offset in range(count)]
        # all of them, lest what a shake fitted to one pool be taken for better
        self._judge = pooled(waters, task.worth, 1, 0)
        self._fleet = fleet_of(task.crews, waters, task.drift, task.standing)
        steps = effort.lines * (1 + effort.rounds + effort.shakes)
        self._total, self._done = steps + polishings * len(task.crews), 0
        self._lock, self._stop = Lock(), Event()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """End early, with what is found by now."""
        self._stop.set()

    def tick(self) -> None:
        """One step done."""
        with self._lock:
            self._done += 1
            if self._progress is not None:
                self._progress(min(self._done / self._total, 1.0))

    def run(self) -> list[tuple[Shape | None, ...]]:
        """The shapes that each line found."""
        with ThreadPoolExecutor(max_workers=min(cores(), self._effort.lines)) as executor:
            futures: list[Future[Line]] = []
            try:
                futures.extend(executor.submit(self._follow, number) for number in range(self._effort.lines))
                lines = [future.result() for future in futures]
            except KeyboardInterrupt:
                self.stop()
                lines = [future.result() for future in futures] or [self._follow(0)]
            return [line.shapes() for line in lines]

    def _follow(self, number: int) -> Line:
        task, effort = self._task, self._effort
        pools = self._pools[number % len(self._pools) :] + self._pools[: number % len(self._pools)]
        seed = child_seed(task.seed, "planning", f"line {number}")
        line = Line(self._fleet, pools, seed)
        opening = task.opening if task.warm or number == effort.lines - 1 else ()
        line.placed(opening, effort.tries, shuffled=number > 0)
        self.tick()
        for turn in range(effort.rounds):
            if self.stopped:
                break
            line.improved(turn, effort.rounds, effort.moves)
            self.tick()
        for turn in range(effort.shakes):
            if self.stopped:
                break
            line.shaken(turn, effort.moves, self._judge)
            self.tick()
        return line


class Polisher:
    """Flies what the quick search found, and improves it on the exact exposure."""

    def __init__(
        self,
        task: SearchTask,
        waters: Waters,
        worth: NDArray[np.float32] | None,
        generator: np.random.Generator,
    ) -> None:
        """`waters` and `worth`: of the particles on which it judges, some of the task's or all."""
        self._task, self._crews, self._drift = task, task.crews, task.drift
        self._waters, self._judged_worth, self._random = waters, worth, generator
        self._widths = [waters.widths(crew.width_m) for crew in self._crews]

    def flown(self, shapes: Sequence[Shape | None], others: Sequence[Sequence[Shape | None]]) -> Assignment:
        """The shapes flown; what cannot be flown just there is nudged, or one of the others' stands in."""
        assignment = Assignment.empty(self._crews, self._waters, self._task.standing)
        for choice in (shapes, *others):
            for number, shape in enumerate(choice):
                if shape is not None and assignment.tracks[number] is None:
                    self._put_near(assignment, number, shape)
        return assignment

    def value(self, assignment: Assignment) -> float:
        """What it finds by what finds count, each crew of what those before it have missed."""
        if self._judged_worth is None:
            return assignment.pos(self._waters)
        return value_of(self._waters, assignment.tracks, assignment.exposures, self._judged_worth)

    def _put_near(self, assignment: Assignment, number: int, shape: Shape) -> None:
        for nudge in range(NUDGES):
            trial = shape if nudge == 0 else self._moved(shape, FIRST_SLIP * nudge)
            track = self._fly(number, trial)
            if track is not None and not assignment.collides(number, track):
                assignment.put(number, track, self._waters)
                return

    def polish(self, assignment: Assignment, moves: int, scale: float, tick: Tick) -> None:
        """Visit every crew and try small moves of its shape and other patterns in its place."""
        for number in self._random.permutation(len(self._crews)).tolist():
            self._visit(assignment, number, moves, scale)
            tick()

    def on(self, assignment: Assignment, waters: Waters) -> Assignment:
        """The same tracks with their exposures on other particles."""
        seen = Assignment.empty(self._crews, waters, self._task.standing)

        def put(number: int) -> None:
            track = assignment.tracks[number]
            if track is not None:
                seen.put(number, track, waters)

        with ThreadPoolExecutor(cores()) as executor:
            list(executor.map(put, range(len(self._crews))))
        return seen

    def _visit(self, assignment: Assignment, number: int, moves: int, scale: float) -> None:
        missed = assignment.missed(self._waters, number)
        held = assignment.tracks[number]
        best: Track | None = held
        value = 0.0 if held is None else self._gain(number, held, missed)
        others = self._other_patterns(number, held)
        for attempt in range(len(others) + moves):
            if attempt < len(others):
                shape = others[attempt]
            elif best is not None:
                shape = self._moved(best.shape, scale)
            else:
                break
            track = self._fly(number, shape)
            if track is None or assignment.collides(number, track):
                continue
            gain = self._gain(number, track, missed)
            if gain > value:
                value, best = gain, track
        if best is not None and best is not held:
            assignment.put(number, best, self._waters)

    def _other_patterns(self, number: int, held: Track | None) -> list[Shape]:
        """The manual's other patterns: along a track line, and around a point if the unit's area is small."""
        crew = self._crews[number]
        found = [replace(shape, spacing_m=crew.widest_m) for shape in self._task.alternatives]
        if held is not None and np.ptp(held.box, axis=0).max() < SMALL_AREA_WIDTHS * crew.widest_m:
            found += self._of_the_manual(crew, held)
        return found

    def _of_the_manual(self, crew: Crew, held: Track) -> list[Shape]:
        """The manual's patterns around a point: a square with corners and a sector search."""
        x_m, y_m = float(held.shape.x_m), float(held.shape.y_m)
        heading_rad = self._drift.heading_at(x_m, y_m)
        square = Shape(Pattern.EXPANDING_SQUARE, x_m, y_m, heading_rad, 0.0, held.spacing_m)
        radius_m = max(crew.unit.search_speed_mps * 60.0, 2.0 * crew.widest_m)
        return [square, Shape(Pattern.SECTOR, x_m, y_m, heading_rad, radius_m, held.spacing_m)]

    def _gain(self, number: int, track: Track, missed: NDArray[np.float64]) -> float:
        return self._waters.gain(track.searching, self._widths[number], self._worth(track) * missed)

    def _worth(self, track: Track) -> NDArray[np.float32] | float:
        """What finding each particle counts in the middle of a track's time."""
        return worth_of(self._waters, track, self._judged_worth)

    def _fly(self, number: int, shape: Shape) -> Track | None:
        return fly(self._crews[number], shape, self._drift.at(shape.x_m, shape.y_m))

    def _moved(self, shape: Shape, scale: float) -> Shape:
        """A neighbour of a shape: moved, turned, stretched or respaced."""
        random = self._random
        size_m = max(shape.length_m, 4.0 * shape.spacing_m)
        match int(random.integers(4)):
            case 0:
                a_m, b_m = random.normal(0.0, 0.5 * scale * size_m, 2)
                along, aside = cos(shape.heading_rad), sin(shape.heading_rad)
                return replace(
                    shape,
                    x_m=shape.x_m + float(a_m * along - b_m * aside),
                    y_m=shape.y_m + float(a_m * aside + b_m * along),
                )
            case 1:
                return replace(shape, heading_rad=shape.heading_rad + random.normal(0.0, 0.2 * scale * pi))
            case 2:
                factor = float(np.exp(random.normal(0.0, 0.5 * scale)))
                return replace(shape, length_m=shape.length_m * factor)
            case _:
                factor = float(np.exp(random.normal(0.0, 0.5 * scale)))
                return replace(shape, spacing_m=shape.spacing_m * factor)


def along_tracks(lines: Sequence[Sequence[Point]]) -> tuple[Shape, ...]:
    """Track-line searches, returning and not, along lines of the middle of the window."""
    return tuple(
        Shape(pattern, *line[0], 0.0, 0.0, 0.0, points=tuple(line))
        for line in lines
        for pattern in (Pattern.TRACK_LINE_RETURNING, Pattern.TRACK_LINE_NON_RETURNING)
    )
