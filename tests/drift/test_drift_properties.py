"""What must hold of any drift: symmetries, conservation, coast, edges, release, dateline."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon

from builders_sea import FRAME, QUIET, START, WINDOW, case, environment, last_known, run_kernel, scenario
from sarex.case.model import DriftSettings, LastKnownPosition, Position, Trackline, TrackPoint
from sarex.drift import DriftEnsemble, Status, drift_ensemble
from sarex.environment.field import on_land
from sarex.geo import LocalFrame
from sarex.probability import bins_at

LEEWAY = np.array([0.03, 0.02, 0.02, -0.01, -0.008, 0.015])
GRID = np.array([-60_000.0, -60_000.0, 20_000.0])
NODES = np.arange(7) * 20_000.0 - 60_000.0
ISLAND = Polygon([(6_000, -8_000), (12_000, -8_000), (12_000, 9_000), (6_000, 9_000)])


def drifted(given_case, sea, hours: float = 7.0, purpose="reported") -> DriftEnsemble:
    return drift_ensemble(given_case, sea, until=START + timedelta(hours=hours), purpose=purpose)


def plane_flow(matrix, base):
    """A flow that changes over the plane: base + matrix @ (x, y)."""
    gx, gy = np.meshgrid(NODES, NODES)
    parts = [base[i] + matrix[i, 0] * gx + matrix[i, 1] * gy for i in (0, 1)]
    return (*(np.full((2, 7, 7), part, np.float32) for part in parts), GRID)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(-180.0, 180.0), st.booleans())
def test_turning_or_mirroring_the_world_turns_or_mirrors_the_drift(seed, angle_deg, mirrored) -> None:
    """Wind, current and origin are turned; in a mirror, right becomes left and left right."""
    rng = np.random.default_rng(seed)
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turn = np.array([[c, -s], [s, c]]) @ (np.diag([-1.0, 1.0]) if mirrored else np.eye(2))
    origin = rng.uniform(-8000, 8000, (40, 2))
    flows = [
        (rng.uniform(-strength, strength, (2, 2)) * 1e-5, rng.uniform(-1, 1, 2) * strength)
        for strength in (0.5, 8.0)
    ]
    on_right = rng.random(40) < 0.5
    leeway = np.tile(LEEWAY, (40, 1))
    swapped = np.tile(np.concatenate([LEEWAY[:2], -LEEWAY[4:], -LEEWAY[2:4]]), (40, 1))
    plain, turned = (
        run_kernel(
            places, steps=36, leeway=coefficients, on_right=on_right ^ flip,
            current=plane_flow(m @ flows[0][0] @ m.T, m @ flows[0][1]),
            wind=plane_flow(m @ flows[1][0] @ m.T, m @ flows[1][1]),
        )
        for places, coefficients, flip, m in (
            (origin, leeway, False, np.eye(2)),
            (origin @ turn.T, swapped if mirrored else leeway, mirrored, turn),
        )
    )  # fmt: skip
    expected = np.einsum("ij,jpt->ipt", turn, np.stack(plain[:2]))
    np.testing.assert_allclose(np.stack(turned[:2]), expected, atol=2.0)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_nothing_is_dropped(seed) -> None:
    """Ashore, outside, not yet released or afloat: the bins hold the whole probability at every instant."""
    two = (
        scenario(last_known(-4000.0, 0.0, hours=5.0), {"PIW-1": 0.4, "LIFE-RAFT-DB-10": 0.6}, 0.7, "first"),
        scenario(last_known(18_000.0, 0.0, 2000.0), {"PERSON-POWERED-VESSEL-1": 1.0}, 0.3, "second"),
    )
    sea = environment((0.9, 0.0), (8.0, 1.0), islands_xy_m=[ISLAND], half_m=30_000.0)
    found = drifted(case(*two, seed=seed, drift=DriftSettings(particles=400)), sea)
    assert found.weight.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.all(found.weight > 0)
    for index in range(found.times_s.size):
        assert sum(bins_at(found, index, 0.0).values()) == pytest.approx(1.0, abs=1e-12)
    assert np.isfinite(found.x_m).all()
    assert np.isfinite(found.y_m).all()
    final = bins_at(found, -1, 0.0)
    assert final["ashore"] > 0.05
    assert final["outside_forcing"] > 0.05
    shares = [
        found.weight[(found.scenario == s) & (found.object_type == t)].sum()
        for s, t in ((0, 0), (0, 1), (1, 2))
    ]
    assert shares == pytest.approx([0.28, 0.42, 0.3])


def test_nobody_drifts_over_land() -> None:
    sea = environment((0.5, 0.0), (6.0, 0.0), islands_xy_m=[ISLAND])
    found = drifted(case(), sea)
    cell = on_land(sea.coast.raster, found.x_m, found.y_m)
    assert not np.any((cell == 2) & (found.status == Status.ACTIVE))
    ashore = found.status == Status.STRANDED
    assert ashore[:, -1].sum() > 200
    # once ashore, always ashore, and at the same place
    assert np.all(ashore[:, 1:] >= ashore[:, :-1])
    still = ashore[:, :-1]
    assert np.all((found.x_m[:, 1:] == found.x_m[:, :-1])[still])


def test_stranding_is_where_the_path_meets_the_coast() -> None:
    """Straight tracks due east onto a straight coast: at its western edge, to a fraction of a metre."""
    sea = environment((1.0, 0.0), islands_xy_m=[ISLAND])
    found = drifted(
        case(drift=QUIET, scenarios=(scenario(last_known(0.0, 0.0, 1500.0), {"PIW-1": 1.0}),)), sea
    )
    final = found.status[:, -1] == Status.STRANDED
    raster = sea.coast.raster
    land_columns = np.nonzero((raster.cells == 2).any(axis=0))[0]
    edge_m = raster.x0_m + land_columns[0] * raster.spacing_m
    assert edge_m == pytest.approx(
        6000.0, abs=110.0
    )  # the raster's own error: half a cell and the map's curve
    assert final.mean() > 0.9
    np.testing.assert_allclose(found.x_m[final, -1], edge_m, atol=0.5)
    np.testing.assert_allclose(found.y_m[final, -1], found.y_m[final, 0], atol=1.0)
    assert all(
        ISLAND.buffer(150.0).contains(Point(x, y))
        for x, y in zip(found.x_m[final, -1], found.y_m[final, -1], strict=True)
    )


def test_leaving_the_forcing_keeps_the_place_and_says_so() -> None:
    sea = environment((1.0, 0.0), half_m=20_000.0)
    found = drifted(case(drift=QUIET), sea, 9.0)
    out = found.status == Status.OUTSIDE_FORCING
    assert out[:, -1].all()
    # the forcing is asked in the middle of the step: up to half of its 600 m beyond the edge, or short of it
    assert np.all(np.abs(found.x_m[:, -1] - 20_000.0) <= 300.5)
    assert np.all((found.x_m[:, 1:] == found.x_m[:, :-1])[out[:, :-1]])


def test_a_hole_in_the_forcing_is_outside() -> None:
    def flow(x_m, y_m):
        return np.where(x_m > 9000.0, np.nan, 1.0), 0.0 * y_m

    found = drifted(case(drift=QUIET), environment(flow), 9.0)
    assert np.all(found.status[:, -1] == Status.OUTSIDE_FORCING)
    assert np.isfinite(found.x_m).all()


def test_release_is_respected() -> None:
    """Waiting until its minute, then moving for the rest of that step: one metre a second since release."""
    origin = replace(last_known(hours=3.0), probable_error_m=0.0)
    found = drifted(case(scenario(origin, {"PIW-1": 1.0}), drift=QUIET), environment((1.0, 0.0)))
    since_s = found.times_s[None, :] - found.released_s[:, None]
    np.testing.assert_array_equal(found.status == Status.NOT_YET_RELEASED, since_s <= 0)
    np.testing.assert_allclose(found.x_m, np.maximum(since_s, 0.0), atol=0.1)
    assert found.released_s.min() >= START.timestamp()
    assert found.released_s.max() <= START.timestamp() + 3 * 3600.0


@pytest.mark.parametrize("longitude_deg", [179.999, -180.0])
def test_the_dateline_is_like_any_meridian(longitude_deg) -> None:
    def at(lon_deg):
        fix = LastKnownPosition(Position(lon_deg, 37.0), 4000.0, START, START)
        sea = environment((0.6, 0.2), (5.0, -3.0), frame=LocalFrame(round(lon_deg), 37.0))
        return drifted(case(scenario(fix), drift=DriftSettings(particles=200)), sea)

    here, there = at(longitude_deg), at(40.0 + longitude_deg - round(longitude_deg))
    np.testing.assert_allclose(here.x_m, there.x_m, atol=0.1)
    np.testing.assert_array_equal(here.status, there.status)
    lon_deg, _ = here.frame.to_lonlat_deg(here.x_m, here.y_m)
    assert (lon_deg > 179.0).any()
    assert (lon_deg < -179.0).any()


def test_a_later_window_continues_the_same_trajectories() -> None:
    sea = environment((0.3, 0.1), (6.0, 2.0), islands_xy_m=[ISLAND])
    short, longer = drifted(case(), sea, 7.0), drifted(case(), sea, 11.0)
    np.testing.assert_array_equal(longer.x_m[:, : short.times_s.size], short.x_m)
    np.testing.assert_array_equal(longer.status[:, : short.times_s.size], short.status)


def test_draws_of_different_purpose_differ() -> None:
    sea = environment()
    first, second = (drifted(case(), sea, purpose=purpose) for purpose in ("reported", "rehearsal"))
    assert (
        abs(np.corrcoef(first.x_m[:, 0], second.x_m[:, 0])[0, 1]) < 0.15
    )  # 1,500 pairs: 5.8 standard errors
    again = drifted(case(), sea)
    np.testing.assert_array_equal(first.x_m, again.x_m)


def test_an_overdue_craft_starts_along_its_track_in_time() -> None:
    """Halfway in time is halfway along, and the error grows from the first point's to the last's."""
    points = tuple(
        TrackPoint(Position(*(float(v) for v in FRAME.to_lonlat_deg(x, 0.0))), START + timedelta(hours=h), e)
        for x, h, e in ((-20_000.0, 0, 500.0), (20_000.0, 4, 4000.0))
    )
    found = drifted(case(scenario(Trackline(points)), drift=replace(QUIET, particles=8000)), environment())
    share = (found.released_s - START.timestamp()) / (4 * 3600.0)
    off_m = found.x_m[:, 0] - (-20_000.0 + 40_000.0 * share)
    for low, high in ((0.0, 0.1), (0.45, 0.55), (0.9, 1.0)):
        part = (share >= low) & (share < high)
        sigma_m = (500.0 + 3500.0 * (low + high) / 2) / 1.1774
        # about 800 draws: five standard errors are 12.5 %, and the error grows over the part
        assert np.std(off_m[part]) == pytest.approx(sigma_m, rel=0.2)
    assert WINDOW.start == START + timedelta(hours=4)
