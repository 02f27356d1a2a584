"""Whether a forecaster passes: tests that a right one fails once in a hundred examinations at most.

The tests are of the promises (by deciles, the decile that is farthest off, and their mean) and of the
contours of 50 and 90 % at the start, middle and end of first windows. Each may fail a right forecaster in so
few of a hundred examinations that all together stay below the stated rate (Bonferroni). What is off by less
than a point is let pass: no sailor could tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isnan, sqrt
from statistics import NormalDist

import numpy as np

from sarex.exercise.examination.bands import Trials, chance_of_misfit
from sarex.exercise.examination.model import INSTANTS, Row
from sarex.exercise.examination.scores import (
    ALL,
    BOTH,
    FIRST,
    Figures,
    deciles_of,
    places_of,
    trials_of,
    windows_of,
)

FALSE_ALARM = 0.01
"""Chance that a right forecaster fails an examination."""
TOLERATED = 0.01
WITHIN = 0.03
"""The aim of the project: so near in every decile, and for these contours."""
ENOUGH = 100
"""Exercises in a decile from which that is asked."""
CONTOURS = (0.5, 0.9)
MEAN = "mean of all promises"
FARTHEST = "decile that is farthest off"
"""A test of its own: in a sum over ten deciles a single one that is far off gets lost."""


@dataclass(frozen=True)
class Test:
    """One thing that is asked of a forecaster."""

    name: str
    misfit: float
    """Squared differences beyond what is tolerated, in standard deviations: their sum, or the largest."""
    chance: float
    """Of a misfit as large where the forecaster is off by what is tolerated."""
    least_chance: float
    """It fails below this."""

    @property
    def passed(self) -> bool:
        return self.chance >= self.least_chance


@dataclass(frozen=True)
class Verdict:
    """Passed where every test is, and every exercise could be held."""

    tests: tuple[Test, ...]
    failed_exercises: int
    deciles_asked: int
    """With at least 100 exercises."""
    deciles_within: int
    """Of those, whose finds were within 3 points of the promise."""
    farthest: float
    """Largest difference among those, found less promised; NaN where none is asked."""
    contours_within: int
    """Of 50 and 90 % at three instants, how many held the truth within 3 points of that."""
    farthest_contour: float
    passes_half: float
    """Of forecasters whose every promise is so far off half pass the test of the mean; NaN of no trials."""
    cases_needed: int
    """From how many cases on that is no more than the 3 points of the aim, promises being like these."""

    @property
    def passed(self) -> bool:
        return not self.failed_exercises and all(test.passed for test in self.tests)


def verdict_on(rows: Sequence[Row], figures: Figures, seed: int) -> Verdict:
    """The verdict; `seed` is that of the redrawn tests."""
    asked = _tests(rows)
    least = FALSE_ALARM / len(asked)
    tests = tuple(
        Test(name, *chance_of_misfit(parts, TOLERATED, seed, name, farthest=name == FARTHEST), least)
        for name, parts in asked.items()
    )
    differences = [d.difference for d in figures.of(ALL).deciles if d.exercises >= ENOUGH]
    contours = _contour_differences(figures)
    half = passes_half(asked[MEAN], least)
    return Verdict(
        tests=tests,
        failed_exercises=len(figures.failed),
        deciles_asked=len(differences),
        deciles_within=sum(abs(difference) <= WITHIN for difference in differences),
        farthest=max(differences, key=abs, default=float("nan")),
        contours_within=sum(abs(difference) <= WITHIN for difference in contours),
        farthest_contour=max(contours, key=abs, default=float("nan")),
        passes_half=half,
        cases_needed=cases_needed(half, figures.cases),
    )


def passes_half(parts: Sequence[Trials], least_chance: float) -> float:
    """How far off every promise may be for the test of their mean to fail one examination in two.

    By the normal law: what is tolerated, and as many standard deviations of the share of finds as have the
    least chance, to either side, of being chance.
    """
    trials, variance = sum(int(part.of.sum()) for part in parts), sum(part.variance for part in parts)
    if not trials:
        return float("nan")
    return TOLERATED + NormalDist().inv_cdf(1.0 - least_chance / 2.0) * sqrt(variance) / trials


def cases_needed(half: float, cases: int) -> int:
    """Cases with which `passes_half` comes down to the aim: what chance adds goes with their square root."""
    return 0 if isnan(half) else ceil(cases * ((half - TOLERATED) / (WITHIN - TOLERATED)) ** 2)


def _tests(rows: Sequence[Row]) -> dict[str, list[Trials]]:
    """What is tested, by name: parts whose differences are squared and summed."""
    promises = trials_of(windows_of(rows, BOTH), further=1)
    deciles = [part for _, _, part in deciles_of(promises)]
    found: dict[str, list[Trials]] = {
        "promises by deciles": deciles,
        FARTHEST: deciles,
        MEAN: [promises],
    }
    for instant, when in enumerate(INSTANTS):
        levels = np.array([place.level for place in places_of(windows_of(rows, FIRST), instant)])
        for contour in CONTOURS:
            held = (levels <= contour).astype(np.int64)
            told = np.full(levels.size, contour)
            found[f"contour of {100 * contour:.0f} %, {when} of the window"] = [
                Trials(told, held, np.ones(levels.size, np.int64))
            ]
    return found


def _contour_differences(figures: Figures) -> list[float]:
    numbers = [round(10 * contour) - 1 for contour in CONTOURS]
    return [
        containment.held[number].value - contour
        for containment in figures.containment
        if containment.group == FIRST and containment.held[0].of
        for number, contour in zip(numbers, CONTOURS, strict=True)
    ]
