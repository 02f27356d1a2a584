"""Searches that came before the one in the report."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SearchRecordSummary:
    """One earlier search that found nothing."""

    window_start: datetime
    window_end: datetime
    unit_names: tuple[str, ...]
    pos: float
    """Probability that this search would have found the object, before it was made."""
    pos_cumulative: float
    """The same of all searches up to and including this one."""
