"""What `plan.json` says beside the POS: when it finds, who then lives, rules with places, advice."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import builders
from sarex.case.model import Objective, Position
from sarex.detection.survival import SurvivalModel, Verification
from sarex.exchange.plan_json import plan_to_mapping
from sarex.planning.model import AliveFigure, Outcome
from sarex.safety import Advice, Measure, RuleCheck, Violation

START_S = builders.WINDOW_START.timestamp()
HALF_FOUND_BY_THREE = Outcome(
    pos=0.6,
    alive=(
        AliveFigure(SurvivalModel.UK_SURVEY, Verification.SURVEY, 0.42, ("It ends at 15 C.",)),
        AliveFigure(SurvivalModel.HAYWARD, Verification.MEASURED, 0.3, ()),
    ),
    times_s=START_S + 600.0 * np.arange(37),
    found_by=0.6 * np.arange(37) / 36.0,
    median_time_s=10_800.0,
    mean_time_s=10_800.0,
    anybody_in_water=True,
)


def mapping(outcome: Outcome | None, rules=(), advice=(), objective=Objective.POS):
    plan = replace(builders.bergen().action_plan, outcome=outcome, objective=objective)
    return plan_to_mapping(plan, rules, builders.COMPUTED_AT, synthetic=False, advice=advice)


def test_found_by_at_every_hour_and_the_end() -> None:
    told = mapping(HALF_FOUND_BY_THREE)["outcome"]
    hours = [builders.WINDOW_START + timedelta(hours=hour) for hour in range(1, 7)]
    assert told["found_by"] == [
        [f"{hour:%Y-%m-%dT%H:%M:%SZ}", pytest.approx(0.1 * number)] for number, hour in enumerate(hours, 1)
    ]
    assert (told["median_minutes"], told["mean_minutes"]) == (180.0, 180.0)


def test_who_lives_by_each_model_with_its_flag() -> None:
    first, second = mapping(HALF_FOUND_BY_THREE)["outcome"]["pos_alive"]
    assert first == {
        "model": "UK immersion survey 2006",
        "verification": "survey",
        "probability": 0.42,
        "remarks": ["It ends at 15 C."],
    }
    assert (second["verification"], second["probability"]) == ("measured", 0.3)


def test_an_unknown_temperature_is_null_with_the_remedy() -> None:
    told = mapping(replace(HALF_FOUND_BY_THREE, alive=()))["outcome"]
    assert told["pos_alive"] is None
    assert "water_temperature_c" in told["pos_alive_missing"]


def test_a_plan_that_was_not_reckoned_or_finds_nothing() -> None:
    assert mapping(None)["outcome"] is None
    nothing = replace(
        HALF_FOUND_BY_THREE, pos=0.0, found_by=np.zeros(37), median_time_s=None, mean_time_s=None
    )
    told = mapping(nothing)["outcome"]
    assert (told["median_minutes"], told["mean_minutes"]) == (None, None)
    assert told["found_by"][-1][1] == 0.0


@pytest.mark.parametrize("objective", list(Objective))
def test_the_objective(objective: Objective) -> None:
    assert mapping(None, objective=objective)["objective"] == objective.value


def test_violations_and_advice_have_time_and_place() -> None:
    where = builders.WINDOW_START, Position(4.1234567, 59.5)
    broken = Violation("no leg over land", ("Ship",), *where, "crosses an island", 12.0, Measure.METRES)
    rules = (RuleCheck("no leg over land", 1, ("Ship: crosses an island",), (broken,)), RuleCheck("other", 0))
    advice = Advice("near", ("A", "B"), *where, "pass near", 900.0, Measure.METRES)
    told = mapping(None, rules, (advice,))
    assert told["rules_checked"][0] == {
        "rule": "no leg over land",
        "violations": 1,
        "details": ["Ship: crosses an island"],
        "found": [
            {
                "rule": "no leg over land",
                "units": ["Ship"],
                "at": "2015-11-16T12:00:00Z",
                "position": [4.1234567, 59.5],
                "sentence": "crosses an island",
            }
        ],
    }
    assert told["rules_checked"][1]["found"] == []
    assert told["advice"] == [
        {
            "advice": "near",
            "units": ["A", "B"],
            "at": "2015-11-16T12:00:00Z",
            "position": [4.1234567, 59.5],
            "sentence": "pass near",
        }
    ]
