"""Why each unit goes where it goes, in the words of the manual: a few sentences for its crew and coordinator.

Everything told is computed from the legs and the belief, so a plan that was edited by hand or read from a
file is explained as well as one that Sarex made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, pi

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, oriented_envelope

from sarex.case.model import Case
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.figures import (
    afloat_inside,
    exposure_of,
    legs_array,
    midway_s,
    principal_type,
    searching_legs,
    widths_by_type_m,
)
from sarex.planning.live import crew_flying
from sarex.planning.marginal import worth_of_units
from sarex.planning.model import Activity, Pattern, SearchPlan, UnitPlan, Worth
from sarex.planning.pattern_edit import RidingPattern, riding_pattern
from sarex.planning.readiness import Readiness
from sarex.planning.told_area import middle_of
from sarex.planning.waters import Waters, success
from sarex.units import HOUR_S, m_to_nm, mps_to_kt

DRIFT_MATTERS = 0.1
"""(drift x leg) / (search speed x spacing) from which the legs are laid along the drift."""
ALONG_RAD = pi / 6.0
"""Legs within so much of the drift's direction run along it."""
LEAST_SHARE = 0.02
"""Scenarios and objects with less of an area's probability are not named."""
NEXT_TO_M = 50.0
"""An area so near to a danger area's margin is cut there."""
LEAST_SHARED = 0.05
"""Of what a unit finds alone: less that others would find too is not told."""

PATTERN_REASONS: Mapping[str, str] = {
    "PS": "parallel sweep, legs along the longer side: a large area that is covered evenly",
    "CS": "creeping line, legs across the longer side: a long area that is worked through from one end",
    "SS": "expanding square: its loops lose nothing in turns, and the middle of the area comes first",
    "VS": "sector search: the position is known closely and the area small, so every leg passes the datum",
    "TSR": "track line, returning: the object is likely near its intended track, covered there and back",
    "TSN": "track line, non-return: the object is likely near its intended track, covered one way",
}

DENSE_SQUARE = "expanding square: the belief is dense about one datum, so the likeliest water comes first"
DENSE_SHARE = 0.4
"""Of an area's probability in its middle quarter: 0.25 if it is even, 0.45 if normal and cut at two sigma."""


def explain(
    unit_plans: Sequence[UnitPlan],
    waters: Waters,
    drift: DatumDrift,
    scenario_names: Sequence[str],
    object_types: Sequence[str],
    worths: Sequence[Worth],
    name_of: Callable[[str], str] = str,
    *,
    beside: Sequence[Sequence[str]] = (),
) -> tuple[tuple[str, ...], ...]:
    """A few sentences for each unit plan.

    Args:
        waters: the reported draw.
        worths: what each unit adds, in the same order.
        name_of: how to call an object type in a sentence.
        beside: names of the danger areas at which each unit's area is cut, in the same order.
    """
    undetected = float(waters.weight.sum()) or 1.0
    found = []
    for plan, worth, cut_at in zip(unit_plans, worths, beside or [()] * len(unit_plans), strict=True):
        unit = _Looked(plan, waters, drift, tuple(scenario_names), tuple(object_types), undetected)
        sentences = (
            unit.covers(name_of),
            unit.finds(worth, name_of),
            unit.traded(worth),
            unit.pattern_chosen(),
            *([f"Its area ends where the margin of {' and '.join(cut_at)} begins."] if cut_at else []),
        )
        found.append(sentences)
    return tuple(found)


def with_reasons(
    case: Case,
    ready: Readiness,
    scenario_names: Sequence[str],
    plan: SearchPlan,
    name_of: Callable[[str], str] = str,
) -> SearchPlan:
    """The same plan, each unit with why it goes where it goes and what more of it would be worth."""
    plans, types = plan.unit_plans, case.object_types
    worths = worth_of_units(
        plans, ready.crews, ready.reported, ready.drift, types, case.seed, before=ready.before
    )
    beside = [_cut_at(plan, crew_flying(plan, ready.crews)) for plan in plans]
    reasons = explain(
        plans, ready.reported, ready.drift, scenario_names, types, worths, name_of, beside=beside
    )
    explained = tuple(
        replace(unit_plan, why=why, worth=worth)
        for unit_plan, why, worth in zip(plans, reasons, worths, strict=True)
    )
    return replace(plan, unit_plans=explained)


