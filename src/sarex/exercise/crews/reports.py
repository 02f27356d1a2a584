"""What the players are told of a sortie, and when: late, with errors, sometimes false."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.crossing import PROBABLE_ERROR_PER_SIGMA
from sarex.exercise.crews.crew import (
    CrewLaw,
    Detected,
    Event,
    FalselySeen,
    Happening,
    Home,
    Misled,
    Moment,
    SightingReported,
    SightingWithdrawn,
    Told,
    TrackPoints,
    TrackReported,
    UnderWay,
)
from sarex.exercise.crews.flight_duties import Scene
from sarex.geo import WGS84

_TRUE_CREDIBILITY, _FALSE_CREDIBILITY = (0.55, 0.95), (0.2, 0.65)
"""They overlap: what a crew thinks of a sighting does not tell the players whether it is the object."""
_FALSE_AWAY_M = 1500.0
"""Farther than this from the unit a false sighting seldom is."""


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
    happenings: Sequence[Happening],
) -> tuple[tuple[Event, ...], TrackPoints]:
    """All events of a sortie in order of time, and its recorded track."""
    teller = _Teller(scene, flown, tuple(silences), _departs_s(scene, moments), _home_s(moments))
    events: list[Event] = list(moments)
    events += teller.routine([moment for moment in moments if not isinstance(moment, Detected)])
    for moment in moments:
        events += teller.sighting(moment) if isinstance(moment, Detected) else []
    events += teller.false_sightings()
    for happening in happenings:
        if isinstance(happening, Misled):
            events += teller.misled(happening)
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
        credibility = round(float(random.uniform(*_TRUE_CREDIBILITY)), 2)
        if at_s == inf:
            return []
        report = SightingReported(
            from_posix_s(at_s), seen.name, seen.at, place, law.sighting_error_m, credibility, false=False
        )
        return [report]

    def false_sightings(self) -> list[Event]:
        """What is taken for the object while searching."""
        draws, flown = self.scene.draws, self.flown
        lasts_s = float(flown.times_s[-1]) - self.scene.given_s
        found: list[Event] = []
        for number, after_s in enumerate(draws.occasions_s("false", draws.law.false_per_hour, lasts_s)):
            at_s = self.scene.given_s + float(after_s)
            before = int(np.searchsorted(flown.times_s, at_s, side="right")) - 1
            if flown.searching[max(before, 0)]:
                found += self._false_sighting(f"{self.scene.order.id}-false-{number + 1}", at_s)
        return found

    def _false_sighting(self, name: str, at_s: float) -> list[Event]:
        draws = self.scene.draws
        random = draws.generator("sighting", name)
        here = self._position_at(at_s)
        seen = FalselySeen(from_posix_s(at_s), here, name)
        told_s = self.heard_s(at_s, draws.report_s(draws.law.report_median_s, name))
        place = scattered(here, _FALSE_AWAY_M + draws.law.sighting_error_m, random)
        credibility = round(float(random.uniform(*_FALSE_CREDIBILITY)), 2)
        looked_s = float(random.exponential(draws.law.investigation_s))
        if told_s == inf:
            return [seen]
        error_m = draws.law.sighting_error_m
        report = SightingReported(
            from_posix_s(told_s), name, seen.at, place, error_m, credibility, false=True
        )
        withdrawn_s = self.heard_s(told_s, looked_s)
        return [seen, report, *_withdrawal(name, withdrawn_s)]

    def misled(self, happening: Misled) -> list[Event]:
        """What exercise control lets a crew see, if it is out; of a unit in port the director tells."""
        at_s = to_posix_s(happening.at)
        if not self.departs_s <= at_s <= self.flown.times_s[-1]:
            return []
        seen = FalselySeen(happening.at, self._position_at(at_s), happening.name)
        told_s = self.heard_s(at_s, self.scene.draws.report_s(self.law.report_median_s, happening.name))
        if told_s == inf:
            return [seen]
        report = SightingReported(
            from_posix_s(told_s),
            happening.name,
            happening.at,
            happening.position,
            happening.probable_error_m,
            happening.credibility,
            false=True,
        )
        after = happening.withdrawn_after
        withdrawn_s = inf if after is None else self.heard_s(told_s, after.total_seconds())
        return [seen, report, *_withdrawal(happening.name, withdrawn_s)]

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

    def _position_at(self, time_s: float) -> Position:
        lon, lat = (
            float(np.interp(time_s, self.flown.times_s, self.flown.lonlat_deg[:, axis])) for axis in (0, 1)
        )
        return Position((lon + 180.0) % 360.0 - 180.0, lat)


def _withdrawal(name: str, at_s: float) -> list[Event]:
    return [SightingWithdrawn(from_posix_s(at_s), name)] if at_s < inf else []


def scattered(position: Position, probable_error_m: float, random: np.random.Generator) -> Position:
    """A position with a circular normal error whose 50 % radius is given."""
    east_m, north_m = probable_error_m / PROBABLE_ERROR_PER_SIGMA * random.standard_normal(2)
    azimuth_deg, away_m = float(np.degrees(np.arctan2(east_m, north_m))), float(np.hypot(east_m, north_m))
    lon_deg, lat_deg, _ = WGS84.fwd(position.lon_deg, position.lat_deg, azimuth_deg, away_m)
    return Position(float(lon_deg), float(lat_deg))
