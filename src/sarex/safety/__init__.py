"""Rules that every plan must keep."""

from sarex.safety.rules import RuleCheck, check_plan

__all__ = ["RuleCheck", "check_plan"]
