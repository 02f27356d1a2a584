"""Batches go in whole, come out as they went in, and stay."""

import json
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_drafts import START, draft

from sarex.errors import AlreadyRecorded, InputError, JournalError, JournalInputError, Overtaken
from sarex.journal import Audience, Draft, Journal

_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).filter(
    lambda word: word == word.strip()
)
_numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.none() | st.booleans() | _numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_instants = st.datetimes(
    START.replace(year=1950, tzinfo=None),
    START.replace(year=2150, tzinfo=None),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
_drafts = st.builds(
    Draft,
    at=_instants,
    kind=_words,
    key=_words,
    by=_words,
    audience=st.sampled_from(Audience),
    body=st.dictionaries(st.text(), _json, max_size=5),
)


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    with Journal.create(url) as journal:
        yield journal


@settings(deadline=None, max_examples=40)
@given(st.lists(_drafts, max_size=8, unique_by=lambda draft: draft.key))
def test_what_goes_in_comes_out(drafts: list[Draft]) -> None:
    with Journal.create("sqlite://") as journal:
        recorded = journal.append(drafts)
        assert journal.read() == recorded
        assert journal.last_seq == len(drafts)
        journal.verify()
    for number, (entry, given_) in enumerate(zip(recorded, drafts, strict=True), start=1):
        assert entry.seq == number
        assert entry.at.utcoffset() == timedelta(0)
        for name in ("at", "kind", "key", "by", "audience", "body"):
            assert getattr(entry, name) == getattr(given_, name)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 4), max_size=6))
def test_how_it_is_cut_into_batches_does_not_matter(lengths: list[int]) -> None:
    drafts = [draft(number) for number in range(sum(lengths))]
    rest = iter(drafts)
    with Journal.create("sqlite://") as whole, Journal.create("sqlite://") as pieces:
        whole.append(drafts)
        for length in lengths:
            pieces.append([next(rest) for _ in range(length)], expected=pieces.last_seq)
        same = [
            [replace(entry, recorded_at=START) for entry in journal.read()] for journal in (whole, pieces)
        ]
    assert same[0] == same[1]


def test_entries_read_again_are_those_that_append_gave(url: str) -> None:
    body = {
        "points": ((1, 2.5, -0.0), (5e-324, 1.7976931348623157e308)),
        "7": "漂流\u0000\n표류",
        "none": None,
    }
    given_ = replace(draft(1), body=body)
    with Journal.create(url) as journal:
        (recorded,) = journal.append([given_])
    with Journal.open(url) as journal:
        assert journal.read() == (recorded,)
        journal.verify()
    assert recorded.body == json.loads(json.dumps(body))


def test_entries_after_a_number(journal: Journal) -> None:
    entries = journal.append([draft(number) for number in range(5)])
    assert journal.read(after=3) == entries[3:]
    assert journal.read(after=5) == ()
    assert journal.last_seq == 5


def test_a_new_journal_is_empty(journal: Journal) -> None:
    assert (journal.read(), journal.last_seq) == ((), 0)
    assert journal.append([]) == ()
    assert journal.verify() == journal.seal


def test_the_wall_clock_is_told_once_for_a_batch(url: str, ticking: Callable[[], datetime]) -> None:
    with Journal.create(url, clock=ticking) as journal:
        batches = [journal.append([draft(2 * i), draft(2 * i + 1)]) for i in range(2)]
    assert [[entry.recorded_at.second for entry in batch] for batch in batches] == [[1, 1], [2, 2]]
    assert batches[0][0].recorded_at.tzinfo is UTC


def test_who_was_overtaken_writes_nothing(url: str, journal: Journal) -> None:
    with Journal.open(url) as other:
        seen = other.last_seq
        journal.append([draft(1)], expected=0)
        with pytest.raises(Overtaken, match="read up to entry 0 and now ends with 1"):
            other.append([draft(2)], expected=seen)
        assert journal.last_seq == 1
        other.append([draft(2)], expected=1)
    assert [entry.key for entry in journal.read()] == ["inject/1", "inject/2"]


def test_the_same_event_is_recorded_once(journal: Journal) -> None:
    journal.append([draft(1), draft(2)])
    with pytest.raises(AlreadyRecorded, match=r"inject/2, inject/1|inject/1, inject/2") as caught:
        journal.append([draft(3), draft(2), draft(1)])
    assert set(caught.value.keys) == {"inject/1", "inject/2"}
    assert pickle.loads(pickle.dumps(caught.value)).keys == caught.value.keys  # noqa: S301 - our own
    with pytest.raises(AlreadyRecorded, match=r"^inject/4: recorded already"):
        journal.append([draft(4), draft(4)])
    assert journal.last_seq == 2
    assert journal.append([draft(3)], expected=2)[0].seq == 3


