"""Divisible search effort against moving particles: concave maximisation with a dual value.

Answers: over all ways to divide the units' search time over cells of space and time, how large can
sum_p w_p b(z_p) be, where z_p is the coverage that particle p collects along its path (Brown 1980; Washburn
1983; Stone, Royset & Washburn 2016)?

For multipliers lambda_p in [0, 1] weak duality gives, whatever they are,

    sum_p w_p b(z_p) <= sum_p w_p b*(lambda_p) + max over efforts of sum_p w_p lambda_p z_p,

with b*(lambda) = max over z of b(z) - lambda z; the last term is linear in the effort and solved exactly
(`best_linear_value`). The primal climbs by exponentiated gradient, accelerated (Tseng 2008; Hanzely,
Richtarik & Xiao 2021, accelerated Bregman proximal gradient) and restarted whenever it would descend; the
slopes b'(z_p) on the way, and their running mean, serve as multipliers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sarex.kernels.relaxation import (
    best_linear_value,
    collected_coverage,
    density_of_effort,
    error_function,
    gain_of_density,
    gain_of_effort,
    reweighted_effort,
    worth_of_choices,
)

Floats = NDArray[np.float64]

_FIRST_STEP = 5.0
_SMALLEST_SLOPE = 1.0e-300
_MEAN_EVERY = 5
_ALIKE_OCTAVES = 0.5
"""Groups are alike if they sweep as much a second within so many octaves, for every object type."""
_FULL_ITERATIONS_UP_TO = 200_000
"""Group-and-cell pairs; beyond it fewer iterations, at least `_FEWEST` of them, keep the time in bounds."""
_FEWEST = 0.4
_LEFT_TO_CLIMB = 0.5
"""Of the iterations, for a climb that begins where groups taken together have come."""
_TINY = 1e-300


class DetectionLaw(Protocol):
    """A concave b(z) with b(0) = 0 and slope 1 at z = 0; all arrays (particle,)."""

    def value(self, coverage: Floats) -> Floats:
        """b(z)"""
        ...

    def slope(self, coverage: Floats) -> Floats:
        """b'(z)"""
        ...

    def conjugate(self, slope: Floats) -> Floats:
        """The largest b(z) - slope z."""
        ...


@dataclass(frozen=True)
class Exponential:
    """Random search, b(z) = 1 - exp(-z) (Koopman)."""

    def value(self, coverage: Floats) -> Floats:
        return np.asarray(-np.expm1(-coverage))

    def slope(self, coverage: Floats) -> Floats:
        return np.asarray(np.exp(-coverage))

    def conjugate(self, slope: Floats) -> Floats:
        return np.asarray(1.0 - slope + slope * np.log(np.maximum(slope, _SMALLEST_SLOPE)))


@dataclass(frozen=True)
class ParallelSweeps:
    """Long ladders of legs under the inverse-cube law, b(z) = erf(sqrt(pi)/2 z) (Koopman)."""

    def value(self, coverage: Floats) -> Floats:
        return error_function(0.5 * np.sqrt(np.pi) * coverage)

    def slope(self, coverage: Floats) -> Floats:
        return np.asarray(np.exp(-0.25 * np.pi * coverage**2))

    def conjugate(self, slope: Floats) -> Floats:
        slope = np.clip(slope, _SMALLEST_SLOPE, 1.0)
        coverage = np.sqrt(-4.0 / np.pi * np.log(slope))
        return np.asarray(self.value(coverage) - slope * coverage)


@dataclass(frozen=True)
class DefiniteRange:
    """b(z) = min(1, z), climbed through a logistic corner of width `softness`.

    `value` and `slope` are those of the softened law, which only steers the effort; `conjugate` is that of
    the sharp law, so the dual value bounds the sharp problem.
    """

    softness: float

    def value(self, coverage: Floats) -> Floats:
        inside = np.logaddexp(0.0, 1.0 / self.softness)
        over = np.logaddexp(0.0, (1.0 - coverage) / self.softness)
        return np.asarray(self.softness * (inside - over) / self._slope_at_zero)

    def slope(self, coverage: Floats) -> Floats:
        beyond = np.minimum((coverage - 1.0) / self.softness, 500.0)
        return np.asarray(1.0 / (1.0 + np.exp(beyond)) / self._slope_at_zero)

    def conjugate(self, slope: Floats) -> Floats:
        return np.asarray(1.0 - slope)

    @property
    def _slope_at_zero(self) -> float:
        return float(1.0 / (1.0 + np.exp(-1.0 / self.softness)))


