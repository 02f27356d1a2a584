"""A folder of results is the old one or the new one, whatever happens: interrupts, full disks, kills."""

import contextlib
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import netCDF4
import numpy as np
import pytest
from door import command, environment, run_sarex, snapshot, write_case

from sarex.cli import drifting

DRIVER = Path(__file__).with_name("write_again_and_again.py")
KILLS = 24


def seed_of_whole_result(folder: Path) -> int:
    """The one seed that every file of the folder was made with; every file is read to its end."""
    mission = json.loads((folder / "mission.json").read_text(encoding="utf-8"))
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    with netCDF4.Dataset(folder / "drift.nc") as drift:
        seeds = {mission["case"]["case"]["seed"], plan["seed"], int(drift.seed)}
        assert drift["weight"][:].sum() == pytest.approx(1.0)
        assert drift["status"][:].shape == drift["lon"][:].shape
    with netCDF4.Dataset(folder / "probability.nc") as probability:
        assert len(probability.groups) == 3
        assert all(float(group["poc"][:].sum()) > 0.5 for group in probability.groups.values())
    json.loads((folder / "plan.geojson").read_text(encoding="utf-8"))
    for name in ("plan.kml", "plan.gpx"):
        ET.parse(folder / name)  # noqa: S314 - our own file
    assert (folder / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    (seed,) = seeds
    return seed


def siblings(folder: Path) -> list[Path]:
    return [path for path in folder.parent.iterdir() if path.name.startswith(f".{folder.name}.sarex-")]


@pytest.fixture(scope="module")
def writer(case_file):
    """A process that has two plans ready, of seeds 5 and 6, and forks one that writes them for ever."""
    with subprocess.Popen(
        [sys.executable, str(DRIVER), str(case_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.slow
def test_killed_at_any_moment_the_folder_is_the_old_or_the_new_one(writer, tmp_path) -> None:
    folder = tmp_path / "first"
    moments = np.random.default_rng(1).uniform(0.0, 0.7, KILLS)
    seen = []
    for moment_s in moments:
        left = set(siblings(folder))
        print(folder, file=writer.stdin, flush=True)
        pid = int(writer.stdout.readline())
        deadline = time.monotonic() + 20.0
        while not (folder.exists() and set(siblings(folder)) - left):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(moment_s)
        os.kill(pid, signal.SIGKILL)
        assert writer.stdout.readline() == "gone\n"
        seen.append(seed_of_whole_result(folder))
    assert set(seen) == {5, 6}, "some kills came before and some after the change of places"
    assert len(siblings(folder)) <= 1, "each run clears away what the killed one before it left"


@pytest.mark.slow
def test_true_plan_killed_while_writing_leaves_the_old_result(case_file, planned, tmp_path) -> None:
    """And the next run clears away what the killed one left."""
    folder = tmp_path / "first"
    run_sarex("plan", case_file, "--out", folder, "--effort", "quick")
    before = snapshot(folder)
    process = subprocess.Popen(
        command("plan", case_file, "--out", folder, "--effort", "quick", "--seed", "6"),
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    while not siblings(folder):
        assert process.poll() is None
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert snapshot(folder) == before
    assert siblings(folder)
    assert run_sarex("drift", case_file, "--out", folder).returncode == 0
    assert not siblings(folder)
    assert not (folder / "plan.json").exists(), "the plan of an earlier run does not belong to this drift"


def test_interrupt_is_quiet_and_leaves_nothing(case_file, tmp_path) -> None:
    folder = tmp_path / "out"
    process = subprocess.Popen(
        command("drift", case_file, "--out", folder, "--particles", 2_000_000),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not siblings(folder):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err == ""
    assert list(tmp_path.iterdir()) == []


def test_interrupt_while_writing(knock, monkeypatch, case_file, tmp_path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(drifting, "write_probability", interrupted)
    answer = knock("drift", case_file, "--out", tmp_path / "out")
    assert (answer.status, answer.out, answer.err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer_name", ["create_drift_file", "write_probability", "write_mission"])
def test_full_disk_keeps_the_old_folder(writer_name, knock, monkeypatch, case_file, tmp_path) -> None:
    folder = tmp_path / "out"
    assert knock("drift", case_file, "--out", folder).status == 0
    (folder / "my notes.txt").write_text("keep", encoding="utf-8")
    before = snapshot(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(drifting, writer_name, full)
    answer = knock("drift", case_file, "--out", folder, "--seed", "6")
    assert answer.status == 1
    assert answer.err.startswith("sarex: ")
    assert "No space left on device" in answer.err
    assert "Traceback" not in answer.err
    assert snapshot(tmp_path) == before


def test_a_file_that_may_not_grow_is_told_in_a_sentence(case_file, tmp_path) -> None:
    """The operating system refuses to let drift.nc grow, as it would on a full disk or beyond a quota."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        command("drift", case_file, "--out", tmp_path / "out"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("sarex: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a file", "a file/below", "x" * 300, "foreign"])
def test_out_that_cannot_be_used(name, knock, case_file, tmp_path) -> None:
    (tmp_path / "a file").write_text("mine", encoding="utf-8")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "letter.txt").write_text("mine", encoding="utf-8")
    before = snapshot(tmp_path)
    answer = knock("drift", case_file, "--out", tmp_path / name)
    assert answer.status == 2
    assert answer.err.startswith("sarex: --out is ")
    assert answer.err.count("\n") == 1
    assert snapshot(tmp_path) == before


def test_place_that_may_not_be_written(knock, case_file, tmp_path, monkeypatch) -> None:
    """The rights are asked for before anything is computed. (A superuser has them all: so asked by hand.)"""
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != tmp_path)
    answer = knock("drift", case_file, "--out", tmp_path / "deep" / "out")
    assert answer.status == 2
    assert f"nothing may be written into {tmp_path}" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_what_others_put_into_the_folder_is_kept(knock, case_file, tmp_path) -> None:
    folder = tmp_path / "out"
    assert knock("drift", case_file, "--out", folder).status == 0
    (folder / "photos").mkdir()
    (folder / "photos" / "raft.jpg").write_bytes(b"raft")
    (folder / "log").symlink_to("/nowhere/log")
    (folder / "here").symlink_to(folder / "photos", target_is_directory=True)
    assert knock("drift", case_file, "--out", folder, "--seed", "6").status == 0
    assert (folder / "photos" / "raft.jpg").read_bytes() == b"raft"
    assert (folder / "log").readlink() == Path("/nowhere/log")
    assert (folder / "here").is_symlink()


def test_an_error_of_the_program_leaves_nothing_behind(knock, monkeypatch, case_file, tmp_path) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(drifting, "write_probability", broken)
    with contextlib.suppress(ZeroDivisionError):
        knock("drift", case_file, "--out", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_output_to_a_closed_pipe_is_no_error(tmp_path) -> None:
    process = subprocess.Popen(
        command("objects"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait()


def test_a_case_in_the_folder_of_results_may_be_planned_again(knock, tmp_path) -> None:
    case = write_case(tmp_path)
    answer = knock("drift", case, "--out", tmp_path)
    assert answer.status == 2
    assert "did not write" in answer.err
