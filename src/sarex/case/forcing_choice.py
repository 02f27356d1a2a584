"""What the case file's `[environment]` may name: files, the sample sea, a constant velocity."""

import math
import re
from collections.abc import Mapping
from pathlib import Path

from sarex.case.model import (
    ConstantVelocity,
    ForcingChoice,
    ForcingChoices,
    ForcingFile,
    ForcingProvider,
    ForcingTable,
    SampleSea,
)
from sarex.case.wording import nearest, shown, suggestion
from sarex.errors import CaseError
from sarex.units import kt_to_mps

SAMPLE_SEA = "sample-sea"
PROVIDERS = ("copernicusmarine", "noaa")
PROTOCOLS = ("s3", "gs", "https", "http", "file", "memory", "abfs", "az")
"""Of URLs, as fsspec names them."""
_PROVIDED = re.compile(r"(?P<provider>[a-z][a-z0-9_-]+):(?P<dataset>[^\s/\\:][^\s:]*)")
_MOST_REALIZATIONS = 1000
_FASTEST_KT = {"current": 15.0, "wind": 150.0, "stokes": 5.0}
_SENSE = {"current": "toward_deg", "wind": "from_deg", "stokes": "toward_deg"}
_CONVENTION = {
    "current": "A current is given by the direction it flows toward: { speed_kt = 0.5, toward_deg = 90 }.",
    "stokes": "Stokes drift is given by the direction it goes toward: { speed_kt = 0.2, toward_deg = 90 }.",
    "wind": "A wind is given by the direction it blows from: { speed_kt = 20, from_deg = 270 }.",
}
_COMPONENTS = ("eastward_mps", "northward_mps")


def forcing_choices(table: str, quantity: str, entries: list[object], base_dir: Path) -> ForcingChoices:
    """The sources of a quantity, "current", "wind" or "stokes", in order of preference.

    Args:
        table: where the list stands, for error sentences.

    Raises:
        CaseError: nothing is listed, a file is not there, or a constant is not one.
    """
    where = f"{table}.{quantity}" if table.endswith("environment") else f"{table}: {quantity}"
    if not entries:
        raise CaseError(f"{where} lists nothing. Name a file or a constant. {_CONVENTION[quantity]}")
    return tuple(choice for entry in entries for choice in _choices(where, quantity, entry, base_dir))


def _choices(where: str, quantity: str, entry: object, base_dir: Path) -> list[ForcingChoice]:
    if isinstance(entry, Mapping):
        return _choices_of_table(where, quantity, entry, base_dir)
    if not isinstance(entry, str) or not entry.strip() or "\0" in entry:
        raise CaseError(
            f'{where} lists {shown(entry)}; a file name, "{SAMPLE_SEA}" or a constant is expected. '
            f"{_CONVENTION[quantity]}"
        )
    if entry == SAMPLE_SEA:
        if quantity == "stokes":
            raise CaseError(f'{where} lists "{SAMPLE_SEA}", which has no waves. Name a file or a constant.')
        return [SampleSea()]
    if provided := _provided(where, entry, base_dir):
        return [provided]
    return [ForcingFile(location) for location in _locations(where, entry, base_dir)]


def _choices_of_table(
    where: str, quantity: str, entry: Mapping[str, object], base_dir: Path
) -> list[ForcingChoice]:
    """`{ file, realization }`, `{ table }` or a constant."""
    if "table" in entry:
        _check_only(where, entry, ("table",))
        return [ForcingTable(path) for path in _locations(where, _text(where, entry, "table"), base_dir)]
    if "file" in entry:
        _check_only(where, entry, ("file", "realization"))
        realization = _realization(where, entry)
        return [
            ForcingFile(location, realization)
            for location in _locations(where, _text(where, entry, "file"), base_dir)
        ]
    return [_constant(where, quantity, entry)]


