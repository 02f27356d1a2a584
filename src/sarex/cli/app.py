"""The command line. Heavy imports wait until a command runs, so that help is instant."""

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sarex import __version__
from sarex.cli import examining, exercising, series, update_options
from sarex.cli.executor_options import (
    ClusterOption,
    ExecutorOption,
    WorkersOption,
    check_number,
    executor_of,
)
from sarex.cli.interrupts import interrupts_heard
from sarex.errors import InputError, SarexError

if TYPE_CHECKING:
    from sarex.case.model import Case
    from sarex.planning import Effort

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # a wrong command line is told in plain sentences, without panels
    pretty_exceptions_enable=False,
    help="Plan, run and review maritime search and rescue, jointly.",
)
app.add_typer(series.app, name="series")
app.add_typer(exercising.app, name="exercise")

Out = Annotated[Path, typer.Option("--out", help="Folder for the results: new, empty or an earlier result.")]
CaseFile = Annotated[Path, typer.Argument(help="The case file, sarex-case/1 (TOML).")]
Particles = Annotated[
    int | None,
    typer.Option("--particles", help="How many particles; the case's own number otherwise."),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Another seed than the case's own.")]


class Thoroughness(StrEnum):
    """How long to look for a better plan."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


EffortOption = Annotated[Thoroughness, typer.Option("--effort", help="How long to look for a better plan.")]


def run() -> None:
    """The `sarex` program: `main`, and then the process ends at once.

    Taking compiled code and libraries apart one by one takes a third of a second. All that is written is on
    disk by then, and everything opened was closed by whoever opened it.
    """
    try:
        main()
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        with suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended.code or 0)


def main() -> None:
    """Run a command; what the user can mend is told in a sentence, with exit status 2."""
    console = Console(stderr=True, soft_wrap=True)
    try:
        with interrupts_heard():
            app(prog_name="sarex")
    except InputError as error:
        console.print(f"[bold red]sarex:[/] {escape(str(error))}", highlight=False)
        sys.exit(2)
    except SarexError as error:
        console.print(f"[bold red]sarex:[/] {escape(str(error))}", highlight=False)
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _options(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False
) -> None:
    if version:
        Console().print(f"sarex {__version__}", highlight=False)
        raise typer.Exit


@app.command()
def demo(out: Out = Path("sarex-demo"), effort: EffortOption = Thoroughness.NORMAL) -> None:
    """Plan a joint exercise on a sample sea that Sarex computes itself: no other file, no network."""
    with resources.as_file(resources.files("sarex.case") / "demo.toml") as path:
        _run(path, out, None, None, effort)


@app.command()
def plan(
    case_file: CaseFile,
    out: Out,
    particles: Particles = None,
    seed: Seed = None,
    effort: EffortOption = Thoroughness.NORMAL,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", help="A plan.json that units fly now: as few as possible are moved."),
    ] = None,
    give_up: Annotated[
        float | None,
        typer.Option(
            "--give-up",
            help="With --keep: points of POS to give up for leaving units alone; 1 if not given.",
        ),
    ] = None,
) -> None:
    """Drift the objects, plan the search of all units, and write plan, charts and report."""
    _run(case_file, out, particles, seed, effort, keep, give_up)


@app.command()
def drift(
    case_file: CaseFile,
    out: Out,
    particles: Particles = None,
    seed: Seed = None,
    executor: ExecutorOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Drift the objects and write the ensemble and its probability maps, in bounded memory."""
    from sarex.case import open_case  # noqa: PLC0415
    from sarex.cli.drifting import drift_to_folder, print_drift  # noqa: PLC0415
    from sarex.exchange.folder import check_replaceable  # noqa: PLC0415

    check_replaceable(out)
    case = _varied(open_case(case_file), particles, seed)
    with executor_of(executor, workers, cluster) as working:
        outcome = drift_to_folder(case, out, working, Console(stderr=True))
    print_drift(outcome, out, Console(soft_wrap=True))


@app.command()
def backtrack(
    case_file: CaseFile,
    out: Out,
    particles: Particles = None,
    seed: Seed = None,
    executor: ExecutorOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Trace what was found back to where and when its drift may have begun."""
    from sarex.case import open_case  # noqa: PLC0415
    from sarex.cli.backtracking import backtrack_to_folder, print_backtrack  # noqa: PLC0415
    from sarex.exchange.folder import check_replaceable  # noqa: PLC0415

    check_replaceable(out)
    case = _varied(open_case(case_file), particles, seed)
    with executor_of(executor, workers, cluster) as working:
        outcome = backtrack_to_folder(case, out, working, Console(stderr=True))
    print_backtrack(outcome, out, Console(soft_wrap=True))


@app.command()
def update(
    folder: Annotated[Path, typer.Argument(help="The folder of the search that was made.")],
    out: Out,
    *,
    searched: update_options.Searched = None,
    conditions: update_options.ConditionsMet = None,
    reports: update_options.Reports = None,
    mmsi: update_options.Mmsi = None,
    longest_gap: update_options.LongestGap = None,
    start: Annotated[
        str | None, typer.Option(help="Start of the next search, e.g. 2026-10-15T07:00Z.")
    ] = None,
    end: Annotated[str | None, typer.Option(help="End of the next search.")] = None,
    effort: EffortOption = Thoroughness.NORMAL,
) -> None:
    """Learn from a search without a find, or from reports, and plan the next one."""
    from sarex.cli.results import compute, write  # noqa: PLC0415
    from sarex.cli.searched import Told, searches_so_far  # noqa: PLC0415
    from sarex.cli.summary import print_summary  # noqa: PLC0415
    from sarex.exchange.folder import check_replaceable  # noqa: PLC0415

    check_replaceable(out)
    told = Told(tuple(searched or ()), conditions, reports, tuple(mmsi or ()), longest_gap)
    window = _instant("--start", start), _instant("--end", end)
    following, searches = searches_so_far(folder, told, window)
    outcome = compute(following, searches, _effort(effort), Console(stderr=True))
    write(outcome, out, searches)
    console = Console(soft_wrap=True)
    for note in outcome.history[-1].notes:
        console.print(escape(note))
    print_summary(outcome, out, console)


@app.command()
def check(
    plan: Annotated[Path, typer.Argument(help="A plan.json, or the result folder that holds it.")],
    *,
    case: Annotated[
        Path | None,
        typer.Option("--case", help="Case file or result folder; the plan's own folder if not given."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
) -> None:
    """Put a plan through the rules: every violation with unit, place and time; exit status 1 if any."""
    from sarex.cli.checking import check_file, checked_to_json, print_checked  # noqa: PLC0415

    checked = check_file(plan, case)
    if json:
        typer.echo(checked_to_json(checked))
    else:
        print_checked(checked, Console(soft_wrap=True))
    if checked.violations:
        raise typer.Exit(1)


@app.command(name="what-if")
def what_if(
    folder: Annotated[Path, typer.Argument(help="A result folder that holds a plan.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the answers to this file.")] = None,
    effort: EffortOption = Thoroughness.QUICK,
) -> None:
    """Ask what would change the plan: other wind, a unit that fails, two hours later, poorer sight."""
    from sarex.cli.what_if import ask_of_folder, asked_to_json, print_asked  # noqa: PLC0415
    from sarex.exchange.text_file import check_writable, write_text  # noqa: PLC0415

    if out is not None:
        check_writable(out)
    asked = ask_of_folder(folder, _effort(effort), Console(stderr=True))
    print_asked(asked, Console(soft_wrap=True))
    if out is not None:
        write_text(out, asked_to_json(asked) + "\n")


@app.command()
def validate(
    data: Annotated[Path, typer.Argument(help="A folder of drifter tracks (NetCDF), one file a track.")],
    out: Out = Path("sarex-validation"),
    *,
    particles: Annotated[int, typer.Option("--particles", help="Particles of each launch.")] = 5000,
    every: Annotated[int, typer.Option("--every", help="Hours between launches along a track.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random numbers.")] = 1,
    published_errors: Annotated[
        bool, typer.Option("--published-errors", help="Score the error parameters of the literature.")
    ] = False,
    cross_validate: Annotated[
        bool, typer.Option("--cross-validate", help="Also fit error parameters, scored on tracks held out.")
    ] = False,
) -> None:
    """Score the drift against real drifters: contours, areas, skill, reliability."""
    from sarex.cli.validate import Options, run_validation  # noqa: PLC0415

    run_validation(
        data,
        out,
        Options(
            particles=particles,
            spacing_h=every,
            seed=seed,
            published_errors=published_errors,
            cross_validation=cross_validate,
        ),
    )


@app.command()
def objects(
    search: Annotated[str, typer.Argument(help="Only objects whose key or text holds this.")] = "",
) -> None:
    """List the search objects (leeway classes) and what the sweep-width tables know them as."""
    from rich.table import Table  # noqa: PLC0415

    from sarex.detection import leeway_rows  # noqa: PLC0415

    table = Table("key", "description", "sweep width as")
    for row in leeway_rows():
        if search.lower() in f"{row.key} {row.description}".lower():
            table.add_row(
                row.key, row.description, row.table_object + (" (stand-in)" if row.stand_in else "")
            )
    Console().print(table)


@app.command()
def forcing(
    files: Annotated[list[str], typer.Argument(help="Files, Zarr stores or URLs.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
) -> None:
    """Tell what forcing files offer: quantities, grids, times, levels, members, and what is missing."""
    from sarex.cli.forcing import tell_forcing  # noqa: PLC0415

    if not tell_forcing(files, Console(), as_json=json):
        raise typer.Exit(2)


app.command()(examining.examine)


def _run(
    case_file: Path,
    out: Path,
    particles: int | None,
    seed: int | None,
    effort: Thoroughness,
    keep: Path | None = None,
    give_up: float | None = None,
) -> None:
    from sarex import mission  # noqa: PLC0415
    from sarex.cli.results import compute, write  # noqa: PLC0415
    from sarex.cli.summary import print_summary  # noqa: PLC0415
    from sarex.drift.backward import check_forward  # noqa: PLC0415
    from sarex.exchange.folder import check_replaceable  # noqa: PLC0415

    check_replaceable(out)
    if keep is None and give_up is not None:
        raise InputError(
            f"--give-up is {give_up:g}, but no plan is kept: it says what a kept plan may cost. "
            "Give the plan that units fly now with --keep, or leave --give-up away."
        )
    case = _varied(mission.open_case(case_file), particles, seed)
    check_forward(case)
    if not case.units:
        raise InputError(
            f"{case_file}: there is no [[unit]]; a plan needs at least one. "
            "Add the units at hand, or run sarex drift."
        )
    if keep is None:
        outcome = compute(case, (), _effort(effort), Console(stderr=True))
    else:
        from sarex.cli.keeping import Keeping  # noqa: PLC0415

        keeping = Keeping(keep, give_up)
        outcome = compute(case, (), _effort(effort), Console(stderr=True), keeping.plan)
        keeping.print_steps(Console(soft_wrap=True))
    write(outcome, out, ())
    print_summary(outcome, out, Console(soft_wrap=True))


def _varied(case: "Case", particles: int | None, seed: int | None) -> "Case":
    from dataclasses import replace  # noqa: PLC0415

    check_number("--particles", particles, 100, 20_000_000)
    check_number("--seed", seed, 0, 2**63 - 1)
    if particles is not None:
        case = replace(case, drift=replace(case.drift, particles=particles))
    return case if seed is None else replace(case, seed=seed)


def _effort(thoroughness: Thoroughness) -> "Effort":
    from sarex.planning import Effort  # noqa: PLC0415

    match thoroughness:
        case Thoroughness.QUICK:
            return Effort(lines=2, tries=80, rounds=10, moves=40, shakes=3, polish=4, particles=3000)
        case Thoroughness.NORMAL:
            return Effort()
        case Thoroughness.THOROUGH:
            return Effort(lines=8, tries=200, rounds=32, moves=110, shakes=24, polish=24)


def _instant(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f'{option} is "{text}"; it must be a time such as 2026-10-15T07:00Z.') from error
    if instant.tzinfo is None:
        raise InputError(
            f'{option} is "{text}", which names no time zone; write UTC times with a Z at the end.'
        )
    if not 1950 <= instant.year <= 2150:
        raise InputError(f'{option} is "{text}"; the year must lie between 1950 and 2150.')
    return instant.astimezone(UTC)
