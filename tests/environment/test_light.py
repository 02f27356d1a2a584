"""Sunrise and sunset against almanacs; day and night without gaps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarex.case.model import Light, Position
from sarex.environment.light import spans_of_light, sun_elevation_deg

BERGEN, LONDON, STOCKHOLM = Position(5.32, 60.39), Position(-0.13, 51.51), Position(18.07, 59.33)
TROMSO, USHUAIA, SVALBARD = Position(18.96, 69.65), Position(-68.3, -54.8), Position(15.6, 78.2)
PACIFIC = Position(-159.4, 0.0)
"""On the equator where it was noon at the equinox of March 2015 (20 March, 22:45 UTC)."""
DAY_S = 86_400.0


def posix(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("day", "place", "rise", "set_"),
    [
        # Published tables of the cities, to the minute, in UTC.
        ((2015, 6, 21), STOCKHOLM, "01:31", "20:08"),
        ((2015, 12, 21), LONDON, "08:04", "15:53"),
        # PyEphem 4.2.1 (VSOP87): upper limb at 34' of refraction, as the U.S. Naval Observatory counts.
        ((2015, 11, 16), BERGEN, "07:41", "15:06"),
        ((2015, 6, 21), BERGEN, "02:10", "21:11"),
        ((2015, 11, 16), TROMSO, "08:30", "12:27"),
        ((2030, 3, 1), USHUAIA, "09:57", "23:33"),
    ],
)
def test_published_times_of_sunrise_and_sunset(day, place, rise, set_) -> None:
    start_s = posix(*day)
    spans = spans_of_light(start_s, start_s + DAY_S, place)
    assert [light for _, _, light in spans] == [Light.NIGHT, Light.DAY, Light.NIGHT]
    for found_s, expected in zip(spans[1][:2], (rise, set_), strict=True):
        hour, minute = map(int, expected.split(":"))
        assert abs(found_s - start_s - timedelta(hours=hour, minutes=minute).total_seconds()) <= 120.0


def test_the_midday_sun_of_solstice_and_equinox() -> None:
    """Its greatest height is 90 degrees less the latitude, and 23.44 more or less at the solstices."""
    for day, expected_deg in (((2015, 6, 21), 53.05), ((2015, 12, 21), 6.17)):
        heights = sun_elevation_deg(posix(*day) + np.arange(0.0, DAY_S, 60.0), BERGEN)
        assert heights.max() == pytest.approx(expected_deg, abs=0.03)
    at_equinox = sun_elevation_deg(posix(2015, 3, 20) + np.arange(0.0, DAY_S, 60.0), PACIFIC)
    assert at_equinox.max() == pytest.approx(90.0, abs=0.15)


def test_polar_day_and_polar_night_are_one_span() -> None:
    for start_s, light in ((posix(2015, 6, 21), Light.DAY), (posix(2015, 12, 21), Light.NIGHT)):
        assert spans_of_light(start_s, start_s + 3 * DAY_S, SVALBARD) == (
            (start_s, start_s + 3 * DAY_S, light),
        )


def test_no_time_has_no_light() -> None:
    assert spans_of_light(0.0, 0.0, BERGEN) == ()


@given(st.floats(-6e8, 2.5e9), st.floats(1.0, 10 * DAY_S), st.floats(-180, 180), st.floats(-90, 90))
def test_day_and_night_take_turns_without_gaps(start_s, length_s, lon_deg, lat_deg) -> None:
    end_s = start_s + length_s
    spans = spans_of_light(start_s, end_s, Position(lon_deg, lat_deg))
    assert (spans[0][0], spans[-1][1]) == (start_s, end_s)
    assert all(since < until for since, until, _ in spans)
    for before, after in pairwise(spans):
        assert before[1] == after[0]
        assert {before[2], after[2]} == {Light.DAY, Light.NIGHT}
