"""Components on the faces of cells (ROMS, NEMO) against analytic fields."""

import netCDF4
import numpy as np
import pytest
from pyproj import Geod, Transformer

from sarex.environment import Box, sample_velocity
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

FRAME = LocalFrame(132.0, 37.0)
BOX = Box(-30_000.0, -30_000.0, 30_000.0, 30_000.0)
STEP_DEG = 0.05
COUNT = 41


def write_roms(
    path, eastward, northward, *, angle_rad=None, mask=None, places=("rho", "u", "v"), turn=0.0
) -> None:
    """A ROMS file around 132 E, 37 N whose grid is turned by `turn` (radians, about its middle)."""

    def positions(rows, columns):
        """Longitude and latitude of fractional rho indices; turned in a plane where a degree is a degree."""
        along, across = np.meshgrid((columns - 20) * STEP_DEG, (rows - 20) * STEP_DEG)
        east = along * np.cos(turn) - across * np.sin(turn)
        north = along * np.sin(turn) + across * np.cos(turn)
        return 132.0 + east / np.cos(np.deg2rad(37.0)), 37.0 + north

    whole, half = np.arange(float(COUNT)), np.arange(COUNT - 1) + 0.5
    points = {"rho": (whole, whole), "u": (whole, half), "v": (half, whole)}
    with netCDF4.Dataset(path, "w") as nc:
        nc.createDimension("ocean_time", 13)
        nc.createVariable("ocean_time", "f8", ("ocean_time",))[:] = 3600.0 * np.arange(13.0)
        nc["ocean_time"].units = "seconds since 2026-05-01 00:00:00"
        nc.createDimension("s_rho", 3)
        nc.createVariable("s_rho", "f8", ("s_rho",))[:] = [-0.8, -0.5, -0.1]
        for point, (rows, columns) in points.items():
            dims = (f"eta_{point}", f"xi_{point}")
            for dim, size in zip(dims, (len(rows), len(columns)), strict=True):
                nc.createDimension(dim, size)
            if point in places:
                for name, values in zip(("lon", "lat"), positions(rows, columns), strict=True):
                    nc.createVariable(f"{name}_{point}", "f8", dims)[:] = values
        for name, flow in (("u", eastward), ("v", northward)):
            dims = ("ocean_time", "s_rho", f"eta_{name}", f"xi_{name}")
            variable = nc.createVariable(name, "f4", dims, fill_value=1e37)
            variable.setncatts({"units": "meter second-1", "long_name": f"{name}-momentum component"})
            variable[:] = -5.0
            variable[:, -1] = flow(*positions(*points[name]))
        if angle_rad is not None:
            nc.createVariable("angle", "f8", ("eta_rho", "xi_rho"))[:] = angle_rad
            nc["angle"].units = "radians"
        if mask is not None:
            nc.createVariable("mask_rho", "f8", ("eta_rho", "xi_rho"))[:] = mask


def _still(lon, _lat):
    return np.zeros_like(lon)


def _along(lon, _lat):
    return np.full_like(lon, 0.4)


def flow_at(field, x_m, y_m, frame=FRAME):
    """Eastward and northward velocity of a field at points of the plane."""
    x, y = sample_velocity(field, x_m, y_m, field.times_s[0])
    xe, xn, ye, yn = frame.velocity_to_plane(*frame.to_lonlat_deg(x_m, y_m))
    determinant = xe * yn - xn * ye
    return (x * yn - y * xn) / determinant, (y * xe - x * ye) / determinant


@pytest.mark.parametrize("places", [("rho", "u", "v"), ("rho",), ("u", "v")])
def test_faces_of_roms_at_the_surface(places, tmp_path, gather) -> None:
    """A field linear in longitude and latitude; half a cell amiss would be off by 0.005 m/s."""
    path = tmp_path / "roms.nc"
    write_roms(
        path,
        lambda lon, lat: 0.2 * (lon - 132.0) - 0.15 * (lat - 37.0) + 0.1,
        lambda lon, lat: 0.2 * (lat - 37.0) + 0.15 * (lon - 132.0) - 0.3,
        places=places,
    )
    field, _ = gather(path, frame=FRAME, box=BOX)
    x_m, y_m = np.array([0.0, -20_000.0, 25_000.0]), np.array([1000.0, 15_000.0, -28_000.0])
    lon, lat = FRAME.to_lonlat_deg(x_m, y_m)
    east, north = flow_at(field, x_m, y_m)
    assert east == pytest.approx(0.2 * (lon - 132.0) - 0.15 * (lat - 37.0) + 0.1, abs=2e-4)
    assert north == pytest.approx(0.2 * (lat - 37.0) + 0.15 * (lon - 132.0) - 0.3, abs=2e-4)


