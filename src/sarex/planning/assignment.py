"""A plan in the making: who flies which track, what that exposes, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from sarex.kernels import pattern as kernel
from sarex.planning.crews import Crew
from sarex.planning.margins import AREA_PADDING_S
from sarex.planning.sortie import HEIGHT_SEPARATION_M, Track
from sarex.planning.waters import Waters, success


@dataclass
class Assignment:
    """The plan in the making: a track and its exposures for each crew, or None."""

    crews: tuple[Crew, ...]
    tracks: list[Track | None]
    exposures: list[NDArray[np.float32]]
    interrupted: bool = False
    """Whether the search was ended before its time."""
    standing: tuple[tuple[Crew, Track], ...] = ()
    """Others, who stay where they are."""

    @classmethod
    def empty(
        cls, crews: tuple[Crew, ...], waters: Waters, standing: tuple[tuple[Crew, Track], ...] = ()
    ) -> "Assignment":
        nothing = np.zeros(waters.weight.size, np.float32)
        return cls(crews, [None] * len(crews), [nothing] * len(crews), standing=standing)

    def put(self, number: int, track: Track, waters: Waters) -> None:
        """Give a crew a track."""
        self.tracks[number] = track
        self.exposures[number] = waters.exposures(track.searching, waters.widths(self.crews[number].width_m))

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

    def collides(self, number: int, track: Track) -> bool:
        """Whether an area would overlap that of another unit at the same height and time."""
        height_m = self.crews[number].unit.altitude_m
        others = (
            (crew, theirs)
            for other, (crew, theirs) in enumerate(zip(self.crews, self.tracks, strict=True))
            if other != number and theirs is not None
        )
        return any(
            same_height(height_m, crew.unit.altitude_m) and _meet(track, theirs)
            for crew, theirs in chain(others, self.standing)
        )


def _meet(track: Track, theirs: Track) -> bool:
    """Whether areas overlap while both are on scene."""
    begin_s, end_s = track.legs[0, 4] - AREA_PADDING_S, track.legs[-1, 5] + AREA_PADDING_S
    apart = theirs.legs[0, 4] > end_s or theirs.legs[-1, 5] < begin_s
    return not apart and bool(kernel.boxes_overlap(track.box, theirs.box))


def same_height(first_m: float, second_m: float) -> bool:
    """Whether two units are nearer in height than adjacent aircraft may be (500 ft)."""
    return abs(first_m - second_m) < HEIGHT_SEPARATION_M - 0.5


def worth_of(waters: Waters, track: Track, worth: NDArray[np.float32] | None) -> NDArray[np.float32] | float:
    """What finding each particle counts in the middle of a track's time: `worth` (interval, particle)."""
    if worth is None:
        return 1.0
    middle_s = 0.5 * (track.legs[0, 4] + track.legs[-1, 5])
    interval = int((middle_s - waters.start_s) / waters.step_s)
    row: NDArray[np.float32] = worth[min(max(interval, 0), worth.shape[0] - 1)]
    return row


def value_of(
    waters: Waters,
    tracks: Sequence[Track | None],
    exposures: Sequence[NDArray[np.float32]],
    worth: NDArray[np.float32] | None,
) -> float:
    """What tracks find together by what finds count, each of what those before it have missed."""
    missed, total = waters.weight, 0.0
    for track, exposure in zip(tracks, exposures, strict=True):
        if track is not None:
            total += success(worth_of(waters, track, worth) * missed, exposure)
            missed = missed * np.exp(-exposure.astype(np.float64))
    return total
