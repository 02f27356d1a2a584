"""Observations in a CSV file: winds and currents as an officer or a buoy reports them.

A line is one observation: `time` (ISO 8601 with Z), `lon` and `lat` in degrees, and the velocity as
`wind_speed_kt` with `wind_from_deg`, `current_speed_kt` with `current_toward_deg`, or `eastward_mps` with
`northward_mps` (also with `wind_` or `current_` in front); other units of speed are `mps`, `cmps` and `kmh`.
An empty cell is no observation; lines that begin with # are comments. Without `lon` and `lat` the values hold
everywhere. Observations at one position are one station: linear in time between them, unknown before the
first and after the last. Between stations the components are weighted with the inverse square of the distance
(Shepard 1968, Proc. 23rd ACM Nat. Conf., 517), among those within reach; beyond the reach of all nothing is
known. The reach is a choice, not a measurement: about the scale on which weather moves together, and for
currents the much shorter one of shelf seas.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sarex.clock import to_posix_s
from sarex.environment.dataset import ForcingDataset
from sarex.environment.pairs import Component
from sarex.environment.placement import StationPlacement
from sarex.environment.quantities import WIND, Quantity
from sarex.environment.target import Target
from sarex.environment.times import TimeAxis
from sarex.errors import ForcingError
from sarex.units import KNOT_MPS

Floats = NDArray[np.float64]

WIND_REACH_M = 100_000.0
CURRENT_REACH_M = 30_000.0
_SPACING_M = 6000.0
_MPS = {"kt": KNOT_MPS, "mps": 1.0, "cmps": 0.01, "kmh": 1.0 / 3.6}
_SAME_PLACE_M = 1.0
_ENDINGS = (".csv", ".txt")


@dataclass(frozen=True)
class StationGrid:
    """Where the stations of a table lie; no position at all for values that hold everywhere."""

    lon_deg: Floats
    """(station,); NaN for a table without positions."""
    lat_deg: Floats
    reach_m: float

    def place(self, target: Target, stride: int) -> StationPlacement | None:  # noqa: ARG002
        """Weights of the stations at the target's nodes; None if none of them reaches it."""
        shape = (target.rows, target.columns, len(self.lon_deg))
        if np.isnan(self.lon_deg).all():
            weights = np.ones(shape)
        else:
            x, y = target.frame.to_xy_m(self.lon_deg, self.lat_deg)
            node_x = target.x0_m + target.spacing_m * np.arange(target.columns)
            node_y = target.y0_m + target.spacing_m * np.arange(target.rows)
            distance = np.hypot(node_x[None, :, None] - x, node_y[:, None, None] - y)
            weights = np.where(distance <= self.reach_m, np.maximum(distance, _SAME_PLACE_M) ** -2.0, 0.0)
        if not weights.any():
            return None
        axes = np.stack(target.earth_to_plane, axis=-1).astype(np.float32)
        return StationPlacement(np.arange(len(self.lon_deg)), weights, axes)

    def spacing_m(self, target: Target) -> float:  # noqa: ARG002
        """Between stations the field is as smooth as their distances."""
        return _SPACING_M

    def corners_deg(self) -> tuple[float, float, float, float]:
        """Westernmost, southernmost, easternmost and northernmost station."""
        lon, lat = self.lon_deg, self.lat_deg
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


@dataclass(frozen=True)
class _Columns:
    """Names of the two columns of the velocity, and what they mean."""

    first: str
    second: str
    mps_per_unit: float
    polar: str | None
    """"from" or "toward" for a speed and a direction; None for components."""


@dataclass(frozen=True)
class _Observation:
    line: int
    time_s: float
    position: tuple[float, float] | None
    eastward_mps: float
    northward_mps: float


def is_table(location: str | Path) -> bool:
    """Whether a location is a local file that is named as a table."""
    path = Path(location)
    return path.suffix.lower() in _ENDINGS and path.is_file()


def open_table(location: str | Path, quantity: Quantity) -> ForcingDataset:
    """Read a table of observations as a forcing; the whole of it lies in memory.

    Raises:
        ForcingError: the file is not there, has no columns for the quantity, or a line is wrong.
    """
    path = Path(location)
    observations = _read(path, quantity)
    stations: list[tuple[float, float] | None] = [None]
    if observations[0].position is not None:
        stations = sorted({o.position for o in observations}, key=str)
    times_s = np.unique([o.time_s for o in observations])
    values = np.full((2, len(times_s), len(stations)), np.nan)
    for k, station in enumerate(stations):
        here = sorted((o for o in observations if o.position == station), key=lambda o: o.time_s)
        _check_once(path.name, here)
        at_s = np.array([o.time_s for o in here])
        for part, seen in zip(
            values, ([o.eastward_mps for o in here], [o.northward_mps for o in here]), strict=True
        ):
            part[:, k] = np.interp(times_s, at_s, seen, left=np.nan, right=np.nan)
    return _as_forcing(path.name, quantity, times_s, stations, values)


