"""The state of an exercise: a pure fold over its log. Nothing else is kept, so a killed process goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sarex.errors import InputError
from sarex.exercise.file.door import exercise_from_mapping
from sarex.exercise.model import Effect, Exercise
from sarex.exercise.play.events import Event
from sarex.exercise.play.known import Known, told
from sarex.journal import Entry


@dataclass(frozen=True)
class Applied:
    """An effect of an inject on what is true."""

    at: datetime
    inject: str
    effect: Effect


@dataclass(frozen=True)
class State:
    """Everything that has happened: what everybody knows, and what only the director does."""

    exercise: Exercise
    seq: int
    """Of the last entry."""
    now: datetime
    """Exercise time: nothing happens before it any more."""
    known: Known
    auto_since: datetime | None
    """Since when the planner plays; None where people do."""
    keys: frozenset[str]
    """Of every entry."""
    applied: tuple[Applied, ...] = ()
    skipped: frozenset[str] = frozenset()
    """Injects that will not come."""
    holders: Mapping[str, str] = field(default_factory=dict)
    """True sightings: the order of the unit that saw the object, by the name of the sighting."""

    @property
    def pending_injects(self) -> tuple[str, ...]:
        """Ids of injects that neither came nor were skipped."""
        gone = self.skipped | set(self.known.injects)
        return tuple(inject.id for inject in self.exercise.injects if inject.id not in gone)


def fold(state: State | None, entries: Sequence[Entry]) -> State:
    """The state after more entries; of None when they are the first.

    Raises:
        InputError: the log does not begin with the start of an exercise.
    """
    for entry in entries:
        state = _begun(entry) if state is None else _after(state, entry)
    if state is None:
        raise InputError(
            "the log is empty: no exercise was started in it. Start one with sarex exercise start."
        )
    return state


def _begun(entry: Entry) -> State:
    if entry.kind != Event.STARTED:
        raise InputError(
            f'the log begins with "{entry.kind}", not with the start of an exercise. Give the log that '
            "sarex exercise start made."
        )
    base_dir = Path(entry.body["base_dir"])
    exercise = exercise_from_mapping(
        entry.body["exercise"], base_dir=base_dir, name="the exercise in the log"
    )
    return State(
        exercise=exercise,
        seq=entry.seq,
        now=entry.at,
        known=Known(entry.at, exercise.case, base_dir),
        auto_since=entry.at if entry.body["auto"] else None,
        keys=frozenset({entry.key}),
    )


def _after(state: State, entry: Entry) -> State:
    state = replace(
        state,
        seq=entry.seq,
        now=max(state.now, entry.at),
        known=told(state.known, entry),
        keys=state.keys | {entry.key},
    )
    body = entry.body
    match entry.kind:
        case Event.EFFECT_APPLIED:
            inject = next(inject for inject in state.exercise.injects if inject.id == body["inject"])
            if inject.effect is None:
                return state
            return replace(state, applied=(*state.applied, Applied(entry.at, inject.id, inject.effect)))
        case Event.INJECT_SKIPPED:
            return replace(state, skipped=state.skipped | {body["inject"]})
        case Event.AUTOMATIC:
            return replace(state, auto_since=entry.at if body["on"] else None)
        case Event.CREW_DETECTED:
            return replace(state, holders={**state.holders, body["name"]: body["order"]})
    return state
