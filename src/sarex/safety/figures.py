"""The rule about a plan's own figures, where the belief that they were reckoned on is at hand."""

from collections.abc import Iterator
from datetime import datetime

from sarex.case.model import Position
from sarex.safety.model import Measure, RuleCheck, Violation, tallied
from sarex.safety.seeing import ROUNDING
from sarex.tasking.model import SearchActionPlan, Task
from sarex.tasking.reckoned import PlanFigures, TaskFigures

FIGURES = "POS, POC, POD and coverage are what the legs come to"
MOST_OFF = 0.005
"""Half a point of probability."""
MOST_OFF_COVERAGE = 0.02
"""As a share of it."""
NOWHERE = Position(0.0, 0.0)
"""Of a plan without tasks, which lies nowhere."""


def check_figures(plan: SearchActionPlan, again: PlanFigures) -> RuleCheck:
    """What a plan says of itself against what its tasks come to on the belief.

    What is no probability at all is the other rule's.
    """
    return tallied(FIGURES, [*_of_plan(plan, again), *_of_tasks(plan, again)])


def _of_plan(plan: SearchActionPlan, again: PlanFigures) -> Iterator[Violation]:
    quality = plan.quality
    place = plan.tasks[0].commence_search_point if plan.tasks else NOWHERE
    for name, stated, real in (
        ("pos", quality.pos, again.pos),
        ("pos_low", quality.pos_low, again.pos_low),
        ("pos_high", quality.pos_high, again.pos_high),
    ):
        if _is_chance(stated) and abs(stated - real) > MOST_OFF:
            yield _violation((), plan.window_start, place, _chance(name, stated, real), abs(stated - real))


def _of_tasks(plan: SearchActionPlan, again: PlanFigures) -> Iterator[Violation]:
    for task, figures in zip(plan.tasks, again.tasks, strict=True):
        for sentence, amount in _wrong(task, figures):
            names = (task.unit.name,)
            yield _violation(names, task.on_scene, task.commence_search_point, sentence, amount)


def _wrong(task: Task, again: TaskFigures) -> Iterator[tuple[str, float]]:
    for name, stated, real, counts in (
        ("pos", task.pos, again.pos, 1.0),
        ("poc", task.poc, again.poc, 1.0),
        # of an area that holds next to nothing POD says next to nothing
        ("pod", task.pod, again.pod, again.poc),
    ):
        if _is_chance(stated) and abs(stated - real) * counts > MOST_OFF:
            yield _chance(name, stated, real), abs(stated - real)
    nearest = min(again.coverages, key=lambda real: abs(real - task.coverage))
    off = abs(task.coverage - nearest)
    if off > MOST_OFF_COVERAGE * nearest + MOST_OFF:
        sentence = (
            f"coverage is {task.coverage:.2f}; sweep width over track spacing is {nearest:.2f} for the "
            "object likeliest in the area. State that"
        )
        yield sentence, off


def _is_chance(value: float) -> bool:
    return 0.0 <= value <= 1.0 + ROUNDING


def _chance(name: str, stated: float, real: float) -> str:
    return (
        f"{name} is stated as {stated:.1%}; its legs and sweep widths come to {real:.1%} on the belief "
        "beside the plan. State that, or plan again"
    )


def _violation(
    units: tuple[str, ...], at: datetime, position: Position, sentence: str, amount: float
) -> Violation:
    return Violation(FIGURES, units, at, position, sentence, amount, Measure.COUNT)
