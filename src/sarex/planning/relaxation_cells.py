"""The cells in which the effort relaxation lays out search effort: space by time slice.

Each time slice of ten minutes has its own cells, laid out on where the particles are in its middle: a
particle stays in its cell for the slice, whichever way it drifts, so a tight cloud keeps its density
though a wide one drifts off from it.

The cells are the leaves of a quadtree, so each part of the cloud gets cells of its own size. A square is
split while it holds `LeafRule.split_at` particles in effective number, or fewer that lie unevenly; a leaf
in which the particles fill only a narrow box has the area of that box. A leaf holds that many particles or
fewer, so the optimum chases the sampling noise that far and no farther.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.kernels.relaxation import grown_quadtree, leaf_of_points

SLICE_S = 600.0
MOST_SLICES = 72
"""Windows of more than twelve hours have longer slices."""
SMALLEST_CELL_M = 50.0
_UNEVEN_FROM = 8.0
"""Effective number of particles from which unevenness splits a square."""
_UNEVEN_CHI_SQUARE = 45.0
"""Of 15 degrees of freedom: an even spread reaches it once in ten thousand squares."""
_ROOT_SIDE = 1.37
_ROOT_OFFSET = 0.07
"""The root square in extents of the cloud: off its middle, lest a split fall on the densest place."""


@dataclass(frozen=True)
class ParticleTracks:
    """Trajectories with their weights, as bare arrays in the local frame."""

    times_s: NDArray[np.float64]
    """Increasing, (time,)."""
    x_m: NDArray[np.float32]
    """(particle, time)"""
    y_m: NDArray[np.float32]
    """(particle, time)"""
    afloat: NDArray[np.bool_]
    """Where the particle can be found by a search at sea, (particle, time)."""
    weight: NDArray[np.float64]
    """(particle,)"""
    object_type: NDArray[np.integer]
    """Index into the sweep widths of the units, (particle,)."""

    def __post_init__(self) -> None:
        shape = (self.weight.shape[0], self.times_s.shape[0])
        for name in ("x_m", "y_m", "afloat"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}; (particle, time) is {shape}")
        if self.object_type.shape != self.weight.shape:
            raise ValueError(f"object_type has shape {self.object_type.shape}, not {self.weight.shape}")
        if shape[1] < 2 or not np.all(np.diff(self.times_s) > 0.0):
            raise ValueError("times_s must hold two or more increasing times")
        if not np.all(self.weight >= 0.0):
            raise ValueError("weight holds a value that is negative or not a number; weights are 0 or more")


@dataclass(frozen=True)
class LeafRule:
    """How fine the cells are."""

    split_at: float
    """A square that holds as many particles in effective number is split: the square of the sum of the
    weights over the sum of their squares."""
    smallest_m: float = SMALLEST_CELL_M
    """No cell is narrower."""


@dataclass(frozen=True)
class SampleTimes:
    """The time slices of a search window and the instants at which particles are sampled in them."""

    edges_s: NDArray[np.float64]
    """(slice + 1,)"""

    @property
    def slices(self) -> int:
        return int(self.edges_s.size - 1)

    @property
    def at_s(self) -> NDArray[np.float64]:
        """The middle of each slice, (slice,)."""
        return np.asarray(0.5 * (self.edges_s[:-1] + self.edges_s[1:]))


@dataclass(frozen=True)
class SampledParticles:
    """Where the particles are at the sample times."""

    x_m: NDArray[np.float64]
    """(particle, slice)"""
    y_m: NDArray[np.float64]
    """(particle, slice)"""
    afloat: NDArray[np.bool_]
    """(particle, slice)"""
    weight: NDArray[np.float64]
    """(particle,)"""


@dataclass(frozen=True)
class SliceCells:
    """The occupied cells of one slice, as the leaves of a quadtree (`kernels.relaxation.grown_quadtree`)."""

    root: NDArray[np.float64]
    """Lower left x and y and side of the whole, m, (3,)."""
    tree: NDArray[np.int64]
    """Children, (node, 4)."""
    square: NDArray[np.float64]
    """Lower left x and y and side, m, (cell, 3)."""
    area_m2: NDArray[np.float64]
    """Of the square, or of the narrower box that its particles fill, (cell,)."""

    @property
    def count(self) -> int:
        return int(self.area_m2.size)

    @property
    def centre_m(self) -> NDArray[np.float64]:
        """x and y, (cell, 2)."""
        return np.asarray(self.square[:, :2] + 0.5 * self.square[:, 2:])

    @property
    def radius_m(self) -> NDArray[np.float64]:
        """No point of a cell is farther than this from its centre, (cell,)."""
        return np.asarray(self.square[:, 2] * np.sqrt(0.5))


def sample_times(window_start_s: float, window_end_s: float) -> SampleTimes:
    """Slices of ten minutes, or of a 72nd of the window where that is more; the last one may be shorter."""
    if not window_end_s > window_start_s:
        raise ValueError(f"the search window ends at {window_end_s} s; it must end after {window_start_s} s")
    length_s = max(SLICE_S, (window_end_s - window_start_s) / MOST_SLICES)
    pieces = max(1, int(np.ceil((window_end_s - window_start_s) / length_s - 1e-6)))
    edges_s = np.minimum(window_start_s + length_s * np.arange(pieces + 1), window_end_s)
    edges_s[-1] = window_end_s
    return SampleTimes(edges_s)


def sampled(tracks: ParticleTracks, times: SampleTimes) -> SampledParticles:
    """Positions at the sample times, linear between the output times of the tracks.

    A particle counts as afloat if it is so at the output time before or at the one after.
    """
    window = times.edges_s
    if tracks.times_s[0] > window[0] + 1.0 or tracks.times_s[-1] < window[-1] - 1.0:
        raise ValueError(
            f"the tracks reach from {tracks.times_s[0]} to {tracks.times_s[-1]} s but the search window "
            f"from {window[0]} to {window[-1]} s; drift the particles over the whole window"
        )
    before = np.clip(np.searchsorted(tracks.times_s, times.at_s) - 1, 0, tracks.times_s.size - 2)
    span_s = tracks.times_s[before + 1] - tracks.times_s[before]
    part = np.clip((times.at_s - tracks.times_s[before]) / span_s, 0.0, 1.0)
    x_m = tracks.x_m[:, before] * (1.0 - part) + tracks.x_m[:, before + 1] * part
    y_m = tracks.y_m[:, before] * (1.0 - part) + tracks.y_m[:, before + 1] * part
    afloat = tracks.afloat[:, before] | tracks.afloat[:, before + 1]
    return SampledParticles(x_m, y_m, afloat, tracks.weight)


def slice_cells(particles: SampledParticles, rule: LeafRule) -> tuple[SliceCells, ...]:
    """The occupied cells of every slice, as the module says."""
    cells = []
    for piece in range(particles.x_m.shape[1]):
        here = particles.afloat[:, piece] & (particles.weight > 0.0)
        cells.append(cells_of(_points(particles, piece)[here], particles.weight[here], rule))
    return tuple(cells)


def cells_of(xy_m: NDArray[np.float64], weight: NDArray[np.float64], rule: LeafRule) -> SliceCells:
    """The cells of one cloud: places (particle, 2) in m and weights above 0 (particle,)."""
    if weight.size == 0:
        nothing = np.zeros((0, 3))
        return SliceCells(np.zeros(3), np.full((1, 4), -1), nothing, nothing[:, 0])
    low_m = xy_m.min(axis=0)
    extent_m = max(float(np.max(xy_m.max(axis=0) - low_m)), rule.smallest_m)
    root = np.array([*(low_m - _ROOT_OFFSET * extent_m), _ROOT_SIDE * extent_m])
    limits = (rule.split_at, _UNEVEN_FROM, _UNEVEN_CHI_SQUARE)
    return SliceCells(root, *grown_quadtree(xy_m, weight, root, limits, rule.smallest_m))


def locate(cells: tuple[SliceCells, ...], particles: SampledParticles) -> NDArray[np.int32]:
    """Number of the cell in which each particle is, over all slices, (particle, slice).

    -1 where the particle is not afloat or where no cell was laid out.
    """
    found = np.full(particles.x_m.shape, -1, dtype=np.int32)
    first = 0
    for piece, of_slice in enumerate(cells):
        place = leaf_of_points(_points(particles, piece), of_slice.tree, of_slice.root)
        known = (place >= 0) & particles.afloat[:, piece]
        found[:, piece] = np.where(known, first + place, -1)
        first += of_slice.count
    return found


def _points(particles: SampledParticles, piece: int) -> NDArray[np.float64]:
    return np.column_stack((particles.x_m[:, piece], particles.y_m[:, piece]))
