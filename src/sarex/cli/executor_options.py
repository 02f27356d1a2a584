"""Options of the command line that say where a drift is computed, and the check of numbers."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sarex.errors import InputError

if TYPE_CHECKING:
    from sarex.drift.executors import DriftExecutor


class Where(StrEnum):
    """Where a drift is computed; the answer is the same to the bit."""

    SERIAL = "serial"
    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


ExecutorOption = Annotated[
    Where | None, typer.Option("--executor", help="Where the drift is computed; in threads if not given.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", help="Threads, processes or local Dask workers; the cores if not given."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="A Dask scheduler, such as tcp://host:8786; implies --executor dask."),
]


def check_number(option: str, number: int | None, least: int, most: int) -> None:
    if number is not None and not least <= number <= most:
        raise InputError(f"{option} is {number}; it must lie between {least} and {most}.")


@contextmanager
def executor_of(where: Where | None, workers: int | None, cluster: str | None) -> Iterator["DriftExecutor"]:
    from sarex.drift import executors  # noqa: PLC0415

    check_number("--workers", workers, 1, 1024)
    if cluster is not None and where not in (None, Where.DASK):
        raise InputError(
            f"--executor is {where} and --cluster is {cluster}; a cluster works with Dask. "
            "Leave one of the two out."
        )
    if workers is not None and (where is Where.SERIAL or cluster is not None):
        raise InputError(
            f"--workers is {workers}, but "
            + ("--executor serial has one" if cluster is None else f"the cluster {cluster} has its own")
            + "; leave --workers out, or choose threads, processes or dask."
        )
    if cluster is not None or where is Where.DASK:
        with closing(executors.Dask(cluster, workers)) as dask:
            yield dask
        return
    match where:
        case Where.SERIAL:
            yield executors.Serial()
        case Where.PROCESSES:
            yield executors.Processes(workers)
        case _:
            yield executors.Threads(workers)
