"""From the schema's sailors' units to the domain types, with the checks that span several fields."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sarex.case.danger import danger_area_of
from sarex.case.forcing_choice import forcing_choices
from sarex.case.model import (
    Case,
    Conditions,
    DriftSettings,
    ForcingPreference,
    LastKnownPosition,
    ObjectShare,
    Scenario,
    SearchWindow,
    Trackline,
    TrackPoint,
)
from sarex.case.schema import (
    CaseFile,
    ConditionsTable,
    DriftTable,
    ObjectTable,
    ScenarioTable,
    SearchTable,
)
from sarex.case.units_at_hand import search_unit_of
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m

LONGEST_WINDOW = timedelta(days=14)
LONGEST_DRIFT = timedelta(days=30)
_ROUNDING = 1e-12


def case_of(file: CaseFile, base_dir: Path) -> Case:
    """The checked case.

    Raises:
        CaseError: what the file says is contradictory.
    """
    scenarios = _scenarios(file.scenario)
    window = _window(file.search)
    _check_drift_time(scenarios, window)
    _check_names("unit", (unit.name for unit in file.unit))
    _check_names("danger_area", (area.name for area in file.danger_area))
    types = {share.type_key for scenario in scenarios for share in scenario.objects}
    return Case(
        id=file.case.id,
        title=file.case.title or file.case.id,
        exercise=file.case.exercise,
        seed=file.case.seed,
        scenarios=scenarios,
        forcing=ForcingPreference(
            current=forcing_choices("current", file.environment.current, base_dir),
            wind=forcing_choices("wind", file.environment.wind, base_dir),
        ),
        window=window,
        units=tuple(search_unit_of(unit, window.start, types) for unit in file.unit),
        conditions=_conditions(file.conditions),
        danger_areas=tuple(danger_area_of(area) for area in file.danger_area),
        drift=_drift_settings(file.drift or DriftTable()),
    )


def _check_names(table: str, names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise CaseError(
                f"{table} {shown(name)}: name is used {count} times; names tell them apart. Rename one."
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


def _scenarios(tables: Sequence[ScenarioTable]) -> tuple[Scenario, ...]:
    if not tables:
        raise CaseError(
            "scenario is an empty list; a case needs one account of what happened. Add [[scenario]]."
        )
    names = [table.name or f"scenario {number}" for number, table in enumerate(tables, start=1)]
    _check_names("scenario", names)
    weights = _shares("scenario", [table.weight for table in tables])
    return tuple(
        Scenario(
            name=name,
            weight=weight,
            origin=_origin(f"scenario {shown(name)}", table),
            objects=_objects(f"scenario {shown(name)}", table.objects),
        )
        for name, weight, table in zip(names, weights, tables, strict=True)
    )


def _shares(where: str, weights: Sequence[float | None]) -> list[float]:
    """Weights normalised to one; where none is given, all are alike."""
    given = [weight for weight in weights if weight is not None]
    if given and len(given) < len(weights):
        raise CaseError(
            f"{where}: weight is given for {len(given)} of {len(weights)} entries. "
            "Give it for all or for none."
        )
    plain = given or [1.0] * len(weights)
    total = math.fsum(plain)
    return plain if abs(total - 1.0) <= _ROUNDING else [weight / total for weight in plain]


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
    weights = _shares(f"{where}: objects", [table.weight for table in tables])
    return tuple(ObjectShare(table.type, weight) for table, weight in zip(tables, weights, strict=True))


def _origin(where: str, table: ScenarioTable) -> LastKnownPosition | Trackline:
    if table.position is not None and table.track is not None:
        raise CaseError(
            f"{where}: position and track are both given; a scenario has one of them. Split it in two."
        )
    if table.track is not None:
        return _trackline(where, table)
    if table.position is None:
        raise CaseError(
            f"{where}: position is missing. Write position = {{ lon = 4.5, lat = 59.6, error_nm = 3.0 }}, "
            "or a track for an overdue craft."
        )
    return _last_known_position(where, table)


def _last_known_position(where: str, table: ScenarioTable) -> LastKnownPosition:
    if table.position is None or table.released_from is None:
        raise CaseError(
            f"{where}: from is missing; it is when the drift began at the earliest. "
            "Write for example from = 2015-11-16T05:00:00Z."
        )
    until = table.released_until or table.released_from
    if until < table.released_from:
        raise CaseError(
            f"{where}: until is {shown(until)}, before from ({shown(table.released_from)}). "
            "Swap or correct them."
        )
    return LastKnownPosition(
        position=table.position.place,
        probable_error_m=nm_to_m(table.position.error_nm),
        released_from=table.released_from,
        released_until=until,
    )


def _trackline(where: str, table: ScenarioTable) -> Trackline:
    points = table.track or []
    if len(points) < 2:
        raise CaseError(
            f"{where}: track has fewer than two points; at least two make a track. "
            "Add points, or give a position with its error."
        )
    for key, value in (("from", table.released_from), ("until", table.released_until)):
        if value is not None:
            raise CaseError(
                f"{where}: {key} is given beside track, whose points have their own times. Remove {key}."
            )
    for number, (before, after) in enumerate(pairwise(points), start=2):
        if after.time <= before.time:
            raise CaseError(
                f"{where}: track point {number}: time is {shown(after.time)}, not after the point before it "
                f"({shown(before.time)}). Put the points in order of time."
            )
    return Trackline(tuple(TrackPoint(point.place, point.time, nm_to_m(point.error_nm)) for point in points))


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
    return "from", scenario.origin.released_from


def _conditions(table: ConditionsTable) -> Conditions:
    return Conditions(
        visibility_m=nm_to_m(table.visibility_nm),
        wave_height_m=ft_to_m(table.wave_height_ft),
        wind_mps=None if table.wind_kt is None else kt_to_mps(table.wind_kt),
        flotation_device_worn=table.flotation_device_worn,
    )


def _drift_settings(table: DriftTable) -> DriftSettings:
    """What the case leaves out keeps the program's default."""
    usual = DriftSettings()
    memory_h, jibing_percent = table.error_memory_h, table.jibing_percent_per_hour
    return DriftSettings(
        particles=usual.particles if table.particles is None else table.particles,
        jibing_per_hour=usual.jibing_per_hour if jibing_percent is None else jibing_percent / 100.0,
        current_error_mps=_given(table.current_error_mps, usual.current_error_mps),
        wind_error_mps=_given(table.wind_error_mps, usual.wind_error_mps),
        error_memory_s=usual.error_memory_s if memory_h is None else h_to_s(memory_h),
    )


def _given(value: float | None, usual: float) -> float:
    return usual if value is None else value
