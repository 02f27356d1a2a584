"""Simulated crews: how often they find, what turns them back, and that nothing reaches into the past."""

import math
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from scipy import stats
from shapely import LineString, box

from builders_sea import FRAME, START, WINDOW, case, environment, place, ship, unit
from sarex.case.model import Conditions, DangerArea
from sarex.detection.model import SweepWidth
from sarex.drift.ensemble import Status
from sarex.errors import PlanError
from sarex.exercise.crews.crew import (
    AS_BRIEFED,
    USUAL,
    BreaksDown,
    BrokeDown,
    Cancelled,
    Detected,
    Disproved,
    Duty,
    FalselySeen,
    Home,
    Misled,
    NotFound,
    OffScene,
    OnScene,
    Order,
    RadioDead,
    Recovered,
    SightingReported,
    SightingWithdrawn,
    Stayed,
    Told,
    TrackReported,
    TurnedBack,
    UnderWay,
    Weather,
    WeatherTurns,
)
from sarex.exercise.crews.draws import Draws
from sarex.exercise.crews.flight import sortie_script
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.crews.weather import weather_of
from sarex.exercise.model import Force, Words
from sarex.exercise.path import TruePath, TypeSince
from sarex.geo import WGS84
from sarex.planning.model import Activity, Pattern
from sarex.tasking.model import Task, TaskLeg

RAFT = "LIFE-RAFT-DB-10"
CALM = Weather(Conditions(18_520.0, 1.0, 6.0), np.array([0.0]), np.array([6.0]))
LIFTS = Force("Helicopter", timedelta(minutes=20), True, Words({"en": "Helicopter"}))
GIVEN = START + timedelta(hours=3)
WIDTH_M = 1500.0


def lying(x_m: float, y_m: float, toward=(0.0, 0.0)) -> TruePath:
    """An object that lies still, or drifts straight, for two days."""
    ends = [place(x_m, y_m), place(x_m + toward[0] * 172_800, y_m + toward[1] * 172_800)]
    return TruePath(
        START.timestamp() + np.array([0.0, 172_800.0]),
        np.array([[at.lon_deg, at.lat_deg] for at in ends]),
        np.full(2, Status.ACTIVE, np.uint8),
        (TypeSince(-math.inf, RAFT),),
        4,
    )


def task_of(searcher, corners_m, width_m=WIDTH_M, begins=WINDOW.start) -> Task:
    """Straight from the unit to the first corner, and a search from corner to corner."""
    x_m, y_m = -40_000.0, 0.0
    legs, at = [], begins
    for number, (to_x, to_y) in enumerate(corners_m):
        speed = searcher.search_speed_mps if number else searcher.transit_speed_mps
        after = at + timedelta(seconds=math.hypot(to_x - x_m, to_y - y_m) / speed)
        doing = Activity.SEARCH if number else Activity.TRANSIT
        legs.append(TaskLeg(place(x_m, y_m), place(to_x, to_y), at, after, doing))
        x_m, y_m, at = to_x, to_y, after
    return Task(
        unit=searcher,
        pattern=Pattern.PARALLEL_SWEEP,
        area=tuple(place(*corner) for corner in ((0, 0), (1000, 0), (0, 1000))),
        commence_search_point=place(*corners_m[0]),
        track_spacing_m=2000.0,
        coverage=0.75,
        sweep_widths={RAFT: SweepWidth(width_m, width_m, (), "hand-made")},
        poc=0.5,
        pod=0.5,
        pos=0.25,
        legs=tuple(legs),
        departs=begins,
        on_scene=legs[1].start_time,
        off_scene=at,
        return_by=at,
        endurance_until=at,
        briefing="",
    )


LADDER = [(0.0, 0.0)] + [
    corner
    for n in range(6)
    for corner in [((20_000.0, 0.0)[n % 2], 2000.0 * n), ((20_000.0, 0.0)[n % 2], 2000.0 * (n + 1))]
]


@cache
def searching(**changes) -> Order:
    searcher = unit(**changes)
    return Order("A-1", GIVEN, Duty.SEARCH, searcher, task_of(searcher, LADDER))


