"""The example on the page about many searchers runs and shows what it says."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "many-searchers.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, *paths = done.stdout.splitlines()
    found, at_best = map(float, re.findall(r"0\.\d\d", first))
    assert 0.3 < found <= at_best <= found + 0.02
    assert len(paths) == 6
    for path in paths:
        cells = [(6, 0), *((int(row), int(column)) for row, column in re.findall(r"\((\d), (\d)\)", path))]
        assert len(cells) == 9
        assert all(abs(a - c) + abs(b - d) <= 1 for (a, b), (c, d) in pairwise(cells))
