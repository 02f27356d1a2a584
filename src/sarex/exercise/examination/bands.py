"""How far chance may be off: bands of frequencies, and tests whose chances are drawn, not approximated."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sarex.randomness import child_generator

CONFIDENCE = 0.95
DRAWS = 10_000
"""Redraws of a Monte Carlo test: a chance of 0.5 % is then known to a tenth of a point or better."""
_AT_ONCE = 1_000_000

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """A frequency with its band: the interval of Wilson (1927) at 95 %."""

    count: int
    of: int
    value: float
    low: float
    high: float

    def reaches(self, value: float) -> bool:
        """Whether the band holds a value."""
        return self.low <= value <= self.high


def share(count: int, of: int, confidence: float = CONFIDENCE) -> Share:
    """A frequency with Wilson's interval: J. Am. Stat. Assoc. 22, 209-212, 1927."""
    if of == 0:
        return Share(0, 0, float("nan"), 0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + 0.5 * confidence)
    value = count / of
    middle = (value + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(value * (1 - value) / of + z * z / (4 * of * of))
    # at the ends rounding may leave the value itself a hair outside
    return Share(count, of, value, min(value, max(0.0, middle - half)), max(value, min(1.0, middle + half)))


@dataclass(frozen=True)
class Trials:
    """Promises, and how often each was kept."""

    promised: Floats
    """(promise,)"""
    found: Counts
    """(promise,)"""
    of: Counts
    """Times that each was put to the test, (promise,)."""

    def in_bin(self, low: float, high: float) -> "Trials":
        """Those promised at least `low` and less than `high` (1 is in the last bin)."""
        chosen = (self.promised >= low) & ((self.promised < high) | (high >= 1.0))
        return Trials(self.promised[chosen], self.found[chosen], self.of[chosen])

    @property
    def expected(self) -> float:
        """Finds if every promise is kept on the average."""
        return float(np.sum(self.of * self.promised))

    @property
    def variance(self) -> float:
        """Of the number of finds then."""
        return float(np.sum(self.of * self.promised * (1.0 - self.promised)))


def misfit(parts: list[Trials], finds: Floats, tolerated: float, *, farthest: bool = False) -> Floats:
    """Sum over parts of squared (finds - expected) in standard deviations, (draw,).

    Args:
        finds: in each part, (draw, part).
        tolerated: differences of frequency are lessened by so much first.
        farthest: of the part that is farthest off only, not the sum.
    """
    total = np.zeros(finds.shape[0])
    for number, part in enumerate(parts):
        count = int(part.of.sum())
        if count and part.variance > 0.0:
            off = np.maximum(np.abs(finds[:, number] - part.expected) - tolerated * count, 0.0)
            of_part = off**2 / part.variance
            total = np.maximum(total, of_part) if farthest else total + of_part
    return total


def chance_of_misfit(
    parts: list[Trials], tolerated: float, seed: int, name: str, *, farthest: bool = False
) -> tuple[float, float]:
    """The misfit of the parts, and how likely one as large is where every part is off by what is tolerated.

    The finds are drawn anew from the promises (Monte Carlo test, Barnard 1963), so it holds for few trials
    and for promises near 0 and 1 too. They are then put off by `tolerated` and lessened as those seen are:
    of all forecasters that are tolerated those at the limit are rejected most often, and just as often as
    stated. Taking them as drawn would be wrong on the safe side and hide a single part that is far off.
    """
    generator = child_generator(seed, "examination", "test", name)
    found = np.array([[float(part.found.sum()) for part in parts]])
    seen = misfit(parts, found, tolerated, farthest=farthest)[0]
    finds = np.column_stack([_redrawn(part, generator) + tolerated * part.of.sum() for part in parts])
    drawn = misfit(parts, finds, tolerated, farthest=farthest)
    return float(seen), float((1 + np.count_nonzero(drawn >= seen)) / (1 + DRAWS))


def _redrawn(part: Trials, generator: np.random.Generator) -> Floats:
    """Finds in a part, (draw,)."""
    chances = np.cumsum(chances_of_finds(part))
    finds = np.searchsorted(chances, generator.random(DRAWS) * chances[-1], side="right")
    return np.asarray(np.minimum(finds, chances.size - 1), dtype=np.float64)


def chances_of_finds(part: Trials) -> Floats:
    """Probability of each number of finds where all promises are right, (find,).

    The Poisson binomial law from its characteristic function: Hong (2013), Comput. Stat. Data Anal. 59,
    41-51.
    """
    trials = int(part.of.sum())
    promised, which = np.unique(part.promised, return_inverse=True)
    of = np.bincount(which, part.of, promised.size)
    turns = np.exp(-2j * np.pi * np.arange(trials // 2 + 1 + trials % 2) / (trials + 1))
    logs = np.zeros(turns.size, complex)
    rows = max(1, _AT_ONCE // turns.size)
    for first in range(0, promised.size, rows):
        some = promised[first : first + rows, np.newaxis]
        # a promise of one half and half a turn make nought, whose logarithm is minus infinity, which is right
        with np.errstate(divide="ignore", invalid="ignore"):
            logs += of[first : first + rows] @ np.log(1.0 - some + some * turns)
    chances = np.fft.irfft(np.nan_to_num(np.exp(logs)), trials + 1)
    return np.asarray(np.maximum(chances, 0.0), dtype=np.float64)


@dataclass(frozen=True)
class Histogram:
    """Counts of ranks in equal bins, which are alike where the forecast is right."""

    counts: tuple[int, ...]
    chance: float
    """Of counts as uneven (chi-square, redrawn) where ranks are even."""


def histogram(ranks: Floats, bins: int, seed: int, name: str) -> Histogram:
    """The histogram of ranks between 0 and 1."""
    counts = np.histogram(np.clip(ranks, 0.0, 1.0), bins, (0.0, 1.0))[0]
    if not ranks.size:
        return Histogram(tuple(counts.tolist()), 1.0)
    generator = child_generator(seed, "examination", "histogram", name)
    even = ranks.size / bins
    drawn = generator.multinomial(ranks.size, np.full(bins, 1.0 / bins), DRAWS)
    seen = float(np.sum((counts - even) ** 2))
    larger = np.count_nonzero(np.sum((drawn - even) ** 2, axis=1) >= seen)
    return Histogram(tuple(counts.tolist()), float((1 + larger) / (1 + DRAWS)))
