"""The master scenario events list: rows placed in time, checked, with their effects."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sarex.case.wording import shown
from sarex.errors import ExerciseError
from sarex.exercise.file.schema_inject import InjectTable
from sarex.exercise.file.translate_effects import Known, effect_of
from sarex.exercise.file.translate_goals import check_objective
from sarex.exercise.file.translate_words import check_ids, check_known, words_of
from sarex.exercise.model import Inject, Objective, Role


def injects_of(
    tables: Sequence[InjectTable],
    due: Mapping[str, datetime],
    *,
    roles: Sequence[Role],
    objectives: Sequence[Objective],
    known: Known,
    languages: Sequence[str],
) -> tuple[Inject, ...]:
    """The rows in order of time; those due together in the order of the file.

    Args:
        due: when each is due, from `due_times`.

    Raises:
        ExerciseError: one names something unknown, or there is no distress alert or more than one.
    """
    _check_one_alert(tables)
    injects = [_inject(table, due[table.id], roles, objectives, known, languages) for table in tables]
    return tuple(sorted(injects, key=lambda inject: inject.at))


def due_times(tables: Sequence[InjectTable], start: datetime, end: datetime) -> dict[str, datetime]:
    """When each row is due: at a time, so long after StartEx, or so long after another row.

    Raises:
        ExerciseError: rows follow each other in a circle, or one is due outside the exercise.
    """
    check_ids("inject", "id", (table.id for table in tables))
    by_id = {table.id: table for table in tables}
    for table in tables:
        _check_said_once(table, by_id)
    due = {table.id: _due(table, by_id, start) for table in tables}
    for name, at in due.items():
        _check_inside(name, at, start, end)
    return due


def _check_said_once(table: InjectTable, by_id: Mapping[str, InjectTable]) -> None:
    where = f"inject {shown(table.id)}"
    if table.at is None and table.after is None:
        raise ExerciseError(
            f'{where}: at is missing; it is when the inject is due. Write for example at = "T+00:20", or '
            'after = "I01" and delay_min = 15.'
        )
    if table.at is not None and (table.after is not None or table.delay_min is not None):
        key = "after" if table.after is not None else "delay_min"
        raise ExerciseError(f"{where}: at and {key} are both given; one of them is enough. Leave one out.")
    if table.after is not None:
        check_known(f"{where}: after", table.after, by_id, "not the id of an [[inject]]")
        if table.delay_min is None:
            raise ExerciseError(
                f"{where}: delay_min is missing; after needs the minutes that follow. "
                "Write for example delay_min = 15."
            )


def _due(table: InjectTable, by_id: Mapping[str, InjectTable], start: datetime) -> datetime:
    """Follows `after` from row to row until one says a time."""
    delay, passed = timedelta(), [table.id]
    while table.after is not None:
        delay += timedelta(minutes=table.delay_min or 0.0)
        if table.after in passed:
            circle = [*passed[passed.index(table.after) :], table.after]
            raise ExerciseError(
                f"inject {shown(circle[0])}: after goes round in a circle "
                f"({' after '.join(circle)}), so that none "
                "of them is ever due. Give one of them a time with at."
            )
        passed.append(table.after)
        table = by_id[table.after]
    return (start + table.at if isinstance(table.at, timedelta) else table.at or start) + delay


def _check_inside(name: str, at: datetime, start: datetime, end: datetime) -> None:
    if at < start:
        raise ExerciseError(
            f"inject {shown(name)}: at is {shown(at)}, before StartEx ({shown(start)}). "
            "Correct it or exercise.start."
        )
    if at > end:
        raise ExerciseError(
            f"inject {shown(name)}: at is {shown(at)}, after EndEx ({shown(end)}). Correct "
            "it or exercise.end."
        )


def _check_one_alert(tables: Sequence[InjectTable]) -> None:
    alerts = [table.id for table in tables if table.alert]
    if not alerts:
        raise ExerciseError(
            "inject: none has alert = true; all times count from the distress alert. "
            "Add the line to the inject that is it."
        )
    if len(alerts) > 1:
        raise ExerciseError(
            f"inject {shown(alerts[1])}: alert is true, as it is for {shown(alerts[0])} "
            "already; times count from "
            "one distress alert. Leave it out of all but the first."
        )


def _inject(
    table: InjectTable,
    at: datetime,
    roles: Sequence[Role],
    objectives: Sequence[Objective],
    known: Known,
    languages: Sequence[str],
) -> Inject:
    where, within = f"inject {shown(table.id)}", table.acknowledge_within_min
    _check_receivers(where, table, roles)
    check_known(f"{where}: language", table.language, languages, "not one of exercise.languages")
    check_objective(f"{where}: objective", table.objective, objectives)
    return Inject(
        id=table.id,
        at=at,
        storyline=table.storyline,
        sender=_sender(where, table, roles),
        to=tuple(table.to),
        medium=table.medium,
        language=table.language,
        text=words_of(f"{where}: text", table.text, languages),
        expected_action=words_of(f"{where}: expected_action", table.expected_action, languages),
        objective=table.objective,
        acknowledge_within=None if within is None else timedelta(minutes=within),
        effect=None if table.effect is None else effect_of(table.id, table.effect, at, known),
        alert=table.alert,
    )


def _sender(where: str, table: InjectTable, roles: Sequence[Role]) -> str:
    if table.sender is not None and table.from_outside is not None:
        raise ExerciseError(f"{where}: from and from_outside are both given. Leave one out.")
    if table.from_outside is not None:
        return table.from_outside
    if table.sender is None:
        raise ExerciseError(
            f"{where}: from is missing; it is the role that says it. Write for example "
            f'from = {shown(roles[0].id)}, or from_outside = "Ferry master" for somebody who is no role.'
        )
    check_known(
        f"{where}: from",
        table.sender,
        (role.id for role in roles),
        "not the id of a [[role]] (somebody outside the exercise is named with from_outside)",
    )
    return table.sender


def _check_receivers(where: str, table: InjectTable, roles: Sequence[Role]) -> None:
    if not table.to:
        raise ExerciseError(
            f"{where}: to is an empty list; an inject goes to somebody. Write for example "
            f"to = [{shown(roles[0].id)}]."
        )
    for receiver in table.to:
        check_known(f"{where}: to", receiver, (role.id for role in roles), "not the id of a [[role]]")
