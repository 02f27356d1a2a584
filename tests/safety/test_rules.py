"""Every rule can be broken, and a plan that breaks one breaks that one only."""

import itertools
from dataclasses import replace
from datetime import timedelta
from math import hypot

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import FRAME, WINDOW, case, environment, place, ship, unit
from sarex.case.model import DangerArea
from sarex.detection.model import SweepWidth
from sarex.geo import LocalFrame
from sarex.planning.model import Activity, Pattern, PlanQuality
from sarex.safety import check_plan
from sarex.tasking import SearchActionPlan, Task, TaskLeg

LEGS = "legs follow one another in time and place"
IN_WINDOW = "searching lies within the search window"
SPEEDS = "speeds are the unit's own"
ENDURANCE = "endurance holds the way home"
SHARE = "search time is at most 0.85 of the time on scene"
LAND = "no searching over land, no ship on land"
DANGER = "no leg through an active danger area"
AREA_IN_DANGER = "no search area in an active danger area"
OVERLAP = "no two areas overlap at the same height"
STRAYS = "the searching lies in the unit's own area"
WIDTH = {"PIW-1": SweepWidth(200.0, 200.0, (), "hand-made")}
LENGTH_M, SPACING_M, RUNGS = 8000.0, 1000.0, 5


def ladder_task(searcher, middle=(0.0, 0.0), frame=FRAME) -> Task:
    """A transit and a ladder of five legs of 8 km, one kilometre apart, with its times worked out by hand."""
    x, y = middle
    points = [tuple(float(v) for v in frame.to_xy_m(searcher.position.lon_deg, searcher.position.lat_deg))]
    for rung in range(RUNGS):
        level = y + (rung - (RUNGS - 1) / 2) * SPACING_M
        ends = [(x - LENGTH_M / 2, level), (x + LENGTH_M / 2, level)]
        points += ends if rung % 2 == 0 else ends[::-1]
    legs, at = [], WINDOW.start
    for number, (a, b) in enumerate(itertools.pairwise(points)):
        activity = Activity.TRANSIT if number == 0 else (Activity.SEARCH if number % 2 else Activity.TURN)
        speed = searcher.transit_speed_mps if number == 0 else searcher.search_speed_mps
        until = at + timedelta(seconds=hypot(b[0] - a[0], b[1] - a[1]) / speed)
        legs.append(TaskLeg(place(*a, frame), place(*b, frame), at, until, activity))
        at = until
    half = LENGTH_M / 2 + SPACING_M / 2, RUNGS * SPACING_M / 2
    corners = [(x + i * half[0], y + j * half[1]) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    home_s = hypot(points[-1][0] - points[0][0], points[-1][1] - points[0][1]) / searcher.transit_speed_mps
    return Task(
        unit=searcher,
        pattern=Pattern.PARALLEL_SWEEP,
        area=tuple(place(*corner, frame) for corner in corners),
        commence_search_point=legs[1].start,
        track_spacing_m=SPACING_M,
        coverage=0.2,
        sweep_widths=WIDTH,
        poc=0.5,
        pod=0.2,
        pos=0.1,
        legs=tuple(legs),
        departs=WINDOW.start,
        on_scene=legs[1].start_time,
        off_scene=at,
        return_by=at + timedelta(seconds=home_s),
        endurance_until=WINDOW.start + timedelta(seconds=searcher.endurance_s),
        briefing="",
    )


def action_plan(*tasks) -> SearchActionPlan:
    quality = PlanQuality(0.1, 0.05, 0.2, 0.5, 0.3, 0.4, 0.1)
    return SearchActionPlan("T", "T", True, 1, WINDOW.start, WINDOW.end, tasks, (), quality, 5.0)


def broken(*tasks, given=None, sea=None) -> set[str]:
    rules = check_plan(given or case(), sea or environment(), action_plan(*tasks))
    assert len(rules) == 10
    for rule in rules:
        assert rule.violations == len(rule.details)
    return {rule.rule for rule in rules if rule.violations}


HELICOPTER = unit()
HIGHER = unit("Higher", altitude_m=304.8)


def changed_leg(task, number, **changes) -> Task:
    legs = list(task.legs)
    legs[number] = replace(legs[number], **changes)
    return replace(task, legs=tuple(legs))


def test_a_good_plan_breaks_nothing() -> None:
    """Two aircraft 500 ft apart over one area, and a ship beside it."""
    vessel = ship(position=place(0.0, 30_000.0), search_speed_mps=12.0, transit_speed_mps=14.0)
    tasks = ladder_task(HELICOPTER), ladder_task(HIGHER), ladder_task(vessel, (0.0, 12_000.0))
    assert broken(*tasks) == set()
    assert broken() == set()


def test_a_gap_in_time() -> None:
    task = ladder_task(HELICOPTER)
    late = task.legs[3].start_time + timedelta(seconds=2)
    assert broken(changed_leg(task, 3, start_time=late)) == {LEGS}


def test_a_gap_in_place() -> None:
    task = ladder_task(HELICOPTER)
    (x,), (y,) = (v.reshape(1) for v in FRAME.to_xy_m(task.legs[2].end.lon_deg, task.legs[2].end.lat_deg))
    assert broken(changed_leg(task, 2, end=place(x - 60.0, y))) == {LEGS}


@pytest.mark.parametrize(
    "changes",
    [{"departs": WINDOW.start - timedelta(minutes=5)}, {"off_scene": WINDOW.end + timedelta(minutes=1)}],
)
def test_outside_the_window(changes) -> None:
    assert IN_WINDOW in broken(replace(ladder_task(HELICOPTER), **changes))


def test_too_fast_to_search() -> None:
    slower = replace(HELICOPTER, search_speed_mps=0.95 * HELICOPTER.search_speed_mps)
    assert broken(replace(ladder_task(HELICOPTER), unit=slower)) == {SPEEDS}


def test_too_fast_in_transit() -> None:
    slower = replace(HELICOPTER, transit_speed_mps=0.95 * HELICOPTER.transit_speed_mps)
    assert broken(replace(ladder_task(HELICOPTER), unit=slower)) == {SPEEDS}


def test_home_too_late_by_its_own_word() -> None:
    task = ladder_task(HELICOPTER)
    late = WINDOW.start + timedelta(seconds=HELICOPTER.endurance_s + 60)
    assert ENDURANCE in broken(replace(task, return_by=late))


def test_home_too_far_whatever_it_says() -> None:
    """The straight way home is checked too: a plan that promises to be home at once is not believed."""
    far = replace(HELICOPTER, home=place(140_000.0, 0.0), endurance_s=2700.0)
    task = ladder_task(far)
    assert ENDURANCE in broken(replace(task, return_by=task.off_scene + timedelta(seconds=1)))


def test_searching_all_the_time_on_scene() -> None:
    """Window ends ten minutes after the last leg: more than 0.85 is searching, whatever the endurance."""
    task = ladder_task(HELICOPTER)
    on_scene_s = (task.off_scene - task.on_scene).total_seconds()
    for spare, expected in ((0.10, {SHARE}), (0.20, set())):
        until = task.off_scene + timedelta(seconds=spare * on_scene_s)
        plan = replace(action_plan(task), window_end=until)
        found = {rule.rule for rule in check_plan(case(), environment(), plan) if rule.violations}
        assert found == expected


ISLET = Polygon([(-300, 1900), (300, 1900), (300, 2100), (-300, 2100)])


def test_searching_over_land() -> None:
    assert broken(ladder_task(HELICOPTER), sea=environment(islands_xy_m=[ISLET])) == {LAND}


def test_an_aircraft_may_pass_over_land_and_a_ship_may_not() -> None:
    between = Polygon([(-16_000, -8000), (-15_000, -8000), (-15_000, 8000), (-16_000, 8000)])
    sea = environment(islands_xy_m=[between])
    vessel = ship(position=HELICOPTER.position, search_speed_mps=12.0, transit_speed_mps=14.0)
    assert broken(ladder_task(HELICOPTER), sea=sea) == set()
    assert broken(ladder_task(vessel), sea=sea) == {LAND}


def test_a_berth_is_no_land_but_the_island_behind_it_is() -> None:
    vessel = ship(position=HELICOPTER.position, search_speed_mps=12.0, transit_speed_mps=14.0)
    mole = Polygon([(-40_020, -500), (-39_200, -500), (-39_200, 500), (-40_020, 500)])
    long_mole = Polygon([(-40_020, -500), (-35_000, -500), (-35_000, 500), (-40_020, 500)])
    assert broken(ladder_task(vessel), sea=environment(islands_xy_m=[mole])) == set()
    assert broken(ladder_task(vessel), sea=environment(islands_xy_m=[long_mole])) == {LAND}


def test_land_is_seen_across_the_dateline_and_only_there() -> None:
    """Legs from 179.9 E to 179.9 W: an islet under them counts, one on the far side of the world does not."""
    frame = LocalFrame(180.0, -17.0)
    aircraft = unit(position=place(-40_000.0, 0.0, frame))
    task = ladder_task(aircraft, frame=frame)
    longitudes = [leg.start.lon_deg for leg in task.legs]
    assert min(longitudes) < -179.0
    assert max(longitudes) > 179.0
    assert broken(task, sea=environment(frame=frame, islands_xy_m=[ISLET])) == {LAND}
    elsewhere = Polygon([(-300, 20_000), (300, 20_000), (300, 20_200), (-300, 20_200)])
    far = environment(frame=frame, islands_xy_m=[elsewhere])
    ring = np.array([(0.0, -17.5), (1.0, -17.5), (1.0, -16.5), (0.0, -16.5)])
    half_round = replace(far.coast, polygons=far.coast.polygons.union(Polygon(ring)))
    several = half_round.polygons.geoms
    assert len(several) == 2
    assert broken(task, sea=replace(far, coast=half_round)) == set()


def test_a_long_leg_is_checked_where_it_is_flown() -> None:
    """300 km east to west at 62 N: straight in the plane, 3 km off the line on a chart of degrees."""
    frame = LocalFrame(4.0, 62.0)
    task = ladder_task(unit(position=place(-40_000.0, 0.0, frame)), frame=frame)
    leg = TaskLeg(
        place(-150_000.0, 0.0, frame), place(150_000.0, 0.0, frame), task.legs[1].start_time,
        task.legs[1].start_time + timedelta(hours=2), Activity.SEARCH,
    )  # fmt: skip
    long_one = replace(task, legs=(leg,))
    for north_m, crossed in ((0.0, True), (-3200.0, False)):
        islet = Polygon(
            [(-300, north_m - 200), (300, north_m - 200), (300, north_m + 200), (-300, north_m + 200)]
        )
        sea = environment(frame=frame, islands_xy_m=[islet], half_m=160_000.0)
        assert (LAND in broken(long_one, sea=sea)) is crossed


def danger(**changes) -> DangerArea:
    corners = ((-500, 1700), (500, 1700), (500, 2300), (-500, 2300))
    values = {
        "name": "Firing area",
        "polygon": tuple(place(*corner) for corner in corners),
        "active_from": WINDOW.start,
        "active_until": WINDOW.end,
        "floor_m": 0.0,
        "ceiling_m": 1500.0,
    }
    return DangerArea(**{**values, **changes})


# a box of 100 m that no leg crosses, inside the area of the ladder
BETWEEN_LEGS = {"polygon": tuple(place(*at) for at in ((-50, 450), (50, 450), (50, 550), (-50, 550)))}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {DANGER, AREA_IN_DANGER}),
        (BETWEEN_LEGS, {AREA_IN_DANGER}),
        ({"ceiling_m": 100.0}, set()),
        ({"floor_m": 200.0}, set()),
        ({"active_from": WINDOW.end - timedelta(minutes=1)}, set()),
        ({"active_until": WINDOW.start + timedelta(minutes=5)}, set()),
    ],
)
def test_through_a_danger_area(changes, expected) -> None:
    assert broken(ladder_task(HELICOPTER), given=case(danger_areas=(danger(**changes),))) == expected


@pytest.mark.parametrize(
    ("height_m", "middle", "expected"),
    [
        (152.4, (0.0, 4500.0), {OVERLAP}),
        (152.4, (0.0, 5100.0), set()),
        (290.0, (0.0, 4500.0), {OVERLAP}),
        (304.8, (0.0, 0.0), set()),
    ],
)
def test_overlapping_areas(height_m, middle, expected) -> None:
    """Areas are 9 by 5 km; heights must differ by 500 ft (152.4 m)."""
    second = unit("Second", altitude_m=height_m)
    assert broken(ladder_task(HELICOPTER), ladder_task(second, middle)) == expected


def test_leaving_the_area() -> None:
    task = ladder_task(HELICOPTER)
    smaller = tuple(place(x, y) for x, y in ((-4500, -1900), (4500, -1900), (4500, 2500), (-4500, 2500)))
    assert broken(replace(task, area=smaller)) == {STRAYS}
