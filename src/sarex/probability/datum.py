"""Where the middle of the cloud is: the datum, drawn on charts and followed through the window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.ensemble import DriftEnsemble, Status


@dataclass(frozen=True)
class DatumPoint:
    """The weighted mean position of everything afloat at one instant of the ensemble."""

    position: Position
    at: datetime


def datum_track(ensemble: DriftEnsemble, instants: Sequence[datetime]) -> tuple[DatumPoint, ...]:
    """The datum at the ensemble's time nearest to each instant; instants with nothing afloat are left out.

    The mean is taken in the local plane, so that it means the same on both sides of the dateline. For a
    cloud of several parts it may lie between them: it is a reference, not the likeliest place.
    """
    points = (_datum_at_index(ensemble, _nearest_index(ensemble, instant)) for instant in instants)
    return tuple(point for point in points if point is not None)


def _nearest_index(ensemble: DriftEnsemble, instant: datetime) -> int:
    return int(np.argmin(np.abs(ensemble.times_s - to_posix_s(instant))))


def _datum_at_index(ensemble: DriftEnsemble, index: int) -> DatumPoint | None:
    weight = np.where(ensemble.status[:, index] == Status.ACTIVE, ensemble.weight, 0.0)
    total = weight.sum()
    if total <= 0.0:
        return None
    x_m = float(np.sum(weight * ensemble.x_m[:, index]) / total)
    y_m = float(np.sum(weight * ensemble.y_m[:, index]) / total)
    lon_deg, lat_deg = ensemble.frame.to_lonlat_deg(x_m, y_m)
    return DatumPoint(Position(float(lon_deg), float(lat_deg)), from_posix_s(float(ensemble.times_s[index])))
