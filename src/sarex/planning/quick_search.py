"""The fleet and the particles as the quick search of `kernels.ladder_search` takes them, and a line of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sarex.kernels import ladder_search as kernel
from sarex.kernels.ladder import SHAPE_COLUMNS
from sarex.kernels.ladder_front import BLOCK, OTHER_COLUMNS, SPEED, UNIT_COLUMNS, WIDEST, Fleet, Pool
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.margins import AREA_PADDING_S
from sarex.planning.passage import Closed, Passage, Point
from sarex.planning.sea_room import Sea
from sarex.planning.sortie import HEIGHT_SEPARATION_M, LEAST_PAD_M, SEARCH_ENDURANCE_FRACTION, Shape, Track
from sarex.planning.waters import Waters

WAY_CELLS = 128
"""Cells a side of the raster on which ways round obstacles are read."""
WAY_MARGIN_M = 30_000.0
STRAY_SHARE = 1e-3
"""Ways are taken to be straight if nothing is closed between the base and all but so many particles."""
STRAIGHT_MARGIN_M = 5_000.0
QUANTILE_EVERY = 8
ROUND_SHARE = 0.35
"""How often a rounded square is drawn instead of a ladder; half of what is best in the open sea is round."""
FIRST_SCALE, LAST_SCALE = 0.5, 0.03
"""Moves of a line begin with half of an area's size and end with a thirtieth."""
SHAKEN_ROUNDS = 4
NEIGHBOURS = 6
"""Units that are improved again after others were taken out and placed anew, besides those."""

