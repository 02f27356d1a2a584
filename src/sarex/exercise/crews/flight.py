"""What a crew does with an order: a whole sortie, drawn once and for all from the seed and the order's id.

First the sortie as the crew means it; then what comes between, in order of time: it sees the object, the
weather or the fuel turns it back, it breaks down, it is called off. Each of these ends what went before and
gives the rest of the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot, inf
from typing import Any

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.crews.crew import (
    USUAL,
    BreaksDown,
    BrokeDown,
    Cancelled,
    CrewLaw,
    Detected,
    Happening,
    Home,
    Moment,
    NotFound,
    OffScene,
    OnScene,
    Order,
    RadioDead,
    Recovered,
    Script,
    Stayed,
    TrackPoints,
    TurnedBack,
    UnderWay,
    Weather,
    WeatherTurns,
)
from sarex.exercise.crews.draws import Draws
from sarex.exercise.crews.flight_course import Course, Doing, Point
from sarex.exercise.crews.flight_duties import Intent, Scene, follow, intent_of, meet, scene_of
from sarex.exercise.crews.flight_ways import Around
from sarex.exercise.crews.reports import Silence, told
from sarex.exercise.crews.seeing import sight
from sarex.exercise.crews.weather import first_too_much, weather_of
from sarex.exercise.model import Force
from sarex.exercise.path import TruePath

__all__ = ["POINT_S", "sortie_script", "weather_of"]

POINT_S = 30.0
"""Points of the flown track lie so far apart at most."""
Call = BreaksDown | Cancelled
_DAY_S = 86_400.0
_FINE_S = 10.0
"""Steps of seeing; the motion in one is straight."""
_FUEL_GRACE_S = 60.0
"""A plan may use its endurance to the end: rounding turns nobody back."""


def sortie_script(
    order: Order,
    force: Force,
    path: TruePath | None,
    weather: Weather,
    seed: int,
    happenings: Sequence[Happening] = (),
    law: CrewLaw = USUAL,
    *,
    around: Around | None = None,
) -> Script:
    """Everything that will happen on a sortie if nothing else changes.

    Deterministic in (seed, order.id); happenings at T never change what the script says of the time before T.

    Args:
        path: the object's real path; None: there is nothing to be seen.
        around: what units go round on transits that no plan lays down (to a recovery, home before time);
            None: they go straight.

    Raises:
        PlanError: a search without a task, a recovery without a position or by a unit that cannot lift.
    """
    draws = Draws(seed, order.id, law)
    scene = scene_of(order, force, path, weather, draws, around)
    sortie = _Sortie(scene, intent_of(scene), tuple(sorted(happenings, key=lambda happening: happening.at)))
    sortie.fly()
    flown = sortie.track()
    moments = tuple(sorted(sortie.moments, key=lambda moment: moment.at))
    events, recorded = told(scene, moments, flown, sortie.silences, sortie.happenings)
    return Script(
        order_id=order.id,
        unit_name=order.unit.name,
        events=events,
        flown=flown,
        recorded=recorded,
        fuel_until_s=sortie.fuel_until_s,
        was_under_way=order.under_way,
    )


@dataclass
class _Sortie:
    scene: Scene
    intent: Intent
    happenings: tuple[Happening, ...]
    moments: list[Moment] = field(default_factory=list)

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
        calls, on_search = self._calls(), self.course.spans(Doing.SEARCH)
        planned_off_s = max((end_s for _, end_s in on_search), default=inf)
        seen_s, ends_s, reason = self._play_out(calls)
        self._note_recovery(ends_s)
        self._note_scene(min(ends_s, planned_off_s) if seen_s is None else ends_s)
        if reason is None or isinstance(reason, str):
            self._go_home(self.intent.way_home if reason is None and seen_s is None else ())
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
                self._note(
                    Stayed, at_s, why="cancelled" if isinstance(happening, Cancelled) else "broken down"
                )
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

    def _play_out(self, calls: list[tuple[float, Call]]) -> tuple[float | None, float, Call | str | None]:
        """What comes between, in order of time: when the object was seen, when the duty ended, by what."""
        first_s, seen_s = self._first_sight_s(), None
        while True:
            due: list[tuple[float, Call | str]] = list(calls[:1])
            for why, at_s in (("weather", self._weather_s()), ("fuel", self._fuel_s())):
                due += [(at_s, why)] if at_s is not None else []
            due += [(first_s, "seen")] if first_s is not None and seen_s is None else []
            due = [event for event in due if event[0] < self.course.end_s]
            if not due:
                return seen_s, self.course.end_s, None
            at_s, what = min(due, key=lambda event: event[0])
            self.course.cut(at_s)
            if what != "seen":
                if isinstance(what, str):
                    self._note(TurnedBack, at_s, why=what)
                return seen_s, at_s, what
            seen_s = at_s
            self._note_sight(at_s)
            meet(self.scene, self.course, self.scene.unit.search_speed_mps, Doing.STAY)
            follow(self.scene, self.course, self._contact_until_s, Doing.STAY)

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
