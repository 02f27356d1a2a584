"""Regular patterns that tile an endless sea, and what they find of particles that wander (`ladder_law.py`).

The patterns are ladders of even legs and rounded expanding squares, from the planner's own kernels: with its
turns, in its order of legs. A unit works one tile all its time, or pieces one after another. Copies are flown
all at once, so the sea has no edge. The patterns move with the local mean drift, so only what particles do
beside it is left of the drift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.kernels.exposure import bounds_of_blocks, exposures
from sarex.kernels.ladder import (
    CREEP,
    HEADING,
    LENGTH,
    MOST_RUNGS,
    ROUND,
    SHAPE_COLUMNS,
    SPACING,
    START_END,
    legs_within,
)

Floats = NDArray[np.float64]

ONE_TILE, CROSSED, FREE = "one tile", "pieces", "not crossed"
READINGS = (ONE_TILE, CROSSED, FREE)
PIECES = (1, 2, 4)
"""How many tiles a unit may do one after another."""
LENGTHS, SHORTEST_WIDTHS = 7, 3.0
"""So many lengths of legs, from three sweep widths to the length of the belief."""
SPACINGS_WIDTHS = np.geomspace(0.35, 4.0, 13)
STRAIGHTS_WIDTHS = (0.0, 6.0, 15.0)
MARGINS = (0.5, 1.0)
"""Of a rounded square's box beyond its tracks, in spacings."""
HEADINGS_RAD = (0.0, 0.5 * pi)
NEAR_WIDTHS = 8.0
"""Tracks nearer than this are flown one by one; what lies beyond, 3 % of the exposure, counts by its mean."""
MOST_WANDERED = 0.98
"""Copies of the tile surround all places of so many of the particles."""
SAGITTA_M = 20.0


