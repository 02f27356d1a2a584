"""From a case and its environment to weighted trajectories."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, DriftSettings
from sarex.clock import to_posix_s
from sarex.drift.axis import STEP_S, TimeAxis, backward_axis, forward_axis
from sarex.drift.backward import finds_of, fine_until_s
from sarex.drift.beach import to_water_from
from sarex.drift.engine import Job, Tracks, Traits, cut, prepare
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.drift.executors import DriftExecutor, Threads
from sarex.drift.leeway import leeway_table
from sarex.drift.origins import Origins, draw_finds, draw_origins, first_release_s, last_instant_s
from sarex.environment.field import on_land
from sarex.environment.model import LAND, Environment
from sarex.geo import LocalFrame
from sarex.randomness import child_generator, child_seed

PIECES_PER_WORKER = 4
"""More pieces than workers even out their different lengths."""
REPORTED, REHEARSAL = "reported", "rehearsal"
"""Purposes of the two draws of a belief."""
IN_WATER = "PIW-"
"""Leeway classes of persons in the water begin so."""

Progress = Callable[[float], None]


@dataclass(frozen=True)
class PreparedDrift:
    """Everything drawn and gathered; what is left is to drift the pieces."""

    frame: LocalFrame
    job: Job
    origins: Origins
    member: NDArray[np.int16]
    """(particle,)"""
    member_names: tuple[str, ...]
    scenario_names: tuple[str, ...]
    object_types: tuple[str, ...]
    waiting_s: NDArray[np.float64]
    """Instants of a search window that opens before anything can be adrift."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        """POSIX seconds of the tracks, increasing."""
        outputs_s = self.job.axis.output_times_s
        return np.concatenate([self.waiting_s, outputs_s if self.job.axis.step_s > 0 else outputs_s[::-1]])

    def pieces(
        self, executor: DriftExecutor, progress: Progress | None = None
    ) -> Iterator[tuple[slice, DriftEnsemble]]:
        """Drift all particles; yields stretches of them, in any order, as ensembles of their own."""
        done, count = 0, self.origins.x_m.size
        parts = 1 if executor.workers == 1 else PIECES_PER_WORKER * executor.workers
        for piece, tracks in executor.run(self.job, cut(self.origins, self.member, parts)):
            yield piece.stretch, self.ensemble(self._in_order(tracks), piece.stretch)
            done += piece.x_m.size
            if progress is not None:
                progress(done / count)

    def ensemble(
        self, tracks: Tracks, stretch: slice, times_s: NDArray[np.float64] | None = None
    ) -> DriftEnsemble:
        """The ensemble of a stretch of particles with their tracks at `times_s` (all, if not given)."""
        origins = self.origins
        object_type, released_s = origins.object_type[stretch], origins.released_s[stretch]
        in_water = np.array([key.startswith(IN_WATER) for key in self.object_types])[object_type]
        return DriftEnsemble(
            frame=self.frame,
            times_s=self.times_s if times_s is None else times_s,
            x_m=tracks.x_m,
            y_m=tracks.y_m,
            status=tracks.status,
            weight=origins.weight[stretch],
            scenario=origins.scenario[stretch],
            object_type=object_type,
            released_s=released_s,
            scenario_names=self.scenario_names,
            object_types=self.object_types,
            member=self.member[stretch],
            member_names=self.member_names,
            in_water_from_s=np.where(in_water, released_s, tracks.capsized_s),
        )

    def _in_order(self, tracks: Tracks) -> Tracks:
        if self.job.axis.step_s < 0:
            return replace(
                tracks, x_m=tracks.x_m[:, ::-1], y_m=tracks.y_m[:, ::-1], status=tracks.status[:, ::-1]
            )
        if self.waiting_s.size == 0:
            return tracks
        count = self.waiting_s.size
        unreleased = np.full((len(tracks.status), count), Status.NOT_YET_RELEASED, np.uint8)
        return replace(
            tracks,
            x_m=np.concatenate([np.repeat(tracks.x_m[:, :1], count, axis=1), tracks.x_m], axis=1),
            y_m=np.concatenate([np.repeat(tracks.y_m[:, :1], count, axis=1), tracks.y_m], axis=1),
            status=np.concatenate([unreleased, tracks.status], axis=1),
        )


def prepare_drift(
    case: Case,
    environment: Environment,
    *,
    until: datetime,
    purpose: str,
    fine_from: datetime | None = None,
) -> PreparedDrift:
    """Draw where every particle begins, and gather what drives it, until an instant.

    Args:
        until: end of the drift; of no effect on a case that runs backward.
        purpose: names the stream of random numbers; ensembles of different purpose are independent draws.
        fine_from: every step is kept from here on, only full hours before; from the start if not given.

    Raises:
        CaseError: an origin lies on land.
    """
    generator = child_generator(case.seed, "drift", purpose)
    origins, member = _draw(case, environment, generator)
    fine_s = float("-inf") if fine_from is None else to_posix_s(fine_from)
    if case.runs_backward:
        axis = backward_axis(last_instant_s(case), first_release_s(case), fine_until_s(case))
    else:
        axis = forward_axis(first_release_s(case), until, fine_s)
    seed = child_seed(case.seed, "drift steps", purpose)
    return PreparedDrift(
        frame=environment.frame,
        job=prepare(environment, _traits(case), case.drift, axis, seed),
        origins=origins,
        member=member,
        member_names=tuple(found.name for found in environment.members),
        scenario_names=tuple(scenario.name for scenario in case.scenarios),
        object_types=case.object_types,
        waiting_s=_before_release_s(case, axis),
    )


def drift_ensemble(
    case: Case,
    environment: Environment,
    *,
    until: datetime,
    purpose: str,
    fine_from: datetime | None = None,
    executor: DriftExecutor | None = None,
) -> DriftEnsemble:
    """Drift the objects of a case until an instant and hold all tracks in memory; see `prepare_drift`."""
    prepared = prepare_drift(case, environment, until=until, purpose=purpose, fine_from=fine_from)
    return gather_tracks(prepared, executor or Threads())


def gather_tracks(
    prepared: PreparedDrift, executor: DriftExecutor, progress: Progress | None = None
) -> DriftEnsemble:
    """Run a prepared drift and hold all tracks in memory."""
    tracks = empty_tracks(prepared.origins.x_m.size, prepared.times_s.size)
    in_water_from_s = np.empty(prepared.origins.x_m.size)
    for stretch, part in prepared.pieces(executor, progress):
        tracks.x_m[stretch], tracks.y_m[stretch] = part.x_m, part.y_m
        tracks.status[stretch], in_water_from_s[stretch] = part.status, part.in_water_from_s
    whole = prepared.ensemble(tracks, slice(None))
    return replace(whole, in_water_from_s=in_water_from_s)


def empty_tracks(particles: int, instants: int) -> Tracks:
    """Room for tracks."""
    shape = (particles, instants)
    return Tracks(
        np.empty(shape, np.float32),
        np.empty(shape, np.float32),
        np.empty(shape, np.uint8),
        np.empty(particles),
    )


def _draw(
    case: Case, environment: Environment, generator: np.random.Generator
) -> tuple[Origins, NDArray[np.int16]]:
    """Seeds of all forcing members, one member after the other, each with its share of the weight."""
    raster = environment.coast.raster
    draw = _finds_drawn(case, environment) if case.runs_backward else draw_origins
    groups = []
    for found in environment.members:
        particles = max(1, round(case.drift.particles * found.weight))
        drawn = draw(
            case, environment.frame, lambda x_m, y_m: on_land(raster, x_m, y_m) != LAND, particles, generator
        )
        groups.append(replace(drawn, weight=drawn.weight * found.weight))
    member = np.repeat(np.arange(len(groups), dtype=np.int16), [group.x_m.size for group in groups])
    if len(groups) == 1:
        return groups[0], member
    return Origins(
        np.concatenate([group.x_m for group in groups]),
        np.concatenate([group.y_m for group in groups]),
        np.concatenate([group.released_s for group in groups]),
        np.concatenate([group.weight for group in groups]),
        np.concatenate([group.scenario for group in groups]),
        np.concatenate([group.object_type for group in groups]),
    ), member


def _finds_drawn(case: Case, environment: Environment) -> Callable[..., Origins]:
    """`draw_finds` with the way to the water for what lies on the beach."""
    ways = {
        scenario.name: to_water_from(
            f'scenario "{scenario.name}"', found, environment.frame, environment.coast.raster
        )
        for scenario, found in zip(case.scenarios, finds_of(case), strict=True)
    }
    return partial(draw_finds, to_water={name: way for name, way in ways.items() if way is not None})


def _traits(case: Case) -> Traits:
    shares = case.object_shares
    return Traits(
        leeway_table(case.object_types),
        np.array([share.right_of_downwind_frac for share in shares]),
        np.array([share.capsizes for share in shares]),
    )


def _before_release_s(case: Case, axis: TimeAxis) -> NDArray[np.float64]:
    if axis.step_s < 0:
        return np.empty(0)
    count = max(0, ceil((axis.first_s - to_posix_s(case.window.start)) / STEP_S))
    return np.asarray(axis.first_s - STEP_S * np.arange(count, 0, -1), dtype=np.float64)


def drift_seeds(
    environment: Environment,
    origins: Origins,
    traits: Traits,
    settings: DriftSettings,
    axis: TimeAxis,
    seed: int,
) -> Tracks:
    """Drift seeds without a case, in the first forcing member; tracks in running order."""
    tracks = empty_tracks(origins.x_m.size, axis.output_times_s.size)
    job = prepare(environment, traits, settings, axis, seed)
    executor = Threads()
    pieces = cut(origins, np.zeros(origins.x_m.size, np.int16), PIECES_PER_WORKER * executor.workers)
    for piece, found in executor.run(job, pieces):
        tracks.x_m[piece.stretch], tracks.y_m[piece.stretch] = found.x_m, found.y_m
        tracks.status[piece.stretch], tracks.capsized_s[piece.stretch] = found.status, found.capsized_s
    return tracks