Weight = NDArray[np.float64]
Closure = tuple[float, float, float, float, float, float]
NO_CLOSURE: Closure = (-1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Pooled:
    """A part of the particles with their weights, which stand for all."""

    pool: Pool
    weight: Weight


def pooled(waters: Waters, worth: NDArray[np.float32] | None, every: int, offset: int) -> Pooled:
    """Every so many-th particle; `worth` is (time - 1, particle) or None where all finds count alike."""
    chosen = slice(offset, None, every)
    x_m, y_m = (np.ascontiguousarray(values[:, chosen]) for values in (waters.x_m, waters.y_m))
    weight = waters.weight[chosen]
    share = float(weight.sum())
    if share > 0.0:
        weight = weight * (float(waters.weight.sum()) / share)
    worth_here = np.ones((1, weight.size), np.float32) if worth is None else worth[:, chosen]
    return Pooled(
        Pool(
            waters.start_s, waters.step_s, x_m, y_m, np.ascontiguousarray(waters.afloat[:, chosen]),
            np.ascontiguousarray(worth_here), waters.object_type[chosen].astype(np.int16), *_bounds(x_m, y_m),
        ),
        np.ascontiguousarray(weight),
    )  # fmt: skip


def _bounds(
    x_m: NDArray[np.float32], y_m: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Extents of each block of particles over all time, (block, 4), and at each instant, (block, time, 4)."""
    starts = np.arange(0, x_m.shape[1], BLOCK)
    low_x, low_y = (np.minimum.reduceat(values, starts, axis=1).T for values in (x_m, y_m))
    high_x, high_y = (np.maximum.reduceat(values, starts, axis=1).T for values in (x_m, y_m))
    at = np.stack([low_x, high_x, low_y, high_y], axis=2)
    over_all = np.stack([low_x.min(1), high_x.max(1), low_y.min(1), high_y.max(1)], axis=1)
    return over_all.astype(np.float32), np.ascontiguousarray(at, np.float32)


def fleet_of(
    crews: Sequence[Crew],
    waters: Waters,
    drift: DatumDrift,
    standing: Sequence[tuple[Crew, Track]] = (),
) -> Fleet:
    """The crews as rows of numbers, with rasters of what is closed to them, among others that stay."""
    rasters = _Rasters(waters)
    units = np.zeros((len(crews), UNIT_COLUMNS))
    closures = []
    for number, crew in enumerate(crews):
        unit = crew.unit
        units[number] = (
            *crew.start, *crew.home, crew.departs_s, crew.search_from_s, crew.leave_by_s,
            crew.endurance_until_s, unit.transit_speed_mps, unit.search_speed_mps, unit.turn_radius_m,
            crew.widest_m, unit.altitude_m, crew.reference_s, rasters.ways(crew.outward),
            rasters.ways(crew.homeward), rasters.sea(crew.sea),
        )  # fmt: skip
        closures.append(_closures(crew, rasters))
    most = max(len(of_crew) for of_crew in closures)
    return Fleet(
        units=units,
        widths=np.array([crew.width_m for crew in crews]),
        closures=np.array([of_crew + [NO_CLOSURE] * (most - len(of_crew)) for of_crew in closures]),
        closed=_stacked(rasters.closed, np.uint8),
        closed_at=np.array(rasters.closed_at) if rasters.closed_at else np.zeros((1, 3)),
        seas=_stacked([sea.closed.cells for sea in rasters.seas], np.uint8),
        room_m=_stacked([sea.room_m for sea in rasters.seas], np.float32),
        seas_at=np.array([sea.closed.at for sea in rasters.seas]).reshape(-1, 3),
        ways=_stacked(rasters.lengths, np.float32),
        ways_at=rasters.ways_at,
        drift=drift.velocity_mps,
        drift_at=np.array([drift.x0_m, drift.y0_m, drift.width_m, drift.height_m]),
        separation_m=HEIGHT_SEPARATION_M - 0.5,
        search_share=SEARCH_ENDURANCE_FRACTION,
        round_share=ROUND_SHARE,
        least_pad_m=LEAST_PAD_M,
        padding_s=AREA_PADDING_S,
        others=areas_of(standing),
    )


def alone(fleet: Fleet, number: int, standing: Sequence[tuple[Crew, Track]]) -> Fleet:
    """One unit of a fleet, among others that stay."""
    own = slice(number, number + 1)
    return fleet._replace(
        units=fleet.units[own],
        widths=fleet.widths[own],
        closures=fleet.closures[own],
        others=areas_of(standing),
    )


def _stacked(rasters: Sequence[NDArray[Any]], dtype: DTypeLike) -> NDArray[Any]:
    """Rasters of one size one upon the other, (raster, row, column)."""
    return np.stack(rasters).astype(dtype, copy=False) if rasters else np.zeros((1, 1, 1), dtype)


def areas_of(standing: Sequence[tuple[Crew, Track]]) -> NDArray[np.float64]:
    """Where and when others search, (area, OTHER_COLUMNS)."""
    rows = [
        (*track.box.ravel(), track.legs[0, 4], track.legs[-1, 5], crew.unit.altitude_m)
        for crew, track in standing
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, OTHER_COLUMNS)


def _closures(crew: Crew, rasters: "_Rasters") -> list[Closure]:
    """What is closed to a crew: land and shoals always, danger areas while they are active."""
    room = crew.room
    land = room.closed_under(())
    found: list[Closure] = [(float(rasters.raster(land)), -np.inf, np.inf, 0.0, 0.0, 0.0)]
    for peril in room.perils:
        raster = rasters.alone(room.closed_under((peril,)), land)
        inside = peril.region.representative_point()
        found.append((float(raster), peril.since_s, peril.until_s, 1.0, inside.x, inside.y))
    return found


class _Rasters:
    """Rasters of closed water and of ways, each kept once."""

    def __init__(self, waters: Waters) -> None:
        low = np.array([waters.x_m.min(), waters.y_m.min()], float) - WAY_MARGIN_M
        high = np.array([waters.x_m.max(), waters.y_m.max()], float) + WAY_MARGIN_M
        ends = [
            np.quantile(values[:, ::QUANTILE_EVERY], (STRAY_SHARE, 1.0 - STRAY_SHARE))
            for values in (waters.x_m, waters.y_m)
        ]
        self._extent = (
            (float(ends[0][0]) - STRAIGHT_MARGIN_M, float(ends[1][0]) - STRAIGHT_MARGIN_M),
            (float(ends[0][1]) + STRAIGHT_MARGIN_M, float(ends[1][1]) + STRAIGHT_MARGIN_M),
        )
        self.ways_at = np.array([*low, float((high - low).max()) / WAY_CELLS])
        self.closed: list[NDArray[np.uint8]] = []
        self.closed_at: list[tuple[float, float, float]] = []
        self.lengths: list[NDArray[np.float32]] = []
        self._numbers: dict[int, int] = {}
        self.seas: list[Sea] = []
        self._kept: list[Closed | Passage] = []

    def raster(self, closed: Closed) -> int:
        """Number of a raster of what may not be searched, -1 if nothing is closed."""
        if id(closed) not in self._numbers:
            self._kept.append(closed)
            self._numbers[id(closed)] = len(self.closed) if closed.cells.any() else -1
            if closed.cells.any():
                self.closed.append(closed.cells)
                self.closed_at.append((closed.x0_m, closed.y0_m, closed.spacing_m))
        return self._numbers[id(closed)]

    def alone(self, closed: Closed, land: Closed) -> int:
        """Number of the raster of what is closed besides land."""
        if id(closed) not in self._numbers:
            self._kept.append(closed)
            self._numbers[id(closed)] = self.raster(replace(closed, cells=closed.cells & ~land.cells))
        return self._numbers[id(closed)]

    def sea(self, sea: Sea | None) -> int:
        """Number of what ladders may be clipped to, -1 where all is open."""
        if sea is None:
            return -1
        if id(sea) not in self._numbers:
            self._numbers[id(sea)] = len(self.seas)
            self.seas.append(sea)
        return self._numbers[id(sea)]

    def ways(self, passage: Passage) -> int:
        """Number of the raster of lengths of ways from an anchor, -1 where every way is straight."""
        if id(passage) not in self._numbers:
            self._kept.append(passage)
            straight = passage.closed.is_open(*self._extent_with(passage.anchor))
            self._numbers[id(passage)] = -1 if straight else len(self.lengths)
            if not straight:
                places = (np.arange(WAY_CELLS) + 0.5) * self.ways_at[2]
                self.lengths.append(passage.lengths_m(self.ways_at[0] + places, self.ways_at[1] + places))
        return self._numbers[id(passage)]

    def _extent_with(self, anchor: Point) -> tuple[Point, Point]:
        """Lower left and upper right of nearly all particles and a place."""
        (x_low, y_low), (x_high, y_high) = self._extent
        return (
            (min(x_low, anchor[0]), min(y_low, anchor[1])),
            (max(x_high, anchor[0]), max(y_high, anchor[1])),
        )


class Line:
    """One line of search: a plan in the making on pools of particles that take turns."""

    def __init__(self, fleet: Fleet, pools: Sequence[Pooled], seed: int) -> None:
        count = fleet.units.shape[0]
        self._fleet, self._pools = fleet, pools
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._count = count
        self._state = _nothing(count, seed)
        self._here = pools[0]
        self._look_at(0)

    def placed(self, opening: Sequence[Shape | None], tries: int, *, shuffled: bool) -> None:
        """The opening as far as it can be flown; whom it leaves idle is placed greedily, strongest first."""
        for number, shape in enumerate(opening):
            if shape is not None and shape.is_quick:
                kernel.open_with(
                    self._fleet, self._here.pool, self._state, self._here.weight, number, shape.row()
                )
        order = np.argsort(-self._fleet.units[:, SPEED] * self._fleet.units[:, WIDEST], kind="stable")
        for number in self._random.permutation(order) if shuffled else order:
            if not self._state.placed[number]:
                self._place(int(number), tries)

    def improved(self, turn: int, rounds: int, moves: int) -> None:
        """Visit all units in a drawn order; moves get smaller from the first round to the last."""
        self._look_at(turn)
        scale = FIRST_SCALE * (LAST_SCALE / FIRST_SCALE) ** (turn / max(rounds - 1, 1))
        for number in self._random.permutation(self._count):
            self._visit(int(number), moves, scale)

    def shaken(self, turn: int, moves: int, judge: Pooled) -> None:
        """Take two units out, place them anew and improve them and some others; the better one stays."""
        before, value_before = self._state, self.value_on(judge)
        self._look_at(turn)
        out = self._random.permutation(self._count)[:2]
        for number in out:
            kernel.clear(self._state, int(number))
        for number in out:
            self._place(int(number), 3 * moves)
        others = self._random.permutation(np.setdiff1d(np.arange(self._count), out))[:NEIGHBOURS]
        for visit in range(SHAKEN_ROUNDS):
            for number in (*out, *others):
                self._visit(int(number), moves, 0.3 * 0.55**visit)
        if self.value_on(judge) <= value_before:
            self._state, _ = self._settled(before, self._here)

    def value_on(self, judge: Pooled) -> float:
        """Its value on particles of one's choice."""
        return self._settled(self._state, judge)[1]

    def shapes(self) -> tuple[Shape | None, ...]:
        """The shape of each unit that is placed."""
        return tuple(
            Shape.of_row(row) if placed else None
            for row, placed in zip(self._state.shapes, self._state.placed, strict=True)
        )

    def _place(self, number: int, tries: int) -> None:
        kernel.place(self._fleet, self._here.pool, self._state, self._here.weight, number, tries)

    def _visit(self, number: int, moves: int, scale: float) -> None:
        if self._state.placed[number]:
            kernel.improve(self._fleet, self._here.pool, self._state, self._here.weight, number, moves, scale)
        else:
            self._place(number, moves)

    def _look_at(self, turn: int) -> None:
        self._here = self._pools[turn % len(self._pools)]
        self._state, _ = self._settled(self._state, self._here)

    def _settled(self, state: kernel.Search, here: Pooled) -> tuple[kernel.Search, float]:
        """The same plan on a pool, and its value there."""
        fresh = kernel.Search(
            random=state.random, shapes=state.shapes.copy(), placed=state.placed.copy(),
            boxes=state.boxes.copy(), times=state.times.copy(),
            exposures=np.zeros((state.placed.size, here.weight.size), np.float32),
            total=np.zeros(here.weight.size),
        )  # fmt: skip
        value = kernel.settle(self._fleet, here.pool, fresh, here.weight)
        return fresh, float(value)


def _nothing(units: int, seed: int) -> kernel.Search:
    """No unit placed, on no particles."""
    return kernel.Search(
        random=np.array([seed & 0xFFFFFFFFFFFFFFFF], np.uint64),
        shapes=np.zeros((units, SHAPE_COLUMNS)),
        placed=np.zeros(units, np.bool_),
        boxes=np.zeros((units, 4, 2)),
        times=np.zeros((units, 2)),
        exposures=np.zeros((units, 0), np.float32),
        total=np.zeros(0),
    )
