"""The whole story, as functions from value to value. Start reading here.

    open_case(file)                              -> Case               what is known and who can help
    gather_environment(case)                     -> Environment        wind, current, coast
    drift_objects(case, environment)             -> Belief             weighted trajectories
    map_probability(ensemble, at)                -> ProbabilityMap     a view of the belief at one instant
    plan_search(case, environment, belief)       -> SearchPlan         who searches where, how good that is
    issue_tasks(case, environment, plan)         -> SearchActionPlan   what each crew is told
    explain_plan(case, environment, belief, ...) -> SearchPlan         with why, and what more would be worth
    edit_plan(case, environment, belief, plan)   -> LivePlan           an area moved, turned or stretched
    check_plan(case, environment, action_plan)   -> RuleCheck, ...     what the plan must keep
    review_plan(case, environment, action_plan)  -> RuleChecks, Advice what it must keep, and what to know
    check_figures(case, environment, drawn, action_plan) -> PlanFigures, RuleCheck  its POS reckoned again
    update_belief(belief, result)                -> Belief, Lesson     the same trajectories, new weights
    learn(case, environment, belief, evidence)   -> Belief, Lessons    searches and reports in turn

The ensemble is the state of belief; a map is only a view of it. The belief is drawn twice: the planner fits
its plan to one draw, and every promised figure is computed on the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sarex import planning, safety, tasking, update
from sarex.case import open_case
from sarex.case.model import Case
from sarex.drift import drift_ensemble
from sarex.drift.ensemble import DriftEnsemble
from sarex.drift.run import REHEARSAL, REPORTED
from sarex.drift.surroundings import gather_environment
from sarex.environment import Environment
from sarex.planning import Belief, Effort, SearchPlan, rehearsal_particles
from sarex.planning.explain import with_reasons
from sarex.planning.live import LivePlan, live_plan
from sarex.planning.readiness import made_ready
from sarex.probability import contours, map_probability
from sarex.safety import Advice, PlanRules, RuleCheck, Violation, check_plan
from sarex.safety.editing import rules_while_editing
from sarex.tasking import SearchActionPlan
from sarex.tasking.reckoned import PlanFigures, reckoned
from sarex.update import Evidence, Lesson, SearchResult, next_window

__all__ = [
    "Belief",
    "Effort",
    "check_figures",
    "check_plan",
    "contours",
    "drift_objects",
    "edit_plan",
    "explain_plan",
    "gather_environment",
    "issue_tasks",
    "learn",
    "map_probability",
    "next_window",
    "open_case",
    "plan_search",
    "review_plan",
    "update_belief",
]


def drift_objects(case: Case, environment: Environment, searched_from: datetime | None = None) -> Belief:
    """Drift the search objects to the end of the window, in two independent draws.

    Args:
        searched_from: start of the first search that was made; every step is kept from here on, else from
            the start of the window.
    """
    fine_from = min(case.window.start, searched_from or case.window.start)
    counts = {REPORTED: case.drift.particles, REHEARSAL: rehearsal_particles(case.drift.particles)}
    return Belief(
        *(
            drift_ensemble(
                replace(case, drift=replace(case.drift, particles=count)),
                environment,
                until=case.window.end,
                purpose=purpose,
                fine_from=fine_from,
            )
            for purpose, count in counts.items()
        )
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


def explain_plan(
    case: Case,
    environment: Environment,
    belief: Belief,
    plan: SearchPlan,
    name_of: Callable[[str], str] = str,
) -> SearchPlan:
    """The plan with why each unit goes where it goes; `name_of` calls an object type in a sentence."""
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    return with_reasons(case, ready, belief.reported.scenario_names, plan, name_of)


def edit_plan(case: Case, environment: Environment, belief: Belief, plan: SearchPlan) -> LivePlan[Violation]:
    """The plan ready for edits: each answers with POS, what all units add, and the rules broken."""
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    broken = rules_while_editing(PlanRules(case, environment), environment.frame, plan.on_scene_wind_mps)
    return live_plan(
        environment.frame,
        plan.unit_plans,
        ready.crews,
        ready.reported,
        case.object_types,
        broken,
        ready.before,
    )


def issue_tasks(case: Case, environment: Environment, plan: SearchPlan) -> SearchActionPlan:
    """What each crew is told."""
    return tasking.issue_tasks(case, environment.frame, plan)


def review_plan(
    case: Case, environment: Environment, action_plan: SearchActionPlan
) -> tuple[tuple[RuleCheck, ...], tuple[Advice, ...]]:
    """Every rule that the plan must keep, and what breaks none and the coordinator should know."""
    rules = PlanRules(case, environment)
    return rules.check(action_plan), rules.advise(action_plan)


def check_figures(
    case: Case, environment: Environment, reported: DriftEnsemble, action_plan: SearchActionPlan
) -> tuple[PlanFigures, RuleCheck]:
    """POS and its like as the tasks come to on the reported draw, and whether the plan states them so."""
    again = reckoned(case, environment.frame, reported, action_plan)
    return again, safety.check_figures(action_plan, again)


def update_belief(belief: Belief, result: SearchResult) -> tuple[Belief, Lesson]:
    """What a search without a find teaches; the lesson is that of the reported draw."""
    reported, lesson = update.update_belief(belief.reported, result)
    rehearsal, _ = update.update_belief(belief.rehearsal, result)
    return Belief(reported, rehearsal), lesson


def learn(
    case: Case, environment: Environment, belief: Belief, evidence: Sequence[Evidence]
) -> tuple[Belief, tuple[Lesson, ...]]:
    """What searches without a find, sightings and finds teach in turn.

    The lessons are those of the reported draw.

    Where few particles still count they are drawn anew, each draw by itself.
    """
    debris = update.debris_of(case, environment, evidence)
    reported, lessons = update.learn(belief.reported, evidence, case, environment, debris, REPORTED)
    rehearsal, _ = update.learn(belief.rehearsal, evidence, case, environment, debris, REHEARSAL)
    return Belief(reported, rehearsal), lessons
