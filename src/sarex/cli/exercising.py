"""`sarex exercise`: start, run, play and stop an exercise."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sarex.errors import InputError, JournalError

if TYPE_CHECKING:
    from sarex.exercise.play.running import Running
    from sarex.exercise.play.state import State
    from sarex.journal import Draft

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Start, run, play and stop an exercise. Its log holds everything; a killed command goes on from it.",
)

Log = Annotated[
    str, typer.Option("--log", help="The log: a file ending in .sqlite, or the URL of a PostgreSQL database.")
]
By = Annotated[str, typer.Option("--by", help="The role that does it, as in the exercise file.")]
Hidden = Annotated[
    bool, typer.Option("--director", help="Also what players must not see. Not for their screens.")
]
DEFAULT_LOG = "exercise.sqlite"


@app.command()
def start(
    file: Annotated[
        Path | None,
        typer.Argument(help="The exercise file, sarex-exercise/1 (TOML); the joint example if not given."),
    ] = None,
    *,
    log: Log = DEFAULT_LOG,
    auto: Annotated[bool, typer.Option("--auto", help="The planner plays all roles.")] = False,
) -> None:
    """Check an exercise file and begin its log."""
    from sarex.cli.exercise_words import say_begun  # noqa: PLC0415
    from sarex.exercise.file.door import example_path  # noqa: PLC0415
    from sarex.exercise.play.launch import start as begin  # noqa: PLC0415

    running = begin(file or example_path(), log, auto=auto)
    running.journal.close()
    say_begun(running.state, log, Console(soft_wrap=True))


@app.command()
def example(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files, new or empty.")] = Path(
        "my-exercise"
    ),
) -> None:
    """Copy the joint example's files, to make an exercise of your own from them."""
    from sarex.cli.exercise_example import copy_example  # noqa: PLC0415

    copy_example(out, Console(soft_wrap=True))


@app.command()
def status(
    *,
    log: Log = DEFAULT_LOG,
    json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
    director: Hidden = False,
) -> None:
    """Tell where the exercise stands, as everybody may know it."""
    from sarex.cli.exercise_words import print_status, status_to_json  # noqa: PLC0415

    with _open(log) as running:
        state = running.state
    if json:
        typer.echo(status_to_json(state, director=director))
    else:
        print_status(state, Console(soft_wrap=True), director=director)


@app.command()
def advance(
    how_far: Annotated[
        list[str] | None, typer.Argument(help='Such as "30min", "2h", or "to 10:30Z" (next time it is that).')
    ] = None,
    *,
    log: Log = DEFAULT_LOG,
    to_end: Annotated[bool, typer.Option("--to-end", help="To the end of the exercise.")] = False,
    auto: Annotated[
        bool | None, typer.Option("--auto/--by-hand", help="From now on the planner, or people, play.")
    ] = None,
    real_time: Annotated[bool, typer.Option("--real-time", help="As fast as the clock.")] = False,
    speed: Annotated[
        float | None, typer.Option("--speed", help="So many times as fast as the clock, such as 60.")
    ] = None,
    director: Hidden = False,
) -> None:
    """Let exercise time pass: injects come, crews go, and what becomes known is shown."""
    from sarex.cli.exercise_clock import Pace, advance_log, instant_wanted  # noqa: PLC0415

    pace = Pace.of(speed, real_time=real_time)
    with _open(log) as running:
        until = instant_wanted(running.state, how_far or (), to_end=to_end)
        advance_log(running, until, pace, auto, Console(), log, director=director)


