"""The engine: seeds, an environment and settings to tracks, piece by piece.

The unit of work is a piece: a stretch of particles of one forcing member. What a particle does depends on
its number, the seed and its forcing only, so pieces may run in any order, anywhere, again after a failure,
and cut in any way: the answer is the same to the bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import DriftSettings
from sarex.drift.axis import TimeAxis
from sarex.drift.ensemble import Status
from sarex.drift.leeway import leeway_coefficients
from sarex.drift.origins import Origins
from sarex.environment.model import Environment, LandRaster, VelocityField
from sarex.kernels import drift as kernel
from sarex.kernels.random import draw_at_first
from sarex.kernels.stranding import clearance

_EARTH_RADIUS_M = 6_371_000.0
_WGS84_E2 = 0.00669437999014
"""Squared eccentricity."""
WINDOW_STEPS = 48
"""Steps for which all particles of a piece go before the next: only eight hours of forcing need to be near at
hand, in the processor's cache or, of a long forcing that is mapped from disk, in memory."""
LARGEST_PIECE = 128 * kernel.BLOCK
"""Particles: bounds what is held of each piece, 20 MB for 60 instants."""


@dataclass(frozen=True)
class Traits:
    """What the engine knows of the kinds of objects; row = `Origins.object_type`."""

    leeway_table: NDArray[np.float64]
    """(class, 9) as published: slope in percent, offset and standard deviation in cm/s; downwind, crosswind
    right, crosswind left."""
    right_frac: NDArray[np.float64]
    """Share that starts right of downwind, (class,)."""
    capsizes: NDArray[np.bool_]
    """(class,)"""


def plain_traits(leeway_table: NDArray[np.float64]) -> Traits:
    """Half of each class starts on either side, and none capsizes."""
    count = len(leeway_table)
    return Traits(np.asarray(leeway_table, float), np.full(count, 0.5), np.zeros(count, bool))


@dataclass(frozen=True)
class Job:
    """What all pieces of a drift share; plain arrays and numbers, so that it can be sent elsewhere."""

    members: tuple[tuple[VelocityField, VelocityField], ...]
    """Current and wind of each forcing member."""
    raster: LandRaster
    clear_m: NDArray[np.float32]
    traits: Traits
    settings: DriftSettings
    axis: TimeAxis
    seed: int
    origin_lat_deg: float
    """Where the plane touches the earth."""


@dataclass(frozen=True)
class Piece:
    """A stretch of particles of one forcing member."""

    member: int
    first_particle: int
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    released_s: NDArray[np.float64]
    object_type: NDArray[np.int16]

    @property
    def stretch(self) -> slice:
        """Its particles' numbers."""
        return slice(self.first_particle, self.first_particle + self.x_m.size)


@dataclass(frozen=True)
class Tracks:
    """Where particles were at the kept instants, in running order."""

    x_m: NDArray[np.float32]
    """(particle, time)"""
    y_m: NDArray[np.float32]
    """(particle, time)"""
    status: NDArray[np.uint8]
    """`Status`, (particle, time)."""
    capsized_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    """POSIX seconds, NaN for what did not capsize, (particle,)."""


def prepare(
    environment: Environment, traits: Traits, settings: DriftSettings, axis: TimeAxis, seed: int
) -> Job:
    """Gather what the pieces of a drift share. `seed`: its lowest 32 bits count."""
    raster = environment.coast.raster
    return Job(
        tuple((member.current, member.wind) for member in environment.members),
        raster,
        clearance(raster.cells, raster.spacing_m),
        traits,
        settings,
        axis,
        seed & 0xFFFFFFFF,
        float(environment.frame.origin_lat_deg),
    )


