"""How automatic players plan: the story of `mission` on what they know, quick and with few particles."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sarex import mission
from sarex.case.model import Case, SearchWindow
from sarex.clock import from_posix_s, iso_z
from sarex.environment.model import Environment
from sarex.errors import InputError, PlanError
from sarex.exchange.plan_json import plan_to_mapping
from sarex.exercise.play.at_hand import at_hand
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.evidence import as_evidence, credible_sightings, searched_so_far
from sarex.exercise.play.known import Known
from sarex.planning import Belief, Effort
from sarex.update import Evidence, SearchResult

ORDERS_AFTER = timedelta(minutes=20)
"""From a proposal until the orders have reached the units, as planned for."""
SWITCH_AFTER = timedelta(minutes=30)
"""From a proposal until units that are out turn to their new tasks."""
SHORTEST_WINDOW = timedelta(hours=2)
QUICK = Effort(lines=2, tries=80, rounds=10, moves=40, shakes=3, polish=4, particles=3000)


@dataclass(frozen=True)
class Proposal:
    """A plan to propose, and what is still believed."""

    document: dict[str, Any]
    window: SearchWindow
    undetected: float
    """Probability that nothing that was searched until `searched_until` would have found it."""
    searched_until: datetime | None
    """Until when that counts what was reported, and from then on what is ordered; None: nothing was."""


@dataclass
class Planner:
    """Plans on demand; forcing that was gathered is kept."""

    brief: Brief
    particles: int = 5_000
    effort: Effort = QUICK
    _gathered: dict[tuple[Any, ...], Environment] = field(default_factory=dict)

    def propose(self, known: Known, at: datetime) -> Proposal:
        """The plan for what is known at an instant.

        Raises:
            InputError: nothing can be planned.
        """
        case = self.case_at(known, at)
        environment = self._environment(case)
        searched_until = at + SWITCH_AFTER
        searched = searched_so_far(self.brief, known, searched_until)
        sightings = [as_evidence(seen) for seen in credible_sightings(known)]
        belief, undetected = _belief(case, environment, searched, sightings)
        plan = mission.plan_search(case, environment, belief, self.effort)
        if plan.interrupted:
            # half a plan would not be the one that an uninterrupted exercise has
            raise KeyboardInterrupt
        if not plan.unit_plans:
            whys = "; ".join(f"{unused.unit.name}: {unused.why}" for unused in plan.unused)
            raise InputError(f"no unit can search in this window ({whys}).")
        action_plan = mission.issue_tasks(case, environment, plan)
        rules, advice = mission.review_plan(case, environment, action_plan)
        document = plan_to_mapping(action_plan, rules, at, synthetic=environment.synthetic, advice=advice)
        return Proposal(document, case.window, undetected, None if searched is None else searched_until)

    def case_at(self, known: Known, at: datetime) -> Case:
        """The players' case with the window to plan for and the units as they will then be."""
        window = window_at(self.brief, known, at)
        units = at_hand(self.brief, known, at + ORDERS_AFTER, at + SWITCH_AFTER)
        case = known.case
        looks = tuple(look for look in case.looks if window.start <= look.at <= window.end)
        drift = replace(case.drift, particles=min(case.drift.particles, self.particles))
        return replace(case, window=window, units=units, looks=looks, drift=drift)

    def _environment(self, case: Case) -> Environment:
        key = (case.scenarios, case.forcing, case.window, tuple(unit.home for unit in case.units))
        if key not in self._gathered:
            self._gathered[key] = mission.gather_environment(case)
        return self._gathered[key]


def window_at(brief: Brief, known: Known, at: datetime) -> SearchWindow:
    """The rest of the window that runs, or a new one of the same length after it."""
    wanted = known.case.window
    begin = max(at + ORDERS_AFTER, wanted.start)
    ends = [wanted.end, *(datetime.fromisoformat(plan.document["window"]["end"]) for plan in known.plans)]
    end = max(ends)
    if end - begin < SHORTEST_WINDOW:
        end = begin + max(wanted.end - wanted.start, SHORTEST_WINDOW)
    return SearchWindow(begin, min(end, brief.end))


def _belief(
    case: Case, environment: Environment, searched: SearchResult | None, sightings: Sequence[Evidence]
) -> tuple[Belief, float]:
    evidence: list[Evidence] = ([searched] if searched is not None else []) + list(sightings)
    begins_s = min(
        (item.started_s if isinstance(item, SearchResult) else item.at_s for item in evidence), default=None
    )
    belief = mission.drift_objects(case, environment, None if begins_s is None else from_posix_s(begins_s))
    if not evidence:
        return belief, 1.0
    try:
        learnt, lessons = mission.learn(case, environment, belief, evidence)
    except PlanError:
        # a sighting where the object can hardly be: somebody looks at it, and the plan does without
        if not sightings:
            raise
        return _belief(case, environment, searched, ())
    return learnt, lessons[-1].undetected


def belief_body(proposal: Proposal, number: int, until: datetime) -> dict[str, Any]:
    """Of `belief.updated`: what the search until an instant, as reported and ordered, would have found.

    `pos_with_plan` is the same until the end of the plan's window, if the plan is flown: the two compare.
    """
    with_plan = 1.0 - proposal.undetected * (1.0 - proposal.document["pos"])
    return {
        "pos_achieved": round(1.0 - proposal.undetected, 6),
        "undetected": round(proposal.undetected, 6),
        "until": iso_z(until),
        "pos_with_plan": round(with_plan, 6),
        "plan": number,
        "window": {"start": iso_z(proposal.window.start), "end": iso_z(proposal.window.end)},
    }
