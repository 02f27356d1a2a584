"""Order of preference, reach in time and space, filling at the coast, and what is said of the sources."""

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sarex.case.model import (
    Case,
    Conditions,
    ConstantVelocity,
    DriftSettings,
    ForcingPreference,
    LastKnownPosition,
    ObjectShare,
    Position,
    SampleSea,
    Scenario,
    SearchWindow,
)
from sarex.environment import Box, FieldRequest, gather_environment, sample_velocity
from sarex.environment import gather as gather_module
from sarex.environment.quantities import CURRENT
from sarex.errors import ForcingError, OutputError
from sarex.geo import LocalFrame

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
CONSTANT = ConstantVelocity(eastward_mps=0.9, northward_mps=0.2)


def at(field, x_m, y_m, step=0) -> tuple[float, float]:
    x, y = sample_velocity(field, x_m, y_m, field.times_s[step])
    return float(x), float(y)


def test_first_source_is_preferred_and_holes_fall_through(write_forcing, gather) -> None:
    flow = np.full((25, 21, 21), 0.3)
    flow[:, :, 10:] = np.nan
    first = write_forcing("first.nc", eastward=flow)
    second = write_forcing("second.nc", eastward=0.7)
    field, (told_first, told_second) = gather(first, second)
    assert np.isfinite(field.x_mps).all()
    assert at(field, -30_000.0, 0.0)[0] == pytest.approx(0.3, abs=2e-3)
    assert at(field, 20_000.0, 0.0)[0] == pytest.approx(0.7, abs=2e-3)
    # The second source has true values there; the first one is not carried past its edge instead.
    assert told_first.share + told_second.share == pytest.approx(1.0)
    assert 0.3 < told_first.share < 0.6


def test_a_constant_fills_what_files_leave(write_forcing, gather) -> None:
    path = write_forcing(lon=np.arange(131.0, 131.95, 0.05))
    field, told = gather(path, CONSTANT)
    assert np.isfinite(field.x_mps).all()
    assert at(field, 30_000.0, 0.0)[0] == pytest.approx(0.9, abs=3e-3)
    assert at(field, -30_000.0, 0.0)[0] == pytest.approx(0.3, abs=3e-3)
    assert [source.label for source in told] == ["forcing.nc", "constant current"]


def test_a_constant_alone_is_a_small_field(gather) -> None:
    field, (told,) = gather(CONSTANT, quantity="wind")
    assert field.x_mps.shape[0] == 2
    assert field.x_mps[0].size < 1000
    assert at(field, 0.0, 0.0) == pytest.approx((0.9, 0.2), abs=2e-4)
    assert at(field, 39_000.0, -39_000.0, step=1) == pytest.approx((0.9, 0.2), abs=6e-3)
    assert told.share == 1.0
    assert not told.synthetic


def test_the_sample_sea_says_that_it_is_synthetic(gather) -> None:
    field, (told,) = gather(SampleSea())
    assert told.synthetic
    assert told.description.startswith("SYNTHETIC")
    assert np.isfinite(field.x_mps).all()
    assert np.allclose(np.diff(field.times_s), 3600.0)
    assert field.spacing_m <= 10_000.0


def test_land_in_a_file_is_bridged_for_three_cells_and_no_more(write_forcing, gather) -> None:
    spacing_deg = 0.1
    lon = np.arange(131.0, 133.01, spacing_deg)
    flow = np.broadcast_to(np.where(lon < 131.95, 0.1 * (lon - 131.0), np.nan), (25, 21, 21)).copy()
    field, _ = gather(write_forcing(lon=lon, eastward=flow, northward=0.0))
    frame = LocalFrame(132.0, 37.0)
    last_water_x, _ = frame.to_xy_m(131.9, 37.0)
    cell_m = float(frame.to_xy_m(132.0, 37.0)[0] - last_water_x)
    beyond = float(last_water_x) + cell_m * np.array([-0.2, 1.0, 2.5, 3.6])
    x, _ = sample_velocity(field, beyond, np.zeros(4), field.times_s[0])
    # The nearest water cell's own value (0.09), not an extrapolated slope, not a maximum of neighbours.
    assert x[:3] == pytest.approx([0.088, 0.09, 0.09], abs=2e-3)
    assert np.isnan(x[3])


