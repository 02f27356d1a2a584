"""Particles drawn anew when only few still count, so that they carry the same belief.

After good searches most of the weight lies on few particles (the effective number halves with each). Copies
of those few would add nothing, and copies strewn about (plain jitter) would carry probability back into the
strips that were just searched. So each particle of the drift as it was first drawn is taken as the centre of
a kernel (`update.bandwidth`), the cloud before all searches as the mixture of these kernels, and every new
path is
weighed by all that was learnt so far at *its own* place:

1. Draw parents with chances w (1/2 + 1/2 L / Lmean), where w is the weight as drifted and L what searches and
   sightings have multiplied it by: half of them from where the object still may be, half from everywhere,
   which bounds the weights below (defensive mixture; Hesterberg 1995, Technometrics 37, 185-194). The draws
   are systematic (Kitagawa 1996, J. Comp. Graph. Stat. 5, 1-25).
2. Shift the parent's whole path by a draw from its kernel. A shift that touches land at any time is taken
back, and paths that strand or leave the forcing are not shifted: where they came ashore belongs to the coast.
3. Weigh by L(shifted) / (1/2 + 1/2 L(parent) / Lmean): importance sampling, exact for the mixture of kernels
   (a regularised particle filter with correction; Musso, Oudjane & Le Gland 2001, in Doucet et al.,
   Sequential Monte Carlo Methods in Practice, ch. 12).
4. Once these are worth as many effective particles as there shall be, or 16 times as many have been tried,
draw from them, systematically, to weights that are equal.

Scenarios, objects and fates (afloat, ashore, ... at the end) keep their probability exactly: each gets
particles in proportion to it, at least one, and its own equal weight. All randomness is the given
generator's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.field import on_land
from sarex.environment.model import LAND, LandRaster
from sarex.update.bandwidth import groups_of, kernel_roots_m
from sarex.update.belief import effective_particles

MOST_ROUNDS = 16
"""Shifted paths tried for every particle that is kept."""
LEAST_SHARE = 0.1
"""Effective particles over all particles below which they are drawn anew."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
LogLikelihood = Callable[[DriftEnsemble], Floats]


@dataclass(frozen=True)
class _Proposals:
    """Shifted paths by their parents."""

    parent: Numbers
    """(path,)"""
    shift_m: Floats
    """(path, 2)"""
    log_weight: Floats
    """(path,)"""


def resampled(
    ensemble: DriftEnsemble,
    drifted: DriftEnsemble,
    likelihood_of: LogLikelihood,
    at_s: float,
    raster: LandRaster,
    generator: np.random.Generator,
) -> DriftEnsemble:
    """New particles of equal weights within each scenario, object and fate.

    Args:
        ensemble: the belief as it stands.
        drifted: the particles as drifted, weighted by nothing that `likelihood_of` holds.
        likelihood_of: logarithm of what was learnt of any particles in the frame, (particle,).
        at_s: when the kernels are measured, POSIX seconds.
        raster: land.
    """
    mass: Floats = np.bincount(groups_of(ensemble), ensemble.weight).astype(float)
    group = groups_of(drifted)
    share = allotment(mass, ensemble.weight.size)
    tried = _tried(drifted, likelihood_of, at_s, raster, share, generator)
    kept = _drawn(_scaled(tried.log_weight), group[tried.parent], share, generator)
    kept = kept[np.argsort(tried.parent[kept], kind="stable")]
    chosen = shifted(drifted, tried.parent[kept], tried.shift_m[kept])
    each = np.divide(mass, share, out=np.zeros(mass.size), where=share > 0)
    return replace(chosen, weight=each[group[tried.parent[kept]]])


def _tried(
    drifted: DriftEnsemble,
    likelihood_of: LogLikelihood,
    at_s: float,
    raster: LandRaster,
    share: Numbers,
    generator: np.random.Generator,
) -> _Proposals:
    """Steps 1 to 3 of the above."""
    group = groups_of(drifted)
    log_bound = _log_bound(drifted.weight, likelihood_of(drifted), group)
    chance = drifted.weight * np.exp(log_bound)
    roots_m = kernel_roots_m(drifted, at_s, chance, group)
    roots_m[~_adrift_throughout(drifted)] = 0.0
    rounds: list[_Proposals] = []
    for _ in range(MOST_ROUNDS):
        parent = _drawn(chance, group, share, generator)
        shift_m = np.einsum("pij,pj->pi", roots_m[parent], generator.standard_normal((parent.size, 2)))
        shift_m[_touches_land(shifted(drifted, parent, shift_m), raster)] = 0.0
        gained = likelihood_of(shifted(drifted, parent, shift_m))
        rounds.append(_Proposals(parent, shift_m, gained - log_bound[parent]))
        log_weight = np.concatenate([each.log_weight for each in rounds])
        if effective_particles(_scaled(log_weight)) >= share.sum():
            break
    return _Proposals(
        np.concatenate([each.parent for each in rounds]),
        np.concatenate([each.shift_m for each in rounds]),
        log_weight,
    )


