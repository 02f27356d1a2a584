"""Random cases: always the same, of every kind, and planned to promise what is wanted."""

import numpy as np
import pytest

from sarex.case.model import Position
from sarex.clock import to_posix_s
from sarex.drift import drift_ensemble
from sarex.drift.ensemble import Status
from sarex.drift.reach import check_places
from sarex.exercise.examination.cases import random_examination_case
from sarex.exercise.examination.effort import with_fitted_widths
from sarex.exercise.examination.places import place_in
from sarex.exercise.examination.seas import SEAS, with_current


@pytest.fixture(scope="module")
def drawn():
    return [random_examination_case(3, number) for number in range(40)]


def test_a_case_is_always_the_same():
    first, again = (random_examination_case(3, 8) for _ in range(2))
    assert first.case == again.case
    assert first.wanted_pos == again.wanted_pos
    assert np.array_equal(first.environment.current.velocity_mps, again.environment.current.velocity_mps)
    assert random_examination_case(3, 9).case != first.case
    assert random_examination_case(4, 8).case != first.case


def test_cases_are_of_every_kind(drawn):
    origins = {type(scenario.origin).__name__ for one in drawn for scenario in one.case.scenarios}
    assert origins >= {
        "LastKnownPosition",
        "Trackline",
        "Area",
        "BearingLine",
        "CrossingBearings",
        "BeaconFix",
    }
    assert {len(one.case.units) for one in drawn} >= {1, 2, 3, 4}
    assert len({unit.kind for one in drawn for unit in one.case.units}) == 5
    assert {len(one.case.object_types) for one in drawn} == {1, 2, 3, 4}
    hours = [(one.case.window.end - one.case.window.start).total_seconds() / 3600 for one in drawn]
    assert 3.0 <= min(hours) < 5.0
    assert 8.0 < max(hours) <= 10.0
    assert len({one.sea for one in drawn}) > 20


def test_seas_reach_high_latitudes_and_the_dateline():
    latitudes = [sea.lat_deg for sea in SEAS]
    assert min(latitudes) <= -75.0
    assert max(latitudes) >= 80.0
    assert sum(abs(sea.lon_deg) >= 179.0 for sea in SEAS) >= 4
    assert len({sea.name for sea in SEAS}) == len(SEAS)


def test_origins_and_ships_are_afloat_and_forcing_reaches_a_second_window(drawn):
    for one in drawn:
        check_places(one.case, one.environment)
        window = one.case.window
        second_end_s = to_posix_s(window.end + (window.end - window.start))
        for field in (one.environment.current, one.environment.wind):
            assert field.times_s[0] <= min(to_posix_s(window.start), field.times_s[-1])
            assert field.times_s[-1] >= second_end_s
            assert np.isfinite(field.velocity_mps).all()
            assert np.abs(field.velocity_mps).max() < 25.0


def test_widths_are_fitted_towards_what_is_wanted(drawn):
    one = next(one for one in drawn if one.wanted_pos < 0.9 and all(u.sweep_width_m for u in one.case.units))
    belief = _belief(one)
    widths = []
    for wanted in (0.2, 0.5, 0.8):
        fitted = with_fitted_widths(one.case, one.environment, belief, wanted)
        ratios = {
            round(new.sweep_width_m[key] / old.sweep_width_m[key], 9)
            for new, old in zip(fitted.units, one.case.units, strict=True)
            for key in old.sweep_width_m
        }
        assert len(ratios) == 1
        widths.append(ratios.pop())
    assert widths == sorted(widths)
    assert widths[0] < widths[2]


def test_the_place_of_particles_in_their_own_map_is_even(drawn):
    one = next(one for one in drawn if "Indian" in one.sea or "Tasman" in one.sea)
    belief, at = _belief(one), one.case.window.end
    column = int(np.argmin(np.abs(belief.times_s - at.timestamp())))
    afloat = np.flatnonzero(belief.status[:, column] == Status.ACTIVE)[::10]
    lon, lat = belief.frame.to_lonlat_deg(belief.x_m[afloat, column], belief.y_m[afloat, column])

    places = [place_in(belief, at, Position(float(a), float(b))) for a, b in zip(lon, lat, strict=True)]
    levels = np.array([place.level for place in places])
    assert abs(levels.mean() - 0.5) < 0.06
    assert abs(np.mean([place.rank_x for place in places]) - 0.5) < 0.06
    far = place_in(belief, at, Position(one.environment.frame.origin_lon_deg, 0.0))
    assert far is not None
    assert far.level == 1.0


def test_a_current_is_added_everywhere(drawn):
    sea = drawn[0].environment
    other = with_current(sea, 0.25, -0.125)
    assert other.current.velocity_mps - sea.current.velocity_mps == pytest.approx(
        np.broadcast_to([0.25, -0.125], sea.current.velocity_mps.shape), abs=1e-6
    )
    assert other.wind is sea.wind


def _belief(one):
    return drift_ensemble(
        one.case, one.environment, until=one.case.window.end, purpose="test", fine_from=one.case.window.start
    )
