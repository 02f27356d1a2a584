"""The door for forcing files: a NetCDF file that follows the CF conventions, more or less.

Whatever is wrong with a file leaves this room as one `ForcingError` that names it.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sarex.environment.axes import read_grid, read_times
from sarex.environment.grids import NativeGrid
from sarex.environment.levels import pick_levels
from sarex.environment.quantities import CURRENT, WIND, Naming, Quantity, speed_unit_mps
from sarex.environment.times import TimeAxis
from sarex.errors import ForcingError

UNREADABLE = (
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
)
"""What xarray, netCDF4 and HDF5 raise on damaged files."""


@dataclass(frozen=True)
class Component:
    """One component of the velocity as it lies in the file."""

    variable: str
    mps_per_unit: float


@dataclass(frozen=True)
class ForcingDataset:
    """An open forcing file with everything needed to read a piece of one quantity from it."""

    label: str
    dataset: xr.Dataset
    quantity: Quantity
    components: tuple[Component, Component]
    times: TimeAxis
    grid: NativeGrid
    row_dim: str
    column_dim: str
    fixed: dict[str, int]
    """Index on every other dimension (depth, ensemble member of one, ...)."""


@contextmanager
def file_trouble(label: str) -> Iterator[None]:
    """Turn what damaged files make the libraries raise into one sentence that names the file."""
    try:
        with warnings.catch_warnings():
            # A file with two fill values or an odd time unit is read or refused below, in our own words.
            warnings.simplefilter("ignore")
            yield
    except ForcingError:
        raise
    except UNREADABLE as trouble:
        said = getattr(trouble, "strerror", None) or str(trouble) or type(trouble).__name__
        why = re.sub(r"\s+", " ", str(said))[:80]
        raise ForcingError(
            f"{label}: this file cannot be read as NetCDF ({why}). Fetch it again, or take it out "
            f"of the case."
        ) from trouble


def open_forcing(path: Path, quantity: Quantity) -> ForcingDataset:
    """Open a file and find the quantity, its times and its grid in it. The caller closes `dataset`."""
    label = path.name
    _check_path(path)
    with file_trouble(label):
        dataset = xr.open_dataset(
            path, engine="netcdf4", decode_times=False, decode_coords=False, cache=False
        )
        try:
            _check_length(path, dataset)
            return _describe(label, dataset, quantity)
        except BaseException:
            dataset.close()
            raise


def _check_path(path: Path) -> None:
    if not path.exists():
        raise ForcingError(
            f"{path.name}: there is no such forcing file in {path.parent}; check the path in the case."
        )
    if path.is_dir():
        raise ForcingError(f"{path.name}: this is a folder; name the NetCDF files in it one by one.")
    if path.stat().st_size == 0:
        raise ForcingError(f"{path.name}: this forcing file is empty; fetch it again.")


def _check_length(path: Path, dataset: xr.Dataset) -> None:
    """Classic NetCDF reads as zeros past the end of a cut file; HDF5 notices by itself."""
    with path.open("rb") as file:
        classic = file.read(3) == b"CDF"
    promised = sum(
        variable.size * np.dtype(variable.encoding.get("dtype", variable.dtype)).itemsize
        for variable in dataset.variables.values()
    )
    if classic and path.stat().st_size < promised:
        raise ForcingError(f"{path.name}: the file is shorter than its own header says; fetch it again.")


def _describe(label: str, dataset: xr.Dataset, quantity: Quantity) -> ForcingDataset:
    first, second, naming = _find_pair(label, dataset, quantity)
    components = (_component(label, dataset[first]), _component(label, dataset[second]))
    times, time_dim = read_times(label, dataset, dataset[first])
    grid, row_dim, column_dim = read_grid(label, dataset, first, naming)
    others = [dim for dim in dataset[first].dims if dim not in (time_dim, row_dim, column_dim)]
    fixed = pick_levels(label, dataset, dataset[first], [str(dim) for dim in others], quantity)
    return ForcingDataset(label, dataset, quantity, components, times, grid, row_dim, column_dim, fixed)


def _find_pair(label: str, dataset: xr.Dataset, quantity: Quantity) -> tuple[str, str, Naming]:
    pairs = [*_pairs_by_standard_name(dataset, quantity), *_pairs_by_name(dataset, quantity)]
    for first, second, naming in pairs:
        if dataset[first].dims == dataset[second].dims and dataset[first].ndim >= 2:
            return first, second, naming
    if pairs:
        first, second, _ = pairs[0]
        raise ForcingError(
            f"{label}: {first} {_shape(dataset, first)} and {second} {_shape(dataset, second)} do not lie on "
            f"the same grid; bring both components to the same points first."
        )
    raise ForcingError(_nothing_found(label, dataset, quantity))


def _shape(dataset: xr.Dataset, name: str) -> str:
    return "(" + ", ".join(str(dim) for dim in dataset[name].dims) + ")"


def _pairs_by_standard_name(dataset: xr.Dataset, quantity: Quantity) -> Iterator[tuple[str, str, Naming]]:
    for naming in quantity.standard_names:
        firsts = _with_standard_name(dataset, naming.first)
        seconds = _with_standard_name(dataset, naming.second)
        yield from ((a, b, naming) for a in firsts for b in seconds if _sisters(dataset, a, b))
        yield from ((a, b, naming) for a in firsts for b in seconds if not _sisters(dataset, a, b))


def _with_standard_name(dataset: xr.Dataset, standard_name: str) -> list[str]:
    names = [str(n) for n, v in dataset.variables.items() if v.attrs.get("standard_name") == standard_name]
    # Several heights of one wind: the one that is called ten metres first, a gust never.
    names = [name for name in names if "gust" not in name.lower()]
    return sorted(names, key=lambda name: "10" not in name)


def _sisters(dataset: xr.Dataset, first: str, second: str) -> bool:
    """The names differ in the letter of the component only, and the dimensions are the same."""
    if dataset[first].dims != dataset[second].dims or len(first) != len(second):
        return False
    return sum(a != b for a, b in zip(first, second, strict=True)) <= 1


def _pairs_by_name(dataset: xr.Dataset, quantity: Quantity) -> Iterator[tuple[str, str, Naming]]:
    for naming in quantity.variable_names:
        names = (naming.first, naming.second)
        if all(name in dataset.variables and _may_be(dataset[name], quantity) for name in names):
            yield (*names, naming)


def _may_be(variable: xr.DataArray, quantity: Quantity) -> bool:
    """Nothing in the variable's own words says that it is something else."""
    words = f"{variable.attrs.get('standard_name', '')} {variable.attrs.get('long_name', '')}".lower()
    foreign = (
        r"wind|air|\bice|stokes|wave" if quantity is CURRENT else r"water|\bsea|current|\bice|gust|stress"
    )
    return re.search(foreign, words) is None