def kinds(script, *wanted):
    return [event for event in script.events if isinstance(event, wanted)]


def metres(a, b) -> float:
    return float(WGS84.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)[2])


@pytest.mark.parametrize(("range_m", "count"), [(700.0, 3200), (300.0, 800)])
def test_one_straight_pass_finds_as_often_as_koopman_says(range_m: float, count: int) -> None:
    """1 - exp(-W^2 / (4 pi x^2)) less what the ends of the leg cut off; 5 standard errors (6e-7)."""
    searcher = unit()
    order = Order("A-1", GIVEN, Duty.SEARCH, searcher, task_of(searcher, [(0.0, 0.0), (16_000.0, 0.0)]))
    path = lying(8000.0, range_m)
    found = sum(
        bool(kinds(sortie_script(order, LIFTS, path, CALM, seed, (), AS_BRIEFED), Detected))
        for seed in range(count)
    )
    expected = -math.expm1(-(WIDTH_M**2) / (4 * math.pi * range_m**2) * 8000.0 / math.hypot(8000.0, range_m))
    assert found / count == pytest.approx(expected, abs=5 * math.sqrt(expected * (1 - expected) / count))


def test_crews_as_they_are_find_as_often_as_their_drawn_widths_say() -> None:
    """Factors even in [0.7, 1.3], no wander: the mean over them of Koopman's law; Exp(1) and factor are
    drawn apart from each other."""
    law = replace(AS_BRIEFED, least_factor=0.7, greatest_factor=1.3)
    drawn = np.array(
        [(Draws(seed, "A-1", law).width_factor, Draws(seed, "A-1", law).level) for seed in range(4000)]
    )
    assert stats.kstest((drawn[:, 0] - 0.7) / 0.6, "uniform").pvalue > 1e-4
    assert stats.kstest(drawn[:, 1], "expon").pvalue > 1e-4
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 5 / math.sqrt(4000)


def test_a_sortie_as_briefed_keeps_its_briefing() -> None:
    order = searching()
    script = sortie_script(order, LIFTS, None, CALM, 3, (), AS_BRIEFED)
    out, on, off, home = kinds(script, UnderWay, OnScene, OffScene, Home)
    assert [type(moment) for moment in (out, on, off, home)] == [UnderWay, OnScene, OffScene, Home]
    assert abs((out.at - order.task.departs).total_seconds()) < 1.0
    assert abs((on.at - order.task.on_scene).total_seconds()) < 1.0
    assert abs((off.at - order.task.off_scene).total_seconds()) < 1.0
    for leg in order.task.legs:
        assert metres(script.position_at(leg.end_time), leg.end) < 20.0
    assert metres(home.position, order.unit.home) < 1.0
    assert np.array_equal(script.flown.times_s, script.recorded.times_s)


def test_wander_has_its_size_and_shows_only_while_searching() -> None:
    """Standard deviation 0.1 nm across the track, less at the ends of legs; 250 legs 5 memories long."""
    across = []
    for seed in range(60):
        flown = sortie_script(
            searching(), LIFTS, None, CALM, seed, (), replace(AS_BRIEFED, wander_m=185.0)
        ).flown
        y_m = (flown.lonlat_deg[:, 1] - 37.0) * 110_980.0
        legs = flown.searching & (np.abs(flown.lonlat_deg[:, 0] - 132.112) < 0.06)
        across += list((y_m - 2000.0 * np.round(y_m / 2000.0))[legs])
        still = ~flown.searching
        assert np.abs(y_m[still & (flown.lonlat_deg[:, 0] < 131.9)]).max() < 12_100.0
    assert np.std(across) == pytest.approx(185.0, rel=0.15)


def test_some_leave_late_and_then_everything_is_later() -> None:
    late_s = []
    for seed in range(300):
        script = sortie_script(searching(), LIFTS, None, CALM, seed)
        out = kinds(script, UnderWay)[0]
        late_s.append((out.at - WINDOW.start).total_seconds())
    assert min(late_s) > -1.0
    assert np.mean(np.array(late_s) > 1.0) == pytest.approx(USUAL.late_frac, abs=5 * 0.4 / math.sqrt(300))


