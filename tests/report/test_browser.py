"""The page in a real browser: nothing wider than the window, no name over another, the mark on paper."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

import builders
from sarex.report.render import render_report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")

MEASURE = """<script>
const box = element => element.getBoundingClientRect();
const shared = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
  * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
const wide = [...document.querySelectorAll("table, .wide, .card, .bars")].filter(
  part => part.scrollWidth > part.clientWidth + 1 || box(part).right > innerWidth + 1);
const covered = [], beyond = [];
for (const map of document.querySelectorAll(".map svg")) {
  const names = [...map.querySelectorAll(".layer-labels text")];
  names.forEach((name, i) => {
    const room = box(map), own = box(name);
    if (own.left < room.left || own.right > room.right || own.top < room.top || own.bottom > room.bottom)
      beyond.push(name.textContent);
    for (const other of names.slice(i + 1))
      if (shared(own, box(other)) > 20) covered.push(name.textContent + " / " + other.textContent);
  });
}
document.body.dataset.measured = JSON.stringify({
  page: document.documentElement.scrollWidth, window: innerWidth,
  wide: wide.map(part => part.className + ": " + part.textContent.slice(0, 40)), covered, beyond,
  names: document.querySelectorAll(".layer-labels text").length,
  rows: document.querySelectorAll(".tasks tbody tr").length,
  legs: [...document.querySelectorAll("path.search")].filter(path => path.getTotalLength() > 50).length,
  fetched: performance.getEntriesByType("resource").length,
});
</script></body>"""


def _page(story: builders.Story) -> str:
    return render_report(
        story.case,
        story.environment,
        story.ensemble,
        story.action_plan,
        story.rules,
        story.maps,
        story.contours,
    )


def _chromium(folder: Path, *arguments: str) -> str:
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
    ]
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        [*command, profile, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def _measured(folder: Path, page: str, width_px: int) -> dict:
    path = folder / "measured.html"
    path.write_text(page.replace("</body>", MEASURE), encoding="utf-8")
    dumped = _chromium(folder, f"--window-size={width_px},2000", "--dump-dom", path.as_uri())
    found = re.search(r'data-measured="([^"]*)"', dumped)
    assert found is not None
    return json.loads(unescape(found[1]))


@pytest.mark.parametrize("place", ["bergen", "korea_strait"])
def test_everything_fits_a_desk_screen(tmp_path, place):
    story = getattr(builders, place)()
    seen = _measured(tmp_path, _page(story), 1280)
    assert seen["page"] <= seen["window"]
    assert seen["wide"] == []
    assert seen["covered"] == []
    assert seen["beyond"] == []
    assert seen["fetched"] == 0
    assert seen["rows"] == len(story.action_plan.tasks)
    assert seen["legs"] >= len(story.action_plan.tasks)
    assert seen["names"] > len(story.action_plan.tasks)


def test_a_narrow_screen_scrolls_only_inside_the_map(tmp_path):
    """500 px is the narrowest window that Chromium opens."""
    seen = _measured(tmp_path, _page(builders.korea_strait()), 500)
    assert seen["window"] <= 500
    assert seen["page"] <= seen["window"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on PATH")
def test_every_printed_sheet_says_what_it_is(tmp_path):
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(_page(builders.korea_strait()), encoding="utf-8")
    _chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
    read = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True)  # noqa: S607
    sheets = read.stdout.split("\f")[:-1]
    assert len(sheets) > 3
    for sheet in sheets:
        letters = re.sub(r"\s", "", sheet)
        assert letters.startswith("EXERCISE–SYNTHETICSEA")
        assert f"of{len(sheets)}" in letters
    assert "POS" in sheets[0]
