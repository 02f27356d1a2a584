"""Where to search."""

from sarex.planning.fleet_search import Effort
from sarex.planning.model import PlanQuality, SearchPlan, UnitPlan, UnusedUnit
from sarex.planning.plan import Belief, plan_search, rehearsal_particles

__all__ = [
    "Belief",
    "Effort",
    "PlanQuality",
    "SearchPlan",
    "UnitPlan",
    "UnusedUnit",
    "plan_search",
    "rehearsal_particles",
]
