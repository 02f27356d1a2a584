"""One search unit from its table, with what its kind requires."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime

from sarex.case.model import Light, SearchUnit, UnitKind
from sarex.case.schema_fleet import UnitTable
from sarex.case.sensing import VISUAL, other_sensors_of, widths_m
from sarex.case.turning import turn_radius_m
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m

LOWEST_SEARCH_FT, HIGHEST_SEARCH_FT = 100.0, 10_000.0
"""Search heights outside are slips: the tables hold 300 to 5,000 ft, drones search from 100 ft up."""
FASTEST_KT = {
    UnitKind.SHIP: 70.0,
    UnitKind.HELICOPTER: 330.0,
    UnitKind.FIXED_WING: 700.0,
    UnitKind.UNCREWED_AIRCRAFT: 450.0,
    UnitKind.UNCREWED_SURFACE_CRAFT: 90.0,
}
"""Plausible speed limits; tilt-rotors count as helicopters."""
LONGEST_H = {UnitKind.HELICOPTER: 48.0, UnitKind.FIXED_WING: 48.0, UnitKind.UNCREWED_AIRCRAFT: 100.0}
"""No aircraft stays out longer; a larger number is one of minutes."""


def search_unit_of(table: UnitTable, window_start: datetime, object_types: AbstractSet[str]) -> SearchUnit:
    """The unit; without `available_from` it is available when the search window opens."""
    kind = UnitKind(table.kind)
    where = f"unit {shown(table.name)}"
    _check_speeds(where, kind, table)
    _check_endurance(where, kind, table)
    _check_heights(where, kind, table, object_types)
    _check_draught(where, kind, table)
    search_speed_mps = kt_to_mps(table.search_speed_kt)
    return SearchUnit(
        name=table.name,
        nation=table.nation,
        kind=kind,
        position=table.position,
        transit_speed_mps=kt_to_mps(table.transit_speed_kt),
        search_speed_mps=search_speed_mps,
        endurance_s=h_to_s(table.endurance_h),
        sensor=table.sensor,
        altitude_m=ft_to_m(table.altitude_ft or 0.0),
        eye_height_m=_in_si(table.eye_height_ft, ft_to_m),
        available_from=table.available_from or window_start,
        home=table.home or table.position,
        turn_radius_m=turn_radius_m(where, kind, search_speed_mps, table),
        fatigued=table.fatigued,
        sweep_width_m=widths_m(table.sweep_width_nm),
        sorties=table.sorties,
        turnaround_s=h_to_s(table.turnaround_h),
        light=Light(table.light),
        other_sensors=other_sensors_of(where, table),
        draught_m=table.draught_m,
        most_wind_mps=_in_si(table.max_wind_kt, kt_to_mps),
        most_wave_m=_in_si(table.max_wave_ft, ft_to_m),
        least_visibility_m=_in_si(table.min_visibility_nm, nm_to_m),
    )


def _in_si(value: float | None, to_si: Callable[[float], float]) -> float | None:
    return None if value is None else to_si(value)


def _check_speeds(where: str, kind: UnitKind, table: UnitTable) -> None:
    for key, speed_kt in (
        ("transit_speed_kt", table.transit_speed_kt),
        ("search_speed_kt", table.search_speed_kt),
    ):
        if speed_kt > FASTEST_KT[kind]:
            raise CaseError(
                f"{where}: {key} is {speed_kt:g}; for the kind {kind.value} more than {FASTEST_KT[kind]:g} "
                "knots is not plausible. Correct the speed or the kind."
            )


def _check_endurance(where: str, kind: UnitKind, table: UnitTable) -> None:
    longest_h = LONGEST_H.get(kind)
    if longest_h is not None and table.endurance_h > longest_h:
        raise CaseError(
            f"{where}: endurance_h is {table.endurance_h:g}; for the kind {kind.value} more than "
            f"{longest_h:g} hours is not plausible. Give hours, not minutes."
        )


def _check_heights(where: str, kind: UnitKind, table: UnitTable, object_types: AbstractSet[str]) -> None:
    if kind.flies:
        _require_altitude(where, kind, table)
    elif table.altitude_ft is not None:
        raise CaseError(
            f"{where}: altitude_ft is {table.altitude_ft:g}, but a {kind.value} floats. "
            "Give eye_height_ft instead."
        )
    elif _looks_up_tables(table, object_types) and table.eye_height_ft is None:
        raise CaseError(
            f"{where}: eye_height_ft is missing; the sweep-width tables ask for the lookout's height of eye. "
            "Write for example eye_height_ft = 45, or give sweep_width_nm for every search object."
        )


def _require_altitude(where: str, kind: UnitKind, table: UnitTable) -> None:
    if table.eye_height_ft is not None:
        raise CaseError(
            f"{where}: eye_height_ft is {table.eye_height_ft:g}, but a {kind.value} flies. "
            "Give altitude_ft instead."
        )
    if table.altitude_ft is None:
        raise CaseError(
            f"{where}: altitude_ft is missing; a {kind.value} needs its search height. "
            "Write for example altitude_ft = 500."
        )
    if not LOWEST_SEARCH_FT <= table.altitude_ft <= HIGHEST_SEARCH_FT:
        raise CaseError(
            f"{where}: altitude_ft is {table.altitude_ft:g}; it must lie between {LOWEST_SEARCH_FT:g} and "
            f"{HIGHEST_SEARCH_FT:g} feet. Give the search height above the sea in feet."
        )


def _looks_up_tables(table: UnitTable, object_types: AbstractSet[str]) -> bool:
    return any(
        sensor == VISUAL and not object_types <= set(sweep_width_nm)
        for sensor, sweep_width_nm in (
            (table.sensor, table.sweep_width_nm),
            *((other.name, other.sweep_width_nm) for other in table.other_sensors),
        )
    )


def _check_draught(where: str, kind: UnitKind, table: UnitTable) -> None:
    if kind.flies and table.draught_m is not None:
        raise CaseError(
            f"{where}: draught_m is {shown(table.draught_m)}, but a {kind.value} flies. Leave it out."
        )
