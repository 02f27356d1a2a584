"""The quick reckoning of a ladder against the exact one, and what `flown` keeps: ways, hours, and clear."""

from math import hypot, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box, union_all

from sarex.kernels import ladder, ladder_front
from sarex.kernels.exposure import bounds_of_blocks, exposures
from sarex.kernels.ladder_front import BLOCK, Fleet, Pool, flown, front_exposure

seeds = st.integers(0, 100_000)
STEP_S, HOURS = 600.0, 4.0
SEARCH_SHARE = 0.85
"""IAMSAR vol. II: search endurance over on-scene endurance."""
HELICOPTER = {
    "START_X": -30_000.0, "HOME_X": -30_000.0, "LEAVE_BY": 3600.0 * HOURS, "ENDURANCE_UNTIL": 3 * 3600.0,
    "TRANSIT_SPEED": 66.0, "SPEED": 46.0, "RADIUS": 400.0, "WIDEST": 600.0, "HEIGHT": 152.4,
    "REFERENCE": 1800.0 * HOURS, "OUT": -1.0, "HOME": -1.0, "SEA": -1.0,
}  # fmt: skip
SHIP = {**HELICOPTER, "TRANSIT_SPEED": 12.0, "SPEED": 8.0, "RADIUS": 300.0, "ENDURANCE_UNTIL": 1e6}


def unit_of(**columns):
    row = np.zeros(ladder_front.UNIT_COLUMNS)
    for name, value in {**HELICOPTER, **columns}.items():
        row[getattr(ladder_front, name)] = value
    return row


def fleet_of(units, *, drift=(0.0, 0.0), widths=None, closures=(), closed=None, sea=None, ways=None):
    """A fleet in a sea of one drift; `closed` is a raster and its x0, y0, cell, `closures` rows about it.

    `sea`: rasters of the same size of what is closed, and of how far danger areas are.
    """
    cells, closed_at = closed or (np.zeros((1, 1), np.uint8), (0.0, 0.0, 1.0))
    lengths, ways_at = ways or (np.zeros((1, 1), np.float32), (0.0, 0.0, 1.0))
    rows = np.array(closures or [(-1.0, 0.0, 0.0, 0.0, 0.0, 0.0)], float)
    return Fleet(
        units=np.array(units),
        widths=np.array(widths or [[unit[ladder_front.WIDEST]] for unit in units], float),
        closures=np.repeat(rows[np.newaxis], len(units), axis=0),
        closed=cells[np.newaxis],
        closed_at=np.array([closed_at], float),
        seas=np.zeros((1, 1, 1), np.uint8) if sea is None else sea[0][np.newaxis],
        room_m=np.zeros((1, 1, 1), np.float32) if sea is None else sea[1][np.newaxis],
        seas_at=np.array([closed_at], float),
        ways=np.asarray(lengths, np.float32)[np.newaxis],
        ways_at=np.array(ways_at, float),
        drift=np.full((2, 2, 2), drift, float),
        drift_at=np.array([-1e5, -1e5, 2e5, 2e5]),
        separation_m=152.0,
        search_share=SEARCH_SHARE,
        round_share=0.35,
        least_pad_m=232.5,
        padding_s=600.0,
        others=np.zeros((0, ladder_front.OTHER_COLUMNS)),
    )


def pool_of(x, y, *, afloat=None, worth=None, kind=None):
    x, y = (np.ascontiguousarray(values, np.float32) for values in (x, y))
    blocks = [(x[:, n : n + BLOCK], y[:, n : n + BLOCK]) for n in range(0, x.shape[1], BLOCK)]
    bounds = [(part.min(), part.max(), other.min(), other.max()) for part, other in blocks]
    at = [np.transpose([p.min(1), p.max(1), o.min(1), o.max(1)]) for p, o in blocks]
    return Pool(
        0.0, STEP_S, x, y,
        np.ones(x.shape, bool) if afloat is None else afloat,
        np.ones((1, x.shape[1]), np.float32) if worth is None else worth,
        np.zeros(x.shape[1], np.int16) if kind is None else kind,
        np.array(bounds, np.float32), np.array(at, np.float32),
    )  # fmt: skip


