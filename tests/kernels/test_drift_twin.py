"""The drift kernel against a plain twin, by particle: gridded flow, noise, jibes, coast and edges."""

import numpy as np
import pytest
from drift_twin import drift_one, hash32, standard_deviate
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_sea import run_kernel
from sarex.kernels import random as kernel_random

STEPS, STEP_S, SEED, MEMORY_S, SIGMA = 30, 600.0, 91, 6 * 3600.0, (0.2, 1.5)
JIBE = int(0.1 * 2**32)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_hash_and_deviate_equal_their_twins(counter) -> None:
    bits = int(kernel_random.hash32(np.uint32(counter)))
    assert bits == hash32(counter)
    deviate = float(kernel_random.standard_deviate(np.uint32(bits)))
    assert deviate == pytest.approx(standard_deviate(bits), abs=1e-5)


def test_deviates_have_mean_nought_and_variance_one() -> None:
    """200,000 draws: five standard errors each way (false alarm 1e-6); neighbours uncorrelated."""
    draws = np.array([standard_deviate(hash32(n)) for n in range(200_000)])
    assert abs(draws.mean()) < 5 / np.sqrt(draws.size)
    assert abs(draws.var() - 1.0) < 5 * np.sqrt(2 / draws.size)
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 5 / np.sqrt(draws.size)


def rough_sea(rng, nodes, spacing_m, strength):
    """Hourly planes of a random smooth-ish flow around the origin."""
    shape = (7, nodes, nodes)
    half_m = 0.5 * (nodes - 1) * spacing_m
    parts = [(strength * rng.uniform(-1, 1, shape)).astype(np.float32) for _ in range(2)]
    return (*parts, np.array([-half_m, -half_m, spacing_m]))


def test_every_particle_goes_as_its_twin() -> None:
    """Single against double precision over 30 steps: within 2 m of up to 30 km, same fate at every step.

    At the coast both look at least every half cell; the twin then paces out the half cell.
    """
    rng = np.random.default_rng(5)
    count = 160  # more than a block
    current, wind = rough_sea(rng, 24, 1000.0, 0.8), rough_sea(rng, 9, 3500.0, 9.0)
    wind[0][:] += 6.0
    cells = np.zeros((30, 30), np.uint8)
    cells[10:20, 18:22], cells[5:8, :6] = 2, 1  # an island, and shore that does not strand
    land_grid = np.array([-9000.0, -9000.0, 600.0])
    origin = rng.uniform(-8000.0, 8000.0, (count, 2))
    released_s = np.where(rng.random(count) < 0.5, 0.0, rng.uniform(0.0, 9000.0, count))
    mean_leeway = np.array([0.03, 0.0, 0.01, 0.0, -0.01, 0.0])
    leeway = rng.normal(mean_leeway, 0.02, (count, 6)).astype(np.float32)
    on_right = rng.random(count) < 0.5
    error0 = rng.normal(0.0, (0.2, 0.2, 1.5, 1.5), (count, 4)).astype(np.float32)
    x, y, status = run_kernel(
        origin, steps=STEPS, released_s=released_s, leeway=leeway, on_right=on_right, error0=error0,
        first_particle=1000, seed=SEED, memory_s=MEMORY_S, sigma=SIGMA, jibe_threshold=JIBE, current=current,
        wind=wind, land=(cells, land_grid),
    )  # fmt: skip

    def on_land(px, py):
        row, column = int((py + 9000.0) // 600.0), int((px + 9000.0) // 600.0)
        return 0 <= row < 30 and 0 <= column < 30 and cells[row, column] == 2

    seen = set()
    for p in range(count):
        twin = np.array(
            drift_one(
                1000 + p, origin[p], released_s[p], leeway[p].astype(float), bool(on_right[p]),
                error0[p].astype(float), steps=STEPS, step_s=STEP_S, seed=SEED, memory_s=MEMORY_S,
                sigma=SIGMA, jibe=JIBE, current=current, wind=wind, on_land=on_land, cell_m=600.0,
            )
        )  # fmt: skip
        np.testing.assert_array_equal(status[p], twin[:, 2], err_msg=f"particle {p}")
        np.testing.assert_allclose(np.stack([x[p], y[p]], 1), twin[:, :2], atol=2.0, err_msg=f"particle {p}")
        seen |= set(twin[:, 2].astype(int))
    assert seen == {0, 1, 2, 3}  # the case shows every fate


def test_the_answer_does_not_depend_on_the_block() -> None:
    """The last particles of 300 alone, numbered as before, drift the same to the bit."""
    rng = np.random.default_rng(1)
    origin = rng.uniform(-5000, 5000, (300, 2))
    current = rough_sea(rng, 24, 1000.0, 0.5)
    whole = run_kernel(origin, steps=12, sigma=SIGMA, current=current)
    tail = run_kernel(origin[201:], steps=12, sigma=SIGMA, current=current, first_particle=201)
    for all_of_them, some in zip(whole, tail, strict=True):
        np.testing.assert_array_equal(all_of_them[201:], some)


def test_error_falls_with_the_square_of_the_step() -> None:
    """Solid rotation, period 24 h, a circle of 10 km: halving the step divides the error by about four.

    The middle predicted with the velocity of the step before is 0.5 dt^2 omega v off, which moves the end of
    6 h by 0.5 dt^2 omega^2 v 6 h = 540 m at a step of one hour, 15 m at ten minutes.
    """
    omega = 2 * np.pi / 86400.0
    nodes = np.arange(-20_000.0, 20_001.0, 1000.0)
    gx, gy = np.meshgrid(nodes, nodes)
    flow = [np.full((8, *gx.shape), part, np.float32) for part in (-omega * gy, omega * gx)]
    errors = []
    for step_s in (3600.0, 1800.0):
        steps = int(6 * 3600 / step_s)
        x, y, _ = run_kernel(
            [[10_000.0, 0.0]],
            steps=steps,
            step_s=step_s,
            current=(*flow, np.array([-20_000.0, -20_000.0, 1000.0])),
        )
        errors.append(np.hypot(x[0, -1], y[0, -1] - 10_000.0))
    assert errors[0] < 540.0
    assert 3.0 < errors[0] / errors[1] < 6.0
