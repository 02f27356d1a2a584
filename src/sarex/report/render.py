"""One self-contained page from a plan: no external request, nothing to install, prints on A4."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment as Templates

from sarex import __version__
from sarex.case.model import Case
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.probability.datum import datum_track
from sarex.probability.map import Contour, ProbabilityMap
from sarex.report import words
from sarex.report.abbreviations import ABBREVIATIONS
from sarex.report.assumptions import assumptions, left_out
from sarex.report.attention import points_of_attention, violations_told
from sarex.report.beacon_images import images_on_land
from sarex.report.found_by import OBJECTIVES, found_by_chart
from sarex.report.history import SearchRecordSummary
from sarex.report.objects import object_sections
from sarex.report.origins_on_map import origin_legend
from sarex.report.quality import quality_bars
from sarex.report.sea_map import UNIT_COLOURS, MapContent, detail_map, overview_map
from sarex.report.sections import (
    advice_sentences,
    bin_rows,
    danger_sentences,
    look_sentences,
    shoal_sentences,
    source_rows,
    task_rows,
)
from sarex.report.situation import forcing_ages, situation
from sarex.report.survival import outcome_words
from sarex.report.templating import page_templates
from sarex.safety import Advice, RuleCheck
from sarex.tasking.model import SearchActionPlan


def render_report(  # noqa: PLR0917 - the page shows all of these, and no object holds them together
    case: Case,
    environment: Environment,
    ensemble: DriftEnsemble,
    action_plan: SearchActionPlan,
    rules: Sequence[RuleCheck],
    maps: Sequence[ProbabilityMap],
    contours: Sequence[Contour],
    history: Sequence[SearchRecordSummary] = (),
    advice: Sequence[Advice] = (),
) -> str:
    """The whole report as HTML. The contours are those of the middle of the search window."""
    middle = action_plan.window_start + (action_plan.window_end - action_plan.window_start) / 2
    datum = datum_track(ensemble, (action_plan.window_start, middle, action_plan.window_end))
    middle_datum = datum[len(datum) // 2].position if datum else None
    content = MapContent(case, environment, ensemble, action_plan, contours, datum, middle)
    detail = detail_map(content)
    on_land = images_on_land(case, environment, ensemble)
    template = _templates().get_template("report.html.j2")
    return template.render(
        mark=case.mark,
        exercise=case.exercise,
        synthetic=environment.synthetic,
        case=case,
        action_plan=action_plan,
        window=words.span(action_plan.window_start, action_plan.window_end),
        computed_at=max((belief.computed_at for belief in maps), default=None),
        valid_at=middle,
        datum=[(point.at, point.position) for point in datum],
        dangers=danger_sentences(case),
        shoals=shoal_sentences(case),
        looks=look_sentences(action_plan, ensemble.undetected),
        version=__version__,
        forcing=forcing_ages(environment.sources, action_plan.window_start),
        situation=situation(case, ensemble, action_plan, history, on_land),
        attention=points_of_attention(environment, action_plan, rules, maps, middle_datum),
        bars=quality_bars(action_plan.quality, ensemble.undetected),
        made_for=OBJECTIVES[action_plan.objective],
        outcome=_outcome_words(action_plan, ensemble.undetected),
        found_by=found_by_chart(action_plan, ensemble.undetected),
        tasks=task_rows(action_plan, UNIT_COLOURS, ensemble.undetected),
        maps=[drawn for drawn in (detail, overview_map(content, detail)) if drawn is not None],
        contours=contours,
        bin_times=[belief.valid_at for belief in sorted(maps, key=lambda belief: belief.valid_at)],
        bins=bin_rows(maps),
        objects=object_sections(ensemble, action_plan.tasks),
        sources=source_rows(environment.sources, action_plan.window_start, case.forcing.members),
        origin_legend=origin_legend(case),
        assumed=assumptions(case, environment, ensemble, action_plan, on_land),
        left_out=left_out(environment, action_plan),
        rules=rules,
        advice=advice_sentences(advice),
        abbreviations=ABBREVIATIONS,
        history=history,
    )


def _outcome_words(action_plan: SearchActionPlan, undetected: float) -> tuple[str, ...]:
    return () if action_plan.outcome is None else outcome_words(action_plan.outcome, undetected)


@cache
def _templates() -> Templates:
    templates = page_templates()
    templates.filters.update(
        percent=words.percent,
        position=words.degrees_minutes,
        date_and_time=words.date_and_time,
        span_words=words.span,
        square_miles=words.square_miles,
        feet=words.feet,
        joined=words.joined,
        violations_told=violations_told,
    )
    templates.globals.update(span=words.span)
    return templates
