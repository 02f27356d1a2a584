"""The rounded expanding square: turn radius, spacing, time and what it finds, by geometry of its own."""

from math import cos, exp, hypot, pi, radians, sin

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from sarex.kernels.pattern_spiral import flyable_radius, spiral_corners, spiral_legs

seeds = st.integers(0, 100_000)
SPEED_MPS, WIDTH_M, TIME_S = 90 * 1852.0 / 3600.0, 185.2, 2700.0
RADIUS_M = SPEED_MPS / radians(7.0)


def spiral(
    heading=0.0, straight=0.0, tolerance=5.0, shortest=0.0, drift=(0.0, 0.0), time_s=TIME_S, speed=SPEED_MPS
):
    return spiral_legs(
        0.0, 0.0, heading, WIDTH_M, 0.0, straight, tolerance, shortest, *drift, 0.0, 0.0, time_s, speed,
        RADIUS_M,
    )  # fmt: skip


def curvatures(points):
    """Change of heading per length between the middles of neighbouring chords; positive to the right."""
    way = np.diff(points, axis=0)
    length = np.hypot(*way.T)
    turned = np.angle(np.exp(1j * np.diff(-np.arctan2(way[:, 1], way[:, 0]))))
    return turned / (0.5 * (length[1:] + length[:-1]))


def line_of(legs):
    return np.vstack([legs[:1, :2], legs[:, 2:4]])


def test_it_never_turns_tighter_than_the_craft_can_and_always_right() -> None:
    curvature = curvatures(line_of(spiral(tolerance=0.05, time_s=900.0)))
    assert curvature.max() <= 1.002 / RADIUS_M
    assert curvature.min() > 0.0


@pytest.mark.parametrize("drift", [(8.0, 0.0), (-3.0, 6.0)])
def test_a_drifting_datum_does_not_tighten_the_turns_over_the_ground(drift) -> None:
    curvature = curvatures(line_of(spiral(tolerance=0.05, time_s=900.0, drift=drift)))
    assert curvature.max() <= 1.002 / RADIUS_M


@settings(max_examples=50, deadline=None)
@given(st.floats(0.0, 0.6), st.floats(0.0, 6.3))
def test_radius_in_a_drifting_frame_by_flying_a_circle(share, bearing) -> None:
    """A circle in the frame, flown so that the speed over the ground is one: curvature by differences."""
    radius = flyable_radius(1.0, share * cos(bearing), share * sin(bearing), 1.0)
    drift, angles = share * np.exp(1j * bearing), np.linspace(0.0, 2 * pi, 4001)
    along = 1j * np.exp(1j * angles)
    push = (along * np.conj(drift)).real
    in_frame = np.sqrt(push**2 + 1.0 - share**2) - push
    over_ground = in_frame * along + drift
    np.testing.assert_allclose(abs(over_ground), 1.0)
    turned = np.diff(np.unwrap(np.angle(over_ground)))
    taken = radius * np.diff(angles) / (0.5 * (in_frame[1:] + in_frame[:-1]))
    assert (turned / taken).max() <= 1.0 + 1e-4


def test_rows_keep_to_the_true_arcs_and_to_the_search_speed() -> None:
    legs, fine = spiral(), spiral(tolerance=0.01)
    apart = LineString(line_of(fine)).distance(shapely.points(line_of(legs)))
    assert apart.max() < 0.6 * 5.0
    middles = 0.5 * (legs[:, :2] + legs[:, 2:4])
    assert shapely.distance(LineString(line_of(fine)), shapely.points(middles)).max() < 1.03 * 5.0
    np.testing.assert_allclose(
        np.hypot(*np.diff(line_of(legs), axis=0).T), SPEED_MPS * np.diff(legs[:, 4:6])[:, 0]
    )
    np.testing.assert_allclose(legs[1:, [0, 1, 4]], legs[:-1, [2, 3, 5]], atol=1e-9)
    assert (legs[:, 6] == 1.0).all()
    assert TIME_S - 15.0 < legs[-1, 5] <= TIME_S


def test_chords_are_as_long_as_asked_for() -> None:
    legs = spiral(shortest=WIDTH_M)
    assert np.hypot(*np.diff(line_of(legs), axis=0).T).min() > WIDTH_M