@pytest.mark.parametrize("stated", [True, False], ids=["angle", "positions"])
def test_a_turned_roms_grid(stated, tmp_path, gather) -> None:
    """0.4 m/s along the first axis, which points 50 degrees to the north of east."""
    path, turn = tmp_path / "roms.nc", np.deg2rad(50.0)
    write_roms(
        path,
        _along,
        _still,
        turn=turn,
        angle_rad=turn if stated else None,
    )
    field, _ = gather(path, frame=FRAME, box=BOX)
    east, north = flow_at(field, np.array([0.0, 20_000.0]), np.array([0.0, -20_000.0]))
    # The made-up positions turn in a plane of degrees, so the true angle is off by a degree away from 37 N.
    tolerance = 1e-5 if stated else 5e-3
    assert east == pytest.approx(0.4 * np.cos(turn), abs=tolerance)
    assert north == pytest.approx(0.4 * np.sin(turn), abs=tolerance)


def test_a_wall_has_no_flow_through_it(tmp_path, gather) -> None:
    """Land east of column 25: the last water cell has one open face and one wall, the land has nothing."""
    mask = np.ones((COUNT, COUNT))
    mask[:, 26:] = 0.0
    wall_deg = 132.0 + 5.5 * STEP_DEG / np.cos(np.deg2rad(37.0))
    path = tmp_path / "roms.nc"
    write_roms(
        path,
        lambda lon, _: np.where(lon < wall_deg - 1e-6, 0.4, 1e37),
        lambda lon, _: np.where(lon < wall_deg, 0.2, 1e37),
        mask=mask,
    )
    field, _ = gather(path, frame=FRAME, box=BOX)
    x_m = float(FRAME.to_xy_m(132.0 + 5 * STEP_DEG / np.cos(np.deg2rad(37.0)), 37.0)[0])
    east, north = flow_at(field, np.array([0.0, x_m]), np.zeros(2))
    assert east == pytest.approx([0.4, 0.2], abs=0.03)
    assert north == pytest.approx([0.2, 0.2], abs=1e-3)


def test_a_masked_cell_is_land_even_where_the_file_has_zeros(tmp_path, gather) -> None:
    mask = np.ones((COUNT, COUNT))
    mask[:, 10:] = 0.0
    path = tmp_path / "roms.nc"
    write_roms(path, _still, _still, mask=mask)
    with pytest.raises(ForcingError, match="missing at"):
        gather(path, frame=FRAME, box=Box(0.0, 0.0, 30_000.0, 30_000.0))


def test_roms_without_positions_is_refused(tmp_path, gather) -> None:
    path = tmp_path / "roms.nc"
    write_roms(path, _still, _still, places=())
    with pytest.raises(ForcingError, match=r"neither lon_rho, lat_rho nor lon_u, lat_u; merge"):
        gather(path, frame=FRAME, box=BOX)


def test_faces_of_nemo_across_the_dateline(tmp_path, gather) -> None:
    """As many faces as centres, the face to the east of its centre; axes along a polar stereographic grid."""
    to_earth = Transformer.from_crs(
        "+proj=stere +lat_0=90 +lon_0=150 +lat_ts=60 +R=6371000", "+proj=longlat +R=6371000", always_xy=True
    )
    x0, y0 = to_earth.transform(180.0, 66.0, direction="INVERSE")
    step_m, geod, path = 4000.0, Geod(a=6371000.0, f=0.0), tmp_path / "nemo.nc"
    with netCDF4.Dataset(path, "w") as nc:
        for dim, size in (("time_counter", 13), ("y", 30), ("x", 31)):
            nc.createDimension(dim, size)
        nc.createVariable("time_counter", "f8", ("time_counter",))[:] = np.arange(13.0)
        nc["time_counter"].units = "hours since 2026-05-01 00:00:00"
        for point, (shift_x, shift_y) in (("u", (0.5, 0.0)), ("v", (0.0, 0.5))):
            x, y = np.meshgrid(
                x0 + step_m * (np.arange(31) - 15 + shift_x), y0 + step_m * (np.arange(30) - 15 + shift_y)
            )
            lon, lat = to_earth.transform(x, y)
            ahead = to_earth.transform(x + 10.0 * (point == "u"), y + 10.0 * (point == "v"))
            azimuth = np.deg2rad(geod.inv(lon, lat, *ahead)[0])
            nc.createVariable(f"glam{point}", "f8", ("y", "x"))[:] = lon
            nc.createVariable(f"gphi{point}", "f8", ("y", "x"))[:] = lat
            variable = nc.createVariable(f"{point}o", "f4", ("time_counter", "y", "x"))
            name = "sea_water_x_velocity" if point == "u" else "sea_water_y_velocity"
            variable.setncatts({"units": "m/s", "standard_name": name})
            # 0.3 m/s east and 0.1 m/s for each degree of latitude above 66 N northward, along this axis.
            variable[:] = 0.3 * np.sin(azimuth) + 0.1 * (lat - 66.0) * np.cos(azimuth)
    frame = LocalFrame(180.0, 66.0)
    field, _ = gather(path, frame=frame, box=BOX)
    x_m, y_m = np.array([-15_000.0, 0.0, 20_000.0]), np.array([10_000.0, 0.0, -20_000.0])
    _, lat = frame.to_lonlat_deg(x_m, y_m)
    east, north = flow_at(field, x_m, y_m, frame)
    assert east == pytest.approx(0.3, abs=2e-3)
    assert north == pytest.approx(0.1 * (lat - 66.0), abs=2e-3)
