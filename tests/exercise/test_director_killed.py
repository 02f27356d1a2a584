"""Killed at any moment, or written by two at once: no event is lost, doubled or changed."""

import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest
from exercise_runs import begun, run_to_end, story, uninterrupted, whole, write_notes

from sarex.journal import Journal

KILLS = 50
MOST_EVENTS = 7
"""So many are recorded between two kills at most, that all of them fall inside the exercise."""


@pytest.fixture(scope="module")
def others():
    """Processes that have everything imported when they begin."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warmed_runs"])
    with pytest.MonkeyPatch.context() as patch:
        # the server of forks looks for what it loads beforehand there only
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        warm = context.Process(target=abs, args=(1,))
        warm.start()
        warm.join()
    return context


def wait_for(log, entries, process):
    """Until a log holds so many entries, or nobody writes into it any more."""
    with Journal.open(log) as journal:
        while journal.last_seq < entries and process.is_alive():
            time.sleep(0.001)


@pytest.mark.slow
def test_fifty_kills_change_nothing(tmp_path, others):
    log = begun(tmp_path / "killed.sqlite")
    moments = random.Random(20261123)  # noqa: S311 - moments, not secrets
    progress = [1]
    for _ in range(KILLS):
        process = others.Process(target=run_to_end, args=(log,))
        process.start()
        wait_for(log, progress[-1] + moments.randint(0, MOST_EVENTS), process)
        process.join(moments.uniform(0.0, 0.01))
        process.kill()
        process.join()
        progress.append(len(whole(log)))
    assert len(set(progress)) > KILLS / 2
    run_to_end(log)
    assert story(whole(log)) == story(whole(uninterrupted()))


@pytest.mark.slow
def test_two_at_once_corrupt_nothing(tmp_path, others):
    log = begun(tmp_path / "both.sqlite")
    both = [
        others.Process(target=run_to_end, args=(log,)),
        others.Process(target=run_to_end, args=(log,)),
        others.Process(target=write_notes, args=(log, 40)),
    ]
    for process in both:
        process.start()
        time.sleep(0.05)
    for process in both:
        process.join(120)
        assert process.exitcode == 0
    entries = whole(log)
    notes = [entry.body["text"] for entry in entries if entry.kind == "evaluator.noted"]
    assert notes == [f"note {number}" for number in range(40)]
    others_story = [line for line in story(entries) if line[1] != "evaluator.noted"]
    assert others_story == story(whole(uninterrupted()))
