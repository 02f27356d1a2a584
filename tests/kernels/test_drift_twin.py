"""The drift kernel against a plain twin, by particle: gridded flow, noise, jibes, coast and edges."""

import numpy as np
import pytest
from drift_twin import ACTIVE, OUTSIDE, STRANDED, UNRELEASED, Start, World, drift_one

from builders_sea import run_kernel

COUNT, CELL_M = 300, 600.0
CENTRE = np.array([250_000.0, -300_000.0])


def rough_sea(rng, nodes, spacing_m, strength, centre=(0.0, 0.0), mean=(0.0, 0.0)):
    """Hourly planes of a random flow around a point."""
    shape = (9, nodes, nodes)
    half_m = 0.5 * (nodes - 1) * spacing_m
    parts = [(m + strength * rng.uniform(-1, 1, shape)).astype(np.float32) for m in mean]
    return (*parts, np.array([centre[0] - half_m, centre[1] - half_m, spacing_m]))


def islands():
    cells = np.zeros((30, 30), np.uint8)
    cells[10:20, 18:22], cells[12, 5:9], cells[3:9, 3] = 2, 2, 2
    cells[21, 21], cells[20, 22] = 2, 2  # touching at a corner
    cells[5:8, 10:15] = 1  # shore that does not strand
    return cells, np.array([*(CENTRE - 9000.0), CELL_M])


def world(**changes) -> World:
    rng = np.random.default_rng(5)
    cells, land_grid = islands()
    rough = {
        "current": rough_sea(rng, 16, 1500.0, 0.8, CENTRE),
        "wind": rough_sea(rng, 9, 3500.0, 9.0, CENTRE, (6.0, 0.0)),
        "cells": cells,
        "land_grid": land_grid,
        "seed": 0xFEDCBA98,
        "memory_s": 6 * 3600.0,
        "sigma": (0.15, 1.5),
        "growth": 0.4,
        "over_water": 1.0,
        "jibe_threshold": int(0.1 * 2**32),
        "stretch": 0.004 / 390_000.0**2,  # four times that of the earth, to be seen
    }
    return World(**{**rough, **changes})


def starts(count=COUNT, number=1000) -> list[Start]:
    rng = np.random.default_rng(6)
    return [
        Start(
            number=number + p,
            place=tuple(CENTRE + rng.uniform(-8000.0, 8000.0, 2)),
            released_s=rng.choice([0.0, rng.uniform(0.0, 9000.0)]),
            leeway=tuple(
                rng.normal([0.03, 0.0, 0.01, 0.0, -0.01, 0.0], 0.02).astype(np.float32).astype(float)
            ),
            on_right=bool(rng.random() < 0.5),
            error=tuple(rng.standard_normal(4).astype(np.float32).astype(float)),
            may_capsize=bool(rng.random() < 0.5),
        )
        for p in range(count)
    ]


def by_the_kernel(sea: World, seeds: list[Start], **more):
    names = ["seed", "current", "wind", "known_steps", "memory_s", "sigma", "growth", "over_water"]
    names += ["jibe_threshold", "refloat_threshold", "capsize_exponent", "stretch"]
    given = {name: getattr(sea, name) for name in names}
    return run_kernel(
        [start.place for start in seeds],
        steps=sea.steps,
        step_s=sea.step_s,
        released_s=[start.released_s for start in seeds],
        leeway=[start.leeway for start in seeds],
        on_right=[start.on_right for start in seeds],
        error0=np.array([start.error for start in seeds]) * np.repeat(sea.sigma, 2),
        may_capsize=[start.may_capsize for start in seeds],
        land=(sea.cells, sea.land_grid),
        first_particle=seeds[0].number,
        **{**given, **more},
    )


@pytest.mark.parametrize(
    ("changes", "fates"),
    [
        ({}, {ACTIVE, STRANDED, OUTSIDE, UNRELEASED}),
        ({"over_water": 0.0, "growth": 0.0, "steps": 48}, {ACTIVE, STRANDED, OUTSIDE, UNRELEASED}),
        ({"refloat_threshold": int(0.2 * 2**32)}, {ACTIVE, STRANDED, OUTSIDE, UNRELEASED}),
        ({"step_s": -600.0}, {ACTIVE, STRANDED, OUTSIDE, UNRELEASED}),
        ({"known_steps": 6}, {STRANDED, OUTSIDE, UNRELEASED}),
    ],
    ids=["all", "over the ground", "refloating", "backward", "forcing that ends"],
)
def test_every_particle_goes_as_its_twin(changes, fates) -> None:
    """Single against double precision: within 2 m of up to 30 km, the same fate at every step.

    The coast is met at the same place on the path: what strands ends within 2 m too.
    """
    sea, seeds = world(**changes), starts()
    x, y, status = by_the_kernel(sea, seeds)
    ends = set()
    for p, start in enumerate(seeds):
        twin = np.array(drift_one(start, sea)[0])
        np.testing.assert_array_equal(status[p], twin[:, 2], err_msg=f"particle {p}")
        np.testing.assert_allclose(np.stack([x[p], y[p]], 1), twin[:, :2], atol=2.0, err_msg=f"particle {p}")
        ends |= set(twin[len(twin) // 4 :, 2].astype(int))
    assert ends == fates  # the case shows them all


def test_what_capsizes_does_so_with_its_twin() -> None:
    """Half of them may; in winds of 25 m/s some do, in the same step, and go on with 0.4 of the leeway."""
    rng = np.random.default_rng(7)
    sea = world(wind=rough_sea(rng, 9, 3500.0, 8.0, CENTRE, (24.0, 0.0)), capsize_exponent=1.0 / 6.0)
    seeds = starts()
    capsized = np.empty(COUNT, np.int32)
    x, y, status = by_the_kernel(sea, seeds, capsized=capsized)
    for p, start in enumerate(seeds):
        track, twin = drift_one(start, sea)
        assert capsized[p] == twin, f"particle {p}"
        assert (x[p, -1], y[p, -1], status[p, -1]) == pytest.approx(track[-1], abs=2.0), f"particle {p}"
    assert 30 < (capsized >= 0).sum() < 150
    assert not np.any((capsized >= 0) & ~np.array([start.may_capsize for start in seeds]))


@pytest.mark.parametrize("stops", [(1,), (7, 8, 20)])
def test_windows_of_steps_give_the_same_bits(stops) -> None:
    """State is carried from one stretch of steps to the next: error, side, velocity, status, capsizing."""
    sea = world(refloat_threshold=int(0.05 * 2**32), capsize_exponent=1.0)
    whole, pieces = by_the_kernel(sea, starts()), by_the_kernel(sea, starts(), stops=stops)
    for one, other in zip(whole, pieces, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("first", [1, 201, 256, 299])
def test_the_answer_does_not_depend_on_the_block(first) -> None:
    """The last particles of 300 alone, numbered as before, drift the same to the bit."""
    sea, seeds = world(refloat_threshold=int(0.05 * 2**32), capsize_exponent=1.0), starts()
    whole, tail = by_the_kernel(sea, seeds), by_the_kernel(sea, seeds[first:])
    for all_of_them, some in zip(whole, tail, strict=True):
        np.testing.assert_array_equal(all_of_them[first:], some)
