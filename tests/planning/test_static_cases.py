"""Static allocation under the exponential law, every published case: the effort relaxation gets them all.

Maximise sum_i p_i (1 - exp(-sum_j w_ij t_ij)) with sum_i t_ij <= T_j (Koopman; Charnes & Cooper; for several
resources Washburn). One slice whose cells are the areas, one particle in each, makes it an `EffortProblem`.
"""

from math import exp, pi, sqrt

import numpy as np
import pytest

from sarex.planning.relaxation_solver import EffortProblem, Exponential, maximise_effort

CASES = {
    # weights, rates (area, resource), totals (resource,), expected time (area, resource), value.
    # Source: ctwardy/soral, SORAL/matlab/testcases.m and CC-test.cpp (MIT); values reckoned again from times.
    "CC1": ([8, 4, 1, 2], [[1], [4], [12], [8]], [0.05], [[0], [0.033333], [0], [0.016667]], 0.7489601),
    "CC2": ([4, 2, 8, 1], [[4], [1], [1], [12]], [0.1], [[0.09298], [0], [0], [0.00702]], 1.3231518),
    "CC3": ([2, 4, 2], [[9], [3], [6]], [0.2], [[0.0732241], [0.0845173], [0.0422586]], 2.3090433),
    "CC4": ([1, 4, 20, 0], [[8], [4], [0], [10]], [0.5], [[0.1089], [0.3911], [0], [0]], 3.7446969),
    "CC5": ([2, 6, 4], [[6], [2], [3]], [0.5], [[0.083333], [0.25], [0.166667]], 4.7216321),
    "W7": (
        [0.5, 0.5],
        [[0.1, 0.05], [0.02, 0.005]],
        [16.1, 13.9],
        [[10.30365, 13.9], [5.79635, 0]],
        0.4656759,
    ),
    "W8, Washburn JOTA": (
        [1000, 1000, 2000, 2000],
        [[1, 3, 0], [2, 2, 1], [3, 2, 0], [4, 1, 1]],
        [3, 2, 1],
        [[0, 1.22976, 0], [0.37167, 0.77024, 1], [1.46081, 0, 0], [1.16753, 0, 0]],
        5893.7930128,
    ),
    "CC, tom.cpp, areas 28, 30, 14, 12": (
        [0.1935, 0.2581, 0.2903, 0.2581],
        [[1 / 28], [1 / 30], [1 / 14], [1 / 12]],
        [40],
        [[1.4734351], [8.15098215], [16.1197011], [14.25588164]],
        0.4492576,
    ),
}


def allocated(weight, rate, total, tolerance):
    """The relaxation of areas (area,) with rates (area, resource) and budgets (resource,)."""
    areas = np.arange(weight.size)
    problem = EffortProblem(
        cell_of=areas[:, None].astype(np.int32),
        object_type=areas,
        weight=weight,
        first_cell=np.array([0, areas.size]),
        per_second=np.ones((total.size, areas.size)),
        sweep_rate=np.ascontiguousarray(rate.T),
        cap_s=total[:, None].copy(),
        total_s=total,
    )
    return maximise_effort(problem, ((Exponential(), 5000),), tolerance)


@pytest.mark.parametrize("name", CASES)
def test_published_allocations(name):
    """Values to 1e-4 of themselves and better, times to 1e-4 of the budget."""
    weight, rate, total, times, value = (np.array(part, dtype=float) for part in CASES[name])
    solution = allocated(weight, rate, total, 1e-9)
    assert solution.value == pytest.approx(float(value), rel=1e-6)
    assert solution.dual_value == pytest.approx(float(value), rel=1e-6)
    np.testing.assert_allclose(solution.effort_s.T / total, times / total, atol=1e-4)


@pytest.mark.parametrize(
    ("relative_effort", "pos"), [(1, 0.1103), (2, 0.1904), (5, 0.3595), (10, 0.5324), (20, 0.7174)]
)
def test_circular_normal_target(relative_effort, pos):
    """Koopman: POS = 1 - (1 + b) exp(-b), b = sqrt(Z / (pi sigma^2)); 600 rings of exact probability."""
    b = sqrt(relative_effort / pi)
    assert 1 - (1 + b) * exp(-b) == pytest.approx(pos, abs=6e-5)
    edge = np.linspace(0.0, 7.0, 601)
    weight = np.exp(-(edge[:-1] ** 2) / 2) - np.exp(-(edge[1:] ** 2) / 2)
    area = pi * (edge[1:] ** 2 - edge[:-1] ** 2)
    solution = allocated(weight, (1.0 / area)[:, None], np.array([float(relative_effort)]), 1e-5)
    assert solution.value == pytest.approx(pos, abs=1e-4)
    assert solution.dual_value == pytest.approx(pos, abs=1e-4)
