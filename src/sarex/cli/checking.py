"""`sarex check`: a plan, from wherever it comes, put through the rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex import __version__, mission
from sarex.case import open_case
from sarex.case.model import Case, Position
from sarex.cli.history import read_mission
from sarex.clock import iso_z
from sarex.environment import Environment
from sarex.errors import PlanError
from sarex.exchange.drift_reader import read_belief
from sarex.exchange.folder import MARKER
from sarex.exchange.plan_document import read_plan_document
from sarex.report.words import counted, degrees_minutes
from sarex.safety import Advice, Entry, PlanRules, RuleCheck, Violation, merged
from sarex.tasking import SearchActionPlan

PLAN_FILE = "plan.json"
DRIFT_FILE = "drift.nc"
CHECK_FORMAT = "sarex-check/1"


@dataclass(frozen=True)
class Checked:
    """A plan that was put through the rules."""

    path: Path
    case: Case
    plan: SearchActionPlan
    rules: tuple[RuleCheck, ...]
    advice: tuple[Advice, ...]
    pos_again: float | None
    """POS reckoned again; None where the belief that it was reckoned on is not at hand."""
    why_not: str
    """Why it was not reckoned again."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All of them, in order of time."""
        found = [violation for rule in self.rules for violation in rule.found]
        return tuple(sorted(found, key=lambda violation: violation.at))


def check_file(given: Path, case_from: Path | None) -> Checked:
    """Read a plan and its case, and check the one against the other.

    Args:
        given: a plan file, or the result folder that holds it.
        case_from: a case file or a result folder; the folder of the plan if not given.

    Raises:
        InputError: the plan, the case or its forcing cannot be used.
    """
    path = given / PLAN_FILE if given.is_dir() else given
    if not path.is_file():
        raise PlanError(f"{path} is not there. Give the path of a plan.json or of a result folder.")
    case = _case_of(path, case_from)
    plan = read_plan_document(path, case)
    environment = mission.gather_environment(case)
    rules = PlanRules(case, environment)
    checks, pos_again, why_not = rules.check(plan), None, ""
    try:
        pos_again, figures = _figures(path, case_from, case, environment, plan)
        checks = (*checks, figures)
    except PlanError as error:
        why_not = str(error)
    return Checked(path, case, plan, checks, rules.advise(plan), pos_again, why_not)


def _figures(
    path: Path, case_from: Path | None, case: Case, environment: Environment, plan: SearchActionPlan
) -> tuple[float, RuleCheck]:
    """POS reckoned again, and the rule about figures, on the belief in the plan's folder or the case's.

    Raises:
        PlanError: neither holds the belief of this case.
    """
    folders = [path.parent, *([case_from] if case_from is not None and case_from.is_dir() else [])]
    beside = next((each for each in folders if (each / DRIFT_FILE).is_file()), path.parent)
    belief = read_belief(beside / DRIFT_FILE, case, environment.frame)
    again, figures = mission.check_figures(case, environment, belief, plan)
    return again.pos, figures


def _case_of(path: Path, case_from: Path | None) -> Case:
    if case_from is not None and not case_from.is_dir():
        return open_case(case_from)
    folder = path.parent if case_from is None else case_from
    if not (folder / MARKER).is_file():
        raise PlanError(
            f"{folder} holds no {MARKER}, so it does not say what case the plan is for. "
            "Give the case file, or the folder that sarex plan wrote, with --case."
        )
    return read_mission(folder)[0]


def print_checked(checked: Checked, console: Console) -> None:
    """What was found, for people: time, unit, place, what is wrong and whose rule it breaks."""
    entries = merged(checked.violations)
    tasks, rules = counted(len(checked.plan.tasks), "task"), counted(len(checked.rules), "rule")
    console.print(
        f"[bold]{checked.case.mark}[/] {escape(checked.case.title)} — {escape(str(checked.path))}, "
        f"{tasks}, {rules}",
        highlight=False,
    )
    if entries:
        rows = [(e.first.at, e.first.position, e.first.units, e.sentence, e.first.rule) for e in entries]
        console.print(_table(rows, "rule"))
    console.print(_verdict(checked), highlight=False)
    console.print(escape(_reckoning(checked)), highlight=False)
    if checked.advice:
        console.print("\nAdvice (no rule is broken):")
        console.print(
            _table([(a.at, a.position, a.units, a.sentence, a.advice) for a in checked.advice], "why")
        )


def _verdict(checked: Checked) -> str:
    broken = sum(1 for rule in checked.rules if rule.violations)
    if broken:
        violations = counted(len(checked.violations), "violation")
        return f"[bold red]{violations}[/] of {counted(broken, 'rule')}"
    if not checked.plan.tasks:
        return "[bold]the plan has no tasks[/]: nobody searches, and there is nothing to check"
    return "[bold]all rules kept[/]"


def _reckoning(checked: Checked) -> str:
    stated = checked.plan.quality.pos
    if checked.pos_again is None:
        return f"POS was not reckoned again, it is the plan's own word ({stated:.1%}): {checked.why_not}."
    return f"POS reckoned again: {checked.pos_again:.1%}; the plan states {stated:.1%}"


def _table(rows: Sequence[tuple[datetime, Position, tuple[str, ...], str, str]], last_column: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("time UTC", no_wrap=True)
    table.add_column("place", no_wrap=True)
    for name in ("unit", "what", last_column):
        table.add_column(name, overflow="fold")
    for at, position, units, sentence, told in rows:
        names = escape(", ".join(units) or "the plan")
        table.add_row(
            f"{at.astimezone(UTC):%d %b %H:%M:%S}",
            degrees_minutes(position) if units else "–",
            names,
            escape(sentence),
            f"[dim]{escape(told)}[/]",
        )
    return table


def checked_to_json(checked: Checked) -> str:
    """What was found, for programs."""
    content = {
        "format": CHECK_FORMAT,
        "software": f"sarex {__version__}",
        "plan": str(checked.path),
        "case": checked.case.id,
        "exercise": checked.case.exercise,
        "tasks": len(checked.plan.tasks),
        "pos_again": {
            "stated": checked.plan.quality.pos,
            "reckoned": None if checked.pos_again is None else round(checked.pos_again, 6),
            "why_not": checked.why_not or None,
        },
        "violations": [_entry(entry) for entry in merged(checked.violations)],
        "advice": [{"advice": a.advice, **_found(a)} for a in checked.advice],
        "rules_checked": [{"rule": rule.rule, "violations": rule.violations} for rule in checked.rules],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _entry(entry: Entry) -> dict[str, Any]:
    found = {"rule": entry.first.rule, **_found(entry.first)}
    if not entry.first.units:  # the plan as a whole lies nowhere
        found.update(position=None, place="")
    told = {"what": entry.sentence, "amount": round(entry.amount, 3)}
    return {**found, **told, "until": iso_z(entry.until), "count": entry.count}


def _found(found: Violation | Advice) -> dict[str, Any]:
    return {
        "units": list(found.units),
        "time": iso_z(found.at),
        "position": [round(found.position.lon_deg, 6), round(found.position.lat_deg, 6)],
        "place": degrees_minutes(found.position),
        "what": found.sentence,
        "amount": round(found.amount, 3),
        "measure": found.measure.value,
    }
