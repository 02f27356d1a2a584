"""`sarex series` at the door."""

import pytest
from door import run_sarex
from icalendar import Calendar

from made_series import SERIES, action, write_debrief


@pytest.mark.slow
def test_from_the_first_file_to_the_second_exercise(tmp_path) -> None:
    """As processes: new, plan, record, plan again, close what was open, calendar, comparison."""
    file = tmp_path / "series.toml"
    open_one = action("CA-1", "Agree one format for positions")
    first = write_debrief(tmp_path / "d" / "2027.json", 2027, host="JP", corrective_actions=[open_one])
    done = action("CA-1", "Agree one format for positions", "closed")
    second = write_debrief(tmp_path / "d" / "2029.json", 2029, corrective_actions=[done])

    def say(*arguments: object) -> str:
        told = run_sarex("series", *arguments)
        assert told.returncode == 0, told.stderr
        return told.stdout

    assert "ten exercises" in say("new", file)
    assert 'id = "SAREX-2027"' in say("plan", file, "--write", "--today", "2026-11-23")
    assert "Found by it" in say("record", file, first)
    planned = say("plan", file, "--write", "--today", "2027-06-01")
    assert 'host = "KR"' in planned
    assert '[[corrective_action]]\nid = "CA-1"' in planned
    assert "Closed by it" in say("record", file, second)
    assert 'debrief = "d/2029.json"' in file.read_text()
    shown = say("show", file, "--today", "2029-06-01")
    assert "0 open, 1 closed" in shown
    assert "Next, proposed: SAREX-2031" in shown
    say("calendar", file, "--out", tmp_path / "series.ics")
    read = Calendar.from_ical((tmp_path / "series.ics").read_bytes())
    assert sum(str(event["summary"]).startswith("SAREX") for event in read.walk("VEVENT")) == 12
    compared = say("compare", second, first, "--out", tmp_path / "page.html")
    assert "SAREX-2027" in compared
    assert "Year on year" in (tmp_path / "page.html").read_text()


def test_the_sample_is_shown_with_what_is_not_recorded(knock) -> None:
    told = knock("series", "show", "--today", "2026-11-23")
    assert told.status == 0
    assert told.out.count("SAREX-20") + told.out.count("SAREX-19") >= 10
    assert "not recorded" in told.out
    assert "SAREX-2027" in told.out


def test_what_is_proposed_to_be_closed_is_told_with_its_command(knock, file, tmp_path) -> None:
    told = action("CA-1", "Agree one format for positions", closing_proposed=True, evidence="seen [twice]")
    debrief = write_debrief(tmp_path / "d.json", 2029, corrective_actions=[told])
    said = knock("series", "record", file, debrief)
    assert said.status == 0
    assert "because of: seen [twice]" in said.out
    command = f"sarex series close {file} CA-1 --by SAREX-2029"
    assert command in said.out
    assert "Closed by it" not in said.out
    assert knock(*command.split()[1:]).status == 0
    assert 'closed_by = "SAREX-2029"' in file.read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "series.toml"
    path.write_text(SERIES + "# a word below\n", encoding="utf-8")
    return path


def test_closing_by_hand_and_the_lost_comment_is_told(knock, file) -> None:
    told = knock("series", "close", file, "CA-1", "--by", "SAREX-2027")
    assert told.status == 0
    assert "1 line of comment" in told.err
    assert "0 open, 2 closed" in knock("series", "show", file).out


def test_a_plan_that_is_only_looked_at_changes_nothing(knock, file) -> None:
    before = file.read_text()
    assert knock("series", "plan", file, "--years-on", "1", "--today", "2027-06-01").status == 0
    assert file.read_text() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "none.toml"),
        ("new", "series.toml"),
        ("new", "none/series.toml"),
        ("plan", "bad.toml"),
        ("plan", "series.toml", "--today", "tomorrow"),
        ("plan", "series.toml", "--years-on", "0"),
        ("record", "series.toml", "series.toml"),
        ("record", "series.toml", "none.json"),
        ("close", "series.toml", "CA-2", "--by", "SAREX-2027"),
        ("calendar", "series.toml", "--out", "none/x.ics"),
        ("calendar", "series.toml", "--out", "./series.toml"),
        ("compare", "2029.json"),
        ("compare", "2029.json", "2027.json", "--out", "2027.json"),
        ("compare", "2029.json", "2027.json", "--out", "none/x.html"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_is_told_with_status_2(knock, file, tmp_path, monkeypatch, arguments) -> None:
    monkeypatch.chdir(tmp_path)
    write_debrief(tmp_path / "2027.json", 2027)
    write_debrief(tmp_path / "2029.json", 2029)
    (tmp_path / "bad.toml").write_text(SERIES.replace("[hosts]", "[host]"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    told = knock("series", *arguments)
    assert told.status == 2
    assert told.err.strip()
    assert "Traceback" not in told.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
