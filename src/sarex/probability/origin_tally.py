"""Counting a backward drift piece by piece, in bounded memory: bins, weights, and points for the maps."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.drift.backward import (
    OriginBins,
    OriginRule,
    bins_by_scenario,
    landing_is_impossible,
    origin_weight,
)
from sarex.drift.ensemble import DriftEnsemble
from sarex.drift.origins import Origins
from sarex.errors import CaseError
from sarex.geo import LocalFrame
from sarex.probability.origin import OriginPoints

MOST_POINTS = 3_000_000
"""Possible beginnings that maps are drawn from; of more, evenly chosen ones stand for all."""

Floats = NDArray[np.float64]


@dataclass
class OriginTally:
    """What is known of a backward drift when all its pieces have been counted, each once."""

    rule: OriginRule
    origins: Origins
    times_s: Floats
    most_points: int = MOST_POINTS
    _impossible: NDArray[np.bool_] = field(init=False)
    _bins: Floats = field(init=False)
    _points: list[tuple[NDArray[Any], ...]] = field(init=False, default_factory=list)
    """Columns of `OriginPoints`, the scenario before the last, piece by piece."""

    def __post_init__(self) -> None:
        self._impossible = np.zeros(self.origins.weight.size, dtype=bool)
        self._bins = np.zeros((len(self.rule.share), 3))

    def count(self, stretch: slice, part: DriftEnsemble) -> None:
        """Count the particles whose numbers are `stretch`."""
        impossible = landing_is_impossible(self.rule, part.scenario, part.status)
        weight = np.where(impossible, 0.0, part.weight)
        self._impossible[stretch] = impossible
        self._bins += bins_by_scenario(self.rule, part.scenario, part.status, weight)
        held = origin_weight(self.rule, part.scenario, part.status, weight)
        # particle number and instant together, so that every instant has its turn
        span = self.rule.in_span
        number = np.arange(stretch.start, stretch.stop)[:, np.newaxis] + np.arange(self.times_s.size)
        rows, columns = np.nonzero((number % self._one_in(span) == 0) & (held > 0.0))
        self._points.append(
            (
                part.x_m[rows, columns],
                part.y_m[rows, columns],
                self.times_s[columns],
                held[rows, columns],
                part.scenario[rows],
                rows + stretch.start,
            )
        )

    def _one_in(self, span: slice) -> int:
        beginnings = int(self.origins.weight.size) * int(span.stop - span.start)
        return -(-beginnings // self.most_points)

    @property
    def _factor(self) -> Floats:
        """By which the possible histories of each scenario stand for the impossible ones."""
        scenario, weight = self.origins.scenario, self.origins.weight
        whole = np.bincount(scenario, weight, len(self.rule.share))
        possible = np.bincount(scenario, np.where(self._impossible, 0.0, weight), len(self.rule.share))
        return np.divide(whole, possible, where=possible > 0.0, out=np.zeros(whole.size))

    def bins(self, case: Case) -> OriginBins:
        """What has become of the probability.

        Raises:
            CaseError: a find can have come ashore by no history, or nothing began afloat in the span.
        """
        for scenario, factor in zip(case.scenarios, self._factor, strict=True):
            if factor == 0.0:
                raise CaseError(
                    f'scenario "{scenario.name}": found lies on a shore from which wind and current drive '
                    "everything away at that time; nothing can have landed there. Correct position, "
                    "time or objects, or enlarge error_nm."
                )
        began, shore, outside = (float(value) for value in self._factor @ self._bins)
        if began <= 0.0:
            raise CaseError(
                f"found: no part of it can have begun afloat between from and until; going back, {shore:.0%} "
                f"comes from the shore and {outside:.0%} from outside the forcing. "
                "Bring from and until nearer to the find, or give forcing of a larger area."
            )
        return OriginBins(began, shore, outside)

    def weigh(self, stretch: slice, status: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Weights (particle) and origin weights (particle, time) of some particles, for the file."""
        scenario = self.origins.scenario[stretch]
        weight = np.where(self._impossible[stretch], 0.0, self.origins.weight[stretch])
        weight = weight * self._factor[scenario]
        return weight, origin_weight(self.rule, scenario, status, weight)

    def points(self, frame: LocalFrame) -> OriginPoints:
        """Possible beginnings; their weights sum to the bin `began_afloat`."""
        columns = zip(*self._points, strict=True)
        x_m, y_m, at_s, weight, scenario, trajectory = (np.concatenate(column) for column in columns)
        weight = weight * self._factor[scenario]
        began = float(self._factor @ self._bins[:, 0])
        return OriginPoints(frame, x_m, y_m, at_s, weight * (began / weight.sum()), trajectory)
