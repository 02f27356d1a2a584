"""Budgets as flown, by hand and by closed forms; the optimum's bracket against values reckoned elsewhere."""

from dataclasses import replace
from math import exp, pi, sqrt

import numpy as np
import pytest
import shapely
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erf
from scipy.stats import norm

from sarex.planning import relaxation
from sarex.planning.relaxation import EffortUnit, ParticleTracks, optimum_bracket
from sarex.planning.relaxation_cells import SliceCells, sample_times
from sarex.planning.relaxation_closed import ClosedWater, depth_in_closed
from sarex.planning.relaxation_reach import EffortGroup, merged, reach_as_flown, reach_at_most
from sarex.planning.relaxation_solver import ParallelSweeps, maximise_effort

HOUR = 3600.0
UNIT = EffortUnit(
    name="helicopter",
    start_x_m=-36_000.0,
    start_y_m=0.0,
    home_x_m=0.0,
    home_y_m=-18_000.0,
    departs_s=0.0,
    endurance_until_s=2.5 * HOUR,
    transit_speed_mps=60.0,
    search_speed_mps=45.0,
    shortest_leg_m=1000.0,
    sweep_width_m=np.array([400.0]),
)


def one_cell(side_m=2000.0, x_m=0.0):
    """A square cell around (x, 0)."""
    square = np.array([[x_m - side_m / 2, -side_m / 2, side_m]])
    return SliceCells(np.array([*square[0]]), np.full((1, 4), -1), square, np.array([side_m**2]))


def nowhere(times):
    """Nothing is closed."""
    return [np.full(1, -np.inf)] * times.slices


def test_hours_of_one_cell_by_hand() -> None:
    """Out 36 km and home 18 km at 60 m/s, each less half a radius of 1414 m: there at 588 s, back by 8712 s.

    Begun at t, searching ends at t + 0.85 (8712 - t); every slice that it meets holds its part.
    """
    times = sample_times(0.0, 3.0 * HOUR)
    reach = reach_as_flown(
        EffortGroup(UNIT, 1), [one_cell()] * times.slices, times, np.zeros(times.slices), nowhere(times)
    )
    near_m = 0.5 * 1000.0 * sqrt(2.0)
    there_s, leave_s = (36_000.0 - near_m) / 60.0, 2.5 * HOUR - (18_000.0 - near_m) / 60.0
    last_s = there_s + 0.85 * (leave_s - there_s)
    edges_s = 600.0 * np.arange(19)
    within = (edges_s[1:] > there_s) & (edges_s[:-1] < last_s)
    np.testing.assert_array_equal(reach.reachable, within)
    begins_s = [there_s, *(600.0 * n for n in range(1, 15))]
    assert reach.choices_s.shape == (len(begins_s), times.slices)
    for begin_s, choice in zip(begins_s, reach.choices_s, strict=True):
        end_s = begin_s + 0.85 * (leave_s - begin_s)
        shares = [max(0.0, min(end_s, 600.0 * (n + 1)) - max(begin_s, 600.0 * n)) for n in range(18)]
        np.testing.assert_allclose(choice, shares * within, atol=1e-6)
    assert reach.total_s == reach.cap_s.sum() == reach.choices_s.sum(axis=1).max()
    assert reach.total_s == pytest.approx(last_s - there_s)


def test_two_units_have_twice_the_hours_and_light_or_a_late_start_cut_them() -> None:
    times = sample_times(0.0, 3.0 * HOUR)
    cells, still = [one_cell()] * times.slices, np.zeros(times.slices)
    one = reach_as_flown(EffortGroup(UNIT, 1), cells, times, still, nowhere(times))
    two = reach_as_flown(EffortGroup(UNIT, 2), cells, times, still, nowhere(times))
    np.testing.assert_allclose(two.choices_s, 2.0 * one.choices_s)
    by_day = replace(UNIT, search_from_s=HOUR, leave_by_s=2.0 * HOUR)
    assert reach_as_flown(
        EffortGroup(by_day, 1), cells, times, still, nowhere(times)
    ).total_s == pytest.approx(0.85 * HOUR)
    for never in (replace(UNIT, departs_s=2.4 * HOUR), replace(UNIT, endurance_until_s=800.0)):
        reach = reach_as_flown(EffortGroup(never, 1), cells, times, still, nowhere(times))
        assert reach.total_s == 0.0
        assert not reach.reachable.any()
        assert not reach.choices_s.any()


