"""Where the object is likely: maps, contours and named bins."""

from sarex.probability.datum import DatumPoint, datum_track
from sarex.probability.map import LEVELS, Contour, ProbabilityMap, bins_at, contours, map_probability

__all__ = [
    "LEVELS",
    "Contour",
    "DatumPoint",
    "ProbabilityMap",
    "bins_at",
    "contours",
    "datum_track",
    "map_probability",
]
