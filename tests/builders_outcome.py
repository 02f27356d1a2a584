"""What plans find in time, reckoned by steps that the program does not take: for comparison."""

from collections.abc import Sequence

import numpy as np

from sarex.case.model import Case
from sarex.planning.model import Activity, Outcome, SearchPlan
from sarex.planning.outcome import Glance, Search, expected_outcome
from sarex.planning.waters import Waters


def outcome_of(
    case: Case, waters: Waters, searches: Sequence[Search], glances: Sequence[Glance] = ()
) -> Outcome:
    """The outcome alone."""
    return expected_outcome(case, waters, searches, glances)[0]


def searches_of(plan: SearchPlan, waters: Waters, object_types: tuple[str, ...]) -> tuple[Search, ...]:
    """The searching of all units of a plan."""
    return tuple(
        Search(
            np.array(
                [
                    (leg.start_x_m, leg.start_y_m, leg.end_x_m, leg.end_y_m, leg.start_s, leg.end_s)
                    for leg in unit_plan.legs
                    if leg.activity is Activity.SEARCH
                ]
            ).reshape(-1, 6),
            waters.widths(np.array([unit_plan.sweep_widths[key].width_m for key in object_types])),
        )
        for unit_plan in plan.unit_plans
    )


def worth_of_finds(waters: Waters, searches: Sequence[Search], worth: np.ndarray) -> float:
    """What the finds of searches are worth together, with `worth_in_time` of the same particles.

    Each leg is cut by hand at the instants of the particles.
    """
    missed, total = waters.weight.astype(np.float64), 0.0
    for k, start_s in enumerate(waters.times_s[:-1]):
        left = missed.copy()
        for search in searches:
            begins = np.maximum(search.legs[:, 4], start_s)
            ends = np.minimum(search.legs[:, 5], start_s + waters.step_s)
            rows = []
            for leg, begin, end in zip(search.legs, begins, ends, strict=True):
                if begin < end:
                    shares = (np.array([begin, end]) - leg[4]) / (leg[5] - leg[4])
                    (x0, x1), (y0, y1) = (
                        leg[0] + shares * (leg[2] - leg[0]),
                        leg[1] + shares * (leg[3] - leg[1]),
                    )
                    rows.append((x0, y0, x1, y1, begin, end))
            if rows:
                left *= np.exp(-waters.exposures(np.array(rows), search.width_m, 0.0).astype(np.float64))
        total += float(worth[k] @ (missed - left))
        missed = left
    return total
