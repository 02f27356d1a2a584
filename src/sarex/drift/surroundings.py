"""The wind, current and coast that the drift of a case needs."""

from sarex.case.model import Case
from sarex.drift.reach import case_frame, check_places, coast_box, drift_box, drift_end, drift_start
from sarex.environment import Environment, FieldRequest
from sarex.environment import gather_environment as gather_fields
from sarex.environment.quantities import CURRENT


def gather_environment(case: Case, *, may_end_early: bool = False) -> Environment:
    """Wind, current and coast over everywhere the objects may drift until the search ends.

    Args:
        may_end_early: forcing that ends before the search does is used as far as it goes.

    Raises:
        ForcingError: the forcing cannot be read or does not reach where and when the case needs it.
        CaseError: a position that must be afloat is on land.
    """
    frame = case_frame(case)
    box = drift_box(case, frame)
    asked = FieldRequest(CURRENT, frame, box, drift_start(case), drift_end(case), may_end_early)
    environment = gather_fields(case, coast_box(case, frame, box), asked)
    check_places(case, environment)
    return environment
