"""The page that compares exercises: whole in itself, escaped, and no wider than the window."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest

from made_series import action, write_debrief
from sarex.programme.comparison import compare
from sarex.programme.debriefs import open_debrief
from sarex.report.series_page import letters_style, render_series_comparison, sparkline

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MEASURE = """<script>
const wide = [...document.querySelectorAll("table")].filter(t => !t.parentElement.classList.contains("wide"));
document.body.dataset.measured = JSON.stringify(
  { page: document.documentElement.scrollWidth - document.documentElement.clientWidth, loose: wide.length });
</script></body>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("debriefs")
    years = range(2027, 2037, 2)
    paths = [
        write_debrief(
            folder / f"{year}.json",
            year,
            title=f"<b>SAREX</b> {year} & more",
            scores={"alert_to_plan_min": 60.0 - (year - 2027), "pos_achieved": 0.5, "hand_overs": None},
            ratings={"O1": "PSMUP"[(year - 2027) // 2], "O2": None},
            corrective_actions=[action("CA-1", "Agree <i>one</i> format " + "for positions " * 10)],
        )
        for year in years
    ]
    return render_series_comparison(compare([open_debrief(path) for path in paths]), "A series & <more>")


def test_it_asks_for_nothing_from_outside(page) -> None:
    assert not re.search(r"(src|href)=|url\((?!data:)|@import|<script", page)


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_computed_sea_is_said_on_the_page(tmp_path, synthetic: bool) -> None:
    paths = [
        write_debrief(tmp_path / f"{year}.json", year, synthetic_forcing=synthetic and year == 2029)
        for year in (2027, 2029)
    ]
    page = render_series_comparison(compare([open_debrief(path) for path in paths]), "A")
    assert page.count("EXERCISE – SYNTHETIC SEA") == (4 if synthetic else 0)
    assert ("Wind or current of SAREX-2029 is computed" in page) == synthetic


def test_letters_that_a_machine_may_lack_come_with_the_page() -> None:
    pytest.importorskip("justmytype_intl_cjk")
    style = letters_style("Rehearse 救命いかだ 인계")
    assert style.count("@font-face") == 2
    assert "url(data:font/woff2;base64," in style
    assert letters_style("Rehearse") == ""


def test_what_people_wrote_is_escaped(page) -> None:
    assert "<i>one</i>" not in page
    assert "&lt;b&gt;SAREX&lt;/b&gt; 2027 &amp; more" in page


def test_it_says_what_changed(page) -> None:
    assert "Alert to first search action plan" in page
    assert page.count("▲ better") == 4 + 1 + 1  # the plan each time and overall, O1 at last from U to P
    assert page.count("▼ worse") == 3  # O1 from P down to U
    assert ">EXERCISE<" in page


def test_a_course_goes_up_with_the_value_and_has_gaps() -> None:
    line = sparkline([1.0, None, 2.0, 3.0])
    assert line.path.count("M") == 2
    heights = [y for _, y in line.points]
    assert heights == sorted(heights, reverse=True)
    assert sparkline([None]).points == ()
    assert len({y for _, y in sparkline([2.0, 2.0]).points}) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
@pytest.mark.parametrize("width_px", [500, 1300])
def test_nothing_is_wider_than_the_window(page, tmp_path, width_px) -> None:
    path = tmp_path / "page.html"
    path.write_text(page.replace("</body>", MEASURE), encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    dumped = subprocess.run(
        [*command, f"--window-size={width_px},2000", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    found = re.search(r'data-measured="([^"]*)"', dumped)
    assert found is not None
    assert json.loads(unescape(found[1])) == {"page": 0, "loose": 0}
