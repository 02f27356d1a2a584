"""What the drift kernel takes: plain arrays and numbers under names."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Flow(NamedTuple):
    """A velocity on a regular grid of the plane, and where in its times each step lies."""

    values: NDArray[np.float32]
    """Flat (time, y, x, component), m/s along the plane's axes."""
    rows: int
    columns: int
    x0: float
    y0: float
    spacing: float
    before: NDArray[np.int64]
    """Index of the time before the middle of the step, (step,); -1 where the flow has no such time."""
    later: NDArray[np.float32]
    """Weight of the time after, (step,)."""


class Land(NamedTuple):
    """Where the shore is."""

    cells: NDArray[np.uint8]
    """(y, x)"""
    clear: NDArray[np.float32]
    """`stranding.clearance` of the cells."""
    grid: NDArray[np.float64]
    """Left, lower, spacing."""


class Physics(NamedTuple):
    """What governs the motion of every particle."""

    seed: int
    """32 bits."""
    kept: float
    """exp(-step / memory) of the persistent errors, which have unit variance."""
    renewed: float
    """sqrt(1 - kept^2)"""
    current_variance: float
    """(m/s)^2 of the current's error an axis in still water."""
    current_growth: float
    """Squared growth of its standard deviation with the current's speed."""
    wind_sigma: float
    """m/s an axis."""
    over_water: float
    """1 if the leeway is that of the wind over the moving water, 0 over the ground."""
    jibe_below: int
    """A jibe when the 32 random bits of a step are below it."""
    refloat_below: int
    capsize_exponent: float
    """Hours in a step."""
    stretch: float
    """1 / (4 R^2) of a plane of equal areas, 1/m^2: see `_set_velocity`."""
    tilt: float
    """e^2 sin(2 latitude) / (3 R) of its origin on the ellipsoid, 1/m: see `_set_velocity`."""


class Particles(NamedTuple):
    """State of a piece of the ensemble, brought forward by every call."""

    place: NDArray[np.float64]
    """(particle, 2) m"""
    velocity: NDArray[np.float32]
    """(particle, 2) m/s in the step before."""
    error: NDArray[np.float32]
    """(particle, 4): current x, y; wind x, y in units of their standard deviation."""
    on_right: NDArray[np.uint8]
    """1 where it drifts right of downwind."""
    status: NDArray[np.uint8]
    capsized: NDArray[np.int32]
    """Step at whose end it had capsized; -1 while upright."""
    released: NDArray[np.float64]
    """Seconds of drifting time from the start until it begins to drift."""
    leeway: NDArray[np.float32]
    """(particle, 6): downwind a, b; right a, b; left a, b in (m/s)/(m/s) and m/s."""
    may_capsize: NDArray[np.uint8]