def cut(origins: Origins, member: NDArray[np.int16], parts: int) -> Iterator[Piece]:
    """At least so many pieces, where there are enough particles; members must lie in order."""
    if origins.x_m.size >= 2**32:
        raise ValueError(f"{origins.x_m.size} particles; random numbers are kept apart for 2^32 at most")
    blocks = -(-origins.x_m.size // kernel.BLOCK)
    size = min(max(1, -(-blocks // parts)) * kernel.BLOCK, LARGEST_PIECE)
    edges = np.flatnonzero(np.diff(member)) + 1
    for start, end in zip([0, *edges], [*edges, member.size], strict=True):
        for first in range(int(start), int(end), size):
            own = slice(first, min(first + size, int(end)))
            yield Piece(
                int(member[first]),
                first,
                origins.x_m[own],
                origins.y_m[own],
                origins.released_s[own],
                origins.object_type[own],
            )


def drift_piece(job: Job, piece: Piece) -> Tracks:
    """Drift one piece from the first step to the last."""
    axis, count = job.axis, piece.x_m.size
    particles = _begin(job, piece)
    current, wind = (_flow(found, axis.middles_s) for found in job.members[piece.member])
    raster = job.raster
    land = kernel.Land(
        raster.cells, job.clear_m, np.array([raster.x0_m, raster.y0_m, raster.spacing_m], np.float64)
    )
    output_at = axis.output_at
    shape = (count, int(output_at.max()) + 1)
    x_m, y_m = np.empty(shape, np.float32), np.empty(shape, np.float32)
    status = np.empty(shape, np.uint8)
    physics = _physics(job)
    for first_step in range(0, axis.steps, WINDOW_STEPS):
        kernel.drift(
            particles,
            piece.first_particle,
            first_step,
            min(first_step + WINDOW_STEPS, axis.steps),
            float(axis.step_s),
            output_at,
            current,
            wind,
            land,
            physics,
            x_m,
            y_m,
            status,
        )
    capsized_s = np.where(
        particles.capsized >= 0, axis.first_s + axis.step_s * particles.capsized, np.nan
    ).astype(np.float64)
    return Tracks(x_m, y_m, status, capsized_s)


def _begin(job: Job, piece: Piece) -> kernel.Particles:
    count = piece.x_m.size
    normal, uniform = np.empty((count, 6)), np.empty((count, 1))
    draw_at_first(np.uint32(job.seed), piece.first_particle, normal, uniform)
    direction = 1.0 if job.axis.step_s > 0 else -1.0
    released = direction * (piece.released_s - job.axis.first_s)
    traits = job.traits
    return kernel.Particles(
        place=np.stack([piece.x_m, piece.y_m], axis=1).astype(np.float64),
        velocity=np.zeros((count, 2), np.float32),
        error=np.ascontiguousarray(normal[:, :4], np.float32),
        on_right=(uniform[:, 0] < traits.right_frac[piece.object_type]).astype(np.uint8),
        status=np.full(count, Status.NOT_YET_RELEASED, np.uint8),
        capsized=np.full(count, -1, np.int32),
        released=np.ascontiguousarray(released, np.float64),
        leeway=leeway_coefficients(traits.leeway_table, piece.object_type, normal[:, 4], normal[:, 5]),
        may_capsize=traits.capsizes[piece.object_type].astype(np.uint8),
    )


def _physics(job: Job) -> kernel.Physics:
    settings, step_h = job.settings, abs(job.axis.step_s) / 3600.0
    kept = exp(-abs(job.axis.step_s) / settings.error_memory_s)
    capsizing = bool(job.traits.capsizes.any()) and job.axis.step_s > 0
    return kernel.Physics(
        seed=job.seed,
        kept=kept,
        renewed=sqrt(1.0 - kept * kept),
        current_variance=float(settings.current_error_mps**2),
        current_growth=float(settings.current_error_growth**2),
        wind_sigma=float(settings.wind_error_mps),
        over_water=1.0 if settings.wind_over_water else 0.0,
        jibe_below=_bits(settings.jibing_per_hour, step_h),
        refloat_below=_bits(settings.refloating_per_hour, step_h) if job.axis.step_s > 0 else 0,
        capsize_exponent=step_h if capsizing else 0.0,
        stretch=1.0 / (4.0 * _EARTH_RADIUS_M**2),
        tilt=_WGS84_E2 * sin(2.0 * radians(job.origin_lat_deg)) / (3.0 * _EARTH_RADIUS_M),
    )


def _bits(chance_per_hour: float, step_h: float) -> int:
    """32 random bits are below it with an hour's chance spread over the steps of an hour."""
    chance = 1.0 - (1.0 - chance_per_hour) ** step_h
    return int(min(round(chance * 2.0**32), 0xFFFFFFFF))


def _flow(found: VelocityField, middles_s: NDArray[np.float64]) -> kernel.Flow:
    """A field as the kernel takes it, with where in its times the middles of the steps lie."""
    times_s = found.times_s
    before = np.clip(np.searchsorted(times_s, middles_s, side="right") - 1, 0, times_s.size - 2)
    later = (middles_s - times_s[before]) / (times_s[before + 1] - times_s[before])
    outside = (middles_s < times_s[0]) | (middles_s > times_s[-1])
    _, rows, columns, _ = found.velocity_mps.shape
    return kernel.Flow(
        np.asarray(found.velocity_mps).reshape(-1),
        rows,
        columns,
        float(found.x0_m),
        float(found.y0_m),
        float(found.spacing_m),
        np.where(outside, -1, before).astype(np.int64),
        np.where(outside, 0.0, later).astype(np.float32),
    )
