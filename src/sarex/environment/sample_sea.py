"""A sea that Sarex computes itself, for demonstrations and exercises without a forecast.

SYNTHETIC: plausible in its patterns and speeds, not a forecast of anything. It imitates the southern Sea
of Japan / East Sea between Japan and Korea (about 128-137 E, 34-39 N) and is defined everywhere but near
the poles. Everything is a fixed function of longitude, latitude and absolute time.

Current: a stream function psi of X = R cos(lat0) (lon - lon0), Y = R (lat - lat0), so that on the sphere
u = -dpsi/dY and v = dpsi/dX cos(lat0)/cos(lat) have no divergence at all. It holds a meandering jet (the
Tsushima Warm Current off Honshu), named and nameless eddies, and M2 and K1 tidal ellipses (uniform in X, Y).
Orders of magnitude: branch currents 0.2-0.4 m/s and eddies of 50-100 km radius, as in the review of
circulation in Chang et al. (eds.), Oceanography of the East Sea (Japan Sea), Springer 2016.

Wind: a westerly with a low that crosses from southwest to northeast every four days; tangential wind of
a Gaussian low with 20 degrees of inflow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DESCRIPTION = (
    "SYNTHETIC sample sea computed by Sarex: jet, eddies, M2 and K1 tide, passing low; not a forecast"
)

_EARTH_RADIUS_M = 6_371_000.0
_LON0_DEG = 133.0
_LAT0_DEG = 36.5
_DAY_S = 86_400.0


@dataclass(frozen=True)
class _Eddy:
    """Gaussian stream function; `speed_mps` is the swirl at `radius_m`, positive anticlockwise."""

    lon_deg: float
    lat_deg: float
    radius_m: float
    speed_mps: float


@dataclass(frozen=True)
class _Tide:
    """A tidal ellipse; phases of the two components at 1970-01-01T00Z."""

    period_s: float
    eastward_mps: float
    northward_mps: float
    eastward_phase_rad: float
    northward_phase_rad: float


_JET_SPEED_MPS = 0.32
_JET_HALF_WIDTH_M = 45_000.0
_JET_START_LONLAT_DEG = (130.0, 34.9)
_JET_SLOPE = np.tan(np.deg2rad(27.0))
_MEANDER_M = 22_000.0
_MEANDER_LENGTH_M = 320_000.0
_EDDIES = (
    _Eddy(130.6, 37.0, 70_000.0, -0.35),
    _Eddy(132.4, 38.0, 55_000.0, 0.25),
    _Eddy(133.6, 36.9, 40_000.0, 0.22),
    _Eddy(135.2, 37.9, 60_000.0, -0.28),
    _Eddy(131.6, 35.6, 35_000.0, -0.18),
)
_BACKGROUND_MPS = 0.05
_BACKGROUND_LENGTH_M = 190_000.0
_TIDES = (
    _Tide(12.4206012 * 3600.0, 0.10, 0.05, 0.4, 1.6),
    _Tide(23.9344696 * 3600.0, 0.06, 0.03, 1.1, 2.9),
)
_LOW_PERIOD_S = 4.0 * _DAY_S
_LOW_PATH_LONLAT_DEG = ((122.0, 32.0), (144.0, 43.0))
_LOW_RADIUS_M = 380_000.0
_LOW_SPEED_MPS = 8.0
_INFLOW_RAD = np.deg2rad(20.0)
_WESTERLY_MPS = (5.5, 1.0)


def sample_current(lon_deg: ArrayLike, lat_deg: ArrayLike, time_s: float) -> tuple[Floats, Floats]:
    """Eastward and northward current, m/s, at POSIX time `time_s`; any shape."""
    lat = np.asarray(lat_deg, dtype=float)
    x, y = _metres(lon_deg, lat)
    slopes_x, slopes_y = np.zeros(np.shape(x)), np.zeros(np.shape(x))
    for part in (_jet_slopes(x, y), _background_slopes(x, y), _tide_slopes(time_s)):
        slopes_x, slopes_y = slopes_x + part[0], slopes_y + part[1]
    for eddy in _EDDIES:
        part = _eddy_slopes(eddy, x, y)
        slopes_x, slopes_y = slopes_x + part[0], slopes_y + part[1]
    return -slopes_y, slopes_x * np.cos(np.deg2rad(_LAT0_DEG)) / _cos_lat(lat)


def sample_wind(lon_deg: ArrayLike, lat_deg: ArrayLike, time_s: float) -> tuple[Floats, Floats]:
    """Eastward and northward 10 m wind, m/s (where it blows to), at POSIX time `time_s`; any shape."""
    phase = (time_s % _LOW_PERIOD_S) / _LOW_PERIOD_S
    (lon_a, lat_a), (lon_b, lat_b) = _LOW_PATH_LONLAT_DEG
    centre_lon = lon_a + phase * (lon_b - lon_a)
    centre_lat = lat_a + phase * (lat_b - lat_a)
    lat = np.asarray(lat_deg, dtype=float)
    dx = _EARTH_RADIUS_M * _cos_lat(lat) * _wrap_rad(np.asarray(lon_deg, dtype=float) - centre_lon)
    dy = _EARTH_RADIUS_M * np.deg2rad(lat - centre_lat)
    # Born and filled at the ends of its path, so that the wind has no jump when the next low starts.
    strength = _LOW_SPEED_MPS * np.sin(np.pi * phase) ** 2
    swirl = strength / _LOW_RADIUS_M * np.exp(0.5 * (1.0 - (dx**2 + dy**2) / _LOW_RADIUS_M**2))
    around, inward = np.cos(_INFLOW_RAD), np.sin(_INFLOW_RAD)
    eastward = _WESTERLY_MPS[0] + swirl * (-dy * around - dx * inward)
    northward = _WESTERLY_MPS[1] + swirl * (dx * around - dy * inward)
    return eastward, northward


def _metres(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[Floats, Floats]:
    scale = _EARTH_RADIUS_M * np.cos(np.deg2rad(_LAT0_DEG))
    x = scale * _wrap_rad(np.asarray(lon_deg, dtype=float) - _LON0_DEG)
    return x, _EARTH_RADIUS_M * np.deg2rad(np.asarray(lat_deg, dtype=float) - _LAT0_DEG)


def _wrap_rad(difference_deg: Floats) -> Floats:
    return np.deg2rad((difference_deg + 180.0) % 360.0 - 180.0)


def _cos_lat(lat_deg: Floats) -> Floats:
    return np.maximum(np.cos(np.deg2rad(lat_deg)), 0.1)


def _jet_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """psi = -U L tanh(d / L), with d the distance to the left of the meandering axis."""
    start_x, start_y = _metres(*_JET_START_LONLAT_DEG)
    wave = 2.0 * np.pi / _MEANDER_LENGTH_M
    cosine = np.cos(np.arctan(_JET_SLOPE))
    along = x - start_x
    d = (y - start_y - _JET_SLOPE * along - _MEANDER_M * np.sin(wave * along)) * cosine
    d_x = (-_JET_SLOPE - _MEANDER_M * wave * np.cos(wave * along)) * cosine
    slope = -_JET_SPEED_MPS / np.cosh(np.clip(d / _JET_HALF_WIDTH_M, -300.0, 300.0)) ** 2
    return slope * d_x, slope * cosine


def _eddy_slopes(eddy: _Eddy, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    centre_x, centre_y = _metres(eddy.lon_deg, eddy.lat_deg)
    dx, dy = x - centre_x, y - centre_y
    swirl = eddy.speed_mps / eddy.radius_m * np.exp(0.5 * (1.0 - (dx**2 + dy**2) / eddy.radius_m**2))
    return swirl * dx, swirl * dy


def _background_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    wave = 2.0 * np.pi / _BACKGROUND_LENGTH_M
    return (
        _BACKGROUND_MPS * np.cos(wave * x) * np.sin(wave * y),
        _BACKGROUND_MPS * np.sin(wave * x) * np.cos(wave * y),
    )


def _tide_slopes(time_s: float) -> tuple[float, float]:
    eastward = northward = 0.0
    for tide in _TIDES:
        angle = 2.0 * np.pi * time_s / tide.period_s
        eastward += tide.eastward_mps * np.cos(angle - tide.eastward_phase_rad)
        northward += tide.northward_mps * np.cos(angle - tide.northward_phase_rad)
    return float(northward), float(-eastward)
