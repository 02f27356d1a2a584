"""Whatever is given that cannot be used: status 2, one clear sentence, nothing written."""

import re
from functools import partial

import netCDF4
import numpy as np
import pytest
from door import run_sarex, snapshot, write_case, write_forced_case

from broken_cases import BROKEN, UNREADABLE, WHOLE
from broken_forcing import BREAKERS, write_forcing_file

JARGON = re.compile(r"pydantic|Input should|validation error|Traceback|File \"|[╭╰│]|\bNone\b|Errno|Error:")


def assert_one_sentence(answer_status: int, err: str) -> str:
    """Status 2 and one line that begins with the program's name and ends like a sentence."""
    assert answer_status == 2, err
    assert err.startswith("sarex: ")
    assert err.count("\n") == 1
    assert JARGON.search(err) is None
    assert err.rstrip().endswith((".", "?", ")"))
    assert 20 < len(err) < 600
    return err


def broken_case(folder, what: str):
    old, new, _, words = BROKEN[what]
    (folder / "wind.nc").write_bytes(b"only its being here matters")
    (folder / "case.toml").write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    return folder / "case.toml", words


@pytest.mark.parametrize("what", BROKEN)
def test_broken_case(what, tmp_path, knock) -> None:
    case, words = broken_case(tmp_path, what)
    before = snapshot(tmp_path)
    answer = knock("plan", case, "--out", tmp_path / "out")
    assert words in assert_one_sentence(answer.status, answer.err)
    assert answer.out == ""
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_case(what, tmp_path, knock) -> None:
    content, words = UNREADABLE[what]
    (tmp_path / "case.toml").write_bytes(content)
    before = snapshot(tmp_path)
    answer = knock("drift", tmp_path / "case.toml", "--out", tmp_path / "out")
    assert words in assert_one_sentence(answer.status, answer.err)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("make", BREAKERS, ids=lambda make: make.__name__.removeprefix("make_"))
def test_broken_forcing(make, tmp_path, knock) -> None:
    current, words = make(partial(write_forcing_file, tmp_path))
    case = write_forced_case(tmp_path, current)
    before = snapshot(tmp_path)
    answer = knock("plan", case, "--out", tmp_path / "out")
    sentence = assert_one_sentence(answer.status, answer.err)
    assert current.name in sentence
    assert words in sentence or not current.exists()
    assert snapshot(tmp_path) == before


PROCESSES = {
    "misspelt key": lambda folder: broken_case(folder, "misspelt key")[0],
    "search ends before it starts": lambda folder: broken_case(folder, "search ends before it starts")[0],
    "huge seed": lambda folder: broken_case(folder, "huge seed")[0],
    "no such file": lambda folder: folder / "nowhere.toml",
    "text with a NetCDF name": lambda folder: forced(folder, "make_text"),
    "truncated NetCDF": lambda folder: forced(folder, "make_truncated"),
    "NaN everywhere": lambda folder: forced(folder, "make_all_nan"),
    "wrong units": lambda folder: forced(folder, "make_unknown_units"),
}


def forced(folder, maker: str):
    (make,) = [make for make in BREAKERS if make.__name__ == maker]
    return write_forced_case(folder, make(partial(write_forcing_file, folder))[0])


@pytest.mark.parametrize("what", PROCESSES)
def test_true_process_says_one_sentence_and_writes_nothing(what, tmp_path) -> None:
    case = PROCESSES[what](tmp_path)
    before = snapshot(tmp_path)
    done = run_sarex("plan", case, "--out", tmp_path / "deep" / "out")
    assert_one_sentence(done.returncode, done.stderr)
    assert done.stdout == ""
    assert snapshot(tmp_path) == before


def test_an_earlier_result_stays_as_it_was(tmp_path, knock, planned) -> None:
    case, _ = broken_case(tmp_path, "misspelt key")
    before = snapshot(planned.parent)
    answer = knock("plan", case, "--out", planned)
    assert_one_sentence(answer.status, answer.err)
    assert snapshot(planned.parent) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "position = { lon = 150.0, lat = 30.0, error",
            "position = { lon = 138.0, lat = 36.0, error",
            "on land",
        ),
        ('position = "29-54.0N 149-54.0E"', 'position = "36-00.0N 138-00.0E"', "on land"),
        ("30-06.0N 150-06.0E", "36-00.0N 138-00.0E", "on land"),
    ],
    ids=["origin", "ship", "track"],
)
def test_what_must_float_is_not_on_land(old, new, words, tmp_path, knock) -> None:
    """36 N 138 E is in the mountains of Nagano. The rest of the case moves to the sea off Japan."""
    off_japan = [
        (
            given,
            given.replace("150", "138")
            .replace("149-54", "137-54")
            .replace("30-", "34-")
            .replace("29-", "34-"),
        )
        for given in ("30-00.0N 150-00.0E", "30-06.0N 150-06.0E", "29-54.0N 149-54.0E")
        if given not in old
    ]
    origin = [] if "lat = 30.0, error" in old else [("lon = 150.0, lat = 30.0", "lon = 138.0, lat = 34.0")]
    case = write_case(tmp_path, (old, new), *off_japan, *origin)
    answer = knock("plan", case, "--out", tmp_path / "out")
    assert words in assert_one_sentence(answer.status, answer.err)
    assert not (tmp_path / "out").exists()


