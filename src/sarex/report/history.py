"""Searches and reports that came before the plan in the report."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SearchRecordSummary:
    """One earlier search that found nothing, or reports that came in without one."""

    window_start: datetime
    window_end: datetime
    unit_names: tuple[str, ...]
    """Empty where only reports came in."""
    pos: float
    """Probability that this search would have found the object, before it was made."""
    pos_cumulative: float
    """The same of all searches up to and including this one."""
    notes: tuple[str, ...] = ()
    """How tracks were counted, what reports did, how much the particles are worth: sentences."""
