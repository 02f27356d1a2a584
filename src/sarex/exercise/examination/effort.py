"""How wide the crews of a random case must sweep for its plan to promise about what is wanted.

A sketch of the planning problem: the belief in the middle of the window as cells, the effort Z = sum of W v T
of the fleet spread over them in the best way for random search, POS = sum of p (1 - exp(-z / A)) (Stone 1975,
theorem 2.2.4, after Charnes & Cooper 1958). The widths that crews give are stretched until that POS is the
wanted one. Where the least width that makes sense promises more, the units come later instead. Plans then
promise somewhat more or less; what they promise is what is examined.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import hypot

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, SearchUnit
from sarex.clock import to_posix_s
from sarex.detection import sweep_width
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment import Environment
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION
from sarex.probability.map import smoothed_cells

Floats = NDArray[np.float64]

LEAST_STRETCH, MOST_STRETCH = 0.35, 12.0
LEAST_TIME = 0.03
"""Share of its time on scene that a unit keeps."""
_HALVINGS = 30


def with_fitted_widths(
    case: Case, environment: Environment, ensemble: DriftEnsemble, wanted_pos: float
) -> Case:
    """The case with the widths that crews give stretched alike, as far as sense allows."""
    column = int(np.argmin(np.abs(ensemble.times_s - sum(map(to_posix_s, _ends(case))) / 2)))
    afloat = ensemble.status[:, column] == Status.ACTIVE
    x_m, y_m = (values[afloat, column].astype(float) for values in (ensemble.x_m, ensemble.y_m))
    if not afloat.any():
        return case
    weight = ensemble.weight[afloat]
    _, _, spacing_m, poc = smoothed_cells(x_m, y_m, weight)
    density = np.sort(poc[poc > 0.0])[::-1]
    datum = float(np.average(x_m, weights=weight)), float(np.average(y_m, weights=weight))
    fixed_m2, given_m2 = _efforts_m2(case, environment, datum)

    def promises(time: float, stretch: float) -> float:
        return _pos(density, time * (fixed_m2 + stretch * given_m2) / spacing_m**2)

    if promises(1.0, LEAST_STRETCH) > wanted_pos:
        time = _where(lambda share: promises(share, LEAST_STRETCH) < wanted_pos, LEAST_TIME, 1.0)
        later_s = [(1.0 - time) * _on_scene_s(unit, case, environment, datum) for unit in case.units]
        units = zip(case.units, later_s, strict=True)
        return replace(case, units=tuple(_fitted(unit, LEAST_STRETCH, by_s, case) for unit, by_s in units))
    stretch = _where(lambda factor: promises(1.0, factor) < wanted_pos, LEAST_STRETCH, MOST_STRETCH)
    return replace(case, units=tuple(_fitted(unit, stretch, 0.0, case) for unit in case.units))


def _where(below: Callable[[float], bool], low: float, high: float) -> float:
    """Where a rising figure reaches what is wanted, on a logarithmic scale."""
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


def _pos(density: Floats, effort_cells: float) -> float:
    """Best POS of random search: cells by falling probability, effort in areas of a cell.

    With the first n cells searched each gets ln(p) - threshold, whose sum is the effort.
    """
    logs = np.log(density)
    count = np.arange(1, density.size + 1)
    threshold = (np.cumsum(logs) - effort_cells) / count
    searched = int(np.flatnonzero(logs >= threshold)[-1]) + 1
    return float(density[:searched].sum() - searched * np.exp(threshold[searched - 1]))


def _efforts_m2(case: Case, environment: Environment, datum: tuple[float, float]) -> tuple[float, float]:
    """Effort of the units that sweep as the tables say, and of those whose widths are stretched."""
    shares: dict[str, float] = {}
    for scenario in case.scenarios:
        for share in scenario.objects:
            shares[share.type_key] = shares.get(share.type_key, 0.0) + scenario.weight * share.weight
    wind_mps = float(np.nanmean(np.hypot(environment.wind.x_mps, environment.wind.y_mps)))
    efforts = [0.0, 0.0]
    for unit in case.units:
        width_m = sum(
            part * sweep_width(unit, key, case.conditions, wind_mps).width_m for key, part in shares.items()
        )
        swept_m2 = width_m * unit.search_speed_mps * _on_scene_s(unit, case, environment, datum)
        efforts[1 if unit.sweep_width_m else 0] += swept_m2
    return efforts[0], efforts[1]


def _on_scene_s(unit: SearchUnit, case: Case, environment: Environment, datum: tuple[float, float]) -> float:
    x_m, y_m = environment.frame.to_xy_m(unit.position.lon_deg, unit.position.lat_deg)
    way_s = hypot(float(x_m) - datum[0], float(y_m) - datum[1]) / unit.transit_speed_mps
    start_s, end_s = (to_posix_s(end) for end in _ends(case))
    departs_s = max(start_s, to_posix_s(unit.available_from))
    until_s = min(end_s, departs_s + SEARCH_ENDURANCE_FRACTION * unit.endurance_s - way_s)
    return max(0.0, until_s - departs_s - way_s)


def _fitted(unit: SearchUnit, stretch: float, later_s: float, case: Case) -> SearchUnit:
    """With other widths, and leaving later."""
    ready = max(unit.available_from, case.window.start)
    return replace(
        unit,
        sweep_width_m={key: stretch * width for key, width in unit.sweep_width_m.items()},
        available_from=ready + timedelta(seconds=later_s) if later_s else unit.available_from,
    )


def _ends(case: Case) -> tuple[datetime, datetime]:
    return case.window.start, case.window.end
