"""Maps, contours, bins and the datum of clouds whose truth is known."""

import itertools
from datetime import timedelta
from math import log, pi

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_sea import FRAME, START
from sarex.drift import DriftEnsemble, Status
from sarex.geo import LocalFrame
from sarex.probability import LEVELS, bins_at, contours, datum_track, map_probability
from sarex.probability.lobes import lobes_of

SIGMA_M = 2000.0
COMPUTED = START + timedelta(minutes=5)


def cloud(x_m, y_m, *, weight=None, status=None, frame=FRAME) -> DriftEnsemble:
    """Particles that rest at (x, y) for three instants."""
    count = len(x_m)
    states = np.zeros(count, np.uint8) if status is None else np.asarray(status, np.uint8)
    return DriftEnsemble(
        frame=frame,
        times_s=START.timestamp() + 600.0 * np.arange(3),
        x_m=np.repeat(np.asarray(x_m, np.float32)[:, None], 3, axis=1),
        y_m=np.repeat(np.asarray(y_m, np.float32)[:, None], 3, axis=1),
        status=np.repeat(states[:, None], 3, axis=1),
        weight=np.full(count, 1.0 / count) if weight is None else np.asarray(weight, float),
        scenario=np.zeros(count, np.int16),
        object_type=np.zeros(count, np.int16),
        released_s=np.full(count, START.timestamp()),
        scenario_names=("adrift",),
        object_types=("PIW-1",),
        member=np.zeros(count, np.int16),
        member_names=("",),
        in_water_from_s=np.full(count, np.nan),
    )


def normal(count, seed, sigma_m=SIGMA_M):
    return np.random.default_rng(seed).normal(0.0, sigma_m, (2, count))


def plane_polygons(contour, frame=FRAME):
    return shapely.transform(
        contour.polygons_lonlat, lambda c: np.column_stack(frame.to_xy_m(c[:, 0], c[:, 1]))
    )


def test_contours_of_a_circular_normal_hold_their_level() -> None:
    """Area of level p is -2 pi sigma^2 ln(1 - p): the 50 % contour 2 pi sigma^2 ln 2.

    20,000 particles. Areas within 6 %; fresh draws (200,000) held within two points, and the polygon drawn
    encloses the area stated, within 2 %.
    """
    found = contours(map_probability(cloud(*normal(20_000, 1)), START, COMPUTED))
    fresh = normal(200_000, 2)
    assert [contour.level_frac for contour in found] == list(LEVELS)
    for contour in found:
        assert contour.area_m2 == pytest.approx(-2 * pi * SIGMA_M**2 * log(1 - contour.level_frac), rel=0.06)
        drawn = plane_polygons(contour)
        assert drawn.area == pytest.approx(contour.area_m2, rel=0.02)
        shapely.prepare(drawn)
        assert shapely.contains_xy(drawn, *fresh).mean() == pytest.approx(contour.level_frac, abs=0.02)


def test_two_clouds_get_two_contours() -> None:
    """A highest-density region has a part for each mode and nothing between; weights decide, not numbers."""
    x_m, y_m = normal(8000, 3)
    x_m[:4000] += 30_000.0
    weight = np.concatenate([np.full(4000, 0.8 / 4000), np.full(4000, 0.2 / 4000)])
    half = contours(map_probability(cloud(x_m, y_m, weight=weight), START, COMPUTED), (0.5, 0.95))
    assert shapely.contains_xy(plane_polygons(half[0]), 30_000.0, 0.0)
    assert not shapely.contains_xy(plane_polygons(half[0]), 0.0, 0.0)
    assert shapely.contains_xy(plane_polygons(half[1]), [0.0, 15_000.0], [0.0, 0.0]).tolist() == [True, False]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_bins_and_cells_hold_all_the_probability(seed) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.random(300)
    weight *= rng.uniform(0.2, 1.0) / weight.sum()
    status = rng.integers(0, 4, 300)
    found = map_probability(cloud(*normal(300, seed), weight=weight, status=status), START, COMPUTED)
    assert sum(found.bins.values()) == pytest.approx(1.0)
    assert found.poc.sum() == pytest.approx(found.bins["afloat"])
    assert np.all(found.poc >= 0)
    assert found.bins["found"] == pytest.approx(1.0 - weight.sum())
    names = ("afloat", "ashore", "outside_forcing", "not_yet_released")
    for code, name in enumerate(names):
        assert found.bins[name] == pytest.approx(weight[status == code].sum())


