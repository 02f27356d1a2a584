"""The effort relaxation against closed forms, published cases, exact static optima and simulated sweeps."""

import csv
import json
from dataclasses import replace
from itertools import pairwise, permutations
from math import erf, exp, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.kernels.relaxation import best_linear_value, collected_coverage, leaf_of_points, reweighted_effort
from sarex.planning import relaxation
from sarex.planning.relaxation import EffortUnit, ParticleTracks, optimum_bracket, upper_bound
from sarex.planning.relaxation_cells import LeafRule, cells_of, locate, sample_times, sampled
from sarex.planning.relaxation_solver import (
    DefiniteRange,
    EffortProblem,
    Exponential,
    ParallelSweeps,
    dual_value,
    maximise_effort,
    value_of,
    with_particles,
)

WINDOW_S = 3 * 3600.0

SEARCH_SHARE = 0.85
"""IAMSAR vol. II: search endurance over on-scene endurance."""


def cloud(
    count: int, seed: int, *, modes_m=((0.0, 0.0),), sigma_m=3000.0, drift_mps=(0.4, 0.1), spread_mps=0.1
):
    """Particles around one or more modes, each with a steady velocity of its own."""
    rng = np.random.default_rng(seed)
    origin_m = np.array(modes_m)[rng.integers(len(modes_m), size=count)] + rng.normal(0, sigma_m, (count, 2))
    velocity_mps = np.array(drift_mps) + rng.normal(0, spread_mps, (count, 2))
    times_s = np.arange(0.0, WINDOW_S + 1.0, 600.0)
    place_m = origin_m[:, None] + velocity_mps[:, None] * times_s[None, :, None]
    return ParticleTracks(
        times_s,
        place_m[..., 0].astype(np.float32),
        place_m[..., 1].astype(np.float32),
        np.ones((count, times_s.size), dtype=bool),
        np.full(count, 1.0 / count),
        np.zeros(count, dtype=np.int64),
    )


def search_unit(**changes):
    unit = EffortUnit(
        name="helicopter",
        start_x_m=-20000.0,
        start_y_m=0.0,
        home_x_m=-20000.0,
        home_y_m=0.0,
        departs_s=0.0,
        endurance_until_s=4 * 3600.0,
        transit_speed_mps=60.0,
        search_speed_mps=45.0,
        shortest_leg_m=3000.0,
        sweep_width_m=np.array([150.0]),
    )
    return replace(unit, **changes)


def static_problem(tracks, effort_m2):
    """Half an hour and one unit that can spend exactly `effort_m2` of swept area anywhere."""
    searching_s = SEARCH_SHARE * 1800.0
    unit = search_unit(start_x_m=0.0, home_x_m=0.0, sweep_width_m=np.array([1.0]))
    return relaxation._problem(
        relaxation.merged([unit]),
        tracks,
        sample_times(0.0, 1800.0),
        sweep_rate=np.array([[effort_m2 / searching_s]]),
        speed_factor=np.ones((1, 3)),
    )


def on_held_out(problem, cells, tracks):
    times = sample_times(0.0, 1800.0)
    where = locate(cells, sampled(tracks, times))
    return with_particles(problem, where, tracks.object_type, tracks.weight)


@pytest.mark.parametrize(
    ("relative_effort", "pos"), [(1, 0.1103), (2, 0.1904), (5, 0.3595), (10, 0.5324), (20, 0.7174)]
)
def test_circular_normal_exponential(relative_effort, pos):
    """Koopman: POS = 1 - (1 + b) exp(-b), b = sqrt(Z / (pi sigma^2)).

    Own dual above, held-out below but for sampling (40,000 particles: standard error at most 0.0025, three of
    them); midpoint within one point.
    """
    sigma_m = 3000.0
    b = sqrt(relative_effort / pi)
    assert 1 - (1 + b) * exp(-b) == pytest.approx(pos, abs=6e-5)
    own, held_out = (cloud(40000, seed, sigma_m=sigma_m, drift_mps=(0, 0), spread_mps=0.0) for seed in (1, 2))
    problem, cells = static_problem(own, relative_effort * sigma_m**2)
    solution = maximise_effort(problem, ((Exponential(), 150),), 1e-4)
    unseen = value_of(on_held_out(problem, cells, held_out), Exponential(), solution.effort_s)
    assert solution.value <= solution.dual_value <= solution.value + 0.002
    assert unseen - 0.0075 <= pos <= solution.dual_value + 0.0075
    assert (unseen + solution.dual_value) / 2 == pytest.approx(pos, abs=0.01)


