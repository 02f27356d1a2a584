"""The Lambert azimuthal equal-area projection of the WGS 84 ellipsoid, both ways, point by point.

Snyder, Map Projections - A Working Manual (USGS Professional Paper 1395, 1987), pages 187-190: the ellipsoid
goes to the authalic sphere (of equal area, equations 3-11 to 3-13), that to the plane (24-17 to 24-24),
stretched by D (24-20) to make lengths true at the origin. Here the sphere's equations are written with unit
vectors: with r the distance from the origin in radii, sin c = r sqrt(1 - r^2/4) and cos c = 1 - r^2/2, so
that neither the origin nor a pole is a special case. The series between authalic and geodetic latitude are
Karney's (On auxiliary latitudes, Survey Review 56, 2024, arXiv:2212.05818) in the third flattening; what is
left out is below 3e-14 rad. Snyder's own (3-18) ends at e^6 and is off by 1.5 mm, as is PROJ 9.5's inverse,
which also loses D near a pole (lengths off by 1e-6 for an origin 110 m from it, by 2 % at one metre).

The inverse has no branch and calls nothing, so that LLVM takes several points at a time. No fast-math: a
point's answer is the same in any company.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_A_M = 6378137.0
_F = 1.0 / 298.257223563
_E2 = _F * (2.0 - _F)
_E = math.sqrt(_E2)
_N = _F / (2.0 - _F)

_Q_POLE = 1.0 + (1.0 - _E2) * math.atanh(_E) / _E
"""Snyder's q (3-12) at the pole."""
_RADIUS_M = _A_M * math.sqrt(_Q_POLE / 2.0)
"""Of the authalic sphere (3-13)."""

# sin 2, 4, 6, 8, 10 times authalic latitude: what geodetic latitude has more
_G2 = _N * (
    4.0 / 3.0 + _N * (4.0 / 45.0 + _N * (-16.0 / 35.0 + _N * (-2582.0 / 14175.0 + _N * 60136.0 / 467775.0)))
)
_G4 = _N**2 * (46.0 / 45.0 + _N * (152.0 / 945.0 + _N * (-11966.0 / 14175.0 - _N * 21016.0 / 51975.0)))
_G6 = _N**3 * (3044.0 / 2835.0 + _N * (3802.0 / 14175.0 - _N * 94388.0 / 66825.0))
_G8 = _N**4 * (6059.0 / 4725.0 + _N * 41072.0 / 93555.0)

# sin 2, 4, 6, 8 times geodetic latitude: what authalic latitude has more
_A2 = _N * (
    -4.0 / 3.0 + _N * (-4.0 / 45.0 + _N * (88.0 / 315.0 + _N * (538.0 / 4725.0 + _N * 20824.0 / 467775.0)))
)
_A4 = _N**2 * (34.0 / 45.0 + _N * (8.0 / 105.0 + _N * (-2482.0 / 14175.0 - _N * 37192.0 / 467775.0)))
_A6 = _N**3 * (-1532.0 / 2835.0 + _N * (-898.0 / 14175.0 + _N * 54968.0 / 467775.0))
_A8 = _N**4 * (6007.0 / 14175.0 + _N * 24496.0 / 467775.0)

_TAN_PI_8 = math.sqrt(2.0) - 1.0
_TINY = 1e-300
_DEG = 180.0 / math.pi


@njit(inline="always")
def _arctangent(sine, cosine):  # type: ignore[no-untyped-def]
    """Angle of (cosine, sine) in -pi..pi, to 3e-16; 0 for (0, 0).

    Folded to 0..pi/8, where arctan(t) / t is taken as the polynomial in t^2 through its values at eleven
    Chebyshev nodes.
    """
    across, along = abs(sine), abs(cosine)
    small, large = min(across, along), max(across, along)
    far = small > _TAN_PI_8 * large
    upper = small - large if far else small
    lower = small + large if far else large
    t = upper / max(lower, _TINY)
    z = t * t
    p = -0.04348151965983432 + z * 0.021136627552816756
    p = -0.0664024043654616 + z * (0.056883831710088276 + z * p)
    p = -0.09090773135569824 + z * (0.07689954275037766 + z * p)
    p = -0.14285714181072803 + z * (0.11111106183542985 + z * p)
    p = -0.3333333333332845 + z * (0.19999999998856707 + z * p)
    angle = t + t * z * p
    angle = angle + 0.25 * math.pi if far else angle
    angle = 0.5 * math.pi - angle if across > along else angle
    angle = math.pi - angle if cosine < 0.0 else angle
    return -angle if sine < 0.0 else angle


