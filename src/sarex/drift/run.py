"""From a case and its environment to weighted trajectories."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from math import ceil, exp, floor, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, DriftSettings
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.drift.leeway import leeway_coefficients
from sarex.drift.origins import Origins, draw_origins, first_release_s
from sarex.environment.field import on_land
from sarex.environment.model import LAND, Environment, VelocityField
from sarex.kernels import drift as kernel
from sarex.randomness import child_generator, child_seed
from sarex.workers import cores

STEP_S = 600.0
"""Ten minutes: a tenth of the hourly forcing's period and, at 1 m/s, less than one of its cells."""
PIECES_PER_CORE = 4
"""More pieces than cores even out their different lengths."""


@dataclass(frozen=True)
class TimeAxis:
    """Steps from at or before the first release to at or after the end."""

    first_s: float
    steps: int
    output_every: int = 1
    """Every so many-th instant is kept."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        return np.asarray(self.first_s + STEP_S * np.arange(self.steps + 1), dtype=np.float64)

    @property
    def output_times_s(self) -> NDArray[np.float64]:
        return self.times_s[:: self.output_every]


def time_axis(case: Case, until: datetime, output_every: int = 1) -> TimeAxis:
    """The steps of a case's drift, on whole multiples of the step since 1970.

    They do not depend on the search window, so that a later window continues the same trajectories.
    """
    first = floor(first_release_s(case) / STEP_S)
    last = max(ceil(to_posix_s(until) / STEP_S), first + 1)
    return TimeAxis(first * STEP_S, last - first, output_every)


def drift_ensemble(
    case: Case, environment: Environment, *, until: datetime, purpose: str, output_every: int = 1
) -> DriftEnsemble:
    """Drift the objects of a case until an instant.

    Args:
        purpose: names the stream of random numbers; ensembles of different purpose are independent draws.
        output_every: keep every so many-th step of ten minutes.

    Raises:
        CaseError: an origin lies on land.
    """
    generator = child_generator(case.seed, "drift", purpose)
    raster = environment.coast.raster
    origins = draw_origins(
        case,
        environment.frame,
        lambda x_m, y_m: on_land(raster, x_m, y_m) != LAND,
        case.drift.particles,
        generator,
    )
    axis = time_axis(case, until, output_every)
    x_m, y_m, status = _run_kernel(case, environment, origins, axis, generator, purpose)
    waiting_s = _before_release_s(case, axis)
    return DriftEnsemble(
        frame=environment.frame,
        times_s=np.concatenate([waiting_s, axis.output_times_s]),
        x_m=_waited(x_m, waiting_s.size),
        y_m=_waited(y_m, waiting_s.size),
        status=_waited(status, waiting_s.size, Status.NOT_YET_RELEASED),
        weight=origins.weight,
        scenario=origins.scenario,
        object_type=origins.object_type,
        released_s=origins.released_s,
        scenario_names=tuple(scenario.name for scenario in case.scenarios),
        object_types=case.object_types,
    )


def _run_kernel(
    case: Case,
    environment: Environment,
    origins: Origins,
    axis: TimeAxis,
    generator: np.random.Generator,
    purpose: str,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8]]:
    count = origins.x_m.size
    settings = case.drift
    coefficients = leeway_coefficients(
        case.object_types,
        origins.object_type,
        generator.standard_normal(count),
        generator.standard_normal(count),
    )
    on_right = generator.random(count) < 0.5
    sigma = np.array([settings.current_error_mps, settings.wind_error_mps])
    error0 = generator.standard_normal((count, 4)) * np.repeat(sigma, 2)
    particles = (
        np.stack([origins.x_m, origins.y_m], axis=1),
        origins.released_s - axis.first_s,
        coefficients,
        on_right,
        error0.astype(np.float32),
    )
    shared = (
        np.uint32(child_seed(case.seed, "drift steps", purpose) & 0xFFFFFFFF),
        STEP_S,
        axis.steps,
        axis.output_every,
        _memory(settings),
        sigma.astype(np.float32),
        _jibe_threshold(settings),
        *_surroundings(environment, axis.times_s[:-1] + STEP_S / 2),
    )
    x_m = np.empty((count, axis.output_times_s.size), np.float32)
    y_m = np.empty_like(x_m)
    status = np.empty(x_m.shape, np.uint8)

    def drift_piece(piece: slice) -> None:
        own = [values[piece] for values in particles]
        outputs = [output[piece] for output in (x_m, y_m, status)]
        arguments: list[Any] = [*own, piece.start, *shared, *outputs]
        kernel.drift(*arguments)

    _side_by_side(drift_piece, count)
    return x_m, y_m, status


def _before_release_s(case: Case, axis: TimeAxis) -> NDArray[np.float64]:
    """Instants of a search window that opens before anything can be adrift, from its start on."""
    interval_s = STEP_S * axis.output_every
    count = max(0, ceil((axis.first_s - to_posix_s(case.window.start)) / interval_s))
    return np.asarray(axis.first_s - interval_s * np.arange(count, 0, -1), dtype=np.float64)


def _waited(values: NDArray[Any], instants: int, status: Status | None = None) -> NDArray[Any]:
    """Columns before the first: every particle waits at its origin."""
    if instants == 0:
        return values
    waiting = np.repeat(values[:, :1], instants, axis=1)
    if status is not None:
        waiting[:] = status
    return np.concatenate([waiting, values], axis=1)


def _side_by_side(work: Callable[[slice], None], count: int) -> None:
    """Whole blocks of particles on every core; a block's answer does not depend on how they are dealt out."""
    blocks = -(-count // kernel.BLOCK)
    size = max(1, -(-blocks // (PIECES_PER_CORE * cores()))) * kernel.BLOCK
    pieces = [slice(start, min(start + size, count)) for start in range(0, count, size)]
    with ThreadPoolExecutor(max_workers=cores()) as executor:
        list(executor.map(work, pieces))


def _surroundings(environment: Environment, middles_s: NDArray[np.float64]) -> tuple[object, ...]:
    """Current, wind and land as the kernel takes them; fields are sampled at the middles of the steps."""
    raster = environment.coast.raster
    fields = tuple(
        value
        for field in (environment.current, environment.wind)
        for value in (field.x_mps, field.y_mps, _grid(field), _time_weights(field, middles_s))
    )
    return (*fields, raster.cells, np.array([raster.x0_m, raster.y0_m, raster.spacing_m]))


def _memory(settings: DriftSettings) -> NDArray[np.float32]:
    """Exact discretisation of an Ornstein-Uhlenbeck process: what a step keeps and what it renews."""
    kept = exp(-STEP_S / settings.error_memory_s)
    return np.array([kept, sqrt(1.0 - kept * kept)], np.float32)


def _jibe_threshold(settings: DriftSettings) -> np.uint32:
    """Random bits below this jibe: the hourly chance spread over the steps of an hour."""
    steps_per_hour = 3600.0 / STEP_S
    chance = 1.0 - (1.0 - settings.jibing_per_hour) ** (1.0 / steps_per_hour)
    return np.uint32(chance * 0xFFFFFFFF)


def _grid(field: VelocityField) -> NDArray[np.float64]:
    return np.array([field.x0_m, field.y0_m, field.spacing_m])


def _time_weights(field: VelocityField, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Index of the field's time before each instant and the weight of the one after, (step, 2)."""
    before = np.clip(np.searchsorted(field.times_s, at_s, side="right") - 1, 0, field.times_s.size - 2)
    span_s = field.times_s[before + 1] - field.times_s[before]
    return np.stack([before, np.clip((at_s - field.times_s[before]) / span_s, 0.0, 1.0)], axis=1)
