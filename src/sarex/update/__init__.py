"""What a search without a find taught."""

from sarex.update.belief import update_belief
from sarex.update.model import Lesson, SearchedTrack, SearchResult
from sarex.update.next_window import next_window

__all__ = ["Lesson", "SearchResult", "SearchedTrack", "next_window", "update_belief"]
