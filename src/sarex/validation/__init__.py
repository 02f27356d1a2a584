"""The drift scored against real drifters."""

from sarex.validation.cross_validation import CrossValidation, cross_validate
from sarex.validation.model import HORIZONS_H, LEVELS, Launch, Score, Track, Unread
from sarex.validation.study import Study, StudySettings, validate
from sarex.validation.tracks import read_tracks

__all__ = [
    "HORIZONS_H",
    "LEVELS",
    "CrossValidation",
    "Launch",
    "Score",
    "Study",
    "StudySettings",
    "Track",
    "Unread",
    "cross_validate",
    "read_tracks",
    "validate",
]
