"""Loops of the effort relaxation: particles collect coverage from cells, cells collect gain from particles.

Single-threaded on purpose: sums are taken in one order, so the answer does not depend on the number of
threads. Shapes use the words of `sarex.planning.relaxation_solver`: a *cell* belongs to one time slice,
and slice `s` owns the cells `first_cell[s]` to `first_cell[s + 1]`.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FADED = 1.0e-9
"""Share of an even spread below which a reachable cell's effort does not fade, so that it can come back."""


@njit(cache=True, nogil=True)
def collected_coverage(cell_of: NDArray[np.int32], object_type: NDArray[np.int64], density: Floats) -> Floats:
    """Coverage of each particle, (particle,): the sum of `density` (object_type, cell) along its cells.

    `cell_of` is (particle, sample), with -1 where the particle is not afloat or in no known cell.
    """
    coverage = np.zeros(cell_of.shape[0])
    for particle in range(cell_of.shape[0]):
        kind = object_type[particle]
        total = 0.0
        for sample in range(cell_of.shape[1]):
            cell = cell_of[particle, sample]
            if cell >= 0:
                total += density[kind, cell]
        coverage[particle] = total
    return coverage


@njit(cache=True, nogil=True)
def gain_of_density(
    cell_of: NDArray[np.int32], object_type: NDArray[np.int64], slope: Floats, shape: tuple[int, int]
) -> Floats:
    """The transpose of `collected_coverage`: what unit density is worth, (object_type, cell)."""
    gain = np.zeros(shape)
    for particle in range(cell_of.shape[0]):
        kind = object_type[particle]
        worth = slope[particle]
        for sample in range(cell_of.shape[1]):
            cell = cell_of[particle, sample]
            if cell >= 0:
                gain[kind, cell] += worth
    return gain


@njit(cache=True, nogil=True)
def density_of_effort(effort_s: Floats, per_second: Floats, sweep_rate: Floats) -> Floats:
    """Coverage density (object_type, cell) of effort (group, cell) in seconds.

    `per_second` (group, cell) is one over cell area and samples, times the relative-speed factor;
    `sweep_rate` (group, object_type) is in m2/s.
    """
    density = np.zeros((sweep_rate.shape[1], effort_s.shape[1]))
    for group in range(effort_s.shape[0]):
        for kind in range(sweep_rate.shape[1]):
            rate = sweep_rate[group, kind]
            for cell in range(effort_s.shape[1]):
                density[kind, cell] += rate * per_second[group, cell] * effort_s[group, cell]
    return density


@njit(cache=True, nogil=True)
def gain_of_effort(gain: Floats, per_second: Floats, sweep_rate: Floats) -> Floats:
    """The transpose of `density_of_effort`: what a second of each group is worth, (group, cell)."""
    worth = np.zeros(per_second.shape)
    for group in range(per_second.shape[0]):
        for kind in range(sweep_rate.shape[1]):
            rate = sweep_rate[group, kind]
            for cell in range(per_second.shape[1]):
                worth[group, cell] += rate * per_second[group, cell] * gain[kind, cell]
    return worth


@njit(cache=True, nogil=True)
def best_linear_value(worth: Floats, first_cell: NDArray[np.int64], cap_s: Floats, total_s: Floats) -> float:
    """Largest value of a linear objective `worth` (group, cell) over the time budgets.

    Per group: the best cell of each slice, slices filled in order of worth up to `cap_s` (group, slice)
    until `total_s` (group,) is spent. Unreachable cells have worth zero.
    """
    slices = cap_s.shape[1]
    best = np.empty(slices)
    value = 0.0
    for group in range(worth.shape[0]):
        for piece in range(slices):
            best[piece] = 0.0
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                best[piece] = max(best[piece], worth[group, cell])
        left = total_s[group]
        for _ in range(slices):
            top = 0
            for piece in range(slices):
                if best[piece] > best[top]:
                    top = piece
            spent = min(left, cap_s[group, top])
            value += spent * max(best[top], 0.0)
            left -= spent
            best[top] = -1.0
    return value


