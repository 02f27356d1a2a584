"""The plan with every leg and time, as `plan.json` (format "sarex-plan/1").

Sailors' units at this door: nautical miles, feet, knots. Fields beyond those of the file contract are
additions that a reader may ignore.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from shapely import Polygon
from shapely.geometry import mapping

from sarex import __version__
from sarex.case.model import Position, SatelliteLook
from sarex.clock import iso_z
from sarex.detection.model import SweepWidth
from sarex.exchange.dateline import COORDINATE_DECIMALS, continued_past_180, counter_clockwise, rounded
from sarex.exchange.plan_findings import advice_to_list, outcome_to_mapping, rule_to_mapping
from sarex.exchange.stamps import iso_ms_z
from sarex.geo import WGS84
from sarex.planning.model import PlanQuality
from sarex.safety import Advice, RuleCheck
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

PLAN_FORMAT = "sarex-plan/1"
_PAIR_OVER_LINES = re.compile(r"\[\n\s*(-?[\d.e-]+),\n\s*(-?[\d.e-]+)\n\s*\]")
"""A position that `json` spread over four lines; strings are safe, they hold no bare line break."""
LONGEST_PIECE_M = 20_000.0
PROBABILITY_DECIMALS = 6
LENGTH_DECIMALS = 6
"""Of nautical miles: 2 mm."""


def plan_to_json(
    action_plan: SearchActionPlan,
    rules: Sequence[RuleCheck],
    computed_at: datetime,
    *,
    synthetic: bool,
    advice: Sequence[Advice] = (),
) -> str:
    """`plan.json` as text; the same plan gives the same bytes."""
    content = plan_to_mapping(action_plan, rules, computed_at, synthetic=synthetic, advice=advice)
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    return _PAIR_OVER_LINES.sub(r"[\1, \2]", text) + "\n"


def plan_to_mapping(
    action_plan: SearchActionPlan,
    rules: Sequence[RuleCheck],
    computed_at: datetime,
    *,
    synthetic: bool,
    advice: Sequence[Advice] = (),
) -> dict[str, Any]:
    """`plan.json` as plain dicts and lists, in the order in which a person reads it."""
    return {
        "format": PLAN_FORMAT,
        "case": action_plan.case_id,
        "title": action_plan.case_title,
        "exercise": action_plan.exercise,
        "synthetic_forcing": synthetic,
        "computed_at": iso_z(computed_at),
        "software": f"sarex {__version__}",
        "seed": action_plan.seed,
        "window": {"start": iso_z(action_plan.window_start), "end": iso_z(action_plan.window_end)},
        "objective": action_plan.objective.value,
        **_quality(action_plan.quality),
        "outcome": _outcome(action_plan),
        "on_scene_wind_kt": round(mps_to_kt(action_plan.on_scene_wind_mps), 2),
        "tasks": [_task(task) for task in action_plan.tasks],
        "looks": [look_to_mapping(planned.look, planned.pos) for planned in action_plan.looks],
        "unused_units": [_unused(item.unit.name, item.unit.nation, item.why) for item in action_plan.unused],
        "rules_checked": [rule_to_mapping(rule) for rule in rules],
        "advice": advice_to_list(advice),
    }


def _quality(quality: PlanQuality) -> dict[str, Any]:
    return {
        "pos": _probability(quality.pos),
        "pos_low": _probability(quality.pos_low),
        "pos_high": _probability(quality.pos_high),
        "pos_upper_bound": _probability(quality.pos_upper_bound),
        "pos_optimum": {
            "low": _probability(quality.pos_optimum_low),
            "high": _probability(quality.pos_optimum_high),
        },
        "pos_doctrine": _probability(quality.pos_doctrine),
    }


def _outcome(action_plan: SearchActionPlan) -> dict[str, Any] | None:
    if action_plan.outcome is None:
        return None
    return outcome_to_mapping(action_plan.outcome, action_plan.window_start, action_plan.window_end)


def _task(task: Task) -> dict[str, Any]:
    unit = task.unit
    return {
        "unit": unit.name,
        "sortie": task.sortie,
        "nation": unit.nation,
        "kind": unit.kind.value,
        "pattern": task.pattern.value,
        "area": _area(task.area),
        "commence_search_point": _lonlat(task.commence_search_point),
        "track_spacing_nm": _length_nm(task.track_spacing_m),
        "coverage": _probability(task.coverage),
        "altitude_ft": round(m_to_ft(unit.altitude_m), 1) if unit.kind.flies else 0,
        "search_speed_kt": round(mps_to_kt(unit.search_speed_mps), 3),
        "transit_speed_kt": round(mps_to_kt(unit.transit_speed_mps), 3),
        "sweep_width_nm": {key: _length_nm(width.width_m) for key, width in task.sweep_widths.items()},
        "sweep_width_made_of": _made_of(task.sweep_widths),
        "poc": _probability(task.poc),
        "pod": _probability(task.pod),
        "pos": _probability(task.pos),
        "departs": iso_z(task.departs),
        "on_scene": iso_z(task.on_scene),
        "off_scene": iso_z(task.off_scene),
        "return_by": iso_z(task.return_by),
        "way_home": [_lonlat(corner) for corner in task.way_home],
        "endurance_until": iso_z(task.endurance_until),
        "briefing": task.briefing,
        **_reasons(task),
        "legs": [_leg(piece) for leg in task.legs for piece in _pieces(leg)],
    }


def look_to_mapping(look: SatelliteLook, pos: float | None = None) -> dict[str, Any]:
    """A satellite's look with its footprint as an area; its POS alone where there is one."""
    told = {
        "name": look.name,
        "nation": look.nation,
        "at": iso_ms_z(look.at),
        "footprint": _area(look.footprint),
        "detection": dict(look.detection_frac),
    }
    return told if pos is None else {**told, "pos": _probability(pos)}


