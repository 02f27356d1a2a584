"""A plan under a person's hand: one area moved, turned or stretched, and what the joint plan is then worth.

Made once for a plan (`live_plan`); every edit after that computes the exposures of the one unit that changed,
on the reported draw, and adds what is kept of the others, so that a page can ask while a person drags. An
edit works on the legs of the plan, wherever the plan came from (see `pattern_edit`): the pattern is moved,
its way out planned anew, it begins when planned or as soon as the unit can be there, and ends where the time
that the rules leave for searching ends.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import hypot, isfinite, radians, sqrt
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sarex.geo import LocalFrame
from sarex.kernels import pattern as kernel
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift, datum_drift
from sarex.planning.figures import exposure_of, legs_array, measured_plan, quick_exposure_of
from sarex.planning.margins import TOLD_TO_S
from sarex.planning.model import Pattern, UnitPlan
from sarex.planning.passage import Passage, Point
from sarex.planning.pattern_edit import RidingPattern, over_ground, riding_pattern, transformed
from sarex.planning.sortie import pad_of
from sarex.planning.told_area import middle_of
from sarex.planning.transit import (
    earliest_arrival_s,
    homecoming_s,
    search_ends_by_s,
    transit_legs,
    way_home_of,
)
from sarex.planning.unit_plan import told_legs
from sarex.planning.waters import Waters, joint_and_marginal
from sarex.units import m_to_nm
from sarex.workers import cores

LEAST_STRETCH, MOST_STRETCH = 0.2, 5.0
MOST_ROUNDS = 25
"""Beginning and end of a pattern depend on where it then is; each round halves the error or better."""
ROUNDING_S = 1e-3

V = TypeVar("V")
"""Whatever says that a rule is broken; this room does not know the rules between units."""


@dataclass(frozen=True)
class Edit:
    """What a person does to an area; all of it from the plan as it stands, not from the edit before."""

    east_m: float = 0.0
    north_m: float = 0.0
    turn_deg: float = 0.0
    """Clockwise, about the middle of the pattern."""
    along_frac: float = 1.0
    """Legs so many times as long."""
    across_frac: float = 1.0
    """Legs so many times as far apart."""


@dataclass(frozen=True)
class Edited(Generic[V]):
    """What an edit comes to."""

    number: int
    unit_plan: UnitPlan
    """Of the unit edited; as it was if the edit cannot be flown."""
    why_not: str | None
    """Why it cannot be flown, in a sentence; all figures are then those of the plan as it was."""
    pos: float
    """Of all units together."""
    pos_by_unit: tuple[float, ...]
    """Of each unit alone, in the plan's order."""
    marginal: tuple[float, ...]
    """What the joint POS would lose without each unit."""
    violations: tuple[V, ...]
    exposure: NDArray[np.float32]
    """Of each particle to the unit edited, (particle,)."""


