"""A series, what was recorded in it and how exercises compare, for people at a terminal."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from shlex import quote

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex.programme.comparison import Change, Comparison
from sarex.programme.model import Action, Commitment, Dated, Days, Held, Meeting, Series, Status
from sarex.programme.record import Recorded
from sarex.programme.turns import propose
from sarex.report.series_page import MARKS, summary_sentences
from sarex.report.words import counted

NOT_RECORDED = "[dim]not recorded[/]"
_COLOURS = {Change.BETTER: "green", Change.WORSE: "bold red"}


def print_series(series: Series, today: date, console: Console) -> None:
    """The whole programme."""
    console.print(f"[bold]EXERCISE[/] {escape(series.title)} ({escape(series.id)})", highlight=False)
    if series.exercises:
        console.print(_exercises(series.exercises, today))
    if series.meetings:
        console.print("\nMeetings")
        console.print(_meetings(series.meetings, today))
    if series.commitments:
        console.print("\nCommitments")
        console.print(_commitments(series.commitments, today))
    still = len(series.open_actions)
    console.print(
        f"\nCorrective actions: {still} open, {len(series.actions) - still} closed", highlight=False
    )
    if series.actions:
        console.print(_actions(series.actions, today))
    _print_next(series, today, console)


def _print_next(series: Series, today: date, console: Console) -> None:
    proposal = propose(series, today)
    word = "Next, planned" if proposal.planned_already else "Next, proposed"
    host = proposal.turn.host or "not recorded"
    console.print(
        f"\n[bold]{word}[/]: {escape(proposal.exercise.id)}, {days_told(proposal.exercise.days)} "
        f"({escape(proposal.when)}); host {escape(host)} ({escape(proposal.turn.why)}); "
        f"{counted(len(proposal.carried), 'corrective action')} carried into it",
        highlight=False,
    )


def days_told(days: Days) -> str:
    """From the first day to the last, or the year."""
    if days.first is None or days.last is None:
        return f"{days.year}"
    if days.first == days.last:
        return days.first.isoformat()
    return f"{days.first.isoformat()} to {days.last.isoformat()}"


def _status(event: Dated, today: date) -> str:
    """A plan whose days have gone by without a record is pointed out."""
    if event.status is Status.PLANNED and (event.days.last or date(event.days.year, 12, 31)) < today:
        return "[bold red]planned, past[/]"
    return event.status.value


def _exercises(exercises: Iterable[Held], today: date) -> Table:
    table = _columns("exercise", "when", "status", "host", "location", "forces", "scores and ratings")
    for each in exercises:
        found = f"{len(each.scores)} scores; {' '.join(each.ratings.values())}" if each.scores else ""
        table.add_row(
            escape(each.id),
            days_told(each.days),
            _status(each, today),
            _told(each.host),
            _told(each.location),
            _told("; ".join(each.forces)),
            escape(found) or NOT_RECORDED,
        )
    return table


def _meetings(meetings: Iterable[Meeting], today: date) -> Table:
    table = _columns("meeting", "when", "status", "host", "location", "what")
    for each in meetings:
        table.add_row(
            escape(each.id),
            days_told(each.days),
            _status(each, today),
            _told(each.host),
            _told(each.location),
            escape(each.title),
        )
    return table


def _commitments(commitments: Iterable[Commitment], today: date) -> Table:
    table = _columns("commitment", "made", "due", "state", "what")
    for each in commitments:
        again = "" if each.every_years is None else f"every {_years(each.every_years)}"
        due = again or ("–" if each.due is None else each.due.isoformat())
        late = each.due is not None and each.due < today
        state = (
            f"kept by {escape(each.kept_by)}"
            if each.kept_by
            else "[bold red]overdue[/]"
            if late
            else "stands"
        )
        made = NOT_RECORDED if each.made is None else each.made.isoformat()
        table.add_row(escape(each.id), made, due, state, escape(each.text))
    return table


def _years(number: int) -> str:
    return "year" if number == 1 else f"{number} years"


def _actions(actions: Iterable[Action], today: date) -> Table:
    table = _columns("action", "found by", "owner", "due", "state", "what")
    for each in actions:
        late = each.open and each.due is not None and each.due < today
        state = f"closed by {escape(each.closed_by)}" if each.closed_by else "open"
        due = NOT_RECORDED if each.due is None else each.due.isoformat()
        table.add_row(
            escape(each.id),
            escape(each.found_by),
            _told(each.owner),
            due,
            "[bold red]overdue[/]" if late else state,
            escape(each.text),
        )
    return table


def print_recorded(recorded: Recorded, file: Path, console: Console) -> None:
    """What an exercise closed, found and left open in a series file."""
    exercise = recorded.exercise
    console.print(
        f"[bold]{escape(exercise.id)}[/] recorded: {days_told(exercise.days)}, host "
        f"{escape(exercise.host or 'not recorded')}, {counted(len(exercise.scores), 'score')}, "
        f"{counted(len(exercise.ratings), 'rating')}",
        highlight=False,
    )
    _print_actions("Closed by it", recorded.closed, console)
    _print_actions("Carried on, still open", recorded.carried_on, console)
    _print_proposed(recorded, file, console)
    _print_actions("Found by it", recorded.found, console)
    _print_actions("Carried into it and new to the series", recorded.brought, console)
    _print_actions("Not mentioned in the debrief, and so carried on", recorded.not_told, console)


def _print_proposed(recorded: Recorded, file: Path, console: Console) -> None:
    """What people may close, on which evidence, and how."""
    if recorded.proposed:
        console.print("Proposed to be closed, and open until you close it:", highlight=False)
    for action, evidence in recorded.proposed:
        command = (
            f"sarex series close {quote(str(file))} {quote(action.id)} --by {quote(recorded.exercise.id)}"
        )
        console.print(f"  {escape(action.id)}  because of: {escape(evidence)}", highlight=False)
        console.print(f"    if that bears on it: {escape(command)}", highlight=False)


def _print_actions(head: str, actions: Sequence[Action], console: Console) -> None:
    if actions:
        console.print(f"{head}:", highlight=False)
    for action in actions:
        console.print(f"  {escape(action.id)}  {escape(action.text)}", highlight=False)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Scores and ratings side by side, and what is open after the last."""
    for sentence in summary_sentences(comparison):
        console.print(escape(sentence), highlight=False)
    table = _columns("score", *(escape(each.id) for each in comparison.debriefs), right_from=1)
    for row in comparison.scores:
        cells = [f"{row.words.told(row.values[0])}"]
        for number, change in enumerate(row.changes, 1):
            delta = row.words.told_change(row.values[number - 1], row.values[number])
            cells.append(_cell(row.words.told(row.values[number]), delta, change))
        table.add_row(escape(row.words.title), *cells)
    console.print(table)
    if comparison.ratings:
        console.print()
        console.print(_ratings(comparison))
    last = comparison.debriefs[-1]
    console.print(
        f"\nOpen in the debrief of {escape(last.id)}: {len(comparison.open_actions[-1])}", highlight=False
    )
    for action in comparison.open_actions[-1]:
        owner, due = action.owner or "not recorded", action.due or "not recorded"
        console.print(
            f"  {escape(action.id)}  {escape(action.text)} (owner {escape(owner)}, due {due})",
            highlight=False,
        )


def _ratings(comparison: Comparison) -> Table:
    table = _columns("objective", *(escape(each.id) for each in comparison.debriefs), right_from=1)
    for row in comparison.ratings:
        cells = [row.letters[0] or "–"]
        cells += [
            _cell(letter or "–", "", change)
            for letter, change in zip(row.letters[1:], row.changes, strict=True)
        ]
        table.add_row(escape(row.objective), *cells)
    return table


def _cell(value: str, delta: str, change: Change) -> str:
    """The value, and below it how it changed."""
    parts = [f"[dim]{delta}[/]" if delta else ""]
    if MARKS[change]:
        parts.append(f"[{_COLOURS.get(change, 'dim')}]{MARKS[change]}[/]")
    return f"{escape(value)}\n{' '.join(part for part in parts if part)}".rstrip()


def _told(text: str | None) -> str:
    return escape(text) if text else NOT_RECORDED


def _columns(*names: str, right_from: int | None = None) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(names):
        right = right_from is not None and number >= right_from
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=number == 0)
    return table
