"""Every rule can be broken, and a plan that breaks one breaks that one only."""

import itertools
from dataclasses import replace
from datetime import timedelta
from math import acos, hypot, pi

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import FRAME, WINDOW, case, environment, place, ship, unit
from sarex.case.model import DangerArea, Light, Position, Sensor
from sarex.detection.model import SweepWidth
from sarex.geo import LocalFrame
from sarex.planning.model import Activity, Pattern, PlanQuality
from sarex.safety import RULES, PlanRules, check_plan
from sarex.safety.rules import (
    AREA_IN_DANGER,
    DANGER,
    EDGES,
    ENDURANCE,
    LAND,
    LEGS,
    LIGHT,
    OVERLAP,
    READY,
    SHARE,
    SPEEDS,
    STRAYS,
    TURNS,
    WIDTHS,
)
from sarex.safety.rules import WINDOW as IN_WINDOW
from sarex.safety.seeing import MODEST
from sarex.safety.together import nearest_meeting
from sarex.tasking import SearchActionPlan, Task, TaskLeg

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
        flown_m = hypot(b[0] - a[0], b[1] - a[1])
        if activity is Activity.TURN:  # two quarter circles and what is left of the spacing between them
            flown_m += (pi - 2.0) * searcher.turn_radius_m
        until = at + timedelta(seconds=flown_m / speed)
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
    assert tuple(rule.rule for rule in rules) == RULES
    for rule in rules:
        assert rule.violations == len(rule.details) == len(rule.found)
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


MARGIN_M, PADDING = 500.0, timedelta(minutes=5)
# boxes of 100 m beyond the end of the ladder's area (x = 4500, legs end at 4000), in and out of its margin
NEAR = {"polygon": tuple(place(*at) for at in ((4900, 450), (5000, 450), (5000, 550), (4900, 550)))}
CLEAR = {"polygon": tuple(place(*at) for at in ((5050, 450), (5150, 450), (5150, 550), (5050, 550)))}
ARRIVES = timedelta(seconds=hypot(36_000.0, 2000.0) / 66.0)
"""On scene, nine minutes after the window opens."""


def test_the_way_home_keeps_out_of_danger_areas() -> None:
    """Straight home along the way it came, through an area that becomes active when it leaves the scene."""
    task = ladder_task(HELICOPTER)
    last, home = task.legs[-1].end, task.unit.home
    middle = 0.5 * (last.lon_deg + home.lon_deg), 0.5 * (last.lat_deg + home.lat_deg)
    corners = ((-0.05, -0.05), (0.05, -0.05), (0.05, 0.05), (-0.05, 0.05))
    polygon = tuple(Position(middle[0] + east, middle[1] + north) for east, north in corners)
    opens = task.off_scene + timedelta(minutes=6)
    area = danger(polygon=polygon, active_from=opens, active_until=opens + timedelta(hours=2))
    assert broken(task, given=case(danger_areas=(area,))) == {DANGER}
    round_it = Position(middle[0], middle[1] + 0.3)
    assert broken(replace(task, way_home=(last, round_it, home)), given=case(danger_areas=(area,))) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {DANGER, AREA_IN_DANGER}),
        (NEAR, {AREA_IN_DANGER}),
        (CLEAR, set()),
        # the helicopter flies at 152.4 m, and areas reach 152.4 m higher and lower than they say
        ({"ceiling_m": 10.0}, {DANGER, AREA_IN_DANGER}),
        ({"floor_m": 300.0}, {DANGER, AREA_IN_DANGER}),
        ({"floor_m": 310.0}, set()),
        ({"active_from": WINDOW.end - timedelta(minutes=1)}, set()),
        ({"active_until": WINDOW.start + ARRIVES - PADDING - timedelta(seconds=10)}, set()),
        ({"active_until": WINDOW.start + ARRIVES - PADDING + timedelta(seconds=10)}, {AREA_IN_DANGER}),
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


def test_nearer_to_the_edge_than_half_a_spacing() -> None:
    """The outer legs run 2000 m from the middle; half a spacing is 500 m."""
    task = ladder_task(HELICOPTER)
    for half_m, expected in ((2500.0, set()), (2400.0, {EDGES})):
        corners = ((-4500, -half_m), (4500, -half_m), (4500, half_m), (-4500, half_m))
        assert broken(replace(task, area=tuple(place(*corner) for corner in corners))) == expected


def test_areas_may_follow_each_other_after_ten_minutes() -> None:
    task = ladder_task(HELICOPTER)
    on_scene = task.off_scene - task.on_scene
    for minutes, expected in ((11, set()), (9, {OVERLAP})):
        by = on_scene + timedelta(minutes=minutes)
        second = ladder_task(unit("Second", endurance_s=8 * 3600.0))
        legs = tuple(
            replace(leg, start_time=leg.start_time + by, end_time=leg.end_time + by) for leg in second.legs
        )
        hours = {
            name: getattr(second, name) + by for name in ("departs", "on_scene", "off_scene", "return_by")
        }
        assert broken(task, replace(second, legs=legs, **hours)) == expected


def test_a_turn_that_a_slower_turner_could_not_make() -> None:
    """At 46 m/s and 1000 m apart the radius of 400 m takes 31.7 s; one of 520 m, on a bulb of
    r (pi + 4 acos((2 r + S) / 4 r)), 44.4 s, one of 1000 m 131 s."""
    for radius_m, expected in ((400.0, set()), (410.0, set()), (520.0, {TURNS}), (1000.0, {TURNS})):
        task = ladder_task(HELICOPTER)
        wider = replace(task, unit=replace(HELICOPTER, turn_radius_m=radius_m))
        checks = check_plan(case(), environment(), action_plan(wider))
        assert {check.rule for check in checks if check.violations} == expected
        if radius_m == 1000.0:
            found = next(check.found for check in checks if check.rule == TURNS)
            missing_s = 1000.0 * (pi + 4.0 * acos(0.75)) / 46.0 - 31.7
            assert found[0].amount == pytest.approx(missing_s, rel=0.05)


