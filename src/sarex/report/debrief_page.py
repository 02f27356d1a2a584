"""The debrief as one self-contained page: it opens without a network, steps through time, and prints."""

import base64
from functools import cache

from jinja2 import Environment as Templates
from markupsafe import Markup

from sarex import __version__
from sarex.exercise.review.model import Debrief
from sarex.report import debrief_sections as first
from sarex.report import debrief_sections_more as more
from sarex.report.debrief_blocks import Document
from sarex.report.debrief_film import margin_mark, mark
from sarex.report.debrief_improvement import improvement
from sarex.report.debrief_words import KINDS, Names
from sarex.report.fonts import Letters, font_families, letters_for
from sarex.report.languages import tongue_of
from sarex.report.templating import page_templates


def debrief_document(debrief: Debrief, language: str) -> Document:
    """Everything that page and PDF say, in one language."""
    tongue = tongue_of(language)
    names = Names(debrief.exercise, tongue)
    exercise = debrief.exercise
    stamp = mark(debrief, names)
    synthetic = tongue.say("Wind or current is computed, not observed or forecast: not for a real search.")
    sections = (
        first.result(debrief, names),
        first.objectives(debrief, names),
        improvement(debrief, names),
        first.steps(debrief, names),
        first.maps(debrief, names),
        first.success(debrief, names),
        first.who_when(debrief, names),
        more.together(debrief, names),
        more.safety(debrief, names),
        more.injects(debrief, names),
        more.timeline(debrief, names),
        more.method(debrief, names),
    )
    return Document(
        language=language,
        mark=stamp,
        margin_mark=margin_mark(debrief),
        synthetic=synthetic if debrief.environment.synthetic else "",
        title=exercise.title.said_in(language),
        subtitle=tongue.say("Debrief: after-action report and improvement plan"),
        meta=(
            tongue.say(
                "{kind}, host {nation}",
                kind=tongue.say(KINDS[exercise.kind]),
                nation=names.nation(exercise.host),
            ),
            tongue.say(
                "{start} to {end}",
                start=tongue.date_time(debrief.started_at),
                end=tongue.date_time(debrief.ended_at),
            ),
            tongue.say("as of the last entry of the log, {time}", time=tongue.date_time(debrief.ended_at)),
        ),
        sections=sections,
        footer=f"{stamp} · {exercise.id} · sarex {__version__}, seed {exercise.seed}",
        page_of=tongue.say("page {page} of {pages}", page="{page}", pages="{pages}"),
    )


def render_debrief(debrief: Debrief, language: str) -> str:
    """The debrief as HTML; the same debrief gives the same bytes."""
    return page_of(debrief_document(debrief, language))


def page_of(document: Document) -> str:
    template = _templates().get_template("debrief.html.j2")
    plain = template.render(document=document, faces=Markup(""), families=Markup(""))
    fonts = letters_for(plain, document.language, latin=document.language != "en", flavour="woff2")
    faces = "".join(_face(font) for font in fonts)
    families = font_families(fonts, document.language)
    # our own style sheet, in which quotation marks must stay
    return template.render(document=document, faces=Markup(faces), families=Markup(families))  # noqa: S704


def _face(font: Letters) -> str:
    data = base64.b64encode(font.data).decode("ascii")
    return (
        f'@font-face {{ font-family: "Sarex {font.family}"; font-weight: 400 700; '
        f'src: url(data:font/woff2;base64,{data}) format("woff2"); }}\n'
    )


@cache
def _templates() -> Templates:
    templates = page_templates()
    templates.filters["drawn"] = Markup
    return templates