def test_contours_nest() -> None:
    found = contours(map_probability(cloud(*normal(3000, 5)), START, COMPUTED))
    for inner, outer in itertools.pairwise(found):
        assert inner.area_m2 < outer.area_m2
        assert plane_polygons(inner).difference(plane_polygons(outer)).area < 1e-3 * inner.area_m2


def test_nothing_afloat_has_no_contours_and_no_datum() -> None:
    ashore = cloud(*normal(50, 1), status=np.full(50, Status.STRANDED))
    probability = map_probability(ashore, START, COMPUTED)
    assert contours(probability) == ()
    assert datum_track(ashore, [START]) == ()
    assert bins_at(ashore, 0, 0.0)["ashore"] == pytest.approx(1.0)


def test_one_particle_is_a_map() -> None:
    assert map_probability(cloud([5.0], [5.0]), START, COMPUTED).poc.sum() == pytest.approx(1.0)


def test_the_map_speaks_of_the_nearest_instant() -> None:
    ensemble = cloud(*normal(100, 1))
    ensemble.status[:40, 2] = Status.STRANDED
    late = map_probability(ensemble, START + timedelta(minutes=16), COMPUTED)
    assert late.bins["ashore"] == pytest.approx(0.4)
    assert map_probability(ensemble, START, COMPUTED).bins["ashore"] == 0.0


def test_the_datum_is_the_weighted_mean_afloat_even_on_the_dateline() -> None:
    frame = LocalFrame(180.0, -17.0)
    ensemble = cloud(
        [-4000.0, 4000.0, 90_000.0], [0.0, 0.0, 0.0], weight=[0.25, 0.5, 0.25],
        status=[0, 0, Status.STRANDED], frame=frame,
    )  # fmt: skip
    (point,) = datum_track(ensemble, [START])
    x_m, y_m = frame.to_xy_m(point.position.lon_deg, point.position.lat_deg)
    assert float(x_m) == pytest.approx((-4000 * 0.25 + 4000 * 0.5) / 0.75, abs=0.1)
    assert float(y_m) == pytest.approx(0.0, abs=0.1)
    assert -180.0 <= point.position.lon_deg < -179.9


@pytest.mark.parametrize("apart_m", [300_000.0, 1_500_000.0])
def test_a_distant_image_does_not_widen_the_contours(apart_m) -> None:
    """Two circular normals of 5 km with 70 and 30 %. At density t / (2 pi sigma^2) the region holds 1 - 2 t
    in an area of 2 pi sigma^2 (ln(0.7 / t) + ln(0.3 / t)): 190 km2 for 50 %, 914 km2 for 95 %."""
    rng = np.random.default_rng(4)
    count, sigma_m = 20_000, 5000.0
    x_m, y_m = rng.normal(0.0, sigma_m, (2, count))
    x_m[: count * 3 // 10] += apart_m
    found = contours(map_probability(cloud(x_m, y_m), START, START))
    areas = {contour.level_frac: contour.area_m2 / 1e6 for contour in found}
    for level in (0.5, 0.95):
        t = (1.0 - level) / 2.0
        expected_km2 = 2 * np.pi * (sigma_m / 1000) ** 2 * (np.log(0.7 / t) + np.log(0.3 / t))
        assert areas[level] == pytest.approx(expected_km2, rel=0.07)


def test_strays_are_no_part_of_their_own() -> None:
    rng = np.random.default_rng(5)
    x_m, y_m = rng.normal(0.0, 5000.0, (2, 5000))
    x_m[:3] = 400_000.0
    assert not lobes_of(x_m, y_m, np.ones(5000)).any()
