"""A replan that disturbs as few units as possible, and what that costs.

Units that fly are told new areas by radio, one by one, and every change costs time and may be misheard. From
the plan as it stands, flown on, the unit is moved whose moving gains most, then the next, until all have
moved: a table of moves against POS. Those moved before may be moved again, for they are told anew anyway;
units that had no task are new, and placing one counts as one move.

Greedy, so with k moves a better choice may exist. Where a plan was searched for freely, its places are among
those that are tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.kernels.pattern import boxes_overlap
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.fleet_search import same_height
from sarex.planning.placing import DRAWN, MOVED, Placed, best_place
from sarex.planning.sortie import Track
from sarex.planning.waters import Waters, success
from sarex.randomness import child_generator

LEAST_GAIN = 1e-4
"""Of what is still undetected: a move that adds less is not made."""
AGAIN = 15
"""Tries to better the places of those moved before, after each move."""


@dataclass(frozen=True)
class Moved:
    """The plan with so many units moved."""

    numbers: tuple[int, ...]
    """Of the crews that moved, in the order in which they were chosen."""
    tracks: tuple[Track | None, ...]
    pos: float
    """On the particles that the planner sees."""


def replan_few(
    crews: Sequence[Crew],
    kept: Sequence[Track | None],
    waters: Waters,
    drift: DatumDrift,
    seed: int,
    *,
    most: int | None = None,
    free: Sequence[Track | None] | None = None,
    must_move: Sequence[int] = (),
    progress: Callable[[float], None] | None = None,
) -> tuple[Moved, ...]:
    """The best plans found with 0, 1, 2, ... units moved; ends early where no move gains anything.

    Args:
        kept: for each crew the track that it flies now, or None.
        waters: the rehearsal.
        most: at most so many moves; all crews if not given.
        free: tracks of a plan that was searched for without keeping anything: each is tried as a place.
        must_move: crews that may not keep what they fly; they are moved before the first of the plans.
    """
    standing = [None if number in must_move else track for number, track in enumerate(kept)]
    mover = _Mover(crews, standing, waters, drift, seed, free)
    for number in must_move:
        mover.move(number)
    plans = [mover.told()]
    limit = len(crews) if most is None else min(most, len(crews))
    while len(plans) <= limit:
        if not mover.move_best():
            break
        plans.append(mover.told())
        if progress is not None:
            progress(len(plans[1:]) / max(limit, 1))
    return tuple(plans)


def fewest_moves(plans: Sequence[Moved], wanted_pos: float) -> Moved:
    """The plan with the fewest moves that reaches a POS; the best if none does."""
    for plan in plans:
        if plan.pos >= wanted_pos:
            return plan
    return max(plans, key=lambda plan: plan.pos)


class _Mover:
    """The assignment as it is moved, unit after unit."""

    def __init__(
        self,
        crews: Sequence[Crew],
        kept: Sequence[Track | None],
        waters: Waters,
        drift: DatumDrift,
        seed: int,
        free: Sequence[Track | None] | None,
    ) -> None:
        self._crews, self._free = crews, free
        self._waters, self._drift, self._seed = waters, drift, seed
        self._widths = [waters.widths(crew.width_m) for crew in crews]
        nothing = np.zeros(waters.weight.size, np.float32)
        self._tracks = list(kept)
        self._exposures = [
            nothing if track is None else waters.exposures(track.searching, widths)
            for track, widths in zip(kept, self._widths, strict=True)
        ]
        self._moved: list[int] = []

    def told(self) -> Moved:
        """The plan as it now is."""
        total = np.sum(self._exposures, axis=0, dtype=np.float64)
        return Moved(tuple(self._moved), tuple(self._tracks), success(self._waters.weight, np.asarray(total)))

    def move_best(self) -> bool:
        """Move the unit whose moving gains most; whether one was worth moving."""
        unmoved = [n for n in range(len(self._crews)) if n not in self._moved]
        offers = {number: self._offer(number, DRAWN, MOVED) for number in unmoved}
        gains = {number: placed.gain - self._own(number) for number, placed in offers.items()}
        best = max(unmoved, key=lambda number: gains[number], default=None)
        if best is None or gains[best] < LEAST_GAIN * float(self._waters.weight.sum()):
            return False
        self._move(best, offers[best])
        return True

    def move(self, number: int) -> None:
        """Move a unit, whatever that gains."""
        self._move(number, self._offer(number, DRAWN, MOVED))

    def _move(self, best: int, offer: Placed) -> None:
        self._take(best, offer)
        self._moved.append(best)
        for number in self._moved[:-1]:
            placed = self._offer(number, 0, AGAIN)
            if placed.gain > self._own(number):
                self._take(number, placed)

    def _own(self, number: int) -> float:
        """What a unit adds where it is."""
        track = self._tracks[number]
        if track is None:
            return 0.0
        missed = self._missed(number)
        return self._waters.gain(track.searching, self._widths[number], missed)

    def _offer(self, number: int, drawn: int, moved: int) -> Placed:
        """The best other place found for a unit while all others stay."""
        crew, track = self._crews[number], self._tracks[number]
        random = child_generator(
            self._seed, "moving", crew.unit.name, str(crew.sortie), str(len(self._moved))
        )

        def allowed(candidate: Track) -> bool:
            return not self._collides(number, candidate.box)

        free = None if self._free is None else self._free[number]
        opening = free if free is not None and number not in self._moved else track
        return best_place(
            crew, self._waters, self._drift, self._missed(number), random,
            allowed=allowed, opening=None if opening is None else opening.shape, drawn=drawn, moved=moved,
        )  # fmt: skip

    def _take(self, number: int, placed: Placed) -> None:
        if placed.track is None:
            return
        self._tracks[number] = placed.track
        self._exposures[number] = self._waters.exposures(placed.track.searching, self._widths[number])

    def _missed(self, number: int) -> NDArray[np.float64]:
        """Weight times the chance of being missed by every crew but one."""
        others = [exposure for other, exposure in enumerate(self._exposures) if other != number]
        total = np.sum(others, axis=0, dtype=np.float64) if others else np.zeros(self._waters.weight.size)
        return np.asarray(self._waters.weight * np.exp(-total), dtype=np.float64)

    def _collides(self, number: int, box: NDArray[np.float64]) -> bool:
        """Whether an area would overlap that of another unit at the same height, at whatever time."""
        mine = self._crews[number].unit
        return any(
            track is not None
            and other != number
            and self._crews[other].unit.name != mine.name
            and same_height(mine.altitude_m, self._crews[other].unit.altitude_m)
            and boxes_overlap(box, track.box)
            for other, track in enumerate(self._tracks)
        )
