"""A series of exercises and what is carried from one to the next: the domain types.

What is not known is None, never a guess. A corrective action belongs to the exercise that found it and is
open until an exercise (or a meeting) closes it; into which exercises it was carried follows from their order,
so that none can be lost between two of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

RATINGS = ("P", "S", "M", "U")
"""Performed without challenges, with some, with major ones, unable (HSEEP), the best first."""


class Status(StrEnum):
    HELD = "held"
    PLANNED = "planned"


class Rule(StrEnum):
    """Who hosts next."""

    IN_TURN = "in-turn"
    """The one after the last host, in order and round again."""
    AGREED = "agreed"
    """Each time agreed anew; only `Hosts.next` says."""


@dataclass(frozen=True)
class Days:
    """When: from a first to a last day, or no more than a year."""

    year: int
    first: date | None = None
    last: date | None = None
    """The last day itself, not the day after; None only where `first` is."""

    @property
    def order(self) -> tuple[int, date]:
        """By year, then by day; without a day it comes last in its year."""
        return self.year, self.first or date(self.year, 12, 31)


@dataclass(frozen=True)
class Dated:
    """Something with days, held or planned."""

    id: str
    title: str
    status: Status
    days: Days
    host: str | None = None
    """Of `Hosts.order`."""
    location: str | None = None
    remarks: str | None = None


@dataclass(frozen=True)
class Held(Dated):
    """An exercise, held or planned."""

    forces: tuple[str, ...] = ()
    debrief: str | None = None
    """The debrief's file, from the folder of the series' file."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By the debrief's names; one that could not be measured is not in it."""
    ratings: Mapping[str, str] = field(default_factory=dict)
    """Objective to one of `RATINGS`."""


@dataclass(frozen=True)
class Meeting(Dated):
    """A visit or a planning conference."""

    keeps: str | None = None
    """The commitment that it keeps."""


@dataclass(frozen=True)
class Commitment:
    """What the sides have promised each other."""

    id: str
    text: str
    made: date | None = None
    due: date | None = None
    every_years: int | None = None
    """It is to be kept again and again."""
    kept_by: str | None = None
    """The exercise or meeting with which it was kept for good; None while it stands."""
    remarks: str | None = None


@dataclass(frozen=True)
class Action:
    """A corrective action: what is to be done better."""

    id: str
    text: str
    found_by: str
    """The exercise whose debrief asked for it."""
    owner: str | None = None
    due: date | None = None
    objective: str | None = None
    criterion: str | None = None
    """Of the evaluation guide, that tests it."""
    closed_by: str | None = None
    """The exercise or meeting that closed it; None while it is open."""
    remarks: str | None = None

    @property
    def open(self) -> bool:
        return self.closed_by is None


@dataclass(frozen=True)
class Hosts:
    order: tuple[str, ...]
    rule: Rule = Rule.IN_TURN
    next: str | None = None
    """Agreed for the next exercise, whatever the rule says."""


@dataclass(frozen=True)
class Series:
    """The whole programme, checked."""

    id: str
    title: str
    revised: datetime
    """When the file was last changed; the stamp of everything that is made from it."""
    every_years: int
    hosts: Hosts
    exercises: tuple[Held, ...]
    """In order of time, like the other lists."""
    meetings: tuple[Meeting, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    actions: tuple[Action, ...] = ()
    remarks: str | None = None

    @property
    def held(self) -> tuple[Held, ...]:
        return tuple(exercise for exercise in self.exercises if exercise.status is Status.HELD)

    @property
    def next(self) -> Held | None:
        """The first exercise that is planned."""
        return next((each for each in self.exercises if each.status is Status.PLANNED), None)

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.open)

    def exercise(self, exercise_id: str) -> Held | None:
        return next((each for each in self.exercises if each.id == exercise_id), None)

    def carried_into(self, exercise_id: str) -> tuple[Action, ...]:
        """Actions of earlier exercises that were still open when this one began.

        An action that a meeting closed was closed before every exercise that followed the meeting.
        """
        place = {each.id: number for number, each in enumerate(self.exercises)}
        begins = self.exercises[place[exercise_id]].days.order
        meetings = {meeting.id: meeting.days.order for meeting in self.meetings}

        def open_still(action: Action) -> bool:
            if action.closed_by is None:
                return True
            if action.closed_by in meetings:
                return meetings[action.closed_by] > begins
            return place[action.closed_by] >= place[exercise_id]

        return tuple(
            action
            for action in self.actions
            if place[action.found_by] < place[exercise_id] and open_still(action)
        )

    def revised_at(self, instant: datetime) -> "Series":
        """The same, stamped anew to the second."""
        return replace(self, revised=instant.astimezone(UTC).replace(microsecond=0))


def in_order(series: Series) -> Series:
    """The same with exercises and meetings in order of time."""
    return replace(
        series,
        exercises=tuple(sorted(series.exercises, key=lambda each: each.days.order)),
        meetings=tuple(sorted(series.meetings, key=lambda each: each.days.order)),
    )
