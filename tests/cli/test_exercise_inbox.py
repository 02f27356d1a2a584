"""`sarex exercise inbox` and `example` at the door, and what `report` leaves alone."""

import json
import re
import sys
from pathlib import Path

import pytest

from sarex.exercise.file.door import example_path
from sarex.exercise.play import controls
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.launch import running_in
from sarex.journal import Journal


@pytest.fixture
def log(knock, tmp_path):
    log = tmp_path / "exercise.sqlite"
    assert knock("exercise", "start", "--log", log).status == 0
    assert knock("exercise", "advance", "25min", "--log", log).status == 0
    return log


def test_a_role_reads_what_reached_it_in_its_language(knock, log):
    knock("exercise", "message", "Which units?", "--by", "JP-SMC", "--to", "KR-SMC", "--log", log)
    knock("exercise", "acknowledge", "I02", "--by", "KR-SMC", "--log", log)
    told = knock("exercise", "inbox", "--by", "KR-SMC", "--log", log).out
    assert "훈련" in told
    assert re.search(r"I01 .*missed; waits for you", told)
    assert re.search(r"I02 .*acknowledged 22:25Z", told)
    assert re.search(r"M01 .*waits for you", told)
    assert "Which units?" in told
    english = knock("exercise", "inbox", "--by", "KR-SMC", "--language", "en", "--log", log).out
    assert "Distress beacon" in english


def test_nobody_reads_what_goes_to_others_or_is_still_to_come(knock, log):
    assert "Nothing" in knock("exercise", "inbox", "--by", "JP-PIO", "--log", log).out
    assert "I03" not in knock("exercise", "inbox", "--by", "JP-SMC", "--log", log).out
    for bad in (("--by", "JP-SMG"), ("--by", "JP-SMC", "--language", "fr")):
        answer = knock("exercise", "inbox", *bad, "--log", log)
        assert answer.status == 2
        assert "Traceback" not in answer.err


def test_the_example_is_copied_and_begins(knock, tmp_path):
    mine = tmp_path / "mine"
    answer = knock("exercise", "example", "--out", mine)
    assert answer.status == 0
    assert (mine / "joint.toml").read_bytes() == example_path().read_bytes()
    assert knock("exercise", "start", mine / "joint.toml", "--log", tmp_path / "x.sqlite").status == 0
    again = knock("exercise", "example", "--out", mine)
    assert again.status == 2
    assert "new or empty" in again.err


def test_a_report_is_not_written_over_a_debrief(knock, log, tmp_path):
    held = tmp_path / "debrief"
    held.mkdir()
    (held / "debrief.json").write_text("{}")
    answer = knock("exercise", "report", "--out", held, "--log", log)
    assert answer.status == 2
    assert "debrief" in answer.err
    assert (held / "debrief.json").read_text() == "{}"


def test_the_case_of_a_report_can_still_be_flown(knock, log, tmp_path):
    """Its window lies ahead, and units get the time that they need to be ready."""
    knock("exercise", "advance", "3h", "--log", log)
    answer = knock("exercise", "report", "--out", tmp_path / "now", "--log", log)
    assert f"sarex plan {tmp_path / 'now' / 'case.json'}" in answer.out
    case = json.loads((tmp_path / "now" / "case.json").read_text(encoding="utf-8"))
    assert case["search"]["start"] >= "2027-05-20T01:45:00Z"
    assert min(unit["available_from"] for unit in case["unit"]) >= "2027-05-20T01:45:00Z"


def test_a_log_that_went_away_meanwhile_is_told(knock, log, monkeypatch):
    from sarex.cli import exercising

    whole = exercising._record

    def and_gone(running, decide):
        whole(running, decide)
        log.unlink()

    monkeypatch.setattr(exercising, "_record", and_gone)
    answer = knock("exercise", "coordinate", "--by", "JP-SMC", "--log", log)
    assert answer.status != 0
    assert "deleted" in answer.err


def test_a_proposed_plan_reaches_the_other_side(knock, log):
    """With what it comes to for its units, and the command that agrees."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "exercise"))
    from scripted_planning import ScriptedPlanning

    with Journal.open(log) as journal:
        running = running_in(journal)
        planning = ScriptedPlanning(Brief.of(running.state.exercise))
        document = planning.propose(running.state.known, running.state.now).document
        running.record(lambda state: controls.proposed(state, "JP-SMC", document))
    told = knock("exercise", "inbox", "--by", "KR-SMC", "--log", log).out
    assert "plan 1 from JP-SMC; waits for your agreement" in told
    assert "Rescue ship Dasom" in told
    agree = f"sarex exercise order --accept --by KR-SMC --log {log}"
    assert agree in told
    for other in ("JP-SMC", "KR-PIO"):
        assert "plan 1" not in knock("exercise", "inbox", "--by", other, "--log", log).out
    assert knock(*agree.split()[1:]).status == 0
    told = knock("exercise", "inbox", "--by", "KR-SMC", "--log", log).out
    assert "plan 1 from JP-SMC; accepted 22:25Z" in told
    assert agree not in told
