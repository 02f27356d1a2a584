"""Which crews carry out which orders, one after the other: a script for every order that is acknowledged.

A unit that is ordered elsewhere while it is out goes on with what it does until the new task begins, and sets
out from where it really is with the fuel it really has. Scripts are drawn anew whenever something happens;
they never differ in what is past.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeGuard

import numpy as np

from sarex.case.model import DangerArea, SearchUnit
from sarex.clock import to_posix_s
from sarex.exchange.plan_document import task_of_document
from sarex.exercise.crews.crew import (
    BreaksDown,
    Cancelled,
    CrewLaw,
    Detected,
    Disproved,
    Duty,
    Event,
    FalselySeen,
    Happening,
    Home,
    Misled,
    Order,
    RadioDead,
    Script,
    Stayed,
    TrackPoints,
    Weather,
)
from sarex.exercise.crews.flight import sortie_script
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.model import DangerAreaOpens, FalseSighting, PlayersLearn, RadioDies, UnitBreaksDown
from sarex.exercise.path import TruePath
from sarex.exercise.play.events import position_of
from sarex.exercise.play.known import OrderSeen
from sarex.exercise.play.state import Applied, State
from sarex.tasking.model import Task

Opened = tuple[tuple[datetime, DangerArea], ...]
"""Danger areas, and when crews learnt of each."""


@dataclass(frozen=True)
class Sortie:
    """An order that a crew carries out."""

    order: OrderSeen
    starts_at: datetime
    """When the crew turns to it."""
    script: Script
    superseded_at: datetime | None = None
    """When the next order takes over; None: it is carried out to its end."""
    superseded_by: str = ""
    """The id of that order."""

    @property
    def ends_at(self) -> datetime:
        return self.script.ends_at if self.superseded_at is None else self.superseded_at

    @property
    def home_at(self) -> datetime | None:
        """When it is over without the unit being out any more; None if it ends outside."""
        ended = [event.at for event in self.script.events if isinstance(event, Home | Stayed)]
        return ended[-1] if ended and self.superseded_at is None else None

    def flown_until(self, until: datetime) -> TrackPoints:
        keep = self.script.flown.times_s <= to_posix_s(until)
        flown = self.script.flown
        return TrackPoints(flown.times_s[keep], flown.lonlat_deg[keep], flown.searching[keep])


@dataclass(frozen=True)
class Refused:
    """An order that its crew acknowledged and does not carry out."""

    order: OrderSeen
    at: datetime
    why: str
    superseded_by: str = ""
    """The id of the order that took its place, if that is why."""


@dataclass
class Sorties:
    """The sorties of an exercise, with the scripts that were drawn already (they follow from the state)."""

    weather: Weather
    law: CrewLaw
    ways: Callable[[Opened], Around] | None = None
    """Makes what crews go round, given the danger areas that they have learnt of; None: they go straight."""
    _scripts: dict[tuple[object, ...], Script] = field(default_factory=dict)
    _tasks: dict[str, Task] = field(default_factory=dict)

    def of(self, state: State, path: TruePath | None) -> tuple[tuple[Sortie, ...], tuple[Refused, ...]]:
        """Every sortie so far, by unit and in the order of the orders, and the orders that are refused."""
        sorties: list[Sortie] = []
        refused: list[Refused] = []
        for unit in state.exercise.case.units:
            own, not_done = self._of_unit(state, unit, path)
            sorties += own
            refused += not_done
        return tuple(sorties), tuple(refused)

    def _of_unit(
        self, state: State, unit: SearchUnit, path: TruePath | None
    ) -> tuple[list[Sortie], list[Refused]]:
        sorties: list[Sortie] = []
        refused: list[Refused] = []
        for order in state.known.orders_of(unit.name):
            if order.acknowledged_at is None:
                continue
            met = self._met(state, unit, order, sorties[-1] if sorties else None)
            while isinstance(met, Order) and sorties and met.given_at <= sorties[-1].starts_at:
                # the one before has not begun, and never will
                gone = sorties.pop().order
                refused.append(Refused(gone, met.given_at, f"superseded by {order.id}", order.id))
                if sorties:
                    sorties[-1] = replace(sorties[-1], superseded_at=None, superseded_by="")
                met = self._met(state, unit, order, sorties[-1] if sorties else None)
            if isinstance(met, Refused):
                refused.append(met)
            elif order.cancelled_at is None or order.cancelled_at > met.given_at:
                if sorties and _still_at_it(sorties[-1], met.given_at):
                    sorties[-1] = replace(sorties[-1], superseded_at=met.given_at, superseded_by=order.id)
                dead = _silences(unit.name, met.given_at, state.applied, sorties)
                sorties.append(Sortie(order, met.given_at, self._script(state, path, met, order, dead)))
        return sorties, refused

    def _met(
        self, state: State, unit: SearchUnit, order: OrderSeen, before: Sortie | None
    ) -> Order | Refused:
        """The order as it finds the crew, after the sortie before."""
        task = self._task(order, unit) if order.what == Duty.SEARCH else None
        starts = _acknowledged(order)
        out = before is not None and (before.home_at is None or before.home_at > starts)
        if before is not None and out:
            home = before.home_at
            follows = task is not None and order.plan is not None and order.plan == before.order.plan
            switch = starts if task is None else max(starts, task.departs)
            if home is not None and (follows or home <= switch):
                starts, out = max(starts, home), False
            elif follows:
                return Refused(order, starts, "the unit does not come back from its sortie before")
            else:
                starts = switch
            if out and task is not None and _holds_contact(before, starts):
                return Refused(order, starts, "the crew stays with what it has sighted")
        repaired = _repaired_at(unit.name, starts, state.applied)
        if repaired is None:
            return Refused(order, starts, "the unit is broken down")
        told = Order(order.id, max(starts, repaired), Duty(order.what), unit, task)
        if order.what == Duty.RECOVER:
            guided = order.task.get("sighting") in state.holders
            told = replace(told, position=position_of(order.task["position"]), guided=guided)
        return _from_sea(told, before) if before is not None and out else told

    def _script(
        self, state: State, path: TruePath | None, told: Order, order: OrderSeen, dead: Sequence[RadioDead]
    ) -> Script:
        happenings = (*dead, *_happenings(state.applied, told))
        if order.cancelled_at is not None:
            # what lies still cannot go home before it is repaired
            moves = _repaired_at(told.unit.name, order.cancelled_at, state.applied)
            happenings += () if moves is None else (Cancelled(moves, order.goes_home),)
        changes = None if path is None else (id(path),)
        opened = _opened(state.applied)
        ordered = told.id, told.given_at, told.starts_from, told.fuel_left_s, told.guided
        key = (*ordered, happenings, changes, opened)
        if key not in self._scripts:
            force = state.exercise.force(told.unit.name)
            around = None if self.ways is None else self.ways(opened)
            self._scripts[key] = sortie_script(
                told, force, path, self.weather, state.exercise.seed, happenings, self.law, around=around
            )
        return self._scripts[key]

    def _task(self, order: OrderSeen, unit: SearchUnit) -> Task:
        if order.id not in self._tasks:
            self._tasks[order.id] = task_of_document(order.task, unit, f"order {order.id}")
        return self._tasks[order.id]


def _opened(applied: Sequence[Applied]) -> Opened:
    """Danger areas that crews have learnt of since the start, and when."""
    found: list[tuple[datetime, DangerArea]] = []
    for each in applied:
        match each.effect:
            case DangerAreaOpens(area):
                found.append((each.at, area))
            case PlayersLearn(case):
                found += [(each.at, area) for area in case.danger_areas]
            case _:
                pass
    return tuple(found)


def _still_at_it(sortie: Sortie, at: datetime) -> bool:
    return sortie.home_at is None or sortie.home_at > at


def _acknowledged(order: OrderSeen) -> datetime:
    return order.at if order.acknowledged_at is None else order.acknowledged_at


def _from_sea(told: Order, before: Sortie) -> Order:
    """The order for a unit that is out, if it is: from where it really is, with the fuel it really has."""
    at_s = to_posix_s(told.given_at)
    if not before.script.under_way_at(at_s):
        return told
    fuel_s = before.script.fuel_until_s - at_s
    return replace(
        told,
        under_way=True,
        starts_from=before.script.position_at(at_s),
        fuel_left_s=fuel_s if np.isfinite(fuel_s) else None,
    )


def _holds_contact(sortie: Sortie, at: datetime) -> bool:
    """Whether a crew is with something it saw, true or not: it does not leave that for another search."""
    events = sortie.script.events
    known = {event.name: event.at for event in events if isinstance(event, Disproved)}
    seen = [event for event in events if _stays_with(event) and event.at <= at]
    still_out = sortie.home_at is None or sortie.home_at > at
    return still_out and any(each.name not in known or known[each.name] > at for each in seen)


def _stays_with(event: Event) -> TypeGuard[Detected | FalselySeen]:
    return isinstance(event, Detected) or (isinstance(event, FalselySeen) and event.stays)


def _happenings(applied: Sequence[Applied], told: Order) -> Iterator[Happening]:
    """What happens to the unit from the order on; breakdowns that last were waited for (`_repaired_at`)."""
    for each in applied:
        if each.at < told.given_at:
            continue
        match each.effect:
            case UnitBreaksDown(unit, lasts) if unit == told.unit.name:
                yield BreaksDown(each.at, lasts)
            case RadioDies(unit, lasts) if unit == told.unit.name:
                yield RadioDead(each.at, lasts)
            case FalseSighting() as seen if seen.unit == told.unit.name:
                yield Misled(
                    each.at,
                    each.inject,
                    seen.position,
                    seen.probable_error_m,
                    seen.credibility,
                    seen.withdrawn_after,
                )


def _silences(
    unit: str, begins: datetime, applied: Sequence[Applied], before: Sequence[Sortie]
) -> list[RadioDead]:
    """Silences that began earlier and are not over when an order begins; at home a radio is mended."""
    found: list[RadioDead] = []
    for each in applied:
        if not isinstance(each.effect, RadioDies) or each.effect.unit != unit or each.at >= begins:
            continue
        lasts = each.effect.lasts
        home = any(each.at <= sortie.home_at <= begins for sortie in before if sortie.home_at is not None)
        if not home and (lasts is None or each.at + lasts > begins):
            found.append(RadioDead(each.at, lasts))
    return found


def _repaired_at(unit: str, at: datetime, applied: Sequence[Applied]) -> datetime | None:
    """From when on a unit can begin something: later than `at` if broken down then; None for never."""
    for each in applied:
        if isinstance(each.effect, UnitBreaksDown) and each.effect.unit == unit and each.at <= at:
            if each.effect.lasts is None:
                return None
            at = max(at, each.at + each.effect.lasts)
    return at


def radio_works_at(
    unit: str, at: datetime, applied: Sequence[Applied], sorties: Sequence[Sortie] = ()
) -> datetime | None:
    """When a unit can be heard: `at`, or later, when its radio works or it is home; None for never."""
    homes = [each.home_at for each in sorties if each.order.unit == unit and each.home_at is not None]
    for each in applied:
        if isinstance(each.effect, RadioDies) and each.effect.unit == unit and each.at <= at:
            mended = [] if each.effect.lasts is None else [each.at + each.effect.lasts]
            mended += [home for home in homes if home >= each.at]
            if not mended:
                return None
            at = max(at, min(mended))
    return at
