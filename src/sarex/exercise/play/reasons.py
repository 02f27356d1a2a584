"""Why players plan anew: what has become known since the last plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sarex.exercise.play.brief import Brief
from sarex.exercise.play.evidence import CREDIBLE
from sarex.exercise.play.known import Known

AHEAD = timedelta(minutes=45)
"""Before the end of a window the next one is planned."""
LEAST_TIME = timedelta(hours=1, minutes=30)
"""With less time left no new search is begun."""
LOOKED_AT = timedelta(minutes=30)
"""A sighting that nobody could go to is planned for after this time."""
AGAIN = timedelta(minutes=60)
"""After this a plan that failed is tried again."""


@dataclass(frozen=True)
class Reason:
    at: datetime
    why: str
    """A word for programs and a name, such as "broke down: Patrol ship Oki"."""


def reasons_to_plan(brief: Brief, known: Known, named: datetime) -> tuple[Reason, ...]:
    """Reasons that no plan has answered, in order of time; none where it is too late for another plan."""
    answered = [plan.at for plan in known.plans] + [at for at, _ in known.failed]
    last = max(answered, default=None)
    reasons = [reason for reason in _reasons(known, named) if last is None or reason.at > last]
    in_time = [reason for reason in reasons if reason.at + LEAST_TIME <= brief.end]
    return tuple(sorted(in_time, key=lambda reason: reason.at))


def _reasons(known: Known, named: datetime) -> Iterator[Reason]:
    if not known.plans:
        yield Reason(named, "alert")
    for at, why in known.learnt:
        yield Reason(max(at, named), f"learnt: {why}")
    for unit, at in known.broken.items():
        yield Reason(max(at, named), f"broke down: {unit}")
    for at, unit in known.repaired:
        yield Reason(max(at, named), f"repaired: {unit}")
    yield from _of_sightings(known)
    if known.plan is not None:
        window_end = datetime.fromisoformat(known.plan.document["window"]["end"])
        yield Reason(max(window_end - AHEAD, known.plan.at + AHEAD), "window ends")
    if known.failed:
        yield Reason(known.failed[-1][0] + AGAIN, "no plan yet")


def _of_sightings(known: Known) -> Iterator[Reason]:
    for seen in known.sightings.values():
        if seen.credibility < CREDIBLE:
            continue
        sent = [order for order in known.orders.values() if order.task.get("sighting") == seen.name]
        planned = any(seen.at < plan.at for plan in known.plans)
        if seen.withdrawn_at is None and not sent:
            yield Reason(seen.at + LOOKED_AT, f"sighting: {seen.name}")
        elif seen.withdrawn_at is not None and (sent or planned):
            yield Reason(seen.withdrawn_at, f"false alarm: {seen.name}")
        for order in sent:
            if "not_found" in order.told:
                yield Reason(order.told["not_found"], f"not found: {seen.name}")
