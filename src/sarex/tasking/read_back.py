"""Tasks back into the local plane: a plan that was read from a file, for the planner to look at."""

from collections.abc import Iterable

import numpy as np

from sarex.case.model import Position
from sarex.clock import to_posix_s
from sarex.geo import LocalFrame
from sarex.planning.model import Leg, UnitPlan
from sarex.tasking.model import Task


def unit_plans_of(frame: LocalFrame, tasks: Iterable[Task]) -> tuple[UnitPlan, ...]:
    """The unit plans of tasks, as `issue_tasks` would issue them."""
    return tuple(_unit_plan(frame, task) for task in tasks)


def _unit_plan(frame: LocalFrame, task: Task) -> UnitPlan:
    corners = np.column_stack(frame.to_xy_m([c.lon_deg for c in task.area], [c.lat_deg for c in task.area]))
    return UnitPlan(
        unit=task.unit,
        pattern=task.pattern,
        legs=_legs(frame, task),
        area_xy_m=corners,
        track_spacing_m=task.track_spacing_m,
        sweep_widths=task.sweep_widths,
        coverage=task.coverage,
        poc=task.poc,
        pod=task.pod,
        pos=task.pos,
        return_by_s=to_posix_s(task.return_by),
        endurance_until_s=to_posix_s(task.endurance_until),
        sortie=task.sortie,
        way_home=_in_plane(frame, task.way_home),
    )


def _in_plane(frame: LocalFrame, places: tuple[Position, ...]) -> tuple[tuple[float, float], ...]:
    x_m, y_m = frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
    return tuple((float(x), float(y)) for x, y in zip(x_m, y_m, strict=True))


def _legs(frame: LocalFrame, task: Task) -> tuple[Leg, ...]:
    ends = np.array([(g.start.lon_deg, g.start.lat_deg, g.end.lon_deg, g.end.lat_deg) for g in task.legs])
    x_m, y_m = frame.to_xy_m(ends[:, ::2], ends[:, 1::2])
    return tuple(
        Leg(
            float(x_m[k, 0]),
            float(y_m[k, 0]),
            float(x_m[k, 1]),
            float(y_m[k, 1]),
            to_posix_s(leg.start_time),
            to_posix_s(leg.end_time),
            leg.activity,
        )
        for k, leg in enumerate(task.legs)
    )