@njit(inline="always")
def _multiples(sin2, cos2, first, second, third, fourth):  # type: ignore[no-untyped-def]
    """Sum of coefficients times sin 2a, 4a, 6a, 8a (Clenshaw)."""
    b3 = third + 2.0 * cos2 * fourth
    b2 = second + 2.0 * cos2 * b3 - fourth
    b1 = first + 2.0 * cos2 * b2 - b3
    return sin2 * b1


@njit(inline="always")
def _authalic(sin_lat, cos_lat):  # type: ignore[no-untyped-def]
    """Sine and cosine of the authalic latitude."""
    more = _multiples(2.0 * sin_lat * cos_lat, (cos_lat - sin_lat) * (cos_lat + sin_lat), _A2, _A4, _A6, _A8)
    squared = more * more  # more is below 0.0023
    sin_more = more * (1.0 - squared / 6.0 * (1.0 - squared / 20.0))
    cos_more = 1.0 - 0.5 * squared * (1.0 - squared / 12.0 * (1.0 - squared / 30.0))
    return sin_lat * cos_more + cos_lat * sin_more, cos_lat * cos_more - sin_lat * sin_more


@njit(inline="always")
def _inverse(x_m, y_m, origin):  # type: ignore[no-untyped-def]
    """Longitude (-180..180) and latitude of a point of the plane; NaN beyond the plane's rim."""
    lon0, sin0, cos0, x_radius, y_radius = origin
    x = x_m / x_radius
    y = y_m / y_radius
    squared = x * x + y * y
    rest = math.sqrt(1.0 - 0.25 * squared)  # sin c / r
    cos_c = 1.0 - 0.5 * squared
    up = cos_c * sin0 + y * rest * cos0
    ahead = cos_c * cos0 - y * rest * sin0
    right = x * rest
    level = math.sqrt(ahead * ahead + right * right)
    lon = lon0 + _DEG * _arctangent(right, ahead)
    lon = lon - 360.0 if lon > 180.0 else lon
    lon = lon + 360.0 if lon < -180.0 else lon
    more = _multiples(2.0 * up * level, (level - up) * (level + up), _G2, _G4, _G6, _G8)
    return lon, _DEG * (_arctangent(up, level) + more)


@njit(nogil=True, cache=True, error_model="numpy")
def origin_numbers(lon_deg: float, lat_deg: float) -> tuple[float, float, float, float, float]:
    """What the other functions want to know of an origin.

    Longitude (-180..180), sine and cosine of its authalic latitude, radii for x and y (m): R D and R / D with
    Snyder's D (24-20), which tends to 1 at a pole.
    """
    sin_lat, cos_lat = math.sin(lat_deg / _DEG), math.cos(lat_deg / _DEG)
    sin0, cos0 = _authalic(sin_lat, cos_lat)
    stretch = 1.0
    if abs(cos_lat) > 1e-12:
        stretch = _A_M * cos_lat / (math.sqrt(1.0 - _E2 * sin_lat * sin_lat) * _RADIUS_M * cos0)
    lon0 = lon_deg - 360.0 * math.floor((lon_deg + 180.0) / 360.0)
    return lon0, sin0, cos0, _RADIUS_M * stretch, _RADIUS_M / stretch


