"""Where one source takes over from another in time, and waves beside a current that changes more slowly."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from builders_sea import case
from sarex.case.model import ConstantVelocity, ForcingFile, ForcingPreference
from sarex.environment import Box, FieldRequest, gather_environment, sample_velocity
from sarex.environment.quantities import CURRENT
from sarex.geo import LocalFrame

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
STILL = ConstantVelocity(0.0, 0.0)
STOKES = (
    "sea_surface_wave_stokes_drift_eastward_velocity",
    "sea_surface_wave_stokes_drift_northward_velocity",
)


def way_m(field, hours: float, step_s: float = 600.0) -> float:
    """How far the water at the origin goes east in so many hours from 06:00."""
    at_s = START.timestamp() + np.arange(0.0, 3600.0 * hours, step_s) + step_s / 2
    return float(np.sum(sample_velocity(field, 0.0, 0.0, at_s)[0]) * step_s)


@pytest.mark.parametrize(("ends", "expected_km"), [(9, 3 * 3600 * 0.3 / 1000), (11, 5 * 3600 * 0.3 / 1000)])
def test_a_constant_takes_over_when_a_file_ends(write_forcing, gather, ends, expected_km) -> None:
    """0.3 m/s until the file ends and nothing afterwards: no gliding from one to the other until the end."""
    path = write_forcing(hours=np.arange(ends + 1.0), northward=0.0)
    field, _ = gather(path, STILL, hours=10.0)
    assert way_m(field, 10.0) / 1000 == pytest.approx(expected_km, abs=0.2)


def test_a_file_takes_over_when_it_begins(write_forcing, gather) -> None:
    path = write_forcing(hours=np.arange(11.0, 30.0), northward=0.0)
    field, _ = gather(path, STILL, hours=10.0)
    assert way_m(field, 10.0) / 1000 == pytest.approx(5 * 3600 * 0.3 / 1000, abs=0.2)


def water(write_forcing, current, waves):
    path = write_forcing(
        "waves.nc", eastward=waves, northward=0.0, names=("ust", "vst"), standard_names=STOKES
    )
    forcing = ForcingPreference.single((current,), (STILL,), (ForcingFile(str(path)),))
    frame, box = LocalFrame(132.0, 37.0), Box(-40_000.0, -40_000.0, 40_000.0, 40_000.0)
    asked = FieldRequest(CURRENT, frame, box, START, START + timedelta(hours=12))
    return gather_environment(case(forcing=forcing), box, asked).current


def test_waves_that_change_faster_than_the_current_count_in_full(write_forcing) -> None:
    """Half a metre a second from 09:00 to 15:00, an hour up and an hour down, over a constant current."""
    pulse = np.zeros((25, 21, 21))
    pulse[10:15] = 0.5
    field = water(write_forcing, STILL, pulse)
    assert way_m(field, 12.0) / 1000 == pytest.approx(0.5 * 3600 * (4 + 1) / 1000, rel=0.01)


def test_waves_are_added_and_missing_ones_are_not(write_forcing) -> None:
    partly = np.full((25, 21, 21), 0.2)
    partly[:, :, :10] = np.nan  # carried three cells past its edge at 132 E
    field = water(write_forcing, ConstantVelocity(0.3, 0.0), partly)
    times_s = field.times_s[1]
    assert sample_velocity(field, 20_000.0, 0.0, times_s)[0] == pytest.approx(0.5, abs=2e-3)
    west = sample_velocity(field, -39_000.0, 0.0, times_s)[0]
    assert west == pytest.approx(0.3, abs=2e-3)
