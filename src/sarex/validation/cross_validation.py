"""Error parameters that the tracks themselves ask for, judged on tracks that were not asked.

The error of the current is an Ornstein-Uhlenbeck process of standard deviation sqrt(sigma0^2 + (growth s)^2)
an axis, s the current's speed, and memory T. Along a track its sum over time is normal with the variance

    V = sum_ij sigma_i sigma_j exp(-|t_i - t_j| / T) dt_i dt_j   + (launch error)^2

so the three numbers are found by maximum likelihood from the misses of the forecast's mean, all horizons
together, on all tracks but those of one group; the contours are then judged on that group alone. Groups are
the kinds of drifter, stretches of launch days, or models. Error of the wind is left out: with the slip of
drifters it is a hundredth of that of the current.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, pi

import numpy as np
from numpy.typing import NDArray

from sarex.validation.forecast import LAUNCH_SIGMA_M
from sarex.validation.model import LEVELS, Floats, Score
from sarex.validation.resample import group_numbers

HOUR_S = 3600.0
DAY_BLOCKS = 5
PUBLISHED = (0.176, 0.407, 25.7 * HOUR_S)
"""Standard deviation in still water (m/s), growth and memory (s) of the literature; see the drift."""
_START = (0.25, 0.4, 15.0 * HOUR_S)
_FIRST_STEP, _LAST_STEP, _LEAST_GAIN = 0.3, 0.004, 1e-9

Parameters = tuple[float, float, float]
"""Standard deviation in still water (m/s), growth with the current's speed, memory (s)."""


@dataclass(frozen=True)
class HeldOut:
    """Contours of one parameter set on the launches of one horizon."""

    horizon_h: int
    launches: int
    held_frac: tuple[float, ...]
    """Share of launches inside, at `LEVELS`."""
    area_m2: tuple[float, ...]
    """Mean area, at `LEVELS`."""
    log_score: float
    """Mean of -ln(density of the true place per km2); lower is better."""


@dataclass(frozen=True)
class Fold:
    """One group held out: what the others ask for, and how that does on the group."""

    group: str
    parameters: Parameters
    fitted: tuple[HeldOut, ...]
    published: tuple[HeldOut, ...]


@dataclass(frozen=True)
class CrossValidation:
    """Fitted on some groups, judged on the others."""

    by: str
    """What the groups are."""
    everything: Parameters
    """Fitted on all tracks: what the folds argue for."""
    folds: tuple[Fold, ...]
    fitted: tuple[HeldOut, ...]
    """Every launch judged by the fold that had not seen it."""
    published: tuple[HeldOut, ...]


def cross_validate(scores: Sequence[Score]) -> tuple[CrossValidation, ...]:
    """By kind of drifter, by stretch of launch days and by model; whichever has more than one group."""
    misses = _Misses(scores)
    blocks = _day_blocks(np.array([score.day for score in scores]))
    kinds = [score.kind for score in scores]
    models = [score.model for score in scores]
    return tuple(
        _held_out(misses, by, names)
        for by, names in (("kind of drifter", kinds), ("launch days", blocks), ("model", models))
        if len(set(names)) > 1
    )


def _held_out(misses: "_Misses", by: str, names: Sequence[str]) -> CrossValidation:
    numbers = group_numbers(names)
    everyone = np.ones(numbers.size, dtype=bool)
    everything = misses.fit(everyone, _START)
    unseen_m2, published_m2 = np.empty(numbers.size), misses.variance_m2(PUBLISHED)
    folds = []
    for number in range(int(numbers.max()) + 1):
        own = numbers == number
        parameters = misses.fit(~own, everything)
        unseen_m2[own] = misses.variance_m2(parameters)[own]
        folds.append(
            Fold(
                names[int(np.flatnonzero(own)[0])],
                parameters,
                misses.judge(unseen_m2, own),
                misses.judge(published_m2, own),
            )
        )
    return CrossValidation(
        by, everything, tuple(folds), misses.judge(unseen_m2, everyone), misses.judge(published_m2, everyone)
    )


