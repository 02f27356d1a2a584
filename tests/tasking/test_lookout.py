"""Which sensor a crew is told to look with."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builders_sea import unit
from sarex.case.model import Light, Position, Sensor
from sarex.detection.model import SweepWidth
from sarex.tasking.lookout import lookout_words

AT = Position(0.0, 0.0)
"""On the equator at Greenwich the sun is up from 6 to 18 UTC, give or take 20 minutes."""


def _words(who, source: str, hours: tuple[int, int]) -> str:
    start, end = (datetime(2026, 3, 20, hour, tzinfo=UTC).timestamp() for hour in hours)
    return lookout_words(who, {"PIW-1": SweepWidth(300.0, 300.0, (), source)}, start, end, AT)


def test_one_sensor_by_day_goes_without_saying() -> None:
    assert _words(unit(), "tables", (10, 14)) == ""


def test_darkness_is_said() -> None:
    assert _words(unit(), "tables", (0, 4)) == "Search by eye, in darkness throughout."
    assert _words(unit(), "tables", (14, 21)).startswith("Search by eye; it is dark from 18:")


@pytest.mark.parametrize(
    ("source", "words"), [("tables", "by eye"), ("infrared: given", "with the infrared sensor")]
)
def test_of_several_sensors_the_one_that_the_width_is_of(source, words) -> None:
    several = replace(unit(), other_sensors=(Sensor("infrared", {"PIW-1": 300.0}, Light.ANY),))
    assert _words(several, source, (10, 14)) == f"Search {words}."
