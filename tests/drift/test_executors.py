"""Executors: one answer to the bit wherever the pieces are worked on, also where workers die."""

import gc
import os
import signal
import threading
import time
from dataclasses import replace
from multiprocessing import active_children

import numpy as np
import psutil
import pytest
from shapely import Polygon

from builders_sea import START, environment
from sarex.case.model import DriftSettings
from sarex.drift import executors, plain_traits
from sarex.drift.axis import TimeAxis
from sarex.drift.engine import cut, drift_piece, prepare
from sarex.drift.executors import Dask, Processes, Serial, Threads
from sarex.drift.leeway import leeway_table
from sarex.drift.origins import Origins
from sarex.drift.spool import load_spooled, spool
from sarex.errors import InputError, WorkerError
from sarex.kernels.drift import BLOCK

COUNT = 12 * BLOCK + 57
ISLAND = Polygon([(6_000, -8_000), (12_000, -8_000), (12_000, 9_000), (6_000, 9_000)])


def the_job(count=COUNT, steps=72):
    """Two members, two classes of which one capsizes, an island, refloating, release over six hours."""
    rng = np.random.default_rng(3)
    first = environment((0.4, 0.1), (21.0, 3.0), islands_xy_m=[ISLAND], half_m=60_000.0)
    second = environment((-0.2, 0.3), (-4.0, 12.0), half_m=60_000.0)
    sea = replace(first, members=(first.members[0], second.members[0]))
    origins = Origins(
        rng.normal(-8000.0, 2500.0, count),
        rng.normal(0.0, 3000.0, count),
        START.timestamp() + rng.uniform(0.0, 6 * 3600.0, count),
        np.full(count, 1.0 / count),
        np.zeros(count, np.int16),
        rng.integers(0, 2, count).astype(np.int16),
    )
    member = (np.arange(count) >= count // 3).astype(np.int16)
    traits = replace(plain_traits(leeway_table(["PIW-1", "SKIFF-1"])), capsizes=np.array([False, True]))
    settings = DriftSettings(refloating_per_hour=0.3)
    job = prepare(sea, traits, settings, TimeAxis(START.timestamp(), steps), 0xABCDEF0123)
    return job, origins, member


def whole(job, origins, member, executor, parts, between=None) -> list[np.ndarray]:
    """The tracks of all particles, each of which must come exactly once."""
    found, seen = [[] for _ in range(4)], np.zeros(origins.x_m.size, int)
    order = []
    for number, (piece, tracks) in enumerate(executor.run(job, cut(origins, member, parts))):
        seen[piece.stretch] += 1
        order.append(piece.first_particle)
        for rows, part in zip(found, (tracks.x_m, tracks.y_m, tracks.status, tracks.capsized_s), strict=True):
            rows.append(part)
        if between is not None:
            between(number)
    assert np.all(seen == 1)
    return [np.concatenate([rows[i] for i in np.argsort(order)]) for rows in found]


def assert_same(one, other) -> None:
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture(scope="module")
def alone():
    """The answer in one piece a member, here."""
    answer = whole(*the_job(), Serial(), 1)
    status, capsized_s = answer[2:]
    assert {0, 1, 3} <= set(np.unique(status))
    assert np.isfinite(capsized_s).sum() > 20
    return answer


@pytest.mark.parametrize("parts", [2, 5, 1000])
@pytest.mark.parametrize("executor", [Serial(), Threads(1), Threads(2)], ids=["serial", "thread", "threads"])
def test_here_or_in_threads_in_pieces_of_any_size(alone, executor, parts) -> None:
    assert_same(alone, whole(*the_job(), executor, parts))


def test_in_processes(alone) -> None:
    assert_same(alone, whole(*the_job(), Processes(2), 6))
    assert not active_children()


def test_other_seeds_give_other_answers(alone) -> None:
    job, origins, member = the_job()
    other = whole(replace(job, seed=job.seed + 1), origins, member, Serial(), 1)
    afloat = (other[2][:, -1] == 0) & (alone[2][:, -1] == 0)
    assert np.mean((other[0] == alone[0])[afloat, -1]) < 0.01


def test_a_spooled_job_is_the_same_job(tmp_path, monkeypatch) -> None:
    """Large arrays come back as maps of files, small ones as they were; the answer is the same."""
    monkeypatch.setattr("sarex.drift.spool._LARGE_BYTES", 1000)
    job, origins, member = the_job(count=300)
    found = load_spooled(spool(job, tmp_path))
    assert len(list(tmp_path.glob("*.npy"))) >= 4
    (piece, *_) = cut(origins, member, 1)
    one, other = drift_piece(job, piece), drift_piece(found, piece)
    np.testing.assert_array_equal(one.x_m, other.x_m)
    np.testing.assert_array_equal(one.status, other.status)


def _kill_one(processes) -> None:
    victim = next(iter(processes))
    os.kill(victim.pid, signal.SIGKILL)


@pytest.mark.parametrize("after", [0, 3])
def test_a_process_killed_in_the_middle_loses_nothing(alone, after) -> None:
    def between(number: int) -> None:
        if number == after:
            _kill_one(active_children())

    assert_same(alone, whole(*the_job(), Processes(2), 1000, between))


def test_processes_that_die_at_once_lose_nothing_either(alone) -> None:
    """Killed again and again while they start and while they are handed their first pieces."""
    stop, killed = threading.Event(), []

    def hunt() -> None:
        while not stop.is_set() and len(killed) < 4:
            for child in active_children():
                os.kill(child.pid, signal.SIGKILL)
                killed.append(child.pid)
            time.sleep(0.05)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        answer = whole(*the_job(), Processes(2), 1000)
    finally:
        stop.set()
        hunter.join()
    assert len(killed) >= 2
    assert_same(alone, answer)


def _die(*_task) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_processes_that_keep_dying_are_told_of(monkeypatch) -> None:
    monkeypatch.setattr(executors, "_serve", _die)
    monkeypatch.setattr(executors, "_MOST_LOSSES", 1)
    with pytest.raises(WorkerError, match=r"worker processes died 2 times running.*Use fewer workers"):
        whole(*the_job(count=2 * BLOCK), Processes(2), 2)
    assert not active_children()


@pytest.mark.parametrize("executor", [Threads(2), Processes(2)], ids=["threads", "processes"])
@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, None], ids=["interrupted", "closed"])
def test_leaving_early_leaves_nobody_behind(executor, interrupt) -> None:
    threads = threading.active_count()
    job, origins, member = the_job(count=40 * BLOCK)
    running = executor.run(job, cut(origins, member, 1000))
    next(running)
    if interrupt is None:
        running.close()
    else:
        with pytest.raises(interrupt):
            running.throw(interrupt())
    del running
    gc.collect()
    assert not active_children()
    assert threading.active_count() <= threads


