"""Numbers, positions and times as sailors read them."""

from datetime import UTC, datetime, timedelta

import pytest

from sarex.case.model import Position
from sarex.report import words

NOON = datetime(2015, 11, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "0 %"),
        (2.2e-16, "0 %"),
        (1.0 - 2.2e-16, "100 %"),
        (0.0004, "< 0.1 %"),
        (0.0423, "4.2 %"),
        (0.0996, "10 %"),
        (0.638, "64 %"),
        (0.99, "99 %"),
        (0.9934, "99.3 %"),
        (0.99996, "> 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(probability, expected):
    assert words.percent(probability).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position(4.5, 59.6), "59°36.0′N 004°30.0′E"),
        (Position(-122.675, -0.999999), "01°00.0′S 122°40.5′W"),
        (Position(179.99999, 0.0), "00°00.0′N 180°00.0′E"),
    ],
)
def test_positions_are_in_degrees_and_minutes(position, expected):
    assert words.degrees_minutes(position) == expected


def test_a_span_within_a_day_has_one_date():
    assert words.span(NOON, NOON + timedelta(hours=6)) == "16 Nov 2015, 12:00 to 18:00 UTC"
    assert words.span(NOON, NOON + timedelta(hours=14)) == "16 Nov 2015 12:00 to 17 Nov 2015 02:00 UTC"


def test_times_are_bare_only_while_the_plan_keeps_to_one_day():
    assert words.Clock([NOON, NOON + timedelta(hours=6)])(NOON) == "12:00"
    assert words.Clock([NOON, NOON + timedelta(hours=6)])(NOON + timedelta(days=2)) == "18\u00a0Nov 12:00"
    assert words.Clock([NOON, NOON + timedelta(hours=14)])(NOON) == "16\u00a0Nov 12:00"


def test_a_minute_lasts_until_the_next_but_for_the_noise_of_floats():
    assert words.date_and_time(NOON + timedelta(seconds=59)) == "16 Nov 2015 12:00 UTC"
    assert words.date_and_time(NOON - timedelta(microseconds=3)) == "16 Nov 2015 12:00 UTC"


@pytest.mark.parametrize(
    ("length_m", "expected"), [(1852.0, "1.00 nm"), (0.0, "0.00 nm"), (18520.0, "10 nm"), (100.0, "0.05 nm")]
)
def test_nautical_miles(length_m, expected):
    assert words.nautical_miles(length_m).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0.5, "30 min"), (22.57, "22 h 34 min"), (64.07, "2 days 16 h"), (71.9, "2 days 23 h")],
)
def test_a_duration_is_never_longer_than_it_is(hours, expected):
    assert words.duration(timedelta(hours=hours)).replace("\u00a0", " ") == expected


def test_narrow_sweep_widths_keep_their_thousandths():
    assert words.sweep_width(0.025 * 1852.0) == "0.025\u00a0nm"
    assert words.sweep_width(0.55 * 1852.0) == "0.55\u00a0nm"
