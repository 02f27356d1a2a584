"""From alert to triage: when each step was first done, as it really happened."""

from collections.abc import Sequence
from typing import Any

from sarex.exercise.model import Exercise
from sarex.exercise.review.model import Milestone, Step
from sarex.exercise.review.scores_log import alert_at, first_of, nation_of, of_kind, orders
from sarex.journal import Entry

KINDS = {
    Step.COORDINATOR: ("coordinator.named",),
    Step.SITREP: ("sitrep.sent",),
    Step.UNDER_WAY: ("crew.under_way",),
    Step.ON_SCENE: ("crew.on_scene",),
    Step.DETECTION: ("crew.detected",),
    Step.RECOVERY: ("crew.recovered", "survivors.recovered"),
    Step.TRIAGE: ("survivors.triaged",),
}
"""The events that mark a step; `crew.*` are the moments themselves, not when they were reported."""


def agreements(entries: Sequence[Entry], exercise: Exercise) -> dict[Any, Entry]:
    """By plan: the acceptance with which every nation had agreed whose units have tasks in it.

    Who proposes a plan agrees to it. A plan that a nation never accepted is left out.
    """
    agreed = {}
    for proposal in of_kind(entries, "plan.proposed"):
        plan = proposal.body["plan"]
        given = [proposal, *(e for e in of_kind(entries, "plan.accepted") if e.body["plan"] == plan)]
        first: dict[str, Entry] = {}
        for entry in given:
            first.setdefault(nation_of(exercise, entry.body.get("by") or entry.by), entry)
        asked = _tasked(entries, exercise, proposal) or {nation_of(exercise, proposal.by)}
        if asked <= first.keys() and len(given) > 1:
            agreed[plan] = max((first[nation] for nation in asked), key=lambda entry: (entry.at, entry.seq))
    return agreed


def _tasked(entries: Sequence[Entry], exercise: Exercise, proposal: Entry) -> set[str]:
    """Nations whose units have tasks in a plan."""
    tasks = proposal.body.get("document", {}).get("tasks", ())
    ordered = [order.unit for order in orders(entries) if order.plan == proposal.body["plan"]]
    nations = {nation_of(exercise, unit) for unit in (*(task["unit"] for task in tasks), *ordered)}
    return nations - {""}


def first_agreement(entries: Sequence[Entry], exercise: Exercise) -> Entry | None:
    """When the first plan was accepted by all whom it asks."""
    found = agreements(entries, exercise).values()
    return min(found, key=lambda entry: (entry.at, entry.seq), default=None)


def milestones(entries: Sequence[Entry], exercise: Exercise) -> tuple[Milestone, ...]:
    """Each step with its time since the alert, first done and by whom."""
    alert = alert_at(entries, exercise)
    told = [Milestone(Step.ALERT, alert, alert - alert, exercise.alert.sender)]
    agreed = first_agreement(entries, exercise)
    for step in Step:
        if step is Step.ALERT:
            continue
        entry = agreed if step is Step.PLAN else first_of(entries, *KINDS[step])
        if entry is None:
            told.append(Milestone(step, None, None, ""))
            continue
        by = entry.body.get("unit") or entry.body.get("role") or entry.body.get("from") or entry.by
        told.append(Milestone(step, entry.at, entry.at - alert, str(by)))
    return tuple(told)
