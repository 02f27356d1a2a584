"""What the plan makes large: persons in cold water sought before rafts, and finds that come soon."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from builders_outcome import outcome_of, searches_of, worth_of_finds
from builders_sea import QUIET, START, case, environment, last_known, place, scenario, unit
from sarex.case.model import Conditions, Objective, SearchWindow
from sarex.drift import drift_ensemble
from sarex.planning import Belief, Effort, plan_search
from sarex.planning.model import SearchPlan
from sarex.planning.outcome import (
    Search,
    worth_in_time,
)
from sarex.planning.waters import Waters, waters_of

WINDOW = SearchWindow(START + timedelta(hours=0.5), START + timedelta(hours=6.5))
COLD = Conditions(visibility_m=18_520.0, wave_height_m=1.0, wind_mps=0.0, water_temperature_degc=5.0)
EFFORT = Effort(lines=2, tries=80, rounds=10, moves=30, shakes=3, polish=4)
WIDTHS_M = {"PIW-1": 300.0, "LIFE-RAFT-DB-10": 300.0}
"""The same for both, so that only how long people live tells them apart."""


def helicopter(name: str, x_m: float, **changes):
    usual = {
        "sweep_width_m": WIDTHS_M,
        "available_from": WINDOW.start,
        "transit_speed_mps": 46.0,
        "endurance_s": 3 * 3600.0,
    }
    return unit(name, position=place(x_m, 0.0), **{**usual, **changes})


def case_of(west, east, units, seed: int):
    quiet = replace(QUIET, particles=1500)
    return case(west, east, units=units, conditions=COLD, window=WINDOW, drift=quiet, seed=seed)


def cold_case(seed: int = 1):
    """Persons in the water 20 km west, a raft 20 km east.

    The helicopter that comes first stands east, the one that comes three hours later west: sent to what is
    near them they find most.
    """
    west = scenario(last_known(-20_000.0, error_m=3000.0), {"PIW-1": 1.0}, 0.5, "in the water")
    east = scenario(last_known(20_000.0, error_m=3000.0), {"LIFE-RAFT-DB-10": 1.0}, 0.5, "raft")
    late = helicopter("Late", -45_000.0, available_from=WINDOW.start + timedelta(hours=3))
    return case_of(west, east, (helicopter("Early", 45_000.0), late), seed)


def far_case(seed: int = 1):
    """A little more of the probability lies three times as far off as the rest; one unit, for one of them."""
    raft = {"LIFE-RAFT-DB-10": 1.0}
    near = scenario(last_known(-20_000.0, error_m=2500.0), raft, 0.46, "near")
    far = scenario(last_known(80_000.0, error_m=2500.0), raft, 0.54, "far")
    slow = helicopter(
        "Slow", -40_000.0, transit_speed_mps=15.0, search_speed_mps=40.0, endurance_s=8 * 3600.0
    )
    return case_of(near, far, (slow,), seed)


def planned(given) -> tuple[SearchPlan, Waters]:
    sea = environment()
    reported, rehearsal = (
        drift_ensemble(given, sea, until=WINDOW.end, purpose=purpose, fine_from=WINDOW.start)
        for purpose in ("reported", "rehearsal")
    )
    plan = plan_search(given, sea, Belief(reported, rehearsal), EFFORT)
    return plan, waters_of(reported, WINDOW.start.timestamp(), WINDOW.end.timestamp())


def of_type(given, plan: SearchPlan, waters: Waters, type_key: str):
    """The outcome for one object type alone."""
    wanted = waters.object_type == given.object_types.index(type_key)
    alone = replace(waters, weight=np.where(wanted, waters.weight, 0.0))
    return outcome_of(given, alone, searches_of(plan, alone, given.object_types))


@pytest.mark.parametrize("seed", [1, 2])
def test_alive_seeks_those_in_cold_water_first(seed: int) -> None:
    given = cold_case(seed)
    usual, waters = planned(given)
    alive, _ = planned(replace(given, objective=Objective.ALIVE))
    assert usual.outcome is not None
    assert alive.outcome is not None
    # effort before the second helicopter comes: all for the raft, then all for the persons in the water
    half_s = WINDOW.start.timestamp() + 3 * 3600.0
    early_x_m = [
        np.mean([leg.start_x_m for plan in told.unit_plans for leg in plan.legs[1:] if leg.end_s < half_s])
        for told in (usual, alive)
    ]
    assert early_x_m[0] > 10_000.0
    assert early_x_m[1] < -10_000.0
    in_water = [of_type(given, plan, waters, "PIW-1") for plan in (usual, alive)]
    assert in_water[1].median_time_s < in_water[0].median_time_s - 2.0 * 3600.0
    assert in_water[1].pos_alive > in_water[0].pos_alive + 0.05
    assert alive.outcome.pos_alive > usual.outcome.pos_alive + 0.03
    # the price: longer ways out cost POS, here 3 to 6 points
    assert 0.0 < usual.quality.pos - alive.quality.pos < 0.08


@pytest.mark.parametrize("seed", [1, 2])
def test_soonest_finds_sooner_and_tells_its_price(seed: int) -> None:
    """Half an hour sooner on average, for at most 8 points of POS."""
    given = far_case(seed)
    usual, _ = planned(given)
    soonest, _ = planned(replace(given, objective=Objective.SOONEST))
    assert usual.outcome is not None
    assert soonest.outcome is not None
    assert soonest.outcome.mean_time_s < usual.outcome.mean_time_s - 1800.0
    assert 0.0 < usual.quality.pos - soonest.quality.pos < 0.08


def test_finds_are_worth_their_pos_where_all_count_alike_and_what_the_outcome_says_else() -> None:
    given = replace(cold_case(), objective=Objective.ALIVE)
    waters = planned(given)[1]
    leg = [[-23_000.0, 200.0, -17_000.0, 200.0, WINDOW.start.timestamp(), WINDOW.start.timestamp() + 9000.0]]
    searches = [Search(np.array(leg), np.full(waters.weight.size, 2000.0, np.float32))]
    outcome = outcome_of(given, waters, searches)
    worth = worth_in_time(waters, given)
    assert worth is not None
    assert worth_of_finds(waters, searches, np.ones_like(worth)) == pytest.approx(outcome.pos, abs=1e-7)
    assert worth_of_finds(waters, searches, worth) == pytest.approx(outcome.pos_alive, rel=1e-5)
