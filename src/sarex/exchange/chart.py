"""What a plotter is given to draw: the plan, on the map of where the object may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sarex.case.model import Case
from sarex.probability.datum import DatumPoint
from sarex.probability.map import Contour
from sarex.tasking.model import SearchActionPlan


@dataclass(frozen=True)
class Chart:
    """One search action plan with the layers that belong on the same chart."""

    case: Case
    action_plan: SearchActionPlan
    contours: Sequence[Contour]
    contours_valid_at: datetime
    datum: Sequence[DatumPoint]
    computed_at: datetime
    synthetic: bool
    """Whether any of the forcing is computed, not observed or forecast."""

    @property
    def mark(self) -> str:
        """EXERCISE or REAL, and SYNTHETIC where it applies; part of every name on the chart."""
        return f"{self.case.mark} SYNTHETIC" if self.synthetic else self.case.mark
