"""A case as a mapping that JSON can hold and the door reads back to an equal case."""

from collections.abc import Mapping, Sequence
from typing import Any

from sarex.case.model import (
    Case,
    Conditions,
    DangerArea,
    DriftSettings,
    Position,
    SatelliteLook,
    SearchUnit,
    Sensor,
    Shoal,
)
from sarex.case.schema import FORMAT
from sarex.case.stored_scenario import stored_forcing, stored_scenario
from sarex.case.stored_words import from_percent, iso, place, written
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m


def case_to_mapping(case: Case) -> dict[str, Any]:
    """The case in the form of the case file, with absolute paths.

    `case_from_mapping` gives an equal case back: each number in sailors' units is the shortest decimal
    that converts to the very number inside.
    """
    return {
        "format": FORMAT,
        "case": {"id": case.id, "title": case.title, "exercise": case.exercise, "seed": case.seed},
        "scenario": [stored_scenario(scenario) for scenario in case.scenarios],
        "environment": stored_forcing(case.forcing),
        "search": {
            "start": iso(case.window.start),
            "end": iso(case.window.end),
            "objective": case.objective.value,
        },
        "unit": [_unit(unit) for unit in case.units],
        "conditions": _conditions(case.conditions),
        "danger_area": [_danger_area(area) for area in case.danger_areas],
        "shoal": [_shoal(shoal) for shoal in case.shoals],
        "satellite_look": [_look(look) for look in case.looks],
        "drift": _drift(case.drift),
    }


def _unit(unit: SearchUnit) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "name": unit.name,
        "nation": unit.nation,
        "kind": unit.kind.value,
        "position": place(unit.position),
        "transit_speed_kt": written(unit.transit_speed_mps, kt_to_mps),
        "search_speed_kt": written(unit.search_speed_mps, kt_to_mps),
        "endurance_h": written(unit.endurance_s, h_to_s),
        "sensor": unit.sensor,
        "available_from": iso(unit.available_from),
        "home": place(unit.home),
        "turn_radius_m": unit.turn_radius_m,
        "fatigued": unit.fatigued,
        "sweep_width_nm": _widths_nm(unit.sweep_width_m),
        "sorties": unit.sorties,
        "turnaround_h": written(unit.turnaround_s, h_to_s),
        "light": unit.light.value,
        "other_sensors": [_sensor(sensor) for sensor in unit.other_sensors],
    }
    if unit.kind.flies:
        mapping["altitude_ft"] = written(unit.altitude_m, ft_to_m)
    if unit.eye_height_m is not None:
        mapping["eye_height_ft"] = written(unit.eye_height_m, ft_to_m)
    if unit.draught_m is not None:
        mapping["draught_m"] = unit.draught_m
    return mapping | _weather_limits(unit)


def _weather_limits(unit: SearchUnit) -> dict[str, float]:
    limits = {
        "max_wind_kt": (unit.most_wind_mps, kt_to_mps),
        "max_wave_ft": (unit.most_wave_m, ft_to_m),
        "min_visibility_nm": (unit.least_visibility_m, nm_to_m),
    }
    return {key: written(limit, to_si) for key, (limit, to_si) in limits.items() if limit is not None}


def _sensor(sensor: Sensor) -> dict[str, Any]:
    return {
        "name": sensor.name,
        "sweep_width_nm": _widths_nm(sensor.sweep_width_m),
        "light": sensor.light.value,
    }


def _widths_nm(widths_m: Mapping[str, float]) -> dict[str, float]:
    return {key: written(width_m, nm_to_m) for key, width_m in widths_m.items()}


def _conditions(conditions: Conditions) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "visibility_nm": written(conditions.visibility_m, nm_to_m),
        "wave_height_ft": written(conditions.wave_height_m, ft_to_m),
        "flotation_device_worn": conditions.flotation_device_worn,
    }
    if conditions.wind_mps is not None:
        mapping["wind_kt"] = written(conditions.wind_mps, kt_to_mps)
    if conditions.water_temperature_degc is not None:
        mapping["water_temperature_c"] = conditions.water_temperature_degc
    return mapping


def _danger_area(area: DangerArea) -> dict[str, Any]:
    return {
        "name": area.name,
        "polygon": _corners(area.polygon),
        "from": iso(area.active_from),
        "until": iso(area.active_until),
        "floor_ft": written(area.floor_m, ft_to_m),
        "ceiling_ft": written(area.ceiling_m, ft_to_m),
    }


def _shoal(shoal: Shoal) -> dict[str, Any]:
    return {"name": shoal.name, "polygon": _corners(shoal.polygon), "depth_m": shoal.depth_m}


def _look(look: SatelliteLook) -> dict[str, Any]:
    return {
        "name": look.name,
        "nation": look.nation,
        "at": iso(look.at),
        "footprint": _corners(look.footprint),
        "detection": dict(look.detection_frac),
    }


def _corners(polygon: Sequence[Position]) -> list[list[float]]:
    return [[corner.lon_deg, corner.lat_deg] for corner in polygon]


def _drift(drift: DriftSettings) -> dict[str, Any]:
    return {
        "particles": drift.particles,
        "jibing_percent_per_hour": written(drift.jibing_per_hour, from_percent),
        "current_error_mps": drift.current_error_mps,
        "wind_error_mps": drift.wind_error_mps,
        "error_memory_h": written(drift.error_memory_s, h_to_s),
        "current_error_growth": drift.current_error_growth,
        "leeway_wind": "over-water" if drift.wind_over_water else "over-ground",
        "refloating_percent_per_hour": written(drift.refloating_per_hour, from_percent),
    }
