"""The cells in which the effort relaxation lays out search effort: space by time slice.

Each time slice of half an hour has its own square cells, carried along with the mean drift of the
particles during the slice, so that effort put into a cell follows the cloud as a search area that drifts
with the datum does. Within a slice a particle is sampled about every 10 minutes, and may change cell.

The size of the cells is a compromise, made anew in every slice: coarse enough that an occupied cell holds
15 particles on the average, so that the optimum does not chase the sampling noise; otherwise as fine as
blurs the cloud by no more than cells of a third of sigma blur a circular normal one (Sarex reference
page on search, "Allocation and bounds").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SLICE_S = 1800.0
SAMPLE_S = 600.0
PARTICLES_PER_CELL = 15.0
LARGEST_BLUR = 1.0 / 108.0
"""Relative loss of mean density by cells of sigma / 3 over a circular normal: (h / sigma)^2 / 12."""
SMALLEST_CELL_M = 50.0
_LADDER_STEPS = 30
_KEY_STRIDE = 1 << 31


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
class SampleTimes:
    """The time slices of a search window and the instants at which particles are sampled in them."""

    edges_s: NDArray[np.float64]
    """(slice + 1,)"""
    samples: NDArray[np.int64]
    """How many samples each slice has, (slice,)."""
    at_s: NDArray[np.float64]
    """Midpoints of equal parts of the slices, (sample,)."""

    @property
    def slices(self) -> int:
        return int(self.samples.size)

    def of_slice(self, piece: int) -> slice:
        """Which samples belong to a slice."""
        first = int(self.samples[:piece].sum())
        return slice(first, first + int(self.samples[piece]))


@dataclass(frozen=True)
class SampledParticles:
    """Where the particles are at the sample times."""

    x_m: NDArray[np.float64]
    """(particle, sample)"""
    y_m: NDArray[np.float64]
    """(particle, sample)"""
    afloat: NDArray[np.bool_]
    """(particle, sample)"""
    weight: NDArray[np.float64]
    """(particle,)"""


@dataclass(frozen=True)
class SliceCells:
    """The occupied cells of one slice."""

    size_m: float
    drift_x_m: NDArray[np.float64]
    """How far the cells have drifted from their place at mid-slice, (sample of the slice,)."""
    drift_y_m: NDArray[np.float64]
    keys: NDArray[np.int64]
    """Sorted, (cell,)."""
    centre_x_m: NDArray[np.float64]
    """At mid-slice, (cell,)."""
    centre_y_m: NDArray[np.float64]

    @property
    def reach_margin_m(self) -> float:
        """No point of a cell is farther than this from its centre at mid-slice, at any sample."""
        drift = np.hypot(self.drift_x_m, self.drift_y_m).max(initial=0.0)
        return float(self.size_m * np.sqrt(0.5) + drift)


def sample_times(window_start_s: float, window_end_s: float) -> SampleTimes:
    """Slices of half an hour, the last one as short as the window makes it, and samples in them."""
    if not window_end_s > window_start_s:
        raise ValueError(f"the search window ends at {window_end_s} s; it must end after {window_start_s} s")
    pieces = max(1, int(np.ceil((window_end_s - window_start_s) / SLICE_S - 1e-6)))
    edges_s = np.minimum(window_start_s + SLICE_S * np.arange(pieces + 1), window_end_s)
    edges_s[-1] = window_end_s
    durations_s = np.diff(edges_s)
    samples = np.maximum(1, np.round(durations_s / SAMPLE_S).astype(np.int64))
    at_s = [
        edge + length * (np.arange(count) + 0.5) / count
        for edge, length, count in zip(edges_s[:-1], durations_s, samples, strict=True)
    ]
    return SampleTimes(edges_s, samples, np.concatenate(at_s))


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


def slice_cells(particles: SampledParticles, times: SampleTimes) -> tuple[SliceCells, ...]:
    """The occupied cells of every slice, sized and carried as the module says."""
    return tuple(_cells_of_slice(particles, times.of_slice(piece)) for piece in range(times.slices))


def locate(
    cells: tuple[SliceCells, ...], particles: SampledParticles, times: SampleTimes
) -> NDArray[np.int32]:
    """Number of the cell in which each particle is, over all slices, (particle, sample).

    -1 where the particle is not afloat or where no cell was laid out.
    """
    found = np.full(particles.x_m.shape, -1, dtype=np.int32)
    first = 0
    for piece, of_slice in enumerate(cells):
        samples = times.of_slice(piece)
        if of_slice.keys.size:
            keys = _keys(
                particles.x_m[:, samples] - of_slice.drift_x_m,
                particles.y_m[:, samples] - of_slice.drift_y_m,
                of_slice.size_m,
            )
            place = np.minimum(np.searchsorted(of_slice.keys, keys), of_slice.keys.size - 1)
            known = (of_slice.keys[place] == keys) & particles.afloat[:, samples]
            found[:, samples] = np.where(known, first + place, -1)
        first += of_slice.keys.size
    return found


def _cells_of_slice(particles: SampledParticles, samples: slice) -> SliceCells:
    afloat = particles.afloat[:, samples] & (particles.weight > 0.0)[:, np.newaxis]
    x_m, y_m = particles.x_m[:, samples], particles.y_m[:, samples]
    drift_x_m = _mean_drift(x_m, afloat, particles.weight)
    drift_y_m = _mean_drift(y_m, afloat, particles.weight)
    x_m, y_m = x_m - drift_x_m, y_m - drift_y_m
    fullest = int(np.argmax(np.sum(particles.weight[:, np.newaxis] * afloat, axis=0)))
    here = afloat[:, fullest]
    size_m = cell_size(x_m[here, fullest], y_m[here, fullest], particles.weight[here])
    x_m, y_m = x_m[afloat], y_m[afloat]
    keys, first = np.unique(_keys(x_m, y_m, size_m), return_index=True)
    centre_x_m = (np.floor(x_m[first] / size_m) + 0.5) * size_m
    centre_y_m = (np.floor(y_m[first] / size_m) + 0.5) * size_m
    return SliceCells(size_m, drift_x_m, drift_y_m, keys, centre_x_m, centre_y_m)


def _mean_drift(
    along_m: NDArray[np.float64], afloat: NDArray[np.bool_], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean displacement since mid-slice of the particles that stay afloat, (sample of the slice,)."""
    weight = weight * afloat.all(axis=1)
    total = float(np.sum(weight))
    if total <= 0.0:
        return np.zeros(along_m.shape[1])
    mean_m = np.sum(along_m * weight[:, np.newaxis], axis=0) / total
    return np.asarray(mean_m - mean_m.mean())


