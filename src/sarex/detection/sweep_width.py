"""How wide a unit sweeps for one kind of search object, and why.

Two roads lead to a width:

1. The crew gave one for this leeway class: it is used as it stands, for what the crew knows about its own
   sensor and the scene needs no table and no correction.
2. Otherwise the visual tables, for a unit whose sensor is "visual", with the corrections for weather, speed,
   fatigue and, for a person in the water, flotation.

There are no public tables for infrared, night-vision, radar or electro-optical widths: such a unit has width
zero for a class without a crew-given width, with a remark, so that no plan counts on what nobody knows.
`unusable_reason` turns a unit that is blind to every object of the case into a sentence.

Sources: COMDTINST M16130.2F, Appendix H; IAMSAR Vol. II, Appendix N. Measured for lookouts in daylight over
water; field widths differ from the tables by tens of per cent, so carry a band of 30 % through.
"""

import math
from collections.abc import Mapping

from sarex.case.model import Conditions, SearchUnit, UnitKind
from sarex.detection.corrections import (
    fatigue_correction,
    flotation_correction,
    speed_correction,
    weather_correction,
)
from sarex.detection.model import BLIND_IN, Correction, SweepWidth
from sarex.detection.objects import table_object_for
from sarex.detection.visual_table import read_visual_table
from sarex.errors import CaseError
from sarex.tables import Platform, TableObject
from sarex.units import m_to_ft, m_to_nm, mps_to_kt, nm_to_m

VISUAL = "visual"
"""The only sensor with public tables."""
_PERSON = "Person in Water"
_TABLES = "USCG visual tables (COMDTINST M16130.2F)"
_LOWEST_EYE_FT = 8.0
"""The lower of the tables' two heights of eye."""
_PLATFORMS: Mapping[UnitKind, Platform] = {
    UnitKind.FIXED_WING: "fixed_wing",
    UnitKind.HELICOPTER: "helicopter",
    UnitKind.UNCREWED_AIRCRAFT: "helicopter",
    UnitKind.SHIP: "vessel",
    UnitKind.UNCREWED_SURFACE_CRAFT: "vessel",
}
_PLATFORM_STAND_INS: Mapping[UnitKind, str] = {
    UnitKind.UNCREWED_AIRCRAFT: "no public table for uncrewed aircraft; a helicopter's lookouts stand in",
    UnitKind.UNCREWED_SURFACE_CRAFT: "no public table for uncrewed craft; a vessel's lookouts stand in",
}


def sweep_width(unit: SearchUnit, type_key: str, conditions: Conditions, wind_mps: float) -> SweepWidth:
    """Sweep width of a unit for a leeway class.

    `wind_mps` is the wind of the forcing at the scene; a wind given in the conditions comes before it.
    Raises `CaseError` for an unknown class and for conditions or widths that are not finite or negative.
    """
    known_as = table_object_for(type_key)
    if type_key in unit.sweep_width_m:
        return _given_width(unit, type_key)
    if unit.sensor != VISUAL:
        return _no_width(unit, type_key)
    return _visual_width(unit, known_as, conditions, _wind_on_scene_kt(conditions, wind_mps))


def unusable_reason(unit: SearchUnit, widths: Mapping[str, SweepWidth]) -> str | None:
    """Why a unit cannot see any object of the case; None if it can. `widths` is by leeway class."""
    if any(width.width_m > 0.0 for width in widths.values()):
        return None
    remarks = [remark for width in widths.values() for remark in width.remarks]
    if remarks and all(remark.startswith(BLIND_IN) for remark in remarks):
        return f"it has {remarks[0]}; give it a later or an earlier window, or other_sensors"
    if unit.sensor != VISUAL and not unit.sweep_width_m:
        return (
            f'there is no public sweep-width table for the sensor "{unit.sensor}"; '
            "give sweep_width_nm for the objects of the case"
        )
    return f"its sweep width is zero for {', '.join(widths)}; change its height, or give sweep_width_nm"


