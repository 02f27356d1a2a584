"""What is in an open location: the quantity that is asked for, with its times, its grid and its levels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sarex.environment.axes import read_grid, read_times
from sarex.environment.grids import StraightGrid
from sarex.environment.labelled import LabelledDataset
from sarex.environment.levels import pick_levels
from sarex.environment.mesh_files import MeshPair, find_mesh_pair
from sarex.environment.pairs import Component, Pair, components_of, find_pairs, nothing_found, shape_of
from sarex.environment.placement import NativeGrid
from sarex.environment.quantities import Quantity
from sarex.environment.staggered import Stagger, StaggeredPair, find_staggered
from sarex.environment.stores import Store, open_store
from sarex.environment.times import TimeAxis
from sarex.environment.trouble import file_trouble
from sarex.errors import ForcingError


@dataclass(frozen=True)
class ForcingDataset:
    """An open location with everything needed to read a piece of one quantity from it."""

    label: str
    dataset: LabelledDataset
    quantity: Quantity
    components: tuple[Component, Component]
    times: TimeAxis
    grid: NativeGrid
    row_dim: str
    """On a mesh the dimension of its elements, and `column_dim` is the same."""
    column_dim: str
    fixed: dict[str, int]
    """Index on every other dimension (depth, ensemble member, ...)."""
    stagger: Stagger | None = None
    """How the components lie around the nodes of the grid; None where they lie on them."""


def open_forcing(location: str | Path, quantity: Quantity, realization: int | None = None) -> ForcingDataset:
    """Open a location and find the quantity, its times and its grid in it. The caller closes `dataset`.

    Raises:
        ForcingError: it cannot be opened, or does not have the quantity in a form that can be read.
    """
    store = open_store(str(location))
    try:
        with file_trouble(store.label, store.kind):
            return describe(store, quantity, realization)
    except BaseException:
        store.close()
        raise


def describe(store: Store, quantity: Quantity, realization: int | None = None) -> ForcingDataset:
    """Find the quantity in an open location."""
    mesh = find_mesh_pair(store.label, store.datasets, quantity)
    if mesh is not None:
        return _describe_mesh(store.label, mesh, quantity, realization)
    staggered = find_staggered(store.label, store.datasets, quantity)
    if staggered is not None:
        return _describe_staggered(store.label, staggered, quantity, realization)
    dataset, pair = choose_pair(store, quantity)
    label, name = store.label, pair.first
    components = components_of(label, dataset, pair)
    times, time_dim = read_times(label, dataset, dataset[name])
    grid, row_dim, column_dim = read_grid(label, dataset, name, pair.naming)
    _check_positions(label, grid)
    others = [str(dim) for dim in dataset[name].dims if dim not in (time_dim, row_dim, column_dim)]
    fixed = pick_levels(label, dataset, dataset[name], others, quantity, realization)
    return ForcingDataset(label, dataset, quantity, components, times, grid, row_dim, column_dim, fixed)


def _check_positions(label: str, grid: NativeGrid) -> None:
    """A fill value that the file does not declare is a number, and would be taken for a place."""
    if not isinstance(grid, StraightGrid) or grid.crs is not None:
        return
    for what, axis, limit_deg in (("longitude", grid.column_axis, 540.0), ("latitude", grid.row_axis, 90.01)):
        farthest_deg = float(axis[np.argmax(np.abs(axis))])
        if abs(farthest_deg) > limit_deg:
            raise ForcingError(
                f"{label}: a {what} of {farthest_deg:g} degrees is no place on earth; the axis or its fill "
                "value is "
                f"broken. Fetch the file again."
            )


def _describe_mesh(
    label: str, found: MeshPair, quantity: Quantity, realization: int | None
) -> ForcingDataset:
    dataset, variable = found.dataset, found.dataset[found.pair.first]
    times = found.times or read_times(label, dataset, variable)[0]
    others = [str(dim) for dim in variable.dims if dim not in (times.dim, found.dim, *found.fixed)]
    fixed = found.fixed | pick_levels(label, dataset, variable, others, quantity, realization)
    components = components_of(label, dataset, found.pair)
    return ForcingDataset(
        label, dataset, quantity, components, times, found.grid, found.dim, found.dim, fixed
    )


def _describe_staggered(
    label: str, found: StaggeredPair, quantity: Quantity, realization: int | None
) -> ForcingDataset:
    dataset, variable = found.dataset, found.dataset[found.pair.first]
    times, time_dim = read_times(label, dataset, variable)
    others = [str(dim) for dim in variable.dims if dim not in (time_dim, found.row_dim, found.column_dim)]
    fixed = {dim: dataset.sizes[dim] - 1 for dim in others if dim == "s_rho" and dim not in dataset.variables}
    others = [dim for dim in others if dim not in fixed]
    fixed |= pick_levels(label, dataset, variable, others, quantity, realization)
    components = components_of(label, dataset, found.pair)
    rows, columns, stagger = found.row_dim, found.column_dim, found.stagger
    return ForcingDataset(
        label, dataset, quantity, components, times, found.grid, rows, columns, fixed, stagger
    )


def choose_pair(store: Store, quantity: Quantity) -> tuple[LabelledDataset, Pair]:
    """The dataset and the pair of variables that hold a quantity.

    Raises:
        ForcingError: there is none, or its components do not lie on one grid.
    """
    pairs = [(dataset, pair) for dataset in store.datasets for pair in find_pairs(dataset, quantity)]
    for dataset, pair in pairs:
        if dataset[pair.first].dims == dataset[pair.second].dims and dataset[pair.first].ndim >= 2:
            return dataset, pair
    if pairs:
        dataset, pair = pairs[0]
        if dataset[pair.first].dims == dataset[pair.second].dims:
            raise ForcingError(
                f"{store.label}: {pair.first} and {pair.second} lie at a single place or along a track "
                f"{shape_of(dataset, pair.first)}, not on a grid; give a field, or the observations as a "
                "table."
            )
        raise ForcingError(
            f"{store.label}: {pair.first} {shape_of(dataset, pair.first)} and {pair.second} "
            f"{shape_of(dataset, pair.second)} do not lie on "
            f"the same grid; bring both components to the same points first."
        )
    raise ForcingError(nothing_found(store.label, store.datasets, store.held, quantity))
