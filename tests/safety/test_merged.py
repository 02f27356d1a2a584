"""Violations leg by leg, and as people read them."""

from datetime import UTC, datetime, timedelta

from sarex.case.model import Position
from sarex.safety import Measure, Violation, merged
from sarex.safety.rules import DANGER

BEGIN = datetime(2026, 3, 20, 7, 5, tzinfo=UTC)


def _enters(area: str, number: int) -> Violation:
    at = BEGIN + timedelta(seconds=4 * number)
    sentence = f"search leg at {at:%H:%M:%S} enters {area}"
    return Violation(DANGER, ("Drone",), at, Position(float(number), 0.0), sentence, 4.0, Measure.SECONDS)


def test_a_loop_through_two_areas_is_two_entries() -> None:
    found = [_enters("R-99", number) for number in range(90)] + [_enters("R-98", 3)]
    loop, other = merged(reversed(found))
    assert (loop.count, other.count) == (90, 1)
    assert loop.first.position == Position(0.0, 0.0)
    assert loop.amount == 360.0
    assert loop.until == BEGIN + timedelta(seconds=360)
    assert loop.sentence == "search leg at 07:05:00 enters R-99; 90 legs in all, 07:05 to 07:11"
    assert other.sentence == found[-1].sentence