@njit(cache=True, nogil=True)
def worth_of_choices(worth: Floats, first_cell: NDArray[np.int64], choices_s: Floats) -> Floats:
    """Value of a linear objective `worth` (group, cell) under each alternative of budgets, (group, choice).

    `choices_s` (group, choice, slice) is spent in the best cell of each slice.
    """
    groups, choices, slices = choices_s.shape
    value = np.zeros((groups, choices))
    for group in range(groups):
        for piece in range(slices):
            best = 0.0
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                best = max(best, worth[group, cell])
            for choice in range(choices):
                value[group, choice] += best * choices_s[group, choice, piece]
    return value


@njit(cache=True, nogil=True)
def reweighted_effort(
    effort_s: Floats,
    worth: Floats,
    step: Floats,
    per_second: Floats,
    first_cell: NDArray[np.int64],
    cap_s: Floats,
    total_s: Floats,
) -> Floats:
    """One exponentiated-gradient step of the effort (group, cell), brought back into the time budgets.

    Multiplies by exp(step * (worth - largest worth)), `step` (group,), then projects in the sense of
    Kullback and Leibler: one common factor per group, and a smaller one in slices that would overflow.
    """
    new = np.zeros(effort_s.shape)
    slices = cap_s.shape[1]
    mass = np.empty(slices)
    factor = np.empty(slices)
    for group in range(effort_s.shape[0]):
        top = 0.0
        for cell in range(effort_s.shape[1]):
            top = max(top, worth[group, cell])
        floor = _FADED * total_s[group] / max(effort_s.shape[1], 1)
        for piece in range(slices):
            mass[piece] = 0.0
            factor[piece] = -1.0
            if cap_s[group, piece] <= 0.0:
                continue
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                if per_second[group, cell] > 0.0:
                    grown = effort_s[group, cell] * math.exp(step[group] * (worth[group, cell] - top))
                    new[group, cell] = max(grown, floor)
                    mass[piece] += new[group, cell]
        left = total_s[group]
        for _ in range(slices):
            free = 0.0
            for piece in range(slices):
                if factor[piece] < 0.0:
                    free += mass[piece]
            common = max(left, 0.0) / free if free > 0.0 else 0.0
            overflow = False
            for piece in range(slices):
                if factor[piece] < 0.0 and mass[piece] * common > cap_s[group, piece]:
                    factor[piece] = cap_s[group, piece] / mass[piece]
                    left -= cap_s[group, piece]
                    overflow = True
            if not overflow:
                break
        for piece in range(slices):
            share = factor[piece] if factor[piece] >= 0.0 else common
            for cell in range(first_cell[piece], first_cell[piece + 1]):
                new[group, cell] *= share
    return new


@njit(cache=True, nogil=True)
def error_function(values: Floats) -> Floats:
    """erf of each value, (particle,)."""
    result = np.empty(values.shape[0])
    for index in range(values.shape[0]):
        result[index] = math.erf(values[index])
    return result


@njit(cache=True, nogil=True)
def _is_split(
    xy_m: Floats, weight: Floats, members: NDArray[np.int64], square: Floats, rule: tuple[float, float, float]
) -> bool:
    """Whether a square (lower left x and y, side) has so many particles, or so uneven ones, that it is split.

    `rule` is (effective number that always splits, effective number that may, chi-square that then does),
    the chi-square that of a grid of 4 by 4 against an even spread.
    """
    total, squares = 0.0, 0.0
    grid = np.zeros(16)
    for member in members:
        column = min(max(int((xy_m[member, 0] - square[0]) / square[2] * 4.0), 0), 3)
        row = min(max(int((xy_m[member, 1] - square[1]) / square[2] * 4.0), 0), 3)
        grid[4 * row + column] += weight[member]
        total += weight[member]
        squares += weight[member] ** 2
    effective = total * total / squares if squares > 0.0 else 0.0
    if effective >= rule[0]:
        return True
    if effective < rule[1]:
        return False
    even = effective / 16.0
    uneven = 0.0
    for here in grid:
        uneven += (here / total * effective - even) ** 2 / even
    return uneven > rule[2]


