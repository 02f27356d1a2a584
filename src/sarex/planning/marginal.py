"""What more of a unit would be worth: one more hour of it, and one more unit like it.

Both by evaluation, on top of the plan as it stands, whose units stay where they are:

- *another hour* is one hour of the unit's searching (its speed, sweep widths and turns) at the end of its
  time on scene, or before the window's end if that comes sooner, laid as a parallel sweep where it adds most;
- *another unit* is a second unit of the same kind at the same place and time, with its own way out and home,
  kept from nobody's area (it would be given a height of its own).

The place of an hour is looked for with some ninety tries, that of a unit by a short run of the search that
makes plans (`fleet_search`), so each value is what was found, a lower bound of the best. Tries are compared
on every other particle and the value is told on the rest, so that the choice of the best of many earns
nothing. Neither is the gradient of the relaxation (`relaxation`), which asks what an hour would be worth if
all effort could be shared out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, floor, pi

import numpy as np
from numpy.typing import NDArray

from sarex.kernels import pattern as kernel
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.figures import exposure_of, searching_legs, widths_by_type_m
from sarex.planning.fleet_search import Effort, SearchTask, search_fleet
from sarex.planning.live import crew_flying
from sarex.planning.model import UnitPlan, Worth
from sarex.planning.passage import Point
from sarex.planning.waters import Waters, joint_and_marginal
from sarex.randomness import child_generator, child_seed
from sarex.units import HOUR_S

MOST_PARTICLES = 20_000
"""Tries are compared on no more than so many."""
MOST_RUNGS = 200
DRAWN, MOVED = 60, 30
"""Tries for an hour: drawn afresh, and moves of the best."""
COVERAGES = (0.35, 0.5, 0.7, 1.0, 1.4)
LARGEST_STEP, SMALLEST_STEP = 0.5, 0.05
"""Of a patch's own size, from the first move to the last."""
ONE_MORE = Effort(lines=1, tries=60, rounds=4, moves=15, shakes=0, polish=2, particles=3000)
"""For the place of another unit."""


@dataclass(frozen=True)
class _Halves:
    """Particles to choose on and others to tell by, each with the weight still missed."""

    choosing: Waters
    choosing_missed: NDArray[np.float64]
    telling: Waters
    telling_missed: NDArray[np.float64]


def worth_of_units(
    unit_plans: Sequence[UnitPlan],
    crews: Sequence[Crew],
    waters: Waters,
    drift: DatumDrift,
    object_types: Sequence[str],
    seed: int,
    *,
    before: NDArray[np.float64] | None = None,
) -> tuple[Worth, ...]:
    """For each unit plan, what it adds and what more of it would.

    Args:
        waters: the reported draw.
        before: exposure to what no unit does, (particle,).
    """
    exposures = [exposure_of(plan, waters, object_types) for plan in unit_plans]
    nothing = np.zeros(waters.weight.size) if before is None else before
    _, adds = joint_and_marginal(waters, exposures, nothing)
    total = np.sum(exposures, axis=0, dtype=np.float64) if exposures else np.zeros(waters.weight.size)
    halves = _halves(waters, waters.weight * np.exp(-nothing - total))
    worths = []
    for number, (plan, added) in enumerate(zip(unit_plans, adds, strict=True)):
        random = child_generator(seed, "worth", plan.unit.name, str(number))
        hour = _another_hour(plan, halves, drift, object_types, random)
        crew = crew_flying(plan, crews)
        unit_seed = child_seed(seed, "worth of a unit", plan.unit.name, str(number))
        unit = 0.0 if crew is None else _another_unit(crew, halves, drift, unit_seed)
        worths.append(Worth(added, hour, unit))
    return tuple(worths)


