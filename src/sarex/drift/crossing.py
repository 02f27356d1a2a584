"""Where two or more bearings cross, as a density and as draws from it.

The density per square metre is the product over the bearings of the normal density of their angular
errors, between the limits of distance; an observer's own error is averaged over. Draws are exact: points
are proposed either at the intersection of two bearings drawn with their errors, weighted with the area
that a little turn of both sweeps, r1 r2 / sin(angle between them), or along one drawn bearing, evenly by
area; both are weighted with the densities of the bearings that did not make them and thinned by
rejection. A pilot run tells which proposal serves best. Weights are cut off where no more than 0.1 % of
the probability lies above, so that a rare point with an enormous weight does not stall the rest.

The plane is centred where the bearings cross: great circles through its centre are straight lines in it.
"""

from dataclasses import dataclass
from itertools import combinations
from math import inf, radians, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Bearing
from sarex.errors import CaseError
from sarex.geo import LocalFrame

PROBABLE_ERROR_PER_SIGMA = 1.1774
FARTHEST_M = 200.0 * 1852.0
"""Where a case gives no limit: twice the radio horizon of an aircraft at 10,000 ft."""
_PILOT = 1 << 14
_LOST_FRAC = 1e-3
_LEAST_ACCEPTED_FRAC = 5e-3
_LARGEST_BLOCK = 1 << 18
_RIM_FRAC = 0.9
_MOST_AT_RIM = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Line:
    """A bearing in the plane."""

    x_m: float
    y_m: float
    sigma_m: float
    """Of the observer's position, per axis."""
    toward_rad: float
    sigma_rad: float
    nearest_m: float
    farthest_m: float
    to_plane: Floats
    """(2, 2): east and north at the observer to x and y."""
    to_sky: Floats
    """Its inverse."""


@dataclass(frozen=True)
class _Proposal:
    """One or two lines whose drawn bearings make the points, and how well that serves."""

    makers: tuple[int, ...]
    cut: float
    accepted_frac: float


