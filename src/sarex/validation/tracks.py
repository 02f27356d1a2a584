"""Drifter tracks from a folder: one NetCDF file a track, one sub-folder a model.

The form is that of github.com/nsoontie/velocity-error: hourly longitude and latitude, and current and wind of
a model at the drifter. Variables are found by standard name, then by usual names.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sarex.environment.quantities import CURRENT, WIND, speed_unit_mps
from sarex.errors import InputError
from sarex.validation.model import Floats, Track, Unread

HOUR_S = 3600.0
LONGEST_FILLED_H = 3
"""Gaps up to here are filled in a straight line; a longer one ends the launches before it."""
LONGEST_TRACK_H = 24 * 366 * 3
_LONGITUDE = (("longitude",), ("lon", "longitude"))
_LATITUDE = (("latitude",), ("lat", "latitude"))
_CURRENT_EAST = (
    ("eastward_sea_water_velocity", "surface_eastward_sea_water_velocity"),
    ("ueast_ocean", "u_ocean", "uo"),
)
_CURRENT_NORTH = (
    ("northward_sea_water_velocity", "surface_northward_sea_water_velocity"),
    ("vnorth_ocean", "v_ocean", "vo"),
)
_WIND_EAST = (("eastward_wind",), ("ueast_atmos", "u_atmos", "u_wind", "u10"))
_WIND_NORTH = (("northward_wind",), ("vnorth_atmos", "v_atmos", "v_wind", "v10"))
_PIECE = re.compile(r"D\d{8}H\d{2}$")
"""The end of a buoy's name that tells when this piece of its track begins."""


def read_tracks(folder: Path) -> tuple[tuple[Track, ...], tuple[Unread, ...]]:
    """All tracks below a folder, and the files that could not be used.

    Raises:
        InputError: there is no such folder, or no track in it.
    """
    if folder.is_file():
        raise InputError(f"{folder} is a file; give the folder that holds the drifter tracks.")
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; give the folder that holds the drifter tracks.")
    files = sorted(path for pattern in ("*.nc", "*/*.nc") for path in folder.glob(pattern))
    if not files:
        raise InputError(
            f"{folder}: no NetCDF file (*.nc) in it or in the folders in it; "
            "drifter tracks are one file a track, one folder a model."
        )
    tracks: list[Track] = []
    unread: list[Unread] = []
    for path in files:
        try:
            tracks.append(read_track(path))
        except InputError as error:
            unread.append(Unread(path, str(error)))
    if not tracks:
        raise InputError(f"{folder}: none of its {len(files)} files is a drifter track. {unread[0].why}")
    return tuple(tracks), tuple(unread)


def read_track(path: Path) -> Track:
    """One track, on full steps of an hour from its first time.

    Raises:
        InputError: it is no NetCDF file, or not in the form of a track.
    """
    try:
        with xr.open_dataset(path, engine="netcdf4") as dataset:
            return _track(path, dataset.load())
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            f"{path.name}: cannot be read as NetCDF ({' '.join(why.split())[:100]}). "
            "Fetch it again, or take it out of the folder."
        ) from error


def _track(path: Path, dataset: xr.Dataset) -> Track:
    times_s = _times_s(path, dataset)
    lon_deg = _values(path, dataset, _LONGITUDE, "longitude", times_s.size)
    lat_deg = _values(path, dataset, _LATITUDE, "latitude", times_s.size)
    _check(path, "longitude", lon_deg, -180.0, 360.0, "degrees")
    _check(path, "latitude", lat_deg, -90.0, 90.0, "degrees")
    speeds = (
        _speeds(path, dataset, _CURRENT_EAST, "eastward current", times_s.size, CURRENT.limit_mps),
        _speeds(path, dataset, _CURRENT_NORTH, "northward current", times_s.size, CURRENT.limit_mps),
        _speeds(path, dataset, _WIND_EAST, "eastward wind", times_s.size, WIND.limit_mps),
        _speeds(path, dataset, _WIND_NORTH, "northward wind", times_s.size, WIND.limit_mps),
    )
    hours = _hours(path, times_s)
    lon_hourly, lat_hourly = _filled_position(_spread(lon_deg, hours), _spread(lat_deg, hours))
    identity = str(dataset.attrs.get("obs_buoyid", path.stem))
    return Track(
        path.name,
        path.parent.name,
        _PIECE.sub("", identity),
        str(dataset.attrs.get("obs_drifter_type", "unknown kind")),
        times_s[0] + HOUR_S * np.arange(hours[-1] + 1),
        lon_hourly,
        lat_hourly,
        *(_filled(_spread(speed, hours)) for speed in speeds),
    )


