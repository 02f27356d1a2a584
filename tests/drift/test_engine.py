"""The engine behind a case: members, capsizing, ends of the forcing, instants kept, windows of forcing."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt, tanh

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import (
    QUIET,
    START,
    case,
    coast,
    environment,
    field,
    last_known,
    scenario,
)
from sarex.case.model import DriftSettings, ObjectShare
from sarex.drift import Status, Traits, drift_ensemble, drift_seeds, engine, plain_traits
from sarex.drift.axis import TimeAxis, forward_axis
from sarex.drift.executors import Serial
from sarex.drift.origins import Origins
from sarex.environment.model import ForcingMember
from sarex.probability import bins_at

ISLAND = Polygon([(6_000, -8_000), (12_000, -8_000), (12_000, 9_000), (6_000, 9_000)])
HERE = replace(last_known(), probable_error_m=0.0)


def drifted(given, sea, hours=7.0, **more):
    return drift_ensemble(given, sea, until=START + timedelta(hours=hours), purpose="t", **more)


def points(count, released_s=0.0) -> Origins:
    """All at the origin of the frame."""
    nothing = np.zeros(count)
    kinds = np.zeros(count, np.int16)
    return Origins(
        nothing, nothing, np.full(count, START.timestamp() + released_s), nothing + 1 / count, kinds, kinds
    )


def moved(sea, settings, hours, count, table=None, capsizes=False, seed=1):
    """Tracks of particles that start at the origin without leeway unless a table is given."""
    table = np.zeros((1, 9)) if table is None else np.asarray([table], float)
    traits = Traits(table, np.array([0.5]), np.array([capsizes]))
    axis = TimeAxis(START.timestamp(), round(hours * 6))
    return drift_seeds(sea, points(count), traits, settings, axis, seed)


@pytest.fixture(scope="module")
def three():
    """Members whose currents go east, north and west, with 0.5, 0.3 and 0.2 of the weight."""
    flows = (("east", 0.5, (0.5, 0.0)), ("north", 0.3, (0.0, 0.4)), ("west", 0.2, (-0.3, 0.0)))
    still = field((0.0, 0.0))
    members = tuple(ForcingMember(name, weight, field(flow), still) for name, weight, flow in flows)
    return replace(environment(), members=members)


def test_every_particle_is_tied_to_one_member_and_goes_with_it(three) -> None:
    given = case(scenario(HERE, {"PIW-1": 1.0}), drift=replace(QUIET, particles=1000), seed=4)
    found = drifted(given, three)
    assert found.member_names == ("east", "north", "west")
    assert np.all(np.diff(found.member) >= 0)
    assert [int((found.member == m).sum()) for m in range(3)] == [500, 300, 200]
    for member, (east, north) in enumerate(((0.5, 0.0), (0.0, 0.4), (-0.3, 0.0))):
        own = found.member == member
        assert found.weight[own].sum() == pytest.approx(three.members[member].weight)
        # PIW-1 drifts with the water only where there is no wind
        duration_s = found.times_s[-1] - found.times_s[0]
        np.testing.assert_allclose(found.x_m[own, -1], east * duration_s, atol=1.0)
        np.testing.assert_allclose(found.y_m[own, -1], north * duration_s, atol=1.0)
    assert found.weight.sum() == pytest.approx(1.0, abs=1e-12)


def test_members_are_worked_on_in_pieces_with_the_same_answer(three) -> None:
    given = case(drift=DriftSettings(particles=3000))
    one, two = (drifted(given, three, executor=executor) for executor in (Serial(), None))
    np.testing.assert_array_equal(one.x_m, two.x_m)
    np.testing.assert_array_equal(one.member, two.member)


@pytest.mark.parametrize("wind_mps", [25.0, 31.0])
def test_capsizing_at_the_stated_rate(wind_mps) -> None:
    """An hour's chance is 0.5 + 0.5 tanh((W - 30) / 5); 4,000 craft, five standard deviations an hour."""
    count, hours = 4000, 6
    tracks = moved(environment((0.0, 0.0), (0.0, wind_mps)), QUIET, hours, count, capsizes=True)
    chance = 0.5 + 0.5 * tanh((wind_mps - 30.0) / 5.0)
    for hour in range(1, hours + 1):
        expected = 1.0 - (1.0 - chance) ** hour
        found = np.mean(tracks.capsized_s <= START.timestamp() + 3600.0 * hour)
        assert found == pytest.approx(expected, abs=5 * sqrt(expected * (1 - expected) / count)), hour


def test_what_has_capsized_has_four_tenths_of_its_leeway() -> None:
    """3 % of 30 m/s toward north, upright 0.9 m/s, capsized 0.36 m/s from the end of that step on."""
    table = [3.0, 0, 0, 0, 0, 0, 0, 0, 0]
    tracks = moved(environment((0.0, 0.0), (0.0, 30.0)), QUIET, 6, 500, table, capsizes=True)
    upright_s = np.minimum(tracks.capsized_s - START.timestamp(), 6 * 3600.0)
    upright_s = np.where(np.isnan(upright_s), 6 * 3600.0, upright_s)
    expected = 0.9 * upright_s + 0.36 * (6 * 3600.0 - upright_s)
    np.testing.assert_allclose(tracks.y_m[:, -1], expected, rtol=1e-4)
    assert np.isfinite(tracks.capsized_s).mean() > 0.9


