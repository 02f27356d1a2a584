"""Unstructured meshes of triangles (and of quadrilaterals, each cut in two): UGRID, FVCOM, SCHISM.

Values on nodes are linear within each triangle. Values on faces are linear within each face, with the slope
that fits the neighbouring faces best, which is how FVCOM itself reads them: both are exact for a field that
is linear in the plane, and their error falls with the square of the cell's size.

A mesh ends at the coast as it ends at its open boundary, and mostly does not say which is which; a target's
node outside takes the nearest element's value within three cells, a cell there being the smaller of the local
one and of the median one, so that the large cells of open boundaries do not reach far.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sarex.environment.grids import to_plane_m
from sarex.environment.placement import COAST_REACH_CELLS
from sarex.environment.target import Target
from sarex.geo import LocalFrame
from sarex.kernels.triangles import (
    claim_nearest,
    fill_from_elements,
    fit_slopes,
    locate_in_triangles,
    spread_faces,
)

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]
Whole = NDArray[np.int32]


@dataclass(frozen=True)
class MeshPlacement:
    """Which elements (nodes or faces) of a mesh a target needs, and their shares at its nodes."""

    elements: Indices
    """Native elements to read, increasing."""
    members: Whole
    """Up to four elements of each of the target's nodes, the nearest first, counted in `elements`; -1 outside
    the mesh; (y, x, 4)."""
    weights: Singles
    """Their weights, (y, x, 4)."""
    beyond: Whole
    """The nearest element of nodes a little outside the mesh, else -1; in the shape of `members`."""
    axes: Singles
    """As in `GridPlacement`."""

    @property
    def native(self) -> tuple[Indices, ...]:
        return (self.elements,)

    def fill(self, first: Singles, second: Singles, velocity_mps: Singles, *, extended: bool) -> int:
        members = self.beyond if extended else self.members
        return int(fill_from_elements(first, second, members, self.weights, self.axes, velocity_mps))


@dataclass(frozen=True)
class TriangleMesh:
    """Corners in longitude and latitude, and the triangles between them."""

    lon_deg: Floats
    """(node,)"""
    lat_deg: Floats
    triangles: Indices
    """Nodes of each triangle, (triangle, 3)."""
    face: Indices
    """The face of the file that a triangle is, or is part of, (triangle,)."""
    on_faces: bool
    """Values lie on faces instead of nodes."""
    _kept: dict[LocalFrame, tuple[Floats, Floats]] = field(default_factory=dict, compare=False, repr=False)

    def place(self, target: Target, stride: int) -> MeshPlacement | None:  # noqa: ARG002
        """Where the target lies on this mesh; None if it does not touch it. A mesh is never thinned out."""
        near = self._near(target)
        if near is None:
            return None
        shape = (target.rows, target.columns)
        triangle, weights = np.full(shape, -1, np.int32), np.zeros((*shape, 4), np.float32)
        locate_in_triangles(near.x_m, near.y_m, near.triangles, *_lattice(target), triangle, weights)
        outside = triangle < 0
        if outside.all():
            return None
        neighbours = find_neighbours(near.triangles)
        if self.on_faces:
            elements, local = np.unique(self.face[near.indices], return_inverse=True)
            members = _share_faces(target, near, local, neighbours, triangle, weights)
        else:
            elements = np.unique(near.triangles)
            local = np.searchsorted(elements, near.triangles)
            members = _share_corners(local, triangle, weights)
        weights[outside] = (1.0, 0.0, 0.0, 0.0)
        border = (
            _border_faces(near, local, neighbours)
            if self.on_faces
            else _border_nodes(near, local, neighbours)
        )
        beyond = _nearest_beyond(target, border, float(np.median(near.sizes_m())), outside)
        axes = np.stack(target.earth_to_plane, axis=-1).astype(np.float32)
        return MeshPlacement(elements, members, weights, beyond, axes)

    def spacing_m(self, target: Target) -> float:
        """Median length of the triangles' sides near the target; infinite for a mesh elsewhere."""
        near = self._near(target)
        return float(np.median(near.sides_m())) if near is not None else float("inf")

    def corners_deg(self) -> tuple[float, float, float, float]:
        """Westernmost, southernmost, easternmost and northernmost position of the nodes."""
        lon, lat = self.lon_deg, self.lat_deg
        return float(np.nanmin(lon)), float(np.nanmin(lat)), float(np.nanmax(lon)), float(np.nanmax(lat))

    def _near(self, target: Target) -> "_NearTriangles | None":
        """The triangles that overlap the target's box, with a few cells to spare on every side."""
        if target.frame not in self._kept:
            self._kept.clear()
            self._kept[target.frame] = to_plane_m(target, self.lon_deg, self.lat_deg)
        x, y = self._kept[target.frame]
        corner_x, corner_y = x[self.triangles], y[self.triangles]
        west, east = corner_x.min(axis=1), corner_x.max(axis=1)
        south, north = corner_y.min(axis=1), corner_y.max(axis=1)
        near, spare_m = None, 0.0
        for _ in range(2):
            overlap = (
                (east >= target.x0_m - spare_m)
                & (west <= target.x0_m + target.spacing_m * (target.columns - 1) + spare_m)
                & (north >= target.y0_m - spare_m)
                & (south <= target.y0_m + target.spacing_m * (target.rows - 1) + spare_m)
            )
            if not overlap.any():
                return None
            indices = np.flatnonzero(overlap)
            near = _NearTriangles(x, y, indices, self.triangles[indices])
            spare_m = (COAST_REACH_CELLS + 1) * float(np.median(near.sides_m()))
        return near


