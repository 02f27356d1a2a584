"""`sarex examine`: many automatic exercises, and whether promises were kept."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from sarex.cli.executor_options import check_number
from sarex.errors import InputError, OutputError

if TYPE_CHECKING:
    from rich.progress import Progress

    from sarex.exercise.examination.model import Forecaster
    from sarex.exercise.examination.rows import Plan
    from sarex.exercise.examination.scores import Figures
    from sarex.exercise.examination.verdict import Verdict

MOST_CASES = 1_000_000


def examine(
    cases: Annotated[int, typer.Option("--cases", help="How many exercises.")] = 2000,
    out: Annotated[
        Path,
        typer.Option("--out", help="Folder for the results: new, empty or an examination to go on with."),
    ] = Path("sarex-examination"),
    *,
    seed: Annotated[int, typer.Option("--seed", help="Seed of everything that is drawn.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes; as many as processors otherwise.")
    ] = None,
    forecaster: Annotated[
        str, typer.Option("--forecaster", help="house, or one that is wrong: overconfident or biased.")
    ] = "house",
    truths: Annotated[
        int, typer.Option("--truths", help="Hidden truths that each first plan is flown against.")
    ] = 10,
) -> None:
    """Hold many automatic exercises with hidden truths: is the promised POS how often it is found?

    Exit status 0 if the forecaster passes, 1 if it fails. A run that was ended goes on where it was.
    """
    from sarex.exercise.examination.rows import Plan  # noqa: PLC0415
    from sarex.exercise.examination.run import run_examination, usual_workers  # noqa: PLC0415
    from sarex.exercise.examination.scores import figures_of  # noqa: PLC0415
    from sarex.exercise.examination.verdict import verdict_on  # noqa: PLC0415

    check_number("--cases", cases, 1, MOST_CASES)
    check_number("--seed", seed, 0, 2**62)
    check_number("--workers", workers, 1, 1024)
    check_number("--truths", truths, 1, 1000)
    plan = Plan(seed, _forecaster(forecaster), truths - 1)
    _make(out)
    with _progress() as progress:
        task = progress.add_task("Exercises", total=cases)
        began_s, first = time.monotonic(), _First()
        rows = run_examination(
            out, plan, cases, workers or usual_workers(),
            lambda count: progress.update(task, completed=first.told(count)),
        )  # fmt: skip
    lasted_s = time.monotonic() - began_s
    figures = figures_of(rows, plan.seed)
    verdict = verdict_on(rows, figures, plan.seed)
    _write(out, plan, figures, verdict)
    _print(Console(soft_wrap=True), out, figures, verdict)
    if len(rows) > first.count:
        each_s = lasted_s / (len(rows) - first.count)
        Console().print(f"{each_s:.2f} s an exercise on {workers or usual_workers()} processors", style="dim")
    if not verdict.passed:
        raise typer.Exit(1)


class _First:
    """Remembers the first number told: what was there before."""

    def __init__(self) -> None:
        self.count = -1

    def told(self, count: int) -> int:
        if self.count < 0:
            self.count = count
        return count


def _forecaster(name: str) -> "Forecaster":
    from sarex.exercise.examination.model import Forecaster  # noqa: PLC0415

    try:
        return Forecaster(name)
    except ValueError as error:
        raise InputError(
            f'--forecaster is "{name}"; it must be one of {", ".join(Forecaster)}. '
            "Give house to examine Sarex itself."
        ) from error


def _make(out: Path) -> None:
    """The folder, if it is not there.

    Raises:
        InputError: it holds something else.
    """
    from sarex.exercise.examination.run import ROWS  # noqa: PLC0415

    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / ROWS).exists())):
        raise InputError(
            f"{out} holds something that is no examination; --out must be a new or an empty folder, or one "
            "of an examination to go on with. Name another."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{out} cannot be made ({error.strerror or error}). Name a folder that can be written."
        ) from error


def _progress() -> "Progress":
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _write(out: Path, plan: "Plan", figures: "Figures", verdict: "Verdict") -> None:
    """Each file whole or as it was."""
    from sarex.report.examination import render_examination  # noqa: PLC0415

    content = {
        "format": "sarex-examination-figures/1",
        "plan": asdict(plan),
        "verdict": {"passed": verdict.passed, **asdict(verdict)},
        "figures": asdict(figures),
    }
    page = render_examination(plan, figures, verdict, datetime.now(UTC))
    for name, text in (
        ("examination.json", json.dumps(_finite(content), indent=1) + "\n"),
        ("examination.html", page),
    ):
        part = out / f".{name}.part"
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(out / name)
        except OSError as error:
            raise OutputError(f"{out / name} cannot be written: {error.strerror or error}.") from error


def _finite(content: Any) -> Any:
    """The same with null for what is not a number, which JSON does not know."""
    match content:
        case dict():
            return {key: _finite(value) for key, value in content.items()}
        case list() | tuple():
            return [_finite(value) for value in content]
        case float() if isnan(content):
            return None
        case _:
            return content


def _print(console: Console, out: Path, figures: "Figures", verdict: "Verdict") -> None:
    from rich.table import Table  # noqa: PLC0415

    from sarex.exercise.examination.scores import ALL  # noqa: PLC0415
    from sarex.report.examination import is_small, size_told  # noqa: PLC0415

    everything = figures.of(ALL)
    table = Table(
        "promised, %", "searches", "trials", "mean promise, %", "found, %", "95 % interval", "points"
    )
    for decile in everything.deciles:
        if decile.exercises:
            table.add_row(
                f"{100 * decile.low:.0f} to {100 * decile.high:.0f}", str(decile.exercises),
                str(decile.found.of), f"{100 * decile.promised:.1f}", f"{100 * decile.found.value:.1f}",
                f"{100 * decile.found.low:.1f} to {100 * decile.found.high:.1f}",
                f"{100 * decile.difference:+.1f}",
            )  # fmt: skip
    console.print(table)
    for test in verdict.tests:
        told = "passed" if test.passed else "[bold red]failed[/]"
        console.print(f"{test.name}: {told} (chance {100 * test.chance:.2f} %)", highlight=False)
    for why in figures.failed:
        console.print(f"[bold red]could not be held:[/] {why}", highlight=False)
    passed = "[bold yellow]PASSED, which says little[/]" if is_small(verdict) else "[bold green]PASSED[/]"
    word = passed if verdict.passed else "[bold red]FAILED[/]"
    console.print(
        f"{word}: promised {100 * everything.promised:.1f} %, found {100 * everything.found.value:.1f} % of "
        f"{everything.trials:,} trials in {figures.cases:,} exercises. {out / 'examination.html'}",
        highlight=False,
    )
    console.print(size_told(figures, verdict), highlight=False)
