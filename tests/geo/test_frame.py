"""The plane against WGS 84 geodesics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj

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
    assert GEOD.inv(*there, *(float(part) for part in back))[2] < 1e-6


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


@pytest.mark.parametrize("origin", [(-150.0, 0.0), (10.0, 60.0), (131.0, 37.0), (180.0, -80.0)])
def test_the_derivative_of_the_plane_is_that_of_proj(origin) -> None:
    """Differences of PROJ's plane over 100 m of geodesic; these are good to 1e-9 themselves."""
    frame, plane = LocalFrame(*origin), Proj(proj="laea", lon_0=origin[0], lat_0=origin[1], ellps="WGS84")
    at = frame.to_lonlat_deg(*np.random.default_rng(4).uniform(-5e5, 5e5, (2, 500)))
    found = frame.velocity_to_plane(*at)
    for azimuth_deg, (dx, dy) in ((90.0, found[0::2]), (0.0, found[1::2])):
        ahead, behind = (
            plane(*GEOD.fwd(*at, np.full(500, azimuth_deg + turn), np.full(500, 50.0))[:2])
            for turn in (0.0, 180.0)
        )
        np.testing.assert_allclose(dx, (ahead[0] - behind[0]) / 100.0, rtol=0.0, atol=1e-8)
        np.testing.assert_allclose(dy, (ahead[1] - behind[1]) / 100.0, rtol=0.0, atol=1e-8)


def test_at_a_pole_north_is_along_the_meridian_that_is_named() -> None:
    """Seen from above, the meridian of the origin runs down, 90 E to the right."""
    xe, xn, ye, yn = LocalFrame(0.0, 90.0).velocity_to_plane([0.0, 90.0], [90.0, 90.0])
    np.testing.assert_allclose([xe, xn, ye, yn], [[1, 0], [0, -1], [0, 1], [1, 0]], atol=1e-12)


def test_the_answer_does_not_depend_on_the_number_of_threads(monkeypatch) -> None:
    x, y = np.random.default_rng(6).uniform(-3e5, 3e5, (2, 700, 400))
    answers = []
    for number in ("1", "2"):
        monkeypatch.setenv("SAREX_CORES", number)
        answers.append(LocalFrame(5.0, 60.0).to_lonlat_deg(x, y))
    np.testing.assert_array_equal(answers[0], answers[1])
    assert answers[0][0].shape == x.shape


def test_any_layout_of_an_array_will_do() -> None:
    frame = LocalFrame(179.9, 52.0)
    x, y = np.random.default_rng(7).uniform(-3e5, 3e5, (2, 30, 20)).astype(np.float32)
    lon_e7, lat_e7 = frame.to_lonlat_e7(x, y)
    x.setflags(write=False)
    for turn in (np.s_[::-1], np.s_[:, ::2], np.s_[3:4]):
        turned = frame.to_lonlat_e7(x[turn], y[turn])
        np.testing.assert_array_equal(turned, (lon_e7[turn], lat_e7[turn]))
    there = frame.to_lonlat_deg(x, y)
    np.testing.assert_allclose((lon_e7 * 1e-7, lat_e7 * 1e-7), there, rtol=0.0, atol=0.51e-7)
    assert frame.to_lonlat_deg(0.0, [[1.0], [2.0]])[0].shape == (2, 1)
    assert frame.to_lonlat_deg(0.0, 0.0)[0].shape == ()
    assert frame.to_lonlat_deg([], [])[0].size == 0
