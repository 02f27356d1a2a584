"""From a plan in the local plane to tasks in positions and UTC."""

from sarex.case.model import Case, Position
from sarex.clock import from_posix_s
from sarex.geo import LocalFrame
from sarex.planning.model import Leg, Pattern, SearchPlan, UnitPlan
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

PATTERN_NAMES = {
    Pattern.PARALLEL_SWEEP: "parallel sweep",
    Pattern.CREEPING_LINE: "creeping line",
    Pattern.EXPANDING_SQUARE: "expanding square",
    Pattern.SECTOR: "sector search",
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
        tasks=tuple(_task(frame, unit_plan) for unit_plan in plan.unit_plans),
        unused=plan.unused,
        quality=plan.quality,
        on_scene_wind_mps=plan.on_scene_wind_mps,
    )


def _task(frame: LocalFrame, plan: UnitPlan) -> Task:
    legs = tuple(_task_leg(frame, leg) for leg in plan.legs)
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
    )


def _task_leg(frame: LocalFrame, leg: Leg) -> TaskLeg:
    lon_deg, lat_deg = frame.to_lonlat_deg([leg.start_x_m, leg.end_x_m], [leg.start_y_m, leg.end_y_m])
    return TaskLeg(
        start=Position(float(lon_deg[0]), float(lat_deg[0])),
        end=Position(float(lon_deg[1]), float(lat_deg[1])),
        start_time=from_posix_s(leg.start_s),
        end_time=from_posix_s(leg.end_s),
        activity=leg.activity,
    )


def _briefing(plan: UnitPlan, legs: tuple[TaskLeg, ...], searching: list[TaskLeg]) -> str:
    """The task in plain sentences."""
    unit = plan.unit
    height = f"{m_to_ft(unit.altitude_m):.0f} ft, " if unit.kind.flies else ""
    begin = searching[0]
    depart = (
        f"Leave at {legs[0].start_time:%H:%M} UTC for the commence search point, "
        f"on scene {begin.start_time:%H:%M} UTC."
    )
    what = (
        f"Fly or steam a {PATTERN_NAMES[plan.pattern]} of {len(searching)} legs at {height}"
        f"{mps_to_kt(unit.search_speed_mps):.0f} kt, track spacing {m_to_nm(plan.track_spacing_m):.2f} nm."
    )
    done = (
        f"Search complete {searching[-1].end_time:%H:%M} UTC; "
        f"endurance ends {from_posix_s(plan.endurance_until_s):%d %b %H:%M} UTC."
    )
    verb = "Fly" if unit.kind.flies else "Steam"
    return f"{depart} {what.replace('Fly or steam', verb)} {done}"
