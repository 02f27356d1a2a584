"""Files of unstructured meshes: which variables are the mesh, and where the velocity lies on it.

UGRID says so in attributes (ugrid-conventions.github.io). FVCOM's and SCHISM's own files leave them out or
write only some, but use fixed names: `nv` with `lon`, `lat` (and time in `Itime` and `Itime2`, because their
`time` is often a single-precision number of days, good to minutes only); `SCHISM_hgrid_face_nodes` with
`SCHISM_hgrid_node_x`, `_y`, the bottom layer first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.environment.labelled import LabelledArray, LabelledDataset
from sarex.environment.mesh import TriangleMesh
from sarex.environment.pairs import Pair, find_pairs, stated_units
from sarex.environment.quantities import CURRENT, WIND, Naming, Quantity
from sarex.environment.times import TimeAxis, instants_s
from sarex.errors import ForcingError

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_Names = dict[str, tuple[tuple[str, str], ...]]
"""Pairs of variables by quantity."""
_SCHISM_NODES = ("SCHISM_hgrid_node_x", "SCHISM_hgrid_node_y")
_SCHISM_FACES = "SCHISM_hgrid_face_nodes"
_SCHISM_NAMES: _Names = {
    CURRENT.name: (("hvel", "hvel"), ("horizontalVelX", "horizontalVelY"), ("dahv", "dahv")),
    WIND.name: (("wind_speed", "wind_speed"), ("windSpeedX", "windSpeedY")),
}
_FVCOM_NAMES: _Names = {
    CURRENT.name: (("u", "v"), ("ua", "va")),
    WIND.name: (("uwind_speed", "vwind_speed"), ("U10", "V10")),
}
_DEPTH_MEAN = ("depthAverageVelX", "depthAverageVelY")
_DAY_MS = 86_400_000.0


@dataclass(frozen=True)
class MeshPair:
    """A pair of components on a mesh of a dataset."""

    dataset: LabelledDataset
    pair: Pair
    grid: TriangleMesh
    dim: str
    """The dimension along which the elements lie."""
    fixed: dict[str, int]
    """The surface on the dimension of layers, where there is one."""
    times: TimeAxis | None
    """Where the file's usual time variable is not to be used."""


@dataclass(frozen=True)
class _Topology:
    lon: str
    lat: str
    connectivity: str
    start_index: int
    kind: str


def find_mesh_pair(label: str, datasets: tuple[LabelledDataset, ...], quantity: Quantity) -> MeshPair | None:
    """The most trusted pair on a mesh; None where no dataset has a mesh with this quantity on it.

    Raises:
        ForcingError: there is a mesh, and its positions or its connections cannot be used.
    """
    for dataset in datasets:
        topology = _topology(dataset)
        if topology is None:
            continue
        pairs = [*find_pairs(dataset, quantity), *_by_model_names(dataset, topology, quantity)]
        for pair in pairs:
            located = _location(dataset, topology, pair)
            if located is not None:
                return _describe(label, dataset, topology, pair, located)
    return None


def _topology(dataset: LabelledDataset) -> _Topology | None:
    names = dataset.variables
    for variable in names.values():
        if variable.attrs.get("cf_role") != "mesh_topology":
            continue
        nodes = str(variable.attrs.get("node_coordinates", "")).split()
        faces = str(variable.attrs.get("face_node_connectivity", "")).strip()
        if len(nodes) == 2 and faces in names and all(node in names for node in nodes):
            lon, lat = sorted(nodes, key=lambda name: _is_latitude(dataset[name]))
            start = int(dataset[faces].attrs.get("start_index", -1))
            return _Topology(
                lon, lat, faces, start, {_SCHISM_FACES: "SCHISM", "nv": "FVCOM"}.get(faces, "UGRID")
            )
    if _SCHISM_FACES in names and all(name in names for name in _SCHISM_NODES):
        start = int(dataset[_SCHISM_FACES].attrs.get("start_index", 1))
        return _Topology(*_SCHISM_NODES, _SCHISM_FACES, start, "SCHISM")
    if all(name in names for name in ("nv", "lon", "lat")) and dataset["nv"].ndim == 2:
        return _Topology("lon", "lat", "nv", int(dataset["nv"].attrs.get("start_index", 1)), "FVCOM")
    return None


