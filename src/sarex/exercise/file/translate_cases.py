"""The cases that an exercise names: what the players know at the alert, and what they learn later."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sarex.case import case_from_mapping, open_case
from sarex.case.model import Case
from sarex.case.wording import shown
from sarex.errors import CaseError, ExerciseError
from sarex.exercise.model import Exercise, PlayersLearn

LONGEST_DRIFT = timedelta(days=30)


def case_of(where: str, source: str | Mapping[str, Any], base_dir: Path) -> Case:
    """A case from the name of its file, or from a whole mapping as a log keeps it.

    Raises:
        ExerciseError: it cannot be opened, or is no exercise's.
    """
    try:
        case = (
            open_case(Path(base_dir, source))
            if isinstance(source, str)
            else case_from_mapping(source, base_dir=base_dir, name="the case kept")
        )
    except CaseError as wrong:
        raise ExerciseError(f"{where}: {wrong}") from None
    if not case.exercise:
        raise ExerciseError(
            f"{where}: case.exercise is false, which marks a REAL case; an exercise must not use one. "
            "Write exercise = true in the case file."
        )
    if case.runs_backward:
        raise ExerciseError(
            f"{where}: the case traces something found back; an exercise searches. Name a case with a search."
        )
    return case


def check_window(where: str, case: Case, start: datetime, end: datetime) -> None:
    """Ask that what the players search lies inside the exercise.

    Raises:
        ExerciseError: it does not.
    """
    if case.window.start < start or case.window.end > end:
        raise ExerciseError(
            f"{where}: search is from {shown(case.window.start)} to {shown(case.window.end)}, not inside the "
            f"exercise ({shown(start)} to {shown(end)}). Correct the window or the exercise's times."
        )


def check_still_open(where: str, case: Case, at: datetime) -> None:
    """Ask that a case that the players learn of can still be searched.

    Raises:
        ExerciseError: its window is over.
    """
    if case.window.end <= at:
        raise ExerciseError(
            f"{where}: search.end is {shown(case.window.end)}, not after the inject ({shown(at)}). "
            "Correct one of the two."
        )


def check_same_search(where: str, case: Case, first: Case) -> None:
    """Ask that a later case speaks of the same units and the same case number as the first.

    Raises:
        ExerciseError: it does not.
    """
    if case.id != first.id:
        raise ExerciseError(
            f"{where}: case.id is {shown(case.id)}, but the players' first case is "
            f"{shown(first.id)}; a better "
            "account of one case keeps its number. Write the same id in both case files."
        )
    said = {unit.name: unit for unit in first.units}
    for unit in case.units:
        if unit.name not in said:
            raise ExerciseError(
                f"{where}: unit {shown(unit.name)} is not in the players' first case; forces are the same "
                "throughout. Add it there with available_from, or leave it out here."
            )
        if (unit.nation, unit.kind) != (said[unit.name].nation, said[unit.name].kind):
            raise ExerciseError(
                f"{where}: unit {shown(unit.name)} is a {unit.kind.value} of {unit.nation}, but a "
                f"{said[unit.name].kind.value} of {said[unit.name].nation} in the players' first case. "
                "Write the same in both case files."
            )


def check_truth_time(at: datetime, end: datetime) -> None:
    """Ask that the object begins to drift before the exercise ends, and not so long ago that a date is wrong.

    Raises:
        ExerciseError: it does not.
    """
    if not end - LONGEST_DRIFT <= at < end:
        raise ExerciseError(
            f"truth.at is {shown(at)}; the object must begin to drift before EndEx "
            f"({shown(end)}) and at most "
            f"{LONGEST_DRIFT.days} days before. Correct the date."
        )


def check_seeds(exercise: Exercise) -> None:
    """Ask that players cannot draw the truth: they get their cases, with the seeds in them.

    Asked of files only: a log that was begun before this was asked still opens.

    Raises:
        ExerciseError: the exercise has the seed of one of its cases.
    """
    cases = {"exercise.case": exercise.case}
    for inject in exercise.injects:
        if isinstance(inject.effect, PlayersLearn):
            cases[f"inject {shown(inject.id)}: effect.case"] = inject.effect.case
    for where, case in cases.items():
        if case.seed == exercise.seed:
            raise ExerciseError(
                f"exercise.seed is {exercise.seed}, which is also the seed of the case file that {where} "
                "names (1 where none is written); players get that file, and could draw the truth and the "
                "crews from it. Give the exercise a seed of its own, of seven figures or more, and keep it."
            )
