"""Objectives rated P, S, M or U by the thresholds of their criteria and by what evaluators noted.

The ratings are those of the Homeland Security Exercise and Evaluation Program (HSEEP, 2020): performed, with
some challenges, with major challenges, unable. HSEEP leaves it to the evaluator how criteria make up a
rating; here the worst decides, of a criterion's measure and its notes, and of an objective's criteria.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sarex.exercise.model import Criterion, Exercise, Measure, Part, Role
from sarex.exercise.review.model import Step
from sarex.exercise.review.ratings import EarlierAction, Finding, Letter, Note, Proposal, Rating
from sarex.exercise.review.scores_log import of_kind
from sarex.journal import Entry

STEP_OF = {
    Measure.ALERT_TO_COORDINATOR: Step.COORDINATOR,
    Measure.ALERT_TO_SITREP: Step.SITREP,
    Measure.ALERT_TO_PLAN: Step.PLAN,
    Measure.ALERT_TO_UNDER_WAY: Step.UNDER_WAY,
    Measure.ALERT_TO_ON_SCENE: Step.ON_SCENE,
    Measure.ALERT_TO_DETECTION: Step.DETECTION,
    Measure.ALERT_TO_RECOVERY: Step.RECOVERY,
    Measure.ALERT_TO_TRIAGE: Step.TRIAGE,
}
NEEDS = {Step.RECOVERY: Step.DETECTION, Step.TRIAGE: Step.RECOVERY}
"""What cannot be asked for where the other did not happen."""
MONTHS_TO_MEND = {Letter.SOME_CHALLENGES: 12, Letter.MAJOR_CHALLENGES: 6, Letter.UNABLE: 3}
"""By when a corrective action is due; the sooner the worse (a proposal, for the meeting to change)."""


def rate(
    exercise: Exercise,
    entries: Sequence[Entry],
    values: Mapping[Measure, float | None],
    missing: Iterable[Measure],
) -> tuple[Rating, ...]:
    """Every objective, in the order of the exercise file.

    Args:
        values: what the log says by measure, in the measure's unit; None where it says nothing.
        missing: measures of what was due and did not happen.
    """
    not_done = frozenset(missing)
    return tuple(
        Rating(
            objective,
            tuple(
                _finding(
                    criterion, values.get(criterion.measure), notes, not_done=criterion.measure in not_done
                )
                for criterion in objective.criteria
            ),
            tuple(note for named, note in notes if named is None),
        )
        for objective, notes in ((each, _notes(entries, each.id)) for each in exercise.objectives)
    )


def _finding(
    criterion: Criterion, value: float | None, notes: Sequence[tuple[str | None, Note]], *, not_done: bool
) -> Finding:
    return Finding(
        criterion,
        value,
        not_done,
        Letter.UNABLE if not_done else by_threshold(criterion, value),
        tuple(note for named, note in notes if named == criterion.id),
    )


def by_threshold(criterion: Criterion, value: float | None) -> Letter | None:
    """The best letter whose threshold the value keeps; U where it keeps none.

    None without a value or without thresholds.
    """
    thresholds = {
        Letter.PERFORMED: criterion.performed,
        Letter.SOME_CHALLENGES: criterion.some_challenges,
        Letter.MAJOR_CHALLENGES: criterion.major_challenges,
    }
    if value is None or all(limit is None for limit in thresholds.values()):
        return None
    sign = 1.0 if criterion.measure.less_is_better else -1.0
    for letter, limit in thresholds.items():
        if limit is not None and sign * value <= sign * limit + 1e-9:
            return letter
    return Letter.UNABLE


def _notes(entries: Sequence[Entry], objective: str) -> list[tuple[str | None, Note]]:
    notes = []
    for entry in of_kind(entries, "evaluator.noted"):
        body = entry.body
        if body.get("objective") != objective:
            continue
        letter = Letter(body["rating"]) if body.get("rating") in list(Letter) else None
        note = Note(str(body.get("by") or entry.by), entry.at, letter, str(body.get("text") or ""))
        notes.append((body.get("criterion") or None, note))
    return notes


def proposals(exercise: Exercise, ratings: Sequence[Rating], ended_at: datetime) -> tuple[Proposal, ...]:
    """A corrective action for every criterion that was not simply performed, worst first.

    Each is the host's co-ordinator's until the closing meeting gives it to another.
    """
    wanting = [
        (rating.objective.id, finding)
        for rating in ratings
        for finding in (*rating.findings, *_noted_on_the_whole(exercise, rating))
        if finding.letter in MONTHS_TO_MEND
    ]
    wanting.sort(key=lambda item: -list(Letter).index(item[1].letter or Letter.PERFORMED))
    owners = responsible(exercise)
    return tuple(
        Proposal(
            id=f"{exercise.id}-{number}",
            objective=objective,
            finding=finding,
            owner=owners[0].id if owners else "",
            due=due_after(ended_at, MONTHS_TO_MEND[finding.letter or Letter.UNABLE]),
        )
        for number, (objective, finding) in enumerate(wanting, 1)
    )


def _noted_on_the_whole(exercise: Exercise, rating: Rating) -> tuple[Finding, ...]:
    """What evaluators noted on an objective as a whole, as if it were a criterion of its own.

    Not what they noted on an earlier action: that stays open itself.
    """
    earlier = [action.id for action in exercise.corrective_actions]
    notes = tuple(note for note in rating.notes if not any(_names(note.text, name) for name in earlier))
    if not notes:
        return ()
    whole = Criterion(rating.objective.id, rating.objective.text, Measure.OBSERVED, None, None, None)
    return (Finding(whole, None, not_done=False, measured=None, notes=notes),)


def responsible(exercise: Exercise) -> list[Role]:
    """Who can be asked to mend something: co-ordinators, the host's first, else the training audience."""
    players = [role for role in exercise.roles if role.part is Part.PLAYER]
    chosen = [role for role in players if role.coordinator] or [r for r in players if r.training_audience]
    return sorted(chosen or players, key=lambda role: role.nation != exercise.host)


def due_after(ended_at: datetime, months: int) -> datetime:
    """So many months of 30 days later, at midnight."""
    day = ended_at + timedelta(days=30 * months)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def earlier_actions(exercise: Exercise, ratings: Sequence[Rating]) -> tuple[EarlierAction, ...]:
    """Corrective actions of earlier exercises with what closes them or leaves them open.

    A rated note that names the action's id decides; without one the criterion that it names. The rating of
    its objective only proposes.
    """
    by_objective = {rating.objective.id: rating for rating in ratings}
    by_criterion = {finding.criterion.id: finding for rating in ratings for finding in rating.findings}
    notes = [note for rating in ratings for note in _all_notes(rating) if note.letter is not None]
    notes.sort(key=lambda note: note.at)
    return tuple(
        EarlierAction(
            action,
            next((note for note in reversed(notes) if _names(note.text, action.id)), None),
            by_criterion.get(action.criterion or ""),
            by_objective.get(action.objective or ""),
        )
        for action in exercise.corrective_actions
    )


def _all_notes(rating: Rating) -> list[Note]:
    return [*rating.notes, *(note for finding in rating.findings for note in finding.notes)]


def _names(text: str, action: str) -> bool:
    """Whether a text names an action: CA-1 is not named by CA-10."""
    return re.search(rf"(?<![\w-]){re.escape(action)}(?![\w-])", text, re.ASCII) is not None
