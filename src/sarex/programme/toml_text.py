"""A series as the text of its file (TOML 1.0), for people to read and change; the unknown is left out."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sarex.clock import iso_z
from sarex.programme.model import Action, Commitment, Days, Held, Hosts, Meeting, Series
from sarex.programme.schema import FORMAT

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def series_to_text(series: Series, head: Iterable[str] = ()) -> str:
    """The whole file.

    Args:
        head: lines of comment at the top, each with its sign.
    """
    lines = [*head, f"format = {_value(FORMAT)}"]
    lines += table_lines("[series]", _series(series)) + table_lines("[hosts]", _hosts(series.hosts))
    for exercise in series.exercises:
        lines += exercise_lines(exercise)
    for meeting in series.meetings:
        lines += meeting_lines(meeting)
    for commitment in series.commitments:
        lines += table_lines("[[commitment]]", _plain(commitment))
    for action in series.actions:
        lines += table_lines("[[corrective_action]]", _plain(action))
    return "\n".join(lines) + "\n"


def exercise_lines(exercise: Held) -> list[str]:
    """An `[[exercise]]`, with its scores and ratings as tables of their own."""
    plain = {
        "id": exercise.id,
        "title": exercise.title,
        "status": exercise.status.value,
        **_days(exercise.days),
        "host": exercise.host,
        "location": exercise.location,
        "forces": exercise.forces or None,
        "remarks": exercise.remarks,
        "debrief": exercise.debrief,
    }
    lines = table_lines("[[exercise]]", plain)
    for name, found in (("scores", exercise.scores), ("ratings", exercise.ratings)):
        lines += table_lines(f"[exercise.{name}]", found) if found else []
    return lines


def meeting_lines(meeting: Meeting) -> list[str]:
    """A `[[meeting]]`."""
    plain = {
        "id": meeting.id,
        "title": meeting.title,
        "status": meeting.status.value,
        **_days(meeting.days),
        "host": meeting.host,
        "location": meeting.location,
        "keeps": meeting.keeps,
        "remarks": meeting.remarks,
    }
    return table_lines("[[meeting]]", plain)


def table_lines(header: str, entries: Mapping[str, Any]) -> list[str]:
    """A table after an empty line; keys without a value are left out."""
    return [
        "",
        header,
        *(pair(key, value) for key, value in entries.items() if value is not None),
    ]


def pair(key: str, value: Any) -> str:
    """A key and its value on one line."""
    return f"{key if _BARE.fullmatch(key) else _value(key)} = {_value(value)}"


def _series(series: Series) -> dict[str, Any]:
    return {
        "id": series.id,
        "title": series.title,
        "revised": series.revised,
        "every_years": series.every_years,
        "remarks": series.remarks,
    }


def _hosts(hosts: Hosts) -> dict[str, Any]:
    return {"rule": hosts.rule.value, "order": hosts.order, "next": hosts.next}


def _days(days: Days) -> dict[str, Any]:
    if days.first is None:
        return {"year": days.year}
    return {"start": days.first, "end": days.last}


def _plain(entry: Commitment | Action) -> dict[str, Any]:
    return vars(entry)


def _value(value: Any) -> str:
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one character that JSON leaves as it is
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, datetime):
        return iso_z(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value)
