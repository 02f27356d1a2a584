"""Many searchers on a grid, one cell a period, against a wandering target: paths with a certificate.

Answers: on which paths do J like searchers, say a swarm of uncrewed craft, leave the target undetected with
the least probability, and how far from the best possible are these paths at most? The path-constrained
moving-target problem of Royset & Sato 2010, "Route optimization for multiple searchers", Naval Research
Logistics 57: 701-717.

Model. The target is in a cell of the first period by `start_frac` and moves between periods by a Markov
chain, `step_frac`. Each searcher is at its start cell *before* the first period; in every period, the first
included, it stays or moves to one of the four neighbours and then looks once at the cell where it is. So
the first look is at most one cell from the start (period 0 of the published formulation is a move without a
look). Several may share a cell. x looks at the target's cell in one period miss it with probability
exp(-alpha x), alpha the `exposure_per_look`, independently of all other looks. With z(t, c) looks at cell c
in period t,

    f(z) = E[ exp(-alpha sum_t z(t, C_t)) ],     C_t the target's cell in period t,

is the probability of non-detection.

Certificate. Let searchers be divided: any mixture of paths that sums to J. Whole searchers are among them.
f is convex, and so is log f, for a mean of exponentials of linear functions is log-convex. Hence for *any*
z and every division y

    f(y) >= f(z) exp( grad f(z) . (y - z) / f(z) ),

and over all y the right-hand side is least for one path from each start cell, which dynamic programming
finds exactly. The largest such value met is a lower bound for every set of paths; it needs no convergence,
and is lowered by 1e-12 of itself for rounding. Its distance from f of the paths found is the gap. It has
two parts: what the paths could still gain, and what only divided searchers can reach. The second grows with
the exposure of one look; docs/explanation/many-searchers.md tells what was measured.

Method. The divided problem by pairwise Frank-Wolfe steps; its paths rounded to whole searchers by largest
remainders; then one to three searchers at a time are taken out and put back. The seed decides all that is
random; the clock decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from sarex.errors import InputError
from sarex.kernels.grid_searchers import belief_at_looks, divided_looks, rerouted
from sarex.randomness import child_generator

__all__ = [
    "Grid",
    "GridEffort",
    "GridPlan",
    "MarkovTarget",
    "SearcherTeam",
    "non_detection",
    "plan_grid_searchers",
    "wandering_target",
]

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]

_FOUR_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1))
_SUM_TOLERANCE = 1e-9
_ROUNDING = 1e-12
_MOST_ITERATIONS = 5000
_SLACK = 0.001
"""How much worse than the best, re-routing may go on from: the best of 0 to 0.004 at T = 7 to 15."""
_MOST_TAKEN_OUT = 3
_ROUTES_TRIED = 2
_WINDOWS_TRIED = 2
_SECOND_OUT, _THIRD_OUT = 0.7, 0.4
"""How often a second and a third searcher are taken out."""


@dataclass(frozen=True)
class Grid:
    """Cells in rows and columns, numbered row by row; nobody enters a closed cell."""

    rows: int
    columns: int
    closed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise InputError(
                f"the grid has {self.rows} rows and {self.columns} columns; it needs one of each or more"
            )
        strangers = sorted(cell for cell in self.closed if not 0 <= cell < self.cells)
        if strangers:
            raise InputError(
                f"closed names cell {strangers[0]}; the cells of this grid are 0 to {self.cells - 1}"
            )

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def cell(self, row: int, column: int) -> int:
        """The number of the cell in that row and column, both counted from 0."""
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise InputError(
                f"row {row}, column {column} is not on the grid; rows are 0 to {self.rows - 1} and columns "
                f"0 to {self.columns - 1}"
            )
        return row * self.columns + column

    def neighbours(self, cell: int) -> list[int]:
        """The open cells that share an edge with it."""
        row, column = divmod(cell, self.columns)
        found = [
            (row + down) * self.columns + column + right
            for down, right in _FOUR_NEIGHBOURS
            if 0 <= row + down < self.rows and 0 <= column + right < self.columns
        ]
        return [neighbour for neighbour in found if neighbour not in self.closed]


@dataclass(frozen=True)
class MarkovTarget:
    """Where the target is in the first period and where it goes between periods."""

    start_frac: Floats
    """(cell,), summing to one."""
    step_frac: Floats
    """(cell, cell): from row to column, each row summing to one."""

    def __post_init__(self) -> None:
        cells = self.start_frac.size
        if self.start_frac.shape != (cells,) or self.step_frac.shape != (cells, cells):
            raise InputError(
                f"start_frac has the shape {self.start_frac.shape} and step_frac {self.step_frac.shape}; "
                "they must be (cell,) and (cell, cell)"
            )
        for name, rows in (("start_frac", self.start_frac[np.newaxis]), ("step_frac", self.step_frac)):
            totals = rows.sum(axis=1)
            if not (np.all(rows >= 0.0) and np.all(np.abs(totals - 1.0) <= _SUM_TOLERANCE)):
                raise InputError(
                    f"{name} has sums from {totals.min():.6g} to {totals.max():.6g} and the least entry "
                    f"{rows.min():.6g}; probabilities are 0 or more and sum to 1: divide each row by its sum"
                )


@dataclass(frozen=True)
class SearcherTeam:
    """Like searchers, told apart only by where they start."""

    start_cells: tuple[int, ...]
    """One for each searcher, before the first period."""
    exposure_per_look: float
    """alpha: a look at the target's cell misses it with probability exp(-alpha)."""

    def __post_init__(self) -> None:
        if not self.start_cells:
            raise InputError("start_cells is empty; give the start cell of one searcher or more")
        if not 0.0 < self.exposure_per_look < inf:
            raise InputError(
                f"exposure_per_look is {self.exposure_per_look}; it must be above 0 and finite. "
                "A look that detects with probability p has the exposure -ln(1 - p)"
            )


