"""The optimal search factor of the manual's datum area."""

from dataclasses import dataclass
from functools import cache

from sarex.tables._rows import rows_of


@dataclass(frozen=True)
class OptimalSearchFactor:
    """The best square around a point datum for one relative effort.

    The square has the half-side factor x E, with E the total probable error (50 % radius of a circular
    normal), and is searched at one coverage by all the effort. "Ideal" stands for the inverse-cube ladder,
    "normal" for random search.
    """

    relative_effort: float
    """Zr = Z / E^2."""
    ideal_factor: float
    ideal_coverage: float
    ideal_pos: float
    normal_factor: float
    normal_coverage: float
    normal_pos: float
    unconstrained_exponential_pos: float
    """The most that any spread of divisible effort reaches under random search."""


@cache
def optimal_search_factors() -> tuple[OptimalSearchFactor, ...]:
    """Rows by increasing relative effort, 0.25 to 50; see `SOURCES.md` for how they were derived."""
    return tuple(
        OptimalSearchFactor(
            relative_effort=float(row["Zr"]),
            ideal_factor=float(row["fs_ideal"]),
            ideal_coverage=float(row["C_ideal"]),
            ideal_pos=float(row["POS_ideal"]),
            normal_factor=float(row["fs_normal"]),
            normal_coverage=float(row["C_normal"]),
            normal_pos=float(row["POS_normal"]),
            unconstrained_exponential_pos=float(row["POS_unconstrained_exponential"]),
        )
        for row in rows_of("derived_optimal_search_factor_point_datum")
    )
