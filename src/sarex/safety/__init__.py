"""Rules that every plan must keep."""

from sarex.safety.figures import FIGURES, check_figures
from sarex.safety.merged import Entry, merged
from sarex.safety.model import Advice, Measure, RuleCheck, Violation
from sarex.safety.rules import RULES, PlanRules, check_plan

__all__ = [
    "FIGURES",
    "RULES",
    "Advice",
    "Entry",
    "Measure",
    "PlanRules",
    "RuleCheck",
    "Violation",
    "check_figures",
    "check_plan",
    "merged",
]
