"""From the tables of the file to the domain types, with the checks that look across tables."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sarex.case.wording import shown, suggestion
from sarex.errors import SeriesError
from sarex.programme.model import (
    Action,
    Commitment,
    Dated,
    Days,
    Held,
    Hosts,
    Meeting,
    Rule,
    Series,
    Status,
    in_order,
)
from sarex.programme.schema import (
    ActionTable,
    CommitmentTable,
    DatedTable,
    ExerciseTable,
    HostsTable,
    MeetingTable,
    SeriesFile,
)

_LONGEST_DAYS = 92
"""An exercise of more than a quarter of a year is a slip of the finger."""


def series_of(file: SeriesFile) -> Series:
    """The series that a file tells of.

    Raises:
        SeriesError: tables contradict each other.
    """
    hosts = _hosts(file.hosts)
    series = in_order(
        Series(
            id=file.series.id,
            title=file.series.title,
            revised=file.series.revised,
            every_years=file.series.every_years,
            hosts=hosts,
            exercises=tuple(_exercise(table, hosts) for table in file.exercise),
            meetings=tuple(_meeting(table, hosts) for table in file.meeting),
            commitments=tuple(_commitment(table) for table in file.commitment),
            actions=tuple(_action(table) for table in file.corrective_action),
            remarks=file.series.remarks,
        )
    )
    check_references(series)
    return series


def check_references(series: Series) -> None:
    """Ask that ids are unique and that what refers to an id finds it.

    Raises:
        SeriesError: an id stands twice, or leads nowhere.
    """
    exercises = {each.id: each for each in series.exercises}
    events: dict[str, Dated] = {**exercises, **{each.id: each for each in series.meetings}}
    _unique(
        "exercise or meeting",
        [*(each.id for each in series.exercises), *(each.id for each in series.meetings)],
    )
    _unique("commitment", [each.id for each in series.commitments])
    _unique("corrective_action", [each.id for each in series.actions])
    commitments = [each.id for each in series.commitments]
    for meeting in series.meetings:
        if meeting.keeps is not None and meeting.keeps not in commitments:
            raise SeriesError(
                f"meeting {shown(meeting.id)}: keeps is {shown(meeting.keeps)}, which is no commitment of "
                f"the file. {_among(meeting.keeps, commitments)}"
            )
    for commitment in series.commitments:
        if commitment.kept_by is not None:
            _held_event(f"commitment {shown(commitment.id)}: kept_by", commitment.kept_by, events)
    for action in series.actions:
        _check_action(action, exercises, events)


def _check_action(action: Action, exercises: Mapping[str, Held], events: Mapping[str, Dated]) -> None:
    where = f"corrective_action {shown(action.id)}"
    _held_event(f"{where}: found_by", action.found_by, exercises)
    if action.closed_by is None:
        return
    closing = _held_event(f"{where}: closed_by", action.closed_by, events)
    order = list(exercises)  # two of one year keep the order in which they stand
    earlier = (
        order.index(closing.id) < order.index(action.found_by)
        if isinstance(closing, Held)
        else closing.days.order < exercises[action.found_by].days.order
    )
    if earlier:
        raise SeriesError(
            f"{where}: closed_by is {shown(action.closed_by)}, which was before {shown(action.found_by)}, "
            "the exercise that found it. Name the exercise or meeting that closed it, or leave closed_by out."
        )


def _held_event(where: str, given: str, known: Mapping[str, Dated]) -> Dated:
    if given not in known:
        raise SeriesError(f"{where} is {shown(given)}, which the file does not hold. {_among(given, known)}")
    event = known[given]
    if event.status is not Status.HELD:
        raise SeriesError(
            f"{where} is {shown(given)}, which is only planned. Leave it out until it has been held, "
            'or give it status = "held".'
        )
    return event


def _among(word: str, known: Iterable[str]) -> str:
    names = list(known)
    return suggestion(word, names) if names else "There is none yet; add it, or leave the key out."


def _unique(kind: str, ids: Sequence[str]) -> None:
    twice = next((name for name, times in Counter(ids).items() if times > 1), None)
    if twice is not None:
        raise SeriesError(f"{kind}: the id {shown(twice)} stands twice. Give each its own.")


def _hosts(table: HostsTable) -> Hosts:
    if not table.order:
        raise SeriesError('hosts: order is empty. Write for example order = ["JP", "KR"].')
    _unique("hosts: order", table.order)
    if table.next is not None:
        _known_host("hosts: next", table.next, table.order)
    return Hosts(tuple(table.order), Rule(table.rule), table.next)


def _known_host(where: str, host: str, order: Sequence[str]) -> None:
    if host not in order:
        raise SeriesError(
            f"{where} is {shown(host)}, which is none of the hosts {', '.join(order)}. "
            "Correct it, or add it to order in [hosts]."
        )


def _exercise(table: ExerciseTable, hosts: Hosts) -> Held:
    where = f"exercise {shown(table.id)}"
    days = _days(table, where)
    if table.host is not None:
        _known_host(f"{where}: host", table.host, hosts.order)
    outcome = next((key for key in ("debrief", "scores", "ratings") if getattr(table, key)), None)
    if outcome is not None and table.status == Status.PLANNED:
        raise SeriesError(
            f'{where}: {outcome} is given, but status is "planned". Write status = "held", or take it out.'
        )
    return Held(
        id=table.id,
        title=table.title,
        status=Status(table.status),
        days=days,
        host=table.host,
        location=table.location,
        forces=tuple(table.forces),
        remarks=table.remarks,
        debrief=table.debrief,
        scores=table.scores,
        ratings=table.ratings,
    )


def _meeting(table: MeetingTable, hosts: Hosts) -> Meeting:
    where = f"meeting {shown(table.id)}"
    if table.host is not None:
        _known_host(f"{where}: host", table.host, hosts.order)
    return Meeting(
        id=table.id,
        title=table.title,
        status=Status(table.status),
        days=_days(table, where),
        host=table.host,
        location=table.location,
        keeps=table.keeps,
        remarks=table.remarks,
    )


def _days(table: DatedTable, where: str) -> Days:
    if table.start is None:
        if table.end is not None:
            raise SeriesError(f"{where}: end is given without start. Add start = {table.end.isoformat()}.")
        if table.year is None:
            raise SeriesError(
                f"{where}: start is missing, and there is no year either. Write for example "
                "start = 2027-05-11 and end = 2027-05-12, or year = 2027 where no day is known."
            )
        return Days(table.year)
    if table.year is not None and table.year != table.start.year:
        raise SeriesError(
            f"{where}: year is {table.year}, but start is {table.start.isoformat()}. Correct one, "
            "or leave year out."
        )
    return Days(table.start.year, table.start, _last_day(table.start, table.end, where))


def _last_day(start: date, end: date | None, where: str) -> date:
    last = start if end is None else end
    if not 0 <= (last - start).days <= _LONGEST_DAYS:
        raise SeriesError(
            f"{where}: end is {last.isoformat()}; it must lie from 0 to {_LONGEST_DAYS} days after start, "
            f"{start.isoformat()}. Correct one of them."
        )
    return last


def _commitment(table: CommitmentTable) -> Commitment:
    if table.made is not None and table.due is not None and table.due < table.made:
        raise SeriesError(
            f"commitment {shown(table.id)}: due is {table.due.isoformat()}, before it was made "
            f"({table.made.isoformat()}). Correct one of them."
        )
    return Commitment(**dict(table))


def _action(table: ActionTable) -> Action:
    return Action(**dict(table))
