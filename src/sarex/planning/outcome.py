"""When a plan finds what it finds, and how likely the people then live.

The plan's searching is cut at the instants of the particles' time axis. In an interval k particle p is found
with exp(-E) (1 - exp(-e)), E its exposure before the interval and e in it; that the people then live is
taken at the middle of the interval. Memory goes with the number of particles, not with their time axis.

People who float upright in a raft or a boat are taken to live through the window: only time in the water
counts, from the beginning of the drift for persons in the water and from capsizing for what capsized.
Finding is taken as rescuing: recovery after the find is not modelled.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, Objective
from sarex.clock import to_posix_s
from sarex.detection.survival import SurvivalCurve, SurvivalModel, survival_curve, wear_of
from sarex.errors import CaseError
from sarex.kernels import outcome as kernel
from sarex.kernels.exposure import BLOCK
from sarex.planning.model import AliveFigure, Outcome
from sarex.planning.waters import Waters
from sarex.workers import cores

PLANNING_MODEL = SurvivalModel.UK_SURVEY
"""Counted among people who really were in the water; the only one that tells with and without buoyancy."""
_PARTS = 8
"""Of the particles, reckoned side by side: always so many, so that sums do not depend on the cores."""
WORTH_AT_THE_END = 0.5
"""Under `Objective.SOONEST` a find at the end of the window is worth half of one at its start."""
NO_TEMPERATURE = (
    "The temperature of the water is not known, so nothing is said of who is still alive. "
    "Give water_temperature_c under [conditions]."
)


@dataclass(frozen=True)
class Search:
    """What one unit does to the particles."""

    legs: NDArray[np.float64]
    """Searching legs: x, y of start and end, start and end time, (leg, 6+)."""
    width_m: NDArray[np.float32]
    """Sweep width against each particle, (particle,)."""


@dataclass(frozen=True)
class Glance:
    """Exposure that comes at one instant, such as a satellite's look."""

    at_s: float
    exposure: NDArray[np.floating[Any]]
    """(particle,)"""


def expected_outcome(
    case: Case, waters: Waters, searches: Sequence[Search], glances: Sequence[Glance] = ()
) -> tuple[Outcome, NDArray[np.float32]]:
    """The outcome of searches on the particles of a window, with every survival model.

    Returns:
        The outcome, and the exposure of every particle to each search without any limit of reach (search,
        particle), without `glances`.
    """
    models = tuple(SurvivalModel) if case.conditions.water_temperature_degc is not None else ()
    curves = [curves_of(case, model) for model in models]
    rows = _rows(curves, len(case.object_types))
    totals, exposures = _found_in_intervals(waters, searches, glances, rows)
    # running sums: a sum per interval and a sum of sums would round the two apart
    found = np.cumsum(np.vstack([np.zeros_like(totals[:1]), totals]), axis=0)
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    median_s, mean_s = _times_to_find(waters.times_s - window_s[0], found[:, 0])
    outcome = Outcome(
        pos=float(found[-1, 0]),
        alive=tuple(
            AliveFigure(model, curve[0].verification, float(alive), _all_remarks(curve))
            for model, curve, alive in zip(models, curves, found[-1, 1:], strict=True)
        ),
        times_s=waters.times_s,
        found_by=found[:, 0],
        median_time_s=median_s,
        mean_time_s=mean_s,
        anybody_in_water=bool((waters.in_water_from_s < window_s[1]).any()),
    )
    return outcome, exposures


def worth_in_time(waters: Waters, case: Case) -> NDArray[np.float32] | None:
    """What finding each particle in each interval is worth under the case's objective.

    Returns:
        (interval, particle), between 0 and 1; None where every find is worth 1 (`Objective.POS`).

    Raises:
        CaseError: the objective is to find people alive and the temperature of the water is not given.
    """
    middles_s = waters.times_s[:-1] + 0.5 * waters.step_s
    match case.objective:
        case Objective.POS:
            return None
        case Objective.SOONEST:
            worth = _worth_of_soon(middles_s, to_posix_s(case.window.start), to_posix_s(case.window.end))
            return np.repeat(worth[:, np.newaxis], waters.weight.size, axis=1)
        case Objective.ALIVE:
            if case.conditions.water_temperature_degc is None:
                raise CaseError(
                    'objective is "alive", but the temperature of the water is not given. '
                    "Give water_temperature_c under [conditions], or choose another objective."
                )
            (rows,) = _rows([curves_of(case, PLANNING_MODEL)], len(case.object_types))
            alive: NDArray[np.float32] = kernel.alive_table(
                middles_s, waters.in_water_from_s, waters.object_type, rows
            )
            return alive


def _worth_of_soon(middles_s: NDArray[np.float64], start_s: float, end_s: float) -> NDArray[np.float32]:
    passed = np.clip((middles_s - start_s) / (end_s - start_s), 0.0, 1.0)
    return np.asarray(1.0 - (1.0 - WORTH_AT_THE_END) * passed, dtype=np.float32)


