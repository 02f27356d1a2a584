"""Players that play by themselves: the planner, and people who answer after a while.

They see what everybody knows (`known`) and their brief, and nothing of the truth. What they do next follows
from that alone; times that they take are drawn by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sarex.errors import InputError
from sarex.exercise.play import events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import Event, recorded
from sarex.exercise.play.known import InjectSeen, Known, MessageSeen
from sarex.exercise.play.players_orders import danger, homeward, ordered
from sarex.exercise.play.players_plan import Proposal, belief_body
from sarex.exercise.play.players_recovery import found, recovering
from sarex.exercise.play.reasons import Reason, reasons_to_plan
from sarex.exercise.play.schedule import Delays, Make, Pending
from sarex.exercise.play.sitrep import sitrep_body
from sarex.journal import Draft

MINUTE = timedelta(minutes=1)
NAMING = 2 * MINUTE, 6 * MINUTE
"""From the alert's acknowledgement to the naming of a co-ordinator."""
UNANSWERED = 20 * MINUTE
"""After an alert that nobody acknowledges a co-ordinator is named all the same."""
FIRST_PLAN, NEXT_PLAN = (12 * MINUTE, 22 * MINUTE), (8 * MINUTE, 15 * MINUTE)
"""What planning takes."""
ANSWER, LATEST_ANSWER = 4 * MINUTE, 10 * MINUTE
"""Median and longest time until a message of the other nation is acknowledged."""
CONSIDERING = 2 * MINUTE, 5 * MINUTE
"""From the acknowledgement of a plan to its acceptance."""
FIRST_SITREP, SITREPS = 10 * MINUTE, 60 * MINUTE
UNASKED = 10 * MINUTE
"""Median time until an inject is acknowledged that asks for no answer."""
SOON_FRAC, FORGOTTEN = 0.35, 0.03
"""Of the time allowed the median answer takes so much; so many are never given."""


class Planning(Protocol):
    """Makes plans for the players."""

    def propose(self, known: Known, at: datetime) -> Proposal:
        """The plan for what is known at an instant.

        Raises:
            InputError: nothing can be planned.
        """


