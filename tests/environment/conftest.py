"""Forcing files made for tests, written with netCDF4 directly and not with the code under test."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from broken_forcing import write_forcing_file
from sarex.case.model import ForcingChoice, ForcingFile
from sarex.environment import Box, ForcingSource, VelocityField
from sarex.environment.gather import gather_field
from sarex.environment.quantities import CURRENT, WIND
from sarex.environment.request import FieldRequest
from sarex.geo import LocalFrame

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
FRAME = LocalFrame(132.0, 37.0)
BOX = Box(-40_000.0, -40_000.0, 40_000.0, 40_000.0)

WriteForcing = Callable[..., Path]
Gathered = tuple[VelocityField, tuple[ForcingSource, ...]]


@pytest.fixture(autouse=True)
def _private_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("SAREX_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def write_forcing(tmp_path: Path) -> WriteForcing:
    """Write a velocity on a longitude/latitude grid around 132 E, 37 N; every part can be replaced."""

    return partial(write_forcing_file, tmp_path)


@pytest.fixture
def gather() -> Callable[..., Gathered]:
    """Gather one quantity from paths or other choices over the usual box and six hours."""

    def run(*choices: Path | ForcingChoice, quantity="current", frame=FRAME, box=BOX, start=START, hours=6.0):
        made = tuple(ForcingFile(str(choice)) if isinstance(choice, Path) else choice for choice in choices)
        named = {"current": CURRENT, "wind": WIND}[quantity]
        return gather_field(FieldRequest(named, frame, box, start, start + timedelta(hours=hours)), made)

    return run