@dataclass(frozen=True)
class Wander:
    """How particles move relative to the local mean drift, from where they are at mid-window."""

    times_s: Floats
    x_m: Floats
    """(time, particle)"""
    y_m: Floats

    def first(self, count: int) -> "Wander":
        """The first so many particles."""
        return Wander(self.times_s, self.x_m[:, :count], self.y_m[:, :count])

    @property
    def reference_s(self) -> float:
        return float(self.times_s[self.times_s.size // 2])

    @cached_property
    def farthest_m(self) -> float:
        return float(np.quantile(np.hypot(self.x_m, self.y_m), MOST_WANDERED))


@dataclass(frozen=True)
class Sweeper:
    """A unit that looks for one type of object."""

    speed_mps: float
    radius_m: float
    searching_s: float
    """In all its tiles together, turns included."""
    width_m: float
    turns_count: bool


@dataclass(frozen=True)
class Tile:
    """A pattern that is repeated without end."""

    legs: Floats
    """Searching legs, (leg, 7)."""
    sides_m: Floats
    """Two vectors by which copies lie apart, (2, 2)."""
    worked_s: float
    """With its turns, if turns count."""
    reading: str

    @property
    def area_m2(self) -> float:
        (ax, ay), (bx, by) = self.sides_m
        return float(abs(ax * by - ay * bx))

    def coverage(self, sweeper: Sweeper) -> float:
        """z = W v T / A"""
        return sweeper.width_m * sweeper.speed_mps * self.worked_s / self.area_m2

    def swept(self, sweeper: Sweeper) -> float:
        """The same without the turns."""
        return self.coverage(sweeper) / self.worked_s * _duration_s(self.legs)


def tiles_of(sweeper: Sweeper, longest_m: float, reference_s: float) -> Iterator[Tile]:
    """All regular patterns of a unit, in one tile and in pieces."""
    for pieces in PIECES:
        time_s = sweeper.searching_s / pieces
        for shape in _shapes(sweeper.width_m, longest_m):
            legs = legs_within(
                shape, SAGITTA_M, sweeper.width_m, 0.0, 0.0, reference_s, reference_s - 0.5 * time_s,
                reference_s + 0.5 * time_s, sweeper.speed_mps, sweeper.radius_m,
            )  # fmt: skip
            searching = legs[legs[:, 6] > 0.5]
            # a ladder with all the rungs that there can be would not fill its time
            if searching.shape[0] < 2 or (shape[ROUND] < 0.5 and searching.shape[0] >= MOST_RUNGS):
                continue
            worked_s = float(legs[-1, 5] - legs[0, 4]) if sweeper.turns_count else _duration_s(searching)
            for sides_m in _lattices(shape, searching):
                if pieces == 1:
                    yield Tile(searching, sides_m, worked_s, ONE_TILE)
                    continue
                yield Tile(searching, sides_m, worked_s, FREE)
                row = _in_turn(searching, sides_m[0], pieces, time_s)
                yield Tile(row, sides_m * [[pieces], [1.0]], pieces * worked_s, CROSSED)


def found_by(tile: Tile, sweeper: Sweeper, wander: Wander) -> float:
    """Which share of the particles an endless tiling finds."""
    count = wander.x_m.shape[1]
    legs, covered_m2 = _copies(tile, NEAR_WIDTHS * sweeper.width_m + wander.farthest_m)
    # evenly strewn over the tile, about its middle (R2 sequence)
    strewn = (np.arange(1, count + 1)[:, np.newaxis] * np.array([0.754878, 0.569840])) % 1.0 - 0.5
    corners_m = tile.legs[:, :4].reshape(-1, 2)
    place_m = strewn @ tile.sides_m + 0.5 * (corners_m.min(axis=0) + corners_m.max(axis=0))
    x_m = np.ascontiguousarray(wander.x_m + place_m[:, 0], dtype=np.float32)
    y_m = np.ascontiguousarray(wander.y_m + place_m[:, 1], dtype=np.float32)
    afloat = np.ones(x_m.shape, dtype=bool)
    times_s = wander.times_s
    exposure = exposures(
        legs, float(times_s[0]), float(times_s[1] - times_s[0]), x_m, y_m, afloat,
        np.full(count, sweeper.width_m, np.float32), bounds_of_blocks(x_m, y_m, afloat), 0.0,
    )  # fmt: skip
    # looks of even density outside a disc: v W^2 / (8 pi r^3) integrated
    beyond = 0.25 * tile.swept(sweeper) * sweeper.width_m / sqrt(covered_m2 / pi)
    return float(np.mean(-np.expm1(-exposure.astype(np.float64) - beyond)))


def _duration_s(legs: Floats) -> float:
    return float(np.sum(legs[:, 5] - legs[:, 4]))


def _shapes(width_m: float, longest_m: float) -> Iterator[Floats]:
    """Rows of `kernels.ladder`: even ladders and rounded squares."""
    shortest_m = SHORTEST_WIDTHS * width_m
    for spacing_m in width_m * SPACINGS_WIDTHS:
        for length_m in np.geomspace(shortest_m, max(longest_m, 2.0 * shortest_m), LENGTHS):
            for heading_rad in HEADINGS_RAD:
                yield _shape(spacing_m, length_m, heading_rad, rounded=0.0)
        for straight in STRAIGHTS_WIDTHS:
            yield _shape(spacing_m, straight * width_m, 0.0, rounded=1.0)


def _shape(spacing_m: float, length_m: float, heading_rad: float, rounded: float) -> Floats:
    shape = np.zeros(SHAPE_COLUMNS)
    shape[[SPACING, LENGTH, HEADING, ROUND]] = spacing_m, length_m, heading_rad, rounded
    shape[[CREEP, START_END]] = 1.0
    return shape


def _lattices(shape: Floats, legs: Floats) -> Iterator[Floats]:
    """How copies may lie: ladders end to end, rung to rung; rounded squares in rows, straight or shifted."""
    heading, spacing_m = shape[HEADING], shape[SPACING]
    if shape[ROUND] < 0.5:
        along, across = np.array([[np.cos(heading), np.sin(heading)], [-np.sin(heading), np.cos(heading)]])
        yield np.array([along * shape[LENGTH], across * spacing_m * legs.shape[0]])
        return
    extent_m = [np.ptp(np.concatenate([legs[:, axis], legs[:, axis + 2]])) for axis in (0, 1)]
    for margin in MARGINS:
        x_m, y_m = (side_m + margin * spacing_m for side_m in extent_m)
        yield np.array([[x_m, 0.0], [0.0, y_m]])
        # circles in shifted rows lie closer
        yield np.array([[x_m, 0.0], [0.5 * x_m, 0.5 * sqrt(3.0) * y_m]])


def _in_turn(legs: Floats, apart_m: Floats, pieces: int, time_s: float) -> Floats:
    """A pattern flown again and again, each time a side of the tile farther on and a piece's time later."""
    later = np.arange(pieces) - 0.5 * (pieces - 1)
    row = np.tile(legs, (pieces, 1))
    row[:, :4] += np.repeat(later[:, np.newaxis] * np.tile(apart_m, 2), legs.shape[0], axis=0)
    row[:, 4:6] += np.repeat(later * time_s, legs.shape[0])[:, np.newaxis]
    return row


def _copies(tile: Tile, reach_m: float) -> tuple[Floats, float]:
    """The legs of all copies within reach of the tile, and the area that these copies cover."""
    a, b = tile.sides_m
    # how far apart opposite edges of the tile are
    apart_m = tile.area_m2 / np.hypot(*b), tile.area_m2 / np.hypot(*a)
    most = [ceil(reach_m / float(apart)) for apart in apart_m]
    shifts = [i * a + j * b for i in range(-most[0], most[0] + 1) for j in range(-most[1], most[1] + 1)]
    legs = np.tile(tile.legs[:, :6], (len(shifts), 1))
    legs[:, :4] += np.repeat(np.tile(np.array(shifts), 2), tile.legs.shape[0], axis=0)
    return legs, len(shifts) * tile.area_m2
