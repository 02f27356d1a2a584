"""The text of an entry and the chain of hashes over all of them.

Each entry carries the SHA-256 of the hash before it followed by the entry as canonical JSON (RFC 8259, keys
in order, no spaces, UTF-8), so that no entry can be changed, taken out or put in without every later hash
being wrong. Who rewrites the whole rest of the chain, or cuts off its end, is found only by comparing with a
hash that was noted elsewhere: the seal.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sarex.errors import JournalInputError, Tampered
from sarex.journal.model import Audience, Draft, Entry

GENESIS = sha256(b"sarex-journal/1").hexdigest()
"""What the first entry follows."""


class Row(NamedTuple):
    """An entry as it is stored: times as ISO 8601 in UTC with microseconds, the body as canonical JSON."""

    seq: int
    at: str
    recorded_at: str
    kind: str
    key: str
    by: str
    audience: str
    body: str
    hash: str


def row_of(draft: Draft, seq: int, recorded_at: str, before: str) -> Row:
    """The draft as it is stored, as number `seq`, after the entry with the hash `before`.

    Raises:
        JournalInputError: the draft holds what no journal can.
    """
    for name, word in (("kind", draft.kind), ("key", draft.key), ("by", draft.by)):
        _check_word(name, word, draft.key)
    row = Row(
        seq=seq,
        at=instant_text(draft.at, draft.key),
        recorded_at=recorded_at,
        kind=draft.kind,
        key=draft.key,
        by=draft.by,
        audience=Audience(draft.audience).value,
        body=_body_text(draft.body, draft.key),
        hash="",
    )
    return row._replace(hash=_hash(row, before))


def entry_of(row: Row) -> Entry:
    """The entry that a row holds.

    Raises:
        Tampered: it holds none, so Sarex did not write it.
    """
    try:
        return Entry(
            seq=row.seq,
            at=datetime.fromisoformat(row.at),
            recorded_at=datetime.fromisoformat(row.recorded_at),
            kind=row.kind,
            key=row.key,
            by=row.by,
            audience=Audience(row.audience),
            body=json.loads(row.body),
        )
    except (TypeError, ValueError) as error:
        raise Tampered(
            f"Entry {row.seq} of the journal cannot be read ({error}): it is not what was recorded. "
            "Go on with a copy that is whole."
        ) from error


def check_chain(rows: Iterable[Row], sealed: str | None, after: Row | None = None) -> str:
    """Go through rows in order and return the last hash.

    Args:
        rows: all of them, or all after `after`.
        sealed: a hash that one of them must have.
        after: the row before the first, whose hash is taken for granted.

    Raises:
        Tampered: an entry is missing or is not what was recorded, or none has the hash `sealed`.
    """
    before, first = (GENESIS, 1) if after is None else (after.hash, after.seq + 1)
    seal_seen = sealed in (None, GENESIS)
    for seq, row in enumerate(rows, start=first):
        if row.seq != seq:
            raise Tampered(f"The journal has no entry {seq}: after {seq - 1} comes {row.seq}. {_REMEDY}")
        if not _follows(row, before):
            raise Tampered(
                f"Entry {seq} of the journal ({row.kind}, {row.key}) is not what was recorded, or does not "
                f"belong after the one before it. {_REMEDY}"
            )
        before = row.hash
        seal_seen = seal_seen or before == sealed
    if not seal_seen:
        raise Tampered(
            f"No entry of the journal has the seal {sealed}: its end was cut off, or it was written anew. "
            f"{_REMEDY}"
        )
    return before


def instant_text(instant: datetime, what: str) -> str:
    """ISO 8601 in UTC, always with microseconds, so that texts sort as instants do.

    Raises:
        JournalInputError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise JournalInputError(
            f"{what} is at {instant.isoformat()}, which has no time zone; a journal keeps time in UTC. "
            "Give one."
        )
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_REMEDY = "Do not rely on what follows; go back to a copy that verifies."


def _follows(row: Row, before: str) -> bool:
    try:
        return row.hash == _hash(row, before)
    except TypeError:  # another program can put bytes where a text belongs
        return False


def _hash(row: Row, before: str) -> str:
    """SHA-256 of the hash before and the canonical JSON of the whole entry.

    The text of the body goes in as it is, without reading it, at its place in the order of keys.
    """
    head = _canonical({"at": row.at, "audience": row.audience})
    tail = _canonical(
        {"by": row.by, "key": row.key, "kind": row.kind, "recorded_at": row.recorded_at, "seq": row.seq}
    )
    return sha256(f'{before}{head[:-1]},"body":{row.body},{tail[1:]}'.encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _body_text(body: Mapping[str, Any], key: str) -> str:
    try:
        text = _canonical(dict(body))
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise JournalInputError(
            f"The body of {key} cannot be written as JSON ({error}). Give strings, finite numbers, true, "
            "false, null, and lists and mappings of these."
        ) from error
    return text


def _check_word(name: str, word: str, key: str) -> None:
    """PostgreSQL keeps no NUL, and half a surrogate pair has no UTF-8."""
    plain = all(ord(letter) >= 32 and not 0xD800 <= ord(letter) <= 0xDFFF for letter in word)
    if not plain or not word or word != word.strip():
        raise JournalInputError(
            f"The {name} of the event {key!r} is {word!r}; it must be a text of one line without spaces "
            "around it."
        )
