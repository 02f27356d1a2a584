"""An interrupt that comes inside C code, where no exception can pass, is not lost."""

import ctypes
import signal
import sys
import time
from contextlib import suppress

import pytest

from sarex.cli import interrupts
from sarex.cli.interrupts import interrupts_heard
from sarex.errors import InputError

WAIT_S = 20.0


def _interrupted_in_c() -> None:
    """Ctrl-C while C calls back into Python, as the compiler of the kernels does."""
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))()


def _work(error: Exception | None = None) -> None:
    """What follows upon that."""
    with interrupts_heard():
        _interrupted_in_c()
        if error is not None:
            raise error
        time.sleep(WAIT_S)


def _answered() -> None:
    """A plan that ends its search, and then a fault."""
    with interrupts_heard():
        with suppress(KeyboardInterrupt):
            _interrupted_in_c()
            time.sleep(WAIT_S)
        raise RuntimeError("much later")


@pytest.fixture(autouse=True)
def _an_interrupt_is_raised():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_lost_in_c_comes_again(capsys) -> None:
    with pytest.raises(KeyboardInterrupt):
        _work()
    assert capsys.readouterr().err == ""


def test_an_error_that_follows_a_lost_interrupt_is_the_interrupt(monkeypatch) -> None:
    monkeypatch.setattr(interrupts, "_AGAIN_S", WAIT_S)
    with pytest.raises(SystemExit) as ended:
        _work(RuntimeError("no compiled object yet"))
    assert ended.value.code == 130


def test_an_error_after_the_interrupt_was_answered_is_told() -> None:
    with pytest.raises(RuntimeError, match="much later"):
        _answered()


def test_other_errors_are_told_as_they_are(monkeypatch) -> None:
    monkeypatch.setattr(interrupts, "_AGAIN_S", WAIT_S)
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
