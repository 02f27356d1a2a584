"""From a find to where and when its drift may have begun: closed forms, exact reversal, and twins."""

from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import FRAME, QUIET, START, case, environment, place, run_kernel, scenario
from sarex.case.model import DriftSettings, Found
from sarex.clock import from_posix_s
from sarex.drift import Status, drift_seeds, plain_traits, prepare_drift
from sarex.drift.axis import TimeAxis
from sarex.drift.backward import LONGEST_FINE_S, check_backward, check_forward, origin_rule
from sarex.drift.executors import Serial
from sarex.drift.leeway import leeway_table
from sarex.drift.origins import Origins
from sarex.environment.field import on_land
from sarex.errors import CaseError
from sarex.geo import LocalFrame
from sarex.probability.map import ProbabilityMap, smoothed_cells
from sarex.probability.origin import began_by, map_origins
from sarex.probability.origin_tally import OriginTally

HOUR = 3600.0
HOURS = 24.0
SPAN_H = 12.0
ISLAND = Polygon([(10_000, -60_000), (40_000, -60_000), (40_000, 60_000), (10_000, 60_000)])


def find(x_m=0.0, y_m=0.0, *, hours=HOURS, span_h=(0.0, SPAN_H), error_m=500.0, frame=FRAME) -> Found:
    begun = [START + timedelta(hours=h) for h in span_h]
    return Found(place(x_m, y_m, frame), error_m, START + timedelta(hours=hours), *begun)


def traced(found: Found, sea, *, particles=2000, drift=None, objects=None, most_points=3_000_000):
    """The tally of a backward drift, and its ensemble's pieces."""
    settings = replace(drift or DriftSettings(), particles=particles)
    given = case(scenario(found, objects), drift=settings)
    prepared = prepare_drift(given, sea, until=given.window.end, purpose="reported")
    rule = origin_rule(given, sea, prepared.times_s)
    tally = OriginTally(rule, prepared.origins, prepared.times_s, most_points)
    parts = []
    for stretch, part in prepared.pieces(Serial()):
        tally.count(stretch, part)
        parts.append((stretch, part))
    return given, tally, parts


def span_of(found: Found):
    return found.released_from, found.released_until


