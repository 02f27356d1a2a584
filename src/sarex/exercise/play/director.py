"""What happens next: injects and their effects, crews, missed answers, the end.

The director knows the truth and is the only one beside the debrief and the examination who may. It keeps
nothing but what follows from the state: gathered forcing, the object's path, scripts of crews.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sarex.case import case_to_mapping
from sarex.case.model import Position
from sarex.drift.surroundings import gather_environment
from sarex.environment.model import Environment
from sarex.exercise.crews.crew import USUAL, CrewLaw
from sarex.exercise.crews.flight import weather_of
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.model import (
    DangerAreaOpens,
    Exercise,
    FalseSighting,
    Inject,
    ObjectCapsizes,
    ObjectMoves,
    PlayersLearn,
    UnitBreaksDown,
)
from sarex.exercise.path import Change, TruePath
from sarex.exercise.play import events
from sarex.exercise.play.crew_events import crew_pending, flew
from sarex.exercise.play.events import DIRECTOR, Event, lonlat, recorded
from sarex.exercise.play.known import Known
from sarex.exercise.play.reckoning import distance_m
from sarex.exercise.play.schedule import Delays, Make, Pending, first_of
from sarex.exercise.play.sorties import Opened, Refused, Sortie, Sorties, radio_works_at
from sarex.exercise.play.state import Applied, State
from sarex.exercise.play.surroundings import surrounding_case
from sarex.exercise.truth import true_path
from sarex.journal import Draft
from sarex.units import m_to_nm

WIND_DOWN = timedelta(minutes=15)
"""From triage to the end of an exercise that runs by itself."""
ANSWER, LATEST_ANSWER = timedelta(minutes=1.5), timedelta(minutes=10)
"""Of a crew to an order: median and most."""
TRIAGE = timedelta(minutes=15), timedelta(minutes=35)
"""From recovery to the end of triage."""


class Players(Protocol):
    """Somebody who plays by itself, knowing what everybody knows."""

    def pending(self, known: Known, since: datetime) -> Iterator[Pending]:
        """What it is about to do; it plays since an instant."""


class Director:
    """Says what happens next in an exercise.

    Args:
        players: who plays where the log says that the exercise runs by itself.
    """

    def __init__(self, players: Players | None = None, law: CrewLaw = USUAL) -> None:
        self._players, self._law = players, law
        self._environment: Environment | None = None
        self._sorties: Sorties | None = None
        self._paths: dict[tuple[Change, ...], TruePath] = {}
        self._charted: dict[Opened, Around] = {}

    def next_batch(self, state: State, until: datetime) -> tuple[Draft, ...]:
        """The next events, all at one instant up to `until`; none where nothing is due or all is held."""
        if state.known.stopped is not None or state.known.held is not None:
            return ()
        pending = list(self._pending(state))
        while pending:
            found = first_of(pending, state.now)
            if found is None or found.at > until:
                return ()
            drafts = [draft for draft in found.item.make(found.at) if draft.key not in state.keys]
            if drafts:
                return tuple(drafts)
            pending.remove(found.item)
        return ()

    def release(self, state: State, inject: Inject) -> tuple[Draft, ...]:
        """An inject and what it does, now."""
        return (events.inject_delivered(inject, state.now), *self._effect(state, inject, state.now))

    def closing(self, state: State, at: datetime, by: str, why: str) -> tuple[Draft, ...]:
        """The end of the exercise, with all that is still open."""
        skipped = [events.inject_skipped(name, at, "the exercise ended") for name in state.pending_injects]
        missed = [
            events.inject_missed(inject.id, at, inject.waiting_for)
            for inject in state.known.injects.values()
            if inject.waiting_for and not inject.missed
        ]
        tracks = [
            flew(sortie, at)
            for sortie in self._all_sorties(state)[0]
            if f"{Event.CREW_FLEW.value}:{sortie.order.id}" not in state.keys
        ]
        return (*skipped, *missed, *tracks, events.stopped(at, by, why))

    def _pending(self, state: State) -> Iterator[Pending]:
        yield from self._injects(state)
        yield from self._unanswered(state)
        sorties, refused = self._all_sorties(state)
        for sortie in sorties:
            yield from crew_pending(sortie, state.keys)
        yield from self._taken_over(sorties)
        yield from _refusals(state, sorties, refused)
        yield from self._crews_answer(state, sorties)
        yield from self._repairs(state, sorties)
        yield from self._after_recovery(state)
        if self._players is not None and state.auto_since is not None:
            yield from self._players.pending(state.known, state.auto_since)
        yield from self._end(state)

    def _injects(self, state: State) -> Iterator[Pending]:
        waiting = set(state.pending_injects)
        for inject in state.exercise.injects:
            if inject.id in waiting:
                yield Pending(inject.at, self._delivering(state, inject))

    def _delivering(self, state: State, inject: Inject) -> Make:
        return lambda at: [events.inject_delivered(inject, at), *self._effect(state, inject, at)]

    def _unanswered(self, state: State) -> Iterator[Pending]:
        for inject in state.known.injects.values():
            if inject.waiting_for and not inject.missed and inject.within_s is not None:
                due = inject.at + timedelta(seconds=inject.within_s)
                yield Pending(due, _missing(inject.id, inject.waiting_for))

    def _crews_answer(self, state: State, sorties: Sequence[Sortie]) -> Iterator[Pending]:
        delays = Delays(state.exercise.seed)
        for order in state.known.orders.values():
            if order.acknowledged_at is None and order.cancelled_at is None:
                due = order.at + delays.about(ANSWER, LATEST_ANSWER, "order answered", order.id)
                heard = radio_works_at(order.unit, due, state.applied, sorties)
                if heard is not None:
                    yield Pending(heard, _answering(order.id, order.unit))

    def _taken_over(self, sorties: Sequence[Sortie]) -> Iterator[Pending]:
        for sortie in sorties:
            if sortie.superseded_at is not None and sortie.order.cancelled_at is None:
                yield Pending(sortie.superseded_at, _superseding(sortie))

    def _repairs(self, state: State, sorties: Sequence[Sortie]) -> Iterator[Pending]:
        for each in state.applied:
            effect = each.effect
            untold = f"{Event.REPORT_REPAIRED.value}:{each.inject}" not in state.keys
            if isinstance(effect, UnitBreaksDown) and effect.lasts is not None and untold:
                heard = radio_works_at(effect.unit, each.at + effect.lasts, state.applied, sorties)
                yield from [] if heard is None else [Pending(heard, _repairing(each.inject, effect.unit))]
            if isinstance(effect, FalseSighting) and effect.withdrawn_after is not None:
                name = _name_from_port(effect.unit, each.at)
                seen = state.known.sightings.get(name)
                if seen is not None and seen.order is None and seen.withdrawn_at is None:
                    yield Pending(each.at + effect.withdrawn_after, _withdrawing(name, effect.unit))

    def _after_recovery(self, state: State) -> Iterator[Pending]:
        recovered = state.known.recovered
        if recovered is not None and state.known.triaged is None:
            delay = Delays(state.exercise.seed).between(*TRIAGE, "triage")
            yield Pending(recovered.at + delay, lambda at: [_triaged(recovered.body, at)])

    def _end(self, state: State) -> Iterator[Pending]:
        known, why = state.known, "the time of the exercise is over"
        yield Pending(state.exercise.end, lambda at: self.closing(state, at, DIRECTOR, why))
        open_answers = any(inject.waiting_for and not inject.missed for inject in known.injects.values())
        settled = not open_answers and not state.pending_injects
        if state.auto_since is not None and known.triaged is not None and settled:
            over = "the survivors are in medical care"
            yield Pending(known.triaged.at + WIND_DOWN, lambda at: self.closing(state, at, DIRECTOR, over))

    def _effect(self, state: State, inject: Inject, at: datetime) -> Iterator[Draft]:
        effect = inject.effect
        if effect is None:
            return
        body = {"inject": inject.id, "effect": type(effect).__name__}
        doubt = self._doubt(state, effect, at) if isinstance(effect, FalseSighting) else ""
        body |= {"why": doubt} if doubt else {}
        yield recorded(Event.EFFECT_APPLIED, at, inject.id, DIRECTOR, body)
        case = state.known.case
        match effect:
            case DangerAreaOpens(area):
                case = replace(case, danger_areas=(*case.danger_areas, area))
                yield events.case_learnt(inject.id, at, case_to_mapping(case), inject.id)
            case PlayersLearn(learnt):
                more = tuple(area for area in case.danger_areas if area not in learnt.danger_areas)
                case = replace(learnt, danger_areas=(*learnt.danger_areas, *more))
                yield events.case_learnt(inject.id, at, case_to_mapping(case), inject.id)
            case UnitBreaksDown(unit) if not self._is_out(state, unit, at):
                told = {"order": None, "unit": unit}
                yield recorded(Event.REPORT_BROKE_DOWN, at, inject.id, unit, told)
            case FalseSighting(position=Position() as place) if not self._is_out(state, effect.unit, at):
                yield _seen_from_port(effect, place, at)
            case _:
                pass

    def _doubt(self, state: State, effect: FalseSighting, at: datetime) -> str:
        """What is not to be believed of a false sighting, for exercise control; "" where all is well."""
        sortie = self._out(state, effect.unit, at)
        if sortie is None:
            return f"{effect.unit} is in port" + (" and sees nothing" if effect.position is None else "")
        if effect.position is None:
            return ""
        visibility_m = state.known.case.conditions.visibility_m
        away_m = distance_m(sortie.script.position_at(at), effect.position)
        if away_m <= visibility_m + 2.0 * effect.probable_error_m:
            return ""
        return (
            f"{effect.unit} is {m_to_nm(away_m):.0f} nm from what it is to see, in a visibility of "
            f"{m_to_nm(visibility_m):.0f} nm: tracks will show that it cannot have. Without effect.position "
            "it sees something near where it then is"
        )

    def _is_out(self, state: State, unit: str, at: datetime) -> bool:
        return self._out(state, unit, at) is not None

    def _out(self, state: State, unit: str, at: datetime) -> Sortie | None:
        """What a unit is out for, if it is."""
        for sortie in self._all_sorties(state)[0]:
            begun = sortie.order.unit == unit and sortie.starts_at <= at
            goes_on = sortie.superseded_at is None or sortie.superseded_at > at
            if begun and goes_on and sortie.script.under_way_at(at.timestamp()):
                return sortie
        return None

    def _all_sorties(self, state: State) -> tuple[tuple[Sortie, ...], tuple[Refused, ...]]:
        exercise = state.exercise
        if not state.known.orders:
            return (), ()
        if self._sorties is None:
            weather = weather_of(exercise.case, self._around(exercise))
            self._sorties = Sorties(weather, self._law, lambda opened: self._ways(exercise, opened))
        return self._sorties.of(state, self._path(exercise, state.applied))

    def _path(self, exercise: Exercise, applied: Sequence[Applied]) -> TruePath:
        changes = tuple(
            Change(each.at, each.effect)
            for each in applied
            if isinstance(each.effect, ObjectMoves | ObjectCapsizes)
        )
        if changes not in self._paths:
            self._paths[changes] = true_path(
                exercise.case,
                exercise.truth,
                self._around(exercise),
                exercise.seed,
                exercise.end,
                changes,
            )
        return self._paths[changes]

    def _ways(self, exercise: Exercise, opened: Opened) -> Around:
        if opened not in self._charted:
            self._charted[opened] = Around(exercise.case, self._around(exercise), opened)
        return self._charted[opened]

    def _around(self, exercise: Exercise) -> Environment:
        if self._environment is None:
            self._environment = gather_environment(surrounding_case(exercise))
        return self._environment


def _refusals(state: State, sorties: Sequence[Sortie], refused: Sequence[Refused]) -> Iterator[Pending]:
    """Crews say that they do not carry out an order, as soon as they can be heard."""
    for each in refused:
        if each.order.over:
            continue
        at: datetime | None = each.at
        if not each.superseded_by:
            at = radio_works_at(each.order.unit, each.at, state.applied, sorties)
        yield from [] if at is None else [Pending(at, _refusing(each))]


def _refusing(refused: Refused) -> Make:
    order, after = refused.order, refused.superseded_by
    by = DIRECTOR if after else order.unit
    return lambda at: [
        events.order_cancelled(
            order.id, at, by, refused.why, goes_home=False, superseded_by=after, refused=not after
        )
    ]


def _missing(inject_id: str, roles: Sequence[str]) -> Make:
    return lambda at: [events.inject_missed(inject_id, at, roles)]


def _answering(order_id: str, unit: str) -> Make:
    return lambda at: [events.order_acknowledged(order_id, at, unit)]


def _superseding(sortie: Sortie) -> Make:
    """It follows from the orders: nobody tells it, or a unit with a dead radio would."""
    after = sortie.superseded_by
    why = f"superseded by {after}"
    return lambda at: [
        events.order_cancelled(sortie.order.id, at, DIRECTOR, why, goes_home=False, superseded_by=after)
    ]


def _repairing(inject_id: str, unit: str) -> Make:
    return lambda at: [recorded(Event.REPORT_REPAIRED, at, inject_id, unit, {"order": None, "unit": unit})]


def _withdrawing(name: str, unit: str) -> Make:
    body = {"order": None, "unit": unit, "name": name}
    return lambda at: [recorded(Event.REPORT_FALSE_ALARM, at, name, unit, body)]


def _name_from_port(unit: str, at: datetime) -> str:
    """For players, who must not read from a name that exercise control made up the sighting."""
    return f"{unit}, sighting {at:%H%M}"


def _seen_from_port(effect: FalseSighting, place: Position, at: datetime) -> Draft:
    name = _name_from_port(effect.unit, at)
    body = {
        "order": None,
        "unit": effect.unit,
        "name": name,
        "position": lonlat(place),
        "error_nm": round(m_to_nm(effect.probable_error_m), 3),
        "credibility": effect.credibility,
        "seen_at": at.isoformat(),
    }
    return recorded(Event.REPORT_SIGHTING, at, name, effect.unit, body)


def _triaged(recovered: Mapping[str, Any], at: datetime) -> Draft:
    body = {key: recovered[key] for key in ("order", "unit", "nation", "persons")}
    return recorded(Event.SURVIVORS_TRIAGED, at, "", recovered["unit"], body)
