"""What a crew takes for the object, by its own mistake or because exercise control says so.

It floats as such things do, so that the track of a crew that follows it looks like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position
from sarex.clock import to_posix_s
from sarex.drift.crossing import PROBABLE_ERROR_PER_SIGMA
from sarex.environment.field import sample_velocity
from sarex.environment.model import Environment
from sarex.exercise.crews.crew import Happening, Misled
from sarex.exercise.crews.flight_duties import FOLLOW_S, Scene, Where
from sarex.geo import WGS84, LocalFrame

FALSE_CREDIBILITY = 0.2, 0.65
"""Overlaps with that of true sightings: what a crew thinks of one does not tell whether it is the object."""
_AWAY_M = 1500.0
"""Probable distance from the unit to what it takes for the object."""
_WIND_FRAC = 0.03
"""What floats on the surface goes with the water and this share of the wind (assumption)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mistaken:
    """What a crew sees that is not the object, and says of it."""

    thing: Position
    reported: Position
    probable_error_m: float
    credibility: float
    looked_at_s: float
    """How long it then takes to find out, at least; inf: it never does."""


@dataclass(frozen=True)
class Mistake:
    """An occasion on which a crew takes something for the object."""

    at_s: float
    name: str
    misled: Misled | None = None
    """Of exercise control; None: the crew's own, which it makes only while it searches."""

    def seen_by(self, scene: Scene, here: Position) -> Mistaken:
        """What a crew at a place then sees, drawn by the sighting's name."""
        random, law = scene.draws.generator("sighting", self.name), scene.draws.law
        if self.misled is None:
            thing = scattered(here, _AWAY_M, random)
            reported = scattered(thing, law.sighting_error_m, random)
            credibility = round(float(random.uniform(*FALSE_CREDIBILITY)), 2)
            return Mistaken(
                thing,
                reported,
                law.sighting_error_m,
                credibility,
                float(random.exponential(law.investigation_s)),
            )
        told, after = self.misled, self.misled.withdrawn_after
        place = told.position
        thing = scattered(here, _AWAY_M, random) if place is None else place
        other = scattered(thing, told.probable_error_m, random)
        # what is written stands; otherwise the report errs as reports do
        thing, reported = (thing, other) if place is None else (other, place)
        looked_at_s = inf if after is None else after.total_seconds()
        return Mistaken(thing, reported, told.probable_error_m, told.credibility, looked_at_s)


def mistakes_of(scene: Scene, happenings: Sequence[Happening], until_s: float) -> list[Mistake]:
    """All occasions from the order to an instant, in order of time; later ones change none before."""
    law = scene.draws.law
    occasions_s = scene.draws.occasions_s("false", law.false_per_hour, until_s - scene.given_s)
    found = [
        Mistake(scene.given_s + float(after_s), f"{scene.order.id}-false-{number}")
        for number, after_s in enumerate(occasions_s, start=1)
    ]
    found += [
        Mistake(to_posix_s(each.at), each.name, each) for each in happenings if isinstance(each, Misled)
    ]
    return sorted(found, key=lambda mistake: mistake.at_s)


def afloat(scene: Scene, thing: Position, since_s: float) -> Where:
    """Where something is that floats from a place and an instant on, in the scene's plane."""
    begins_m = np.array(scene.point(thing))
    sea = scene.weather.sea

    def where(times_s: Floats) -> Floats:
        if sea is None or not times_s.size:
            return np.tile(begins_m, (times_s.size, 1))
        steps_s = np.arange(since_s, float(times_s[-1]) + FOLLOW_S, FOLLOW_S)
        moved_m = _moved_m(sea, scene.frame, thing, steps_s)
        gone_m = np.stack([np.interp(times_s, steps_s, moved_m[:, axis]) for axis in (0, 1)], axis=1)
        return np.asarray(begins_m + gone_m)

    return where


def _moved_m(sea: Environment, frame: LocalFrame, thing: Position, steps_s: Floats) -> Floats:
    """Cumulated way with the water and the wind about a place, in another plane; (step, 2)."""
    x_m, y_m = (float(value) for value in sea.frame.to_xy_m(thing.lon_deg, thing.lat_deg))
    water, wind = (
        np.stack(sample_velocity(field, x_m, y_m, steps_s), axis=1) for field in (sea.current, sea.wind)
    )
    speed_mps = np.nan_to_num(water) + _WIND_FRAC * np.nan_to_num(wind)
    sailed_m = np.vstack([np.zeros((1, 2)), np.cumsum(FOLLOW_S * speed_mps[:-1], axis=0)])
    lon_deg, lat_deg = sea.frame.to_lonlat_deg(x_m + sailed_m[:, 0], y_m + sailed_m[:, 1])
    there_m = np.stack(frame.to_xy_m(lon_deg, lat_deg), axis=1)
    return np.asarray(there_m - there_m[0])


def scattered(position: Position, probable_error_m: float, random: np.random.Generator) -> Position:
    """A position with a circular normal error whose 50 % radius is given."""
    east_m, north_m = probable_error_m / PROBABLE_ERROR_PER_SIGMA * random.standard_normal(2)
    azimuth_deg, away_m = float(np.degrees(np.arctan2(east_m, north_m))), float(np.hypot(east_m, north_m))
    lon_deg, lat_deg, _ = WGS84.fwd(position.lon_deg, position.lat_deg, azimuth_deg, away_m)
    return Position(float(lon_deg), float(lat_deg))