def _given_width(unit: SearchUnit, type_key: str) -> SweepWidth:
    width_m = unit.sweep_width_m[type_key]
    if not (math.isfinite(width_m) and width_m >= 0.0):
        raise CaseError(
            f'sweep_width_nm of unit "{unit.name}" for {type_key} is {m_to_nm(width_m):g}; '
            "a width is a number of nautical miles, zero or more. Correct it or leave it out."
        )
    return SweepWidth(width_m, width_m, (), f"given by the crew for {type_key}")


def _no_width(unit: SearchUnit, type_key: str) -> SweepWidth:
    remark = (
        f'no width given for {type_key}, and no public table for the sensor "{unit.sensor}": '
        "counted as blind to it; give sweep_width_nm"
    )
    return SweepWidth(0.0, 0.0, (), "none", (remark,))


def _visual_width(
    unit: SearchUnit, known_as: TableObject, conditions: Conditions, wind_kt: float
) -> SweepWidth:
    platform = _PLATFORMS[unit.kind]
    height_ft, height_remarks = _height_ft(unit)
    visibility_nm = _checked("visibility_nm", m_to_nm(conditions.visibility_m))
    reading = read_visual_table(platform, known_as.table_object, height_ft, visibility_nm)
    corrections, speed_remarks = _corrections(unit, known_as, conditions, wind_kt, height_ft)
    uncorrected_m = nm_to_m(reading.width_nm)
    return SweepWidth(
        width_m=uncorrected_m * math.prod(correction.factor for correction in corrections),
        uncorrected_m=uncorrected_m,
        corrections=corrections,
        source=f"{_TABLES}, {platform.replace('_', ' ')}, {known_as.table_object}",
        remarks=(
            *_object_remarks(known_as),
            *_platform_remarks(unit),
            *height_remarks,
            *reading.remarks,
            *speed_remarks,
        ),
    )


def _corrections(
    unit: SearchUnit, known_as: TableObject, conditions: Conditions, wind_kt: float, height_ft: float
) -> tuple[tuple[Correction, ...], tuple[str, ...]]:
    platform = _PLATFORMS[unit.kind]
    sea_ft = _checked("wave_height_ft", m_to_ft(conditions.wave_height_m))
    speed, remarks = speed_correction(platform, known_as.table_object, mps_to_kt(unit.search_speed_mps))
    corrections = [
        weather_correction(known_as.table_object, wind_kt, sea_ft),
        speed,
        fatigue_correction(fatigued=unit.fatigued),
    ]
    if known_as.table_object == _PERSON and not known_as.stand_in:
        worn = conditions.flotation_device_worn
        corrections.append(flotation_correction(platform, height_ft, device_worn=worn))
    return tuple(corrections), remarks


def _height_ft(unit: SearchUnit) -> tuple[float, tuple[str, ...]]:
    """Search altitude, or height of the lookout's eye; the lowest of the table where no one gave it."""
    if unit.kind.flies:
        return m_to_ft(unit.altitude_m), ()
    if unit.eye_height_m is None:
        remark = f"height of eye not given; the lowest of the table, {_LOWEST_EYE_FT:.0f} ft, is used"
        return _LOWEST_EYE_FT, (remark,)
    return m_to_ft(unit.eye_height_m), ()


def _object_remarks(known_as: TableObject) -> tuple[str, ...]:
    if known_as.stand_in:
        instead = f"{known_as.table_object} stands in ({known_as.reason})"
        return (f"{known_as.key} is not in the tables; {instead}; the crew should give a width",)
    return (f"{known_as.key} looked up as {known_as.table_object}: {known_as.reason}",)


def _platform_remarks(unit: SearchUnit) -> tuple[str, ...]:
    remark = _PLATFORM_STAND_INS.get(unit.kind)
    return () if remark is None else (remark,)


def _wind_on_scene_kt(conditions: Conditions, wind_mps: float) -> float:
    return _checked("wind_kt", mps_to_kt(wind_mps if conditions.wind_mps is None else conditions.wind_mps))


def _checked(field: str, value: float) -> float:
    if math.isfinite(value) and value >= 0.0:
        return value
    raise CaseError(f"{field} of the conditions is {value:g}; it must be a number, zero or more. Correct it.")
