"""What `[environment]` says: one forcing, or several members that may be right."""

from dataclasses import replace
from pathlib import Path

from sarex.case.forcing_choice import forcing_choices
from sarex.case.model import ForcingChoices, ForcingFile, ForcingPreference, MemberForcing
from sarex.case.schema import EnvironmentTable, ForcingTables, MemberTable
from sarex.case.shares import check_names, shares
from sarex.case.wording import shown
from sarex.errors import CaseError

_WHERE = "environment"
_REQUIRED = ("current", "wind")


def forcing_of(table: EnvironmentTable, base_dir: Path) -> ForcingPreference:
    """The members of the forcing.

    Raises:
        CaseError: a member lacks current or wind, or what is listed is no source.
    """
    shared = _given(_WHERE, table, base_dir)
    if table.member is not None:
        return _members(table, table.member, shared, base_dir)
    for quantity in _REQUIRED:
        if quantity not in shared:
            raise CaseError(
                f"{_WHERE}.{quantity} is missing; it is where the {quantity} comes from. "
                f'Write for example {quantity} = ["{quantity}.nc"].'
            )
    if table.realizations is not None:
        return _realizations(table.realizations, shared)
    return ForcingPreference.single(shared["current"], shared["wind"], shared.get("stokes", ()))


def _given(where: str, table: ForcingTables, base_dir: Path) -> dict[str, ForcingChoices]:
    entries = {"current": table.current, "wind": table.wind, "stokes": table.stokes}
    return {
        quantity: forcing_choices(where, quantity, listed, base_dir)
        for quantity, listed in entries.items()
        if listed is not None
    }


def _members(
    table: EnvironmentTable, listed: list[MemberTable], shared: dict[str, ForcingChoices], base_dir: Path
) -> ForcingPreference:
    if table.realizations is not None:
        raise CaseError(
            f"{_WHERE}.realizations is given beside [[environment.member]]; both say which members there "
            "are. Keep one of them; a member may name { file = ..., realization = 3 }."
        )
    if not listed:
        raise CaseError(f"{_WHERE}.member is an empty list. Add [[environment.member]], or leave it out.")
    names = [member.name or f"member {number}" for number, member in enumerate(listed, start=1)]
    check_names(f"{_WHERE}.member", names)
    weights = shares(f"{_WHERE}.member", [member.weight for member in listed])
    own = [
        _given(f"{_WHERE}.member {shown(name)}", member, base_dir)
        for name, member in zip(names, listed, strict=True)
    ]
    _check_shared_is_used(own, shared)
    return ForcingPreference(
        tuple(
            _member(name, weight, shared | given)
            for name, weight, given in zip(names, weights, own, strict=True)
        )
    )


def _check_shared_is_used(own: list[dict[str, ForcingChoices]], shared: dict[str, ForcingChoices]) -> None:
    for quantity in shared:
        if all(quantity in given for given in own):
            raise CaseError(
                f"{_WHERE}.{quantity} is given, but every member has its own; none would use it. Remove it."
            )


def _member(name: str, weight: float, forcing: dict[str, ForcingChoices]) -> MemberForcing:
    for quantity in _REQUIRED:
        if quantity not in forcing:
            raise CaseError(
                f"{_WHERE}.member {shown(name)}: {quantity} is missing, and [environment] gives none for all "
                "members. Add it in one of the two places."
            )
    return MemberForcing(name, weight, forcing["current"], forcing["wind"], forcing.get("stokes", ()))


def _realizations(count: int, shared: dict[str, ForcingChoices]) -> ForcingPreference:
    if not any(
        isinstance(choice, ForcingFile) and choice.realization is None
        for choices in shared.values()
        for choice in choices
    ):
        raise CaseError(
            f"{_WHERE}.realizations is {count}, but no file is listed whose realization is open. "
            "Name the ensemble's file, or remove realizations."
        )
    return ForcingPreference(
        tuple(
            _member(
                f"realization {number}",
                1.0 / count,
                {quantity: _at(choices, number) for quantity, choices in shared.items()},
            )
            for number in range(count)
        )
    )


def _at(choices: ForcingChoices, number: int) -> ForcingChoices:
    return tuple(
        replace(choice, realization=number, if_any=True)
        if isinstance(choice, ForcingFile) and choice.realization is None
        else choice
        for choice in choices
    )
