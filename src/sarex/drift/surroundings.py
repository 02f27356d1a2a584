"""The wind, current and coast that the drift of a case needs."""

from dataclasses import replace

import numpy as np

from sarex.case.model import Case
from sarex.drift.ensemble import Status
from sarex.drift.executors import Serial
from sarex.drift.reach import case_frame, check_places, coast_box, drift_box, drift_end, drift_start
from sarex.drift.run import gather_tracks, prepare_drift
from sarex.environment import Environment, FieldRequest
from sarex.environment import gather_environment as gather_fields
from sarex.environment.quantities import CURRENT

_WIDENED = (1.0, 1.6, 2.6, 4.2)
"""Margins that are tried one after the other; the last makes room for 8 m/s on the first day."""
_PILOTS = 2000
_EDGE_M = 6000.0
"""Ten minutes at 10 m/s: how far from the edge of the box a particle can stop that left it."""


def gather_environment(case: Case, *, may_end_early: bool = False) -> Environment:
    """Wind, current and coast over everywhere the objects may drift until the search ends.

    The box is a usual one at first. A few particles are drifted in it, and it is widened if one leaves it.

    Args:
        may_end_early: forcing that ends before the search does is used as far as it goes.

    Raises:
        ForcingError: the forcing cannot be read or does not reach where and when the case needs it.
        CaseError: a position that must be afloat is on land.
    """
    frame = case_frame(case)
    for widened in _WIDENED:
        box = drift_box(case, frame, widened)
        asked = FieldRequest(CURRENT, frame, box, drift_start(case), drift_end(case), may_end_early)
        environment = gather_fields(case, coast_box(case, frame, box), asked)
        check_places(case, environment)
        if not _leaves_the_box(case, environment):
            break
    return environment


def _leaves_the_box(case: Case, environment: Environment) -> bool:
    """Whether some of a few particles stop at the edge of the box, not at that of the forcing within it."""
    pilots = replace(case, drift=replace(case.drift, particles=_PILOTS))
    prepared = prepare_drift(
        pilots, environment, until=drift_end(case), purpose="pilot", fine_from=drift_end(case)
    )
    found = gather_tracks(prepared, Serial())
    end = -1 if prepared.job.axis.step_s > 0 else 0
    x_m, y_m, box = found.x_m[:, end], found.y_m[:, end], environment.box
    room_m = np.minimum.reduce([x_m - box.x_min_m, box.x_max_m - x_m, y_m - box.y_min_m, box.y_max_m - y_m])
    return bool(np.any((found.status[:, end] == Status.OUTSIDE_FORCING) & (room_m < _EDGE_M)))
