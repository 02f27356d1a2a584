"""Reading the drift off a pattern's legs, and flying a pattern again."""

import numpy as np
import pytest

from sarex.kernels import pattern as kernel
from sarex.planning.model import Pattern
from sarex.planning.pattern_edit import over_ground, riding_pattern, transformed


def ladder(drift=(0.4, 0.3), length_m=9000.0):
    return kernel.parallel_legs(
        1000.0, -500.0, 0.4, length_m, 900.0, 7, 1, 1, *drift, 3600.0, 0.0, 46.0, 400.0
    )


@pytest.mark.parametrize("drift", [(0.0, 0.0), (0.4, 0.3), (-0.6, 0.1)])
def test_a_ladder_tells_its_drift(drift) -> None:
    read = riding_pattern(ladder(drift), Pattern.PARALLEL_SWEEP, (1.0, -1.0))
    assert read.drift_mps == pytest.approx(drift, abs=1e-3)


def test_a_square_takes_the_belief_at_its_word_if_it_rides() -> None:
    corners = kernel.square_corners(0.0, 0.0, 0.3, 500.0, 40)
    for drift, expected in (((0.5, 0.2), (0.52, 0.18)), ((0.0, 0.0), (0.0, 0.0))):
        legs = kernel.cornered_legs(corners, *drift, 0.0, 0.0, 7200.0, 40.0, 200.0)
        assert riding_pattern(legs, Pattern.EXPANDING_SQUARE, (0.52, 0.18)).drift_mps == expected


def test_nothing_done_is_nothing_changed() -> None:
    legs = ladder()
    read = riding_pattern(legs, Pattern.PARALLEL_SWEEP, (0.4, 0.3))
    same = transformed(read, (0.0, 0.0), 0.0, 1.0, 1.0, 400.0)
    assert over_ground(same, read.begin_s) == pytest.approx(legs, abs=1e-6)


def test_a_turn_in_the_frame_is_the_ladder_drawn_with_another_heading() -> None:
    """Authority: the kernel that draws ladders, asked for the turned one."""
    legs = ladder()
    read = riding_pattern(legs, Pattern.PARALLEL_SWEEP, (0.4, 0.3))
    turned = transformed(read, (2000.0, 0.0), 0.5, 1.0, 1.0, 400.0)
    shift_s = -3600.0
    middle = np.array([1000.0 + 2000.0, -500.0]) + 0.0 * shift_s
    drawn = kernel.parallel_legs(*middle, 0.9, 9000.0, 900.0, 7, 1, 1, 0.4, 0.3, 3600.0, 0.0, 46.0, 400.0)
    assert over_ground(turned, 0.0) == pytest.approx(drawn, abs=1.0)


def test_a_stretch_is_the_ladder_drawn_with_other_legs_and_spacing() -> None:
    legs = ladder()
    read = riding_pattern(legs, Pattern.PARALLEL_SWEEP, (0.4, 0.3))
    stretched = transformed(read, (0.0, 0.0), 0.0, 1.2, 0.8, 400.0)
    drawn = kernel.parallel_legs(
        1000.0, -500.0, 0.4, 10_800.0, 720.0, 7, 1, 1, 0.4, 0.3, 3600.0, 0.0, 46.0, 400.0
    )
    assert over_ground(stretched, 0.0) == pytest.approx(drawn, abs=1.0)


def test_a_datum_faster_than_the_craft_cannot_be_ridden() -> None:
    read = riding_pattern(ladder(), Pattern.PARALLEL_SWEEP, (0.4, 0.3))
    slow = type(read)(**{**vars(read), "speed_mps": np.full(read.speed_mps.size, 0.3)})
    assert transformed(slow, (0.0, 0.0), 0.5, 1.0, 1.0, 400.0) is None
