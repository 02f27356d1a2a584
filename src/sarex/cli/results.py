"""From a case to a folder of results: the story of `mission`, step by step, and everything written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from sarex import mission
from sarex.case.model import Case
from sarex.cli.history import Search, begins_s, replay
from sarex.cli.mission_file import write_mission
from sarex.cli.progress import progress_on
from sarex.clock import from_posix_s
from sarex.environment.model import Environment
from sarex.exchange.chart import Chart
from sarex.exchange.drift_nc import write_drift
from sarex.exchange.folder import whole_folder
from sarex.exchange.geojson import plan_to_geojson
from sarex.exchange.gpx import plan_to_gpx
from sarex.exchange.kml import plan_to_kml
from sarex.exchange.plan_json import plan_to_json
from sarex.exchange.probability_nc import write_probability
from sarex.planning import Belief, Effort, SearchPlan
from sarex.probability import Contour, ProbabilityMap, contours, datum_track, map_probability
from sarex.report.history import SearchRecordSummary
from sarex.report.objects import object_name
from sarex.report.render import render_report
from sarex.safety import Advice, RuleCheck
from sarex.tasking import SearchActionPlan


@dataclass(frozen=True)
class Outcome:
    """Everything that a run computed."""

    case: Case
    environment: Environment
    belief: Belief
    history: tuple[SearchRecordSummary, ...]
    maps: tuple[ProbabilityMap, ...]
    contours: tuple[Contour, ...]
    """In the middle of the search window."""
    action_plan: SearchActionPlan | None
    rules: tuple[RuleCheck, ...]
    computed_at: datetime
    advice: tuple[Advice, ...] = ()


Planner = Callable[[Case, Environment, Belief, Effort, Callable[[float], None]], SearchPlan]


def compute(
    case: Case,
    searches: Sequence[Search],
    effort: Effort | None,
    console: Console,
    planner: Planner = mission.plan_search,
) -> Outcome:
    """Tell the story of `mission`; without an effort it ends at the drift."""
    computed_at = datetime.now(UTC).replace(microsecond=0)
    with progress_on(console) as progress:
        step = progress.add_task("reading wind, current and coast", total=None)
        environment = mission.gather_environment(case)
        progress.update(step, description="drifting the search objects")
        first = begins_s(searches)
        belief = mission.drift_objects(case, environment, None if first is None else from_posix_s(first))
        belief, history = replay(case, environment, belief, searches)
        instants = case.window.instants
        maps = tuple(map_probability(belief.reported, at, computed_at) for at in instants)
        action_plan: SearchActionPlan | None = None
        rules: tuple[RuleCheck, ...] = ()
        advice: tuple[Advice, ...] = ()
        if effort is not None:
            progress.update(step, description="planning the search", total=1.0, completed=0.0)
            plan = planner(
                case, environment, belief, effort, lambda done: progress.update(step, completed=done)
            )
            plan = mission.explain_plan(case, environment, belief, plan, object_name)
            action_plan = mission.issue_tasks(case, environment, plan)
            rules, advice = mission.review_plan(case, environment, action_plan)
    seen = contours(maps[1])
    return Outcome(case, environment, belief, history, maps, seen, action_plan, rules, computed_at, advice)


def write(outcome: Outcome, out: Path, searches: Sequence[Search]) -> None:
    """Write the folder: whole, or not at all."""
    with whole_folder(out) as folder:
        write_mission(folder, outcome.case, [search.text for search in searches])
        write_drift(folder / "drift.nc", outcome.case, outcome.environment, outcome.belief.reported)
        write_probability(folder / "probability.nc", outcome.case, outcome.maps)
        if outcome.action_plan is not None:
            for name, text in _plan_files(outcome, outcome.action_plan).items():
                (folder / name).write_text(text, encoding="utf-8")


def _plan_files(outcome: Outcome, action_plan: SearchActionPlan) -> dict[str, str]:
    chart = Chart(
        case=outcome.case,
        action_plan=action_plan,
        contours=outcome.contours,
        contours_valid_at=outcome.maps[1].valid_at,
        datum=datum_track(outcome.belief.reported, [probability.valid_at for probability in outcome.maps]),
        computed_at=outcome.computed_at,
        synthetic=outcome.environment.synthetic,
    )
    return {
        "plan.json": plan_to_json(
            action_plan,
            outcome.rules,
            outcome.computed_at,
            synthetic=outcome.environment.synthetic,
            advice=outcome.advice,
        ),
        "plan.geojson": plan_to_geojson(chart),
        "plan.kml": plan_to_kml(chart),
        "plan.gpx": plan_to_gpx(chart),
        "report.html": render_report(
            outcome.case,
            outcome.environment,
            outcome.belief.reported,
            action_plan,
            outcome.rules,
            outcome.maps,
            outcome.contours,
            outcome.history,
            outcome.advice,
        ),
    }