@dataclass(frozen=True)
class LivePlan(Generic[V]):
    """A plan with the exposures of all its units, ready for edits; see `live_plan`."""

    frame: LocalFrame
    unit_plans: tuple[UnitPlan, ...]
    crews: tuple[Crew | None, ...]
    waters: Waters
    drift: DatumDrift
    object_types: tuple[str, ...]
    exposures: tuple[NDArray[np.float32], ...]
    before: NDArray[np.float64]
    """Exposure to what no unit of the plan does, such as a satellite's look, (particle,)."""
    broken: Callable[[int, tuple[UnitPlan, ...]], Sequence[V]]
    """The rules that one unit of a plan breaks, alone and with the others."""

    def edited(self, number: int, edit: Edit) -> Edited[V]:
        """The plan with one area edited; the others stay."""
        if edit == Edit():
            return self._told(number, self.unit_plans[number], self.exposures[number], None)
        flown = self._flown(number, edit)
        if isinstance(flown, str):
            return self._told(number, self.unit_plans[number], self.exposures[number], flown)
        exposure = quick_exposure_of(flown, self.waters, self.object_types)
        measured = measured_plan(flown, exposure, self.waters, self.object_types)
        return self._told(number, measured, exposure, None)

    def moved(self, number: int, east_m: float, north_m: float) -> Edited[V]:
        return self.edited(number, Edit(east_m=east_m, north_m=north_m))

    def turned(self, number: int, degrees: float) -> Edited[V]:
        """Clockwise, about the middle of the pattern."""
        return self.edited(number, Edit(turn_deg=degrees))

    def stretched(self, number: int, along_frac: float, across_frac: float) -> Edited[V]:
        return self.edited(number, Edit(along_frac=along_frac, across_frac=across_frac))

    def accepted(self, edited: Edited[V]) -> "LivePlan[V]":
        """The plan that an edit made, for further edits."""
        plans, exposures = list(self.unit_plans), list(self.exposures)
        plans[edited.number], exposures[edited.number] = edited.unit_plan, edited.exposure
        return replace(self, unit_plans=tuple(plans), exposures=tuple(exposures))

    def number_of(self, unit_name: str, sortie: int = 1) -> int:
        """Which unit plan is a unit's k-th sortie."""
        own = [number for number, plan in enumerate(self.unit_plans) if plan.unit.name == unit_name]
        in_order = sorted(own, key=lambda number: self.unit_plans[number].legs[0].start_s)
        return in_order[sortie - 1]

    def _flown(self, number: int, edit: Edit) -> UnitPlan | str:
        plan, crew = self.unit_plans[number], self.crews[number]
        if crew is None:
            return f"{plan.unit.name} cannot search in this case as it stands, so its area cannot be edited."
        why_not = _impossible(edit)
        if why_not is not None:
            return why_not
        ridden = riding_pattern(legs_array(plan.legs), plan.pattern, self._drift_at(plan))
        changed = transformed(
            ridden,
            self._shift_m(ridden.middle, edit),
            -radians(edit.turn_deg),
            edit.along_frac,
            edit.across_frac,
            plan.unit.turn_radius_m,
        )
        if changed is None:
            return f"The datum drifts faster than {plan.unit.name} searches, so it cannot fly these legs."
        return _replanned(plan, crew, changed, edit)

    def _drift_at(self, plan: UnitPlan) -> Point:
        return self.drift.at(*middle_of(plan.area_xy_m))

    def _shift_m(self, at: Point, edit: Edit) -> Point:
        """East and north of a place as directions of the plane."""
        lon_deg, lat_deg = self.frame.to_lonlat_deg(*at)
        dx_de, dx_dn, dy_de, dy_dn = (float(p) for p in self.frame.velocity_to_plane(lon_deg, lat_deg))
        return dx_de * edit.east_m + dx_dn * edit.north_m, dy_de * edit.east_m + dy_dn * edit.north_m

    def _told(
        self, number: int, plan: UnitPlan, exposure: NDArray[np.float32], why_not: str | None
    ) -> Edited[V]:
        exposures = [*self.exposures[:number], exposure, *self.exposures[number + 1 :]]
        pos, marginal = joint_and_marginal(self.waters, exposures, self.before)
        by_unit = [other.pos for other in self.unit_plans]
        by_unit[number] = plan.pos
        plans = (*self.unit_plans[:number], plan, *self.unit_plans[number + 1 :])
        violations = tuple(self.broken(number, plans))
        return Edited(number, plan, why_not, pos, tuple(by_unit), marginal, violations, exposure)


def live_plan(
    frame: LocalFrame,
    unit_plans: Sequence[UnitPlan],
    crews: Sequence[Crew],
    waters: Waters,
    object_types: tuple[str, ...],
    broken: Callable[[int, tuple[UnitPlan, ...]], Sequence[V]],
    before: NDArray[np.float64] | None = None,
) -> LivePlan[V]:
    """Make a plan ready for edits.

    Args:
        crews: the units of the case that can search, made ready (see `plan.muster`); in any order.
        waters: the reported draw in the search window.
        broken: what is wrong with one unit of a plan, by its number.
        before: exposure to what no unit does, (particle,); its POS is part of the joint POS.
    """
    exposures = tuple(exposure_of(plan, waters, object_types) for plan in unit_plans)
    measured = [
        measured_plan(plan, exposure, waters, object_types)
        for plan, exposure in zip(unit_plans, exposures, strict=True)
    ]
    flying = tuple(crew_flying(plan, crews) for plan in unit_plans)
    passages = [way for crew in flying if crew is not None for way in (crew.outward, crew.homeward)]
    with ThreadPoolExecutor(cores()) as executor:
        list(executor.map(Passage.look_round, {id(way): way for way in passages}.values()))
    return LivePlan(
        frame=frame,
        unit_plans=tuple(measured),
        crews=flying,
        waters=waters,
        drift=datum_drift(waters),
        object_types=object_types,
        exposures=exposures,
        before=np.zeros(waters.weight.size) if before is None else before,
        broken=broken,
    )


def crew_flying(plan: UnitPlan, crews: Sequence[Crew]) -> Crew | None:
    """The crew, one for each sortie, that flies a unit's plan: the last one ready when it leaves."""
    own = [crew for crew in crews if crew.unit.name == plan.unit.name]
    ready = [crew for crew in own if crew.departs_s <= plan.legs[0].start_s + 1.0]
    return max(ready, key=lambda crew: crew.departs_s, default=own[0] if own else None)


def _impossible(edit: Edit) -> str | None:
    values = (edit.east_m, edit.north_m, edit.turn_deg, edit.along_frac, edit.across_frac)
    if not all(isfinite(value) for value in values):
        return "A shift, a turn and a stretch are finite numbers."
    for name, value in (("along", edit.along_frac), ("across", edit.across_frac)):
        if not LEAST_STRETCH <= value <= MOST_STRETCH:
            return (
                f"Stretched {name} by {value:g}; one edit makes an area "
                f"{LEAST_STRETCH:g} to {MOST_STRETCH:g} times as large."
            )
    return None


