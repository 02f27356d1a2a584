"""The coastline of a case's box, as polygons and as a raster of the frame, rasterised once and cached.

The raster errs toward land: every cell that any piece of land touches is SHORE or LAND, be the islet
ever so much smaller than a cell.
"""

from math import ceil, floor, sqrt

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from sarex.environment.coast_cache import cache_path, load_coast, save_coast
from sarex.environment.gshhg import SOURCE, LonLatBox, find_coastline
from sarex.environment.model import LAND, SHORE, Box, Coast, LandRaster
from sarex.geo import LocalFrame
from sarex.kernels.rasterise import fill_centres, mark_touched

_SNAP_M = 20_000.0
_SPACING_M = 200.0
_MOST_CELLS = 24_000_000
_LONGEST_EDGE_DEG = 0.02
"""Straight edges in degrees are cut this short, so that they bend with the plane to within a metre."""


def gather_coast(frame: LocalFrame, box: Box) -> Coast:
    """Coast of the box (enlarged to multiples of 20 km), from the cache if it is there.

    Raises:
        InputError: the coastline data are not installed.
    """
    files = find_coastline()
    snapped = _snap(box)
    spacing_m = _spacing(snapped)
    path = cache_path(frame.origin_lon_deg, frame.origin_lat_deg, snapped, spacing_m, files.version)
    kept = load_coast(path, SOURCE)
    if kept is not None:
        return kept
    polygons = files.read_land(lonlat_box(frame, snapped))
    coast = Coast(polygons, rasterise(frame, snapped, spacing_m, polygons), SOURCE)
    save_coast(path, coast)
    return coast


def rasterise(frame: LocalFrame, box: Box, spacing_m: float, polygons: shapely.MultiPolygon) -> LandRaster:
    """WATER, SHORE and LAND of the box; polygons in longitude and latitude."""
    columns = ceil((box.x_max_m - box.x_min_m) / spacing_m - 1e-9)
    rows = ceil((box.y_max_m - box.y_min_m) / spacing_m - 1e-9)
    cells = np.zeros((rows, columns), np.uint8)
    if not polygons.is_empty:
        fine = shapely.segmentize(list(polygons.geoms), _LONGEST_EDGE_DEG)
        _, vertices, (ring_starts, polygon_starts) = shapely.to_ragged_array(list(fine))
        x_m, y_m = frame.to_xy_m(vertices[:, 0], vertices[:, 1])
        x_cells = (x_m - box.x_min_m) / spacing_m
        y_cells = (y_m - box.y_min_m) / spacing_m
        rings, polygon_rings = ring_starts.astype(np.int64), polygon_starts.astype(np.int64)
        fill_centres(x_cells, y_cells, rings, polygon_rings, LAND, cells)
        mark_touched(x_cells, y_cells, rings, SHORE, LAND, cells)
    return LandRaster(box.x_min_m, box.y_min_m, spacing_m, cells)


def is_land(coast: Coast, frame: LocalFrame, lon_deg: ArrayLike, lat_deg: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions (any shape) lie on land, exactly by the polygons; False outside the coast's box."""
    lon = np.asarray(lon_deg, dtype=float)
    near = frame.origin_lon_deg + (lon - frame.origin_lon_deg + 180.0) % 360.0 - 180.0
    shapely.prepare(coast.polygons)
    return np.asarray(shapely.contains_xy(coast.polygons, near, np.asarray(lat_deg, dtype=float)))


def lonlat_box(frame: LocalFrame, box: Box) -> LonLatBox:
    """Longitudes (within 180 degrees of the frame's origin) and latitudes that hold the whole box."""
    x, y = np.meshgrid(np.linspace(box.x_min_m, box.x_max_m, 65), np.linspace(box.y_min_m, box.y_max_m, 65))
    lon, lat = frame.to_lonlat_deg(x, y)
    origin = frame.origin_lon_deg
    lon = origin + (lon - origin + 180.0) % 360.0 - 180.0
    # Between two samples the extreme lies at most a little beyond them.
    spare_deg = 0.02 + 0.005 * float(np.ptp(lat))
    west, east = float(lon.min()) - 2 * spare_deg, float(lon.max()) + 2 * spare_deg
    south, north = float(lat.min()) - spare_deg, float(lat.max()) + spare_deg
    for pole_deg in (90.0, -90.0):
        x_pole, y_pole = (float(part) for part in frame.to_xy_m(origin, pole_deg))
        if box.x_min_m <= x_pole <= box.x_max_m and box.y_min_m <= y_pole <= box.y_max_m:
            west, east = origin - 180.0, origin + 180.0
            south, north = (south, 90.0) if pole_deg > 0 else (-90.0, north)
    return LonLatBox(west, max(south, -90.0), east, min(north, 90.0))


def _snap(box: Box) -> Box:
    return Box(
        floor(box.x_min_m / _SNAP_M) * _SNAP_M,
        floor(box.y_min_m / _SNAP_M) * _SNAP_M,
        ceil(box.x_max_m / _SNAP_M) * _SNAP_M,
        ceil(box.y_max_m / _SNAP_M) * _SNAP_M,
    )


def _spacing(box: Box) -> float:
    """200 m, or as many times more as keeps the raster bounded."""
    area_m2 = (box.x_max_m - box.x_min_m) * (box.y_max_m - box.y_min_m)
    return _SPACING_M * max(1, ceil(sqrt(area_m2 / _MOST_CELLS) / _SPACING_M))
