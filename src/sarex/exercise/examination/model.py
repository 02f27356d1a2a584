"""What the examination keeps of each exercise: one row, that can be written and read back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

INSTANTS = ("start", "middle", "end")
"""Of the search window: where the contours are held against the truth."""
QUARTERS = 4


class Forecaster(StrEnum):
    """Whose belief the planner is given. Nature is the same for all."""

    HOUSE = "house"
    """Sarex as it is."""
    OVERCONFIDENT = "overconfident"
    """Takes the errors of current and wind to be a third of what they are."""
    BIASED = "biased"
    """Adds 0.35 m/s in a drawn direction to the current everywhere and always."""


@dataclass(frozen=True)
class Place:
    """Where the truth was in a map of the forecast, afloat at one instant."""

    level: float
    """Probability in all places likelier than its own: contours of more than this hold it."""
    rank_x: float
    """Share of the probability to the left of it."""
    rank_y: float


@dataclass(frozen=True)
class WindowRow:
    """One search window, promised and flown. Shares of time are of the window's length."""

    promised: float
    """Probability of success, given that the object is not yet found."""
    found: bool
    found_at: float | None
    """Share of the window that had passed at the detection; None: not found."""
    time_rank: float | None
    """Promised share of the finds that would have come before it; None: not found."""
    promised_by: tuple[float, ...]
    """Promised probability of having found it by the end of each quarter of the window, (quarter,)."""
    places: tuple[Place | None, ...]
    """At the start, middle and end of the window; None where the object was not afloat."""
    sorties: int
    again: int = 0
    """So many further truths that the same plan was flown against, ..."""
    again_found: int = 0
    """... and how often it then found."""


@dataclass(frozen=True)
class Row:
    """One exercise: the search, and where it found nothing the next one."""

    number: int
    sea: str
    units: int
    objects: int
    scenarios: int
    origins: tuple[str, ...]
    window_h: float
    windows: tuple[WindowRow, ...]
    """One or two; none where something went wrong."""
    error: str = ""
    """What ended the exercise early; empty if nothing did."""


def row_to_mapping(row: Row) -> dict[str, Any]:
    """For JSON."""
    return asdict(row)


def row_from_mapping(found: Mapping[str, Any]) -> Row:
    """Back again.

    Raises:
        KeyError, TypeError: it is not the mapping of a row.
    """
    windows = tuple(_window(window) for window in found["windows"])
    return Row(**{**found, "origins": tuple(found["origins"]), "windows": windows})


def _window(found: Mapping[str, Any]) -> WindowRow:
    places = tuple(None if place is None else Place(**place) for place in found["places"])
    return WindowRow(**{**found, "promised_by": tuple(found["promised_by"]), "places": places})
