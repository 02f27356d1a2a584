"""When the sun is down: the sweep-width tables were measured by day."""

from datetime import UTC, datetime, timedelta

from sarex.case.model import Light, Position
from sarex.environment.light import spans_of_light
from sarex.tasking.model import Task

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dark_spans(start: datetime, end: datetime, at: Position) -> list[tuple[datetime, datetime]]:
    """When the sun is down between two instants, to the minute."""
    return [
        (_EPOCH + timedelta(seconds=since_s), _EPOCH + timedelta(seconds=until_s))
        for since_s, until_s, light in spans_of_light(start.timestamp(), end.timestamp(), at)
        if light is Light.NIGHT
    ]


def by_eye_in_the_dark(task: Task) -> bool:
    """Whether some sensor of a unit is visual and said to work in any light, and it searches by night."""
    by_eye = (task.unit.sensor == "visual" and task.unit.light is Light.ANY) or any(
        other.name == "visual" and other.light is Light.ANY for other in task.unit.other_sensors
    )
    return by_eye and bool(dark_spans(task.on_scene, task.off_scene, task.commence_search_point))
