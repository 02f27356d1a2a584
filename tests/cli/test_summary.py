"""What the command line says when a plan is done, beside its POS."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import builders
from sarex.case.model import Objective
from sarex.cli.results import Outcome
from sarex.cli.summary import print_summary
from sarex.detection.survival import SurvivalModel, Verification
from sarex.planning import Belief
from sarex.planning.model import AliveFigure
from sarex.planning.model import Outcome as Found
from sarex.safety import Advice, Measure

STORY = builders.bergen()
FOUND = Found(
    pos=0.6,
    alive=(AliveFigure(SurvivalModel.UK_SURVEY, Verification.SURVEY, 0.42, ()),),
    times_s=builders.WINDOW_START.timestamp() + np.array([0.0, 21_600.0]),
    found_by=np.array([0.0, 0.6]),
    median_time_s=9000.0,
    mean_time_s=9600.0,
    anybody_in_water=True,
)


def said(found: Found | None, advice: int = 0, objective: Objective = Objective.POS) -> str:
    where = builders.WINDOW_START, STORY.action_plan.tasks[0].commence_search_point
    pieces = [
        Advice("near", ("A", f"B{k}"), *where, "pass near each other", 900.0, Measure.METRES)
        for k in range(advice)
    ]
    ensemble = replace(STORY.ensemble, weight=STORY.ensemble.weight / STORY.ensemble.weight.sum())
    outcome = Outcome(
        case=STORY.case,
        environment=STORY.environment,
        belief=Belief(ensemble, ensemble),
        history=(),
        maps=STORY.maps,
        contours=STORY.contours,
        action_plan=replace(STORY.action_plan, outcome=found, objective=objective),
        rules=STORY.rules,
        computed_at=builders.COMPUTED_AT,
        advice=tuple(pieces),
    )
    console = Console(file=io.StringIO(), width=400)
    print_summary(outcome, Path("first"), console)
    return console.file.getvalue().replace("\u00a0", " ")


def test_when_and_who_lives_in_one_line() -> None:
    line = (
        "If found, as likely as not within 2 h 30 min; found alive 42.0% (UK immersion survey 2006, survey)."
    )
    assert line in said(FOUND)
    assert "within 2 h 30 min." in said(replace(FOUND, alive=()))
    assert "The plan finds nothing." in said(replace(FOUND, pos=0.0, median_time_s=None, mean_time_s=None))


@pytest.mark.parametrize("objective", [Objective.ALIVE, Objective.SOONEST])
def test_another_objective_is_told(objective: Objective) -> None:
    assert "not for the largest POS" in said(FOUND, objective=objective)
    assert "not for the largest POS" not in said(FOUND)


def test_little_advice_is_told_and_much_is_counted() -> None:
    assert "Advice: A and B0 pass near each other (12:00 " in said(FOUND, advice=1)
    many = said(FOUND, advice=5)
    assert many.count("Advice: ") == 3
    assert "and 2 pieces of advice more, in the report" in many