def test_an_order_that_comes_late_waits_until_the_unit_is_ready() -> None:
    order = replace(searching(), given_at=WINDOW.start + timedelta(minutes=30))
    out = kinds(sortie_script(order, LIFTS, None, CALM, 3, (), AS_BRIEFED), UnderWay)[0]
    assert (out.at - order.given_at).total_seconds() == pytest.approx(1200.0, abs=1.0)


def test_fuel_brings_it_home_in_time() -> None:
    order = searching(endurance_s=3000.0)
    script = sortie_script(order, LIFTS, None, CALM, 3)
    (back,), (home,) = kinds(script, TurnedBack), kinds(script, Home)
    out = kinds(script, UnderWay)[0]
    assert back.why == "fuel"
    assert 2900.0 < (home.at - out.at).total_seconds() < 3090.0
    assert kinds(sortie_script(searching(), LIFTS, None, CALM, 3), TurnedBack) == []


def test_weather_keeps_it_in_port_or_turns_it_back() -> None:
    order = searching(most_wind_mps=15.0, most_wave_m=3.0)
    gale = Weather(CALM.conditions, np.array([0.0]), np.array([20.0]))
    assert [m.why for m in kinds(sortie_script(order, LIFTS, None, gale, 3), Stayed)] == ["weather"]
    at = WINDOW.start + timedelta(minutes=40)
    script = sortie_script(order, LIFTS, None, CALM, 3, [WeatherTurns(at, wave_height_m=4.0)], AS_BRIEFED)
    (back,) = kinds(script, TurnedBack)
    assert (back.at, back.why) == (at, "weather")
    rising = Weather(
        CALM.conditions, np.array([0.0, 3600.0]) + WINDOW.start.timestamp(), np.array([10.0, 20.0])
    )
    (back,) = kinds(sortie_script(order, LIFTS, None, rising, 3, (), AS_BRIEFED), TurnedBack)
    assert 1800.0 <= (back.at - WINDOW.start).total_seconds() <= 2100.0


def test_the_wind_comes_from_the_forcing_unless_the_case_says_it() -> None:
    sea = environment(wind_mps=(6.0, 8.0))
    assert weather_of(case(), sea).wind_at(0.0) == 6.0
    unsaid = case(conditions=Conditions(18_520.0, 1.0, None))
    assert weather_of(unsaid, sea).wind_at(START.timestamp()) == pytest.approx(10.0)


def test_who_sees_it_stays_with_it_and_reports_late_and_with_an_error() -> None:
    path = lying(6000.0, 1000.0, (0.3, 0.1))
    delays_s, errors_m = [], []
    for seed in range(250):
        script = sortie_script(searching(), LIFTS, path, CALM, seed)
        for seen in kinds(script, Detected):
            (report,) = [r for r in kinds(script, SightingReported) if not r.false]
            delays_s.append((report.at - seen.at).total_seconds())
            errors_m.append(metres(report.position, seen.object_position))
            later = seen.at + timedelta(minutes=15)
            assert metres(script.position_at(later), path.position_at(later)) < 400.0
            assert not script.flown.between(seen.at + timedelta(seconds=1), later).searching.any()
            assert seen.type_key == RAFT
    assert len(delays_s) > 120
    # medians: 5 standard errors of a median of at least 120
    assert math.log(np.median(delays_s) / 180.0) == pytest.approx(0.0, abs=5 * 1.25 * 0.9 / math.sqrt(120))
    assert np.mean(np.array(errors_m) < 463.0) == pytest.approx(0.5, abs=5 * 0.5 / math.sqrt(120))
    assert max(delays_s) > 600.0


def test_what_is_stranded_is_not_seen() -> None:
    path = lying(6000.0, 10.0)
    ashore = replace(path, status=np.full(2, Status.STRANDED, np.uint8))
    assert kinds(sortie_script(searching(), LIFTS, path, CALM, 3, (), AS_BRIEFED), Detected)
    assert not kinds(sortie_script(searching(), LIFTS, ashore, CALM, 3, (), AS_BRIEFED), Detected)


