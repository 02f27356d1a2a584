"""What every test may use."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from stale_kernels import forget_stale_kernels

with suppress(ImportError):
    # Loaded after eccodes, psycopg's own libraries crash the process as it ends; before it they do not. The
    # program is safe: it opens an exercise's log before it reads forcing.
    import psycopg  # noqa: F401


forget_stale_kernels(Path(__file__).resolve().parents[1] / "src" / "sarex" / "kernels")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with real forcing and reference tables; tests that need it are skipped without it."""
    candidate = Path(os.environ.get("SAREX_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (candidate / "reference").is_dir():
        pytest.skip("real data are not here (set SAREX_SHARED to the folder that holds them)")
    return candidate


# the same examples on every run of CI; a developer's machine goes on looking for new ones
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
