"""What searches without a find and reports taught."""

from sarex.update.belief import update_belief
from sarex.update.learn import debris_of, learn, standing
from sarex.update.model import (
    DebrisFind,
    Evidence,
    FalseAlarm,
    Lesson,
    RecordedTrack,
    Report,
    SearchedTrack,
    SearchResult,
    Sighting,
    TrackAccount,
)
from sarex.update.next_window import next_window

__all__ = [
    "DebrisFind",
    "Evidence",
    "FalseAlarm",
    "Lesson",
    "RecordedTrack",
    "Report",
    "SearchResult",
    "SearchedTrack",
    "Sighting",
    "TrackAccount",
    "debris_of",
    "learn",
    "next_window",
    "standing",
    "update_belief",
]
