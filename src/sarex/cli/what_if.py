"""`sarex what-if`: how the plan of a result folder stands if things turn out otherwise."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex import __version__, mission
from sarex.case.model import Case
from sarex.cli.history import begins_s, read_mission, replay
from sarex.cli.progress import progress_on
from sarex.clock import from_posix_s
from sarex.environment.model import Environment
from sarex.errors import PlanError
from sarex.exchange.plan_document import read_plan_document
from sarex.planning import Effort
from sarex.planning.what_if import Draws, WhatIf, ask, usual_changes
from sarex.tasking import SearchActionPlan
from sarex.tasking.read_back import unit_plans_of

WHAT_IF_FORMAT = "sarex-what-if/1"
PLAN_FILE = "plan.json"


@dataclass(frozen=True)
class Asked:
    """A plan and what would change it."""

    case: Case
    plan: SearchActionPlan
    undetected: float
    answers: tuple[WhatIf, ...]


def ask_of_folder(folder: Path, effort: Effort, console: Console) -> Asked:
    """Read a result folder and ask the usual questions of its plan.

    Raises:
        PlanError: the folder holds no plan.
        InputError: the case or its forcing cannot be used.
    """
    case, searches = read_mission(folder, "what-if asks about the plan in")
    path = folder / PLAN_FILE
    if not path.is_file():
        raise PlanError(f"{folder} holds no {PLAN_FILE}; make one with sarex plan, and give its folder.")
    plan = read_plan_document(path, case)
    first = begins_s(searches)

    def believe(other: Case, environment: Environment) -> Draws:
        since = None if first is None else from_posix_s(first)
        belief = mission.drift_objects(other, environment, since)
        belief, _ = replay(other, environment, belief, searches)
        return belief.reported, belief.rehearsal

    with progress_on(console) as progress:
        step = progress.add_task("reading wind, current and coast", total=None)
        environment = mission.gather_environment(case)
        progress.update(step, description="drifting the search objects")
        draws = believe(case, environment)
        changes = usual_changes([task.unit.name for task in plan.tasks])
        answers = ask(
            case,
            environment,
            draws,
            unit_plans_of(environment.frame, plan.tasks),
            changes,
            believe,
            effort=effort,
            progress=lambda done, name: progress.update(
                step, description=escape(f"what if: {name}"), total=1.0, completed=done
            ),
        )
    return Asked(case, plan, draws[0].undetected, answers)


def print_asked(asked: Asked, console: Console) -> None:
    """The answers for people, the change that costs the plan most first."""

    def percent(probability: float) -> str:
        return f"{probability / asked.undetected:.1%}" if asked.undetected > 0 else "0.0%"

    console.print(
        f"[bold]{asked.case.mark}[/] {escape(asked.case.title)} — the plan has POS "
        f"{percent(asked.plan.quality.pos)}",
        highlight=False,
    )
    table = Table(box=None, pad_edge=False)
    table.add_column("what if", overflow="fold")
    for name in ("as planned", "replanned", "best"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("who would move", overflow="fold")
    for answer in sorted(asked.answers, key=lambda answer: answer.pos_standing):
        table.add_row(
            escape(answer.change.name),
            percent(answer.pos_standing),
            percent(answer.pos_replanned),
            percent(answer.pos_free),
            escape(_who(answer)),
        )
    console.print(table)


def _who(answer: WhatIf) -> str:
    moves = ", ".join(answer.would_move) or "nobody"
    return f"{moves}; cannot search: {', '.join(answer.cannot)}" if answer.cannot else moves


def asked_to_json(asked: Asked) -> str:
    """The answers for programs."""
    content: dict[str, Any] = {
        "format": WHAT_IF_FORMAT,
        "software": f"sarex {__version__}",
        "case": asked.case.id,
        "exercise": asked.case.exercise,
        "pos": round(asked.plan.quality.pos, 6),
        "undetected": round(asked.undetected, 6),
        "answers": [
            {
                "what_if": answer.change.name,
                "pos_as_planned": round(answer.pos_standing, 6),
                "pos_replanned": round(answer.pos_replanned, 6),
                "pos_best": round(answer.pos_free, 6),
                "would_move": list(answer.would_move),
                "cannot_search": list(answer.cannot),
            }
            for answer in asked.answers
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
