"""Where and when a drift may have begun, read from a drift file that Sarex wrote.

The file is one with CF trajectories: `lon`, `lat` (trajectory, time), `time`, and either `origin_weight`
(trajectory, time), the probability that the drift began there and then, or only `weight` (trajectory),
which then stands for the last time of the file.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Cloud, Position
from sarex.case.wording import nearest, shown
from sarex.errors import CaseError

if TYPE_CHECKING:
    import netCDF4

_UNREADABLE = (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, IndexError)
"""What netCDF4 and HDF5 raise on damaged files."""
_CALENDARS = ("standard", "gregorian", "proleptic_gregorian")


@dataclass(frozen=True)
class CloudPoints:
    """The possible beginnings in a file, shape (point,)."""

    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    time_s: NDArray[np.float64]
    """POSIX seconds."""
    weight: NDArray[np.float64]
    """Above zero; of any sum."""


def cloud_of(where: str, entry: str, base_dir: Path) -> Cloud:
    """The cloud in a file that a case names.

    Raises:
        CaseError: there is no such file, or nothing in it to begin from.
    """
    path = _path_of(where, entry, base_dir)
    try:
        points = read_cloud(path)
    except CaseError as wrong:
        raise CaseError(f"{where}: cloud: {wrong}") from None
    west = points.lon_deg[0] + (points.lon_deg - points.lon_deg[0] + 180.0) % 360.0 - 180.0
    corners = tuple(
        Position(float((lon + 180.0) % 360.0 - 180.0), float(lat))
        for lon, lat in ((west.min(), points.lat_deg.min()), (west.max(), points.lat_deg.max()))
    )
    return Cloud(
        str(path),
        (corners[0], corners[1]),
        _instant(float(points.time_s.min())),
        _instant(float(points.time_s.max())),
    )


def _instant(posix_s: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=posix_s)


def _path_of(where: str, entry: str, base_dir: Path) -> Path:
    try:
        path = Path(base_dir, Path(entry).expanduser())
        if path.is_file():
            return path.resolve()
        names = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    except (OSError, ValueError, RuntimeError):
        raise CaseError(f"{where}: cloud is {shown(entry)}, which cannot be looked up.") from None
    likely = nearest(path.name, names)
    meant = f'Did you mean "{likely}"?' if likely else "Name a drift file; it counts from the case's folder."
    raise CaseError(f"{where}: cloud is {shown(entry)}, but there is no such file. {meant}")


def read_cloud(path: Path) -> CloudPoints:
    """Every point of the file that has a weight.

    Raises:
        CaseError: the file is not a drift file, or none of its points has a weight.
    """
    import netCDF4  # noqa: PLC0415 - heavy, and only cases with a cloud need it

    try:
        with netCDF4.Dataset(path) as file:
            return _points(path.name, file)
    except CaseError:
        raise
    except _UNREADABLE as trouble:
        raise CaseError(
            f"{path.name} cannot be read as a drift file ({_reason(trouble)}). "
            "Name a file that sarex drift or sarex backtrack wrote."
        ) from None


def _reason(trouble: Exception) -> str:
    said = getattr(trouble, "strerror", None) or str(trouble) or type(trouble).__name__
    return str(said).strip()[:80]


def _points(name: str, file: "netCDF4.Dataset") -> CloudPoints:
    missing = [key for key in ("lon", "lat", "time", "weight") if key not in file.variables]
    if "origin_weight" in file.variables and missing == ["weight"]:
        missing = []
    if missing:
        raise CaseError(
            f"{name} has no {' and no '.join(missing)}, so it is not a drift file. "
            "Name a file that sarex drift or sarex backtrack wrote."
        )
    time_s = _times_s(name, file.variables["time"])
    rows, columns, weight = _weighted(file, len(time_s))
    lon_deg, lat_deg = (_filled(file.variables[key][...])[rows, columns] for key in ("lon", "lat"))
    known = np.isfinite(lon_deg) & (np.abs(lat_deg) <= 90.0)
    if not known.any():
        raise CaseError(
            f"{name} holds no point with a weight and a position. "
            "Name a drift file with particles that may have begun somewhere."
        )
    return CloudPoints(
        lon_deg[known].astype(np.float64),
        lat_deg[known].astype(np.float64),
        time_s[columns[known]],
        weight[known].astype(np.float64),
    )


def _weighted(file: "netCDF4.Dataset", times: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[Any]]:
    """Row, column and weight of every point above zero."""
    if "origin_weight" in file.variables:
        table = _filled(file.variables["origin_weight"][...])
        rows, columns = np.nonzero(table > 0.0)
        return rows, columns, table[rows, columns]
    weight = _filled(file.variables["weight"][...])
    rows = np.flatnonzero(weight > 0.0)
    return rows, np.full(rows.size, times - 1), weight[rows]


def _filled(values: Any) -> NDArray[Any]:
    """As floats, unpacked; what is masked is no number."""
    if np.ma.isMaskedArray(values):
        return np.asarray(np.ma.filled(values.astype(np.result_type(values.dtype, np.float32)), np.nan))
    return np.asarray(values)


def _times_s(name: str, variable: "netCDF4.Variable[Any]") -> NDArray[np.float64]:
    import netCDF4  # noqa: PLC0415 - as above

    calendar = str(getattr(variable, "calendar", "standard")).lower()
    if calendar not in _CALENDARS:
        raise CaseError(
            f"{name} counts time in the calendar {shown(calendar)}. Name a file that Sarex wrote."
        )
    instants = netCDF4.num2date(_filled(variable[...]), variable.units, calendar=calendar)
    seconds = netCDF4.date2num(instants, "seconds since 1970-01-01 00:00:00", calendar="standard")
    return np.atleast_1d(np.asarray(seconds, dtype=np.float64))