def test_outside_the_file_is_unknown_even_where_filling_would_reach(write_forcing, gather) -> None:
    field, _ = gather(write_forcing(lon=np.arange(131.9, 133.01, 0.1)))
    assert np.isnan(at(field, -20_000.0, 0.0)[0])
    assert np.isfinite(at(field, 0.0, 0.0)[0])


def test_linear_in_time_between_the_steps_of_each_source(write_forcing, gather) -> None:
    hourly = write_forcing("hourly.nc", lon=np.arange(131.0, 131.95, 0.05))
    hours = np.arange(0.0, 25.0, 6.0)
    slow = write_forcing("slow.nc", hours=hours, eastward=0.02 * hours[:, None, None])
    field, _ = gather(hourly, slow)
    assert len(field.times_s) == 7
    times = field.times_s[0] + 3600.0 * np.arange(7)
    x, _ = sample_velocity(field, 30_000.0, 0.0, times)
    assert x == pytest.approx(0.02 * (6.0 + np.arange(7)), abs=1e-3)


def test_two_files_in_a_row_cover_the_span_together(write_forcing, gather) -> None:
    first = write_forcing("day1.nc", hours=np.arange(0.0, 9.0))
    second = write_forcing("day2.nc", hours=np.arange(9.0, 25.0))
    field, told = gather(first, second)
    assert np.isfinite(field.x_mps).all()
    assert sum(source.share for source in told) == pytest.approx(1.0)


def test_a_hole_in_time_between_two_files_is_an_error(write_forcing, gather) -> None:
    first = write_forcing("day1.nc", hours=np.arange(0.0, 8.0))
    second = write_forcing("day2.nc", hours=np.arange(10.0, 25.0))
    with pytest.raises(ForcingError, match=r"day1\.nc covers .* to 2026-05-01T07:00Z, day2\.nc covers"):
        gather(first, second)


@pytest.mark.parametrize(("begins", "ends", "enough"), [(6, 12, True), (6, 11, False), (7, 12, False)])
def test_the_whole_span_must_be_covered(begins, ends, enough, write_forcing, gather) -> None:
    path = write_forcing(hours=np.arange(begins, ends + 0.5))
    if enough:
        gather(path)
        return
    with pytest.raises(ForcingError, match="needs the current from 2026-05-01T06:00Z to 2026-05-01T12:00Z"):
        gather(path)


def test_a_file_elsewhere_is_passed_over_when_another_serves(write_forcing, gather) -> None:
    elsewhere = write_forcing("elsewhere.nc", lon=np.arange(10.0, 12.0, 0.1))
    here = write_forcing("here.nc")
    _, told = gather(elsewhere, here)
    assert [source.share for source in told] == [0.0, 1.0]


def test_an_instant_without_any_value_is_an_error(write_forcing, gather) -> None:
    flow = np.full((25, 1, 1), 0.3)
    flow[8] = np.nan
    with pytest.raises(ForcingError, match="missing at 2026-05-01T08:00Z"):
        gather(write_forcing(eastward=np.broadcast_to(flow, (25, 21, 21))))


def test_a_file_elsewhere_adds_no_empty_instants(write_forcing, gather) -> None:
    elsewhere = write_forcing("elsewhere.nc", lon=np.arange(10.0, 12.0, 0.1), hours=np.arange(0.5, 25.0))
    here = write_forcing("here.nc", hours=np.arange(6.0, 13.0))
    field, _ = gather(elsewhere, here)
    assert np.isfinite(field.x_mps).all()
    assert field.times_s[0] == START.timestamp()


def test_a_file_elsewhere_does_not_lend_its_times(write_forcing, gather) -> None:
    elsewhere = write_forcing("elsewhere.nc", lon=np.arange(10.0, 12.0, 0.1))
    here = write_forcing("here.nc", hours=np.arange(6.0, 11.0))
    with pytest.raises(ForcingError, match="missing at 2026-05-01T1"):
        gather(elsewhere, here)


