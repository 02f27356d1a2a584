"""`sarex exercise debrief`: the page, the figures for the series, and a PDF if asked for."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sarex.cli.progress import progress_on
from sarex.exchange.folder import check_replaceable, whole_folder
from sarex.exercise.review.debrief import debrief
from sarex.exercise.review.model import Debrief, Step
from sarex.journal import Journal
from sarex.report.debrief_json import debrief_to_json
from sarex.report.debrief_page import debrief_document, page_of
from sarex.report.debrief_pdf import check_installed, render_pdf
from sarex.report.languages import tongue_of


def debrief_log(log: str, out: Path, language: str, *, pdf: bool, console: Console) -> Debrief:
    """Write the debrief of a log into a folder: debrief.html, debrief.json and, if asked for, debrief.pdf.

    Args:
        log: the journal: a file ending in .sqlite, or the URL of a database.
        out: a new or empty folder, or that of an earlier debrief.
        language: "en", "ja" or "ko".
        pdf: whether to write the PDF too; it takes the extra "debrief".

    Raises:
        InputError: the log is not that of an exercise, the language is not known, or a PDF cannot be made.
        JournalError: the log cannot be read, or is not what was recorded.
        OutputError: the folder could not be written.
    """
    tongue_of(language)
    if pdf:
        check_installed()
    check_replaceable(out)
    with Journal.open(log) as journal:
        entries = journal.read()
    with progress_on(console) as progress:
        step = progress.add_task("reading the log", total=None)
        found = debrief(entries, say=lambda what: progress.update(step, description=what))
        progress.update(step, description="writing")
        document = debrief_document(found, language)
        with whole_folder(out) as folder:
            (folder / "debrief.html").write_text(page_of(document), encoding="utf-8")
            (folder / "debrief.json").write_text(debrief_to_json(found, language), encoding="utf-8")
            if pdf:
                (folder / "debrief.pdf").write_bytes(render_pdf(document, found.ended_at))
    _say(found, out, console)
    return found


def _say(found: Debrief, out: Path, console: Console) -> None:
    """The result in a few lines."""
    tongue = tongue_of("en")
    seen = found.milestone(Step.DETECTION)
    outcome = "not found" if seen.after is None else f"found {tongue.duration(seen.after)} after the alert"
    curve = found.curve
    title = escape(found.exercise.title.said_in("en"))
    console.print(f"[bold]EXERCISE[/] {title}: {outcome}", highlight=False)
    told = (
        f"POS planned {tongue.percent(curve.final_planned)}, achieved {tongue.percent(curve.final_achieved)}"
    )
    if curve.final_clairvoyant is not None:
        told += f", clairvoyant planner {tongue.percent(curve.final_clairvoyant)}"
    console.print(told, highlight=False)
    for rating in found.ratings:
        letter = "-" if rating.letter is None else rating.letter.value
        console.print(f"{letter}  {escape(rating.objective.text.said_in('en'))}", highlight=False)
    console.print(f"Written: {escape(str(out / 'debrief.html'))}", highlight=False, soft_wrap=True)
