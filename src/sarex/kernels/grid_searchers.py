"""Loops of the many-searchers problem: a Markov target, looks, paths of most worth, divided searchers.

Words: cells are numbered row by row; `looks` (period, cell) is the number of looks, whole or divided, at a
cell in a period; `moves` (cell, move) are the cells in which a searcher can be next, padded with -1; a
target is (start_frac (cell,), next_cell (cell, step), next_frac (cell, step)): where it is in the first
period, where it goes, and with which probability, padded with probability 0. Single-threaded on purpose:
sums are taken in one order, so the answer does not depend on the number of threads. What is minimised, and
why the bound holds, is told in `sarex.planning.grid_searchers`.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]
Target = tuple[Floats, Cells, Floats]

_NEWTON_STEPS = 12
_STEP_TOLERANCE = 1e-9
_EXCHANGES = 10
"""Exchanges among the paths in use after each new path; 0 and 10 were tried, 10 needs half the time."""
_MOST_PATHS = 4096
_LONGEST_WINDOW = 4


@njit(cache=True, nogil=True)
def belief_at_looks(target: Target, looks: Floats, exposure: float) -> tuple[float, Floats]:
    """Probability that no look finds the target, and the missed belief at each look, (period, cell).

    The missed belief is the probability that the target is in that cell in that period *and* that no look of
    any period, before or after, finds it: forward times backward recursion. The slope of the probability in
    a look is minus `exposure` times it.
    """
    start_frac, next_cell, next_frac = target
    periods, cells = looks.shape
    missed = np.exp(-exposure * looks)
    belief = np.zeros((periods, cells))
    belief[0] = start_frac
    for period in range(periods):
        for cell in range(cells):
            belief[period, cell] *= missed[period, cell]
            here = belief[period, cell]
            if here > 0.0 and period + 1 < periods:
                for step in range(next_cell.shape[1]):
                    belief[period + 1, next_cell[cell, step]] += here * next_frac[cell, step]
    undetected = np.sum(belief[periods - 1])
    after = np.ones(cells)
    for back in range(1, periods):
        period = periods - 1 - back
        ahead = after * missed[period + 1]
        for cell in range(cells):
            after[cell] = 0.0
            for step in range(next_cell.shape[1]):
                after[cell] += next_frac[cell, step] * ahead[next_cell[cell, step]]
            belief[period, cell] *= after[cell]
    return undetected, belief


@njit(cache=True, nogil=True)
def path_of_most_worth(worth: Floats, moves: Cells, start: int) -> tuple[float, Cells]:
    """The path over `worth` (period, cell) that gathers most: its sum and its cells, (period,).

    The first cell is one move from `start`. Dynamic programming from the last period.
    """
    periods, cells = worth.shape
    best = worth.copy()
    choice = np.full((periods, cells), -1)
    for back in range(1, periods):
        period = periods - 1 - back
        for cell in range(cells):
            top = -np.inf
            for move in range(moves.shape[1]):
                following = moves[cell, move]
                if following >= 0 and best[period + 1, following] > top:
                    top = best[period + 1, following]
                    choice[period, cell] = following
            best[period, cell] += top
    path = np.empty(periods, dtype=np.int64)
    top = -np.inf
    for move in range(moves.shape[1]):
        following = moves[start, move]
        if following >= 0 and best[0, following] > top:
            top = best[0, following]
            path[0] = following
    for period in range(1, periods):
        path[period] = choice[period - 1, path[period - 1]]
    return top, path


@njit(cache=True, nogil=True)
def slopes_along(
    target: Target, looks: Floats, exposure: float, toward: Cells, away: Cells, amount: float
) -> tuple[float, float]:
    """First and second derivative of the probability in `amount`, shifted from the path `away` to `toward`.

    The probability is a mean of exponentials over the target's paths; the derivatives are the first and
    second moments of the looks gained, carried through the forward recursion.
    """
    start_frac, next_cell, next_frac = target
    periods, cells = looks.shape
    moment = np.zeros((3, cells))
    moment[0] = start_frac
    for period in range(periods):
        following = np.zeros((3, cells))
        for cell in range(cells):
            if moment[0, cell] <= 0.0:
                continue
            gained = 1.0 * (cell == toward[period]) - 1.0 * (cell == away[period])
            missed = math.exp(-exposure * (looks[period, cell] + amount * gained))
            zeroth, first, second = moment[0, cell], moment[1, cell], moment[2, cell]
            second = missed * (second + gained * (2.0 * first + gained * zeroth))
            first = missed * (first + gained * zeroth)
            zeroth *= missed
            if period + 1 == periods:
                following[0, cell], following[1, cell], following[2, cell] = zeroth, first, second
                continue
            for step in range(next_cell.shape[1]):
                share, place = next_frac[cell, step], next_cell[cell, step]
                following[0, place] += share * zeroth
                following[1, place] += share * first
                following[2, place] += share * second
        moment = following
    return -exposure * np.sum(moment[1]), exposure * exposure * np.sum(moment[2])


@njit(cache=True, nogil=True)
def _best_amount(
    target: Target, looks: Floats, exposure: float, toward: Cells, away: Cells, most: float
) -> float:
    """How much to shift from `away` to `toward`, 0 to `most`: Newton's method inside a shrinking bracket."""
    slope, _ = slopes_along(target, looks, exposure, toward, away, most)
    if slope <= 0.0:
        return most
    low, high, amount = 0.0, most, 0.0
    for _ in range(_NEWTON_STEPS):
        slope, curvature = slopes_along(target, looks, exposure, toward, away, amount)
        if slope < 0.0:
            low = amount
        elif amount > 0.0:
            high = amount
        else:
            return 0.0
        wanted = amount - slope / curvature if curvature > 0.0 else high
        if not low < wanted < high:
            wanted = 0.5 * (low + high)
        moved = abs(wanted - amount)
        amount = wanted
        if moved <= _STEP_TOLERANCE * most:
            break
    return amount


