"""A whole `plan.json` read back into tasks, for the checker.

Only the fields of the file contract are needed, so the file may come from any program. What the file says of
a unit itself (position, home, speeds, endurance, sensors) is not believed: that is the case's to say. The
height is the task's, and a lower search speed; hours follow from the legs. What breaks a rule is read all the
same, for the checker to tell; refused is what no task can be made of.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import shapely
from pydantic import AfterValidator, AwareDatetime, Field, ValidationError
from shapely import Polygon

from sarex.case.model import Case, Position, SearchUnit
from sarex.case.wording import suggestion
from sarex.detection.model import SweepWidth
from sarex.errors import PlanError
from sarex.exchange.plan_fields import (
    AreaFields,
    Fields,
    Latitude,
    LegFields,
    Longitude,
    PlanFields,
    TaskFields,
    check_classes,
    load_plan,
    look_of,
    plan_of_content,
    refuse,
)
from sarex.geo import WGS84
from sarex.planning.model import Activity, Pattern, PlannedLook, PlanQuality, UnusedUnit
from sarex.tables import leeway_classes
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.units import ft_to_m, kt_to_mps, nm_to_m

_PURPOSE = "a search plan"
EARLIEST_YEAR, LATEST_YEAR = 1950, 2150


def _in_our_time(instant: datetime) -> datetime:
    if not EARLIEST_YEAR <= instant.year <= LATEST_YEAR:
        raise ValueError(f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Finite = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]


class _Leg(LegFields):
    start_time: Instant
    end_time: Instant
    activity: Literal["transit", "turn", "search"] | None = None


class _Task(TaskFields):
    pattern: str
    area: AreaFields
    commence_search_point: tuple[Longitude, Latitude]
    track_spacing_nm: Annotated[float, Field(gt=0.0, le=100.0, allow_inf_nan=False)]
    coverage: Finite
    altitude_ft: Annotated[float, Field(ge=0.0, le=100_000.0, allow_inf_nan=False)]
    search_speed_kt: Annotated[float, Field(gt=0.0, le=1000.0, allow_inf_nan=False)]
    poc: Finite
    pod: Finite
    pos: Finite
    legs: Annotated[list[_Leg], Field(min_length=1)]  # type: ignore[assignment]
    return_by: Instant | None = None
    way_home: list[tuple[Longitude, Latitude]] = Field(default_factory=list)
    briefing: str = ""


class _Window(Fields):
    start: Instant
    end: Instant


class _Bracket(Fields):
    low: Finite
    high: Finite


class _Unused(Fields):
    unit: str
    why: str = ""


class _Plan(PlanFields):
    title: str = ""
    seed: int = 0
    window: _Window
    pos: Finite
    pos_low: Finite
    pos_high: Finite
    pos_upper_bound: Finite
    pos_optimum: _Bracket
    pos_doctrine: Finite
    on_scene_wind_kt: Annotated[float, Field(ge=0.0, le=300.0, allow_inf_nan=False)] | None = None
    tasks: list[_Task]
    unused_units: list[_Unused] = Field(default_factory=list)


_REMEDY = "Name the case of this plan with --case."


def read_plan_document(path: Path, case: Case, remedy: str = _REMEDY) -> SearchActionPlan:
    """The plan of a `plan.json` for a case; its wind is NaN where the file does not say it.

    Raises:
        PlanError: the file is not a plan of that case, or no task can be made of something in it.
    """
    return _action_plan(path, load_plan(path, _Plan, _PURPOSE), case, remedy)


def plan_of_document(document: Mapping[str, Any], case: Case, name: str) -> SearchActionPlan:
    """The same of a plan kept elsewhere, as in the log of an exercise; `name` is what sentences call it."""
    path = Path(name)
    return _action_plan(path, plan_of_content(path, document, _Plan, _PURPOSE), case, _REMEDY)


def task_of_document(document: Mapping[str, Any], unit: SearchUnit, name: str) -> Task:
    """One task of a plan kept elsewhere, for the unit that it names.

    Raises:
        PlanError: no task can be made of it.
    """
    path = Path(name)
    try:
        fields = _Task.model_validate(document)
    except ValidationError as error:
        refuse(
            path,
            _PURPOSE,
            f"its task for {unit.name} lacks something or is wrong ({error.error_count()} fields)",
        )
    return _task_of(path, fields, unit)


def _action_plan(path: Path, plan: _Plan, case: Case, remedy: str) -> SearchActionPlan:
    _check_case(path, plan, case, remedy)
    for task in plan.tasks:
        check_classes(path, _PURPOSE, task, leeway_classes(), case.object_types)
    units = {unit.name: unit for unit in case.units}
    return SearchActionPlan(
        case_id=plan.case,
        case_title=plan.title or case.title,
        exercise=plan.exercise,
        seed=plan.seed,
        window_start=plan.window.start,
        window_end=plan.window.end,
        tasks=tuple(_task_of(path, task, _unit_of(path, task.unit, units)) for task in plan.tasks),
        unused=tuple(UnusedUnit(units[u.unit], u.why) for u in plan.unused_units if u.unit in units),
        quality=PlanQuality(
            pos=plan.pos,
            pos_low=plan.pos_low,
            pos_high=plan.pos_high,
            pos_upper_bound=plan.pos_upper_bound,
            pos_optimum_low=plan.pos_optimum.low,
            pos_optimum_high=plan.pos_optimum.high,
            pos_doctrine=plan.pos_doctrine,
        ),
        on_scene_wind_mps=math.nan if plan.on_scene_wind_kt is None else kt_to_mps(plan.on_scene_wind_kt),
        looks=tuple(PlannedLook(look_of(look), look.pos) for look in plan.looks),
    )


def _check_case(path: Path, plan: _Plan, case: Case, remedy: str) -> None:
    if plan.case != case.id:
        raise PlanError(
            f'{path}: case is "{plan.case}" but the case that it is read for is "{case.id}". {remedy}'
        )
    if plan.exercise != case.exercise:
        told = "an exercise" if plan.exercise else "real"
        raise PlanError(
            f"{path}: exercise says that the plan is {told}, but the case is {case.mark}; the two are never "
            f"mixed. {remedy}"
        )


def _unit_of(path: Path, name: str, units: Mapping[str, SearchUnit]) -> SearchUnit:
    if name not in units:
        refuse(
            path,
            _PURPOSE,
            f'it has a task for the unit "{name}", which the case does not have. '
            + suggestion(name, units).removesuffix("."),
        )
    return units[name]


def _task_of(path: Path, task: _Task, unit: SearchUnit) -> Task:
    if task.pattern not in set(Pattern):
        known = ", ".join(Pattern)
        refuse(path, _PURPOSE, f'the pattern of {unit.name} is "{task.pattern}"; known here are {known}')
    legs = _legs_of(path, task)
    searching = [leg for leg in legs if leg.searching]
    if not searching:
        refuse(path, _PURPOSE, f"no leg of {unit.name} has searching true; a task searches somewhere")
    flown = replace(
        unit,
        altitude_m=ft_to_m(task.altitude_ft) if unit.kind.flies else unit.altitude_m,
        search_speed_mps=min(unit.search_speed_mps, kt_to_mps(task.search_speed_kt)),
    )
    return Task(
        unit=flown,
        pattern=Pattern(task.pattern),
        area=_area_of(path, task),
        commence_search_point=Position(*task.commence_search_point),
        track_spacing_m=nm_to_m(task.track_spacing_nm),
        coverage=task.coverage,
        sweep_widths=_widths_of(task.sweep_width_nm),
        poc=task.poc,
        pod=task.pod,
        pos=task.pos,
        legs=legs,
        departs=legs[0].start_time,
        on_scene=min(leg.start_time for leg in searching),
        off_scene=max(leg.end_time for leg in searching),
        return_by=_return_of(task, legs, unit),
        endurance_until=legs[0].start_time + timedelta(seconds=unit.endurance_s),
        briefing=task.briefing,
        sortie=task.sortie,
        way_home=tuple(Position(*corner) for corner in task.way_home),
    )


def _legs_of(path: Path, task: _Task) -> tuple[TaskLeg, ...]:
    searching = [number for number, leg in enumerate(task.legs) if leg.searching]
    legs = []
    for number, leg in enumerate(task.legs):
        if leg.activity is not None and (leg.activity == "search") != leg.searching:
            refuse(
                path,
                _PURPOSE,
                f'leg {number + 1} of {task.unit} has activity "{leg.activity}" and searching '
                f"{str(leg.searching).lower()}; the two contradict each other",
            )
        between = bool(searching) and searching[0] < number < searching[-1]
        told = Activity.SEARCH if leg.searching else Activity.TURN if between else Activity.TRANSIT
        activity = told if leg.activity is None else Activity(leg.activity)
        legs.append(TaskLeg(Position(*leg.start), Position(*leg.end), leg.start_time, leg.end_time, activity))
    return tuple(legs)


def _area_of(path: Path, task: _Task) -> tuple[Position, ...]:
    """The corners of the outline, not closed."""
    outline, *holes = task.area.coordinates
    if holes:
        refuse(path, _PURPOSE, f"the area of {task.unit} has a hole; an area is one outline")
    corners = outline[:-1] if outline[0] == outline[-1] else outline
    ring = Polygon([(_near(lon, corners[0][0]), lat) for lon, lat in corners]) if len(corners) > 2 else None
    if ring is None or not ring.is_valid or ring.area == 0.0:
        why = "too few corners" if ring is None else shapely.is_valid_reason(ring)
        refuse(path, _PURPOSE, f"the area of {task.unit} is no simple polygon ({why})")
    return tuple(Position(_near(lon, 0.0), lat) for lon, lat in corners)


def _near(lon_deg: float, reference_deg: float) -> float:
    """The same longitude within half a turn of another."""
    return reference_deg + (lon_deg - reference_deg + 180.0) % 360.0 - 180.0


def _widths_of(sweep_width_nm: Mapping[str, float]) -> dict[str, SweepWidth]:
    return {
        key: SweepWidth(nm_to_m(width_nm), nm_to_m(width_nm), (), "as the plan file says")
        for key, width_nm in sweep_width_nm.items()
    }


def _return_of(task: _Task, legs: tuple[TaskLeg, ...], unit: SearchUnit) -> datetime:
    """As the file says; else straight home from the last leg."""
    if task.return_by is not None:
        return task.return_by
    last = legs[-1]
    ends: tuple[Any, ...] = last.end.lon_deg, last.end.lat_deg, unit.home.lon_deg, unit.home.lat_deg
    way_s = float(WGS84.inv(*ends)[2]) / unit.transit_speed_mps
    return last.end_time + timedelta(seconds=way_s)