def _cut_at(plan: UnitPlan, crew: Crew | None) -> tuple[str, ...]:
    """Names of the danger areas at which a unit's area is cut."""
    if crew is None:
        return ()
    area, searching = Polygon(plan.area_xy_m), searching_legs(plan)
    whole = oriented_envelope(area)
    hindering = crew.room.hindering(whole, float(searching[0, 4]), float(searching[-1, 5]))
    return tuple(peril.area.name for peril in hindering if peril.told.distance(area) < NEXT_TO_M)


@dataclass(frozen=True)
class _Looked:
    """One unit's plan, looked at."""

    plan: UnitPlan
    waters: Waters
    drift: DatumDrift
    scenario_names: tuple[str, ...]
    object_types: tuple[str, ...]
    undetected: float

    @property
    def inside(self) -> NDArray[np.bool_]:
        return afloat_inside(self.waters, self.plan.area_xy_m, midway_s(searching_legs(self.plan)))

    def covers(self, name_of: Callable[[str], str]) -> str:
        """Which scenario and object the area holds."""
        inside = self.inside
        held = self.waters.weight[inside]
        poc = float(held.sum())
        if poc <= 0.0:
            return (
                "Nothing is likely to be afloat in its area halfway through; it covers what drifts through."
            )
        accounts = _shares(self.waters.scenario[inside], held, self.scenario_names)
        named = _apart(tuple(name_of(key) for key in self.object_types), self.object_types)
        objects = _shares(self.waters.object_type[inside], held, named)
        parts = [f"{what}: {told}" for what, told in (("scenario", accounts), ("object", objects)) if told]
        held_words = (
            f"Its area holds {_percent(poc / self.undetected)} of the probability halfway through (POC)"
        )
        return f"{held_words}; {'; '.join(parts)}." if parts else f"{held_words}."

    def finds(self, worth: Worth, name_of: Callable[[str], str]) -> str:
        """Coverage and POD, and what the unit adds to the others."""
        plan = self.plan
        width_m = widths_by_type_m(plan, self.object_types)
        principal = principal_type(self.waters, self.inside, width_m)
        coverage = width_m[principal] / plan.track_spacing_m
        over_all = " over all objects" if len(self.object_types) > 1 else ""
        adds, hour, another = (
            _points(value / self.undetected) for value in (worth.adds, worth.another_hour, worth.another_unit)
        )
        return (
            f"Tracks {m_to_nm(plan.track_spacing_m):.2f} nm apart give coverage {coverage:.2f} for the "
            f"{name_of(self.object_types[principal])}, POD {_percent(plan.pod)}{over_all} in the area; "
            f"without it the joint plan would lose {adds}, and one more hour of it would add about {hour}, "
            f"one more unit like it {another}."
        )

    def traded(self, worth: Worth) -> str:
        """Time in transit and turns, and what others would find as well."""
        plan = self.plan
        spent_s = dict.fromkeys(Activity, 0.0)
        for leg in plan.legs:
            spent_s[leg.activity] += leg.end_s - leg.start_s
        home_s = plan.return_by_s - plan.legs[-1].end_s
        away_s = plan.return_by_s - plan.legs[0].start_s
        transit = (
            f"{_hours(spent_s[Activity.TRANSIT] + home_s)} of {_hours(away_s)} go into the way out and home"
        )
        turns = f"{_hours(spent_s[Activity.TURN])} into turns" if spent_s[Activity.TURN] >= 60.0 else ""
        told = f"{transit}, {turns}" if turns else transit
        exposure = exposure_of(plan, self.waters, self.object_types)
        alone = success(self.waters.weight, exposure)
        shared = 1.0 - worth.adds / alone if alone > 0.0 else 0.0
        if shared < LEAST_SHARED:
            return f"{told}; hardly anything that it finds would be found by the others."
        return f"{told}; {_percent(shared)} of what it finds alone the others would find too."

    def pattern_chosen(self) -> str:
        """Why this pattern, and how its legs lie to the drift."""
        plan = self.plan
        reason = PATTERN_REASONS.get(plan.pattern.value, plan.pattern.value)
        if plan.pattern is Pattern.EXPANDING_SQUARE and self._dense_about_its_middle():
            reason = DENSE_SQUARE
        local = self.drift.at(*middle_of(plan.area_xy_m))
        ridden = riding_pattern(legs_array(plan.legs), plan.pattern, local)
        return f"{reason[0].upper()}{reason[1:]}; {self._to_the_drift(ridden, local)}."

    def _dense_about_its_middle(self) -> bool:
        area_xy_m = self.plan.area_xy_m
        middle = 0.5 * (area_xy_m + middle_of(area_xy_m))
        held = float(self.waters.weight[self.inside].sum())
        within = afloat_inside(self.waters, middle, midway_s(searching_legs(self.plan)))
        return held > 0.0 and float(self.waters.weight[within].sum()) >= DENSE_SHARE * held

    def _to_the_drift(self, ridden: RidingPattern, local_mps: tuple[float, float]) -> str:
        searching = ridden.searching
        drift_mps = hypot(*local_mps)
        drifts = f"the datum drifts {mps_to_kt(drift_mps):.1f} kt"
        if self.plan.pattern in (Pattern.EXPANDING_SQUARE, Pattern.SECTOR):
            # loops that widen tell too little of what they ride on
            return drifts
        rides = (
            "flown relative to the drifting datum"
            if ridden.drift_mps != (0.0, 0.0)
            else "flown over the ground"
        )
        leg_m = float(np.hypot(*ridden.vectors_m[searching].T).mean())
        ratio = drift_mps * leg_m / (float(ridden.speed_mps[searching].mean()) * self.plan.track_spacing_m)
        drifts = f"{drifts}, {ratio:.2f} of a track spacing in the time of a leg"
        if ratio <= DRIFT_MATTERS:
            return f"{drifts}, so the drift does not decide how the legs lie; {rides}"
        apart = abs((ridden.heading_rad - np.arctan2(local_mps[1], local_mps[0]) + pi / 2) % pi - pi / 2)
        lie = (
            "along the drift, as the rule asks"
            if apart <= ALONG_RAD
            else f"{np.degrees(apart):.0f}° off the drift"
        )
        return f"{drifts}, more than {DRIFT_MATTERS:g}; the legs run {lie}; {rides}"


def _shares(number: NDArray[np.int16], weight: NDArray[np.float64], names: Sequence[str]) -> str:
    """What makes up a weight, largest share first; empty where there is only one name."""
    if len(names) < 2:
        return ""
    shares = np.bincount(number, weights=weight, minlength=len(names)) / weight.sum()
    if shares.max() > 1.0 - LEAST_SHARE:
        return f"all {names[int(np.argmax(shares))]}"
    told = [
        f"{names[k]} {_percent(shares[k])}"
        for k in np.argsort(-shares, kind="stable").tolist()
        if shares[k] >= LEAST_SHARE
    ]
    return ", ".join(told)


def _apart(names: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    """Names with their keys where two would read alike."""
    return tuple(
        f"{name} ({key})" if names.count(name) > 1 and name != key else name
        for name, key in zip(names, keys, strict=True)
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if share >= 0.1 else f"{100.0 * share:.1f} %"


def _points(probability: float) -> str:
    points = 100.0 * probability
    return f"{points:.1f} points of POS" if points >= 0.05 else "less than 0.1 points of POS"


def _hours(span_s: float) -> str:
    return f"{span_s / HOUR_S:.1f} h" if span_s >= HOUR_S else f"{span_s / 60.0:.0f} min"
