"""The synthetic sea is plausible, smooth and without divergence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.environment.sample_sea import sample_current, sample_wind

EARTH_RADIUS_M = 6_371_000.0
APRIL_2026_S = 1_775_000_000.0
LON, LAT = np.meshgrid(np.linspace(128.0, 137.0, 91), np.linspace(34.0, 39.0, 51))
DAYS = APRIL_2026_S + 3600.0 * np.arange(0.0, 240.0, 5.0)

positions = st.tuples(st.floats(-180.0, 180.0), st.floats(-75.0, 75.0))
instants = st.floats(0.0, 3e9)


@settings(max_examples=60, deadline=None)
@given(positions, instants)
def test_the_current_has_no_divergence_on_the_sphere(position, time_s) -> None:
    lon, lat = position
    step_deg = 1e-4
    u_east, _ = sample_current(lon + step_deg, lat, time_s)
    u_west, _ = sample_current(lon - step_deg, lat, time_s)
    _, v_north = sample_current(lon, lat + step_deg, time_s)
    _, v_south = sample_current(lon, lat - step_deg, time_s)
    cosine = np.cos(np.deg2rad([lat - step_deg, lat, lat + step_deg]))
    span = 2.0 * np.deg2rad(step_deg) * EARTH_RADIUS_M * cosine[1]
    divergence = ((u_east - u_west) + (v_north * cosine[2] - v_south * cosine[0])) / span
    # Against a typical gradient of 0.3 m/s over 50 km, 6e-6 per second.
    assert abs(divergence) < 1e-9


def test_speeds_of_the_current_are_plausible() -> None:
    speeds = np.array([np.hypot(*sample_current(LON, LAT, time_s)) for time_s in DAYS])
    assert speeds.max() < 1.0
    assert 0.1 < speeds.mean() < 0.4


def test_the_mean_current_runs_northeast_along_honshu() -> None:
    jet_lon, jet_lat = np.array([131.0, 132.5, 134.0]), np.array([35.4, 36.0, 36.6])
    mean = np.mean([sample_current(jet_lon, jet_lat, time_s) for time_s in DAYS], axis=0)
    assert (mean[0] > 0.1).all()
    assert mean[1].mean() > 0.0


def test_the_tide_turns_twice_a_day() -> None:
    hours = np.arange(0.0, 24.84, 0.1)
    north = np.array([sample_current(132.0, 36.5, APRIL_2026_S + 3600.0 * h)[1] for h in hours])
    varying = north - north.mean()
    assert 3 <= np.count_nonzero(np.diff(np.sign(varying))) <= 5


def test_the_wind_is_a_working_breeze_that_turns() -> None:
    east, north = np.array([sample_wind(LON, LAT, time_s) for time_s in DAYS]).swapaxes(0, 1)
    speeds = np.hypot(east, north)
    assert speeds.max() < 16.0
    assert 5.0 < speeds.mean() < 9.0
    assert np.mean((speeds > 3.0) & (speeds < 14.0)) > 0.85
    here = np.rad2deg(np.arctan2(east[:, 25, 45], north[:, 25, 45]))
    assert np.ptp(here) > 60.0


def test_no_jump_when_one_low_follows_another() -> None:
    period_s = 4.0 * 86_400.0
    change = np.subtract(sample_wind(LON, LAT, period_s + 1.0), sample_wind(LON, LAT, period_s - 1.0))
    assert np.abs(change).max() < 1e-3


@pytest.mark.parametrize("sample", [sample_current, sample_wind])
def test_defined_everywhere(sample) -> None:
    lon, lat = np.meshgrid(np.linspace(-180.0, 180.0, 61), np.linspace(-85.0, 85.0, 35))
    assert np.isfinite(sample(lon, lat, APRIL_2026_S)).all()
    assert np.hypot(*sample(lon, lat, APRIL_2026_S)).max() < 20.0
