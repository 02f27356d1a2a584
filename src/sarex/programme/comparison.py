"""Debriefs side by side: what became better from one exercise to the next, what worse, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from sarex.errors import SeriesError
from sarex.programme.debriefs import Debrief, ReportedAction
from sarex.programme.model import RATINGS
from sarex.programme.score_words import ScoreWords, words_of

_SAME_FRAC = 1e-9
"""Relative difference below which two scores are one: what decimal writing leaves."""


class Change(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "the same"
    UNJUDGED = "not judged"
    """More is neither better nor worse, or Sarex does not know the score."""
    NONE = "nothing to compare"
    """One of the two was not measured."""


@dataclass(frozen=True)
class ScoreRow:
    """One score through the exercises."""

    words: ScoreWords
    values: tuple[float | None, ...]
    """In the order of the debriefs; None: not measured."""
    changes: tuple[Change, ...]
    """Each against the exercise before it, so one fewer than the values."""

    @property
    def overall(self) -> Change:
        """The last against the first."""
        return score_change(self.words, self.values[0], self.values[-1])


@dataclass(frozen=True)
class RatingRow:
    """One objective through the exercises."""

    objective: str
    letters: tuple[str | None, ...]
    changes: tuple[Change, ...]

    @property
    def overall(self) -> Change:
        return rating_change(self.letters[0], self.letters[-1])


@dataclass(frozen=True)
class Comparison:
    """Year on year."""

    debriefs: tuple[Debrief, ...]
    """In order of time."""
    scores: tuple[ScoreRow, ...]
    ratings: tuple[RatingRow, ...]
    open_actions: tuple[tuple[ReportedAction, ...], ...]
    """Of each debrief."""

    @property
    def synthetic(self) -> tuple[str, ...]:
        """Exercises whose wind or current was computed, not observed or forecast."""
        return tuple(debrief.id for debrief in self.debriefs if debrief.synthetic)

    def counts(self) -> dict[Change, int]:
        """How many scores changed which way between the first and the last, of those that can be judged."""
        found = [row.overall for row in self.scores if row.words.less_is_better is not None]
        return {change: found.count(change) for change in Change}


def compare(debriefs: Sequence[Debrief]) -> Comparison:
    """Put debriefs beside one another, the earliest first.

    Raises:
        SeriesError: fewer than two, or the same exercise twice.
    """
    if len(debriefs) < 2:
        raise SeriesError("one debrief cannot be compared. Name two or more debrief.json files.")
    ordered = tuple(sorted(debriefs, key=lambda debrief: debrief.start))
    for earlier, later in combinations(ordered, 2):
        if (earlier.id, earlier.start) == (later.id, later.start):
            raise SeriesError(
                f"two debriefs are of {earlier.id} of {earlier.start:%Y-%m-%d}. Name each exercise once."
            )
    names = dict.fromkeys(name for debrief in ordered for name in debrief.scores)
    objectives = dict.fromkeys(name for debrief in ordered for name in debrief.ratings)
    return Comparison(
        debriefs=ordered,
        scores=tuple(_score_row(name, ordered) for name in names),
        ratings=tuple(_rating_row(name, ordered) for name in objectives),
        open_actions=tuple(
            tuple(action for action in debrief.actions if not action.closed) for debrief in ordered
        ),
    )


def score_change(words: ScoreWords, before: float | None, after: float | None) -> Change:
    """Which way a score went."""
    if before is None or after is None:
        return Change.NONE
    if abs(after - before) <= _SAME_FRAC * max(abs(after), abs(before)):
        return Change.SAME
    if words.less_is_better is None:
        return Change.UNJUDGED
    return Change.BETTER if (after < before) == words.less_is_better else Change.WORSE


def rating_change(before: str | None, after: str | None) -> Change:
    """Which way a rating went; P is best."""
    if before is None or after is None:
        return Change.NONE
    if before == after:
        return Change.SAME
    return Change.BETTER if RATINGS.index(after) < RATINGS.index(before) else Change.WORSE


def _score_row(name: str, debriefs: Sequence[Debrief]) -> ScoreRow:
    words = words_of(name)
    values = tuple(debrief.scores.get(name) for debrief in debriefs)
    pairs = pairwise(values)
    return ScoreRow(words, values, tuple(score_change(words, before, after) for before, after in pairs))


def _rating_row(objective: str, debriefs: Sequence[Debrief]) -> RatingRow:
    letters = tuple(debrief.ratings.get(objective) for debrief in debriefs)
    pairs = pairwise(letters)
    return RatingRow(objective, letters, tuple(rating_change(before, after) for before, after in pairs))