def cloud(rng, count, *, sigma_m=4000.0, drift=(0.3, 0.1), spread=0.1):
    """Particles with a steady velocity of their own, in strips: x and y (time, particle)."""
    place = rng.normal(0.0, sigma_m, (count, 2))
    strips = np.array_split(np.argsort(place[:, 0]), max(1, int(np.sqrt(count / BLOCK))))
    place = place[np.concatenate([strip[np.argsort(place[strip, 1])] for strip in strips])]
    velocity = np.array(drift) + rng.normal(0.0, spread, (count, 2))
    times_s = np.arange(0.0, 3600.0 * HOURS + 1.0, STEP_S)[:, np.newaxis] - 1800.0 * HOURS
    return (place[:, axis] + velocity[:, axis] * times_s for axis in (0, 1))


def shape_of(**columns):
    usual = {
        "LENGTH": 9000.0, "SPACING": 700.0, "CREEP": 1.0, "START_END": 1.0, "FOLLOWS": 1.0, "HEADING": 0.4
    }  # fmt: skip
    shape = np.zeros(ladder.SHAPE_COLUMNS)
    for name, value in {**usual, **columns}.items():
        shape[getattr(ladder, name)] = value
    return shape


def any_shape(rng, widest):
    columns = {
        "X": rng.normal(0, 3000.0), "Y": rng.normal(0, 3000.0), "HEADING": rng.uniform(-4, 4),
        "LENGTH": widest * rng.uniform(4, 20), "SPACING": widest * np.exp(rng.uniform(-0.7, 0.9)),
        "CREEP": rng.choice((-1.0, 1.0)), "START_END": rng.choice((-1.0, 1.0)),
        "FOLLOWS": float(rng.random() < 0.8),
    }  # fmt: skip
    if rng.random() < 0.4:
        columns |= {"TAPER": rng.uniform(-0.4, 0.4), "SHEAR": rng.uniform(-0.5, 0.5), "DENSE": 0.2}
    if rng.random() < 0.3:
        columns |= {"ROUND": 1.0, "LENGTH": rng.choice((0.0, 3000.0)), "GRADIENT": 0.0}
    return shape_of(**columns)


def searching(legs):
    return np.ascontiguousarray(legs[legs[:, 6] == 1.0])


def seen(fleet, pool, unit, shape, missed):
    """What a unit finds, its exposures and its legs; nothing if it cannot fly the shape."""
    corners = np.empty((4, 2))
    legs = flown(fleet, unit, shape, corners)
    out = np.zeros(missed.size, np.float32)
    if legs.shape[0] == 0:
        return 0.0, out, legs
    found = front_exposure(fleet, pool, unit, shape[ladder.SPACING], legs, corners, missed, out)
    return found, out, legs


def exact(pool, legs, widths):
    bounds = bounds_of_blocks(pool.x, pool.y, pool.afloat)
    return exposures(searching(legs), 0.0, STEP_S, pool.x, pool.y, pool.afloat, widths, bounds, 0.0)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_fleet_finds_is_that_of_the_exact_reckoning(seed) -> None:
    """Three units of any kind, two objects: within one per cent or 0.3 points of the inverse-cube law."""
    rng = np.random.default_rng(seed)
    drift = rng.uniform(-0.5, 0.5, 2)
    x, y = cloud(rng, 3000, sigma_m=rng.uniform(1500, 6000), drift=drift)
    kind = rng.integers(0, 2, 3000).astype(np.int16)
    pool = pool_of(x, y, kind=kind)
    units = [
        unit_of(**{**(SHIP if rng.random() < 0.3 else HELICOPTER), "WIDEST": rng.uniform(200, 1500)})
        for _ in range(3)
    ]
    widths = [[unit[ladder_front.WIDEST], 0.4 * unit[ladder_front.WIDEST]] for unit in units]
    fleet = fleet_of(units, drift=drift, widths=widths)
    weight = np.full(3000, 1.0 / 3000, np.float32)
    quick, true = np.zeros(3000), np.zeros(3000)
    for number, unit in enumerate(units):
        shape = any_shape(rng, unit[ladder_front.WIDEST])
        _, out, legs = seen(fleet, pool, number, shape, weight)
        quick += out
        if len(legs):
            true += exact(pool, legs, np.array(widths[number], np.float32)[kind])
    found, expected = (float(np.sum(weight * -np.expm1(-total))) for total in (quick, true))
    assert found == pytest.approx(expected, rel=0.01, abs=0.003)