def test_how_near_two_tracks_come() -> None:
    """One goes east at 10 m/s, the other north through a point ahead of it: worked out by hand."""
    east = np.array([[0.0, 0.0, 1000.0, 0.0, 0.0, 100.0]])
    north = np.array([[500.0, -600.0, 500.0, 0.0, 0.0, 60.0], [500.0, 0.0, 500.0, 400.0, 60.0, 100.0]])
    # apart (500 - 10 t, -600 + 10 t): nearest where both are 50 m, at t = 55
    apart_m, at_s, x_m, y_m = nearest_meeting(east, north)
    assert (apart_m, at_s) == pytest.approx((np.hypot(50.0, 50.0), 55.0))
    assert (x_m, y_m) == pytest.approx((525.0, -25.0))
    later = north + np.array([0, 0, 0, 0, 200.0, 200.0])
    assert nearest_meeting(east, later) is None


def test_advice_is_no_violation() -> None:
    """Side by side at one height, one creeping north, the other south."""
    first, second = ladder_task(HELICOPTER), ladder_task(unit("Second"), (0.0, 5200.0))
    turned = tuple(
        replace(leg, start=place(*mirrored(leg.start)), end=place(*mirrored(leg.end))) for leg in second.legs
    )
    opposed = replace(second, legs=turned, commence_search_point=turned[1].start)
    plan = action_plan(first, opposed)
    rules = PlanRules(case(), environment())
    told = {advice.advice for advice in rules.advise(plan)} - {MODEST}
    assert told == {
        "adjacent aircraft search at one height",
        "adjacent areas are crept through in opposite senses",
    }
    assert not [check for check in rules.check(plan) if check.violations and check.rule not in (LEGS, READY)]
    same = rules.advise(action_plan(first, second))
    assert {advice.advice for advice in same} - {MODEST} == {"adjacent aircraft search at one height"}


def mirrored(position, y_m=5200.0):
    """On the other side of the line y = y_m, legs flown from there."""
    x, y = (float(v) for v in FRAME.to_xy_m(position.lon_deg, position.lat_deg))
    return x, 2 * y_m - y


def test_aircraft_in_transit_that_meet_are_told_of() -> None:
    """From bases north and south of the area, each to the other side: they meet half way, and at two
    heights they do not."""
    north = unit("North", position=place(-30_000.0, 20_000.0))
    for height_m, expected in ((152.4, 1), (304.8, 0)):
        south = unit("South", position=place(-30_000.0, -20_000.0), altitude_m=height_m)
        plan = action_plan(
            ladder_task(north, (10_000.0, -12_000.0)), ladder_task(south, (10_000.0, 16_000.0))
        )
        crossing = [a for a in PlanRules(case(), environment()).advise(plan) if "transit" in a.advice]
        assert len(crossing) == expected
        for advice in crossing:
            assert advice.amount < 1852.0
            assert WINDOW.start < advice.at < WINDOW.start + timedelta(minutes=12)


def test_a_width_and_light_of_two_sensors() -> None:
    """A helicopter with a lookout by day and an infrared camera by night searches from 10:30 UTC, at 37 N
    132 E shortly after sunset: only the camera's width may be counted on."""
    camera = Sensor("infrared", {"LIFE-RAFT-DB-10": 300.0}, Light.NIGHT)
    both = unit(light=Light.DAY, other_sensors=(camera,))
    given = case(units=(both,))
    for width_m, expected in ((300.0, set()), (400.0, {WIDTHS})):
        task = replace(
            ladder_task(both), sweep_widths={"LIFE-RAFT-DB-10": SweepWidth(width_m, width_m, (), "x")}
        )
        assert broken(task, given=given) == expected
    lookout = unit(light=Light.DAY)
    task = replace(ladder_task(lookout), sweep_widths={"LIFE-RAFT-DB-10": SweepWidth(9.0, 9.0, (), "x")})
    assert broken(task, given=case(units=(lookout,))) == {LIGHT}


def test_a_narrower_width_is_advised_against_and_no_violation() -> None:
    """Crews gave 300 m for a raft and 100 m for a person: so much is right, less is told, none too."""
    crews = {"LIFE-RAFT-DB-10": 300.0, "PIW-1": 100.0}
    searcher = unit(sweep_width_m=crews)
    given = case(units=(searcher,))
    for claimed, expected in (
        (crews, []),
        ({**crews, "LIFE-RAFT-DB-10": 298.5}, []),
        ({**crews, "LIFE-RAFT-DB-10": 200.0}, [("LIFE-RAFT-DB-10", 100.0)]),
        ({"PIW-1": 100.0}, [("LIFE-RAFT-DB-10", 300.0)]),
    ):
        widths = {key: SweepWidth(width_m, width_m, (), "x") for key, width_m in claimed.items()}
        task = replace(ladder_task(searcher), sweep_widths=widths)
        assert broken(task, given=given) == set()
        told = [a for a in PlanRules(given, environment()).advise(action_plan(task)) if a.advice == MODEST]
        for advice, (key, off_m) in zip(told, expected, strict=True):
            assert key in advice.sentence
            assert advice.amount == pytest.approx(off_m)
            assert advice.units == (searcher.name,)
    wide = {"LIFE-RAFT-DB-10": SweepWidth(310.0, 310.0, (), "x")}
    assert broken(replace(ladder_task(searcher), sweep_widths=wide), given=given) == {WIDTHS}