def test_single_resource_cases_of_soral(shared_dir: Path):
    """tables/effort_allocation_testcases.csv: MIT's SORAL, one resource, exponential law."""
    lines = (shared_dir / "reference/tables/effort_allocation_testcases.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    single = [row for row in rows if len(json.loads(row["T"])) == 1]
    assert len(single) >= 5
    for row in single:
        weight = np.array(json.loads(row["p"]), float)
        rate = np.array(json.loads(row["w"]), float)[:, 0]
        total = np.array(json.loads(row["T"]), float)
        kinds = np.arange(weight.size)
        problem = EffortProblem(
            cell_of=kinds[:, None].astype(np.int32),
            object_type=kinds,
            weight=weight,
            first_cell=np.array([0, weight.size]),
            per_second=np.ones((1, weight.size)),
            sweep_rate=rate[None, :],
            cap_s=total[None, :],
            total_s=total,
        )
        solution = maximise_effort(problem, ((Exponential(), 3000),), 1e-7)
        assert solution.value == pytest.approx(float(row["POS"]), abs=2e-5)
        assert solution.dual_value == pytest.approx(float(row["POS"]), abs=2e-5)
        expected = np.array(json.loads(row["expected_t"]), float)[:, 0]
        np.testing.assert_allclose(solution.effort_s[0], expected, atol=0.004 * total[0])


@pytest.mark.parametrize("law", [ParallelSweeps(), Exponential()])
def test_many_groups_that_are_alike_get_as_far_as_by_a_long_climb(law, monkeypatch):
    """Sixty groups of three kinds, each with its own reach and hours, over three slices of 40 cells."""
    monkeypatch.setattr("sarex.planning.relaxation_solver._FULL_ITERATIONS_UP_TO", 1000)
    rng = np.random.default_rng(5)
    slices, cells, groups, particles = 3, 40, 60, 3000
    place = np.clip(rng.normal(20.0, 6.0, (particles, 1)) + rng.normal(0.0, 3.0, (particles, slices)), 0, 39)
    centre = rng.uniform(0.0, 40.0, (groups, 1))
    reachable = np.tile(np.abs(np.arange(cells) - centre) < 18.0, slices)
    cap_s = rng.uniform(0.0, 600.0, (groups, slices)) * (rng.random((groups, slices)) < 0.7)
    problem = EffortProblem(
        cell_of=(place.astype(np.int32) + cells * np.arange(slices, dtype=np.int32)),
        object_type=rng.integers(0, 2, particles),
        weight=np.full(particles, 1.0 / particles),
        first_cell=cells * np.arange(slices + 1),
        per_second=reachable / 1e6,
        sweep_rate=np.array([(60.0, 20.0), (270.0, 270.0), (1300.0, 600.0)])[np.arange(groups) % 3]
        * rng.uniform(0.95, 1.05, (groups, 1)),
        cap_s=cap_s,
        total_s=rng.uniform(0.5, 1.0, groups) * cap_s.sum(axis=1),
    )
    solution = maximise_effort(problem, ((law, 60),))
    far = maximise_effort(problem, ((law, 4000),), 1e-6)
    # weak duality: whatever either reaches lies below what the other promises
    assert far.value <= solution.dual_value + 1e-9
    assert solution.value <= far.dual_value + 1e-9
    assert far.dual_value - far.value < 1e-3
    assert solution.value > far.value - 0.002
    assert solution.dual_value < far.dual_value + 0.002
    spent_s = np.add.reduceat(solution.effort_s, problem.first_cell[:-1], axis=1)
    assert np.all(spent_s <= cap_s * (1.0 + 1e-9))
    assert np.all(spent_s.sum(axis=1) <= problem.total_s * (1.0 + 1e-9))
    assert not solution.effort_s[~reachable].any()


def static_optimum(density_per_m2, cell_m2, effort_m2):
    """Best sum p erf(sqrt(pi)/2 c): equal slopes p exp(-pi/4 c^2) = mu where c > 0, mu by bisection."""
    low, high = 1e-12 * density_per_m2.max(), density_per_m2.max()
    for _ in range(200):
        mu = sqrt(low * high)
        ratio = np.maximum(density_per_m2 / mu, 1.0)
        coverage = np.sqrt(4 / pi * np.log(ratio))
        low, high = (mu, high) if coverage.sum() * cell_m2 > effort_m2 else (low, mu)
    return float(
        sum(p * erf(sqrt(pi) / 2 * c) for p, c in zip(density_per_m2 * cell_m2, coverage, strict=True))
    )


@pytest.mark.parametrize("relative_effort", [4.0, 12.0])
def test_bracket_holds_the_optimum_of_a_static_two_mode_cloud(relative_effort):
    """The truth is solved on the analytic density; 20,000 particles, three standard errors of 0.0035."""
    sigma_m, modes_m = 2000.0, ((-8000.0, 0.0), (9000.0, 3000.0))
    x, y = np.meshgrid(np.arange(-18000, 19000, 250.0), np.arange(-9000, 12000, 250.0))
    peaks = [np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * sigma_m**2)) for a, b in modes_m]
    density = (sum(peaks) / (4 * pi * sigma_m**2)).ravel()
    truth = static_optimum(density, 250.0**2, relative_effort * sigma_m**2)
    width_m = relative_effort * sigma_m**2 / (45.0 * SEARCH_SHARE * 1800.0)
    unit = search_unit(sweep_width_m=np.array([width_m]), start_x_m=-8000.0, home_x_m=-8000.0)
    ship_like = replace(unit, transit_speed_mps=1e5, shortest_leg_m=10 * width_m)
    own, held_out = (
        cloud(20000, seed, modes_m=modes_m, sigma_m=sigma_m, drift_mps=(0, 0), spread_mps=0.0)
        for seed in (3, 4)
    )
    low, high = optimum_bracket([ship_like], own, held_out, 0.0, 1800.0)
    assert low - 0.0105 <= truth <= high + 0.0105
    assert (low + high) / 2 == pytest.approx(truth, abs=0.0105)


