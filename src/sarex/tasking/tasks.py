"""From a plan in the local plane to tasks in positions and UTC."""

from collections.abc import Sequence
from datetime import datetime

from sarex.case.model import Case, Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.geo import LocalFrame
from sarex.planning.model import Leg, Pattern, SearchPlan, UnitPlan
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

PATTERN_NAMES = {
    Pattern.PARALLEL_SWEEP: "parallel sweep",
    Pattern.CREEPING_LINE: "creeping line",
    Pattern.EXPANDING_SQUARE: "expanding square",
    Pattern.SECTOR: "sector search",
    Pattern.TRACK_LINE_RETURNING: "track line search, returning",
    Pattern.TRACK_LINE_NON_RETURNING: "track line search, non-returning",
}


def issue_tasks(case: Case, frame: LocalFrame, plan: SearchPlan) -> SearchActionPlan:
    """The search action plan of a joint plan."""
    return SearchActionPlan(
        case_id=case.id,
        case_title=case.title,
        exercise=case.exercise,
        seed=case.seed,
        window_start=case.window.start,
        window_end=case.window.end,
        tasks=tuple(task_of(frame, unit_plan) for unit_plan in plan.unit_plans),
        unused=plan.unused,
        quality=plan.quality,
        on_scene_wind_mps=plan.on_scene_wind_mps,
        looks=plan.looks,
    )


def task_of(frame: LocalFrame, plan: UnitPlan) -> Task:
    """What one crew is told."""
    legs = _task_legs(frame, plan.legs)
    searching = [leg for leg in legs if leg.searching]
    lon_deg, lat_deg = frame.to_lonlat_deg(plan.area_xy_m[:, 0], plan.area_xy_m[:, 1])
    return Task(
        unit=plan.unit,
        pattern=plan.pattern,
        area=tuple(Position(float(lon), float(lat)) for lon, lat in zip(lon_deg, lat_deg, strict=True)),
        commence_search_point=searching[0].start,
        track_spacing_m=plan.track_spacing_m,
        coverage=plan.coverage,
        sweep_widths=plan.sweep_widths,
        poc=plan.poc,
        pod=plan.pod,
        pos=plan.pos,
        legs=legs,
        departs=legs[0].start_time,
        on_scene=searching[0].start_time,
        off_scene=searching[-1].end_time,
        return_by=from_posix_s(plan.return_by_s),
        endurance_until=from_posix_s(plan.endurance_until_s),
        briefing=_briefing(plan, legs, searching),
        sortie=plan.sortie,
        why=plan.why,
        worth=plan.worth,
    )


def _task_legs(frame: LocalFrame, legs: Sequence[Leg]) -> tuple[TaskLeg, ...]:
    lon_deg, lat_deg = frame.to_lonlat_deg(
        [(leg.start_x_m, leg.end_x_m) for leg in legs], [(leg.start_y_m, leg.end_y_m) for leg in legs]
    )
    places = [
        [Position(lon, lat) for lon, lat in zip(*pair, strict=True)]
        for pair in zip(lon_deg.tolist(), lat_deg.tolist(), strict=True)
    ]
    return tuple(
        TaskLeg(start, end, from_posix_s(leg.start_s), from_posix_s(leg.end_s), leg.activity)
        for leg, (start, end) in zip(legs, places, strict=True)
    )


def _briefing(plan: UnitPlan, legs: tuple[TaskLeg, ...], searching: list[TaskLeg]) -> str:
    """The task in plain sentences."""
    unit = plan.unit
    verb, height = ("Fly", f"{m_to_ft(unit.altitude_m):,.0f} ft and ") if unit.kind.flies else ("Steam", "")
    name = PATTERN_NAMES[plan.pattern]
    sortie = f"Sortie {plan.sortie} of this unit. " if plan.sortie > 1 else ""
    legs_word = "leg" if len(searching) == 1 else "legs"
    return (
        f"{sortie}Leave at {_spoken(legs[0].start_time)} for the commence search point, "
        f"on scene {_spoken(searching[0].start_time)}. "
        f"{verb} {'an' if name[0] in 'aeio' else 'a'} {name} of {len(searching)} {legs_word} at {height}"
        f"{mps_to_kt(unit.search_speed_mps):.0f} kt, track spacing {m_to_nm(plan.track_spacing_m):.2f} nm. "
        f"Search complete {_spoken(searching[-1].end_time)}; "
        f"endurance ends {_spoken(from_posix_s(plan.endurance_until_s))}."
    )


def _spoken(instant: datetime) -> str:
    """To the nearest second and then the minute begun, as the report and the plan file say it."""
    return f"{from_posix_s(round(to_posix_s(instant))):%d %b %H:%M} UTC"
