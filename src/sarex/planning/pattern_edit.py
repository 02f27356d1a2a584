"""A pattern moved, turned or stretched as a whole, from its legs alone.

A plan that was read from a file or edited by hand has legs and no shape, so legs are what is edited. They
are looked at in the frame of the datum that the pattern rides on: there the pattern is the drawn one, and
there it is moved, turned about the middle of its legs and stretched along and across them. Then it is flown
again: every searching leg at the speed over the ground that it had; turns as long as they were if the pattern
keeps its size, else as long as the unit's turn radius needs.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from sarex.kernels import pattern as kernel
from sarex.kernels.pattern_turns import reversal_length
from sarex.planning.model import Pattern
from sarex.planning.passage import Point

REVERSAL_RAD = np.radians(150.0)
"""A course change of this much or more is a reversal onto a parallel leg."""
MOST_DRIFT_FRAC = 0.5
"""Of the search speed: a datum is not believed to drift faster than this."""
LADDERS = (Pattern.PARALLEL_SWEEP, Pattern.CREEPING_LINE)
FEWEST_LEGS = 3
"""Of a ladder, to tell its drift from."""
NEARLY, ROUNDING = 1.5, 2e-3
"""A likelier drift is kept where legs are no more than this less regular than under the best."""


@dataclass(frozen=True)
class RidingPattern:
    """A pattern in the frame of a datum: rows from the first searching leg to the last."""

    drift_mps: Point
    begin_s: float
    """When it was to begin; frame and ground are one at this instant."""
    first: Point
    """Commence search point."""
    vectors_m: NDArray[np.float64]
    """Displacement in the frame of every row, (row, 2)."""
    durations_s: NDArray[np.float64]
    """(row,)"""
    searching: NDArray[np.bool_]
    """(row,)"""
    speed_mps: NDArray[np.float64]
    """Speed over the ground of every row, (row,)."""

    @property
    def heading_rad(self) -> float:
        """Course of the first leg in the frame, counter-clockwise from x."""
        return float(np.arctan2(self.vectors_m[0, 1], self.vectors_m[0, 0]))

    @property
    def middle(self) -> Point:
        """Middle of the rectangle, along the first leg, that holds all searching legs of the frame."""
        along = np.array([cos(self.heading_rad), sin(self.heading_rad)])
        across = np.array([-along[1], along[0]])
        ends = np.concatenate([[[0.0, 0.0]], np.cumsum(self.vectors_m, axis=0)])
        held = np.zeros(len(ends), bool)
        held[:-1] |= self.searching
        held[1:] |= self.searching
        middle = sum(
            axis * 0.5 * ((ends[held] @ axis).min() + (ends[held] @ axis).max()) for axis in (along, across)
        )
        return self.first[0] + float(middle[0]), self.first[1] + float(middle[1])


def riding_pattern(legs: NDArray[np.float64], pattern: Pattern, local_drift_mps: Point) -> RidingPattern:
    """Legs (leg, 7) over the ground, transit before and after left out, in the frame that they ride on.

    Whether and with what a pattern rides is not said in a plan: of standing still, the belief's mean drift
    there and, for a ladder, what there and back of its legs differ by, that is taken in which the pattern is
    the most regular. Only turning and stretching depend on it, and a later beginning.
    """
    inside = np.flatnonzero(legs[:, 6] == 1.0)
    rows = legs[inside[0] : inside[-1] + 1]
    moved = rows[:, 2:4] - rows[:, 0:2]
    durations_s = rows[:, 5] - rows[:, 4]
    searching = rows[:, 6] == 1.0
    drift = _drift_ridden(rows, pattern, local_drift_mps)
    return RidingPattern(
        drift_mps=(float(drift[0]), float(drift[1])),
        begin_s=float(rows[0, 4]),
        first=(float(rows[0, 0]), float(rows[0, 1])),
        vectors_m=moved - np.outer(durations_s, drift),
        durations_s=durations_s,
        searching=searching,
        speed_mps=np.hypot(*moved.T) / np.maximum(durations_s, 1e-9),
    )


def _drift_ridden(rows: NDArray[np.float64], pattern: Pattern, local_mps: Point) -> NDArray[np.float64]:
    """Of standing still, the local drift and, for a ladder, what its legs tell: the one that fits best."""
    legs = rows[rows[:, 6] == 1.0]
    moved_m, durations_s = legs[:, 2:4] - legs[:, 0:2], legs[:, 5] - legs[:, 4]
    still, local = np.zeros(2), np.array(local_mps, dtype=float)
    if pattern not in LADDERS or len(legs) < FEWEST_LEGS:
        # around a datum a pattern goes to and fro, so its trend is the datum's
        times_s = rows[:, 4] - rows[:, 4].mean()
        trend = times_s @ rows[:, 0:2] / max(float(times_s @ times_s), 1e-9)
        return min((still, local), key=lambda drift: float(np.hypot(*(trend - drift))))
    speed_mps = float(np.hypot(*moved_m.T).sum() / durations_s.sum())
    candidates = (local, still, _drift_of_ladder(moved_m, durations_s))
    possible = [drift for drift in candidates if hypot(*drift) <= MOST_DRIFT_FRAC * speed_mps]
    uneven = [_irregularity(moved_m, durations_s, drift) for drift in possible]
    enough = NEARLY * min(uneven) + ROUNDING
    return next(drift for drift, value in zip(possible, uneven, strict=True) if value <= enough)


def _to_and_fro(moved_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for legs along the first one, -1 for those against it, (leg,)."""
    return np.where(moved_m @ moved_m[0] >= 0.0, 1.0, -1.0)


