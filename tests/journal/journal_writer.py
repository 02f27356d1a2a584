"""A process that appends to a journal; run by test_writers.py.

journal_writer.py share URL NAME ENTRIES expected|free
journal_writer.py killed PATH SEED TIMES
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from journal_drafts import draft

from sarex.errors import Overtaken
from sarex.journal import Journal

BATCH = 5
LONGEST_LIFE_S = 0.06
LONGEST_THOUGHT_S = 0.004
"""Between two batches; without it one process can keep the journal to itself all the time."""


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def share(url: str, name: str, entries: int, *, expecting: bool) -> int:
    """Append in batches of one to nine; return how often another process was faster."""
    chance = random.Random(name)  # noqa: S311 - no secret
    overtaken = 0
    with Journal.open(url) as journal:
        say("ready")
        sys.stdin.readline()
        done, seq = 0, journal.last_seq
        while done < entries:
            ends = min(done + chance.randint(1, 9), entries)
            time.sleep(chance.uniform(0.0, LONGEST_THOUGHT_S))
            batch = [draft(number, f"{name}/{number}") for number in range(done, ends)]
            try:
                seq = journal.append(batch, expected=seq if expecting else None)[-1].seq
            except Overtaken:
                overtaken += 1
                seq = journal.read(after=seq)[-1].seq
            else:
                done = ends
    return overtaken


def append_until_killed(path: Path, tell: int) -> None:
    """Go on where the journal ends; tell when it is open, and each batch once it is recorded."""
    with Journal.open(path) as journal:
        os.write(tell, b"open\n")
        number = journal.last_seq // BATCH
        while True:
            batch = [draft(BATCH * number + i, batch=number, text="漂流 표류 " * 40) for i in range(BATCH)]
            journal.append(batch, expected=BATCH * number)
            os.write(tell, b"%d\n" % number)
            number += 1


def live_and_die(path: Path, life_s: float, *, from_open: bool) -> list[int]:
    """Fork a writer, kill it, and return the batches that it said it had recorded.

    Its life is counted from when it has opened the journal, or from the fork, so that some die while opening.
    """
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            append_until_killed(path, tell)
        finally:
            os._exit(1)
    os.close(tell)
    with os.fdopen(hear) as heard:
        if from_open:
            heard.readline()
        time.sleep(life_s)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        told = [int(word) for word in heard.read().split() if word != "open"]
    return told if os.WTERMSIG(status) == signal.SIGKILL else [-1]


def make_and_die(path: Path, life_s: float) -> str:
    """Kill a process that makes a journal; return what can be done then."""
    child = os.fork()
    if child == 0:
        try:
            Journal.create(path)
        finally:
            os._exit(0)
    time.sleep(life_s)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    verbs = {"open": Journal.open, "create": Journal.create}
    found = []
    for word, verb in verbs.items():
        try:
            verb(path).close()
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            found.append(f"{word}: {type(error).__name__}")
        else:
            found.append(word)
    return ", ".join(found)


def killed(path: Path, seed: int, times: int) -> None:
    moments = random.Random(seed)  # noqa: S311 - no secret
    entries = 0
    for kill in range(times):
        told = live_and_die(path, moments.uniform(0.0, LONGEST_LIFE_S), from_open=kill % 5 > 0)
        with Journal.open(path) as journal:
            new = [entry.body["number"] for entry in journal.read(after=entries)]
            if kill % 5 == 0:
                journal.verify()
        right = new == [*range(entries, entries + len(new))]
        entries += len(new)
        say(json.dumps({"told": told, "entries": entries, "right": right}))
    for attempt in range(times // 4):
        say(
            json.dumps(
                make_and_die(path.with_name(f"{attempt}.sqlite"), moments.uniform(0.0, LONGEST_LIFE_S))
            )
        )


if __name__ == "__main__":
    if sys.argv[1] == "share":
        say(share(sys.argv[2], sys.argv[3], int(sys.argv[4]), expecting=sys.argv[5] == "expected"))
    else:
        killed(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
