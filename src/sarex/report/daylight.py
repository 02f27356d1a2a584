"""When the sun is down: the sweep-width tables were measured by day."""

from datetime import UTC, datetime, timedelta

from sarex.case.model import Light, Position
from sarex.environment.light import spans_of_light

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dark_spans(start: datetime, end: datetime, at: Position) -> list[tuple[datetime, datetime]]:
    """When the sun is down between two instants, to the minute."""
    return [
        (_EPOCH + timedelta(seconds=since_s), _EPOCH + timedelta(seconds=until_s))
        for since_s, until_s, light in spans_of_light(start.timestamp(), end.timestamp(), at)
        if light is Light.NIGHT
    ]