def test_the_width_is_that_of_what_the_object_really_is() -> None:
    """The task tells no width for PIW-1: the tables do, and a person is seen far less than a raft."""
    raft = lying(6000.0, 60.0)
    person = replace(raft, types=(TypeSince(-math.inf, "PIW-1"),))
    found = [
        sum(bool(kinds(sortie_script(searching(), LIFTS, path, CALM, seed), Detected)) for seed in range(80))
        for path in (raft, person)
    ]
    assert found[0] > 2 * found[1]
    assert found[1] > 0


def test_false_sightings_come_at_their_rate_and_are_withdrawn_by_those_who_looked() -> None:
    law = replace(USUAL, false_per_hour=2.0)
    hours, count = 0.0, 0
    for seed in range(120):
        script = sortie_script(searching(), LIFTS, None, CALM, seed, (), law)
        flown = script.flown
        hours += np.diff(flown.times_s)[flown.searching[:-1]].sum() / 3600.0
        seen = kinds(script, FalselySeen)
        count += len(seen)
        reports, gone = kinds(script, SightingReported), kinds(script, SightingWithdrawn)
        assert {r.name for r in reports} == {s.name for s in seen}
        found_out = {moment.name: moment.at for moment in kinds(script, Disproved)}
        assert {g.name: g.known_at for g in gone} == found_out
        # only who was turned back by fuel did not find out
        assert set(found_out) == {s.name for s in seen} or kinds(script, TurnedBack)
        assert all(report.false and 0.2 <= report.credibility <= 0.65 for report in reports)
    assert count == pytest.approx(2.0 * hours, abs=5 * math.sqrt(2.0 * hours))


THING = place(6000.0, 7000.0)


def misled(at, after=30.0, where=THING) -> Misled:
    return Misled(at, "flotsam", where, 900.0, 0.6, None if after is None else timedelta(minutes=after))


def test_who_is_misled_breaks_off_goes_there_and_stays_until_it_finds_out() -> None:
    """Then back to where it broke off, and on with its search, later by as long as that took."""
    at, order = WINDOW.start + timedelta(minutes=25), searching(endurance_s=30_000.0)
    plain = sortie_script(order, LIFTS, None, CALM, 3, (), AS_BRIEFED)
    script = sortie_script(order, LIFTS, None, CALM, 3, [misled(at)], AS_BRIEFED)
    (nothing,) = kinds(script, Disproved)
    assert nothing.at == at + timedelta(minutes=30)
    looking = script.flown.between(at + timedelta(seconds=1), nothing.at)
    assert not looking.searching.any()
    for minutes in (10, 20, 29):
        there = script.position_at(at + timedelta(minutes=minutes))
        assert metres(there, THING) < 4000.0, "the thing lies about there, probable error 900 m"
        assert metres(there, script.position_at(nothing.at)) < 1.0, "in a sea that carries nothing"
    assert kinds(script, SightingWithdrawn)[0].at >= nothing.at
    searched_s = [np.diff(s.flown.times_s)[s.flown.searching[:-1]].sum() for s in (plain, script)]
    assert searched_s[0] == pytest.approx(searched_s[1], abs=1.0)
    late_s = (kinds(script, OffScene)[0].at - kinds(plain, OffScene)[0].at).total_seconds()
    back_s = metres(script.position_at(nothing.at), plain.position_at(at)) / 66.0
    assert late_s == pytest.approx(1800.0 + back_s, rel=0.01)
    assert kinds(script, Home)


def test_who_is_never_undeceived_stays_as_with_the_object_until_its_fuel_ends() -> None:
    at = WINDOW.start + timedelta(minutes=25)
    script = sortie_script(searching(), LIFTS, None, CALM, 3, [misled(at, None)], AS_BRIEFED)
    (back,) = kinds(script, TurnedBack)
    assert back.why == "fuel"
    assert not kinds(script, SightingWithdrawn)
    assert not script.flown.between(at + timedelta(seconds=1), back.at).searching.any()


