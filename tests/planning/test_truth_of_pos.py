"""What a plan promises is what happens: the files flown glimpse by glimpse by a program of its own."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import SMALL, START, WINDOW, case, environment, last_known, place, scenario, ship, unit
from independent_glimpses import Files, find_chances, finds, read_files
from sarex.case.model import DriftSettings
from sarex.drift import drift_ensemble
from sarex.exchange.drift_nc import write_drift
from sarex.exchange.plan_json import plan_to_json
from sarex.planning import Belief, plan_search
from sarex.tasking import issue_tasks

PARTICLES = 1500
RUNS = 6000
FALSE_ALARM = 1e-4
"""Of one comparison of a find rate with `pos`, were every run a coin with that chance: two-sided normal."""
CRITICAL_Z = 3.8906


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A small plan: two units, a raft or a person, a drift past an island where some strand."""
    island = Polygon([(9_000, -4_000), (13_000, -4_000), (13_000, 3_000), (9_000, 3_000)])
    sea = environment((0.25, 0.1), (6.0, 0.0), islands_xy_m=[island])
    small = case(
        scenario(last_known(error_m=2000.0), {"LIFE-RAFT-DB-10": 0.6, "PIW-1": 0.4}),
        units=(
            unit(sweep_width_m={"LIFE-RAFT-DB-10": 900.0, "PIW-1": 400.0}),
            ship(
                position=place(-25_000.0, 5_000.0),
                available_from=START + timedelta(hours=4),
                sweep_width_m={"LIFE-RAFT-DB-10": 1400.0, "PIW-1": 600.0},
            ),
        ),
        drift=DriftSettings(particles=PARTICLES, current_error_mps=0.1, current_error_growth=0.0),
    )
    belief = Belief(
        *(drift_ensemble(small, sea, until=WINDOW.end, purpose=purpose) for purpose in ("told", "tried"))
    )
    plan = issue_tasks(small, sea.frame, plan_search(small, sea, belief, SMALL))
    folder = tmp_path_factory.mktemp("plan")
    write_drift(folder / "drift.nc", small, sea, belief.reported)
    text = plan_to_json(plan, (), datetime.now(UTC), synthetic=True)
    (folder / "plan.json").write_text(text, encoding="utf-8")
    return read_files(folder / "drift.nc", folder / "plan.json")


def z_of(found: np.ndarray, promised: float) -> float:
    return (found.mean() - promised) / np.sqrt(promised * (1.0 - promised) / found.size)


def test_promise_is_the_find_rate(files):
    """Every glimpse drawn; the false alarm rate is FALSE_ALARM."""
    assert 0.3 < files.promised < 0.9
    assert abs(z_of(finds(files, RUNS, 1, coarse=True), files.promised)) < CRITICAL_Z


def test_promise_is_the_mean_chance(files):
    """Every trajectory twice: no error of drawing is left, and sweep widths 3 % off are seen."""
    assert find_chances(files, 2 * PARTICLES, 2).mean() == pytest.approx(files.promised, abs=1e-3)
    assert find_chances(files, 2 * PARTICLES, 2, widen=1.03).mean() > files.promised + 0.005


@pytest.mark.parametrize(
    "wrong", [{"widen": 1.2}, {"widen": 1 / 1.2}, {"definite": True}], ids=["wide", "narrow", "definite"]
)
def test_wrong_model_fails(files, wrong):
    found = finds(files, RUNS, 3, coarse=True, **wrong)
    assert abs(z_of(found, files.promised)) > CRITICAL_Z


def resting(lateral_m, legs, width_m):
    """Files made by hand: objects at rest beside the meridian of zero, on the equator."""
    count = len(lateral_m)
    degree_m = 111_319.4908  # of longitude at the equator, WGS 84
    return Files(
        times_s=np.array([0.0, 7200.0]),
        lon_deg=np.repeat(np.asarray(lateral_m) / degree_m, 2).reshape(count, 2),
        lat_deg=np.zeros((count, 2)),
        afloat=np.ones((count, 2), bool),
        weight=np.full(count, 1.0 / count),
        leeway_class=["PIW-1"] * count,
        legs=np.asarray(legs, float),
        widths_m=np.full((len(legs), 1), width_m),
        classes=["PIW-1"],
        promised=0.0,
    )


def pass_at(lon_m, start_s=0.0):
    """Northward through the equator at 55.3 m/s, 2 x 110.6 km."""
    lon = lon_m / 111_319.4908
    return lon, -1.0, lon, 1.0, start_s, start_s + 4000.0


@pytest.mark.parametrize("coarse", [False, True])
def test_one_straight_pass(coarse):
    """Koopman 1946: an infinite pass at lateral range x misses with exp(-W^2 / (4 pi x^2))."""
    width_m, lateral_m = 400.0, np.array([60.0, 120.0, 250.0, 500.0, 1200.0])
    found = find_chances(resting(lateral_m, [pass_at(0.0)], width_m), 100, 5, coarse=coarse)
    expected = 1.0 - np.exp(-(width_m**2) / (4.0 * np.pi * lateral_m**2))
    np.testing.assert_allclose(found.reshape(5, 20).mean(axis=1), expected, rtol=5e-3)


def test_long_ladder():
    """A ladder of coverage 1 finds with erf(sqrt(pi)/2) = 0.790 (Koopman 1946, parallel sweeps)."""
    spacing_m, legs = 500.0, 41
    between_m = (np.arange(50) + 0.5) / 50 * spacing_m
    ladder = [pass_at((n - legs // 2) * spacing_m) for n in range(legs)]
    found = find_chances(resting(between_m, ladder, spacing_m), 200, 6)
    assert found.mean() == pytest.approx(0.790, abs=3e-3)


def test_stranded_is_not_found():
    files = resting([100.0], [pass_at(0.0)], 400.0)
    files.afloat[:, 1] = False
    assert not find_chances(files, 10, 7).any()
