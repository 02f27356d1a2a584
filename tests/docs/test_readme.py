"""What the README says is what happens."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES_PAGE = (ROOT / "docs" / "reference" / "files.md").read_text(encoding="utf-8")


def readme_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def example_case() -> str:
    (case,) = readme_blocks("toml")
    return case


def run_sarex(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("sarex")
    return subprocess.run(
        [str(command), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_the_example_runs_and_writes_the_files_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(example_case(), encoding="utf-8")
    (line,) = [
        line for line in "".join(readme_blocks("sh")).splitlines() if line.startswith("sarex plan case.toml")
    ]
    done = run_sarex(line.split()[1:], tmp_path)
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "first").iterdir()}
    promised = set(re.findall(r"^\| `([\w.]+)` \|", README, re.MULTILINE))
    assert written == promised
    for name in written:
        assert f"## {name}" in FILES_PAGE


def test_the_example_is_as_short_as_the_readme_says() -> None:
    assert len(example_case().splitlines()) == 24


def test_what_cannot_be_used_gives_status_2_one_sentence_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        example_case().replace("visibility_nm", "visibility"), encoding="utf-8"
    )
    done = run_sarex(["plan", "case.toml", "--out", "first"], tmp_path)
    assert done.returncode == 2
    assert "visibility_nm" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.toml"]


def test_the_continuous_check_runs_the_readme_s_own_test_command() -> None:
    (command,) = [line for line in "".join(readme_blocks("sh")).splitlines() if line.endswith("-m pytest")]
    assert command.startswith("python -m venv .venv && ")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == 'bash -c "$command"'
    bash = shutil.which("bash")
    assert bash is not None
    extraction = script[: script.index("rm -rf")] + 'printf %s "$command"'
    done = subprocess.run(
        [bash, "-c", extraction, str(ROOT / ".ci" / "run")], capture_output=True, text=True, check=True
    )
    assert done.stdout == command


def test_every_runtime_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert declared is not None
    names = re.findall(r'"([\w-]+)>=', declared[1])
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    assert set(names) - set(explained) == set()
