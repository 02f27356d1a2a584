"""Debris or an empty craft was found: what that tells of where and when the drift began.

What was found set out where and when the object did, and then drifted by its own leeway. Given the origin
(place and time), the scenario and the forcing member, the two drifts are taken as independent. Then a find
at z says of a particle that began at o

    L(o) = density of z for something of the found class that began at o,

and it is estimated by drifting that class from the same scenarios to the time of the find: L(o) is the mean
of the normal densities of z around those drifters, over the drifters that began near o (kernel regression,
Nadaraya 1964 and Watson 1964,
with Silverman's width in three dimensions, place and time). The weights change as by a sighting
(`update.sightings`): weight *= (1 - c) + c L / Lmean, and classes that the find rules out have L = 0.

What is left out: object and debris also share the true current and wind, whose errors are drawn for each
alone. A find thus teaches less than it might (never more) about objects that drift alike. It says nothing of
a scenario's own probability but by L.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, ObjectShare
from sarex.clock import from_posix_s
from sarex.drift import drift_ensemble
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.errors import PlanError
from sarex.update.bandwidth import kernel_variance_m2
from sarex.update.belief import effective_particles
from sarex.update.model import DebrisFind
from sarex.update.sightings import FEWEST_PARTICLES, density_m2, elsewhere

MOST_DRIFTERS = 20_000
MOST_CELLS = 48
"""Along each axis of the origins."""
WIDER = 4.0
"""Where nothing began near, drifters this many widths away are asked, and then all."""

Floats = NDArray[np.float64]


def drift_debris(case: Case, environment: Environment, find: DebrisFind) -> DriftEnsemble:
    """What was found, drifted from the scenarios of the case to the time of the find."""
    share = (ObjectShare(find.type_key, 1.0),)
    drifting = replace(
        case,
        scenarios=tuple(replace(scenario, objects=share) for scenario in case.scenarios),
        drift=replace(case.drift, particles=min(case.drift.particles, MOST_DRIFTERS)),
    )
    until = from_posix_s(find.at_s) + timedelta(minutes=10)
    return drift_ensemble(drifting, environment, until=until, purpose=f"find {find.name}")


def weigh_find(ensemble: DriftEnsemble, find: DebrisFind, debris: DriftEnsemble) -> Floats:
    """The factor of each particle's weight, (particle,).

    Raises:
        PlanError: hardly anything that set out as the case has it would have been where it was found.
    """
    density = density_m2(debris, find, kernel_variance_m2(debris, find.at_s))
    if effective_particles(debris.weight * density) < FEWEST_PARTICLES:
        raise PlanError(elsewhere(debris, find))
    likely = np.zeros(ensemble.weight.size)
    members = len(ensemble.member_names)
    own = ensemble.scenario.astype(np.intp) * members + ensemble.member
    theirs = debris.scenario.astype(np.intp) * members + debris.member
    for number in np.unique(own):
        asked, known = own == number, theirs == number
        if known.any():
            likely[asked] = _regressed(_origins(debris)[known], density[known], _origins(ensemble)[asked])
    likely[np.isin(ensemble.object_type, _ruled_out(ensemble, find))] = 0.0
    mean = float(ensemble.weight @ likely) / ensemble.undetected if ensemble.undetected > 0 else 0.0
    if not mean > 0.0:
        raise PlanError(elsewhere(debris, find))
    return np.asarray((1.0 - find.credibility) + find.credibility * likely / mean)


def _origins(ensemble: DriftEnsemble) -> Floats:
    """Place and time where each particle began, (particle, 3); it waits there until its release."""
    return np.stack([ensemble.x_m[:, 0], ensemble.y_m[:, 0], ensemble.released_s], axis=1).astype(float)


def _ruled_out(ensemble: DriftEnsemble, find: DebrisFind) -> list[int]:
    known = ensemble.object_types
    for type_key in find.rules_out:
        if type_key not in known:
            raise PlanError(
                f'the find "{find.name}" rules out {type_key}, which is none of the case '
                f"({', '.join(known)}). "
                "Correct rules_out."
            )
    if set(find.rules_out) >= set(known) and find.credibility >= 1.0:
        raise PlanError(
            f'the find "{find.name}" rules out every object of the case; nothing is left to search for. '
            "Correct rules_out, or write a new case."
        )
    return [known.index(type_key) for type_key in find.rules_out]


def _regressed(began: Floats, value: Floats, asked: Floats) -> Floats:
    """Mean of the values of points that lie near, for each point asked, (asked,): on a grid of kernel
    widths."""
    low, spread = began.min(axis=0), began.std(axis=0)
    width = np.maximum(spread * (0.8 ** (1.0 / 7.0)) * began.shape[0] ** (-1.0 / 7.0), 1.0)
    width = np.maximum(width, np.ptp(began, axis=0) / (MOST_CELLS - 1))
    shape = tuple((np.ptp(began, axis=0) / width).astype(int) + 1)
    cell = _cells(began, low, width, shape)
    size = int(np.prod(shape))
    total = np.bincount(cell, value, size).reshape(shape)
    number = np.bincount(cell, minlength=size).astype(float).reshape(shape)
    mean = np.full(shape, value.mean())
    for reach in (WIDER, 1.0):
        near = _blurred(number, reach)
        held = near > 0.1
        mean[held] = _blurred(total, reach)[held] / near[held]
    return np.asarray(mean.ravel()[_cells(asked, low, width, shape)])


def _cells(points: Floats, low: Floats, width: Floats, shape: tuple[int, ...]) -> NDArray[np.intp]:
    index = np.clip(((points - low) / width).astype(np.intp), 0, np.array(shape) - 1)
    return np.asarray(np.ravel_multi_index(tuple(index.T), shape), dtype=np.intp)


def _blurred(cells: Floats, width_cells: float) -> Floats:
    for axis in range(cells.ndim):
        reach = int(np.ceil(3.0 * width_cells))
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width_cells) ** 2)
        padding = [(0, 0)] * cells.ndim
        padding[axis] = (reach, reach)
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(cells, padding), kernel.size, axis=axis)
        cells = windows @ kernel
    return cells
