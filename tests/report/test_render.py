"""The page is whole by itself, carries the mark, and says what the plan says."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import numpy as np
import pytest

import builders
from sarex.drift.ensemble import Status
from sarex.report.history import SearchRecordSummary
from sarex.report.render import render_report
from sarex.report.sea_map import LARGEST_SAMPLE

VOID = {"meta", "br", "input", "link", "img", "hr"}
MOST_BYTES = 1_500_000


def _page(story: builders.Story, **changes) -> str:
    parts = {
        "case": story.case,
        "environment": story.environment,
        "ensemble": story.ensemble,
        "action_plan": story.action_plan,
        "rules": story.rules,
        "maps": story.maps,
        "contours": story.contours,
        **changes,
    }
    return render_report(**parts)


class _Outline(HTMLParser):
    """Elements, attributes and text; fails where tags do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag

    def handle_data(self, data):
        if self.open_tags and self.open_tags[-1] not in ("style", "script"):
            self.text.append(data)


def _outline(page: str) -> _Outline:
    outline = _Outline()
    outline.feed(page)
    assert not outline.open_tags
    return outline


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(_outline(page).text)).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def story() -> builders.Story:
    return builders.bergen()


@pytest.fixture(scope="module", params=["bergen", "korea_strait", "dateline"])
def any_page(request) -> str:
    return _page(getattr(builders, request.param)())


def test_nothing_is_fetched_from_anywhere(any_page):
    fetching = {"src", "href", "srcset", "data", "action", "poster", "xlink:href", "background"}
    assert not [item for item in _outline(any_page).attributes if item[1] in fetching]
    assert "http:" not in any_page
    assert "https:" not in any_page
    assert "@import" not in any_page
    assert all(link.startswith("#") for link in re.findall(r"url\(['\"]?([^)'\"]*)", any_page))


def test_the_page_is_small(any_page):
    assert len(any_page.encode()) < MOST_BYTES


def test_an_exercise_says_so_on_screen_on_paper_and_over_every_section(any_page):
    outline = _outline(any_page)
    assert any_page.index("EXERCISE") < any_page.index("<body>")
    assert '@top-center { content: "EXERCISE' in any_page
    headings = any_page.count("<h2><span>") - any_page.count("<h2><span>Attention")
    assert sum(text.startswith("EXERCISE") for text in outline.text) >= headings > 8


def test_a_real_case_never_says_exercise():
    page = _page(builders.bergen(exercise=False))
    assert "EXERCISE" not in page
    assert '@top-center { content: "REAL' in page


def test_a_synthetic_sea_is_said_at_the_top_and_on_paper(story):
    page = _page(builders.korea_strait())
    assert "SYNTHETIC SEA" in _text(page)[:600]
    assert "EXERCISE – SYNTHETIC SEA" in page
    assert "SYNTHETIC" not in _page(story)


def test_the_situation_is_said_first(story):
    text = _text(_page(story))
    assert "Looking for: life raft (LIFE-RAFT-DB-10, " in text
    assert "16 Nov 2015, 12:00 to 18:00 UTC, 4 of 5 units search" in text
    assert "with a probability of 64 % (53 % to 72 %)" in text


def test_the_bars_show_the_quality_of_the_plan(story):
    text = _text(_page(story))
    for value in ("64 %", "53 % to 72 %", "48 %", "69 % to 74 %", "87 %", "This plan is 16 points better"):
        assert value in text


def test_every_number_of_a_task_is_in_the_table(story):
    """Helicopter: S 0.8 nm at 500 ft, POC 0.41, POD 0.62, POS 0.2542; times follow from 130 kt and 90 kt."""
    page = _page(story)
    row = re.search(r"<tr><td data-label=\"Unit\"[^\n]*Rescue helicopter 1</span>[^\n]*</tr>", page)
    assert row is not None
    cells = [
        re.sub(r"<[^>]+>", "", cell).replace("\u00a0", " ") for cell in re.findall(r"<td.*?</td>", row[0])
    ]
    assert cells[1:3] == ["JP", "PS"]
    assert cells[4:6] == ["0.80 nm", "500 ft"]
    task = story.action_plan.tasks[0]
    assert cells[6:8] == [f"{at:%H:%M}" for at in (task.on_scene, task.off_scene)]
    assert cells[8:] == ["0.90", "41 %", "62 %", "25 %"]


def test_every_correction_source_and_remark_is_named(story):
    text = _text(_page(story))
    for words in (
        "weather × 0.90: wind 17 kt, waves 5 ft",
        "USCG 2013, raft 10 persons",
        "height rounded to 500 ft",
    ):
        assert words in text


def test_forcing_has_source_age_and_validity(story):
    text = _text(_page(story))
    assert "norkyst800_subset_16Nov2015.nc" in text
    assert "16 Nov 2015 00:00 UTC, 12 h 00 min before the search starts" in text
    assert "16 Nov 2015 00:00 to 17 Nov 2015 00:00 UTC" in text


def test_unused_units_rules_and_danger_areas_are_listed(story):
    text = _text(_page(story))
    assert "Minelayer 1 KR reaches the area after the search window has closed" in text
    assert "✗ broken 1 ×" in text
    assert "DANGER Firing area A" in text
    assert "Firing area A: 16 Nov 2015, 10:00 to 20:00 UTC, 0 ft to 5,000 ft." in text


def test_what_is_wrong_stands_at_the_top(story):
    attention = _text(_page(story)).split("Attention")[1].split("How good the plan is")[0]
    assert "Rule broken 1 time – Units at one height keep apart" in attention