def curves_of(case: Case, model: SurvivalModel) -> tuple[SurvivalCurve, ...]:
    """The survival curve of a model for the people of each object type of a case."""
    temperature_degc = case.conditions.water_temperature_degc
    if temperature_degc is None:
        raise ValueError("the temperature of the water is not known")
    worn = case.conditions.flotation_device_worn
    return tuple(
        survival_curve(model, temperature_degc, wear_of(key, flotation_device_worn=worn))
        for key in case.object_types
    )


def _rows(curves: Sequence[tuple[SurvivalCurve, ...]], types: int) -> NDArray[np.float64]:
    """(model, type, 4), also where there is no model."""
    return np.array([[curve.row for curve in of_model] for of_model in curves]).reshape(-1, types, 4)


def _all_remarks(curves: tuple[SurvivalCurve, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remark for curve in curves for remark in curve.remarks))


def _found_in_intervals(
    waters: Waters, searches: Sequence[Search], glances: Sequence[Glance], rows: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """What each interval finds, and how much of it is alive by each model, (interval, 1 + model).

    And the exposures of all intervals together, (search, particle).
    """
    exposures = np.zeros((len(searches), waters.weight.size), np.float32)
    blocks = np.array_split(np.arange(waters.bounds.shape[0]), _PARTS)
    parts = [slice(of[0] * BLOCK, (of[-1] + 1) * BLOCK) for of in blocks if of.size]

    def of_part(part: slice) -> NDArray[np.float64]:
        return _found_in_part(waters, part, searches, glances, rows, exposures[:, part])

    with ThreadPoolExecutor(cores()) as executor:
        totals = list(executor.map(of_part, parts))
    return np.sum(totals, axis=0), exposures


def _found_in_part(
    waters: Waters,
    part: slice,
    searches: Sequence[Search],
    glances: Sequence[Glance],
    rows: NDArray[np.float64],
    exposures: NDArray[np.float32],
) -> NDArray[np.float64]:
    """The same on some of the particles, which begin and end with blocks; adds to `exposures`."""
    weight, in_water_from_s = waters.weight[part], waters.in_water_from_s[part]
    exposed = np.zeros(weight.size)
    totals = np.zeros((waters.x_m.shape[0] - 1, 1 + rows.shape[0]))
    for k in range(totals.shape[0]):
        total = _glanced_in(waters, k, part, glances)
        for number, exposure in _exposures_in(waters, k, part, searches):
            total += exposure
            exposures[number] += exposure
        totals[k] = kernel.reap(
            total,
            exposed,
            weight,
            waters.start_s + (k + 0.5) * waters.step_s,
            in_water_from_s,
            waters.object_type[part],
            rows,
        )
    return totals


def _glanced_in(waters: Waters, k: int, part: slice, glances: Sequence[Glance]) -> NDArray[np.float64]:
    """Exposure of some particles to the looks of one interval, (particle,)."""
    start_s = waters.start_s + k * waters.step_s
    end_s = start_s + waters.step_s
    last = k == waters.x_m.shape[0] - 2
    total = np.zeros(waters.weight[part].size)
    for glance in glances:
        if start_s <= glance.at_s < end_s or (last and glance.at_s == end_s):
            total += glance.exposure[part]
    return total


def _exposures_in(
    waters: Waters, k: int, part: slice, searches: Sequence[Search]
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Of those who search in one interval the number and the exposure of some particles, (particle,)."""
    start_s = waters.start_s + k * waters.step_s
    interval = _interval(waters, k, part)
    for number, search in enumerate(searches):
        active = search.legs[(search.legs[:, 4] < start_s + waters.step_s) & (search.legs[:, 5] > start_s)]
        if active.size:
            yield number, interval.exposures(active, search.width_m[part], 0.0)


def _interval(waters: Waters, k: int, part: slice) -> Waters:
    """Some particles, which begin and end with blocks, between two neighbouring instants."""
    instants, blocks = slice(k, k + 2), slice(part.start // BLOCK, part.stop // BLOCK)
    return replace(
        waters,
        start_s=waters.start_s + k * waters.step_s,
        x_m=np.ascontiguousarray(waters.x_m[instants, part]),
        y_m=np.ascontiguousarray(waters.y_m[instants, part]),
        afloat=np.ascontiguousarray(waters.afloat[instants, part]),
        weight=waters.weight[part],
        bounds=np.ascontiguousarray(waters.bounds[blocks, k : k + 1]),
    )


def _times_to_find(
    after_s: NDArray[np.float64], found_by: NDArray[np.float64]
) -> tuple[float | None, float | None]:
    """Median and mean time of the find, evenly spread within each interval; nothing is found before zero."""
    if found_by[-1] <= 0.0:
        return None, None
    after_s = np.maximum(after_s, 0.0)
    k = int(np.searchsorted(found_by, 0.5 * found_by[-1]))
    share = (0.5 * found_by[-1] - found_by[k - 1]) / (found_by[k] - found_by[k - 1])
    median_s = after_s[k - 1] + share * (after_s[k] - after_s[k - 1])
    mean_s = np.sum(np.diff(found_by) * 0.5 * (after_s[1:] + after_s[:-1])) / found_by[-1]
    return float(median_s), float(mean_s)
