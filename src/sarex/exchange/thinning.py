"""Fewer points along a line."""

from collections.abc import Sequence
from math import cos, radians

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from sarex.case.model import Position

_HALVINGS = 30
_WIDEST_DEG = 1.0


def thinned(line: Sequence[Position], most: int) -> list[Position]:
    """The line with at most so many of its points, both ends among them.

    Douglas and Peucker (1973) with the smallest tolerance, to a millionth of a degree of latitude or less,
    that leaves so few.
    """
    if len(line) <= most:
        return list(line)
    places = _in_plane(line)
    fine, coarse = 0.0, _WIDEST_DEG
    while len(_kept(places, coarse)) > most:
        coarse *= 2.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (fine + coarse)
        if len(_kept(places, middle)) > most:
            fine = middle
        else:
            coarse = middle
    return [line[number] for number in _numbers(places, _kept(places, coarse))]


def _in_plane(line: Sequence[Position]) -> NDArray[np.float64]:
    """Degrees of latitude east and north of the first point, (point, 2)."""
    first, at = line[0], np.array([(point.lon_deg, point.lat_deg) for point in line])
    east_deg = ((at[:, 0] - first.lon_deg + 180.0) % 360.0 - 180.0) * cos(radians(first.lat_deg))
    return np.column_stack([east_deg, at[:, 1] - first.lat_deg])


def _kept(places: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    return np.asarray(LineString(places).simplify(tolerance, preserve_topology=False).coords)


def _numbers(places: NDArray[np.float64], kept: NDArray[np.float64]) -> list[int]:
    """Which points were kept: simplifying leaves their coordinates as they were, in order."""
    numbers, at = [], 0
    for place in kept:
        at += int(np.argmax((places[at:] == place).all(axis=1)))
        numbers.append(at)
    return numbers
