"""Which variables of a file are its times and its horizontal positions."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from sarex.environment.grids import CurvilinearGrid, StraightGrid
from sarex.environment.labelled import LabelledArray, LabelledDataset
from sarex.environment.placement import NativeGrid
from sarex.environment.quantities import Naming
from sarex.environment.times import TimeAxis, decode_times
from sarex.errors import ForcingError

Floats = NDArray[np.float64]

_METRES = {
    "m": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "km": 1000.0,
    "kilometers": 1000.0,
}


def read_times(label: str, dataset: LabelledDataset, variable: LabelledArray) -> tuple[TimeAxis, str]:
    """The times of a variable and the name of its time dimension."""
    dims = [str(dim) for dim in variable.dims]
    candidates = [
        name
        for name, other in dataset.variables.items()
        if other.ndim == 1
        and other.dims[0] in dims
        and other.attrs.get("standard_name") != "forecast_reference_time"
        and " since " in str(other.attrs.get("units", "")).lower()
    ]
    # The coordinate of the dimension's own name is the valid time; others may be run times.
    candidates.sort(key=lambda name: (name != dataset[name].dims[0], str(name)))
    if not candidates and "time" in dims and "time" in dataset.variables:
        candidates = ["time"]
    if not candidates:
        raise ForcingError(
            f"{label}: variable {variable.name} has no time coordinate with units such as 'hours since "
            f"2026-01-01'; a forecast needs its times."
        )
    times = decode_times(label, dataset[candidates[0]])
    return times, times.dim


def read_grid(label: str, dataset: LabelledDataset, name: str, naming: Naming) -> tuple[NativeGrid, str, str]:
    """The horizontal grid of a variable with the names of its row and column dimensions."""
    variable = dataset[name]
    for found in (
        _projected(label, dataset, variable),
        _plain(dataset, variable),
        _curvilinear(dataset, variable),
    ):
        if found is None:
            continue
        axes, row_dim, column_dim, crs = found
        if min(dataset.sizes[row_dim], dataset.sizes[column_dim]) < 2:
            raise ForcingError(
                f"{label}: the grid of {name} is a single row or column; give a field of at least 2 x 2."
            )
        along = _along_axes(label, variable, naming, plain=crs is None and axes[0].ndim == 1)
        if axes[0].ndim == 2:
            return CurvilinearGrid(axes[0], axes[1], along), row_dim, column_dim
        _check_axis(label, column_dim, axes[0], wraps=crs is None)
        _check_axis(label, row_dim, axes[1], wraps=False)
        return StraightGrid(axes[0], axes[1], crs, along), row_dim, column_dim
    raise ForcingError(
        f"{label}: no longitude and latitude (nor a readable grid_mapping with x and y) for {name}; "
        f"add them as CF coordinates."
    )


Found = tuple[tuple[Floats, Floats], str, str, CRS | None]


def _projected(label: str, dataset: LabelledDataset, variable: LabelledArray) -> Found | None:
    crs = _mapping_crs(label, dataset, variable)
    if crs is None:
        return None
    x_name = _axis_variable(dataset, variable, ("projection_x_coordinate", "grid_longitude"), "X")
    y_name = _axis_variable(dataset, variable, ("projection_y_coordinate", "grid_latitude"), "Y")
    if x_name is None or y_name is None:
        return None
    x, y = (_in_crs_units(dataset[name], crs) for name in (x_name, y_name))
    found = (x, y), str(dataset[y_name].dims[0]), str(dataset[x_name].dims[0]), crs
    given = _curvilinear(dataset, variable)
    if given is not None and not _agrees(found, given):
        # The positions that the file states win over a projection that contradicts them.
        return None
    return found


def _mapping_crs(label: str, dataset: LabelledDataset, variable: LabelledArray) -> CRS | None:
    """The projection of a variable; None for longitude/latitude or when the file names none that exists."""
    name = str(variable.attrs.get("grid_mapping", "")).split(":")[0].strip()
    if name not in dataset.variables:
        return None
    attributes: dict[str, Any] = dict(dataset[name].attrs)
    if attributes.get("grid_mapping_name") == "latitude_longitude":
        return None
    proj4 = next(
        (str(attributes[key]) for key in ("proj4", "proj4_params", "proj4_string") if key in attributes), None
    )
    # A PROJ string is complete and says the shape of the earth; CF attributes often leave that out.
    attempts: list[tuple[Callable[[Any], CRS], object]] = [
        (CRS.from_proj4, proj4),
        (CRS.from_cf, attributes),
    ]
    for read, given in attempts:
        if given is None:
            continue
        try:
            crs = read(given)
        except (CRSError, KeyError, ValueError, TypeError):
            continue
        return None if crs.is_geographic and not crs.is_derived else crs
    if _curvilinear(dataset, variable) is None and _plain(dataset, variable) is None:
        raise ForcingError(
            f"{label}: the map projection '{name}' cannot be understood, and the file gives no longitudes "
            f"and latitudes instead; add the latter or a proj4 attribute."
        )
    return None


def _in_crs_units(axis: LabelledArray, crs: CRS) -> Floats:
    values = np.asarray(axis.values, dtype=float)
    metres = _METRES.get(str(axis.attrs.get("units", "m")).strip().lower())
    if metres is None or crs.is_geographic or not crs.axis_info:
        return values
    return values * (metres / crs.axis_info[0].unit_conversion_factor)


def _agrees(found: Found, given: Found) -> bool:
    """The projected axes hit the file's own longitudes and latitudes to a quarter of a cell."""
    (x, y), _, _, crs = found
    lon, lat = given[0]
    if lon.shape != (len(y), len(x)):
        return False
    grid = StraightGrid(x, y, crs, along_axes=False)
    rows, columns = np.array([0, 0, len(y) - 1, len(y) - 1]), np.array([0, len(x) - 1, 0, len(x) - 1])
    lon_p, lat_p = grid.positions_deg(columns, rows)
    east = ((lon_p - lon[rows, columns] + 180.0) % 360.0 - 180.0) * np.cos(np.deg2rad(lat_p))
    miss_deg = np.hypot(east, lat_p - lat[rows, columns])
    cell_deg = np.hypot(lat[1, 1] - lat[0, 0], (lon[1, 1] - lon[0, 0]) * np.cos(np.deg2rad(lat[0, 0])))
    return bool(np.all(miss_deg < 0.25 * cell_deg))


