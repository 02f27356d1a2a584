"""Ratings of a debrief with their evidence, and what is proposed to mend: the types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sarex.exercise.model import CorrectiveAction, Criterion, Objective


class Letter(StrEnum):
    """Ratings of the Homeland Security Exercise and Evaluation Program, best first."""

    PERFORMED = "P"
    SOME_CHALLENGES = "S"
    MAJOR_CHALLENGES = "M"
    UNABLE = "U"


CLOSES = (Letter.PERFORMED, Letter.SOME_CHALLENGES)
"""Ratings of an evaluator's note that close the corrective action that it names."""


@dataclass(frozen=True)
class Note:
    """What an evaluator wrote down."""

    by: str
    at: datetime
    letter: Letter | None
    text: str


@dataclass(frozen=True)
class Finding:
    """One criterion with its evidence."""

    criterion: Criterion
    value: float | None
    """Of the criterion's measure, in its unit; None where the log says nothing."""
    not_done: bool
    """Whether what it measures was due and did not happen before the end."""
    measured: Letter | None
    """By the thresholds; None where nothing was measured."""
    notes: tuple[Note, ...]

    @property
    def letter(self) -> Letter | None:
        """The worse of what was measured and what evaluators noted; None: not observed."""
        given = [self.measured, *(note.letter for note in self.notes)]
        return worst(letter for letter in given if letter is not None)


@dataclass(frozen=True)
class Rating:
    """One objective; its worst criterion decides."""

    objective: Objective
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    """On the objective as a whole."""

    @property
    def letter(self) -> Letter | None:
        given = [*(finding.letter for finding in self.findings), *(note.letter for note in self.notes)]
        return worst(letter for letter in given if letter is not None)


def worst(letters: Iterable[Letter]) -> Letter | None:
    """The worst of ratings; None of none."""
    return max(letters, key=list(Letter).index, default=None)


@dataclass(frozen=True)
class Proposal:
    """A corrective action that follows from a finding; its words come from room `report`."""

    id: str
    objective: str
    finding: Finding
    owner: str
    """Role id."""
    due: datetime

    @property
    def whole(self) -> bool:
        """Whether it follows from notes on the objective as a whole, and not from one of its criteria."""
        return self.finding.criterion.id == self.objective


@dataclass(frozen=True)
class EarlierAction:
    """A corrective action of an earlier exercise, and what here closed it or left it open."""

    action: CorrectiveAction
    note: Note | None
    """The last rated note of an evaluator that names the action; it decides alone."""
    tested: Finding | None
    """Of the criterion that the action names; it decides where no note names the action."""
    rating: Rating | None
    """Of its objective; it may hold evidence on other things, so it proposes and does not decide."""

    @property
    def letter(self) -> Letter | None:
        """What decided, or what proposes; None where nothing observed here bears on it."""
        if self.note is not None:
            return self.note.letter
        if self.action.criterion is not None:
            return None if self.tested is None else self.tested.letter
        return None if self.rating is None else self.rating.letter

    @property
    def closed(self) -> bool:
        """Never by default: a note that names it was rated P or S, or the criterion that tests it P.

        A criterion rated S leaves something to be done, perhaps the very same.
        """
        if self.note is not None:
            return self.letter in CLOSES
        return self.tested is not None and self.tested.letter is Letter.PERFORMED

    @property
    def proposed(self) -> bool:
        """Whether people must decide: its objective was rated P, but no criterion tests it alone."""
        return self.note is None and self.action.criterion is None and self.letter is Letter.PERFORMED

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The criteria behind the letter; none where a note decided, or nothing did."""
        if self.note is not None or self.letter is None:
            return ()
        if self.tested is not None:
            return (self.tested,)
        if self.rating is None:
            return ()
        return tuple(each for each in self.rating.findings if each.letter is self.rating.letter)
