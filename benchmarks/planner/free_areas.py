"""How much of the optimum can one area for each unit reach, if nothing else hinders?

    python benchmarks/planner/free_areas.py [--case NAME] [--fleet N] [--seed K] [--data FORCING]
                                            [--starts S] [--pieces K] [--json FILE]

A plan of Sarex gives each unit one area in a sortie, searched evenly or nearly so. `pos_optimum` shares
effort out freely instead, over cells of space and ten minutes of time. What the areas themselves cost is
measured here by another search than the planner's: rectangles of any place, direction and size, one for each
unit, are all moved at once uphill (`soft_areas.py`), from several random starts of which the best counts.
They may overlap, lie over land and closed water, and be reached straight; the searching inside is perfectly
even. A particle in several areas is missed by each on its own (exposures add), as by ladders that know
nothing of one another. Three readings, each of the best areas for what it counts:

- areas: no particle moves and turns take no time; over the middle of the bracket for such particles. What is
  missing to 1 is what areas cost.
- wander: particles move as those of the belief do.
- turns: so do craft. What plans lack beside that is for rules, land and the search.

Each value is the middle between what the areas find of the particles on which they were moved (too high by
chance) and of those of the reported draw (too low), as the bracket's middle is of its ends. It is the best
found, not a bound; but it comes from another method, without the rules. `apart` tells how far starts differ.

`--pieces` asks what several areas for a unit, one after another, would reach: each unit's time at the datum
is cut into so many parts, in each of which it may be anywhere, with no way from one to the next, nor out.
More areas are harder to find on as many particles: a figure below that of one area says that they were not
found to pay, no more.

The folder of the coastal case's forcing is named with `--data`; without it the case is left out.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from cases import benchmark_case
from readings import arguments, rows_of
from rich.console import Console
from rich.table import Table
from run import TARGET_RATIO, machine
from soft_areas import climbed, hours_at, value_of_areas

from sarex import mission
from sarex.clock import to_posix_s
from sarex.kernels.ladder_front import (
    DEPARTS,
    ENDURANCE_UNTIL,
    HOME_X,
    HOME_Y,
    LEAVE_BY,
    SEARCH_FROM,
    START_X,
    START_Y,
    TRANSIT_SPEED,
    Fleet,
)
from sarex.planning.certificate import _effort_unit as effort_unit_of
from sarex.planning.certificate import _tracks as tracks_of
from sarex.planning.quick_search import Pooled, fleet_of, pooled
from sarex.planning.readiness import made_ready
from sarex.planning.relaxation import optimum_bracket
from sarex.planning.waters import Waters

PARTICLES, PARTICLES_A_UNIT = 12_000, 400
"""Areas are moved on so many particles, or so many for each unit."""
STARTS = {3: 8, 8: 6, 20: 3, 100: 2}
READINGS = ("areas", "wander", "turns")


@dataclass(frozen=True)
class Row:
    """One case: the middle of its bracket and of each reading."""

    case: str
    fleet: int
    seed: int
    middle: dict[str, float]
    """Of the bracket, by reading."""
    found: dict[str, float]
    """By reading."""
    apart: float
    """Between the best start and the one in the middle, with wander and turns, as a share of the best."""
    seconds: float

    def share(self, reading: str) -> float:
        return self.found[reading] / self.middle[reading]


def measure(name: str, fleet: int, options: argparse.Namespace) -> Row:
    """The best areas found for a case, in all readings."""
    started_s = time.perf_counter()
    case = benchmark_case(name, fleet, options.seed, options.data)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    units = [effort_unit_of(crew) for crew in ready.crews]
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    draws = ready.rehearsal, ready.left
    still = tuple(_stilled(waters) for waters in draws)
    flown = in_pieces(fleet_of(ready.crews, ready.rehearsal, ready.drift), ready.drift.datum, options.pieces)
    at_rest = flown._replace(drift=np.zeros_like(flown.drift))
    wanted = max(PARTICLES, PARTICLES_A_UNIT * fleet)
    own, unseen, own_still, unseen_still = (_thinned(waters, wanted) for waters in (*draws, *still))
    starts = options.starts or STARTS[fleet]
    found = {
        "areas": max(_values(at_rest, own_still, unseen_still, starts, turns=False)),
        "wander": max(_values(flown, own, unseen, starts, turns=False)),
    }
    middle, middle_still = (
        0.5 * sum(optimum_bracket(units, tracks_of(one), tracks_of(other), *window_s))
        for one, other in (draws, still)
    )
    values = sorted(_values(flown, own, unseen, starts, turns=True))
    return Row(
        case=name,
        fleet=fleet,
        seed=options.seed,
        middle={"areas": middle_still, "wander": middle, "turns": middle},
        found={**found, "turns": values[-1]},
        apart=1.0 - float(np.median(values)) / values[-1],
        seconds=time.perf_counter() - started_s,
    )


def in_pieces(fleet: Fleet, datum: tuple[float, float], pieces: int) -> Fleet:
    """The fleet with each unit as so many, at the datum for a part of its time there each."""
    if pieces == 1:
        return fleet
    units = np.repeat(fleet.units, pieces, axis=0)
    for number, unit in enumerate(units):
        begin_s, end_s = hours_at(unit, *datum, fleet.search_share)
        piece_s = (end_s - begin_s) / pieces
        unit[[START_X, HOME_X]], unit[[START_Y, HOME_Y]] = datum
        unit[SEARCH_FROM] = begin_s + number % pieces * piece_s
        # of the time on scene a share is searched: the whole of the part
        unit[LEAVE_BY] = unit[SEARCH_FROM] + piece_s / fleet.search_share
        unit[DEPARTS], unit[ENDURANCE_UNTIL], unit[TRANSIT_SPEED] = unit[SEARCH_FROM], np.inf, np.inf
    return fleet._replace(units=units, widths=np.repeat(fleet.widths, pieces, axis=0))


def _thinned(waters: Waters, wanted: int) -> Pooled:
    return pooled(waters, None, max(1, round(waters.weight.size / wanted)), 0)


def _stilled(waters: Waters) -> Waters:
    """The particles where they are in the middle of the window, all the time; afloat as they were."""
    k = waters.x_m.shape[0] // 2
    x_m, y_m = (np.repeat(xy[k : k + 1], len(xy), axis=0) for xy in (waters.x_m, waters.y_m))
    return replace(waters, x_m=x_m, y_m=y_m)


def _values(fleet: Fleet, own: Pooled, unseen: Pooled, starts: int, *, turns: bool) -> list[float]:
    """Of each start the middle of what is found of the own and the unseen particles."""
    values = []
    for seed in range(starts):
        ascent = climbed(fleet, own, seed, turns=turns)
        values.append(0.5 * (ascent.value + value_of_areas(fleet, unseen, ascent.areas, turns=turns)))
    return values


def table_of(rows: list[Row], title: str) -> Table:
    """Shares of the bracket's middle."""
    table = Table(
        "case", "units", "middle", *READINGS, "apart", "aim", title=title, caption="shares of the middle"
    )
    for row in rows:
        shares = [f"{row.share(reading):.3f}" for reading in READINGS]
        table.add_row(
            row.case, str(row.fleet), f"{100 * row.middle['turns']:.1f}", *shares, f"{row.apart:.3f}",
            f"{TARGET_RATIO[row.fleet]:.2f}",
        )  # fmt: skip
    return table


def told(row: Row) -> str:
    """A row in a line."""
    shares = ", ".join(f"{reading} {row.share(reading):.3f}" for reading in READINGS)
    return f"{shares} of {100 * row.middle['turns']:.1f}, {row.seconds:.0f} s"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--starts", type=int, help=f"instead of {STARTS} by fleet")
    parser.add_argument("--pieces", type=int, default=1, help="so many areas for a unit, one after another")
    options = parser.parse_args()
    console, at = Console(width=160), machine()["at"]
    rows = rows_of(options, console, measure, told)
    if rows:
        pieces = f", {options.pieces} areas a unit" if options.pieces > 1 else ""
        console.print(table_of(rows, f"seed {options.seed}{pieces}, {at}"))


if __name__ == "__main__":
    main()
