"""How wide a unit turns: by radius, rate of turn, bank or tactical diameter, or as assumed for its kind.

A level turn at speed v, rate of turn omega and bank phi has the radius v / omega = v^2 / (g tan phi).
"""

import math

from sarex.case.fields import WIDEST_TURN_M
from sarex.case.model import UnitKind
from sarex.case.schema_fleet import UnitTable
from sarex.case.wording import shown
from sarex.errors import CaseError

STANDARD_RATE_DEG_PER_S = 3.0
"""Standard rate of turn of aircraft: two minutes for a full circle (ICAO Doc 8168, rate one turn)."""
USUAL_BANK_DEG = 25.0
"""Aircraft turn at the standard rate or with this bank, whichever needs the lesser bank (ICAO Doc 8168)."""
SHIP_TURN_RADIUS_M = 250.0
"""Assumption: a patrol vessel at search speed under moderate rudder."""
SURFACE_CRAFT_TURN_RADIUS_M = 30.0
"""Assumption for uncrewed surface craft of boat size."""
GRAVITY_MPS2 = 9.80665
"""Standard gravity (CGPM 1901)."""
_KEYS = ("turn_radius_m", "turn_rate_deg_per_s", "bank_deg", "tactical_diameter_m")


def turn_radius_m(where: str, kind: UnitKind, speed_mps: float, table: UnitTable) -> float:
    """The radius of the unit's turns at search speed.

    Raises:
        CaseError: it is given twice, in a way that does not fit the kind, or comes out implausible.
    """
    given = {key: getattr(table, key) for key in _KEYS if getattr(table, key) is not None}
    if not given:
        return _assumed_m(kind, speed_mps)
    if len(given) > 1:
        raise CaseError(
            f"{where}: {' and '.join(given)} are both given; each says how wide the unit turns. Keep one."
        )
    key, value = next(iter(given.items()))
    _check_fits(where, kind, key, value)
    radius_m = _radius_m(key, value, speed_mps)
    if radius_m > WIDEST_TURN_M:
        raise CaseError(
            f"{where}: {key} is {shown(value)}, at search speed a turn of {radius_m / 1000.0:.0f} km radius; "
            f"at most {WIDEST_TURN_M / 1000.0:g} km are expected. Correct it or search_speed_kt."
        )
    return radius_m


def _assumed_m(kind: UnitKind, speed_mps: float) -> float:
    if kind.flies:
        return max(
            _radius_m("turn_rate_deg_per_s", STANDARD_RATE_DEG_PER_S, speed_mps),
            _radius_m("bank_deg", USUAL_BANK_DEG, speed_mps),
        )
    return SHIP_TURN_RADIUS_M if kind is UnitKind.SHIP else SURFACE_CRAFT_TURN_RADIUS_M


def _radius_m(key: str, value: float, speed_mps: float) -> float:
    if key == "turn_radius_m":
        return value
    if key == "tactical_diameter_m":
        return value / 2.0
    if key == "bank_deg":
        return speed_mps**2 / (GRAVITY_MPS2 * math.tan(math.radians(value)))
    return speed_mps / math.radians(value)


def _check_fits(where: str, kind: UnitKind, key: str, value: float) -> None:
    if key == "tactical_diameter_m" and kind.flies:
        raise CaseError(
            f"{where}: tactical_diameter_m is {shown(value)}, but a {kind.value} flies. "
            "Give turn_rate_deg_per_s, bank_deg or turn_radius_m instead."
        )
    if key == "bank_deg" and not kind.flies:
        raise CaseError(
            f"{where}: bank_deg is {shown(value)}, but a {kind.value} floats. "
            "Give tactical_diameter_m or turn_radius_m instead."
        )
