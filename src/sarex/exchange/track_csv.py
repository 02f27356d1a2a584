"""Tracks as really flown, from a table: unit, time, lon, lat and, where known, searching and altitude_ft.

A line is one position of one unit; `time` is ISO 8601 with Z. `searching` is yes or no (1, 0, true, false).
Lines that begin with # are comments; other columns are left alone. Instead of `lon` and `lat` a column
`position` may hold both in any of the notations of a case file.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from sarex.case.model import Position, SearchUnit
from sarex.case.positions import NotAPositionError, position_of
from sarex.clock import to_posix_s
from sarex.errors import PlanError
from sarex.exchange.unit_names import unit_named
from sarex.units import ft_to_m
from sarex.update.model import RecordedTrack

_YES = {"1", "yes", "y", "true", "searching", "on"}
_NO = {"0", "no", "n", "false", "transit", "off"}
_COLUMNS = "unit, time, lon, lat (and, where known, searching and altitude_ft)"
HIGHEST_FT = 60_000.0

Row = tuple[float, float, float, bool | None, float]
"""POSIX seconds, longitude, latitude, searching or not, metres of height or NaN."""


def read_csv(
    path: Path, text: str, units: Sequence[SearchUnit], unit: SearchUnit | None
) -> tuple[RecordedTrack, ...]:
    """One record for every unit in the table; `unit` says whose it is where the table has no such column.

    Raises:
        PlanError: a column is missing, a line is wrong, or a unit is not in the case.
    """
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and line.lstrip()[0] != "#"
    ]
    if not lines:
        raise PlanError(
            f"{path} is empty; a track has a line for each position, with the columns {_COLUMNS}."
        )
    reader = csv.DictReader([line for _, line in lines])
    names = {name.strip().casefold() for name in reader.fieldnames or []}
    wanted = {"time"} | (set() if "position" in names else {"lon", "lat"}) | (set() if unit else {"unit"})
    if missing := sorted(wanted - names):
        raise PlanError(
            f"{path} has no column {', '.join(missing)}; a track needs the columns {_COLUMNS}. Add it to "
            "the first line."
        )
    rows: dict[str, list[Row]] = {}
    for (number, _), given in zip(lines[1:], reader, strict=False):
        line = {
            str(key).strip().casefold(): (value or "")
            for key, value in given.items()
            if isinstance(value, str)
        }
        where = f"{path} line {number}"
        whose = unit or unit_named(line.get("unit", "").strip(), units, where)
        rows.setdefault(whose.name, []).append(_row(where, line))
    if not rows:
        raise PlanError(f"{path} has no line under its heading; a track has a line for each position.")
    return tuple(_record(path, name, found) for name, found in rows.items())


def _row(where: str, line: Mapping[str, str]) -> Row:
    place = _place(where, line)
    height_ft = line.get("altitude_ft", "").strip()
    height_m = ft_to_m(_number(where, "altitude_ft", height_ft, HIGHEST_FT)) if height_ft else float("nan")
    return (
        _time_s(where, line.get("time", "")),
        place.lon_deg,
        place.lat_deg,
        _searching(where, line),
        height_m,
    )


def _place(where: str, line: Mapping[str, str]) -> Position:
    given: object = line.get("position", "").strip()
    if not given:
        given = {key: _number(where, key, line.get(key, ""), 360.0) for key in ("lon", "lat")}
    try:
        return position_of(given)
    except NotAPositionError as fault:
        raise PlanError(f"{where}: the position {fault}") from None


def _number(where: str, name: str, text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise PlanError(
            f'{where}: {name} is "{text.strip()}"; it is a number up to {most:g}. Correct it or leave the '
            "line out."
        )
    return value


def _time_s(where: str, text: str) -> float:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise PlanError(
            f'{where}: time is "{text.strip()}"; it is UTC such as 2026-10-15T02:31:05Z. Correct it or '
            "leave the line out."
        )
    return to_posix_s(instant)


def _searching(where: str, line: Mapping[str, str]) -> bool | None:
    word = line.get("searching", "").strip().casefold()
    if not word:
        return None
    if word in _YES | _NO:
        return word in _YES
    raise PlanError(f'{where}: searching is "{word}"; it is yes or no. Correct it.')


def _record(path: Path, unit_name: str, rows: list[Row]) -> RecordedTrack:
    said = [row[3] for row in rows]
    if None in said and any(word is not None for word in said):
        raise PlanError(
            f"{path}: searching is given on some lines of {unit_name} and empty on others; nobody knows "
            "what an empty one "
            "means. Fill it in on every line, or on none."
        )
    height_m = np.array([row[4] for row in rows])
    return RecordedTrack(
        unit_name=unit_name,
        time_s=np.array([row[0] for row in rows]),
        lonlat_deg=np.array([row[1:3] for row in rows], dtype=float),
        searching=None if None in said else np.array(said, dtype=np.bool_),
        altitude_m=None if np.isnan(height_m).all() else height_m,
    )
