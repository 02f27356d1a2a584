"""From alert to triage: when each step was first done, as it really happened."""

from collections.abc import Sequence

from sarex.exercise.model import Exercise
from sarex.exercise.review.model import Milestone, Step
from sarex.exercise.review.scores_log import alert_at, first_of
from sarex.journal import Entry

KINDS = {
    Step.COORDINATOR: ("coordinator.named",),
    Step.SITREP: ("sitrep.sent",),
    Step.PLAN: ("plan.accepted",),
    Step.UNDER_WAY: ("crew.under_way",),
    Step.ON_SCENE: ("crew.on_scene",),
    Step.DETECTION: ("crew.detected",),
    Step.RECOVERY: ("crew.recovered", "survivors.recovered"),
    Step.TRIAGE: ("survivors.triaged",),
}
"""The events that mark a step; `crew.*` are the moments themselves, not when they were reported."""


def milestones(entries: Sequence[Entry], exercise: Exercise) -> tuple[Milestone, ...]:
    """Each step with its time since the alert, first done and by whom."""
    alert = alert_at(entries, exercise)
    told = [Milestone(Step.ALERT, alert, alert - alert, exercise.alert.sender)]
    for step, kinds in KINDS.items():
        entry = first_of(entries, *kinds)
        if entry is None:
            told.append(Milestone(step, None, None, ""))
            continue
        by = entry.body.get("unit") or entry.body.get("role") or entry.body.get("from") or entry.by
        told.append(Milestone(step, entry.at, entry.at - alert, str(by)))
    return tuple(told)
