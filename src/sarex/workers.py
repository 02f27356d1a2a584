"""How many threads may run side by side."""

import os

from sarex.errors import InputError

VARIABLE = "SAREX_CORES"


def cores() -> int:
    """Threads to run at once: as many as this process has processors, or as SAREX_CORES says.

    Raises:
        InputError: SAREX_CORES is not a whole number above 0.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted is not None:
        if not wanted.isdecimal() or int(wanted) < 1:
            raise InputError(
                f'{VARIABLE} is "{wanted}"; it must be a whole number above 0. '
                "Correct it, or unset it to use every processor."
            )
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