def test_many_keys_that_are_there(journal: Journal) -> None:
    batch = [draft(number) for number in range(1200)]
    journal.append(batch)
    with pytest.raises(AlreadyRecorded) as caught:
        journal.append([*batch, draft(1200)])
    assert len(caught.value.keys) == 1200


def test_who_was_overtaken_hears_that_first(journal: Journal) -> None:
    """Two directors find the same next event: the slower one need only read on."""
    journal.append([draft(1)])
    with pytest.raises(Overtaken):
        journal.append([draft(1)], expected=0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at": START.replace(tzinfo=None)}, r"inject/2 is at 2026-05-12T00:00:00, which has no time zone"),
        ({"body": {"pos": float("nan")}}, r"The body of inject/2 cannot be written as JSON"),
        ({"body": {"at": START}}, r"The body of inject/2 .*datetime"),
        ({"body": {"text": "\ud800"}}, r"The body of inject/2 .*surrogates"),
        ({"body": {1: "a", "1": "b"}}, r"The body of inject/2"),
        ({"kind": ""}, r"The kind of the event 'inject/2' is ''"),
        ({"by": "two\nlines"}, r"The by of the event"),
        ({"key": " inject"}, r"The key of the event"),
        ({"key": "in\x00ject"}, r"The key of the event"),
    ],
)
def test_what_no_journal_can_hold_is_refused(change: dict[str, Any], says: str) -> None:
    with Journal.create("sqlite://") as journal:
        with pytest.raises(JournalInputError, match=says):
            journal.append([draft(1), replace(draft(2), **change)])
        assert journal.last_seq == 0


def test_threads_of_one_process_share_a_journal(journal: Journal) -> None:
    def write(name: str) -> None:
        for number in range(20):
            journal.append([draft(number, f"{name}/{number}")])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.verify()
    assert journal.last_seq == 60


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sarex_entry SET body = '{}' WHERE seq = 1",
        "DELETE FROM sarex_entry",
        "UPDATE sarex_journal SET format_version = 2",
        "DELETE FROM sarex_journal",
    ],
)
def test_other_programs_cannot_change_or_delete(url: str, journal: Journal, statement: str) -> None:
    journal.append([draft(1)])
    with pytest.raises(Exception, match="a journal is only added to"):
        execute(url, statement)
    journal.verify()


@pytest.mark.parametrize(
    "columns",
    ["1, at, recorded_at, kind, 'new'", "3, at, recorded_at, kind, key", "9, at, recorded_at, kind, 'new'"],
    ids=["over a number", "over a key", "with a hole"],
)
def test_sqlite_replaces_nothing(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "exercise.sqlite"
    with Journal.create(path) as journal:
        journal.append([draft(1), draft(2)])
        statement = (
            f"INSERT OR REPLACE INTO sarex_entry SELECT {columns}, by, audience, body, hash "  # noqa: S608
            "FROM sarex_entry WHERE seq = 1"
        )
        with pytest.raises(sqlite3.IntegrityError, match="a journal is only added to"):
            execute(str(path), statement)
        journal.verify()


def test_postgresql_empties_nothing(schema_url: str) -> None:
    with Journal.create(schema_url) as journal:
        journal.append([draft(1)])
        with pytest.raises(Exception, match="a journal is only added to"):
            execute(schema_url, "TRUNCATE sarex_entry")
        assert journal.last_seq == 1


def test_a_writer_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarex.journal.place.WAIT_S", 0.1)
    path = tmp_path / "exercise.sqlite"
    Journal.create(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as hanging, Journal.open(path) as journal:
        hanging.execute("BEGIN IMMEDIATE")
        assert journal.read() == (), "readers do not wait"
        with pytest.raises(JournalError, match="being written by another process that does not finish"):
            journal.append([draft(1)])
        hanging.execute("ROLLBACK")
        journal.append([draft(1)])


def test_batches_are_on_the_disk_before_append_returns(tmp_path: Path) -> None:
    from sarex.journal.place import connect_anew

    path = tmp_path / "exercise.sqlite"
    Journal.create(path).close()
    with closing(connect_anew(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_types_are_those_of_the_plan() -> None:
    assert [field.name for field in fields(Draft)] == ["at", "kind", "key", "by", "audience", "body"]
    assert issubclass(JournalInputError, InputError)


def execute(url: str, statement: str) -> None:
    """As another program would that knows nothing of journals."""
    if "://" not in url:
        with closing(sqlite3.connect(url)) as connection, connection:
            connection.execute(statement)
        return
    import psycopg

    with closing(psycopg.connect(url.replace("+psycopg", ""))) as connection, connection:
        connection.execute(statement.encode())
