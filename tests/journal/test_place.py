"""What is no journal, or cannot be one, is refused with a sentence."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from journal_drafts import draft

from sarex.errors import JournalError, JournalInputError
from sarex.journal import Journal

Make = Callable[[Path], Path]


def absent(folder: Path) -> Path:
    return folder / "none.sqlite"


def no_folder(folder: Path) -> Path:
    return folder / "none" / "exercise.sqlite"


def a_folder(folder: Path) -> Path:
    return folder


def a_text(folder: Path) -> Path:
    path = folder / "case.toml"
    path.write_text('title = "a case file"\n')
    return path


def an_empty_file(folder: Path) -> Path:
    path = folder / "empty.sqlite"
    path.touch()
    return path


def another_database(folder: Path) -> Path:
    path = folder / "photos.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name)")
    return path


def a_newer_journal(folder: Path) -> Path:
    path = folder / "newer.sqlite"
    Journal.create(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    return path


def a_torn_journal(folder: Path) -> Path:
    path = folder / "torn.sqlite"
    with Journal.create(path) as journal:
        journal.append([draft(number, text="x" * 500) for number in range(100)])
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(8192) + whole[12288:])
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (absent, r"There is no journal .*none\.sqlite"),
        (no_folder, r"is to lie in .*none, which is no folder"),
        (a_folder, r"is a folder; a journal is a file"),
        (a_text, r"case\.toml is not a journal of Sarex"),
        (an_empty_file, r"empty\.sqlite is not a journal of Sarex"),
        (another_database, r"photos\.sqlite is not a journal of Sarex"),
        (a_newer_journal, r"newer\.sqlite is a journal of format 2; this Sarex reads up to 1"),
    ],
)
def test_what_cannot_be_opened(tmp_path: Path, make: Make, says: str) -> None:
    with pytest.raises(JournalInputError, match=says):
        Journal.open(make(tmp_path))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (no_folder, r"is to lie in .*none, which is no folder"),
        (a_folder, r"is a folder; a journal is a file"),
        (a_text, r"case\.toml exists, and a new journal goes only where nothing is"),
        (another_database, r"photos\.sqlite exists"),
        (a_newer_journal, r"newer\.sqlite exists"),
    ],
)
def test_where_none_can_be_made(tmp_path: Path, make: Make, says: str) -> None:
    path = make(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(JournalInputError, match=says):
        Journal.create(path)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_making_that_was_cut_short_is_taken_up(tmp_path: Path) -> None:
    Journal.create(an_empty_file(tmp_path)).close()
    Journal.open(tmp_path / "empty.sqlite").close()


def test_a_torn_file_is_said(tmp_path: Path) -> None:
    path = a_torn_journal(tmp_path)
    with pytest.raises(JournalError, match="malformed"), Journal.open(path) as journal:
        journal.read()


def test_a_file_that_went_away_does_not_come_back_empty(tmp_path: Path) -> None:
    path = tmp_path / "exercise.sqlite"
    with Journal.create(path) as journal:
        journal.close()
        path.unlink()
        with pytest.raises(JournalInputError, match="cannot be used: unable to open database file"):
            journal.read()
    assert not path.exists()


@pytest.mark.parametrize("name", ["a b.sqlite", "100%?#.sqlite", "演習 연습.sqlite", "mode=ro&x.sqlite"])
def test_any_name_of_a_file(tmp_path: Path, name: str) -> None:
    with Journal.create(str(tmp_path / name)) as journal:
        journal.append([draft(1)])
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with Journal.open(tmp_path / name) as journal:
        assert journal.last_seq == 1


def test_a_sqlite_url_is_a_path(tmp_path: Path) -> None:
    with Journal.create(f"sqlite:///{tmp_path}/exercise.sqlite") as journal:
        journal.append([draft(1)])
    with Journal.open(tmp_path / "exercise.sqlite") as journal:
        assert journal.last_seq == 1


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "mysql://anna:geheim@host/db",
            r"mysql://anna:\*\*\*@host/db, and journals lie in SQLite or PostgreSQL",
        ),
        ("postgresql+asyncpg://host/db", r"not postgresql\+asyncpg"),
        ("postgresql://anna:geheim@host:port/db", r"The journal's URL cannot be understood"),
        ("://", r"The journal's URL cannot be understood"),
        ("sqlite://", r"in memory is not a journal of Sarex"),
    ],
)
def test_urls_that_are_no_place(url: str, says: str) -> None:
    with pytest.raises(JournalInputError, match=says) as caught:
        Journal.open(url)
    assert "geheim" not in str(caught.value)


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(
        JournalInputError, match=r"postgresql\+psycopg://anna:\*\*\*@.* cannot be used"
    ) as caught:
        Journal.open(f"postgresql://anna:geheim@/db?host={tmp_path}")
    assert "geheim" not in str(caught.value)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarex.journal.place.find_spec", lambda _: None)
    with pytest.raises(JournalInputError, match=r'pip install "sarex\[postgresql\]"'):
        Journal.open("postgresql://host/db")


def test_postgresql_that_holds_none_or_one(schema_url: str) -> None:
    with pytest.raises(JournalInputError, match="is not a journal of Sarex"):
        Journal.open(schema_url)
    Journal.create(schema_url).close()
    with pytest.raises(JournalInputError, match="holds tables already"):
        Journal.create(schema_url)


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """A folder with a journal in it, into which nothing may be written."""
    folder = tmp_path / "disc"
    folder.mkdir()
    Journal.create(folder / "old.sqlite").close()
    folder.chmod(0o555)
    return folder


@pytest.mark.parametrize(("verb", "name"), [(Journal.create, "new.sqlite"), (Journal.open, "old.sqlite")])
def test_a_folder_that_may_not_be_written(
    read_only: Path, plain_user: None, verb: Callable[[Path], Journal], name: str
) -> None:
    with pytest.raises(JournalInputError, match=f"Nothing may be written into {read_only}"):
        verb(read_only / name)


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A journal that may be read only, in a folder that may be written."""
    folder = tmp_path / "share"
    folder.mkdir()
    path = folder / "exercise.sqlite"
    Journal.create(path).close()
    path.chmod(0o444)
    folder.chmod(0o777)
    return path


def test_a_file_that_may_not_be_written(locked: Path, plain_user: None) -> None:
    with pytest.raises(JournalInputError, match=r"exercise\.sqlite may not be read and written"):
        Journal.open(locked)
