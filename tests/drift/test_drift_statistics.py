"""The spread of the cloud as specified; each tolerance with its false-alarm rate. Seeds are fixed."""

import os
import subprocess
import sys
from datetime import timedelta
from math import exp
from pathlib import Path

import numpy as np
import pytest

from builders_sea import QUIET, START, case, environment, last_known, run_kernel, scenario
from sarex.drift import drift_ensemble
from sarex.drift.leeway import leeway_coefficients, leeway_table

COUNT = 20_000
MEMORY_S, SIGMA_MPS = 6 * 3600.0, 0.226


def errors_of(steps, step_s, seed=3):
    """Current errors (particle, step) as the velocities that they cause, and the final places."""
    rng = np.random.default_rng(seed)
    error0 = rng.normal(0.0, SIGMA_MPS, (COUNT, 4))
    x, y, _ = run_kernel(
        np.zeros((COUNT, 2)), steps=steps, step_s=step_s, memory_s=MEMORY_S, sigma=(SIGMA_MPS, 0.0),
        error0=error0 * (1, 1, 0, 0), seed=seed,
    )  # fmt: skip
    return np.diff(x, axis=1) / step_s, x[:, -1], y[:, -1]


def test_half_of_the_seeds_lie_within_the_probable_error() -> None:
    """Binomial, 20,000 draws: 0.5 +- 0.0177 is five standard deviations (false alarm 6e-7). A radius taken
    for one sigma an axis would hold 0.39, two sigma 0.86."""
    origin = scenario(last_known(error_m=3000.0))
    settings = QUIET.__class__(particles=COUNT)
    found = drift_ensemble(
        case(origin, drift=settings), environment(), until=START + timedelta(minutes=10), purpose="t"
    )
    radius = np.hypot(found.x_m[:, 0], found.y_m[:, 0])
    assert (radius < 3000.0).mean() == pytest.approx(0.5, abs=0.0177)
    # and the rest of the circular normal: 1 - 2^-(r / PE)^2
    assert (radius < 6000.0).mean() == pytest.approx(1 - 0.5**4, abs=0.0086)


def test_errors_keep_their_variance_and_forget_as_specified() -> None:
    """Ornstein-Uhlenbeck: variance sigma^2 at every step, correlation exp(-lag / T); five standard errors."""
    errors, _, _ = errors_of(72, 600.0)
    variances = errors.var(axis=0) / SIGMA_MPS**2
    assert np.all(np.abs(variances - 1.0) < 5 * np.sqrt(2 / COUNT))
    for lag in (1, 12, 36, 60):
        found = np.corrcoef(errors[:, 10], errors[:, 10 + lag])[0, 1]
        assert found == pytest.approx(exp(-lag * 600.0 / MEMORY_S), abs=5 / np.sqrt(COUNT))


@pytest.mark.parametrize("step_s", [300.0, 600.0, 1800.0])
def test_the_spread_does_not_depend_on_the_step(step_s) -> None:
    """Variance of place after t = 12 h: 2 sigma^2 T^2 (t/T - 1 + exp(-t/T)) (Taylor 1921), 5 % either way.

    White noise of the same strength a step would differ by the ratio of the steps.
    """
    duration_s = 12 * 3600.0
    _, x, y = errors_of(int(duration_s / step_s), step_s)
    t = duration_s / MEMORY_S
    expected = 2 * (SIGMA_MPS * MEMORY_S) ** 2 * (t - 1 + exp(-t))
    assert np.var(x) == pytest.approx(expected, rel=0.05)
    assert np.var(y) == pytest.approx(expected, rel=0.05)
    assert abs(np.corrcoef(x, y)[0, 1]) < 5 / np.sqrt(COUNT)


def test_no_two_particles_share_their_errors() -> None:
    """Neighbours, and particles a block apart, are uncorrelated: five standard errors."""
    errors, x, _ = errors_of(12, 600.0)
    for apart in (1, 128, 4096):
        assert abs(np.corrcoef(x[:-apart], x[apart:])[0, 1]) < 5 / np.sqrt(COUNT - apart)
    assert np.unique(errors[:, -1]).size > 0.95 * COUNT


