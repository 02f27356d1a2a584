"""What a crew is told to look with, where that does not go without saying."""

from collections.abc import Mapping

from sarex.case.model import Light, Position, SearchUnit
from sarex.clock import from_posix_s
from sarex.detection.model import SweepWidth
from sarex.environment.light import spans_of_light

_VISUAL = "visual"


def lookout_words(
    unit: SearchUnit, widths: Mapping[str, SweepWidth], start_s: float, end_s: float, at: Position
) -> str:
    """One sentence for a unit of several sensors or one that searches in darkness; else nothing.

    Args:
        widths: of the task, by leeway class; their sources say which sensor each is of.
        start_s, end_s: POSIX seconds on scene.
    """
    spans = spans_of_light(start_s, end_s, at)
    night = [(since_s, until_s) for since_s, until_s, light in spans if light is Light.NIGHT]
    used: dict[str, list[str]] = {}
    for key, width in widths.items():
        if width.width_m > 0.0:
            used.setdefault(_sensor_of(unit, width), []).append(key)
    if not used or not (unit.other_sensors or night):
        return ""
    told = "; ".join(
        _with(sensor) + (f" for {', '.join(keys)}" if len(used) > 1 else "") for sensor, keys in used.items()
    )
    return f"Search {told}{_in_the_dark(night, len(spans))}."


def _sensor_of(unit: SearchUnit, width: SweepWidth) -> str:
    for other in unit.other_sensors:
        if width.source.startswith(f"{other.name}: "):
            return other.name
    return unit.sensor


def _with(sensor: str) -> str:
    return "by eye" if sensor == _VISUAL else f"with the {sensor} sensor"


def _in_the_dark(night: list[tuple[float, float]], spans: int) -> str:
    if not night:
        return ""
    if len(night) == spans:
        return ", in darkness throughout"
    clock = [
        f"{from_posix_s(round(since)):%H:%M} to {from_posix_s(round(until)):%H:%M}" for since, until in night
    ]
    return f"; it is dark from {' and '.join(clock)} UTC"
