"""From a plan in the local plane to tasks in positions and UTC."""

from collections.abc import Sequence

from sarex.case.model import Case, Position
from sarex.clock import from_posix_s
from sarex.geo import LocalFrame
from sarex.planning.model import Leg, SearchPlan, UnitPlan
from sarex.tasking.briefing import briefing
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg

STRAIGHT_CORNERS = 2
"""Of a way that is straight: its ends."""


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
        interrupted=plan.interrupted,
        outcome=plan.outcome,
        objective=case.objective,
    )


def task_of(frame: LocalFrame, plan: UnitPlan) -> Task:
    """What one crew is told."""
    legs = _task_legs(frame, plan.legs)
    searching = [leg for leg in legs if leg.searching]
    lon_deg, lat_deg = frame.to_lonlat_deg(plan.area_xy_m[:, 0], plan.area_xy_m[:, 1])
    home = _positions(frame, plan.way_home)
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
        briefing=briefing(plan, legs) + _homeward(home),
        sortie=plan.sortie,
        way_home=home,
        why=plan.why,
        worth=plan.worth,
    )


def _positions(frame: LocalFrame, corners: tuple[tuple[float, float], ...]) -> tuple[Position, ...]:
    if not corners:
        return ()
    lon_deg, lat_deg = frame.to_lonlat_deg([x for x, _ in corners], [y for _, y in corners])
    return tuple(Position(float(lon), float(lat)) for lon, lat in zip(lon_deg, lat_deg, strict=True))


def _homeward(way: tuple[Position, ...]) -> str:
    """What the crew is told of a way home that is not straight."""
    if len(way) < STRAIGHT_CORNERS + 1:
        return ""
    by_way_of = ", ".join(_spoken(corner) for corner in way[1:-1])
    return f" Home by way of {by_way_of}: land, a shoal or a danger area lies in the straight way."


def _spoken(place: Position) -> str:
    """As a sailor says it, to a tenth of a minute."""
    words = []
    for degrees, width, signs in ((place.lat_deg, 2, "NS"), (place.lon_deg, 3, "EW")):
        tenths = round(abs(degrees) * 600.0)
        words.append(f"{tenths // 600:0{width}d}-{tenths % 600 / 10:04.1f}{signs[degrees < 0.0]}")
    return " ".join(words)


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
