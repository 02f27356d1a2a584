"""Files of what was searched: which kind each is, and whose tracks it holds."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sarex.case.model import SearchUnit
from sarex.errors import InputError, PlanError
from sarex.exchange.track_ais import read_ais
from sarex.exchange.track_csv import read_csv
from sarex.exchange.track_gpx import read_gpx
from sarex.exchange.unit_names import unit_named
from sarex.update.model import RecordedTrack

_MMSI = re.compile(r"\d{9}")
_AIS_SENTENCE = re.compile(r"[!$][A-Z]{2}VD[MO],")


class Kind(StrEnum):
    PLAN = "plan.json"
    GPX = "GPX"
    CSV = "CSV"
    AIS = "AIS"


_BY_ENDING = {
    ".json": Kind.PLAN,
    # its reader says that a case or conditions are no search
    ".toml": Kind.PLAN,
    ".gpx": Kind.GPX,
    ".csv": Kind.CSV,
    ".nmea": Kind.AIS,
    ".nm4": Kind.AIS,
    ".ais": Kind.AIS,
}


@dataclass(frozen=True)
class Told:
    """A file to --searched, and the name of the unit whose it is, if that was said."""

    path: Path
    unit_name: str | None


def told_by(option: str) -> Told:
    """What `FILE` or `UNIT=FILE` means; a file of the whole name comes first."""
    name, equals, path = option.partition("=")
    if not equals or not name or Path(option).exists():
        return Told(Path(option), None)
    return Told(Path(path), name)


def kind_of(path: Path) -> Kind:
    """By its ending, or else by how it begins; what cannot be read is taken for a plan, whose reader says
    why."""
    if (kind := _BY_ENDING.get(path.suffix.lower())) is not None:
        return kind
    try:
        text = path.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    except OSError:
        return Kind.PLAN
    if text.startswith("{"):
        return Kind.PLAN
    if text.startswith("<"):
        return Kind.GPX
    if _AIS_SENTENCE.search(text[:4000]):
        return Kind.AIS
    return Kind.CSV if "," in text.partition("\n")[0] else Kind.PLAN


def read_tracks(
    told: Told, kind: Kind, units: Sequence[SearchUnit], mmsi: Mapping[int, str]
) -> tuple[RecordedTrack, ...]:
    """The tracks in a file that is no plan, one for each unit.

    Raises:
        PlanError: the file cannot be read as what it is, or its unit is not known.
    """
    path = told.path
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace" if kind is Kind.AIS else "strict")
    except OSError as error:
        raise PlanError(
            f"{path} cannot be read: {error.strerror or error}. Give the path of a track."
        ) from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not text in UTF-8. Export the track again.") from error
    unit = None if told.unit_name is None else unit_named(told.unit_name, units, "--searched")
    match kind:
        case Kind.GPX:
            return read_gpx(path, text, units, unit)
        case Kind.CSV:
            return read_csv(path, text, units, unit)
        case _:
            return read_ais(path, text, units, unit, mmsi)


def read_mmsi(options: Sequence[str]) -> dict[int, str]:
    """Names of units by ship station identity, of `431000001=Name` or of CSV files with mmsi and unit.

    Raises:
        InputError: an identity is not of nine digits, or a file lacks a column.
    """
    names: dict[int, str] = {}
    for option in options:
        number, equals, name = option.partition("=")
        pairs = [(number, name)] if equals and not Path(option).is_file() else _mmsi_file(Path(option))
        for given, unit_name in pairs:
            if not _MMSI.fullmatch(given.strip()) or not unit_name.strip():
                raise InputError(
                    f'--mmsi is "{given}={unit_name}"; it is a ship station identity of nine digits and the '
                    "name of "
                    'its unit, such as 431000001="Destroyer 1". Correct it.'
                )
            names[int(given)] = unit_name.strip().strip('"')
    return names


def _mmsi_file(path: Path) -> list[tuple[str, str]]:
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f'--mmsi is "{path}", which is neither an identity with a name, such as 431000001="Destroyer '
            '1", nor a file '
            "that can be read. Correct it."
        ) from error
    if not rows or not {"mmsi", "unit"} <= {str(key) for key in rows[0]}:
        raise InputError(f"--mmsi is {path}, a file without the columns mmsi and unit. Add them.")
    return [(row["mmsi"] or "", row["unit"] or "") for row in rows]
