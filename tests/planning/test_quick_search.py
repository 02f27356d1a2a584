"""A line of the quick search: areas keep apart, its value follows from its shapes, and it from its seed."""

import numpy as np
import pytest
from shapely import Polygon
from test_fleet_search import FLEET, SEA, WINDOW_S, cloud, crews_of, waters_at

from builders_sea import place, ship, unit
from sarex.kernels.ladder_front import flown
from sarex.planning.assignment import same_height
from sarex.planning.datum_drift import datum_drift
from sarex.planning.margins import AREA_PADDING_S
from sarex.planning.quick_search import Line, fleet_of, pooled
from sarex.planning.sortie import fly

CROWD = crews_of(
    *(unit(f"Helicopter {n}", position=place(-30_000.0, 4000.0 * n)) for n in range(3)),
    unit("Above", altitude_m=304.8),
    *(ship(f"Ship {n}", position=place(12_000.0 * n, -15_000.0)) for n in range(2)),
)


def line_of(crews=CROWD, waters=None, *, seed=3, worth=None, pools=2):
    waters = waters or cloud(sigma_m=4000.0)
    fleet = fleet_of(crews, waters, datum_drift(waters))
    return Line(fleet, [pooled(waters, worth, pools, n) for n in range(pools)], seed), fleet


def areas(fleet, shapes):
    """Of those placed: number, the rectangle, on scene from and until."""
    for number, shape in enumerate(shapes):
        if shape is not None:
            corners = np.empty((4, 2))
            legs = flown(fleet, number, shape.row(), corners)
            assert len(legs) > 0
            yield number, Polygon(corners), legs[0, 4], legs[-1, 5]


def check_apart(crews, fleet, shapes):
    placed = list(areas(fleet, shapes))
    for first, (number, area, begin_s, end_s) in enumerate(placed):
        for other, theirs, from_s, until_s in placed[first + 1 :]:
            heights_m = crews[number].unit.altitude_m, crews[other].unit.altitude_m
            together = from_s <= end_s + AREA_PADDING_S and until_s >= begin_s - AREA_PADDING_S
            if same_height(*heights_m) and together:
                assert area.intersection(theirs).area < 1e-3


@pytest.mark.parametrize("seed", range(6))
def test_no_move_makes_areas_at_one_height_overlap(seed) -> None:
    """A crowd over a small cloud, looked at after placing, every round and every shake."""
    waters = cloud(seed=seed, sigma_m=3000.0)
    line, fleet = line_of(waters=waters, seed=seed)
    line.placed((), 30, shuffled=True)
    check_apart(CROWD, fleet, line.shapes())
    judge = pooled(waters, None, 1, 0)
    for turn in range(4):
        line.improved(turn, 4, 15)
        check_apart(CROWD, fleet, line.shapes())
    for turn in range(2):
        line.shaken(turn, 8, judge)
        check_apart(CROWD, fleet, line.shapes())
    assert sum(shape is not None for shape in line.shapes()) >= 3


def test_areas_of_units_that_stay_are_kept_free() -> None:
    waters = cloud(sigma_m=4000.0)
    drift = datum_drift(waters)
    line, _ = line_of(waters=waters)
    line.placed((), 30, shuffled=False)
    standing = [
        (crew, fly(crew, shape, drift.at(shape.x_m, shape.y_m)))
        for crew, shape in zip(CROWD[:2], line.shapes(), strict=False)
        if shape is not None
    ]
    standing = [(crew, track) for crew, track in standing if track is not None]
    assert standing
    fleet = fleet_of(CROWD[2:], waters, drift, standing)
    among = Line(fleet, [pooled(waters, None, 2, 0)], 4)
    among.placed((), 30, shuffled=False)
    for turn in range(3):
        among.improved(turn, 3, 15)
    placed = list(areas(fleet, among.shapes()))
    assert placed
    for number, area, begin_s, end_s in placed:
        for crew, track in standing:
            together = track.legs[0, 4] <= end_s + AREA_PADDING_S
            together = together and track.legs[-1, 5] >= begin_s - AREA_PADDING_S
            if together and same_height(CROWD[2 + number].unit.altitude_m, crew.unit.altitude_m):
                assert area.intersection(Polygon(track.box)).area < 1e-3


def test_a_line_depends_on_its_seed_alone() -> None:
    found = []
    for seed in (5, 5, 6):
        line, _ = line_of(seed=seed)
        line.placed((), 20, shuffled=False)
        line.improved(0, 2, 10)
        found.append(line.shapes())
    assert found[0] == found[1] != found[2]


def test_its_value_is_that_of_the_shapes_flown_exactly() -> None:
    """On all particles, by the exact exposure of each flown shape: within one point."""
    waters = cloud(4000, sigma_m=5000.0)
    line, _ = line_of(FLEET, waters)
    line.placed((), 40, shuffled=False)
    for turn in range(3):
        line.improved(turn, 3, 15)
    drift, exposure = datum_drift(waters), np.zeros(4000)
    for crew, shape in zip(FLEET, line.shapes(), strict=True):
        track = None if shape is None else fly(crew, shape, drift.at(shape.x_m, shape.y_m))
        if track is not None:
            exposure += waters.exposures(track.searching, waters.widths(crew.width_m), 0.0)
    expected = float(np.sum(waters.weight * -np.expm1(-exposure)))
    assert line.value_on(pooled(waters, None, 1, 0)) == pytest.approx(expected, abs=0.01)


def test_improving_and_shaking_raise_the_value() -> None:
    waters = cloud(3000, sigma_m=5000.0)
    line, _ = line_of(FLEET, waters, pools=1)
    judge = pooled(waters, None, 1, 0)
    line.placed((), 5, shuffled=False)
    values = [line.value_on(judge)]
    for turn in range(4):
        line.improved(turn, 4, 15)
        values.append(line.value_on(judge))
    for turn in range(3):
        line.shaken(turn, 15, judge)
        values.append(line.value_on(judge))
    # a shape accepted for one unit may cost another a little where two share particles
    assert np.all(np.diff(values) > -1e-3)
    assert values[-1] > values[0] + 0.01


def test_pools_stand_for_all() -> None:
    """Every third particle, with the weights of all; a share without weight stays as it is."""
    waters = cloud(1000, weight=np.where(np.arange(1000) % 3 == 0, 0.0, 1.5 / 1000))
    total = waters.weight.sum()
    empty, full = pooled(waters, None, 3, 0), pooled(waters, None, 3, 1)
    assert full.weight.sum() == pytest.approx(total)
    assert not empty.weight.any()
    np.testing.assert_array_equal(full.pool.x, waters.x_m[:, 1::3])
    low_x, high_x, low_y, high_y = full.pool.bounds.T
    for n in range(full.pool.bounds.shape[0]):
        part = slice(128 * n, 128 * (n + 1))
        assert low_x[n] == full.pool.x[:, part].min()
        assert high_x[n] == full.pool.x[:, part].max()
        assert low_y[n] == full.pool.y[:, part].min()
        assert high_y[n] == full.pool.y[:, part].max()


def test_the_open_sea_has_no_rasters() -> None:
    fleet = fleet_of(FLEET, cloud(), datum_drift(cloud()))
    assert fleet.closed.size == fleet.ways.size == 1
    assert fleet.units[:, 4].tolist() == [crew.departs_s for crew in FLEET]
    assert WINDOW_S[0] < FLEET[0].reference_s < WINDOW_S[1]
    assert SEA.coast.raster.cells.max() == 0
    assert waters_at([(0.0, 0.0)]).x_m.shape[1] == 1
