"""From the schema to the domain types, with the checks that span several tables of an exercise file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sarex.case.danger import danger_area_of
from sarex.case.model import Case, DangerArea
from sarex.case.shares import check_names
from sarex.case.wording import shown
from sarex.errors import ExerciseError
from sarex.exercise.file.schema import ExerciseFile, ExerciseTable, SafetyTable, TruthTable
from sarex.exercise.file.translate_cases import (
    case_of,
    check_same_search,
    check_still_open,
    check_truth_time,
    check_window,
)
from sarex.exercise.file.translate_effects import Known
from sarex.exercise.file.translate_goals import corrective_actions_of, objectives_of
from sarex.exercise.file.translate_injects import due_times, injects_of
from sarex.exercise.file.translate_people import channels_of, forces_of, nations_of, roles_of
from sarex.exercise.file.translate_words import check_known, words_of
from sarex.exercise.model import DangerAreaOpens as Opens
from sarex.exercise.model import Exercise, Inject, Kind, Safety, TruthSettings, plain_word

LONGEST_EXERCISE = timedelta(days=14)


def exercise_of(file: ExerciseFile, base_dir: Path) -> Exercise:
    """The checked exercise.

    Raises:
        ExerciseError: what the file says is contradictory.
        CaseError: a danger area is none.
    """
    head, languages = file.exercise, _languages(file.exercise)
    _check_times(head)
    nations = nations_of(file.nation, languages)
    codes = [nation.code for nation in nations]
    check_known("exercise.host", head.host, codes, "not the code of a [[nation]]")
    roles = roles_of(file.role, codes, languages)
    objectives = objectives_of(file.objective, languages)
    due = due_times(file.inject, head.start, head.end)
    first, learnt = _cases(file, due, base_dir)
    forces = forces_of(file.force, {"exercise.case": first, **_named(learnt)}, codes, languages)
    areas = _areas(file, [first, *learnt.values()])
    injects = injects_of(
        file.inject,
        due,
        roles=roles,
        objectives=objectives,
        known=Known([force.unit for force in forces], areas, learnt),
        languages=languages,
    )
    _check_all_open_once(areas, injects)
    return Exercise(
        id=head.id,
        title=words_of("exercise.title", head.title, languages),
        kind=Kind(head.kind),
        host=head.host,
        start=head.start,
        end=head.end,
        seed=head.seed,
        case=first,
        truth=_truth(file.truth, head.end, languages),
        nations=nations,
        roles=roles,
        objectives=objectives,
        forces=forces,
        injects=injects,
        channels=channels_of(file.channel, roles, forces, languages),
        safety=_safety(file.safety, languages),
        languages=languages,
        corrective_actions=corrective_actions_of(file.corrective_action, objectives, languages),
    )


def _languages(head: ExerciseTable) -> tuple[str, ...]:
    if not head.languages:
        raise ExerciseError('exercise.languages is an empty list. Write for example languages = ["en"].')
    for language, count in Counter(head.languages).items():
        if count > 1:
            raise ExerciseError(
                f"exercise.languages lists {shown(language)} {count} times. Leave it out once."
            )
    return tuple(head.languages)


def _check_times(head: ExerciseTable) -> None:
    if head.end <= head.start:
        raise ExerciseError(
            f"exercise.end is {shown(head.end)}, not after exercise.start ({shown(head.start)}). "
            "Correct one of the two."
        )
    if head.end - head.start > LONGEST_EXERCISE:
        raise ExerciseError(
            f"exercise.end is {shown(head.end)}, more than {LONGEST_EXERCISE.days} days after exercise.start "
            f"({shown(head.start)}). Correct the date, or hold it in parts."
        )


def _cases(file: ExerciseFile, due: Mapping[str, datetime], base_dir: Path) -> tuple[Case, dict[str, Case]]:
    """The players' first case, and by inject those that they learn."""
    head = file.exercise
    first = case_of("exercise.case", head.case, base_dir)
    check_window("exercise.case", first, head.start, head.end)
    learnt: dict[str, Case] = {}
    for table in file.inject:
        if table.effect is None or table.effect.kind != "players-learn":
            continue
        where = f"inject {shown(table.id)}: effect.case"
        if table.effect.case is None:
            raise ExerciseError(
                f"{where} is missing; it is the case file that the players then have. Add it."
            )
        case = case_of(where, table.effect.case, base_dir)
        check_window(where, case, head.start, head.end)
        check_still_open(where, case, due[table.id])
        check_same_search(where, case, first)
        learnt[table.id] = case
    return first, learnt


def _named(learnt: Mapping[str, Case]) -> dict[str, Case]:
    """Where each is named, for sentences."""
    return {f"inject {shown(inject)}: effect.case": case for inject, case in learnt.items()}


def _areas(file: ExerciseFile, cases: Iterable[Case]) -> dict[str, DangerArea]:
    check_names("danger_area", (area.name for area in file.danger_area))
    areas = {table.name: danger_area_of(table) for table in file.danger_area}
    for case in cases:
        for area in case.danger_areas:
            if area.name in areas:
                raise ExerciseError(
                    f"danger_area {shown(area.name)}: name is that of a danger area of the case, "
                    "which the players "
                    "know already. Rename one, or leave it out of the case."
                )
    return areas


def _check_all_open_once(areas: Mapping[str, DangerArea], injects: Sequence[Inject]) -> None:
    opened = Counter(inject.effect.area.name for inject in injects if isinstance(inject.effect, Opens))
    for name in areas:
        if opened[name] == 0:
            raise ExerciseError(
                f"danger_area {shown(name)} is opened by no inject, so that nobody would ever "
                "learn of it. Give an "
                f'inject effect = {{ kind = "danger-area-opens", area = {shown(name)} }}, or '
                "put it into the case."
            )
        if opened[name] > 1:
            raise ExerciseError(
                f"danger_area {shown(name)} is opened by {opened[name]} injects. "
                "Leave the effect out of all but the first."
            )


def _truth(table: TruthTable, end: datetime, languages: Sequence[str]) -> TruthSettings:
    if (table.position is None) != (table.at is None):
        given, missing = ("position", "at") if table.at is None else ("at", "position")
        raise ExerciseError(
            f"truth.{missing} is missing; truth.{given} is given, and a drift begins at a place and a time. "
            "Give both, or neither to have them drawn from the players' scenarios."
        )
    if table.at is not None:
        check_truth_time(table.at, end)
    return TruthSettings(
        position=table.position,
        at=table.at,
        type_key=table.type,
        persons=table.persons,
        name=words_of("truth.name", table.name, languages),
    )


def _safety(table: SafetyTable, languages: Sequence[str]) -> Safety:
    said = {"no_play": table.no_play, "real_world": table.real_world, "end": table.end}
    for key, word in said.items():
        if not plain_word(word):
            raise ExerciseError(f"safety.{key} is {shown(word)}; a word of letters is expected. Write one.")
        for other, same in said.items():
            if key < other and plain_word(word) == plain_word(same):
                raise ExerciseError(
                    f"safety.{other} is {shown(same)}, as safety.{key} is; each word must mean one "
                    "thing only. "
                    "Change one of them."
                )
    briefing = words_of("safety.briefing", table.briefing, languages)
    return Safety(table.no_play, table.real_world, table.end, briefing)