def cell_size(x_m: NDArray[np.float64], y_m: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Side of the square cells for a cloud of particles, arrays (particle,).

    Walks from coarse to fine in steps of sqrt(2) until an occupied cell holds fewer than
    `PARTICLES_PER_CELL` particles (in effective number, where weights differ), then takes the coarsest
    size on the way that blurs the cloud by no more than `LARGEST_BLUR`, or else the finest.
    """
    if weight.size == 0:
        return SMALLEST_CELL_M
    effective = float(np.sum(weight)) ** 2 / float(np.sum(weight**2))
    spread_m = np.sqrt(np.var(x_m) + np.var(y_m))
    sizes_m = [max(2.0 * float(spread_m), SMALLEST_CELL_M)]
    density = [_mean_density(x_m, y_m, weight, sizes_m[0])[0]]
    for _ in range(_LADDER_STEPS):
        finer_m = sizes_m[-1] * np.sqrt(0.5)
        mean, occupied = _mean_density(x_m, y_m, weight, finer_m)
        if effective / occupied < PARTICLES_PER_CELL or finer_m < SMALLEST_CELL_M:
            break
        sizes_m.append(float(finer_m))
        density.append(mean)
    finest = 2.0 * density[-1] - density[-2] if len(density) > 1 else density[-1]
    for size_m, mean in zip(sizes_m, density, strict=True):
        if mean >= (1.0 - LARGEST_BLUR) * finest:
            return size_m
    return sizes_m[-1]


def _mean_density(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], weight: NDArray[np.float64], size_m: float
) -> tuple[float, int]:
    """Density that one particle sees of the others, 1/m2, and the number of occupied cells.

    The unbiased pair estimate of the integral of the squared density, blurred by the cells.
    """
    _, cell = np.unique(_keys(x_m, y_m, size_m), return_inverse=True)
    in_cell = np.bincount(cell, weights=weight)
    own = float(np.sum(weight**2))
    pairs = float(np.sum(weight)) ** 2 - own
    if pairs <= 0.0:
        return 0.0, in_cell.size
    return (float(np.sum(in_cell**2)) - own) / pairs / size_m**2, in_cell.size


def _keys(x_m: NDArray[np.float64], y_m: NDArray[np.float64], size_m: float) -> NDArray[np.int64]:
    column = np.floor(x_m / size_m).astype(np.int64)
    row = np.floor(y_m / size_m).astype(np.int64)
    return np.asarray(column * _KEY_STRIDE + row)