@njit(nogil=True, cache=True, error_model="numpy")
def forward(lon_deg: Floats, lat_deg: Floats, origin: tuple[float, ...], x_m: Floats, y_m: Floats) -> None:
    """Plane coordinates of positions, into x_m and y_m; all (point,)."""
    lon0, sin0, cos0, x_radius, y_radius = origin
    for i in range(lon_deg.size):
        latitude = lat_deg[i] / _DEG
        longitude = (lon_deg[i] - lon0) / _DEG
        up, level = _authalic(math.sin(latitude), math.cos(latitude))
        ahead = level * math.cos(longitude)
        right = level * math.sin(longitude)
        cos_c = sin0 * up + cos0 * ahead
        stretch = math.sqrt(2.0 / (1.0 + cos_c))
        x_m[i] = x_radius * stretch * right
        y_m[i] = y_radius * stretch * (cos0 * up - sin0 * ahead)


@njit(nogil=True, cache=True, error_model="numpy")
def inverse(x_m: Floats, y_m: Floats, origin: tuple[float, ...], lon_deg: Floats, lat_deg: Floats) -> None:
    """Positions of plane coordinates, into lon_deg (-180..180) and lat_deg; all (point,)."""
    for i in range(x_m.size):
        lon_deg[i], lat_deg[i] = _inverse(float(x_m[i]), float(y_m[i]), origin)


@njit(nogil=True, cache=True, error_model="numpy")
def inverse_e7(
    x_m: NDArray[np.float32],
    y_m: NDArray[np.float32],
    origin: tuple[float, ...],
    lon_e7: NDArray[np.int32],
    lat_e7: NDArray[np.int32],
) -> None:
    """Positions of plane coordinates in whole 1e-7 degrees, into lon_e7 and lat_e7; all (point,)."""
    for i in range(x_m.size):
        lon, lat = _inverse(float(x_m[i]), float(y_m[i]), origin)
        lon_e7[i] = np.int32(math.floor(lon * 1e7 + 0.5))
        lat_e7[i] = np.int32(math.floor(lat * 1e7 + 0.5))


@njit(nogil=True, cache=True, error_model="numpy")
def derivatives(lon_deg: Floats, lat_deg: Floats, origin: tuple[float, ...], plane_per_earth: Floats) -> None:
    """dx/de, dx/dn, dy/de, dy/dn at positions (point,), into plane_per_earth (4, point).

    A metre east turns the unit vector on the authalic sphere by cos(authalic) / (N cos(geodetic)), N the
    radius of curvature in the prime vertical; a metre north by the inverse of that over R^2, since areas are
    equal.
    """
    lon0, sin0, cos0, x_radius, y_radius = origin
    for i in range(lon_deg.size):
        latitude = lat_deg[i] / _DEG
        longitude = (lon_deg[i] - lon0) / _DEG
        sin_lat, cos_lat = math.sin(latitude), math.cos(latitude)
        sin_lon, cos_lon = math.sin(longitude), math.cos(longitude)
        up, level = _authalic(sin_lat, cos_lat)
        prime_vertical_m = _A_M / math.sqrt(1.0 - _E2 * sin_lat * sin_lat)
        east_radius_m = prime_vertical_m * cos_lat / level
        cos_c = sin0 * up + cos0 * level * cos_lon
        right = level * sin_lon
        onward = cos0 * up - sin0 * level * cos_lon
        stretch = math.sqrt(2.0 / (1.0 + cos_c))
        shrink = -0.5 * stretch / (1.0 + cos_c)  # d stretch / d cos c
        for way in range(2):
            if way == 0:
                per_m = 1.0 / east_radius_m
                d_ahead, d_right, d_up = -sin_lon, cos_lon, 0.0
            else:
                per_m = east_radius_m / (_RADIUS_M * _RADIUS_M)
                d_ahead, d_right, d_up = -up * cos_lon, -up * sin_lon, level
            d_stretch = shrink * (sin0 * d_up + cos0 * d_ahead)
            d_onward = cos0 * d_up - sin0 * d_ahead
            plane_per_earth[way, i] = x_radius * per_m * (stretch * d_right + d_stretch * right)
            plane_per_earth[2 + way, i] = y_radius * per_m * (stretch * d_onward + d_stretch * onward)
