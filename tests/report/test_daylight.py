"""Sunrise and sunset against almanacs."""

from datetime import UTC, datetime, timedelta

import pytest

from sarex.case.model import Position
from sarex.report.daylight import dark_spans

STOCKHOLM, LONDON, SVALBARD = Position(18.07, 59.33), Position(-0.13, 51.51), Position(15.6, 78.2)


@pytest.mark.parametrize(
    ("day", "place", "rise", "set_"),
    [
        # Published tables for the two cities, to the minute: 03:31 and 22:08 CEST, 08:04 and 15:53 GMT.
        (datetime(2015, 6, 21, tzinfo=UTC), STOCKHOLM, "01:31", "20:08"),
        (datetime(2015, 12, 21, tzinfo=UTC), LONDON, "08:04", "15:53"),
    ],
)
def test_the_dark_ends_at_sunrise_and_begins_at_sunset(day, place, rise, set_):
    night, evening = dark_spans(day, day + timedelta(days=1), place)
    for found, expected in ((night[1], rise), (evening[0], set_)):
        hour, minute = map(int, expected.split(":"))
        assert abs(found - day.replace(hour=hour, minute=minute)) <= timedelta(minutes=2)


def test_the_polar_night_is_one_span_and_the_polar_day_none():
    winter, summer = datetime(2015, 12, 21, tzinfo=UTC), datetime(2015, 6, 21, tzinfo=UTC)
    day = timedelta(days=1)
    assert dark_spans(winter, winter + day, SVALBARD) == [(winter, winter + day)]
    assert dark_spans(summer, summer + day, SVALBARD) == []
