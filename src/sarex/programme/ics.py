"""The series as a calendar (iCalendar, RFC 5545): exercises, meetings, what was promised and what is due.

Everything is an event of whole days; due dates too, since most calendars do not show tasks. What has only a
year fills the year without taking time, and says that its days are not recorded. UIDs follow from the ids,
stamps from the file's `revised`: a calendar that is read in again changes what it had and doubles nothing.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from icalendar import Calendar, Event

from sarex import __version__
from sarex.errors import OutputError, SeriesError
from sarex.programme.model import Action, Commitment, Dated, Days, Series, Status

NOT_RECORDED = "not recorded"
_NAMESPACE = uuid.UUID("6f0f3a52-2f0b-5d57-9c0b-0b0e6f6f9d0a")
"""Of the ids of this file format; drawn once."""


@dataclass(frozen=True)
class Item:
    """One line of the calendar."""

    kind: str
    """With `id` it makes the UID: "exercise", "meeting", "commitment", "commitment-due", "action-due"."""
    id: str
    summary: str
    first: date
    last: date
    busy: bool
    tentative: bool
    location: str | None
    described: str

    def uid(self, series_id: str) -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{series_id}/{self.kind}/{self.id}"))


def items_of(series: Series) -> tuple[Item, ...]:
    """Everything in a series that has a date, in order of time."""
    items = [
        *(_event("exercise", each) for each in series.exercises),
        *(_event("meeting", each) for each in series.meetings),
        *(item for each in series.commitments for item in _promised(each)),
        *(item for each in series.actions for item in _due(each)),
    ]
    return tuple(sorted(items, key=lambda item: (item.first, item.last, item.kind, item.id)))


def series_to_ics(series: Series) -> str:
    """The calendar as text, read back before it is given away.

    Raises:
        SeriesError: nothing in the series has a date.
        OutputError: what was read back is not what was written.
    """
    items = items_of(series)
    if not items:
        raise SeriesError("the series holds nothing with a date, so there is no calendar. Add exercises.")
    calendar = Calendar()
    calendar.add("prodid", f"-//Sarex//sarex {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", series.title)
    for item in items:
        calendar.add_component(_component(item, series))
    text = str(calendar.to_ical(), "utf-8")
    _read_back(text, items, series)
    return text


def _component(item: Item, series: Series) -> Event:
    event = Event()
    event.add("uid", item.uid(series.id))
    event.add("dtstamp", series.revised.astimezone(UTC))
    event.add("dtstart", item.first)
    event.add("dtend", item.last + timedelta(days=1))  # RFC 5545: the end is not part of it
    event.add("summary", item.summary)
    event.add("description", item.described)
    event.add("categories", [item.kind])
    event.add("status", "TENTATIVE" if item.tentative else "CONFIRMED")
    event.add("transp", "OPAQUE" if item.busy else "TRANSPARENT")
    if item.location is not None:
        event.add("location", item.location)
    return event


def _read_back(text: str, items: tuple[Item, ...], series: Series) -> None:
    """Ask that a reader finds each item with its days and words, and nothing else."""
    read = Calendar.from_ical(text)
    found = {
        str(event["uid"]): (
            event.decoded("dtstart"),
            event.decoded("dtend") - timedelta(days=1),
            str(event["summary"]),
        )
        for event in read.walk("VEVENT")
    }
    wanted = {item.uid(series.id): (item.first, item.last, item.summary) for item in items}
    faults = [fault for part in (read, *read.walk("VEVENT")) for fault in part.errors]
    if found != wanted or faults or len(found) != len(items):
        raise OutputError(
            "the calendar cannot be read back as it was written, so it was not written. "
            "Look for unusual signs in titles and texts of the series."
        )


def _event(kind: str, event: Dated) -> Item:
    first, last = _span(event.days)
    words = [
        f"Host: {event.host or NOT_RECORDED}",
        f"Location: {event.location or NOT_RECORDED}",
        *(
            []
            if event.days.first is not None
            else [f"Days: {NOT_RECORDED}, in the course of {event.days.year}"]
        ),
        *([event.remarks] if event.remarks else []),
    ]
    unsure = "" if event.days.first is not None else " (days not recorded)"
    if event.status is Status.PLANNED:
        unsure = " (planned)" if event.days.first is not None else " (planned, days not agreed)"
    return Item(
        kind=kind,
        id=event.id,
        summary=f"{event.title}{unsure}",
        first=first,
        last=last,
        busy=event.days.first is not None,
        tentative=event.status is Status.PLANNED and event.days.first is None,
        location=event.location,
        described="\n".join(words),
    )


def _span(days: Days) -> tuple[date, date]:
    if days.first is None or days.last is None:
        return date(days.year, 1, 1), date(days.year, 12, 31)
    return days.first, days.last


def _promised(commitment: Commitment) -> Iterator[Item]:
    kept = f" (kept by {commitment.kept_by})" if commitment.kept_by else ""
    for kind, day, word in (
        ("commitment", commitment.made, "Agreed"),
        ("commitment-due", commitment.due, "Due"),
    ):
        if day is not None:
            yield _day_item(
                kind, commitment.id, f"{word}: {commitment.text}{kept}", day, commitment.remarks or ""
            )


def _due(action: Action) -> Iterator[Item]:
    if action.due is not None:
        word = f"Closed by {action.closed_by}" if action.closed_by else "Due"
        owner = action.owner or NOT_RECORDED
        told = f"Corrective action {action.id}\nOwner: {owner}\nFound by: {action.found_by}"
        yield _day_item("action-due", action.id, f"{word}: {action.text}", action.due, told)


def _day_item(kind: str, name: str, summary: str, day: date, described: str) -> Item:
    return Item(
        kind=kind,
        id=name,
        summary=" ".join(summary.split()),
        first=day,
        last=day,
        busy=False,
        tentative=False,
        location=None,
        described=described,
    )