def _halves(waters: Waters, missed: NDArray[np.float64]) -> _Halves:
    every = max(2, -(-waters.weight.size // MOST_PARTICLES))
    parts = []
    for offset in (0, 1):
        part = waters.thinned(every, offset)
        own = missed[offset::every] * (part.weight / np.maximum(waters.weight[offset::every], 1e-300))
        parts.append((part, np.ascontiguousarray(own)))
    return _Halves(*parts[0], *parts[1])


def _another_unit(crew: Crew, halves: _Halves, drift: DatumDrift, seed: int) -> float:
    if not halves.choosing_missed.any():
        return 0.0
    waters = replace(halves.choosing, weight=halves.choosing_missed)
    (track,) = search_fleet(SearchTask((crew,), waters, drift, seed), ONE_MORE).tracks
    if track is None:
        return 0.0
    return halves.telling.gain(track.searching, halves.telling.widths(crew.width_m), halves.telling_missed)


def _somewhere(
    waters: Waters, missed: NDArray[np.float64], column: int, random: np.random.Generator
) -> Point:
    """Where a particle that is likely still missed is at an instant of the window."""
    total = np.cumsum(missed)
    chosen = min(int(np.searchsorted(total, random.random() * total[-1])), missed.size - 1)
    return float(waters.x_m[column, chosen]), float(waters.y_m[column, chosen])


@dataclass(frozen=True)
class _Patch:
    """An hour's parallel sweep."""

    x_m: float
    y_m: float
    heading_rad: float
    length_m: float
    spacing_m: float


def _another_hour(
    plan: UnitPlan,
    halves: _Halves,
    drift: DatumDrift,
    object_types: Sequence[str],
    random: np.random.Generator,
) -> float:
    width_m = widths_by_type_m(plan, object_types)
    if not halves.choosing_missed.any() or not width_m.any():
        return 0.0
    times_s = halves.choosing.times_s
    begin_s = max(float(times_s[0]), min(float(searching_legs(plan)[-1, 5]), float(times_s[-1]) - HOUR_S))
    column = int(np.argmin(np.abs(times_s - begin_s - 0.5 * HOUR_S)))
    widths = halves.choosing.widths(width_m)

    def legs_of(patch: _Patch) -> NDArray[np.float64]:
        return _patch_legs(plan, patch, drift, begin_s)

    def gain(patch: _Patch) -> float:
        return halves.choosing.gain(legs_of(patch), widths, halves.choosing_missed)

    def drawn() -> _Patch:
        centre = _somewhere(halves.choosing, halves.choosing_missed, column, random)
        spacing_m = float(width_m.max()) / float(random.choice(COVERAGES))
        side_m = (plan.unit.search_speed_mps * HOUR_S * spacing_m) ** 0.5
        heading = drift.axis_rad + float(random.choice((0.0, 0.25, 0.5, 0.75))) * pi
        return _Patch(*centre, heading, side_m * exp(random.normal(0.3, 0.5)), spacing_m)

    most, best = max(
        ((gain(patch), patch) for patch in (drawn() for _ in range(DRAWN))), key=lambda it: it[0]
    )
    for scale in np.geomspace(LARGEST_STEP, SMALLEST_STEP, MOVED).tolist():
        patch = _moved(best, scale, random)
        if (value := gain(patch)) > most:
            most, best = value, patch
    return halves.telling.gain(legs_of(best), halves.telling.widths(width_m), halves.telling_missed)


def _moved(patch: _Patch, scale: float, random: np.random.Generator) -> _Patch:
    east, north, turn, length, spacing = random.normal(0.0, scale, 5).tolist()
    return _Patch(
        patch.x_m + 0.5 * patch.length_m * east,
        patch.y_m + 0.5 * patch.length_m * north,
        patch.heading_rad + 0.5 * turn,
        patch.length_m * exp(0.5 * length),
        patch.spacing_m * exp(0.5 * spacing),
    )


def _patch_legs(plan: UnitPlan, patch: _Patch, drift: DatumDrift, begin_s: float) -> NDArray[np.float64]:
    """Searching legs of the patch, as many as an hour allows, relative to the drifting datum."""
    speed_mps, radius_m = plan.unit.search_speed_mps, plan.unit.turn_radius_m
    turn_s = kernel.turn_length(patch.spacing_m, radius_m) / speed_mps
    length_m = min(patch.length_m, speed_mps * HOUR_S)
    rungs = min(MOST_RUNGS, max(1, floor((HOUR_S + turn_s) / (length_m / speed_mps + turn_s))))
    legs: NDArray[np.float64] = kernel.parallel_legs(
        patch.x_m, patch.y_m, patch.heading_rad, length_m, patch.spacing_m, rungs, 1, 1,
        *drift.at(patch.x_m, patch.y_m), begin_s + 0.5 * HOUR_S, begin_s, speed_mps, radius_m,
    )  # fmt: skip
    return np.ascontiguousarray(legs[(legs[:, 6] == 1.0) & (legs[:, 5] <= begin_s + HOUR_S + 60.0)])