def _is_latitude(variable: LabelledArray) -> bool:
    words = (
        f"{variable.attrs.get('standard_name', '')} {variable.attrs.get('units', '')} {variable.name}".lower()
    )
    return "lat" in words or "north" in words or words.endswith("_y")


def _by_model_names(dataset: LabelledDataset, topology: _Topology, quantity: Quantity) -> list[Pair]:
    by_model: dict[str, _Names] = {
        "SCHISM": _SCHISM_NAMES,
        "FVCOM": _FVCOM_NAMES,
    }
    known = by_model.get(topology.kind, {})
    found = [
        names
        for names in known.get(quantity.name, ())
        if all(name in dataset.variables for name in names)
        and (names[0] != names[1] or dataset.sizes[dataset[names[0]].dims[-1]] == 2)
    ]
    if topology.kind == "SCHISM" and quantity is CURRENT and _DEPTH_MEAN[0] in dataset.variables:
        found.append(_DEPTH_MEAN)
    return [_split(dataset, first, second, topology) for first, second in found]


def _split(dataset: LabelledDataset, first: str, second: str, topology: _Topology) -> Pair:
    """Both components as variables of their own; SCHISM puts two of them into one variable.

    SCHISM's files give no units; its manual has metres per second for all velocities.
    """
    if first == second:
        # Along the last dimension, after the layers.
        pair_dim = dataset[first].dims[-1]
        for k, axis in enumerate("xy"):
            dataset[f"{first}_{axis}"] = dataset[first].isel({pair_dim: k})
        first, second = f"{first}_x", f"{second}_y"
    for name in (first, second):
        if topology.kind == "SCHISM" and not stated_units(dataset[name]):
            dataset[name].attrs["units"] = "m s-1"
    return Pair(first, second, Naming(first, second, grid_axes=None))


def _location(dataset: LabelledDataset, topology: _Topology, pair: Pair) -> tuple[str, bool] | None:
    """The element dimension of a pair and whether it counts faces."""
    first, second = dataset[pair.first], dataset[pair.second]
    node_dim = str(dataset[topology.lon].dims[0])
    if first.dims != second.dims or dataset[topology.lon].ndim != 1:
        return None
    if node_dim in first.dims:
        return node_dim, False
    face_dims = [str(dim) for dim in dataset[topology.connectivity].dims]
    corner = min(face_dims, key=lambda dim: dataset.sizes[dim])
    face_dim = next(dim for dim in face_dims if dim != corner)
    return (face_dim, True) if face_dim in first.dims else None


def _describe(
    label: str, dataset: LabelledDataset, topology: _Topology, pair: Pair, located: tuple[str, bool]
) -> MeshPair:
    dim, on_faces = located
    lon, lat = (np.asarray(dataset[name].values, dtype=float) for name in (topology.lon, topology.lat))
    _check_positions(label, dataset, topology, lon, lat)
    triangles, face = _triangles(label, dataset, topology)
    if triangles.min() < 0 or triangles.max() >= len(lon):
        raise ForcingError(
            f"{label}: {topology.connectivity} names nodes that are not there (0 to {len(lon) - 1} are); "
            f"its start_index is probably wrong."
        )
    mesh = TriangleMesh(lon, lat, triangles, face, on_faces)
    times = _fvcom_times(label, dataset)
    return MeshPair(dataset, pair, mesh, dim, _surface(dataset, topology, pair, dim), times)