def test_what_is_not_the_object_floats_too() -> None:
    """A crew that lies over something still would tell that it is nothing: all else drifts."""
    at, order = WINDOW.start + timedelta(minutes=25), searching()
    sea = replace(CALM, sea=environment(current_mps=(0.4, 0.0), wind_mps=(0.0, 0.0)))
    script = sortie_script(order, LIFTS, None, sea, 3, [misled(at, None)], AS_BRIEFED)
    moments = [at + timedelta(minutes=minutes) for minutes in (10, 30)]
    here, there = (script.position_at(moment) for moment in moments)
    assert metres(here, there) == pytest.approx(0.4 * 1200.0, rel=0.15)


def test_without_a_place_it_is_near_where_the_unit_then_is() -> None:
    at, away_m = WINDOW.start + timedelta(minutes=25), []
    for seed in range(40):
        script = sortie_script(searching(), LIFTS, None, CALM, seed, [misled(at, where=None)], AS_BRIEFED)
        (report,) = kinds(script, SightingReported)
        away_m.append(metres(report.position, script.position_at(at)))
    assert 800.0 < np.median(away_m) < 3000.0
    assert max(away_m) < 10_000.0


def test_who_holds_the_object_only_tells_of_something_else() -> None:
    path = lying(6000.0, 10.0)
    plain = sortie_script(searching(), LIFTS, path, CALM, 3, (), AS_BRIEFED)
    at = kinds(plain, Detected)[0].at + timedelta(minutes=5)
    script = sortie_script(searching(), LIFTS, path, CALM, 3, [misled(at)], AS_BRIEFED)
    assert np.array_equal(script.flown.lonlat_deg, plain.flown.lonlat_deg)
    assert [seen.stays for seen in kinds(script, FalselySeen)] == [False]
    assert len(kinds(script, SightingReported)) == 2


def test_why_a_unit_stays_in_port_tells_a_replaced_order_from_a_cancelled_one() -> None:
    for goes_home, why in ((True, "cancelled"), (False, "replaced")):
        called = [Cancelled(GIVEN + timedelta(minutes=5), goes_home)]
        script = sortie_script(searching(), LIFTS, None, CALM, 3, called, AS_BRIEFED)
        assert [moment.why for moment in kinds(script, Stayed)] == [why]


def test_the_recorded_track_has_gaps_that_were_flown() -> None:
    scripts = [sortie_script(searching(), LIFTS, None, CALM, seed) for seed in range(120)]
    lost = [1 - len(script.recorded.times_s) / len(script.flown.times_s) for script in scripts]
    # half a gap of 4 min an hour
    assert np.mean(lost) == pytest.approx(0.5 * 240 / 3600, rel=0.5)
    for script in scripts[:20]:
        sent = [script.recorded.between(t.since, t.until).rows() for t in kinds(script, TrackReported)]
        out_s = kinds(script, UnderWay)[0].at.timestamp()
        assert sum(map(len, sent)) == int((script.recorded.times_s >= out_s).sum())


def test_a_dead_radio_tells_nothing_until_it_works_or_is_home() -> None:
    path, at = lying(6000.0, 1000.0), WINDOW.start + timedelta(minutes=5)
    for lasts in (timedelta(minutes=50), None):
        script = sortie_script(searching(), LIFTS, path, CALM, 3, [RadioDead(at, lasts)])
        told = [event.at for event in kinds(script, Told, SightingReported, TrackReported)]
        until = kinds(script, Home)[0].at if lasts is None else at + lasts
        assert told
        assert not any(at <= instant < until for instant in told)


def test_it_hears_of_its_cancelling_when_its_radio_works() -> None:
    at = WINDOW.start + timedelta(minutes=30)
    dead = RadioDead(at - timedelta(minutes=5), timedelta(minutes=25))
    off = [
        kinds(sortie_script(searching(), LIFTS, None, CALM, 3, happenings, AS_BRIEFED), OffScene)[0].at
        for happenings in ([Cancelled(at, True)], [Cancelled(at, True), dead])
    ]
    assert off == [at, at + timedelta(minutes=20)]


