"""The append-only log of an exercise, in SQLite or PostgreSQL."""

from sarex.journal.log import Journal
from sarex.journal.model import Audience, Draft, Entry

__all__ = ["Audience", "Draft", "Entry", "Journal"]
