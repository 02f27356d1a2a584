"""Many exercises side by side; their rows are written in order of their numbers, as they come.

A row depends on the examination's seed and its own number only, so the file is the same whatever the workers.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from sarex.errors import WorkerError
from sarex.exercise.examination.model import Row
from sarex.exercise.examination.rows import Plan, growing
from sarex.workers import VARIABLE, cores

ROWS = "rows.jsonl"
_AHEAD_PER_WORKER = 8
"""Cases in hand: slow ones among them keep nobody waiting, and memory stays bounded."""


def run_examination(
    folder: Path, plan: Plan, cases: int, workers: int, told: Callable[[int], None]
) -> tuple[Row, ...]:
    """The rows of cases 0 to `cases` - 1; what the folder's file has already is not done again.

    Args:
        told: called with the number of rows that there are, at first and after each.

    Raises:
        InputError: the folder holds another examination.
        OutputError: the file cannot be written.
        WorkerError: a process died; the rows written stand.
    """
    with growing(folder / ROWS, plan) as (kept, file):
        rows = list(kept)
        told(min(len(rows), cases))
        for row in _examined(plan, range(len(rows), cases), workers):
            file.append(row)
            rows.append(row)
            told(len(rows))
    return tuple(rows[:cases])


def _examined(plan: Plan, numbers: range, workers: int) -> Iterator[Row]:
    """Rows in order."""
    if workers == 1 or len(numbers) < 2:
        yield from (_row(plan, number) for number in numbers)
        return
    with ProcessPoolExecutor(
        min(workers, len(numbers)), mp_context=get_context("spawn"), initializer=_alone
    ) as pool:
        in_hand: deque[Future[Row]] = deque()
        try:
            for number in numbers:
                in_hand.append(pool.submit(_row, plan, number))
                if len(in_hand) >= _AHEAD_PER_WORKER * workers:
                    yield in_hand.popleft().result()
            while in_hand:
                yield in_hand.popleft().result()
        except BrokenProcessPool as broken:
            raise WorkerError(
                "a worker process died; memory may be short. Run the same again: it goes on from the "
                "last case that was written. Use fewer workers if it happens again."
            ) from broken
        except BaseException:
            # an interrupt, or nobody wants more rows: what is in hand is not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _row(plan: Plan, number: int) -> Row:
    from sarex.exercise.examination.examined import examined  # noqa: PLC0415 - heavy, and needed where it is done

    return examined(plan.seed, number, plan.forecaster, plan.again)


def _alone() -> None:
    """One thread a process: the processes share out the cores; an interrupt is the parent's."""
    os.environ[VARIABLE] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """A worker whose parent is killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def usual_workers() -> int:
    """As many as there are processors."""
    return cores()
