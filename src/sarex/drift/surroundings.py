"""The wind, current and coast that the drift of a case needs."""

from sarex.case.model import Case
from sarex.drift.reach import case_frame, check_places, coast_box, drift_box, drift_end, drift_start
from sarex.environment import Environment
from sarex.environment import gather_environment as gather_fields


def gather_environment(case: Case) -> Environment:
    """Wind, current and coast over everywhere the objects may drift until the search ends.

    Raises:
        ForcingError: the forcing cannot be read or does not reach where and when the case needs it.
        CaseError: a position that must be afloat is on land.
    """
    frame = case_frame(case)
    box = drift_box(case, frame)
    coast = coast_box(case, frame, box)
    environment = gather_fields(case, frame, box, coast, drift_start(case), drift_end(case))
    check_places(case, environment)
    return environment
