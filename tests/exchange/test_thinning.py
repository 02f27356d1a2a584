"""Fewer points along a line, as near to it as so few can be."""

import numpy as np
import pytest
from shapely import LineString, Point

from sarex.case.model import Position
from sarex.exchange.thinning import thinned


def _spiral(lon_deg: float) -> list[Position]:
    angle = np.linspace(0.0, 10.0 * np.pi, 400)
    at = [(lon_deg + 0.004 * t * np.cos(t), 60.0 + 0.002 * t * np.sin(t)) for t in angle]
    return [Position((lon + 180.0) % 360.0 - 180.0, lat) for lon, lat in at]


@pytest.mark.parametrize("lon_deg", [5.0, 179.99])
def test_a_spiral_keeps_its_ends_and_its_shape(lon_deg) -> None:
    line = _spiral(lon_deg)
    few = thinned(line, 50)
    assert 40 <= len(few) <= 50
    assert (few[0], few[-1]) == (line[0], line[-1])
    numbers = [line.index(point) for point in few]
    assert numbers == sorted(set(numbers))
    route = LineString([((p.lon_deg - lon_deg + 180.0) % 360.0 * 0.5, p.lat_deg) for p in few])
    off_deg = [route.distance(Point((p.lon_deg - lon_deg + 180.0) % 360.0 * 0.5, p.lat_deg)) for p in line]
    assert max(off_deg) < 0.004  # of a spiral 0.06 wide


def test_a_short_line_is_left_alone() -> None:
    line = _spiral(5.0)[:50]
    assert thinned(line, 50) == line