def test_a_broken_aircraft_goes_home_and_a_broken_ship_lies_still() -> None:
    at = WINDOW.start + timedelta(minutes=30)
    script = sortie_script(searching(), LIFTS, None, CALM, 3, [BreaksDown(at, None)])
    assert kinds(script, BrokeDown)[0].at == at
    assert kinds(script, Home)
    vessel = ship()
    order = Order("S-1", GIVEN, Duty.SEARCH, vessel, task_of(vessel, LADDER))
    for lasts in (None, timedelta(hours=1)):
        script = sortie_script(order, LIFTS, None, CALM, 3, [BreaksDown(at, lasts)])
        assert metres(script.position_at(at), script.position_at(at + timedelta(minutes=59))) < 1.0
        assert bool(kinds(script, Home)) == (lasts is not None)


def test_a_superseded_order_just_ends_where_the_unit_is() -> None:
    at = WINDOW.start + timedelta(minutes=40)
    script = sortie_script(searching(), LIFTS, None, CALM, 3, [Cancelled(at, False)])
    assert not kinds(script, Home)
    assert script.under_way_at(at.timestamp())
    assert script.flown.times_s[-1] == at.timestamp()
    on = replace(
        searching(),
        id="A-2",
        given_at=at,
        starts_from=script.position_at(at),
        under_way=True,
        fuel_left_s=script.fuel_until_s - at.timestamp(),
        duty=Duty.RETURN,
        task=None,
    )
    home = kinds(sortie_script(on, LIFTS, None, CALM, 3), Home)[0]
    way_m = metres(script.position_at(at), on.unit.home)
    assert (home.at - at).total_seconds() == pytest.approx(way_m / 66.0, rel=1e-3)


HAPPENINGS = (
    lambda at: BreaksDown(at, None),
    lambda at: BreaksDown(at, timedelta(minutes=30)),
    lambda at: RadioDead(at, timedelta(minutes=30)),
    lambda at: RadioDead(at, None),
    lambda at: Cancelled(at, True),
    lambda at: Cancelled(at, False),
    lambda at: WeatherTurns(at, wind_mps=40.0),
    lambda at: Misled(at, "flotsam", place(0.0, 0.0), 900.0, 0.6, timedelta(minutes=30)),
)


@pytest.mark.parametrize("number", range(len(HAPPENINGS)))
def test_no_happening_reaches_into_the_past(number: int) -> None:
    random = np.random.default_rng(number)
    law = replace(USUAL, false_per_hour=1.0)
    path = lying(6000.0, 4000.0, (0.3, 0.2))
    recover = Order("R-1", GIVEN, Duty.RECOVER, unit(), position=place(5000.0, 5000.0))
    for seed in range(25):
        order = recover if seed % 5 == 0 else searching(most_wind_mps=30.0)
        plain = sortie_script(order, LIFTS, path, CALM, seed, (), law)
        at = GIVEN + timedelta(seconds=random.uniform(0.0, 3.2 * 3600.0))
        other = sortie_script(order, LIFTS, path, CALM, seed, [HAPPENINGS[number](at)], law)
        assert [e for e in plain.events if e.at < at] == [e for e in other.events if e.at < at]
        for track, changed in ((plain.flown, other.flown), (plain.recorded, other.recorded)):
            a, b = track.between(GIVEN, at), changed.between(GIVEN, at)
            assert np.array_equal(a.times_s, b.times_s)
            assert np.array_equal(a.lonlat_deg, b.lonlat_deg)
            assert np.array_equal(a.searching, b.searching)


