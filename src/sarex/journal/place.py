"""Where a journal lies: a SQLite file, or a PostgreSQL database by URL.

SQLite runs with a write-ahead log, so that readers never wait for the writer, and with synchronous FULL: each
batch is on the disk before `append` returns. NORMAL would be safe against a killed process just as well, but
not against a power cut, which on a ship's laptop is the likelier end; an order that was given must not be
forgotten. It costs one flush of the disk for each batch: on a disk that takes 5.6 ms for one, 7 ms a batch
against 0.7 ms. Exercises of which nothing is to stay use a journal in memory. A write-ahead log wants shared
memory, so the file must lie on a disk of this machine, not on a share; several machines use PostgreSQL.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from sarex.errors import JournalInputError
from sarex.journal.schema import ENTRIES

WAIT_S = 30.0
"""How long a writer waits for another one's transaction, which takes milliseconds."""

_SQLITE_BEGINS = b"SQLite format 3\x00"
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Place:
    """An engine and what the two kinds of database do differently."""

    name: str
    """As it is shown to people, without a password."""
    engine: Engine
    path: Path | None
    """Of the SQLite file; None elsewhere."""
    take_turn: tuple[str, ...]
    """Statements that make other writers wait until the transaction ends; readers go on."""


def place_of(url_or_path: str | Path) -> Place:
    """What is named; nothing is opened yet.

    Raises:
        JournalInputError: it is no path and no URL of a database that journals can lie in.
    """
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return _sqlite_file(Path(url_or_path))
    try:
        url = make_url(url_or_path)
    except (ArgumentError, ValueError) as error:
        raise JournalInputError(
            "The journal's URL cannot be understood. It must be such as "
            "postgresql+psycopg://user@host:5432/database; special letters in a password are written as %40."
        ) from error
    if url.drivername == "sqlite":
        return _sqlite_file(Path(url.database)) if url.database else _sqlite_in_memory()
    if url.drivername in _POSTGRESQL:
        return _postgresql(url.set(drivername="postgresql+psycopg"))
    raise JournalInputError(
        f"The journal is {url.render_as_string(hide_password=True)}, and journals lie in SQLite or "
        f"PostgreSQL, not {url.drivername}. Give the path of a .sqlite file or a postgresql+psycopg:// URL."
    )


def check_new(place: Place) -> None:
    """Ask that a SQLite file can be made here.

    Raises:
        JournalInputError: there is no such folder, it may not be written, or something lies there already.
    """
    if place.path is None:
        return
    _check_folder(place.path)
    if place.path.is_dir():
        raise JournalInputError(f"{place.path} is a folder; a journal is a file. Give another name.")
    if place.path.exists() and not _may_be_begun(place.path):
        raise JournalInputError(
            f"{place.path} exists, and a new journal goes only where nothing is. Give another name, or go on "
            "with the one that is there."
        )


def check_there(place: Place) -> None:
    """Ask that a SQLite file is there and can be written beside.

    Raises:
        JournalInputError: it is not, or is something else.
    """
    if place.path is None:
        return
    _check_folder(place.path)
    if place.path.is_dir():
        raise JournalInputError(f"{place.path} is a folder; a journal is a file. Name the file inside it.")
    if not place.path.exists():
        raise JournalInputError(
            f"There is no journal {place.path}. Check the name, or start an exercise first."
        )
    if not os.access(place.path, os.R_OK | os.W_OK):
        raise JournalInputError(
            f"{place.path} may not be read and written, which even reading a journal takes. Change its "
            "permissions, or work on a copy."
        )
    if _beginning(place.path) != _SQLITE_BEGINS:
        raise JournalInputError(not_a_journal(place))


def not_a_journal(place: Place) -> str:
    """The sentence for something that is there and is none."""
    return (
        f"{place.name} is not a journal of Sarex. Name the log that `sarex exercise start` made, or make a "
        "new one under another name."
    )


def connect_anew(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there; transactions are begun by us (isolation_level None).

    `mode=rw` rather than the usual "rwc": a file that went away must not come back empty.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=WAIT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _sqlite_file(path: Path) -> Place:
    engine = create_engine("sqlite://", creator=lambda: connect_anew(path), poolclass=QueuePool)
    return Place(str(path), engine, path, ("BEGIN IMMEDIATE",))


def _sqlite_in_memory() -> Place:
    """For exercises of which nothing is to stay; the journal is gone when it is closed."""
    connect_args = {"isolation_level": None, "check_same_thread": False}
    engine = create_engine("sqlite://", connect_args=connect_args, poolclass=StaticPool)
    return Place("the journal in memory", engine, None, ("BEGIN IMMEDIATE",))


def _postgresql(url: URL) -> Place:
    if find_spec("psycopg") is None:
        raise JournalInputError(
            "A journal in PostgreSQL needs the package psycopg, which is not installed. "
            'Install it with pip install "sarex[postgresql]".'
        )
    name = url.render_as_string(hide_password=True)
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": "10"})
    engine = create_engine(url, pool_pre_ping=True)
    take_turn = (
        f"SET LOCAL lock_timeout = '{WAIT_S:.0f}s'",
        f"LOCK TABLE {ENTRIES.name} IN EXCLUSIVE MODE",
    )
    return Place(name, engine, None, take_turn)


def _check_folder(path: Path) -> None:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise JournalInputError(f"The journal is to lie in {folder}, which is no folder. Make it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise JournalInputError(
            f"Nothing may be written into {folder}, and files appear beside a journal even when it is only "
            "read. Use a folder that may be written, or work on a copy there."
        )


def _may_be_begun(path: Path) -> bool:
    """Whether a run that was killed while it made the file left it, with nothing in it."""
    if _beginning(path) == b"":
        return True
    if _beginning(path) != _SQLITE_BEGINS:
        return False
    try:
        with closing(connect_anew(path)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE_BEGINS))
    except OSError as error:
        raise JournalInputError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
