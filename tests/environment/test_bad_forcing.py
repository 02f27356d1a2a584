"""Broken forcing files: each is one sentence that names the file, never a traceback of a library."""

import netCDF4
import numpy as np
import pytest

from sarex.errors import ForcingError

SENTENCE_LENGTH = 300


def make_unknown_units(write):
    return write("furlongs.nc", units="furlong fortnight-1"), "furlong"


def make_percent_units(write):
    return write("percent.nc", units="%"), "'%'"


def make_no_units(write):
    return write("unitless.nc", units=None), "no units"


def make_missing_component(write):
    return write("half.nc", names=("uo", None)), "only one component"


def make_all_nan(write):
    return write("nan.nc", eastward=np.nan, northward=np.nan), "missing"


def make_declared_fill_everywhere(write):
    return write("fill.nc", eastward=1e20, northward=1e20, fill=1e20), "missing"


def make_undeclared_huge_fill_everywhere(write):
    return write("huge.nc", eastward=9.97e36, northward=9.97e36), "missing"


def make_truncated(write):
    path = write("truncated.nc")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path, "cannot be read"


def make_truncated_tail(write):
    path = write("tail.nc")
    path.write_bytes(path.read_bytes()[:-2000])
    return path, "cannot be read"


def make_truncated_classic(write):
    path = write("classic.nc", file_format="NETCDF3_CLASSIC")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path, "shorter"


def make_corrupt_middle(write):
    path = write("header.nc")
    raw = bytearray(path.read_bytes())
    raw[8:400] = b"\xff" * 392
    path.write_bytes(bytes(raw))
    return path, "cannot be read"


def make_text(write):
    path = write("text.nc")
    path.write_text("lon,lat,u,v\n132,37,0.1,0.2\n")
    return path, "cannot be read"


def make_empty(write):
    path = write("empty.nc")
    path.write_bytes(b"")
    return path, "empty"


def make_missing(write):
    path = write("gone.nc")
    path.unlink()
    return path, "no such"


def make_directory(write):
    path = write("x.nc").with_name("folder.nc")
    path.mkdir()
    return path, "folder"


def make_unknown_calendar(write):
    return write("martian.nc", calendar="martian"), "martian"


def make_calendar_without_dates(write):
    return write("days360.nc", calendar="360_day"), "360_day"


def make_time_without_reference(write):
    return write("hours.nc", time_units="hours"), "time"


def make_time_unit_nonsense(write):
    return write("fortnights.nc", time_units="fortnights since yesterday"), "fortnights"


def make_repeated_times(write):
    return write("repeated.nc", hours=[0, 1, 2, 2, 3, 4, 24]), "do not increase"


def make_missing_times(write):
    return write("lost.nc", hours=[0, 1, np.nan, 24]), "missing"


def make_single_time_outside(write):
    return write("single.nc", hours=[30]), "2026-05-02T06:00Z"


def make_ends_too_early(write):
    return write("early.nc", hours=np.arange(0.0, 11.0)), "Add a file"


def make_elsewhere(write):
    return write("elsewhere.nc", lon=np.arange(10.0, 12.0, 0.1)), "covers 10.00"


def make_without_positions(write):
    path = write("nowhere.nc")
    with netCDF4.Dataset(path, "a") as nc:
        for name in ("lon", "lat"):
            nc.renameVariable(name, f"index_{name}")
            nc[f"index_{name}"].units = "1"
    return path, "no longitude and latitude"


def make_broken_latitudes(write):
    return write("zigzag.nc", lat=[36.0, 37.0, 36.5, 38.0]), "neither increase nor decrease"


def make_mismatched_dimensions(write):
    path = write("mismatch.nc", names=("uo", None))
    with netCDF4.Dataset(path, "a") as nc:
        nc.createDimension("lat_v", 5)
        variable = nc.createVariable("vo", "f4", ("time", "lat_v", "lon"))
        variable.setncatts({"units": "m s-1", "standard_name": "northward_sea_water_velocity"})
    return path, "same grid"


def make_wind_as_current(write):
    names = ("eastward_wind", "northward_wind")
    return write("air.nc", standard_names=names, names=("air_u", "air_v")), "holds a wind"


def make_deep_current(write):
    return write("deep.nc", depths=[100.0, 50.0]), "50 m"


def make_unbelievable_speed(write):
    return write("mislabelled.nc", eastward=30.0), "not believed"


def make_members(write):
    path = write("members.nc", names=(None, None))
    with netCDF4.Dataset(path, "a") as nc:
        nc.createDimension("member", 3)
        for name, standard_name in (("uo", "eastward"), ("vo", "northward")):
            variable = nc.createVariable(name, "f4", ("time", "member", "lat", "lon"))
            variable.setncatts({"units": "m s-1", "standard_name": f"{standard_name}_sea_water_velocity"})
            variable[:] = 0.1
    return path, "along 'member'"


def make_nothing_of_use(write):
    return write("salt.nc", names=("so", "thetao"), standard_names=("", "")), "so, thetao"


def make_ambiguous_axes(write):
    path = write("curved.nc", names=(None, None))
    lon, lat = np.meshgrid(np.arange(131.0, 133.0, 0.2), np.arange(36.0, 38.0, 0.2))
    with netCDF4.Dataset(path, "a") as nc:
        nc.createDimension("j", lon.shape[0])
        nc.createDimension("i", lon.shape[1])
        for name, values in (("longitude", lon), ("latitude", lat)):
            nc.createVariable(name, "f8", ("j", "i"))[:] = values
        for name in ("u", "v"):
            variable = nc.createVariable(name, "f4", ("time", "j", "i"))
            variable.units = "m s-1"
            variable[:] = 0.1
    return path, "toward east"


BREAKERS = [value for name, value in sorted(globals().items()) if name.startswith("make_")]


@pytest.mark.parametrize("make", BREAKERS, ids=lambda make: make.__name__.removeprefix("make_"))
def test_broken_file_is_one_sentence_that_names_it(make, write_forcing, gather) -> None:
    path, expected = make(write_forcing)
    with pytest.raises(ForcingError) as caught:
        gather(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert expected in sentence
    assert len(sentence) <= SENTENCE_LENGTH
    assert "\n" not in sentence


def test_wind_at_another_height_is_refused(write_forcing, gather) -> None:
    path = write_forcing(
        "aloft.nc",
        depths=[80.0, 120.0],
        names=("uwnd", "vwnd"),
        standard_names=("eastward_wind", "northward_wind"),
    )
    with netCDF4.Dataset(path, "a") as nc:
        nc["depth"].setncatts({"standard_name": "height", "positive": "up"})
    with pytest.raises(ForcingError, match="80 m; leeway is defined for the wind at 10 m"):
        gather(path, quantity="wind")


def test_a_broken_second_choice_is_refused_too(write_forcing, gather) -> None:
    good, (bad, _) = write_forcing("good.nc"), make_text(write_forcing)
    with pytest.raises(ForcingError, match=r"text\.nc"):
        gather(good, bad)


def test_at_least_eighteen_kinds_of_damage() -> None:
    assert len(BREAKERS) >= 18