def _reasons(task: Task) -> dict[str, Any]:
    """Why the unit goes there and what more of it would be worth, where that was asked."""
    if task.worth is None:
        return {}
    return {
        "why": list(task.why),
        "worth": {
            "adds": _probability(task.worth.adds),
            "another_hour": _probability(task.worth.another_hour),
            "another_unit": _probability(task.worth.another_unit),
        },
    }


def _pieces(leg: TaskLeg) -> list[TaskLeg]:
    """A long leg in pieces along its geodesic: a reader that draws straight in degrees stays within metres.

    Straight in degrees, a leg of 50 km along 60 N runs 85 m beside its great circle, one of 20 km 14 m.
    """
    ends = leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg
    count = max(1, ceil(WGS84.inv(*ends)[2] / LONGEST_PIECE_M))
    between = [Position(lon, lat) for lon, lat in WGS84.npts(*ends, count - 1)] if count > 1 else []
    places = [leg.start, *between, leg.end]
    share = (leg.end_time - leg.start_time) / count
    times = [leg.start_time + share * number for number in range(count)] + [leg.end_time]
    return [
        TaskLeg(a, b, begin, end, leg.activity)
        for (a, b), (begin, end) in zip(pairwise(places), pairwise(times), strict=True)
    ]


def _leg(leg: TaskLeg) -> dict[str, Any]:
    return {
        "start": _lonlat(leg.start),
        "end": _lonlat(leg.end),
        "start_time": iso_ms_z(leg.start_time),
        "end_time": iso_ms_z(leg.end_time),
        "searching": leg.searching,
        "activity": leg.activity.value,
    }


def _area(corners: Sequence[Position]) -> dict[str, Any]:
    """A closed, counter-clockwise Polygon, as the contract says; across the 180th meridian its longitudes
    go on past 180 (`plan.geojson` has it cut in two)."""
    ring = Polygon([(corner.lon_deg, corner.lat_deg) for corner in corners])
    return dict(mapping(rounded(counter_clockwise(continued_past_180(ring)))))


def _made_of(sweep_widths: Mapping[str, SweepWidth]) -> dict[str, Any]:
    return {
        key: {
            "uncorrected_nm": _length_nm(width.uncorrected_m),
            "corrections": [
                {"name": step.name, "factor": round(step.factor, 6), "why": step.why}
                for step in width.corrections
            ],
            "source": width.source,
            "remarks": list(width.remarks),
        }
        for key, width in sweep_widths.items()
    }


def _unused(unit_name: str, nation: str, why: str) -> dict[str, str]:
    return {"unit": unit_name, "nation": nation, "why": why}


def _lonlat(position: Position) -> list[float]:
    return [round(position.lon_deg, COORDINATE_DECIMALS), round(position.lat_deg, COORDINATE_DECIMALS)]


def _length_nm(length_m: float) -> float:
    return round(m_to_nm(length_m), LENGTH_DECIMALS)


def _probability(value: float) -> float:
    return round(value, PROBABILITY_DECIMALS)
