"""Who can search, on which sortie, in what light, and round what: by hand-made seas and by the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from shapely import LineString, Polygon

from builders_sea import (
    FRAME,
    QUIET,
    SMALL,
    WINDOW,
    case,
    environment,
    last_known,
    place,
    scenario,
    ship,
    unit,
)  # fmt: skip
from sarex.case.model import DangerArea, Light, SearchWindow, Sensor, Shoal
from sarex.detection.model import SweepWidth
from sarex.drift import drift_ensemble
from sarex.environment.light import RISE_AND_SET_DEG, sun_elevation_deg
from sarex.planning import Belief, plan_search
from sarex.planning.crews import Scene, crew_of, light_throughout, muster
from sarex.planning.model import Pattern
from sarex.planning.passage import way_length_m
from sarex.planning.sea_room import Charts
from sarex.planning.sortie import Shape, fly
from sarex.safety import check_plan
from sarex.tasking import issue_tasks

HOUR = 3600.0
HERE = place(0.0, 0.0)
SCENE = Scene((0.0, 0.0), (HERE,), 6.0)
WINDOW_S = WINDOW.start.timestamp(), WINDOW.end.timestamp()
LADDER = Shape(Pattern.PARALLEL_SWEEP, 0.0, 0.0, 0.0, 9000.0, 900.0)


def crews_of(*units, sea=None, scene=SCENE, **changes):
    crews, unused = muster(case(units=units, **changes), sea or environment(), scene)
    return crews, {idle.unit.name: idle.why for idle in unused}


def belief_of(given, sea):
    return Belief(*(
        drift_ensemble(given, sea, until=given.window.end, purpose=p) for p in ("reported", "rehearsal")
    ))  # fmt: skip


def window_of(hours):
    return SearchWindow(WINDOW.start, WINDOW.start + timedelta(hours=hours))


# sorties


def test_sorties_follow_each_other_by_endurance_and_turnaround() -> None:
    searcher = unit(sorties=9, endurance_s=3 * HOUR, turnaround_s=0.5 * HOUR, home=place(-20_000.0, 0.0))
    crews, unused = crews_of(searcher, window=window_of(10))
    begin_s = WINDOW_S[0]
    assert [crew.sortie for crew in crews] == [1, 2, 3]
    assert [crew.departs_s - begin_s for crew in crews] == [0.0, 3.5 * HOUR, 7.0 * HOUR]
    assert [crew.endurance_until_s - crew.departs_s for crew in crews] == [3 * HOUR] * 3
    assert [round(crew.start[0]) for crew in crews] == [-40_000, -20_000, -20_000]
    assert unused == {}


def test_no_more_sorties_than_the_unit_makes() -> None:
    searcher = unit(sorties=2, endurance_s=1 * HOUR, turnaround_s=0.5 * HOUR)
    crews, _ = crews_of(searcher, window=window_of(10))
    assert [crew.sortie for crew in crews] == [1, 2]


def test_a_plan_with_two_sorties_keeps_the_rules_and_finds_more() -> None:
    once = unit(endurance_s=2 * HOUR, turnaround_s=1 * HOUR, sweep_width_m={"LIFE-RAFT-DB-10": 400.0})
    pos = []
    for searcher in (once, replace(once, sorties=2)):
        given = case(units=(searcher,), window=window_of(6))
        sea = environment((0.2, 0.1), (4.0, 0.0))
        plan = plan_search(given, sea, belief_of(given, sea), SMALL)
        issued = issue_tasks(given, FRAME, plan)
        assert [rule for rule in check_plan(given, sea, issued) if rule.violations] == []
        assert [task.sortie for task in issued.tasks] == list(range(1, searcher.sorties + 1))
        assert plan.unused == ()
        pos.append(plan.quality.pos)
    assert issued.tasks[1].departs >= issued.tasks[0].return_by + timedelta(hours=1)
    assert issued.tasks[1].briefing.startswith("Sortie 2")
    assert issued.name_of(issued.tasks[1]) == "Helicopter, sortie 2"
    assert pos[1] > pos[0] + 0.02


# light


NIGHT_SENSOR = Sensor("infrared", {"LIFE-RAFT-DB-10": 1500.0}, Light.NIGHT)


def sunset_s():
    """First minute after noon (3 h UTC) with the sun below the horizon."""
    noon_s = datetime(2026, 5, 1, 3, tzinfo=UTC).timestamp()
    minutes_s = noon_s + 60.0 * np.arange(0, 900)
    return float(minutes_s[np.argmax(sun_elevation_deg(minutes_s, HERE) < RISE_AND_SET_DEG)])


def test_the_window_of_these_tests_begins_by_day_and_ends_by_night() -> None:
    assert WINDOW_S[0] - 2 * HOUR < sunset_s() < WINDOW_S[0] + 4 * HOUR


def test_who_sees_alike_by_day_and_night_is_not_bound_by_light() -> None:
    ((crew,), _) = crews_of(unit(), window=window_of(12))
    assert (crew.search_from_s, crew.leave_by_s) == (WINDOW_S[0], WINDOW_S[0] + 12 * HOUR)


def test_a_crew_works_in_the_light_in_which_it_sweeps_most() -> None:
    """Five hours of day with W 1500 m against nine of night with the other sensor: its width decides."""
    begin = datetime.fromtimestamp(sunset_s() - 5 * HOUR, UTC)
    window = SearchWindow(begin, begin + timedelta(hours=14))
    for night_m, expected in ((500.0, Light.DAY), (1400.0, Light.NIGHT)):
        searcher = unit(
            light=Light.DAY,
            sweep_width_m={"LIFE-RAFT-DB-10": 1500.0},
            other_sensors=(replace(NIGHT_SENSOR, sweep_width_m={"LIFE-RAFT-DB-10": night_m}),),
            endurance_s=14 * HOUR,
            available_from=begin,
        )
        ((crew,), _) = crews_of(searcher, window=window)
        if expected is Light.DAY:
            assert crew.width_m.tolist() == [1500.0]
            assert crew.search_from_s == begin.timestamp()
            assert crew.leave_by_s == pytest.approx(sunset_s(), abs=60.0)
        else:
            assert crew.width_m.tolist() == [night_m]
            assert crew.search_from_s == pytest.approx(sunset_s(), abs=60.0)
            assert crew.leave_by_s == window.end.timestamp() or crew.leave_by_s > sunset_s() + 6 * HOUR


def test_who_works_by_night_only_waits_for_the_night_and_keeps_the_rules() -> None:
    begin = datetime.fromtimestamp(sunset_s() - 2 * HOUR, UTC)
    window = SearchWindow(begin, begin + timedelta(hours=5))
    searcher = unit(
        light=Light.NIGHT, sensor="infrared", sweep_width_m={"LIFE-RAFT-DB-10": 1500.0},
        endurance_s=5 * HOUR, available_from=begin,
    )  # fmt: skip
    given = case(units=(searcher,), window=window)
    sea = environment()
    plan = plan_search(given, sea, belief_of(given, sea), SMALL)
    issued = issue_tasks(given, FRAME, plan)
    assert [rule.details for rule in check_plan(given, sea, issued) if rule.violations] == []
    (task,) = issued.tasks
    assert task.on_scene.timestamp() >= sunset_s() - 60.0
    assert task.legs[0].start_time > begin + timedelta(hours=1)


def test_who_meets_no_light_for_its_sensors_is_told_when_it_comes() -> None:
    begin = datetime.fromtimestamp(sunset_s() - 6 * HOUR, UTC)
    window = SearchWindow(begin, begin + timedelta(hours=3))
    owl, lark = unit("Owl", light=Light.NIGHT, available_from=begin), unit("Lark", available_from=begin)
    crews, why = crews_of(owl, lark, window=window)
    assert [crew.unit.name for crew in crews] == ["Lark"]
    told = datetime.fromtimestamp(60.0 * round(sunset_s() / 60.0), UTC)
    assert "none of its sensors works by day: night falls at" in why["Owl"]
    assert any(f"{told + timedelta(minutes=m):%d %b %H:%M} UTC" in why["Owl"] for m in (-1, 0, 1))
    assert f"{window.end:%d %b %H:%M} UTC" in why["Owl"]


def test_light_counts_where_it_is_the_same_all_over_the_cloud() -> None:
    """Eight degrees of longitude are 32 minutes of the sun: twilight is neither day nor night."""
    east, west = place(350_000.0, 0.0), place(-350_000.0, 0.0)
    spans = light_throughout(sunset_s() - 3 * HOUR, sunset_s() + 3 * HOUR, (east, west))
    assert [light for *_, light in spans] == [Light.DAY, Light.NIGHT]
    apart_s = (east.lon_deg - west.lon_deg) * 240.0
    assert spans[1][0] - spans[0][1] == pytest.approx(apart_s, abs=180.0)


def test_weather_keeps_who_cannot_stand_it_in_port() -> None:
    crews, why = crews_of(unit("Drone", most_wind_mps=5.0), unit("Big", most_wind_mps=20.0))
    assert [crew.unit.name for crew in crews] == ["Big"]
    assert why["Drone"].startswith("the weather keeps it in port")


# shoals


GIVEN = {"LIFE-RAFT-DB-10": 800.0}
BANK = Polygon([(-15_000, -12_000), (-9000, -12_000), (-9000, 30_000), (-15_000, 30_000)])


def shoal(depth_m):
    return Shoal("Bank", tuple(place(*corner) for corner in BANK.exterior.coords[:-1]), depth_m)


@pytest.mark.parametrize(
    ("searcher", "goes_round"),
    [
        (ship(draught_m=5.0, sweep_width_m=GIVEN), True),
        (ship(draught_m=6.5, sweep_width_m=GIVEN), True),
        (ship(draught_m=4.9, sweep_width_m=GIVEN), False),
        (ship(sweep_width_m=GIVEN), False),
        (unit(sweep_width_m=GIVEN), False),
    ],
)
def test_a_shoal_is_closed_to_what_draws_as_much(searcher, goes_round) -> None:
    ((crew,), _) = crews_of(searcher, shoals=(shoal(5.0),))
    way = crew.way_out((0.0, 0.0), WINDOW_S[0] + 10 * HOUR)
    assert LineString(way).intersects(BANK) is not goes_round
    if goes_round:
        shortest_m = np.hypot(25_000.0, 12_000.0) + 6000.0 + np.hypot(9000.0, 12_000.0)
        assert shortest_m <= way_length_m(way) <= 1.1 * shortest_m
    over_it = replace(LADDER, x_m=-12_000.0, length_m=3000.0)
    flown = fly(replace(crew, leave_by_s=WINDOW_S[0] + 9 * HOUR), over_it, (0.0, 0.0))
    assert (flown is None) is goes_round


# danger areas in time


def danger(box, since, until, **changes):
    corners = tuple(place(*corner) for corner in box.exterior.coords[:-1])
    return replace(DangerArea("Firing", corners, since, until, 0.0, 2000.0), **changes)


EVERYWHERE = Polygon([(-25_000, -25_000), (25_000, -25_000), (25_000, 25_000), (-25_000, 25_000)])
WALL = Polygon([(-25_000, -60_000), (-20_000, -60_000), (-20_000, 60_000), (-25_000, 60_000)])
WIDTHS = {"LIFE-RAFT-DB-10": SweepWidth(400.0, 400.0, (), "hand-made")}


def crew_in(*areas, searcher=None):
    sea = environment()
    return crew_of(searcher or unit(), sea, Charts(sea, areas), WINDOW_S, WIDTHS, tuple(WIDTHS))


def minutes(count):
    return WINDOW.start + timedelta(minutes=count)


def test_an_area_that_closes_as_the_unit_sets_out_costs_the_wait_alone() -> None:
    """Active until a minute after: with five of padding it is searched seven minutes later at the most."""
    area = danger(EVERYWHERE, minutes(-600), minutes(1))
    free, late = (fly(crew, LADDER, (0.0, 0.0)) for crew in (crew_in(), crew_in(area)))
    assert late is not None
    assert late.legs[0, 4] >= minutes(6).timestamp()
    assert late.legs[0, 4] - free.legs[0, 4] < 7 * 60.0
    assert late.searching.shape[0] >= 0.9 * free.searching.shape[0]


def test_an_area_that_opens_later_is_searched_before() -> None:
    opens = minutes(90)
    track = fly(crew_in(danger(EVERYWHERE, opens, minutes(600))), LADDER, (0.0, 0.0))
    assert track is not None
    assert track.legs[-1, 5] <= opens.timestamp() - 300.0
    assert fly(crew_in(danger(EVERYWHERE, minutes(-10), minutes(600))), LADDER, (0.0, 0.0)) is None


def test_a_way_that_is_closed_for_a_while_is_waited_for_if_that_is_sooner() -> None:
    """Round the wall takes 2 x hypot(40, 60) km; ten minutes of waiting are less."""
    soon, long = (crew_in(danger(WALL, minutes(-60), minutes(m))) for m in (10, 170))
    straight_s = 40_000.0 / 66.0
    assert soon.earliest_s((0.0, 0.0)) == pytest.approx(minutes(15).timestamp() + straight_s, abs=2.0)
    assert len(soon.way_out((0.0, 0.0), soon.earliest_s((0.0, 0.0)))) == 2
    round_s = long.earliest_s((0.0, 0.0)) - WINDOW_S[0]
    shortest_m = 2 * np.hypot(20_000.0, 60_500.0) + 5000.0
    assert 0.95 * shortest_m <= round_s * 66.0 <= 1.1 * shortest_m
    way = long.way_out((0.0, 0.0), long.earliest_s((0.0, 0.0)))
    assert not LineString(way).intersects(WALL.buffer(499.0))


def test_the_way_home_keeps_clear_of_what_opens_meanwhile() -> None:
    """Straight home takes ten minutes: left 20 minutes before, the wall is passed; ten before, it is not."""
    crew = crew_in(danger(WALL, minutes(100), minutes(600)))
    assert way_length_m(crew.way_home((0.0, 0.0), minutes(90).timestamp())) > 100_000.0
    early = crew.way_home((0.0, 0.0), minutes(80).timestamp())
    assert way_length_m(early) == pytest.approx(40_000.0, rel=1e-3)
    assert early[-1] == crew.home


def test_an_area_that_ends_a_minute_after_a_unit_is_free_does_not_halve_its_plan() -> None:
    sea, pos = environment(), []
    for areas in ((), (danger(EVERYWHERE, minutes(-600), minutes(1)),)):
        given = case(
            scenario(last_known()), danger_areas=areas, drift=QUIET,
            units=(unit(sweep_width_m={"LIFE-RAFT-DB-10": 400.0}),),
        )  # fmt: skip
        plan = plan_search(given, sea, belief_of(given, sea), SMALL)
        issued = issue_tasks(given, FRAME, plan)
        assert [rule.details for rule in check_plan(given, sea, issued) if rule.violations] == []
        pos.append(plan.quality.pos)
    assert pos[1] > 0.85 * pos[0]
