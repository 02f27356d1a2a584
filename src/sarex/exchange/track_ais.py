"""Tracks as really sailed, from a log of AIS sentences (NMEA 0183, IEC 61162-1), decoded by pyais.

Position reports of class A (messages 1 to 3), class B (18), of search and rescue aircraft (9) and of long
range
(27) are read. A sentence itself says only the second of the minute, so each line must carry the time at
which it was received: in a tag block (`\\c:1428451253*hh\\`, NMEA 0183 4.10), before the sentence (ISO 8601
with Z, or Unix seconds), or behind it as Unix seconds, as shore stations log them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sarex.case.model import SearchUnit
from sarex.errors import InputError, PlanError
from sarex.exchange.unit_names import ships_by_mmsi
from sarex.update.model import RecordedTrack

POSITION_REPORTS = frozenset({1, 2, 3, 9, 18, 27})
_SENTENCE = re.compile(
    r"(?P<before>.*?)(?P<sentence>[!$][A-Z]{2}VD[MO],[^*]*\*(?P<checksum>[0-9A-Fa-f]{2}))(?P<behind>.*)"
)
_TAG = re.compile(r"\\[^\\]*?c:(?P<time>\d{9,13})[^\\]*\\")
_UNIX = re.compile(r"(?<!\d)(?P<time>\d{10}(?:\.\d+)?|\d{13})(?!\d)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})")
_NO_LONGITUDE = 180.5
"""181 stands for no position."""
_UNKNOWN_HEIGHT_M = 4094
"""Of a search and rescue aircraft: 4095 is not known, 4094 that or higher."""
_MILLISECONDS_FROM = 1e11


@dataclass
class _Station:
    """What was heard of one ship."""

    time_s: list[float] = field(default_factory=list)
    lonlat_deg: list[tuple[float, float]] = field(default_factory=list)
    height_m: list[float] = field(default_factory=list)


def read_ais(
    path: Path, text: str, units: Sequence[SearchUnit], unit: SearchUnit | None, mmsi: Mapping[int, str]
) -> tuple[RecordedTrack, ...]:
    """One record for every unit whose station was heard.

    Args:
        unit: whose log it is, where only one station was heard.
        mmsi: name of the unit by its ship station identity.

    Raises:
        InputError: pyais is not installed.
        PlanError: no station of a unit was heard, or the lines carry no time.
    """
    heard, damaged = _heard(path, text)
    if not heard:
        raise PlanError(
            f"{path} holds no AIS position report that can be read ({damaged} damaged lines). Give the log "
            "of a receiver."
        )
    known = ships_by_mmsi(mmsi, units, "--mmsi") if unit is None else _alone(path, heard, unit, mmsi)
    records = []
    for number, station in heard.items():
        if number in known and station.time_s:
            records.append(_record(known[number], station, damaged))
    if not records:
        listed = ", ".join(str(number) for number in sorted(heard)[:8])
        raise PlanError(
            f"{path}: none of the stations heard ({listed}) is a unit of the case. "
            f'Say which is: --mmsi {min(heard)}="{units[0].name if units else "UNIT"}".'
        )
    return tuple(records)


def _alone(
    path: Path, heard: Mapping[int, _Station], unit: SearchUnit, mmsi: Mapping[int, str]
) -> dict[int, SearchUnit]:
    named = [number for number, name in mmsi.items() if name.casefold() == unit.name.casefold()]
    stations = [number for number in heard if not named or number in named]
    if len(stations) != 1:
        raise PlanError(
            f"{path}: {len(stations)} stations of {unit.name} were heard, not one. "
            f'Say which it is: --mmsi {min(heard)}="{unit.name}".'
        )
    return {stations[0]: unit}


def _heard(path: Path, text: str) -> tuple[dict[int, _Station], int]:
    """By ship station identity, and how many lines were damaged."""
    decode = _decoder()
    stations: dict[int, _Station] = {}
    damaged = 0
    for number, found in _sentences(text):
        message = decode(found["sentence"]) if _whole(found["sentence"], found["checksum"]) else None
        if message is None:
            damaged += 1
            continue
        if (
            message.msg_type not in POSITION_REPORTS
            or abs(message.lon) > _NO_LONGITUDE
            or abs(message.lat) > 90.0
        ):
            continue
        received_s = _received_s(found["before"], found["behind"])
        if received_s is None:
            raise PlanError(
                f"{path} line {number} has an AIS sentence without the time at which it was received; it "
                "may stand in a "
                "tag block (\\c:1428451253*hh\\), before the sentence (2026-10-15T02:31:05Z) or behind it. "
                "Log with times."
            )
        station = stations.setdefault(int(message.mmsi), _Station())
        station.time_s.append(received_s)
        station.lonlat_deg.append((float(message.lon), float(message.lat)))
        station.height_m.append(_height_m(message))
    return stations, damaged


def _sentences(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Lines with a whole message in one sentence; position reports are never split."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _SENTENCE.fullmatch(line.strip())
        if found is not None and found["sentence"].split(",")[1] == "1":
            yield number, found


def _whole(sentence: str, checksum: str) -> bool:
    total = 0
    for character in sentence[1 : sentence.rindex("*")]:
        total ^= ord(character)
    return total == int(checksum, 16)


def _received_s(before: str, behind: str) -> float | None:
    if tag := _TAG.search(before):
        return _seconds(tag["time"])
    if iso := _ISO.search(before):
        return datetime.fromisoformat(iso[0].replace(",", ".")).timestamp()
    unix = _UNIX.search(before) or _UNIX.search(behind)
    return None if unix is None else _seconds(unix["time"])


def _seconds(digits: str) -> float:
    value = float(digits)
    return value / 1000.0 if value >= _MILLISECONDS_FROM else value


def _height_m(message: Any) -> float:
    """Of a search and rescue aircraft, in metres; NaN for all others."""
    height = getattr(message, "alt", None) if message.msg_type == 9 else None
    return float(height) if height is not None and 0 < height < _UNKNOWN_HEIGHT_M else float("nan")


def _record(unit: SearchUnit, station: _Station, damaged: int) -> RecordedTrack:
    height_m = np.array(station.height_m)
    return RecordedTrack(
        unit_name=unit.name,
        time_s=np.array(station.time_s),
        lonlat_deg=np.array(station.lonlat_deg),
        altitude_m=None if np.isnan(height_m).all() else height_m,
        remarks=(f"{damaged} damaged lines of the log left out",) if damaged else (),
    )


def _decoder() -> Any:
    try:
        import pyais  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise InputError(
            "AIS logs are read by the package pyais, which is not installed. Install it: pip install "
            '"sarex[ais]".'
        ) from error
    import pyais.exceptions  # noqa: PLC0415

    def decode(sentence: str) -> Any:
        try:
            return pyais.decode(sentence)
        except (pyais.exceptions.AISBaseException, ValueError, TypeError, IndexError):
            return None

    return decode
