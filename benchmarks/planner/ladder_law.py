"""How much of the optimum can patterns of legs reach, if they turn as craft do and the object wanders?

    python benchmarks/planner/ladder_law.py [--case NAME] [--fleet N] [--seed K] [--data FORCING]
                                            [--still] [--spot] [--json FILE]

`pos_optimum` credits divisible effort with b(z) = erf(sqrt(pi)/2 z), as if every particle were passed by an
even ladder and turns cost nothing. Here that law is measured instead. For a typical unit of each kind and for
each object type, regular patterns (`tilings.py`) tile an endless sea, against particles that move as those of
the belief do relative to the local mean drift, which the patterns follow. A pattern that works a tile of area
A for a time T, turns included, has the coverage z = W v T / A and finds a share of the particles; the least
concave majorant over all patterns is the law b'(z). In the place of erf in the same relaxation it gives what
divisible regular patterns could reach. Three readings:

- one tile: each unit works a single tile all its time on scene (0.85 of it, as in a plan);
- pieces: it may also do two or four smaller tiles side by side, one after another, and flies from one to the
  next in no time. Each is done sooner, so particles wander less meanwhile, but some cross between tiles;
- not crossed: pieces, and no particle crosses between them. No pattern can do that.

What favours the patterns: tiles lie anywhere and fit without seams, and neighbours fly in step; each object
type is found by the pattern that suits it best; the time that is left when no whole leg fits is not counted;
kinds of units share the sea so that each has the coverage that it uses best; heights, land and a belief that
is uneven inside a tile cost nothing. What is against them: legs are evenly spaced and equally long, and
two units never work the same waters. So it is an estimate of what regular patterns could do, not a bound for
all plans.

The best of many patterns are chosen on one half of the particles and valued on the other, else luck would be
taken for skill. `--still` lets no particle wander, `--spot` counts no turn. With both, nothing is left that
erf does not know, so the figure must be that of the bracket; this is said as a check.

The folder of the coastal case's forcing is named with `--data`; without it the case is left out.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot

import numpy as np
from cases import benchmark_case
from numpy.typing import NDArray
from readings import arguments, rows_of
from rich.console import Console
from rich.table import Table
from run import ON_THE_SPOT_M, TARGET_RATIO, machine
from tilings import ONE_TILE, READINGS, Floats, Sweeper, Wander, found_by, tiles_of

from sarex import mission
from sarex.clock import to_posix_s
from sarex.planning.certificate import _effort_unit as effort_unit_of
from sarex.planning.certificate import _tracks as tracks_of
from sarex.planning.crews import Crew
from sarex.planning.datum_drift import DatumDrift
from sarex.planning.readiness import Readiness, made_ready
from sarex.planning.relaxation import optimum_bracket
from sarex.planning.relaxation_solver import DetectionLaw, ParallelSweeps
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION
from sarex.planning.waters import Waters

SIFTING, CHOOSING, VALUING = 256, 768, 4000
"""Particles on which patterns are sifted and the best chosen, and others on which these are valued."""
SIFTED = 0.05
"""Patterns so far below the best of their coverage are not looked at again; the error of sifting is 0.03."""
LEAST_COVERAGE, MOST_COVERAGE = 0.2, 5.0
BINS = np.geomspace(LEAST_COVERAGE, MOST_COVERAGE, 33)
"""Of coverage; in each the most promising pattern is valued."""
KNOTS = np.arange(0.0, MOST_COVERAGE + 0.025, 0.05)
TOLD = np.array([0.5, 1.0, 1.5, 2.0])
"""Coverages at which laws are told."""
MOST_OFF = 0.01
"""What the check allows, as a share of the bracket's middle."""


@dataclass(frozen=True)
class MeasuredLaw:
    """A concave law of detection whose slope is given at `KNOTS`, straight between and nothing beyond."""

    at_knots: tuple[float, ...]

    @cached_property
    def _slope(self) -> Floats:
        return np.array(self.at_knots)

    @cached_property
    def _value(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(0.5 * (self._slope[1:] + self._slope[:-1]) * np.diff(KNOTS))])

    def value(self, coverage: Floats) -> Floats:
        """b(z)"""
        within, knot, past = _between_knots(coverage)
        mean = self._slope[knot] + 0.5 * past * (self._slope[knot + 1] - self._slope[knot])
        return np.asarray(self._value[knot] + mean * (within - KNOTS[knot]))

    def slope(self, coverage: Floats) -> Floats:
        """b'(z)"""
        _, knot, past = _between_knots(coverage)
        slope = self._slope[knot] + past * (self._slope[knot + 1] - self._slope[knot])
        return np.where(coverage <= KNOTS[-1], slope, 0.0)

    def conjugate(self, slope: Floats) -> Floats:
        """The largest b(z) - slope z."""
        # where the law is straight, any of its coverages does
        coverage = np.interp(slope, self._slope[::-1], KNOTS[::-1])
        return np.asarray(self.value(coverage) - slope * coverage)

    @classmethod
    def through(cls, coverage: Floats, found: Floats) -> "MeasuredLaw":
        """The least concave majorant of points, its corners rounded over a knot's distance."""
        corners = np.array(majorant(coverage, found))
        values = np.interp(KNOTS, corners[:, 0], corners[:, 1])
        slope = np.diff(values) / np.diff(KNOTS)
        middle = 0.5 * (KNOTS[1:] + KNOTS[:-1])
        return cls(tuple(np.clip(np.interp(KNOTS, middle, slope), 0.0, 1.0).tolist()))


