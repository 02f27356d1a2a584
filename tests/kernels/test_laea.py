"""The projection against PROJ, against Snyder's definitions and against geodesics."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj

from sarex.kernels import laea

GEOD = Geod(ellps="WGS84")
FAR_M = 3_000_000.0
POINTS = 2000
# PROJ itself loses digits for an origin within a degree of a pole, though not at it, and takes one within
# 6e-9 degrees of the equator, or of Greenwich, to lie on it
lat0 = st.one_of(
    st.floats(-89.0, 89.0).map(lambda lat: round(lat, 6)), st.sampled_from([-90.0, -60.0, 0.0, 45.0, 90.0])
)
lon0 = st.one_of(
    st.floats(-180.0, 180.0).map(lambda lon: round(lon, 6)), st.sampled_from([-180.0, 0.0, 179.999, 180.0])
)
seeds = st.integers(0, 2**31)


def around(lon_deg, lat_deg, seed, nearest_m=1000.0, farthest_m=FAR_M):
    """Positions at any distance and bearing of an origin."""
    generator = np.random.default_rng(seed)
    bearing = generator.uniform(0.0, 360.0, POINTS)
    distance_m = generator.uniform(nearest_m, farthest_m, POINTS)
    lon, lat, _ = GEOD.fwd(np.full(POINTS, lon_deg), np.full(POINTS, lat_deg), bearing, distance_m)
    return lon, lat, distance_m


def to_plane(lon, lat, origin):
    x, y = np.empty(len(lon)), np.empty(len(lon))
    laea.forward(lon, lat, origin, x, y)
    return x, y


def to_earth(x, y, origin):
    lon, lat = np.empty(len(x)), np.empty(len(x))
    laea.inverse(x, y, origin, lon, lat)
    return lon, lat


def proj(lon_deg, lat_deg):
    return Proj(proj="laea", lat_0=lat_deg, lon_0=lon_deg, ellps="WGS84", units="m")


def assert_same_place(lon, lat, lon_there, lat_there, tolerance_deg) -> None:
    """Longitudes compared along their parallel, across the dateline too."""
    turned = (lon - lon_there + 180.0) % 360.0 - 180.0
    assert np.abs(turned * np.cos(np.radians(lat_there))).max() < tolerance_deg
    assert np.abs(lat - lat_there).max() < tolerance_deg


@settings(max_examples=60, deadline=None)
@given(lon0, lat0, seeds)
def test_inverse_undoes_proj(lon_deg, lat_deg, seed) -> None:
    """PROJ's way to the plane is a closed form; its way back, in 9.5, is good to 1.4e-8 deg only."""
    lon, lat, _ = around(lon_deg, lat_deg, seed)
    back = to_earth(*proj(lon_deg, lat_deg)(lon, lat), laea.origin_numbers(lon_deg, lat_deg))
    assert_same_place(*back, lon, lat, 1e-9)
    assert np.abs(back[0]).max() <= 180.0


@settings(max_examples=60, deadline=None)
@given(lon0, lat0, seeds)
def test_both_ways_agree_with_proj(lon_deg, lat_deg, seed) -> None:
    lon, lat, _ = around(lon_deg, lat_deg, seed)
    theirs = proj(lon_deg, lat_deg)
    origin = laea.origin_numbers(lon_deg, lat_deg)
    x, y = to_plane(lon, lat, origin)
    x_there, y_there = theirs(lon, lat)
    assert np.hypot(x - x_there, y - y_there).max() < 1e-4
    assert_same_place(*to_earth(x, y, origin), *theirs(x, y, inverse=True), 2e-8)


@settings(max_examples=60, deadline=None)
@given(lon0, st.floats(-90.0, 90.0), seeds)
def test_there_and_back_from_any_origin(lon_deg, lat_deg, seed) -> None:
    lon, lat, _ = around(lon_deg, lat_deg, seed, 0.0)
    origin = laea.origin_numbers(lon_deg, lat_deg)
    assert_same_place(*to_earth(*to_plane(lon, lat, origin), origin), lon, lat, 1e-11)


