"""The factors between a sweep width of the tables and the one on scene.

W = W_uncorrected x weather x speed x fatigue (x flotation for a person in the water).
Source: COMDTINST M16130.2F, Appendix H; the same values in IAMSAR Vol. II, Appendix N.
"""

from sarex.detection.model import Correction
from sarex.tables import (
    ObjectGroup,
    Platform,
    WeatherFactor,
    speed_corrections,
    weather_corrections,
    weather_groups,
)

FATIGUE_FACTOR = 0.9
"""Crews excessively tired; the tables already hold a normal amount of fatigue."""
FLOTATION_FACTOR = 4.0
"""A person in the water known to wear a flotation device, seen from the air at or below 500 ft."""
FLOTATION_CEILING_FT = 500.0
_ROUND_TRIP = 1e-6
"""Table limits are whole numbers; what knots to metres per second and back adds is far less."""

_GROUP_WORDS: dict[ObjectGroup, str] = {
    "small": "person in water, raft or boat under 30 ft",
    "large": "object of 30 ft or more",
}


def weather_correction(table_object: str, wind_kt: float, sea_ft: float) -> Correction:
    """The factor of the worse of wind and sea; a value on a limit belongs to the calmer row."""
    group = weather_groups()[table_object]
    rows = [row for row in weather_corrections() if row.group == group]
    by_wind = _first_row(rows, wind_kt, [row.wind_to_kt for row in rows])
    by_sea = _first_row(rows, sea_ft, [row.sea_to_ft for row in rows])
    row = rows[max(by_wind, by_sea)]
    why = f"wind {wind_kt:.0f} kt, sea {sea_ft:.1f} ft: {row.condition}; {_GROUP_WORDS[group]}"
    return Correction("weather", row.factor, why)


def _first_row(rows: list[WeatherFactor], value: float, limits: list[float]) -> int:
    within = (index for index, limit in enumerate(limits) if value <= limit + _ROUND_TRIP)
    return next(within, len(rows) - 1)


def speed_correction(
    platform: Platform, table_object: str, speed_kt: float
) -> tuple[Correction, tuple[str, ...]]:
    """The factor of the first table speed that is not exceeded, with remarks; vessels have none."""
    steps = speed_corrections().get((platform, table_object))
    if steps is None:
        return Correction("speed", 1.0, "vessels have no correction for speed"), ()
    for step in steps:
        if speed_kt <= step.up_to_kt + _ROUND_TRIP:
            return Correction("speed", step.factor, f"{speed_kt:.0f} kt: up to {step.up_to_kt:.0f} kt"), ()
    last = steps[-1]
    remark = (
        f"search speed {speed_kt:.0f} kt is above the table; the factor of {last.up_to_kt:.0f} kt is used"
    )
    return Correction("speed", last.factor, f"{speed_kt:.0f} kt: above {last.up_to_kt:.0f} kt"), (remark,)


def fatigue_correction(*, fatigued: bool) -> Correction:
    if fatigued:
        return Correction("fatigue", FATIGUE_FACTOR, "crew excessively tired")
    return Correction("fatigue", 1.0, "crew not excessively tired")


def flotation_correction(platform: Platform, height_ft: float, *, device_worn: bool) -> Correction:
    """For a person in the water only."""
    if not device_worn:
        return Correction(
            "flotation",
            1.0,
            "conditions.flotation_device_worn is not set: the manual credits only a device known to be worn",
        )
    if platform == "vessel":
        return Correction("flotation", 1.0, "flotation device worn; the manual credits it to aircraft only")
    if height_ft > FLOTATION_CEILING_FT + _ROUND_TRIP:
        return Correction(
            "flotation", 1.0, f"flotation device worn, but flown above {FLOTATION_CEILING_FT:.0f} ft"
        )
    why = f"flotation device worn, flown at or below {FLOTATION_CEILING_FT:.0f} ft"
    return Correction("flotation", FLOTATION_FACTOR, why)