def test_bracket_under_another_law():
    """Koopman's optimum for random search of a circular normal, 5 sigma^2 of effort: 0.3595, within three
    standard errors (20,000 particles, 0.0035). Parallel sweeps are the default.
    """
    sigma_m = 2000.0
    width_m = 5.0 * sigma_m**2 / (45.0 * SEARCH_SHARE * 1800.0)
    unit = search_unit(
        start_x_m=0.0, home_x_m=0.0, sweep_width_m=np.array([width_m]), transit_speed_mps=1e5,
        shortest_leg_m=10 * width_m,
    )  # fmt: skip
    draws = [cloud(20000, seed, sigma_m=sigma_m, drift_mps=(0, 0), spread_mps=0.0) for seed in (5, 6)]
    low, high = optimum_bracket([unit], *draws, 0.0, 1800.0, law=Exponential())
    assert low - 0.0105 <= 0.3595 <= high + 0.0105
    assert (low + high) / 2 == pytest.approx(0.3595, abs=0.0105)
    as_ever = optimum_bracket([unit], *draws, 0.0, 1800.0)
    assert optimum_bracket([unit], *draws, 0.0, 1800.0, law=ParallelSweeps()) == as_ever
    assert as_ever[0] > high


@pytest.mark.parametrize("relative_effort", [2.0, 6.0])
def test_bound_of_a_circular_normal_cloud(relative_effort):
    """Definite range covers the densest disc once: 1 - exp(-Z / (2 pi sigma^2)), Z inflated for end caps.

    Never below but for sampling (two standard errors of 20,000 particles, 0.007); above by noise and the
    solver's gap, together less than two points.
    """
    sigma_m = 2000.0
    width_m = relative_effort * sigma_m**2 / (45.0 * SEARCH_SHARE * 1800.0)
    unit = search_unit(
        sweep_width_m=np.array([width_m]), start_x_m=0.0, transit_speed_mps=1e5, shortest_leg_m=2 * width_m
    )
    tracks = cloud(20000, 15, sigma_m=sigma_m, drift_mps=(0, 0), spread_mps=0.0)
    truth = 1 - exp(-relative_effort * (1 + 0.225 / 2) / (2 * pi))
    assert truth - 0.007 <= upper_bound([unit], tracks, 0.0, 1800.0) <= truth + 0.02


def test_a_common_drift_only_adds_relative_speed():
    """1 m/s against 45 m/s of searching adds 1.1 % of effort and nothing else."""
    unit = search_unit(start_x_m=0.0, transit_speed_mps=1e5, sweep_width_m=np.array([60.0]))
    still, moving = (
        upper_bound([unit], cloud(8000, 16, drift_mps=(speed, 0.0), spread_mps=0.0), 0.0, WINDOW_S)
        for speed in (0.0, 1.0)
    )
    assert moving == pytest.approx(still, rel=0.025)


