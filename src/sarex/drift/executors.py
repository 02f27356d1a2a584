"""Where the pieces of a drift are worked on: here, in threads, in processes, on a Dask cluster.

Each executor yields the finished pieces in any order. A worker that dies loses nothing: what it had in hand
is given to another. Only a few pieces are in hand at a time, so that memory stays bounded.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from sarex.drift.engine import Job, Piece, Tracks, drift_piece
from sarex.drift.spool import load_spooled, spool
from sarex.errors import WorkerError
from sarex.workers import cores

_IN_HAND_PER_WORKER = 2
_MOST_LOSSES = 5
"""Times that workers may die without a piece finished in between."""

Finished = Iterator[tuple[Piece, Tracks]]


class DriftExecutor(Protocol):
    """Works on pieces; `workers` is how many it works on at a time."""

    workers: int

    def run(self, job: Job, pieces: Iterable[Piece]) -> Finished:
        """Drift the pieces; yields each with its tracks as it is done."""
        ...


class Serial:
    """One after the other, here."""

    workers = 1

    def run(self, job: Job, pieces: Iterable[Piece]) -> Finished:
        """See `DriftExecutor`."""
        for piece in pieces:
            yield piece, drift_piece(job, piece)


class Threads:
    """On all cores of this machine in one process: the kernel releases the interpreter's lock."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()

    def run(self, job: Job, pieces: Iterable[Piece]) -> Finished:
        """See `DriftExecutor`."""
        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            waiting = iter(pieces)
            in_hand: dict[Future[Tracks], Piece] = {}
            yield from _keep_busy(pool, drift_piece, (job,), waiting, in_hand, self.workers)


class Processes:
    """In processes of this machine; each maps the forcing from one copy on disk."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()

    def run(self, job: Job, pieces: Iterable[Piece]) -> Finished:
        """See `DriftExecutor`.

        Raises:
            WorkerError: processes keep dying.
        """
        waiting = iter(pieces)
        in_hand: dict[Future[Tracks], Piece] = {}
        losses = 0
        with tempfile.TemporaryDirectory(prefix="sarex-") as folder:
            spooled = spool(job, Path(folder))
            while True:
                again = list(in_hand.values())
                in_hand.clear()
                try:
                    with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
                        # one iterator for good: what a dying pool did not take stays in it
                        waiting = _chained(again, waiting)
                        for finished in _keep_busy(
                            pool, _drift_spooled, (spooled,), waiting, in_hand, self.workers
                        ):
                            losses = 0
                            yield finished
                except BrokenProcessPool as broken:
                    losses += 1
                    if losses > _MOST_LOSSES:
                        raise WorkerError(
                            f"worker processes died {losses} times running without finishing a piece; memory "
                            "may be short. Use fewer workers, or run in threads."
                        ) from broken
                else:
                    return


def _chained(first: list[Piece], then: Iterator[Piece]) -> Iterator[Piece]:
    yield from first
    yield from then


def _drift_spooled(spooled: Path, piece: Piece) -> Tracks:
    return drift_piece(load_spooled(spooled), piece)


def _keep_busy(
    pool: Executor,
    work: Callable[..., Tracks],
    shared: tuple[Any, ...],
    waiting: Iterator[Piece],
    in_hand: dict[Future[Tracks], Piece],
    workers: int,
) -> Finished:
    """Hand out pieces as others are done; `in_hand` always holds those whose answer is still out."""
    try:
        while True:
            for piece in waiting:
                # noted before it is handed out: handing out may find the pool broken
                placeholder: Future[Tracks] = Future()
                in_hand[placeholder] = piece
                in_hand[pool.submit(work, *shared, piece)] = piece
                del in_hand[placeholder]
                if len(in_hand) >= _IN_HAND_PER_WORKER * workers:
                    break
            if not in_hand:
                return
            done, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            for future in done:
                tracks = future.result()
                yield in_hand.pop(future), tracks
    except BaseException:
        # also when the caller turns away or is interrupted: nobody is left working, nothing is begun any more
        pool.shutdown(wait=True, cancel_futures=True)
        raise


class Dask:
    """On a Dask cluster: `address` such as tcp://host:8786, or none for one on this machine."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        try:
            from dask.distributed import Client, LocalCluster  # noqa: PLC0415
        except ImportError as missing:
            raise WorkerError(
                "--cluster needs Dask, which is not installed. Run: pip install 'sarex[cluster]'"
            ) from missing
        self._cluster: Any = None
        if address is None:
            self._cluster = LocalCluster(
                n_workers=workers or cores(), threads_per_worker=1, dashboard_address=None
            )
        try:
            self._client = Client(self._cluster if address is None else address, timeout="20s")
        except (OSError, ValueError) as trouble:
            raise WorkerError(
                f"--cluster is {address}, where no Dask scheduler answers ({trouble}). Start one with "
                "dask scheduler, or correct the address."
            ) from trouble
        self.workers = max(1, len(self._client.scheduler_info()["workers"]))

    def run(self, job: Job, pieces: Iterable[Piece]) -> Finished:
        """See `DriftExecutor`.

        Raises:
            WorkerError: workers keep dying.
        """
        from dask.distributed import as_completed  # noqa: PLC0415

        client, losses = self._client, 0
        packed = pickle.dumps(job, protocol=5)
        shared = client.scatter(packed, broadcast=True, hash=False)
        waiting, in_hand = iter(pieces), {}
        busy: Any = as_completed([], raise_errors=False)

        def hand_out(piece: Piece) -> None:
            future = client.submit(_drift_packed, shared, piece, pure=False, retries=3)
            in_hand[future.key] = piece
            busy.add(future)

        for _, piece in zip(range(_IN_HAND_PER_WORKER * self.workers), waiting, strict=False):
            hand_out(piece)
        while in_hand:
            future = next(busy)
            piece = in_hand.pop(future.key)
            if future.status == "finished":
                losses = 0
                yield piece, future.result()
                following = next(waiting, None)
                if following is not None:
                    hand_out(following)
                continue
            losses += 1
            if losses > _MOST_LOSSES * max(1, self.workers):
                raise WorkerError(
                    f"pieces keep failing on the cluster ({future.exception()}). Look at its logs."
                )
            # the only copies of the shared part may have gone with the worker
            shared = client.scatter(packed, broadcast=True, hash=False)
            hand_out(piece)

    def close(self) -> None:
        """Leave the cluster, and end it if it is ours."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


_UNPACKED: dict[int, Job] = {}


def _drift_packed(packed: bytes, piece: Piece) -> Tracks:
    """Runs on a Dask worker; unpacks the shared part once for all its pieces."""
    key = hash(packed)
    if key not in _UNPACKED:
        _UNPACKED.clear()
        _UNPACKED[key] = pickle.loads(packed)  # noqa: S301  (our own job, sent over the cluster's own channel)
    return drift_piece(_UNPACKED[key], piece)
