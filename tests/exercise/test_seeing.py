"""The law of seeing against Koopman's closed forms and against a search flown glimpse by glimpse."""

import math

import numpy as np
import pytest

import independent_glimpses as glimpses
from sarex.exercise.crews.seeing import Sight, sight

SPEED_MPS = 46.0


def exposed(unit_m: np.ndarray, object_m: np.ndarray, step_s: float, width_m: float) -> float:
    """Exposure of an object to a unit that searches all along at its own speed."""
    times_s = step_s * np.arange(len(unit_m))
    steps_m = np.diff(unit_m, axis=0)
    speed = np.hypot(*steps_m.T) / step_s
    found = sight(times_s, unit_m, object_m, speed, np.full(len(unit_m) - 1, width_m))
    return float(found.exposure[-1])


def line(length_m: float, y_m: float, step_s: float) -> np.ndarray:
    x_m = np.arange(-length_m / 2, length_m / 2 + 1.0, SPEED_MPS * step_s)
    return np.column_stack([x_m, np.full(x_m.size, y_m)])


@pytest.mark.parametrize("step_s", [1.0, 10.0, 300.0])
@pytest.mark.parametrize("range_m", [20.0, 400.0, 3000.0])
def test_a_straight_pass_exposes_as_koopman_says(step_s: float, range_m: float) -> None:
    """W^2 / (4 pi x^2) (Koopman 1946), whatever the step; the ends of 2,000 km hold less than 1e-5 of it."""
    track = line(2_000_000.0, 0.0, step_s)
    found = exposed(track, np.tile([13.0, range_m], (len(track), 1)), step_s, 1500.0)
    assert found == pytest.approx(1500.0**2 / (4 * math.pi * (range_m**2 + 1.0)), rel=2e-5)


def test_a_moving_object_is_exposed_by_the_relative_motion() -> None:
    """Against a plain sum over hundredths of a second, on a track with a bend."""
    times_s = np.linspace(0.0, 400.0, 41)
    unit = np.column_stack([SPEED_MPS * times_s, 500.0 * np.abs(times_s / 200.0 - 1.0)])
    adrift = np.column_stack([8000.0 + 1.2 * times_s, -300.0 + 0.8 * times_s])
    speed = np.hypot(*np.diff(unit, axis=0).T) / 10.0
    found = sight(times_s, unit, adrift, speed, np.full(40, 2000.0)).exposure[-1]

    fine_s = np.arange(0.005, 400.0, 0.01)
    apart = [np.interp(fine_s, times_s, unit[:, k] - adrift[:, k]) for k in (0, 1)]
    rate = speed[np.minimum((fine_s // 10).astype(int), 39)] * 2000.0**2 / (8 * math.pi)
    expected = np.sum(rate * 0.01 / (apart[0] ** 2 + apart[1] ** 2) ** 1.5)
    assert found == pytest.approx(expected, rel=1e-4)


def test_a_unit_that_keeps_its_distance_sees_at_a_steady_rate() -> None:
    times_s = np.array([0.0, 60.0, 120.0])
    unit = np.array([[0.0, 0.0], [600.0, 0.0], [1200.0, 0.0]])
    beside = unit + np.array([0.0, 1000.0])
    found = sight(times_s, unit, beside, np.full(2, 10.0), np.array([0.0, 800.0]))
    assert found.exposure.tolist() == pytest.approx(
        [0.0, 0.0, 60.0 * 10.0 * 800.0**2 / (8 * math.pi * 1000.0**3)], rel=1e-5
    )


@pytest.mark.parametrize("coverage", [0.4, 0.8, 1.5])
def test_parallel_sweeps_find_as_often_as_the_closed_form(coverage: float) -> None:
    """erf(sqrt(pi) / 2 W / S) for an object anywhere between many parallel sweeps (Koopman 1946)."""
    spacing_m, step_s = 2000.0, 300.0
    track = line(400_000.0, 0.0, step_s)
    found = [
        sum(
            exposed(track, np.tile([0.0, away_m + n * spacing_m], (len(track), 1)), step_s, coverage * 2000.0)
            for n in range(-25, 26)
        )
        for away_m in (np.arange(20) + 0.5) / 20 * spacing_m
    ]
    assert np.mean(-np.expm1(-np.array(found))) == pytest.approx(
        math.erf(math.sqrt(math.pi) / 2 * coverage), abs=0.004
    )


def test_it_agrees_with_a_search_flown_glimpse_by_glimpse() -> None:
    """Three legs past an object that drifts; the other program reads positions and knows nothing of Sarex."""
    lon, lat = 132.0, 37.0
    east_m, north_m = glimpses._metres_per_degree(lat)
    times_s = np.array([0.0, 600.0, 1200.0])
    object_m = np.array([[4000.0, 2500.0], [4300.0, 2900.0], [4500.0, 3400.0]])
    corners_m = np.array([[0.0, 0.0], [15_000.0, 0.0], [15_000.0, 4000.0], [0.0, 4000.0]])
    at_s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners_m, axis=0).T) / SPEED_MPS)])
    degrees = corners_m / [east_m, north_m] + [lon, lat]
    legs = np.column_stack([degrees[:-1], degrees[1:], at_s[:-1], at_s[1:]])
    files = glimpses.Files(
        times_s=times_s,
        lon_deg=lon + object_m[np.newaxis, :, 0] / east_m,
        lat_deg=lat + object_m[np.newaxis, :, 1] / north_m,
        afloat=np.ones((1, 3), bool),
        weight=np.ones(1),
        leeway_class=["RAFT"],
        legs=legs,
        widths_m=np.full((3, 1), 1800.0),
        classes=["RAFT"],
        promised=0.0,
    )
    told = glimpses.find_chances(files, 2000, 5, coarse=False).mean()

    fine_s = np.union1d(np.arange(0.0, at_s[-1], 10.0), at_s)
    unit = np.column_stack([np.interp(fine_s, at_s, corners_m[:, k]) for k in (0, 1)])
    adrift = np.column_stack([np.interp(fine_s, times_s, object_m[:, k]) for k in (0, 1)])
    found = sight(fine_s, unit, adrift, np.full(fine_s.size - 1, SPEED_MPS), np.full(fine_s.size - 1, 1800.0))
    assert -math.expm1(-found.exposure[-1]) == pytest.approx(told, abs=2e-4)


def test_the_moment_of_seeing_is_where_the_exposure_passes_the_draw() -> None:
    seen = Sight(np.array([0.0, 10.0, 20.0]), np.array([0.0, 0.0, 0.5]))
    assert seen.passes(0.25) == pytest.approx(15.0)
    assert seen.passes(0.5) is None
