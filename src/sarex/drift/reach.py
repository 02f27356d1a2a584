"""How far the objects of a case may get, and whether it begins where it can."""

from datetime import datetime

import numpy as np

from sarex.case.model import Case, Found, LastKnownPosition, Position, Scenario, Trackline
from sarex.clock import from_posix_s
from sarex.drift.beach import to_water_from
from sarex.drift.draws import draw_of
from sarex.drift.origins import PROBABLE_ERROR_PER_SIGMA, first_release_s, last_instant_s
from sarex.drift.outline import SIGMAS, Outline, outline_of, written_place
from sarex.environment import Box, Environment, is_land, sample_velocity
from sarex.errors import CaseError, ForcingError
from sarex.geo import LocalFrame

_SAMPLE = 256
NEAR_MARGIN_M = 30_000.0
FAST_DRIFT_MPS = 2.0
"""Of the first day: a strong western boundary current, or a light raft in a gale."""
LASTING_DRIFT_MPS = 1.0
"""Of the days after: nothing keeps the fastest water or the same gale for long."""
UNIT_REACH_M = 800_000.0
"""Ships and their homes within this distance of the drift are put on the map of the coast."""

_DRIFT_INSIDE = "the drift must begin inside the forcing"
_FIND_INSIDE = "the find must lie inside the forcing"


def case_frame(case: Case) -> LocalFrame:
    """The plane of a case: around its origins, at a whole degree so that cases share a coast in the cache."""
    places = [place for outline in _outlines(case) for place in outline.places]
    lon_deg, lat_deg = np.array([(p.lon_deg, p.lat_deg) for p in places]).T
    from_first_deg = (lon_deg - lon_deg[0] + 180.0) % 360.0 - 180.0
    middle_deg = lon_deg[0] + (from_first_deg.min() + from_first_deg.max()) / 2
    lat_middle_deg = (lat_deg.min() + lat_deg.max()) / 2
    return LocalFrame(float(round((middle_deg + 180.0) % 360.0 - 180.0)), float(round(lat_middle_deg)))


def drift_start(case: Case) -> datetime:
    """When the forcing must begin: the ten minutes in which the first object may be released."""
    return from_posix_s(first_release_s(case) // 600.0 * 600.0)


def drift_box(case: Case, frame: LocalFrame, widened: float = 1.0) -> Box:
    """Everywhere the objects may drift until the search ends, or may have come from.

    Args:
        widened: multiplies the margin, for forcing that carries them farther than is usual.
    """
    duration_s = last_instant_s(case) - first_release_s(case)
    day_s = 86_400.0
    outlines = _outlines(case)
    error_m = max(outline.probable_error_m for outline in outlines)
    margin_m = NEAR_MARGIN_M + SIGMAS / PROBABLE_ERROR_PER_SIGMA * error_m
    margin_m += FAST_DRIFT_MPS * min(duration_s, day_s) + LASTING_DRIFT_MPS * max(0.0, duration_s - day_s)
    places = [place for outline in outlines for place in outline.places]
    return _box_around(frame, places, widened * margin_m)


def drift_end(case: Case) -> datetime:
    """Until when the forcing must last: the end of the search, or the last find of a backward run."""
    return from_posix_s(last_instant_s(case))


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
        match scenario.origin:
            case LastKnownPosition(position=place):
                _ask_afloat(environment, place, f"{_named(scenario)}: position", "where it drifted from")
                _ask_forced(case, environment, (place,), _named(scenario))
            case Trackline(points=points):
                for point in points:
                    field = f"{_named(scenario)}: position"
                    _ask_afloat(environment, point.position, field, "where it drifted from")
                    _ask_forced(case, environment, (point.position,), _named(scenario))
            case _:
                places = _afloat_sample(scenario, environment)
                rule = _FIND_INSIDE if isinstance(scenario.origin, Found) else _DRIFT_INSIDE
                _ask_forced(case, environment, places, _named(scenario), rule)
    for unit in case.units:
        if not unit.kind.flies:
            _ask_afloat(environment, unit.position, f'unit "{unit.name}": position', "where the unit floats")


def _ask_afloat(environment: Environment, place: Position, field: str, what: str) -> None:
    if bool(is_land(environment.coast, environment.frame, place.lon_deg, place.lat_deg)):
        raise CaseError(
            f"{field} is {written_place(place)}, which lies on land; it must be on the water. Give {what}."
        )


def _afloat_sample(scenario: Scenario, environment: Environment) -> tuple[Position, ...]:
    """Some places of an origin that has an extent; all of them where none is on the water."""
    frame = environment.frame
    draw = draw_of(_named(scenario), scenario.origin, frame)
    x_m, y_m, _ = draw(_SAMPLE, np.random.default_rng(0))  # a fixed look, not a draw of the case
    if isinstance(scenario.origin, Found):
        to_water = to_water_from(_named(scenario), scenario.origin, frame, environment.coast.raster)
        x_m, y_m = (x_m, y_m) if to_water is None else to_water(x_m, y_m)
    lon_deg, lat_deg = frame.to_lonlat_deg(x_m, y_m)
    afloat = ~is_land(environment.coast, frame, lon_deg, lat_deg)
    chosen = afloat if afloat.any() else np.ones(_SAMPLE, dtype=bool)
    return tuple(
        Position(float(lon), float(lat)) for lon, lat in zip(lon_deg[chosen], lat_deg[chosen], strict=True)
    )


def _ask_forced(
    case: Case,
    environment: Environment,
    places: tuple[Position, ...],
    where: str,
    rule: str = _DRIFT_INSIDE,
) -> None:
    """Ask that every member has data at one of the places at least."""
    x_m, y_m = environment.frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
    middle_s = (first_release_s(case) + last_instant_s(case)) / 2
    for member in environment.members:
        for quantity, field in (("current", member.current), ("wind", member.wind)):
            at_s = float(np.clip(middle_s, field.times_s[0], field.times_s[-1]))
            if np.isfinite(sample_velocity(field, x_m, y_m, at_s)[0]).any():
                continue
            labels = ", ".join(
                source.label
                for source in environment.sources
                if source.quantity == quantity and source.member in ("", member.name)
            )
            what = "position is" if len(places) == 1 else "positions are around"
            raise ForcingError(
                f"{where}: {what} {written_place(places[0])}, where the {quantity} ({labels}) has no "
                f"data; {rule}. Add a source that covers it, or a constant."
            )


def _outlines(case: Case) -> list[Outline]:
    return [outline_of(_named(scenario), scenario.origin) for scenario in case.scenarios]


def _named(scenario: Scenario) -> str:
    return f'scenario "{scenario.name}"'


def _box_around(frame: LocalFrame, places: list[Position], margin_m: float) -> Box:
    x_m, y_m = frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
    return Box(
        float(x_m.min()) - margin_m,
        float(y_m.min()) - margin_m,
        float(x_m.max()) + margin_m,
        float(y_m.max()) + margin_m,
    )