def test_length_of_chords_is_that_of_the_semicircles() -> None:
    """A quarter and ten semicircles with straights, each radius half a spacing more than the one before."""
    radii = 400.0 + 50.0 * np.arange(10)
    wanted = pi * 200.0 + pi * radii.sum() + 10 * 700.0
    corners = spiral_corners(0.0, 0.0, 0.4, 100.0, 400.0, 700.0, pi * radii.sum() + 6990.0, 1.0, 0.0)
    assert np.hypot(*np.diff(corners, axis=0).T).sum() == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("straight", [0.0, 3000.0])
def test_tracks_lie_one_spacing_apart(straight) -> None:
    """Swaths one spacing wide tile the sea: hardly any overlap, and no hole but the one in the middle."""
    line = LineString(line_of(spiral(straight=straight, tolerance=0.2)))
    swath = line.buffer(WIDTH_M / 2, cap_style="flat")
    first_ring_m2 = 0.25 * pi * RADIUS_M * WIDTH_M
    assert swath.area == pytest.approx(line.length * WIDTH_M, abs=1.2 * first_ring_m2)
    holes = sorted((shapely.Polygon(ring).area for ring in swath.buffer(1.0).interiors), reverse=True)
    inside_m = RADIUS_M - WIDTH_M / 2
    middle_m2 = pi * inside_m**2 + 2 * inside_m * straight
    assert middle_m2 < holes[0] < 1.45 * middle_m2
    assert sum(holes[1:]) < 0.01 * holes[0] + 1.0


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_turning_the_world_turns_the_spiral(seed) -> None:
    rng = np.random.default_rng(seed)
    angle, drift = rng.uniform(-4, 4), rng.uniform(-1, 1, 2)
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    legs = spiral(heading=0.3, drift=drift, time_s=600.0, straight=500.0)
    turned = spiral(heading=0.3 + angle, drift=turn @ drift, time_s=600.0, straight=500.0)
    np.testing.assert_allclose(turned[:, :2], legs[:, :2] @ turn.T, atol=1e-6)
    np.testing.assert_allclose(turned[:, 4:6], legs[:, 4:6], atol=1e-9)


def test_in_the_drifting_frame_it_is_the_spiral_that_was_drawn() -> None:
    drift = np.array([0.4, -0.7])
    legs = spiral_legs(
        100.0, 50.0, 1.0, WIDTH_M, 500.0, 0.0, 5.0, 0.0, *drift, 1000.0, 200.0, 1500.0, SPEED_MPS, RADIUS_M
    )
    corners = spiral_corners(100.0, 50.0, 1.0, WIDTH_M, 500.0, 0.0, 70_000.0, 5.0, 0.0)
    still = legs[:, 2:4] - drift * (legs[:, 5, None] - 1000.0)
    np.testing.assert_allclose(still, corners[1 : len(still) + 1], atol=1e-6)


@pytest.mark.parametrize(("sigma_m", "least"), [(1500.0, 0.78), (3000.0, 0.33)])
def test_one_helicopter_finds_nearly_what_any_track_could(sigma_m, least) -> None:
    """Definite range on a grid; no track of that length finds more than 1 - exp(-W V T / (2 pi sigma^2))."""
    middles = np.arange(-3000.0 + 15.0, 3000.0, 30.0)
    x, y = np.meshgrid(middles, middles)
    weight = np.exp(-(x**2 + y**2) / (2 * sigma_m**2)) * 900.0 / (2 * pi * sigma_m**2)
    line = LineString(line_of(spiral()))
    shapely.prepare(line)
    seen = shapely.dwithin(line, shapely.points(x, y), WIDTH_M / 2)
    pos = float(weight[seen].sum())
    bound = 1.0 - exp(-WIDTH_M * SPEED_MPS * TIME_S / (2 * pi * sigma_m**2))
    assert least <= pos <= bound


def test_what_turns_on_the_spot_leaves_no_hole() -> None:
    legs = spiral_legs(0.0, 0.0, 0.0, 500.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 900.0, 40.0, 0.0)
    swath = LineString(line_of(legs)).buffer(254.0)
    assert not shapely.Polygon(swath.exterior).difference(swath).area
    assert hypot(*legs[0, :2]) < 500.0


def test_a_craft_slower_than_the_drift_flies_no_spiral() -> None:
    assert len(spiral(drift=(0.0, 3.0), speed=2.0)) == 0
