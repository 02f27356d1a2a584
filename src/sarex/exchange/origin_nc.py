"""`origin.nc`: trajectories of a backward drift with the probability that it began at each of their points.

The layout of `drift.nc` and one variable more, `origin_weight` (trajectory, time). Such a file is an origin
of its own: `cloud = "origin.nc"` in a case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np
from numpy.typing import NDArray

from sarex import __version__
from sarex.case.model import Case
from sarex.clock import iso_z
from sarex.exchange.drift_nc import STRETCH
from sarex.exchange.new_netcdf import new_netcdf
from sarex.exchange.probability_nc import write_map
from sarex.probability.origin import OriginMap

Weigh = Callable[[slice, NDArray[np.uint8]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Of some particles and their status (trajectory, time): weight (trajectory) and origin weight (trajectory,
time)."""


@dataclass(frozen=True)
class OriginFigures:
    """What the file says of the whole."""

    bins: Mapping[str, float]
    """Named bins that sum to one."""
    span: tuple[str, str]
    """When the drift may have begun, ISO 8601."""


def add_origin_weight(path: Path, weigh: Weigh, figures: OriginFigures) -> None:
    """Add `origin_weight` to a file that `create_drift_file` wrote, and put its weights right.

    Raises:
        OSError: it could not be written whole.
    """
    try:
        with netCDF4.Dataset(path, "a") as file:
            file.set_auto_maskandscale(False)
            shape = ("trajectory", "time")
            table = file.createVariable("origin_weight", "f4", shape, fill_value=False)
            table.setncatts(
                {
                    "long_name": "probability that the drift began at this place and instant",
                    "units": "1",
                    "coordinates": "time lat lon",
                    "comment": "sums to the probability that it began afloat in the span, inside the forcing",
                }
            )
            count = file.dimensions["trajectory"].size
            for start in range(0, count, STRETCH):
                stretch = slice(start, min(start + STRETCH, count))
                weight, origin = weigh(stretch, np.asarray(file["status"][stretch]).astype(np.uint8))
                file["weight"][stretch] = weight
                table[stretch] = origin.astype(np.float32)
            file.setncatts(_attributes(figures))
    except RuntimeError as error:
        raise OSError(f"{path.name} could not be written ({error}); is the disk full?") from error


def write_origin_maps(path: Path, case: Case, maps: Sequence[OriginMap], figures: OriginFigures) -> None:
    """Write where it began: group `whole_span`, and one group for each slice of the span."""
    with new_netcdf(path) as file:
        file.setncatts(
            {
                "Conventions": "CF-1.12",
                "title": f"{case.mark}: {case.title}",
                "case_id": case.id,
                "mark": case.mark,
                "software": f"sarex {__version__}",
                "computed_at": iso_z(maps[0].probability.computed_at),
                **_attributes(figures),
            }
        )
        for number, origin in enumerate(maps):
            group = file.createGroup("whole_span" if number == 0 else f"slice_{number}")
            write_map(group, origin.probability)
            group.setncatts(
                {
                    "began_from": iso_z(origin.began_from),
                    "began_until": iso_z(origin.began_until),
                    **{f"probability_{name}": value for name, value in origin.probability.bins.items()},
                }
            )
            group["poc"].setncattr("long_name", "probability that the drift began in the cell")


def _attributes(figures: OriginFigures) -> dict[str, object]:
    return {
        "direction": "backward",
        "origin_span": "/".join(figures.span),
        **{f"probability_{name}": value for name, value in figures.bins.items()},
    }
