"""Where and when the drift of each particle begins."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, LastKnownPosition, Scenario, Trackline
from sarex.clock import to_posix_s
from sarex.errors import CaseError
from sarex.geo import LocalFrame

PROBABLE_ERROR_PER_SIGMA = 1.1774
"""50 % radius of a circular normal in units of its standard deviation per axis: sqrt(2 ln 2)."""

Floats = NDArray[np.float64]
Afloat = Callable[[Floats, Floats], NDArray[np.bool_]]
_MOST_REDRAWS = 200


@dataclass(frozen=True)
class Origins:
    """The seeds of an ensemble, one row per particle."""

    x_m: Floats
    y_m: Floats
    released_s: Floats
    """POSIX seconds."""
    weight: Floats
    scenario: NDArray[np.int16]
    object_type: NDArray[np.int16]


def draw_origins(
    case: Case, frame: LocalFrame, afloat: Afloat, particles: int, generator: np.random.Generator
) -> Origins:
    """Share the particles out to scenarios and objects by weight and draw where each begins.

    Args:
        afloat: says of plane positions whether they are on the water; draws on land are drawn again.

    Raises:
        CaseError: an origin lies on land.
    """
    groups = []
    for number, scenario in enumerate(case.scenarios):
        for share in scenario.objects:
            probability = scenario.weight * share.weight
            count = max(1, round(particles * probability))
            x_m, y_m, released_s = _draw_afloat(scenario, frame, afloat, count, generator)
            groups.append(
                Origins(
                    x_m,
                    y_m,
                    released_s,
                    np.full(count, probability / count),
                    np.full(count, number, dtype=np.int16),
                    np.full(count, case.object_types.index(share.type_key), dtype=np.int16),
                )
            )
    return Origins(
        np.concatenate([group.x_m for group in groups]),
        np.concatenate([group.y_m for group in groups]),
        np.concatenate([group.released_s for group in groups]),
        np.concatenate([group.weight for group in groups]),
        np.concatenate([group.scenario for group in groups]),
        np.concatenate([group.object_type for group in groups]),
    )


def first_release_s(case: Case) -> float:
    """POSIX time of the earliest possible beginning of drift."""
    return min(_release_span_s(scenario)[0] for scenario in case.scenarios)


def _release_span_s(scenario: Scenario) -> tuple[float, float]:
    match scenario.origin:
        case LastKnownPosition() as fix:
            return to_posix_s(fix.released_from), to_posix_s(fix.released_until)
        case Trackline() as track:
            return to_posix_s(track.points[0].at), to_posix_s(track.points[-1].at)


def _draw_afloat(
    scenario: Scenario, frame: LocalFrame, afloat: Afloat, count: int, generator: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    x_m, y_m, released_s = _draw(scenario, frame, count, generator)
    for _ in range(_MOST_REDRAWS):
        aground = np.flatnonzero(~afloat(x_m, y_m))
        if aground.size == 0:
            return x_m, y_m, released_s
        again = _draw(scenario, frame, aground.size, generator)
        x_m[aground], y_m[aground], released_s[aground] = again
    raise CaseError(
        f'scenario "{scenario.name}": {aground.size} of {count} drawn positions still lie on land after '
        f"{_MOST_REDRAWS} redraws; an object adrift must begin on the water. "
        "Move the position off the coast or enlarge its error."
    )


def _draw(
    scenario: Scenario, frame: LocalFrame, count: int, generator: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    start_s, end_s = _release_span_s(scenario)
    released_s = generator.uniform(start_s, end_s, count)
    scatter = generator.standard_normal((2, count))
    match scenario.origin:
        case LastKnownPosition() as fix:
            x_m, y_m = frame.to_xy_m(fix.position.lon_deg, fix.position.lat_deg)
            sigma_m = np.full(count, fix.probable_error_m / PROBABLE_ERROR_PER_SIGMA)
            return x_m + sigma_m * scatter[0], y_m + sigma_m * scatter[1], released_s
        case Trackline() as track:
            at_s = np.array([to_posix_s(point.at) for point in track.points])
            errors_m = np.array([point.probable_error_m for point in track.points])
            corner_x_m, corner_y_m = frame.to_xy_m(
                [point.position.lon_deg for point in track.points],
                [point.position.lat_deg for point in track.points],
            )
            sigma_m = np.interp(released_s, at_s, errors_m) / PROBABLE_ERROR_PER_SIGMA
            return (
                np.interp(released_s, at_s, corner_x_m) + sigma_m * scatter[0],
                np.interp(released_s, at_s, corner_y_m) + sigma_m * scatter[1],
                released_s,
            )
