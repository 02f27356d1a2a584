"""Who searches where: sequential greedy, then local search, on the exact exposure.

Choosing one track per unit is monotone submodular, so greedy alone is within one half of the best choice
(Fisher, Nemhauser & Wolsey 1978); the local search moves, turns and stretches one unit's pattern at a time
with the others' exposures kept. The joint value is POS over the moving ensemble itself, not over cells.

The planner sees its own draw of particles. What a plan promises is computed on another draw, so that
being fitted to these particles earns it nothing.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import cos, pi, sin
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from sarex.kernels import pattern as kernel
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.model import Pattern
from sarex.planning.passage import Point
from sarex.planning.sortie import Crew, Shape, Track, fly
from sarex.planning.waters import Waters, success
from sarex.randomness import child_generator
from sarex.workers import cores

HEIGHT_SEPARATION_M = 152.4
"""500 ft between the heights of adjacent aircraft; nearer in height, areas may not overlap."""
STARTING_VISITS = 4
SHAKEN_VISITS = 3
MOST_POOLS = 8
POOL_PARTICLES = 2500


@dataclass(frozen=True)
class Effort:
    """How hard to look for a good plan: counts, not seconds, so that no answer depends on the machine."""

    lines: int = 4
    """Independent lines of search, run side by side, of which the best is polished."""
    first_tries: int = 120
    """Shapes tried for each unit by the greedy step of a line."""
    shakes: int = 6
    """Times that a line takes two units out and places them anew."""
    rounds: int = 4
    """Last visits to every unit, on all particles."""
    moves: int = 24
    """Moves tried at each visit."""


@dataclass
class Assignment:
    """The plan in the making: a track and its exposures for each crew, or None."""

    crews: tuple[Crew, ...]
    tracks: list[Track | None]
    exposures: list[NDArray[np.float32]]

    def copy(self) -> "Assignment":
        return Assignment(self.crews, list(self.tracks), list(self.exposures))

    def pos(self, waters: Waters) -> float:
        total = np.asarray(np.sum(self.exposures, axis=0, dtype=np.float64))
        return success(waters.weight, total)

    def missed(self, waters: Waters, number: int) -> NDArray[np.float64]:
        """Weight times the chance of being missed by every crew but one."""
        total = np.zeros(waters.weight.size)
        for other, exposure in enumerate(self.exposures):
            if other != number:
                total += exposure
        return np.asarray(waters.weight * np.exp(-total), dtype=np.float64)

    def collides(self, number: int, box: NDArray[np.float64]) -> bool:
        """Whether an area would overlap that of another unit at the same height."""
        mine = self.crews[number].unit
        for other, track in enumerate(self.tracks):
            if other == number or track is None:
                continue
            theirs = self.crews[other].unit
            if same_height(mine.altitude_m, theirs.altitude_m) and kernel.boxes_overlap(box, track.box):
                return True
        return False


def same_height(first_m: float, second_m: float) -> bool:
    """Whether two units are nearer in height than adjacent aircraft may be (500 ft)."""
    return abs(first_m - second_m) < HEIGHT_SEPARATION_M - 0.5


def search_fleet(
    crews: tuple[Crew, ...],
    waters: Waters,
    drift: DatumDrift,
    seed: int,
    effort: Effort,
    opening: tuple[Shape | None, ...] = (),
    progress: Callable[[float], None] | None = None,
) -> Assignment:
    """The best assignment found of a pattern to each crew.

    One line of search starts from the opening (the manual's plan) as far as its shapes can be flown, the
    others from nothing.

    The lines of search look at pools of a part of the particles in turn, which is faster and keeps them
    from being fitted to one of them; the last rounds see all. A line depends on nothing but its number, so
    the answer is the same on any number of cores.
    """
    pools = _pools(waters)
    steps = _Steps(effort.lines * (1 + effort.shakes) + effort.rounds, progress)

    def follow(line: int) -> Assignment:
        generator = child_generator(seed, "planning", f"line {line}")
        planners = [_Planner(crews, pool, drift, generator) for pool in pools]
        first = opening if line == effort.lines - 1 else ()
        assignment = planners[line % len(pools)].started(effort, first, shuffled=line > 0)
        steps.advance()
        for shake in range(effort.shakes):
            planner = planners[(line + shake + 1) % len(pools)]
            assignment = planner.shaken(assignment, effort, scale=0.35 * 0.85**shake)
            steps.advance()
        return assignment

    with ThreadPoolExecutor(max_workers=min(cores(), effort.lines)) as executor:
        found = list(executor.map(follow, range(effort.lines)))
    whole = _Planner(crews, waters, drift, child_generator(seed, "planning", "polish"))
    best = max((whole.judged(assignment) for assignment in found), key=lambda judged: judged[0])[1]
    for visit in range(effort.rounds):
        whole.improve(best, effort.moves, scale=0.2 * 0.7**visit)
        steps.advance()
    return best


class _Steps:
    """Counts steps of lines that run side by side, for the progress bar."""

    def __init__(self, total: int, progress: Callable[[float], None] | None) -> None:
        self._total, self._done, self._progress = total, 0, progress
        self._lock = Lock()

    def advance(self) -> None:
        with self._lock:
            self._done += 1
            if self._progress is not None:
                self._progress(self._done / self._total)


def _pools(waters: Waters) -> list[Waters]:
    count = max(1, min(MOST_POOLS, waters.weight.size // POOL_PARTICLES))
    return [waters] if count == 1 else [waters.thinned(count, offset) for offset in range(count)]


class _Planner:
    """Greedy and local search over the shapes of one fleet."""

    def __init__(
        self, crews: tuple[Crew, ...], waters: Waters, drift: DatumDrift, generator: np.random.Generator
    ) -> None:
        self._crews = crews
        self._waters = waters
        self._drift = drift
        self._random = generator
        self._widths = [waters.widths(crew.width_m) for crew in crews]

    def started(
        self, effort: Effort, opening: tuple[Shape | None, ...] = (), *, shuffled: bool
    ) -> Assignment:
        """The opening, if any, with the crews that it leaves idle placed greedily; improved a little."""
        assignment = self._opened(opening)
        self._place_idle(assignment, effort.first_tries, shuffled=shuffled)
        for visit in range(STARTING_VISITS):
            self.improve(assignment, effort.moves, scale=0.5 * 0.8**visit)
        return assignment

    def judged(self, assignment: Assignment) -> tuple[float, Assignment]:
        """An assignment found on other particles, and its value on these."""
        seen = assignment.copy()
        for number in range(len(self._crews)):
            self._settle(seen, number)
        return seen.pos(self._waters), seen

    def shaken(self, assignment: Assignment, effort: Effort, scale: float) -> Assignment:
        """Take two units out, place them anew and improve all; the better of before and after."""
        before, kept = self.judged(assignment)
        trial = kept.copy()
        out = self._weakest_and_another(kept)
        for number in out:
            self._clear(trial, int(number))
        for number in out:
            self._try_many(trial, int(number), 2 * effort.moves)
        for visit in range(SHAKEN_VISITS):
            self.improve(trial, effort.moves // 2, scale=scale * 0.7**visit)
        return trial if trial.pos(self._waters) > before else kept

    def _opened(self, opening: tuple[Shape | None, ...]) -> Assignment:
        nothing = np.zeros(self._waters.weight.size, np.float32)
        assignment = Assignment(self._crews, [None] * len(self._crews), [nothing] * len(self._crews))
        for number, shape in enumerate(opening):
            track = None if shape is None else self._fly(number, shape)
            if track is not None and not assignment.collides(number, track.box):
                assignment.tracks[number] = track
                self._settle(assignment, number)
        return assignment

    def _weakest_and_another(self, assignment: Assignment) -> list[int]:
        """One of the crews whose share in the joint success is small, and any other."""
        shares = [
            success(assignment.missed(self._waters, number), exposure)
            for number, exposure in enumerate(assignment.exposures)
        ]
        count = len(shares)
        weak = int(np.argsort(shares, kind="stable")[min(int(self._random.exponential(0.6)), count - 1)])
        others = [number for number in self._random.permutation(count).tolist() if number != weak]
        return [weak, *others[:1]]

    def _place_idle(self, assignment: Assignment, tries: int, *, shuffled: bool) -> None:
        """Give each idle crew in turn the best of many drawn shapes."""
        order = np.argsort(
            [-crew.unit.search_speed_mps * crew.widest_m for crew in self._crews], kind="stable"
        )
        if shuffled:
            order = self._random.permutation(order)
        for number in order:
            if assignment.tracks[number] is None:
                self._try_many(assignment, int(number), tries)

    def improve(self, assignment: Assignment, moves: int, scale: float) -> None:
        """Visit every crew in a drawn order and try moves of its shape; keep what helps."""
        for number in self._random.permutation(len(self._crews)):
            track = assignment.tracks[number]
            if track is None:
                self._try_many(assignment, int(number), moves)
                continue
            missed = assignment.missed(self._waters, number)
            value = self._waters.gain(track.searching, self._widths[number], missed)
            for _ in range(moves):
                shape = self._moved(assignment.tracks[number], missed, scale)
                candidate = self._fly(number, shape)
                if candidate is None or assignment.collides(number, candidate.box):
                    continue
                gain = self._waters.gain(candidate.searching, self._widths[number], missed)
                if gain > value:
                    value, assignment.tracks[number] = gain, candidate
            self._settle(assignment, int(number))

    def _try_many(self, assignment: Assignment, number: int, tries: int) -> None:
        missed = assignment.missed(self._waters, number)
        value = 0.0
        for _ in range(tries):
            candidate = self._fly(number, self._drawn(number, missed))
            if candidate is None or assignment.collides(number, candidate.box):
                continue
            gain = self._waters.gain(candidate.searching, self._widths[number], missed)
            if gain > value:
                value, assignment.tracks[number] = gain, candidate
        self._settle(assignment, number)

    def _clear(self, assignment: Assignment, number: int) -> None:
        assignment.tracks[number] = None
        assignment.exposures[number] = np.zeros(self._waters.weight.size, np.float32)

    def _settle(self, assignment: Assignment, number: int) -> None:
        track = assignment.tracks[number]
        if track is None:
            self._clear(assignment, number)
        else:
            assignment.exposures[number] = self._waters.exposures(track.searching, self._widths[number])

    def _fly(self, number: int, shape: Shape) -> Track | None:
        return fly(self._crews[number], shape, self._drift.at(shape.x_m, shape.y_m))

    def _drawn(self, number: int, missed: NDArray[np.float64]) -> Shape:
        """A shape of plausible size around a particle that is likely still missed."""
        crew, random = self._crews[number], self._random
        centre = self._somewhere(missed)
        spacing_m = crew.widest_m / random.choice((0.35, 0.5, 0.7, 1.0, 1.4))
        hours_s = 0.7 * (crew.leave_by_s - crew.departs_s)
        track_m = crew.unit.search_speed_mps * max(hours_s, 600.0)
        side_m = max((track_m * spacing_m) ** 0.5, 2.0 * spacing_m)
        pattern = Pattern.PARALLEL_SWEEP
        draw = random.random()
        length_m = side_m * float(np.exp(random.normal(0.3, 0.5)))
        if draw < 0.06:
            pattern = Pattern.EXPANDING_SQUARE
        elif draw < 0.1:
            pattern, length_m = Pattern.SECTOR, side_m / 2.0
        return Shape(
            pattern,
            *centre,
            heading_rad=self._drift.axis_rad + random.choice((0.0, 0.25, 0.5, 0.75)) * pi,
            length_m=length_m,
            spacing_m=spacing_m,
            creep=int(random.choice((-1, 1))),
            start_end=int(random.choice((-1, 1))),
            follows_drift=bool(random.random() < 0.8),
        )

    def _somewhere(self, missed: NDArray[np.float64]) -> Point:
        """Where a particle that is likely still missed is in the middle of the window."""
        total = np.cumsum(missed)
        chosen = min(int(np.searchsorted(total, self._random.random() * total[-1])), missed.size - 1)
        middle = self._waters.x_m.shape[0] // 2
        return float(self._waters.x_m[middle, chosen]), float(self._waters.y_m[middle, chosen])

    def _moved(self, track: Track | None, missed: NDArray[np.float64], scale: float) -> Shape:
        """A neighbour of a shape: moved, turned, stretched, respaced, or flown the other way round."""
        assert track is not None  # noqa: S101 - only flown shapes are moved
        shape, kind = track.shape, float(self._random.random())
        if kind < 0.35:
            return self._shifted(shape, track, scale)
        if kind < 0.65:
            return self._turned(shape, scale) if kind < 0.5 else self._stretched_at_one_end(shape, scale)
        if kind < 0.9:
            moved = shape if kind < 0.8 else self._stretched(self._shifted(shape, track, 0.5 * scale), scale)
            return self._respaced(moved, scale)
        return self._flipped(shape) if kind < 0.96 else self._elsewhere(shape, missed)

    def _turned(self, shape: Shape, scale: float) -> Shape:
        return replace(shape, heading_rad=shape.heading_rad + self._random.normal(0.0, 0.6 * scale))

    def _respaced(self, shape: Shape, scale: float) -> Shape:
        return replace(
            shape, spacing_m=shape.spacing_m * float(np.exp(self._random.normal(0.0, 0.5 * scale)))
        )

    def _stretched(self, shape: Shape, scale: float) -> Shape:
        return replace(shape, length_m=shape.length_m * float(np.exp(self._random.normal(0.0, 0.5 * scale))))

    def _elsewhere(self, shape: Shape, missed: NDArray[np.float64]) -> Shape:
        x_m, y_m = self._somewhere(missed)
        return replace(shape, x_m=x_m, y_m=y_m, heading_rad=shape.heading_rad + self._random.normal(0.0, 0.5))

    def _shifted(self, shape: Shape, track: Track, scale: float) -> Shape:
        reach_m = float(np.ptp(track.box, axis=0).max()) * 0.5 * scale
        dx_m, dy_m = self._random.normal(0.0, reach_m, 2)
        return replace(shape, x_m=shape.x_m + dx_m, y_m=shape.y_m + dy_m)

    def _stretched_at_one_end(self, shape: Shape, scale: float) -> Shape:
        """Legs longer or shorter at one end: the other end stays."""
        more_m = shape.length_m * float(np.expm1(self._random.normal(0.0, 0.5 * scale)))
        side = float(self._random.choice((-0.5, 0.5)))
        return replace(
            shape,
            length_m=shape.length_m + more_m,
            x_m=shape.x_m + side * more_m * cos(shape.heading_rad),
            y_m=shape.y_m + side * more_m * sin(shape.heading_rad),
        )

    def _flipped(self, shape: Shape) -> Shape:
        match int(self._random.integers(4)):
            case 0:
                return replace(shape, creep=-shape.creep)
            case 1:
                return replace(shape, start_end=-shape.start_end)
            case 2:
                return replace(shape, follows_drift=not shape.follows_drift)
            case _:
                return replace(shape, heading_rad=shape.heading_rad + 0.5 * pi)
