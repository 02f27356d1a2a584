"""The figures of an examination: what was promised against what came true, with bands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sarex.exercise.examination.bands import Histogram, Share, Trials, histogram, share
from sarex.exercise.examination.model import INSTANTS, QUARTERS, Place, Row, WindowRow

BINS = 10
LEVELS = tuple(round(0.1 * step, 1) for step in range(1, 10))
FIRST, SECOND, BOTH, ALL = "first windows", "second windows", "both windows", "all trials"
"""Groups of promises; `ALL` counts the further truths of first windows too."""


@dataclass(frozen=True)
class Decile:
    """Promises between two tenths."""

    low: float
    high: float
    exercises: int
    promised: float
    """Their mean; NaN where there are none."""
    found: Share

    @property
    def difference(self) -> float:
        """Found less promised."""
        return self.found.value - self.promised


@dataclass(frozen=True)
class Brier:
    """Mean squared error of promises, and its parts by deciles.

    Murphy (1973), J. Appl. Meteorol. 12, 595-600.
    """

    score: float
    reliability: float
    """What is lost by promises that are not kept; 0 is best."""
    resolution: float
    """What is won by telling likely from unlikely."""
    uncertainty: float
    """Of who promises the mean always."""
    within: float
    """What is left over because promises within a decile differ."""


@dataclass(frozen=True)
class Reliability:
    """Promises of one group against finds."""

    group: str
    exercises: int
    trials: int
    promised: float
    found: Share
    deciles: tuple[Decile, ...]
    brier: Brier


@dataclass(frozen=True)
class Containment:
    """How often contours held the truth at one instant of the windows."""

    group: str
    instant: str
    held: tuple[Share, ...]
    """Of contours of `LEVELS`."""
    levels: Histogram
    """Of the level that the truth was on."""
    ranks_x: Histogram
    ranks_y: Histogram


@dataclass(frozen=True)
class Quarter:
    """Finds until a quarter of the window has passed, of all exercises."""

    until: float
    promised: float
    found: Share


@dataclass(frozen=True)
class Timing:
    """When what was found was found."""

    group: str
    quarters: tuple[Quarter, ...]
    ranks: Histogram
    """Of the promised share of the finds that come before it."""
    mean_rank: float


@dataclass(frozen=True)
class Figures:
    """Everything that an examination comes to, but for its verdict."""

    cases: int
    failed: tuple[str, ...]
    """Exercises that could not be held, and why."""
    reliability: tuple[Reliability, ...]
    containment: tuple[Containment, ...]
    timing: tuple[Timing, ...]

    def of(self, group: str) -> Reliability:
        """The reliability of a group."""
        return next(found for found in self.reliability if found.group == group)


def figures_of(rows: Sequence[Row], seed: int) -> Figures:
    """The figures; `seed` is that of redrawn tests."""
    groups = {name: windows_of(rows, name) for name in (FIRST, SECOND, BOTH)}
    reliability = [_reliability(name, trials_of(windows)) for name, windows in groups.items()]
    everything = trials_of(groups[BOTH], further=1)
    return Figures(
        cases=len(rows),
        failed=tuple(f"case {row.number}: {row.error}" for row in rows if row.error),
        reliability=(*reliability, _reliability(ALL, everything)),
        containment=tuple(
            _containment(name, instant, groups[name], seed)
            for name in (FIRST, SECOND)
            for instant in range(len(INSTANTS))
        ),
        timing=tuple(_timing(name, windows, seed) for name, windows in groups.items()),
    )


def windows_of(rows: Sequence[Row], group: str) -> list[WindowRow]:
    """The windows of a group."""
    first = 1 if group == SECOND else 0
    last = 1 if group == FIRST else 2
    return [window for row in rows for window in row.windows[first:last]]


def trials_of(windows: Sequence[WindowRow], further: int = 0) -> Trials:
    """Promises and finds; with the further truths where `further` is 1.

    Where nobody was sent nothing was promised: such windows are no trials.
    """
    windows = [window for window in windows if window.sorties]
    return Trials(
        np.array([window.promised for window in windows], dtype=np.float64),
        np.array([window.found + further * window.again_found for window in windows], dtype=np.int64),
        np.array([1 + further * window.again for window in windows], dtype=np.int64),
    )


def deciles_of(trials: Trials) -> Iterator[tuple[float, float, Trials]]:
    """The trials of each tenth of the promises, with its ends."""
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        yield low, high, trials.in_bin(low, high)


def _reliability(group: str, trials: Trials) -> Reliability:
    count = int(trials.of.sum())
    return Reliability(
        group=group,
        exercises=trials.promised.size,
        trials=count,
        promised=trials.expected / count if count else float("nan"),
        found=share(int(trials.found.sum()), count),
        deciles=tuple(_decile(low, high, part) for low, high, part in deciles_of(trials)),
        brier=_brier(trials),
    )


def _decile(low: float, high: float, part: Trials) -> Decile:
    count = int(part.of.sum())
    mean = part.expected / count if count else float("nan")
    return Decile(low, high, part.promised.size, mean, share(int(part.found.sum()), count))


def _brier(trials: Trials) -> Brier:
    total = float(trials.of.sum())
    if not total:
        return Brier(*[float("nan")] * 5)
    kept, missed = (1.0 - trials.promised) ** 2, trials.promised**2
    score = float(np.sum(trials.found * kept + (trials.of - trials.found) * missed)) / total
    base = float(trials.found.sum()) / total
    reliability = resolution = 0.0
    for _, _, part in deciles_of(trials):
        count = float(part.of.sum())
        if count:
            frequency = float(part.found.sum()) / count
            reliability += count / total * (frequency - part.expected / count) ** 2
            resolution += count / total * (frequency - base) ** 2
    uncertainty = base * (1.0 - base)
    return Brier(score, reliability, resolution, uncertainty, score - reliability + resolution - uncertainty)


def places_of(windows: Sequence[WindowRow], instant: int) -> list[Place]:
    """Where the truth was at an instant, of those windows in which it was afloat."""
    return [place for window in windows if (place := window.places[instant]) is not None]


def _containment(group: str, instant: int, windows: Sequence[WindowRow], seed: int) -> Containment:
    places = places_of(windows, instant)
    name = f"{group}, {INSTANTS[instant]}"
    columns = np.array([(p.level, p.rank_x, p.rank_y) for p in places], dtype=np.float64).reshape(-1, 3)
    return Containment(
        group,
        INSTANTS[instant],
        tuple(share(int(np.sum(columns[:, 0] <= level)), len(places)) for level in LEVELS),
        *(
            histogram(columns[:, k], BINS, seed, f"{name}, {what}")
            for k, what in enumerate(("level", "x", "y"))
        ),
    )


def _timing(group: str, windows: Sequence[WindowRow], seed: int) -> Timing:
    ranks = np.array([w.time_rank for w in windows if w.time_rank is not None], dtype=np.float64)
    return Timing(
        group,
        tuple(_quarter(windows, k) for k in range(QUARTERS)),
        histogram(ranks, BINS, seed, f"{group}, time"),
        float(ranks.mean()) if ranks.size else float("nan"),
    )


def _quarter(windows: Sequence[WindowRow], number: int) -> Quarter:
    until = (number + 1) / QUARTERS
    # the last crew may be a little late in its last leg
    ends = until if number < QUARTERS - 1 else float("inf")
    found = sum(window.found_at is not None and window.found_at <= ends for window in windows)
    promised = float(np.mean([window.promised_by[number] for window in windows])) if windows else float("nan")
    return Quarter(until, promised, share(found, len(windows)))
