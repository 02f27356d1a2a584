"""A case as a mapping that JSON can hold and the door reads back to an equal case."""

from typing import Any

from sarex.case.model import Case, Conditions, DangerArea, DriftSettings, SearchUnit
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
        "search": {"start": iso(case.window.start), "end": iso(case.window.end)},
        "unit": [_unit(unit) for unit in case.units],
        "conditions": _conditions(case.conditions),
        "danger_area": [_danger_area(area) for area in case.danger_areas],
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
        "sweep_width_nm": {key: written(width_m, nm_to_m) for key, width_m in unit.sweep_width_m.items()},
    }
    if unit.kind.flies:
        mapping["altitude_ft"] = written(unit.altitude_m, ft_to_m)
    if unit.eye_height_m is not None:
        mapping["eye_height_ft"] = written(unit.eye_height_m, ft_to_m)
    return mapping


def _conditions(conditions: Conditions) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "visibility_nm": written(conditions.visibility_m, nm_to_m),
        "wave_height_ft": written(conditions.wave_height_m, ft_to_m),
        "flotation_device_worn": conditions.flotation_device_worn,
    }
    if conditions.wind_mps is not None:
        mapping["wind_kt"] = written(conditions.wind_mps, kt_to_mps)
    return mapping


def _danger_area(area: DangerArea) -> dict[str, Any]:
    return {
        "name": area.name,
        "polygon": [[corner.lon_deg, corner.lat_deg] for corner in area.polygon],
        "from": iso(area.active_from),
        "until": iso(area.active_until),
        "floor_ft": written(area.floor_m, ft_to_m),
        "ceiling_ft": written(area.ceiling_m, ft_to_m),
    }


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
