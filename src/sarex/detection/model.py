"""What a look is worth: a sweep width and how it came about."""

from dataclasses import dataclass

BLIND_IN = "no sensor that works by "
"""Begins the remark on a width of zero in a light that suits none of the unit's sensors."""


@dataclass(frozen=True)
class Correction:
    """One factor of W = W_uncorrected x weather x speed x fatigue (x flotation)."""

    name: str
    factor: float
    why: str


@dataclass(frozen=True)
class SweepWidth:
    """A sweep width for one unit and one search object, with everything that made it."""

    width_m: float
    uncorrected_m: float
    corrections: tuple[Correction, ...]
    source: str
    """Which table and table object, or that the crew gave it."""
    remarks: tuple[str, ...] = ()
    """What was outside the table, suspect or assumed."""
