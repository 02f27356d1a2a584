"""The ensemble as the planner sees it: afloat particles through the search window, laid out for kernels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.kernels import exposure as kernel
from sarex.kernels.exposure import BLOCK

REACH_WIDTHS = 20.0
"""Pieces of track farther than 20 sweep widths add less than 2e-4 of exposure each; the plan's own figures
are computed without this limit."""


def success(weight: NDArray[np.float64], exposure: NDArray[np.floating[Any]]) -> float:
    """Probability of success: sum of weight x (1 - exp(-exposure)).

    Not a dot product: BLAS sums in an order that depends on the number of threads.
    """
    return float(np.sum(weight * -np.expm1(-exposure.astype(np.float64))))


@dataclass(frozen=True)
class Waters:
    """Particles in the search window, neighbours next to each other so that blocks are compact."""

    start_s: float
    step_s: float
    x_m: NDArray[np.float32]
    """(time, particle)"""
    y_m: NDArray[np.float32]
    afloat: NDArray[np.bool_]
    """(time, particle)"""
    weight: NDArray[np.float64]
    """(particle,)"""
    object_type: NDArray[np.int16]
    scenario: NDArray[np.int16]
    bounds: NDArray[np.float32]
    """Extent of each block in each interval, see `kernels.exposure`."""
    in_water_from_s: NDArray[np.float64]
    """Since when survivors are in the water, NaN for what floats upright, (particle,)."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        return np.asarray(self.start_s + self.step_s * np.arange(self.x_m.shape[0]), dtype=np.float64)

    def thinned(self, every: int, offset: int) -> "Waters":
        """Every so many-th particle, standing for its neighbours too."""
        chosen = slice(offset, None, every)
        x_m, y_m = (np.ascontiguousarray(values[:, chosen]) for values in (self.x_m, self.y_m))
        afloat = np.ascontiguousarray(self.afloat[:, chosen])
        weight = self.weight[chosen]
        share = weight.sum()
        return Waters(
            start_s=self.start_s,
            step_s=self.step_s,
            x_m=x_m,
            y_m=y_m,
            afloat=afloat,
            weight=weight * (self.weight.sum() / share if share > 0.0 else 1.0),
            object_type=self.object_type[chosen],
            scenario=self.scenario[chosen],
            bounds=kernel.bounds_of_blocks(x_m, y_m, afloat),
            in_water_from_s=self.in_water_from_s[chosen],
        )

    def exposures(
        self, legs: NDArray[np.float64], width_m: NDArray[np.float32], reach_widths: float = REACH_WIDTHS
    ) -> NDArray[np.float32]:
        """Exposure of each particle to searching legs (leg, 6+), (particle,)."""
        if legs.shape[0] == 0 or not width_m.any():
            return np.zeros(self.weight.size, np.float32)
        result: NDArray[np.float32] = kernel.exposures(
            legs,
            self.start_s,
            self.step_s,
            self.x_m,
            self.y_m,
            self.afloat,
            width_m,
            self.bounds,
            reach_widths,
        )
        return result

    def gain(
        self, legs: NDArray[np.float64], width_m: NDArray[np.float32], missed: NDArray[np.float64]
    ) -> float:
        """What legs add to a search that leaves `missed` (weight times chance of being missed)."""
        return float(kernel.found(self.exposures(legs, width_m), missed))

    def widths(self, by_object_type: NDArray[np.float64]) -> NDArray[np.float32]:
        """Sweep width against each particle from one per object type."""
        return by_object_type[self.object_type].astype(np.float32)


def joint_and_marginal(
    waters: Waters, exposures: Sequence[NDArray[np.float32]], before: NDArray[np.float64]
) -> tuple[float, tuple[float, ...]]:
    """Joint POS of exposures (particle,) and what comes before them, and what it would lose without each."""
    total = np.zeros(waters.weight.size)
    for exposure in exposures:
        total += exposure
    weight = waters.weight * np.exp(-before)
    # others' exposures as a difference may come out a rounding below zero
    marginal = [success(weight * np.exp(-np.maximum(total - own, 0.0)), own) for own in exposures]
    return success(waters.weight, before + total), tuple(marginal)


def waters_of(ensemble: DriftEnsemble, start_s: float, end_s: float) -> Waters:
    """The part of an ensemble that lies in a search window."""
    window, step_s = ensemble.span(start_s, end_s)
    first, last = window.start, window.stop
    order = _neighbours_first(ensemble, (first + last) // 2)
    x_m = np.ascontiguousarray(ensemble.x_m[order, window].T)
    y_m = np.ascontiguousarray(ensemble.y_m[order, window].T)
    afloat = np.ascontiguousarray((ensemble.status[order, window] == Status.ACTIVE).T)
    return Waters(
        start_s=float(ensemble.times_s[first]),
        step_s=step_s,
        x_m=x_m,
        y_m=y_m,
        afloat=afloat,
        weight=ensemble.weight[order],
        object_type=ensemble.object_type[order],
        scenario=ensemble.scenario[order],
        bounds=kernel.bounds_of_blocks(x_m, y_m, afloat),
        in_water_from_s=ensemble.in_water_from_s[order],
    )


def _neighbours_first(ensemble: DriftEnsemble, middle: int) -> NDArray[np.int64]:
    """Order in which blocks of particles are compact: strips of x, then y, at the middle of the window."""
    x_m, y_m = ensemble.x_m[:, middle], ensemble.y_m[:, middle]
    strips = max(1, int(np.sqrt(x_m.size / BLOCK)))
    by_x = np.argsort(x_m, kind="stable")
    pieces = np.array_split(by_x, strips)
    return np.concatenate([piece[np.argsort(y_m[piece], kind="stable")] for piece in pieces])
