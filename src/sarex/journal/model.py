"""What a journal holds: one event per entry, in the order in which they were recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Audience(StrEnum):
    """Who may read an entry."""

    EVERYBODY = "everybody"
    """Players too."""
    DIRECTOR = "director"
    """Those who run the exercise; nothing of it reaches a player's product."""


@dataclass(frozen=True)
class Draft:
    """What is to be recorded."""

    at: datetime
    """Exercise time, aware."""
    kind: str
    """What sort of event, such as "inject.delivered"."""
    key: str
    """Names the event, once in a journal: the same key cannot be recorded twice."""
    by: str
    """Role, unit, or "director"."""
    audience: Audience
    body: Mapping[str, Any]
    """JSON: strings, numbers that are finite, true, false, null, lists and mappings of these."""


@dataclass(frozen=True)
class Entry:
    """One event as it was recorded; it never changes."""

    seq: int
    """1, 2, 3 ... without holes."""
    at: datetime
    """Exercise time, UTC."""
    recorded_at: datetime
    """Wall clock, UTC."""
    kind: str
    key: str
    by: str
    audience: Audience
    body: Mapping[str, Any]
    """As JSON gives it back: lists for tuples, strings for keys."""
