"""Beacon fixes whose ambiguous second position is out of the question."""

import numpy as np
import shapely

from sarex.case.model import BeaconFix, Case, ErrorEllipse
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment


def images_on_land(case: Case, environment: Environment, ensemble: DriftEnsemble) -> frozenset[str]:
    """Scenarios whose beacon's ambiguous position lies on land, so far inland that no particle began there.

    An image near the coast keeps the particles that its ellipse puts on the water, and is not among them.
    """
    return frozenset(
        scenario.name
        for number, scenario in enumerate(case.scenarios)
        if isinstance(scenario.origin, BeaconFix)
        and scenario.origin.ambiguous is not None
        and _is_on_land(scenario.origin.ambiguous, environment)
        and not _began_at(scenario.origin.ambiguous, scenario.origin.ellipse, ensemble, number)
    )


def _is_on_land(image: ErrorEllipse, environment: Environment) -> bool:
    place = shapely.Point(image.position.lon_deg, image.position.lat_deg)
    return bool(shapely.intersects(environment.coast.polygons, place))


def _began_at(image: ErrorEllipse, fix: ErrorEllipse, ensemble: DriftEnsemble, scenario: int) -> bool:
    """Whether any particle of the scenario waits nearer to the image than to the fix before its release."""
    mine = ensemble.scenario == scenario
    x_m, y_m = ensemble.x_m[mine, 0].astype(float), ensemble.y_m[mine, 0].astype(float)
    away = []
    for ellipse in (image, fix):
        at_x_m, at_y_m = ensemble.frame.to_xy_m([ellipse.position.lon_deg], [ellipse.position.lat_deg])
        away.append(np.hypot(x_m - at_x_m, y_m - at_y_m) / ellipse.semi_major_m)
    return bool(np.any(away[0] < away[1]))