def test_an_error_in_the_work_is_the_callers(monkeypatch) -> None:
    """It is not taken for a worker's death, and not tried again for ever."""
    job, origins, member = the_job(count=BLOCK)
    broken = replace(job, members=())
    with pytest.raises(IndexError):
        whole(broken, origins, member, Processes(1), 1)
    assert not active_children()


@pytest.fixture
def cluster():
    pytest.importorskip("distributed")
    made = Dask(workers=2)
    yield made
    made.close()


def _workers_of(cluster) -> list[psutil.Process]:
    pids = cluster._client.run(os.getpid).values()
    return [psutil.Process(pid) for pid in pids]


def test_on_a_cluster(alone, cluster) -> None:
    assert cluster.workers == 2
    assert_same(alone, whole(*the_job(), cluster, 6))
    # and a second job on the same cluster is another job
    job, origins, member = the_job()
    other = replace(job, seed=7)
    assert_same(whole(other, origins, member, Serial(), 1), whole(other, origins, member, cluster, 6))


def test_a_worker_of_the_cluster_killed_in_the_middle_loses_nothing(alone, cluster) -> None:
    workers = _workers_of(cluster)

    def between(number: int) -> None:
        if number == 2:
            workers[0].kill()

    assert_same(alone, whole(*the_job(), cluster, 1000, between))


def test_both_workers_of_the_cluster_killed_loses_nothing(alone, cluster) -> None:
    """Every copy of the shared part goes with them."""
    workers = _workers_of(cluster)

    def between(number: int) -> None:
        if number == 2:
            for worker in workers:
                worker.kill()

    assert_same(alone, whole(*the_job(), cluster, 1000, between))


def test_a_cluster_that_is_not_there_is_told_of(monkeypatch) -> None:
    dask = pytest.importorskip("dask.distributed")
    real = dask.Client
    monkeypatch.setattr(dask, "Client", lambda address, timeout: real(address, timeout="1s"))  # noqa: ARG005
    with pytest.raises(
        InputError, match=r"--cluster is tcp://127\.0\.0\.1:1, where no Dask scheduler answers"
    ):
        Dask("tcp://127.0.0.1:1")
