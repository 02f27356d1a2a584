"""Found when, and alive: the sum over intervals against whole searches and against plain numpy."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from builders_outcome import outcome_of, searches_of
from builders_sea import SMALL, START, WINDOW, case, environment, place, scenario, unit
from sarex.case.model import Conditions, Objective, SatelliteLook
from sarex.detection.survival import SurvivalModel, Verification
from sarex.drift import drift_ensemble
from sarex.errors import CaseError
from sarex.kernels.exposure import bounds_of_blocks
from sarex.planning import Belief, plan_search
from sarex.planning.outcome import (
    Glance,
    Search,
    curves_of,
    worth_in_time,
)
from sarex.planning.waters import Waters, success, waters_of

STEP_S, INTERVALS = 600.0, 18
SEA = Conditions(visibility_m=18_520.0, wave_height_m=1.0, wind_mps=5.0, water_temperature_degc=10.0)
PEOPLE = case(scenario(objects={"PIW-1": 0.6, "LIFE-RAFT-DB-10": 0.4}), units=(unit(),), conditions=SEA)


def random_waters(rng, *, particles: int = 300, afloat: float = 1.0) -> Waters:
    """Three hours of the window; half of the particles in the water since a drawn time."""
    x_m, y_m = (
        (
            rng.normal(0.0, 4000.0, particles)
            + np.cumsum(rng.normal(0.0, 250.0, (INTERVALS + 1, particles)), 0)
        ).astype(np.float32)
        for _ in range(2)
    )
    floats = rng.random(x_m.shape) <= afloat
    weight = rng.random(particles)
    return Waters(
        start_s=WINDOW.start.timestamp(),
        step_s=STEP_S,
        x_m=x_m,
        y_m=y_m,
        afloat=floats,
        weight=weight / weight.sum(),
        object_type=rng.integers(0, 2, particles).astype(np.int16),
        scenario=np.zeros(particles, np.int16),
        bounds=bounds_of_blocks(x_m, y_m, floats),
        in_water_from_s=np.where(
            rng.random(particles) < 0.5, np.nan, rng.uniform(-3e4, 1e4, particles) + WINDOW.start.timestamp()
        ),
    )


def random_searches(rng, waters: Waters, units: int = 3) -> list[Search]:
    searches = []
    for _ in range(units):
        ends = waters.start_s + np.sort(rng.uniform(0.0, INTERVALS * STEP_S, 9))
        points = rng.normal(0.0, 6000.0, (9, 2))
        legs = np.column_stack([points[:-1], points[1:], ends[:-1], ends[1:]])[::2]
        searches.append(Search(legs, waters.widths(rng.uniform(200.0, 2000.0, 2))))
    return searches


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_the_intervals_add_up_to_the_whole(seed) -> None:
    """POS of the sum is that of all exposure at once; what is alive is part of what is found."""
    rng = np.random.default_rng(seed)
    waters = random_waters(rng, afloat=0.9)
    searches = random_searches(rng, waters)
    outcome = outcome_of(PEOPLE, waters, searches)
    at_once = np.sum([waters.exposures(s.legs, s.width_m, 0.0) for s in searches], axis=0, dtype=float)
    # exposures come in single precision; the same pieces are added up in another order
    assert outcome.pos == pytest.approx(success(waters.weight, at_once), abs=2e-7)
    assert outcome.found_by[0] == 0.0
    assert (np.diff(outcome.found_by) >= 0.0).all()
    assert outcome.found_by[-1] == outcome.pos
    assert all(0.0 <= figure.pos_alive <= outcome.pos for figure in outcome.alive)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_pos_is_that_of_the_summed_exposure(seed) -> None:
    """To 1e-9, with exposures given in double precision."""
    rng = np.random.default_rng(seed)
    waters = random_waters(rng)
    exposures = rng.exponential(0.3, (12, waters.weight.size))
    at_s = waters.start_s + rng.uniform(0.0, INTERVALS * STEP_S, 12)
    glances = [Glance(float(t), e) for t, e in zip(at_s, exposures, strict=True)]
    outcome = outcome_of(PEOPLE, waters, (), glances)
    assert outcome.pos == pytest.approx(success(waters.weight, exposures.sum(axis=0)), abs=1e-9)


def test_who_floats_upright_is_found_alive() -> None:
    rng = np.random.default_rng(1)
    waters = random_waters(rng)
    waters = replace(waters, in_water_from_s=np.full(waters.weight.size, np.nan))
    outcome = outcome_of(PEOPLE, waters, random_searches(rng, waters))
    assert [figure.pos_alive for figure in outcome.alive] == [outcome.pos] * 3
    assert not outcome.anybody_in_water


def slow_outcome(waters: Waters, searches: list[Search], curves) -> tuple[float, float]:
    """POS and found alive: the double sum written out, over exposures by quadrature."""
    pos = alive = 0.0
    before = np.zeros(waters.weight.size)
    for k in range(INTERVALS):
        cut = waters.start_s + STEP_S * k, waters.start_s + STEP_S * (k + 1)
        now = np.zeros(waters.weight.size)
        for search in searches:
            legs = [piece for leg in search.legs if (piece := cut_leg(leg, *cut)) is not None]
            if legs:
                now += plane_exposure(waters, search.width_m, legs)
        found = waters.weight * (np.exp(-before) - np.exp(-before - now))
        wet_s = np.nan_to_num(sum(cut) / 2 - waters.in_water_from_s, nan=0.0).clip(0.0)
        curve = curves[0]
        lives = (1 - curve.early_frac) * lognorm.sf(wet_s, curve.spread_log, scale=curve.median_s)
        lives += curve.early_frac * np.exp(-wet_s / curve.early_mean_s)
        pos, alive, before = pos + found.sum(), alive + (found * lives).sum(), before + now
    return pos, alive


def cut_leg(leg, start_s, end_s):
    t0, t1 = max(leg[4], start_s), min(leg[5], end_s)
    if t1 - t0 < 1e-6:
        return None
    at = (np.array([t0, t1]) - leg[4]) / (leg[5] - leg[4])
    (x0, x1), (y0, y1) = leg[0] + at * (leg[2] - leg[0]), leg[1] + at * (leg[3] - leg[1])
    return x0, y0, x1, y1, t0, t1


def plane_exposure(waters, width_m, legs):
    """By 800 steps of the trapezium rule along each leg: rate v W^2 / (8 pi r^3)."""
    total = np.zeros(waters.weight.size)
    instants = waters.times_s
    for x0, y0, x1, y1, t0, t1 in legs:
        t = np.linspace(t0, t1, 801)
        share = (t - t0) / (t1 - t0)
        k = min(int((0.5 * (t0 + t1) - waters.start_s) / STEP_S), INTERVALS - 1)
        along = ((t - instants[k]) / STEP_S)[:, None]
        px, py = (values[k] + along * (values[k + 1] - values[k]) for values in (waters.x_m, waters.y_m))
        r = np.hypot((x0 + share * (x1 - x0))[:, None] - px, (y0 + share * (y1 - y0))[:, None] - py)
        rate = np.hypot(x1 - x0, y1 - y0) / (t1 - t0) * width_m.astype(float) ** 2 / (8 * np.pi * r**3)
        total += np.trapezoid(rate, t, axis=0)
    return total


@pytest.mark.parametrize("seed", range(3))
def test_twin(seed) -> None:
    """Against quadrature in plain numpy; passes within a few metres are integrated coarsely, hence 0.2 %."""
    rng = np.random.default_rng(seed)
    waters = random_waters(rng, particles=200)
    searches = random_searches(rng, waters, units=2)
    outcome = outcome_of(PEOPLE, waters, searches)
    pos, alive = slow_outcome(waters, searches, curves_of(PEOPLE, SurvivalModel.UK_SURVEY))
    assert outcome.pos == pytest.approx(pos, abs=2e-3)
    assert outcome.pos_alive == pytest.approx(alive, abs=2e-3)


def one_pass(at_s: float) -> tuple[Waters, Search]:
    """One particle that is passed for certain within a minute around an instant."""
    still = np.zeros((INTERVALS + 1, 1), np.float32)
    afloat = np.ones_like(still, dtype=bool)
    start_s = WINDOW.start.timestamp()
    waters = Waters(
        start_s=start_s,
        step_s=STEP_S,
        x_m=still,
        y_m=still,
        afloat=afloat,
        weight=np.ones(1),
        object_type=np.zeros(1, np.int16),
        scenario=np.zeros(1, np.int16),
        bounds=bounds_of_blocks(still, still, afloat),
        in_water_from_s=np.array([START.timestamp()]),
    )
    leg = [[-1500.0, 5.0, 1500.0, 5.0, start_s + at_s - 30.0, start_s + at_s + 30.0]]
    return waters, Search(np.array(leg), np.full(1, 2000.0, np.float32))


@pytest.mark.parametrize("after_h", [0.45, 1.45, 2.45])
def test_a_find_at_a_known_time(after_h: float) -> None:
    """In the water since four hours before the window, 10 C: by hand from the survey's 5.7 h.

    The interval that holds the pass has its middle 2 min before it.
    """
    waters, search = one_pass(after_h * 3600.0)
    outcome = outcome_of(PEOPLE, waters, [search])
    assert outcome.pos == pytest.approx(1.0)
    middle_h = np.floor(after_h * 6.0) / 6.0 + 1.0 / 12.0
    assert outcome.mean_time_s == pytest.approx(3600.0 * middle_h)
    assert outcome.median_time_s == pytest.approx(3600.0 * middle_h)
    quantile = lognorm.isf(0.5 / 0.7, 0.7)
    expected = 0.7 * lognorm.sf(4.0 + middle_h, 0.7, scale=5.7 / quantile)
    assert outcome.pos_alive == pytest.approx(expected, rel=1e-6)
    assert outcome.alive[0].verification is Verification.SURVEY


def test_without_a_temperature_nothing_is_said_of_who_lives() -> None:
    cold = replace(PEOPLE, conditions=replace(SEA, water_temperature_degc=None))
    waters, search = one_pass(3600.0)
    outcome = outcome_of(cold, waters, [search])
    assert (outcome.alive, outcome.pos_alive) == ((), None)
    assert outcome.pos == pytest.approx(1.0)
    assert outcome.anybody_in_water


def test_a_plan_that_finds_nothing_has_no_times() -> None:
    waters, _ = one_pass(3600.0)
    outcome = outcome_of(PEOPLE, waters, ())
    assert (outcome.pos, outcome.median_time_s, outcome.mean_time_s) == (0.0, None, None)


def test_a_glance_counts_in_its_interval_also_at_the_last_instant() -> None:
    waters, _ = one_pass(3600.0)
    look = Glance(float(waters.times_s[-1]), np.array([np.log(4.0)]))
    outcome = outcome_of(PEOPLE, waters, (), [look])
    assert outcome.pos == pytest.approx(0.75)
    assert outcome.found_by[-2] == 0.0


def test_worth_under_each_objective() -> None:
    waters = random_waters(np.random.default_rng(3))
    assert worth_in_time(waters, PEOPLE) is None
    alive = worth_in_time(waters, replace(PEOPLE, objective=Objective.ALIVE))
    assert alive is not None
    assert (alive.shape, alive.dtype) == ((INTERVALS, waters.weight.size), np.float32)
    dry = np.isnan(waters.in_water_from_s)
    assert (alive[:, dry] == 1.0).all()
    assert (np.diff(alive, axis=0) <= 0.0).all()
    assert (alive[-1, ~dry] < 1.0).any()


def test_worth_of_a_soon_find_falls_to_half() -> None:
    waters = random_waters(np.random.default_rng(3))
    worth = worth_in_time(waters, replace(PEOPLE, objective=Objective.SOONEST))
    assert worth is not None
    share = (np.arange(INTERVALS) + 0.5) / INTERVALS
    assert WINDOW.end - WINDOW.start == timedelta(seconds=INTERVALS * STEP_S)
    assert worth[:, 0] == pytest.approx(1.0 - 0.5 * share)
    assert (worth == worth[:, :1]).all()


def test_alive_needs_a_temperature() -> None:
    waters, _ = one_pass(3600.0)
    cold = replace(PEOPLE, objective=Objective.ALIVE, conditions=replace(SEA, water_temperature_degc=None))
    with pytest.raises(CaseError, match="water_temperature_c"):
        worth_in_time(waters, cold)


def test_worth_is_what_the_outcome_counts() -> None:
    """Finds weighted with their worth make the planning model's figure."""
    rng = np.random.default_rng(5)
    waters = random_waters(rng)
    look = rng.exponential(0.5, waters.weight.size)
    k = 7
    outcome = outcome_of(PEOPLE, waters, (), [Glance(waters.start_s + (k + 0.5) * STEP_S, look)])
    worth = worth_in_time(waters, replace(PEOPLE, objective=Objective.ALIVE))
    assert worth is not None
    assert outcome.pos_alive == pytest.approx((waters.weight * -np.expm1(-look) * worth[k]).sum(), rel=1e-6)


