"""What everybody in the exercise knows: a pure fold over the entries that players may read.

Automatic players, `status` and every product for players see this and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sarex.case import case_from_mapping
from sarex.case.model import Case, Position
from sarex.exercise.play.events import Event, position_of
from sarex.journal import Audience, Entry
from sarex.tasking.model import Task
from sarex.units import nm_to_m


@dataclass(frozen=True)
class InjectSeen:
    """An inject that reached the players."""

    id: str
    at: datetime
    to: tuple[str, ...]
    alert: bool
    within_s: float | None
    """To acknowledge it; None where nobody need."""
    acknowledged: Mapping[str, datetime]
    """By role."""
    missed: tuple[str, ...] = ()
    """Roles that did not answer in time."""

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Roles from which an answer is asked and has not come."""
        if self.within_s is None:
            return ()
        return tuple(role for role in self.to if role not in self.acknowledged)


@dataclass(frozen=True)
class MessageSeen:
    id: str
    at: datetime
    sender: str
    to: str
    about: str
    concerns: Mapping[str, Any]
    acknowledged_at: datetime | None = None


@dataclass(frozen=True)
class PlanSeen:
    number: int
    at: datetime
    by: str
    document: Mapping[str, Any]
    """As `plan.json` has it."""
    accepted: Mapping[str, datetime]
    """By role."""


@dataclass(frozen=True)
class TrackTold:
    """A track as a crew reported it."""

    at: datetime
    rows: tuple[tuple[float, float, float, int], ...]
    """POSIX seconds, longitude, latitude, whether searching."""


@dataclass(frozen=True)
class OrderSeen:
    id: str
    at: datetime
    unit: str
    nation: str
    what: str
    plan: int | None
    task: Mapping[str, Any]
    acknowledged_at: datetime | None = None
    cancelled_at: datetime | None = None
    goes_home: bool = False
    """Whether it was cancelled with nothing else to do."""
    refused: bool = False
    """Whether its crew took it and could not follow it: the order before it goes on."""
    told: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """What the crew reported, such as "under_way", to when it was heard of."""
    happened: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """The same, to when it happened by that report."""
    where: Mapping[str, Position] = field(default_factory=lambda: MappingProxyType({}))
    tracks: tuple[TrackTold, ...] = ()

    @property
    def over(self) -> bool:
        """Whether the unit is known to have done with it."""
        ended = {"home", "stayed"} & set(self.told)
        return self.cancelled_at is not None or bool(ended)


@dataclass(frozen=True)
class SightingSeen:
    name: str
    at: datetime
    """When it was told."""
    seen_at: datetime
    unit: str
    order: str | None
    position: Position
    probable_error_m: float
    credibility: float
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """What the players know."""

    now: datetime
    case: Case
    base_dir: Path
    learnt: tuple[tuple[datetime, str], ...] = ()
    """When their case changed, and why."""
    injects: Mapping[str, InjectSeen] = field(default_factory=dict)
    coordinators: Mapping[str, datetime] = field(default_factory=dict)
    """Roles named as co-ordinators."""
    sitreps: tuple[Entry, ...] = ()
    messages: Mapping[str, MessageSeen] = field(default_factory=dict)
    plans: tuple[PlanSeen, ...] = ()
    failed: tuple[tuple[datetime, str], ...] = ()
    """When no plan could be made, and why."""
    orders: Mapping[str, OrderSeen] = field(default_factory=dict)
    """In the order in which they were given."""
    broken: Mapping[str, datetime] = field(default_factory=dict)
    """Units known to be broken down."""
    repaired: tuple[tuple[datetime, str], ...] = ()
    sightings: Mapping[str, SightingSeen] = field(default_factory=dict)
    beliefs: tuple[Entry, ...] = ()
    notes: tuple[Entry, ...] = ()
    recovered: Entry | None = None
    triaged: Entry | None = None
    held: Entry | None = None
    holds: int = 0
    stopped: Entry | None = None

    @property
    def plan(self) -> PlanSeen | None:
        """The latest."""
        return self.plans[-1] if self.plans else None

    @property
    def alerted_at(self) -> datetime | None:
        return next((inject.at for inject in self.injects.values() if inject.alert), None)

    def orders_of(self, unit: str) -> tuple[OrderSeen, ...]:
        return tuple(order for order in self.orders.values() if order.unit == unit)