def _between_knots(coverage: Floats) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Coverage as far as the knots go, the knot before it, and which share of the way to the next it is."""
    within = np.minimum(coverage, KNOTS[-1])
    knot = np.minimum((within / KNOTS[1]).astype(np.int64), KNOTS.size - 2)
    return within, knot, (within - KNOTS[knot]) / KNOTS[1]


def majorant(coverage: Floats, found: Floats) -> list[tuple[float, float]]:
    """Corners of the least concave majorant of points and the origin, as far as it rises."""
    corners = [(0.0, 0.0)]
    for point in sorted(zip(coverage.tolist(), found.tolist(), strict=True)):
        while len(corners) > 1 and _is_below(corners[-1], corners[-2], point):
            corners.pop()
        corners.append(point)
    highest = max(range(len(corners)), key=lambda number: corners[number][1])
    return corners[: highest + 1]


def _is_below(point: tuple[float, float], before: tuple[float, float], after: tuple[float, float]) -> bool:
    """Whether a point lies on or below the line between two others."""
    risen, run = point[1] - before[1], point[0] - before[0]
    return risen * (after[0] - before[0]) <= (after[1] - before[1]) * run


def missing(coverage: Floats, found: Floats) -> Floats:
    """How far points lie below their least concave majorant."""
    corners = np.array(majorant(coverage, found))
    return np.asarray(np.interp(coverage, corners[:, 0], corners[:, 1]) - found)


def sifted(coverage: Floats, found: Floats, reading: NDArray[np.str_]) -> NDArray[np.int64]:
    """Points that are near the best of their reading."""
    kept = [
        which[missing(coverage[which], found[which]) <= SIFTED]
        for which in (np.flatnonzero(reading == one) for one in READINGS)
    ]
    return np.concatenate(kept)


def promising(coverage: Floats, found: Floats) -> NDArray[np.int64]:
    """In each of `BINS` the point that comes nearest to the least concave majorant."""
    order = np.argsort(missing(coverage, found), kind="stable")
    _, first = np.unique(np.digitize(coverage[order], BINS), return_index=True)
    return np.asarray(order[first])


def mixed(laws: Sequence[MeasuredLaw], shares: Floats) -> MeasuredLaw:
    """The mean of laws."""
    slopes = np.array([law.at_knots for law in laws])
    return MeasuredLaw(tuple(np.average(slopes, axis=0, weights=shares).tolist()))


def shared_out(laws: Sequence[MeasuredLaw], shares: Floats) -> MeasuredLaw:
    """The law of kinds of units that share an even sea so that together they find most.

    With shares s_k of the effort and areas a_k that sum to 1, the largest sum of a_k b_k(s_k z / a_k) has
    b_k - z_k b_k' the same for all kinds.
    """
    rests = [law.value(KNOTS) - np.array(law.at_knots) * KNOTS for law in laws]
    common = np.unique(rests)
    own = [np.maximum(np.interp(common, rest, KNOTS), KNOTS[1]) for rest in rests]
    coverage = 1.0 / sum(share / z for share, z in zip(shares, own, strict=True))
    found = coverage * sum(s * law.value(z) / z for s, law, z in zip(shares, laws, own, strict=True))
    return MeasuredLaw.through(coverage, found)


@dataclass(frozen=True)
class Craft:
    """A typical unit of a kind and all the effort of its kind."""

    kind: str
    crew: Crew
    searching_s: float
    effort_m2: float
    """Swept by all units of the kind, on the average over the object types."""


def crafts_of(ready: Readiness) -> list[Craft]:
    """A typical unit of each kind: the one with the middle time on scene."""
    by_kind: dict[str, list[tuple[float, Crew]]] = {}
    for crew in ready.crews:
        time_s = _searching_s(crew, ready.drift.datum)
        if time_s > 0.0:
            by_kind.setdefault(crew.unit.kind.value, []).append((time_s, crew))
    weight = np.bincount(ready.rehearsal.object_type, weights=ready.rehearsal.weight)
    crafts = []
    for kind, some in by_kind.items():
        time_s, typical = sorted(some, key=lambda one: one[0])[len(some) // 2]
        width_m = float(np.average(typical.width_m[: weight.size], weights=weight))
        swept_m2 = width_m * sum(spent_s * crew.unit.search_speed_mps for spent_s, crew in some)
        crafts.append(Craft(kind, typical, time_s, swept_m2))
    return crafts


def _searching_s(crew: Crew, datum: tuple[float, float]) -> float:
    """Time for searching at the datum."""
    out_s, home_s = (
        hypot(datum[0] - x_m, datum[1] - y_m) / crew.unit.transit_speed_mps
        for x_m, y_m in (crew.start, crew.home)
    )
    begin_s = max(crew.departs_s + out_s, crew.search_from_s)
    end_s = min(crew.leave_by_s, crew.endurance_until_s - home_s)
    return SEARCH_ENDURANCE_FRACTION * max(end_s - begin_s, 0.0)


@dataclass(frozen=True)
class Sea:
    """What patterns are tried against: particles by object type, to choose on and to value on."""

    wanders: dict[int, tuple[Wander, Wander]]
    weight: Floats
    """By object type."""
    longest_m: float
    """Length of the belief along its longest axis, without a twentieth at either end."""


def sea_of(waters: Waters, drift: DatumDrift, seed: int, *, still: bool) -> Sea:
    """Half of the particles afloat all through the window to choose on, the others to value on."""
    rng = np.random.default_rng(seed)
    wanders = {}
    for object_type in np.unique(waters.object_type).tolist():
        which = np.flatnonzero(waters.afloat.all(axis=0) & (waters.object_type == object_type))
        choosing, valuing = np.array_split(rng.permutation(which), 2)
        wanders[object_type] = (
            _wander(waters, drift, _drawn(choosing, waters.weight, CHOOSING, rng), still=still),
            _wander(waters, drift, _drawn(valuing, waters.weight, VALUING, rng), still=still),
        )
    weight = np.bincount(waters.object_type, weights=waters.weight).astype(np.float64)
    return Sea(wanders, weight, _length_m(waters, drift.axis_rad))


def _drawn(
    which: NDArray[np.int64], weight: Floats, count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    return rng.choice(which, count, p=weight[which] / weight[which].sum())


def _wander(waters: Waters, drift: DatumDrift, which: NDArray[np.int64], *, still: bool) -> Wander:
    middle = waters.x_m.shape[0] // 2
    since_s = (waters.times_s - waters.times_s[middle])[:, np.newaxis]
    x_m, y_m = waters.x_m[:, which].astype(np.float64), waters.y_m[:, which].astype(np.float64)
    mean_mps = np.array([drift.at(x, y) for x, y in zip(x_m[middle], y_m[middle], strict=True)])
    kept = 0.0 if still else 1.0
    return Wander(
        waters.times_s,
        kept * (x_m - x_m[middle] - since_s * mean_mps[:, 0]),
        kept * (y_m - y_m[middle] - since_s * mean_mps[:, 1]),
    )


def _length_m(waters: Waters, axis_rad: float) -> float:
    middle = waters.x_m.shape[0] // 2
    along_m = waters.x_m[middle] * np.cos(axis_rad) + waters.y_m[middle] * np.sin(axis_rad)
    order = np.argsort(along_m)
    below = np.cumsum(waters.weight[order]) / waters.weight.sum()
    return float(np.diff(np.interp([0.05, 0.95], below, along_m[order]))[0])


def laws_of_kind(craft: Craft, sea: Sea, *, spot: bool) -> list[MeasuredLaw]:
    """Laws of a kind of unit, for each of `READINGS`: the mean over object types by what is swept."""
    unit, laws, shares = craft.crew.unit, [], []
    for object_type, wanders in sea.wanders.items():
        width_m = float(craft.crew.width_m[object_type])
        sweeper = Sweeper(
            speed_mps=unit.search_speed_mps,
            radius_m=ON_THE_SPOT_M if spot else unit.turn_radius_m,
            searching_s=craft.searching_s,
            width_m=width_m,
            turns_count=not spot,
        )
        laws.append(laws_of(sweeper, sea.longest_m, *wanders))
        shares.append(width_m * sea.weight[object_type])
    return [mixed(of_reading, np.array(shares)) for of_reading in zip(*laws, strict=True)]


def laws_of(sweeper: Sweeper, longest_m: float, choosing: Wander, valuing: Wander) -> list[MeasuredLaw]:
    """Laws of a unit against one object type, for each of `READINGS`; a single tile is open to all."""
    tiles = [
        tile
        for tile in tiles_of(sweeper, longest_m, choosing.reference_s)
        if LEAST_COVERAGE <= tile.coverage(sweeper) <= MOST_COVERAGE
    ]
    few = choosing.first(SIFTING)
    coverage = np.array([tile.coverage(sweeper) for tile in tiles])
    found = np.array([found_by(tile, sweeper, few) for tile in tiles])
    kept = sifted(coverage, found, np.array([tile.reading for tile in tiles]))
    tiles, coverage = [tiles[number] for number in kept], coverage[kept]
    found = np.array([found_by(tile, sweeper, choosing) for tile in tiles])
    laws = []
    for reading in READINGS:
        open_to = np.flatnonzero([tile.reading in {ONE_TILE, reading} for tile in tiles])
        best = open_to[promising(coverage[open_to], found[open_to])]
        valued = np.array([found_by(tiles[number], sweeper, valuing) for number in best])
        laws.append(MeasuredLaw.through(coverage[best], valued))
    return laws


@dataclass(frozen=True)
class Row:
    """One case: the middles of its bracket under erf and under the measured laws."""

    case: str
    fleet: int
    seed: int
    erf: float
    measured: dict[str, float]
    """By reading."""
    laws: dict[str, dict[str, list[float]]]
    """By kind of unit and reading: found at the coverages `TOLD`."""
    seconds: float

    def share(self, reading: str) -> float:
        return self.measured[reading] / self.erf


def measure(name: str, fleet: int, options: argparse.Namespace) -> Row:
    """The bracket of a case under the law of even ladders and under the measured ones."""
    started_s = time.perf_counter()
    case = benchmark_case(name, fleet, options.seed, options.data)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    sea = sea_of(ready.rehearsal, ready.drift, options.seed, still=options.still)
    crafts = crafts_of(ready)
    by_kind = {craft.kind: laws_of_kind(craft, sea, spot=options.spot) for craft in crafts}
    effort_m2 = np.array([craft.effort_m2 for craft in crafts])
    fleets = [shared_out(laws, effort_m2 / effort_m2.sum()) for laws in zip(*by_kind.values(), strict=True)]
    units = [effort_unit_of(crew) for crew in ready.crews]
    own, held_out = tracks_of(ready.rehearsal), tracks_of(ready.left)
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)

    def middle(law: DetectionLaw) -> float:
        return 0.5 * sum(optimum_bracket(units, own, held_out, *window_s, law=law))

    return Row(
        case=name,
        fleet=fleet,
        seed=options.seed,
        erf=middle(ParallelSweeps()),
        measured={reading: middle(law) for reading, law in zip(READINGS, fleets, strict=True)},
        laws={kind: _told(laws) for kind, laws in {**by_kind, "fleet": fleets}.items()},
        seconds=time.perf_counter() - started_s,
    )


def _told(laws: Sequence[MeasuredLaw]) -> dict[str, list[float]]:
    return {
        reading: np.round(law.value(TOLD), 4).tolist() for reading, law in zip(READINGS, laws, strict=True)
    }


def table_of(rows: Sequence[Row], title: str) -> Table:
    """Middles in per cent and what share of the bracket's middle they are."""
    words = [*READINGS, *(f"{reading}: share" for reading in READINGS)]
    table = Table("case", "units", "middle", *words, "aim", title=title, caption="middles in per cent")
    for row in rows:
        middles = [f"{100 * row.measured[reading]:.1f}" for reading in READINGS]
        shares = [f"{row.share(reading):.3f}" for reading in READINGS]
        aim = f"{TARGET_RATIO[row.fleet]:.2f}"
        table.add_row(row.case, str(row.fleet), f"{100 * row.erf:.1f}", *middles, *shares, aim)
    return table