def _as_forcing(
    label: str,
    quantity: Quantity,
    times_s: Floats,
    stations: list[tuple[float, float] | None],
    values: Floats,
) -> ForcingDataset:
    units = {"units": "m s-1"}
    parts = {
        name: (("time", "station"), values[k], units) for k, name in enumerate(("eastward", "northward"))
    }
    count = "everywhere" if stations[0] is None else f"at {len(stations)} station(s)"
    import xarray as xr  # noqa: PLC0415 -- heavy, and files do without

    dataset = xr.Dataset(parts, attrs={"title": f"observations {count}"})
    lon, lat = np.array([station or (np.nan, np.nan) for station in stations]).T
    grid = StationGrid(lon, lat, WIND_REACH_M if quantity is WIND else CURRENT_REACH_M)
    components = Component("eastward", 1.0), Component("northward", 1.0)
    times = TimeAxis("time", times_s, descending=False)
    return ForcingDataset(label, dataset, quantity, components, times, grid, "station", "station", {})


def _read(path: Path, quantity: Quantity) -> list[_Observation]:
    label = path.name
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as trouble:
        raise ForcingError(
            f"{label}: this table cannot be read ({getattr(trouble, 'strerror', None) or 'no UTF-8 text'}); "
            f"give a CSV file that is there."
        ) from trouble
    rows = [
        (k, line)
        for k, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not rows:
        raise ForcingError(f"{label}: the table is empty; its first line names the columns.")
    names = [name.strip() for name in next(csv.reader([rows[0][1]]))]
    columns = _find_columns(label, names, quantity)
    observations = [found for found in _observations(label, names, columns, rows[1:]) if found is not None]
    if not observations:
        raise ForcingError(
            f"{label}: the table has no {quantity.name} in any line; every cell of it is empty."
        )
    return observations


def _find_columns(label: str, names: list[str], quantity: Quantity) -> _Columns:
    if len(set(names)) < len(names):
        raise ForcingError(f"{label}: a column is named twice in the first line.")
    if "time" not in names or ("lon" in names) != ("lat" in names):
        raise ForcingError(
            f"{label}: the first line must name the columns time, and lon with lat or neither; it has "
            f"{', '.join(names)[:100]}."
        )
    short = "wind" if quantity is WIND else "current"
    for unit, factor in _MPS.items():
        for sense in ("from", "toward"):
            if f"{short}_speed_{unit}" in names and f"{short}_{sense}_deg" in names:
                return _Columns(f"{short}_speed_{unit}", f"{short}_{sense}_deg", factor, sense)
        for prefix in (f"{short}_", ""):
            pair = f"{prefix}eastward_{unit}", f"{prefix}northward_{unit}"
            if all(name in names for name in pair):
                return _Columns(*pair, factor, None)
    usual = f"{short}_{'from' if quantity is WIND else 'toward'}_deg"
    raise ForcingError(
        f"{label}: no {short} in this table; its columns must be {short}_speed_kt with {usual}, or "
        f"eastward_mps with northward_mps, and they are {', '.join(names)[:100]}."
    )


def _observations(
    label: str, names: list[str], columns: _Columns, rows: list[tuple[int, str]]
) -> Iterator[_Observation | None]:
    for line, text in rows:
        cells = [cell.strip() for cell in next(csv.reader([text]))]
        if len(cells) != len(names):
            raise ForcingError(f"{label}, line {line}: {len(cells)} values for {len(names)} columns.")
        cell = dict(zip(names, cells, strict=True))
        if not cell[columns.first] or not cell[columns.second]:
            yield None
            continue
        position = None
        if "lon" in cell:
            position = (_number(label, line, cell, "lon", 360.0), _number(label, line, cell, "lat", 90.0))
        yield _Observation(
            line, _time_s(label, line, cell["time"]), position, *_velocity(label, line, cell, columns)
        )


def _velocity(label: str, line: int, cell: dict[str, str], columns: _Columns) -> tuple[float, float]:
    first = _number(label, line, cell, columns.first, np.inf) * columns.mps_per_unit
    if columns.polar is None:
        return first, _number(label, line, cell, columns.second, np.inf) * columns.mps_per_unit
    direction = np.deg2rad(_number(label, line, cell, columns.second, 360.0))
    if first < 0.0 or direction < 0.0:
        raise ForcingError(
            f"{label}, line {line}: {columns.first} is {cell[columns.first]} and {columns.second} is "
            f"{cell[columns.second]}; neither may be negative."
        )
    sign = -1.0 if columns.polar == "from" else 1.0
    return sign * first * float(np.sin(direction)), sign * first * float(np.cos(direction))


def _number(label: str, line: int, cell: dict[str, str], name: str, most: float) -> float:
    try:
        value = float(cell[name])
    except ValueError:
        value = np.nan
    if not abs(value) <= min(most, 1e6):
        rule = f"between -{most:g} and {most:g}" if np.isfinite(most) else "a number"
        raise ForcingError(f"{label}, line {line}: {name} is '{cell[name][:30]}'; it must be {rule}.")
    return value


def _time_s(label: str, line: int, text: str) -> float:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ForcingError(
            f"{label}, line {line}: time is '{text[:30]}'; write it in UTC, such as 2026-05-01T06:00Z."
        )
    return to_posix_s(instant.astimezone(UTC))


def _check_once(label: str, here: list[_Observation]) -> None:
    for before, after in pairwise(here):
        if before.time_s == after.time_s:
            raise ForcingError(
                f"{label}, line {max(before.line, after.line)}: a second observation of line "
                f"{min(before.line, after.line)}'s place and time; keep one of them."
            )
