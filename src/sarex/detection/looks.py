"""What a satellite's look is worth: everything afloat inside its footprint is detected with its recall.

A look is over in an instant, so that its exposure is -ln(1 - recall), by leeway class, for what is afloat
inside the footprint just then, and nothing elsewhere. Looks are taken to be independent of each other and of
every other search, as exposures are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from sarex.case.model import SatelliteLook
from sarex.clock import to_posix_s
from sarex.geo import LocalFrame

MOST_CERTAIN_FRAC = 1.0 - 1e-9
"""No look is more certain than this, which keeps exposures finite."""
_STRAIGHT_DEG = 0.05
"""Edges of a footprint are straight in degrees; pieces of this length do not bend in the plane."""


@dataclass(frozen=True)
class Drifters:
    """What may be seen, in the local frame."""

    times_s: NDArray[np.float64]
    """POSIX seconds, ascending, (time,)."""
    x_m: NDArray[np.floating[Any]]
    """(time, particle)"""
    y_m: NDArray[np.floating[Any]]
    afloat: NDArray[np.bool_]
    """(time, particle); a look counts where it holds before and after."""
    object_type: NDArray[np.integer[Any]]
    """Index into the object types, (particle,)."""


def look_exposure(
    look: SatelliteLook, frame: LocalFrame, object_types: Sequence[str], drifters: Drifters
) -> NDArray[np.float64]:
    """Exposure of each particle to a look, (particle,); a look outside their times sees the first or last."""
    times_s, afloat = drifters.times_s, drifters.afloat
    at_s = to_posix_s(look.at)
    k = int(np.clip(np.searchsorted(times_s, at_s, side="right") - 1, 0, times_s.size - 2))
    share = float(np.clip((at_s - times_s[k]) / (times_s[k + 1] - times_s[k]), 0.0, 1.0))
    here_x, here_y = (p[k] + share * (p[k + 1] - p[k]) for p in (drifters.x_m, drifters.y_m))
    inside = shapely.contains_xy(footprint_in_plane(look, frame), here_x, here_y)
    recall = np.array([look.detection_frac.get(key, 0.0) for key in object_types])
    exposure = -np.log1p(-np.minimum(recall, MOST_CERTAIN_FRAC))
    return np.where(inside & afloat[k] & afloat[k + 1], exposure[drifters.object_type], 0.0)


def footprint_in_plane(look: SatelliteLook, frame: LocalFrame) -> Polygon:
    """The footprint in the local frame."""
    lonlat_deg = np.array([(corner.lon_deg, corner.lat_deg) for corner in look.footprint])
    # corners on either side of the 180th meridian are brought together
    lonlat_deg[:, 0] = lonlat_deg[0, 0] + (lonlat_deg[:, 0] - lonlat_deg[0, 0] + 180.0) % 360.0 - 180.0
    edge_deg = np.array(Polygon(lonlat_deg).segmentize(_STRAIGHT_DEG).exterior.coords)
    return Polygon(np.column_stack(frame.to_xy_m(edge_deg[:, 0], edge_deg[:, 1])))
