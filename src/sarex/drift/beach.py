"""Finds on the beach: where is the water from which they came ashore?"""

from collections.abc import Callable
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray

from sarex.case.model import Found
from sarex.drift.crossing import PROBABLE_ERROR_PER_SIGMA
from sarex.drift.outline import SIGMAS, written_place
from sarex.environment.field import on_land
from sarex.environment.model import LAND, Environment, LandRaster
from sarex.errors import CaseError
from sarex.geo import LocalFrame

COAST_ERROR_M = 2000.0
"""A find may lie this much farther inland than its own error says: drawn coasts, tide and storm surge."""

Floats = NDArray[np.float64]
ToWater = Callable[[Floats, Floats], tuple[Floats, Floats]]


def is_beached(found: Found, environment: Environment) -> bool:
    """Whether a find's position lies on land."""
    x_m, y_m = environment.frame.to_xy_m(found.position.lon_deg, found.position.lat_deg)
    return bool(on_land(environment.coast.raster, x_m, y_m) == LAND)


def to_water_from(where: str, found: Found, frame: LocalFrame, raster: LandRaster) -> ToWater | None:
    """What moves draws that lie on land to the nearest water; None for a find that was afloat.

    A position goes to the middle of the nearest cell that is not land.

    Raises:
        CaseError: the find lies farther from the water than it can have been thrown.
    """
    place_x_m, place_y_m = (
        float(value) for value in frame.to_xy_m(found.position.lon_deg, found.position.lat_deg)
    )
    if on_land(raster, place_x_m, place_y_m) != LAND:
        return None
    reach_m = COAST_ERROR_M + SIGMAS / PROBABLE_ERROR_PER_SIGMA * found.probable_error_m
    centres = _water_within(raster, place_x_m, place_y_m, 2.0 * reach_m)
    tree = shapely.STRtree([shapely.Point(*centre) for centre in centres])
    nearest = centres[tree.nearest(shapely.Point(place_x_m, place_y_m))] if len(centres) else None
    if nearest is None or hypot(nearest[0] - place_x_m, nearest[1] - place_y_m) > reach_m:
        raise CaseError(
            f"{where}: found is {written_place(found.position)}, more than "
            f"{reach_m / 1852.0:.1f} nm from the water; what drifted ashore lies nearer. "
            "Correct the position or enlarge its error_nm."
        )

    def to_water(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        moved = np.column_stack([x_m, y_m])
        inland = np.flatnonzero(on_land(raster, x_m, y_m) == LAND)
        moved[inland] = centres[tree.nearest(shapely.points(moved[inland]))]
        return moved[:, 0], moved[:, 1]

    return to_water


def _water_within(raster: LandRaster, x_m: float, y_m: float, reach_m: float) -> Floats:
    """Middles of all cells that are not land within a square, (cell, 2)."""
    rows, columns = raster.cells.shape
    ranges = [
        range(
            max(int((at_m - reach_m - first_m) // raster.spacing_m), 0),
            min(int((at_m + reach_m - first_m) // raster.spacing_m) + 1, count),
        )
        for at_m, first_m, count in ((x_m, raster.x0_m, columns), (y_m, raster.y0_m, rows))
    ]
    part = raster.cells[ranges[1].start : ranges[1].stop, ranges[0].start : ranges[0].stop]
    row, column = np.nonzero(part != LAND)
    return np.column_stack(
        [
            raster.x0_m + (ranges[0].start + column + 0.5) * raster.spacing_m,
            raster.y0_m + (ranges[1].start + row + 0.5) * raster.spacing_m,
        ]
    )
