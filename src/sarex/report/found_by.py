"""The chance of having found the object as the hours go by, as a small chart."""

from dataclasses import dataclass

import numpy as np

from sarex.case.model import Objective
from sarex.clock import from_posix_s, to_posix_s
from sarex.report.drawing import line_path
from sarex.report.situation import out_of
from sarex.report.words import percent
from sarex.tasking.model import SearchActionPlan
from sarex.units import HOUR_S

WIDTH_PX, HEIGHT_PX = 1000.0, 190.0
LEFT_PX, RIGHT_PX, TOP_PX, FOOT_PX = 60.0, 40.0, 30.0, 30.0
"""Room around the curve for its figures."""
MOST_MARKED = 9
HOURS_APART = (1, 2, 3, 4, 6, 12, 24, 48, 96)
HEADROOM = 1.1
OBJECTIVES = {
    Objective.POS: "",
    Objective.ALIVE: (
        "This plan was made to find people alive, by the first of the survival models below, not for the "
        "largest POS: those whose time runs out are sought first."
    ),
    Objective.SOONEST: (
        "This plan was made to find soon, not for the largest POS: a find at the end of the window counts "
        "half of one at its start."
    ),
}


@dataclass(frozen=True)
class Mark:
    """A full hour, or the end of the window, with what is found by then."""

    time: str
    found: str
    x_px: float
    y_px: float


@dataclass(frozen=True)
class FoundByChart:
    """Every string is path data in pixels."""

    begins: str
    """Time of day at which the window begins."""
    curve: str
    fill: str
    foot_px: float
    marks: tuple[Mark, ...]
    width_px: float = WIDTH_PX
    height_px: float = HEIGHT_PX


def found_by_chart(action_plan: SearchActionPlan, undetected: float) -> FoundByChart | None:
    """The chart, out of what is still undetected; None where the plan finds nothing or nobody reckoned."""
    outcome = action_plan.outcome
    if outcome is None or outcome.pos <= 0.0:
        return None
    start_s, end_s = to_posix_s(action_plan.window_start), to_posix_s(action_plan.window_end)
    foot_px = HEIGHT_PX - FOOT_PX
    wide_px, high_px = WIDTH_PX - LEFT_PX - RIGHT_PX, foot_px - TOP_PX
    marked_s = _marked(start_s, end_s)
    times_s = np.unique(np.concatenate([np.clip(outcome.times_s, start_s, end_s), marked_s]))
    # all of it belongs to the window: what an instant before its start holds is nothing yet
    found = np.interp(times_s, outcome.times_s, outcome.found_by)
    x_px = LEFT_PX + wide_px * (times_s - start_s) / (end_s - start_s)
    y_px = foot_px - high_px * found / (HEADROOM * outcome.pos)
    points = np.column_stack([x_px, y_px])
    ends = np.array([(x_px[-1], foot_px), (x_px[0], foot_px)])
    where = np.searchsorted(times_s, marked_s)
    return FoundByChart(
        begins=f"{action_plan.window_start:%H:%M}",
        curve=line_path(points),
        fill=line_path(np.concatenate([points, ends]), closed=True),
        foot_px=foot_px,
        marks=tuple(
            Mark(
                f"{from_posix_s(times_s[k]):%H:%M}",
                percent(out_of(float(found[k]), undetected)),
                float(x_px[k]),
                float(y_px[k]),
            )
            for k in where.tolist()
        ),
    )


def _marked(start_s: float, end_s: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Every so many hours after the start, and the end, clear of each other."""
    apart_s = next(h * HOUR_S for h in HOURS_APART if (end_s - start_s) / (h * HOUR_S) <= MOST_MARKED)
    inside_s = np.arange(start_s + apart_s, end_s - 0.5 * apart_s, apart_s)
    return np.append(inside_s, end_s)
