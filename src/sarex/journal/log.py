"""The journal: batches are added at its end, whole or not at all, and nothing in it ever changes.

Several processes may read and write at once. Each batch is one transaction, in which the writer first makes
the others wait; a killed writer leaves its batch out, a finished one is there for good.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from sarex.errors import AlreadyRecorded, JournalError, JournalInputError, Overtaken, Tampered
from sarex.journal.chain import GENESIS, Row, check_chain, entry_of, instant_text, row_of
from sarex.journal.model import Draft, Entry
from sarex.journal.place import Place, check_new, check_there, not_a_journal, place_of
from sarex.journal.schema import ABOUT, ENTRIES, FORMAT_VERSION, format_version, make_tables

_KEYS_AT_ONCE = 500
_LAST = select(ENTRIES.c.seq, ENTRIES.c.hash).order_by(ENTRIES.c.seq.desc()).limit(1)


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Journal:
    """An append-only log of one exercise, in a SQLite file or a PostgreSQL database.

    Made by `create` or `open`; closed by `close` or at the end of a `with` block. A forked child opens its
    own.
    """

    def __init__(self, place: Place, clock: Callable[[], datetime]) -> None:
        self._place = place
        self._clock = clock

    @classmethod
    def create(cls, url_or_path: str | Path, *, clock: Callable[[], datetime] = wall_clock) -> Self:
        """A new, empty journal.

        Args:
            url_or_path: a file that is not there yet, an empty PostgreSQL database as postgresql+psycopg://...
                (or schema, by `?options=-csearch_path%3Dname`), or "sqlite://" for a journal in memory.
            clock: what tells the time at which entries are recorded.

        Raises:
            JournalInputError: there is something already, or nothing can be made there.
        """
        place = place_of(url_or_path)
        check_new(place)
        if place.path is not None:
            place.path.touch()
        journal = cls(place, clock)
        with journal._closed_on_error(), journal._connected() as connection:
            journal._make(connection)
        return journal

    @classmethod
    def open(cls, url_or_path: str | Path, *, clock: Callable[[], datetime] = wall_clock) -> Self:
        """A journal that is there.

        Raises:
            JournalInputError: there is none, it is something else, or a newer Sarex wrote it.
        """
        place = place_of(url_or_path)
        check_there(place)
        journal = cls(place, clock)
        with journal._closed_on_error(), journal._connected() as connection:
            journal._check_format(connection)
        return journal

    @property
    def name(self) -> str:
        """Where it lies, as shown to people; never with a password."""
        return self._place.name

    @property
    def last_seq(self) -> int:
        """The number of the last entry; 0 when there is none."""
        with self._connected() as connection:
            return _last(connection)[0]

    @property
    def seal(self) -> str:
        """The hash of the last entry. Noted elsewhere, it proves later that nothing before it was changed."""
        with self._connected() as connection:
            return _last(connection)[1]

    def read(self, after: int = 0) -> tuple[Entry, ...]:
        """The entries after number `after`, in order, each checked against the hash of the one before it.

        Raises:
            Tampered: one of them is not what was recorded.
        """
        query = select(ENTRIES).where(ENTRIES.c.seq >= after).order_by(ENTRIES.c.seq)
        with self._connected() as connection:
            rows = [Row._make(row) for row in connection.execute(query)]
        before = rows.pop(0) if after > 0 and rows and rows[0].seq == after else None
        if after > 0 and rows and before is None:
            raise Tampered(f"entry {after} of the journal is gone, though there are later ones")
        entries = tuple(entry_of(row) for row in rows)
        check_chain(rows, None, before)
        return entries

    def append(self, drafts: Sequence[Draft], *, expected: int | None = None) -> tuple[Entry, ...]:
        """Record all drafts, in order, or none of them.

        Args:
            drafts: what is to be recorded.
            expected: the number of the last entry that the writer has read, or None where it does not matter
                what others recorded since.

        Returns:
            The entries exactly as `read` gives them.

        Raises:
            Overtaken: others recorded something after `expected`.
            AlreadyRecorded: a key of the drafts is there already, or stands twice among them.
            JournalInputError: a draft holds what no journal can.
        """
        if not drafts:
            return ()
        _check_single(drafts)
        with self._connected() as connection:
            self._take_turn(connection)
            rows = self._rows_after(_last(connection), drafts, expected)
            try:
                connection.execute(ENTRIES.insert(), [row._asdict() for row in rows])
            except IntegrityError as error:
                connection.rollback()
                raise _already_recorded(_keys_there(connection, drafts)) from error
            connection.commit()
        return tuple(entry_of(row) for row in rows)

    def verify(self, *, sealed: str | None = None) -> str:
        """Go through the chain of hashes and return the seal of the last entry.

        Args:
            sealed: a seal that was noted earlier; it must be there still.

        Raises:
            Tampered: the journal is not what was recorded.
        """
        query = select(ENTRIES).order_by(ENTRIES.c.seq).execution_options(yield_per=1000)
        with self._connected() as connection:
            return check_chain((Row._make(row) for row in connection.execute(query)), sealed)

    def close(self) -> None:
        """Let go of the database; who closes a SQLite file last folds its write-ahead log into it."""
        self._place.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rows_after(
        self, last: tuple[int, str], drafts: Sequence[Draft], expected: int | None
    ) -> tuple[Row, ...]:
        seq, before = last
        if expected is not None and seq != expected:
            raise Overtaken(
                f"{self.name} was read up to entry {expected} and now ends with {seq}: others were faster. "
                "Read on and decide anew."
            )
        recorded_at = instant_text(self._clock(), "The wall clock")
        rows: list[Row] = []
        for draft in drafts:
            rows.append(row_of(draft, seq + len(rows) + 1, recorded_at, rows[-1].hash if rows else before))
        return tuple(rows)

    def _take_turn(self, connection: Connection) -> None:
        for statement in self._place.take_turn:
            connection.exec_driver_sql(statement)

    def _make(self, connection: Connection) -> None:
        """Everything in one transaction, so that a kill leaves nothing that looks like a journal."""
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        names = inspect(connection).get_table_names()
        if names and (sqlite or {ABOUT.name, ENTRIES.name} & set(names)):
            raise JournalInputError(
                f"{self.name} holds tables already, and a new journal goes only where nothing is. Give "
                "another place, or go on with the journal that is there."
            )
        make_tables(connection, instant_text(self._clock(), "The wall clock"))
        connection.commit()

    def _check_format(self, connection: Connection) -> None:
        version = format_version(connection)
        if version is None:
            raise JournalInputError(not_a_journal(self._place))
        if version > FORMAT_VERSION:
            raise JournalInputError(
                f"{self.name} is a journal of format {version}; this Sarex reads up to {FORMAT_VERSION}. "
                "Use a newer Sarex."
            )

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection; what the database complains of becomes a sentence."""
        try:
            with self._place.engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: DatabaseError) -> JournalError:
        why = str(error.orig).strip().partition("\n")[0]
        if "locked" in why or "lock timeout" in why:
            return JournalError(
                f"{self.name} is being written by another process that does not finish ({why}). Look for one "
                "that hangs, end it, and go on; nothing is lost."
            )
        if isinstance(error, OperationalError):
            return JournalInputError(
                f"{self.name} cannot be used: {why}. Check that it is there, may be written and has room."
            )
        return JournalError(
            f"{self.name} cannot be read or written: {why}. Look at the database, or go on with a copy that "
            "is whole."
        )

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def _last(connection: Connection) -> tuple[int, str]:
    row = connection.execute(_LAST).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def _check_single(drafts: Sequence[Draft]) -> None:
    twice = [key for key, count in Counter(draft.key for draft in drafts).items() if count > 1]
    if twice:
        raise _already_recorded(twice)


def _keys_there(connection: Connection, drafts: Sequence[Draft]) -> list[str]:
    """Of the drafts' keys those that are recorded; asked in pieces, since a statement takes only so many."""
    there: list[str] = []
    for start in range(0, len(drafts), _KEYS_AT_ONCE):
        keys = [draft.key for draft in drafts[start : start + _KEYS_AT_ONCE]]
        there += connection.scalars(select(ENTRIES.c.key).where(ENTRIES.c.key.in_(keys)))
    return there


def _already_recorded(keys: Sequence[str]) -> AlreadyRecorded:
    return AlreadyRecorded(
        f"{', '.join(keys)}: recorded already, and the same event is recorded once. Nothing was written.",
        tuple(keys),
    )