@njit(cache=True, nogil=True)
def _least_and_most_worth(belief: Floats, paths: Cells, owner: Cells, group: int) -> tuple[int, int, float]:
    """Of a group's paths (path, period) the one with least missed belief, the one with most, and how much."""
    worst, best, low, high = -1, -1, np.inf, -np.inf
    for index in range(paths.shape[0]):
        if owner[index] != group:
            continue
        total = 0.0
        for period in range(paths.shape[1]):
            total += belief[period, paths[index, period]]
        if total < low:
            low, worst = total, index
        if total > high:
            high, best = total, index
    return worst, best, high


@njit(cache=True, nogil=True)
def _add(looks: Floats, path: Cells, amount: float) -> None:
    """Adds `amount` looks along a path, in place."""
    for period in range(path.size):
        looks[period, path[period]] += amount


@njit(cache=True, nogil=True)
def _tangent_bound(
    undetected: float,
    belief: Floats,
    looks: Floats,
    exposure: float,
    moves: Cells,
    groups: tuple[Cells, Floats],
) -> float:
    """The tangent of log f at `looks` where it is least over all divisions of the searchers."""
    gain = -np.sum(belief * looks)
    for group in range(groups[0].size):
        gain += groups[1][group] * path_of_most_worth(belief, moves, groups[0][group])[0]
    return undetected * math.exp(-exposure * gain / undetected) if undetected > 0.0 else 0.0


@njit(cache=True, nogil=True)
def divided_looks(
    target: Target,
    moves: Cells,
    exposure: float,
    groups: tuple[Cells, Floats],
    periods: int,
    limits: tuple[int, float],
) -> tuple[float, float, Cells, Floats, Cells]:
    """The best use of searchers that can be divided, by pairwise Frank-Wolfe steps over paths.

    `groups` are the start cells (group,) and the searchers at each (group,); `limits` the most iterations
    and the relative gap at which to stop. Lacoste-Julien & Jaggi 2015, "On the global linear convergence of
    Frank-Wolfe optimization variants": the path of least worth in use gives to the path of most worth.

    Returns:
        A lower bound; the probability that no look finds the target; the paths in use (path, period), the
        searchers on each (path,) and the group of each (path,).
    """
    starts, searchers = groups
    room = _MOST_PATHS + 2 * starts.size
    paths = np.zeros((room, periods), dtype=np.int64)
    amount, owner = np.zeros(room), np.full(room, -1)
    looks = np.zeros((periods, target[0].size))
    undetected, belief = belief_at_looks(target, looks, exposure)
    used = 0
    for group in range(starts.size):
        _, paths[used] = path_of_most_worth(belief, moves, starts[group])
        amount[used], owner[used] = searchers[group], group
        _add(looks, paths[used], searchers[group])
        used += 1
    lower = 0.0
    for _ in range(limits[0]):
        undetected, belief = belief_at_looks(target, looks, exposure)
        lower = max(lower, _tangent_bound(undetected, belief, looks, exposure, moves, groups))
        if undetected <= lower * (1.0 + limits[1]) or used + starts.size > room:
            break
        for group in range(starts.size):
            for exchange in range(_EXCHANGES + 1):
                undetected, belief = belief_at_looks(target, looks, exposure)
                worst, best, most = _least_and_most_worth(belief, paths[:used], owner, group)
                if exchange == 0:
                    worth, path = path_of_most_worth(belief, moves, starts[group])
                    if worth > most * (1.0 + 1e-12):
                        best = used
                        paths[best], owner[best], amount[best] = path, group, 0.0
                        used += 1
                if best == worst:
                    break
                step = _best_amount(target, looks, exposure, paths[best], paths[worst], amount[worst])
                _add(looks, paths[best], step)
                _add(looks, paths[worst], -step)
                amount[best] += step
                amount[worst] -= step
                if amount[worst] <= 0.0:
                    used -= 1
                    paths[worst], amount[worst], owner[worst] = paths[used], amount[used], owner[used]
    undetected, _ = belief_at_looks(target, looks, exposure)
    return lower, undetected, paths[:used], amount[:used], owner[:used]


