"""Something was seen that may have been the object: what that does to the belief.

Let c be the credibility, the probability that what was seen was the object, as the people who weigh the
report judge it. If it was, the object's position at that time was reported with a normal error, and a
particle at distance d from the reported position has the density L = exp(-d^2 / 2 sigma^2) / (2 pi sigma^2)
of having caused the report (0 for another class of object than the one recognised, and for what was neither
afloat nor ashore). If it was something else, it says nothing about the object. So

    weight *= (1 - c) + c L / Lmean,      Lmean = sum(w L) / sum(w).

With this Lmean the probability that it was the object comes out as c, whatever the place: the report is
taken as Jeffrey's conditioning on an uncertain observation (Jeffrey 1965, The Logic of Decision, ch. 11),
which is Bayes' rule for a mixture of "it was the object" and "it was something else", where something else
is as likely to be reported at that place as the object was. It is also how unsure evidence (beacons that may
not have worked) was weighed for AF 447 (Stone, Keller, Kratzke & Strumpfer 2014, Statistical Science 29,
69-80): a mixture of the distributions with and without it. The sum of the weights stays: a sighting is no
search.

A credibility that already holds how well the place fits would count the fit twice in Bayes' rule with a
fixed density of false sightings; here it does not. A place where the object can hardly be is refused: it
needs a new scenario. sigma = error_50 / sqrt(2 ln 2), the error being the radius of 50 % containment. Where
fewer than 200 effective particles fit within the error, the particles are taken as the centres of kernels
(`update.bandwidth`), so that the density of the cloud and not single particles are weighed.
"""

from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.clock import from_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.errors import PlanError
from sarex.units import m_to_nm
from sarex.update.bandwidth import kernel_variance_m2
from sarex.update.belief import effective_particles
from sarex.update.model import DebrisFind, Sighting

PROBABLE_PER_SIGMA = sqrt(2.0 * log(2.0))
"""Radius of 50 % containment of a circular normal error over its standard deviation."""
ENOUGH_PARTICLES = 200.0
FEWEST_PARTICLES = 20.0
"""With fewer effective particles the density at the place is a guess."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WeighedSighting:
    """A sighting with the mean density that it was first weighed against."""

    sighting: Sighting
    mean_density_m2: float


def weigh_sighting(ensemble: DriftEnsemble, sighting: Sighting) -> tuple[Floats, WeighedSighting]:
    """The factor of each particle's weight, (particle,), and what moved particles are weighed by.

    Raises:
        PlanError: it lies outside the times of the ensemble, or where hardly any trajectory passes.
    """
    density = density_m2(ensemble, sighting, 0.0)
    fitting = effective_particles(ensemble.weight * density)
    if fitting < ENOUGH_PARTICLES:
        density = density_m2(ensemble, sighting, kernel_variance_m2(ensemble, sighting.at_s))
        fitting = effective_particles(ensemble.weight * density)
    mean_m2 = float(ensemble.weight @ density) / ensemble.undetected if ensemble.undetected > 0 else 0.0
    if fitting < FEWEST_PARTICLES or not mean_m2 > 0.0:
        raise PlanError(elsewhere(ensemble, sighting))
    weighed = WeighedSighting(sighting, mean_m2)
    return _factor(density, weighed), weighed


def factor_of(ensemble: DriftEnsemble, weighed: WeighedSighting) -> Floats:
    """The factor of particles that were moved since a sighting was weighed, (particle,)."""
    return _factor(density_m2(ensemble, weighed.sighting, 0.0), weighed)


def density_m2(
    ensemble: DriftEnsemble, report: Sighting | DebrisFind, added_variance_m2: float | Floats
) -> Floats:
    """Density per square metre of the reported position if a particle caused it, (particle,)."""
    x_m, y_m, present = places_at(ensemble, report.at_s, report.name)
    own_x_m, own_y_m = ensemble.frame.to_xy_m(report.position.lon_deg, report.position.lat_deg)
    variance_m2 = (report.probable_error_m / PROBABLE_PER_SIGMA) ** 2 + added_variance_m2
    squared_m2 = (x_m - float(own_x_m)) ** 2 + (y_m - float(own_y_m)) ** 2
    density = np.exp(-0.5 * squared_m2 / variance_m2) / (2.0 * pi * variance_m2)
    if isinstance(report, Sighting) and report.object_type is not None:
        present = present & (
            ensemble.object_type == _index(report.object_type, ensemble.object_types, report.name)
        )
    return np.where(present, density, 0.0)


def places_at(ensemble: DriftEnsemble, at_s: float, name: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Where each particle was at an instant, straight between the instants kept, and whether it was there:
    afloat or ashore.

    Raises:
        PlanError: no drift was computed for the instant.
    """
    times_s = ensemble.times_s
    if not times_s[0] <= at_s <= times_s[-1]:
        raise PlanError(
            f'the report "{name}" is of {from_posix_s(at_s):%Y-%m-%dT%H:%MZ}, for which no drift was '
            "computed; the drift runs "
            f"from {from_posix_s(times_s[0]):%Y-%m-%dT%H:%MZ} to "
            f"{from_posix_s(times_s[-1]):%Y-%m-%dT%H:%MZ}. "
            "Check its time, or give a later --end."
        )
    after = min(max(int(np.searchsorted(times_s, at_s)), 1), times_s.size - 1)
    share = (at_s - times_s[after - 1]) / (times_s[after] - times_s[after - 1])
    nearest = after if share > 0.5 else after - 1
    present = np.isin(ensemble.status[:, nearest], (Status.ACTIVE, Status.STRANDED))
    x_m, y_m = (
        (1.0 - share) * place[:, after - 1].astype(float) + share * place[:, after].astype(float)
        for place in (ensemble.x_m, ensemble.y_m)
    )
    return x_m, y_m, present


def _factor(density: Floats, weighed: WeighedSighting) -> Floats:
    credibility = weighed.sighting.credibility
    return np.asarray((1.0 - credibility) + credibility * density / weighed.mean_density_m2)


def _index(type_key: str, known: tuple[str, ...], name: str) -> int:
    if type_key not in known:
        raise PlanError(
            f'the sighting "{name}" is of the class {type_key}, which is none of the case '
            f"({', '.join(known)}). "
            "Correct the class, leave it out, or write a new case with that object."
        )
    return known.index(type_key)


def elsewhere(ensemble: DriftEnsemble, report: Sighting | DebrisFind) -> str:
    """The sentence for a report where hardly any trajectory was."""
    x_m, y_m, present = places_at(ensemble, report.at_s, report.name)
    own_x_m, own_y_m = ensemble.frame.to_xy_m(report.position.lon_deg, report.position.lat_deg)
    away_m = np.hypot(x_m - float(own_x_m), y_m - float(own_y_m))[present]
    nearest = (
        f"the nearest was {m_to_nm(float(away_m.min())):.1f} nm away" if away_m.size else "none was adrift"
    )
    return (
        f'the report "{report.name}" lies where hardly any trajectory was at that time ({nearest}; its '
        "error is "
        f"{m_to_nm(report.probable_error_m):.2g} nm): it cannot be the object as the case has it. Check its "
        "position and time, "
        "give a larger error_nm, or write a new case with a scenario that begins there."
    )