def koopman_exposure(legs, unit, origin_m, velocity_mps):
    """Inverse-cube exposure of steadily moving particles, the reference's closed form in relative motion."""
    (x0, y0), (vx, vy) = origin_m, velocity_mps
    width_m, speed_mps = unit.sweep_width_m[0], unit.search_speed_mps
    total = np.zeros(x0.shape)
    for ax, ay, bx, by, start_s in legs:
        length_m = np.hypot(bx - ax, by - ay)
        lasts_s = length_m / speed_mps
        ux, uy = (bx - ax) / lasts_s - vx, (by - ay) / lasts_s - vy
        relative_mps = np.hypot(ux, uy)
        rx, ry = ax - (x0 + vx * start_s), ay - (y0 + vy * start_s)
        along = (rx * ux + ry * uy) / relative_mps
        aside = np.maximum(np.abs(rx * uy - ry * ux) / relative_mps, 1e-3)
        ends = [s / np.hypot(aside, s) for s in (along, along + relative_mps * lasts_s)]
        rate = speed_mps * width_m**2 / (8 * pi)
        total += rate / (relative_mps * aside**2) * (ends[1] - ends[0])
    return total


def ladder(rng, unit, centre_m, begin_s):
    """Random parallel legs around a centre that moves with the datum, for 0.85 of the time on scene."""
    length_m = rng.uniform(1.0, 3.0) * unit.shortest_leg_m
    spacing_m = rng.uniform(0.7, 2.0) * unit.sweep_width_m[0]
    turn_s, at_s, legs = 10.0, begin_s, []
    angle = rng.uniform(0, pi)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    searching_s = SEARCH_SHARE * (WINDOW_S - begin_s)
    count = int(searching_s // (length_m / unit.search_speed_mps + turn_s))
    for number in range(count):
        side = 1 if number % 2 == 0 else -1
        middle = centre_m + np.array([0.4, 0.1]) * at_s + across * (number - count / 2) * spacing_m
        begin, end = middle - side * along * length_m / 2, middle + side * along * length_m / 2
        legs.append((*begin, *end, at_s))
        at_s += length_m / unit.search_speed_mps + turn_s
    return legs


@pytest.mark.parametrize("seed", range(6))
def test_no_flown_ladder_beats_the_bound(seed):
    """Random ladders of two units over a drifting cloud, scored by Koopman's exposure of fresh particles."""
    rng = np.random.default_rng(seed)
    units = [
        search_unit(),
        search_unit(
            name="ship",
            start_y_m=4000.0,
            start_x_m=-5000.0,
            transit_speed_mps=10.0,
            search_speed_mps=7.0,
            endurance_until_s=1e6,
            sweep_width_m=np.array([600.0]),
        ),
    ]
    bound = upper_bound(units, cloud(8000, 10 + seed), 0.0, WINDOW_S)
    fresh = cloud(4000, 50 + seed)
    x0, y0 = fresh.x_m[:, 0].astype(float), fresh.y_m[:, 0].astype(float)
    vx, vy = ((m[:, -1].astype(float) - m[:, 0]) / WINDOW_S for m in (fresh.x_m, fresh.y_m))
    best = 0.0
    for _ in range(4):
        exposure = np.zeros(x0.shape)
        for unit, begin_s in zip(units, (340.0, 500.0), strict=True):
            legs = ladder(rng, unit, rng.normal(0, 500.0, 2), begin_s)
            exposure += koopman_exposure(legs, unit, (x0, y0), (vx, vy))
        best = max(best, float(np.mean(-np.expm1(-exposure))))
    assert 0.25 < best <= bound <= 1.0


@pytest.mark.parametrize("length_in_widths", [1.0, 3.0, 10.0])
def test_end_caps_of_the_inverse_cube_law(length_in_widths):
    """The area that one leg sweeps, by quadrature of 1 - exp(-exposure), is W L (1 + 0.225 W / L) or less.

    The quadrature ends 30 W beyond the leg and so misses a little, 0.03 W^2 at most.
    """
    along = np.arange(-30.0, 30.0 + length_in_widths, 0.05)
    edges = np.concatenate([np.arange(0.0, 3.0, 0.02), np.geomspace(3.0, 200.0, 200)])
    aside, width = (edges[1:] + edges[:-1])[:, None] / 2, np.diff(edges)[:, None]
    behind, ahead = along - length_in_widths, along
    exposure = (ahead / np.hypot(ahead, aside) - behind / np.hypot(behind, aside)) / (8 * pi * aside**2)
    swept = 2 * float(np.sum(-np.expm1(-exposure) * width)) * 0.05
    assert swept <= length_in_widths + relaxation.END_CAP + 0.01
    assert swept >= length_in_widths + relaxation.END_CAP - 0.03


def random_problem(rng, *, groups=2, particles=60, slices=3, kinds=2):
    counts = rng.integers(1, 6, slices)
    first = np.concatenate([[0], np.cumsum(counts)])
    cell_of = np.stack([rng.integers(first[s], first[s + 1], particles) for s in range(slices)], axis=1)
    cell_of[rng.random(cell_of.shape) < 0.2] = -1
    cap_s = rng.uniform(0.0, 2.0, (groups, slices)) * (rng.random((groups, slices)) < 0.8)
    per_second = rng.uniform(0.2, 1.0, (groups, first[-1])) * np.repeat(cap_s > 0, counts, axis=1)
    return EffortProblem(
        cell_of=cell_of.astype(np.int32),
        object_type=rng.integers(kinds, size=particles),
        weight=rng.dirichlet(np.ones(particles)),
        first_cell=first,
        per_second=per_second,
        sweep_rate=rng.uniform(0.0, 2.0, (groups, kinds)),
        cap_s=cap_s,
        total_s=np.minimum(cap_s.sum(axis=1), rng.uniform(0.5, 4.0, groups)),
    )


def random_effort(rng, problem):
    """Some effort within all budgets."""
    effort = rng.exponential(1.0, problem.per_second.shape) ** 3 * (problem.per_second > 0)
    for group, (caps, total) in enumerate(zip(problem.cap_s, problem.total_s, strict=True)):
        for s, cap in enumerate(caps):
            cells = slice(problem.first_cell[s], problem.first_cell[s + 1])
            effort[group, cells] *= cap / max(effort[group, cells].sum(), 1e-12)
        effort[group] *= min(1.0, total / max(effort[group].sum(), 1e-12))
    return effort


def plain_coverage(problem, effort):
    """The slow twin of the kernels."""
    coverage = np.zeros(problem.weight.size)
    for p, (cells, kind) in enumerate(zip(problem.cell_of, problem.object_type, strict=True)):
        for cell in cells[cells >= 0]:
            coverage[p] += float(
                np.sum(problem.sweep_rate[:, kind] * problem.per_second[:, cell] * effort[:, cell])
            )
    return coverage


LAWS = {
    "definite": (DefiniteRange(0.1), lambda z: np.minimum(1.0, z)),
    "sweeps": (ParallelSweeps(), lambda z: np.array([erf(sqrt(pi) / 2 * v) for v in z])),
    "exponential": (Exponential(), lambda z: 1 - np.exp(-z)),
}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), law=st.sampled_from(sorted(LAWS)))
def test_weak_duality(seed, law):
    """Any multipliers bound any effort, and the solver's dual value does too."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    given_law, plain = LAWS[law]
    solution = maximise_effort(problem, ((given_law, 30),))
    for _ in range(3):
        effort = random_effort(rng, problem)
        primal = float(np.sum(problem.weight * plain(plain_coverage(problem, effort))))
        multipliers = rng.random(problem.weight.size)
        assert primal <= dual_value(problem, given_law, multipliers) + 1e-9
        assert primal <= solution.dual_value + 1e-9


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), more=st.floats(1.0, 3.0))
def test_more_effort_never_lowers_a_dual_value(seed, more):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    multipliers = rng.random(problem.weight.size)
    richer = replace(problem, cap_s=problem.cap_s * more, total_s=problem.total_s * more)
    law = DefiniteRange(0.1)
    assert dual_value(problem, law, multipliers) <= dual_value(richer, law, multipliers) + 1e-12


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_kernels_against_their_plain_twins(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    effort = random_effort(rng, problem)
    density = problem.sweep_rate.T @ (problem.per_second * effort)
    np.testing.assert_allclose(
        collected_coverage(problem.cell_of, problem.object_type, density), plain_coverage(problem, effort)
    )
    worth = rng.random(problem.per_second.shape) * (problem.per_second > 0)
    expected = 0.0
    for group in range(worth.shape[0]):
        best = [worth[group, a:b].max() for a, b in pairwise(problem.first_cell)]
        values = []
        for order in permutations(range(len(best))):
            left, value = problem.total_s[group], 0.0
            for s in order:
                spent = min(left, problem.cap_s[group, s])
                left, value = left - spent, value + spent * best[s]
            values.append(value)
        expected += max(values)
    got = best_linear_value(worth, problem.first_cell, problem.cap_s, problem.total_s)
    assert got == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), step=st.floats(0.0, 500.0))
def test_a_step_spends_the_whole_budget_and_no_more(seed, step):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    moved = reweighted_effort(
        random_effort(rng, problem),
        rng.random(problem.per_second.shape),
        np.full(2, step),
        problem.per_second,
        problem.first_cell,
        problem.cap_s,
        problem.total_s,
    )
    in_slice = np.add.reduceat(moved, problem.first_cell[:-1], axis=1)
    assert np.all(in_slice <= problem.cap_s * (1 + 1e-9) + 1e-12)
    np.testing.assert_allclose(moved.sum(axis=1), problem.total_s, rtol=1e-9)
    assert np.all(moved[problem.per_second == 0] == 0.0)


def test_more_units_raise_the_bound():
    """Two of a unit, and one with wider sweeps; the solver's gap (stated: one point) may blur the gain."""
    tracks = cloud(5000, 5)
    one = upper_bound([search_unit()], tracks, 0.0, WINDOW_S)
    two = upper_bound([search_unit(), search_unit(name="twin")], tracks, 0.0, WINDOW_S)
    wider = upper_bound([search_unit(sweep_width_m=np.array([200.0]))], tracks, 0.0, WINDOW_S)
    assert one + 0.1 < two
    assert one - 0.01 < wider


