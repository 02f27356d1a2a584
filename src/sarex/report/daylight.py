"""When the sun is down: the sweep-width tables were measured by day.

Position of the sun by the low-precision formulae of The Astronomical Almanac (section C, "Low precision
formulas for the Sun"): 0.01 degrees between 1950 and 2050, far finer than needed to tell day from night.
"""

from datetime import UTC, datetime, timedelta
from math import asin, atan2, cos, degrees, radians, sin

from sarex.case.model import Position

RISE_AND_SET_DEG = -0.833
"""Elevation of the sun's centre when its upper limb is seen on the horizon, refraction included."""
STEP = timedelta(minutes=1)
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def dark_spans(start: datetime, end: datetime, at: Position) -> list[tuple[datetime, datetime]]:
    """When the sun is down between two instants, to the minute."""
    spans: list[tuple[datetime, datetime]] = []
    moment = start
    while moment < end:
        following = min(moment + STEP, end)
        if sun_elevation_deg(moment, at) < RISE_AND_SET_DEG:
            begun = spans.pop()[0] if spans and spans[-1][1] == moment else moment
            spans.append((begun, following))
        moment = following
    return spans


def sun_elevation_deg(instant: datetime, at: Position) -> float:
    """Height of the sun's centre over the horizon, without refraction."""
    days = (instant - _J2000) / timedelta(days=1)
    mean_longitude_deg = 280.460 + 0.9856474 * days
    anomaly = radians(357.528 + 0.9856003 * days)
    ecliptic = radians(mean_longitude_deg + 1.915 * sin(anomaly) + 0.020 * sin(2.0 * anomaly))
    obliquity = radians(23.439 - 0.0000004 * days)
    right_ascension = atan2(cos(obliquity) * sin(ecliptic), cos(ecliptic))
    declination = asin(sin(obliquity) * sin(ecliptic))
    sidereal_deg = 280.46062 + 360.98564737 * days
    hour_angle = radians(sidereal_deg + at.lon_deg) - right_ascension
    latitude = radians(at.lat_deg)
    height = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle)
    return degrees(asin(height))