@pytest.mark.parametrize("lateral_m", [60.0, 250.0, 900.0])
def test_one_long_rung_past_a_particle_at_rest(lateral_m) -> None:
    """Koopman (1946): W^2 / (4 pi x^2) abeam of the middle, half of that abeam of an end."""
    legs = np.array([[-400_000.0, 0.0, 400_000.0, 0.0, 600.0, 4200.0, 1.0]])
    places = np.array([[0.0, 400_000.0]] * 3), np.full((3, 2), lateral_m)
    pool, out = pool_of(*places), np.zeros(2, np.float32)
    area = np.array([(-5e5, -2e3), (5e5, -2e3), (5e5, 2e3), (-5e5, 2e3)])
    fleet, missed = fleet_of([unit_of(WIDEST=600.0)]), np.ones(2, np.float32)
    found = front_exposure(fleet, pool, 0, 700.0, legs, area, missed, out)
    whole = 600.0**2 / (4.0 * pi * lateral_m**2)
    assert out == pytest.approx([whole, whole / 2.0], rel=1e-3)
    assert found == pytest.approx(np.sum(-np.expm1([-whole, -whole / 2.0])), rel=1e-2)


def plain_pass(track, at_s, craft_mps, width_m):
    """One rung in words: the particle keeps its velocity; its range is that when the craft is abeam."""
    (ax, ay), (bx, by), half_s = track
    ahead = np.array([bx - ax, by - ay]) / hypot(bx - ax, by - ay)
    middle = np.array([ax + bx, ay + by]) / 2.0
    place, velocity_mps = at_s
    along_m = (place - middle) @ ahead
    abeam = place + velocity_mps * (along_m / craft_mps) - middle
    lateral2_m2 = (abeam[0] * ahead[1] - abeam[1] * ahead[0]) ** 2 + 1.0
    total = 0.0
    for to_end_m in (half_s * craft_mps - along_m, half_s * craft_mps + along_m):
        total += to_end_m / np.sqrt(lateral2_m2 + to_end_m**2)
    return width_m**2 / (4.0 * pi * lateral2_m2) * total / 2.0


@pytest.mark.parametrize("seed", range(8))
def test_exposures_against_a_plain_twin(seed) -> None:
    """Rung by rung and particle by particle, in double precision; far rungs are left out on both sides."""
    rng = np.random.default_rng(seed)
    x, y = cloud(rng, 300, sigma_m=2500.0, spread=0.3)
    shape = any_shape(rng, 600.0)
    pool, missed = pool_of(x, y), rng.random(300).astype(np.float32) / 300
    fleet = fleet_of([unit_of()], drift=(0.3, 0.1))
    found, out, legs = seen(fleet, pool, 0, shape, missed)
    assert len(legs) > 0
    expected = np.zeros(300)
    for x0, y0, x1, y1, begin_s, end_s, _ in searching(legs):
        k = min(int(0.5 * (begin_s + end_s) / STEP_S), len(x) - 2)
        share = 0.5 * (begin_s + end_s) / STEP_S - k
        for p in range(300):
            before, after = (np.array([pool.x[n, p], pool.y[n, p]], float) for n in (k, k + 1))
            at = before + share * (after - before), (after - before) / STEP_S
            speed = hypot(x1 - x0, y1 - y0) / (end_s - begin_s)
            expected[p] += plain_pass(((x0, y0), (x1, y1), 0.5 * (end_s - begin_s)), at, speed, 600.0)
    # what farther rungs would add is below 1 / (16 pi) a rung
    np.testing.assert_allclose(out, expected, rtol=0.02, atol=0.08)
    assert np.sum(missed * -np.expm1(-expected)) == pytest.approx(found, rel=0.02)
    near = expected > 0.5
    np.testing.assert_allclose(out[near], expected[near], rtol=0.1)


