"""How good can any plan be? An upper bound, and a bracket of the optimum of divisible effort.

Both spread the units' search time freely over cells of space and time that move with the drift
(`relaxation_cells`) and solve the concave problem that remains (`relaxation_solver`). What they mean, what
they assume and what they leave out is told in docs/explanation/bounds.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarex.planning.relaxation_cells import (
    SMALLEST_CELL_M,
    LeafRule,
    ParticleTracks,
    SampleTimes,
    SliceCells,
    locate,
    sample_times,
    sampled,
    slice_cells,
)
from sarex.planning.relaxation_closed import ClosedWater, depth_in_closed
from sarex.planning.relaxation_reach import (
    EffortGroup,
    EffortUnit,
    Reach,
    merged,
    reach_as_flown,
    reach_at_most,
)
from sarex.planning.relaxation_solver import (
    DefiniteRange,
    DetectionLaw,
    EffortProblem,
    EffortSolution,
    ParallelSweeps,
    coverage_of,
    maximise_effort,
    value_of,
    with_choices,
    with_particles,
)

__all__ = ["ClosedWater", "EffortUnit", "ParticleTracks", "optimum_bracket", "upper_bound"]

Floats = NDArray[np.float64]

NEGLIGIBLE_SHARE = 1e-30
END_CAP = 0.225
"""Extra area swept at the ends of a leg of length L under the inverse-cube law, in W^2, for L >= W."""
_DEFINITE_STAGES = ((DefiniteRange(0.3), 40), (DefiniteRange(0.12), 60), (DefiniteRange(0.05), 60))
_SWEEPS = ParallelSweeps()
_SWEEP_ITERATIONS, _SWEEP_TOLERANCE = 150, 0.001
_CHOOSINGS = 3
"""Rounds in which the groups choose when to begin."""
ReachOf = Callable[[EffortGroup, Sequence[SliceCells], SampleTimes, Floats, Sequence[Floats]], Reach]
_TINY = 1e-300
_FEWEST_THAT_SPLIT, _MOST_TO_SPLIT = 20.0, 120.0
"""Effective number of particles that splits a cell: the root of all, within these limits."""
_MOST_CELLS_OF_BOUND, _MOST_CELLS = 20_000.0 / _MOST_TO_SPLIT, 10_000.0 / _MOST_TO_SPLIT
"""Beyond 20,000 or some 7,000 effective particles cells hold more of them and get no finer, which lessens the
noise; finer for the bound, which must not lose what a plan could follow."""
_BOUND_STANDARD_ERRORS = 2.0
"""What the bound adds for the sampling noise of the POS with which it is compared."""


def upper_bound(
    units: Sequence[EffortUnit], tracks: ParticleTracks, window_start_s: float, window_end_s: float
) -> float:
    """Probability of success that no plan with these sweep widths can exceed.

    Answers for every plan whose search legs are no shorter than `shortest_leg_m`, in the continuum sense:
    the particles of a cell stand for density that is even inside it. Two standard errors are added for a
    POS that is reckoned on as many particles, not on the density. Definite-range law b(z) = min(1, z),
    with effort inflated for end caps and for the relative speed of the fastest particle of each slice.
    Source: Sarex reference page on search, "Allocation and bounds"; docs/explanation/bounds.md.

    Returns:
        A probability, at most the weight that is ever afloat in the window; 0 without units or particles.
    """
    times = sample_times(window_start_s, window_end_s)
    groups = merged(units)
    tracks = _coverable(tracks, groups, times)
    if not groups or tracks.weight.size == 0:
        return 0.0
    fastest_mps, _ = _drift_speeds(tracks, times)
    searching_mps = np.array([group.unit.search_speed_mps for group in groups])[:, np.newaxis]
    widths_m = np.array([group.unit.sweep_width_m for group in groups])
    shortest_m = np.array([group.unit.shortest_leg_m for group in groups])[:, np.newaxis]
    problem, _ = _problem(
        groups,
        tracks,
        times,
        sweep_rate=widths_m * searching_mps * (1.0 + END_CAP * widths_m / shortest_m),
        speed_factor=np.sqrt(1.0 + fastest_mps / searching_mps),
        most_cells=_MOST_CELLS_OF_BOUND,
    )
    bound = maximise_effort(problem, _DEFINITE_STAGES).dual_value
    return _with_sampling_margin(bound, tracks.weight[_within_reach(problem)])


def optimum_bracket(
    units: Sequence[EffortUnit],
    own: ParticleTracks,
    held_out: ParticleTracks,
    window_start_s: float,
    window_end_s: float,
    *,
    law: DetectionLaw = _SWEEPS,
) -> tuple[float, float]:
    """What freely divisible parallel sweeps could reach: (low, high) around the optimum.

    Law b(z) = erf(sqrt(pi)/2 z), or another that is asked for. The effort is optimised on `own`; high is the
    dual value there, which sampling noise lifts above the truth, low is the value of that effort on
    `held_out`, which lies below. The midpoint is good to about a point. The effort is not inflated for end
    caps (a ladder's legs end outside the probability), and for relative speed only by what legs across the
    drift gain, (1 + (drift / v)^2)^(1/4).

    `own` and `held_out` are independent samples of the same belief: the weights of each sum to the
    probability that the object is still undetected, so rescale them after dividing one ensemble in two.
    """
    times = sample_times(window_start_s, window_end_s)
    groups = merged(units)
    own, held_out = _coverable(own, groups, times), _coverable(held_out, groups, times)
    if not groups or own.weight.size == 0:
        return 0.0, 0.0
    _, square_m2ps2 = _drift_speeds(own, times)
    searching_mps = np.array([group.unit.search_speed_mps for group in groups])[:, np.newaxis]
    problem, cells = _problem(
        groups,
        own,
        times,
        sweep_rate=np.array([group.unit.sweep_width_m for group in groups]) * searching_mps,
        speed_factor=(1.0 + square_m2ps2 / searching_mps**2) ** 0.25,
        reach_of=reach_as_flown,
    )
    solution = _begun_at_best(problem, law)
    unseen = with_particles(
        problem,
        locate(cells, sampled(held_out, times)),
        held_out.object_type.astype(np.int64),
        held_out.weight.astype(np.float64),
    )
    seen_value = min(solution.dual_value, float(np.sum(own.weight)))
    unseen_value = value_of(unseen, law, solution.effort_s)
    return min(unseen_value, seen_value), max(unseen_value, seen_value)


def _begun_at_best(problem: EffortProblem, law: DetectionLaw = _SWEEPS) -> EffortSolution:
    """The best effort found when groups may choose when they begin; the dual value holds for all choices."""
    slope = np.ones(problem.weight.size)
    best, dual = EffortSolution(np.zeros(problem.per_second.shape), 0.0, 0.0), np.inf
    for _ in range(_CHOOSINGS):
        chosen = with_choices(problem, slope)
        solution = maximise_effort(chosen, ((law, _SWEEP_ITERATIONS),), _SWEEP_TOLERANCE)
        dual = min(dual, solution.dual_value)
        gained = solution.value - best.value
        if gained > 0.0:
            best = solution
        if gained <= _SWEEP_TOLERANCE:
            break
        slope = law.slope(coverage_of(chosen, solution.effort_s))
        if np.array_equal(with_choices(problem, slope).cap_s, chosen.cap_s):
            break
    return replace(best, dual_value=dual)


def _within_reach(problem: EffortProblem) -> NDArray[np.bool_]:
    """Which particles some unit can search for at some time, (particle,)."""
    open_to_some = np.append(np.any(problem.per_second > 0.0, axis=0), False)
    return np.asarray(open_to_some[problem.cell_of].any(axis=1))


def _with_sampling_margin(bound: float, weight: Floats) -> float:
    """The bound and standard errors of a POS as high, reckoned on as many particles (Wilson's interval).

    `weight` (particle,) is that of the particles within reach, of which nobody can find more than all.
    """
    reach = float(np.sum(weight))
    if reach <= 0.0 or bound <= 0.0:
        return 0.0
    effective = reach**2 / float(np.sum(weight**2))
    share = min(bound / reach, 1.0)
    odd = _BOUND_STANDARD_ERRORS**2 / effective
    spread = np.sqrt(share * (1.0 - share) * odd + 0.25 * odd**2)
    return min(reach * float(share + 0.5 * odd + spread) / (1.0 + odd), reach, 1.0)


def _coverable(tracks: ParticleTracks, groups: Sequence[EffortGroup], times: SampleTimes) -> ParticleTracks:
    """The particles with weight that are afloat at some time of the window and that some unit can detect."""
    if not groups:
        return tracks
    seen = np.any([group.unit.sweep_width_m > 0.0 for group in groups], axis=0)
    if tracks.object_type.size and int(tracks.object_type.max()) >= seen.size:
        raise ValueError(
            f"object_type reaches {int(tracks.object_type.max())} but the units have sweep widths for "
            f"{seen.size} object types; give one width for each type"
        )
    first = max(int(np.searchsorted(tracks.times_s, times.edges_s[0], side="right")) - 1, 0)
    last = int(np.searchsorted(tracks.times_s, times.edges_s[-1])) + 1
    # after many looks a weight is as small as exp(-700): its square is nothing, and so is its probability
    keep = (
        (tracks.weight > NEGLIGIBLE_SHARE * tracks.weight.max(initial=0.0))
        & seen[tracks.object_type]
        & tracks.afloat[:, first:last].any(axis=1)
    )
    return ParticleTracks(
        tracks.times_s[first:last],
        tracks.x_m[keep, first:last],
        tracks.y_m[keep, first:last],
        tracks.afloat[keep, first:last],
        tracks.weight[keep],
        tracks.object_type[keep],
    )


def _drift_speeds(tracks: ParticleTracks, times: SampleTimes) -> tuple[Floats, Floats]:
    """Largest speed (m/s) and mean square speed (m2/s2) of the particles afloat, both (slice,)."""
    square = np.diff(tracks.x_m, axis=1).astype(np.float64) ** 2 + np.diff(tracks.y_m, axis=1) ** 2
    square /= np.diff(tracks.times_s) ** 2
    afloat = tracks.afloat[:, :-1] | tracks.afloat[:, 1:]
    weight = tracks.weight[:, np.newaxis] * afloat
    fastest, mean = np.zeros(times.slices), np.zeros(times.slices)
    for piece in range(times.slices):
        inside = (tracks.times_s[1:] > times.edges_s[piece]) & (
            tracks.times_s[:-1] < times.edges_s[piece + 1]
        )
        fastest[piece] = np.sqrt(np.max(square[:, inside], initial=0.0, where=afloat[:, inside]))
        total = np.sum(weight[:, inside])
        mean[piece] = np.sum(weight[:, inside] * square[:, inside]) / total if total > 0.0 else 0.0
    return fastest, mean


def _problem(
    groups: Sequence[EffortGroup],
    tracks: ParticleTracks,
    times: SampleTimes,
    sweep_rate: Floats,
    speed_factor: Floats,
    reach_of: ReachOf = reach_at_most,
    most_cells: float = _MOST_CELLS,
) -> tuple[EffortProblem, tuple[SliceCells, ...]]:
    """Cells, particles in them, and what each group can spend where; `speed_factor` is (group, slice)."""
    particles = sampled(tracks, times)
    cells = slice_cells(particles, _leaf_rule(tracks.weight, groups, most_cells))
    counts = np.array([of_slice.count for of_slice in cells])
    area_m2 = np.concatenate([of_slice.area_m2 for of_slice in cells])
    fastest_mps, _ = _drift_speeds(tracks, times)
    kinds_closed = dict.fromkeys(group.unit.closed for group in groups)
    depth_m = {closed: depth_in_closed(closed, cells, times) for closed in kinds_closed}
    reach = [reach_of(group, cells, times, fastest_mps, depth_m[group.unit.closed]) for group in groups]
    reachable = np.array([one.reachable for one in reach])
    problem = EffortProblem(
        cell_of=locate(cells, particles),
        object_type=tracks.object_type.astype(np.int64),
        weight=tracks.weight.astype(np.float64),
        first_cell=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        per_second=reachable * np.repeat(speed_factor, counts, axis=1) / area_m2,
        sweep_rate=np.ascontiguousarray(sweep_rate),
        cap_s=np.array([one.cap_s for one in reach]),
        total_s=np.array([one.total_s for one in reach]),
        choices_s=_padded([one.choices_s for one in reach]),
    )
    return problem, cells


def _padded(choices_s: Sequence[Floats]) -> Floats:
    """Alternatives of every group, (group, choice, slice), as many as the group with most has."""
    most = max(one.shape[0] for one in choices_s)
    return np.array([np.pad(one, ((0, most - one.shape[0]), (0, 0))) for one in choices_s])


def _leaf_rule(weight: Floats, groups: Sequence[EffortGroup], most_cells: float) -> LeafRule:
    """How fine the cells are: the fewer the particles, the fewer in a cell, but no more than about so many.

    No cell is narrower than a quarter of the smallest sweep width, if that is below the usual floor: no leg
    is shorter than its sweep width, so finer cells would only let effort find more than it can.
    """
    effective = float(np.sum(weight)) ** 2 / max(float(np.sum(weight**2)), _TINY)
    widths_m = np.concatenate([group.unit.sweep_width_m for group in groups])
    return LeafRule(
        max(float(np.clip(np.sqrt(effective), _FEWEST_THAT_SPLIT, _MOST_TO_SPLIT)), effective / most_cells),
        min(SMALLEST_CELL_M, 0.25 * float(widths_m[widths_m > 0.0].min())),
    )