@pytest.mark.parametrize("off_pole_deg", [0.0, 1e-13, 1e-9, 1e-5, 1e-3, 0.1])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_lengths_hold_for_an_origin_at_or_near_a_pole(off_pole_deg, side) -> None:
    """The plane stretches by (d / R)^2 / 24 at most near its middle: 1e-7 within 10 km."""
    lat_deg = side * (90.0 - off_pole_deg)
    lon, lat, distance_m = around(20.0, lat_deg, 1, farthest_m=10_000.0)
    x, y = to_plane(lon, lat, laea.origin_numbers(20.0, lat_deg))
    assert np.abs(np.hypot(x, y) / distance_m - 1.0).max() < 2e-7


def test_authalic_latitude_is_that_of_its_definition() -> None:
    """Snyder (3-11), (3-12), WGS 84."""
    e2 = (2.0 - 1.0 / 298.257223563) / 298.257223563
    e = math.sqrt(e2)

    def q(sine):
        return (1.0 - e2) * (
            sine / (1.0 - e2 * sine**2) - math.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
        )

    for lat_deg in (-90.0, -61.3, -12.0, 0.0, 5.0, 33.3, 71.0, 89.0):
        sine = math.sin(math.radians(lat_deg))
        assert laea.origin_numbers(0.0, lat_deg)[1] == pytest.approx(q(sine) / q(1.0), abs=1e-13)


def test_the_arctangent_is_the_librarys() -> None:
    generator = np.random.default_rng(5)
    turned = generator.uniform(-math.pi, math.pi, 20_000)
    corners = [k * math.pi / 8 for k in range(-7, 9)]
    for angle in [*turned, *corners]:
        pair = math.sin(angle), math.cos(angle)
        assert laea._arctangent.py_func(*pair) == pytest.approx(math.atan2(*pair), abs=1e-15)
    assert laea._arctangent.py_func(0.0, 0.0) == 0.0


def test_beyond_the_rim_there_is_no_earth() -> None:
    """The plane ends at 2 R from its origin, at the antipode."""
    lon, lat = to_earth(
        np.array([0.0, 2e7, np.nan]), np.array([0.0, 0.0, 0.0]), laea.origin_numbers(30.0, 40.0)
    )
    assert (lon[0], lat[0]) == pytest.approx((30.0, 40.0), abs=1e-12)
    assert np.isnan(lon[1:]).all()
    assert np.isnan(lat[1:]).all()


def test_a_point_has_one_answer_in_any_company() -> None:
    """Points taken eight at a time, or alone, are the same to the bit."""
    origin = laea.origin_numbers(131.0, 37.0)
    x, y = np.random.default_rng(2).uniform(-FAR_M / 2, FAR_M / 2, (2, 101))
    together = np.array(to_earth(x, y, origin))
    alone = np.array([to_earth(x[i : i + 1], y[i : i + 1], origin) for i in range(x.size)])
    np.testing.assert_array_equal(together, alone[:, :, 0].T)


@pytest.mark.parametrize("where", [(180.0, -17.0), (131.0, 37.0), (0.0, 90.0), (-5.0, 0.0)])
def test_packed_degrees_are_the_nearest(where) -> None:
    origin = laea.origin_numbers(*where)
    x, y = np.random.default_rng(3).uniform(-3e5, 3e5, (2, POINTS)).astype(np.float32)
    lon_e7, lat_e7 = np.empty(POINTS, np.int32), np.empty(POINTS, np.int32)
    laea.inverse_e7(x, y, origin, lon_e7, lat_e7)
    lon, lat = to_earth(x.astype(float), y.astype(float), origin)
    assert np.abs(lon_e7 * 1e-7 - lon).max() <= 0.5000001e-7
    assert np.abs(lat_e7 * 1e-7 - lat).max() <= 0.5000001e-7
    assert np.abs(lon_e7.astype(int)).max() <= 1_800_000_000
