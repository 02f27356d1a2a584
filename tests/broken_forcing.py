"""Forcing files for tests, whole and broken, written with netCDF4 directly and not with the code under test.

Each `make_` takes a function that writes a forcing file by name, breaks what it wrote, and gives the path
with words of the sentence that it must be refused with.
"""

from pathlib import Path

import netCDF4
import numpy as np


def write_forcing_file(
    folder,
    name="forcing.nc",
    *,
    lon=None,
    lat=None,
    eastward=0.3,
    northward=-0.1,
    hours=None,
    units="m s-1",
    standard_names=("eastward_sea_water_velocity", "northward_sea_water_velocity"),
    names=("uo", "vo"),
    time_units="hours since 2026-05-01 00:00:00",
    calendar="standard",
    depths=None,
    title="A made-up sea",
    kind="f4",
    fill=None,
    file_format="NETCDF4",
) -> Path:
    """Write a velocity on a longitude/latitude grid around 132 E, 37 N; every part can be replaced."""
    lon = np.arange(131.0, 133.01, 0.1) if lon is None else np.asarray(lon, float)
    lat = np.arange(36.0, 38.01, 0.1) if lat is None else np.asarray(lat, float)
    hours = np.arange(0.0, 25.0) if hours is None else np.asarray(hours, float)
    path = folder / name
    with netCDF4.Dataset(path, "w", format=file_format) as nc:
        nc.title = title
        axes = {"time": (hours, time_units), "lat": (lat, "degrees_north"), "lon": (lon, "degrees_east")}
        for axis, (values, axis_units) in axes.items():
            nc.createDimension(axis, len(values))
            variable = nc.createVariable(axis, "f8", (axis,))
            variable.units = axis_units
            variable[:] = values
        nc["time"].calendar = calendar
        dims = ("time", "lat", "lon")
        if depths is not None:
            nc.createDimension("depth", len(depths))
            nc.createVariable("depth", "f8", ("depth",))[:] = depths
            nc["depth"].setncatts({"units": "m", "positive": "down"})
            dims = ("time", "depth", "lat", "lon")
        shape = tuple(len(nc.dimensions[dim]) for dim in dims)
        for variable_name, standard_name, value in zip(
            names, standard_names, (eastward, northward), strict=True
        ):
            if variable_name is None:
                continue
            variable = nc.createVariable(variable_name, kind, dims, fill_value=fill)
            if standard_name:
                variable.standard_name = standard_name
            if units is not None:
                variable.units = units
            variable[:] = np.broadcast_to(value, shape)
    return path


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
