"""What was recorded cannot be changed without being seen."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from journal_drafts import draft

from sarex.errors import Tampered
from sarex.journal import Journal

TRIGGERS = (
    "sarex_entry_no_update",
    "sarex_entry_no_delete",
    "sarex_entry_next",
)


@pytest.fixture
def path(tmp_path: Path, ticking: Callable[[], datetime]) -> Path:
    """A journal of six entries."""
    path = tmp_path / "exercise.sqlite"
    with Journal.create(path, clock=ticking) as journal:
        journal.append([draft(number, text="漂流") for number in range(4)])
        journal.append([draft(4), draft(5)])
    return path


def rewrite(path: Path, *statements: str) -> None:
    """Change the file as somebody who knows SQLite and takes the triggers off."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)


def test_the_hash_is_what_the_page_says(path: Path) -> None:
    """Worked out from the stored columns alone, as anybody can who has only the file and this rule."""
    before = sha256(b"sarex-journal/1").hexdigest()
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM sarex_entry ORDER BY seq")]
    for row in rows:
        stored = row.pop("hash")
        row["body"] = json.loads(row["body"])
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        before = sha256((before + text).encode("utf-8")).hexdigest()
        assert stored == before
    with Journal.open(path) as journal:
        assert journal.verify() == journal.seal == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sarex_entry SET at = '2026-05-12T00:02:30.000000Z' WHERE seq = 3",
        "UPDATE sarex_entry SET recorded_at = '2026-05-12T00:00:09.000000Z' WHERE seq = 3",
        "UPDATE sarex_entry SET kind = 'inject.missed' WHERE seq = 3",
        "UPDATE sarex_entry SET key = 'inject/9' WHERE seq = 3",
        "UPDATE sarex_entry SET by = 'Kobe' WHERE seq = 3",
        "UPDATE sarex_entry SET audience = 'director' WHERE seq = 3",
        "UPDATE sarex_entry SET body = '{\"number\":3}' WHERE seq = 3",
        "UPDATE sarex_entry SET body = CAST(body AS BLOB), kind = x'00ff' WHERE seq = 3",
        "UPDATE sarex_entry SET hash = (SELECT hash FROM sarex_entry WHERE seq = 2) WHERE seq = 3",
        "DELETE FROM sarex_entry WHERE seq = 1",
        "DELETE FROM sarex_entry WHERE seq = 3",
        "UPDATE sarex_entry SET seq = 8 WHERE seq = 6",
        """INSERT INTO sarex_entry SELECT 7, at, recorded_at, kind, 'new', by, audience, body, hash
        FROM sarex_entry WHERE seq = 6""",
    ],
)
def test_a_change_is_found(path: Path, statement: str) -> None:
    rewrite(path, statement)
    with Journal.open(path) as journal, pytest.raises(Tampered):
        journal.verify()


def test_two_entries_that_changed_places_are_found(path: Path) -> None:
    rewrite(
        path,
        "UPDATE sarex_entry SET seq = 99 WHERE seq = 2",
        "UPDATE sarex_entry SET seq = 2 WHERE seq = 3",
        "UPDATE sarex_entry SET seq = 3 WHERE seq = 99",
    )
    with Journal.open(path) as journal, pytest.raises(Tampered, match="Entry 2 "):
        journal.verify()


def test_a_lost_end_is_found_by_its_seal_only(path: Path) -> None:
    with Journal.open(path) as journal:
        seal = journal.seal
    rewrite(path, "DELETE FROM sarex_entry WHERE seq >= 5")
    with Journal.open(path) as journal:
        journal.verify()
        with pytest.raises(Tampered, match="its end was cut off"):
            journal.verify(sealed=seal)


def test_a_seal_holds_however_much_is_added(path: Path) -> None:
    with Journal.open(path) as journal:
        seal = journal.seal
        journal.append([draft(6)])
        assert journal.verify(sealed=seal) == journal.seal != seal


def test_who_reads_a_forged_entry_is_told(path: Path) -> None:
    rewrite(path, "UPDATE sarex_entry SET body = '{\"number\":3}' WHERE seq = 4")
    with Journal.open(path) as journal:
        for after in (0, 2, 3):
            with pytest.raises(Tampered, match="Entry 4 of the journal"):
                journal.read(after)
        assert [entry.seq for entry in journal.read(5)] == [6]


def test_who_reads_on_after_an_entry_that_is_gone_is_told(path: Path) -> None:
    rewrite(path, "DELETE FROM sarex_entry WHERE seq = 4")
    with Journal.open(path) as journal:
        with pytest.raises(Tampered, match="entry 4"):
            journal.read(4)
        assert journal.read(6) == ()


@pytest.mark.parametrize("column", ["at", "body", "audience"])
def test_what_cannot_be_read_is_said(path: Path, column: str) -> None:
    rewrite(path, f"UPDATE sarex_entry SET {column} = 'no' WHERE seq = 3")  # noqa: S608 - our own names
    with (
        Journal.open(path) as journal,
        pytest.raises(Tampered, match="Entry 3 of the journal cannot be read"),
    ):
        journal.read()
