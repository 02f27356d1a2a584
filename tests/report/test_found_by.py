"""When it is found, what the plan was made for, and advice, on the page."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import builders
from sarex.case.model import Objective
from sarex.detection.survival import SurvivalModel, Verification
from sarex.planning.model import AliveFigure, Outcome
from sarex.report.found_by import found_by_chart
from sarex.report.render import render_report
from sarex.safety import Advice, Measure

STORY = builders.bergen()
POS = STORY.action_plan.quality.pos
OUTCOME = Outcome(
    pos=POS,
    alive=(AliveFigure(SurvivalModel.UK_SURVEY, Verification.SURVEY, 0.5 * POS, ()),),
    times_s=builders.WINDOW_START.timestamp() + 600.0 * np.arange(37),
    found_by=POS * np.arange(37) / 36.0,
    median_time_s=10_800.0,
    mean_time_s=10_800.0,
    anybody_in_water=True,
)


def page(outcome: Outcome | None = OUTCOME, objective: Objective = Objective.POS, advice=()) -> str:
    plan = replace(STORY.action_plan, outcome=outcome, objective=objective)
    parts = (STORY.rules, STORY.maps, STORY.contours)
    given = replace(STORY.case, conditions=replace(STORY.case.conditions, water_temperature_degc=8.0))
    html = render_report(given, STORY.environment, STORY.ensemble, plan, *parts, advice=advice)
    return re.sub(r"\s+", " ", html.replace("\u00a0", " "))


def test_the_chart_marks_the_hours_and_ends_at_the_pos() -> None:
    plan = replace(STORY.action_plan, outcome=OUTCOME)
    chart = found_by_chart(plan, 1.0)
    assert chart is not None
    assert [mark.time for mark in chart.marks] == ["13:00", "14:00", "15:00", "16:00", "17:00", "18:00"]
    heights = [chart.foot_px - mark.y_px for mark in chart.marks]
    assert heights == pytest.approx([heights[0] * hour for hour in range(1, 7)])
    assert np.diff([mark.x_px for mark in chart.marks]) == pytest.approx(
        np.full(5, chart.marks[1].x_px - chart.marks[0].x_px)
    )


def test_a_long_window_has_few_marks() -> None:
    plan = replace(STORY.action_plan, outcome=OUTCOME, window_end=builders.WINDOW_START + timedelta(hours=47))
    chart = found_by_chart(plan, 1.0)
    assert chart is not None
    assert len(chart.marks) <= 9


def test_nothing_found_or_nothing_reckoned_has_no_chart() -> None:
    nothing = replace(OUTCOME, pos=0.0, found_by=np.zeros(37), median_time_s=None, mean_time_s=None, alive=())
    for outcome in (None, nothing):
        assert found_by_chart(replace(STORY.action_plan, outcome=outcome), 1.0) is None
    assert "When it is found" not in page(None)
    assert "The plan finds nothing." in page(nothing)


def test_the_page_says_when_who_lives_and_what_that_rests_on() -> None:
    text = page()
    assert "When it is found, and who then lives" in text
    assert "within 3 h 00 min of the start" in text
    assert "by UK immersion survey 2006 (from a survey of incidents)" in text
    assert "UK immersion survey 2006, water of 8 °C as the case gives it." in text


@pytest.mark.parametrize(
    ("objective", "says"),
    [(Objective.ALIVE, "made to find people alive"), (Objective.SOONEST, "made to find soon")],
)
def test_another_objective_than_pos_is_told(objective: Objective, says: str) -> None:
    assert says in page(objective=objective)
    assert "not for the largest POS" not in page()


def test_advice_beyond_five_is_folded_away() -> None:
    def advice(number: int) -> list[Advice]:
        where = builders.WINDOW_START, STORY.action_plan.tasks[0].commence_search_point
        return [
            Advice("near", ("A", f"B{k}"), *where, "pass near each other", 900.0, Measure.METRES)
            for k in range(number)
        ]

    few, many = page(advice=advice(2)), page(advice=advice(7))
    assert "A and B1: pass near each other (16 Nov 2015 12:00 UTC," in few
    assert "more</summary>" not in few
    assert "2 more</summary>" in many
    assert many.index("B4: pass") < many.index("2 more</summary>") < many.index("B5: pass")
    assert "Advice –" not in page()