@dataclass(frozen=True)
class AutoPlayers:
    """All players of an exercise."""

    brief: Brief
    planning: Planning

    def pending(self, known: Known, since: datetime) -> Iterator[Pending]:
        """What they are about to do; nothing that was due before they began to play."""
        for item in self._pending(known):
            yield Pending(max(item.at, since), item.make)

    def _pending(self, known: Known) -> Iterator[Pending]:
        delays = Delays(self.brief.seed)
        yield from self._acknowledging(known, delays)
        yield from self._answering(known, delays)
        if known.alerted_at is None:
            return
        yield from self._naming(known, delays)
        named = known.coordinators.get(self._host)
        if named is None:
            return
        yield from self._telling(known, named)
        yield from recovering(self.brief, known, delays)
        yield from danger(self.brief, known, delays)
        yield from homeward(self.brief, known, delays)
        if found(known):
            return
        yield from self._planning(known, named, delays)
        yield from self._accepting(known, delays)
        yield from ordered(self.brief, known, delays)

    @property
    def _host(self) -> str:
        return self.brief.coordinator(self.brief.host)

    def _acknowledging(self, known: Known, delays: Delays) -> Iterator[Pending]:
        for inject in known.injects.values():
            for role in inject.to:
                if role in inject.acknowledged:
                    continue
                delay = _answer_time(inject, role, delays)
                if delay is not None:
                    yield Pending(inject.at + delay, _acknowledge(inject.id, role))

    def _answering(self, known: Known, delays: Delays) -> Iterator[Pending]:
        for message in known.messages.values():
            if message.acknowledged_at is None:
                delay = delays.about(ANSWER, LATEST_ANSWER, "message answered", message.id)
                yield Pending(message.at + delay, _answer(message))

    def _naming(self, known: Known, delays: Delays) -> Iterator[Pending]:
        if self._host in known.coordinators:
            return
        alert = next(inject for inject in known.injects.values() if inject.alert)
        heard = min(alert.acknowledged.values(), default=None)
        due = alert.at + UNANSWERED
        if heard is not None:
            due = heard + delays.between(*NAMING, "coordinator named")
        yield Pending(due, lambda at: list(self._named(at)))

    def _named(self, at: datetime) -> Iterator[Draft]:
        host = self._host
        body = {"role": host, "nation": self.brief.host}
        yield recorded(Event.COORDINATOR_NAMED, at, host, host, body)
        for other in self.brief.coordinators:
            if other != host:
                text = "We co-ordinate this case. Please tell which units you can send."
                yield events.message_sent(f"request to {other}", at, (host, other), "units at hand", text)

    def _telling(self, known: Known, named: datetime) -> Iterator[Pending]:
        if known.triaged is not None:
            return
        number = len(known.sitreps) + 1
        due = named + FIRST_SITREP + (number - 1) * SITREPS
        yield Pending(due, lambda at: [self._sitrep(known, number, at)])

    def _sitrep(self, known: Known, number: int, at: datetime) -> Draft:
        body = sitrep_body(self.brief, known, number, at) | {"from": self._host}
        return recorded(Event.SITREP_SENT, at, str(number), self._host, body)

    def _planning(self, known: Known, named: datetime, delays: Delays) -> Iterator[Pending]:
        reasons = reasons_to_plan(self.brief, known, named)
        if not reasons:
            return
        number = len(known.plans) + 1
        attempt = number + len(known.failed)
        takes = delays.between(*(NEXT_PLAN if known.plans else FIRST_PLAN), "planning", str(attempt))
        yield Pending(reasons[0].at + takes, lambda at: list(self._proposed(known, number, at, reasons)))

    def _proposed(
        self, known: Known, number: int, at: datetime, reasons: Sequence[Reason]
    ) -> Iterator[Draft]:
        host = self._host
        try:
            proposal = self.planning.propose(known, at)
        except InputError as trouble:
            attempt = str(len(known.failed) + 1)
            yield recorded(Event.PLAN_FAILED, at, attempt, host, {"why": str(trouble)})
            return
        if proposal.searched_until is not None:
            body = belief_body(proposal, number, proposal.searched_until)
            yield recorded(Event.BELIEF_UPDATED, at, str(number), host, body)
        because = [reason.why for reason in reasons if reason.at <= at]
        yield events.plan_proposed(number, at, host, proposal.document, because)
        yield events.plan_accepted(number, at, host)
        for other in self.brief.coordinators:
            if other != host:
                text = f"Search action plan {number} for your agreement."
                concerns = {"plan": number, "asks": "agreement"}
                yield events.message_sent(
                    f"plan {number} to {other}", at, (host, other), f"plan {number}", text, concerns
                )

    def _accepting(self, known: Known, delays: Delays) -> Iterator[Pending]:
        plan = known.plan
        if plan is None:
            return
        for message in known.messages.values():
            asked = message.concerns.get("asks") == "agreement" and message.concerns["plan"] == plan.number
            if asked and message.acknowledged_at is not None and message.to not in plan.accepted:
                delay = delays.between(*CONSIDERING, "plan considered", str(plan.number), message.to)
                yield Pending(message.acknowledged_at + delay, _accept(plan.number, message.to))


def _answer_time(inject: InjectSeen, role: str, delays: Delays) -> timedelta | None:
    """None: never."""
    name = ("inject answered", inject.id, role)
    if inject.within_s is None:
        return delays.about(UNASKED, 6 * UNASKED, *name)
    if delays.chance(FORGOTTEN, "inject forgotten", inject.id, role):
        return None
    allowed = timedelta(seconds=inject.within_s)
    return delays.about(SOON_FRAC * allowed, 2.0 * allowed, *name)


def _acknowledge(inject_id: str, role: str) -> Make:
    return lambda at: [events.inject_acknowledged(inject_id, at, role)]


def _answer(message: MessageSeen) -> Make:
    return lambda at: [events.message_acknowledged(message.id, at, message.to)]


def _accept(number: int, role: str) -> Make:
    return lambda at: [events.plan_accepted(number, at, role)]
