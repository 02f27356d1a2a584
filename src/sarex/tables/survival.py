"""How long persons live in cold water, as published or quoted.

Sources: `SOURCES.md`. Units are the published ones (degrees Celsius, hours); `sarex.detection` turns them
into seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sarex.tables._rows import rows_of

_HOURS = {"min": 1.0 / 60.0, "h": 1.0}


@dataclass(frozen=True)
class SurvivalTime:
    """One time at one temperature of the water."""

    water_temperature_c: float
    time_h: float
    at_least: bool
    """The source says only that it is longer than this."""
    meaning: str
    """What the time is, as the source words it: a limit, a 50 % time, the time to a body temperature."""
    source: str


@cache
def survival_times() -> Mapping[str, tuple[SurvivalTime, ...]]:
    """Times by model, in the order of the table.

    The rows of the US SAR Task Force give ranges of time over ranges of temperature, no curve: left out.
    """
    times: dict[str, list[SurvivalTime]] = {}
    for row in rows_of("survival_models"):
        if ".." not in row["water_temp_C"]:
            times.setdefault(row["model"], []).append(_survival_time(row))
    return MappingProxyType({model: tuple(found) for model, found in times.items()})


def _survival_time(row: Mapping[str, str]) -> SurvivalTime:
    value = row["value"]
    return SurvivalTime(
        water_temperature_c=float(row["water_temp_C"]),
        time_h=float(value.removeprefix(">")) * _HOURS[row["unit"]],
        at_least=value.startswith(">"),
        meaning=row["meaning"],
        source=row["source"],
    )