@dataclass(frozen=True)
class GridEffort:
    """How hard to look for better paths. The bound holds whatever these are."""

    rerouting_rounds: int = 5000
    divided_gap_frac: float = 2e-4
    """The relative gap at which the divided problem is taken as solved."""
    enough_gap_frac: float = 0.0
    """Stop re-routing as soon as the certified gap is this small."""


@dataclass(frozen=True)
class GridPlan:
    """Paths, and between which values the best possible probability of non-detection lies."""

    paths: Cells = field(repr=False)
    """(searcher, period): cells, in the order of `start_cells`."""
    non_detection_frac: float
    """Of these paths: the best possible is no more."""
    at_least_frac: float
    """No paths have less."""

    @property
    def gap_frac(self) -> float:
        """(non_detection - at_least) / at_least."""
        if self.at_least_frac <= 0.0:
            return inf
        return self.non_detection_frac / self.at_least_frac - 1.0


def wandering_target(grid: Grid, start_cell: int, stay_frac: float) -> MarkovTarget:
    """A target known to be in `start_cell` that stays with `stay_frac`, else moves to a neighbour.

    The neighbours share the rest evenly, also at the border, where there are fewer; without any it stays.
    """
    _check_open(grid, [start_cell], "start_cell")
    if not 0.0 <= stay_frac <= 1.0:
        raise InputError(f"stay_frac is {stay_frac}; a probability is between 0 and 1")
    step_frac = np.zeros((grid.cells, grid.cells))
    for cell in range(grid.cells):
        neighbours = grid.neighbours(cell)
        step_frac[cell, cell] = stay_frac if neighbours else 1.0
        for neighbour in neighbours:
            step_frac[cell, neighbour] = (1.0 - stay_frac) / len(neighbours)
    start_frac = np.zeros(grid.cells)
    start_frac[start_cell] = 1.0
    return MarkovTarget(start_frac, step_frac)


def non_detection(
    grid: Grid, target: MarkovTarget, team: SearcherTeam, paths: Sequence[Sequence[int]]
) -> float:
    """Probability that searchers on `paths` (searcher, period) miss the target; the moves are checked."""
    _check_fits(grid, target, team)
    if len(paths) != len(team.start_cells) or len({len(path) for path in paths}) != 1 or not len(paths[0]):
        raise InputError(
            f"{len(paths)} paths of {sorted({len(path) for path in paths})} periods for "
            f"{len(team.start_cells)} searchers; give each one path, all of the same one period or more"
        )
    looks = np.zeros((len(paths[0]), grid.cells))
    for searcher, (start, path) in enumerate(zip(team.start_cells, paths, strict=True)):
        _check_open(grid, path, f"the path of searcher {searcher}")
        before = start
        for period, cell in enumerate(path):
            if cell != before and cell not in grid.neighbours(before):
                raise InputError(
                    f"searcher {searcher} is in cell {before} and then, in period {period + 1}, in {cell}; "
                    "it can only stay or move to an open cell that shares an edge"
                )
            looks[period, cell] += 1.0
            before = cell
    return belief_at_looks(_sparse(target), looks, team.exposure_per_look)[0]


