"""How far a particle stands for its surroundings: a normal kernel around each.

Silverman's rule in the plane (1986, Density Estimation, section 4.3: s n^(-1/6) in two dimensions) on a
quarter of the spread. The rule is for the best picture of a density; here the kernel only has to tell copies
apart, and a quarter widens the variance of 2000 particles by half a per cent. Parts of the cloud that lie
apart have kernels of their own, and so has each scenario and object.
"""

import numpy as np
from numpy.typing import NDArray

from sarex.drift.ensemble import DriftEnsemble
from sarex.probability.lobes import lobes_of
from sarex.update.belief import effective_particles

SPREAD_SHARE = 0.25

Floats = NDArray[np.float64]


def kernel_roots_m(ensemble: DriftEnsemble, at_s: float, weight: Floats, group: NDArray[np.intp]) -> Floats:
    """Per particle the square root (Cholesky, (particle, 2, 2)) of its kernel's covariance at an instant.

    Args:
        weight: (particle,), by which spread and number are counted.
        group: particles of different number have kernels of their own, (particle,).
    """
    column = int(np.argmin(np.abs(ensemble.times_s - at_s)))
    places = np.stack([ensemble.x_m[:, column], ensemble.y_m[:, column]], axis=1).astype(float)
    roots = np.zeros((group.size, 2, 2))
    for number in np.unique(group):
        members = np.flatnonzero((group == number) & (weight > 0.0))
        if members.size < 2:
            continue
        lobe = lobes_of(places[members, 0], places[members, 1], weight[members])
        for part in np.unique(lobe):
            own = members[lobe == part]
            roots[own] = _root(places[own], weight[own])
    return roots


def kernel_variance_m2(ensemble: DriftEnsemble, at_s: float) -> Floats:
    """The mean variance along an axis of each particle's kernel, (particle,)."""
    group = groups_of(ensemble)
    roots = kernel_roots_m(ensemble, at_s, ensemble.weight, group)
    return np.asarray(0.5 * np.square(roots).sum(axis=(1, 2)))


def groups_of(ensemble: DriftEnsemble) -> NDArray[np.intp]:
    """A number for each scenario and object type and what becomes of the particle in the end, (particle,)."""
    fate = ensemble.status[:, -1].astype(np.intp)
    types = len(ensemble.object_types)
    return np.asarray((ensemble.scenario.astype(np.intp) * types + ensemble.object_type) * 8 + fate)


def _root(places: Floats, weight: Floats) -> Floats:
    number = effective_particles(weight)
    if number < 2.0:
        return np.zeros((2, 2))
    off = places - np.average(places, axis=0, weights=weight)
    covariance = (off * weight[:, None]).T @ off / weight.sum()
    step = SPREAD_SHARE * number ** (-1.0 / 6.0)
    # a metre keeps the root of a cloud on a line real
    return np.asarray(step * np.linalg.cholesky(covariance + np.eye(2)))
