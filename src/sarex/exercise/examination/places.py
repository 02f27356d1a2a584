"""Where a position lies in a forecast: how likely the places are that are likelier, and its ranks."""

from datetime import datetime
from math import floor

import numpy as np

from sarex.case.model import Position
from sarex.clock import to_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.exercise.examination.model import Place
from sarex.probability import map_probability


def place_in(ensemble: DriftEnsemble, at: datetime, position: Position) -> Place | None:
    """The place of a position in the map of an instant; None where nothing of the belief is afloat.

    The level is that of the contours of `probability.contours` on the same cells, with half of the
    position's own cell, so that it is even between 0 and 1 where the forecast is right.
    """
    probability = map_probability(ensemble, at, at)
    total = float(probability.poc.sum())
    if total <= 0.0:
        return None
    x_m, y_m = (float(v) for v in ensemble.frame.to_xy_m(position.lon_deg, position.lat_deg))
    column = floor((x_m - probability.x0_m) / probability.spacing_m)
    row = floor((y_m - probability.y0_m) / probability.spacing_m)
    rows, columns = probability.poc.shape
    here = probability.poc[row, column] if 0 <= row < rows and 0 <= column < columns else 0.0
    likelier = float(probability.poc[probability.poc > here].sum() + 0.5 * here)
    index = int(np.argmin(np.abs(ensemble.times_s - to_posix_s(at))))
    afloat = ensemble.status[:, index] == Status.ACTIVE
    weight = ensemble.weight[afloat]
    ranks = [
        float(weight[values[afloat, index] < own].sum() / weight.sum())
        for values, own in ((ensemble.x_m, x_m), (ensemble.y_m, y_m))
    ]
    return Place(min(likelier / total, 1.0), *ranks)
