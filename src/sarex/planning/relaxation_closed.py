"""How deep the cells of the effort relaxation lie in water that is closed to a unit.

Closed is what no plan may enter: danger areas, with the margins that the planner and the checker keep, in the
slices that they are active from beginning to end. Land and shoals are left open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from sarex.planning.relaxation_cells import SampleTimes, SliceCells

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClosedWater:
    """A region of the local frame that a unit may not enter between two instants."""

    region: BaseGeometry
    since_s: float
    until_s: float
    """POSIX seconds."""


def depth_in_closed(
    closed: Sequence[ClosedWater], cells: Sequence[SliceCells], times: SampleTimes
) -> tuple[Floats, ...]:
    """Distance from the centre of each cell to the nearest open water, by slice, each (cell,).

    Minus infinity where the centre is open.
    """
    regions: dict[tuple[int, ...], BaseGeometry] = {}
    depths = []
    for of_slice, begins_s, ends_s in zip(cells, times.edges_s[:-1], times.edges_s[1:], strict=True):
        lasting = tuple(
            n for n, one in enumerate(closed) if one.since_s <= begins_s and one.until_s >= ends_s
        )
        if lasting not in regions:
            regions[lasting] = shapely.union_all([closed[n].region for n in lasting])
            shapely.prepare(regions[lasting])
        depths.append(_depth_m(regions[lasting], of_slice.centre_m))
    return tuple(depths)


def _depth_m(region: BaseGeometry, centre_m: Floats) -> Floats:
    depth_m = np.full(centre_m.shape[0], -np.inf)
    if region.is_empty:
        return depth_m
    points = np.asarray(shapely.points(centre_m))
    inside = shapely.contains(region, points)
    depth_m[inside] = shapely.distance(region.boundary, points[inside])
    return depth_m
