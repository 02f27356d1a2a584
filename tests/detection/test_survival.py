"""The published times, and that a person never gains from colder water or a longer wait."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import lognorm

from sarex.detection.survival import (
    MODELS,
    SurvivalAssumptions,
    SurvivalModel,
    Verification,
    Wear,
    model_time_s,
    survival_curve,
    wear_of,
)

TEXT = files("sarex.tables").joinpath("data", "survival_models.csv").read_text("utf-8")
ROWS = list(csv.DictReader(line for line in TEXT.splitlines() if not line.startswith("#")))
SECONDS = {"min": 60.0, "h": 3600.0}
MODEL_OF = {
    "Hayward 1975": SurvivalModel.HAYWARD,
    "Xu & Giesbrecht 2018 maximal curve": SurvivalModel.XU_GIESBRECHT,
    "UKNIIS 2006 (N=1593)": SurvivalModel.UK_SURVEY,
}
PUBLISHED = [row for row in ROWS if row["model"] in MODEL_OF]
TEMPERATURES = st.floats(-2.0, 40.0)
WEARS = st.sampled_from(Wear)
MODEL = st.sampled_from(SurvivalModel)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['model']} {row['water_temp_C']} C")
def test_every_published_time(row: dict[str, str]) -> None:
    """To the last published digit: 0.1 min, 0.01 h, 0.1 h."""
    worn = "aid worn" in row["meaning"]
    time_s = model_time_s(
        MODEL_OF[row["model"]], float(row["water_temp_C"]), Wear.FLOTATION if worn else Wear.NOTHING_KNOWN
    )
    value = row["value"].removeprefix(">")
    half_a_digit = 0.501 * 10.0 ** -len(value.partition(".")[2])
    assert time_s / SECONDS[row["unit"]] == pytest.approx(float(value), abs=half_a_digit)


def test_the_table_holds_all_of_them() -> None:
    assert len(PUBLISHED) == 9 + 5 + 6


@pytest.mark.parametrize(
    ("temperature_degc", "hours"), [(5.0, 3.6), (10.0, 5.7), (15.0, 9.0)], ids=["5 C", "10 C", "15 C"]
)
def test_half_of_all_live_at_the_survey_s_time(temperature_degc: float, hours: float) -> None:
    curve = survival_curve(SurvivalModel.UK_SURVEY, temperature_degc)
    assert curve.alive_frac(hours * 3600.0) == pytest.approx(0.5, abs=1e-9)


def test_half_of_those_who_outlive_the_shock_live_at_hayward_s_time() -> None:
    """132.1 min at 5 C; 30 % have died of cold shock."""
    curve = survival_curve(SurvivalModel.HAYWARD, 5.0)
    assert curve.alive_frac(60.0 * (15.0 + 7.2 / 0.0615)) == pytest.approx(0.35, abs=1e-6)


def test_one_in_twenty_of_them_reaches_the_quoted_limit() -> None:
    curve = survival_curve(SurvivalModel.XU_GIESBRECHT, 10.0)
    assert curve.alive_frac(3600.0 * (5.47 + 5.048 + 1.3604)) == pytest.approx(0.7 * 0.05, abs=1e-9)


def test_sixty_percent_of_the_deaths_by_the_survey_s_time_are_early() -> None:
    curve = survival_curve(SurvivalModel.UK_SURVEY, 10.0)
    dead_by_half_an_hour, dead = 1.0 - curve.alive_frac([1800.0, 5.7 * 3600.0])
    assert dead_by_half_an_hour / dead == pytest.approx(0.6, abs=0.01)


def test_the_formula_is_capped_before_its_pole() -> None:
    """It is infinite at 23.1 C and negative beyond."""
    at_cap = model_time_s(SurvivalModel.HAYWARD, 20.0)
    assert model_time_s(SurvivalModel.HAYWARD, 23.0) == at_cap
    assert model_time_s(SurvivalModel.HAYWARD, 35.0) == at_cap
    assert any("ends at 20 C" in text for text in survival_curve(SurvivalModel.HAYWARD, 23.0).remarks)


def test_each_model_says_how_well_it_is_verified() -> None:
    assert {model.name: facts.verification for model, facts in MODELS.items()} == {
        "UK_SURVEY": Verification.SURVEY,
        "HAYWARD": Verification.MEASURED,
        "XU_GIESBRECHT": Verification.SECOND_HAND,
    }


@given(MODEL, TEMPERATURES, WEARS, st.lists(st.floats(0.0, 1e6), min_size=2, max_size=8))
def test_nobody_comes_back_to_life(model, temperature_degc, wear, times_s) -> None:
    alive = survival_curve(model, temperature_degc, wear).alive_frac(sorted(times_s))
    assert ((alive >= 0.0) & (alive <= 1.0)).all()
    assert (np.diff(alive) <= 1e-12).all()


@given(MODEL, WEARS, TEMPERATURES, TEMPERATURES, st.floats(0.0, 1e6))
def test_warmer_water_never_kills_sooner(model, wear, first_degc, second_degc, time_s) -> None:
    cold, warm = sorted((first_degc, second_degc))
    colder, warmer = (survival_curve(model, degc, wear).alive_frac(time_s) for degc in (cold, warm))
    assert colder <= warmer + 1e-12


@given(TEMPERATURES, st.floats(0.0, 1e6))
def test_floating_never_kills_sooner(temperature_degc, time_s) -> None:
    curves = (
        survival_curve(SurvivalModel.UK_SURVEY, temperature_degc, wear)
        for wear in (Wear.NOBODY_LIVES, Wear.NOTHING_KNOWN, Wear.FLOTATION)
    )
    dead, without, with_device = (curve.alive_frac(time_s) for curve in curves)
    assert dead <= without <= with_device + 1e-12


@given(MODEL, TEMPERATURES, st.floats(1.0, 3e5))
def test_the_kernel_against_scipy(model, temperature_degc, time_s) -> None:
    curve = survival_curve(model, temperature_degc)
    late = lognorm.sf(time_s, curve.spread_log, scale=curve.median_s)
    early = np.exp(-time_s / curve.early_mean_s)
    expected = (1.0 - curve.early_frac) * late + curve.early_frac * early
    assert curve.alive_frac(time_s) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_who_is_not_in_the_water_lives() -> None:
    curve = survival_curve(SurvivalModel.HAYWARD, 5.0)
    assert curve.alive_frac([np.nan, -10.0, 0.0]).tolist() == [1.0, 1.0, 1.0]


def test_other_assumptions_can_be_made() -> None:
    """Without cold shock and with hardly any spread the model's time is a step."""
    sharp = SurvivalAssumptions(spread_log=0.01, early_share_of_deaths=0.0)
    curve = survival_curve(SurvivalModel.HAYWARD, 5.0, assumptions=sharp)
    assert curve.alive_frac(60.0 * np.array([120.0, 145.0])) == pytest.approx([1.0, 0.0], abs=1e-6)


@pytest.mark.parametrize(
    ("type_key", "worn", "wear"),
    [
        ("PIW-1", False, Wear.NOTHING_KNOWN),
        ("PIW-1", True, Wear.FLOTATION),
        ("PIW-2", False, Wear.FLOTATION),
        ("PIW-4", False, Wear.SUIT),
        ("PIW-6", True, Wear.NOBODY_LIVES),
        ("SKIFF-2", False, Wear.NOTHING_KNOWN),
    ],
)
def test_what_a_person_wears(type_key: str, worn: bool, wear: Wear) -> None:
    assert wear_of(type_key, flotation_device_worn=worn) is wear


def test_what_lies_outside_a_model_is_told() -> None:
    below = survival_curve(SurvivalModel.UK_SURVEY, 2.0).remarks
    assert any("begins at 5 C" in text for text in below)
    suit = survival_curve(SurvivalModel.HAYWARD, 10.0, Wear.SUIT).remarks
    assert any("survival suits" in text for text in suit)
    lifejacket = survival_curve(SurvivalModel.HAYWARD, 10.0).remarks
    assert any("lifejacket" in text for text in lifejacket)
    assert survival_curve(SurvivalModel.UK_SURVEY, 10.0).remarks == ()
