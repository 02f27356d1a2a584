"""Orders that overlap, and what went from one nation to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sarex.exercise.model import Exercise
from sarex.exercise.review.model import DoubleTask, HandOver, HandOverKind
from sarex.exercise.review.scores_log import Ordered, first_of, instant_in, nation_of, of_kind, orders
from sarex.journal import Entry

ENDED = ("order.cancelled", "crew.home", "crew.broke_down", "crew.turned_back", "crew.off_scene")
"""Events after which an order no longer binds its unit to a task."""
SLACK_S = 300.0
"""So long may a unit take to leave one order for the next: it is told of the change by radio (assumed)."""


@dataclass(frozen=True)
class _Bound:
    """From when until when an order holds its unit."""

    order: Ordered
    since: datetime
    until: datetime


def double_tasks(entries: Sequence[Entry], ended_at: datetime) -> tuple[DoubleTask, ...]:
    """Times in which a unit had two tasks, in order.

    A search holds its unit from departure to the return that its task tells; any other order from when it
    was given. Both end earlier where the order was cancelled or the crew left it.
    """
    bound = [_bound(entries, order, ended_at) for order in orders(entries)]
    found = []
    for first, second in combinations(bound, 2):
        if first.order.unit != second.order.unit:
            continue
        since, until = max(first.since, second.since), min(first.until, second.until)
        if (until - since).total_seconds() > SLACK_S:
            found.append(DoubleTask(first.order.unit, since, until, (first.order.id, second.order.id)))
    return tuple(sorted(found, key=lambda double: (double.since, double.unit)))


def _bound(entries: Sequence[Entry], order: Ordered, ended_at: datetime) -> _Bound:
    task = order.task
    since = max(order.at, instant_in(task["departs"])) if "departs" in task else order.at
    until = instant_in(task["return_by"]) if "return_by" in task else ended_at
    over = [entry.at for entry in of_kind(entries, *ENDED) if entry.body.get("order") == order.id]
    return _Bound(order, since, min([until, ended_at, *over]))


def hand_overs(entries: Sequence[Entry], exercise: Exercise) -> tuple[HandOver, ...]:
    """From find to lift and of survivors, wherever the nation changed; in order of time."""
    found = []
    finder = first_of(entries, "crew.detected")
    finder_nation = "" if finder is None else nation_of(exercise, finder.body["unit"])
    lifter_nation = ""
    for entry in of_kind(entries, "survivors.recovered"):
        lifter_nation = str(entry.body.get("nation") or nation_of(exercise, entry.body.get("unit")))
        if finder_nation and lifter_nation and lifter_nation != finder_nation:
            found.append(HandOver(HandOverKind.LIFT, entry.at, finder_nation, lifter_nation))
    for entry in of_kind(entries, "survivors.triaged"):
        taker = str(entry.body.get("nation") or nation_of(exercise, entry.body.get("by") or entry.by))
        if lifter_nation and taker and taker != lifter_nation:
            found.append(HandOver(HandOverKind.SURVIVORS, entry.at, lifter_nation, taker))
    return tuple(sorted(found, key=lambda hand_over: hand_over.at))