def _check_positions(
    label: str, dataset: LabelledDataset, topology: _Topology, lon: Floats, lat: Floats
) -> None:
    attributes = dataset[topology.lon].attrs
    stated = str(attributes.get("standard_name", "")), str(attributes.get("units", "")).lower()
    metres = "projection" in stated[0] or stated[1] in ("m", "meters", "metres")
    known = np.isfinite(lon) & np.isfinite(lat)
    if metres or not known.any() or np.abs(lat[known]).max() > 90.0 or np.abs(lon[known]).max() > 540.0:
        raise ForcingError(
            f"{label}: the nodes of the mesh ({topology.lon}, {topology.lat}) are not in degrees of "
            f"longitude and latitude; write them so, with vectors east and north."
        )
    if np.ptp(lon[known]) == 0.0 and np.ptp(lat[known]) == 0.0:
        raise ForcingError(
            f"{label}: every node of the mesh lies at {lon[known][0]:g}, {lat[known][0]:g}; the model ran in "
            f"metres and did not write longitudes and latitudes."
        )


def _triangles(label: str, dataset: LabelledDataset, topology: _Topology) -> tuple[Indices, Indices]:
    """Triangles as nodes from 0, and the face of each; quadrilaterals are cut along a diagonal."""
    table = np.asarray(dataset[topology.connectivity].values, dtype=float)
    if table.shape[0] < table.shape[1] and table.shape[0] in (3, 4):
        table = table.T
    if table.shape[1] not in (3, 4):
        raise ForcingError(
            f"{label}: the mesh has faces of up to {table.shape[1]} corners; only triangles and "
            f"quadrilaterals are read. Give the fields on a regular grid instead."
        )
    count = dataset[topology.lon].size
    start = topology.start_index
    if start < 0:
        # UGRID's default is 0, but many files count from 1 and do not say so.
        start = int(np.nanmax(table[:, :3]) == count)
    nodes = np.where(np.isfinite(table) & (table >= start), table - start, -1.0).astype(np.int64)
    if nodes.shape[1] == 4:
        # Triangles among quadrilaterals have a fill value for their fourth corner, declared or not.
        nodes[:, 3] = np.where(nodes[:, 3] < count, nodes[:, 3], -1)
    full = (nodes[:, :3] >= 0).all(axis=1)
    parts, faces = [nodes[full, :3]], [np.flatnonzero(full)]
    if nodes.shape[1] == 4:
        quads = full & (nodes[:, 3] >= 0) & (nodes[:, 3] != nodes[:, 2])
        parts.append(nodes[quads][:, [0, 2, 3]])
        faces.append(np.flatnonzero(quads))
    if not full.any():
        raise ForcingError(
            f"{label}: {topology.connectivity} has no face with three corners; fetch the file again."
        )
    return np.concatenate(parts), np.concatenate(faces)


def _surface(dataset: LabelledDataset, topology: _Topology, pair: Pair, dim: str) -> dict[str, int]:
    """The top layer: the one whose sigma is nearest to zero; SCHISM's last one."""
    fixed = {}
    for other in dataset[pair.first].dims:
        name = str(other)
        if name == dim or dataset.sizes[other] == 1:
            continue
        if name == "nSCHISM_vgrid_layers":
            fixed[name] = dataset.sizes[other] - 1
        elif name in dataset.variables and dataset[name].ndim == 2 and dataset[name].dims[0] == other:
            levels = np.nanmean(np.asarray(dataset[name].values, dtype=float), axis=1)
            fixed[name] = int(np.argmin(np.abs(levels)))
        elif topology.kind == "FVCOM" and name == "siglay":
            fixed[name] = 0
    return fixed


def _fvcom_times(label: str, dataset: LabelledDataset) -> TimeAxis | None:
    """FVCOM's whole days and milliseconds of the day."""
    if not all(name in dataset.variables and dataset[name].ndim == 1 for name in ("Itime", "Itime2")):
        return None
    if " since " not in str(dataset["Itime"].attrs.get("units", "")):
        return None
    times_s = (
        instants_s(label, dataset["Itime"]) + 86_400.0 * np.asarray(dataset["Itime2"].values, float) / _DAY_MS
    )
    if times_s.size == 0 or not np.all(np.diff(times_s) > 0.0):
        return None
    return TimeAxis(str(dataset["Itime"].dims[0]), times_s, descending=False)
