"""`sarex exercise advance`: how far, how fast, and what is shown meanwhile."""

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sarex.cli.exercise_words import print_entries
from sarex.cli.interrupts import INTERRUPTED
from sarex.errors import InputError
from sarex.exercise.play import events
from sarex.exercise.play.launch import automatic, until_of
from sarex.exercise.play.running import Running, check_running
from sarex.exercise.play.state import State
from sarex.journal import Entry

_SPAN = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)min)?(?:(\d+)s)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):?([0-5]\d)Z", re.IGNORECASE)
_REMEDY = 'Write a span such as 30min, 2h or 1h30min, or "to 10:30Z", or --to-end.'
_NAP_S = 0.2
_MARK, _MARK_S = timedelta(seconds=15), 0.5
"""So often, in exercise time and no oftener on the wall, the log is told how late it is while the clock paces
the exercise: what others record meanwhile gets the time that the log tells."""


@dataclass(frozen=True)
class Pace:
    """How fast exercise time passes; None: as fast as the machine can."""

    factor: float | None

    @classmethod
    def of(cls, speed: float | None, *, real_time: bool) -> "Pace":
        if speed is not None and real_time:
            raise InputError("--real-time and --speed contradict each other; give one of them.")
        if speed is not None and not 0.01 <= speed <= 100_000.0:
            raise InputError(f"--speed is {speed:g}; it must lie between 0.01 and 100000.")
        return cls(1.0 if real_time else speed)


def span_of(option: str, text: str) -> timedelta:
    """A span such as 30min, 2h or 1h30min.

    Raises:
        InputError: it is none, or nothing.
    """
    found = _SPAN.fullmatch(text.strip().replace(" ", "").lower())
    parts = [float(part) if part else 0.0 for part in found.groups()] if found else []
    if not any(parts):
        raise InputError(f'{option} is "{text}"; it is a span of time such as 30min, 2h or 1h30min.')
    return timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])


def instant_wanted(state: State, how_far: Sequence[str], *, to_end: bool) -> datetime:
    """Until when exercise time shall pass.

    Raises:
        InputError: it is not said, said twice, not understood, or past.
    """
    text = " ".join(how_far).strip()
    if to_end == bool(text):
        told = "nothing was said" if not text else "it was said twice"
        raise InputError(f"how far exercise time shall pass: {told}. {_REMEDY}")
    if to_end:
        return state.exercise.end
    if text.lower().startswith("to "):
        return _clock_time(state, text[3:].strip())
    try:
        return until_of(state, state.now + span_of("the time to advance", text))
    except OverflowError:
        return state.exercise.end


def _clock_time(state: State, text: str) -> datetime:
    found = _CLOCK.fullmatch(text)
    if found is not None:
        hour, minute = (int(part) for part in found.groups())
        instant = state.now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return until_of(state, instant if instant > state.now else instant + timedelta(days=1))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f'"{text}" is no time. {_REMEDY}') from None
    if instant.tzinfo is None:
        raise InputError(f'"{text}" names no time zone; write UTC times with a Z at the end.')
    if instant <= state.now:
        raise InputError(
            f"{text} is past: the exercise stands at {state.now:%Y-%m-%dT%H:%M:%SZ}, and time does not go "
            "back."
        )
    return until_of(state, instant.astimezone(UTC))


def advance_log(
    running: Running,
    until: datetime,
    pace: Pace,
    auto: bool | None,  # noqa: FBT001 - as the command line gives it: on, off, or not said
    console: Console,
    log: str,
    *,
    director: bool,
) -> None:
    """Let time pass until an instant, showing what happens; an interrupt leaves a log that goes on."""
    check_running(running.state.known)
    if auto is not None and auto != (running.state.auto_since is not None):
        running.record(lambda state: automatic(state, on=auto))
    with _shown(running, until, console, director=director) as progress:
        del progress
        try:
            if pace.factor is None:
                running.advance(until)
            else:
                _paced(running, until, pace.factor)
        except KeyboardInterrupt:
            console.print(
                f"interrupted at {running.state.now:%H:%M:%SZ}; nothing is lost. Go on with: sarex exercise "
                f"advance --to-end --log {log}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
            raise SystemExit(INTERRUPTED) from None
    _say_where(running.state, console)


def _paced(running: Running, until: datetime, factor: float) -> None:
    """Time passes with the clock; while it is held, it does not."""
    begun, began_at = time.monotonic(), running.state.now
    marked, marked_at = begun, began_at
    try:
        while running.state.known.stopped is None and running.state.now < until:
            running.catch_up()
            if running.state.known.held is not None:
                begun, began_at = time.monotonic(), running.state.now
                time.sleep(_NAP_S)
                continue
            now = min(until, began_at + timedelta(seconds=factor * (time.monotonic() - begun)))
            while running.step(now):
                pass
            due = now - marked_at >= _MARK and time.monotonic() - marked > _MARK_S
            if now >= until or due:
                running.advance(now)
                marked, marked_at = time.monotonic(), now
            time.sleep(_NAP_S)
    finally:
        with suppress(KeyboardInterrupt):
            reached = min(until, began_at + timedelta(seconds=factor * (time.monotonic() - begun)))
            known = running.state.known
            if known.held is None and known.stopped is None and running.state.now < reached:
                running.record(lambda state: [events.clock_advanced(max(reached, state.now))])


class _shown:  # noqa: N801 - a context manager, used like a function
    """Events as they come, and on a terminal a bar with the exercise's clock."""

    def __init__(self, running: Running, until: datetime, console: Console, *, director: bool) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._running, self._begun = running, running.state.now
        total_s = max((until - self._begun).total_seconds(), 1.0)
        self._bar = self._progress.add_task(f"{self._begun:%H:%MZ}", total=total_s)
        self._director = director

    def __enter__(self) -> Progress:
        self._progress.start()
        self._running.heard = self._hear
        return self._progress

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _hear(self, entries: Sequence[Entry]) -> None:
        print_entries(entries, self._progress.console, director=self._director)
        at = max(entry.at for entry in entries)
        passed_s = (at - self._begun).total_seconds()
        self._progress.update(self._bar, completed=passed_s, description=f"{at:%H:%MZ}")


def _say_where(state: State, console: Console) -> None:
    known = state.known
    if known.stopped is not None:
        words = f"The exercise is over: {known.stopped.body['why']}."
    elif known.held is not None:
        words = f'Held at {state.now:%H:%MZ} ("{known.held.body["word"]}").'
    else:
        words = f"It is {state.now:%d %b %H:%M:%SZ}."
    console.print(escape(words), highlight=False, soft_wrap=True)
