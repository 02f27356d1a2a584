"""Where the pieces of a drift are worked on: here, in threads, in processes, on a Dask cluster.

Each executor yields the finished pieces in any order. A worker that dies loses nothing: what it had in hand
is given to another. Only a few pieces are in hand at a time, so that memory stays bounded.
"""

import pickle
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, cast

from sarex.drift.engine import Job, Piece, Tracks, drift_piece
from sarex.drift.spool import load_spooled, spool
from sarex.errors import InputError, OutputError, WorkerError
from sarex.workers import cores

_IN_HAND_PER_WORKER = 2
_MOST_LOSSES = 5
"""Times that workers may die without a piece finished in between; for processes, over one piece."""

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
        idle: SimpleQueue[_Process] = SimpleQueue()
        with tempfile.TemporaryDirectory(prefix="sarex-") as folder:
            spooled = _spooled_into(Path(folder), job)
            for _ in range(self.workers):
                idle.put(_Process(spooled))
            try:
                with ThreadPoolExecutor(max_workers=self.workers) as pool:
                    in_hand: dict[Future[Tracks], Piece] = {}
                    yield from _keep_busy(
                        pool, _drift_elsewhere, (idle,), iter(pieces), in_hand, self.workers
                    )
            finally:
                while not idle.empty():
                    idle.get().end()


def _spooled_into(folder: Path, job: Job) -> Path:
    try:
        return spool(job, folder)
    except OSError as trouble:
        raise OutputError(
            f"{folder.parent} has no room for the forcing that the processes share "
            f"({trouble.strerror or trouble}). Make room there, set TMPDIR, or run in threads."
        ) from trouble


class _Process:
    """A process that drifts one piece after the other.

    It has a pipe that no other process holds, so that its death is seen on it at once, also in the middle of
    an answer. `ProcessPoolExecutor` has one pipe for all answers and waits for ever for the rest of that one.
    """

    def __init__(self, spooled: Path) -> None:
        context = get_context("spawn")
        self._spooled = spooled
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(spooled, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def drift(self, piece: Piece) -> Tracks:
        """Raises OSError or EOFError where the process has died."""
        self._pipe.send(piece)
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise _WorkFailed from answer
        return cast("Tracks", answer)

    def successor(self) -> "_Process":
        """Another in its place."""
        self.end()
        return _Process(self._spooled)

    def end(self) -> None:
        """It ends when its pipe does."""
        self._pipe.close()
        self._process.join()


class _WorkFailed(Exception):  # noqa: N818  (carries another as its cause, never shown)
    """The work itself went wrong, not the process; told apart because both may be an OSError."""


def _serve(spooled: Path, pipe: Connection) -> None:
    """What a process does until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the caller's, who then closes the pipe
    while True:
        try:
            piece = pipe.recv()
        except EOFError:
            return
        try:
            answer: Tracks | Exception = drift_piece(load_spooled(spooled), piece)
        except Exception as trouble:  # noqa: BLE001  (raised again by the caller)
            answer = trouble
        pipe.send(answer)


def _drift_elsewhere(idle: "SimpleQueue[_Process]", piece: Piece) -> Tracks:
    """Have a piece drifted in an idle process, and if that dies in another."""
    process = idle.get()
    try:
        for _ in range(_MOST_LOSSES + 1):
            try:
                return process.drift(piece)
            except (OSError, EOFError):
                process = process.successor()
    except _WorkFailed as failed:
        raise cast("Exception", failed.__cause__) from None
    finally:
        idle.put(process)
    raise WorkerError(
        f"worker processes died {_MOST_LOSSES + 1} times running over one piece; memory may be short. "
        "Use fewer workers, or run in threads."
    )


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
                in_hand[pool.submit(work, *shared, piece)] = piece
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
            raise InputError(
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
            raise InputError(
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
            tracks = _fetched(future)
            if tracks is not None:
                losses = 0
                yield piece, tracks
                following = next(waiting, None)
                if following is not None:
                    hand_out(following)
                continue
            losses += 1
            if losses > _MOST_LOSSES * max(1, self.workers):
                raise WorkerError(
                    f"pieces keep failing on the cluster ({_reason(future)}). Look at its logs."
                )
            # the only copies of the shared part may have gone with the worker
            shared = client.scatter(packed, broadcast=True, hash=False)
            hand_out(piece)

    def close(self) -> None:
        """Leave the cluster, and end it if it is ours."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _fetched(future: Any) -> Tracks | None:
    """The answer; none where the work failed, or where answer and shared part died with their workers."""
    try:
        return cast("Tracks", future.result()) if future.status == "finished" else None
    except CancelledError:
        return None


def _reason(future: Any) -> object:
    try:
        return future.exception()
    except CancelledError:
        return "their workers died"


_UNPACKED: dict[int, Job] = {}


def _drift_packed(packed: bytes, piece: Piece) -> Tracks:
    """Runs on a Dask worker; unpacks the shared part once for all its pieces."""
    key = hash(packed)
    if key not in _UNPACKED:
        _UNPACKED.clear()
        _UNPACKED[key] = pickle.loads(packed)  # noqa: S301  (our own job, sent over the cluster's own channel)
    return drift_piece(_UNPACKED[key], piece)