@njit(cache=True, nogil=True)
def _insert(
    target: Target, moves: Cells, exposure: float, start: int, looks: Floats, draws: tuple[Floats, Floats]
) -> tuple[float, Cells]:
    """A path for one more searcher, added to `looks` in place: the probability then, and the path.

    The gain of a path is not the sum of its looks' gains, for a target can be met twice. So the looks are
    weighed by the missed belief without the searcher, then by mixtures of it with the belief after the
    route just found, in shares `draws[0]` (route,); the best route, each reckoned exactly, is taken. Then
    windows of it, from and for as long as `draws[1]` (window, 2) say, are chosen anew with the rest as it is.
    """
    periods = looks.shape[0]
    _, belief = belief_at_looks(target, looks, exposure)
    least, chosen = np.inf, np.empty(periods, dtype=np.int64)
    for mix in draws[0]:
        _, path = path_of_most_worth(belief, moves, start)
        _add(looks, path, 1.0)
        undetected, belief_after = belief_at_looks(target, looks, exposure)
        _add(looks, path, -1.0)
        if undetected < least:
            least, chosen = undetected, path
        belief = (1.0 - mix) * belief + mix * belief_after
    _add(looks, chosen, 1.0)
    for window in draws[1]:
        first = int(window[0] * periods)
        last = first + int(window[1] * _LONGEST_WINDOW)
        _add(looks[first : last + 1], chosen[first : last + 1], -1.0)
        _, worth = belief_at_looks(target, looks, exposure)
        for period in range(periods):
            if not first <= period <= last:
                worth[period] = -np.inf
                worth[period, chosen[period]] = 0.0
        _, path = path_of_most_worth(worth, moves, start)
        _add(looks[first : last + 1], path[first : last + 1], 1.0)
        undetected, _ = belief_at_looks(target, looks, exposure)
        if undetected < least:
            least, chosen = undetected, path
        else:
            _add(looks[first : last + 1], path[first : last + 1], -1.0)
            _add(looks[first : last + 1], chosen[first : last + 1], 1.0)
    return least, chosen


@njit(cache=True, nogil=True)
def rerouted(
    target: Target,
    moves: Cells,
    exposure: float,
    starts: Cells,
    paths: Cells,
    picks: tuple[Cells, Floats, Floats],
    limits: tuple[float, float],
) -> tuple[float, Cells]:
    """Whole searchers' paths (searcher, period) made better by taking a few out and putting each back best.

    Each row of `picks[0]` (round, pick) names the searchers to take out, -1 for none; `picks[1]`
    (round, route) and `picks[2]` (round, window, 2) are the draws of `_insert`. The result is kept to go on
    from if it is below the best so far times 1 + slack; slack falls linearly from `limits[0]` to 0 (Dueck
    1993, "New optimization heuristics", record-to-record travel). Ends early at a probability of `limits[1]`.

    Returns:
        The best probability that no look finds the target, and its paths.
    """
    searchers, periods = paths.shape
    looks = np.zeros((periods, target[0].size))
    for searcher in range(searchers):
        _add(looks, paths[searcher], 1.0)
    best, _ = belief_at_looks(target, looks, exposure)
    kept, current = paths.copy(), paths.copy()
    who, mixes, windows = picks
    for turn in range(who.shape[0]):
        if best <= limits[1]:
            break
        trial, trial_looks, value = current.copy(), looks.copy(), best
        for searcher in who[turn]:
            if searcher >= 0:
                _add(trial_looks, trial[searcher], -1.0)
        for searcher in who[turn]:
            if searcher >= 0:
                value, trial[searcher] = _insert(
                    target, moves, exposure, starts[searcher], trial_looks, (mixes[turn], windows[turn])
                )
        if value < best * (1.0 + limits[0] * (1.0 - turn / who.shape[0])):
            current, looks = trial, trial_looks
            if value < best:
                best, kept = value, trial.copy()
    return best, kept