def test_origin_outside_the_forcing(tmp_path, knock) -> None:
    """The file reaches into the box of the drift but not to where the drift begins."""
    current = write_forcing_file(tmp_path, lon=np.arange(132.4, 133.01, 0.1))
    answer = knock("plan", write_forced_case(tmp_path, current), "--out", tmp_path / "out")
    sentence = assert_one_sentence(answer.status, answer.err)
    assert "forcing.nc" in sentence
    assert "inside the forcing" in sentence


def test_plan_without_units(tmp_path, knock) -> None:
    from door import CASE

    text = CASE[: CASE.index("[[unit]]")] + CASE[CASE.index("[drift]") :]
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    answer = knock("plan", tmp_path / "case.toml", "--out", tmp_path / "out")
    assert "sarex drift" in assert_one_sentence(answer.status, answer.err)
    assert knock("drift", tmp_path / "case.toml", "--out", tmp_path / "out").status == 0


OVER_THE_DATELINE = [
    ('"37-00.0N 132-00.0E"', '"37-00.0N 179-59.0E"'),
    ('"37-03.0N 132-03.0E"', '"37-03.0N 179-57.0W"'),
    ('"36-57.0N 131-57.0E"', '"36-57.0N 179-57.0E"'),
    ("lon = 132.0", "lon = 180.0"),
    ("lon = 132.2", "lon = -179.8"),
]
EAST = np.arange(179.0, 181.01, 0.1)
LONGITUDES = {
    "as usual": (np.arange(131.0, 133.01, 0.1), []),
    "beyond -180": (np.arange(-229.0, -226.99, 0.1), []),
    "0..360 over the dateline": (EAST, OVER_THE_DATELINE),
    "-180..180 over the dateline": ((EAST + 180.0) % 360.0 - 180.0, OVER_THE_DATELINE),
    "the whole round": (np.arange(0.0, 360.0, 0.5), OVER_THE_DATELINE),
}


@pytest.mark.parametrize("what", LONGITUDES)
def test_any_longitudes_work(what, tmp_path, knock) -> None:
    lon, changes = LONGITUDES[what]
    case = write_forced_case(tmp_path, write_forcing_file(tmp_path, lon=lon))
    text = case.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    case.write_text(text, encoding="utf-8")
    answer = knock("drift", case, "--out", tmp_path / "out")
    assert answer.status == 0, answer.err
    with netCDF4.Dataset(tmp_path / "out" / "drift.nc") as file:
        assert np.isfinite(np.asarray(file["lon"][:])).all()
        assert (np.asarray(file["status"][:, -1]) == 0).mean() > 0.9


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "case.toml"),
        ("plan", "case.toml", "--bogus", "--out", "out"),
        ("plan", "--out", "out"),
        ("plan", "case.toml", "--out", "out", "--effort", "lazy"),
        ("plan", "case.toml", "--out", "out", "--particles", "many"),
        ("update", "--out", "out"),
        ("sail",),
    ],
    ids=" ".join,
)
def test_wrong_command_line_is_status_2_without_a_panel(arguments, tmp_path, knock, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = knock(*arguments)
    assert answer.status == 2
    assert "Error: " in answer.err
    assert not re.search(r"Traceback|[╭╰│]", answer.err)
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize(
    "option", [("--particles", "3"), ("--particles", "60000000"), ("--seed", 2**63), ("--seed", "-1")]
)
def test_numbers_out_of_range(option, case_file, tmp_path, knock) -> None:
    answer = knock("drift", case_file, "--out", tmp_path / "out", *option)
    assert option[0] in assert_one_sentence(answer.status, answer.err)


@pytest.mark.parametrize(
    "options", [("--executor", "serial", "--workers", 4), ("--executor", "serial", "--cluster", "tcp://h:1")]
)
def test_options_that_contradict_each_other(options, case_file, tmp_path, knock) -> None:
    answer = knock("drift", case_file, "--out", tmp_path / "out", *options)
    assert "serial" in assert_one_sentence(answer.status, answer.err)
    assert not (tmp_path / "out").exists()


def test_a_wrong_command_line_as_a_process() -> None:
    done = run_sarex("plan", "case.toml", "--bogus")
    assert done.returncode == 2
    assert "--bogus" in done.stderr
    assert "Traceback" not in done.stderr
