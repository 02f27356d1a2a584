"""Debriefs of a series on one page, year on year: no external request, prints on A4."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment as Templates

from sarex import __version__
from sarex.programme.comparison import Change, Comparison, RatingRow, ScoreRow
from sarex.programme.model import RATINGS
from sarex.report.fonts import font_families, letters_for
from sarex.report.templating import page_templates
from sarex.report.words import counted, joined

MARKS = {
    Change.BETTER: "▲ better",
    Change.WORSE: "▼ worse",
    Change.SAME: "= same",
    Change.UNJUDGED: "",
    Change.NONE: "",
}
"""A sign and a word, so that the page needs no colour."""
_WIDTH, _HEIGHT, _MARGIN = 120.0, 34.0, 7.0
_LETTERS = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}


@dataclass(frozen=True)
class Line:
    """A small drawing of one score through the exercises; gaps where it was not measured."""

    path: str
    points: tuple[tuple[float, float], ...]


def render_series_comparison(comparison: Comparison, title: str) -> str:
    """The page as HTML."""
    template = _templates().get_template("series.html.j2")
    return template.render(
        title=title,
        stamp="EXERCISE – SYNTHETIC SEA" if comparison.synthetic else "EXERCISE",
        comparison=comparison,
        summary=summary_sentences(comparison),
        letters_style=letters_style(f"{title} {_texts(comparison)}"),
        lines=[sparkline(row.values) for row in comparison.scores],
        marks=MARKS,
        meanings=_LETTERS,
        ratings=RATINGS,
        version=__version__,
    )


def letters_style(text: str) -> str:
    """A style sheet with the letters of a text that not every machine has; empty where there are none."""
    fonts = letters_for(text, "en", latin=False, flavour="woff2") if not text.isascii() else ()
    if not fonts:
        return ""
    faces = [
        f'@font-face {{ font-family: "Sarex {font.family}"; font-weight: 400 700; '
        f"src: url(data:font/woff2;base64,{b64encode(font.data).decode('ascii')}) }}"
        for font in fonts
    ]
    return "\n".join([*faces, f"body {{ font-family: {font_families(fonts, 'en')} }}"])


def _texts(comparison: Comparison) -> str:
    """What people wrote, in whatever language."""
    said = [debrief.title for debrief in comparison.debriefs]
    said += [row.objective for row in comparison.ratings] + [row.words.title for row in comparison.scores]
    for action in (action for left in comparison.open_actions for action in left):
        said += [action.id, action.text, action.owner or "", action.objective or ""]
    return " ".join(said)


def summary_sentences(comparison: Comparison) -> tuple[str, ...]:
    """What one would say first."""
    first, last = comparison.debriefs[0], comparison.debriefs[-1]
    counts = comparison.counts()
    judged = counts[Change.BETTER] + counts[Change.WORSE] + counts[Change.SAME]
    changed = f"{counts[Change.BETTER]} better, {counts[Change.WORSE]} worse, {counts[Change.SAME]} the same"
    told = [f"From {first.id} to {last.id}: of {counted(judged, 'score')} judged, {changed}."]
    if judged == 0:
        told = [f"From {first.id} to {last.id}: no score was measured in both that could be judged."]
    worse = [row.words.title for row in comparison.scores if row.overall is Change.WORSE]
    if worse:
        told.append(f"Worse: {joined(worse)}.")
    fallen = [row.objective for row in comparison.ratings if row.overall is Change.WORSE]
    if fallen:
        told.append(f"Rated lower: {joined(fallen)}.")
    told.append(
        f"Open in the debrief of {last.id}: {counted(len(comparison.open_actions[-1]), 'corrective action')}."
    )
    if comparison.synthetic:
        whose = joined(comparison.synthetic)
        told.append(
            f"Wind or current of {whose} is computed, not observed or forecast: not for a real search."
        )
    return tuple(told)


def sparkline(values: Sequence[float | None]) -> Line:
    """The values from left to right, the largest on top."""
    known = [value for value in values if value is not None]
    if not known:
        return Line("", ())
    low, high = min(known), max(known)
    room = (high - low) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    points: list[tuple[float, float]] = []
    path = ""
    pen_down = False
    for number, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x = _MARGIN + number * step
        share = (value - low) / room if high > low else 0.5
        y = _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)
        path += f"{'L' if pen_down else 'M'}{x:.1f},{y:.1f} "
        pen_down = True
        points.append((round(x, 1), round(y, 1)))
    return Line(path.strip(), tuple(points))


def _change(row: ScoreRow, number: int) -> str:
    """The difference to the exercise before."""
    return row.words.told_change(row.values[number - 1], row.values[number])


def _letter(row: RatingRow, number: int) -> str:
    return row.letters[number] or "–"


@cache
def _templates() -> Templates:
    templates = page_templates()
    templates.globals.update(change=_change, letter=_letter, width=_WIDTH, height=_HEIGHT)
    return templates