def check(row: Row) -> str:
    """Whether patterns without turns against what does not wander give erf's figure."""
    off = max(abs(row.share(reading) - 1.0) for reading in READINGS)
    verdict = "as it must be" if off <= MOST_OFF else "THE METHOD IS WRONG"
    return (
        f"check, {row.case} {row.fleet}: without wander and turns {row.share(ONE_TILE):.4f} of the middle, "
        f"wanted within {MOST_OFF:.2f} of 1: {verdict}"
    )


def told(row: Row) -> str:
    """A row in a line."""
    shares = ", ".join(f"{reading} {row.share(reading):.3f}" for reading in READINGS)
    return f"{shares} of {100 * row.erf:.1f}, {row.seconds:.0f} s"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--still", action="store_true", help="particles do not wander")
    parser.add_argument("--spot", action="store_true", help="turns cost nothing")
    options = parser.parse_args()
    console, at = Console(width=160), machine()["at"]
    rows = rows_of(options, console, measure, told)
    if not rows:
        return
    relief = "".join(f", {word}" for word in ("still", "spot") if getattr(options, word))
    console.print(table_of(rows, f"seed {options.seed}{relief}, {at}"))
    if options.still and options.spot:
        for row in rows:
            console.print(check(row))


if __name__ == "__main__":
    main()
