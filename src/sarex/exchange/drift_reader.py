"""A `drift.nc` read back as the belief in a case's search window."""

from math import ceil
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case
from sarex.clock import iso_z, to_posix_s
from sarex.drift.ensemble import DriftEnsemble
from sarex.errors import PlanError
from sarex.geo import LocalFrame

MOST_PARTICLES = 200_000
"""Of more, every so many-th is read and stands for its neighbours: POS to about a tenth of a point."""
_NEEDED = ("time", "lon", "lat", "status", "weight", "scenario", "object_type", "member", "in_water_from")


def read_belief(path: Path, case: Case, frame: LocalFrame) -> DriftEnsemble:
    """The ensemble of a drift file at the instants of the case's window.

    When particles were released is not kept (`released_s` is the first instant).

    Raises:
        PlanError: the file is not there, is no whole drift file, or is of another case or window.
    """
    if not path.is_file():
        raise PlanError(f"there is no {path.name} beside the plan")
    try:
        with netCDF4.Dataset(path) as file:
            return _belief(path, file, case, frame)
    except (OSError, RuntimeError, ValueError, IndexError, AttributeError, KeyError, TypeError) as error:
        raise PlanError(f"{path} is no whole drift file ({str(error)[:80]})") from error


def _belief(path: Path, file: netCDF4.Dataset, case: Case, frame: LocalFrame) -> DriftEnsemble:
    _check(path, file, case)
    times_s = _values(file, "time", slice(None))
    columns = _columns(path, times_s, case)
    count = file.dimensions["trajectory"].size
    every = ceil(count / MOST_PARTICLES)
    rows = slice(None, None, every)
    x_m, y_m = frame.to_xy_m(_values(file, "lon", (rows, columns)), _values(file, "lat", (rows, columns)))
    weight = _values(file, "weight", slice(None))
    chosen = weight[rows]
    return DriftEnsemble(
        frame=frame,
        times_s=times_s[columns],
        x_m=x_m.astype(np.float32),
        y_m=y_m.astype(np.float32),
        status=_values(file, "status", (rows, columns)).astype(np.uint8),
        weight=chosen * (weight.sum() / chosen.sum() if every > 1 else 1.0),
        scenario=_values(file, "scenario", rows).astype(np.int16),
        object_type=_values(file, "object_type", rows).astype(np.int16),
        released_s=np.full(chosen.size, times_s[0]),
        scenario_names=tuple(file["scenario"].flag_meanings.split()),
        object_types=tuple(file["object_type"].flag_meanings.split()),
        member=_values(file, "member", rows).astype(np.int16),
        member_names=tuple(file["member"].flag_meanings.split()),
        in_water_from_s=_values(file, "in_water_from", rows),
    )


def _check(path: Path, file: netCDF4.Dataset, case: Case) -> None:
    missing = [name for name in _NEEDED if name not in file.variables]
    if missing:
        raise PlanError(f"{path} has no {' and no '.join(missing)}, so it is no drift file of a plan")
    if (file.case_id, file.mark) != (case.id, case.mark):
        raise PlanError(f'{path} is of {file.mark} "{file.case_id}", not of {case.mark} "{case.id}"')
    types = tuple(file["object_type"].flag_meanings.split())
    if types != tuple(case.object_types):
        raise PlanError(f"{path} is of {', '.join(types)}, the case of {', '.join(case.object_types)}")


def _columns(path: Path, times_s: NDArray[np.float64], case: Case) -> slice:
    """Those that hold the window, which must be evenly spaced."""
    start_s, end_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    if times_s.size < 2 or times_s[0] > start_s + 1.0 or times_s[-1] < end_s - 1.0:
        raise PlanError(
            f"{path} does not hold the window {iso_z(case.window.start)}/{iso_z(case.window.end)}"
        )
    first = max(int(np.searchsorted(times_s, start_s + 1e-3, side="right")) - 1, 0)
    last = min(int(np.searchsorted(times_s, end_s - 1e-3)), times_s.size - 1)
    if np.ptp(np.diff(times_s[first : last + 1])) > 1e-3:
        raise PlanError(f"{path} keeps the window only now and then: it was made for another one")
    return slice(first, last + 1)


def _values(file: netCDF4.Dataset, name: str, chosen: Any) -> NDArray[Any]:
    """Without a mask; what is missing is NaN."""
    values = np.ma.asarray(file[name][chosen], dtype=np.float64)
    return np.asarray(np.ma.filled(values, np.nan), dtype=np.float64)
