"""What the checker finds, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sarex.case.model import Position


class Measure(StrEnum):
    """What an amount counts."""

    METRES = "m"
    SQUARE_METRES = "m2"
    SECONDS = "s"
    METRES_PER_SECOND = "m/s"
    COUNT = "1"


@dataclass(frozen=True)
class Breach:
    """Where, when and by how much something is wrong, before it is said whose rule that breaks."""

    at: datetime
    position: Position
    sentence: str
    amount: float
    measure: Measure


@dataclass(frozen=True)
class Violation:
    """One breach of one rule."""

    rule: str
    units: tuple[str, ...]
    """The unit, or both units, that it concerns; none where it concerns the plan as a whole."""
    at: datetime
    position: Position
    sentence: str
    amount: float
    """How far beyond the limit."""
    measure: Measure


@dataclass(frozen=True)
class Advice:
    """Something that breaks no rule and that the coordinator should know."""

    advice: str
    units: tuple[str, ...]
    at: datetime
    position: Position
    sentence: str
    amount: float
    """How near, or how far beyond what is usual."""
    measure: Measure


@dataclass(frozen=True)
class RuleCheck:
    """A rule, how often it is broken, and where."""

    rule: str
    violations: int
    details: tuple[str, ...] = ()
    found: tuple[Violation, ...] = ()
    """The violations themselves, one for each detail."""


def tallied(rule: str, found: Sequence[Violation]) -> RuleCheck:
    """A rule with its violations."""
    details = tuple(f"{' and '.join(v.units) or 'the plan'}: {v.sentence}" for v in found)
    return RuleCheck(rule, len(found), details, tuple(found))