def test_nothing_capsizes_that_may_not_and_nothing_backward() -> None:
    sea = environment((0.0, 0.0), (0.0, 40.0))
    assert np.isnan(moved(sea, QUIET, 3, 200).capsized_s).all()
    traits = Traits(np.zeros((1, 9)), np.array([0.5]), np.array([True]))
    back = TimeAxis(START.timestamp() + 3 * 3600.0, 18, -600.0)
    found = drift_seeds(sea, points(200, 3 * 3600.0), traits, QUIET, back, 1)
    assert np.isnan(found.capsized_s).all()


def test_since_when_survivors_are_in_the_water() -> None:
    """Persons from their release, crews from capsizing, and those of what floats upright not at all."""
    origin = replace(last_known(hours=3.0), probable_error_m=0.0)
    kinds = (
        ObjectShare("PIW-1", 0.4),
        ObjectShare("SKIFF-1", 0.4, capsizes=True),
        ObjectShare("LIFE-RAFT-DB-10", 0.2),
    )
    given = case(replace(scenario(origin), objects=kinds), drift=replace(QUIET, particles=2000))
    found = drifted(given, environment((0.0, 0.0), (0.0, 28.0)), 9.0)
    person, skiff, raft = (found.object_type == k for k in range(3))
    np.testing.assert_array_equal(found.in_water_from_s[person], found.released_s[person])
    assert np.isnan(found.in_water_from_s[raft]).all()
    capsized = np.isfinite(found.in_water_from_s[skiff])
    assert 0.5 < capsized.mean() < 1.0
    assert np.all((found.in_water_from_s > found.released_s)[skiff][capsized])


def test_the_current_error_grows_with_the_current_as_published() -> None:
    """sqrt(0.176^2 + (0.407 s)^2) m/s an axis (reference: drifters in strong and weak currents).

    4,000 particles over the first step: variance within five standard errors, 11 %.
    """
    settings = replace(QUIET, current_error_mps=0.176, current_error_growth=0.407)
    for east, north in ((0.0, 0.0), (0.5, 0.0), (1.2, -0.9)):
        tracks = moved(environment((east, north)), settings, 1 / 6, 4000)
        for places, mean in ((tracks.x_m, east), (tracks.y_m, north)):
            error_mps = places[:, 1] / 600.0 - mean
            expected = 0.176**2 + 0.407**2 * (east**2 + north**2)
            assert error_mps.var() == pytest.approx(expected, rel=5 * sqrt(2 / 4000))
            assert error_mps.mean() == pytest.approx(0.0, abs=5 * sqrt(expected / 4000))


def test_leeway_goes_with_the_wind_over_the_water() -> None:
    """A wind that blows with the current at its speed is felt by nobody; over the ground it is."""
    sea = environment((1.0, 0.5), (1.0, 0.5))
    table = [10.0, 0, 0, 0, 0, 0, 0, 0, 0]
    over_water = moved(sea, replace(QUIET, wind_over_water=True), 6, 1, table)
    over_ground = moved(sea, QUIET, 6, 1, table)
    assert over_water.x_m[0, -1] == pytest.approx(1.0 * 6 * 3600.0, abs=1.0)
    assert over_ground.x_m[0, -1] == pytest.approx(1.1 * 6 * 3600.0, abs=1.0)


def test_leaving_the_forcing_in_time_is_a_state_of_its_own_place() -> None:
    """Where current or wind ends, all that is afloat is outside the forcing; what is ashore stays ashore."""
    sea = environment((0.5, 0.0), islands_xy_m=[ISLAND])
    member = sea.members[0]
    short = replace(member.wind, times_s=START.timestamp() + np.array([-3600.0, 4 * 3600.0]))
    sea = replace(sea, members=(replace(member, wind=short),))
    given = case(scenario(last_known(2000.0, 0.0, 3000.0, hours=6.0)), drift=replace(QUIET, particles=2000))
    found = drifted(given, sea)
    after = found.times_s > START.timestamp() + 4 * 3600.0
    assert not np.any(found.status[:, after] == Status.ACTIVE)
    final = bins_at(found, -1, 0.0)
    assert final["outside_forcing"] > 0.5
    assert final["ashore"] > 0.02
    assert final["outside_forcing"] + final["ashore"] == pytest.approx(1.0)
    assert np.any(found.status[:, ~after][:, -1] == Status.ACTIVE)
    held = found.status[:, :-1] == Status.OUTSIDE_FORCING
    assert np.all((found.x_m[:, 1:] == found.x_m[:, :-1])[held])


