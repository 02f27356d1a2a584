"""Published tables, in their published units, read when first asked for. Sources: `SOURCES.md`."""

from sarex.tables.leeway import LeewayClass, leeway_classes
from sarex.tables.objects import TableObject, object_mapping
from sarex.tables.survival import SurvivalTime, survival_times
from sarex.tables.visual import (
    ObjectGroup,
    Platform,
    SpeedFactor,
    SweepWidthGrid,
    WeatherFactor,
    speed_corrections,
    visual_sweep_widths,
    weather_corrections,
    weather_groups,
)

__all__ = [
    "LeewayClass",
    "ObjectGroup",
    "Platform",
    "SpeedFactor",
    "SurvivalTime",
    "SweepWidthGrid",
    "TableObject",
    "WeatherFactor",
    "leeway_classes",
    "object_mapping",
    "speed_corrections",
    "survival_times",
    "visual_sweep_widths",
    "weather_corrections",
    "weather_groups",
]
