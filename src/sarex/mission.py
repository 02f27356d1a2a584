"""The whole story, as functions from value to value. Start reading here.

    open_case(file)                              -> Case               what is known and who can help
    gather_environment(case)                     -> Environment        wind, current, coast
    drift_objects(case, environment)             -> Belief             weighted trajectories
    map_probability(ensemble, at)                -> ProbabilityMap     a view of the belief at one instant
    plan_search(case, environment, belief)       -> SearchPlan         who searches where, how good that is
    issue_tasks(case, environment, plan)         -> SearchActionPlan   what each crew is told
    check_plan(case, environment, action_plan)   -> RuleCheck, ...     what the plan must keep
    update_belief(belief, result)                -> Belief, Lesson     the same trajectories, new weights

The ensemble is the state of belief; a map is only a view of it. The belief is drawn twice: the planner fits
its plan to one draw, and every promised figure is computed on the other.
"""

from collections.abc import Callable
from datetime import datetime

from sarex import planning, tasking, update
from sarex.case import open_case
from sarex.case.model import Case
from sarex.drift import drift_ensemble
from sarex.drift.reach import case_frame, check_places, coast_box, drift_box, drift_start
from sarex.environment import Environment
from sarex.environment import gather_environment as gather_fields
from sarex.planning import Belief, Effort, SearchPlan
from sarex.probability import contours, map_probability
from sarex.safety import check_plan
from sarex.tasking import SearchActionPlan
from sarex.update import Lesson, SearchResult, next_window

__all__ = [
    "Belief",
    "Effort",
    "check_plan",
    "contours",
    "drift_objects",
    "gather_environment",
    "issue_tasks",
    "map_probability",
    "next_window",
    "open_case",
    "plan_search",
    "update_belief",
]


def gather_environment(case: Case) -> Environment:
    """Wind, current and coast over everywhere the objects may drift until the search ends.

    Raises:
        ForcingError: the forcing cannot be read or does not reach where and when the case needs it.
        CaseError: a position that must be afloat is on land.
    """
    frame = case_frame(case)
    box = drift_box(case, frame)
    coast = coast_box(case, frame, box)
    environment = gather_fields(case, frame, box, coast, drift_start(case), case.window.end)
    check_places(case, environment)
    return environment


def drift_objects(case: Case, environment: Environment) -> Belief:
    """Drift the search objects to the end of the window, in two independent draws."""
    until = case.window.end
    return Belief(
        reported=drift_ensemble(case, environment, until=until, purpose="reported"),
        rehearsal=drift_ensemble(case, environment, until=until, purpose="rehearsal"),
    )


def plan_search(
    case: Case,
    environment: Environment,
    belief: Belief,
    effort: Effort | None = None,
    progress: Callable[[float], None] | None = None,
) -> SearchPlan:
    """The joint plan of all units for the search window."""
    return planning.plan_search(case, environment, belief, effort or Effort(), progress)


def issue_tasks(case: Case, environment: Environment, plan: SearchPlan) -> SearchActionPlan:
    """What each crew is told."""
    return tasking.issue_tasks(case, environment.frame, plan)


def update_belief(belief: Belief, result: SearchResult) -> tuple[Belief, Lesson]:
    """What a search without a find teaches; the lesson is that of the reported draw."""
    reported, lesson = update.update_belief(belief.reported, result)
    rehearsal, _ = update.update_belief(belief.rehearsal, result)
    return Belief(reported, rehearsal), lesson


def forecast_instants(case: Case) -> tuple[datetime, datetime, datetime]:
    """Start, middle and end of the search window: when maps are drawn."""
    window = case.window
    return window.start, window.start + (window.end - window.start) / 2, window.end