def test_bins_hold_all_probability_at_every_instant_also_with_refloating_and_capsizing() -> None:
    sea = environment((0.8, 0.1), (22.0, 2.0), islands_xy_m=[ISLAND], half_m=25_000.0)
    kinds = (ObjectShare("SKIFF-1", 0.5, capsizes=True), ObjectShare("PIW-1", 0.5))
    given = case(
        replace(scenario(last_known(hours=4.0)), objects=kinds),
        drift=DriftSettings(particles=800, refloating_per_hour=0.4),
    )
    found = drifted(given, sea, 12.0)
    totals = [sum(bins_at(found, index, 0.0).values()) for index in range(found.times_s.size)]
    np.testing.assert_allclose(totals, 1.0, atol=1e-12)
    assert set(np.unique(found.status)) == {0, 1, 2, 3}
    assert np.isfinite(found.x_m).all()
    assert np.isfinite(found.y_m).all()


def test_full_hours_before_the_search_are_the_same_trajectories() -> None:
    """Fewer instants are kept before `fine_from`; what is kept is the same to the bit."""
    sea = environment((0.3, 0.1), (6.0, 2.0), islands_xy_m=[ISLAND])
    every = drifted(case(), sea, 7.0)
    some = drifted(case(), sea, 11.0, fine_from=START + timedelta(hours=4, minutes=25))
    hourly = some.times_s[some.times_s < START.timestamp() + 4 * 3600.0]
    np.testing.assert_allclose(np.diff(hourly), 3600.0)
    fine = some.times_s[some.times_s >= START.timestamp() + 4 * 3600.0 + 1200.0]
    np.testing.assert_allclose(np.diff(fine), 600.0)
    both, mine, theirs = np.intersect1d(every.times_s, some.times_s, return_indices=True)
    assert both.size == 5 + 17
    for name in ("x_m", "y_m", "status"):
        np.testing.assert_array_equal(getattr(every, name)[:, mine], getattr(some, name)[:, theirs])


def test_a_search_before_the_release_waits_at_the_origin() -> None:
    """The window opens at 10 h; nothing is adrift before the twelfth."""
    origin = replace(
        HERE, released_from=START + timedelta(hours=6), released_until=START + timedelta(hours=6)
    )
    found = drifted(case(scenario(origin, {"PIW-1": 1.0}), drift=QUIET), environment((1.0, 0.0)), 8.0)
    assert found.times_s[0] == START.timestamp() + 4 * 3600.0
    np.testing.assert_allclose(np.diff(found.times_s), 600.0)
    before = found.times_s <= START.timestamp() + 6 * 3600.0
    assert np.all(found.status[:, before] == Status.NOT_YET_RELEASED)
    np.testing.assert_allclose(found.x_m[:, -1], 2 * 3600.0, atol=0.5)


def test_steps_lie_on_whole_ten_minutes_whatever_is_asked() -> None:
    odd_s = START.timestamp() + 137.0
    axis = forward_axis(odd_s, START + timedelta(hours=5, seconds=1))
    assert axis.times_s[0] == START.timestamp()
    assert axis.times_s[-1] == START.timestamp() + 5 * 3600.0 + 600.0
    assert np.all(axis.times_s % 600.0 == 0.0)


def test_forcing_in_windows_is_the_same_forcing(monkeypatch) -> None:
    """As if little of it fitted into memory: five steps at a time, the same bits."""
    rng = np.random.default_rng(8)
    rough = [
        replace(
            field((0.0, 0.0)),
            times_s=START.timestamp() - 3600.0 + 3600.0 * np.arange(12.0),
            velocity_mps=(strength * rng.standard_normal((12, 61, 61, 2))).astype(np.float32),
        )
        for strength in (0.3, 6.0)
    ]
    sea = replace(environment(), members=(ForcingMember("", 1.0, *rough),), coast=coast([ISLAND]))
    given = case(drift=DriftSettings(particles=600, refloating_per_hour=0.2))
    whole = drifted(given, sea, 9.0)
    monkeypatch.setattr(engine, "WINDOW_STEPS", 5)
    pieces = drifted(given, sea, 9.0)
    for name in ("x_m", "y_m", "status"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))


def test_the_draw_of_a_particle_is_its_own() -> None:
    """Its random numbers depend on its number and the seed, not on how many others there are."""
    few, many = (moved(environment((0.2, 0.1)), DriftSettings(), 3, count) for count in (50, 700))
    np.testing.assert_array_equal(few.x_m, many.x_m[:50])
    assert np.unique(many.x_m[:, -1]).size == 700


def test_traits_of_classes_without_a_case() -> None:
    traits = plain_traits(np.zeros((3, 9)))
    assert traits.right_frac.tolist() == [0.5] * 3
    assert not traits.capsizes.any()


@pytest.mark.parametrize("right", [0.0, 0.475, 1.0])
def test_the_share_that_starts_to_the_right(right) -> None:
    """Tu (2022): lifeboats 47.5 %. 4,000 draws, five standard deviations."""
    table = [0, 0, 0, 10.0, 0, 0, -10.0, 0, 0]
    traits = Traits(np.array([table], float), np.array([right]), np.array([False]))
    axis = TimeAxis(START.timestamp(), 6)
    tracks = drift_seeds(environment((0.0, 0.0), (0.0, 10.0)), points(4000), traits, QUIET, axis, 1)
    found = np.mean(tracks.x_m[:, -1] > 0)
    assert found == pytest.approx(right, abs=5 * sqrt(right * (1 - right) / 4000))
