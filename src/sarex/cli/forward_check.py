"""Whether a forward run from a traced origin comes back to the find."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from sarex.case import open_case
from sarex.case.model import Case, Found
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.beach import to_water_from
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.drift.executors import DriftExecutor
from sarex.drift.run import gather_tracks, prepare_drift
from sarex.environment.model import Environment
from sarex.probability.map import ProbabilityMap, smoothed_cells
from sarex.validation.scores import level_reached

PARTICLES = 5_000


@dataclass(frozen=True)
class FindLevel:
    """How a forward run sees a find."""

    scenario: str
    at: datetime
    level_frac: float
    """The smallest contour that holds it, of what is afloat or ashore then."""


def check_forward_run(
    case: Case, environment: Environment, forward_file: Path, executor: DriftExecutor
) -> tuple[FindLevel, ...]:
    """Drift the forward case to every find of the backward one.

    Args:
        case: the backward case.
        environment: its surroundings, which hold those of the way forward.
    """
    forward = open_case(forward_file)
    forward = replace(forward, drift=replace(forward.drift, particles=PARTICLES))
    finds = [
        (scenario.name, scenario.origin) for scenario in case.scenarios if isinstance(scenario.origin, Found)
    ]
    until = max(found.found_at for _, found in finds)
    prepared = prepare_drift(forward, environment, until=until, purpose="forward check")
    ensemble = gather_tracks(prepared, executor)
    return tuple(
        FindLevel(name, found.found_at, _level(ensemble, environment, name, found)) for name, found in finds
    )


def _level(ensemble: DriftEnsemble, environment: Environment, name: str, found: Found) -> float:
    index = int(np.argmin(np.abs(ensemble.times_s - to_posix_s(found.found_at))))
    status = ensemble.status[:, index]
    there = (status == Status.ACTIVE) | (status == Status.STRANDED)
    x_m, y_m = ensemble.x_m[there, index].astype(float), ensemble.y_m[there, index].astype(float)
    x0_m, y0_m, spacing_m, poc = smoothed_cells(x_m, y_m, ensemble.weight[there])
    at = from_posix_s(float(ensemble.times_s[index]))
    view = ProbabilityMap(at, at, ensemble.frame, x0_m, y0_m, spacing_m, poc, {})
    place_x_m, place_y_m = ensemble.frame.to_xy_m([found.position.lon_deg], [found.position.lat_deg])
    to_water = to_water_from(name, found, ensemble.frame, environment.coast.raster)
    if to_water is not None:
        place_x_m, place_y_m = to_water(place_x_m, place_y_m)
    return level_reached(view, float(place_x_m[0]), float(place_y_m[0]))
