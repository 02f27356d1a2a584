"""Vectors along the axes of turned grids come back east and north."""

import netCDF4
import numpy as np
import pytest
from pyproj import Geod, Transformer

from sarex.environment import Box, sample_velocity
from sarex.geo import LocalFrame

FRAME = LocalFrame(5.0, 60.0)
BOX = Box(-30_000.0, -30_000.0, 30_000.0, 30_000.0)

STEREOGRAPHIC = {
    "proj4": "+proj=stere +lat_0=90 +lon_0=70 +lat_ts=60 +R=6371000 +units=m +no_defs",
    "attributes": {
        "grid_mapping_name": "polar_stereographic",
        "straight_vertical_longitude_from_pole": 70.0,
        "latitude_of_projection_origin": 90.0,
        "standard_parallel": 60.0,
        "earth_radius": 6371000.0,
    },
    "axes": ("projection_x_coordinate", "projection_y_coordinate"),
    "step": 2000.0,
}
LAMBERT_WGS84 = {
    "proj4": "+proj=lcc +lat_0=55 +lon_0=-30 +lat_1=50 +lat_2=65 +ellps=WGS84 +units=m +no_defs",
    "attributes": {
        "proj4": "+proj=lcc +lat_0=55 +lon_0=-30 +lat_1=50 +lat_2=65 +ellps=WGS84 +units=m +no_defs"
    },
    "axes": ("projection_x_coordinate", "projection_y_coordinate"),
    "step": 2000.0,
}
ROTATED_POLE = {
    "proj4": "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=25 +lon_0=-40 +R=6371229 "
    "+to_meter=0.0174532925199",
    "attributes": {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": 25.0,
        "grid_north_pole_longitude": 140.0,
        "earth_radius": 6371229.0,
    },
    "axes": ("grid_longitude", "grid_latitude"),
    "step": 0.02,
}


def transformer(setup) -> Transformer:
    """From the grid's coordinates to longitude and latitude on the same earth."""
    earth = {"R=6371000": "+R=6371000", "ellps=WGS84": "+ellps=WGS84", "R=6371229": "+R=6371229"}
    shape = next(value for key, value in earth.items() if key in setup["proj4"])
    return Transformer.from_crs(setup["proj4"], f"+proj=longlat {shape} +no_defs", always_xy=True)


def write_turned(path, setup, flow, *, with_mapping, with_positions, lon_deg=5.0) -> None:
    """A uniform flow over the earth, in components along the grid's axes found by geodesics."""
    eastward, northward = flow
    to_earth = transformer(setup)
    x0, y0 = to_earth.transform(lon_deg, 60.0, direction="INVERSE")
    offsets = setup["step"] * np.arange(-40, 41)
    x, y = np.meshgrid(x0 + offsets, y0 + offsets)
    lon, lat = to_earth.transform(x, y)
    geod = Geod(ellps="WGS84") if "WGS84" in setup["proj4"] else Geod(a=6371000.0, f=0.0)
    small = setup["step"] * 1e-3
    azimuth_x = np.deg2rad(geod.inv(lon, lat, *to_earth.transform(x + small, y))[0])
    azimuth_y = np.deg2rad(geod.inv(lon, lat, *to_earth.transform(x, y + small))[0])
    along_x = eastward * np.sin(azimuth_x) + northward * np.cos(azimuth_x)
    along_y = eastward * np.sin(azimuth_y) + northward * np.cos(azimuth_y)
    with netCDF4.Dataset(path, "w") as nc:
        for name, values in (("time", np.arange(0.0, 13.0)), ("yc", y0 + offsets), ("xc", x0 + offsets)):
            nc.createDimension(name, len(values))
            nc.createVariable(name, "f8", (name,))[:] = values
        nc["time"].units = "hours since 2026-05-01 00:00:00"
        nc["xc"].standard_name, nc["yc"].standard_name = setup["axes"]
        nc["xc"].units = nc["yc"].units = "m" if setup["step"] > 1 else "degrees"
        if with_mapping:
            nc.createVariable("crs", "i4", ()).setncatts(setup["attributes"])
        for name, standard_name, values in (
            ("u", "x_sea_water_velocity", along_x),
            ("v", "y_sea_water_velocity", along_y),
        ):
            variable = nc.createVariable(name, "f4", ("time", "yc", "xc"))
            variable.setncatts({"units": "m s-1", "standard_name": standard_name})
            if with_mapping:
                variable.grid_mapping = "crs"
            if with_positions:
                variable.coordinates = "longitude latitude"
            variable[:] = np.broadcast_to(values, variable.shape)
        if with_positions:
            for name, values in (("longitude", lon), ("latitude", lat)):
                nc.createVariable(name, "f8", ("yc", "xc"))[:] = values


