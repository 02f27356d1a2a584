"""`sarex plan --keep`: plan for units that already fly, and tell what each more that moves would gain."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex.case.model import Case
from sarex.environment.model import Environment
from sarex.errors import InputError
from sarex.exchange.plan_document import read_plan_document
from sarex.planning import Belief, Effort, SearchPlan
from sarex.planning.keeping import KeptPlan, plan_keeping
from sarex.tasking.read_back import unit_plans_of


class Keeping:
    """A planner that keeps a plan as far as that costs little, and remembers what it found."""

    def __init__(self, path: Path, give_up_points: float) -> None:
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
        flying = unit_plans_of(environment.frame, read_plan_document(self._path, case).tasks)
        self._found = plan_keeping(case, environment, belief, flying, effort, self._give_up, progress)
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
            table.add_row(
                str(number), f"{step.pos:.1%}", names, "← this plan" if number == found.chosen else ""
            )
        console.print(table)
        console.print(f"A plan that keeps nobody has POS {found.free_pos:.1%}.", highlight=False)