def told(known: Known, entry: Entry) -> Known:
    """What is known after one more entry; entries that players may not read teach nothing."""
    if entry.audience is not Audience.EVERYBODY:
        return known
    learns = _LEARNS.get(entry.kind)
    known = replace(known, now=max(known.now, entry.at))
    return known if learns is None else learns(known, entry)


def tasks_of(document: Mapping[str, Any], case: Case) -> tuple[Task, ...]:
    """The tasks of a plan in the log."""
    from sarex.exchange.plan_document import plan_of_document  # noqa: PLC0415 - shapely and gpxpy are slow

    return plan_of_document(document, case, "the plan in the log").tasks


def _with(mapping: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**mapping, key: value}


def _delivered(known: Known, entry: Entry) -> Known:
    body = entry.body
    seen = InjectSeen(
        body["inject"],
        entry.at,
        tuple(body["to"]),
        bool(body.get("alert")),
        body.get("acknowledge_within_s"),
        {},
    )
    return replace(known, injects=_with(known.injects, seen.id, seen))


def _inject_acknowledged(known: Known, entry: Entry) -> Known:
    seen = known.injects[entry.body["inject"]]
    seen = replace(seen, acknowledged=_with(seen.acknowledged, entry.body["by"], entry.at))
    return replace(known, injects=_with(known.injects, seen.id, seen))


def _inject_missed(known: Known, entry: Entry) -> Known:
    seen = known.injects[entry.body["inject"]]
    seen = replace(seen, missed=tuple(entry.body["roles"]))
    return replace(known, injects=_with(known.injects, seen.id, seen))


def _coordinator(known: Known, entry: Entry) -> Known:
    return replace(known, coordinators=_with(known.coordinators, entry.body["role"], entry.at))


def _sitrep(known: Known, entry: Entry) -> Known:
    return replace(known, sitreps=(*known.sitreps, entry))


def _message(known: Known, entry: Entry) -> Known:
    body = entry.body
    seen = MessageSeen(
        body["message"], entry.at, body["from"], body["to"], body["about"], body.get("concerns", {})
    )
    return replace(known, messages=_with(known.messages, seen.id, seen))


def _message_acknowledged(known: Known, entry: Entry) -> Known:
    seen = replace(known.messages[entry.body["message"]], acknowledged_at=entry.at)
    return replace(known, messages=_with(known.messages, seen.id, seen))


def _case(known: Known, entry: Entry) -> Known:
    case = case_from_mapping(entry.body["case"], base_dir=known.base_dir, name="the case in the log")
    return replace(known, case=case, learnt=(*known.learnt, (entry.at, entry.body["why"])))


def _proposed(known: Known, entry: Entry) -> Known:
    plan = PlanSeen(entry.body["plan"], entry.at, entry.by, entry.body["document"], {})
    return replace(known, plans=(*known.plans, plan))


def _accepted(known: Known, entry: Entry) -> Known:
    plans = tuple(
        replace(plan, accepted=_with(plan.accepted, entry.body["by"], entry.at))
        if plan.number == entry.body["plan"]
        else plan
        for plan in known.plans
    )
    return replace(known, plans=plans)


def _failed(known: Known, entry: Entry) -> Known:
    return replace(known, failed=(*known.failed, (entry.at, entry.body["why"])))


def _order(known: Known, entry: Entry) -> Known:
    body = entry.body
    seen = OrderSeen(
        body["order"], entry.at, body["unit"], body["nation"], body["what"], body["plan"], body["task"]
    )
    return replace(known, orders=_with(known.orders, seen.id, seen))


def _order_acknowledged(known: Known, entry: Entry) -> Known:
    seen = replace(known.orders[entry.body["order"]], acknowledged_at=entry.at)
    return replace(known, orders=_with(known.orders, seen.id, seen))


def _order_cancelled(known: Known, entry: Entry) -> Known:
    goes_home = bool(entry.body.get("goes_home"))
    refused = bool(entry.body.get("refused"))
    seen = known.orders[entry.body["order"]]
    seen = replace(seen, cancelled_at=entry.at, goes_home=goes_home, refused=refused)
    return replace(known, orders=_with(known.orders, seen.id, seen))


