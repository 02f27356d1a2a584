"""The rules of the house that tools can check, so that one pytest run checks everything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(home|root|Users|work|opt|mnt|srv)/[\w.]")
_REGISTRY = re.compile(r"py[p]i\.org|python[h]osted\.org|conda\.[a]naconda", re.IGNORECASE)


def run_tool(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("check", [("check",), ("format", "--check")], ids=["lint", "format"])
def test_ruff(check: tuple[str, ...]) -> None:
    run_tool(sys.executable, "-m", "ruff", *check, ".")


@pytest.mark.slow
def test_types_are_strict() -> None:
    run_tool(sys.executable, "-m", "mypy")


def test_rooms_import_downwards_only() -> None:
    run_tool(str(Path(sys.executable).with_name("lint-imports")))


def tracked_files() -> list[Path]:
    """The files that git tracks or would track; the test is skipped where there is no repository."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in (ROOT / name for name in listed.stdout.splitlines()) if path.is_file()]


def test_no_file_names_a_path_of_some_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits = [match[0] for pattern in (_MACHINE_PATH, _REGISTRY) for match in pattern.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in hits]
    assert found == []


@pytest.mark.parametrize(
    "text", ["open /" + "home/anna/case.toml", 'Path("/' + 'work/x")', "https://py" + "pi.org/simple"]
)
def test_such_a_path_would_be_found(text: str) -> None:
    assert _MACHINE_PATH.search(text) or _REGISTRY.search(text)


def test_importing_the_package_is_instant() -> None:
    """`import sarex` brings in nothing heavy."""
    heavy = "{'numba', 'xarray', 'numpy', 'shapely', 'pydantic'}"
    run_tool(sys.executable, "-c", f"import sarex, sys; assert not {heavy} & set(sys.modules)")


def test_modules_stay_small() -> None:
    """Under 400 lines each, so that one can be read at a sitting."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) >= 400
    }
    assert long == {}
