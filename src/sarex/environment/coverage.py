"""Whether the files of a quantity reach where and when the case needs them, and the sentence if not."""

from datetime import datetime

import numpy as np

from sarex.clock import from_posix_s, to_posix_s
from sarex.environment.dataset import ForcingDataset
from sarex.environment.model import VelocityField
from sarex.environment.target import Target
from sarex.environment.times import TimeAxis
from sarex.errors import ForcingError

_BRIDGED_STEPS = 1.5
"""A hole between two files that is no longer than this many of their steps is interpolated across."""


def check_times(
    quantity_name: str,
    files: list[tuple[str, TimeAxis]],
    start: datetime,
    end: datetime,
    *,
    may_end_early: bool,
) -> datetime:
    """Ask that the files together cover the span from its start.

    Returns:
        Until when they do: the end, or an earlier instant where that is allowed.

    Raises:
        ForcingError: they do not; says what they cover, what the case needs and what to do.
    """
    reached_s = start_s = to_posix_s(start)
    bridge_s = 0.0
    for _, times in sorted(files, key=lambda file: file[1].times_s[0]):
        first_s, last_s = float(times.times_s[0]), float(times.times_s[-1])
        bridged_s = _BRIDGED_STEPS * max(bridge_s, times.step_s) if reached_s > start_s else 0.0
        if last_s > reached_s and first_s <= reached_s + bridged_s:
            reached_s, bridge_s = last_s, times.step_s
    covered = any(times.times_s[0] <= start_s <= times.times_s[-1] for _, times in files)
    if covered and reached_s >= to_posix_s(end):
        return end
    if covered and may_end_early and reached_s > start_s:
        return from_posix_s(reached_s)
    raise ForcingError(_time_sentence(quantity_name, files, start, end))


def check_overlap(quantity_name: str, files: list[ForcingDataset], target: Target) -> None:
    """Explain that no file touches the case's box. Called when that is known.

    Raises:
        ForcingError: always.
    """
    forcing = files[0]
    west, south, east, north = forcing.grid.corners_deg()
    lon, lat = target.lonlat_deg
    middle = (lon[target.rows // 2, target.columns // 2], lat[target.rows // 2, target.columns // 2])
    raise ForcingError(
        f"{forcing.label}: covers {west:.2f} to {east:.2f} E, {south:.2f} to {north:.2f} N, "
        f"but the case lies around {middle[0]:.2f} E, {middle[1]:.2f} N. "
        f"Give a {quantity_name} file that reaches there."
    )


def check_found(
    quantity_name: str, files: list[ForcingDataset], field: VelocityField, start: datetime, end: datetime
) -> None:
    """Ask that the field spans the whole time and has some value in the box at every instant.

    Raises:
        ForcingError: at some instant every value is missing.
    """
    found = np.isfinite(field.x_mps).any(axis=(1, 2))
    first_s, last_s = float(field.times_s[0]), float(field.times_s[-1])
    ends_s = np.array([to_posix_s(start), to_posix_s(end)])
    missing_s = np.concatenate([field.times_s[~found], ends_s[(ends_s < first_s) | (ends_s > last_s)]])
    if missing_s.size == 0:
        return
    instant = from_posix_s(float(missing_s[0]))
    labels = ", ".join(forcing.label for forcing in files[:2])
    raise ForcingError(
        f"{labels}: every {quantity_name} value in the box of the case is missing at {_short(instant)} "
        f"(NaN or fill values). Give another file, or a constant as the last choice."
    )


def _time_sentence(
    quantity_name: str, files: list[tuple[str, TimeAxis]], start: datetime, end: datetime
) -> str:
    parts = [
        f"{label} covers {_short(from_posix_s(float(times.times_s[0])))} to "
        f"{_short(from_posix_s(float(times.times_s[-1])))}"
        for label, times in files[:2]
    ]
    more = f" (and {len(files) - 2} more files)" if len(files) > 2 else ""
    return (
        f"{', '.join(parts)}{more}, but the case needs the {quantity_name} from {_short(start)} "
        f"to {_short(end)}. Add a file for the rest, or move the search window."
    )


def _short(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%MZ")
