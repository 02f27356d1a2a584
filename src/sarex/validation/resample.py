"""How far a mean may be off by chance when its values hang together in groups.

Hours of one track, tracks of one drifter and drifters launched together share the model's error; drawing
single values again would promise far too much. Groups are drawn again instead, whole: drifters, launch days,
or both at once, each value then counting (draws of its drifter) x (draws of its day). The last is
conservative: Owen (2007), The pigeonhole bootstrap, Ann. Appl. Stat. 1, 386.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.validation.model import Floats

REDRAWS = 2000
_ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


def group_numbers(names: Sequence[object]) -> NDArray[np.int64]:
    """Groups numbered from nought, (value,)."""
    known = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([known[name] for name in names], dtype=np.int64)


def draw_weights(groupings: Sequence[NDArray[np.int64]], generator: np.random.Generator) -> Floats:
    """How often each value counts in each redraw, (redraw, value).

    Args:
        groupings: one for each way in which values hang together, (value,) each.
    """
    weights = np.ones((REDRAWS, groupings[0].size))
    for numbers in groupings:
        count = int(numbers.max()) + 1
        drawn = generator.multinomial(count, np.full(count, 1.0 / count), size=REDRAWS)
        weights *= drawn[:, numbers]
    return weights


def estimate(values: Floats, weights: Floats) -> Estimate:
    """Mean of values with the percentile interval of the redraws; NaN values are left out."""
    known = np.isfinite(values)
    if not known.any():
        return Estimate(float("nan"), float("nan"), float("nan"))
    counted = weights[:, known]
    totals = counted.sum(axis=1)
    drawn = (counted @ values[known])[totals > 0] / totals[totals > 0]
    low, high = np.quantile(drawn, _ENDS)
    return Estimate(float(values[known].mean()), float(low), float(high))
