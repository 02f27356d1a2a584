"""The quick reckoning of a ladder against the exact one, and what `flown` keeps: ways, hours, what is closed."""

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
    "REFERENCE": 1800.0 * HOURS, "OUT": -1.0, "HOME": -1.0,
}  # fmt: skip
SHIP = {**HELICOPTER, "TRANSIT_SPEED": 12.0, "SPEED": 8.0, "RADIUS": 300.0, "ENDURANCE_UNTIL": 1e6}


def unit_of(**columns):
    row = np.zeros(ladder_front.UNIT_COLUMNS)
    for name, value in {**HELICOPTER, **columns}.items():
        row[getattr(ladder_front, name)] = value
    return row


def fleet_of(units, *, drift=(0.0, 0.0), widths=None, closures=(), closed=None, ways=None):
    """A fleet in an open sea of one drift; `closed` is a raster with x0, y0, cell, `closures` rows about it."""
    cells, closed_at = closed or (np.zeros((1, 1), np.uint8), (0.0, 0.0, 1.0))
    lengths, ways_at = ways or (np.zeros((1, 1), np.float32), (0.0, 0.0, 1.0))
    rows = np.array(closures or [(-1.0, 0.0, 0.0, 0.0, 0.0, 0.0)], float)
    return Fleet(
        units=np.array(units),
        widths=np.array(widths or [[unit[ladder_front.WIDEST]] for unit in units], float),
        closures=np.repeat(rows[np.newaxis], len(units), axis=0),
        closed=cells[np.newaxis],
        closed_at=np.array([closed_at], float),
        ways=np.asarray(lengths, np.float32)[np.newaxis],
        ways_at=np.array(ways_at, float),
        drift=np.full((2, 2, 2), drift, float),
        drift_at=np.array([-1e5, -1e5, 2e5, 2e5]),
        separation_m=152.0,
        search_share=SEARCH_SHARE,
        round_share=0.35,
        least_pad_m=232.5,
        padding_s=600.0,
    )


def pool_of(x, y, *, afloat=None, worth=None, kind=None):
    x, y = (np.ascontiguousarray(values, np.float32) for values in (x, y))
    starts = range(0, x.shape[1], BLOCK)
    bounds = [
        (part.min(), part.max(), other.min(), other.max())
        for part, other in ((x[:, n : n + BLOCK], y[:, n : n + BLOCK]) for n in starts)
    ]
    return Pool(
        0.0, STEP_S, x, y,
        np.ones(x.shape, bool) if afloat is None else afloat,
        np.ones((1, x.shape[1]), np.float32) if worth is None else worth,
        np.zeros(x.shape[1], np.int16) if kind is None else kind,
        np.array(bounds, np.float32),
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


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_what_a_fleet_finds_is_that_of_the_exact_reckoning(seed) -> None:
    """Three units of any kind, two objects: within one per cent or 0.3 points of the inverse-cube law."""
    rng = np.random.default_rng(seed)
    drift = rng.uniform(-0.5, 0.5, 2)
    x, y = cloud(rng, 3000, sigma_m=rng.uniform(1500, 6000), drift=drift)
    kind = rng.integers(0, 2, 3000).astype(np.int16)
    pool = pool_of(x, y, kind=kind)
    units = [
        unit_of(**(SHIP if rng.random() < 0.3 else HELICOPTER), **{"WIDEST": rng.uniform(200, 1500)})
        if False
        else unit_of(**{**(SHIP if rng.random() < 0.3 else HELICOPTER), "WIDEST": rng.uniform(200, 1500)})
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
