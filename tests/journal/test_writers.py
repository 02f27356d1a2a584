"""Several processes at once, and processes that are killed."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from journal_writer import BATCH

from sarex.journal import Journal

WRITER = Path(__file__).with_name("journal_writer.py")
ENTRIES = 500
KILLS = 50


def writer(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, WRITER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def share(url: str, way: str) -> list[int]:
    """Two processes append at once; how often each was overtaken."""
    both = [writer("share", url, name, str(ENTRIES), way) for name in ("Busan", "Kobe")]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    overtaken = []
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        overtaken.append(int(out))
    return overtaken


@pytest.mark.parametrize("way", ["free", "expected"])
def test_two_processes_write_at_once_without_loss_or_hole(url: str, way: str) -> None:
    Journal.create(url).close()
    overtaken = share(url, way)
    with Journal.open(url) as journal:
        journal.verify()
        entries = journal.read()
    assert [entry.seq for entry in entries] == list(range(1, 2 * ENTRIES + 1))
    for name in ("Busan", "Kobe"):
        ours = [entry.body["number"] for entry in entries if entry.key.startswith(name)]
        assert ours == list(range(ENTRIES))
    turns = Counter(a.key[0] != b.key[0] for a, b in pairwise(entries))
    assert turns[True] > 2, "they wrote one after the other, which proves nothing"
    assert (sum(overtaken) > 0) == (way == "expected")


def test_a_killed_writer_leaves_whole_batches_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "exercise.sqlite"
    Journal.create(path).close()
    out, err = writer("killed", str(path), "20260512", str(KILLS)).communicate(timeout=60)
    lines = [json.loads(line) for line in out.splitlines()]
    kills, makings = lines[:KILLS], lines[KILLS:]
    assert len(kills) == KILLS, err
    assert all(kill["right"] and kill["entries"] % BATCH == 0 for kill in kills)
    told_before = 0
    for kill in kills:
        # whatever was told as recorded is there, once, and at most one batch more
        first = told_before
        assert kill["told"] == list(range(first, first + len(kill["told"])))
        assert kill["entries"] // BATCH - (first + len(kill["told"])) in (0, 1)
        told_before = kill["entries"] // BATCH
    assert told_before > 10, "hardly a batch was written, which proves little"
    with Journal.open(path) as journal:
        journal.verify()
        assert [entry.body["number"] for entry in journal.read()] == list(range(journal.last_seq))
    # killed while it made a new one: there is a whole empty one, or a new one can be made
    refused = "JournalInputError"
    assert set(makings) <= {f"open, create: {refused}", f"open: {refused}, create"}
