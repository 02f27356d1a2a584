"""What a unit can see in the light there is, and whether the weather lets it go at all."""

from collections.abc import Iterable
from dataclasses import replace

from sarex.case.model import Conditions, Light, SearchUnit
from sarex.detection.model import BLIND_IN, SweepWidth
from sarex.detection.sweep_width import sweep_width
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

_ROUND_TRIP = 1e-9
"""Limits are compared as fractions of themselves: a wind on the limit is within it."""


def sweep_widths_in_light(
    unit: SearchUnit, type_keys: Iterable[str], conditions: Conditions, wind_mps: float, light: Light
) -> dict[str, SweepWidth]:
    """By leeway class the widest sweep among the sensors that work in this light.

    For `Light.ANY` what holds by day and by night: the narrower of the two. `wind_mps` is the wind of the
    forcing at the scene; a wind given in the conditions comes before it. Raises as `sweep_width` does.
    """
    lights = (Light.DAY, Light.NIGHT) if light is Light.ANY else (light,)
    return {
        key: min(
            (_widest(unit, key, conditions, wind_mps, each) for each in lights),
            key=lambda width: width.width_m,
        )
        for key in type_keys
    }


def _widest(
    unit: SearchUnit, type_key: str, conditions: Conditions, wind_mps: float, light: Light
) -> SweepWidth:
    widths = [
        _named(sweep_width(alone, type_key, conditions, wind_mps), unit, alone)
        for alone in _one_sensor_each(unit)
        if alone.light in (Light.ANY, light)
    ]
    blind = SweepWidth(0.0, 0.0, (), "none", (f"{BLIND_IN}{light.value}",))
    return max(widths, key=lambda width: width.width_m, default=blind)


def _one_sensor_each(unit: SearchUnit) -> list[SearchUnit]:
    others = [
        replace(unit, sensor=other.name, sweep_width_m=other.sweep_width_m, light=other.light)
        for other in unit.other_sensors
    ]
    return [unit, *others]


def _named(width: SweepWidth, unit: SearchUnit, alone: SearchUnit) -> SweepWidth:
    """With the sensor's name where the unit has several."""
    return replace(width, source=f"{alone.sensor}: {width.source}") if unit.other_sensors else width


def weather_reason(unit: SearchUnit, conditions: Conditions, wind_mps: float) -> str | None:
    """Why the weather keeps a unit in port, one sentence for all of its limits; None if it may go."""
    on_scene_mps = wind_mps if conditions.wind_mps is None else conditions.wind_mps
    reasons = [
        f"{what} {measure(value):.3g} {symbol}, {word} {measure(limit):.3g} {symbol}"
        for what, value, limit, measure, symbol, word, sense in (
            ("wind", on_scene_mps, unit.most_wind_mps, mps_to_kt, "kt", "its limit is", 1.0),
            ("sea", conditions.wave_height_m, unit.most_wave_m, m_to_ft, "ft", "its limit is", 1.0),
            ("visibility", conditions.visibility_m, unit.least_visibility_m, m_to_nm, "nm", "it needs", -1.0),
        )
        if limit is not None and sense * (value - limit) > _ROUND_TRIP * limit
    ]
    return f"the weather keeps it in port: {'; '.join(reasons)}" if reasons else None
