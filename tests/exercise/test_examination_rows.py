"""The growing file: whole lines only, of one examination only."""

import pytest
from made_rows import made_rows

from sarex.errors import InputError
from sarex.exercise.examination.model import Forecaster, row_from_mapping, row_to_mapping
from sarex.exercise.examination.rows import Plan, growing, read_rows

PLAN = Plan(seed=5, forecaster=Forecaster.HOUSE, again=2)


def written(path, rows, plan=PLAN):
    with growing(path, plan) as (kept, file):
        for row in rows[len(kept) :]:
            file.append(row)
    return path.read_bytes()


def test_rows_come_back_as_they_went(tmp_path):
    rows = made_rows(5, 1)
    written(tmp_path / "rows.jsonl", rows)
    plan, found = read_rows(tmp_path / "rows.jsonl")
    assert plan == PLAN
    assert found == rows
    assert row_from_mapping(row_to_mapping(rows[0])) == rows[0]


@pytest.mark.parametrize("cut", [1, 40, 2_000])
def test_what_was_cut_short_is_gone_on_with_to_the_same_bytes(tmp_path, cut):
    rows = made_rows(5, 1)
    whole = written(tmp_path / "whole.jsonl", rows)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(whole[:-cut])
    assert written(path, rows) == whole


@pytest.mark.parametrize("kept", [0, 1, 30])
def test_a_first_line_cut_short_is_begun_again(tmp_path, kept):
    rows = made_rows(2, 1)
    whole = written(tmp_path / "whole.jsonl", rows)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(whole[:kept])
    assert written(path, rows) == whole


@pytest.mark.parametrize(
    "other", [Plan(6, Forecaster.HOUSE, 2), Plan(5, Forecaster.BIASED, 2), Plan(5, Forecaster.HOUSE, 0)]
)
def test_another_examination_is_refused(tmp_path, other):
    path = tmp_path / "rows.jsonl"
    whole = written(path, made_rows(2, 1))
    with pytest.raises(InputError, match="holds an examination of seed 5, forecaster house"):
        written(path, made_rows(3, 1), other)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("content", [b"hello\n", b"{}\n", b'{"format":"sarex-plan/1","seed":1}\n', b"hello"])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no file of an examination"):
        written(path, made_rows(1, 1))
    assert path.read_bytes() == content


def test_a_row_left_out_is_refused(tmp_path):
    path = tmp_path / "rows.jsonl"
    lines = written(path, made_rows(4, 1)).splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(InputError, match="cases are not 0, 1, 2"):
        read_rows(path)