def _nothing_found(label: str, dataset: xr.Dataset, quantity: Quantity) -> str:
    other = WIND if quantity is CURRENT else CURRENT
    others = [*_pairs_by_standard_name(dataset, other), *_pairs_by_name(dataset, other)]
    if others:
        return (
            f"{label}: no {quantity.name} in this file; it holds a {other.name} "
            f"({others[0][0]}, {others[0][1]}). Name it under environment.{other.name}."
        )
    known = {
        name
        for naming in (*quantity.standard_names, *quantity.variable_names)
        for name in (naming.first, naming.second)
    }
    halves = [
        str(n) for n, v in dataset.variables.items() if n in known or v.attrs.get("standard_name") in known
    ]
    if halves:
        return f"{label}: only one component of the {quantity.name} is here ({halves[0]}); both are needed."
    held = ", ".join(str(name) for name in list(dataset.data_vars)[:6])[:100] or "no variables at all"
    east, north = quantity.standard_names[0].first, quantity.standard_names[0].second
    return f"{label}: no {quantity.name} ({east}, {north}) in this file; it holds {held}."


def _component(label: str, variable: xr.DataArray) -> Component:
    name = str(variable.name)
    units = variable.attrs.get("units")
    if units is None:
        stated = re.search(r"\(([^()]*)\)\s*$", str(variable.attrs.get("long_name", "")))
        units = stated.group(1) if stated else None
    if units is None or not str(units).strip():
        raise ForcingError(
            f"{label}: variable {name} has no units, and a speed without one is not used; add the attribute, "
            f"for instance ncatted -a units,'{name}',c,c,'m s-1' on the file."
        )
    factor = speed_unit_mps(str(units))
    if factor is None:
        raise ForcingError(
            f"{label}: the units of {name} are '{str(units)[:40]}', which is no speed known here; "
            f"write m s-1, cm s-1, km h-1 or knot."
        )
    return Component(name, factor)