def test_what_the_object_does_later_is_not_known_before() -> None:
    """A path that is changed at T leaves the sortie before T as it was."""
    path = lying(6000.0, 4000.0, (0.3, 0.2))
    for minutes in (50, 80, 110, 200):
        at_s = (GIVEN + timedelta(minutes=60 + minutes)).timestamp()
        there, away = path.position_at(at_s), place(30_000.0, -20_000.0)
        moved = replace(
            path,
            times_s=np.array([path.times_s[0], at_s, at_s + 1e-3, path.times_s[1]]),
            lonlat_deg=np.array(
                [path.lonlat_deg[0], [there.lon_deg, there.lat_deg], *[[away.lon_deg, away.lat_deg]] * 2]
            ),
            status=np.zeros(4, np.uint8),
        )
        recover = Order("R-1", GIVEN, Duty.RECOVER, unit(), position=place(5000.0, 5000.0), guided=True)
        for order in (searching(), recover):
            for seed in range(5):
                a, b = (sortie_script(order, LIFTS, p, CALM, seed) for p in (path, moved))
                before = [
                    [(type(e), round(e.at.timestamp(), 3)) for e in s.events if e.at.timestamp() < at_s]
                    for s in (a, b)
                ]
                assert before[0] == before[1]
                times_s = np.linspace(GIVEN.timestamp(), at_s, 60)
                assert max(metres(a.position_at(t), b.position_at(t)) for t in times_s) < 0.5


def test_draws_do_not_depend_on_other_orders_but_on_seed_and_order() -> None:
    path = lying(6000.0, 1000.0)
    first = sortie_script(searching(), LIFTS, path, CALM, 3)
    sortie_script(replace(searching(), id="B"), LIFTS, path, CALM, 3)
    assert sortie_script(searching(), LIFTS, path, CALM, 3).events == first.events
    assert sortie_script(replace(searching(), id="B"), LIFTS, path, CALM, 3).events != first.events


def test_recovery_finds_meets_and_lifts() -> None:
    path = lying(6000.0, 4000.0, (0.5, 0.0))
    order = Order("R-1", GIVEN, Duty.RECOVER, unit(available_from=GIVEN), position=place(9000.0, 4500.0))
    for guided in (True, False):
        script = sortie_script(replace(order, guided=guided), LIFTS, path, CALM, 3)
        (seen,), (lifted,) = kinds(script, Detected), kinds(script, Recovered)
        assert lifted.persons == 4
        assert metres(lifted.position, path.position_at(lifted.at)) < 100.0
        # a hoist of 4: 6 min and 4 min each
        assert (lifted.at - seen.at).total_seconds() == pytest.approx(360.0 + 4 * 240.0)
    far = replace(order, position=place(60_000.0, 40_000.0))
    script = sortie_script(far, LIFTS, path, CALM, 3)
    assert kinds(script, NotFound) or kinds(script, TurnedBack)
    assert not kinds(script, Recovered)


def test_who_cannot_lift_is_not_sent_to_lift() -> None:
    order = Order("R-1", GIVEN, Duty.RECOVER, unit(), position=place(0.0, 0.0))
    with pytest.raises(PlanError, match="cannot lift"):
        sortie_script(order, replace(LIFTS, lifts=False), None, CALM, 3)
    with pytest.raises(PlanError, match="needs a position"):
        sortie_script(replace(order, position=None), LIFTS, None, CALM, 3)
    with pytest.raises(PlanError, match="needs a task"):
        sortie_script(replace(order, duty=Duty.SEARCH), LIFTS, None, CALM, 3)


def test_home_before_time_leads_round_a_danger_area_that_the_crew_knows() -> None:
    corners = tuple(place(*c) for c in ((-25e3, -15e3), (-15e3, -15e3), (-15e3, 15e3), (-25e3, 15e3)))
    area = DangerArea("firing", corners, START, START + timedelta(days=2), 0.0, 3000.0)
    at = WINDOW.start + timedelta(minutes=40)
    inside = box(-25e3, -15e3, -15e3, 15e3)
    for known_at, meets in ((START, False), (at + timedelta(minutes=1), True)):
        around = Around(case(), environment(), [(known_at, area)])
        script = sortie_script(
            searching(), LIFTS, None, CALM, 3, [Cancelled(at, True)], AS_BRIEFED, around=around
        )
        home = script.flown.between(at, at + timedelta(hours=1))
        track = LineString(np.column_stack(FRAME.to_xy_m(*home.lonlat_deg.T)))
        assert track.intersects(inside) == meets
        assert kinds(script, Home)
