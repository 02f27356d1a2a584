"""Scores against hand calculation, and contours against truths drawn from the very cloud."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from sarex.drift.ensemble import DriftEnsemble
from sarex.geo import LocalFrame
from sarex.probability.map import ProbabilityMap, contours, map_probability
from sarex.validation.model import LEVELS
from sarex.validation.scores import contour_areas_m2, level_reached, liu_weisberg

AT = datetime(2021, 5, 1, tzinfo=UTC)
X_M, Y_M = np.array([0.0, 3.0, 3.0]), np.array([0.0, 4.0, 10.0])


@pytest.mark.parametrize(
    ("separation_m", "score"),
    [
        # the drifter's way is 5, then 11 long: 16 summed
        ([0.0, 1.0, 3.0], 1.0 - 4.0 / 16.0),
        ([0.0, 0.0, 0.0], 1.0),
        ([0.0, 10.0, 30.0], 1.0 - 40.0 / 16.0),
    ],
)
def test_liu_weisberg_by_hand(separation_m: list[float], score: float) -> None:
    assert liu_weisberg(np.array(separation_m), X_M, Y_M) == pytest.approx(score)


def test_liu_weisberg_of_a_drifter_at_rest_is_undefined() -> None:
    assert np.isnan(liu_weisberg(np.ones(3), np.zeros(3), np.zeros(3)))


def cloud(x_m: np.ndarray, y_m: np.ndarray) -> DriftEnsemble:
    count = x_m.size
    zeros = np.zeros(count, np.int16)
    at_s = np.array([AT.timestamp()])
    return DriftEnsemble(
        frame=LocalFrame(-65.0, 48.0),
        times_s=at_s,
        x_m=x_m[:, None].astype(np.float32),
        y_m=y_m[:, None].astype(np.float32),
        status=np.zeros((count, 1), np.uint8),
        weight=np.full(count, 1.0 / count),
        scenario=zeros,
        object_type=zeros,
        released_s=np.full(count, at_s[0]),
        scenario_names=("a",),
        object_types=("a",),
        member=zeros,
        member_names=("a",),
        in_water_from_s=np.full(count, np.nan),
    )


def bent(count: int, generator: np.random.Generator, spread: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A crescent, far from normal, in metres."""
    along = spread * generator.standard_normal(count)
    across = spread * generator.standard_normal(count)
    return 6000.0 * along, 2000.0 * across + 2500.0 * along**2


def map_of(x_m: np.ndarray, y_m: np.ndarray) -> ProbabilityMap:
    return map_probability(cloud(x_m, y_m), AT, AT)


def hand_made(poc: list[list[float]]) -> ProbabilityMap:
    density = map_of(*bent(50, np.random.default_rng(0)))
    return replace(density, x0_m=0.0, y0_m=0.0, spacing_m=10.0, poc=np.array(poc))


def test_the_level_reached_is_the_probability_of_denser_cells() -> None:
    density = hand_made([[0.1, 0.4], [0.2, 0.3]])
    assert level_reached(density, 15.0, 5.0) == 0.0
    assert level_reached(density, 15.0, 15.0) == pytest.approx(0.4)
    assert level_reached(density, 5.0, 15.0) == pytest.approx(0.7)
    assert level_reached(density, 5.0, 5.0) == pytest.approx(0.9)
    assert level_reached(density, -1.0, 5.0) == 1.0
    assert contour_areas_m2(density, (0.35, 0.65, 0.95)) == (100.0, 200.0, 400.0)


def test_areas_and_insides_are_those_of_the_contours_of_a_plan() -> None:
    generator = np.random.default_rng(2)
    density = map_of(*bent(5000, generator))
    drawn = contours(density)
    assert contour_areas_m2(density, LEVELS) == pytest.approx([found.area_m2 for found in drawn])


def held_fracs(truth_spread: float) -> list[float]:
    """Share of 4,000 fresh draws inside the contours of 20 clouds of 5,000."""
    levels = []
    for number in range(20):
        generator = np.random.default_rng(100 + number)
        density = map_of(*bent(5000, generator))
        x_m, y_m = bent(200, generator, truth_spread)
        levels += [level_reached(density, x, y) for x, y in zip(x_m, y_m, strict=True)]
    return [float(np.mean(np.array(levels) < level)) for level in LEVELS]


def test_contours_hold_what_they_promise_of_their_own_cloud() -> None:
    """Four standard errors and a point for the smoothing: a false alarm in less than 1 of 4,000 seeds."""
    for level, held in zip(LEVELS, held_fracs(1.0), strict=True):
        assert held == pytest.approx(level, abs=4.0 * np.sqrt(level * (1.0 - level) / 4000.0) + 0.01)


def test_contours_of_a_wrong_cloud_do_not() -> None:
    for level, held in zip(LEVELS, held_fracs(1.5), strict=True):
        assert held < level - 0.05