@pytest.mark.parametrize(
    "setup", [STEREOGRAPHIC, LAMBERT_WGS84, ROTATED_POLE], ids=["stere", "lcc", "rotated"]
)
@pytest.mark.parametrize("described", ["mapping", "positions", "both"])
@pytest.mark.parametrize("flow", [(0.5, 0.0), (0.0, 0.5)], ids=["east", "north"])
def test_uniform_flow_over_a_turned_grid(setup, described, flow, tmp_path, gather) -> None:
    path = tmp_path / "turned.nc"
    write_turned(
        path, setup, flow, with_mapping=described != "positions", with_positions=described != "mapping"
    )
    field, _ = gather(path, frame=FRAME, box=BOX)
    assert np.isfinite(field.x_mps).all()
    x_m, y_m = np.array([0.0, -25_000.0, 20_000.0]), np.array([0.0, 15_000.0, -28_000.0])
    x, y = sample_velocity(field, x_m, y_m, field.times_s[2])
    xe, xn, ye, yn = FRAME.velocity_to_plane(*FRAME.to_lonlat_deg(x_m, y_m))
    assert x == pytest.approx(xe * flow[0] + xn * flow[1], abs=1.5e-3)
    assert y == pytest.approx(ye * flow[0] + yn * flow[1], abs=1.5e-3)


@pytest.mark.parametrize("described", ["mapping", "positions"])
def test_a_turned_grid_across_the_dateline(described, tmp_path, gather) -> None:
    path = tmp_path / "turned.nc"
    only = {"with_mapping": described == "mapping", "with_positions": described == "positions"}
    write_turned(path, STEREOGRAPHIC, (0.3, 0.4), lon_deg=180.0, **only)
    field, _ = gather(path, frame=LocalFrame(180.0, 60.0), box=BOX)
    x, y = sample_velocity(field, np.array([-200.0, 0.0, 200.0]), np.zeros(3), field.times_s[0])
    assert x == pytest.approx(0.3, abs=1e-3)
    assert y == pytest.approx(0.4, abs=1e-3)
    assert np.isfinite(field.x_mps).all()


def test_the_positions_of_the_file_win_over_a_projection_that_contradicts_them(tmp_path, gather) -> None:
    wrong = {**STEREOGRAPHIC, "attributes": {**STEREOGRAPHIC["attributes"]}}
    wrong["attributes"]["straight_vertical_longitude_from_pole"] = 69.0
    path = tmp_path / "contradiction.nc"
    write_turned(path, wrong, (0.5, 0.0), with_mapping=True, with_positions=True)
    field, _ = gather(path, frame=FRAME, box=BOX)
    x, y = sample_velocity(field, 0.0, 0.0, field.times_s[0])
    assert (float(x), float(y)) == pytest.approx((0.5, 0.0), abs=1e-3)


def test_a_turned_grid_without_projection_or_positions_is_refused(tmp_path, gather) -> None:
    path = tmp_path / "bare.nc"
    write_turned(path, STEREOGRAPHIC, (0.5, 0.0), with_mapping=False, with_positions=False)
    with pytest.raises(Exception, match="no longitude and latitude"):
        gather(path, frame=FRAME, box=BOX)


def test_rows_and_columns_may_come_in_any_order_of_dimensions(tmp_path, gather, write_forcing) -> None:
    path = write_forcing(names=(None, None))
    with netCDF4.Dataset(path, "a") as nc:
        slope = 0.1 * (nc["lon"][:] - 132.0)
        for name, standard_name in (("uo", "eastward"), ("vo", "northward")):
            variable = nc.createVariable(name, "f4", ("lon", "lat", "time"))
            variable.setncatts({"units": "m s-1", "standard_name": f"{standard_name}_sea_water_velocity"})
            variable[:] = np.broadcast_to(slope[:, None, None], variable.shape)
    field, _ = gather(path)
    lon, _ = LocalFrame(132.0, 37.0).to_lonlat_deg(30_000.0, 0.0)
    x, _ = sample_velocity(field, 30_000.0, 0.0, field.times_s[0])
    assert float(x) == pytest.approx(0.1 * (float(lon) - 132.0), rel=1e-2)