def test_what_drifts_into_reach_counts() -> None:
    """A cell near enough only in the last hour: the budget is that of its slices."""
    times = sample_times(0.0, 3.0 * HOUR)
    unit = replace(UNIT, home_x_m=-36_000.0, home_y_m=0.0, endurance_until_s=3.0 * HOUR)
    cells = [one_cell(x_m=400_000.0 if n < 6 else 0.0) for n in range(times.slices)]
    reach = reach_as_flown(EffortGroup(unit, 1), cells, times, np.zeros(times.slices), nowhere(times))
    assert not reach.choices_s[:, :6].any()
    assert reach.choices_s[:, 6:].any()


def test_the_bound_is_never_given_less_than_a_plan_can_fly() -> None:
    """One cell that drifts steadily."""
    times = sample_times(0.0, 3.0 * HOUR)
    rng = np.random.default_rng(1)
    for _ in range(20):
        unit = replace(
            UNIT, departs_s=rng.uniform(0, HOUR), endurance_until_s=rng.uniform(1.5, 4) * HOUR,
            start_x_m=rng.uniform(-60_000, 60_000), search_from_s=rng.uniform(0, HOUR),
            leave_by_s=rng.uniform(1.5, 3) * HOUR,
        )  # fmt: skip
        x0_m, drift_mps = rng.uniform(-20_000, 20_000), rng.uniform(-0.7, 0.7)
        cells = [one_cell(x_m=x0_m + drift_mps * at_s) for at_s in times.at_s]
        fastest = np.full(times.slices, abs(drift_mps))
        flown = reach_as_flown(EffortGroup(unit, 3), cells, times, fastest, nowhere(times))
        at_most = reach_at_most(EffortGroup(unit, 3), cells, times, fastest, nowhere(times))
        # three units on their way out and home to a cell that is told slice by slice: a few steps of drift
        slack_s = 3 * 2 * 3 * 420.0 / 60.0
        assert flown.total_s <= at_most.total_s + slack_s
        assert np.all(flown.choices_s.max(axis=0) <= at_most.cap_s + slack_s)
        assert np.all(at_most.reachable >= flown.reachable)


# closed water


def closed_square(side_m, since_s=-np.inf, until_s=np.inf):
    """Around the origin."""
    return ClosedWater(shapely.box(-side_m / 2, -side_m / 2, side_m / 2, side_m / 2), since_s, until_s)


def test_depth_in_closed_water_is_counted_from_the_edge_while_it_is_closed() -> None:
    """A square of 30 km, closed in the second hour; cells 1 km inside its edge, in its middle and outside."""
    times = sample_times(0.0, 3.0 * HOUR)
    cells = [one_cell(x_m=[0.0, 14_000.0, 16_000.0][n % 3]) for n in range(times.slices)]
    depth_m = depth_in_closed([closed_square(30_000.0, HOUR, 2.0 * HOUR)], cells, times)
    expected = [[15_000.0, 1000.0, -np.inf][n % 3] if 6 <= n < 12 else -np.inf for n in range(18)]
    np.testing.assert_allclose(np.concatenate(depth_m), expected)
    assert all(np.all(np.isneginf(deep)) for deep in depth_in_closed([], cells, times))


def test_two_areas_that_join_are_deep_where_they_meet() -> None:
    halves = [
        ClosedWater(shapely.box(-9000.0, -9000.0, 0.0, 9000.0), 0.0, HOUR),
        ClosedWater(shapely.box(0.0, -9000.0, 9000.0, 9000.0), 0.0, HOUR),
    ]
    times = sample_times(0.0, HOUR)
    depth_m = depth_in_closed(halves, [one_cell()] * times.slices, times)
    np.testing.assert_allclose(np.concatenate(depth_m), 9000.0)