@njit(cache=True, nogil=True)
def _boxed_area(
    xy_m: Floats, weight: Floats, members: NDArray[np.int64], side_m: float, smallest_m: float
) -> float:
    """Area of a leaf: its square, or the box along the particles' principal axes where that is smaller.

    n points evenly spread over a length span (n - 1) / (n + 1) of it on the average, so the box is grown by
    the inverse; its sides are `smallest_m` or more.
    """
    total, squares, mean_x, mean_y = 0.0, 0.0, 0.0, 0.0
    for member in members:
        total += weight[member]
        squares += weight[member] ** 2
        mean_x += weight[member] * xy_m[member, 0]
        mean_y += weight[member] * xy_m[member, 1]
    effective = total * total / squares if squares > 0.0 else 0.0
    if effective < 2.5:
        return side_m * side_m
    mean_x, mean_y = mean_x / total, mean_y / total
    xx, xy, yy = 0.0, 0.0, 0.0
    for member in members:
        x, y = xy_m[member, 0] - mean_x, xy_m[member, 1] - mean_y
        xx, xy, yy = xx + weight[member] * x * x, xy + weight[member] * x * y, yy + weight[member] * y * y
    angle = 0.5 * math.atan2(2.0 * xy, xx - yy)
    cosine, sine = math.cos(angle), math.sin(angle)
    along, across = np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])
    for member in members:
        x, y = xy_m[member, 0] - mean_x, xy_m[member, 1] - mean_y
        u, v = x * cosine + y * sine, y * cosine - x * sine
        along[0], along[1] = min(along[0], u), max(along[1], u)
        across[0], across[1] = min(across[0], v), max(across[1], v)
    growth = (effective + 1.0) / (effective - 1.0)
    length_m = max((along[1] - along[0]) * growth, smallest_m)
    breadth_m = max((across[1] - across[0]) * growth, smallest_m)
    area_m2: float = min(side_m * side_m, length_m * breadth_m)
    return area_m2


@njit(cache=True, nogil=True)
def grown_quadtree(
    xy_m: Floats, weight: Floats, root: Floats, rule: tuple[float, float, float], smallest_m: float
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """A quadtree over particles (particle, 2), split as `_is_split` says, no leaf narrower than `smallest_m`.

    Returns:
        The children of each node, -1 for an empty quarter, (node, 4), or in a leaf -2 - its number four
        times; the squares (leaf, 3) as lower left x and y and side; the areas (leaf,), m2.
    """
    members = [np.arange(xy_m.shape[0])]
    squares = [root.copy()]
    children = [np.full(4, -1)]
    leaves = [root.copy() for _ in range(0)]
    areas = [0.0 for _ in range(0)]
    node = 0
    while node < len(members):
        square, mine = squares[node], members[node]
        half_m = 0.5 * square[2]
        if half_m < smallest_m or not _is_split(xy_m, weight, mine, square, rule):
            children[node][:] = -2 - len(leaves)
            leaves.append(square)
            areas.append(_boxed_area(xy_m, weight, mine, square[2], smallest_m))
        else:
            right = xy_m[mine, 0] >= square[0] + half_m
            upper = xy_m[mine, 1] >= square[1] + half_m
            for quarter in range(4):
                chosen = mine[(right == (quarter % 2 == 1)) & (upper == (quarter >= 2))]
                if chosen.size > 0:
                    children[node][quarter] = len(members)
                    members.append(chosen)
                    corner = np.array([half_m * (quarter % 2), half_m * (quarter // 2), -half_m])
                    squares.append(square + corner)
                    children.append(np.full(4, -1))
        node += 1
    tree = np.empty((len(children), 4), dtype=np.int64)
    for index in range(len(children)):
        tree[index] = children[index]
    places = np.empty((len(leaves), 3))
    for index in range(len(leaves)):
        places[index] = leaves[index]
    return tree, places, np.array(areas)


@njit(cache=True, nogil=True)
def leaf_of_points(xy_m: Floats, tree: NDArray[np.int64], root: Floats) -> NDArray[np.int64]:
    """Number of the leaf in which each point (point, 2) lies, -1 for none."""
    found = np.full(xy_m.shape[0], -1)
    for point in range(xy_m.shape[0]):
        x_m, y_m, side_m = root[0], root[1], root[2]
        inside_x = x_m <= xy_m[point, 0] < x_m + side_m
        if not (inside_x and y_m <= xy_m[point, 1] < y_m + side_m):
            continue
        node = 0
        while node >= 0 and tree[node, 0] > -2:
            side_m *= 0.5
            quarter = 0
            if xy_m[point, 0] >= x_m + side_m:
                quarter += 1
                x_m += side_m
            if xy_m[point, 1] >= y_m + side_m:
                quarter += 2
                y_m += side_m
            node = tree[node, quarter]
        if node >= 0:
            found[point] = -2 - tree[node, 0]
    return found
