"""Where a drift may have begun, as maps: over the whole span, and over slices of it.

Place and instant are linked (the earlier it began, the farther away), so one map over the whole span says
less than its slices do; a planned track can be held against them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.geo import LocalFrame
from sarex.probability.map import Floats, ProbabilityMap, smoothed_cells

MOST_SLICES = 6
SHORTEST_SLICE_S = 3600.0
OTHER_SLICES = "began_in_other_slices"
"""Bin of a slice's map."""


@dataclass(frozen=True)
class OriginPoints:
    """Possible beginnings with their probabilities."""

    frame: LocalFrame
    x_m: NDArray[np.float32]
    """(point,)"""
    y_m: NDArray[np.float32]
    at_s: Floats
    """POSIX seconds, (point,)."""
    weight: Floats
    """(point,); sums to the probability that it began afloat and inside the forcing."""
    trajectory: NDArray[np.int64]
    """Number of the particle, (point,): points of one trajectory are not independent."""


@dataclass(frozen=True)
class OriginMap:
    """Where the drift began, if it began between two instants."""

    began_from: datetime
    began_until: datetime
    probability: ProbabilityMap
    """`valid_at` is the middle of the two; the bins sum to one."""


def map_origins(
    points: OriginPoints,
    bins: Mapping[str, float],
    span: tuple[datetime, datetime],
    computed_at: datetime,
) -> tuple[OriginMap, ...]:
    """The map of the whole span, and those of its slices where it has several.

    Args:
        bins: named bins of the whole; the first is what `points` hold.
        span: when the drift may have begun.
    """
    whole = _map_between(points, bins, span, computed_at)
    edges = slice_edges(span)
    if len(edges) == 2:
        return (whole,)
    return whole, *(_slice(points, bins, part, span, computed_at) for part in pairwise(edges))


def slice_edges(span: tuple[datetime, datetime]) -> tuple[datetime, ...]:
    """Instants that cut a span into at most six slices of at least an hour."""
    length_s = (span[1] - span[0]).total_seconds()
    count = int(min(max(length_s // SHORTEST_SLICE_S, 1), MOST_SLICES))
    return tuple(span[0] + (span[1] - span[0]) * k / count for k in range(count + 1))


def _slice(
    points: OriginPoints,
    bins: Mapping[str, float],
    part: tuple[datetime, datetime],
    span: tuple[datetime, datetime],
    computed_at: datetime,
) -> OriginMap:
    first_s, last_s = to_posix_s(part[0]), to_posix_s(part[1])
    # instants that stand for the very ends of the span may lie outside it
    after = points.at_s >= first_s if part[0] > span[0] else np.ones(points.at_s.size, bool)
    before = points.at_s < last_s if part[1] < span[1] else np.ones(points.at_s.size, bool)
    chosen = after & before
    mine = OriginPoints(
        points.frame,
        points.x_m[chosen],
        points.y_m[chosen],
        points.at_s[chosen],
        points.weight[chosen],
        points.trajectory[chosen],
    )
    inside, *others = bins
    held = float(mine.weight.sum())
    shares = {inside: held, **{name: bins[name] for name in others}, OTHER_SLICES: bins[inside] - held}
    return _map_between(mine, shares, part, computed_at)


def _map_between(
    points: OriginPoints, bins: Mapping[str, float], part: tuple[datetime, datetime], computed_at: datetime
) -> OriginMap:
    x0_m, y0_m, spacing_m, poc = smoothed_cells(
        points.x_m.astype(float), points.y_m.astype(float), points.weight, independent_trajectories(points)
    )
    middle = part[0] + (part[1] - part[0]) / 2
    view = ProbabilityMap(middle, computed_at, points.frame, x0_m, y0_m, spacing_m, poc, dict(bins))
    return OriginMap(part[0], part[1], view)


def independent_trajectories(points: OriginPoints) -> float:
    """Effective number of trajectories (Kish): (sum of weights)^2 over the sum of their squares."""
    if points.weight.size == 0:
        return 0.0
    held = np.bincount(points.trajectory - points.trajectory.min(), points.weight)
    return float(held.sum() ** 2 / np.square(held).sum())


def likeliest_place(probability: ProbabilityMap) -> Position:
    """The middle of the cell with the highest probability."""
    row, column = np.unravel_index(int(np.argmax(probability.poc)), probability.poc.shape)
    lon_deg, lat_deg = probability.frame.to_lonlat_deg(
        probability.x0_m + (column + 0.5) * probability.spacing_m,
        probability.y0_m + (row + 0.5) * probability.spacing_m,
    )
    return Position(float(lon_deg), float(lat_deg))


def began_by(points: OriginPoints, shares: Sequence[float]) -> tuple[datetime, ...]:
    """Instants before which the drift began with these probabilities, given that it began afloat."""
    order = np.argsort(points.at_s, kind="stable")
    held = np.cumsum(points.weight[order])
    rows = np.searchsorted(held, np.asarray(shares) * held[-1])
    return tuple(from_posix_s(float(points.at_s[order[min(row, order.size - 1)]])) for row in rows)
