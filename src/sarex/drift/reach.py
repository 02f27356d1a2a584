"""How far the objects of a case may get, and whether it begins where it can."""

from datetime import datetime

import numpy as np

from sarex.case.model import Case, LastKnownPosition, Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.drift.origins import PROBABLE_ERROR_PER_SIGMA, first_release_s
from sarex.environment import Box, Environment, is_land, sample_velocity
from sarex.errors import CaseError, ForcingError
from sarex.geo import LocalFrame

SIGMAS = 4.0
NEAR_MARGIN_M = 30_000.0
FAST_DRIFT_MPS = 2.0
"""Of the first day: a strong western boundary current, or a light raft in a gale."""
LASTING_DRIFT_MPS = 1.0
"""Of the days after: nothing keeps the fastest water or the same gale for long."""
UNIT_REACH_M = 800_000.0
"""Ships and their homes within this distance of the drift are put on the map of the coast."""


def case_frame(case: Case) -> LocalFrame:
    """The plane of a case: around its origins, at a whole degree so that cases share a coast in the cache."""
    lon_deg, lat_deg = np.array([(p.lon_deg, p.lat_deg) for p in _origins(case)]).T
    from_first_deg = (lon_deg - lon_deg[0] + 180.0) % 360.0 - 180.0
    middle_deg = lon_deg[0] + (from_first_deg.min() + from_first_deg.max()) / 2
    lat_middle_deg = (lat_deg.min() + lat_deg.max()) / 2
    return LocalFrame(float(round((middle_deg + 180.0) % 360.0 - 180.0)), float(round(lat_middle_deg)))


def drift_start(case: Case) -> datetime:
    """When the forcing must begin: the ten minutes in which the first object may be released."""
    return from_posix_s(first_release_s(case) // 600.0 * 600.0)


def drift_box(case: Case, frame: LocalFrame) -> Box:
    """Everywhere the objects may drift until the search ends."""
    duration_s = to_posix_s(case.window.end) - first_release_s(case)
    day_s = 86_400.0
    margin_m = NEAR_MARGIN_M + SIGMAS / PROBABLE_ERROR_PER_SIGMA * max(_errors_m(case))
    margin_m += FAST_DRIFT_MPS * min(duration_s, day_s) + LASTING_DRIFT_MPS * max(0.0, duration_s - day_s)
    return _box_around(frame, _origins(case), margin_m)


def coast_box(case: Case, frame: LocalFrame, drift: Box) -> Box:
    """The drift's box, grown to hold the ships that come from near by and their homes."""
    places = [place for unit in case.units if not unit.kind.flies for place in (unit.position, unit.home)]
    if not places:
        return drift
    x_m, y_m = frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
    near = (
        (x_m > drift.x_min_m - UNIT_REACH_M)
        & (x_m < drift.x_max_m + UNIT_REACH_M)
        & (y_m > drift.y_min_m - UNIT_REACH_M)
        & (y_m < drift.y_max_m + UNIT_REACH_M)
    )
    if not near.any():
        return drift
    return Box(
        min(drift.x_min_m, float(x_m[near].min()) - NEAR_MARGIN_M),
        min(drift.y_min_m, float(y_m[near].min()) - NEAR_MARGIN_M),
        max(drift.x_max_m, float(x_m[near].max()) + NEAR_MARGIN_M),
        max(drift.y_max_m, float(y_m[near].max()) + NEAR_MARGIN_M),
    )


def check_places(case: Case, environment: Environment) -> None:
    """Ask that origins and ships are afloat, and that the forcing reaches the origins.

    Raises:
        CaseError: a position is on land.
        ForcingError: current or wind has no data at an origin.
    """
    for scenario in case.scenarios:
        points = (
            (scenario.origin.position,)
            if isinstance(scenario.origin, LastKnownPosition)
            else tuple(point.position for point in scenario.origin.points)
        )
        for point in points:
            _ask_afloat(environment, point, f'scenario "{scenario.name}": position', "where it drifted from")
            _ask_forced(case, environment, point, scenario.name)
    for unit in case.units:
        if not unit.kind.flies:
            _ask_afloat(environment, unit.position, f'unit "{unit.name}": position', "where the unit floats")


def _ask_afloat(environment: Environment, place: Position, field: str, what: str) -> None:
    if bool(is_land(environment.coast, environment.frame, place.lon_deg, place.lat_deg)):
        raise CaseError(
            f"{field} is {_written(place)}, which lies on land; it must be on the water. Give {what}."
        )


def _ask_forced(case: Case, environment: Environment, place: Position, name: str) -> None:
    x_m, y_m = environment.frame.to_xy_m(place.lon_deg, place.lat_deg)
    middle_s = (first_release_s(case) + to_posix_s(case.window.end)) / 2
    for quantity, field in (("current", environment.current), ("wind", environment.wind)):
        if not np.isfinite(sample_velocity(field, x_m, y_m, middle_s)[0]):
            labels = ", ".join(s.label for s in environment.sources if s.quantity == quantity)
            raise ForcingError(
                f'scenario "{name}": position is {_written(place)}, where the {quantity} ({labels}) has no '
                f"data; the drift must begin inside the forcing. Add a source that covers it, or a constant."
            )


def _written(place: Position) -> str:
    north, east = "N" if place.lat_deg >= 0 else "S", "E" if place.lon_deg >= 0 else "W"
    return f"{abs(place.lat_deg):.4f}{north} {abs(place.lon_deg):.4f}{east}"


def _origins(case: Case) -> list[Position]:
    return [
        point
        for scenario in case.scenarios
        for point in (
            [scenario.origin.position]
            if isinstance(scenario.origin, LastKnownPosition)
            else [p.position for p in scenario.origin.points]
        )
    ]


def _errors_m(case: Case) -> list[float]:
    return [
        error
        for scenario in case.scenarios
        for error in (
            [scenario.origin.probable_error_m]
            if isinstance(scenario.origin, LastKnownPosition)
            else [p.probable_error_m for p in scenario.origin.points]
        )
    ]


def _box_around(frame: LocalFrame, places: list[Position], margin_m: float) -> Box:
    x_m, y_m = frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
    return Box(
        float(x_m.min()) - margin_m,
        float(y_m.min()) - margin_m,
        float(x_m.max()) + margin_m,
        float(y_m.max()) + margin_m,
    )
