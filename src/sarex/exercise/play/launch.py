"""Starting an exercise in a new log, and opening one that runs."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sarex import __version__
from sarex.errors import JournalError, JournalInputError, Overtaken
from sarex.exercise.file.door import exercise_from_mapping, exercise_to_mapping
from sarex.exercise.play import events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.director import Director
from sarex.exercise.play.events import DIRECTOR, Event, recorded
from sarex.exercise.play.players import AutoPlayers
from sarex.exercise.play.players_plan import Planner
from sarex.exercise.play.running import Heard, Running, open_state
from sarex.exercise.play.state import State
from sarex.journal import Draft, Journal

Players = Callable[[Brief], AutoPlayers]


def start(file: Path, log: str | Path, *, auto: bool) -> Running:
    """A new log with an exercise in it, at its first instant.

    Raises:
        ExerciseError: the file is wrong.
        JournalInputError: the log is there already, or cannot be made.
    """
    content = exercise_to_mapping(file)
    base_dir = file.resolve().parent
    exercise = exercise_from_mapping(content, base_dir=base_dir, name=file.name)
    journal = _empty_journal(log)
    begun = events.started(content, exercise.start, str(base_dir), __version__, exercise.seed, auto=auto)
    try:
        journal.append([begun], expected=0)
        return running_in(journal)
    except Overtaken:
        journal.close()
        raise JournalInputError(
            f"an exercise was started in {journal.name} by another command at the same moment. Go on with "
            "that one, or give another log."
        ) from None
    except BaseException:
        journal.close()
        raise


def _empty_journal(log: str | Path) -> Journal:
    """A new journal, or one that a start left empty that was killed before its first entry."""
    try:
        return Journal.create(log)
    except JournalInputError:
        with suppress(JournalError):
            journal = Journal.open(log)
            if journal.last_seq == 0:
                return journal
            journal.close()
        raise


def open_running(log: str | Path, heard: Heard | None = None) -> Running:
    """The exercise in a log.

    Raises:
        InputError: there is no log, or it is of something else.
    """
    return running_in(Journal.open(log), heard)


def running_in(journal: Journal, heard: Heard | None = None, players: Players | None = None) -> Running:
    """The exercise in an open journal; `players` play where the log says that it runs by itself."""
    state = open_state(journal)
    brief = Brief.of(state.exercise)
    chosen = AutoPlayers(brief, Planner(brief)) if players is None else players(brief)
    return Running(journal, Director(chosen), state, heard or (lambda _entries: None))


def automatic(state: State, *, on: bool) -> list[Draft]:
    """The planner plays from now on, or no more."""
    number = sum(key.startswith(Event.AUTOMATIC.value) for key in state.keys) + 1
    return [recorded(Event.AUTOMATIC, state.now, str(number), DIRECTOR, {"on": on})]


def until_of(state: State, wanted: datetime) -> datetime:
    """Not beyond the end of the exercise."""
    return min(wanted, state.exercise.end)