@dataclass(frozen=True)
class EffortProblem:
    """Particles in cells, and the search time of groups of equal units.

    Cells are numbered through all slices; slice s owns `first_cell[s]` to `first_cell[s + 1]`.
    """

    cell_of: NDArray[np.int32]
    """(particle, sample), -1 for none."""
    object_type: NDArray[np.int64]
    """(particle,)"""
    weight: Floats
    """(particle,)"""
    first_cell: NDArray[np.int64]
    """(slice + 1,)"""
    per_second: Floats
    """Coverage per second and per swept square metre a second, 1/m2; 0 = out of reach. (group, cell)"""
    sweep_rate: Floats
    """m2/s, (group, object_type)."""
    cap_s: Floats
    """Search time at most, (group, slice)."""
    total_s: Floats
    """Search time at most over all slices, (group,)."""
    choices_s: Floats = field(default_factory=lambda: np.empty((0, 0, 0)))
    """Where groups choose among budgets: alternatives of search time in each slice, all of it spent, (group,
    choice, slice). `cap_s` and `total_s` are then those of one of them; the dual value holds for all."""


@dataclass(frozen=True)
class EffortSolution:
    effort_s: Floats
    """(group, cell)"""
    value: float
    """sum w b(z) of this effort on the problem's particles."""
    dual_value: float
    """No effort reaches more."""


@dataclass(frozen=True)
class _Point:
    """An effort and the coverage that follows from it."""

    effort_s: Floats
    coverage: Floats

    def towards(self, other: "_Point", part: float) -> "_Point":
        return _Point(
            (1.0 - part) * self.effort_s + part * other.effort_s,
            (1.0 - part) * self.coverage + part * other.coverage,
        )


def coverage_of(problem: EffortProblem, effort_s: Floats) -> Floats:
    """Coverage of each particle by an effort (group, cell)."""
    density = density_of_effort(effort_s, problem.per_second, problem.sweep_rate)
    return collected_coverage(problem.cell_of, problem.object_type, density)


def value_of(problem: EffortProblem, law: DetectionLaw, effort_s: Floats) -> float:
    """sum w b(z) of an effort (group, cell)."""
    return _weighted(problem, law.value(coverage_of(problem, effort_s)))


def worth_of_effort(problem: EffortProblem, slope: Floats) -> Floats:
    """Gradient of sum w b(z) for slopes b'(z) (particle,): worth of a second of search, (group, cell)."""
    shape = (problem.sweep_rate.shape[1], problem.per_second.shape[1])
    gain = gain_of_density(problem.cell_of, problem.object_type, problem.weight * slope, shape)
    return gain_of_effort(gain, problem.per_second, problem.sweep_rate)


def dual_value(problem: EffortProblem, law: DetectionLaw, slope: Floats) -> float:
    """An upper bound of sum w b(z) over all efforts, for any multipliers in [0, 1], (particle,)."""
    return _dual_value(problem, law, slope, worth_of_effort(problem, slope))


def maximise_effort(
    problem: EffortProblem, stages: Sequence[tuple[DetectionLaw, int]], tolerance: float = 0.0
) -> EffortSolution:
    """Climb through the laws in turn, each from where the one before ended, for so many iterations.

    The dual value is the least of all stages (which must be softenings of one law); the climb ends early
    when it is within `tolerance` of the value.
    """
    group_of = _alike(problem)
    dual = np.inf
    dear = problem.per_second.size > _FULL_ITERATIONS_UP_TO
    if dear and 2 * (int(group_of.max()) + 1) <= group_of.size:
        together = _taken_together(problem, group_of)
        solved = maximise_effort(together, stages, tolerance)
        law = stages[-1][0]
        dual = dual_value(problem, law, law.slope(coverage_of(together, solved.effort_s)))
        effort_s = _shared_by_reach(problem, group_of, solved.effort_s)
        point = _Point(effort_s, coverage_of(problem, effort_s))
        stages = ((law, ceil(stages[-1][1] * _LEFT_TO_CLIMB)),)
    else:
        even = np.zeros(problem.per_second.shape)
        point = _step(problem, even, even, np.zeros(problem.total_s.shape))
    value = 0.0
    for law, iterations in stages:
        point, value, of_stage = _climb(
            problem, law, point, _affordable(problem, iterations), tolerance, dual
        )
        dual = min(dual, of_stage)
    return EffortSolution(point.effort_s, value, dual)


def _affordable(problem: EffortProblem, iterations: int) -> int:
    """Fewer iterations where many groups make each one dear."""
    share = float(np.clip(_FULL_ITERATIONS_UP_TO / max(problem.per_second.size, 1), _FEWEST, 1.0))
    return round(share * iterations)


def _alike(problem: EffortProblem) -> NDArray[np.int64]:
    """Number of the group of groups to which each belongs, (group,)."""
    octaves = np.round(np.log2(np.maximum(problem.sweep_rate, _TINY)) / _ALIKE_OCTAVES)
    _, number = np.unique(octaves, axis=0, return_inverse=True)
    return np.asarray(number.reshape(-1), dtype=np.int64)


