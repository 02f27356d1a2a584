"""Search effort as ordered and as flown, task by task.

Coverage is C = W / S where legs are parallel (IAMSAR volume II, section 4.6). W and S stay what they are, so
what was reached of it goes with the searching length inside the task's area: of the whole task's C the share
L / L of the whole task, both for what was ordered until the order ended and for what was flown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from sarex.exercise.review.scores_log import Floats
from sarex.geo import LocalFrame

NEAR_M = 463.0
"""A track beside the edge of its area by less is searching it still: crews wander (0.25 nm, assumed)."""


def planned_legs(task: Mapping[str, Any], frame: LocalFrame) -> Floats:
    """The searching legs of a task in the plane, (leg, 4)."""
    ends = [(*leg["start"], *leg["end"]) for leg in task.get("legs", ()) if leg["searching"]]
    if not ends:
        return np.empty((0, 4))
    lonlat = np.array(ends, dtype=float)
    x_m, y_m = frame.to_xy_m(lonlat[:, ::2], lonlat[:, 1::2])
    return np.column_stack([x_m[:, 0], y_m[:, 0], x_m[:, 1], y_m[:, 1]])


def length_m(legs: Floats) -> float:
    return float(np.hypot(legs[:, 2] - legs[:, 0], legs[:, 3] - legs[:, 1]).sum())


def inside_m(task: Mapping[str, Any], legs: Floats, frame: LocalFrame) -> float:
    """Length of searching legs (leg, 4) inside the task's own area."""
    area = task.get("area")
    if area is None or not legs.size:
        return 0.0
    corners = np.array(area["coordinates"][0], dtype=float)
    x_m, y_m = frame.to_xy_m(corners[:, 0], corners[:, 1])
    room = shapely.make_valid(Polygon(np.column_stack([x_m, y_m]))).buffer(NEAR_M)
    lines = shapely.linestrings(legs.reshape(-1, 2, 2))
    return float(shapely.length(shapely.intersection(lines, room)).sum())


def percent_flown(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Search effort flown over ordered, percent, of pairs (ordered, flown) in any unit; None of nothing."""
    ordered = sum(planned for planned, _ in pairs)
    return 100.0 * sum(flown for _, flown in pairs) / ordered if ordered > 0.0 else None