@dataclass(frozen=True)
class _NearTriangles:
    x_m: Floats
    """Of all nodes of the mesh in the frame's plane."""
    y_m: Floats
    indices: Indices
    """Which triangles of the mesh."""
    triangles: Indices
    """Their nodes, (triangle, 3)."""

    def sides_m(self) -> Floats:
        """Length of one side of each."""
        first, second = self.triangles[:, 0], self.triangles[:, 1]
        return np.hypot(self.x_m[second] - self.x_m[first], self.y_m[second] - self.y_m[first])

    def centroids(self) -> tuple[Floats, Floats]:
        return self.x_m[self.triangles].mean(axis=1), self.y_m[self.triangles].mean(axis=1)

    def sizes_m(self) -> Floats:
        """Side of the equilateral triangle of the same area: the size of the cell."""
        return np.asarray(np.sqrt(self.areas_m2() * 4.0 / np.sqrt(3.0)))

    def areas_m2(self) -> Floats:
        x, y = self.x_m[self.triangles], self.y_m[self.triangles]
        return np.asarray(
            0.5
            * np.abs((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0]))
        )


def find_neighbours(triangles: Indices) -> Indices:
    """The triangle on the other side of each side, -1 where there is none; (triangle, 3)."""
    ends = np.sort(np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1), axis=-1).reshape(-1, 2)
    keys = ends[:, 0] * (int(triangles.max()) + 1) + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    neighbours = np.full(len(keys), -1, np.int64)
    one, other = order[same], order[same + 1]
    neighbours[one], neighbours[other] = other // 3, one // 3
    return neighbours.reshape(-1, 3)


def _lattice(target: Target) -> tuple[float, float, float]:
    return target.x0_m, target.y0_m, target.spacing_m


def _share_corners(local: Indices, triangle: Whole, weights: Singles) -> Whole:
    """The three corners around each of the target's nodes, the nearest first; so are the weights put."""
    order = np.argsort(-weights[..., :3], axis=-1, kind="stable")
    weights[..., :3] = np.take_along_axis(weights[..., :3], order, axis=-1)
    members = np.full((*triangle.shape, 4), -1, np.int32)
    members[..., :3] = np.take_along_axis(local[np.maximum(triangle, 0)], order, axis=-1)
    members[..., 3] = members[..., 0]
    members[triangle < 0] = -1
    return members


def _share_faces(
    target: Target,
    near: _NearTriangles,
    local: Indices,
    neighbours: Indices,
    triangle: Whole,
    weights: Singles,
) -> Whole:
    """The face around each of the target's nodes and its neighbours; weights are replaced."""
    x, y = (_face_centroids(part, near.areas_m2(), local) for part in near.centroids())
    # Two halves of one quadrilateral have the same value and say nothing of a slope.
    known = neighbours >= 0
    outer = np.where(known & (local[np.where(known, neighbours, 0)] != local[:, None]), neighbours, -1)
    slopes = np.empty((len(local), 3, 2))
    fit_slopes(x, y, outer, slopes)
    members = np.empty((*triangle.shape, 4), np.int32)
    spread_faces(x, y, outer, slopes, triangle, *_lattice(target), members, weights)
    return np.where(members >= 0, local[members], -1).astype(np.int32)


def _face_centroids(part: Floats, area: Floats, local: Indices) -> Floats:
    """Coordinate of the centroid of the face that each triangle belongs to."""
    total = np.bincount(local, area)
    return np.asarray((np.bincount(local, area * part) / np.where(total > 0.0, total, 1.0))[local])


Border = tuple[Floats, Floats, Floats, Indices]
"""Of the elements along the mesh's border: x, y, size of the cell there, and the element."""


def _border_faces(near: _NearTriangles, local: Indices, neighbours: Indices) -> Border:
    border = np.flatnonzero((neighbours < 0).any(axis=1))
    x, y = near.centroids()
    return x[border], y[border], near.sizes_m()[border], local[border]


def _border_nodes(near: _NearTriangles, local: Indices, neighbours: Indices) -> Border:
    triangle, side = np.nonzero(neighbours < 0)
    triangle, corner = np.concatenate([triangle, triangle]), np.concatenate([side, (side + 1) % 3])
    nodes = near.triangles[triangle, corner]
    return near.x_m[nodes], near.y_m[nodes], near.sizes_m()[triangle], local[triangle, corner]


def _nearest_beyond(target: Target, border: Border, median_m: float, outside: NDArray[np.bool_]) -> Whole:
    """The border's element next to each of the target's nodes outside, -1 where none is near; (y, x, 4)."""
    x, y, size, element = border
    nearest = np.full(outside.shape, -1, np.int32)
    distance2 = np.where(outside, np.inf, -1.0)
    claim_nearest(x, y, COAST_REACH_CELLS * np.minimum(size, median_m), *_lattice(target), distance2, nearest)
    found = np.where(nearest >= 0, element[nearest], -1).astype(np.int32)
    return np.ascontiguousarray(np.broadcast_to(found[..., None], (*outside.shape, 4)))
