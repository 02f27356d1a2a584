"""What the report says of survivors: the figure, its model and how well that is verified."""

from dataclasses import replace

import numpy as np

from sarex.detection.survival import SurvivalModel, Verification
from sarex.planning.model import AliveFigure, Outcome
from sarex.report.survival import outcome_words

OUTCOME = Outcome(
    pos=0.6,
    alive=(
        AliveFigure(SurvivalModel.UK_SURVEY, Verification.SURVEY, 0.42, ("The survey ends somewhere.",)),
        AliveFigure(SurvivalModel.HAYWARD, Verification.MEASURED, 0.3, ()),
        AliveFigure(SurvivalModel.XU_GIESBRECHT, Verification.SECOND_HAND, 0.36, ()),
    ),
    times_s=np.array([0.0, 600.0]),
    found_by=np.array([0.0, 0.6]),
    median_time_s=4500.0,
    mean_time_s=5400.0,
    anybody_in_water=True,
)


def words(outcome: Outcome, undetected: float = 1.0) -> str:
    return " ".join(outcome_words(outcome, undetected)).replace("\u00a0", " ")


def test_both_figures_with_model_and_flag() -> None:
    text = words(OUTCOME)
    assert (
        "alive: 42 % by UK immersion survey 2006 (from a survey of incidents), beside a POS of 60 %" in text
    )
    assert "30 % by Hayward 1975 (measured on volunteers)" in text
    assert "36 % by Xu and Giesbrecht 2018, as quoted (second-hand, not verified)" in text
    assert "The survey ends somewhere." in text
    assert "within 1 h 15 min" in text
    assert "after 1 h 30 min" in text


def test_figures_are_told_out_of_what_is_still_undetected() -> None:
    assert "alive: 84 %" in words(replace(OUTCOME, pos=0.45), undetected=0.5)


def test_an_unknown_temperature_is_told_with_the_remedy() -> None:
    text = words(replace(OUTCOME, alive=()))
    assert "Give water_temperature_c under [conditions]" in text
    assert "alive:" not in text


def test_nobody_in_the_water() -> None:
    assert "Found alive: 60 %" in words(replace(OUTCOME, anybody_in_water=False))


def test_nothing_found() -> None:
    nothing = replace(OUTCOME, pos=0.0, median_time_s=None, mean_time_s=None)
    assert words(nothing).startswith("The plan finds nothing.")
