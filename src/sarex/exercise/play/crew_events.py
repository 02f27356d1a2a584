"""What simulated crews do and tell, as events of the log.

A crew's events have names of their own, counted by kind within an order: what happens later never renames
what is past.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sarex.exercise.crews.crew import (
    BrokeDown,
    Detected,
    Disproved,
    FalselySeen,
    Home,
    Moment,
    NotFound,
    OffScene,
    OnScene,
    Recovered,
    SightingReported,
    SightingWithdrawn,
    Stayed,
    Told,
    TrackPoints,
    TrackReported,
    TurnedBack,
    UnderWay,
)
from sarex.exercise.crews.crew import Event as CrewEvent
from sarex.exercise.play.events import DIRECTOR, Event, lonlat, recorded
from sarex.exercise.play.schedule import Make, Pending, whole_second
from sarex.exercise.play.sorties import Sortie
from sarex.journal import Audience, Draft
from sarex.units import m_to_nm

_WORDS: Mapping[type[Moment], str] = {
    UnderWay: "under_way",
    OnScene: "on_scene",
    OffScene: "off_scene",
    Home: "home",
    BrokeDown: "broke_down",
    TurnedBack: "turned_back",
    Stayed: "stayed",
    Detected: "detected",
    FalselySeen: "falsely_saw",
    Recovered: "recovered",
    NotFound: "not_found",
}


def crew_pending(sortie: Sortie, keys: frozenset[str]) -> Iterator[Pending]:
    """The next thing of a sortie that the log does not have yet, and its track as flown at its end."""
    counted: Counter[str] = Counter()
    for event in sortie.script.events:
        kind = _kind_of(sortie, event) if _still_comes(sortie, event) else None
        if kind is None:
            continue
        counted[kind] += 1
        subject = f"{sortie.order.id}:{counted[kind]}"
        if f"{kind.value}:{subject}" not in keys:
            yield Pending(event.at, _recording(sortie, event, kind, subject))
            break
    if f"{Event.CREW_FLEW.value}:{sortie.order.id}" not in keys:
        yield Pending(sortie.ends_at, lambda at: [flew(sortie, at)])


def _recording(sortie: Sortie, event: CrewEvent, kind: Event, subject: str) -> Make:
    by = DIRECTOR if kind.audience is Audience.DIRECTOR else sortie.order.unit
    return lambda at: [recorded(kind, at, subject, by, _of(sortie) | _body(sortie, event))]


def _kind_of(sortie: Sortie, event: CrewEvent) -> Event | None:  # noqa: PLR0911 - one for each kind
    """None where the log says nothing of it."""
    match event:
        case Told(of=Recovered()):
            return Event.SURVIVORS_RECOVERED
        case Disproved() | Told(of=Detected() | FalselySeen() | Disproved()):
            return None
        case Told(of=moment):
            return Event(f"report.{_WORDS[type(moment)]}")
        case SightingReported():
            return Event.REPORT_SIGHTING
        case SightingWithdrawn():
            return Event.REPORT_FALSE_ALARM
        case TrackReported():
            return Event.REPORT_FLOWN if _reported(sortie, event).times_s.size else None
        case _:
            return Event(f"crew.{_WORDS[type(event)]}")


def _reported(sortie: Sortie, event: TrackReported) -> TrackPoints:
    until = min(event.until, sortie.superseded_at or event.until)
    return sortie.script.recorded.between(event.since, until)


def _still_comes(sortie: Sortie, event: CrewEvent) -> bool:
    """Whether it happens although another order took over: what was seen and done before is still told."""
    over = sortie.superseded_at
    if over is None:
        return True
    match event:
        case Told(of=moment):
            return moment.at < over
        case SightingReported(seen_at=seen_at):
            return seen_at < over
        case SightingWithdrawn(name=name, known_at=known_at):
            # who was called away before it found out never does; who could not go there thinks it over
            return any(
                seen.name == name and (known_at < over or (seen.at < over and not _goes_to(seen)))
                for seen in _seen(sortie)
            )
        case TrackReported(since=since):
            return since < over
        case _:
            return event.at < over


def _seen(sortie: Sortie) -> list[Detected | FalselySeen]:
    return [event for event in sortie.script.events if isinstance(event, Detected | FalselySeen)]


def _goes_to(seen: Detected | FalselySeen) -> bool:
    return isinstance(seen, Detected) or seen.stays


def _sighting_names(sortie: Sortie) -> dict[str, str]:
    """Names for players, who must not read from one whether it is the object: numbered as seen."""
    order = sortie.order.id
    return {seen.name: f"{order}, sighting {number}" for number, seen in enumerate(_seen(sortie), start=1)}


def flew(sortie: Sortie, at: datetime) -> Draft:
    """The track as really flown until an instant."""
    body = _of(sortie) | {"points": sortie.flown_until(at).rows()}
    return recorded(Event.CREW_FLEW, at, sortie.order.id, sortie.order.unit, body)


def _of(sortie: Sortie) -> dict[str, Any]:
    return {"order": sortie.order.id, "unit": sortie.order.unit}


def _body(sortie: Sortie, event: CrewEvent) -> dict[str, Any]:
    """What is recorded besides order and unit."""
    names = _sighting_names(sortie)
    match event:
        case Told(of=moment):
            return _told(sortie, moment)
        case SightingReported():
            return {
                "name": names[event.name],
                "position": lonlat(event.position),
                "error_nm": round(m_to_nm(event.probable_error_m), 3),
                "credibility": round(event.credibility, 3),
                "seen_at": _instant(event.seen_at),
            }
        case SightingWithdrawn():
            return {"name": names[event.name]}
        case TrackReported():
            return {"points": _reported(sortie, event).rows()}
        case _:
            return _details(event, names)


def _told(sortie: Sortie, moment: Moment) -> dict[str, Any]:
    body: dict[str, Any] = {"position": lonlat(moment.position), "happened_at": _instant(moment.at)}
    if isinstance(moment, Recovered):
        body |= {"nation": sortie.order.nation, "persons": moment.persons}
    if isinstance(moment, TurnedBack | Stayed):
        body["why"] = moment.why
    return body


def _details(moment: Moment, names: Mapping[str, str]) -> dict[str, Any]:
    details: dict[str, Any] = {"position": lonlat(moment.position)}
    match moment:
        case Detected():
            details |= {
                "position": lonlat(moment.object_position),
                "unit_position": lonlat(moment.position),
                "name": names[moment.name],
                "type": moment.type_key,
                "range_nm": round(m_to_nm(moment.range_m), 3),
                "truth": True,
            }
        case FalselySeen():
            details["name"] = names[moment.name]
        case TurnedBack() | Stayed():
            details["why"] = moment.why
        case Recovered():
            details["persons"] = moment.persons
        case _:
            pass
    return details


def _instant(at: datetime) -> str:
    return whole_second(at).isoformat()
