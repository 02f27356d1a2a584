"""What can happen in an exercise, as the log records it: kinds, who may read them, and makers of drafts.

A kind that players may read never holds where the object really is; whoever adds a kind decides here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sarex.case.model import Position
from sarex.exercise.model import Inject
from sarex.journal import Audience, Draft

DIRECTOR = "director"
"""Who records what simulated crews and exercise control do."""
POSITION_DECIMALS = 5


class Event(StrEnum):
    STARTED = "exercise.started"
    AUTOMATIC = "players.automatic"
    """From now on the planner plays, or no more."""
    CLOCK_ADVANCED = "clock.advanced"
    HELD = "exercise.held"
    RESUMED = "exercise.resumed"
    STOPPED = "exercise.stopped"
    INJECT_DELIVERED = "inject.delivered"
    INJECT_ACKNOWLEDGED = "inject.acknowledged"
    INJECT_MISSED = "inject.missed"
    INJECT_SKIPPED = "inject.skipped"
    EFFECT_APPLIED = "effect.applied"
    COORDINATOR_NAMED = "coordinator.named"
    SITREP_SENT = "sitrep.sent"
    MESSAGE_SENT = "message.sent"
    MESSAGE_ACKNOWLEDGED = "message.acknowledged"
    CASE_LEARNT = "case.learnt"
    PLAN_PROPOSED = "plan.proposed"
    PLAN_ACCEPTED = "plan.accepted"
    PLAN_FAILED = "plan.failed"
    """No plan could be made, and why."""
    ORDER_GIVEN = "order.given"
    ORDER_ACKNOWLEDGED = "order.acknowledged"
    ORDER_CANCELLED = "order.cancelled"
    CREW_UNDER_WAY = "crew.under_way"
    CREW_ON_SCENE = "crew.on_scene"
    CREW_OFF_SCENE = "crew.off_scene"
    CREW_HOME = "crew.home"
    CREW_BROKE_DOWN = "crew.broke_down"
    CREW_TURNED_BACK = "crew.turned_back"
    CREW_STAYED = "crew.stayed"
    """It never left, for weather or fuel."""
    CREW_DETECTED = "crew.detected"
    CREW_FALSELY_SAW = "crew.falsely_saw"
    CREW_RECOVERED = "crew.recovered"
    CREW_NOT_FOUND = "crew.not_found"
    CREW_FLEW = "crew.flew"
    REPORT_UNDER_WAY = "report.under_way"
    REPORT_ON_SCENE = "report.on_scene"
    REPORT_OFF_SCENE = "report.off_scene"
    REPORT_HOME = "report.home"
    REPORT_BROKE_DOWN = "report.broke_down"
    REPORT_REPAIRED = "report.repaired"
    REPORT_TURNED_BACK = "report.turned_back"
    REPORT_STAYED = "report.stayed"
    REPORT_NOT_FOUND = "report.not_found"
    REPORT_SIGHTING = "report.sighting"
    REPORT_FALSE_ALARM = "report.false_alarm"
    REPORT_FLOWN = "report.flown"
    BELIEF_UPDATED = "belief.updated"
    SURVIVORS_RECOVERED = "survivors.recovered"
    SURVIVORS_TRIAGED = "survivors.triaged"
    NOTED = "evaluator.noted"

    @property
    def audience(self) -> Audience:
        """Who may read events of this kind."""
        hidden = self in _FOR_THE_DIRECTOR or self.startswith("crew.")
        return Audience.DIRECTOR if hidden else Audience.EVERYBODY


_FOR_THE_DIRECTOR = frozenset(
    {
        Event.STARTED,
        Event.AUTOMATIC,
        Event.CLOCK_ADVANCED,
        Event.INJECT_SKIPPED,
        Event.EFFECT_APPLIED,
    }
)


def recorded(event: Event, at: datetime, subject: str, by: str, body: Mapping[str, Any]) -> Draft:
    """An event to be recorded; `subject` makes its key one that no other event has."""
    key = f"{event.value}:{subject}" if subject else event.value
    return Draft(at=at, kind=event.value, key=key, by=by, audience=event.audience, body=body)


def lonlat(position: Position) -> list[float]:
    """A position as the log keeps it: longitude and latitude to about a metre."""
    return [round(position.lon_deg, POSITION_DECIMALS), round(position.lat_deg, POSITION_DECIMALS)]


def position_of(pair: Sequence[float]) -> Position:
    """The position that `lonlat` wrote."""
    return Position(float(pair[0]), float(pair[1]))


def started(
    exercise: Mapping[str, Any], at: datetime, base_dir: str, version: str, seed: int, *, auto: bool
) -> Draft:
    body = {"exercise": exercise, "base_dir": base_dir, "version": version, "seed": seed, "auto": auto}
    return recorded(Event.STARTED, at, "", DIRECTOR, body)


def clock_advanced(until: datetime) -> Draft:
    return recorded(Event.CLOCK_ADVANCED, until, until.isoformat(), DIRECTOR, {"until": until.isoformat()})


def inject_delivered(inject: Inject, at: datetime) -> Draft:
    within = inject.acknowledge_within
    body = {
        "inject": inject.id,
        "from": inject.sender,
        "to": list(inject.to),
        "medium": inject.medium,
        "language": inject.language,
        "text": dict(inject.text.by_language),
        "acknowledge_within_s": None if within is None else within.total_seconds(),
        "alert": inject.alert,
    }
    return recorded(Event.INJECT_DELIVERED, at, inject.id, inject.sender, body)


def inject_acknowledged(inject_id: str, at: datetime, by: str) -> Draft:
    return recorded(Event.INJECT_ACKNOWLEDGED, at, f"{inject_id}:{by}", by, {"inject": inject_id, "by": by})


def inject_missed(inject_id: str, at: datetime, roles: Sequence[str]) -> Draft:
    body = {"inject": inject_id, "roles": list(roles)}
    return recorded(Event.INJECT_MISSED, at, inject_id, DIRECTOR, body)


def inject_skipped(inject_id: str, at: datetime, why: str) -> Draft:
    return recorded(Event.INJECT_SKIPPED, at, inject_id, DIRECTOR, {"inject": inject_id, "why": why})


def message_sent(
    message_id: str,
    at: datetime,
    between: tuple[str, str],
    about: str,
    text: str,
    concerns: Mapping[str, Any] | None = None,
) -> Draft:
    """A message from one role to another; `concerns` names for programs what it is about."""
    sender, to = between
    body = {"message": message_id, "from": sender, "to": to, "about": about, "text": text}
    return recorded(Event.MESSAGE_SENT, at, message_id, sender, body | {"concerns": dict(concerns or {})})


def message_acknowledged(message_id: str, at: datetime, by: str) -> Draft:
    body = {"message": message_id, "by": by}
    return recorded(Event.MESSAGE_ACKNOWLEDGED, at, message_id, by, body)


def case_learnt(subject: str, at: datetime, case: Mapping[str, Any], why: str) -> Draft:
    return recorded(Event.CASE_LEARNT, at, subject, DIRECTOR, {"case": case, "why": why})


def plan_proposed(
    number: int, at: datetime, by: str, document: Mapping[str, Any], because: Sequence[str]
) -> Draft:
    body = {
        "plan": number,
        "by": by,
        "document": document,
        "pos": document["pos"],
        "because": list(because),
    }
    return recorded(Event.PLAN_PROPOSED, at, str(number), by, body)


def plan_accepted(number: int, at: datetime, by: str) -> Draft:
    return recorded(Event.PLAN_ACCEPTED, at, f"{number}:{by}", by, {"plan": number, "by": by})


def order_given(
    order_id: str,
    at: datetime,
    by: str,
    unit: tuple[str, str],
    what: str,
    task: Mapping[str, Any],
    plan: int | None = None,
) -> Draft:
    """An order to a unit.

    Args:
        unit: its name and its nation.
        what: "search", "recover" or "return".
        task: as in `plan.json`, or {"position", "sighting"} of a recovery.
    """
    body = {
        "order": order_id,
        "unit": unit[0],
        "nation": unit[1],
        "plan": plan,
        "what": what,
        "task": task,
    }
    return recorded(Event.ORDER_GIVEN, at, order_id, by, body)


def order_acknowledged(order_id: str, at: datetime, by: str) -> Draft:
    return recorded(Event.ORDER_ACKNOWLEDGED, at, order_id, by, {"order": order_id, "by": by})


def order_cancelled(
    order_id: str,
    at: datetime,
    by: str,
    why: str,
    *,
    goes_home: bool,
    superseded_by: str = "",
    refused: bool = False,
) -> Draft:
    """The end of an order.

    Args:
        goes_home: the unit has nothing else to do.
        superseded_by: the order that takes its place; "" where none does.
        refused: its crew does not carry it out.
    """
    body = {
        "order": order_id,
        "why": why,
        "goes_home": goes_home,
        "superseded_by": superseded_by or None,
        "refused": refused,
    }
    return recorded(Event.ORDER_CANCELLED, at, order_id, by, body)


def held(number: int, at: datetime, by: str, word: str, text: str) -> Draft:
    return recorded(Event.HELD, at, str(number), by, {"word": word, "text": text})


def resumed(number: int, at: datetime, by: str) -> Draft:
    return recorded(Event.RESUMED, at, str(number), by, {})


def stopped(at: datetime, by: str, why: str) -> Draft:
    return recorded(Event.STOPPED, at, "", by, {"why": why})