def _reported(known: Known, entry: Entry) -> Known:
    word = entry.kind.removeprefix("report.")
    seen = known.orders.get(entry.body.get("order") or "")
    if seen is not None:
        where = seen.where
        if entry.body.get("position") is not None:
            where = _with(where, word, position_of(entry.body["position"]))
        happened_at = datetime.fromisoformat(entry.body["happened_at"])
        happened = _with(seen.happened, word, happened_at)
        seen = replace(seen, told=_with(seen.told, word, entry.at), happened=happened, where=where)
        known = replace(known, orders=_with(known.orders, seen.id, seen))
    if entry.kind == Event.REPORT_BROKE_DOWN:
        return replace(known, broken=_with(known.broken, entry.body["unit"], entry.at))
    return known


def _repaired(known: Known, entry: Entry) -> Known:
    unit = entry.body["unit"]
    broken = {name: at for name, at in known.broken.items() if name != unit}
    return replace(known, broken=broken, repaired=(*known.repaired, (entry.at, unit)))


def _flown(known: Known, entry: Entry) -> Known:
    seen = known.orders[entry.body["order"]]
    track = TrackTold(entry.at, tuple((t, x, y, s) for t, x, y, s in entry.body["points"]))
    seen = replace(seen, tracks=(*seen.tracks, track))
    return replace(known, orders=_with(known.orders, seen.id, seen))


def _sighting(known: Known, entry: Entry) -> Known:
    body = entry.body
    seen = SightingSeen(
        body["name"],
        entry.at,
        datetime.fromisoformat(body["seen_at"]),
        body["unit"],
        body.get("order"),
        position_of(body["position"]),
        nm_to_m(body["error_nm"]),
        body["credibility"],
    )
    return replace(known, sightings=_with(known.sightings, seen.name, seen))


def _withdrawn(known: Known, entry: Entry) -> Known:
    seen = known.sightings.get(entry.body["name"])
    if seen is None:
        return known
    seen = replace(seen, withdrawn_at=entry.at)
    return replace(known, sightings=_with(known.sightings, seen.name, seen))


def _belief(known: Known, entry: Entry) -> Known:
    return replace(known, beliefs=(*known.beliefs, entry))


def _noted(known: Known, entry: Entry) -> Known:
    return replace(known, notes=(*known.notes, entry))


def _held(known: Known, entry: Entry) -> Known:
    return replace(known, held=entry, holds=known.holds + 1)


_REPORTS: Sequence[Event] = (
    Event.REPORT_UNDER_WAY,
    Event.REPORT_ON_SCENE,
    Event.REPORT_OFF_SCENE,
    Event.REPORT_HOME,
    Event.REPORT_BROKE_DOWN,
    Event.REPORT_TURNED_BACK,
    Event.REPORT_STAYED,
    Event.REPORT_NOT_FOUND,
)
_LEARNS: Mapping[str, Callable[[Known, Entry], Known]] = {
    Event.INJECT_DELIVERED: _delivered,
    Event.INJECT_ACKNOWLEDGED: _inject_acknowledged,
    Event.INJECT_MISSED: _inject_missed,
    Event.COORDINATOR_NAMED: _coordinator,
    Event.SITREP_SENT: _sitrep,
    Event.MESSAGE_SENT: _message,
    Event.MESSAGE_ACKNOWLEDGED: _message_acknowledged,
    Event.CASE_LEARNT: _case,
    Event.PLAN_PROPOSED: _proposed,
    Event.PLAN_ACCEPTED: _accepted,
    Event.PLAN_FAILED: _failed,
    Event.ORDER_GIVEN: _order,
    Event.ORDER_ACKNOWLEDGED: _order_acknowledged,
    Event.ORDER_CANCELLED: _order_cancelled,
    **dict.fromkeys(_REPORTS, _reported),
    Event.REPORT_REPAIRED: _repaired,
    Event.REPORT_FLOWN: _flown,
    Event.REPORT_SIGHTING: _sighting,
    Event.REPORT_FALSE_ALARM: _withdrawn,
    Event.BELIEF_UPDATED: _belief,
    Event.NOTED: _noted,
    Event.SURVIVORS_RECOVERED: lambda known, entry: replace(known, recovered=known.recovered or entry),
    Event.SURVIVORS_TRIAGED: lambda known, entry: replace(known, triaged=known.triaged or entry),
    Event.HELD: _held,
    Event.RESUMED: lambda known, _: replace(known, held=None),
    Event.STOPPED: lambda known, entry: replace(known, stopped=entry),
}