def _plain(dataset: LabelledDataset, variable: LabelledArray) -> Found | None:
    lon = next((n for n in _positions(dataset, variable, "longitude") if dataset[n].ndim == 1), None)
    lat = next((n for n in _positions(dataset, variable, "latitude") if dataset[n].ndim == 1), None)
    if lon is None or lat is None or dataset[lon].dims == dataset[lat].dims:
        return None
    axes = tuple(np.asarray(dataset[name].values, dtype=float) for name in (lon, lat))
    return (axes[0], axes[1]), str(dataset[lat].dims[0]), str(dataset[lon].dims[0]), None


def _curvilinear(dataset: LabelledDataset, variable: LabelledArray) -> Found | None:
    lon = next((n for n in _positions(dataset, variable, "longitude") if dataset[n].ndim == 2), None)
    lat = next((n for n in _positions(dataset, variable, "latitude") if dataset[n].ndim == 2), None)
    if lon is None or lat is None or dataset[lon].dims != dataset[lat].dims:
        return None
    axes = tuple(np.asarray(dataset[name].values, dtype=float) for name in (lon, lat))
    row_dim, column_dim = (str(dim) for dim in dataset[lon].dims)
    return (axes[0], axes[1]), row_dim, column_dim, None


def _positions(dataset: LabelledDataset, variable: LabelledArray, which: str) -> Iterator[str]:
    """Variables that hold longitudes (or latitudes) on dimensions of `variable`, the stated ones first."""
    stated = str(variable.attrs.get("coordinates", "")).split()
    unit = r"^degrees?_?(east|e)$" if which == "longitude" else r"^degrees?_?(north|n)$"
    usual = {which, which[:3], f"nav_{which[:3]}", f"{which[:3]}_rho"}
    found = []
    for name, other in dataset.variables.items():
        if other.ndim not in (1, 2) or not set(other.dims) <= set(variable.dims):
            continue
        attributes = other.attrs
        if (
            attributes.get("standard_name") == which
            or re.match(unit, str(attributes.get("units", "")).lower())
            or str(name).lower() in usual
        ) and "grid_" not in str(attributes.get("standard_name", "")):
            found.append(str(name))
    yield from sorted(found, key=lambda name: (name not in stated, name))


def _axis_variable(
    dataset: LabelledDataset, variable: LabelledArray, standard_names: tuple[str, ...], axis: str
) -> str | None:
    along = [
        (str(name), other)
        for name, other in dataset.variables.items()
        if other.ndim == 1 and other.dims[0] in variable.dims
    ]
    named = [name for name, other in along if other.attrs.get("standard_name") in standard_names]
    marked = [name for name, other in along if other.attrs.get("axis") == axis]
    return next(iter([*named, *marked]), None)


def _along_axes(label: str, variable: LabelledArray, naming: Naming, *, plain: bool) -> bool:
    if naming.grid_axes is not None or plain:
        return bool(naming.grid_axes) and not plain
    words = str(variable.attrs.get("long_name", "")).lower()
    if re.search(r"east|zonal", words):
        return False
    if re.search(r"\bx\b|grid", words):
        return True
    raise ForcingError(
        f"{label}: nothing says whether {variable.name} lies along the grid or toward east; give it a "
        f"standard_name ({naming.first} on a turned grid is ambiguous)."
    )


def _check_axis(label: str, dim: str, axis: Floats, *, wraps: bool) -> None:
    if not np.all(np.isfinite(axis)):
        raise ForcingError(f"{label}: some positions along '{dim}' are missing; fetch the file again.")
    steps = np.diff(axis)
    turns = int(np.sum(np.sign(steps) != np.sign(np.median(steps))))
    if turns > (1 if wraps else 0):
        raise ForcingError(
            f"{label}: the positions along '{dim}' neither increase nor decrease; sort the file."
        )
