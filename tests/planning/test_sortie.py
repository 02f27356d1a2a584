"""One unit's sortie: every shape that can be flown keeps the unit's own rules, others are refused."""

from dataclasses import replace
from math import hypot, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

from builders_sea import WINDOW, case, environment, place, ship, unit
from sarex.detection.model import SweepWidth
from sarex.planning.crews import crew_of
from sarex.planning.model import Pattern
from sarex.planning.sea_room import Charts
from sarex.planning.sortie import Shape, fly, ladder_name

ISLAND = Polygon([(8000, -3000), (12_000, -3000), (12_000, 3000), (8000, 3000)])
SEA = environment(islands_xy_m=[ISLAND])
WINDOW_S = WINDOW.start.timestamp(), WINDOW.end.timestamp()


def crew(searcher=None, width_m=300.0, sea=SEA):
    widths = {"PIW-1": SweepWidth(width_m, width_m, (), "hand-made")}
    return crew_of(searcher or unit(), sea, Charts(sea, ()), WINDOW_S, widths, ("PIW-1",))


LADDER = Shape(Pattern.PARALLEL_SWEEP, 0.0, 0.0, 0.5, 9000.0, 900.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_what_is_flown_keeps_the_units_rules(seed) -> None:
    rng = np.random.default_rng(seed)
    home = place(*rng.uniform(-30_000, 30_000, 2))
    who = crew(unit(home=home, endurance_s=3600.0 * rng.uniform(0.5, 5.0)), width_m=rng.uniform(50, 2000))
    shape = Shape(
        rng.choice([Pattern.PARALLEL_SWEEP, Pattern.EXPANDING_SQUARE, Pattern.SECTOR]),
        *rng.uniform(-15_000, 15_000, 2), rng.uniform(-4, 4),
        rng.uniform(1500, 20_000), rng.uniform(150, 4000),
        int(rng.choice((-1, 1))),
        int(rng.choice((-1, 1))), bool(rng.integers(2)),
    )  # fmt: skip
    track = fly(who, shape, tuple(rng.uniform(-0.8, 0.8, 2)))
    if track is None:
        return
    legs = track.legs
    begin_s, end_s, last = legs[0, 4], legs[-1, 5], legs[-1, 2:4]
    out_s = hypot(legs[0, 0] - who.start[0], legs[0, 1] - who.start[1]) / who.unit.transit_speed_mps
    home_s = hypot(*(last - who.home)) / who.unit.transit_speed_mps
    assert begin_s >= who.departs_s + out_s - 1e-6
    leave_s = min(WINDOW_S[1], who.endurance_until_s - home_s)
    assert end_s <= begin_s + 0.85 * (leave_s - begin_s) + 1e-6
    assert end_s + home_s <= who.departs_s + who.unit.endurance_s + 1e-6
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-6)
    searching = track.searching
    length = np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1])
    np.testing.assert_allclose(length / (searching[:, 5] - searching[:, 4]), who.unit.search_speed_mps)
    assert length.min() >= who.widest_m
    box = Polygon(track.box).buffer(1e-3)
    assert all(box.contains(LineString([leg[:2], leg[2:4]])) for leg in searching)
    assert not any(LineString([leg[:2], leg[2:4]]).intersects(ISLAND) for leg in legs)


def test_a_ladder_uses_the_time_it_has() -> None:
    """One more leg would not have fitted."""
    who = crew()
    legs = fly(who, LADDER, (0.0, 0.0)).legs
    home_s = hypot(legs[-1, 2] + 40_000.0, legs[-1, 3]) / 66.0
    leave_s = min(WINDOW_S[1], who.endurance_until_s - home_s)
    allowed_s = legs[0, 4] + 0.85 * (leave_s - legs[0, 4])
    one_more_s = 9000.0 / 46.0 + (pi * 400.0 + 900.0 - 800.0) / 46.0
    assert allowed_s - 1.5 * one_more_s < legs[-1, 5] <= allowed_s


@pytest.mark.parametrize(
    ("searcher", "shape"),
    [
        (unit(), replace(LADDER, x_m=10_000.0)),  # over the island
        (unit(), replace(LADDER, length_m=200.0)),  # legs shorter than the sweep width
        (unit(endurance_s=1300.0), LADDER),  # out and home take all of it
        (unit(), replace(LADDER, x_m=500_000.0)),  # out of reach
        (
            unit(turn_radius_m=3000.0),
            replace(LADDER, pattern=Pattern.EXPANDING_SQUARE),
        ),  # cannot turn so tightly
        (ship(position=place(10_000.0, 0.0)), LADDER),  # shut in
    ],
)
def test_what_cannot_be_flown_is_refused(searcher, shape) -> None:
    assert fly(crew(searcher), shape, (0.0, 0.0)) is None
    assert fly(crew(), LADDER, (0.0, 0.0)) is not None


def test_a_ladder_is_named_by_its_longer_side() -> None:
    who = crew()
    assert (
        ladder_name(fly(who, replace(LADDER, x_m=-12_000.0, length_m=20_000.0), (0.0, 0.0)))
        is Pattern.PARALLEL_SWEEP
    )
    assert ladder_name(fly(who, replace(LADDER, length_m=3000.0), (0.0, 0.0))) is Pattern.CREEPING_LINE


def test_a_shape_that_follows_the_drift_is_where_the_datum_is() -> None:
    """Centre at the middle of the window; the ladder as a whole moves with the drift before and after."""
    drift = (0.7, -0.3)
    still, moving = (fly(crew(), replace(LADDER, follows_drift=f), drift) for f in (False, True))
    middle_s = sum(WINDOW_S) / 2
    offset = moving.legs[0, :2] - still.legs[0, :2]
    assert offset == pytest.approx(np.array(drift) * (moving.legs[0, 4] - middle_s), abs=0.2)
    assert case().window == WINDOW


def test_a_ladder_over_a_coast_is_flown_when_clipped_to_open_water():
    """The island begins 8 km to the east; legs of 12 km around the middle would cross it."""
    across = replace(LADDER, x_m=5000.0, heading_rad=0.0, length_m=12_000.0)
    assert fly(crew(), across, (0.0, 0.0)) is None
    track = fly(crew(), replace(across, clipped=True), (0.0, 0.0))
    assert track is not None
    lines = [LineString([leg[:2], leg[2:4]]) for leg in track.legs]
    assert not any(line.intersects(ISLAND) for line in lines)
    beside = [line for line in lines if line.bounds[1] > -3000.0 and line.bounds[3] < 3000.0]
    assert beside
    assert all(line.bounds[2] < 8000.0 for line in beside)