def test_jibing_at_the_given_rate() -> None:
    """4 % an hour: after 24 h the other side has the chance (1 - (1 - 2 q)^144) / 2, q a step."""
    chance = 1 - 0.96 ** (1 / 6)
    x, _, _ = run_kernel(
        np.zeros((COUNT, 2)), steps=144, leeway=np.tile([0, 0, 0.1, 0, -0.1, 0], (COUNT, 1)),
        jibe_threshold=int(chance * 2**32),
        wind=(
            np.zeros((2, 2, 2), np.float32), np.full((2, 2, 2), 10.0, np.float32), np.array([-1e6, -1e6, 2e6])
        ),
    )  # fmt: skip
    on_left = np.diff(x, axis=1)[:, -1] < 0
    expected = (1 - (1 - 2 * chance) ** 144) / 2
    assert on_left.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / COUNT))


def test_what_is_released_late_has_not_jibed_before() -> None:
    """All begin right of downwind after ten hours of waiting, at two jibes an hour: a step later 28 % of them
    (q a step) may have changed sides, within five standard errors; had they jibed while waiting, half."""
    chance = 1 - exp(-2.0 / 6)
    x, _, _ = run_kernel(
        np.zeros((COUNT, 2)), steps=62, leeway=np.tile([0, 0, 0.1, 0, -0.1, 0], (COUNT, 1)),
        released_s=np.full(COUNT, 36_000.0), jibe_threshold=int(chance * 2**32),
        wind=(
            np.zeros((2, 2, 2), np.float32), np.full((2, 2, 2), 10.0, np.float32), np.array([-1e6, -1e6, 2e6])
        ),
    )  # fmt: skip
    moved = np.diff(x, axis=1)
    assert not moved[:, :60].any()
    on_left = (moved[:, 60] < 0).mean()
    assert on_left == pytest.approx(chance, abs=5 * np.sqrt(chance * (1 - chance) / COUNT))


def test_leeway_draws_spread_as_published() -> None:
    """PIW-1 downwind at 10 m/s: the mean is not shifted by drawing again; five standard errors."""
    rng = np.random.default_rng(2)
    draws = rng.standard_normal((2, COUNT))
    found = leeway_coefficients(leeway_table(["PIW-1"]), np.zeros(COUNT, np.int16), *draws)
    downwind = found[:, 0] * 10.0 + found[:, 1]
    # PIW-1: 0.96 % slope, no offset, 12 cm/s
    assert downwind.mean() == pytest.approx(0.096, abs=5 * 0.12 / np.sqrt(COUNT))
    assert downwind.std() == pytest.approx(0.12, rel=5 / np.sqrt(2 * COUNT))


THREADS = """
import hashlib
from builders_sea import *
from datetime import timedelta
from sarex.drift import drift_ensemble
from sarex.planning import Belief, plan_search
island = Polygon([(9e3, -5e3), (15e3, -5e3), (15e3, 5e3), (9e3, 5e3)])
sea = environment((0.3, 0.1), (6.0, 2.0), islands_xy_m=[island])
given = case(units=(unit(), ship(position=place(-9e3, 9e3))), drift=DriftSettings(particles=3000))
draws = [drift_ensemble(given, sea, until=WINDOW.end, purpose=p) for p in ("reported", "rehearsal")]
plan = plan_search(given, sea, Belief(*draws), replace(SMALL, lines=2))
legs = [leg for unit_plan in plan.unit_plans for leg in unit_plan.legs]
figures = repr(plan.quality).encode(), repr(legs).encode()
for part in (draws[0].x_m.tobytes(), draws[1].status.tobytes(), *figures):
    print(hashlib.sha256(part).hexdigest())
"""


def test_neither_cloud_nor_plan_depends_on_the_number_of_threads() -> None:
    answers = []
    for threads in ("1", "2"):
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        settings = {**os.environ, "SAREX_CORES": threads, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", THREADS], env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answers.append(done.stdout.split())
    assert len(answers[0]) == 4
    assert answers[0] == answers[1]
