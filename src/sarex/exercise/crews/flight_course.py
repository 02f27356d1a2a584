"""A unit's way through time: straight stretches in a plane, that may be cut short and gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import hypot

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float]
_TAPER_S = 60.0
"""Wander begins and ends with a stretch of searching so gradually."""


class Doing(StrEnum):
    """What a unit does on a stretch."""

    WAIT = "wait"
    """In port, or on scene before its time."""
    TRANSIT = "transit"
    TURN = "turn"
    SEARCH = "search"
    STAY = "stay"
    """With the object."""
    LIFT = "lift"
    STILL = "still"
    """Broken down."""
    HOME = "home"


@dataclass(frozen=True)
class Stretch:
    """Straight from one point to another; `until_s` is before `end_s` where it was cut short."""

    start_s: float
    end_s: float
    until_s: float
    start: Point
    end: Point
    doing: Doing

    @property
    def speed_mps(self) -> float:
        lasts_s = self.end_s - self.start_s
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]) / lasts_s if lasts_s else 0.0

    def at(self, time_s: float) -> Point:
        lasts_s = self.end_s - self.start_s
        share = (time_s - self.start_s) / lasts_s if lasts_s > 0.0 else 1.0
        return (
            self.start[0] + share * (self.end[0] - self.start[0]),
            self.start[1] + share * (self.end[1] - self.start[1]),
        )


@dataclass
class Course:
    """Stretches without holes in between; the wander shows where the unit searches."""

    start_s: float
    place: Point
    wander_s: Floats
    """Instants, and ..."""
    wander_m: Floats
    """... the deviation to the left of track at them."""
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def end_s(self) -> float:
        return self.stretches[-1].until_s if self.stretches else self.start_s

    @property
    def end(self) -> Point:
        if not self.stretches:
            return self.place
        last = self.stretches[-1]
        if last.until_s == last.end_s:
            return last.end
        x_m, y_m = self.sampled(np.array([last.until_s]), ended=True)[0][0]
        return float(x_m), float(y_m)

    def go(self, to: Point, speed_mps: float, doing: Doing) -> None:
        here = self.end
        self.go_by(to, self.end_s + hypot(to[0] - here[0], to[1] - here[1]) / speed_mps, doing)

    def go_by(self, to: Point, by_s: float, doing: Doing) -> None:
        """Go to a point so as to be there at an instant; nothing where that takes no time."""
        if by_s > self.end_s:
            self.stretches.append(Stretch(self.end_s, by_s, by_s, self.end, to, doing))

    def wait(self, until_s: float, doing: Doing) -> None:
        self.go_by(self.end, until_s, doing)

    def cut(self, at_s: float) -> None:
        """Forget everything after an instant."""
        kept = [stretch for stretch in self.stretches if stretch.start_s < at_s]
        if kept:
            kept[-1] = replace(kept[-1], until_s=min(kept[-1].until_s, at_s))
        self.stretches = kept

    def rest(self, at_s: float) -> list[Stretch]:
        """What is left from an instant on, to be gone on with later."""
        left = [stretch for stretch in self.stretches if stretch.until_s > at_s]
        return [s if s.start_s >= at_s else replace(s, start_s=at_s, start=s.at(at_s)) for s in left]

    def go_on_with(self, rest: Sequence[Stretch]) -> None:
        """What was left, from where the unit now is, as long as it takes; it waits no longer than meant."""
        for stretch in rest:
            if stretch.doing is Doing.WAIT:
                self.wait(stretch.until_s, Doing.WAIT)
            else:
                self.go_by(stretch.end, self.end_s + stretch.until_s - stretch.start_s, stretch.doing)

    def spans(self, *doings: Doing) -> list[tuple[float, float]]:
        """When it does one of these things, stretch by stretch."""
        return [(s.start_s, s.until_s) for s in self.stretches if s.doing in doings]

    def instants(self, step_s: float) -> Floats:
        """Every corner, and every so many seconds between as counted from the start of each stretch."""
        if not self.stretches:
            return np.array([self.start_s])
        parts = [np.arange(s.start_s, s.until_s, step_s) for s in self.stretches]
        return np.append(np.concatenate(parts), self.end_s)

    def at(self, time_s: float) -> Point:
        """Where the unit really is."""
        x_m, y_m = self.sampled(np.array([time_s]))[0][0]
        return float(x_m), float(y_m)

    def sampled(self, times_s: Floats, *, ended: bool = False) -> tuple[Floats, NDArray[np.bool_]]:
        """Where the unit really is (instant, 2), and whether it searches from each instant on.

        Args:
            ended: at the very end still count what it did before.
        """
        if not self.stretches:
            return np.tile(self.place, (times_s.size, 1)), np.zeros(times_s.size, bool)
        table = np.array([(s.start_s, s.end_s, *s.start, *s.end) for s in self.stretches])
        number = np.clip(np.searchsorted(table[:, 0], times_s, side="right") - 1, 0, len(table) - 1)
        start_s, end_s, x0, y0, x1, y1 = table[number].T
        lasts_s = end_s - start_s
        gone_s = np.clip(np.minimum(times_s, self.end_s) - start_s, 0.0, lasts_s)
        along = np.stack([x1 - x0, y1 - y0], axis=1)
        length = np.maximum(np.hypot(*along.T), 1e-9)
        searching = np.array([s.doing is Doing.SEARCH for s in self.stretches])[number]
        taper = np.clip(np.minimum(gone_s, lasts_s - gone_s) / _TAPER_S, 0.0, 1.0)
        wander_m = np.interp(np.minimum(times_s, self.end_s), self.wander_s, self.wander_m)
        left = np.stack([-along[:, 1], along[:, 0]], axis=1) / length[:, np.newaxis]
        off = np.where(searching, taper * wander_m, 0.0)[:, np.newaxis] * left
        place = np.stack([x0, y0], axis=1) + (gone_s / lasts_s)[:, np.newaxis] * along
        return place + off, searching & ((times_s < self.end_s) | ended)

    def speeds_mps(self, times_s: Floats) -> Floats:
        """Briefed speed over the ground from each instant on, (instant,)."""
        starts = np.array([s.start_s for s in self.stretches])
        speeds = np.array([s.speed_mps for s in self.stretches])
        return np.asarray(speeds[np.clip(np.searchsorted(starts, times_s, side="right") - 1, 0, None)])