def test_closed_water_takes_its_slices_from_the_hours() -> None:
    times = sample_times(0.0, 3.0 * HOUR)
    cells, still = [one_cell()] * times.slices, np.zeros(times.slices)
    depth_m = depth_in_closed([closed_square(30_000.0, HOUR, 2.0 * HOUR)], cells, times)
    for reach_of in (reach_as_flown, reach_at_most):
        free = reach_of(EffortGroup(UNIT, 1), cells, times, still, nowhere(times))
        reach = reach_of(EffortGroup(UNIT, 1), cells, times, still, depth_m)
        assert not reach.reachable[6:12].any()
        assert not reach.cap_s[6:12].any()
        assert not reach.choices_s[:, 6:12].any()
        np.testing.assert_array_equal(reach.reachable[:6], free.reachable[:6])
        assert 0.0 < reach.total_s < free.total_s


def test_a_cell_that_can_be_swept_from_the_edge_stays_in_the_bound() -> None:
    """Its radius of 1414 m and the sweep of 400 m reach 1814 m from its centre."""
    times = sample_times(0.0, 3.0 * HOUR)
    cells, still = [one_cell()] * times.slices, np.zeros(times.slices)
    for side_m, able in ((3600.0, True), (3640.0, False)):
        depth_m = depth_in_closed([closed_square(side_m)], cells, times)
        reach = reach_at_most(EffortGroup(UNIT, 1), cells, times, still, depth_m)
        assert reach.reachable.any() == able
        assert (reach.total_s > 0.0) == able


@pytest.mark.parametrize("open_share", [0.0, 0.5, 1.0])
def test_bound_and_bracket_of_a_cloud_that_is_partly_closed(open_share) -> None:
    """With as much effort as one likes only what is open, and what is swept from its edge, can be found."""
    edge_m = 4000.0 * float(norm.ppf(open_share)) if 0.0 < open_share < 1.0 else 1e6 * (open_share - 0.5)
    closed = ClosedWater(shapely.box(edge_m, -3e5, 3e6, 3e5), -np.inf, np.inf)
    plenty = replace(
        UNIT, start_x_m=-5000.0, home_x_m=-5000.0, home_y_m=0.0, endurance_until_s=1e6,
        search_speed_mps=4000.0, transit_speed_mps=4000.0, closed=(closed,),
    )  # fmt: skip
    bound = relaxation.upper_bound([plenty], circular(20_000, 1), 0.0, 3.0 * HOUR)
    low, high = optimum_bracket([plenty], circular(20_000, 2), circular(20_000, 3), 0.0, 3.0 * HOUR)
    # cells at the edge reach some hundred metres into what is closed: of the standard deviation, a quarter
    into = float(norm.cdf(norm.ppf(open_share) + 0.25)) if 0.0 < open_share < 1.0 else open_share
    assert open_share - 1e-6 <= bound <= into + 0.02
    assert open_share - 0.05 <= low <= high <= into + 0.02


# the bracket


def tracks_of(place_m, velocity_mps, hours=3.0):
    times_s = np.arange(0.0, hours * HOUR + 1.0, 600.0)
    at_m = place_m[:, np.newaxis] + velocity_mps[:, np.newaxis] * times_s[:, np.newaxis]
    count = len(place_m)
    return ParticleTracks(
        times_s, at_m[..., 0].astype(np.float32), at_m[..., 1].astype(np.float32),
        np.ones((count, times_s.size), bool), np.full(count, 1.0 / count), np.zeros(count, np.int64),
    )  # fmt: skip


def circular(count, seed, sigma_m=4000.0):
    rng = np.random.default_rng(seed)
    return tracks_of(rng.normal(0.0, sigma_m, (count, 2)), np.zeros((count, 2)))


def drifting_modes(count, seed):
    """Two modes 25 km apart, each particle with a drift of its own."""
    rng = np.random.default_rng(seed)
    middle_m = np.where(rng.random((count, 1)) < 0.6, 0.0, 25_000.0 / sqrt(2.0))
    place_m = middle_m + rng.normal(0.0, 3000.0, (count, 2))
    return tracks_of(place_m, np.array([0.4, 0.1]) + rng.normal(0.0, 0.15, (count, 2)))


