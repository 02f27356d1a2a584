"""The tables of a journal, and the triggers that keep what is in them.

The triggers stop accidents and other programs that write without knowing the rule. Who may drop a trigger can
change an entry, and the chain of hashes shows it.
"""

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, inspect, select

FORMAT_VERSION = 1
APPLICATION_ID = 0x53415245
"""Of a SQLite file that is a journal: "SARE" in its header, so that `file` and we tell it from others."""

_metadata = MetaData()

ABOUT = Table(
    "sarex_journal",
    _metadata,
    Column("format_version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Text, nullable=False),
)
"""One row: what this database is."""

ENTRIES = Table(
    "sarex_entry",
    _metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("by", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

_SQLITE = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT_VERSION}",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'a journal is only added to'); END"
        for table in (ABOUT.name, ENTRIES.name)
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE takes out a row without asking the triggers above
    f"""CREATE TRIGGER {ENTRIES.name}_next BEFORE INSERT ON {ENTRIES.name}
    WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {ENTRIES.name})
        OR EXISTS (SELECT 1 FROM {ENTRIES.name} WHERE key = NEW.key)
    BEGIN SELECT RAISE(ABORT, 'a journal is only added to'); END""",  # noqa: S608 - our own names
)

_POSTGRESQL = (
    """CREATE FUNCTION sarex_journal_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a journal is only added to' USING ERRCODE = 'restrict_violation'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION sarex_journal_only_added_to()"""
        for table in (ABOUT.name, ENTRIES.name)
    ),
)


def make_tables(connection: Connection, created_at: str) -> None:
    """Make an empty journal inside the transaction that is under way."""
    _metadata.create_all(connection, checkfirst=False)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.execute(ABOUT.insert().values(format_version=FORMAT_VERSION, created_at=created_at))


def format_version(connection: Connection) -> int | None:
    """The format of the journal that a database holds; None where it holds none."""
    if connection.dialect.name == "sqlite":
        ours = connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
        return connection.exec_driver_sql("PRAGMA user_version").scalar() if ours else None
    if not inspect(connection).has_table(ABOUT.name):
        return None
    return connection.scalar(select(ABOUT.c.format_version))