def test_equal_units_count_like_unequal_ones():
    """Merging must not matter: a metre apart the two are not merged."""
    tracks = cloud(5000, 6)
    merged = upper_bound([search_unit(), search_unit(name="twin")], tracks, 0.0, WINDOW_S)
    apart = upper_bound([search_unit(), search_unit(name="twin", start_x_m=-20001.0)], tracks, 0.0, WINDOW_S)
    assert merged == pytest.approx(apart, abs=0.01)


def test_two_object_types_share_one_effort():
    """A type that nobody can detect caps the bound at the weight of the other."""
    tracks = cloud(5000, 7)
    types = (np.arange(5000) % 4 == 0).astype(np.int64)
    unit = search_unit(sweep_width_m=np.array([3000.0, 0.0]))
    both = upper_bound([unit] * 20, replace(tracks, object_type=types), 0.0, WINDOW_S)
    assert both == pytest.approx(0.75, abs=1e-3)


def test_stranded_particles_cannot_be_found():
    tracks = cloud(4000, 8)
    afloat = tracks.afloat.copy()
    afloat[:1000] = False
    afloat[1000:2000, 2:] = False
    stranding = replace(tracks, afloat=afloat)
    late = [search_unit(departs_s=7200.0, sweep_width_m=np.array([3000.0]))] * 20
    assert upper_bound(late, stranding, 0.0, WINDOW_S) == pytest.approx(0.5, abs=2e-3)
    low, high = optimum_bracket(late, stranding, stranding, 0.0, WINDOW_S)
    assert 0.4 < low <= high <= 0.75


