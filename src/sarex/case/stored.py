"""A case as a mapping that JSON can hold and the door reads back to an equal case."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sarex.case.forcing_choice import SAMPLE_SEA
from sarex.case.model import (
    Case,
    Conditions,
    ConstantVelocity,
    DangerArea,
    DriftSettings,
    ForcingChoice,
    ForcingFile,
    Position,
    Scenario,
    SearchUnit,
    Trackline,
)
from sarex.case.schema import FORMAT
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m


def case_to_mapping(case: Case) -> dict[str, Any]:
    """The case in the form of the case file, with absolute paths.

    `case_from_mapping` gives an equal case back: each number in sailors' units is the shortest decimal
    that converts to the very number inside.
    """
    return {
        "format": FORMAT,
        "case": {"id": case.id, "title": case.title, "exercise": case.exercise, "seed": case.seed},
        "scenario": [_scenario(scenario) for scenario in case.scenarios],
        "environment": {
            "current": [_forcing(choice) for choice in case.forcing.current],
            "wind": [_forcing(choice) for choice in case.forcing.wind],
        },
        "search": {"start": _iso(case.window.start), "end": _iso(case.window.end)},
        "unit": [_unit(unit) for unit in case.units],
        "conditions": _conditions(case.conditions),
        "danger_area": [_danger_area(area) for area in case.danger_areas],
        "drift": _drift(case.drift),
    }


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _written(value_si: float, to_si: Callable[[float], float]) -> float:
    """The shortest decimal that `to_si` turns into this value; conversions are multiplications."""
    near = value_si / to_si(1.0)
    for digits in range(1, 18):
        shorter = float(f"{near:.{digits}g}")
        if to_si(shorter) == value_si:
            return shorter
    neighbours = (math.nextafter(near, math.inf), math.nextafter(near, -math.inf))
    return next((value for value in neighbours if to_si(value) == value_si), near)


def _place(position: Position) -> dict[str, Any]:
    return {"lon": position.lon_deg, "lat": position.lat_deg}


def _scenario(scenario: Scenario) -> dict[str, Any]:
    objects = [{"type": share.type_key, "weight": share.weight} for share in scenario.objects]
    return {"name": scenario.name, "weight": scenario.weight, **_origin(scenario), "objects": objects}


def _origin(scenario: Scenario) -> dict[str, Any]:
    origin = scenario.origin
    if isinstance(origin, Trackline):
        return {
            "track": [
                {
                    **_place(point.position),
                    "time": _iso(point.at),
                    "error_nm": _written(point.probable_error_m, nm_to_m),
                }
                for point in origin.points
            ]
        }
    return {
        "position": {**_place(origin.position), "error_nm": _written(origin.probable_error_m, nm_to_m)},
        "from": _iso(origin.released_from),
        "until": _iso(origin.released_until),
    }


def _forcing(choice: ForcingChoice) -> str | dict[str, float]:
    if isinstance(choice, ForcingFile):
        return str(choice.path.absolute())
    if isinstance(choice, ConstantVelocity):
        return {"eastward_mps": choice.eastward_mps, "northward_mps": choice.northward_mps}
    return SAMPLE_SEA


def _unit(unit: SearchUnit) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "name": unit.name,
        "nation": unit.nation,
        "kind": unit.kind.value,
        "position": _place(unit.position),
        "transit_speed_kt": _written(unit.transit_speed_mps, kt_to_mps),
        "search_speed_kt": _written(unit.search_speed_mps, kt_to_mps),
        "endurance_h": _written(unit.endurance_s, h_to_s),
        "sensor": unit.sensor,
        "available_from": _iso(unit.available_from),
        "home": _place(unit.home),
        "turn_radius_m": unit.turn_radius_m,
        "fatigued": unit.fatigued,
        "sweep_width_nm": {key: _written(width_m, nm_to_m) for key, width_m in unit.sweep_width_m.items()},
    }
    if unit.kind.flies:
        mapping["altitude_ft"] = _written(unit.altitude_m, ft_to_m)
    if unit.eye_height_m is not None:
        mapping["eye_height_ft"] = _written(unit.eye_height_m, ft_to_m)
    return mapping


def _conditions(conditions: Conditions) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "visibility_nm": _written(conditions.visibility_m, nm_to_m),
        "wave_height_ft": _written(conditions.wave_height_m, ft_to_m),
        "flotation_device_worn": conditions.flotation_device_worn,
    }
    if conditions.wind_mps is not None:
        mapping["wind_kt"] = _written(conditions.wind_mps, kt_to_mps)
    return mapping


def _danger_area(area: DangerArea) -> dict[str, Any]:
    return {
        "name": area.name,
        "polygon": [[corner.lon_deg, corner.lat_deg] for corner in area.polygon],
        "from": _iso(area.active_from),
        "until": _iso(area.active_until),
        "floor_ft": _written(area.floor_m, ft_to_m),
        "ceiling_ft": _written(area.ceiling_m, ft_to_m),
    }


def _drift(drift: DriftSettings) -> dict[str, Any]:
    return {
        "particles": drift.particles,
        "jibing_percent_per_hour": _written(drift.jibing_per_hour, lambda percent: percent / 100.0),
        "current_error_mps": drift.current_error_mps,
        "wind_error_mps": drift.wind_error_mps,
        "error_memory_h": _written(drift.error_memory_s, h_to_s),
    }
