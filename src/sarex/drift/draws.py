"""How to draw where and when the drift of one scenario began, for every kind of origin.

`draw_of` prepares once what a kind needs and gives a function from (count, generator) to x, y in the
frame's plane and POSIX seconds, each of shape (count,). Land is none of its business.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import assert_never

import numpy as np
import shapely
from numpy.typing import NDArray

from sarex.case.cloud_file import read_cloud
from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Cloud,
    CrossingBearings,
    ErrorEllipse,
    Found,
    LastKnownPosition,
    Origin,
    Position,
    Trackline,
)
from sarex.clock import to_posix_s
from sarex.drift.crossing import PROBABLE_ERROR_PER_SIGMA, crossing_of
from sarex.geo import LocalFrame
from sarex.geo.frame import WGS84

Floats = NDArray[np.float64]
Draw = Callable[[int, np.random.Generator], tuple[Floats, Floats, Floats]]


def draw_of(where: str, origin: Origin, frame: LocalFrame) -> Draw:
    """The drawing of an origin in a frame. What was found is drawn where and when it was found.

    Args:
        where: the scenario, for error sentences.

    Raises:
        CaseError: bearings do not cross, or a cloud's file has changed since the case was opened.
    """
    match origin:
        case Trackline():
            return _trackline(origin, frame)
        case Cloud():
            return _cloud(origin, frame)
        case Found():
            drawn = _scattered(origin.position, origin.probable_error_m, frame)
            return _timed(drawn, origin.found_at, origin.found_at)
        case LastKnownPosition():
            drawn = _scattered(origin.position, origin.probable_error_m, frame)
        case Area():
            drawn = _area(origin, frame)
        case BearingLine():
            drawn = _bearing_line(origin, frame)
        case CrossingBearings():
            drawn = _crossing(where, origin, frame)
        case BeaconFix():
            drawn = _beacon_fix(origin, frame)
        case _:
            assert_never(origin)
    return _timed(drawn, origin.released_from, origin.released_until)


Places = Callable[[int, np.random.Generator], tuple[Floats, Floats]]


def _timed(places: Places, start: datetime, end: datetime) -> Draw:
    """Times evenly from start to end, whatever the place."""
    start_s, end_s = to_posix_s(start), to_posix_s(end)

    def draw(count: int, generator: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        released_s = generator.uniform(start_s, end_s, count)
        x_m, y_m = places(count, generator)
        return x_m, y_m, released_s

    return draw


def _scattered(position: Position, probable_error_m: float, frame: LocalFrame) -> Places:
    x0_m, y0_m = frame.to_xy_m(position.lon_deg, position.lat_deg)
    sigma_m = probable_error_m / PROBABLE_ERROR_PER_SIGMA

    def places(count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        scatter = generator.standard_normal((2, count))
        scatter *= sigma_m
        return x0_m + scatter[0], y0_m + scatter[1]

    return places


def _trackline(track: Trackline, frame: LocalFrame) -> Draw:
    at_s = np.array([to_posix_s(point.at) for point in track.points])
    sigmas_m = np.array([point.probable_error_m for point in track.points]) / PROBABLE_ERROR_PER_SIGMA
    corner_x_m, corner_y_m = frame.to_xy_m(
        [point.position.lon_deg for point in track.points], [point.position.lat_deg for point in track.points]
    )

    def draw(count: int, generator: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        released_s = generator.uniform(at_s[0], at_s[-1], count)
        scatter = generator.standard_normal((2, count))
        scatter *= np.interp(released_s, at_s, sigmas_m)
        scatter[0] += np.interp(released_s, at_s, corner_x_m)
        scatter[1] += np.interp(released_s, at_s, corner_y_m)
        return scatter[0], scatter[1], released_s

    return draw


def _area(area: Area, frame: LocalFrame) -> Places:
    """Uniform over the polygon: a triangle by its area, then evenly in it. The plane keeps areas."""
    x_m, y_m = frame.to_xy_m(
        [corner.lon_deg for corner in area.polygon], [corner.lat_deg for corner in area.polygon]
    )
    polygon = shapely.Polygon(np.column_stack([x_m, y_m]))
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    corners = shapely.get_coordinates(triangles).reshape(len(triangles), 4, 2)[:, :3]
    shares = np.cumsum(shapely.area(triangles))
    sigma_m = area.probable_error_m / PROBABLE_ERROR_PER_SIGMA

    def places(count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        chosen = _pick(shares, count, generator)
        along, across = generator.random((2, count))
        beyond = along + across > 1.0  # the other half of the parallelogram is folded back
        along[beyond], across[beyond] = 1.0 - along[beyond], 1.0 - across[beyond]
        drawn = [
            first + along * (second - first) + across * (third - first)
            for first, second, third in (corners[chosen, :, axis].T for axis in (0, 1))
        ]
        if sigma_m > 0.0:
            drawn = [values + sigma_m * generator.standard_normal(count) for values in drawn]
        return drawn[0], drawn[1]

    return places


def _pick(cumulative: Floats, count: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Indices with probabilities as the steps of a cumulative sum."""
    chosen = np.searchsorted(cumulative, generator.random(count) * cumulative[-1], side="right")
    return np.asarray(np.minimum(chosen, cumulative.size - 1))


