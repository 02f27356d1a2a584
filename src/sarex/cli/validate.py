"""`sarex validate`: from a folder of drifter tracks to a folder of scores."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sarex.case.model import DriftSettings
from sarex.errors import InputError
from sarex.exchange.folder import VALIDATION_MARKER, check_replaceable, whole_folder
from sarex.exchange.validation_files import (
    reliability_to_csv,
    scores_to_csv,
    summary_to_csv,
    validation_to_json,
)
from sarex.report.validation_page import MAIN_HORIZON_H, render_reliability, render_validation
from sarex.validation import CrossValidation, Study, StudySettings, cross_validate, read_tracks, validate
from sarex.validation.cross_validation import PUBLISHED
from sarex.validation.resample import Estimate
from sarex.validation.summary import Summary


@dataclass(frozen=True)
class Options:
    """What the command line may change."""

    particles: int = 5_000
    spacing_h: int = 24
    seed: int = 1
    published_errors: bool = False
    """Score the error parameters of the literature instead of the house's own."""
    cross_validation: bool = False
    """Also fit error parameters on some groups of tracks and judge them on the others."""


def run_validation(data: Path, out: Path, options: Options) -> None:
    """Score the drift against the tracks in a folder, write the results whole or not at all, and sum up.

    Raises:
        InputError: there are no usable tracks, an option is out of range, or `out` may not be written.
    """
    _check(options)
    check_replaceable(out)
    computed_at = datetime.now(UTC).replace(microsecond=0)
    study = _study(data, options, Console(stderr=True))
    found = cross_validate(study.scores) if options.cross_validation else ()
    _write(study, found, data.resolve().name, out, computed_at)
    _print(study, found, out, Console(soft_wrap=True))


def _check(options: Options) -> None:
    limits = (
        ("--particles", options.particles, 100, 1_000_000),
        ("--every", options.spacing_h, 1, 24 * 30),
        ("--seed", options.seed, 0, 2**63 - 1),
    )
    for name, value, least, most in limits:
        if not least <= value <= most:
            raise InputError(f"{name} is {value}; it must lie between {least} and {most}.")


def _study(data: Path, options: Options, console: Console) -> Study:
    drift = DriftSettings(particles=options.particles)
    if options.published_errors:
        sigma_mps, growth, memory_s = PUBLISHED
        drift = replace(
            drift, current_error_mps=sigma_mps, current_error_growth=growth, error_memory_s=memory_s
        )
    settings = StudySettings(drift=drift, spacing_h=options.spacing_h, seed=options.seed)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        step = progress.add_task("reading the tracks", total=None)
        tracks, unread = read_tracks(data)
        progress.update(step, description="drifting from every launch", total=1.0)
        return validate(tracks, unread, settings, lambda done: progress.update(step, completed=done))


def _write(
    study: Study, found: tuple[CrossValidation, ...], data: str, out: Path, computed_at: datetime
) -> None:
    files = {
        VALIDATION_MARKER: validation_to_json(study, found, data, computed_at),
        "validation.html": render_validation(study, found, data, computed_at),
        "reliability.svg": render_reliability(study),
        "summary.csv": summary_to_csv(study.summaries),
        "reliability.csv": reliability_to_csv(study.summaries),
        "scores.csv": scores_to_csv(study.scores),
    }
    with whole_folder(out) as folder:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")


def _print(study: Study, found: tuple[CrossValidation, ...], out: Path, console: Console) -> None:
    console.print(_table(study))
    for model in study.models:
        main = study.summary(model, MAIN_HORIZON_H)
        if main is not None:
            console.print(_main_line(main), highlight=False)
    for one in found:
        console.print(_cross_line(one), highlight=False)
    for kind in (kind for kind, slip in study.slips.items() if not slip.published):
        console.print(f"[yellow]no published wind slip for[/] {kind}: taken as 0", highlight=False)
    for unread in study.unread:
        console.print("[yellow]not used:[/]", unread.why, highlight=False, markup=True)
    console.print(f"written: {out / 'validation.html'} and the tables beside it", highlight=False)


def _table(study: Study) -> Table:
    table = Table(title="share of drifters inside (%), area of the 95 % contour, distance missed (km)")
    names = ("model", "h", "launches", "50 %", "75 %", "90 %", "95 %", "km²", "forecast", "stays", "goes on")
    for name in names:
        table.add_column(name, justify="left" if name == "model" else "right", no_wrap=True)
    for summary in study.summaries:
        if summary.kind is None:
            skills = (summary.forecast, summary.stayed, summary.last_velocity)
            table.add_row(
                summary.model,
                str(summary.horizon_h),
                f"{summary.launches}",
                *(f"{100.0 * held.main.value:.1f}" for held in summary.containment),
                f"{summary.area_m2[-1].value / 1e6:.0f}",
                *(f"{skill.separation_m.value / 1e3:.1f}" for skill in skills),
            )
    table.box = None
    return table


def _main_line(summary: Summary) -> str:
    parts = (
        f"{100.0 * level:.0f} % contour [bold]{_percent(summary.held(level).main)} %[/] "
        f"in {area_m2.value / 1e6:,.0f} km²"
        for level, area_m2 in ((0.95, summary.area_m2[-1]), (0.5, summary.area_m2[0]))
    )
    return (
        f"[bold]{summary.model}[/] at {summary.horizon_h} h: {', '.join(parts)} "
        f"({summary.drifters} drifters, {summary.days} launch days)"
    )


def _cross_line(found: CrossValidation) -> str:
    sigma_mps, growth, memory_s = found.everything
    judged = [
        f"{name} 50 % contour {100.0 * row.held_frac[0]:.1f} %, "
        f"95 % contour {100.0 * row.held_frac[-1]:.1f} % in {row.area_m2[-1] / 1e6:,.0f} km²"
        for name, rows in (("fitted:", found.fitted), ("published:", found.published))
        for row in rows
        if row.horizon_h == MAIN_HORIZON_H
    ]
    return (
        f"cross-validated by {found.by}: {sigma_mps:.3f} m/s, growth {growth:.3f}, "
        f"memory {memory_s / 3600.0:.1f} h; "
        f"held out at {MAIN_HORIZON_H} h, {'; '.join(judged)}"
    )


def _percent(found: Estimate) -> str:
    return f"{100.0 * found.value:.1f} ({100.0 * found.low:.0f}–{100.0 * found.high:.0f})"
