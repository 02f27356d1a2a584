"""Scores of a log made by hand: every expected number is reckoned from `made_log` on paper."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from made_log import (
    FIRST,
    LATE_AREA,
    SEEN_AT,
    Log,
    after,
    ladder,
    made_case,
    made_exercise,
    made_log,
    task,
)
from sarex.clock import to_posix_s
from sarex.exercise.model import Criterion, Measure, Words
from sarex.exercise.review.model import HandOverKind, InjectStatus, Step
from sarex.exercise.review.pos import rounds, stood_until
from sarex.exercise.review.ratings import Letter
from sarex.exercise.review.scores_coverage import inside_m, length_m, percent_flown, planned_legs
from sarex.exercise.review.scores_log import TrackRows, at_sea, orders, tracks
from sarex.exercise.review.scores_map import map_score
from sarex.exercise.review.scores_messages import (
    acknowledged_percent,
    between_nations,
    inject_rows,
    latencies,
)
from sarex.exercise.review.scores_ratings import by_threshold, due_after
from sarex.exercise.review.scores_safety import KnownArea, incursions, known_areas, laid_out, meetings
from sarex.exercise.review.scores_tasks import double_tasks, hand_overs
from sarex.exercise.review.scores_times import agreements, milestones
from sarex.exercise.review.tracks import cut, ordered_track, searched_track
from sarex.geo import LocalFrame
from sarex.journal import Entry
from sarex.probability.map import ProbabilityMap

FRAME = LocalFrame(131.0, 35.8)
EXERCISE = made_exercise()
LOG = made_log()


def test_steps_count_from_the_delivered_alert() -> None:
    found = {each.step: each.after for each in milestones(LOG, EXERCISE)}
    assert found[Step.COORDINATOR] == timedelta(minutes=12)
    assert found[Step.SITREP] == timedelta(minutes=35)
    assert found[Step.PLAN] == timedelta(minutes=65)
    assert found[Step.DETECTION] == SEEN_AT - after(0)
    assert found[Step.RECOVERY] == SEEN_AT - after(0) + timedelta(minutes=70)
    assert found[Step.TRIAGE] == SEEN_AT - after(0) + timedelta(minutes=95)


def test_a_step_that_never_came_has_no_time() -> None:
    cut_short = tuple(entry for entry in LOG if not entry.kind.startswith(("crew.", "survivors.")))
    found = {each.step: each.at for each in milestones(cut_short, EXERCISE)}
    assert found[Step.DETECTION] is None
    assert found[Step.PLAN] is not None


def test_what_became_of_each_inject() -> None:
    rows = {row.inject.id: row for row in inject_rows(LOG, EXERCISE)}
    assert {name: row.status for name, row in rows.items()} == {
        "alert": InjectStatus.ACKNOWLEDGED,
        "relay": InjectStatus.LATE,  # 13 min where 10 were given
        "firing": InjectStatus.MISSED,
        "press": InjectStatus.DELIVERED,
    }
    assert rows["relay"].acknowledged_at == after(33)
    assert acknowledged_percent(list(rows.values())) == pytest.approx(100.0 / 3.0)  # in time


def test_an_inject_that_waits_is_neither_missed_nor_counted() -> None:
    log = Log()
    log.add("inject.delivered", after(0), inject="alert", to=["smc-jp"])
    rows = inject_rows(log.told, EXERCISE)
    assert [row.status for row in rows] == [InjectStatus.WAITING] + 3 * [InjectStatus.PLANNED]
    assert acknowledged_percent(rows) is None


def test_latency_by_pair_of_nations() -> None:
    found = latencies(LOG, EXERCISE, inject_rows(LOG, EXERCISE), after(900))
    told = {(each.sender, each.receiver, each.injects): each for each in found}
    assert told["JP", "KR", False].sent == 2
    # sent after 300 min and never answered
    assert told["JP", "KR", False].waits == (timedelta(minutes=8), timedelta(minutes=600))
    assert (told["JP", "KR", False].acknowledged, told["JP", "KR", False].unanswered) == (1, 1)
    assert told["KR", "JP", False].median == timedelta(minutes=20)
    assert told["", "JP", True].waits == (timedelta(minutes=2), timedelta(minutes=4))
    assert told["", "KR", True].acknowledged == 1
    assert between_nations(found) == timedelta(minutes=20)  # the middle of 8, 20 and what waits still


def messages(answered: dict[float, float | None]) -> Log:
    """Messages from Japan to Korea by minutes after the alert, with how long each waited for its answer."""
    log = Log()
    for number, (minutes, wait) in enumerate(answered.items()):
        body = {"message": f"m{number}", "from": "smc-jp", "to": "smc-kr"}
        log.add("message.sent", after(minutes), "smc-jp", **body)
        if wait is not None:
            log.add(
                "message.acknowledged", after(minutes + wait), "smc-kr", message=f"m{number}", by="smc-kr"
            )
    return log


@pytest.mark.parametrize(
    ("answered", "median_min"),
    [
        ({0: 1.0, 10: None, 20: None}, 440.0),
        ({10: None}, 450.0),
        ({0: 1.0, 10: 3.0, 20: None}, 3.0),
        ({}, None),
    ],
)
def test_what_nobody_acknowledges_has_waited_to_the_end(
    answered: dict[float, float | None], median_min: float | None
) -> None:
    found = between_nations(latencies(messages(answered).told, EXERCISE, [], after(460)))
    assert found == (None if median_min is None else timedelta(minutes=median_min))


def test_found_by_one_lifted_by_the_other_and_handed_back() -> None:
    found = hand_overs(LOG, EXERCISE)
    assert [(each.kind, each.giver, each.taker) for each in found] == [
        (HandOverKind.LIFT, "JP", "KR"),
        (HandOverKind.SURVIVORS, "KR", "JP"),
    ]


def two_orders(second_after_min: float, *, cancelled_min: float | None) -> Log:
    log = Log()
    for name, begins in (("a", FIRST), ("b", FIRST + timedelta(minutes=second_after_min))):
        given = task("Patrol ship Oki", ladder((131.0, 35.6), 4, 14.0, 1.5, 14.0, begins), 1.5, 0.0)
        at = begins - timedelta(hours=1)
        log.add(
            "order.given",
            at,
            order=name,
            unit="Patrol ship Oki",
            nation="JP",
            plan=None,
            what="search",
            task=given,
        )
    if cancelled_min is not None:
        log.add("order.cancelled", FIRST + timedelta(minutes=cancelled_min), order="a", why="")
    return log


def test_two_tasks_at_once_are_counted_in_minutes() -> None:
    # four legs of 14 nm and three of 1.5 nm at 14 kt take 259.3 min, an hour more to be home;
    # the second departs an hour before its legs, 120 min later than the first
    (double,) = double_tasks(two_orders(120.0, cancelled_min=None).told, after(2000))
    assert double.minutes == pytest.approx(259.3 + 120.0 - 120.0, abs=0.1)
    (double,) = double_tasks(two_orders(120.0, cancelled_min=90.0).told, after(2000))
    assert double.minutes == pytest.approx(30.0, abs=0.1)


def test_an_order_replaced_within_minutes_is_no_double_task() -> None:
    assert double_tasks(two_orders(120.0, cancelled_min=63.0).told, after(2000)) == ()


def test_an_order_counts_until_it_is_cancelled_or_replaced() -> None:
    stood = stood_until(two_orders(120.0, cancelled_min=90.0).told, {}, np.inf)
    assert stood == {"a": to_posix_s(FIRST) + 90.0 * 60.0, "b": np.inf}
    log, found_s = two_orders(120.0, cancelled_min=None).told, to_posix_s(FIRST) + 1e6
    left_s = to_posix_s(FIRST) + 7300.0
    begun = TrackRows(np.array([left_s, left_s + 60.0]), np.zeros((2, 2)), np.array([True, False]))
    assert stood_until(log, {"b": begun}, found_s) == {"a": left_s, "b": found_s}


def test_an_order_that_was_never_begun_ends_none() -> None:
    log, found_s = two_orders(120.0, cancelled_min=None).told, to_posix_s(FIRST) + 1e6
    idle = TrackRows(np.array([0.0, 60.0]), np.zeros((2, 2)), np.array([False, False]))
    assert stood_until(log, {}, found_s) == {"a": found_s, "b": found_s}
    assert stood_until(log, {"b": idle}, found_s) == {"a": found_s, "b": found_s}


def sorties(
    *stories: tuple[str, float | None, float | None],
) -> tuple[tuple[Entry, ...], dict[str, TrackRows]]:
    """Orders to one ship, each with when it left port and was home, and with a track of 100 min."""
    log, rows = Log(), {}
    for number, (name, left_min, home_min) in enumerate(stories):
        body = {"order": name, "unit": "Patrol ship Oki"}
        log.add("order.given", after(100.0 * number), **body, nation="JP", plan=None, what="search", task={})
        if left_min is not None:
            log.add("crew.under_way", after(left_min), **body)
        if home_min is not None:
            log.add("crew.home", after(home_min), **body)
        time_s = to_posix_s(after(100.0 * number)) + np.arange(0.0, 6001.0, 60.0)
        rows[name] = TrackRows(time_s, np.zeros((time_s.size, 2)), np.zeros(time_s.size, bool))
    return log.told, rows


def test_a_unit_in_port_is_not_out() -> None:
    told, rows = sorties(("a", 30.0, 95.0), ("stayed", None, None))
    found = at_sea(told, rows)
    assert list(found) == ["a"]
    assert found["a"].time_s[0] == to_posix_s(after(30.0))
    assert found["a"].time_s.size == 71


def test_an_order_taken_over_at_sea_is_out_from_its_first_point() -> None:
    found = at_sea(*sorties(("a", 30.0, None), ("b", None, 190.0), ("waiting", None, None)))
    assert list(found) == ["a", "b"]
    assert found["b"].time_s[0] == to_posix_s(after(100.0))


def plans(*told: tuple[str, float, str, int]) -> tuple[Entry, ...]:
    """Proposals ("p") and acceptances ("a") by a role after so many minutes; units of both have tasks."""
    log = Log()
    tasks = [{"unit": "Patrol ship Oki"}, {"unit": "Rescue ship Pohang"}]
    for kind, minutes, role, plan in told:
        if kind == "p":
            log.add("plan.proposed", after(minutes), role, plan=plan, by=role, document={"tasks": tasks})
        else:
            log.add("plan.accepted", after(minutes), role, plan=plan, by=role)
    return log.told


def test_a_joint_plan_is_accepted_when_every_nation_with_tasks_has() -> None:
    own = ("p", 20.0, "smc-jp", 1), ("a", 20.0, "smc-jp", 1)
    other = ("a", 31.0, "smc-kr", 1)
    second = ("p", 40.0, "smc-kr", 2), ("a", 40.0, "smc-kr", 2), ("a", 44.0, "smc-jp", 2)
    assert [e.at for e in agreements(plans(*own, other, *second), EXERCISE).values()] == [
        after(31),
        after(44),
    ]
    step = {each.step: each for each in milestones(plans(*own, other), EXERCISE)}[Step.PLAN]
    assert (step.at, step.by) == (after(31), "smc-kr")
    assert list(agreements(plans(*own, *second), EXERCISE)) == [2]
    alone = {each.step: each for each in milestones(plans(*own), EXERCISE)}[Step.PLAN]
    assert alone.at is None


def test_planned_legs_are_cut_where_the_order_ends() -> None:
    order = orders(two_orders(0.0, cancelled_min=None).told)[0]
    (whole,) = ordered_track(order, np.inf)
    (half,) = ordered_track(order, to_posix_s(FIRST) + 1800.0)
    assert whole.start_s.size == 4
    assert half.end_s[-1] == to_posix_s(FIRST) + 1800.0
    middle = 0.5 * (whole.start_lonlat_deg[0] + whole.end_lonlat_deg[0])
    np.testing.assert_allclose(half.end_lonlat_deg[-1], middle, atol=1e-6)
    assert cut(whole, -np.inf, to_posix_s(FIRST) - 1.0).start_s.size == 0


def test_rounds_are_accepted_plans_with_their_orders() -> None:
    found = rounds(LOG)
    assert [(each.plan, len(each.orders)) for each in found] == [(1, 5), (2, 2)]


def test_silence_is_not_searched() -> None:
    order = orders(LOG)[0]
    rows = TrackRows(
        np.array([0.0, 60.0, 700.0, 760.0]), np.zeros((4, 2)), np.array([True, True, True, False])
    )
    assert searched_track(order, rows, longest_s=600.0).start_s.tolist() == [0.0, 700.0]


def test_pieces_of_a_track_are_put_together_once() -> None:
    log = Log()
    log.add("crew.flew", after(1), order="a", unit="u", points=[[60.0, 1.0, 2.0, 1], [0.0, 1.0, 1.0, 1]])
    log.add("crew.flew", after(2), order="a", unit="u", points=[[60.0, 1.0, 2.0, 1], [120.0, 1.0, 3.0, 0]])
    rows = tracks(log.told, "crew.flew")["a"]
    assert rows.time_s.tolist() == [0.0, 60.0, 120.0]
    assert rows.searching.tolist() == [True, True, False]


def test_coverage_goes_with_the_length_inside_the_area() -> None:
    given = task("Patrol ship Oki", ladder((131.0, 35.6), 4, 14.0, 1.5, 14.0, FIRST), 1.5, 0.0)
    legs = planned_legs(given, FRAME)
    assert length_m(legs) == pytest.approx(4 * 14.0 * 1852.0, rel=1e-3)
    assert inside_m(given, legs, FRAME) == pytest.approx(length_m(legs), rel=1e-6)
    far = legs + np.array([0.0, 50_000.0, 0.0, 50_000.0])
    assert inside_m(given, far, FRAME) == 0.0
    assert percent_flown([(100.0, 50.0), (300.0, 250.0)]) == 75.0
    assert percent_flown([]) is None


def flights(pairs: list[tuple[str, float, float]]) -> Log:
    """Units along one parallel, each so many metres north of it and so many seconds late."""
    log = Log()
    for unit, north_m, late_s in pairs:
        legs = ladder((131.0, 35.6), 1, 10.0, 1.0, 12.0, FIRST)
        given = task(unit, legs, 1.0, 0.0) | {"altitude_ft": 0.0}
        lat = 35.6 + north_m / 1852.0 / 60.0
        begin_s = to_posix_s(FIRST) + late_s
        points = [[begin_s + 30.0 * k, 131.0 + 0.002 * k, lat, 1] for k in range(100)]
        log.add(
            "order.given", after(0), order=unit, unit=unit, nation="", plan=None, what="search", task=given
        )
        log.add("crew.flew", after(600), order=unit, unit=unit, points=points)
    return log


def laid(log: Log):
    return laid_out(orders(log.told), tracks(log.told, "crew.flew"), made_case().units, FRAME)


def test_two_ships_three_hundred_metres_apart_are_too_near() -> None:
    flown = laid(flights([("Patrol ship Oki", 0.0, 0.0), ("Rescue ship Pohang", 300.0, 0.0)]))
    (met,) = meetings(flown, FRAME)
    assert met.apart_m == pytest.approx(300.0, rel=0.01)
    assert met.too_near


def test_ships_a_mile_apart_and_a_ship_below_an_aircraft_are_not() -> None:
    flown = laid(flights([("Patrol ship Oki", 0.0, 0.0), ("Rescue ship Pohang", 1852.0, 0.0)]))
    assert not meetings(flown, FRAME)[0].too_near
    flown = laid(flights([("Patrol ship Oki", 0.0, 0.0), ("Patrol aircraft Pohang", 0.0, 0.0)]))
    assert meetings(flown, FRAME) == ()


def through_the_area(late_s: float, altitude_ft: float, unit: str = "Rescue helicopter Miho") -> Log:
    """East along 35.56 N through `LATE_AREA`, which lies between 131.10 and 131.30 E, at about 30 m/s."""
    log = Log()
    begin_s = to_posix_s(LATE_AREA.active_from) + late_s
    points = [[begin_s + 30.0 * k, 131.0 + 0.01 * k, 35.56, 1] for k in range(41)]
    given = {"altitude_ft": altitude_ft, "sweep_width_nm": {}, "legs": []}
    log.add("order.given", after(0), order="o", unit=unit, nation="JP", plan=None, what="search", task=given)
    log.add("crew.flew", after(900), order="o", unit=unit, points=points)
    return log


KNOWN = KnownArea(LATE_AREA, after(430))


def test_an_incursion_is_told_with_its_times() -> None:
    (stay,) = incursions(laid(through_the_area(3600.0, 500.0)), [KNOWN], FRAME)
    assert not stay.announced_around_it
    # 0.10 degrees at 0.01 degrees in 30 s: inside from 300 s to 900 s, seen every 10 s
    begun = LATE_AREA.active_from + timedelta(hours=1)
    assert abs((stay.since - begun).total_seconds() - 300.0) <= 10.0
    assert abs((stay.until - begun).total_seconds() - 900.0) <= 10.0


@pytest.mark.parametrize(
    ("late_s", "altitude_ft"),
    [(-3600.0, 500.0), (5.0 * 3600.0, 500.0), (3600.0, 11_000.0)],
    ids=["before", "after", "above"],
)
def test_out_of_time_or_height_is_no_incursion(late_s: float, altitude_ft: float) -> None:
    assert incursions(laid(through_the_area(late_s, altitude_ft)), [KNOWN], FRAME) == ()


def test_five_hundred_feet_above_an_area_are_too_near() -> None:
    # its ceiling is 3000 m, 9843 ft
    assert incursions(laid(through_the_area(3600.0, 10_200.0)), [KNOWN], FRAME)


def test_who_is_inside_when_an_area_is_announced_is_told_and_not_blamed() -> None:
    known = KnownArea(LATE_AREA, LATE_AREA.active_from + timedelta(seconds=4200))
    (stay,) = incursions(laid(through_the_area(3600.0, 500.0)), [known], FRAME)
    assert stay.announced_around_it


def test_areas_that_injects_open_are_known_from_their_delivery() -> None:
    known = {each.area.name: each.known_at for each in known_areas(LOG, EXERCISE)}
    assert known["Firing exercise"] == after(430)
    assert known["Missile splash area (notice to mariners)"] == EXERCISE.start


def even_map(undetected: float = 1.0) -> ProbabilityMap:
    """Ten by ten cells of a mile, the left half three times as likely as the right."""
    poc = np.concatenate([np.full((10, 5), 3.0), np.ones((10, 5))], axis=1)
    poc *= undetected / poc.sum()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    bins = {"afloat": undetected, "found": 1.0 - undetected}
    return ProbabilityMap(at, at, FRAME, 0.0, 0.0, 1852.0, poc, bins)


def at_xy(x_m: float, y_m: float) -> tuple[float, float]:
    lon, lat = FRAME.to_lonlat_deg(x_m, y_m)
    return float(lon), float(lat)


@pytest.mark.parametrize("undetected", [1.0, 0.4])
def test_bits_and_rank_of_a_map_known_in_closed_form(undetected: float) -> None:
    probability = even_map(undetected)
    likely = map_score(probability, *at_xy(1000.0, 1000.0))
    unlikely = map_score(probability, *at_xy(15_000.0, 1000.0))
    assert likely is not None
    assert unlikely is not None
    assert likely.bits == pytest.approx(np.log2(200.0 / 3.0))  # 3 of 200 parts
    assert likely.rank_frac == 0.0
    assert unlikely.bits == pytest.approx(np.log2(200.0))
    assert unlikely.rank_frac == pytest.approx(0.75)
    assert unlikely.in_90
    assert not unlikely.in_50


def test_off_the_map_is_twenty_bits() -> None:
    score = map_score(even_map(), *at_xy(-50_000.0, 0.0))
    assert score is not None
    assert score.bits == pytest.approx(np.log2(1e6))
    assert score.rank_frac == pytest.approx(1.0)


def limits(measure: Measure, *values: float | None) -> Criterion:
    return Criterion("c", Words({"en": "c"}), measure, *values)


@pytest.mark.parametrize(
    ("value", "letter"), [(10.0, "P"), (10.1, "S"), (20.0, "S"), (29.0, "M"), (31.0, "U"), (None, None)]
)
def test_times_are_the_better_the_shorter(value: float | None, letter: str | None) -> None:
    found = by_threshold(limits(Measure.ALERT_TO_PLAN, 10.0, 20.0, 30.0), value)
    assert found == (None if letter is None else Letter(letter))


@pytest.mark.parametrize(("value", "letter"), [(95.0, "P"), (80.0, "S"), (55.0, "M"), (10.0, "U")])
def test_shares_are_the_better_the_larger(value: float, letter: str) -> None:
    assert by_threshold(limits(Measure.COVERAGE_FLOWN, 90.0, 75.0, 50.0), value) is Letter(letter)


def test_without_thresholds_nothing_is_rated() -> None:
    assert by_threshold(limits(Measure.ALERT_TO_PLAN, None, None, None), 5.0) is None


def test_the_worse_the_sooner_due() -> None:
    assert due_after(datetime(2026, 1, 1, 12, tzinfo=UTC), 3) == datetime(2026, 4, 1, tzinfo=UTC)