def test_no_help_no_chance():
    tracks = cloud(1000, 9)
    assert upper_bound([], tracks, 0.0, WINDOW_S) == 0.0
    too_far = search_unit(start_x_m=-2e6)
    assert upper_bound([too_far], tracks, 0.0, WINDOW_S) == pytest.approx(0.0, abs=1e-9)
    assert optimum_bracket([too_far], tracks, tracks, 0.0, WINDOW_S) == pytest.approx((0.0, 0.0), abs=1e-9)
    ashore = replace(tracks, afloat=np.zeros_like(tracks.afloat))
    assert upper_bound([search_unit()], ashore, 0.0, WINDOW_S) == 0.0
    assert optimum_bracket([search_unit()], tracks, ashore, 0.0, WINDOW_S)[0] == 0.0
    blind = search_unit(sweep_width_m=np.array([0.0]))
    assert optimum_bracket([blind], tracks, tracks, 0.0, WINDOW_S) == (0.0, 0.0)


def test_slices_in_which_nothing_is_afloat():
    """What is ashore after an hour can only be found within the first hour."""
    tracks = cloud(4000, 18)
    afloat = tracks.afloat.copy()
    afloat[:, 7:] = False
    near = search_unit(start_x_m=0.0, home_x_m=0.0)
    ashore_later = upper_bound([near], replace(tracks, afloat=afloat), 0.0, WINDOW_S)
    assert 0.05 < ashore_later < upper_bound([near], tracks, 0.0, WINDOW_S) - 0.1


def test_less_time_on_scene_lowers_the_bound():
    """Late departure, short endurance and a far home each cost; same cloud, gaps above the solver's."""
    tracks = cloud(5000, 10)
    full = upper_bound([search_unit()], tracks, 0.0, WINDOW_S)
    for changes in (
        {"departs_s": 5400.0},
        {"endurance_until_s": 5400.0},
        {"home_x_m": -600000.0, "endurance_until_s": 16000.0},
    ):
        assert upper_bound([search_unit(**changes)], tracks, 0.0, WINDOW_S) < full - 0.05