@app.command()
def inject(
    inject_id: Annotated[str | None, typer.Argument(help="An inject of the list, out of its turn.")] = None,
    *,
    log: Log = DEFAULT_LOG,
    skip: Annotated[bool, typer.Option("--skip", help="It shall never come.")] = False,
    text: Annotated[str | None, typer.Option("--text", help="Instead of an id: what is told.")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="Role told; may be repeated.")] = None,
    sender: Annotated[str, typer.Option("--from", help="Who tells it.")] = "EXCON",
    medium: Annotated[str, typer.Option("--medium", help="By what.")] = "VHF radio",
    acknowledge_within: Annotated[
        str | None,
        typer.Option("--acknowledge-within", help="Such as 10min; nobody need answer if not given."),
    ] = None,
) -> None:
    """Release or skip an inject now, or tell the players something that is not on the list."""
    from sarex.cli.exercise_clock import span_of  # noqa: PLC0415
    from sarex.exercise.play.controls import AdHoc, inject_ad_hoc, inject_now  # noqa: PLC0415

    if (inject_id is None) == (text is None):
        raise InputError("give either the id of an inject on the list, or --text with --to for another one.")
    if inject_id is not None and (to or acknowledge_within):
        raise InputError(
            f"{inject_id} stands on the list with its receivers; --to and --acknowledge-within go with "
            "--text."
        )
    if skip and text is not None:
        raise InputError("--skip goes with the id of an inject on the list, not with --text.")
    if text is None:
        name = inject_id or ""
        with _open(log) as running:
            _record(running, lambda state: inject_now(state, running.director, name, skip=skip), warn=True)
        return
    within = None if acknowledge_within is None else span_of("--acknowledge-within", acknowledge_within)
    told = AdHoc(text, tuple(to or ()), sender, medium, within)
    _record_in(log, lambda state: inject_ad_hoc(state, told))


@app.command()
def inbox(
    *,
    by: Annotated[str, typer.Option("--by", help="The role whose injects and messages are shown.")],
    language: Annotated[
        str | None, typer.Option("--language", help="en, ja or ko; that of the role's nation if not given.")
    ] = None,
    log: Log = DEFAULT_LOG,
) -> None:
    """Show in full what reached a role: injects, messages and situation reports."""
    from sarex.cli.exercise_inbox import print_inbox  # noqa: PLC0415

    with _open(log) as running:
        state, entries = running.state, running.journal.read()
    print_inbox(state, entries, by, language, log, Console(soft_wrap=True))


@app.command()
def acknowledge(
    what: Annotated[str, typer.Argument(help="An inject or a message.")], *, by: By, log: Log = DEFAULT_LOG
) -> None:
    """Acknowledge an inject or a message."""
    from sarex.exercise.play.controls import acknowledged  # noqa: PLC0415

    _record_in(log, lambda state: acknowledged(state, what, by))


@app.command()
def order(
    plan: Annotated[
        Path | None, typer.Argument(help="A plan.json or the folder that holds it: search as it says.")
    ] = None,
    *,
    by: By,
    log: Log = DEFAULT_LOG,
    unit: Annotated[str | None, typer.Option("--unit", help="Only this unit.")] = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Only propose the plan; others accept it first.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the proposed plan, and order your nation's units.")
    ] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="The unit goes to a sighting and lifts who is there.")
    ] = False,
    sighting: Annotated[
        str | None, typer.Option("--sighting", help="Which; the latest if not given.")
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="The unit's orders end; it goes home.")] = False,
    why: Annotated[str, typer.Option("--why", help="Of a cancellation, for the log.")] = "cancelled by hand",
) -> None:
    """Order units: to search as a plan has it, to recover, or home."""
    from sarex.cli.exercise_orders import Wanted, decision_of  # noqa: PLC0415

    wanted = Wanted(
        plan, by, unit, sighting, why, propose=propose, accept=accept, recover=recover, cancel=cancel
    )
    _record_in(log, decision_of(wanted))


@app.command(name="coordinate")
def coordinate(*, by: By, log: Log = DEFAULT_LOG) -> None:
    """Take over the co-ordination of the case."""
    from sarex.exercise.play.controls import named  # noqa: PLC0415

    _record_in(log, lambda state: named(state, by))


@app.command(name="sitrep")
def sitrep_(
    text: Annotated[str, typer.Argument(help="The situation report.")], *, by: By, log: Log = DEFAULT_LOG
) -> None:
    """Send a situation report."""
    from sarex.exercise.play.controls import sitrep  # noqa: PLC0415

    _record_in(log, lambda state: sitrep(state, by, text))


@app.command(name="message")
def message_(
    text: Annotated[str, typer.Argument(help="What it says.")],
    *,
    by: By,
    to: Annotated[str, typer.Option("--to", help="The role that it is for.")],
    about: Annotated[str, typer.Option("--about", help="Its subject.")] = "",
    log: Log = DEFAULT_LOG,
) -> None:
    """Send a message from one role to another."""
    from sarex.exercise.play.controls import message  # noqa: PLC0415

    _record_in(log, lambda state: message(state, by, to, about, text))