def cell_of(view: ProbabilityMap, x_m: float, y_m: float) -> float:
    """Probability of the cell at a point."""
    column, row = (int((at - first) // view.spacing_m) for at, first in ((x_m, view.x0_m), (y_m, view.y0_m)))
    inside = 0 <= row < view.poc.shape[0] and 0 <= column < view.poc.shape[1]
    return float(view.poc[row, column]) if inside else 0.0


def level_at(view: ProbabilityMap, x_m: float, y_m: float) -> float:
    """Share of the probability in cells denser than a point's."""
    return float(view.poc[view.poc > cell_of(view, x_m, y_m)].sum() / view.poc.sum())


def test_a_uniform_current_carries_the_find_back_by_its_way() -> None:
    """Half a metre a second eastward: begun h hours before the find, it began 1.8 h km to the west."""
    found = find(error_m=300.0, span_h=(0.0, 6.0))
    _, tally, _ = traced(found, environment((0.5, 0.0)), drift=QUIET, objects={"PIW-1": 1.0})
    # PIW-1 drifts with the wind, which is calm here, but for its offset's spread
    points = tally.points(FRAME)
    hours = (found.found_at.timestamp() - points.at_s) / HOUR
    assert hours.min() == pytest.approx(18.0)
    assert hours.max() == pytest.approx(24.0)
    drifted = np.average(points.x_m + 1800.0 * hours, weights=points.weight)
    assert drifted == pytest.approx(0.0, abs=80.0)
    # each instant of the span weighs alike, its ends half
    weight = np.bincount(np.round((points.at_s - points.at_s.min()) / 600.0).astype(int), points.weight)
    np.testing.assert_allclose(weight[1:-1], 1.0 / 36.0, rtol=1e-6)
    np.testing.assert_allclose(weight[[0, -1]], 0.5 / 36.0, rtol=1e-6)
    early, middle, late = began_by(points, (0.05, 0.5, 0.95))
    assert (middle - START) / timedelta(hours=1) == pytest.approx(3.0, abs=0.2)
    assert early < middle < late


def test_a_solid_rotation_is_undone() -> None:
    """Forward for a day and backward again, without noise: at the start, to the error of the scheme."""
    nodes = np.arange(-60_000.0, 60_001.0, 5_000.0)
    gx, gy = np.meshgrid(nodes, nodes)
    omega = 2.0 * np.pi / (24.0 * HOUR)
    flow = np.stack([-omega * gy] * 26).astype(np.float32), np.stack([omega * gx] * 26).astype(np.float32)
    grid = np.array([-60_000.0, -60_000.0, 5_000.0])
    start = np.array([[10_000.0, 0.0], [0.0, 20_000.0], [-15_000.0, -5_000.0]])
    missed = []
    for step_s in (600.0, 300.0):
        steps = int(24 * HOUR / step_s)
        x, y, _ = run_kernel(start, steps=steps, step_s=step_s, current=(*flow, grid))
        ends = np.stack([x[:, -1], y[:, -1]], axis=1)
        x, y, _ = run_kernel(ends, steps=steps, step_s=-step_s, current=(*flow, grid))
        missed.append(np.hypot(x[:, -1] - start[:, 0], y[:, -1] - start[:, 1]).max())
    assert missed[0] < 20.0  # of a way of up to 126 km
    assert missed[1] < missed[0] / 3.0


def test_what_came_from_land_or_from_outside_is_in_named_bins() -> None:
    """An eastward current off an island: going back, the early part of the span is land."""
    found = find(60_000.0, 0.0, hours=24.0, span_h=(0.0, 24.0), error_m=100.0)
    sea = environment((0.5, 0.0), islands_xy_m=[ISLAND])
    given, tally, _ = traced(found, sea, drift=QUIET, objects={"PIW-1": 1.0})
    bins = asdict(tally.bins(given))
    assert sum(bins.values()) == pytest.approx(1.0, abs=1e-12)
    # 20 km at 0.5 m/s are 11.1 h of the 24
    assert bins["began_afloat"] == pytest.approx(11.1 / 24.0, abs=0.01)
    assert bins["came_from_shore"] == pytest.approx(1.0 - 11.1 / 24.0, abs=0.01)
    small = environment((0.5, 0.0), half_m=30_000.0)
    low = find(span_h=(0.0, 24.0), error_m=100.0)
    given, tally, _ = traced(low, small, drift=QUIET)
    bins = asdict(tally.bins(given))
    assert bins["outside_forcing"] == pytest.approx(1.0 - 16.67 / 24.0, abs=0.03)
    assert sum(bins.values()) == pytest.approx(1.0, abs=1e-12)


def test_maps_of_slices_add_up_to_the_whole() -> None:
    found = find()
    given, tally, _ = traced(found, environment((0.3, 0.1), (6.0, 2.0)), particles=500)
    bins = asdict(tally.bins(given))
    whole, *slices = map_origins(tally.points(FRAME), bins, span_of(found), START)
    assert len(slices) == 6
    assert slices[0].began_from == found.released_from
    assert slices[-1].began_until == found.released_until
    held = [origin.probability.poc.sum() for origin in slices]
    assert sum(held) == pytest.approx(whole.probability.poc.sum(), rel=1e-9)
    for origin in (whole, *slices):
        assert sum(origin.probability.bins.values()) == pytest.approx(1.0, abs=1e-9)
        assert origin.probability.poc.sum() == pytest.approx(origin.probability.bins["began_afloat"])


def test_fewer_points_stand_for_all() -> None:
    found = find(span_h=(0.0, 12.0))
    sea = environment((0.3, 0.1), (6.0, 2.0))
    (_, whole, _), (_, thinned, _) = (
        traced(found, sea, particles=2000, most_points=most) for most in (10**7, 20_000)
    )
    everything, few = whole.points(FRAME), thinned.points(FRAME)
    assert few.weight.size < 20_001 < everything.weight.size
    assert few.weight.sum() == pytest.approx(everything.weight.sum())
    for axis in ("x_m", "at_s"):
        means = [np.average(getattr(p, axis).astype(float), weights=p.weight) for p in (everything, few)]
        spread = getattr(everything, axis).astype(float).std()
        assert means[1] == pytest.approx(means[0], abs=0.03 * spread)


def test_a_single_instant_is_a_span_too() -> None:
    found = find(span_h=(3.1, 3.1))
    _, tally, _ = traced(found, environment((0.3, 0.0)), particles=200)
    points = tally.points(FRAME)
    assert np.unique(points.at_s).tolist() == [START.timestamp() + 3 * HOUR + 600.0]
    assert points.weight.sum() == pytest.approx(1.0)


def test_a_long_way_back_keeps_full_hours_only() -> None:
    found = find(hours=72.0, span_h=(0.0, 24.0))
    _, tally, _ = traced(found, environment((0.05, 0.0)), particles=100)
    assert found.found_at.timestamp() - tally.times_s[0] > LONGEST_FINE_S
    np.testing.assert_allclose(np.diff(tally.times_s), HOUR)
    assert tally.points(FRAME).weight.sum() == pytest.approx(1.0)


def test_the_dateline_is_nothing_to_it() -> None:
    """The same case at 132 E and across 180: the same places in the plane."""
    there = LocalFrame(180.0, 37.0)
    points = []
    for frame in (FRAME, there):
        sea = environment((0.5, 0.1), (6.0, 2.0), frame=frame)
        _, tally, _ = traced(find(frame=frame), sea, particles=300)
        points.append(tally.points(frame))
    np.testing.assert_allclose(points[1].x_m, points[0].x_m, atol=0.1)
    lon_deg, _ = there.to_lonlat_deg(points[1].x_m, points[1].y_m)
    assert (lon_deg > 179.0).any()
    assert (lon_deg <= 180.0).all()


def test_a_find_on_the_beach_came_from_the_sea() -> None:
    """Onshore wind; the position lies half a kilometre inland, where nothing floats."""
    sea = environment((0.0, 0.0), (8.0, 0.0), islands_xy_m=[ISLAND])
    found = find(10_500.0, 0.0, error_m=200.0, span_h=(0.0, 20.0))
    given, tally, parts = traced(found, sea, objects={"LIFE-RAFT-DB-10": 1.0})
    start = parts[0][1]
    assert not np.any(on_land(sea.coast.raster, start.x_m[:, -1], start.y_m[:, -1]) == 2)
    assert np.abs(start.x_m[:, -1] - 10_000.0).max() < 800.0
    bins = asdict(tally.bins(given))
    assert bins["began_afloat"] > 0.85
    assert sum(bins.values()) == pytest.approx(1.0, abs=1e-12)
    points = tally.points(FRAME)
    assert np.average(points.x_m, weights=points.weight) < 0.0
    weights = np.concatenate([tally.weigh(stretch, part.status)[0] for stretch, part in parts])
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)


def test_nothing_lands_where_everything_drives_off() -> None:
    sea = environment((-0.5, 0.0), islands_xy_m=[ISLAND])
    given, tally, _ = traced(find(10_500.0, 0.0), sea, drift=QUIET, objects={"PIW-1": 1.0})
    with pytest.raises(CaseError, match="nothing can have landed there"):
        tally.bins(given)


def test_a_find_far_inland_is_refused() -> None:
    sea = environment(islands_xy_m=[ISLAND])
    with pytest.raises(
        CaseError, match=r'scenario "adrift": found is \d+\.\d{4}N \d+\.\d{4}[EW], more than .*from the water'
    ):
        traced(find(25_000.0, 0.0), sea)


def test_a_span_on_land_only_is_refused() -> None:
    sea = environment((0.5, 0.0), islands_xy_m=[ISLAND])
    given, tally, _ = traced(
        find(60_000.0, 0.0, span_h=(0.0, 2.0), error_m=50.0), sea, drift=QUIET, objects={"PIW-1": 1.0}
    )
    with pytest.raises(CaseError, match="100% comes from the shore"):
        tally.bins(given)


def test_cases_know_their_direction() -> None:
    check_forward(case())
    check_backward(case(scenario(find())))
    with pytest.raises(CaseError, match="Run sarex backtrack"):
        check_forward(case(scenario(find())))
    with pytest.raises(CaseError, match="run sarex drift"):
        check_backward(case())


def cells_sea(islands=(), wind=(7.0, 3.0)):
    """Eddies and shear without divergence: u goes with y only, v with x only."""
    k = 2.0 * np.pi / 90_000.0
    return environment(
        lambda x, y: (0.15 + 0.4 * np.sin(k * y), 0.3 * np.sin(k * x + 1.0)), wind, islands_xy_m=islands
    )


def truths(sea, count: int, seed: int, half_m: float):
    """Origins evenly in a square and in the span, and where they are at the end: forward by the model."""
    rng = np.random.default_rng(seed)
    begun_s = START.timestamp() + rng.uniform(0.0, SPAN_H * HOUR, count)
    x_m, y_m = rng.uniform(-half_m, half_m, (2, count))
    kind = np.zeros(count, np.int16)
    origins = Origins(x_m, y_m, begun_s, np.full(count, 1.0 / count), kind, kind)
    axis = TimeAxis(START.timestamp(), int(HOURS * 6))
    tracks = drift_seeds(
        sea, origins, plain_traits(leeway_table(("LIFE-RAFT-DB-10",))), DriftSettings(), axis, seed
    )
    return origins, tracks, rng


def held_share(levels, level: float) -> float:
    return float((np.array(levels) <= level).mean())


@pytest.mark.slow
def test_twins_true_origins_lie_in_the_contours() -> None:
    """360 truths: the model drifts each from an even draw of place and time; the find is traced back.

    Contours of p should hold p of them: with 360 the 99.7 % band (false-alarm rate 0.3 % for each) is
    50 +- 8 % and 95 +- 3.5 %. Of place alone, and of place and time together (slices of the span).
    """
    sea = cells_sea()
    origins, tracks, rng = truths(sea, 9000, 11, 85_000.0)
    ends_m = np.stack([tracks.x_m[:, -1], tracks.y_m[:, -1]], axis=1).astype(float)
    chosen = np.flatnonzero((np.abs(ends_m) < 25_000.0).all(axis=1) & (tracks.status[:, -1] == Status.ACTIVE))
    assert chosen.size > 360
    seen_m = ends_m + rng.normal(0.0, 500.0, ends_m.shape)
    levels = [
        origin_levels(sea, origins, find(*seen_m[truth], error_m=500.0 * 1.1774), truth)
        for truth in chosen[:360]
    ]
    for measured in np.array(levels).T:
        assert held_share(measured, 0.5) == pytest.approx(0.5, abs=0.08)
        assert held_share(measured, 0.95) == pytest.approx(0.95, abs=0.035)
    # a forward run from each result comes back to the find
    returned = [forward_level(sea, find(*seen_m[truth], error_m=500.0 * 1.1774)) for truth in chosen[:30]]
    assert max(returned) < 0.95
    # and a wrong model is found out: the wind from the other side
    wrong = cells_sea(wind=(-7.0, -3.0))
    missed = [
        origin_levels(wrong, origins, find(*seen_m[truth], error_m=500.0 * 1.1774), truth)[0]
        for truth in chosen[:60]
    ]
    assert held_share(missed, 0.95) < 0.85


@pytest.mark.slow
def test_twins_on_the_beach() -> None:
    """240 truths that strand on a long shore between 12 and 24 h; each lies 300 m inland when it is found.

    Bands of 99.7 %: 50 +- 9.7 %, 95 +- 4.2 %.
    """
    shore = Polygon([(10_000, -140_000), (40_000, -140_000), (40_000, 140_000), (10_000, 140_000)])
    sea = cells_sea((shore,), (8.0, 2.0))
    origins, tracks, _ = truths(sea, 9000, 12, 110_000.0)
    stranded = tracks.status == Status.STRANDED
    when = np.argmax(stranded, axis=1)
    ok = stranded[:, -1] & (when > 72) & (origins.x_m < 9_000.0) & (np.abs(tracks.y_m[:, -1]) < 40_000.0)
    # what began later than the shore was met cannot be; what began on land is no truth
    chosen = np.flatnonzero(ok)[:240]
    assert chosen.size == 240
    levels = []
    for truth in chosen:
        found = find(
            float(tracks.x_m[truth, -1]) + 300.0, float(tracks.y_m[truth, -1]), hours=when[truth] / 6.0
        )
        levels.append(origin_levels(sea, origins, replace(found, probable_error_m=100.0), truth))
    for measured in np.array(levels).T:
        assert held_share(measured, 0.5) == pytest.approx(0.5, abs=0.097)
        assert held_share(measured, 0.95) == pytest.approx(0.95, abs=0.042)


def forward_level(sea, found: Found) -> float:
    """Level of the find in a forward run that begins at the traced places and instants."""
    _, tally, _ = traced(found, sea, particles=1000)
    points = tally.points(FRAME)
    rng = np.random.default_rng(3)
    chosen = rng.choice(points.weight.size, 3000, p=points.weight / points.weight.sum())
    kind = np.zeros(3000, np.int16)
    origins = Origins(
        points.x_m[chosen], points.y_m[chosen], points.at_s[chosen], np.full(3000, 1 / 3000), kind, kind
    )
    axis = TimeAxis(START.timestamp(), int(HOURS * 6))
    traits = plain_traits(leeway_table(("LIFE-RAFT-DB-10",)))
    tracks = drift_seeds(sea, origins, traits, DriftSettings(), axis, 77)
    x0_m, y0_m, spacing_m, poc = smoothed_cells(
        tracks.x_m[:, -1].astype(float), tracks.y_m[:, -1].astype(float), origins.weight
    )
    view = ProbabilityMap(START, START, FRAME, x0_m, y0_m, spacing_m, poc, {})
    x_m, y_m = FRAME.to_xy_m(found.position.lon_deg, found.position.lat_deg)
    return level_at(view, float(x_m), float(y_m))


def origin_levels(sea, origins, found: Found, truth: int, particles: int = 1000) -> tuple[float, float]:
    """Levels of the true origin: of its place over the whole span, and of place and time together."""
    given, tally, _ = traced(found, sea, particles=particles)
    bins = asdict(tally.bins(given))
    whole, *slices = map_origins(tally.points(FRAME), bins, span_of(found), START)
    x_m, y_m = origins.x_m[truth], origins.y_m[truth]
    at = from_posix_s(float(origins.released_s[truth]))
    (mine,) = (origin.probability for origin in slices if origin.began_from <= at < origin.began_until)
    own = cell_of(mine, x_m, y_m) / mine.spacing_m**2
    views = [origin.probability for origin in slices]
    above = sum(view.poc[view.poc / view.spacing_m**2 > own].sum() for view in views)
    return level_at(whole.probability, x_m, y_m), float(above / sum(view.poc.sum() for view in views))
