"""Known error parameters are found again, and a group that was not asked is judged with them."""

import numpy as np
import pytest

from sarex.validation.cross_validation import PUBLISHED, _Misses, cross_validate
from sarex.validation.model import Score, Skill

HOUR_S = 3600.0


def score(miss_m: float, horizon_h: int, speed_mps: float, number: int) -> Score:
    skill = Skill(miss_m, 0.0)
    kind, launched_s = ("a", "b", "c")[number % 3], 86400.0 * (number % 30)
    speeds = (speed_mps,) * (horizon_h + 1)
    return Score(
        "m", f"d{number}", kind, launched_s, horizon_h, 0.5, (1.0,) * 4, 1e4, skill, skill, skill, speeds
    )


def variance_m2(sigma_mps: float, memory_s: float, time_s: float) -> float:
    """Of the sum of an Ornstein-Uhlenbeck velocity: 2 s^2 T^2 (t/T - 1 + exp(-t/T)), Taylor (1921)."""
    ratio = time_s / memory_s
    return 2.0 * (sigma_mps * memory_s) ** 2 * (ratio - 1.0 + np.exp(-ratio))


@pytest.mark.parametrize("horizon_h", [6, 24, 48])
def test_the_variance_is_taylors(horizon_h: int) -> None:
    misses = _Misses([score(1000.0, horizon_h, 0.5, 0)])
    sigma_mps = np.hypot(0.2, 0.4 * 0.5)
    expected = variance_m2(sigma_mps, 10 * HOUR_S, horizon_h * HOUR_S) + (50.0 / 1.1774) ** 2
    assert misses.variance_m2((0.2, 0.4, 10 * HOUR_S))[0] == pytest.approx(expected, rel=2e-3)


def made_scores(sigma_mps: float, growth: float, memory_h: float) -> list[Score]:
    generator = np.random.default_rng(4)
    scores = []
    for number in range(2000):
        speed, horizon_h = generator.uniform(0.0, 1.2), (6, 12, 24, 48)[number % 4]
        variance = variance_m2(np.hypot(sigma_mps, growth * speed), memory_h * HOUR_S, horizon_h * HOUR_S)
        miss = np.sqrt(variance) * np.hypot(*generator.standard_normal(2))
        scores.append(score(float(miss), horizon_h, speed, number))
    return scores


def test_known_parameters_are_found_again() -> None:
    by_kind, by_day = cross_validate(made_scores(0.25, 0.5, 12.0))
    for found in (by_kind, by_day):
        assert found.everything == pytest.approx((0.25, 0.5, 12.0 * HOUR_S), rel=0.15)
    assert len(by_kind.folds) == 3
    assert len(by_day.folds) == 5


def test_what_was_held_out_is_held_as_promised_and_better_than_by_other_parameters() -> None:
    by_kind, _ = cross_validate(made_scores(0.25, 0.5, 12.0))
    for fitted in by_kind.fitted:
        assert fitted.launches == 500
        # four standard errors of 500
        assert fitted.held_frac == pytest.approx((0.5, 0.75, 0.9, 0.95), abs=0.09)
    log_scores = [np.mean([row.log_score for row in rows]) for rows in (by_kind.fitted, by_kind.published)]
    assert log_scores[0] < log_scores[1]


def test_one_group_only_cannot_be_cross_validated() -> None:
    scores = [score(1000.0, 24, 0.3, 0), score(2000.0, 24, 0.3, 0)]
    assert cross_validate(scores) == ()
    assert pytest.approx((0.176, 0.407, 25.7 * HOUR_S)) == PUBLISHED
