"""From the schema's sailors' units to the domain types, with the checks that span several fields."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path

from sarex.case.danger import danger_area_of, shoal_of
from sarex.case.looks import look_of
from sarex.case.members import forcing_of
from sarex.case.model import (
    Case,
    Cloud,
    Conditions,
    DriftSettings,
    Found,
    Objective,
    ObjectShare,
    Scenario,
    SearchUnit,
    SearchWindow,
    Trackline,
)
from sarex.case.schema import (
    CaseFile,
    DriftTable,
    ObjectTable,
    ScenarioTable,
    SearchTable,
)
from sarex.case.schema_fleet import ConditionsTable
from sarex.case.seeds import origin_of
from sarex.case.shares import check_names, shares
from sarex.case.units_at_hand import search_unit_of
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m

LONGEST_WINDOW = timedelta(days=14)
LONGEST_DRIFT = timedelta(days=30)
AFTER_A_FIND = timedelta(hours=6)
"""The search window of a case that traces a find back, unless it gives one."""
NOBODY_SEARCHES = ConditionsTable(visibility_nm=10.0, wave_height_ft=0.0)
"""Stands for the conditions of a case without units, which only a plan would need."""


def case_of(file: CaseFile, base_dir: Path) -> Case:
    """The checked case.

    Raises:
        CaseError: what the file says is contradictory.
    """
    scenarios = _scenarios(file.scenario, base_dir)
    _check_one_sense_of_time(scenarios)
    _check_objects_agree(scenarios)
    window = _window_after_finds(scenarios) if file.search is None else _window(file.search)
    _check_drift_time(scenarios, window)
    check_names("unit", (unit.name for unit in file.unit))
    check_names("danger_area", (area.name for area in file.danger_area))
    check_names("shoal", (shoal.name for shoal in file.shoal))
    check_names("satellite_look", (look.name for look in file.satellite_look))
    types = {share.type_key for scenario in scenarios for share in scenario.objects}
    conditions = _conditions(_conditions_given(file))
    return Case(
        id=file.case.id,
        title=file.case.title or file.case.id,
        exercise=file.case.exercise,
        seed=file.case.seed,
        scenarios=scenarios,
        forcing=forcing_of(file.environment, base_dir),
        window=window,
        units=_units(file, window, types),
        conditions=conditions,
        danger_areas=tuple(danger_area_of(area) for area in file.danger_area),
        drift=_drift_settings(file.drift or DriftTable()),
        shoals=tuple(shoal_of(shoal) for shoal in file.shoal),
        looks=tuple(look_of(look, window) for look in file.satellite_look),
        objective=_objective(file.search, conditions),
    )


def _window(search: SearchTable) -> SearchWindow:
    if search.end <= search.start:
        raise CaseError(
            f"search.end is {shown(search.end)}, not after search.start ({shown(search.start)}). "
            "Correct one of the two."
        )
    if search.end - search.start > LONGEST_WINDOW:
        days = (search.end - search.start) / timedelta(days=1)
        raise CaseError(
            f"search.end is {shown(search.end)}, {days:.1f} days after search.start; a search window may "
            f"last {LONGEST_WINDOW.days} days. Plan in several windows, each with its own case or update."
        )
    return SearchWindow(start=search.start, end=search.end)


def _units(file: CaseFile, window: SearchWindow, types: AbstractSet[str]) -> tuple[SearchUnit, ...]:
    units = tuple(search_unit_of(unit, window.start, types) for unit in file.unit)
    for unit in units:
        if file.shoal and not unit.kind.flies and unit.draught_m is None:
            raise CaseError(
                f"unit {shown(unit.name)}: draught_m is missing; the case has a shoal, closed to what "
                "draws as much as its depth. Write for example draught_m = 4.5."
            )
    return units


def _objective(search: SearchTable | None, conditions: Conditions) -> Objective:
    objective = Objective.POS if search is None else Objective(search.objective)
    if objective is Objective.ALIVE and conditions.water_temperature_degc is None:
        raise CaseError(
            'search.objective is "alive", but conditions.water_temperature_c is missing; how long persons '
            "live depends on it. Write for example water_temperature_c = 9.0 under [conditions]."
        )
    return objective


def _window_after_finds(scenarios: Sequence[Scenario]) -> SearchWindow:
    found = [scenario.origin.found_at for scenario in scenarios if isinstance(scenario.origin, Found)]
    if not found:
        raise CaseError("search is missing; it is the search window. Add [search] and its keys.")
    return SearchWindow(start=max(found), end=max(found) + AFTER_A_FIND)


def _conditions_given(file: CaseFile) -> ConditionsTable:
    if file.conditions is None and file.unit:
        raise CaseError(
            "conditions is missing; it is what crews meet on scene. Add [conditions] and its keys."
        )
    return file.conditions or NOBODY_SEARCHES


def _scenarios(tables: Sequence[ScenarioTable], base_dir: Path) -> tuple[Scenario, ...]:
    if not tables:
        raise CaseError(
            "scenario is an empty list; a case needs one account of what happened. Add [[scenario]]."
        )
    names = [table.name or f"scenario {number}" for number, table in enumerate(tables, start=1)]
    check_names("scenario", names)
    weights = shares("scenario", [table.weight for table in tables])
    return tuple(
        Scenario(
            name=name,
            weight=weight,
            origin=origin_of(f"scenario {shown(name)}", table, base_dir),
            objects=_objects(f"scenario {shown(name)}", table.objects),
        )
        for name, weight, table in zip(names, weights, tables, strict=True)
    )


def _objects(where: str, tables: Sequence[ObjectTable]) -> tuple[ObjectShare, ...]:
    if not tables:
        raise CaseError(
            f"{where}: objects is an empty list; say what may be drifting. "
            'Write for example objects = [{ type = "PIW-1", weight = 1.0 }].'
        )
    for key, count in Counter(table.type for table in tables).items():
        if count > 1:
            raise CaseError(
                f'{where}: objects lists type "{key}" {count} times. Add their weights up in one entry.'
            )
    weights = shares(f"{where}: objects", [table.weight for table in tables])
    return tuple(
        ObjectShare(table.type, weight, table.capsizes, _right_frac(table))
        for table, weight in zip(tables, weights, strict=True)
    )


def _right_frac(table: ObjectTable) -> float:
    return 0.5 if table.right_of_downwind_percent is None else table.right_of_downwind_percent / 100.0


def _check_one_sense_of_time(scenarios: Sequence[Scenario]) -> None:
    found = [isinstance(scenario.origin, Found) for scenario in scenarios]
    if any(found) and not all(found):
        name = scenarios[found.index(True)].name
        raise CaseError(
            f"scenario {shown(name)}: found asks where something came from, while another scenario asks "
            "where something goes; a case runs backward or forward. Give what was found a case of its own."
        )


def _check_objects_agree(scenarios: Sequence[Scenario]) -> None:
    """What is said of a leeway class holds in the whole case: the engine knows it once."""
    said: dict[str, ObjectShare] = {}
    for scenario in scenarios:
        for share in scenario.objects:
            first = said.setdefault(share.type_key, share)
            for key, one, other in (
                ("capsizes", first.capsizes, share.capsizes),
                ("right_of_downwind_percent", first.right_of_downwind_frac, share.right_of_downwind_frac),
            ):
                if one != other:
                    raise CaseError(
                        f"scenario {shown(scenario.name)}: objects: {key} of {share.type_key} is not as in "
                        "an earlier scenario; it holds for the whole case. Write the same in both."
                    )


def _check_drift_time(scenarios: Iterable[Scenario], window: SearchWindow) -> None:
    """The drift must begin before the search ends, and not so long ago that a date must be wrong."""
    for scenario in scenarios:
        key, began = _beginning(scenario)
        where = f"scenario {shown(scenario.name)}: {key}"
        if began >= window.end:
            raise CaseError(
                f"{where} is {shown(began)}, not before the search ends ({shown(window.end)}). "
                "Correct it or search.end."
            )
        if window.end - began > LONGEST_DRIFT:
            raise CaseError(
                f"{where} is {shown(began)}, more than {LONGEST_DRIFT.days} days before the search ends "
                f"({shown(window.end)}). Correct the date."
            )


def _beginning(scenario: Scenario) -> tuple[str, datetime]:
    if isinstance(scenario.origin, Trackline):
        return "track point 1: time", scenario.origin.points[0].at
    if isinstance(scenario.origin, Cloud):
        return "the first time in cloud", scenario.origin.released_from
    return "from", scenario.origin.released_from


def _conditions(table: ConditionsTable) -> Conditions:
    return Conditions(
        visibility_m=nm_to_m(table.visibility_nm),
        wave_height_m=ft_to_m(table.wave_height_ft),
        wind_mps=None if table.wind_kt is None else kt_to_mps(table.wind_kt),
        flotation_device_worn=table.flotation_device_worn,
        water_temperature_degc=table.water_temperature_c,
    )


def _drift_settings(table: DriftTable) -> DriftSettings:
    """What the case leaves out keeps the program's default."""
    usual = DriftSettings()
    memory_h, jibing_percent = table.error_memory_h, table.jibing_percent_per_hour
    return DriftSettings(
        particles=usual.particles if table.particles is None else table.particles,
        jibing_per_hour=usual.jibing_per_hour if jibing_percent is None else jibing_percent / 100.0,
        current_error_mps=_given(table.current_error_mps, usual.current_error_mps),
        current_error_growth=_growth(table, usual),
        wind_error_mps=_given(table.wind_error_mps, usual.wind_error_mps),
        error_memory_s=usual.error_memory_s if memory_h is None else h_to_s(memory_h),
        wind_over_water=table.leeway_wind == "over-water",
        refloating_per_hour=table.refloating_percent_per_hour / 100.0,
    )


def _growth(table: DriftTable, usual: DriftSettings) -> float:
    """The usual one unless another is given; an error of nought alone means that there is none at all."""
    if table.current_error_growth is not None:
        return table.current_error_growth
    return 0.0 if table.current_error_mps == 0.0 else usual.current_error_growth


def _given(value: float | None, usual: float) -> float:
    return usual if value is None else value
