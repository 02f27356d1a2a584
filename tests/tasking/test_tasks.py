"""From the plane to what a crew is told: positions, times and words."""

import numpy as np
import pytest
from pyproj import Geod

from builders_sea import FRAME, WINDOW, case, unit
from sarex.detection.model import SweepWidth
from sarex.planning.model import Activity, Leg, Pattern, PlanQuality, SearchPlan, UnitPlan, UnusedUnit
from sarex.tasking import issue_tasks
from sarex.tasking.pieces import track_pieces

START_S = WINDOW.start.timestamp()
GEOD = Geod(ellps="WGS84")


@pytest.fixture
def issued():
    """Out 40 km, two turns' worth of transit corners, two legs of 6 km with a turn between."""
    points = [(-40_000, 0), (-10_000, 500), (-3000, 0), (3000, 0), (3000, 800), (-3000, 800)]
    kinds = [Activity.TRANSIT, Activity.TRANSIT, Activity.SEARCH, Activity.TURN, Activity.SEARCH]
    times = START_S + np.array([0.0, 460.0, 570.0, 700.0, 730.0, 860.0])
    legs = tuple(
        Leg(*points[i], *points[i + 1], times[i], times[i + 1], kind) for i, kind in enumerate(kinds)
    )
    plan = UnitPlan(
        unit=unit(), pattern=Pattern.PARALLEL_SWEEP, legs=legs,
        area_xy_m=np.array([(-3400.0, -400.0), (3400.0, -400.0), (3400.0, 1200.0), (-3400.0, 1200.0)]),
        track_spacing_m=926.0, sweep_widths={"PIW-1": SweepWidth(185.2, 185.2, (), "t")}, coverage=0.2,
        poc=0.3, pod=0.2, pos=0.06, return_by_s=times[-1] + 600.0, endurance_until_s=START_S + 4 * 3600.0,
    )  # fmt: skip
    quality = PlanQuality(0.06, 0.04, 0.08, 0.5, 0.2, 0.3, 0.05)
    whole = SearchPlan((plan,), (UnusedUnit(unit("Idle"), "too late"),), quality, 6.0)
    return issue_tasks(case(), FRAME, whole)


def test_positions_and_times_of_the_legs(issued) -> None:
    (task,) = issued.tasks
    first, last = task.legs[0], task.legs[-1]
    assert GEOD.inv(first.start.lon_deg, first.start.lat_deg, 132.0, 37.0)[2] == pytest.approx(
        40_000.0, rel=1e-4
    )
    assert GEOD.inv(last.start.lon_deg, last.start.lat_deg, last.end.lon_deg, last.end.lat_deg)[
        2
    ] == pytest.approx(6000.0, rel=1e-4)
    for leg, following in zip(task.legs, task.legs[1:], strict=False):
        assert leg.end == following.start
        assert leg.end_time == following.start_time
    assert [leg.searching for leg in task.legs] == [False, False, True, False, True]


def test_what_a_crew_needs_first(issued) -> None:
    (task,) = issued.tasks
    assert task.commence_search_point == task.legs[2].start
    assert (task.departs, task.on_scene, task.off_scene) == (
        task.legs[0].start_time, task.legs[2].start_time, task.legs[-1].end_time,
    )  # fmt: skip
    assert (task.on_scene - task.departs).total_seconds() == pytest.approx(570.0)
    assert (task.return_by - task.off_scene).total_seconds() == pytest.approx(600.0)
    lon, lat = np.array([(corner.lon_deg, corner.lat_deg) for corner in task.area]).T
    area_m2, _ = GEOD.polygon_area_perimeter(lon, lat)
    assert area_m2 == pytest.approx(6800.0 * 1600.0, rel=1e-4)  # positive: counter-clockwise


def test_the_briefing_says_it_in_sailors_units(issued) -> None:
    words = issued.tasks[0].briefing
    for part in ("parallel sweep", "2 legs", "500 ft", "89 kt", "0.50 nm", f"{WINDOW.start:%H:%M}"):
        assert part in words


def test_the_plan_carries_its_case(issued) -> None:
    assert (issued.case_id, issued.exercise, issued.seed) == ("T-1", True, 1)
    assert issued.unused[0].why == "too late"
    assert issued.quality.pos == 0.06


def test_a_transit_is_one_line_and_every_search_leg_its_own(issued) -> None:
    pieces = track_pieces(issued.tasks[0])
    assert [len(piece.legs) for piece in pieces] == [2, 1, 1, 1]
    assert len(pieces[0].positions) == 3
    assert pieces[0].end_time == pieces[1].start_time
