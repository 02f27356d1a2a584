"""Loops of the effort relaxation: particles collect coverage from cells, cells collect gain from particles.

Single-threaded on purpose: sums are taken in one order, so the answer does not depend on the number of
threads. Shapes use the words of `sarex.planning.relaxation_solver`: a *cell* belongs to one time slice,
and slice `s` owns the cells `first_cell[s]` to `first_cell[s + 1]`.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FADED = 1.0e-9
"""Share of an even spread below which a reachable cell's effort does not fade, so that it can come back."""


@njit(cache=True, nogil=True)
def collected_coverage(cell_of: NDArray[np.int32], object_type: NDArray[np.int64], density: Floats) -> Floats:
    """Coverage of each particle, (particle,): the sum of `density` (object_type, cell) along its cells.

    `cell_of` is (particle, sample), with -1 where the particle is not afloat or in no known cell.
    """
    coverage = np.zeros(cell_of.shape[0])
    for particle in range(cell_of.shape[0]):
        kind = object_type[particle]
        total = 0.0
        for sample in range(cell_of.shape[1]):
            cell = cell_of[particle, sample]
            if cell >= 0:
                total += density[kind, cell]
        coverage[particle] = total
    return coverage


@njit(cache=True, nogil=True)
def gain_of_density(
    cell_of: NDArray[np.int32], object_type: NDArray[np.int64], slope: Floats, shape: tuple[int, int]
) -> Floats:
    """The transpose of `collected_coverage`: what unit density is worth, (object_type, cell)."""
    gain = np.zeros(shape)
    for particle in range(cell_of.shape[0]):
        kind = object_type[particle]
        worth = slope[particle]
        for sample in range(cell_of.shape[1]):
            cell = cell_of[particle, sample]
            if cell >= 0:
                gain[kind, cell] += worth
    return gain


@njit(cache=True, nogil=True)
def density_of_effort(effort_s: Floats, per_second: Floats, sweep_rate: Floats) -> Floats:
    """Coverage density (object_type, cell) of effort (group, cell) in seconds.

    `per_second` (group, cell) is one over cell area and samples, times the relative-speed factor;
    `sweep_rate` (group, object_type) is in m2/s.
    """
    density = np.zeros((sweep_rate.shape[1], effort_s.shape[1]))
    for group in range(effort_s.shape[0]):
        for kind in range(sweep_rate.shape[1]):
            rate = sweep_rate[group, kind]
            for cell in range(effort_s.shape[1]):
                density[kind, cell] += rate * per_second[group, cell] * effort_s[group, cell]
    return density


@njit(cache=True, nogil=True)
def gain_of_effort(gain: Floats, per_second: Floats, sweep_rate: Floats) -> Floats:
    """The transpose of `density_of_effort`: what a second of each group is worth, (group, cell)."""
    worth = np.zeros(per_second.shape)
    for group in range(per_second.shape[0]):
        for kind in range(sweep_rate.shape[1]):
            rate = sweep_rate[group, kind]
            for cell in range(per_second.shape[1]):
                worth[group, cell] += rate * per_second[group, cell] * gain[kind, cell]
    return worth


@njit(cache=True, nogil=True)
def best_linear_value(worth: Floats, first_cell: NDArray[np.int64], cap_s: Floats, total_s: Floats) -> float:
    """Largest value of a linear objective `worth` (group, cell) over the time budgets.

    Per group: the best cell of each slice, slices filled in order of worth up to `cap_s` (group, slice)
    until `total_s` (group,) is spent. Unreachable cells have worth zero.
    """
    slices = cap_s.shape[1]
    best = np.empty(slices)
    value = 0.0
    for group in range(worth.shape[0]):
        for piece in range(slices):
            best[piece] = 0.0
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                best[piece] = max(best[piece], worth[group, cell])
        left = total_s[group]
        for _ in range(slices):
            top = 0
            for piece in range(slices):
                if best[piece] > best[top]:
                    top = piece
            spent = min(left, cap_s[group, top])
            value += spent * max(best[top], 0.0)
            left -= spent
            best[top] = -1.0
    return value


@njit(cache=True, nogil=True)
def reweighted_effort(
    effort_s: Floats,
    worth: Floats,
    step: Floats,
    per_second: Floats,
    first_cell: NDArray[np.int64],
    cap_s: Floats,
    total_s: Floats,
) -> Floats:
    """One exponentiated-gradient step of the effort (group, cell), brought back into the time budgets.

    Multiplies by exp(step * (worth - largest worth)), `step` (group,), then projects in the sense of
    Kullback and Leibler: one common factor per group, and a smaller one in slices that would overflow.
    """
    new = np.zeros(effort_s.shape)
    slices = cap_s.shape[1]
    mass = np.empty(slices)
    factor = np.empty(slices)
    for group in range(effort_s.shape[0]):
        top = 0.0
        for cell in range(effort_s.shape[1]):
            top = max(top, worth[group, cell])
        floor = _FADED * total_s[group] / max(effort_s.shape[1], 1)
        for piece in range(slices):
            mass[piece] = 0.0
            factor[piece] = -1.0
            if cap_s[group, piece] <= 0.0:
                continue
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                if per_second[group, cell] > 0.0:
                    grown = effort_s[group, cell] * math.exp(step[group] * (worth[group, cell] - top))
                    new[group, cell] = max(grown, floor)
                    mass[piece] += new[group, cell]
        left = total_s[group]
        for _ in range(slices):
            free = 0.0
            for piece in range(slices):
                if factor[piece] < 0.0:
                    free += mass[piece]
            common = max(left, 0.0) / free if free > 0.0 else 0.0
            overflow = False
            for piece in range(slices):
                if factor[piece] < 0.0 and mass[piece] * common > cap_s[group, piece]:
                    factor[piece] = cap_s[group, piece] / mass[piece]
                    left -= cap_s[group, piece]
                    overflow = True
            if not overflow:
                break
        for piece in range(slices):
            share = factor[piece] if factor[piece] >= 0.0 else common
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                new[group, cell] *= share
    return new


@njit(cache=True, nogil=True)
def error_function(values: Floats) -> Floats:
    """erf of each value, (particle,)."""
    result = np.empty(values.shape[0])
    for index in range(values.shape[0]):
        result[index] = math.erf(values[index])
    return result