def _check_only(where: str, entry: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            raise CaseError(
                f"{where}: {shown(key)} is not a known key beside {known[0]}. {suggestion(str(key), known)}"
            )


def _text(where: str, entry: Mapping[str, object], key: str) -> str:
    text = entry[key]
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise CaseError(f'{where}: {key} is {shown(text)}; a file name is expected, such as "obs.csv".')
    return text


def _realization(where: str, entry: Mapping[str, object]) -> int | None:
    number = entry.get("realization")
    if "realization" not in entry:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < _MOST_REALIZATIONS:
        raise CaseError(
            f"{where}: realization is {shown(number)}; the number of an ensemble member, counted from 0, is "
            "expected. Correct it."
        )
    return number


def _provided(where: str, entry: str, base_dir: Path) -> ForcingProvider | None:
    """`provider:dataset`, unless a file has that very name."""
    said = _PROVIDED.fullmatch(entry)
    if said is None or _is_file(base_dir, entry):
        return None
    if said["provider"] not in PROVIDERS:
        raise CaseError(
            f"{where} lists {shown(entry)}, but {said['provider']} is no provider. "
            f"{suggestion(said['provider'], PROVIDERS)}"
        )
    return ForcingProvider(said["provider"], said["dataset"])


def _is_file(base_dir: Path, entry: str) -> bool:
    try:
        return Path(base_dir, entry).is_file()
    except OSError:
        return False


def _locations(where: str, entry: str, base_dir: Path) -> list[str]:
    """Absolute paths of local files and Zarr stores; URLs as they are."""
    if "://" in entry:
        protocol = entry.partition("://")[0]
        if protocol not in PROTOCOLS:
            raise CaseError(
                f"{where} lists {shown(entry)}, whose protocol is not known. "
                f"{suggestion(protocol, PROTOCOLS)} Or download it and name the file."
            )
        return [entry]
    try:
        return [str(path) for path in _files_at(where, entry, base_dir)]
    except (OSError, ValueError, RuntimeError):  # names too long, folders closed to us, unknown ~user, odd **
        raise CaseError(
            f"{where} lists {shown(entry)}, which cannot be looked up. Correct the path."
        ) from None


def _is_store(path: Path) -> bool:
    """Whether a folder is a Zarr store, by its name or by what every version of Zarr puts into it."""
    return path.is_dir() and (
        path.suffix == ".zarr"
        or any((path / mark).exists() for mark in (".zgroup", ".zmetadata", "zarr.json"))
    )


def _files_at(where: str, entry: str, base_dir: Path) -> list[Path]:
    path = Path(base_dir, Path(entry).expanduser())
    if path.is_file() or _is_store(path):
        return [path.resolve()]
    if path.is_dir():
        raise CaseError(
            f'{where} lists {shown(entry)}, a folder. Name its files, for example "{entry}/*.nc".'
        )
    if any(mark in entry for mark in "*?["):
        return _matches(where, entry, path)
    likely = nearest(path.name, _names_in(path.parent))
    meant = (
        f'Did you mean "{likely}"?' if likely else "Correct the path; it counts from the case file's folder."
    )
    raise CaseError(f"{where} lists {shown(entry)}, but there is no file {path.resolve()}. {meant}")


def _matches(where: str, entry: str, pattern: Path) -> list[Path]:
    root = Path(pattern.absolute().anchor)
    found = sorted(
        file.resolve()
        for file in root.glob(str(pattern.absolute().relative_to(root)))
        if file.is_file() or _is_store(file)
    )
    if not found:
        raise CaseError(
            f"{where} lists {shown(entry)}, but no file matches {pattern.absolute()}. Correct the pattern."
        )
    return found


def _names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


def _constant(where: str, quantity: str, entry: Mapping[str, object]) -> ConstantVelocity:
    if set(entry) == set(_COMPONENTS):
        east, north = (_number(where, entry, key, -80.0, 80.0) for key in _COMPONENTS)
        return ConstantVelocity(eastward_mps=east, northward_mps=north)
    sense = _SENSE[quantity]
    _check_keys(where, quantity, entry, sense)
    speed_mps = kt_to_mps(_number(where, entry, "speed_kt", 0.0, _FASTEST_KT[quantity]))
    toward_deg = _number(where, entry, sense, 0.0, 360.0) + (180.0 if quantity == "wind" else 0.0)
    return ConstantVelocity(
        eastward_mps=speed_mps * math.sin(math.radians(toward_deg)),
        northward_mps=speed_mps * math.cos(math.radians(toward_deg)),
    )


def _check_keys(where: str, quantity: str, entry: Mapping[str, object], sense: str) -> None:
    wrong_sense = "toward_deg" if sense == "from_deg" else "from_deg"
    if wrong_sense in entry:
        raise CaseError(f"{where} has {wrong_sense} = {shown(entry[wrong_sense])}. {_CONVENTION[quantity]}")
    for key in entry:
        if key not in ("speed_kt", sense):
            known = ("speed_kt", sense)
            raise CaseError(
                f"{where}: {key} is not a known key. {suggestion(str(key), known)} {_CONVENTION[quantity]}"
            )
    for key in ("speed_kt", sense):
        if key not in entry:
            raise CaseError(f"{where}: {key} is missing. {_CONVENTION[quantity]}")


def _number(where: str, entry: Mapping[str, object], key: str, low: float, high: float) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise CaseError(
            f"{where}: {key} is {shown(value)}; a number from {low:g} to {high:g} is expected. Correct it."
        )
    return float(value)
