"""Day and night: lookouts' sweep widths were measured by day, and some sensors work only in one of the two.

Position of the sun by the low-precision formulae of The Astronomical Almanac (section C, "Low precision
formulas for the Sun"): 0.01 degrees between 1950 and 2050, far finer than needed to tell day from night. The
horizon is that of the sea; rise and set are those of the sun's upper limb under standard refraction.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sarex.case.model import Light, Position

RISE_AND_SET_DEG = -0.833
"""Elevation of the sun's centre when its upper limb is seen on the horizon, refraction included."""
STEP_S = 60.0
_J2000_S = 946_728_000.0
"""2000-01-01 12:00 UTC in POSIX seconds."""
_DAY_S = 86_400.0


def spans_of_light(start_s: float, end_s: float, at: Position) -> tuple[tuple[float, float, Light], ...]:
    """Day and night between two instants (POSIX seconds) at a place, in turn and without gaps, to the minute.

    Each span is (from, until, `Light.DAY` or `Light.NIGHT`); none where the end is not after the start.
    """
    if end_s <= start_s:
        return ()
    instants_s = np.append(np.arange(start_s, end_s, STEP_S), end_s)
    day = sun_elevation_deg(instants_s[:-1], at) >= RISE_AND_SET_DEG
    edges = [0, *(np.flatnonzero(day[1:] != day[:-1]) + 1).tolist(), day.size]
    return tuple(
        (float(instants_s[first]), float(instants_s[after]), Light.DAY if day[first] else Light.NIGHT)
        for first, after in pairwise(edges)
    )


def sun_elevation_deg(instant_s: ArrayLike, at: Position) -> NDArray[np.float64]:
    """Height of the sun's centre over the horizon, without refraction, at POSIX seconds of any shape."""
    days = (np.asarray(instant_s, dtype=np.float64) - _J2000_S) / _DAY_S
    mean_longitude_deg = 280.460 + 0.9856474 * days
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(mean_longitude_deg + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly))
    obliquity = np.radians(23.439 - 0.0000004 * days)
    right_ascension = np.arctan2(np.cos(obliquity) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(obliquity) * np.sin(ecliptic))
    sidereal_deg = 280.46062 + 360.98564737 * days
    hour_angle = np.radians(sidereal_deg + at.lon_deg) - right_ascension
    latitude = np.radians(at.lat_deg)
    height = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(
        hour_angle
    )
    return np.asarray(np.degrees(np.arcsin(height)))
