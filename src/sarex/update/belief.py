"""A search without a find lowers the weight of the trajectories that were in view when it looked.

Bayes: weight *= exp(-exposure), with the exposure of what was really flown (Koopman's inverse-cube law in
relative motion, `kernels.exposure`). Weights are not renormalised: their sum is the probability that the
object is still undetected, and the POS of searches in sequence add.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import SatelliteLook
from sarex.detection import Drifters, look_exposure
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.errors import PlanError
from sarex.kernels import exposure as kernel
from sarex.update.model import Lesson, SearchedTrack, SearchResult


def update_belief(ensemble: DriftEnsemble, result: SearchResult) -> tuple[DriftEnsemble, Lesson]:
    """The same trajectories with new weights, and what the search taught.

    Raises:
        PlanError: the search lies outside the times of the ensemble.
    """
    weight = ensemble.weight * np.exp(-exposure_to(ensemble, result))
    total = float(weight.sum())
    lesson = Lesson(
        pos=ensemble.undetected - total, undetected=total, effective_particles=effective_particles(weight)
    )
    return replace(ensemble, weight=weight), lesson


def exposure_to(ensemble: DriftEnsemble, result: SearchResult) -> NDArray[np.float64]:
    """How strongly a search looked at each particle, (particle,); it missed with exp(-exposure).

    Raises:
        PlanError: the search lies outside the times of the ensemble.
    """
    _check_times(ensemble, result)
    exposure = _exposure_to_looks(ensemble, result.looks)
    if not result.tracks:
        return exposure
    window, step_s = ensemble.span(result.started_s, result.ended_s)
    afloat = np.ascontiguousarray((ensemble.status[:, window] == Status.ACTIVE).T)
    x_m, y_m = (np.ascontiguousarray(place[:, window].T) for place in (ensemble.x_m, ensemble.y_m))
    bounds = kernel.bounds_of_blocks(x_m, y_m, afloat)
    for track in result.tracks:
        width_m = _widths(ensemble, track)
        if not width_m.any() or track.start_s.size == 0:
            continue
        legs = _legs(ensemble, track)
        exposure += kernel.exposures(
            legs, float(ensemble.times_s[window.start]), step_s, x_m, y_m, afloat, width_m, bounds, 0.0
        )
    return exposure


def _exposure_to_looks(ensemble: DriftEnsemble, looks: Sequence[SatelliteLook]) -> NDArray[np.float64]:
    total = np.zeros(ensemble.weight.size)
    if looks:
        afloat = (ensemble.status == Status.ACTIVE).T
        places = ensemble.x_m.T, ensemble.y_m.T
        drifters = Drifters(ensemble.times_s, *places, afloat, ensemble.object_type)
        for look in looks:
            total += look_exposure(look, ensemble.frame, ensemble.object_types, drifters)
    return total


def effective_particles(weight: NDArray[np.float64]) -> float:
    """(sum w)^2 / sum w^2: as many particles of equal weight would say as much (Kish 1965)."""
    squares = float(np.square(weight).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0.0 else 0.0


def _check_times(ensemble: DriftEnsemble, result: SearchResult) -> None:
    if not result.tracks and not result.looks:
        raise PlanError("tasks is empty; a search needs at least one unit that searched.")
    if result.started_s < ensemble.times_s[0] or result.ended_s > ensemble.times_s[-1]:
        raise PlanError(
            "legs: the search ran at times for which no drift was computed; it must lie between the first "
            "possible release and the end of the next window. Check the times, or give a later --end."
        )


def _widths(ensemble: DriftEnsemble, track: SearchedTrack) -> NDArray[np.float32]:
    by_type = np.array([track.sweep_width_m.get(key, 0.0) for key in ensemble.object_types], np.float32)
    return np.asarray(by_type[ensemble.object_type], dtype=np.float32)


def _legs(ensemble: DriftEnsemble, track: SearchedTrack) -> NDArray[np.float64]:
    x0_m, y0_m = ensemble.frame.to_xy_m(track.start_lonlat_deg[:, 0], track.start_lonlat_deg[:, 1])
    x1_m, y1_m = ensemble.frame.to_xy_m(track.end_lonlat_deg[:, 0], track.end_lonlat_deg[:, 1])
    return np.column_stack([x0_m, y0_m, x1_m, y1_m, track.start_s, track.end_s])