def test_cells_fit_each_part_of_the_cloud():
    """A tight tenth of 30 m in a wide cloud of 20 km: the area of its cells is that of the normal in it.

    A particle of a circular normal sees a density of 1 / (4 pi sigma^2) on the average.
    """
    rng = np.random.default_rng(11)
    xy_m = np.concatenate([rng.normal(0, 30.0, (2000, 2)), rng.normal(0, 20000.0, (18000, 2))])
    cells = cells_of(xy_m, np.ones(20000), LeafRule(60.0, 3.0))
    where = leaf_of_points(xy_m, cells.tree, cells.root)
    held = np.bincount(where, minlength=cells.count)
    assert where.min() == 0
    assert held.min() >= 1
    assert held.max() < 60
    density = np.mean(held[where[:2000]] / cells.area_m2[where[:2000]]) / 2000
    assert density == pytest.approx(1 / (4 * pi * 30.0**2), rel=0.25)
    inside = np.abs(xy_m - cells.centre_m[where]).max(axis=1) <= cells.square[where, 2] / 2 + 1e-6
    assert inside.all()


def test_a_thin_line_has_the_density_of_a_box_about_it():
    """Aslant, 40 km by 20 m: three in four particles see 0.6 of the true density or more."""
    rng = np.random.default_rng(12)
    along, across = rng.uniform(0, 40000.0, 5000), rng.uniform(-10.0, 10.0, 5000)
    xy_m = np.column_stack([0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across])
    cells = cells_of(xy_m, np.ones(5000), LeafRule(60.0, 5.0))
    where = leaf_of_points(xy_m, cells.tree, cells.root)
    seen = (np.bincount(where) / cells.area_m2)[where] / (5000 / (40000.0 * 20.0))
    assert np.quantile(seen, 0.25) > 0.6
    assert 0.8 < np.median(seen) < 1.6


def test_particles_outside_all_cells_are_in_none():
    rng = np.random.default_rng(13)
    cells = cells_of(rng.normal(0, 100.0, (1000, 2)), np.ones(1000), LeafRule(60.0))
    far = np.array([[1e5, 0.0], [0.0, -1e5], [0.0, 0.0]])
    assert (leaf_of_points(far, cells.tree, cells.root) >= 0).tolist() == [False, False, True]


def test_a_window_of_odd_length():
    times = sample_times(0.0, 2 * 3600.0 + 500.0)
    assert times.slices == 13
    assert times.edges_s[-1] == 7700.0
    assert times.at_s[[0, -1]].tolist() == [300.0, 7450.0]
    assert sample_times(0.0, 48 * 3600.0).slices == 72
    assert 0.0 < upper_bound([search_unit()], cloud(2000, 13), 0.0, 7700.0) < 1.0


def two_scales(count, seed, *, tight_m, wide_m, apart_mps=0.0):
    """Half of the weight in a tight cloud, half in a wide one that drifts off from it."""
    half = count // 2
    tight = cloud(half, seed, sigma_m=tight_m, drift_mps=(0.2, 0.1), spread_mps=0.0)
    wide = cloud(
        count - half, seed + 1, sigma_m=wide_m, drift_mps=(0.2 + apart_mps, 0.1), modes_m=((8e3, 4e3),)
    )
    joined = {
        name: np.concatenate([getattr(tight, name), getattr(wide, name)])
        for name in ("x_m", "y_m", "afloat", "object_type")
    }
    return ParticleTracks(tight.times_s, **joined, weight=np.full(count, 1.0 / count))