def _times_s(path: Path, dataset: xr.Dataset) -> Floats:
    names = [str(n) for n, v in dataset.variables.items() if np.issubdtype(v.dtype, np.datetime64) and v.ndim]
    name = "time" if "time" in names else names[0] if len(names) == 1 else None
    if name is None:
        raise InputError(
            f"{path.name}: no times in it; a track has a variable time with units such as "
            '"hours since 2020-09-01".'
        )
    stamps = dataset[name].to_numpy().ravel()
    if stamps.size < 2 or np.isnat(stamps).any():
        raise InputError(f"{path.name}: a track needs two times at least, and none may be missing.")
    times_s = stamps.astype("datetime64[ns]").astype(np.int64) / 1e9
    if (np.diff(times_s) <= 0).any():
        raise InputError(f"{path.name}: its times do not increase from one to the next; sort them.")
    return np.asarray(times_s, dtype=np.float64)


def _hours(path: Path, times_s: Floats) -> NDArray[np.int64]:
    """Number of hours from the first time, of each time."""
    elapsed_h = (times_s - times_s[0]) / HOUR_S
    hours = np.round(elapsed_h).astype(np.int64)
    if np.abs(elapsed_h - hours).max() > 1.0 / 60.0 or (np.diff(hours) < 1).any():
        raise InputError(
            f"{path.name}: its times are not one or more full hours apart; "
            "bring the track to hourly positions first."
        )
    if hours[-1] > LONGEST_TRACK_H:
        raise InputError(f"{path.name}: it spans {hours[-1] // 24} days; a track is three years at most.")
    return np.asarray(hours, dtype=np.int64)


def _values(
    path: Path, dataset: xr.Dataset, names: tuple[Sequence[str], Sequence[str]], what: str, count: int
) -> Floats:
    return np.asarray(_variable(path, dataset, names, what, count).to_numpy(), float).ravel()


def _variable(
    path: Path, dataset: xr.Dataset, names: tuple[Sequence[str], Sequence[str]], what: str, count: int
) -> xr.DataArray:
    """The variable of a quantity: by standard name, then by name; as long as the times."""
    standard, usual = names
    found = [n for n, v in dataset.variables.items() if v.attrs.get("standard_name") in standard]
    found += [n for n in usual if n in dataset.variables]
    if not found:
        raise InputError(
            f"{path.name}: no {what} in it; a track has a variable with the standard name {standard[0]} "
            f"(or called {usual[0]})."
        )
    variable = dataset[found[0]]
    if variable.size != count or not np.issubdtype(variable.dtype, np.number):
        raise InputError(
            f"{path.name}: {found[0]} holds {variable.size} values of type {variable.dtype} "
            f"for {count} times; a track has one number for each time."
        )
    return variable


def _speeds(
    path: Path,
    dataset: xr.Dataset,
    names: tuple[Sequence[str], Sequence[str]],
    what: str,
    count: int,
    limit_mps: float,
) -> Floats:
    variable = _variable(path, dataset, names, what, count)
    units = str(variable.attrs.get("units", ""))
    factor = speed_unit_mps(units)
    if factor is None:
        raise InputError(
            f'{path.name}: the {what} has the units "{units[:40]}", which is no speed known here; write m/s.'
        )
    values = np.asarray(variable.to_numpy(), float).ravel() * factor
    _check(path, what, values, -limit_mps, limit_mps, "m/s")
    return values


def _check(path: Path, what: str, values: Floats, least: float, most: float, unit: str) -> None:
    known = values[np.isfinite(values)]
    if known.size == 0:
        raise InputError(f"{path.name}: the {what} is missing at every time; there is nothing to score.")
    for value in (known.min(), known.max()):
        if not least <= value <= most:
            raise InputError(
                f"{path.name}: the {what} is {value:.6g} {unit}; it must lie between {least:g} and {most:g}. "
                "Mark missing values with _FillValue."
            )


def _spread(values: Floats, hours: NDArray[np.int64]) -> Floats:
    """Values at full hours, NaN at the hours between that the file leaves out."""
    spread = np.full(hours[-1] + 1, np.nan)
    spread[hours] = np.where(np.isfinite(values), values, np.nan)
    return spread


def _filled_position(lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
    """Short gaps filled; longitudes run on across the dateline and may leave -180..180."""
    known = np.isfinite(lon_deg) & np.isfinite(lat_deg)
    lon, lat = np.where(known, lon_deg, np.nan), np.where(known, lat_deg, np.nan)
    lon[known] = np.unwrap(lon[known], period=360.0)
    return _filled(lon), _filled(lat)


def _filled(values: Floats) -> Floats:
    """Gaps of up to LONGEST_FILLED_H missing hours filled in a straight line."""
    known = np.flatnonzero(np.isfinite(values))
    if known.size < 2:
        return values
    at = np.arange(values.size)
    line = np.interp(at, known, values[known])
    after = np.clip(np.searchsorted(known, at), 0, known.size - 1)
    before = np.clip(np.searchsorted(known, at, side="right") - 1, 0, known.size - 1)
    missing = known[after] - known[before] - 1
    inside = (at >= known[0]) & (at <= known[-1])
    return np.where(inside & (missing <= LONGEST_FILLED_H), line, np.nan)