def test_only_the_needed_times_are_kept(write_forcing, gather) -> None:
    field, _ = gather(write_forcing(), start=START + timedelta(minutes=20), hours=2.0)
    assert (field.times_s - START.timestamp()).tolist() == [0.0, 3600.0, 7200.0, 10800.0]
    assert field.x_mps.dtype == np.float32


def test_the_field_is_bounded_in_size(write_forcing, gather) -> None:
    fine = write_forcing(lon=np.arange(131.9, 132.1, 0.001), lat=np.arange(36.95, 37.05, 0.001))
    field, _ = gather(fine, box=Box(-300_000.0, -300_000.0, 300_000.0, 300_000.0))
    assert field.x_mps[0].size <= 1_000_000


def test_provenance(write_forcing, gather) -> None:
    import netCDF4

    path = write_forcing(title="Made-up sea model")
    with netCDF4.Dataset(path, "a") as nc:
        nc.institution = "Nobody"
        run = nc.createVariable("forecast_reference_time", "f8", ())
        run.setncatts({"standard_name": "forecast_reference_time", "units": "hours since 2026-04-30"})
        run[...] = 18.0
    _, (told,) = gather(path)
    assert told.description == "Made-up sea model; Nobody"
    assert told.produced_at == datetime(2026, 4, 30, 18, tzinfo=UTC)
    assert told.valid_from == datetime(2026, 5, 1, tzinfo=UTC)
    assert told.valid_until == datetime(2026, 5, 2, tzinfo=UTC)


def test_a_whole_environment() -> None:
    frame = LocalFrame(131.9, 37.2)
    box = Box(-30_000.0, -30_000.0, 30_000.0, 30_000.0)
    environment = gather_environment(
        a_case(), box, FieldRequest(CURRENT, frame, box, START, START + timedelta(hours=6))
    )
    assert environment.synthetic
    assert [source.quantity for source in environment.sources] == ["current", "wind"]
    assert environment.coast.raster.cells.shape == (400, 400)
    assert 3.0 < np.hypot(environment.wind.x_mps, environment.wind.y_mps).max() < 15.0


def test_a_constant_is_told_without_a_negative_nought() -> None:
    frame = LocalFrame(131.9, 37.2)
    box = Box(-30_000.0, -30_000.0, 30_000.0, 30_000.0)
    asked = FieldRequest(CURRENT, frame, box, START, START + timedelta(hours=6))
    forcing = ForcingPreference.single((ConstantVelocity(-1e-16, -0.5),), (SampleSea(),))
    told, _ = gather_environment(replace(a_case(), forcing=forcing), box, asked).sources
    assert "0.00 m/s toward east, -0.50 m/s toward north" in told.description
    assert "-0.00" not in told.description


def a_case() -> Case:
    origin = LastKnownPosition(Position(131.9, 37.2), 1000.0, START, START)
    return Case(
        id="T-1",
        title="Test",
        exercise=True,
        seed=1,
        scenarios=(Scenario("one", 1.0, origin, (ObjectShare("PIW-1", 1.0),)),),
        forcing=ForcingPreference.single(current=(SampleSea(),), wind=(SampleSea(),)),
        window=SearchWindow(START, START + timedelta(hours=6)),
        units=(),
        conditions=Conditions(visibility_m=10_000.0, wave_height_m=1.0),
        danger_areas=(),
        drift=DriftSettings(),
    )


def test_a_field_too_large_for_memory_is_the_same_from_disk(write_forcing, gather, monkeypatch) -> None:
    path = write_forcing()
    held, _ = gather(path)
    monkeypatch.setattr(gather_module, "_MOST_IN_MEMORY", 10)
    mapped, _ = gather(path)
    assert isinstance(mapped.velocity_mps, np.memmap)
    np.testing.assert_array_equal(mapped.velocity_mps, held.velocity_mps)


def test_no_room_for_a_large_field_is_told(write_forcing, gather, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gather_module, "_MOST_IN_MEMORY", 10)
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(
        OutputError, match=r"no room for .* GB of forcing \(No space left on device\).*TMPDIR"
    ):
        gather(write_forcing())
