"""How well a map held the truth.

Bits: -log2 of the probability of containment of the square nautical mile around the truth, given that the
object is still undetected; 0 would be certainty, 10 is one in a thousand. The cell has one size whatever
the map's, so that maps compare; it is the ignorance score of Good (1952, "Rational decisions", J. R. Stat.
Soc. B 14, 107-114). Rank: the probability in places likelier than where the truth was; 0.3 says that the
contour of 30 % runs through it. Over many maps of a good forecaster ranks are uniform (probability integral
transform, Dawid 1984, J. R. Stat. Soc. A 147, 278-292), so half of the truths lie inside the contour of 50 %.
"""

import math

import numpy as np

from sarex.exercise.review.model import MapScore
from sarex.probability.map import ProbabilityMap

CELL_M = 1852.0
LEAST_POC = 1e-6
"""No map is scored as more wrong than one in a million, 20 bits: one miss must not drown all else."""


def map_score(probability: ProbabilityMap, lon_deg: float, lat_deg: float) -> MapScore | None:
    """The score of one map against the true position; None where nothing is afloat on the map."""
    undetected = 1.0 - probability.bins["found"]
    afloat = float(probability.poc.sum())
    if undetected <= 0.0 or afloat <= 0.0:
        return None
    here = _poc_at(probability, lon_deg, lat_deg)
    per_cell = (CELL_M / probability.spacing_m) ** 2
    poc = min(1.0, max(LEAST_POC, here * per_cell / undetected))
    likelier = float(probability.poc[probability.poc > here].sum())
    return MapScore(bits=-math.log2(poc), rank_frac=min(1.0, likelier / afloat))


def _poc_at(probability: ProbabilityMap, lon_deg: float, lat_deg: float) -> float:
    """Of the map's own cell at a position; 0 outside the map."""
    x_m, y_m = probability.frame.to_xy_m(lon_deg, lat_deg)
    column = math.floor((float(x_m) - probability.x0_m) / probability.spacing_m)
    row = math.floor((float(y_m) - probability.y0_m) / probability.spacing_m)
    rows, columns = probability.poc.shape
    inside = 0 <= row < rows and 0 <= column < columns
    return float(probability.poc[row, column]) if inside else 0.0


def mean_bits(scores: list[MapScore]) -> float | None:
    return float(np.mean([score.bits for score in scores])) if scores else None


def share_inside(scores: list[MapScore], level_frac: float) -> float | None:
    """Share of maps whose contour of that level held the truth."""
    return float(np.mean([score.rank_frac <= level_frac for score in scores])) if scores else None