def test_old_or_short_forcing_is_pointed_out(story):
    late = timedelta(hours=40)
    sources = tuple(
        replace(source, produced_at=builders.WINDOW_START - late, valid_until=builders.WINDOW_START)
        for source in story.environment.sources
    )
    text = _text(_page(story, environment=replace(story.environment, sources=sources)))
    assert "was made 40 h 00 min before the search starts" in text
    assert "does not cover the whole search window" in text


def test_names_cannot_become_markup():
    names = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "A & B", "{{ 7 * 7 }}")
    page = _page(builders.bergen(names))
    outline = _outline(page)
    assert not any(tag in ("script", "img") for tag, _, _ in outline.attributes)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in _text(page)
    assert "A & B" in _text(page)


def test_the_map_draws_at_most_three_thousand_particles(story):
    page = _page(story)
    dots = sum(path.count("h0") for path in re.findall(r'class="particles k\d" d="([^"]*)"', page))
    assert 1000 < dots <= LARGEST_SAMPLE + 20


def test_shapes_lie_on_the_sheet_on_both_sides_of_the_dateline():
    """Everything drawn as an area must lie within a few sheets of the page, not round the world."""
    page = _page(builders.dateline())
    for path in re.findall(r'class="area" d="([^"]*)"', page):
        numbers = np.array(re.findall(r"-?\d+\.\d", path), dtype=float)
        assert np.all((numbers > -200.0) & (numbers < 1300.0))
    labels = re.findall(r'class="degree"[^>]*>([^<]+)<', page)
    assert "180°" in labels
    assert any(label.endswith("E") for label in labels)
    assert any(label.endswith("W") for label in labels)


def test_earlier_searches_are_told(story):
    search = SearchRecordSummary(
        builders.WINDOW_START - timedelta(hours=8),
        builders.WINDOW_START,
        ("Destroyer 1", "Drone 1"),
        0.31,
        0.31,
    )
    text = _text(_page(story, history=(search,)))
    assert "16 Nov 2015, 04:00 to 12:00 UTC Destroyer 1 and Drone 1 31 % 31 %" in text


def test_an_empty_plan_and_an_empty_sea_still_make_a_page(story):
    ensemble = replace(
        story.ensemble, status=np.full_like(story.ensemble.status, Status.OUTSIDE_FORCING, dtype=np.uint8)
    )
    page = _page(
        story,
        action_plan=replace(story.action_plan, tasks=()),
        contours=(),
        maps=(),
        rules=(),
        ensemble=ensemble,
    )
    text = _text(page)
    assert "No unit has a task in this window" in text
    assert "nan" not in text.lower().replace("nanosecond", "")


def test_the_same_plan_gives_the_same_page(story):
    assert _page(story) == _page(story)


def test_after_a_search_the_figures_are_for_what_is_still_undetected(story):
    """POS 0.638 counted from the first search, a quarter of the belief left: no plan finds more than it."""
    quarter = replace(story.ensemble, weight=story.ensemble.weight / 4.0)
    quality = replace(story.action_plan.quality, pos=0.05, pos_low=0.04, pos_high=0.06)
    search = SearchRecordSummary(
        builders.WINDOW_START - timedelta(hours=8), builders.WINDOW_START, ("Destroyer 1",), 0.75, 0.75
    )
    plan = replace(story.action_plan, quality=quality)
    text = _text(_page(story, ensemble=quarter, action_plan=plan, history=(search,)))
    assert "would have found it with a probability of 75 %" in text
    assert "this one adds 5.0 %, which makes 80 % in all" in text
    assert "they find it with a probability of 20 % (16 % to 24 %)" in text


def test_the_dark_is_pointed_out(story):
    """By hand at 59.8 N 4.4 E: noon 11:27 UTC (equation of time 15 min), 3 h 46 min later the sun sets."""
    attention = _text(_page(story)).split("Attention")[1].split("How good the plan is")[0]
    found = re.search(r"The sun is down 16 Nov 2015, 15:(\d\d) to 18:00 UTC", attention)
    assert found is not None
    assert 9 <= int(found[1]) <= 17


def test_what_never_was_is_not_listed(story):
    text = _text(_page(story)).split("Where the probability is")[1].split("Search objects")[0]
    assert "ashore" in text
    assert "not yet adrift" not in text


def _members_of(story: builders.Story) -> tuple:
    one = story.case.forcing.members[0]
    members = (replace(one, name="A", weight=0.3), replace(one, name="B", weight=0.7))
    case = replace(story.case, forcing=replace(story.case.forcing, members=members))
    sources = tuple(
        replace(source, member=member.name) for member in members for source in story.environment.sources
    )
    return case, replace(story.environment, sources=sources)


def test_every_source_names_its_member_and_weight_where_there_are_several(story):
    case, environment = _members_of(story)
    page = _page(story, case=case, environment=environment)
    rows = re.findall(r'data-label="Member">([^<]*)<', page)
    assert [row.replace("\u00a0", " ") for row in rows] == [
        *["A (30 %)"] * len(story.environment.sources),
        *["B (70 %)"] * len(story.environment.sources),
    ]
    head = _text(page).split("Sea and wind:")[1].split("Looking for")[0]
    assert head.count("current") == 1
    assert "Member" not in _text(_page(story))


def test_a_constant_was_given_in_the_case(story):
    sources = tuple(replace(source, constant=True, produced_at=None) for source in story.environment.sources)
    page = _page(story, environment=replace(story.environment, sources=sources))
    assert "the file does not say" not in page
    assert 'data-label="Made">given in the case' in page


def test_a_radius_is_set_apart_from_a_name_that_ends_in_a_number(story):
    assert re.search(r"Flown with a radius. Rescue helicopter 1: \d+ m", _text(_page(story)))
