"""How many threads run side by side."""

import os

import pytest

from sarex.errors import InputError
from sarex.workers import cores


def test_every_processor_of_this_process(monkeypatch) -> None:
    monkeypatch.delenv("SAREX_CORES", raising=False)
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert cores() == allowed


def test_as_many_as_asked_for(monkeypatch) -> None:
    monkeypatch.setenv("SAREX_CORES", "3")
    assert cores() == 3


@pytest.mark.parametrize("wanted", ["0", "-1", "two", "", "1.5"])
def test_nonsense_is_refused(monkeypatch, wanted) -> None:
    monkeypatch.setenv("SAREX_CORES", wanted)
    with pytest.raises(InputError, match="SAREX_CORES"):
        cores()
