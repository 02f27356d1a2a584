"""How a sortie goes: as the crew means it, and what comes between in order of time.

It sees the object or what it takes for it, the weather or the fuel turns it back, it breaks down, it is
called off. Each of these ends what went before and gives the rest of the way.
"""

from dataclasses import dataclass, field
from math import hypot, inf
from typing import Any

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.crews.crew import (
    BreaksDown,
    BrokeDown,
    Cancelled,
    Detected,
    Disproved,
    Duty,
    FalselySeen,
    Happening,
    Home,
    Moment,
    NotFound,
    OffScene,
    OnScene,
    RadioDead,
    Recovered,
    Stayed,
    TrackPoints,
    TurnedBack,
    UnderWay,
    WeatherTurns,
)
from sarex.exercise.crews.flight_course import Course, Doing, Point, Stretch
from sarex.exercise.crews.flight_duties import Intent, Scene, Where, follow, meet
from sarex.exercise.crews.mistakes import Mistake, Mistaken, afloat, mistakes_of
from sarex.exercise.crews.reports import Silence
from sarex.exercise.crews.seeing import sight
from sarex.exercise.crews.weather import first_too_much

POINT_S = 30.0
"""Points of the flown track lie so far apart at most."""
Call = BreaksDown | Cancelled
Cause = Call | str | None
_DAY_S = 86_400.0
_FINE_S = 10.0
"""Steps of seeing; the motion in one is straight."""
_LONGEST_LOOK_S = 3.0 * _DAY_S
_FUEL_GRACE_S = 60.0
"""A plan may use its endurance to the end: rounding turns nobody back."""


@dataclass(frozen=True)
class Looking:
    """A crew is with what it takes for the object."""

    name: str
    knows_s: float
    """When it will find out."""
    rest: list[Stretch]
    """What it broke off, and goes on with then."""


