"""Recorded points to searching legs, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_sea import START, place, ship, unit
from sarex.errors import PlanError
from sarex.geo import WGS84
from sarex.units import kt_to_mps
from sarex.update import RecordedTrack
from sarex.update.on_scene import PlannedTask, on_scene
from sarex.update.track import OnScene, in_order, longest_gap_s, searching_legs, told

BEGIN_S = START.timestamp()
HELICOPTER = unit(transit_speed_mps=kt_to_mps(130.0), search_speed_mps=kt_to_mps(90.0))


def record(times_s, x_m, y_m=None, **more) -> RecordedTrack:
    spots = [place(float(x), 0.0 if y_m is None else float(y)) for x, y in zip(x_m, y_m or x_m, strict=True)]
    return RecordedTrack(
        "Helicopter",
        BEGIN_S + np.asarray(times_s, float),
        np.array([(spot.lon_deg, spot.lat_deg) for spot in spots]),
        **more,
    )


def steady(minutes, speed_mps=46.0) -> RecordedTrack:
    times_s = 60.0 * np.asarray(minutes, float)
    return record(times_s, speed_mps * times_s)


def everywhere(track: RecordedTrack) -> OnScene:
    return OnScene(np.ones(track.time_s.size, bool), "all of it")


def test_a_steady_track_is_its_own_legs() -> None:
    track = in_order(steady(range(11)), HELICOPTER)
    legs, account = searching_legs(track, everywhere(track), 180.0)
    assert legs.start_s.tolist() == [BEGIN_S + 60.0 * k for k in range(10)]
    np.testing.assert_array_equal(legs.end_lonlat_deg[:-1], legs.start_lonlat_deg[1:])
    assert account.counted_s == 600.0
    assert account.counted_m == pytest.approx(46.0 * 600.0, rel=1e-3)
    assert (account.gaps, account.remarks) == (0, ())


def test_a_silent_stretch_is_not_searched_and_told() -> None:
    """Eleven minutes of points with minutes 3 to 7 missing: a hole of 5 minutes, 13.8 km."""
    track = in_order(steady([0, 1, 2, 7, 8, 9, 10]), HELICOPTER)
    legs, account = searching_legs(track, everywhere(track), longest_gap_s(HELICOPTER))
    assert BEGIN_S + 120.0 not in legs.start_s
    assert account.counted_s == 300.0
    assert (account.gaps, account.gap_s) == (1, 300.0)
    assert account.gap_m == pytest.approx(46.0 * 300.0, rel=1e-3)
    (_, gap) = told(account, 180.0)
    assert gap == "Not counted: a gap of more than 3 min without a position, 5 min and 7.5 nm in all."
    assert searching_legs(track, everywhere(track), longest_gap_s(ship()))[1].gaps == 0


def test_wander_is_followed_not_averaged() -> None:
    """A weave of 500 m either side is 1.12 times as long as the straight way, and is counted so."""
    times_s = 20.0 * np.arange(31)
    track = in_order(record(times_s, 40.0 * times_s, [500.0 * (-1) ** k for k in range(31)]), HELICOPTER)
    _, account = searching_legs(track, everywhere(track), 180.0)
    assert account.counted_m == pytest.approx(30 * np.hypot(800.0, 1000.0), rel=1e-3)


def test_disorder_doubles_and_jumps() -> None:
    good = steady(range(10))
    times_s = np.concatenate([good.time_s[[0, 2, 1, 3, 4]], good.time_s[[4]], good.time_s[5:]])
    lonlat = np.concatenate([good.lonlat_deg[[0, 2, 1, 3, 4]], good.lonlat_deg[[4]], good.lonlat_deg[5:]])
    lonlat[8] += 2.0
    told_track = in_order(RecordedTrack("Helicopter", times_s, lonlat), HELICOPTER)
    np.testing.assert_array_equal(told_track.time_s, np.delete(good.time_s, 7))
    np.testing.assert_array_equal(told_track.lonlat_deg, np.delete(good.lonlat_deg, 7, axis=0))
    behind, double, jump = told_track.remarks
    assert behind == "1 point out of order put in order"
    assert double == "1 point left out whose time was already told"
    # 1.5 times 130 kt and 60 kt more
    assert jump == "1 point left out that would need more than 255 kt, the first at 06:07:00 UTC"


def test_a_first_point_that_is_wrong_does_not_take_the_rest_with_it() -> None:
    track = steady(range(10))
    track.lonlat_deg[0] = (0.0, 0.0)
    assert in_order(track, HELICOPTER).time_s.size == 9


def test_another_craft_is_refused() -> None:
    """A jet at 500 kt is not this helicopter."""
    with pytest.raises(PlanError, match="Check whose track it is"):
        in_order(steady(range(20), speed_mps=kt_to_mps(500.0)), HELICOPTER)
    with pytest.raises(PlanError, match="two or more"):
        in_order(steady([0]), HELICOPTER)


def test_the_record_itself_says_what_was_searching() -> None:
    said = np.array([False, False, True, True, True, False])
    track = in_order(steady(range(6), speed_mps=60.0), HELICOPTER)
    chosen = on_scene(RecordedTrack("H", track.time_s, track.lonlat_deg, said), HELICOPTER, ())
    legs, account = searching_legs(track, chosen, 180.0)
    assert legs.start_s.tolist() == [BEGIN_S + 120.0, BEGIN_S + 180.0]
    assert account.rule == "where the record says that it was searching"


def test_the_planned_time_on_scene_says_it_where_speeds_are_too_near_to_tell() -> None:
    planned = (PlannedTask("Helicopter", BEGIN_S + 120.0, BEGIN_S + 300.0, {}),)
    alike = unit(transit_speed_mps=50.0, search_speed_mps=46.0)
    chosen = on_scene(steady(range(10), speed_mps=46.0), alike, planned)
    assert chosen.searching.tolist() == [False] * 2 + [True] * 4 + [False] * 4
    assert chosen.rule == "its planned time on scene, 06:02 to 06:05 UTC"


def test_transit_in_the_planned_time_does_not_count_and_late_searching_does() -> None:
    """Planned from minute 2 to 8; it came late and searched from minute 5 to 11 at 90 kt."""
    planned = (PlannedTask("Helicopter", BEGIN_S + 120.0, BEGIN_S + 480.0, {}),)
    speeds_mps = kt_to_mps(1.0) * np.array([130.0] * 5 + [90.0] * 6 + [130.0] * 4)
    times_s = 60.0 * np.arange(speeds_mps.size + 1)
    track = record(times_s, np.concatenate([[0.0], np.cumsum(60.0 * speeds_mps)]))
    assert on_scene(track, HELICOPTER, planned).searching.tolist() == [False] * 5 + [True] * 7 + [False] * 4
    shuttle = record(60.0 * np.arange(11), kt_to_mps(130.0) * 60.0 * np.arange(11))
    assert not on_scene(shuttle, HELICOPTER, planned).searching.any()


@pytest.mark.parametrize("planned", [(), (PlannedTask("Helicopter", BEGIN_S - 9e4, BEGIN_S - 8e4, {}),)])
def test_speed_says_it_where_nothing_else_does(planned) -> None:
    """Out at 130 kt, 90 kt on scene, home at 130 kt; 110 kt lies between."""
    speeds_mps = kt_to_mps(1.0) * np.array([130.0] * 5 + [90.0] * 6 + [130.0] * 4)
    times_s = 60.0 * np.arange(speeds_mps.size + 1)
    track = record(times_s, np.concatenate([[0.0], np.cumsum(60.0 * speeds_mps)]))
    legs, account = searching_legs(track, on_scene(track, HELICOPTER, planned), 180.0)
    assert legs.start_s.tolist() == [BEGIN_S + 60.0 * k for k in range(5, 11)]
    assert "slower than 110 kt" in account.rule


def test_speeds_too_near_to_tell_count_all() -> None:
    alike = unit(transit_speed_mps=50.0, search_speed_mps=46.0)
    assert on_scene(steady(range(5)), alike, ()).searching.all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=2, max_size=40), st.permutations(range(41)))
def test_no_time_is_lost_or_made_up(steps_s, order) -> None:
    """Counted and not counted make the whole, whatever the order in which points were told."""
    times_s = np.cumsum([0, *steps_s])
    told_in = [k for k in order if k < times_s.size]
    track = in_order(record(times_s[told_in], 10.0 * times_s[told_in]), HELICOPTER)
    legs, account = searching_legs(track, everywhere(track), 180.0)
    assert account.counted_s + account.gap_s == pytest.approx(times_s[-1])
    assert (legs.end_s - legs.start_s).max(initial=0.0) <= 180.0
    _, _, length_m = WGS84.inv(*legs.start_lonlat_deg.T, *legs.end_lonlat_deg.T)
    assert account.counted_m == pytest.approx(np.sum(length_m))
