"""The coast of a box, kept in the user's cache folder.

A cache that is damaged or cannot be written is no error: the coast is made again.
"""

import contextlib
import os
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from platformdirs import user_cache_dir

from sarex.environment.model import Coast, LandRaster

_FORMAT = "coast-1"
"""Changes when the meaning of a cached file changes."""


def cache_folder() -> Path:
    """SAREX_CACHE_DIR, or the usual folder of the operating system."""
    return Path(os.environ.get("SAREX_CACHE_DIR") or user_cache_dir("sarex"))


def cache_path(*parts: object) -> Path:
    """The file for a coast that these values determine."""
    digest = sha256("|".join(map(repr, (_FORMAT, *parts))).encode()).hexdigest()
    return cache_folder() / f"coast-{digest[:24]}.npz"


def load_coast(path: Path, source: str) -> Coast | None:
    """The cached coast, or None if there is none or it is damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            offsets = (kept["offsets_0"], kept["offsets_1"])
            polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, kept["vertices"], offsets)
            x0_m, y0_m, spacing_m = (float(value) for value in kept["placing"])
            cells = np.ascontiguousarray(kept["cells"], dtype=np.uint8)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, shapely.errors.ShapelyError):
        return None
    if cells.ndim != 2:
        return None
    return Coast(shapely.MultiPolygon(list(polygons)), LandRaster(x0_m, y0_m, spacing_m, cells), source)


def _to_ragged(polygons: shapely.MultiPolygon) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], ...]]:
    """Vertices, and the first vertex of each ring and first ring of each polygon."""
    if polygons.is_empty:
        nothing = np.zeros(1, np.int64)
        return np.empty((0, 2)), (nothing, nothing)
    _, vertices, offsets = shapely.to_ragged_array(list(polygons.geoms))
    return vertices, tuple(level.astype(np.int64) for level in offsets)


def save_coast(path: Path, coast: Coast) -> None:
    """Write the coast whole or not at all."""
    vertices, offsets = _to_ragged(coast.polygons)
    raster = coast.raster
    arrays = {f"offsets_{k}": level for k, level in enumerate(offsets)}
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    allow_pickle=False,
                    vertices=vertices,
                    placing=np.array([raster.x0_m, raster.y0_m, raster.spacing_m]),
                    cells=raster.cells,
                    **arrays,
                )
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
