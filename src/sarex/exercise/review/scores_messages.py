"""Injects and messages: what was asked, who answered, and how long that took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sarex.exercise.model import Exercise, Inject
from sarex.exercise.review.model import InjectRow, InjectStatus, Latency, median
from sarex.exercise.review.scores_log import names_in, nation_of, of_kind
from sarex.journal import Entry


def inject_rows(entries: Sequence[Entry], exercise: Exercise) -> tuple[InjectRow, ...]:
    """The master scenario events list with what became of each row."""
    return tuple(_row(entries, inject) for inject in exercise.injects)


def _row(entries: Sequence[Entry], inject: Inject) -> InjectRow:
    delivered = _first(entries, "inject.delivered", inject.id)
    acknowledged: dict[str, datetime] = {}
    for entry in of_kind(entries, "inject.acknowledged"):
        if entry.body["inject"] == inject.id:
            acknowledged.setdefault(str(entry.body.get("by") or entry.by), entry.at)
    row = InjectRow(inject, InjectStatus.PLANNED, None if delivered is None else delivered.at, acknowledged)
    skipped = _first(entries, "inject.skipped", inject.id) is not None
    missed = _first(entries, "inject.missed", inject.id) is not None
    return replace(row, status=_status(row, skipped=skipped, missed=missed))


def _first(entries: Sequence[Entry], kind: str, inject: str) -> Entry | None:
    return next((entry for entry in of_kind(entries, kind) if entry.body["inject"] == inject), None)


def _status(row: InjectRow, *, skipped: bool, missed: bool) -> InjectStatus:
    within = row.inject.acknowledge_within
    if row.delivered_at is None:
        return InjectStatus.SKIPPED if skipped else InjectStatus.PLANNED
    if row.acknowledged_at is not None:
        late = within is not None and row.acknowledged_at - row.delivered_at > within
        return InjectStatus.LATE if late or missed else InjectStatus.ACKNOWLEDGED
    if missed:
        return InjectStatus.MISSED
    return InjectStatus.DELIVERED if within is None else InjectStatus.WAITING


def acknowledged_percent(rows: Sequence[InjectRow]) -> float | None:
    """Of the injects that ask for an answer and were delivered, those that all acknowledged in time.

    None where none was delivered, or none has been settled yet.
    """
    asked = [row for row in rows if row.inject.acknowledge_within is not None and row.delivered_at]
    settled = [row for row in asked if row.status is not InjectStatus.WAITING]
    if not settled:
        return None
    return 100.0 * sum(row.status is InjectStatus.ACKNOWLEDGED for row in settled) / len(settled)


def latencies(
    entries: Sequence[Entry], exercise: Exercise, rows: Sequence[InjectRow], ended_at: datetime
) -> tuple[Latency, ...]:
    """By sender's and receiver's nation, messages of the players first, then injects.

    What nobody acknowledged has waited until `ended_at`.
    """
    told: dict[tuple[bool, str, str], list[_Wait]] = {}
    for told_of in (*_messages(entries, exercise), *_injects(exercise, rows)):
        told.setdefault(told_of[:3], []).append(told_of[3])
    return tuple(
        Latency(
            sender,
            receiver,
            injects,
            waits=tuple(sorted(wait.until(ended_at) for wait in waits)),
            unanswered=sum(wait.answered is None for wait in waits),
        )
        for (injects, sender, receiver), waits in sorted(told.items(), key=lambda item: item[0])
    )


@dataclass(frozen=True)
class _Wait:
    """For one answer."""

    since: datetime
    answered: datetime | None

    def until(self, ended_at: datetime) -> timedelta:
        return max((self.answered or ended_at) - self.since, timedelta())


_Told = tuple[bool, str, str, _Wait]


def _messages(entries: Sequence[Entry], exercise: Exercise) -> Iterator[_Told]:
    answered: dict[str, datetime] = {}
    for entry in of_kind(entries, "message.acknowledged"):
        answered.setdefault(str(entry.body["message"]), entry.at)
    for entry in of_kind(entries, "message.sent"):
        sender = nation_of(exercise, entry.body.get("from") or entry.by)
        receivers = dict.fromkeys(nation_of(exercise, name) for name in names_in(entry.body.get("to")))
        at = answered.get(str(entry.body["message"]))
        for receiver in receivers:
            yield False, sender, receiver, _Wait(entry.at, at)


def _injects(exercise: Exercise, rows: Sequence[InjectRow]) -> Iterator[_Told]:
    for row in rows:
        if row.inject.acknowledge_within is None or row.delivered_at is None:
            continue
        sender = nation_of(exercise, row.inject.sender)
        for role in row.inject.to:
            at = row.acknowledged.get(role)
            yield True, sender, nation_of(exercise, role), _Wait(row.delivered_at, at)


def between_nations(told: Sequence[Latency]) -> timedelta | None:
    """Median wait of the players' messages between two different nations; None where none was sent."""
    return median([wait for latency in told if latency.between_nations for wait in latency.waits])