@dataclass
class Flight:
    """A sortie as it is flown: what is meant, and what comes between."""

    scene: Scene
    intent: Intent
    happenings: tuple[Happening, ...]
    moments: list[Moment] = field(default_factory=list)
    looking: Looking | None = None
    """At something that is not the object."""

    @property
    def course(self) -> Course:
        return self.intent.course

    @property
    def fuel_until_s(self) -> float:
        return self.intent.departs_s + self.scene.endurance_s

    @property
    def silences(self) -> tuple[Silence, ...]:
        """When nobody hears it."""
        return tuple(
            Silence(
                start_s := to_posix_s(h.at), inf if h.lasts is None else start_s + h.lasts.total_seconds()
            )
            for h in self.happenings
            if isinstance(h, RadioDead)
        )

    def fly(self) -> None:
        """What is meant, until something comes between; then home, unless it stays out."""
        if self._never_leaves():
            return
        if not self.scene.order.under_way:
            self._note(UnderWay, self.intent.departs_s)
        calls = self._calls()
        self._do_duty(calls)
        self._tell_only()

    def _do_duty(self, calls: list[tuple[float, Call]]) -> None:
        """The duty with what comes between, and home."""
        seen_s, off_s, ends_s, reason = self._play_out(calls)
        holds = seen_s is not None or self.looking is not None
        self._note_recovery(ends_s)
        self._note_scene(ends_s if holds else min(ends_s, off_s))
        if reason is None or isinstance(reason, str):
            self._go_home(self.intent.way_home if reason is None and not holds else ())
        elif not self._obeys(ends_s, reason):
            return
        self._come_home([call for call in calls if call[0] > ends_s])

    def _never_leaves(self) -> bool:
        """Called off, broken down or kept in port by the weather before it was to leave."""
        departs_s, unit = self.intent.departs_s, self.scene.unit
        if self.scene.order.under_way:
            return False
        for at_s, happening in self._calls():
            if at_s < departs_s:
                self.course.cut(at_s)
                self._note(Stayed, at_s, why=_why(happening))
                return True
        if first_too_much(unit, self.scene.weather, self._turns, departs_s, departs_s + 1.0) is not None:
            self.course.cut(departs_s)
            self._note(Stayed, departs_s, why="weather")
            return True
        return False

    @property
    def _turns(self) -> list[WeatherTurns]:
        return [h for h in self.happenings if isinstance(h, WeatherTurns)]

    def _calls(self) -> list[tuple[float, Call]]:
        """Happenings that end the sortie, with when; who cannot hear learns of it when its radio works."""
        found: list[tuple[float, Call]] = []
        for happening in self.happenings:
            at_s = to_posix_s(happening.at)
            if isinstance(happening, Cancelled):
                for silence in self.silences:
                    at_s = silence.until_s if silence.covers(at_s) else at_s
            if isinstance(happening, BreaksDown | Cancelled) and at_s < inf:
                found.append((max(at_s, self.scene.given_s), happening))
        return sorted(found, key=lambda call: call[0])

    def _first_sight_s(self) -> float | None:
        """When the crew sees the object on its search legs, if nothing comes between."""
        scene, course = self.scene, self.course
        if scene.path is None or not course.spans(Doing.SEARCH):
            return None
        times_s = course.instants(_FINE_S)
        unit_m, searching = course.sampled(times_s)
        seen = searching[:-1] & scene.path.afloat_at(times_s)[:-1]
        widths = np.zeros(times_s.size - 1)
        for kind in scene.path.types:
            widths[times_s[:-1] >= kind.since_s] = scene.width_m(kind.type_key)
        exposure = sight(
            times_s,
            unit_m,
            scene.objects_m(times_s),
            course.speeds_mps(times_s[:-1]),
            np.where(seen, widths, 0.0),
        )
        return exposure.passes(scene.draws.level)

    def _play_out(self, calls: list[tuple[float, Call]]) -> tuple[float | None, float, float, Cause]:
        """What comes between, in order of time.

        Returns:
            When the object was seen, when the search was to end, when the duty ended, and by what.
        """
        first_s, seen_s, off_s, past_s = self._first_sight_s(), None, self._off_s, -inf
        while True:
            due: list[tuple[float, Call | str | Mistake]] = list(calls[:1])
            for why, at_s in (("weather", self._weather_s()), ("fuel", self._fuel_s())):
                due += [(at_s, why)] if at_s is not None else []
            if self.looking is not None:
                due += [(self.looking.knows_s, "nothing")]
            elif seen_s is None:
                due += [(max(first_s, past_s), "seen")] if first_s is not None else []
                due += [(mistake.at_s, mistake) for mistake in self._mistake_after(past_s)]
            due = [event for event in due if event[0] < self.course.end_s]
            if not due:
                return seen_s, off_s, self.course.end_s, None
            past_s, what = min(due, key=lambda event: event[0])
            if isinstance(what, Mistake):
                self._fall_for(what)
            elif what == "nothing":
                self._think_better(past_s)
                first_s, off_s = self._first_sight_s(), self._off_s
            elif what == "seen":
                seen_s = past_s
                self._see(past_s)
            else:
                self.course.cut(past_s)
                if isinstance(what, str):
                    self._note(TurnedBack, past_s, why=what)
                return seen_s, off_s, past_s, what

    @property
    def _off_s(self) -> float:
        """When the search ends if nothing comes between."""
        return max((end_s for _, end_s in self.course.spans(Doing.SEARCH)), default=inf)

    def _see(self, at_s: float) -> None:
        """The crew has seen the object: it goes there and stays."""
        self.course.cut(at_s)
        self._note_sight(at_s)
        self._go_and_stay(self.scene.objects_m, self._contact_until_s)

    def _go_and_stay(self, where: Where, until_s: float) -> float:
        """When it got there."""
        speed_mps = self.scene.unit.search_speed_mps
        meet(self.course, where, speed_mps, Doing.STAY)
        there_s = self.course.end_s
        follow(self.course, where, until_s, speed_mps, Doing.STAY)
        return there_s

    def _mistake_after(self, past_s: float) -> list[Mistake]:
        """The next for which the crew breaks off, if any: its own only while it searches."""
        if self.scene.order.duty is not Duty.SEARCH:
            return []
        for mistake in mistakes_of(self.scene, self.happenings, self.course.end_s):
            if mistake.at_s <= max(past_s, self.intent.departs_s - 1e-3):
                continue
            _, searching = self.course.sampled(np.array([mistake.at_s]))
            if mistake.misled is not None or searching[0]:
                return [mistake]
        return []

    def _fall_for(self, mistake: Mistake) -> None:
        """Just as for the object: the crew goes there and stays, until it finds out."""
        at_s, rest = mistake.at_s, self.course.rest(mistake.at_s)
        self.course.cut(at_s)
        seen = self._note_mistake(mistake, stays=True)
        where = afloat(self.scene, seen.thing, at_s)
        until_s = min(self.fuel_until_s, at_s + _LONGEST_LOOK_S)
        if self.scene.path is not None:
            until_s = min(until_s, self._contact_until_s)
        there_s = self._go_and_stay(where, until_s)
        self.looking = Looking(mistake.name, max(there_s, at_s + seen.looked_at_s), rest)

    def _note_mistake(self, mistake: Mistake, *, stays: bool) -> Mistaken:
        here = self.scene.position(self.course.at(mistake.at_s))
        seen = mistake.seen_by(self.scene, here)
        self._note(
            FalselySeen,
            mistake.at_s,
            name=mistake.name,
            reported=seen.reported,
            probable_error_m=seen.probable_error_m,
            credibility=seen.credibility,
            stays=stays,
        )
        return seen

    def _think_better(self, at_s: float) -> None:
        """It is nothing: back to where the search was broken off, and on with it."""
        looking, self.looking = self.looking, None
        if looking is None:
            return
        self.course.cut(at_s)
        self._note(Disproved, at_s, name=looking.name)
        for corner in self.scene.way(self.course.end, looking.rest[0].start, at_s):
            self.course.go(corner, self.scene.unit.transit_speed_mps, Doing.TRANSIT)
        self.course.go_on_with(looking.rest)

    def _tell_only(self) -> None:
        """Exercise control misleads crews that cannot break off: with a sighting, lifting, going home."""
        noted = {moment.name for moment in self.moments if isinstance(moment, FalselySeen)}
        for mistake in mistakes_of(self.scene, self.happenings, self.course.end_s):
            out = self.intent.departs_s <= mistake.at_s <= self.course.end_s
            if mistake.misled is not None and mistake.name not in noted and out:
                seen = self._note_mistake(mistake, stays=False)
                if seen.looked_at_s < inf:
                    self._note(Disproved, mistake.at_s + seen.looked_at_s, name=mistake.name)

    @property
    def _contact_until_s(self) -> float:
        """A unit stays with the object as long as its fuel, and what is known of the object, allow."""
        return min(self.fuel_until_s, float(self.scene.adrift.times_s[-1]))

    def _obeys(self, at_s: float, call: Call) -> bool:
        """What a call makes of the rest of the way; whether it leads home."""
        if isinstance(call, Cancelled):
            if call.goes_home:
                self._go_home(())
            return call.goes_home
        self._note(BrokeDown, at_s)
        if not self.scene.unit.kind.flies:
            if call.lasts is None:
                self.course.wait(at_s + _DAY_S, Doing.STILL)
                return False
            self.course.wait(at_s + call.lasts.total_seconds(), Doing.STILL)
        self._go_home(())
        return True

    def _come_home(self, calls: list[tuple[float, Call]]) -> None:
        """What still happens on the way home."""
        for at_s, call in calls:
            if at_s < self.course.end_s:
                self.course.cut(at_s)
                if not self._obeys(at_s, call):
                    return
        self._note(Home, self.course.end_s)

    def _go_home(self, way: tuple[Point, ...]) -> None:
        to = self.scene.home
        corners = (*way, to) if way else self.scene.way(self.course.end, to, self.course.end_s)
        for corner in corners:
            self.course.go(corner, self.scene.unit.transit_speed_mps, Doing.HOME)

    def _weather_s(self) -> float | None:
        scene = self.scene
        return first_too_much(
            scene.unit, scene.weather, self._turns, self.intent.departs_s, self.course.end_s
        )

    def _fuel_s(self) -> float | None:
        """When it must turn back so as to be home before its endurance ends."""
        times_s = self.course.instants(POINT_S)
        times_s = times_s[times_s >= self.intent.departs_s]
        away_m = np.hypot(*(self.course.sampled(times_s)[0] - self.scene.home).T)
        home_s = times_s + away_m / self.scene.unit.transit_speed_mps
        late = np.flatnonzero(home_s > self.fuel_until_s + _FUEL_GRACE_S)
        return float(times_s[max(late[0] - 1, 0)]) if late.size else None

    def _note_recovery(self, ends_s: float) -> None:
        """What a recovery came to before it ended."""
        intent, path = self.intent, self.scene.path
        if intent.gives_up_s is not None and intent.gives_up_s <= ends_s:
            self._note(NotFound, intent.gives_up_s)
        if intent.contact_s is not None and intent.contact_s <= ends_s:
            self._note_sight(intent.contact_s)
        if intent.lifted_s is not None and intent.lifted_s <= ends_s and path is not None:
            self._note(Recovered, intent.lifted_s, persons=path.persons)

    def _note_scene(self, off_s: float) -> None:
        """From the first searching, looking or lifting to the last."""
        begins_s = [start_s for start_s, _ in self.course.spans(Doing.SEARCH, Doing.STAY, Doing.LIFT)]
        if begins_s and begins_s[0] < off_s:
            self._note(OnScene, begins_s[0])
            self._note(OffScene, off_s)

    def _note_sight(self, at_s: float) -> None:
        path = self.scene.adrift
        here, there = self.course.at(at_s), self.scene.object_m(at_s)
        self._note(
            Detected,
            at_s,
            name=f"{self.scene.order.id}-1",
            object_position=path.position_at(at_s),
            type_key=path.type_at(at_s),
            range_m=hypot(here[0] - there[0], here[1] - there[1]),
        )

    def _note(self, kind: type[Moment], at_s: float, **told: Any) -> None:
        x_m, y_m = self.course.at(at_s)
        lon_deg, lat_deg = self.scene.frame.to_lonlat_deg(x_m, y_m)
        self.moments.append(kind(from_posix_s(at_s), Position(float(lon_deg), float(lat_deg)), **told))

    def track(self) -> TrackPoints:
        """As flown."""
        times_s = self.course.instants(POINT_S)
        place_m, searching = self.course.sampled(times_s)
        lon_deg, lat_deg = self.scene.frame.to_lonlat_deg(place_m[:, 0], place_m[:, 1])
        lonlat = np.stack([np.unwrap(lon_deg, period=360.0), lat_deg], axis=1)
        return TrackPoints(times_s, lonlat, searching)


def _why(call: Call) -> str:
    """Why a call keeps a unit in port."""
    if isinstance(call, BreaksDown):
        return "broken down"
    return "cancelled" if call.goes_home else "replaced"
