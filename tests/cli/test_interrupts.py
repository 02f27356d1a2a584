"""An interrupt that comes inside C code, where no exception can pass, is not lost."""

import ctypes
import signal
import sys
import time

import pytest

from sarex.cli.interrupts import interrupts_heard
from sarex.errors import InputError

WAIT_S = 20.0


def _work(error: Exception | None = None) -> None:
    """Ctrl-C while C calls back into Python, as the compiler of the kernels does, and what follows."""
    with interrupts_heard():
        ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))()
        if error is not None:
            raise error
        time.sleep(WAIT_S)


@pytest.fixture(autouse=True)
def _an_interrupt_is_raised():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_lost_in_c_comes_again(capsys) -> None:
    with pytest.raises(KeyboardInterrupt):
        _work()
    assert capsys.readouterr().err == ""


def test_an_error_that_follows_a_lost_interrupt_is_the_interrupt() -> None:
    with pytest.raises(SystemExit) as ended:
        _work(RuntimeError("no compiled object yet"))
    assert ended.value.code == 130
    time.sleep(0.1)  # and nothing comes after it


def test_other_errors_are_told_as_they_are() -> None:
    with pytest.raises(InputError, match="a field"):
        _work(InputError("a field"))
    with pytest.raises(RuntimeError, match="a fault of ours"), interrupts_heard():
        raise RuntimeError("a fault of ours")


def test_what_else_cannot_be_raised_is_told_as_ever(monkeypatch) -> None:
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_type))

    def wrong() -> None:
        raise ValueError

    with interrupts_heard():
        ctypes.CFUNCTYPE(None)(wrong)()
    assert told == [ValueError]
