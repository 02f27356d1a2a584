"""The plane against WGS 84 geodesics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from sarex.geo import LocalFrame

GEOD = Geod(ellps="WGS84")
lon = st.floats(-180.0, 180.0)
lat = st.floats(-80.0, 80.0)


@settings(max_examples=50, deadline=None)
@given(lon, lat, st.floats(0.0, 360.0), st.floats(0.0, 400_000.0))
def test_positions_come_back(lon_deg, lat_deg, azimuth_deg, distance_m) -> None:
    frame = LocalFrame(lon_deg, lat_deg)
    there = GEOD.fwd(lon_deg, lat_deg, azimuth_deg, distance_m)[:2]
    back = frame.to_lonlat_deg(*frame.to_xy_m(*there))
    # the projection's own series is good to about a millimetre
    assert GEOD.inv(*there, *(float(part) for part in back))[2] < 0.01


@settings(max_examples=50, deadline=None)
@given(lon, lat, st.floats(0.0, 360.0), st.floats(1000.0, 450_000.0))
def test_lengths_hold_to_the_stated_share(lon_deg, lat_deg, azimuth_deg, distance_m) -> None:
    frame = LocalFrame(lon_deg, lat_deg)
    x_m, y_m = frame.to_xy_m(*GEOD.fwd(lon_deg, lat_deg, azimuth_deg, distance_m)[:2])
    stated = (distance_m / 6_371_000.0) ** 2 / 8.0
    assert abs(np.hypot(x_m, y_m) / distance_m - 1.0) <= stated + 1e-6


@settings(max_examples=30, deadline=None)
@given(lon, lat, st.floats(-300_000.0, 300_000.0), st.floats(-300_000.0, 300_000.0))
def test_areas_are_kept(lon_deg, lat_deg, x_m, y_m) -> None:
    frame = LocalFrame(lon_deg, lat_deg)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * 2000.0 + (x_m, y_m)
    area_m2, _ = GEOD.polygon_area_perimeter(*frame.to_lonlat_deg(corners[:, 0], corners[:, 1]))
    assert area_m2 == pytest.approx(4e6, rel=2e-5)


def test_the_dateline_is_no_edge() -> None:
    frame = LocalFrame(180.0, -17.0)
    x_m, _ = frame.to_xy_m([179.9, -179.9, 180.1], [-17.0, -17.0, -17.0])
    assert x_m[0] == pytest.approx(-x_m[1], rel=1e-9)
    assert x_m[1] == pytest.approx(x_m[2], rel=1e-9)
    assert np.all(np.abs(frame.to_lonlat_deg(x_m, [0.0, 0.0, 0.0])[0]) <= 180.0)


@settings(max_examples=30, deadline=None)
@given(lon, lat, st.floats(-200_000.0, 200_000.0), st.floats(-200_000.0, 200_000.0), st.floats(0.0, 360.0))
def test_a_velocity_moves_the_plane_as_the_geodesic_does(lon_deg, lat_deg, x_m, y_m, toward_deg) -> None:
    frame = LocalFrame(lon_deg, lat_deg)
    at_lon, at_lat = (float(part) for part in frame.to_lonlat_deg(x_m, y_m))
    xe, xn, ye, yn = (float(part) for part in frame.velocity_to_plane(at_lon, at_lat))
    ahead = frame.to_xy_m(*GEOD.fwd(at_lon, at_lat, toward_deg, 500.0)[:2])
    behind = frame.to_xy_m(*GEOD.fwd(at_lon, at_lat, toward_deg + 180.0, 500.0)[:2])
    east, north = 1000.0 * np.sin(np.radians(toward_deg)), 1000.0 * np.cos(np.radians(toward_deg))
    assert float(ahead[0] - behind[0]) == pytest.approx(xe * east + xn * north, abs=0.03)
    assert float(ahead[1] - behind[1]) == pytest.approx(ye * east + yn * north, abs=0.03)
