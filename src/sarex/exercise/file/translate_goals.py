"""Objectives with their evaluation guide, and what earlier exercises left to do."""

from collections.abc import Sequence

from sarex.case.wording import shown
from sarex.errors import ExerciseError
from sarex.exercise.file.schema import CorrectiveActionTable, CriterionTable, ObjectiveTable
from sarex.exercise.file.translate_words import check_ids, check_known, words_of
from sarex.exercise.model import CorrectiveAction, Criterion, Measure, Objective

_THRESHOLDS = ("performed", "some_challenges", "major_challenges")


def objectives_of(tables: Sequence[ObjectiveTable], languages: Sequence[str]) -> tuple[Objective, ...]:
    """The objectives.

    Raises:
        ExerciseError: none, one twice, one without criteria, or thresholds that cannot be met in order.
    """
    if not tables:
        raise ExerciseError(
            "objective is an empty list; an exercise practises something. Add [[objective]] and its keys."
        )
    check_ids("objective", "id", (table.id for table in tables))
    check_ids("objective criterion", "id", (line.id for table in tables for line in table.criterion))
    return tuple(_objective(table, languages) for table in tables)


def _objective(table: ObjectiveTable, languages: Sequence[str]) -> Objective:
    where = f"objective {shown(table.id)}"
    if not table.criterion:
        raise ExerciseError(
            f"{where}: criterion is an empty list; an objective is judged by something. "
            "Add [[objective.criterion]] below it."
        )
    return Objective(
        id=table.id,
        text=words_of(f"{where}: text", table.text, languages),
        criteria=tuple(
            _criterion(f"{where}: criterion {shown(line.id)}", line, languages) for line in table.criterion
        ),
    )


def _criterion(where: str, table: CriterionTable, languages: Sequence[str]) -> Criterion:
    measure = Measure(table.measure)
    thresholds = (table.performed, table.some_challenges, table.major_challenges)
    if measure is Measure.OBSERVED:
        _check_none(where, thresholds)
    else:
        _check_order(where, measure, thresholds)
    return Criterion(table.id, words_of(f"{where}: text", table.text, languages), measure, *thresholds)


def _check_none(where: str, thresholds: Sequence[float | None]) -> None:
    for key, value in zip(_THRESHOLDS, thresholds, strict=True):
        if value is not None:
            raise ExerciseError(
                f'{where}: {key} is {shown(value)}, but measure is "observed", which an '
                "evaluator rates without "
                "thresholds. Leave it out, or name a measure that the log can take."
            )


def _check_order(where: str, measure: Measure, thresholds: Sequence[float | None]) -> None:
    """P must not be easier to reach than S, nor S than M."""
    for key, value in zip(_THRESHOLDS, thresholds, strict=True):
        if value is None:
            raise ExerciseError(
                f'{where}: {key} is missing; measure "{measure.value}" needs '
                f"{', '.join(_THRESHOLDS)}. Add it."
            )
    given = [value for value in thresholds if value is not None]
    if given != sorted(given, reverse=not measure.less_is_better):
        better, way = ("less", "rise") if measure.less_is_better else ("more", "fall")
        raise ExerciseError(
            f"{where}: performed, some_challenges and major_challenges are {', '.join(map(shown, given))}; "
            f'{better} is better in "{measure.value}", so that they must {way} in this '
            "order. Put them in order."
        )


def corrective_actions_of(
    tables: Sequence[CorrectiveActionTable], objectives: Sequence[Objective], languages: Sequence[str]
) -> tuple[CorrectiveAction, ...]:
    """What earlier exercises left to do.

    Raises:
        ExerciseError: one is there twice, or names an unknown objective.
    """
    check_ids("corrective_action", "id", (table.id for table in tables))
    for table in tables:
        check_objective(f"corrective_action {shown(table.id)}: objective", table.objective, objectives)
        _check_tested(table, objectives)
    return tuple(
        CorrectiveAction(
            id=table.id,
            text=words_of(f"corrective_action {shown(table.id)}: text", table.text, languages),
            owner=table.owner,
            due=table.due,
            objective=table.objective,
            criterion=table.criterion,
        )
        for table in tables
    )


def _check_tested(table: CorrectiveActionTable, objectives: Sequence[Objective]) -> None:
    """Ask that the criterion that tests an action is there, below the action's objective."""
    if table.criterion is None:
        return
    where = f"corrective_action {shown(table.id)}: criterion"
    known = [
        criterion.id
        for objective in objectives
        if table.objective in (None, objective.id)
        for criterion in objective.criteria
    ]
    below = "" if table.objective is None else f" below objective {shown(table.objective)}"
    check_known(where, table.criterion, known, f"not the id of an [[objective.criterion]]{below}")


def check_objective(where: str, given: str | None, objectives: Sequence[Objective]) -> None:
    """Ask that an objective that is named is there.

    Raises:
        ExerciseError: it is not.
    """
    if given is not None:
        check_known(
            where, given, (objective.id for objective in objectives), "not the id of an [[objective]]"
        )
