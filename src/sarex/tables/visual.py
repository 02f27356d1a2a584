"""What lookouts see over water by day: the visual sweep widths and their corrections.

Sources: `SOURCES.md`. Units are the published ones (nautical miles, feet, knots);
`sarex.detection` turns them into metres.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from sarex.tables._rows import rows_of

Platform = Literal["fixed_wing", "helicopter", "vessel"]
ObjectGroup = Literal["small", "large"]


@dataclass(frozen=True)
class SweepWidthGrid:
    """Uncorrected sweep widths of one platform for one table object."""

    heights_ft: tuple[float, ...]
    """Search altitudes of an aircraft, or heights of eye of a vessel; ascending."""
    visibilities_nm: tuple[float, ...]
    """Ascending."""
    widths_nm: tuple[tuple[float, ...], ...]
    """(height, visibility)"""


@dataclass(frozen=True)
class SpeedFactor:
    """The factor of search speeds up to and including `up_to_kt`, above the row before."""

    up_to_kt: float
    factor: float


@dataclass(frozen=True)
class WeatherFactor:
    """The factor of one state of wind and sea for small or large objects."""

    condition: str
    """"low", "medium" or "high"."""
    wind_from_kt: float
    wind_to_kt: float
    sea_from_ft: float
    sea_to_ft: float
    group: ObjectGroup
    factor: float


@cache
def visual_sweep_widths() -> Mapping[tuple[Platform, str], SweepWidthGrid]:
    """Grids of widths by platform and table object: 3 platforms, 25 objects, 3,100 values."""
    cells: dict[tuple[Platform, str], dict[tuple[float, float], float]] = {}
    for row in rows_of("uscg_visual_sweep_width"):
        place = (float(row["height_ft"]), float(row["visibility_nm"]))
        cells.setdefault((_platform(row), row["object"]), {})[place] = float(row["sweep_width_nm"])
    return MappingProxyType({key: _grid(values) for key, values in cells.items()})


@cache
def speed_corrections() -> Mapping[tuple[Platform, str], tuple[SpeedFactor, ...]]:
    """Factors by platform and table object, slowest first; vessels have none."""
    factors: dict[tuple[Platform, str], list[SpeedFactor]] = {}
    for row in rows_of("uscg_speed_correction"):
        step = SpeedFactor(float(row["speed_kt"]), float(row["factor"]))
        factors.setdefault((_platform(row), row["object"]), []).append(step)
    return MappingProxyType(
        {key: tuple(sorted(steps, key=lambda step: step.up_to_kt)) for key, steps in factors.items()}
    )


@cache
def weather_corrections(authority: str = "IAMSAR/USCG") -> tuple[WeatherFactor, ...]:
    """Factors of one authority ("IAMSAR/USCG" or "AMSA (Australia)"), calmest first."""
    return tuple(
        WeatherFactor(
            condition=row["condition"],
            wind_from_kt=float(row["wind_kt_from"]),
            wind_to_kt=float(row["wind_kt_to"]),
            sea_from_ft=float(row["sea_ft_from"]),
            sea_to_ft=float(row["sea_ft_to"]),
            group=_group(row["object_group"]),
            factor=float(row["factor"]),
        )
        for row in rows_of("weather_correction")
        if row["authority"] == authority
    )


@cache
def weather_groups() -> Mapping[str, ObjectGroup]:
    """Which weather column each of the 25 table objects uses, in the order of the tables."""
    rows = rows_of("uscg_object_weather_group")
    return MappingProxyType({row["object"]: _group(row["group"]) for row in rows})


def _grid(cells: dict[tuple[float, float], float]) -> SweepWidthGrid:
    heights = tuple(sorted({height for height, _ in cells}))
    visibilities = tuple(sorted({visibility for _, visibility in cells}))
    widths = tuple(tuple(cells[height, visibility] for visibility in visibilities) for height in heights)
    return SweepWidthGrid(heights, visibilities, widths)


_PLATFORMS: Mapping[str, Platform] = {
    "fixed_wing": "fixed_wing",
    "helicopter": "helicopter",
    "vessel": "vessel",
}
_GROUPS: Mapping[str, ObjectGroup] = {"small": "small", "large": "large"}


def _platform(row: dict[str, str]) -> Platform:
    return _PLATFORMS[row["platform"]]


def _group(name: str) -> ObjectGroup:
    return _GROUPS[name]
