"""The debrief as a page and as a PDF: one file, no request, the same bytes, no letter missing."""

import io
import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from made_log import made_debrief, made_log
from sarex.cli import debriefing
from sarex.errors import InputError, Tampered
from sarex.journal import Draft, Journal
from sarex.programme.debriefs import open_debrief
from sarex.report import debrief_pdf, fonts
from sarex.report.debrief_blocks import Table
from sarex.report.debrief_json import debrief_to_json
from sarex.report.debrief_page import debrief_document, render_debrief
from sarex.report.fonts import font_families, letters_for

LANGUAGES = ("en", "ja", "ko")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
needs_fonts = pytest.mark.skipif(not fonts.fonts_installed(), reason="the extra debrief is not installed")


@cache
def page_in(language: str) -> str:
    return render_debrief(made_debrief(), language)


class Reader(HTMLParser):
    """What a page asks for, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.texts: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("style", "script")
        self.asked += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_asks_for_nothing(language: str) -> None:
    page = page_in(language)
    assert [asked for asked in read(page).asked if not asked.startswith("#")] == []
    assert re.findall(r"url\((?!data:|#)", page) == []
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_same_debrief_gives_the_same_bytes(language: str) -> None:
    first = page_in(language)
    fonts._cut_out.cache_clear()
    assert render_debrief(made_debrief(), language) == first


def test_every_section_is_marked_exercise() -> None:
    page = page_in("ja")
    assert page.count("<h2>") == page.count('class="mark">EXERCISE 訓練') >= 12
    assert 'class="banner exercise"' in page


def test_the_page_says_what_happened() -> None:
    said = " ".join(read(page_in("en")).texts)
    for words in (
        "13\u00a0h\u00a030\u00a0min",
        "Crews were briefed late.",
        "Found by Japan, recovered by Republic of Korea",
        "missed: smc-kr",
        "MAYDAY, sinking, five persons, taking to the raft",
        "No unit was inside a danger area.",
    ):
        assert words in said


def test_free_text_is_escaped() -> None:
    from dataclasses import replace

    debrief = made_debrief()
    happening = next(each for each in debrief.happenings if each.kind == "evaluator.noted")
    nasty = replace(happening, body={**happening.body, "text": "<script>alert(1)</script>"})
    page = render_debrief(replace(debrief, happenings=(nasty,)), "en")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_frames_can_be_stepped_through_and_are_printed() -> None:
    page = page_in("en")
    count = len(made_debrief().frames)
    assert f'max="{count - 1}"' in page
    assert len(re.findall(r'<g id="film-\d+-\d+">', page)) == count
    assert len(re.findall(r'class="small"', page)) == 8


@needs_fonts
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_missing(language: str) -> None:
    """Every letter of the page that a machine may lack stands in one of its fonts."""
    from fontTools.ttLib import TTFont

    page = page_in(language)
    shown = "".join(read(page).texts)
    held: set[str] = set()
    for font in letters_for(shown, language, latin=language != "en"):
        held |= set(map(chr, TTFont(io.BytesIO(font.data)).getBestCmap()))
    assert {letter for letter in shown if fonts._rare(letter)} - held == set()
    assert ("@font-face" in page) == (language != "en")


@needs_fonts
def test_japanese_and_korean_in_one_text_take_two_fonts() -> None:
    families = [font.family for font in letters_for("捜索 수색", "ja", latin=True)]
    assert families == ["Noto Sans JP", "Noto Sans KR"]
    assert [font.family for font in letters_for("수색 救助", "ko", latin=False)] == ["Noto Sans KR"]


def test_without_fonts_the_page_names_those_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "fonts_installed", lambda: False)
    page = render_debrief(made_debrief(), "ja")
    assert "@font-face" not in page
    assert "Hiragino Sans" in page
    assert font_families((), "ko").startswith('"Apple SD Gothic Neo"')


def test_without_typst_a_pdf_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debrief_pdf, "fonts_installed", lambda: False)
    with pytest.raises(InputError, match='extra "debrief"'):
        debrief_pdf.check_installed()


@needs_fonts
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_the_same_facts_and_is_the_same_again(language: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    document = debrief_document(made_debrief(), language)
    created = datetime(2026, 10, 15, 12, tzinfo=UTC)
    first = debrief_pdf.render_pdf(document, created)
    assert debrief_pdf.render_pdf(document, created) == first
    told = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first)).pages)
    plain = re.sub(r"\s", "", told)
    for section in document.sections:
        assert re.sub(r"\s", "", section.title) in plain
    assert "EXERCISE" in plain


def test_the_series_reads_the_debrief(tmp_path: Path) -> None:
    path = tmp_path / "debrief.json"
    path.write_text(debrief_to_json(made_debrief(), "ko"), encoding="utf-8")
    told = open_debrief(path)
    assert told.id == "MADE-2026"
    assert told.scores["alert_to_detection_min"] == 810.0
    assert told.ratings == {"co-ordinate": "M", "search": "S", "safe": "S"}
    assert [(each.id, each.closed) for each in told.actions] == [
        ("2017-1", False),
        ("2017-2", False),
        ("MADE-2026-1", False),
        ("MADE-2026-2", False),
        ("MADE-2026-3", False),
    ]
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == "sarex-debrief/1"


MEASURE = """
<script>
addEventListener("load", async () => {
  await document.fonts.ready;
  const wide = [...document.querySelectorAll("main *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1 && !e.closest(".wide, .off, svg");
  });
  const film = document.querySelector(".film");
  const on = film.querySelector(".on");
  on.click(); on.click(); on.click();
  const key = (k) => document.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true }));
  key("ArrowLeft");
  const faces = [...document.fonts].map((f) => f.status);
  parent.document.title = JSON.stringify({
    wide: wide.length, page: document.documentElement.scrollWidth,
    shown: film.querySelector(".shown").getAttribute("href"),
    told: [...film.querySelectorAll(".told")].findIndex((e) => !e.hidden), faces,
  });
});
</script>
"""


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_browser_nothing_overflows_and_the_film_steps(language: str, width: int, tmp_path: Path) -> None:
    page = page_in(language).replace("</body>", f"{MEASURE}</body>")
    # a frame may be as narrow as a telephone, a window of the browser not
    framed = f'<iframe style="width:{width}px;height:800px;border:0" srcdoc="{escape(page)}"></iframe>'
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html>{framed}", encoding="utf-8")
    done = subprocess.run(
        [
            str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1300,900",
            "--virtual-time-budget=4000", "--dump-dom", (tmp_path / "page.html").as_uri(),
        ],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    title = re.search(r"<title>(\{.*?\})</title>", done.stdout)
    assert title is not None
    measured = json.loads(title[1])
    assert measured["wide"] == 0
    assert measured["page"] <= width
    assert measured["told"] == 2
    assert measured["shown"].endswith("-2")
    assert set(measured["faces"]) <= {"loaded"}


def test_the_command_writes_a_whole_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log.sqlite"
    with Journal.create(log):
        pass
    monkeypatch.setattr(debriefing, "debrief", lambda *_, **__: made_debrief())
    said = io.StringIO()
    out = tmp_path / "debrief"
    debriefing.debrief_log(str(log), out, "en", pdf=False, console=Console(file=said, width=200))
    assert sorted(path.name for path in out.iterdir()) == ["debrief.html", "debrief.json"]
    assert (out / "debrief.html").read_text(encoding="utf-8") == page_in("en")
    assert "found 13\u00a0h\u00a030\u00a0min after the alert" in said.getvalue()


def test_a_forged_log_is_refused_and_nothing_written(tmp_path: Path) -> None:
    log = tmp_path / "log.sqlite"
    with Journal.create(log) as journal:
        entry = made_log()[0]
        journal.append([Draft(entry.at, entry.kind, entry.key, entry.by, entry.audience, entry.body)])
    with closing(sqlite3.connect(log)) as connection, connection:
        connection.execute("DROP TRIGGER sarex_entry_no_update")
        connection.execute("UPDATE sarex_entry SET body = replace(body, '\"seed\":1', '\"seed\":2')")
    assert issubclass(Tampered, InputError)  # exit status 2
    with pytest.raises(Tampered, match="Entry 1 of the journal"):
        debriefing.debrief_log(str(log), tmp_path / "out", "en", pdf=False, console=Console())
    assert not (tmp_path / "out").exists()


def test_when_a_unit_was_on_scene_stands_before_when_it_should_have_been() -> None:
    document = debrief_document(made_debrief(), "en")
    titles = [
        [c.title for c in b.columns] for s in document.sections for b in s.blocks if isinstance(b, Table)
    ]
    assert sum("On scene (as ordered), UTC" in row for row in titles) == 1
    late = replace(made_debrief().tasks[0], arrived=made_debrief().tasks[0].on_scene + timedelta(minutes=15))
    page = render_debrief(replace(made_debrief(), tasks=(late, replace(late, arrived=None))), "en")
    assert "15\u00a0Oct 00:45 (00:30)" in page
    assert "– (15\u00a0Oct 00:30)" in page


def test_the_command_leaves_other_peoples_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="did not write"):
        debriefing.debrief_log("log.sqlite", tmp_path, "en", pdf=False, console=Console())
