"""Searching beside danger areas: legs end before them, the area is cut at their margin."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiLineString, Point, Polygon, box
from test_crews import WIDTHS, WINDOW_S, belief_of, danger, minutes
from test_fleet_search import cloud

from builders_sea import FRAME, case, environment, last_known, place, scenario, ship, unit
from sarex import mission
from sarex.exchange.plan_document import read_plan_document
from sarex.exchange.plan_json import plan_to_json
from sarex.planning import Effort
from sarex.planning.crews import Crew, crew_of
from sarex.planning.datum_drift import datum_drift
from sarex.planning.figures import afloat_inside
from sarex.planning.kept import track_of
from sarex.planning.live import Edit
from sarex.planning.model import Activity, Pattern
from sarex.planning.sea_room import Charts
from sarex.planning.sortie import Shape, fly
from sarex.planning.told_area import area_beside, told_region
from sarex.planning.unit_plan import unit_plan_of
from sarex.tasking.read_back import unit_plans_of

LADDER = Shape(Pattern.PARALLEL_SWEEP, 0.0, 0.0, 0.0, 12_000.0, 900.0, clipped=True)
CORNER = box(1000.0, 500.0, 40_000.0, 40_000.0)
"""North-east of the datum."""
ALWAYS = minutes(-600), minutes(1200)
EFFORT = Effort(lines=2, tries=80, rounds=8, moves=40, shakes=2, polish=4)


SEA = environment(islands_xy_m=[box(60_000.0, -60_000.0, 62_000.0, -58_000.0)])
"""Its island is far away; with it the raster is that of a real coast."""


def crew_in(*areas):
    return crew_of(unit(), SEA, Charts(SEA, areas), WINDOW_S, WIDTHS, tuple(WIDTHS))


def lines_of(legs):
    return MultiLineString(list(legs[:, :4].reshape(-1, 2, 2)))


def test_legs_end_half_a_spacing_before_the_margin_and_the_area_is_cut_there() -> None:
    crew = crew_in(danger(CORNER, *ALWAYS))
    assert fly(crew, replace(LADDER, clipped=False), (0.0, 0.0)) is None
    track = fly(crew, LADDER, (0.0, 0.0))
    searching = track.searching
    north = searching[np.minimum(searching[:, 1], searching[:, 3]) > 0.0]
    south = searching[np.maximum(searching[:, 1], searching[:, 3]) < -500.0]
    assert north[:, [0, 2]].max() <= 1000.0 - 500.0 - 450.0
    assert south[:, [0, 2]].max() == pytest.approx(6000.0)
    area, margin = Polygon(track.area), CORNER.buffer(500.0)
    # all of the rectangle but the margin, as nearly as few corners tell it
    assert 4 < len(track.area) <= 9
    assert area.exterior.is_ccw
    assert not area.intersects(margin.buffer(-15.0))
    assert Polygon(track.box).difference(area).within(margin.buffer(160.0))
    assert area.exterior.distance(lines_of(searching)) >= 450.0 - 15.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_few_corners_tell_a_margin_and_hold_it(seed) -> None:
    rng = np.random.default_rng(seed)
    region = Polygon(rng.uniform(-8000, 8000, (5, 2))).convex_hull.buffer(500.0)
    told = told_region(region)
    assert told.buffer(0.01).covers(region)
    assert region.buffer(151.0).covers(told)
    assert len(told.exterior.coords) <= 20


BOX = np.array([(-6000, -3000), (6000, -3000), (6000, 3000), (-6000, 3000)], float)
WEST, EAST = (np.array([[x, y, x + 3000, y] for y in (-2500.0, 0.0, 2500.0)]) for x in (-5500.0, 2500.0))


@pytest.mark.parametrize(
    ("legs", "closed", "corners"),
    [
        (WEST, box(3000, -9000, 9000, 9000), 4),  # one end
        (WEST, box(3000, 0, 9000, 9000), 6),  # one corner
        (np.vstack([WEST, EAST]), box(-500, -9000, 500, 9000), None),  # two pieces with legs
        (WEST, box(-500, -9000, 500, 9000), 4),  # two pieces, legs in one
        (np.vstack([WEST, EAST]), box(-1000, -1000, 1000, 1000), None),  # all round
        (np.vstack([WEST, EAST]), box(-1000, -1000, 1000, 2900), 8),  # as good as open to the north
        (WEST, box(-2900, -9000, 9000, 9000), None),  # legs ending inside
        (WEST, box(-2100, -9000, 9000, 9000), None),  # legs ending 400 m before
        (WEST, box(-1900, -9000, 9000, 9000), 4),  # 600 m before
    ],
)
def test_what_a_crew_is_told_to_search_beside_a_closed_place(legs, closed, corners) -> None:
    area = area_beside(BOX, legs, 500.0, [closed])
    assert (None if area is None else len(area)) == corners
    if area is not None:
        assert Polygon(area).covers(lines_of(legs))
        assert not Polygon(area).buffer(-1.0).intersects(closed)


def test_an_area_that_is_active_for_a_part_of_the_search_clips_too() -> None:
    track = fly(crew_in(danger(CORNER, minutes(120), minutes(600))), LADDER, (0.0, 0.0))
    north = track.searching[track.searching[:, 1] > 0.0]
    assert north[:, [0, 2]].max() <= 1000.0 - 500.0 - 450.0


def test_room_is_never_told_larger_than_it_is_and_none_is_on_land() -> None:
    land = box(-9000.0, -9000.0, -6000.0, 9000.0)
    sea = environment(islands_xy_m=[land])
    crew = crew_of(unit(), sea, Charts(sea, (danger(CORNER, *ALWAYS),)), WINDOW_S, WIDTHS, tuple(WIDTHS))
    places = np.random.default_rng(1).uniform(-20_000.0, 20_000.0, (3000, 2))
    column, row = ((places - crew.sea.closed.at[:2]) // crew.sea.closed.at[2]).astype(int).T
    room_m = crew.sea.room_m[row, column]
    away_m = shapely.distance(shapely.points(places), CORNER.buffer(500.0))
    on_land = shapely.contains_xy(land, places)
    assert np.all(room_m[on_land] < 0.0)
    # beyond 20 km it does not matter
    at_sea = (shapely.distance(shapely.points(places), land) > 300.0) & (away_m < 19_000.0)
    assert np.all(room_m[at_sea] <= away_m[at_sea])
    assert np.all(room_m[at_sea] >= np.maximum(away_m[at_sea] - 450.0, 0.0))
    assert on_land.any()


def test_the_time_saved_goes_into_more_legs() -> None:
    free, beside = (fly(crew_in(*areas), LADDER, (0.0, 0.0)) for areas in ((), (danger(CORNER, *ALWAYS),)))
    assert len(beside.searching) > len(free.searching)
    lengths_m = [
        np.hypot(t.searching[:, 2] - t.searching[:, 0], t.searching[:, 3] - t.searching[:, 1]).sum()
        for t in (free, beside)
    ]
    assert lengths_m[1] == pytest.approx(lengths_m[0], rel=0.15)


def test_no_area_is_laid_round_a_danger_area() -> None:
    """Outlines have no holes: a crew would be told to search all round it."""
    buoy = danger(box(-300.0, -300.0, 300.0, 300.0), *ALWAYS)
    assert fly(crew_in(buoy), replace(LADDER, clipped=False), (0.0, 0.0)) is None
    assert fly(crew_in(buoy), LADDER, (0.0, 0.0)) is None


def test_what_is_active_above_or_at_another_time_cuts_nothing() -> None:
    free = fly(crew_in(), LADDER, (0.0, 0.0))
    above = danger(CORNER, *ALWAYS, floor_m=1000.0)
    over = danger(CORNER, minutes(-900), minutes(-600))
    for area in (above, over):
        np.testing.assert_array_equal(fly(crew_in(area), LADDER, (0.0, 0.0)).legs, free.legs)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_wherever_danger_lies_legs_and_area_keep_out_of_it(seed) -> None:
    rng = np.random.default_rng(seed)
    blobs = [
        Point(rng.uniform(-9000, 9000, 2)).buffer(rng.uniform(1000, 5000), quad_segs=rng.integers(1, 5))
        for _ in range(rng.integers(1, 4))
    ]
    since = minutes(int(rng.integers(-100, 100)))
    until = since + timedelta(minutes=int(rng.integers(30, 600)))
    crew = crew_in(*(danger(blob, since, until) for blob in blobs))
    shape = replace(
        LADDER, heading_rad=rng.uniform(-3, 3), length_m=rng.uniform(3000, 15_000),
        spacing_m=rng.uniform(400, 2500), creep=int(rng.choice((-1, 1))), taper=rng.uniform(-0.3, 0.3),
        start_end=int(rng.choice((-1, 1))), follows_drift=bool(rng.integers(2)),
    )  # fmt: skip
    track = fly(crew, shape, (0.3, -0.2))
    if track is None:
        return
    active_s = since.timestamp() - 300.0, until.timestamp() + 300.0
    area, searching = Polygon(track.area), lines_of(track.searching)
    assert area.is_valid
    assert area.exterior.is_ccw
    half_m = max(0.5 * shape.spacing_m, 232.5)
    assert area.covers(searching)
    assert area.exterior.distance(searching) >= half_m - 15.5
    if track.legs[0, 4] < active_s[1] and track.legs[-1, 5] > active_s[0]:
        for blob in blobs:
            assert not lines_of(track.legs).intersects(blob.buffer(499.0))
            assert not area.intersects(blob.buffer(500.0 - 16.0))


@pytest.fixture(scope="module")
def story():
    """Three units around a datum whose north-eastern quarter is closed."""
    fleet = (
        unit("Low", sweep_width_m={"LIFE-RAFT-DB-10": 500.0}),
        unit("High", altitude_m=500.0, sweep_width_m={"LIFE-RAFT-DB-10": 500.0}),
        ship("Ship", position=place(-20_000.0, -5000.0), sweep_width_m={"LIFE-RAFT-DB-10": 800.0}),
    )
    given = case(scenario(last_known(error_m=4000.0)), units=fleet, danger_areas=(danger(CORNER, *ALWAYS),))
    belief = belief_of(given, SEA)
    return given, SEA, belief, mission.plan_search(given, SEA, belief, EFFORT)


def test_a_plan_beside_a_danger_area_keeps_the_rules(story) -> None:
    given, sea, _, plan = story
    issued = mission.issue_tasks(given, sea, plan)
    assert [rule.name for rule in mission.check_plan(given, sea, issued) if rule.violations] == []
    assert any(len(task.area) > 4 for task in issued.tasks)


def test_probability_in_a_cut_area_is_that_of_the_particles_in_it(story) -> None:
    *_, belief, plan = story
    reported = belief.reported
    for one in plan.unit_plans:
        searching = [leg for leg in one.legs if leg.activity is Activity.SEARCH]
        k = int(np.argmin(np.abs(reported.times_s - 0.5 * (searching[0].start_s + searching[-1].end_s))))
        inside = shapely.contains_xy(Polygon(one.area_xy_m), reported.x_m[:, k], reported.y_m[:, k])
        afloat = reported.status[:, k] == 0
        assert one.poc == pytest.approx(float(reported.weight[inside & afloat].sum()), abs=1e-9)


def test_crews_are_told_why_their_area_ends(story) -> None:
    given, sea, belief, plan = story
    explained = mission.explain_plan(given, sea, belief, plan)
    for one in explained.unit_plans:
        cut = len(one.area_xy_m) > 4
        assert any("ends where the margin of Firing begins" in sentence for sentence in one.why) is cut


def test_one_area_round_the_corner_of_a_danger_area_finds_more_than_one_beside_it(monkeypatch) -> None:
    """Three quarters of a round cloud are open; the best rectangle there holds little more than a half."""
    given = case(
        scenario(last_known(error_m=5000.0)),
        units=(unit(sweep_width_m={"LIFE-RAFT-DB-10": 1500.0}),),
        danger_areas=(danger(CORNER, *ALWAYS),),
        drift=replace(case().drift, particles=4000),
    )
    belief = mission.drift_objects(given, SEA)
    cut = mission.plan_search(given, SEA, belief, EFFORT)
    monkeypatch.setattr(Crew, "sea", None)
    whole = mission.plan_search(given, SEA, belief, EFFORT)
    assert cut.quality.pos > whole.quality.pos + 0.05
    assert cut.quality.pos < cut.quality.pos_optimum_high


def test_a_plan_file_keeps_the_cut_area(story, tmp_path) -> None:
    given, sea, _, plan = story
    issued = mission.issue_tasks(given, sea, plan)
    rules = mission.check_plan(given, sea, issued)
    path = tmp_path / "plan.json"
    path.write_text(plan_to_json(issued, rules, given.window.start, synthetic=False), encoding="utf-8")
    read = unit_plans_of(FRAME, read_plan_document(path, given, "").tasks)
    for planned, again in zip(plan.unit_plans, read, strict=True):
        assert Polygon(again.area_xy_m).symmetric_difference(Polygon(planned.area_xy_m)).area < 1e4


def test_an_edit_cuts_the_area_anew_or_says_what_it_breaks(story) -> None:
    given, sea, belief, plan = story
    live = mission.edit_plan(given, sea, belief, plan)
    number = next(n for n, one in enumerate(plan.unit_plans) if len(one.area_xy_m) > 4)
    back = live.edited(number, Edit(east_m=-400.0, north_m=-400.0))
    assert back.why_not is None
    assert not any("danger" in violation.rule for violation in back.violations)
    assert not Polygon(back.unit_plan.area_xy_m).intersects(CORNER.buffer(470.0))
    into = live.edited(number, Edit(east_m=6000.0, north_m=6000.0))
    assert into.why_not is not None or any("danger" in violation.rule for violation in into.violations)


def test_a_kept_unit_holds_the_rectangle_round_its_cut_area() -> None:
    crew, waters = crew_in(danger(CORNER, *ALWAYS)), cloud(500)
    track = fly(crew, replace(LADDER, follows_drift=False), (0.0, 0.0))
    nothing = np.zeros(waters.weight.size, np.float32)
    kept = track_of(unit_plan_of(crew, track, nothing, waters), datum_drift(waters), crew.reference_s)
    np.testing.assert_array_equal(kept.area, track.area)
    assert Polygon(kept.box).symmetric_difference(Polygon(track.box)).area < 1e-3 * Polygon(track.box).area


def test_particles_are_counted_in_the_cut_area_alone() -> None:
    waters = cloud(5000, sigma_m=3000.0)
    corners = np.array([(-4000, -4000), (4000, -4000), (4000, 0), (0, 0), (0, 4000), (-4000, 4000)], float)
    k = waters.x_m.shape[0] // 2
    x_m, y_m = waters.x_m[k], waters.y_m[k]
    expected = waters.afloat[k] & (np.abs(x_m) < 4000.0) & (np.abs(y_m) < 4000.0) & ~((x_m > 0) & (y_m > 0))
    inside = afloat_inside(waters, corners, waters.start_s + k * waters.step_s)
    np.testing.assert_array_equal(inside, expected)
    assert 0.3 < inside.mean() < 0.9
