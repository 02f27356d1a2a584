"""Tracks are read by the form of the real data; what is not in that form is named."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from made_tracks import made_track
from sarex.errors import InputError
from sarex.validation import read_tracks
from sarex.validation.launches import choose_launches
from sarex.validation.tracks import read_track


@pytest.fixture
def track() -> xr.Dataset:
    return made_track(np.random.default_rng(1))


def test_a_track_keeps_its_numbers(tmp_path: Path, track: xr.Dataset) -> None:
    track.to_netcdf(tmp_path / "t.nc")
    read = read_track(tmp_path / "t.nc")
    assert (read.drifter, read.kind, read.model) == ("A001", "MetOcean CODE/Davis", tmp_path.name)
    np.testing.assert_allclose(read.lon_deg, track.lon)
    np.testing.assert_allclose(read.current_eastward_mps, 0.3)
    assert read.times_s[0] == 1619827200.0  # 2021-05-01T00:00Z by `date -u -d 2021-05-01 +%s`
    assert np.all(np.diff(read.times_s) == 3600.0)


def test_other_names_units_and_longitudes(tmp_path: Path, track: xr.Dataset) -> None:
    other = track.rename(lon="longitude", ueast_ocean="uo", ueast_atmos="wind_e")
    other["longitude"] = other["longitude"] + 360.0
    other["uo"] = other["uo"] * 100.0
    other["uo"].attrs["units"] = "cm s-1"
    other["wind_e"].attrs = {"units": "knots", "standard_name": "eastward_wind"}
    other.to_netcdf(tmp_path / "t.nc")
    read = read_track(tmp_path / "t.nc")
    np.testing.assert_allclose(read.current_eastward_mps, 0.3)
    np.testing.assert_allclose(np.mod(read.lon_deg, 360.0), np.mod(track.lon, 360.0))


def test_longitudes_run_on_across_the_dateline(tmp_path: Path, track: xr.Dataset) -> None:
    moved = track.lon.to_numpy() - track.lon.to_numpy()[0] + 179.9
    track["lon"] = ("time", (moved + 180.0) % 360.0 - 180.0, {"standard_name": "longitude"})
    track.to_netcdf(tmp_path / "t.nc")
    np.testing.assert_allclose(np.diff(read_track(tmp_path / "t.nc").lon_deg), np.diff(moved), atol=1e-9)


def test_short_gaps_are_filled_and_long_ones_end_a_launch(tmp_path: Path) -> None:
    track = made_track(np.random.default_rng(1), hours=60)
    track["ueast_ocean"][5:8] = np.nan
    short = track.copy(deep=True)
    track["lat"][40:44] = np.nan
    short.isel(time=[i for i in range(61) if i not in (20, 21)]).to_netcdf(tmp_path / "short.nc")
    track.to_netcdf(tmp_path / "long.nc")
    whole, cut = read_track(tmp_path / "short.nc"), read_track(tmp_path / "long.nc")
    assert np.isfinite(whole.current_eastward_mps).all()
    np.testing.assert_allclose(whole.lat_deg[20:22], track.lat[20:22], atol=0.02)
    assert [launch.hours for launch in choose_launches([whole], 24, (6, 24, 48))] == [48, 35, 11]
    assert [launch.hours for launch in choose_launches([cut], 24, (6, 24, 48))] == [38, 14, 11]


def without_wind(track: xr.Dataset) -> xr.Dataset:
    return track.drop_vars("ueast_atmos")


def without_units(track: xr.Dataset) -> xr.Dataset:
    track["vnorth_ocean"].attrs = {}
    return track


def degrees_for_speed(track: xr.Dataset) -> xr.Dataset:
    track["vnorth_ocean"].attrs["units"] = "degree"
    return track


def huge_fill(track: xr.Dataset) -> xr.Dataset:
    track["ueast_ocean"][3] = 9.96921e36
    return track


def half_hours(track: xr.Dataset) -> xr.Dataset:
    return track.assign_coords(
        time=track.time.to_numpy()[0] + np.arange(track.time.size) * np.timedelta64(1800, "s")
    )


def backward(track: xr.Dataset) -> xr.Dataset:
    return track.isel(time=slice(None, None, -1))


def all_missing(track: xr.Dataset) -> xr.Dataset:
    track["lat"][:] = np.nan
    return track


def no_times(track: xr.Dataset) -> xr.Dataset:
    return track.assign_coords(time=np.arange(track.time.size, dtype=float))


def off_the_globe(track: xr.Dataset) -> xr.Dataset:
    track["lat"][4] = 4850.0
    return track


def one_time(track: xr.Dataset) -> xr.Dataset:
    return track.isel(time=[0])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_wind, "no eastward wind"),
        (without_units, "units"),
        (degrees_for_speed, "no speed"),
        (huge_fill, "must lie between"),
        (half_hours, "full hours"),
        (backward, "do not increase"),
        (all_missing, "missing at every time"),
        (no_times, "no times"),
        (off_the_globe, "latitude is 4850"),
        (one_time, "two times"),
    ],
)
def test_a_file_that_is_no_track_is_named(
    tmp_path: Path, track: xr.Dataset, spoil: Callable[[xr.Dataset], xr.Dataset], words: str
) -> None:
    spoil(track).to_netcdf(tmp_path / "bad.nc")
    with pytest.raises(InputError, match=words) as told:
        read_track(tmp_path / "bad.nc")
    assert str(told.value).startswith("bad.nc: ")


def test_one_unreadable_file_is_listed_and_the_rest_is_read(tmp_path: Path, track: xr.Dataset) -> None:
    track.to_netcdf(tmp_path / "good.nc")
    (tmp_path / "text.nc").write_text("no netCDF at all")
    whole = (tmp_path / "good.nc").read_bytes()
    (tmp_path / "cut.nc").write_bytes(whole[: len(whole) // 2])
    tracks, unread = read_tracks(tmp_path)
    assert [found.file for found in tracks] == ["good.nc"]
    assert sorted(found.file.name for found in unread) == ["cut.nc", "text.nc"]
    assert all("cannot be read as NetCDF" in found.why for found in unread)


def test_a_folder_without_tracks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no NetCDF file"):
        read_tracks(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_tracks(tmp_path / "absent")
    (tmp_path / "text.nc").write_text("x")
    with pytest.raises(InputError, match="none of its 1 files"):
        read_tracks(tmp_path)
    with pytest.raises(InputError, match=r"text\.nc is a file; give the folder"):
        read_tracks(tmp_path / "text.nc")