@dataclass(frozen=True)
class Crossing:
    """Ready to draw from."""

    plane: LocalFrame
    lines: tuple[_Line, ...]
    proposal: _Proposal

    def draw(self, count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        """Longitude and latitude of points, each of shape (count,)."""
        x_m, y_m = np.empty(count), np.empty(count)
        done = 0
        while done < count:
            ask = int((count - done) / self.proposal.accepted_frac * 1.1) + 64
            x, y, weight, _ = _propose(self.lines, self.proposal.makers, min(ask, _LARGEST_BLOCK), generator)
            kept = np.flatnonzero(generator.random(weight.size) * self.proposal.cut < weight)[: count - done]
            x_m[done : done + kept.size], y_m[done : done + kept.size] = x[kept], y[kept]
            done += kept.size
        return self.plane.to_lonlat_deg(x_m, y_m)


def crossing_of(where: str, bearings: tuple[Bearing, ...]) -> Crossing:
    """Find where the bearings cross and how to draw from there.

    Args:
        where: what error sentences call them.

    Raises:
        CaseError: they do not cross, contradict each other, or cross so flatly that nothing but a limit
            that nobody gave ends the region.
    """
    plane = LocalFrame(bearings[0].observer.lon_deg, bearings[0].observer.lat_deg)
    for _ in range(2):  # the first round only tells where to put the plane
        lines = tuple(_line(bearing, plane) for bearing in bearings)
        proposal, x_m, y_m, weight, distance = _pilot(where, lines)
        lon_deg, lat_deg = plane.to_lonlat_deg(
            np.average(x_m, weights=weight), np.average(y_m, weights=weight)
        )
        plane, used = LocalFrame(float(lon_deg), float(lat_deg)), plane
    if any(bearing.farthest_m is None for bearing in bearings):
        at_rim = float(weight[distance > _RIM_FRAC].sum() / weight.sum())
        if at_rim > _MOST_AT_RIM:
            raise CaseError(
                f"{where}: bearings cross so flatly that the region has no end within "
                f"{FARTHEST_M / 1852.0:.0f} nautical miles. Give range_nm = [nearest, farthest] with each "
                "bearing, or a bearing from another side."
            )
    return Crossing(used, lines, proposal)


def _line(bearing: Bearing, plane: LocalFrame) -> _Line:
    place = bearing.observer
    x_m, y_m = plane.to_xy_m(place.lon_deg, place.lat_deg)
    dx_de, dx_dn, dy_de, dy_dn = plane.velocity_to_plane(np.array([place.lon_deg]), np.array([place.lat_deg]))
    to_plane = np.array([[dx_de[0], dx_dn[0]], [dy_de[0], dy_dn[0]]])
    return _Line(
        float(x_m),
        float(y_m),
        bearing.observer_error_m / PROBABLE_ERROR_PER_SIGMA,
        radians(bearing.toward_deg),
        radians(bearing.bearing_error_deg),
        bearing.nearest_m,
        FARTHEST_M if bearing.farthest_m is None else bearing.farthest_m,
        to_plane,
        np.linalg.inv(to_plane),
    )


def _pilot(where: str, lines: tuple[_Line, ...]) -> tuple[_Proposal, Floats, Floats, Floats, Floats]:
    """The best proposal, its points with their weights, and their distance as a share of the farthest."""
    generator = np.random.default_rng(0)  # an integration with fixed nodes, not a draw of the case
    best = None
    least_misfit = inf
    numbers = range(len(lines))
    for makers in (*combinations(numbers, 2), *((number,) for number in numbers)):
        x, y, weight, misfit = _propose(lines, makers, _PILOT, generator)
        if not (weight > 0.0).any():
            continue
        least_misfit = min(least_misfit, float(misfit[weight > 0.0].min()))
        cut = _cut(weight)
        proposal = _Proposal(makers, cut, float(np.minimum(weight, cut).mean() / cut))
        if best is None or proposal.accepted_frac > best[0].accepted_frac:
            best = proposal, x, y, weight
    if best is None or least_misfit > _most_misfit(len(lines)):
        raise CaseError(
            f"{where}: bearings do not cross: no place fits them all within their errors and distances. "
            "Correct the bearings, or enlarge bearing_error_deg or range_nm."
        )
    if best[0].accepted_frac < _LEAST_ACCEPTED_FRAC:
        raise CaseError(
            f"{where}: bearings cross too flatly to tell where. Give range_nm = [nearest, farthest] with "
            "each bearing, or a bearing from another side."
        )
    x, y = best[1], best[2]
    share = np.max([np.hypot(x - line.x_m, y - line.y_m) / line.farthest_m for line in lines], axis=0)
    return (*best, share)


def _most_misfit(bearings: int) -> float:
    """The sum of squared standard errors at the best place that chance exceeds in 0.3 % of cases.

    Chi-square of as many degrees as there are bearings beyond two (Wilson and Hilferty 1931).
    """
    degrees = max(bearings - 2, 1)
    return float(degrees * (1.0 - 2.0 / (9.0 * degrees) + 2.75 * sqrt(2.0 / (9.0 * degrees))) ** 3)


def _cut(weight: Floats) -> float:
    """The weight above which no more than the lost fraction of the whole lies."""
    ordered = np.sort(weight)[::-1]
    above = np.cumsum(ordered) - ordered * np.arange(1, ordered.size + 1)
    within = np.flatnonzero(above <= _LOST_FRAC * ordered.sum())
    return float(ordered[within[-1]]) if ordered[within[-1]] > 0.0 else float(ordered[ordered > 0.0][-1])


def _propose(
    lines: tuple[_Line, ...], makers: tuple[int, ...], count: int, generator: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    """Points, their weights and the sum of their squared standard errors of angle; each (count,)."""
    stands = [
        (
            line.x_m + line.sigma_m * generator.standard_normal(count),
            line.y_m + line.sigma_m * generator.standard_normal(count),
        )
        for line in lines
    ]
    rays = [_ray(lines[number], count, generator) for number in makers]
    if len(makers) == 2:
        x, y, weight = _intersection(stands[makers[0]], rays[0], stands[makers[1]], rays[1])
    else:
        x, y, weight = _along(lines[makers[0]], stands[makers[0]], rays[0], generator)
    misfit = np.zeros(count)
    for number, (line, (stand_x, stand_y)) in enumerate(zip(lines, stands, strict=True)):
        east, north = line.to_sky @ np.stack([x - stand_x, y - stand_y])
        distance = np.hypot(east, north)
        weight[(distance < line.nearest_m) | (distance > line.farthest_m)] = 0.0
        off = (np.arctan2(east, north) - line.toward_rad + np.pi) % (2.0 * np.pi) - np.pi
        squared = (off / line.sigma_rad) ** 2
        misfit += squared
        if number not in makers:
            weight *= np.exp(-0.5 * squared)
    return x, y, weight, misfit


def _ray(line: _Line, count: int, generator: np.random.Generator) -> Floats:
    """Directions in the plane of bearings drawn with their error, (2, count); metres per metre."""
    angle = line.toward_rad + line.sigma_rad * generator.standard_normal(count)
    return np.asarray(line.to_plane @ np.stack([np.sin(angle), np.cos(angle)]))


def _intersection(
    one: tuple[Floats, Floats], ray: Floats, other: tuple[Floats, Floats], across: Floats
) -> tuple[Floats, Floats, Floats]:
    """Where two rays meet, with r1 r2 / sin(angle); points behind an observer have no weight."""
    apart_x, apart_y = other[0] - one[0], other[1] - one[1]
    sine = ray[0] * across[1] - ray[1] * across[0]
    flat = np.abs(sine) < 1e-9
    safe = np.where(flat, 1.0, sine)
    along_m = (apart_x * across[1] - apart_y * across[0]) / safe
    across_m = (apart_x * ray[1] - apart_y * ray[0]) / safe
    weight = along_m * across_m / np.abs(safe)
    weight[flat | (along_m <= 0.0) | (across_m <= 0.0)] = 0.0
    return one[0] + along_m * ray[0], one[1] + along_m * ray[1], weight


def _along(
    line: _Line, stand: tuple[Floats, Floats], ray: Floats, generator: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Along one ray between its limits of distance, evenly by area."""
    near2, far2 = line.nearest_m**2, line.farthest_m**2
    distance_m = np.sqrt(near2 + (far2 - near2) * generator.random(ray.shape[1]))
    x, y = stand[0] + distance_m * ray[0], stand[1] + distance_m * ray[1]
    return x, y, np.ones(ray.shape[1])
