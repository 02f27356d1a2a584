"""When the next exercise and the next visits are due, who hosts them, and what is carried into them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

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
from sarex.programme.toml_text import exercise_lines, meeting_lines, table_lines

_LAST_YEAR = 2150


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, and why."""

    host: str | None
    why: str


@dataclass(frozen=True)
class Proposal:
    """The next exercise, for people to agree on."""

    exercise: Held
    planned_already: bool
    when: str
    """Why then."""
    turn: Turn
    carried: tuple[Action, ...]
    """Corrective actions that are still open and belong into it."""
    meetings: tuple[Meeting, ...]
    """Visits that commitments ask for and nobody has planned."""
    today: date


def propose(series: Series, today: date, years_on: int | None = None) -> Proposal:
    """The exercise that is planned next, or one in step with the series.

    Args:
        today: nothing is proposed for this year or earlier where only years are known, nor for a day that
            is past.
        years_on: how many years after the last; the series' own number otherwise.

    Raises:
        SeriesError: nothing can be counted from.
    """
    planned = series.next
    if planned is not None:
        exercise, when = planned, "planned already"
    else:
        exercise, when = _in_step(series, today, years_on or series.every_years)
    earlier = [each for each in series.exercises if each.days.order < exercise.days.order]
    turn = turn_of(series.hosts, earlier, series.hosts.next)
    if exercise.host is not None:
        turn = Turn(exercise.host, "planned already")
    return Proposal(
        exercise=exercise if planned is not None else replace(exercise, host=turn.host),
        planned_already=planned is not None,
        when=when,
        turn=turn,
        carried=series.carried_into(planned.id) if planned is not None else series.open_actions,
        meetings=tuple(
            found
            for commitment in series.commitments
            if (found := next_meeting(series, commitment, today)) is not None
        ),
        today=today,
    )


def with_proposal(series: Series, proposal: Proposal) -> Series:
    """The series with what was proposed; the host that was agreed for the next exercise is used up."""
    exercises = series.exercises
    hosts = series.hosts
    if not proposal.planned_already:
        exercises += (proposal.exercise,)
        hosts = replace(hosts, next=None)
    return in_order(
        replace(series, exercises=exercises, hosts=hosts, meetings=series.meetings + proposal.meetings)
    )


def turn_of(hosts: Hosts, earlier: Sequence[Dated], agreed: str | None = None) -> Turn:
    """Who hosts what follows `earlier`, which is in order of time, unless it was agreed otherwise."""
    if agreed is not None:
        return Turn(agreed, "agreed (next in [hosts])")
    if hosts.rule is Rule.AGREED:
        return Turn(None, "agreed each time: write next in [hosts]")
    for since, event in enumerate(reversed(earlier)):
        if event.host is not None:
            step = since + 1
            host = hosts.order[(hosts.order.index(event.host) + step) % len(hosts.order)]
            counted = "" if since == 0 else f", counting {since} since then whose hosts are not recorded"
            return Turn(host, f"in turn after {event.id}, {event.host}{counted}")
    return Turn(hosts.order[0], "the first in order, for no earlier host is recorded: agree on it")


def next_meeting(series: Series, commitment: Commitment, today: date) -> Meeting | None:
    """The next meeting that a commitment to meet every so many years asks for; None where one is planned."""
    if commitment.every_years is None or commitment.kept_by is not None:
        return None
    earlier = [meeting for meeting in series.meetings if meeting.keeps == commitment.id]
    if any(meeting.status is Status.PLANNED for meeting in earlier):
        return None
    last_year = max((meeting.days.year for meeting in earlier), default=None)
    if last_year is None:
        last_year = today.year if commitment.made is None else commitment.made.year
    year = max(last_year + commitment.every_years, today.year)
    return Meeting(
        id=_free(f"{commitment.id}-{year}", series),
        title=f"{commitment.text} ({year})"[:120],
        status=Status.PLANNED,
        days=Days(year),
        host=turn_of(series.hosts, earlier).host,
        keeps=commitment.id,
    )


def _in_step(series: Series, today: date, years_on: int) -> tuple[Held, str]:
    """The first exercise in step with the last that is not past, and why it falls then."""
    if not series.exercises:
        days, why = Days(today.year + 1), "next year, for no exercise is recorded to count from"
    else:
        last = series.exercises[-1]
        days = _years_later(last.days, years_on)
        steps = 1
        while _is_past(days, today):
            steps += 1
            days = _years_later(last.days, steps * years_on)
        every = "every year" if years_on == 1 else f"every {years_on} years"
        why = f"{years_on * steps} years after {last.id}, in step with {every}"
        if steps == 1:
            why = f"{years_on} year{'s' if years_on > 1 else ''} after {last.id}"
    name = _free(f"{series.id}-{days.year}", series)
    return Held(id=name, title=f"{series.id} {days.year}", status=Status.PLANNED, days=days), why


def _is_past(days: Days, today: date) -> bool:
    """A year of which no day is known counts as past once it has begun: there would be no time to plan."""
    return days.year <= today.year if days.first is None else days.first <= today


def _years_later(days: Days, years: int) -> Days:
    """The same days that many years later, on the weekday that they had; 29 February counts as the 28th."""
    year = days.year + years
    if year > _LAST_YEAR:
        raise SeriesError(
            f"the next exercise would fall in {year}; years end at {_LAST_YEAR}. Give fewer --years-on."
        )
    if days.first is None or days.last is None:
        return Days(year)
    last_possible = 28 if (days.first.month, days.first.day) == (2, 29) else days.first.day
    first = days.first.replace(year=year, day=last_possible)
    shift = (days.first.weekday() - first.weekday() + 3) % 7 - 3
    moved = first + timedelta(days=shift)
    return Days(moved.year, moved, moved + (days.last - days.first))


def _free(name: str, series: Series) -> str:
    """The name, or with a number behind it where it is taken."""
    taken = {*(each.id for each in series.exercises), *(each.id for each in series.meetings)}
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def proposal_to_text(proposal: Proposal) -> str:
    """The entries for the series file, and the corrective actions for the exercise file."""
    exercise = proposal.exercise
    lines = [
        f"# {exercise.id}: {proposal.when}",
        f"# host: {proposal.turn.host or 'not recorded'}, {proposal.turn.why}",
        "# for the series file:",
        *exercise_lines(exercise),
    ]
    for meeting in proposal.meetings:
        lines += meeting_lines(meeting)
    return "\n".join([*lines, "", *_snippet(exercise, proposal)]) + "\n"


def _snippet(exercise: Held, proposal: Proposal) -> list[str]:
    if not proposal.carried:
        return [f"# no corrective action is open, so none is carried into {exercise.id}"]
    lines = [f"# for the exercise file of {exercise.id}, which is to close them:"]
    for action in proposal.carried:
        due = None if action.due is None else datetime.combine(action.due, time(), UTC)
        lines += table_lines(
            "[[corrective_action]]",
            {
                "id": action.id,
                "text": action.text,
                "owner": action.owner,
                "due": due,
                "objective": action.objective,
                "criterion": action.criterion,
            },
        )
        missing = [key for key, value in (("owner", action.owner), ("due", due)) if value is None]
        lines += [f"# {key} is not recorded; add it" for key in missing]
        if action.due is not None and action.due < proposal.today:
            lines.append(f"# overdue: it was due on {action.due.isoformat()}; agree on another day")
        remarks = f" ({' '.join(action.remarks.split())})" if action.remarks else ""
        lines.append(f"# found by {action.found_by}{remarks}")
    return lines
