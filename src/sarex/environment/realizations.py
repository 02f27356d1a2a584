"""Members of an ensemble that a case asks for must be in its files: without them all would be the same."""

from sarex.case.model import ForcingFile, MemberForcing
from sarex.environment.dataset import ForcingDataset, open_forcing
from sarex.environment.levels import counts_members
from sarex.environment.quantities import CURRENT, STOKES, WIND, Quantity
from sarex.errors import ForcingError


def open_realization(choice: ForcingFile, quantity: Quantity) -> ForcingDataset:
    """Open a file at the ensemble member that the case names. The caller closes its `dataset`.

    Raises:
        ForcingError: it cannot be used, or has no such member.
    """
    forcing = open_forcing(choice.location, quantity, choice.realization)
    if choice.realization is None or choice.if_any or has_realizations(forcing):
        return forcing
    forcing.dataset.close()
    raise ForcingError(
        f"{forcing.label}: realization = {choice.realization} is asked for, but the {quantity.name} in this "
        "file has no ensemble members. Remove realization, or name the ensemble's file."
    )


def check_realizations(members: tuple[MemberForcing, ...]) -> None:
    """Ask that `realizations = N` finds N members in one of its files at least, before any is read.

    All members made by it list the same files, so the last is looked at for all.

    Raises:
        ForcingError: no file has ensemble members, or one has fewer.
    """
    last = members[-1]
    shared = [
        (choice, quantity)
        for quantity, choices in ((CURRENT, last.current), (WIND, last.wind), (STOKES, last.stokes))
        for choice in choices
        if isinstance(choice, ForcingFile) and choice.if_any
    ]
    labels: list[str] = []
    found = False
    for choice, quantity in shared:
        forcing = open_realization(choice, quantity)
        found |= has_realizations(forcing)
        labels.append(forcing.label)
        forcing.dataset.close()
    if shared and not found:
        raise ForcingError(
            f"{', '.join(dict.fromkeys(labels))}: environment.realizations is {len(members)}, but no file "
            "listed has ensemble members; all would be the same. Remove realizations, or name the "
            "ensemble's file."
        )


def has_realizations(forcing: ForcingDataset) -> bool:
    """Whether the quantity has a dimension of ensemble members, be it of one."""
    return any(counts_members(forcing.dataset, dim) for dim in forcing.fixed)
