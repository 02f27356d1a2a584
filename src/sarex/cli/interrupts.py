"""An interrupt (Ctrl-C) that comes where Python cannot raise it is heard all the same."""

import sys
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from sarex.errors import SarexError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended."""
_AGAIN_S = 0.02


@contextmanager
def interrupts_heard() -> Iterator[None]:
    """Send an interrupt again that was lost while this runs.

    The compiler of the kernels calls back into Python from C code, through which no exception can pass.
    There Python hands the interrupt to `sys.unraisablehook` and goes on, or the compiler, left without its
    answer, fails with an error of its own before the interrupt has come again.

    Raises:
        SystemExit: with status 130, for an error that followed upon such an interrupt.
    """
    lost: list[Timer] = []
    before = sys.unraisablehook

    def hook(unraisable: "UnraisableHookArgs") -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            before(unraisable)
            return
        # not at once: the same C code is still running
        again = Timer(_AGAIN_S, interrupt_main)
        again.daemon = True
        lost.append(again)
        again.start()

    sys.unraisablehook = hook
    try:
        yield
    except SarexError:
        raise
    except Exception:
        if any(again.is_alive() for again in lost):
            raise SystemExit(INTERRUPTED) from None
        raise
    finally:
        sys.unraisablehook = before
        for again in lost:
            again.cancel()
