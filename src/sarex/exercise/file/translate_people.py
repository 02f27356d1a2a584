"""Nations, roles, readiness of units, lines of communication: who plays an exercise, and with what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sarex.case.model import Case
from sarex.case.wording import shown, suggestion
from sarex.errors import ExerciseError
from sarex.exercise.file.schema import ChannelTable, ForceTable, NationTable, RoleTable
from sarex.exercise.file.translate_words import check_ids, check_known, words_of
from sarex.exercise.model import Channel, Force, Nation, Part, Role


def nations_of(tables: Sequence[NationTable], languages: Sequence[str]) -> tuple[Nation, ...]:
    """The nations.

    Raises:
        ExerciseError: none, one twice, or one that works in a language that the exercise is not held in.
    """
    if not tables:
        raise ExerciseError("nation is an empty list; somebody must take part. Add [[nation]] and its keys.")
    check_ids("nation", "code", (table.code for table in tables))
    for table in tables:
        check_known(
            f"nation {shown(table.code)}: language",
            table.language,
            languages,
            "not one of exercise.languages",
        )
    return tuple(
        Nation(
            code=table.code,
            name=words_of(f"nation {shown(table.code)}: name", table.name, languages),
            centre=words_of(f"nation {shown(table.code)}: centre", table.centre, languages),
            language=table.language,
        )
        for table in tables
    )


def roles_of(
    tables: Sequence[RoleTable], nations: Iterable[str], languages: Sequence[str]
) -> tuple[Role, ...]:
    """The roles; each nation has one player who co-ordinates its mission.

    Raises:
        ExerciseError: a role is there twice, belongs to an unknown nation, or a co-ordinator is missing.
    """
    codes = list(nations)
    check_ids("role", "id", (table.id for table in tables))
    roles = tuple(_role(table, codes, languages) for table in tables)
    for code in codes:
        _check_one_coordinator(code, roles)
    return roles


def _role(table: RoleTable, nations: Sequence[str], languages: Sequence[str]) -> Role:
    where = f"role {shown(table.id)}"
    if table.nation is not None:
        check_known(f"{where}: nation", table.nation, nations, "not the code of a [[nation]]")
    part = Part(table.part)
    if part is Part.PLAYER and table.nation is None:
        raise ExerciseError(
            f"{where}: nation is missing; a player plays for a nation. Write for example "
            f'nation = "{nations[0]}".'
        )
    if table.coordinator and part is not Part.PLAYER:
        raise ExerciseError(
            f"{where}: coordinator is true, but part is {shown(table.part)}; the mission is "
            "co-ordinated by a "
            'player. Write part = "player", or leave coordinator out.'
        )
    return Role(
        id=table.id,
        nation=table.nation,
        title=words_of(f"{where}: title", table.title, languages),
        part=part,
        training_audience=table.training_audience,
        coordinator=table.coordinator,
    )


def _check_one_coordinator(nation: str, roles: Sequence[Role]) -> None:
    found = [role.id for role in roles if role.coordinator and role.nation == nation]
    if not found:
        raise ExerciseError(
            f"role: no player of nation {shown(nation)} has coordinator = true; each nation has one mission "
            "co-ordinator. Add the line to one of its players."
        )
    if len(found) > 1:
        raise ExerciseError(
            f"role {shown(found[1])}: coordinator is true for {' and '.join(found)} of "
            f"nation {shown(nation)}; "
            "each nation has one mission co-ordinator. Leave it out of all but one."
        )


def forces_of(
    tables: Sequence[ForceTable], cases: Mapping[str, Case], nations: Sequence[str], languages: Sequence[str]
) -> tuple[Force, ...]:
    """How ready each unit of the cases is.

    Args:
        cases: where each case is named, for sentences, to the case.

    Raises:
        ExerciseError: a unit without a [[force]], a [[force]] without a unit, a unit of a nation that does
            not take part, nobody who lifts survivors.
    """
    check_ids("force", "unit", (table.unit for table in tables))
    units = {unit.name: where for where, case in cases.items() for unit in case.units}
    for table in tables:
        check_known(f"force {shown(table.unit)}: unit", table.unit, units, "not a unit of the case")
    for where, case in cases.items():
        _check_nations(where, case, nations)
    for name, where in units.items():
        if name not in {table.unit for table in tables}:
            raise ExerciseError(
                f"force: unit {shown(name)} of {where} has no [[force]]; each unit needs "
                "its readiness. "
                f"Add [[force]] with unit = {shown(name)}."
            )
    if not any(table.lifts for table in tables):
        raise ExerciseError(
            "force: lifts is true for no unit; nobody could take survivors on board. "
            "Write lifts = true where a unit can."
        )
    return tuple(_force(table, languages) for table in tables)


def _check_nations(where: str, case: Case, codes: Sequence[str]) -> None:
    for unit in case.units:
        if unit.nation not in codes:
            raise ExerciseError(
                f"{where}: unit {shown(unit.name)}: nation is {shown(unit.nation)}, which is "
                "not the code of a "
                f"[[nation]]. {suggestion(unit.nation, codes)}"
            )


def _force(table: ForceTable, languages: Sequence[str]) -> Force:
    return Force(
        unit=table.unit,
        ready_after=timedelta(minutes=table.ready_after_min),
        lifts=table.lifts,
        called=words_of(f"force {shown(table.unit)}: called", table.called, languages),
    )


def channels_of(
    tables: Sequence[ChannelTable], roles: Sequence[Role], forces: Sequence[Force], languages: Sequence[str]
) -> tuple[Channel, ...]:
    """The communications plan.

    Raises:
        ExerciseError: a line is between somebody unknown.
    """
    known = [*(role.id for role in roles), *(force.unit for force in forces)]
    for number, table in enumerate(tables, start=1):
        for party in table.between:
            check_known(f"channel {number}: between", party, known, "neither a role nor a unit")
    return tuple(
        Channel(
            purpose=words_of(f"channel {number}: purpose", table.purpose, languages),
            medium=table.medium,
            between=tuple(table.between),
        )
        for number, table in enumerate(tables, start=1)
    )