def test_stranded_particles_and_those_without_worth_are_not_found() -> None:
    rng = np.random.default_rng(3)
    x, y = cloud(rng, 1000)
    missed = np.full(1000, 1e-3, np.float32)
    fleet, shape = fleet_of([unit_of()], drift=(0.3, 0.1)), shape_of(LENGTH=12_000.0)
    found, out, _ = seen(fleet, pool_of(x, y), 0, shape, missed)
    ashore = np.arange(1000) % 3 == 0
    afloat = np.broadcast_to(~ashore, x.shape).copy()
    left, out_left, _ = seen(fleet, pool_of(x, y, afloat=afloat), 0, shape, missed)
    assert out[ashore].max() > 0.0
    assert not out_left[ashore].any()
    np.testing.assert_array_equal(out_left[~ashore], out[~ashore])
    assert left == pytest.approx(float(np.sum(missed[~ashore] * -np.expm1(-out[~ashore]))), rel=1e-2)
    worth = np.repeat(np.where(ashore, 0.0, 0.5)[np.newaxis], len(x) - 1, axis=0).astype(np.float32)
    half, out_worth, _ = seen(fleet, pool_of(x, y, worth=worth), 0, shape, missed)
    np.testing.assert_array_equal(out_worth, out)
    assert half == pytest.approx(0.5 * left, rel=1e-5)
    assert 0.0 < left < found < 1.0


def test_worth_is_that_of_the_middle_of_the_searching() -> None:
    rng = np.random.default_rng(4)
    x, y = cloud(rng, 500)
    missed, fleet, shape = np.full(500, 2e-3, np.float32), fleet_of([unit_of()]), shape_of()
    found, _, legs = seen(fleet, pool_of(x, y), 0, shape, missed)
    middle = int(0.5 * (legs[0, 4] + legs[-1, 5]) / STEP_S)
    worth = np.repeat(np.linspace(1.0, 0.0, len(x) - 1, dtype=np.float32)[:, np.newaxis], 500, axis=1)
    less, _, _ = seen(fleet, pool_of(x, y, worth=worth), 0, shape, missed)
    assert worth[middle + 1, 0] <= less / found <= worth[middle - 1, 0]


# what is flown


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_what_is_flown_keeps_ways_hours_and_its_box(seed) -> None:
    """Where ways begin and end is known to two spacings, and to the area; `fly` settles them exactly."""
    rng = np.random.default_rng(seed)
    unit = unit_of(
        **(SHIP if rng.random() < 0.3 else HELICOPTER)
        | {
            "START_X": rng.uniform(-40_000, 40_000), "START_Y": rng.uniform(-20_000, 20_000),
            "HOME_X": rng.uniform(-40_000, 40_000), "HOME_Y": rng.uniform(-20_000, 20_000),
            "DEPARTS": rng.uniform(0, 5000), "SEARCH_FROM": rng.uniform(0, 6000),
            "ENDURANCE_UNTIL": rng.uniform(4000, 20_000),
        }
    )  # fmt: skip
    fleet, shape = fleet_of([unit], drift=rng.uniform(-0.5, 0.5, 2)), any_shape(rng, 600.0)
    corners = np.empty((4, 2))
    legs = flown(fleet, 0, shape, corners)
    if len(legs) == 0:
        return
    extent_m = hypot(*np.ptp(corners, axis=0))
    _keeps_hours(unit, legs, 2.0 * shape[ladder.SPACING], extent_m)
    pad_m = max(0.5 * shape[ladder.SPACING], 232.5)
    area = Polygon(corners)
    assert area.exterior.is_ccw
    ends = MultiPolygon([Polygon([leg[:2], leg[2:4], leg[:2]]) for leg in legs])
    assert area.contains(ends)
    gaps = [area.exterior.distance(LineString([leg[:2], leg[2:4]])) for leg in legs]
    assert min(gaps) == pytest.approx(pad_m, rel=1e-6)
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-5)


