"""Ways round land and danger areas, and what is closed to whom."""

from datetime import timedelta

import numpy as np
import pytest
from shapely import LineString, Point, Polygon, box

from builders_sea import FRAME, WINDOW, coast, environment, place, ship, unit
from sarex.case.model import DangerArea, Position
from sarex.geo import LocalFrame
from sarex.planning.passage import (
    SAFETY_MARGIN_M,
    Passage,
    charted_polygon,
    closed_to_search,
    closed_to_transit,
    way_length_m,
)
from sarex.planning.sea_room import Charts

ISLAND = Polygon([(-4000, -12_000), (4000, -12_000), (4000, 9000), (-4000, 9000)])
SPAN_S = WINDOW.start.timestamp(), WINDOW.end.timestamp()


def danger(**changes) -> DangerArea:
    values = {
        "name": "Firing area",
        "polygon": tuple(
            place(x, y) for x, y in ((-8000, 20_000), (8000, 20_000), (8000, 40_000), (-8000, 40_000))
        ),
        "active_from": WINDOW.start,
        "active_until": WINDOW.end,
        "floor_m": 0.0,
        "ceiling_m": 1000.0,
    }
    return DangerArea(**{**values, **changes})


def regions(who, sea, *areas):
    """Danger areas as they concern a unit in the window."""
    room = Charts(sea, areas).room_for(who, (0.0, 0.0), (0.0, 0.0), SPAN_S)
    return tuple(peril.region for peril in room.perils)


def test_a_ship_goes_round_an_island_and_an_aircraft_over_it() -> None:
    sea = environment(islands_xy_m=[ISLAND])
    start, goal = (-30_000.0, 0.0), (30_000.0, 0.0)
    afloat, aloft = (Passage(closed_to_transit(who, sea, ()), start).way(goal) for who in (ship(), unit()))
    assert aloft == (start, goal)
    assert afloat is not None
    assert (afloat[0], afloat[-1]) == (start, goal)
    assert not LineString(afloat).intersects(ISLAND)
    # round the nearer, northern end: not more than 10 % above the shortest possible
    shortest = 2 * np.hypot(26_000.0, 9000.0) + 8000.0
    assert shortest <= way_length_m(afloat) <= 1.1 * shortest


def test_land_is_closed_to_everyones_searching() -> None:
    sea = environment(islands_xy_m=[ISLAND])
    search = closed_to_search(sea, ())
    assert not search.clear((-10_000.0, 0.0), (10_000.0, 0.0))
    assert search.clear((-10_000.0, -20_000.0), (10_000.0, -20_000.0))


def test_no_way_into_a_closed_bay() -> None:
    ring = box(-9000, -9000, 9000, 9000).difference(box(-6000, -6000, 6000, 6000))
    walls = [box(-9000, -9000, -6000, 9000), box(6000, -9000, 9000, 9000)]
    walls += [box(-6000, -9000, 6000, -6000), box(-6000, 6000, 6000, 9000)]
    assert ring.area == pytest.approx(sum(wall.area for wall in walls))
    passage = Passage(closed_to_transit(ship(), environment(islands_xy_m=walls), ()), (-30_000.0, 0.0))
    assert passage.way((0.0, 0.0)) is None
    assert passage.way((30_000.0, 0.0)) is not None


def test_a_danger_area_is_closed_with_its_margin_when_it_concerns_the_unit() -> None:
    sea = environment(islands_xy_m=[ISLAND])
    areas = regions(unit(), sea, danger())
    transit = closed_to_transit(unit(), sea, areas)
    for closed in (transit, closed_to_search(sea, areas)):
        assert not closed.clear((-20_000.0, 30_000.0), (20_000.0, 30_000.0))
        assert not closed.clear(
            (-20_000.0, 20_000.0 - 0.9 * SAFETY_MARGIN_M), (20_000.0, 20_000.0 - 0.9 * SAFETY_MARGIN_M)
        )
        assert closed.clear((-20_000.0, 18_500.0), (20_000.0, 18_500.0))
    way = Passage(transit, (-30_000.0, 30_000.0)).way((30_000.0, 30_000.0))
    assert way is not None
    assert (
        LineString(way).distance(Polygon([(-8000, 20_000), (8000, 20_000), (8000, 40_000), (-8000, 40_000)]))
        >= 499.0
    )


