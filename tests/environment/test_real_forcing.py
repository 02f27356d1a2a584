"""Real model output against an independent point computation with pyproj and netCDF4 alone."""

from datetime import UTC, datetime, timedelta

import netCDF4
import numpy as np
import pytest
from pyproj import Geod, Proj

from sarex.case.model import ForcingFile
from sarex.environment import Box, sample_velocity
from sarex.environment.gather import gather_field
from sarex.environment.quantities import CURRENT, WIND
from sarex.environment.request import FieldRequest
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

FRAME = LocalFrame(4.5, 59.6)
BOX = Box(-80_000.0, -20_000.0, 60_000.0, 90_000.0)
START = datetime(2015, 11, 16, 5, tzinfo=UTC)
SPHERE = Geod(a=6371000.0, f=0.0)


def expected_eastward_northward(model, path, lon, lat, step) -> tuple[float, float]:
    """Nearest-corner bilinear value by hand, turned by geodesic azimuths on the model's sphere."""
    projection, axes, names = Proj(model["proj4"]), model["axes"], model["names"]
    x, y = projection(lon, lat)
    with netCDF4.Dataset(path) as nc:
        x_axis, y_axis = (np.asarray(nc[axis][:], float) for axis in axes)
        i, j = int(np.searchsorted(x_axis, x)) - 1, int(np.searchsorted(y_axis, y)) - 1
        s, t = (x - x_axis[i]) / (x_axis[i + 1] - x_axis[i]), (y - y_axis[j]) / (y_axis[j + 1] - y_axis[j])
        corners = [np.squeeze(nc[name][step])[j : j + 2, i : i + 2].astype(float) for name in names]
    if any(np.ma.is_masked(corner) for corner in corners):
        return np.nan, np.nan
    along_x, along_y = (float(np.array([1 - t, t]) @ corner @ np.array([1 - s, s])) for corner in corners)
    azimuth_x = np.deg2rad(SPHERE.inv(lon, lat, *projection(x + 100.0, y, inverse=True))[0])
    azimuth_y = np.deg2rad(SPHERE.inv(lon, lat, *projection(x, y + 100.0, inverse=True))[0])
    return (
        along_x * np.sin(azimuth_x) + along_y * np.sin(azimuth_y),
        along_x * np.cos(azimuth_x) + along_y * np.cos(azimuth_y),
    )


NORKYST = {
    "quantity": CURRENT,
    "file": "norkyst800_subset_16Nov2015.nc",
    "names": ("u", "v"),
    "axes": ("X", "Y"),
    "proj4": "+proj=stere +lat_0=90 +lon_0=70 +lat_ts=60 +R=6371000",
    "tolerance_mps": 0.02,
}
AROME = {
    "quantity": WIND,
    "file": "arome_subset_16Nov2015.nc",
    "names": ("x_wind_10m", "y_wind_10m"),
    "axes": ("x", "y"),
    "proj4": "+proj=lcc +lon_0=15 +lat_0=63 +lat_1=63 +lat_2=63 +R=6371000",
    "tolerance_mps": 0.1,
}


@pytest.mark.parametrize("model", [NORKYST, AROME], ids=["norkyst", "arome"])
def test_norwegian_models(model, shared_dir) -> None:
    path = shared_dir / "data" / "norkyst-arome-2015" / model["file"]
    tolerance = model["tolerance_mps"]
    request = FieldRequest(model["quantity"], FRAME, BOX, START, START + timedelta(hours=13))
    field, (told,) = gather_field(request, (ForcingFile(str(path)),))
    assert told.valid_until == datetime(2015, 11, 18, 18, tzinfo=UTC)
    rng = np.random.default_rng(2)
    x_m, y_m = rng.uniform(-60_000, 40_000, 40), rng.uniform(0, 80_000, 40)
    lon, lat = FRAME.to_lonlat_deg(x_m, y_m)
    expected = np.array(
        [expected_eastward_northward(model, path, a, b, 9) for a, b in zip(lon, lat, strict=True)]
    )
    nine = datetime(2015, 11, 16, 9, tzinfo=UTC).timestamp()
    x, y = sample_velocity(field, x_m, y_m, nine)
    xe, xn, ye, yn = FRAME.velocity_to_plane(lon, lat)
    miss_x = x - (xe * expected[:, 0] + xn * expected[:, 1])
    miss_y = y - (ye * expected[:, 0] + yn * expected[:, 1])
    known = np.isfinite(miss_x)
    assert known.sum() > 20
    # The rest is what a second bilinear interpolation smooths; a wrong turn would be off by tens of degrees.
    assert np.sqrt(np.mean(miss_x[known] ** 2 + miss_y[known] ** 2)) < tolerance
    assert np.abs(np.mean(miss_x[known])) < tolerance / 3
    assert np.abs(np.mean(miss_y[known])) < tolerance / 3