@app.command()
def report(
    *,
    log: Log = DEFAULT_LOG,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Also write tracks, sightings, case and plan into this folder."),
    ] = None,
) -> None:
    """Tell what crews reported: what they saw and where they searched."""
    from sarex.cli.exercise_report import (  # noqa: PLC0415
        check_no_debrief,
        how_to_go_on,
        print_report,
        write_report,
    )
    from sarex.exchange.folder import check_replaceable  # noqa: PLC0415

    if out is not None:
        check_replaceable(out)
        check_no_debrief(out)
    with _open(log) as running:
        state = running.state
    console = Console(soft_wrap=True)
    print_report(state, console)
    if out is not None:
        write_report(state, out)
        console.print(f"written to {out}", markup=False, highlight=False)
        console.print(how_to_go_on(state.known, out), markup=False, highlight=False)


@app.command()
def debrief(
    *,
    log: Log = DEFAULT_LOG,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the debrief: new, empty or an earlier one.")
    ] = Path("debrief"),
    language: Annotated[str, typer.Option("--language", help="en, ja or ko.")] = "en",
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as PDF (takes the extra debrief).")] = False,
) -> None:
    """Write what happened, how good it was and what to do better, the truth included. Not for players."""
    from sarex.cli.debriefing import debrief_log  # noqa: PLC0415

    debrief_log(log, out, language, pdf=pdf, console=Console(soft_wrap=True))


@app.command()
def hold(
    said: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD] [TEXT]",
            help='A safety word of the exercise, "NO PLAY" or "REAL WORLD" in any case, and what happened. '
            "Anything else stops everything as a real emergency does.",
        ),
    ] = None,
    *,
    by: By = "director",
    log: Log = DEFAULT_LOG,
) -> None:
    """Stop everything on a safety word; nothing goes on until it is resumed."""
    from sarex.exercise.play.controls import hold as held  # noqa: PLC0415

    _record_in(log, lambda state: held(state, by, *state.exercise.safety.parted(said or ())))


@app.command()
def resume(*, by: By = "director", log: Log = DEFAULT_LOG) -> None:
    """Go on after a safety word."""
    from sarex.exercise.play.controls import resume as resumed  # noqa: PLC0415

    _record_in(log, lambda state: resumed(state, by))


@app.command()
def note(
    objective: Annotated[str, typer.Argument(help="Of the evaluation guide.")],
    rating: Annotated[str, typer.Argument(help="P, S, M or U.")],
    text: Annotated[str, typer.Argument(help="What was seen.")],
    *,
    by: By,
    criterion: Annotated[str | None, typer.Option("--criterion", help="Of the objective.")] = None,
    log: Log = DEFAULT_LOG,
) -> None:
    """Write down what an evaluator saw."""
    from sarex.exercise.play.controls import Note  # noqa: PLC0415
    from sarex.exercise.play.controls import note as noted  # noqa: PLC0415

    given = Note(by, objective, rating.upper(), text, criterion)
    _record_in(log, lambda state: noted(state, given))


@app.command()
def stop(
    why: Annotated[str, typer.Argument(help="For the log.")] = "stopped by hand",
    *,
    by: By = "director",
    log: Log = DEFAULT_LOG,
) -> None:
    """End the exercise. What is still open is closed; nothing but evaluators' notes can be added."""
    from sarex.exercise.play.controls import stop as stopped  # noqa: PLC0415

    with _open(log) as running:
        _record(running, lambda state: stopped(state, running.director, by, why))


@contextmanager
def _open(log: str) -> "Iterator[Running]":
    """The exercise in a log. Closed, a log is one file again, and a copy of it is whole."""
    from sarex.exercise.play.launch import open_running  # noqa: PLC0415

    running = open_running(log)
    try:
        yield running
    finally:
        running.journal.close()
    if "://" not in log and not Path(log).exists():
        raise JournalError(
            f"{log} was moved or deleted while this command worked with it, and what it recorded last may be "
            "lost. Bring the file back, or go on with a copy."
        )


def _record_in(log: str, decide: "Callable[[State], Sequence[Draft]]") -> None:
    with _open(log) as running:
        _record(running, decide)


def _record(running: "Running", decide: "Callable[[State], Sequence[Draft]]", *, warn: bool = False) -> None:
    from sarex.cli.exercise_words import print_doubts, print_entries  # noqa: PLC0415

    entries = running.record(decide)
    print_entries(entries, Console(soft_wrap=True))
    if warn:
        print_doubts(entries, Console(soft_wrap=True))
