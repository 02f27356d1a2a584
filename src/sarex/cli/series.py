"""`sarex series`: the programme of exercises."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from sarex.programme.door import Opened
    from sarex.programme.model import Series

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep the series: exercises held and planned, hosts, commitments, corrective actions.",
)

SeriesFile = Annotated[Path, typer.Argument(help="The series file, sarex-series/1 (TOML).")]
Today = Annotated[
    str | None, typer.Option("--today", help="Count from this day, e.g. 2026-11-23, instead of today.")
]


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(help="The series file; the sample that ships with Sarex if not given.")
    ] = None,
    *,
    today: Today = None,
) -> None:
    """Show the programme: exercises, meetings, commitments, corrective actions, and who hosts next."""
    from sarex.cli.series_words import print_series  # noqa: PLC0415
    from sarex.programme.door import open_sample, open_series  # noqa: PLC0415

    series = open_sample() if file is None else open_series(file).series
    print_series(series, _day(today), Console(soft_wrap=True))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file that is there is left alone.")],
) -> None:
    """Write a series file to begin with: the ten exercises of 1999 to 2017 and the agreement of 2026."""
    from sarex.programme.door import open_sample, sample_head  # noqa: PLC0415
    from sarex.programme.keep import create_series  # noqa: PLC0415

    create_series(file, open_sample().revised_at(_now()), sample_head())
    _say(f"{file} written: ten exercises held. Fill in what you know, then: sarex series plan {file}")


@app.command()
def plan(
    file: SeriesFile,
    *,
    years_on: Annotated[
        int | None,
        typer.Option("--years-on", min=1, max=20, help="Years after the last; the series' own if not given."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Also write the entries into the series file.")
    ] = False,
    today: Today = None,
) -> None:
    """Propose the next exercise: when, who hosts, and the corrective actions carried into it."""
    from sarex.programme.door import open_series  # noqa: PLC0415
    from sarex.programme.turns import proposal_to_text, propose, with_proposal  # noqa: PLC0415

    opened = open_series(file)
    proposal = propose(opened.series, _day(today), years_on)
    if write:
        _save(opened, with_proposal(opened.series, proposal))
    typer.echo(proposal_to_text(proposal), nl=False)


@app.command()
def record(
    file: SeriesFile,
    debrief: Annotated[Path, typer.Argument(help="The debrief.json of the exercise that was held.")],
    *,
    recorded_as: Annotated[
        str | None, typer.Option("--as", help="The exercise's id in the series; the debrief's if not given.")
    ] = None,
) -> None:
    """Enter an exercise that was held: its scores, what it closed, and what is carried on."""
    from sarex.cli.series_words import print_recorded  # noqa: PLC0415
    from sarex.programme.debriefs import open_debrief  # noqa: PLC0415
    from sarex.programme.door import open_series  # noqa: PLC0415
    from sarex.programme.record import record_debrief  # noqa: PLC0415

    opened = open_series(file)
    found = record_debrief(
        opened.series, open_debrief(debrief), file=_from_folder(debrief, file), recorded_as=recorded_as
    )
    _save(opened, found.series)
    print_recorded(found, file, Console(soft_wrap=True))


@app.command()
def close(
    file: SeriesFile,
    action: Annotated[str, typer.Argument(help="The id of the corrective action.")],
    *,
    by: Annotated[str, typer.Option("--by", help="The exercise or meeting, held since, that closed it.")],
) -> None:
    """Close a corrective action by hand."""
    from sarex.programme.door import open_series  # noqa: PLC0415
    from sarex.programme.record import close_action  # noqa: PLC0415

    opened = open_series(file)
    _save(opened, close_action(opened.series, action, by))
    _say(f"{action} closed by {by}")


@app.command()
def calendar(
    file: Annotated[
        Path | None, typer.Argument(help="The series file; the sample that ships with Sarex if not given.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="The calendar file to write (.ics).")],
) -> None:
    """Write the programme as a calendar: exercises, meetings, what was agreed and what is due."""
    from sarex.exchange.text_file import write_text  # noqa: PLC0415
    from sarex.programme.door import open_sample, open_series  # noqa: PLC0415
    from sarex.programme.ics import items_of, series_to_ics  # noqa: PLC0415
    from sarex.report.words import counted  # noqa: PLC0415

    _not_over(out, [] if file is None else [file])
    series = open_sample() if file is None else open_series(file).series
    text = series_to_ics(series)
    write_text(out, text)
    items = items_of(series)
    undated = sum(item.kind in {"exercise", "meeting"} and not item.busy for item in items)
    note = f"; {undated} of them fill a year, for their days are not recorded" if undated else ""
    _say(f"{out} written: {counted(len(items), 'event')}{note}")


@app.command()
def compare(
    debriefs: Annotated[list[Path], typer.Argument(help="Two or more debrief.json files, in any order.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write the page to this file (.html).")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The heading of the page.")] = "SAREX",
) -> None:
    """Compare exercises year on year: scores, ratings, open corrective actions."""
    from sarex.cli.series_words import print_comparison  # noqa: PLC0415
    from sarex.exchange.text_file import check_writable  # noqa: PLC0415
    from sarex.programme.comparison import compare as compared  # noqa: PLC0415
    from sarex.programme.debriefs import open_debrief  # noqa: PLC0415

    if out is not None:
        check_writable(out)
        _not_over(out, debriefs)
    found = compared([open_debrief(path) for path in debriefs])
    if out is not None:
        from sarex.exchange.text_file import write_text  # noqa: PLC0415
        from sarex.report.series_page import render_series_comparison  # noqa: PLC0415

        write_text(out, render_series_comparison(found, title))
    print_comparison(found, Console(soft_wrap=True))


def _save(opened: "Opened", series: "Series") -> None:
    from sarex.programme.keep import save_series  # noqa: PLC0415
    from sarex.report.words import counted  # noqa: PLC0415

    save_series(opened, series.revised_at(_now()))
    if opened.comments_below:
        Console(stderr=True, soft_wrap=True).print(
            f"{counted(opened.comments_below, 'line')} of comment below the top of {opened.path} could not "
            "be kept; write such words as remarks.",
            highlight=False,
            markup=False,
        )


def _from_folder(debrief: Path, file: Path) -> str:
    """The debrief's path from the folder of the series file, with forward slashes."""
    import os  # noqa: PLC0415

    return Path(os.path.relpath(debrief.resolve(), file.resolve().parent)).as_posix()


def _not_over(out: Path, read: list[Path]) -> None:
    """Ask that what is written does not take the place of what is read."""
    from sarex.errors import InputError  # noqa: PLC0415

    if out.resolve() in [path.resolve() for path in read]:
        raise InputError(f"--out is {out}, which is read here and would be lost. Name another file.")


def _now() -> datetime:
    return datetime.now(UTC)


def _day(given: str | None) -> date:
    from sarex.errors import InputError  # noqa: PLC0415

    if given is None:
        return _now().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError(f'--today is "{given}"; it must be a day such as 2026-11-23.') from None


def _say(text: str) -> None:
    Console(soft_wrap=True).print(text, highlight=False, markup=False)
