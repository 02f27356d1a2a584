"""What is asked of every source of one quantity."""

from dataclasses import dataclass
from datetime import datetime

from sarex.environment.model import Box
from sarex.environment.quantities import Quantity
from sarex.geo import LocalFrame


@dataclass(frozen=True)
class FieldRequest:
    """One quantity, where and when."""

    quantity: Quantity
    frame: LocalFrame
    box: Box
    start: datetime
    end: datetime
    may_end_early: bool = False
    """Files may end before the span does; what drifts on has then left the forcing in time."""
