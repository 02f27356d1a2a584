"""Series and debriefs for tests, and hypothesis strategies for them."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sarex.programme.model import (
    RATINGS,
    Action,
    Commitment,
    Days,
    Held,
    Hosts,
    Meeting,
    Rule,
    Series,
    Status,
    in_order,
)

SERIES = """
format = "sarex-series/1"
[series]
id = "SAREX"
title = "A series"
revised = 2027-06-01T00:00:00Z
[hosts]
order = ["JP", "KR"]
[[exercise]]
id = "SAREX-2025"
title = "SAREX 2025"
status = "held"
year = 2025
host = "KR"
[[exercise]]
id = "SAREX-2027"
title = "SAREX 2027"
status = "held"
start = 2027-05-11
end = 2027-05-12
host = "JP"
location = "north of the Oki Islands"
forces = ["a destroyer", "a patrol aircraft"]
[[meeting]]
id = "visit-2027"
title = "Visit"
status = "held"
year = 2027
keeps = "visits"
host = "JP"
[[commitment]]
id = "visits"
text = "Visit each other every year"
made = 2026-01-30
every_years = 1
[[corrective_action]]
id = "CA-1"
text = "Agree one format for positions"
found_by = "SAREX-2025"
owner = "RCC Japan"
due = 2026-03-31
[[corrective_action]]
id = "CA-2"
text = "Rehearse lifting by night"
found_by = "SAREX-2025"
closed_by = "SAREX-2027"
"""


def action(name: str, text: str, status: str = "open", **more: Any) -> dict[str, Any]:
    """A corrective action as a debrief tells it."""
    return {
        "id": name,
        "text": text,
        "owner": "KR-SMC",
        "due": None,
        "objective": "O1",
        "status": status,
        **more,
    }


def debrief_mapping(year: int, host: str = "KR", **more: Any) -> dict[str, Any]:
    """A debrief of an exercise in May of a year."""
    return {
        "format": "sarex-debrief/1",
        "id": f"SAREX-{year}",
        "title": f"SAREX {year}",
        "host": host,
        "start": f"{year}-05-10T23:00:00Z",
        "end": f"{year}-05-12T07:00:00Z",
        "scores": {},
        "ratings": {},
        "corrective_actions": [],
        **more,
    }


def write_debrief(path: Path, year: int, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(debrief_mapping(year, **more), ensure_ascii=False), encoding="utf-8")
    return path


_ids = st.text("ABCxyz0189-_.:/日本", min_size=1, max_size=12)
_texts = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]) | st.sampled_from(' "\\'),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() != "")
_maybe = st.none() | _texts
_day = st.dates(date(1990, 1, 1), date(2100, 1, 1))
_numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def _days(draw: st.DrawFn) -> Days:
    first = draw(_day)
    if draw(st.booleans()):
        return Days(first.year)
    return Days(first.year, first, first + timedelta(days=draw(st.integers(0, 30))))


@st.composite
def series(draw: st.DrawFn) -> Series:
    """Any series that a file may tell of."""
    order = draw(st.permutations(["JP", "KR", "US"]))
    host = st.none() | st.sampled_from(order)
    names = draw(st.lists(_ids, min_size=4, max_size=9, unique=True))
    cut = draw(st.integers(1, len(names) - 1))
    exercises = [
        Held(
            id=name,
            title=draw(_texts),
            status=(status := draw(st.sampled_from(Status))),
            days=draw(_days()),
            host=draw(host),
            location=draw(_maybe),
            forces=tuple(draw(st.lists(_texts, max_size=2))),
            remarks=draw(_maybe),
            debrief=draw(_maybe) if status is Status.HELD else None,
            scores=draw(st.dictionaries(_texts, _numbers, max_size=3)) if status is Status.HELD else {},
            ratings=draw(st.dictionaries(_texts, st.sampled_from(RATINGS), max_size=2))
            if status is Status.HELD
            else {},
        )
        for name in names[:cut]
    ]
    promised = draw(st.lists(_ids, max_size=2, unique=True))
    meetings = [
        Meeting(
            id=name,
            title=draw(_texts),
            status=draw(st.sampled_from(Status)),
            days=draw(_days()),
            host=draw(host),
            keeps=draw(st.sampled_from(promised)) if promised else None,
        )
        for name in names[cut:]
    ]
    ordered = in_order(
        Series(
            id="S",
            title=draw(_texts),
            revised=datetime(2026, 1, 30, 12, tzinfo=UTC),
            every_years=draw(st.integers(1, 4)),
            hosts=Hosts(tuple(order), draw(st.sampled_from(Rule)), draw(host)),
            exercises=tuple(exercises),
            meetings=tuple(meetings),
            commitments=tuple(
                Commitment(id=name, text=draw(_texts), made=draw(st.none() | _day), every_years=1)
                for name in promised
            ),
            remarks=draw(_maybe),
        )
    )
    held = [each.id for each in ordered.held]
    actions = []
    for name in draw(st.lists(_ids, max_size=4, unique=True)) if held else []:
        found = draw(st.integers(0, len(held) - 1))
        closed_by = draw(st.none() | st.sampled_from(held[found:]))
        actions.append(
            Action(
                id=name,
                text=draw(_texts),
                found_by=held[found],
                owner=draw(_maybe),
                due=draw(st.none() | _day),
                closed_by=closed_by,
            )
        )
    return Series(**{**vars(ordered), "actions": tuple(actions)})