def _drift_of_ladder(moved_m: NDArray[np.float64], durations_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The drift under which neighbouring legs differ least: drift lengthens one sense and shortens the other.

    Least squares on second differences, so that legs that grow steadily longer do not look like drift.
    """
    sense = _to_and_fro(moved_m)
    bent_s = np.diff(sense * durations_s, 2)
    bent_m = np.diff(sense[:, np.newaxis] * moved_m, 2, axis=0)
    drift: NDArray[np.float64] = bent_s @ bent_m / max(float(bent_s @ bent_s), 1e-9)
    return drift


def _irregularity(
    moved_m: NDArray[np.float64], durations_s: NDArray[np.float64], drift: NDArray[np.float64]
) -> float:
    """How much neighbouring legs of a ladder differ in the frame of a drift, as a share of their length."""
    legs_m = _to_and_fro(moved_m)[:, np.newaxis] * (moved_m - np.outer(durations_s, drift))
    bent_m = np.hypot(*np.diff(legs_m, 2, axis=0).T)
    return float(bent_m.sum() / np.hypot(*legs_m.T).sum())


def transformed(
    pattern: RidingPattern,
    shift_m: Point,
    turn_rad: float,
    along_frac: float,
    across_frac: float,
    turn_radius_m: float,
) -> RidingPattern | None:
    """The pattern moved, turned counter-clockwise about its middle, stretched along and across its legs.

    None where a leg cannot be flown against the drift.
    """
    heading = pattern.heading_rad
    axes = np.array([[cos(heading), sin(heading)], [-sin(heading), cos(heading)]])
    turn = np.array([[cos(turn_rad), -sin(turn_rad)], [sin(turn_rad), cos(turn_rad)]])
    change = turn @ axes.T @ np.diag([along_frac, across_frac]) @ axes
    middle = np.array(pattern.middle)
    first = middle + shift_m + change @ (np.array(pattern.first) - middle)
    vectors_m = pattern.vectors_m @ change.T
    rows = _Rows(vectors_m, pattern.durations_s.copy(), pattern.searching, pattern.speed_mps)
    if (along_frac, across_frac) != (1.0, 1.0):
        rows = _with_new_turns(rows, turn_radius_m)
    durations_s = _flown_s(rows, pattern.drift_mps)
    if durations_s is None:
        return None
    return RidingPattern(
        pattern.drift_mps, pattern.begin_s, (float(first[0]), float(first[1])),
        rows.vectors_m, durations_s, rows.searching, rows.speed_mps,
    )  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    vectors_m: NDArray[np.float64]
    durations_s: NDArray[np.float64]
    searching: NDArray[np.bool_]
    speed_mps: NDArray[np.float64]


def _with_new_turns(rows: _Rows, radius_m: float) -> _Rows:
    """Everything between two searching legs as one row, as long as a turn of the unit's radius takes."""
    vectors, durations, flags, speeds = [], [], [], []
    legs = np.flatnonzero(rows.searching)
    for number, leg in enumerate(legs):
        if number > 0 and leg > legs[number - 1] + 1:
            gap = rows.vectors_m[legs[number - 1] + 1 : leg].sum(axis=0)
            speed_mps = float(rows.speed_mps[leg])
            before, after = rows.vectors_m[legs[number - 1]], rows.vectors_m[leg]
            vectors.append(gap)
            durations.append(_turn_m(before, gap, after, radius_m) / speed_mps)
            flags.append(False)
            speeds.append(speed_mps)
        vectors.append(rows.vectors_m[leg])
        durations.append(float(rows.durations_s[leg]))
        flags.append(True)
        speeds.append(float(rows.speed_mps[leg]))
    return _Rows(np.array(vectors), np.array(durations), np.array(flags), np.array(speeds))


def _turn_m(
    before: NDArray[np.float64], gap: NDArray[np.float64], after: NDArray[np.float64], radius_m: float
) -> float:
    """Track from the end of one leg to the start of the next."""
    dx, dy = before / np.hypot(*before)
    ahead_m, aside_m = float(dx * gap[0] + dy * gap[1]), float(-dy * gap[0] + dx * gap[1])
    turned = atan2(dx * after[1] - dy * after[0], dx * after[0] + dy * after[1])
    if abs(turned) >= REVERSAL_RAD:
        return float(reversal_length(ahead_m, aside_m, radius_m))
    return max(radius_m * abs(turned), hypot(ahead_m, aside_m))


def _flown_s(rows: _Rows, drift_mps: Point) -> NDArray[np.float64] | None:
    """Duration of every row: searching at its speed over the ground, turns as they are."""
    durations_s = rows.durations_s.copy()
    for row in np.flatnonzero(rows.searching):
        dx, dy = rows.vectors_m[row]
        length_m = hypot(dx, dy)
        if length_m == 0.0:
            continue
        in_frame_mps = kernel.speed_in_frame(
            dx / length_m, dy / length_m, *drift_mps, float(rows.speed_mps[row])
        )
        if in_frame_mps <= 0.0:
            return None
        durations_s[row] = length_m / in_frame_mps
    return durations_s


def over_ground(pattern: RidingPattern, begin_s: float) -> NDArray[np.float64]:
    """Legs (leg, 7) over the ground of a pattern that begins at an instant."""
    drift = np.array(pattern.drift_mps)
    moved = pattern.vectors_m + np.outer(pattern.durations_s, drift)
    first = np.array(pattern.first) + drift * (begin_s - pattern.begin_s)
    places = first + np.concatenate([[[0.0, 0.0]], np.cumsum(moved, axis=0)])
    times_s = begin_s + np.concatenate([[0.0], np.cumsum(pattern.durations_s)])
    return np.column_stack([places[:-1], places[1:], times_s[:-1], times_s[1:], pattern.searching])
