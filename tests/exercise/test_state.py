"""The fold over the log: whole or in parts alike, and players learn nothing from the director's entries."""

from dataclasses import replace

import pytest
from exercise_runs import uninterrupted, whole

from sarex.errors import InputError
from sarex.exercise.play.events import Event
from sarex.exercise.play.known import told
from sarex.exercise.play.state import fold
from sarex.journal import Audience


@pytest.fixture(scope="module")
def entries():
    return whole(uninterrupted())


def test_in_parts_as_in_one(entries):
    at_once = fold(None, entries)
    state = None
    for entry in entries:
        state = fold(state, (entry,))
    assert state == at_once


def test_players_learn_nothing_from_the_directors_entries(entries):
    state = fold(None, entries[:1])
    assert all(
        told(state.known, entry) is state.known
        for entry in entries
        if entry.audience is not Audience.EVERYBODY
    )


def test_what_the_director_alone_knows_does_not_change_what_is_known(entries):
    without = [
        entry
        for entry in entries[1:]
        if entry.audience is Audience.EVERYBODY or entry.kind.startswith("exercise.")
    ]
    first = fold(None, entries[:1])
    assert fold(first, without).known == fold(None, entries).known


def test_every_kind_says_who_may_read_it(entries):
    for entry in entries:
        assert entry.audience is Event(entry.kind).audience


@pytest.mark.parametrize("kind", [kind for kind in Event if kind.startswith("crew.")])
def test_what_crews_really_do_is_for_the_director(kind):
    assert kind.audience is Audience.DIRECTOR


def test_an_empty_log_and_a_strange_one_are_told(entries):
    with pytest.raises(InputError, match="empty"):
        fold(None, ())
    with pytest.raises(InputError, match="not with the start"):
        fold(None, [replace(entries[1], seq=1)])
