"""What the players are told of a sortie, and when: late, with errors, sometimes false."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.crews.crew import (
    CrewLaw,
    Detected,
    Disproved,
    Event,
    FalselySeen,
    Home,
    Moment,
    SightingReported,
    SightingWithdrawn,
    Told,
    TrackPoints,
    TrackReported,
    UnderWay,
)
from sarex.exercise.crews.flight_duties import Scene
from sarex.exercise.crews.mistakes import scattered

TRUE_CREDIBILITY = 0.55, 0.95
"""Overlaps with that of false sightings: what a crew thinks of one does not tell whether it is the object."""


@dataclass(frozen=True)
class Silence:
    """A radio is dead."""

    start_s: float
    until_s: float

    def covers(self, time_s: float) -> bool:
        return self.start_s <= time_s < self.until_s


def told(
    scene: Scene,
    moments: Sequence[Moment],
    flown: TrackPoints,
    silences: Sequence[Silence],
) -> tuple[tuple[Event, ...], TrackPoints]:
    """All events of a sortie in order of time, and its recorded track."""
    departs_s, home_s = _departs_s(scene, moments), _home_s(moments)
    teller = _Teller(scene, tuple(moments), flown, tuple(silences), departs_s, home_s)
    events: list[Event] = list(moments)
    seen = Detected | FalselySeen | Disproved
    events += teller.routine([moment for moment in moments if not isinstance(moment, seen)])
    for moment in moments:
        events += teller.sighting(moment) if isinstance(moment, Detected) else []
        events += teller.mistaken(moment) if isinstance(moment, FalselySeen) else []
    events += teller.tracks()
    return tuple(sorted(events, key=lambda event: event.at)), teller.recorded()


def _departs_s(scene: Scene, moments: Sequence[Moment]) -> float:
    """When it got under way, or had been ordered while it was; inf if it never does."""
    if scene.order.under_way:
        return scene.given_s
    return next((to_posix_s(moment.at) for moment in moments if isinstance(moment, UnderWay)), inf)


def _home_s(moments: Sequence[Moment]) -> float:
    return next((to_posix_s(moment.at) for moment in moments if isinstance(moment, Home)), inf)


@dataclass(frozen=True)
class _Teller:
    scene: Scene
    moments: tuple[Moment, ...]
    flown: TrackPoints
    silences: tuple[Silence, ...]
    departs_s: float
    home_s: float

    def heard_s(self, sent_s: float, late_s: float) -> float:
        """When the players hear what happened at an instant: late, and not while the radio is dead."""
        heard_s = sent_s + late_s
        for silence in self.silences:
            if silence.covers(heard_s):
                heard_s = min(silence.until_s, max(self.home_s, heard_s))
        return heard_s

    def routine(self, moments: Sequence[Moment]) -> list[Event]:
        """In the order in which things happened."""
        found: list[Event] = []
        at_s = -inf
        for moment in moments:
            late_s = self.scene.draws.report_s(self.law.routine_median_s, type(moment).__name__)
            at_s = max(at_s, self.heard_s(to_posix_s(moment.at), late_s))
            found += [Told(from_posix_s(at_s), moment)] if at_s < inf else []
        return found

    @property
    def law(self) -> CrewLaw:
        return self.scene.draws.law

    def sighting(self, seen: Detected) -> list[Event]:
        law, random = self.scene.draws.law, self.scene.draws.generator("sighting", seen.name)
        at_s = self.heard_s(to_posix_s(seen.at), self.scene.draws.report_s(law.report_median_s, seen.name))
        place = scattered(seen.object_position, law.sighting_error_m, random)
        credibility = round(float(random.uniform(*TRUE_CREDIBILITY)), 2)
        if at_s == inf:
            return []
        report = SightingReported(
            from_posix_s(at_s), seen.name, seen.at, place, law.sighting_error_m, credibility, false=False
        )
        return [report]

    def mistaken(self, seen: FalselySeen) -> list[Event]:
        """What is told of what is not the object, as of what is; and once known, that it was nothing."""
        late_s = self.scene.draws.report_s(self.law.report_median_s, seen.name)
        told_s = self.heard_s(to_posix_s(seen.at), late_s)
        if told_s == inf:
            return []
        error_m, credibility = seen.probable_error_m, seen.credibility
        report = SightingReported(
            from_posix_s(told_s), seen.name, seen.at, seen.reported, error_m, credibility, false=True
        )
        return [report, *self._withdrawn(seen.name, told_s)]

    def _withdrawn(self, name: str, told_s: float) -> list[Event]:
        """Not before the sighting was told."""
        for moment in self.moments:
            if isinstance(moment, Disproved) and moment.name == name:
                at_s = max(told_s, self.heard_s(to_posix_s(moment.at), 0.0))
                return [SightingWithdrawn(from_posix_s(at_s), name, moment.at)] if at_s < inf else []
        return []

    def tracks(self) -> list[Event]:
        """Crews send their track now and then, and the rest of it when they are home."""
        every_s, start_s, end_s = self.law.track_every_s, self.departs_s, float(self.flown.times_s[-1])
        if end_s <= start_s:
            return []
        ends_s = [*np.arange(start_s + every_s, end_s, every_s).tolist(), end_s + 1e-3]
        found: list[Event] = []
        for number, until_s in enumerate(ends_s):
            at_s = self.heard_s(
                until_s, self.scene.draws.report_s(self.law.routine_median_s, "track", str(number))
            )
            if at_s < inf:
                since = from_posix_s(start_s + number * every_s)
                found.append(TrackReported(from_posix_s(at_s), since, from_posix_s(until_s)))
        return found

    def recorded(self) -> TrackPoints:
        """The flown track without what fell into gaps."""
        flown, draws = self.flown, self.scene.draws
        lasts_s = float(flown.times_s[-1]) - self.scene.given_s
        starts_s = self.scene.given_s + draws.occasions_s("gaps", draws.law.gaps_per_hour, lasts_s)
        lengths_s = draws.generator("gap lengths").exponential(draws.law.gap_mean_s, starts_s.size)
        keep = np.ones(flown.times_s.size, bool)
        for start_s, length_s in zip(starts_s, lengths_s, strict=True):
            keep &= (flown.times_s < start_s) | (flown.times_s >= start_s + length_s)
        return TrackPoints(flown.times_s[keep], flown.lonlat_deg[keep], flown.searching[keep])
