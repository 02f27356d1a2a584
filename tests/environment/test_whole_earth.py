"""Global sources at poles and datelines, against the solid rotation of a sphere."""

import netCDF4
import numpy as np
import pytest
from pyproj import Transformer

from sarex.environment import Box, sample_velocity
from sarex.geo import LocalFrame

BOX = Box(-400_000.0, -400_000.0, 400_000.0, 400_000.0)
SPIN_MPS = 1.0
"""Speed on the great circle of the rotation, whose axis goes through 0 N 30 E."""
AXIS_LON_DEG = 30.0


def solid_rotation(lon_deg, lat_deg):
    """Eastward and northward parts of omega x r for an axis in the equator's plane (closed form)."""
    turn, lat = np.deg2rad(lon_deg - AXIS_LON_DEG), np.deg2rad(lat_deg)
    return -SPIN_MPS * np.sin(lat) * np.cos(turn), SPIN_MPS * np.sin(turn) + 0.0 * lat


def write_global(path, lon, lat) -> None:
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    with netCDF4.Dataset(path, "w") as nc:
        for name, values, units in (
            ("time", np.arange(0.0, 13.0, 6.0), "hours since 2026-05-01 00:00:00"),
            ("lat", lat, "degrees_north"),
            ("lon", lon, "degrees_east"),
        ):
            nc.createDimension(name, len(values))
            nc.createVariable(name, "f8", (name,))[:] = values
            nc[name].units = units
        for name, values in zip(("uo", "vo"), solid_rotation(grid_lon, grid_lat), strict=True):
            nc.createVariable(name, "f4", ("time", "lat", "lon"))[:] = np.broadcast_to(
                values, (3, *values.shape)
            )
            nc[name].units = "m s-1"


def expect_rotation(field, frame, *, abs_mps) -> None:
    rng = np.random.default_rng(5)
    x_m, y_m = rng.uniform(-380_000.0, 380_000.0, (2, 300))
    lon, lat = frame.to_lonlat_deg(x_m, y_m)
    east, north = solid_rotation(lon, lat)
    xe, xn, ye, yn = frame.velocity_to_plane(lon, lat)
    x, y = sample_velocity(field, x_m, y_m, field.times_s[0])
    assert x == pytest.approx(xe * east + xn * north, abs=abs_mps)
    assert y == pytest.approx(ye * east + yn * north, abs=abs_mps)


@pytest.mark.parametrize("lon", [np.arange(0.0, 360.0), np.arange(-180.0, 180.0), np.arange(-179.5, 180.5)])
@pytest.mark.parametrize("origin", [(180.0, 10.0), (0.2, -35.0), (-179.9, 60.0), (95.0, 82.0)])
def test_all_round_the_earth(lon, origin, tmp_path, gather) -> None:
    write_global(tmp_path / "g.nc", lon, np.arange(90.0, -90.1, -1.0))
    frame = LocalFrame(*origin)
    field, _ = gather(tmp_path / "g.nc", frame=frame, box=BOX)
    assert np.isfinite(field.velocity_mps).all()
    # Cells of a degree and nodes 3 km apart; (1 degree)^2 / 8 of the speed, doubled, and more at 82 N.
    expect_rotation(field, frame, abs_mps=3e-4)


@pytest.mark.parametrize("pole_deg", [90.0, -90.0])
@pytest.mark.parametrize("end", [90.0, 89.75], ids=["with_pole", "without_pole"])
def test_over_the_pole(pole_deg, end, tmp_path, gather) -> None:
    """Longitudes swing fast here and the far meridian is where the grid's ends meet; still no gap."""
    write_global(tmp_path / "g.nc", np.arange(0.0, 360.0), np.arange(-end, end + 0.1, 0.5))
    frame = LocalFrame(-40.0, pole_deg)
    field, _ = gather(tmp_path / "g.nc", frame=frame, box=BOX)
    assert np.isfinite(field.velocity_mps).all()
    expect_rotation(field, frame, abs_mps=5e-3)


def test_a_polar_stereographic_source_over_the_pole(tmp_path, gather) -> None:
    """Components along x and y of the projection, which has no trouble at the pole."""
    proj4 = "+proj=stere +lat_0=90 +lon_0=-45 +lat_ts=70 +R=6371000"
    to_earth = Transformer.from_crs(proj4, "+proj=longlat +R=6371000", always_xy=True)
    axis = 25_000.0 * np.arange(-20, 20.5)
    x, y = np.meshgrid(axis, axis + 3000.0)
    lon, lat = to_earth.transform(x, y)
    east, north = solid_rotation(lon, lat)
    turn = np.deg2rad(lon + 45.0)
    # In this projection east points along (cos, sin) and north along (-sin, cos) of the longitude from lon_0.
    along_x, along_y = east * np.cos(turn) - north * np.sin(turn), east * np.sin(turn) + north * np.cos(turn)
    with netCDF4.Dataset(tmp_path / "p.nc", "w") as nc:
        for name, values in (("time", np.arange(0.0, 13.0, 6.0)), ("yc", y[:, 0]), ("xc", axis)):
            nc.createDimension(name, len(values))
            nc.createVariable(name, "f8", (name,))[:] = values
        nc["time"].units = "hours since 2026-05-01 00:00:00"
        nc["xc"].setncatts({"standard_name": "projection_x_coordinate", "units": "m"})
        nc["yc"].setncatts({"standard_name": "projection_y_coordinate", "units": "m"})
        nc.createVariable("crs", "i4", ()).proj4 = proj4
        for name, values in (("x", along_x), ("y", along_y)):
            nc.createVariable(name, "f4", ("time", "yc", "xc"))[:] = np.broadcast_to(
                values, (3, *values.shape)
            )
            nc[name].setncatts(
                {"units": "m/s", "standard_name": f"sea_water_{name}_velocity", "grid_mapping": "crs"}
            )
    frame = LocalFrame(10.0, 89.0)
    box = Box(-250_000.0, -250_000.0, 250_000.0, 250_000.0)
    field, _ = gather(tmp_path / "p.nc", frame=frame, box=box)
    rng = np.random.default_rng(6)
    x_m, y_m = rng.uniform(-240_000.0, 240_000.0, (2, 200))
    lon, lat = frame.to_lonlat_deg(x_m, y_m)
    east, north = solid_rotation(lon, lat)
    xe, xn, ye, yn = frame.velocity_to_plane(lon, lat)
    u, v = sample_velocity(field, x_m, y_m, field.times_s[0])
    near_pole = lat > 89.9
    assert u[~near_pole] == pytest.approx((xe * east + xn * north)[~near_pole], abs=3e-3)
    assert v[~near_pole] == pytest.approx((ye * east + yn * north)[~near_pole], abs=3e-3)
