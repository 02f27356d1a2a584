"""How a stored case spells times, places and numbers."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sarex.case.model import Position


def from_percent(percent: float) -> float:
    """A fraction, as the door reads it."""
    return percent / 100.0


def iso(instant: datetime) -> str:
    """UTC, with a Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def written(value_si: float, to_si: Callable[[float], float]) -> float:
    """The shortest decimal that `to_si` turns into this value; conversions are multiplications."""
    near = value_si / to_si(1.0)
    for digits in range(1, 18):
        shorter = float(f"{near:.{digits}g}")
        if to_si(shorter) == value_si:
            return shorter
    neighbours = (math.nextafter(near, math.inf), math.nextafter(near, -math.inf))
    return next((value for value in neighbours if to_si(value) == value_si), near)


def place(position: Position) -> dict[str, Any]:
    """As decimal degrees."""
    return {"lon": position.lon_deg, "lat": position.lat_deg}
