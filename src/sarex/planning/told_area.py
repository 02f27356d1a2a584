"""The area that a crew is told: a rectangle round its legs, cut where a danger area's margin begins."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

ROUND_OFF_M = 75.0
"""Margins of danger areas are told wider by so much, and at most as much again, in few corners."""
CORNER_TOLERANCE_M = 15.0
"""Outlines are told to this; with the rounding of positions within the checker's 30 m."""
SLACK_M = 5.0
"""Arms hardly wider than legs need stay."""
_GRID_M = 0.01
"""Polygons are cut on so fine a grid, where no crossing is too sharp to be found."""


def told_region(region: BaseGeometry) -> BaseGeometry:
    """A region that holds another and has few corners."""
    return region.buffer(ROUND_OFF_M).simplify(ROUND_OFF_M)


def area_beside(
    box: Floats, searching: Floats, keep_m: float, closed: Sequence[BaseGeometry]
) -> Floats | None:
    """What of a rectangle (corner, 2) searched by legs (leg, >=4) lies beside closed regions, (corner, 2).

    Arms and gaps narrower than twice `keep_m`, in which no leg can lie, are left out. None if a leg comes
    nearer to a region than `keep_m`, or if the rest is not one piece without a hole.
    """
    shut, legs = shapely.union_all(closed), shapely.linestrings(searching[:, :4].reshape(-1, 2, 2))
    if float(shapely.distance(legs, shut).min()) < keep_m:
        return None
    left = shapely.difference(Polygon(box), shut, grid_size=_GRID_M)
    radius_m = keep_m - SLACK_M
    # mitred corners may cross
    wide = shapely.make_valid(
        left.buffer(-radius_m).buffer(radius_m, join_style="mitre"), method="structure", keep_collapsed=False
    )
    for rest in (shapely.intersection(wide, left, grid_size=_GRID_M), left):
        pieces = [piece for piece in shapely.get_parts(rest) if shapely.intersects(piece, legs).any()]
        if len(pieces) == 1 and shapely.get_num_interior_rings(pieces[0]) == 0:
            return corners_of(pieces[0].simplify(CORNER_TOLERANCE_M))
    return None


def corners_of(area: BaseGeometry) -> Floats:
    """Corners (corner, 2) of a polygon's outline, counter-clockwise."""
    ring = shapely.get_exterior_ring(area)
    corners = np.asarray(shapely.get_coordinates(ring)[:-1], dtype=np.float64)
    return corners if shapely.is_ccw(ring) else corners[::-1]


def middle_of(corners: Floats) -> tuple[float, float]:
    """The middle of an area (corner, 2)."""
    middle = Polygon(corners).centroid
    return middle.x, middle.y
