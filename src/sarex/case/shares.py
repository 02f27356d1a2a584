"""Names that tell entries apart, and weights that share one among them."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from sarex.case.wording import shown
from sarex.errors import CaseError

_ROUNDING = 1e-12


def check_names(table: str, names: Iterable[str]) -> None:
    """Ask that no two are alike.

    Raises:
        CaseError: some are.
    """
    for name, count in Counter(names).items():
        if count > 1:
            raise CaseError(
                f"{table} {shown(name)}: name is used {count} times; names tell them apart. Rename one."
            )


def shares(where: str, weights: Sequence[float | None]) -> list[float]:
    """Weights normalised to one; where none is given, all are alike.

    Raises:
        CaseError: they are given for some and not for others.
    """
    given = [weight for weight in weights if weight is not None]
    if given and len(given) < len(weights):
        raise CaseError(
            f"{where}: weight is given for {len(given)} of {len(weights)} entries. "
            "Give it for all or for none."
        )
    plain = given or [1.0] * len(weights)
    total = math.fsum(plain)
    return plain if abs(total - 1.0) <= _ROUNDING else [weight / total for weight in plain]
