"""What each crew is told."""

from sarex.tasking.briefing import PATTERN_NAMES
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.tasking.tasks import issue_tasks

__all__ = ["PATTERN_NAMES", "SearchActionPlan", "Task", "TaskLeg", "issue_tasks"]