def _log_bound(weight: Floats, log_likelihood: Floats, group: Numbers) -> Floats:
    """Logarithm of 1/2 + 1/2 L / Lmean, Lmean being that of each group, (particle,)."""
    bound = np.zeros(weight.size)
    for number in np.unique(group):
        own = np.flatnonzero(group == number)
        likely = _scaled(log_likelihood[own])
        mean = float(weight[own] @ likely) / max(float(weight[own].sum()), 1e-300)
        bound[own] = np.log(0.5 + 0.5 * likely / mean) if mean > 0.0 else 0.0
    return bound


def _scaled(logarithm: Floats) -> Floats:
    """Exponentials with the largest brought to one; all one where all are zero."""
    highest = float(logarithm.max())
    return np.exp(logarithm - highest) if np.isfinite(highest) else np.ones(logarithm.size)


def allotment(mass: Floats, count: int) -> Numbers:
    """How many of `count` particles each group gets, (group,): in proportion to its probability, at least
    one."""
    exact = count * mass / mass.sum()
    share = np.maximum(np.floor(exact).astype(np.intp), (mass > 0.0).astype(np.intp))
    missing = count - int(share.sum())
    if missing > 0:
        share[np.argsort(-(exact - np.floor(exact)), kind="stable")[:missing]] += 1
    for _ in range(-missing):
        share[np.argmax(share)] -= 1
    return np.asarray(share, dtype=np.intp)


def systematic(chance: Floats, count: int, generator: np.random.Generator) -> Numbers:
    """So many draws with chances proportional to `chance`, evenly spaced along their sum from one random
    start."""
    edges = np.cumsum(chance)
    points = (np.arange(count) + generator.random()) * (edges[-1] / count)
    drawn = np.searchsorted(edges, points, side="right")
    return np.asarray(np.minimum(drawn, np.flatnonzero(chance)[-1]), dtype=np.intp)


def shifted(ensemble: DriftEnsemble, chosen: Numbers, shift_m: Floats) -> DriftEnsemble:
    """Particles by number, each with its whole path moved by a step, (particle, 2)."""
    step_m = shift_m.astype(np.float32)
    return replace(
        ensemble,
        x_m=ensemble.x_m[chosen] + step_m[:, :1],
        y_m=ensemble.y_m[chosen] + step_m[:, 1:],
        status=ensemble.status[chosen],
        weight=ensemble.weight[chosen],
        scenario=ensemble.scenario[chosen],
        object_type=ensemble.object_type[chosen],
        released_s=ensemble.released_s[chosen],
        member=ensemble.member[chosen],
        in_water_from_s=ensemble.in_water_from_s[chosen],
    )


def _adrift_throughout(ensemble: DriftEnsemble) -> NDArray[np.bool_]:
    """Which paths neither strand nor leave the forcing."""
    return np.asarray(
        ~np.isin(ensemble.status, (Status.STRANDED, Status.OUTSIDE_FORCING)).any(axis=1), dtype=np.bool_
    )


def _touches_land(ensemble: DriftEnsemble, raster: LandRaster) -> NDArray[np.bool_]:
    if not (raster.cells == LAND).any():
        return np.zeros(ensemble.weight.size, np.bool_)
    touches = np.zeros(ensemble.weight.size, np.bool_)
    for column in range(ensemble.times_s.size):
        touches |= on_land(raster, ensemble.x_m[:, column], ensemble.y_m[:, column]) == LAND
    return touches


def _drawn(chance: Floats, group: Numbers, share: Numbers, generator: np.random.Generator) -> Numbers:
    """For each group its share of draws from its own particles."""
    drawn = []
    for number in np.flatnonzero(share):
        own = np.flatnonzero(group == number)
        likely = chance[own] if chance[own].any() else np.ones(own.size)
        drawn.append(own[systematic(likely, int(share[number]), generator)])
    return np.concatenate(drawn)
