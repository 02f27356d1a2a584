"""Arakawa's C grid: each component on the faces of cells through which it flows (ROMS, CROCO, NEMO).

Both components are brought to the cells' centres, each as the mean of its two faces, and are turned from
there. A masked face is a wall, and a wall has zero normal flow: it counts as zero and is not left out, as in
the C-grid interpolation of Delandmeter & van Sebille 2019 (Geosci. Model Dev. 12, 3571). To leave it out
would double the flow against the coast in every coastal cell, and strand what the model carries along
the shore.

The outermost cells have one face only and are dropped: a margin of one cell at the open boundary.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.environment.grids import CurvilinearGrid
from sarex.environment.labelled import LabelledArray, LabelledDataset
from sarex.environment.pairs import Pair, find_pairs
from sarex.environment.quantities import Quantity
from sarex.errors import ForcingError

Floats = NDArray[np.float64]

_PLACES = (("lon_{}", "lat_{}"), ("longitude_{}", "latitude_{}"), ("nav_lon_{}", "nav_lat_{}"))
_NEMO_PLACES = ("glam{}", "gphi{}")


@dataclass(frozen=True)
class Stagger:
    """How the faces lie around the centres that `CurvilinearGrid` holds.

    Centre (row, column) lies between faces (row + 1, column) and (row + 1, column + 1) of the first
    component, and between (row, column + 1) and (row + 1, column + 1) of the second.
    """

    second_row_dim: str
    """The dimensions of the first component are those of the dataset's grid."""
    second_column_dim: str
    water: NDArray[np.bool_]
    """Centres that are water by the file's own mask, (row, column)."""


@dataclass(frozen=True)
class StaggeredPair:
    """A pair of components on a C grid of a dataset."""

    dataset: LabelledDataset
    pair: Pair
    grid: CurvilinearGrid
    row_dim: str
    column_dim: str
    stagger: Stagger


def find_staggered(
    label: str, datasets: tuple[LabelledDataset, ...], quantity: Quantity
) -> StaggeredPair | None:
    """The most trusted pair on a C grid; None where a pair lies on common points, or there is no C grid.

    Raises:
        ForcingError: there is a C grid, and the file does not say where its points lie.
    """
    found = [(dataset, pair) for dataset in datasets for pair in find_pairs(dataset, quantity)]
    for dataset, pair in found:
        first, second = dataset[pair.first], dataset[pair.second]
        if min(first.ndim, second.ndim) < 2:
            continue
        if first.dims == second.dims and not _nemo(dataset, first):
            return None
        (rows_u, columns_u), (rows_v, columns_v) = first.shape[-2:], second.shape[-2:]
        # ROMS has no faces outside the outermost centres; NEMO has as many of each as centres.
        if (rows_u, columns_v) == (rows_v + 1, columns_u + 1) or first.dims == second.dims:
            return _describe(label, dataset, pair)
    return None


def _describe(label: str, dataset: LabelledDataset, pair: Pair) -> StaggeredPair:
    first, second = dataset[pair.first], dataset[pair.second]
    inner = slice(1, None) if first.dims == second.dims else slice(1, -1)
    faces = _positions(dataset, first, "u")
    centres = _positions(dataset, None, "rho") or _positions(dataset, None, "t")
    if centres is not None and centres[0].ndim == 2:
        lon, lat = (part[inner, inner] for part in centres)
    elif faces is not None:
        lon, lat = (_middle(part[inner], wraps=k == 0) for k, part in enumerate(faces))
    else:
        raise ForcingError(
            f"{label}: {pair.first} and {pair.second} lie on the faces of a C grid, and the file has "
            f"neither lon_rho, lat_rho nor lon_u, lat_u; merge the model's grid file into it: "
            "ncks -A grid.nc file.nc."
        )
    expected = (first.shape[-2] - (2 if inner.stop else 1), first.shape[-1] - 1)
    if lon.shape != expected:
        raise ForcingError(
            f"{label}: the longitudes of the C grid have shape {lon.shape}, {pair.first} needs {expected}; "
            f"the grid file is of another model set-up."
        )
    angle = _at_centres(dataset, ("angle",), inner, lon.shape)
    mask = _at_centres(dataset, ("mask_rho", "tmask", "tmaskutil"), inner, lon.shape)
    grid = CurvilinearGrid(lon, lat, along_axes=True, angle_rad=_radians(dataset, angle))
    water = np.ones(lon.shape, np.bool_) if mask is None else np.asarray(mask > 0.5)
    dims_u, dims_v = ([str(dim) for dim in part.dims[-2:]] for part in (first, second))
    return StaggeredPair(dataset, pair, grid, dims_u[0], dims_u[1], Stagger(dims_v[0], dims_v[1], water))


def _nemo(dataset: LabelledDataset, first: LabelledArray) -> bool:
    """Both components have the dimensions of the centres, and the file has positions of the faces besides."""
    names = [_NEMO_PLACES[0].format(point) for point in "uv"]
    return first.ndim >= 2 and all(
        name in dataset.variables and dataset[name].shape[-2:] == first.shape[-2:] for name in names
    )


def _positions(
    dataset: LabelledDataset, variable: LabelledArray | None, point: str
) -> tuple[Floats, Floats] | None:
    """Longitudes and latitudes of one kind of point, by the models' names or the variable's coordinates."""
    for lon_name, lat_name in _candidates(variable, point):
        if lon_name in dataset.variables and lat_name in dataset.variables:
            lon, lat = (_plane_of(dataset[name]) for name in (lon_name, lat_name))
            if lon.ndim == 2 and lon.shape == lat.shape:
                return lon, lat
    return None


def _candidates(variable: LabelledArray | None, point: str) -> Iterator[tuple[str, str]]:
    yield from ((lon.format(point), lat.format(point)) for lon, lat in (*_PLACES, _NEMO_PLACES))
    stated = [] if variable is None else str(variable.attrs.get("coordinates", "")).split()
    lons, lats = ([name for name in stated if part in name.lower()] for part in ("lon", "lat"))
    yield from zip(lons, lats, strict=False)


def _plane_of(variable: LabelledArray) -> Floats:
    """Values on the last two dimensions; NEMO writes its positions with a time of one in front."""
    lead = dict.fromkeys(variable.dims[:-2], 0)
    return np.asarray(variable.isel(lead).values, dtype=float)


def _middle(values: Floats, *, wraps: bool) -> Floats:
    """Between neighbouring columns; longitudes on the shorter way round."""
    step = np.diff(values, axis=1)
    return np.asarray(values[:, :-1] + 0.5 * ((step + 180.0) % 360.0 - 180.0 if wraps else step))


def _at_centres(
    dataset: LabelledDataset, names: tuple[str, ...], inner: slice, shape: tuple[int, ...]
) -> Floats | None:
    for name in names:
        if name in dataset.variables and dataset[name].ndim >= 2:
            values = _plane_of(dataset[name])[inner, inner]
            if values.shape == shape:
                return values
    return None


def _radians(dataset: LabelledDataset, angle: Floats | None) -> Floats | None:
    """From true east counter-clockwise to the first axis: in radians by ROMS' own rule, rarely in degrees."""
    if angle is None or not np.all(np.isfinite(angle)):
        return None
    in_degrees = str(dataset["angle"].attrs.get("units", "")).lower().startswith("deg")
    return np.asarray(np.deg2rad(angle)) if in_degrees or np.abs(angle).max() > 2.0 * np.pi + 0.1 else angle
