"""Results that several tests look at: each is computed once."""

import subprocess
from pathlib import Path

import pytest
from door import run_sarex, write_case


@pytest.fixture
def knock(capsys, monkeypatch):
    """Run a command within this process."""
    from door import call_sarex

    return lambda *arguments: call_sarex(capsys, monkeypatch, *arguments)


@pytest.fixture(scope="session")
def case_file(tmp_path_factory) -> Path:
    return write_case(tmp_path_factory.mktemp("case"))


def _result(folder: Path, *arguments: object) -> tuple[Path, subprocess.CompletedProcess[str]]:
    done = run_sarex(*arguments, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder, done


@pytest.fixture(scope="session")
def planned(case_file) -> Path:
    """The folder of a plan. Look, do not touch."""
    return _result(case_file.parent / "planned", "plan", case_file, "--effort", "quick")[0]


@pytest.fixture(scope="session")
def updated(planned) -> tuple[Path, str]:
    """The folder of the next plan, and what was printed. Look, do not touch."""
    folder, done = _result(
        planned.parent / "updated",
        "update",
        planned,
        "--searched",
        planned / "plan.json",
        "--effort",
        "quick",
    )
    return folder, done.stdout