def _taken_together(problem: EffortProblem, group_of: NDArray[np.int64]) -> EffortProblem:
    """The problem as if groups that are alike were one that reaches what any of them reaches."""
    members = [np.flatnonzero(group_of == number) for number in range(int(group_of.max()) + 1)]
    return replace(
        problem,
        per_second=np.array([problem.per_second[of].max(axis=0) for of in members]),
        sweep_rate=np.array([problem.sweep_rate[of].mean(axis=0) for of in members]),
        cap_s=np.array([problem.cap_s[of].sum(axis=0) for of in members]),
        total_s=np.array([problem.total_s[of].sum() for of in members]),
        choices_s=np.empty((0, 0, 0)),
    )


def _shared_by_reach(problem: EffortProblem, group_of: NDArray[np.int64], together_s: Floats) -> Floats:
    """Effort of groups taken together shared out, (group, cell): each spends in a slice the share of its cap
    that they do there, over cells as they do, as far as it reaches and has time."""
    effort_s = np.where(problem.per_second > 0.0, together_s[group_of], 0.0)
    begins = problem.first_cell[:-1]
    filled = np.flatnonzero(np.diff(problem.first_cell))
    for slice_ in filled.tolist():
        cells = slice(begins[slice_], problem.first_cell[slice_ + 1])
        caps_s = np.bincount(group_of, problem.cap_s[:, slice_])
        used = together_s[:, cells].sum(axis=1) / np.maximum(caps_s, _TINY)
        reached_s = effort_s[:, cells].sum(axis=1)
        wanted_s = problem.cap_s[:, slice_] * np.minimum(used[group_of], 1.0)
        effort_s[:, cells] *= (wanted_s / np.maximum(reached_s, _TINY))[:, np.newaxis]
    spent_s = effort_s.sum(axis=1)
    within = np.minimum(problem.total_s / np.maximum(spent_s, _TINY), 1.0)
    return np.asarray(effort_s * within[:, np.newaxis])


def _climb(
    problem: EffortProblem, law: DetectionLaw, best: _Point, iterations: int, tolerance: float, dual: float
) -> tuple[_Point, float, float]:
    """Accelerated exponentiated gradient; returns the best point, its value and the least dual value."""
    value = _weighted(problem, law.value(best.coverage))
    step, part = _FIRST_STEP, 1.0
    ahead, summed, count = best, np.zeros(problem.weight.shape), 0.0
    for iteration in range(iterations):
        middle = best.towards(ahead, part)
        slope = law.slope(middle.coverage)
        worth = worth_of_effort(problem, slope)
        dual = min(dual, _dual_value(problem, law, slope, worth))
        summed, count = summed + slope / part, count + 1.0 / part
        if iteration % _MEAN_EVERY == _MEAN_EVERY - 1:
            dual = min(dual, dual_value(problem, law, summed / count))
        if dual - value <= tolerance:
            break
        trial = _step(problem, ahead.effort_s, worth, step / part * problem.total_s)
        candidate = best.towards(trial, part)
        reached = _weighted(problem, law.value(candidate.coverage))
        if reached < value:
            step *= 0.5 if part == 1.0 else 0.7
            ahead, part = best, 1.0
            summed, count = np.zeros(problem.weight.shape), 0.0
            continue
        best, value, ahead = candidate, reached, trial
        step *= 1.02
        part = 2.0 / (2.0 / part + 1.0)
    return best, value, dual


def _step(problem: EffortProblem, effort_s: Floats, worth: Floats, step: Floats) -> _Point:
    moved = reweighted_effort(
        effort_s, worth, step, problem.per_second, problem.first_cell, problem.cap_s, problem.total_s
    )
    return _Point(moved, coverage_of(problem, moved))


def _dual_value(problem: EffortProblem, law: DetectionLaw, slope: Floats, worth: Floats) -> float:
    spare = _weighted(problem, law.conjugate(slope))
    if problem.choices_s.shape[1] > 0:
        return spare + float(
            np.sum(worth_of_choices(worth, problem.first_cell, problem.choices_s).max(axis=1))
        )
    return spare + best_linear_value(worth, problem.first_cell, problem.cap_s, problem.total_s)


def _weighted(problem: EffortProblem, values: Floats) -> float:
    # not a dot product: BLAS may sum in an order that depends on the number of threads
    return float(np.sum(problem.weight * values))


def with_particles(
    problem: EffortProblem, cell_of: NDArray[np.int32], object_type: NDArray[np.int64], weight: Floats
) -> EffortProblem:
    """The same cells and budgets with other particles in them."""
    return replace(problem, cell_of=cell_of, object_type=object_type, weight=weight)


def with_choices(problem: EffortProblem, slope: Floats) -> EffortProblem:
    """The budgets that each group would choose for slopes b'(z), (particle,)."""
    worth = worth_of_choices(worth_of_effort(problem, slope), problem.first_cell, problem.choices_s)
    best = np.argmax(worth, axis=1)
    cap_s = problem.choices_s[np.arange(best.size), best]
    return replace(problem, cap_s=cap_s, total_s=cap_s.sum(axis=1))
