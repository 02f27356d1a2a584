"""Real exercises, a few: the same whoever works on them, gone on with where they ended, told on a page."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from made_rows import made_rows
from typer.testing import CliRunner

from sarex.cli.app import app
from sarex.errors import InputError
from sarex.exercise.examination.examined import examined
from sarex.exercise.examination.model import Forecaster
from sarex.exercise.examination.rows import Plan, growing, read_rows
from sarex.exercise.examination.run import ROWS, run_examination
from sarex.exercise.examination.scores import figures_of
from sarex.exercise.examination.verdict import verdict_on
from sarex.report.examination import render_examination

PLAN = Plan(seed=11, forecaster=Forecaster.HOUSE, again=1)
CASES = 12


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Twelve exercises, held one after the other."""
    folder = tmp_path_factory.mktemp("examination")
    told = []
    return folder, run_examination(folder, PLAN, CASES, 1, told.append), told


@pytest.mark.slow
def test_every_exercise_is_held(held):
    folder, rows, told = held
    assert [row.error for row in rows] == [""] * CASES
    assert told == list(range(CASES + 1))
    for row in rows:
        first = row.windows[0]
        assert 0.0 <= first.promised <= 1.0
        assert first.promised_by[-1] == pytest.approx(first.promised, abs=1e-6)
        assert list(first.promised_by) == sorted(first.promised_by)
        assert (first.again, len(row.windows)) == (1, 1 if first.found or not first.sorties else 2)
        for window in row.windows:
            assert window.found == (window.found_at is not None) == (window.time_rank is not None)
    assert any(len(row.windows) == 2 for row in rows)
    assert any(row.windows[0].found for row in rows)
    assert read_rows(folder / ROWS) == (PLAN, rows)


@pytest.mark.slow
def test_killed_in_the_middle_of_a_row_and_gone_on_with_by_others(held, tmp_path):
    folder, rows, _ = held
    whole = (folder / ROWS).read_bytes()
    lines = whole.splitlines(keepends=True)
    (tmp_path / ROWS).write_bytes(b"".join(lines[:9]) + lines[9][:50])
    told = []
    assert run_examination(tmp_path, PLAN, CASES, 2, told.append) == rows
    assert (tmp_path / ROWS).read_bytes() == whole
    assert told[0] == 8


@pytest.mark.slow
def test_fewer_cases_than_there_are_hold_none(held):
    folder, rows, _ = held
    told = []
    assert run_examination(folder, PLAN, 5, 1, told.append) == rows[:5]
    assert told == [5]


@pytest.mark.slow
def test_wrong_forecasters_promise_otherwise_on_the_same_truth(held):
    _, rows, _ = held
    for forecaster in (Forecaster.OVERCONFIDENT, Forecaster.BIASED):
        row = examined(PLAN.seed, 0, forecaster, 0)
        assert (row.sea, row.units, row.window_h) == (rows[0].sea, rows[0].units, rows[0].window_h)
        assert row.windows[0].promised != rows[0].windows[0].promised
        assert row.windows[0].places != rows[0].windows[0].places


def made_folder(folder, rows, forecaster=Forecaster.HOUSE):
    folder.mkdir()
    with growing(folder / ROWS, Plan(1, forecaster, 0)) as (_, file):
        for row in rows:
            file.append(row)


def examine(*options):
    return CliRunner().invoke(app, ["examine", *map(str, options)])


def test_the_command_passes_promises_that_are_kept(tmp_path):
    made_folder(tmp_path / "e", made_rows(600, 2))
    found = examine("--cases", 600, "--truths", 1, "--out", tmp_path / "e")
    assert (found.exit_code, found.exception) == (0, None)
    assert "PASSED" in found.output
    content = json.loads((tmp_path / "e" / "examination.json").read_text())
    assert content["verdict"]["passed"] is True
    assert content["figures"]["cases"] == 600
    assert len(content["figures"]["reliability"][0]["deciles"]) == 10
    page = (tmp_path / "e" / "examination.html").read_text()
    assert "PASSED" in page
    assert not [word for word in ("src=", "href=", "@import", "url(") if word in page]


def test_few_cases_say_that_they_pass_nearly_anybody(tmp_path):
    made_folder(tmp_path / "e", made_rows(10, 2))
    found = examine("--cases", 10, "--truths", 1, "--out", tmp_path / "e")
    assert found.exit_code == 0
    page = (tmp_path / "e" / "examination.html").read_text()
    for told in (found.output, page):
        assert "PASSED, which says little" in told
        assert "With 10 cases a forecaster whose every promise is" in told
        assert "are needed to tell one who is 3 points off" in told
    assert 'class="verdict few"' in page


def test_the_command_fails_promises_that_are_not(tmp_path):
    made_folder(tmp_path / "e", made_rows(2000, 2, off=-0.06), Forecaster.BIASED)
    options = ("--cases", 2000, "--truths", 1, "--out", tmp_path / "e", "--forecaster", "biased")
    found = examine(*options)
    assert found.exit_code == 1
    assert "FAILED" in found.output
    assert "deliberately wrong" in (tmp_path / "e" / "examination.html").read_text()


def test_the_command_leaves_other_folders_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    found = examine("--cases", 1, "--out", tmp_path)
    assert isinstance(found.exception, InputError)
    assert "holds something that is no examination" in str(found.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--forecaster", "prophet"), 'is "prophet"; it must be one of house, overconfident, biased'),
        (("--cases", 0), "--cases"),
        (("--truths", 0), "--truths"),
        (("--workers", 0), "--workers"),
    ],
)
def test_bad_options_are_told_in_a_sentence(tmp_path, options, sentence):
    found = examine(*options, "--out", tmp_path / "new")
    assert isinstance(found.exception, InputError)
    assert sentence in str(found.exception)
    assert not (tmp_path / "new").exists()


def test_the_page_tells_of_exercises_that_could_not_be_held_and_of_no_finds():
    rows = [replace(row, windows=()) for row in made_rows(3, 1)]
    rows[1] = replace(rows[1], error="PlanError: <legs> are empty")
    figures = figures_of(rows, 1)
    page = render_examination(PLAN, figures, verdict_on(rows, figures, 1), datetime(2026, 11, 23, tzinfo=UTC))
    assert "case 1: PlanError: &lt;legs&gt; are empty" in page
    assert "nan" not in page.lower()


def test_nothing_but_rows_is_kept(tmp_path):
    made_folder(tmp_path / "e", made_rows(20, 2))
    shutil.copytree(tmp_path / "e", tmp_path / "f")
    examine("--cases", 20, "--truths", 1, "--out", tmp_path / "e")
    assert (tmp_path / "e" / ROWS).read_bytes() == (tmp_path / "f" / ROWS).read_bytes()
    assert {path.name for path in (tmp_path / "e").iterdir()} == {
        ROWS,
        "examination.json",
        "examination.html",
    }
