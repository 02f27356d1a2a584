"""Times of a forcing file as POSIX seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime

import cftime  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from sarex.clock import to_posix_s
from sarex.environment.labelled import LabelledArray
from sarex.errors import ForcingError

_REAL_CALENDARS = ("standard", "gregorian", "proleptic_gregorian")


@dataclass(frozen=True)
class TimeAxis:
    """When a file has values."""

    dim: str
    times_s: NDArray[np.float64]
    """POSIX seconds, increasing, (time,)."""
    descending: bool
    """The file's own order is the reverse."""

    @property
    def step_s(self) -> float:
        """The longest step between neighbouring times; 0 for a single time."""
        return float(np.max(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.0


def decode_times(label: str, variable: LabelledArray) -> TimeAxis:
    """The time coordinate in POSIX seconds, increasing.

    Raises:
        ForcingError: no unit, a calendar without real dates, missing or disordered times.
    """
    posix_s = instants_s(label, variable)
    if posix_s.size == 0:
        raise ForcingError(f"{label}: the file has no times at all (dimension {variable.dims[0]} is empty).")
    steps = np.diff(posix_s)
    if np.all(steps > 0):
        return TimeAxis(str(variable.dims[0]), posix_s, descending=False)
    if np.all(steps < 0):
        return TimeAxis(str(variable.dims[0]), posix_s[::-1], descending=True)
    raise ForcingError(
        f"{label}: the times of '{variable.name}' do not increase (some repeat or go back); sort the file by "
        f"time and drop what is double."
    )


def instants_s(label: str, variable: LabelledArray) -> NDArray[np.float64]:
    """Values of any CF time variable in POSIX seconds, in the file's order."""
    units = str(variable.attrs.get("units", ""))
    calendar = str(variable.attrs.get("calendar", "standard")).lower()
    if " since " not in units.lower():
        raise ForcingError(
            f"{label}: the time variable '{variable.name}' has units '{units[:40]}'; CF wants for instance "
            f"'hours since 2026-01-01 00:00:00'."
        )
    if calendar not in _REAL_CALENDARS:
        raise ForcingError(
            f"{label}: the calendar '{calendar[:30]}' has no real dates; only "
            f"{', '.join(_REAL_CALENDARS)} can be used for a search."
        )
    values = np.atleast_1d(np.asarray(variable.values, dtype=float)).ravel()
    if not np.all(np.isfinite(values)):
        raise ForcingError(f"{label}: some times of '{variable.name}' are missing; fetch the file again.")
    try:
        dates = cftime.num2date(values, units, calendar=calendar, only_use_cftime_datetimes=True)
    except (ValueError, OverflowError) as trouble:
        raise ForcingError(
            f"{label}: the times of '{variable.name}' cannot be read with the units '{units[:60]}'."
        ) from trouble
    return np.array([_posix_s(date) for date in np.atleast_1d(dates)])


def _posix_s(date: cftime.datetime) -> float:
    whole = datetime(date.year, date.month, date.day, date.hour, date.minute, date.second, tzinfo=UTC)
    # Floating-point hours and days lose microseconds.
    return round(to_posix_s(whole) + float(date.microsecond) * 1e-6, 3)