@pytest.mark.parametrize("apart_mps", [0.0, 0.5])
@pytest.mark.parametrize("tight_m", [40.0, 200.0])
@pytest.mark.parametrize("count", [100, 200, 2000, 20000])
def test_a_search_of_the_tight_part_stays_below_the_bound(count, tight_m, apart_mps):
    """A slow drone flies parallel legs over the tight half, which drifts; scored by Koopman's exposure."""
    tracks = two_scales(count, 30, tight_m=tight_m, wide_m=25000.0, apart_mps=apart_mps)
    fresh = two_scales(count, 90, tight_m=tight_m, wide_m=25000.0, apart_mps=apart_mps)
    unit = search_unit(
        start_x_m=0.0,
        home_x_m=0.0,
        search_speed_mps=20.0,
        transit_speed_mps=30.0,
        shortest_leg_m=90.0,
        sweep_width_m=np.array([90.0]),
        endurance_until_s=1800.0,
    )
    length_m, spacing_m, count_of_legs = 4 * tight_m + 200.0, 45.0, 2 + int(4 * tight_m / 45.0)
    legs, at_s = [], 60.0
    for number in range(count_of_legs):
        side = 1 if number % 2 == 0 else -1
        drifted = np.array([0.2, 0.1]) * at_s
        y_m = drifted[1] + (number - (count_of_legs - 1) / 2) * spacing_m
        legs.append((drifted[0] - side * length_m / 2, y_m, drifted[0] + side * length_m / 2, y_m, at_s))
        at_s += length_m / unit.search_speed_mps + 5.0
    assert (at_s - 60.0) * SEARCH_SHARE < SEARCH_SHARE * 1800.0
    for sample in (tracks, fresh):
        origin = sample.x_m[:, 0].astype(float), sample.y_m[:, 0].astype(float)
        velocity = tuple((m[:, -1].astype(float) - m[:, 0]) / WINDOW_S for m in (sample.x_m, sample.y_m))
        pos = float(np.mean(-np.expm1(-koopman_exposure(legs, unit, origin, velocity))))
        assert 0.35 < pos <= upper_bound([unit], sample, 0.0, WINDOW_S)


def test_the_bracket_finds_the_tight_part():
    """The tight half can be swept many times over, so half of the weight is found, and little of the rest."""
    own, held_out = (two_scales(4000, seed, tight_m=60.0, wide_m=60000.0) for seed in (40, 50))
    unit = search_unit(start_x_m=0.0, home_x_m=0.0, sweep_width_m=np.array([90.0]), search_speed_mps=20.0)
    low, high = optimum_bracket([unit], own, held_out, 0.0, WINDOW_S)
    assert 0.48 <= low <= high <= 0.56


def test_the_margin_is_wilsons_interval():
    """Upper ends for two standard errors: 5 of 10 by the textbook's form; none of 100, z^2 / (n + z^2)."""
    ten = relaxation._with_sampling_margin(0.5, np.full(10, 0.1))
    assert ten == pytest.approx((0.5 + 0.2 + 2 * sqrt(0.025 + 0.01)) / 1.4)
    assert relaxation._with_sampling_margin(1e-12, np.full(100, 0.01)) == pytest.approx(4 / 104, rel=1e-3)
    assert relaxation._with_sampling_margin(0.6, np.full(100, 0.006)) == pytest.approx(0.6)


def test_unusable_input_is_named():
    with pytest.raises(ValueError, match="shortest_leg_m is 100"):
        search_unit(shortest_leg_m=100.0)
    with pytest.raises(ValueError, match="sweep_width_m"):
        search_unit(sweep_width_m=np.array([np.nan]))
    with pytest.raises(ValueError, match="search_speed_mps"):
        search_unit(search_speed_mps=0.0)
    tracks = cloud(100, 14)
    with pytest.raises(ValueError, match="x_m has shape"):
        replace(tracks, x_m=tracks.x_m[:, 1:])
    with pytest.raises(ValueError, match="negative or not a number"):
        replace(tracks, weight=tracks.weight * np.nan)
    with pytest.raises(ValueError, match="one width for each type"):
        upper_bound([search_unit()], replace(tracks, object_type=tracks.object_type + 1), 0.0, WINDOW_S)
    with pytest.raises(ValueError, match="drift the particles over the whole window"):
        upper_bound([search_unit()], tracks, 0.0, 2 * WINDOW_S)
    with pytest.raises(ValueError, match="must end after"):
        upper_bound([search_unit()], tracks, WINDOW_S, 0.0)


def test_the_same_input_gives_the_same_answer_to_the_bit():
    tracks = cloud(3000, 17)
    assert upper_bound([search_unit()], tracks, 0.0, WINDOW_S) == upper_bound(
        [search_unit()], tracks, 0.0, WINDOW_S
    )


def test_weights_whose_squares_are_nothing():
    """After searches some weights are exp(-700); what is left of the belief still has its bound."""
    tracks = cloud(2000, seed=5)
    weight = tracks.weight.copy()
    weight[tracks.x_m[:, 0] > 0.0] *= 1e-200
    searched = replace(tracks, weight=weight)
    left = replace(tracks, weight=np.where(tracks.x_m[:, 0] > 0.0, 0.0, tracks.weight))
    bound = upper_bound([search_unit()], searched, 0.0, WINDOW_S)
    assert 0.0 < bound <= weight.sum() + 1e-12
    assert bound == pytest.approx(upper_bound([search_unit()], left, 0.0, WINDOW_S), abs=1e-9)
    low, high = optimum_bracket([search_unit()], searched, searched, 0.0, WINDOW_S)
    assert 0.0 < low <= high