def test_outcome_of_a_real_plan() -> None:
    """POS of the plan, a person in the water long since, and a raft beside."""
    sea = environment((0.2, 0.1), (3.0, 0.0))
    reported, rehearsal = (
        drift_ensemble(PEOPLE, sea, until=WINDOW.end, purpose=purpose, fine_from=WINDOW.start)
        for purpose in ("a", "b")
    )
    plan = plan_search(PEOPLE, sea, Belief(reported, rehearsal), SMALL)
    waters = waters_of(reported, WINDOW.start.timestamp(), WINDOW.end.timestamp())
    outcome = outcome_of(PEOPLE, waters, searches_of(plan, waters, PEOPLE.object_types))
    assert plan.outcome is not None
    assert (plan.outcome.pos, plan.outcome.alive) == (outcome.pos, outcome.alive)
    assert outcome.pos == pytest.approx(plan.quality.pos, abs=1e-6)
    assert outcome.pos_alive is not None
    assert 0.4 * outcome.pos < outcome.pos_alive < outcome.pos


def test_a_satellites_look_counts_when_it_is_made() -> None:
    """It sees half of everything at the end of the first hour; the units find the rest of theirs."""
    sea = environment((0.2, 0.1), (3.0, 0.0))
    around = tuple(place(x_m, y_m) for x_m, y_m in [(-9e4, -9e4), (9e4, -9e4), (9e4, 9e4), (-9e4, 9e4)])
    at = WINDOW.start + timedelta(hours=1)
    look = SatelliteLook("SAR", "KR", at, around, {"PIW-1": 0.5, "LIFE-RAFT-DB-10": 0.5})
    given = replace(PEOPLE, looks=(look,), units=(unit(available_from=WINDOW.start + timedelta(hours=1.5)),))
    draw = drift_ensemble(given, sea, until=WINDOW.end, purpose="a", fine_from=WINDOW.start)
    plan = plan_search(given, sea, Belief(draw, draw), SMALL)
    assert plan.outcome is not None
    assert plan.outcome.pos == pytest.approx(plan.quality.pos, abs=1e-6)
    hours = (plan.outcome.times_s - WINDOW.start.timestamp()) / 3600.0
    assert plan.outcome.found_by[hours < 0.99] == pytest.approx(0.0)
    assert np.interp(1.4, hours, plan.outcome.found_by) == pytest.approx(0.5, abs=1e-6)
