"""Which unit of the case a track file speaks of."""

from collections.abc import Mapping, Sequence

from sarex.case.model import SearchUnit
from sarex.case.wording import suggestion
from sarex.errors import PlanError


def unit_named(given: str, units: Sequence[SearchUnit], where: str) -> SearchUnit:
    """The unit of that name, whatever its case and spacing.

    Raises:
        PlanError: the case has no such unit; the sentence suggests the nearest.
    """
    folded = _folded(given)
    for unit in units:
        if _folded(unit.name) == folded:
            return unit
    raise PlanError(
        f'{where} names the unit "{given}", which the case does not have. '
        f"{suggestion(given, [unit.name for unit in units])}"
    )


def unit_within(texts: Sequence[str], units: Sequence[SearchUnit]) -> SearchUnit | None:
    """The one unit whose name is, or stands within, one of the texts; None where none or several do."""
    for text in texts:
        folded = _folded(text)
        same = [unit for unit in units if _folded(unit.name) == folded]
        within = same or [unit for unit in units if f" {_folded(unit.name)} " in f" {folded} "]
        # "Helicopter 12" also holds "Helicopter"; the longest name is meant
        longest = max((len(unit.name) for unit in within), default=0)
        meant = [unit for unit in within if len(unit.name) == longest]
        if len(meant) == 1:
            return meant[0]
    return None


def ships_by_mmsi(given: Mapping[int, str], units: Sequence[SearchUnit], where: str) -> dict[int, SearchUnit]:
    """The unit behind each ship station identity.

    Raises:
        PlanError: a name is not that of a unit.
    """
    return {mmsi: unit_named(name, units, where) for mmsi, name in given.items()}


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())
