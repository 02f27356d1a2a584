"""What answers at once, and what is only listed."""

import subprocess
import sys
import time

from door import run_sarex

from sarex import __version__

HEAVY = {"numba", "xarray", "numpy", "shapely", "pydantic", "netCDF4", "scipy", "matplotlib"}


def modules_after(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nsys.stdout.write(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_help_is_instant() -> None:
    """The best of three: the machine may be busy with others."""
    times_s = []
    for _ in range(3):
        begun = time.perf_counter()
        done = run_sarex("--help")
        times_s.append(time.perf_counter() - begun)
        assert done.returncode == 0
    assert min(times_s) < 0.5
    assert all(command in done.stdout for command in ("demo", "plan", "drift", "update", "objects"))


def test_the_package_and_its_commands_load_nothing_heavy() -> None:
    assert not HEAVY & modules_after("import sarex")
    assert not (HEAVY - {"pydantic"}) & modules_after("import sarex.cli.app"), "typer may bring pydantic"


def test_version(knock) -> None:
    assert knock("--version").out == f"sarex {__version__}\n"


def test_no_command_shows_the_help(knock) -> None:
    answer = knock()
    assert answer.status == 2
    assert "Usage: sarex" in answer.out + answer.err


def test_objects_are_found_by_key_and_by_words(knock, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rafts = knock("objects", "raft").out
    assert "LIFE-RAFT-DB-10" in rafts
    assert "PIW-1 " not in rafts
    assert "PIW-1 " in knock("objects", "piw-1").out
    assert "LIFE-RAFT" not in knock("objects", "unicorn").out
