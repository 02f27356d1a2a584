"""Whether a crew sees the object: exposure along the relative motion, by the inverse-cube law.

A unit that searches at speed v over the ground with sweep width W sees an object at range r with the rate
v W^2 / (8 pi r^3) (Koopman 1946); a straight pass at lateral range x then finds with probability
1 - exp(-W^2 / (4 pi x^2)), and W is the integral of that over x. Along a straight relative motion the rate is
integrated exactly, so steps need only follow bends and the wander of the track.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NEAREST_M = 1.0
"""Softens the law at range nought, where it is infinite."""


@dataclass(frozen=True)
class Sight:
    """How exposed the object was, from instant to instant."""

    times_s: Floats
    """(instant,)"""
    exposure: Floats
    """Cumulated, (instant,); detection is when it passes an Exp(1) draw."""

    def passes(self, level: float) -> float | None:
        """When the exposure passes a level; None if it does not."""
        if not self.exposure.size or self.exposure[-1] <= level:
            return None
        after = int(np.searchsorted(self.exposure, level, side="right"))
        low, high = self.exposure[after - 1], self.exposure[after]
        share = (level - low) / (high - low)
        return float(self.times_s[after - 1] + share * (self.times_s[after] - self.times_s[after - 1]))


def sight(times_s: Floats, unit_m: Floats, object_m: Floats, speed_mps: Floats, width_m: Floats) -> Sight:
    """Exposure of an object to a unit; both move straight from one instant to the next.

    Args:
        times_s: (instant,).
        unit_m, object_m: in one plane, (instant, 2).
        speed_mps: of the unit over the ground from each instant to the next, (instant - 1,).
        width_m: sweep width from each instant to the next, 0 where the unit does not search or there is
            nothing to be seen, (instant - 1,).
    """
    apart = unit_m - object_m
    rate = speed_mps * width_m**2 / (8.0 * np.pi)
    pieces = rate * _inverse_cube(apart[:-1], apart[1:], np.diff(times_s))
    return Sight(times_s, np.concatenate([[0.0], np.cumsum(pieces)]))


def _inverse_cube(start_m: Floats, end_m: Floats, duration_s: Floats) -> Floats:
    """Integral of dt / r^3 along straight relative motion, r^2 = c t^2 + 2 b t + a, in s/m^3.

    The antiderivative is (c t + b) / ((a c - b^2) r); without motion it is t / r^3.
    """
    lasts = np.maximum(duration_s, 1e-9)
    velocity = (end_m - start_m) / lasts[:, np.newaxis]
    a = (start_m**2).sum(axis=1) + _NEAREST_M**2
    b = (start_m * velocity).sum(axis=1)
    c = (velocity**2).sum(axis=1)
    r_start, r_end = np.sqrt(a), np.sqrt((end_m**2).sum(axis=1) + _NEAREST_M**2)
    # a c - b^2 without cancellation: (speed x distance at the closest point)^2
    cross = start_m[:, 0] * velocity[:, 1] - start_m[:, 1] * velocity[:, 0]
    below = cross**2 + c * _NEAREST_M**2
    still = np.sqrt(c) * lasts < 1e-6 * r_start
    moving = ((c * lasts + b) / r_end - b / r_start) / np.where(still, 1.0, below)
    return np.where(still, duration_s / r_start**3, np.where(duration_s > 0.0, moving, 0.0))