def _bearing_line(line: BearingLine, frame: LocalFrame) -> Places:
    """Along geodesics from the observer: normal in angle, uniform in distance."""
    bearing = line.bearing
    farthest_m = bearing.nearest_m if bearing.farthest_m is None else bearing.farthest_m
    sigma_m = bearing.observer_error_m / PROBABLE_ERROR_PER_SIGMA

    def places(count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        scatter = generator.standard_normal((2, count))
        azimuth_deg = bearing.toward_deg + bearing.bearing_error_deg * generator.standard_normal(count)
        distance_m = generator.uniform(bearing.nearest_m, farthest_m, count)
        lon_deg, lat_deg, _ = WGS84.fwd(
            np.full(count, bearing.observer.lon_deg),
            np.full(count, bearing.observer.lat_deg),
            azimuth_deg,
            distance_m,
        )
        x_m, y_m = frame.to_xy_m(lon_deg, lat_deg)
        return x_m + sigma_m * scatter[0], y_m + sigma_m * scatter[1]

    return places


def _crossing(where: str, origin: CrossingBearings, frame: LocalFrame) -> Places:
    crossing = crossing_of(where, origin.bearings)

    def places(count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        return frame.to_xy_m(*crossing.draw(count, generator))

    return places


def _beacon_fix(fix: BeaconFix, frame: LocalFrame) -> Places:
    """A normal whose 50 % ellipse is the given one; the image in its share of the draws."""
    main = _axes(fix.ellipse, frame)
    image = main if fix.ambiguous is None else _axes(fix.ambiguous, frame)

    def places(count: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
        scatter = generator.standard_normal((2, count))
        x_m, y_m = _in_ellipse(main, scatter)
        if fix.ambiguous_probability > 0.0:
            there = np.flatnonzero(generator.random(count) < fix.ambiguous_probability)
            x_m[there], y_m[there] = _in_ellipse(image, scatter[:, there])
        return x_m, y_m

    return places


def _axes(ellipse: ErrorEllipse, frame: LocalFrame) -> tuple[Floats, Floats]:
    """Centre (2,) and one standard deviation along both axes (2, axis), in the plane."""
    lon_deg, lat_deg = np.array([ellipse.position.lon_deg]), np.array([ellipse.position.lat_deg])
    dx_de, dx_dn, dy_de, dy_dn = frame.velocity_to_plane(lon_deg, lat_deg)
    turn = np.radians(ellipse.major_toward_deg)
    sky = np.array([[np.sin(turn), np.cos(turn)], [np.cos(turn), -np.sin(turn)]])  # (component, axis)
    sigmas_m = np.array([ellipse.semi_major_m, ellipse.semi_minor_m]) / PROBABLE_ERROR_PER_SIGMA
    plane = np.array([[dx_de[0], dx_dn[0]], [dy_de[0], dy_dn[0]]])
    return np.concatenate(frame.to_xy_m(lon_deg, lat_deg)), plane @ sky * sigmas_m


def _in_ellipse(ellipse: tuple[Floats, Floats], scatter: Floats) -> tuple[Floats, Floats]:
    centre, axes = ellipse
    return (
        centre[0] + axes[0, 0] * scatter[0] + axes[0, 1] * scatter[1],
        centre[1] + axes[1, 0] * scatter[0] + axes[1, 1] * scatter[1],
    )


def _cloud(cloud: Cloud, frame: LocalFrame) -> Draw:
    """Points of the file by their weight, each with its own time."""
    points = read_cloud(Path(cloud.location))
    x_m, y_m = frame.to_xy_m(points.lon_deg, points.lat_deg)
    cumulative = np.cumsum(points.weight)

    def draw(count: int, generator: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        chosen = _pick(cumulative, count, generator)
        return x_m[chosen], y_m[chosen], points.time_s[chosen]

    return draw