@pytest.mark.parametrize(
    ("changes", "concerned"),
    [
        ({}, True),
        # the helicopter flies at 152.4 m, and areas reach as much higher and lower than they say
        ({"floor_m": 300.0}, True),
        ({"floor_m": 310.0}, False),
        ({"ceiling_m": 1.0}, True),
        ({"active_until": WINDOW.start - timedelta(minutes=6)}, False),
        ({"active_until": WINDOW.start - timedelta(minutes=4)}, True),
        ({"active_from": WINDOW.end + timedelta(minutes=6)}, False),
        ({"active_from": WINDOW.end + timedelta(minutes=4)}, True),
        ({"active_from": WINDOW.end - timedelta(minutes=1), "active_until": WINDOW.end + timedelta(1)}, True),
    ],
)
def test_whom_a_danger_area_concerns(changes, concerned) -> None:
    """Its times count five minutes and a second more on either side, see `planning.margins`."""
    assert bool(regions(unit(), environment(), danger(**changes))) is concerned


def test_a_berth_at_the_shore_can_be_left() -> None:
    """Cells that the shore only touches are open to a ship's transit within 1 km of where it lies."""
    sea = environment(islands_xy_m=[ISLAND])
    raster = coast([ISLAND]).raster
    shore = np.argwhere(raster.cells == 1)
    row, column = shore[len(shore) // 2]
    berth = raster.x0_m + (column + 0.5) * raster.spacing_m, raster.y0_m + (row + 0.5) * raster.spacing_m
    outward = np.sign(berth[0]) * 30_000.0, berth[1]
    moored = ship(position=place(*berth))
    assert not ISLAND.buffer(-300.0).contains(Point(berth))
    assert Passage(closed_to_transit(moored, sea, ()), berth).way(outward) is not None
    elsewhere = ship(position=place(-30_000.0, 0.0))
    assert not closed_to_transit(elsewhere, sea, ()).clear(berth, berth)
    assert FRAME is sea.frame


def test_an_aircraft_from_beyond_the_map_goes_round_a_danger_area() -> None:
    """The way is short of corners and keeps the margin, though the base is off the raster of the coast."""
    base, goal = (0.0, 400_000.0), (0.0, 0.0)
    far = unit(position=place(*base), home=place(*base))
    sea = environment()
    areas = regions(far, sea, danger())
    way = Passage(closed_to_transit(far, sea, areas), base).way(goal)
    assert way is not None
    assert 3 <= len(way) <= 5
    area = Polygon([(-8000, 20_000), (8000, 20_000), (8000, 40_000), (-8000, 40_000)])
    assert LineString(way).distance(area) >= 499.0
    shortest = np.hypot(8500.0, 400_000.0 - 40_500.0) + 21_000.0 + np.hypot(8500.0, 19_500.0)
    assert way_length_m(way) <= 1.02 * shortest


def test_a_chart_may_join_corners_in_degrees_or_in_the_plane() -> None:
    """Along 65 N an edge of six degrees bends by kilometres between the two; both are kept out of."""
    corners = tuple(Position(lon, lat) for lon, lat in ((0.0, 65.0), (6.0, 65.0), (6.0, 66.5), (0.0, 66.5)))
    frame = LocalFrame(3.0, 65.0)
    area = charted_polygon(danger(polygon=corners), frame)
    on_parallel = Point(*(float(v) for v in frame.to_xy_m(3.0, 65.01)))
    straight = Polygon(np.column_stack(frame.to_xy_m([0.0, 6.0, 6.0, 0.0], [65.0, 65.0, 66.5, 66.5])))
    assert area.contains(on_parallel)
    assert area.buffer(1.0).contains(straight)
    assert not straight.contains(on_parallel)


def test_no_way_is_waited_for_once_looked_round(monkeypatch) -> None:
    """An editor looks round when it begins: the first way round an island takes a tenth of a second."""
    passage = Passage(closed_to_transit(ship(), environment(islands_xy_m=[ISLAND]), ()), (-30_000.0, 0.0))
    passage.look_round()
    monkeypatch.setattr("sarex.kernels.obstacle.any_angle_field", None)
    way = passage.way((30_000.0, 0.0))
    assert way is not None
    assert not LineString(way).intersects(ISLAND)
