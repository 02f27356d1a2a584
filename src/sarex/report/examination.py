"""The examination on one page: the verdict, diagrams and figures; no external request."""

from datetime import datetime
from functools import cache
from math import isnan

from jinja2 import Environment as Templates

from sarex import __version__
from sarex.exercise.examination.bands import CONFIDENCE, DRAWS, Share
from sarex.exercise.examination.model import Forecaster
from sarex.exercise.examination.rows import Plan
from sarex.exercise.examination.scores import ALL, FIRST, SECOND, Figures
from sarex.exercise.examination.verdict import ENOUGH, FALSE_ALARM, TOLERATED, WITHIN, Verdict
from sarex.report.examination_diagrams import (
    containment_diagram,
    rank_diagram,
    reliability_diagram,
    time_diagram,
)
from sarex.report.templating import page_templates
from sarex.report.words import counted

FORECASTERS = {
    Forecaster.HOUSE: "Sarex as it is",
    Forecaster.OVERCONFIDENT: (
        "a deliberately wrong forecaster, who takes the errors of current and wind to be a third of what "
        "they are"
    ),
    Forecaster.BIASED: (
        "a deliberately wrong forecaster, whose current is 0.35 m/s off everywhere, in a direction drawn for "
        "each case"
    ),
}


def render_examination(plan: Plan, figures: Figures, verdict: Verdict, computed_at: datetime) -> str:
    """The page as HTML."""
    first = [found for found in figures.containment if found.group == FIRST]
    return (
        _templates()
        .get_template("examination.html.j2")
        .render(
            plan=plan,
            figures=figures,
            verdict=verdict,
            computed_at=computed_at,
            version=__version__,
            who=FORECASTERS[plan.forecaster],
            house=plan.forecaster is Forecaster.HOUSE,
            everything=figures.of(ALL),
            first=figures.of(FIRST),
            reliability=reliability_diagram([figures.of(name) for name in (FIRST, SECOND, ALL)]),
            contours=containment_diagram(first),
            ranks=rank_diagram(first),
            times=time_diagram(figures.timing),
            confidence=CONFIDENCE,
            draws=DRAWS,
            false_alarm=FALSE_ALARM,
            tolerated=TOLERATED,
            within=WITHIN,
            enough=ENOUGH,
            few=is_small(verdict),
            size=size_told(figures, verdict),
        )
    )


def is_small(verdict: Verdict) -> bool:
    """Whether forecasters who are farther off than the aim still pass."""
    return not verdict.passes_half <= WITHIN


def size_told(figures: Figures, verdict: Verdict) -> str:
    """How far off a forecaster could be and still pass an examination of this size."""
    cases = counted(figures.cases, "case")
    if isnan(verdict.passes_half):
        return f"Nothing was put to the test in {cases}: this says nothing of the forecaster."
    off = f"{100.0 * min(verdict.passes_half, 1.0):.1f}"
    said = f"With {cases} a forecaster whose every promise is {off} points off still passes every other time."
    if not is_small(verdict):
        return said
    needed = counted(verdict.cases_needed, "case")
    return f"{said} About {needed} are needed to tell one who is {100.0 * WITHIN:.0f} points off."


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{100.0 * value:.1f}"


def _points(value: float) -> str:
    return "–" if isnan(value) else f"{100.0 * value:+.1f}".replace("-", "−")


def _score(value: float) -> str:
    return "–" if isnan(value) else f"{value:.4f}"


def _band(found: Share) -> str:
    return f"{100.0 * found.low:.1f} to {100.0 * found.high:.1f}" if found.of else "–"


@cache
def _templates() -> Templates:
    templates = page_templates()
    templates.filters.update(percent=_percent, points=_points, band=_band, score=_score)
    return templates