def plan_grid_searchers(
    grid: Grid,
    target: MarkovTarget,
    team: SearcherTeam,
    periods: int,
    *,
    effort: GridEffort | None = None,
    seed: int = 0,
) -> GridPlan:
    """Paths of least probability of non-detection over `periods`, with a bound that no paths can beat."""
    _check_fits(grid, target, team)
    if periods < 1:
        raise InputError(f"periods is {periods}; a search has one period or more")
    effort = effort or GridEffort()
    sparse, moves, exposure = _sparse(target), _moves(grid), team.exposure_per_look
    starts = np.array(team.start_cells, dtype=np.int64)
    distinct, group_of, count = np.unique(starts, return_inverse=True, return_counts=True)
    limits = (_MOST_ITERATIONS, effort.divided_gap_frac)
    groups = (distinct, count.astype(np.float64))
    bound, _, mixture, amount, owner = divided_looks(sparse, moves, exposure, groups, periods, limits)
    at_least = bound * (1.0 - _ROUNDING)
    paths = np.empty((starts.size, periods), dtype=np.int64)
    for group in range(distinct.size):
        mine = owner == group
        paths[group_of == group] = _whole(mixture[mine], amount[mine], int(count[group]))
    picks = _picks(starts.size, effort.rerouting_rounds, seed)
    enough = (_SLACK, at_least * (1.0 + effort.enough_gap_frac))
    undetected, paths = rerouted(sparse, moves, exposure, starts, paths, picks, enough)
    return GridPlan(paths, undetected, min(at_least, undetected))


def _whole(paths: Cells, amount: Floats, searchers: int) -> Cells:
    """Paths (searcher, period) of whole searchers: largest remainders of the divided amounts (path,)."""
    whole = np.floor(amount + _SUM_TOLERANCE).astype(np.int64)
    short = searchers - int(whole.sum())
    whole[np.argsort(whole - amount, kind="stable")[:short]] += 1
    return np.repeat(paths, whole, axis=0)


def _picks(searchers: int, rounds: int, seed: int) -> tuple[Cells, Floats, Floats]:
    """Who is taken out in each round, (round, pick), -1 for nobody, none twice; and the draws for routes."""
    random = child_generator(seed, "grid searchers")
    picks = random.integers(searchers, size=(rounds, _MOST_TAKEN_OUT))
    picks[random.random(rounds) >= _SECOND_OUT, 1] = -1
    picks[random.random(rounds) >= _THIRD_OUT, 2] = -1
    picks[picks[:, 1] == picks[:, 0], 1] = -1
    picks[(picks[:, 2] == picks[:, 0]) | (picks[:, 2] == picks[:, 1]), 2] = -1
    return picks, random.random((rounds, _ROUTES_TRIED)), random.random((rounds, _WINDOWS_TRIED, 2))


def _moves(grid: Grid) -> Cells:
    """Where a searcher can be next, (cell, move), staying first, padded with -1."""
    moves = np.full((grid.cells, 1 + len(_FOUR_NEIGHBOURS)), -1, dtype=np.int64)
    for cell in range(grid.cells):
        reached = [cell, *grid.neighbours(cell)]
        moves[cell, : len(reached)] = reached
    return moves


def _sparse(target: MarkovTarget) -> tuple[Floats, Cells, Floats]:
    """The target in the kernel's form: only the steps that can happen."""
    most = int(np.count_nonzero(target.step_frac, axis=1).max())
    next_cell = np.argsort(target.step_frac == 0.0, axis=1, kind="stable")[:, :most].astype(np.int64)
    next_frac = np.take_along_axis(target.step_frac, next_cell, axis=1).astype(np.float64)
    return (
        target.start_frac.astype(np.float64),
        np.ascontiguousarray(next_cell),
        np.ascontiguousarray(next_frac),
    )


def _check_fits(grid: Grid, target: MarkovTarget, team: SearcherTeam) -> None:
    if target.start_frac.size != grid.cells:
        raise InputError(
            f"the target has {target.start_frac.size} cells and the grid {grid.cells}; make them the same"
        )
    _check_open(grid, team.start_cells, "start_cells")


def _check_open(grid: Grid, cells: Sequence[int], name: str) -> None:
    for cell in cells:
        if not 0 <= cell < grid.cells or cell in grid.closed:
            raise InputError(
                f"{name} has cell {cell}, which is closed or not on the grid; cells are 0 to "
                f"{grid.cells - 1}, and {len(grid.closed)} of them are closed"
            )
