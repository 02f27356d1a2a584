"""`sarex plan --keep`: plan for units that already fly, and tell what each more that moves would gain."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex.case.model import Case
from sarex.environment.model import Environment
from sarex.errors import InputError, PlanError
from sarex.exchange.plan_document import read_plan_document
from sarex.geo import LocalFrame
from sarex.planning import Belief, Effort, SearchPlan
from sarex.planning.keeping import Broken, KeptPlan, MustMove, plan_keeping
from sarex.planning.model import UnitPlan
from sarex.safety import PlanRules, Violation
from sarex.safety.rules import AREA_IN_DANGER, DANGER, LAND, LIGHT, SHOALS, STRAYS, WEATHER
from sarex.tasking import Task
from sarex.tasking.read_back import unit_plans_of
from sarex.tasking.tasks import task_of

GIVE_UP_POINTS = 1.0
"""Of POS, for leaving units alone, where nobody says otherwise."""
_HAZARDS = (AREA_IN_DANGER, DANGER, LAND, SHOALS, WEATHER, LIGHT)
"""Told first: what else is wrong may follow from them."""
_REMEDY = "Keep a plan that was made of this very case file, or leave --keep away."


class Keeping:
    """A planner that keeps a plan as far as that costs little, and remembers what it found."""

    def __init__(self, path: Path, given_points: float | None) -> None:
        give_up_points = GIVE_UP_POINTS if given_points is None else given_points
        if not 0.0 <= give_up_points <= 100.0:
            raise InputError(f"--give-up is {give_up_points:g}; it must lie between 0 and 100 points.")
        self._path, self._give_up = path, give_up_points / 100.0
        self._found: KeptPlan | None = None

    def plan(
        self,
        case: Case,
        environment: Environment,
        belief: Belief,
        effort: Effort,
        progress: Callable[[float], None],
    ) -> SearchPlan:
        """The plan with the fewest units moved.

        Raises:
            PlanError: the file is not a plan of this case.
        """
        tasks = read_plan_document(self._path, case, _REMEDY).tasks
        rules = PlanRules(case, environment)
        for task in tasks:
            _check_area(self._path, task, rules.check_task(task))
        flying = unit_plans_of(environment.frame, tasks)
        broken = rules_for_planner(rules, environment.frame)
        self._found = plan_keeping(
            case, environment, belief, flying, effort, self._give_up, progress, broken=broken
        )
        return self._found.plan

    def print_steps(self, console: Console) -> None:
        """Moves against POS."""
        found = self._found
        if found is None:
            return
        table = Table(box=None, pad_edge=False)
        for name in ("moved", "POS"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("units with a new area", overflow="fold")
        table.add_column("", no_wrap=True)
        for number, step in enumerate(found.steps):
            names = escape(", ".join(step.unit_names)) or "nobody"
            chosen = "← this plan" if number == found.chosen else ""
            table.add_row(str(len(step.unit_names)), f"{step.pos:.1%}", names, chosen)
        console.print(table)
        for barred in found.must_move:
            console.print(escape(_told(barred)), highlight=False)
        console.print(
            f"With everybody free to move, POS {found.free_pos:.1%} was found.",
            highlight=False,
        )


def _told(barred: MustMove) -> str:
    sortie = "" if barred.sortie == 1 else f" (sortie {barred.sortie})"
    what = "had to move" if barred.placed else "could not be kept and has no other area"
    return f"{barred.unit_name}{sortie} {what}: {barred.why.removesuffix('.')}."


def rules_for_planner(rules: PlanRules, frame: LocalFrame) -> Broken:
    """What is wrong with what a unit flies, for the planner, which does not know the rules."""
    # with the plan itself, which keeps its identity from being given to another
    laid_out: dict[int, tuple[UnitPlan, Task]] = {}

    def task(plan: UnitPlan) -> Task:
        if id(plan) not in laid_out:
            laid_out[id(plan)] = plan, task_of(frame, plan)
        return laid_out[id(plan)][1]

    def broken(plan: UnitPlan, standing: Sequence[UnitPlan], wind_mps: float) -> tuple[str, ...]:
        found = rules.check_task(task(plan), [task(other) for other in standing], wind_mps)
        return tuple(_sentence(one) for one in sorted(found, key=lambda one: one.rule not in _HAZARDS))

    return broken


def _sentence(found: Violation) -> str:
    pair = f" ({' and '.join(found.units)})" if len(found.units) > 1 else ""
    return f"{found.sentence}{pair}"


def _check_area(path: Path, task: Task, found: Sequence[Violation]) -> None:
    """Ask that area and legs belong together: with one of them moved nobody knows what is flown."""
    strays = [violation for violation in found if violation.rule == STRAYS]
    if strays:
        raise PlanError(
            f"{path} cannot be kept: of {task.unit.name}, {strays[0].sentence}. The legs of a task lie in "
            "its area; where one is changed by hand the other must be too. Give the plan as it was written."
        )
