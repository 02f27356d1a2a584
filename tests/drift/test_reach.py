"""The frame and the box of a case, and places that cannot be."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from shapely import Polygon

from builders_sea import START, WINDOW, case, environment, last_known, place, scenario, ship, unit
from sarex.case.model import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    Cloud,
    CrossingBearings,
    DriftSettings,
    ErrorEllipse,
    Found,
    LastKnownPosition,
    Origin,
    Position,
    SearchWindow,
    Trackline,
    TrackPoint,
)
from sarex.drift import drift_ensemble
from sarex.drift.draws import draw_of
from sarex.drift.outline import datum_of
from sarex.drift.reach import case_frame, check_places, coast_box, drift_box, drift_end, drift_start
from sarex.errors import CaseError, ForcingError

ISLAND = Polygon([(-5000, -5000), (5000, -5000), (5000, 5000), (-5000, 5000)])


def overdue(*lon_deg):
    points = [
        TrackPoint(Position(lon, -17.0), START + timedelta(hours=i), 3000.0) for i, lon in enumerate(lon_deg)
    ]
    return scenario(Trackline(tuple(points)), {"PIW-1": 1.0})


def test_a_track_across_the_dateline_is_framed_there() -> None:
    frame = case_frame(case(overdue(179.2, -179.4)))
    assert abs(frame.origin_lon_deg) == 180.0
    assert frame.origin_lat_deg == -17.0


def test_everything_stays_in_the_box() -> None:
    """A gale and a strong current for 7 h: 0.8 m/s of water, 25 m/s of wind, and every particle inside."""
    given = case(
        scenario(last_known(error_m=8000.0), {"LIFE-RAFT-NB-1": 1.0}), drift=DriftSettings(particles=2000)
    )
    box = drift_box(given, case_frame(given))
    found = drift_ensemble(given, environment((0.8, 0.0), (20.0, 15.0)), until=WINDOW.end, purpose="t")
    assert found.x_m.min() > box.x_min_m
    assert found.x_m.max() < box.x_max_m
    assert found.y_m.min() > box.y_min_m
    assert found.y_m.max() < box.y_max_m


def test_the_box_grows_with_time_and_error() -> None:
    base = case()
    frame = case_frame(base)
    longer = replace(base, window=SearchWindow(WINDOW.start, WINDOW.end + timedelta(hours=10)))
    vaguer = case(scenario(last_known(error_m=20_000.0)))
    for wider in (longer, vaguer):
        assert drift_box(wider, frame).x_max_m > drift_box(base, frame).x_max_m + 10_000.0
    far = case(units=(ship(position=place(120_000.0, 0.0)), unit(position=place(0.0, 900_000.0))))
    grown = coast_box(far, frame, drift_box(base, frame))
    assert grown.x_max_m > 120_000.0 > drift_box(base, frame).x_max_m
    assert grown.y_max_m == drift_box(base, frame).y_max_m  # aircraft need no coast at home


def test_the_drift_starts_on_ten_minutes() -> None:
    fix = LastKnownPosition(
        Position(132.0, 37.0), 1000.0, START + timedelta(minutes=17), START + timedelta(hours=2)
    )
    assert drift_start(case(scenario(fix))) == START + timedelta(minutes=10)


def test_places_on_land_or_without_forcing_are_named() -> None:
    ashore = environment(islands_xy_m=[ISLAND])
    with pytest.raises(CaseError, match=r'scenario "adrift".*lies on land.*Give where it drifted from'):
        check_places(case(), ashore)
    out_there = case(scenario(last_known(20_000.0, 0.0)), units=(ship("Grounded", position=place(0.0, 0.0)),))
    with pytest.raises(CaseError, match=r'unit "Grounded".*lies on land'):
        check_places(out_there, ashore)
    helipad = replace(out_there, units=(unit("Helicopter", position=place(0.0, 0.0)),))
    check_places(helipad, ashore)
    holed = environment(lambda x, y: (np.where(np.abs(x) < 9000.0, np.nan, 0.1), 0.0 * y))
    with pytest.raises(ForcingError, match=r"current .* has no data.*Add a source"):
        check_places(case(), holed)
    find = Found(place(0.0, 0.0), 1000.0, START + timedelta(days=3), *SPAN)
    with pytest.raises(ForcingError, match="the find must lie inside the forcing"):
        check_places(case(scenario(find)), holed)


def test_a_seed_that_cannot_float_is_refused_and_one_at_the_coast_floats() -> None:
    sea = environment(islands_xy_m=[ISLAND])
    inland = case(scenario(last_known(error_m=100.0)))
    with pytest.raises(CaseError, match="still lie on land"):
        drift_ensemble(inland, sea, until=WINDOW.end, purpose="t")
    beside = drift_ensemble(case(scenario(last_known(7000.0, 0.0))), sea, until=WINDOW.end, purpose="t")
    assert not (beside.status[:, 0] == 1).any()


SPAN = (START, START + timedelta(hours=1))
WEST, EAST = Position(179.2, -17.0), Position(-179.6, -17.2)


def seen_from(place: Position, toward_deg: float, farthest_m: float | None = 40_000.0) -> Bearing:
    return Bearing(place, 500.0, toward_deg, 4.0, 1000.0 if farthest_m else 0.0, farthest_m)


SEEDS: dict[str, Origin] = {
    "area": Area((WEST, EAST, Position(180.0, -16.4)), 1000.0, *SPAN),
    "bearing": BearingLine(seen_from(WEST, 80.0), *SPAN),
    "bearings": CrossingBearings((seen_from(WEST, 60.0, None), seen_from(EAST, 300.0, None)), *SPAN),
    "fix": BeaconFix(ErrorEllipse(WEST, 9000.0, 3000.0, 40.0), ErrorEllipse(EAST, 2e3, 1e3, 0.0), 0.3, *SPAN),
    "found": Found(WEST, 2000.0, START + timedelta(days=3), *SPAN),
}


@pytest.mark.parametrize("kind", SEEDS)
def test_every_kind_of_origin_lies_in_its_box(kind: str) -> None:
    given = case(scenario(SEEDS[kind]))
    frame = case_frame(given)
    assert abs(frame.origin_lon_deg) > 178.0
    box = drift_box(given, frame)
    x_m, y_m, _ = draw_of("s", SEEDS[kind], frame)(20_000, np.random.default_rng(1))
    assert box.x_min_m < x_m.min() < x_m.max() < box.x_max_m
    assert box.y_min_m < y_m.min() < y_m.max() < box.y_max_m
    middle_x_m, middle_y_m, radius_m = datum_of(SEEDS[kind], frame)
    assert np.mean(np.hypot(x_m - middle_x_m, y_m - middle_y_m) < radius_m) == pytest.approx(0.5, abs=0.05)


def test_a_cloud_is_framed_by_its_corners() -> None:
    cloud = Cloud("/nowhere.nc", (Position(179.0, -18.0), Position(-179.0, -16.0)), *SPAN)
    given = case(scenario(cloud))
    frame = case_frame(given)
    assert abs(frame.origin_lon_deg) == 180.0
    box = drift_box(given, frame)
    x_m, _ = frame.to_xy_m([179.0, -179.0], [-16.0, -16.0])
    assert box.x_min_m < x_m[0] < x_m[1] < box.x_max_m


def test_a_backward_case_lasts_until_the_find() -> None:
    assert drift_end(case(scenario(SEEDS["found"]))) == START + timedelta(days=3)
    assert drift_end(case()) == WINDOW.end


def test_an_area_needs_forcing_and_water_in_a_part_of_it_only() -> None:
    corners = [place(x, y) for x, y in ((-20_000, -20_000), (20_000, -20_000), (20_000, 20_000))]
    given = case(scenario(Area(tuple(corners), 0.0, *SPAN)))
    check_places(given, environment(islands_xy_m=[ISLAND]))
    half = environment(lambda x, y: (np.where(x > 10_000.0, 0.1, np.nan), 0.0 * y))
    check_places(given, half)
    nowhere = environment(lambda x, y: (np.where(np.abs(x) < 40_000.0, np.nan, 0.1), 0.0 * y))
    with pytest.raises(ForcingError, match=r"positions are around .*current .* has no data"):
        check_places(given, nowhere)