def _replanned(plan: UnitPlan, crew: Crew, pattern: RidingPattern, edit: Edit) -> UnitPlan | str:
    """The unit's plan with a changed pattern, as much of it as there is time for; or why not."""
    legs = _begun(crew, pattern)
    if legs is None:
        return (
            f"No way leads {plan.unit.name} from its position to the commence search point "
            "that keeps clear of land and danger areas."
        )
    cut = _ended(crew, legs)
    if isinstance(cut, str):
        return cut
    begin: Point = float(cut[0, 0]), float(cut[0, 1])
    last: Point = float(cut[-1, 2]), float(cut[-1, 3])
    out = transit_legs(crew, begin, float(cut[0, 4]))
    home_s = homecoming_s(crew, last, float(cut[-1, 5]))
    if out is None or home_s is None:
        return f"No way leads {plan.unit.name} there and home again clear of land and danger areas."
    spacing_m = _spacing_m(plan, edit)
    searching, pad_m = cut[cut[:, 6] == 1.0], pad_of(spacing_m)
    box = kernel.oriented_box(searching, pattern.heading_rad, pad_m)
    area = crew.room.open_area(box, searching, pad_m, float(cut[0, 4]), float(cut[-1, 5]))
    return replace(
        plan,
        legs=(*out, *told_legs(cut)),
        # all of it where that cannot be: the rules then say why
        area_xy_m=box if area is None else area,
        track_spacing_m=spacing_m,
        return_by_s=home_s,
        way_home=way_home_of(crew, last, float(cut[-1, 5])),
    )


def _spacing_m(plan: UnitPlan, edit: Edit) -> float:
    if plan.pattern in (Pattern.EXPANDING_SQUARE, Pattern.SECTOR):
        return plan.track_spacing_m * sqrt(edit.along_frac * edit.across_frac)
    return plan.track_spacing_m * edit.across_frac


def _begun(crew: Crew, pattern: RidingPattern) -> NDArray[np.float64] | None:
    """Legs over the ground of a pattern begun when planned, or as soon as the unit can be there."""
    begin_s = pattern.begin_s
    for _ in range(MOST_ROUNDS):
        legs = over_ground(pattern, begin_s)
        there_s = earliest_arrival_s(crew, (float(legs[0, 0]), float(legs[0, 1])))
        if there_s is None:
            return None
        if there_s <= begin_s + ROUNDING_S:
            return legs
        begin_s = there_s + TOLD_TO_S
    return legs


def _ended(crew: Crew, legs: NDArray[np.float64]) -> NDArray[np.float64] | str:
    """The legs that there is time for, the last cut short; the searching of one sweep width at least."""
    name, begin_s = crew.unit.name, float(legs[0, 4])
    legs = legs[: _begun_in_time(crew, legs)]
    while len(legs):
        if legs[-1, 6] != 1.0:
            legs = legs[:-1]
            continue
        cut = _cut_short(crew, legs, begin_s)
        if cut is None:
            return f"No way leads {name} home from there clear of land and danger areas."
        length_m = hypot(cut[-1, 2] - cut[-1, 0], cut[-1, 3] - cut[-1, 1])
        whole = cut[-1, 5] == legs[-1, 5]
        if whole or (cut[-1, 5] > cut[-1, 4] and length_m >= crew.widest_m):
            return cut
        legs = legs[:-1]
    return (
        f"{name} would have no time to search there: with the way out and home, not one leg of its sweep "
        f"width ({m_to_nm(crew.widest_m):.2f} nm) can be flown."
    )


def _begun_in_time(crew: Crew, legs: NDArray[np.float64]) -> int:
    """How many legs begin before the searching must end, if it ended there; by halving, as legs are many."""

    def in_time(leg: NDArray[np.float64]) -> bool:
        by_s = search_ends_by_s(crew, float(legs[0, 4]), (float(leg[0]), float(leg[1])), float(leg[4]))
        # without a way home it is for the last leg to tell
        return by_s is None or float(leg[4]) < by_s

    return bisect_left(range(len(legs)), x=True, key=lambda number: not in_time(legs[number]))


def _cut_short(crew: Crew, legs: NDArray[np.float64], begin_s: float) -> NDArray[np.float64] | None:
    """The legs with the last one ended when searching must end; None if no way leads home."""
    cut = legs.copy()
    x0, y0, x1, y1, t0, t1, _ = legs[-1].tolist()
    for _ in range(MOST_ROUNDS):
        by_s = search_ends_by_s(crew, begin_s, (float(cut[-1, 2]), float(cut[-1, 3])), float(cut[-1, 5]))
        if by_s is None:
            return None
        if cut[-1, 5] <= by_s + ROUNDING_S or by_s <= t0:
            break
        share = max(min(by_s - TOLD_TO_S, t1) - t0, 0.0) / (t1 - t0)
        cut[-1, 2:4] = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        cut[-1, 5] = t0 + share * (t1 - t0)
    if by_s <= t0:
        cut[-1, 5] = t0
    return cut