class _Misses:
    """Misses of the forecast's mean with the current's speed on the way."""

    def __init__(self, scores: Sequence[Score]) -> None:
        self.miss2_m2 = np.array([score.forecast.separation_m**2 for score in scores])
        self.horizon_h = np.array([score.horizon_h for score in scores])
        self._speeds = {
            int(hours): np.array([score.speed_mps for score in scores if score.horizon_h == hours])
            for hours in np.unique(self.horizon_h)
        }

    def variance_m2(self, parameters: Parameters) -> Floats:
        """Variance an axis of where the drifter may be, (score,)."""
        sigma_mps, growth, memory_s = parameters
        variance_m2 = np.full(self.horizon_h.size, LAUNCH_SIGMA_M**2)
        for hours, speeds in self._speeds.items():
            weight_s = np.full(hours + 1, HOUR_S)
            weight_s[[0, -1]] = HOUR_S / 2.0
            apart_s = HOUR_S * np.abs(np.subtract.outer(np.arange(hours + 1), np.arange(hours + 1)))
            stretch_m = weight_s * np.sqrt(sigma_mps**2 + (growth * speeds) ** 2)
            shared = stretch_m @ np.exp(-apart_s / memory_s)
            variance_m2[self.horizon_h == hours] += (shared * stretch_m).sum(axis=1)
        return variance_m2

    def fit(self, among: NDArray[np.bool_], start: Parameters) -> Parameters:
        """Maximum likelihood among some of the scores."""

        def misfit(logs: tuple[float, ...]) -> float:
            variance_m2 = self.variance_m2((exp(logs[0]), exp(logs[1]), exp(logs[2])))
            return float(np.mean((self.miss2_m2 / (2.0 * variance_m2) + np.log(variance_m2))[among]))

        logs = _lowest(misfit, tuple(log(value) for value in start))
        return exp(logs[0]), exp(logs[1]), exp(logs[2])

    def judge(self, variance_m2: Floats, among: NDArray[np.bool_]) -> tuple[HeldOut, ...]:
        """Circular normal contours of given variances: a level p reaches out to sqrt(-2 V ln(1 - p))."""
        judged = []
        for hours in self._speeds:
            own = among & (self.horizon_h == hours)
            if not own.any():
                continue
            relative = self.miss2_m2[own] / variance_m2[own]
            bounds = [-2.0 * log(1.0 - level) for level in LEVELS]
            density_per_m2 = np.exp(-relative / 2.0) / (2.0 * pi * variance_m2[own])
            judged.append(
                HeldOut(
                    hours,
                    int(own.sum()),
                    tuple(float(np.mean(relative < bound)) for bound in bounds),
                    tuple(float(np.mean(variance_m2[own])) * pi * bound for bound in bounds),
                    float(-np.mean(np.log(np.maximum(density_per_m2 * 1e6, 1e-300)))),
                )
            )
        return tuple(judged)


def _lowest(function: Callable[[tuple[float, ...]], float], start: tuple[float, ...]) -> tuple[float, ...]:
    """Minimum of a smooth function by compass search (Kolda, Lewis and Torczon 2003, SIAM Review 45)."""
    best, value, step = start, function(start), _FIRST_STEP
    while step > _LAST_STEP:
        tries = [
            (*best[:k], best[k] + way * step, *best[k + 1 :]) for k in range(len(best)) for way in (1.0, -1.0)
        ]
        values = [function(one) for one in tries]
        if min(values) < value - _LEAST_GAIN:
            best, value = tries[int(np.argmin(values))], min(values)
        else:
            step /= 2.0
    return best


def _day_blocks(days: NDArray[np.int64]) -> list[str]:
    """Stretches of consecutive launch days with about as many scores each."""
    edges = np.quantile(days, np.linspace(0.0, 1.0, DAY_BLOCKS + 1)[1:-1], method="nearest")
    numbers = np.searchsorted(np.unique(edges), days, side="left")
    names = {
        int(number): (
            f"{np.datetime64(int(days[numbers == number].min()), 'D')} to "
            f"{np.datetime64(int(days[numbers == number].max()), 'D')}"
        )
        for number in np.unique(numbers)
    }
    return [names[int(number)] for number in numbers]