def test_hycom_and_gfs_off_washington(shared_dir) -> None:
    folder = shared_dir / "data" / "pygnome-wa"
    frame, box = LocalFrame(-125.0, 48.0), Box(-30_000.0, -40_000.0, 30_000.0, 40_000.0)
    start = datetime(2023, 3, 2, 12, tzinfo=UTC)
    for quantity, name, names in (
        (CURRENT, "gridded_current.nc", ("water_u", "water_v")),
        (WIND, "GFS_Global_0p25deg.nc", ("air_u", "air_v")),
    ):
        request = FieldRequest(quantity, frame, box, start, start + timedelta(hours=24))
        field, _ = gather_field(request, (ForcingFile(str(folder / name)),))
        with netCDF4.Dataset(folder / name) as nc:
            j, i = int(np.argmin(np.abs(nc["lat"][:] - 48.0))), int(np.argmin(np.abs(nc["lon"][:] + 125.0)))
            lon, lat = float(nc["lon"][i]), float(nc["lat"][j])
            times = netCDF4.num2date(nc["time"][:], nc["time"].units, only_use_cftime_datetimes=False)
            step = [t.replace(tzinfo=UTC) for t in times].index(start)
            u, v = (float(nc[name][step, j, i]) for name in names)
        x, y = sample_velocity(field, *frame.to_xy_m(lon, lat), start.timestamp())
        assert (float(x), float(y)) == pytest.approx((u, v), abs=0.03 * max(1.0, np.hypot(u, v)))


def test_a_gappy_radar_keeps_its_gaps(shared_dir) -> None:
    path = shared_dir / "data" / "hfradar-monterey-2017" / "Monterey_Small_2km_Hourly_2017_01.nc"
    frame, box = LocalFrame(-122.1, 36.75), Box(-40_000.0, -40_000.0, 40_000.0, 40_000.0)
    start = datetime(2017, 1, 21, tzinfo=UTC)
    field, (told,) = gather_field(
        FieldRequest(CURRENT, frame, box, start, start + timedelta(hours=6)), (ForcingFile(str(path)),)
    )
    assert 0.1 < np.isfinite(field.x_mps).mean() < 0.95
    assert np.nanmax(np.hypot(field.x_mps, field.y_mps)) < 2.0
    assert "HF-Radar" in told.description or "hf-radar" in told.description


def test_a_model_without_units_is_refused_and_its_wind_is_read(shared_dir) -> None:
    folder = shared_dir / "data" / "arousa-2024"
    frame, box = LocalFrame(-8.95, 42.5), Box(-15_000.0, -15_000.0, 15_000.0, 15_000.0)
    start = datetime(2024, 2, 2, 2, tzinfo=UTC)
    request = FieldRequest(CURRENT, frame, box, start, start + timedelta(hours=6))
    with pytest.raises(ForcingError, match="u and v have no units"):
        gather_field(request, (ForcingFile(str(folder / "2D_Hydrodynamic_Arousa_20240202.nc")),))
    wind = FieldRequest(WIND, frame, box, start, start + timedelta(hours=6))
    field, _ = gather_field(wind, (ForcingFile(str(folder / "wrf_arw_1km_20240202.nc")),))
    assert 1.0 < np.nanmean(np.hypot(field.x_mps, field.y_mps)) < 20.0
