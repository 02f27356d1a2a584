"""Violations as people read them: one entry for what one unit does to one rule in one place.

A curve is flown in hundreds of legs: a loop through a danger area breaks the rule with every one of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sarex.safety.model import Measure, Violation
from sarex.safety.rules import AREA_IN_DANGER, DANGER, LAND, SHOALS

_LEG = re.compile(r"\b(?:transit|turn|search) leg at \d\d:\d\d:\d\d")
_NUMBER = re.compile(r"\d[\d,.]*")
_NAMED = frozenset({AREA_IN_DANGER, DANGER, LAND, SHOALS})
"""Rules whose sentences hold names, which may hold numbers, and no measured number."""


@dataclass(frozen=True)
class Entry:
    """Like violations of one rule by the same unit or units."""

    first: Violation
    until: datetime
    """Begin of the last, or its end where its amount is a time."""
    count: int
    amount: float
    """The largest; of times, their sum."""

    @property
    def sentence(self) -> str:
        """What is wrong, first of all, and how often."""
        if self.count == 1:
            return self.first.sentence
        what = "legs" if _LEG.search(self.first.sentence) else "times"
        span = f"{self.first.at:%H:%M} to {self.until:%H:%M}"
        return f"{self.first.sentence}; {self.count} {what} in all, {span}"


def merged(found: Iterable[Violation]) -> tuple[Entry, ...]:
    """Entries in the order of their first violation in time."""
    alike: dict[tuple[str, tuple[str, ...], str], list[Violation]] = {}
    for violation in sorted(found, key=lambda v: v.at):
        alike.setdefault((violation.rule, violation.units, _kind(violation)), []).append(violation)
    return tuple(_entry(together) for together in alike.values())


def _kind(violation: Violation) -> str:
    """The sentence without what differs from leg to leg."""
    sentence = _LEG.sub("leg", violation.sentence)
    return sentence if violation.rule in _NAMED else _NUMBER.sub("#", sentence)


def _entry(alike: list[Violation]) -> Entry:
    amounts = [violation.amount for violation in alike]
    timed = alike[0].measure is Measure.SECONDS and alike[0].rule in _NAMED
    until = max(v.at + timedelta(seconds=v.amount if timed else 0.0) for v in alike)
    return Entry(alike[0], until, len(alike), sum(amounts) if timed else max(amounts))
