"""Where and when the drift of each particle begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, Found, Scenario, Trackline
from sarex.clock import to_posix_s
from sarex.drift.beach import ToWater
from sarex.drift.crossing import PROBABLE_ERROR_PER_SIGMA
from sarex.drift.draws import Draw, draw_of
from sarex.errors import CaseError
from sarex.geo import LocalFrame

__all__ = [
    "PROBABLE_ERROR_PER_SIGMA",
    "Afloat",
    "Floats",
    "Origins",
    "draw_finds",
    "draw_origins",
    "first_release_s",
    "last_instant_s",
    "release_span_s",
]

Floats = NDArray[np.float64]
Afloat = Callable[[Floats, Floats], NDArray[np.bool_]]
_MOST_REDRAWS = 200
_FEWEST_REDRAWN = 1024
"""The last few on land are drawn by the thousand, so that a sliver of water is found."""
_BLOCK = 1 << 19
"""Draws at a time: bounds what drawing needs beyond its result."""


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
        CaseError: an origin lies on land, bearings do not cross, or the case runs backward.
    """
    for scenario in case.scenarios:
        if isinstance(scenario.origin, Found):
            raise CaseError(
                f'scenario "{scenario.name}": found says where it was found, not where its drift began. '
                "Run sarex backtrack with this case, or give a position, area or cloud to drift from."
            )
    return _draw_all(case, frame, afloat, particles, generator)


def draw_finds(
    case: Case,
    frame: LocalFrame,
    afloat: Afloat,
    particles: int,
    generator: np.random.Generator,
    to_water: Mapping[str, ToWater] = MappingProxyType({}),
) -> Origins:
    """Like `draw_origins` for a case that runs backward: `released_s` is when each was found.

    When the drift may have begun is said by `release_span_s`.

    Args:
        to_water: by scenario, what moves draws on land to the water from which they came ashore, for finds
            on the beach; draws of the other scenarios are drawn again.

    Raises:
        CaseError: nothing was found, or all of where it was found lies on land.
    """
    for scenario in case.scenarios:
        if not isinstance(scenario.origin, Found):
            raise CaseError(
                f'scenario "{scenario.name}": found is missing; only what was found can be traced back. '
                "Write found = { lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-18T09:00:00Z }, or "
                "run sarex drift."
            )
    return _draw_all(case, frame, afloat, particles, generator, to_water)


def first_release_s(case: Case) -> float:
    """POSIX time of the earliest possible beginning of drift."""
    return min(release_span_s(scenario)[0] for scenario in case.scenarios)


def last_instant_s(case: Case) -> float:
    """POSIX time at which the drift's account ends: the end of the search, or the last find."""
    found = [s.origin.found_at for s in case.scenarios if isinstance(s.origin, Found)]
    return to_posix_s(max(found) if found else case.window.end)


def release_span_s(scenario: Scenario) -> tuple[float, float]:
    """POSIX times between which the drift of a scenario began."""
    origin = scenario.origin
    if isinstance(origin, Trackline):
        return to_posix_s(origin.points[0].at), to_posix_s(origin.points[-1].at)
    return to_posix_s(origin.released_from), to_posix_s(origin.released_until)


def _draw_all(
    case: Case,
    frame: LocalFrame,
    afloat: Afloat,
    particles: int,
    generator: np.random.Generator,
    to_water: Mapping[str, ToWater] = MappingProxyType({}),
) -> Origins:
    """Whole columns are laid out first and filled in blocks, so that nothing is held twice."""
    numbers = [
        [max(1, round(particles * scenario.weight * share.weight)) for share in scenario.objects]
        for scenario in case.scenarios
    ]
    whole = _blank(sum(map(sum, numbers)))
    first = 0
    for number, scenario in enumerate(case.scenarios):
        draw = draw_of(f'scenario "{scenario.name}"', scenario.origin, frame)
        if scenario.name in to_water:
            draw = _brought_to_water(draw, to_water[scenario.name])
        for share, count in zip(scenario.objects, numbers[number], strict=True):
            rows = slice(first, first + count)
            whole.weight[rows] = scenario.weight * share.weight / count
            whole.scenario[rows] = number
            whole.object_type[rows] = case.object_types.index(share.type_key)
            for start in range(first, first + count, _BLOCK):
                block = slice(start, min(start + _BLOCK, first + count))
                _fill_afloat(scenario.name, draw, afloat, whole, block, generator)
            first += count
    return whole


def _brought_to_water(draw: Draw, to_water: ToWater) -> Draw:
    def moved(count: int, generator: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        x_m, y_m, released_s = draw(count, generator)
        return *to_water(x_m, y_m), released_s

    return moved


def _blank(count: int) -> Origins:
    return Origins(
        np.empty(count),
        np.empty(count),
        np.empty(count),
        np.empty(count),
        np.empty(count, dtype=np.int16),
        np.empty(count, dtype=np.int16),
    )


def _fill_afloat(
    name: str, draw: Draw, afloat: Afloat, whole: Origins, block: slice, generator: np.random.Generator
) -> None:
    """Draw a block; what falls on land is drawn again, place and time together."""
    columns = whole.x_m[block], whole.y_m[block], whole.released_s[block]
    count = columns[0].size
    for column, drawn in zip(columns, draw(count, generator), strict=True):
        column[:] = drawn
    aground = np.flatnonzero(~afloat(columns[0], columns[1]))
    for _ in range(_MOST_REDRAWS):
        if aground.size == 0:
            return
        again = draw(min(max(aground.size, _FEWEST_REDRAWN), _BLOCK), generator)
        good = np.flatnonzero(afloat(again[0], again[1]))[: aground.size]
        for column, drawn in zip(columns, again, strict=True):
            column[aground[: good.size]] = drawn[good]
        aground = aground[good.size :]
    if aground.size:
        raise CaseError(
            f'scenario "{name}": {aground.size} of {count} drawn positions still lie on land after '
            f"{_MOST_REDRAWS} redraws; an object adrift must begin on the water. "
            "Move the position off the coast or enlarge its error."
        )