def _keeps_hours(unit, legs, slack_begin_m, slack_end_m):
    """Not before it can be there, nor after 0.85 of the time until it must leave."""
    names = (*HELICOPTER, "START_Y", "HOME_Y", "DEPARTS", "SEARCH_FROM")
    column = {name: unit[getattr(ladder_front, name)] for name in names}
    speed_mps, begin_s, end_s = column["TRANSIT_SPEED"], legs[0, 4], legs[-1, 5]
    out_m = hypot(legs[0, 0] - column["START_X"], legs[0, 1] - column["START_Y"])
    home_m = hypot(legs[-1, 2] - column["HOME_X"], legs[-1, 3] - column["HOME_Y"])
    assert begin_s >= column["SEARCH_FROM"] - 1e-6
    assert begin_s >= column["DEPARTS"] + (out_m - slack_begin_m) / speed_mps
    leave_s = min(column["LEAVE_BY"], column["ENDURANCE_UNTIL"] - (home_m - slack_end_m) / speed_mps)
    assert end_s <= begin_s + SEARCH_SHARE * (leave_s - begin_s) + 1e-6


def test_the_way_round_is_what_the_raster_says() -> None:
    """Ways twice as long as straight: the search begins as much later; none where there is no way."""
    cell = 2000.0
    centres = (np.arange(60) + 0.5) * cell - 60_000.0
    straight = np.hypot(centres[np.newaxis, :] + 30_000.0, centres[:, np.newaxis])
    shape, corners = shape_of(X=10_000.0, FOLLOWS=0.0), np.empty((4, 2))
    unit = unit_of(OUT=0.0)
    near, far, shut = (
        flown(fleet_of([unit], ways=(lengths, (-60_000.0, -60_000.0, cell))), 0, shape, corners)
        for lengths in (straight, 2.0 * straight, np.full_like(straight, np.inf))
    )
    first_m = hypot(near[0, 0] + 30_000.0, near[0, 1])
    assert near[0, 4] == pytest.approx(first_m / 66.0, abs=cell / 66.0)
    assert far[0, 4] == pytest.approx(
        2.0 * hypot(far[0, 0] + 30_000.0, far[0, 1]) / 66.0, abs=2 * cell / 66.0
    )
    assert len(shut) == 0
    off_the_raster = shape_of(X=70_000.0, FOLLOWS=0.0)
    assert (
        len(
            flown(fleet_of([unit], ways=(straight, (-60_000.0, -60_000.0, cell))), 0, off_the_raster, corners)
        )
        == 0
    )


def closed_cells(rng, count, cell=1000.0, half_cells=60):
    """Closed rectangles: the raster, and the same as a polygon."""
    cells = np.zeros((2 * half_cells, 2 * half_cells), np.uint8)
    for _ in range(count):
        row, column = rng.integers(35, 85, 2)
        cells[row : row + int(rng.integers(2, 8)), column : column + int(rng.integers(2, 8))] = 1
    low = -cell * half_cells
    rows, columns = np.nonzero(cells)
    squares = [
        box(low + c * cell, low + r * cell, low + (c + 1) * cell, low + (r + 1) * cell)
        for r, c in zip(rows, columns, strict=True)
    ]
    return (cells, (low, low, cell)), union_all(squares)


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_what_is_closed_is_kept_out_of_while_it_is(seed) -> None:
    """Land at all times by the legs; a danger area from since to until, by the area with its margin."""
    rng = np.random.default_rng(seed)
    danger = bool(rng.integers(2))
    # a danger area is in one piece
    closed, ground = closed_cells(rng, 1 if danger else 3)
    inside = ground.representative_point()
    lasting = rng.random() < 0.4
    since_s, until_s = (-np.inf, np.inf) if lasting else np.sort(rng.uniform(0, 3600.0 * HOURS, 2))
    rows = [(0.0, since_s, until_s, float(danger), inside.x, inside.y)]
    fleet = fleet_of([unit_of()], drift=(0.2, 0.1), closures=rows, closed=closed)
    corners = np.empty((4, 2))
    legs = flown(fleet, 0, any_shape(rng, 600.0), corners)
    if len(legs) == 0 or legs[-1, 5] <= since_s or legs[0, 4] >= until_s:
        return
    assert not any(LineString([leg[:2], leg[2:4]]).intersects(ground.buffer(-1e-6)) for leg in legs)
    if danger:
        assert not Polygon(corners).intersects(ground.buffer(-1e-6))


