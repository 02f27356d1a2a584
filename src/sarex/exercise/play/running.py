"""The running loop: the next events, recorded, folded, again. Whatever stops it, the log goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sarex.errors import InputError, Overtaken
from sarex.exercise.play import events
from sarex.exercise.play.director import Director
from sarex.exercise.play.known import Known
from sarex.exercise.play.state import State, fold
from sarex.journal import Draft, Entry, Journal

Decide = Callable[[State], Sequence[Draft]]
"""What somebody wants to record, given the state as it is when it is recorded."""
Heard = Callable[[Sequence[Entry]], None]
"""Told of every new entry, whoever recorded it."""


@dataclass
class Running:
    """An exercise in its log."""

    journal: Journal
    director: Director
    state: State
    heard: Heard = lambda _entries: None

    def advance(self, until: datetime) -> None:
        """Let everything happen up to an instant; ends early where the exercise is held or stopped."""
        while self.step(until):
            pass
        self.catch_up()
        while self._may_run and self.state.now < until:
            self._try([events.clock_advanced(until)])

    def step(self, until: datetime) -> bool:
        """The next events up to an instant; False where nothing is due."""
        self.catch_up()
        batch = self.director.next_batch(self.state, until)
        if not batch:
            return False
        self._try(batch)
        return True

    def record(self, decide: Decide) -> tuple[Entry, ...]:
        """Record what somebody decides; where others were faster, what is decided anew."""
        while True:
            self.catch_up()
            drafts = decide(self.state)
            try:
                entries = self.journal.append(drafts, expected=self.state.seq)
            except Overtaken:
                continue
            self._fold(entries)
            return entries

    def catch_up(self) -> None:
        """Read what others recorded."""
        self._fold(self.journal.read(after=self.state.seq))

    @property
    def _may_run(self) -> bool:
        known = self.state.known
        return known.held is None and known.stopped is None

    def _try(self, drafts: Sequence[Draft]) -> None:
        try:
            entries = self.journal.append(drafts, expected=self.state.seq)
        except Overtaken:
            return
        self._fold(entries)

    def _fold(self, entries: Sequence[Entry]) -> None:
        if entries:
            self.state = fold(self.state, entries)
            self.heard(entries)


def open_state(journal: Journal) -> State:
    """The state that a log tells."""
    return fold(None, journal.read())


def check_running(known: Known) -> None:
    """Ask that the exercise is neither over nor held.

    Raises:
        InputError: it is.
    """
    check_not_over(known)
    if known.held is not None:
        raise InputError(
            f'the exercise is held since {known.held.at:%d %b %H:%MZ} ("{known.held.body["word"]}"): nothing '
            "goes on until sarex exercise resume."
        )


def check_not_over(known: Known) -> None:
    """Ask that the exercise is not over.

    Raises:
        InputError: it is.
    """
    if known.stopped is not None:
        raise InputError(
            f"the exercise was stopped at {known.stopped.at:%d %b %H:%MZ} ({known.stopped.body['why']}); "
            "nothing can be added to it. Look at it with status, report or debrief, or start another log."
        )
