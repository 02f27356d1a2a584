"""Ways to run the shipped example with scripted players, in this process and in others that can be killed."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp

from scripted_planning import running_scripted

from sarex.exercise.file.door import example_path
from sarex.exercise.play import controls
from sarex.exercise.play.controls import Note
from sarex.exercise.play.launch import start
from sarex.exercise.play.running import Running
from sarex.journal import Entry, Journal


def begun(log: Path) -> Path:
    """The example, started in a log and not yet advanced."""
    start(example(), log, auto=True).journal.close()
    return log


@cache
def example() -> Path:
    """A copy of the shipped example: the same for all runs that are compared."""
    return Path(copytree(example_path().parent, Path(mkdtemp()) / "data")) / example_path().name


@cache
def example_with_a_place() -> Path:
    """The example with a place for its false sighting, of which the director tells if the unit is in port."""
    folder = Path(copytree(example().parent, Path(mkdtemp()) / "data"))
    file, unit = folder / example().name, 'unit = "Patrol aircraft Gireogi 3"\n'
    text = file.read_text(encoding="utf-8")
    begins = text.index('kind = "false-sighting"')
    file.write_text(
        text[:begins] + text[begins:].replace(unit, f'{unit}position = "36-02.0N 131-02.0E"\n', 1), "utf-8"
    )
    return file


def run_to_end(log: Path) -> None:
    """Advance a log to the end; meant to be killed."""
    running = running_scripted(log)
    running.advance(running.state.exercise.end)
    running.journal.close()


def write_notes(log: Path, count: int) -> None:
    """Somebody else writes into the log at the same time."""
    running = running_scripted(log)
    for number in range(count):
        note = Note("JP-EVAL", "O1", "P", f"note {number}", None)
        running.record(lambda state, note=note: controls.note(state, note))
    running.journal.close()


def story(entries: tuple[Entry, ...]) -> list[tuple]:
    """What happened: everything but the clock on the wall, and how far somebody let time pass."""
    return [
        (entry.at, entry.kind, entry.key, entry.by, entry.audience, entry.body)
        for entry in entries
        if entry.kind != "clock.advanced"
    ]


def whole(log: Path) -> tuple[Entry, ...]:
    with Journal.open(log) as journal:
        journal.verify()
        return journal.read()


@cache
def uninterrupted() -> Path:
    """The log of the example, run to its end in one go. Look, do not touch."""
    log = begun(Path(mkdtemp()) / "whole.sqlite")
    run_to_end(log)
    return log


def in_steps(log: Path, minutes: float) -> Running:
    running = running_scripted(log)
    end = running.state.exercise.end
    while running.state.known.stopped is None:
        running.advance(min(end, running.state.now + timedelta(minutes=minutes)))
    return running