def test_a_danger_area_is_searched_before_or_after_whichever_is_longer() -> None:
    cells = np.ones((20, 20), np.uint8)
    closed = cells, (-20_000.0, -20_000.0, 2000.0)
    shape, corners, ends_s = shape_of(LENGTH=5000.0), np.empty((4, 2)), 3600.0 * HOURS
    unit = unit_of(ENDURANCE_UNTIL=1e6)
    for since_s, until_s in ((5000.0, 8000.0), (9000.0, 12_000.0), (-1.0, ends_s), (0.0, 6000.0)):
        fleet = fleet_of([unit], closures=[(0.0, since_s, until_s, 1.0, 0.0, 0.0)], closed=closed)
        legs = flown(fleet, 0, shape, corners)
        if until_s >= ends_s:
            assert len(legs) == 0
        elif since_s >= ends_s - until_s:
            assert legs[-1, 5] <= since_s
        else:
            assert legs[0, 4] >= until_s


def test_the_area_of_a_clipped_ladder_may_reach_over_a_danger_area_but_not_round_it() -> None:
    """Closed east of 2 km, or a spot of 1 km in the middle, for good."""
    half_cells, cell = 100, 200.0
    middles = (np.arange(2 * half_cells) + 0.5 - half_cells) * cell
    x, y = np.meshgrid(middles, middles)
    corners, plain = np.empty((4, 2)), shape_of(LENGTH=9000.0, SPACING=900.0, HEADING=0.4, FOLLOWS=0.0)
    clipped = plain.copy()
    clipped[ladder.CLIPPED] = 1.0
    for away_m, inside, flies in (
        (2000.0 - x, (15_000.0, 0.0), True),
        (np.hypot(x, y) - 500.0, (0.0, 0.0), False),
    ):
        cells = (away_m <= cell).astype(np.uint8)
        room_m = np.maximum(away_m - cell, 0.0).astype(np.float32)
        at = (-half_cells * cell, -half_cells * cell, cell)
        fleet = fleet_of(
            [unit_of(SEA=0.0)], closures=[(0.0, -np.inf, np.inf, 1.0, *inside)], closed=(cells, at),
            sea=(cells, room_m),
        )  # fmt: skip
        assert len(flown(fleet, 0, plain, corners)) == 0
        legs = flown(fleet, 0, clipped, corners)
        assert bool(len(legs)) is flies
        if flies:
            assert legs[:, [0, 2]].max() <= 2000.0 - 450.0
            assert corners[:, 0].max() > 2000.0


@pytest.mark.parametrize(
    ("unit", "shape"),
    [
        ({"ENDURANCE_UNTIL": 1000.0}, {}),  # out and home take longer
        ({"LEAVE_BY": 400.0}, {}),  # not there before it must leave
        ({"DEPARTS": 3600.0 * HOURS}, {}),  # departs too late
        ({}, {"LENGTH": 500.0}),  # legs shorter than the sweep width
        ({}, {"TAPER": 0.8, "BARREL": 0.5}),  # too uneven
        ({}, {"X": 900_000.0}),  # out of reach
        ({"SPEED": 0.2}, {}),  # outrun by the drift
    ],
)
def test_what_cannot_be_flown_is_nothing(unit, shape) -> None:
    corners = np.empty((4, 2))
    assert len(flown(fleet_of([unit_of()], drift=(0.3, 0.1)), 0, shape_of(), corners)) > 0
    fleet = fleet_of([unit_of(**unit)], drift=(0.3, 0.1))
    assert len(flown(fleet, 0, shape_of(**shape), corners)) == 0


def test_beyond_the_raster_of_what_is_closed_nobody_searches() -> None:
    closed = np.zeros((10, 10), np.uint8), (-5000.0, -5000.0, 1000.0)
    rows = [(0.0, -np.inf, np.inf, 0.0, 0.0, 0.0)]
    fleet, corners = fleet_of([unit_of()], closures=rows, closed=closed), np.empty((4, 2))
    assert len(flown(fleet, 0, shape_of(LENGTH=20_000.0), corners)) == 0
