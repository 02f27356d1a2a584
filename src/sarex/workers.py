"""How many threads may run side by side."""

import os


def cores() -> int:
    """Processors that this process may use: as many threads as it makes sense to run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
