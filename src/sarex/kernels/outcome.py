"""What a search finds in one interval of time, and how much of it lives.

A particle that was exposed to E before an interval and to e in it is found in the interval with
exp(-E) (1 - exp(-e)), and found alive with that times the chance that its people then live.

That chance is a mixture of two kinds of death in the water: `early_frac` die soon after immersion, with
exponential times of mean `early_mean_s`; the others live as long as a log-normal with `median_s` and
`spread_log` (standard deviation of the logarithm). Where the four numbers come from is told in
`sarex.detection.survival`. A curve is the row (median_s, spread_log, early_frac, early_mean_s).
"""

import math

import numpy as np
from numba import njit

_MEDIAN, _SPREAD, _EARLY, _EARLY_MEAN = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def _alive_frac(in_water_s, curve):  # type: ignore[no-untyped-def]
    """Chance that one person lives after a time in the water; 1 for who is not in it (NaN, or not yet)."""
    if curve[_MEDIAN] <= 0.0:
        return 0.0
    if not in_water_s > 0.0:
        return 1.0
    deviate = math.log(in_water_s / curve[_MEDIAN]) / curve[_SPREAD]
    late = 0.5 * math.erfc(deviate / math.sqrt(2.0))
    early = math.exp(-in_water_s / curve[_EARLY_MEAN])
    return (1.0 - curve[_EARLY]) * late + curve[_EARLY] * early


@njit(cache=True, nogil=True)
def alive_fracs(in_water_s, curve):  # type: ignore[no-untyped-def]
    """Chance of being alive after each time in the water: both (time,); a median of 0 stands for the dead."""
    result = np.empty(in_water_s.size)
    for k in range(in_water_s.size):
        result[k] = _alive_frac(in_water_s[k], curve)
    return result


@njit(cache=True, nogil=True)
def alive_table(at_s, in_water_from_s, object_type, curves):  # type: ignore[no-untyped-def]
    """Chance that the people of each particle live at each instant.

    Args:
        at_s: (time,); in_water_from_s: NaN where nobody is in the water, (particle,).
        object_type: row of `curves` of each particle, (particle,); curves: (type, 4).

    Returns:
        (time, particle) float32
    """
    result = np.empty((at_s.size, in_water_from_s.size), np.float32)
    for k in range(at_s.size):
        for i in range(in_water_from_s.size):
            result[k, i] = _alive_frac(at_s[k] - in_water_from_s[i], curves[object_type[i]])
    return result


@njit(cache=True, nogil=True)
def reap(exposure, exposed, weight, at_s, in_water_from_s, object_type, curves):  # type: ignore[no-untyped-def]
    """What one interval finds, and how much of it is alive by each model.

    Args:
        exposure: in this interval, (particle,).
        exposed: in all intervals before, (particle,); this interval's is added to it.
        weight, in_water_from_s, object_type: (particle,).
        at_s: the middle of the interval.
        curves: (model, type, 4).

    Returns:
        (1 + model,): probability found in the interval, then found alive by each model.
    """
    totals = np.zeros(1 + curves.shape[0])
    for i in range(exposure.size):
        if exposure[i] <= 0.0:
            continue
        more = np.float64(exposure[i])
        found = -weight[i] * math.exp(-exposed[i]) * math.expm1(-more)
        exposed[i] += more
        totals[0] += found
        for model in range(curves.shape[0]):
            alive = _alive_frac(at_s - in_water_from_s[i], curves[model, object_type[i]])
            totals[1 + model] += found * alive
    return totals
