"""The rules while a person edits a plan: what one unit of it breaks, alone and with the others."""

from collections.abc import Callable

from sarex.geo import LocalFrame
from sarex.planning.model import UnitPlan
from sarex.safety.model import Violation
from sarex.safety.rules import PlanRules
from sarex.tasking.model import Task
from sarex.tasking.tasks import task_of


def rules_while_editing(
    rules: PlanRules, frame: LocalFrame, wind_mps: float | None = None
) -> Callable[[int, tuple[UnitPlan, ...]], tuple[Violation, ...]]:
    """What `planning.live` asks of every edit; tasks of units that stay are made once."""
    made: dict[int, tuple[UnitPlan, Task]] = {}

    def issued(plan: UnitPlan) -> Task:
        if id(plan) not in made:
            made[id(plan)] = plan, task_of(frame, plan)
        return made[id(plan)][1]

    def broken(number: int, plans: tuple[UnitPlan, ...]) -> tuple[Violation, ...]:
        others = [issued(plan) for other, plan in enumerate(plans) if other != number]
        return rules.check_task(task_of(frame, plans[number]), others, wind_mps)

    return broken