def along_a_track(count, seed):
    """A line of 40 km, thin, and a round cloud beside it."""
    rng = np.random.default_rng(seed)
    on_line = rng.random(count) < 0.7
    line = np.column_stack([rng.uniform(-20_000, 20_000, count), rng.normal(0.0, 1500.0, count)])
    round_m = np.array([5000.0, 12_000.0]) + rng.normal(0.0, 4000.0, (count, 2))
    return tracks_of(np.where(on_line[:, np.newaxis], line, round_m), rng.normal(0.0, 0.2, (count, 2)))


def test_the_dual_value_holds_for_every_beginning() -> None:
    """Two modes, one of them in reach late: no choice of beginnings finds more than the dual of all says."""
    tracks = drifting_modes(3000, 1)
    times = sample_times(0.0, 3.0 * HOUR)
    units = [UNIT, replace(UNIT, departs_s=HOUR, start_x_m=60_000.0, home_x_m=60_000.0)]
    groups = merged(units)
    rates = np.array([group.unit.sweep_width_m * 45.0 for group in groups])
    problem, _ = relaxation._problem(
        groups, tracks, times, sweep_rate=rates, speed_factor=np.ones((2, times.slices)),
        reach_of=reach_as_flown,
    )  # fmt: skip
    best = relaxation._begun_at_best(problem)
    assert best.value <= best.dual_value
    for first in range(0, problem.choices_s.shape[1], 4):
        chosen = problem.choices_s[[0, 1], [first, min(first + 2, problem.choices_s.shape[1] - 1)]]
        fixed = replace(problem, cap_s=chosen, total_s=chosen.sum(axis=1), choices_s=np.empty((0, 0, 0)))
        assert maximise_effort(fixed, ((ParallelSweeps(), 60),), 1e-3).value <= best.dual_value + 1e-9


@pytest.mark.parametrize("cloud", [circular, drifting_modes, along_a_track])
def test_the_bracket_is_in_order_and_narrow(cloud) -> None:
    """As many particles as a plan has: 60,000 fitted to, 20,000 unseen."""
    units = [UNIT, replace(UNIT, departs_s=0.5 * HOUR)]
    low, high = optimum_bracket(units, cloud(60_000, 1), cloud(20_000, 2), 0.0, 3.0 * HOUR)
    assert 0.0 < low <= high < 1.0
    assert high - low < 0.02


def best_of_circular_normal(effort_m2, sigma_m):
    """Divisible effort under b(z) = erf(sqrt(pi) / 2 z) on a circular normal density, by its own condition.

    Where the object is likelier than a level the marginal value is the level everywhere (de Guenin 1961):
    p(r) exp(-pi z^2 / 4) = p(R), so that z(r)^2 = 2 (R^2 - r^2) / (pi sigma^2); R from the effort.
    """

    def coverage(r_m, edge_m):
        return sqrt(max(2.0 * (edge_m**2 - r_m**2) / pi, 0.0)) / sigma_m

    def spent(edge_m):
        return quad(lambda r: 2.0 * pi * r * coverage(r, edge_m), 0.0, edge_m)[0]

    edge_m = brentq(lambda edge: spent(edge) - effort_m2, 1.0, 20.0 * sigma_m)

    def found(r_m):
        density = r_m / sigma_m**2 * exp(-(r_m**2) / (2.0 * sigma_m**2))
        return density * erf(sqrt(pi) / 2.0 * coverage(r_m, edge_m))

    return quad(found, 0.0, edge_m)[0]


@pytest.mark.parametrize("sigma_m", [2500.0, 4000.0])
def test_midpoint_of_a_cloud_at_rest_by_closed_form(sigma_m) -> None:
    """Home in the middle of the cloud and fast, so that all is in reach: 0.85 of the hours, W v."""
    unit = replace(UNIT, start_x_m=0.0, home_y_m=0.0, endurance_until_s=2.0 * HOUR, transit_speed_mps=2000.0)
    effort_m2 = 0.85 * 2.0 * HOUR * 400.0 * 45.0
    expected = best_of_circular_normal(effort_m2, sigma_m)
    own, held_out = circular(60_000, 1, sigma_m), circular(20_000, 2, sigma_m)
    low, high = optimum_bracket([unit], own, held_out, 0.0, 2.0 * HOUR)
    assert 0.5 * (low + high) == pytest.approx(expected, abs=0.01)
