"""The case with which forcing is gathered for what is true: to the end of the exercise, not of a window."""

from dataclasses import replace

from sarex.case.model import Case
from sarex.exercise.model import Exercise


def surrounding_case(exercise: Exercise) -> Case:
    """The players' first case with a window that lasts as long as the exercise may.

    Director, debrief and whoever replays the truth gather with this one: another box or span would give
    another path.
    """
    window = exercise.case.window
    return replace(exercise.case, window=replace(window, end=max(window.end, exercise.end)))
