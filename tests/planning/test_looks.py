"""Satellites' looks: what they may find need not be searched again, and every figure counts them once."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from builders_outcome import outcome_of, searches_of
from builders_sea import (
    FRAME,
    QUIET,
    SMALL,
    WINDOW,
    case,
    environment,
    flown,
    last_known,
    place,
    scenario,
    unit,
)  # fmt: skip
from sarex.case.model import SatelliteLook
from sarex.detection import Drifters, footprint_in_plane, look_exposure
from sarex.drift import drift_ensemble
from sarex.geo import LocalFrame
from sarex.planning import Belief, plan_search
from sarex.planning.looks import looks_on, with_looks
from sarex.planning.waters import success, waters_of
from sarex.tasking import issue_tasks
from sarex.update import SearchResult, next_window, update_belief

AT = WINDOW.start + timedelta(minutes=37)
WINDOW_S = WINDOW.start.timestamp(), WINDOW.end.timestamp()


def look(half_m=2000.0, x_m=0.0, at=AT, **recall):
    corners = ((-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m))
    return SatelliteLook(
        "Radar pass", "JP", at, tuple(place(x_m + x, y) for x, y in corners),
        recall or {"LIFE-RAFT-DB-10": 0.75, "PIW-1": 0.2},
    )  # fmt: skip


def drifted(given, purpose="reported", sea=None):
    return drift_ensemble(given, sea or environment((0.3, -0.1)), until=given.window.end, purpose=purpose)


def given_case(**changes):
    return case(
        scenario(last_known(error_m=3000.0), {"LIFE-RAFT-DB-10": 0.6, "PIW-1": 0.4}), drift=QUIET, **changes
    )


def test_a_look_sees_what_floats_inside_its_footprint_just_then() -> None:
    """Where each particle is at that minute, by straight lines between its instants; -ln(1 - recall)."""
    given = given_case(looks=(look(x_m=3000.0),))
    ensemble = drifted(given)
    (found,) = looks_on(given, FRAME, waters_of(ensemble, *WINDOW_S)).exposures
    waters = waters_of(ensemble, *WINDOW_S)
    for p in range(0, waters.weight.size, 7):
        x_m = np.interp(AT.timestamp(), waters.times_s, waters.x_m[:, p].astype(float))
        y_m = np.interp(AT.timestamp(), waters.times_s, waters.y_m[:, p].astype(float))
        edge_m = max(abs(x_m - 3000.0), abs(y_m)) - 2000.0
        if abs(edge_m) < 5.0:
            continue
        recall = (0.75, 0.2)[waters.object_type[p]] if edge_m < 0 else 0.0
        assert found[p] == pytest.approx(-np.log(1.0 - recall))


def test_what_is_ashore_is_not_seen() -> None:
    given = given_case()
    waters = waters_of(drifted(given), *WINDOW_S)
    ashore = replace(waters, afloat=np.zeros_like(waters.afloat))
    (found,) = looks_on(replace(given, looks=(look(1e5),)), FRAME, ashore).exposures
    assert not found.any()


def test_a_look_over_everything_finds_its_recall() -> None:
    given = given_case(looks=(look(1e5, **{"LIFE-RAFT-DB-10": 0.5, "PIW-1": 0.5}),))
    waters = waters_of(drifted(given), *WINDOW_S)
    left, pos = with_looks(waters, looks_on(given, FRAME, waters))
    assert pos == pytest.approx(0.5, abs=1e-6)
    np.testing.assert_allclose(left.weight, 0.5 * waters.weight)


def test_looks_outside_the_window_are_not_the_plans() -> None:
    late = look(at=WINDOW.end + timedelta(minutes=1))
    waters = waters_of(drifted(given_case()), *WINDOW_S)
    assert looks_on(given_case(looks=(late,)), FRAME, waters).looks == ()


@pytest.fixture(scope="module")
def planned():
    given = given_case(looks=(look(2500.0), replace(look(3000.0, x_m=4000.0), name="Second pass")))
    sea = environment((0.3, -0.1))
    belief = Belief(*(drifted(given, purpose, sea) for purpose in ("reported", "rehearsal")))
    plan = plan_search(given, sea, belief, SMALL)
    return given, sea, belief, plan


def test_every_figure_counts_the_looks_once(planned) -> None:
    given, _, belief, plan = planned
    waters = waters_of(belief.reported, *WINDOW_S)
    looks = looks_on(given, FRAME, waters)
    total = np.sum(looks.exposures, axis=0)
    _, together = with_looks(waters, looks)
    alone = [planned_look.pos for planned_look in plan.looks]
    assert max(alone) < together < sum(alone)
    for search in searches_of(plan, waters, given.object_types):
        total = total + waters.exposures(search.legs, search.width_m, 0.0)
    quality = plan.quality
    assert quality.pos == pytest.approx(success(waters.weight, total), abs=1e-7), "exposures are float32"
    assert together < quality.pos_low < quality.pos < quality.pos_high <= 1.0
    assert quality.pos <= quality.pos_upper_bound + 1e-9
    assert together < quality.pos_doctrine <= quality.pos_upper_bound
    assert together < quality.pos_optimum_low <= quality.pos_upper_bound
    outcome = outcome_of(given, waters, searches_of(plan, waters, given.object_types), looks.glances())
    assert outcome.pos == pytest.approx(quality.pos, abs=1e-6)


def test_the_update_learns_what_the_plan_promised(planned) -> None:
    given, sea, belief, plan = planned
    issued = issue_tasks(given, sea.frame, plan)
    done = SearchResult(flown(issued).tracks, tuple(each.look for each in issued.looks))
    _, lesson = update_belief(belief.reported, done)
    assert lesson.pos == pytest.approx(plan.quality.pos, abs=1e-4)
    _, of_looks = update_belief(belief.reported, SearchResult((), done.looks))
    waters = waters_of(belief.reported, *WINDOW_S)
    assert of_looks.pos == pytest.approx(with_looks(waters, looks_on(given, FRAME, waters))[1], abs=1e-9)


def test_units_search_where_the_look_was_not(planned) -> None:
    """One helicopter with little time, a look that all but settles the eastern half: it goes west."""
    certain = look(40_000.0, x_m=40_000.0, **{"LIFE-RAFT-DB-10": 0.999, "PIW-1": 0.999})
    given = given_case(looks=(certain,), units=(unit(endurance_s=2.0 * 3600.0),))
    sea = environment()
    belief = Belief(*(drifted(given, purpose, sea) for purpose in ("reported", "rehearsal")))
    (task,) = plan_search(given, sea, belief, SMALL).unit_plans
    assert task.area_xy_m[:, 0].mean() < 0.0


def test_a_footprint_across_the_180th_meridian() -> None:
    frame = LocalFrame(180.0, 10.0)
    corners = ((-3e3, -3e3), (3e3, -3e3), (3e3, 3e3), (-3e3, 3e3))
    across = replace(look(), footprint=tuple(place(x, y, frame) for x, y in corners))
    assert footprint_in_plane(across, frame).area == pytest.approx(36e6, rel=1e-3)
    times_s = np.array([AT.timestamp() - 60.0, AT.timestamp() + 60.0])
    x_m = np.array([[0.0, 5000.0]] * 2)
    pair = Drifters(times_s, x_m, 0 * x_m, np.ones((2, 2), bool), np.zeros(2, np.int16))
    seen = look_exposure(across, frame, ("PIW-1",), pair)
    assert seen == pytest.approx([-np.log(0.8), 0.0])


def test_looks_that_were_counted_are_not_in_the_next_window() -> None:
    """One at the very end of a window belongs to both; the search that counted it decides."""
    first, last, after = (look(at=WINDOW.start + timedelta(minutes=m)) for m in (20, 180, 200))
    looks = tuple(replace(each, name=name) for each, name in ((first, "a"), (last, "b"), (after, "c")))
    given = given_case(looks=looks)
    following = next_window(given, SearchResult((), looks[:2]), WINDOW.end, WINDOW.end + timedelta(hours=3))
    assert [each.name for each in following.looks] == ["c"]
    uncounted = next_window(given, SearchResult(()), WINDOW.end, WINDOW.end + timedelta(hours=3))
    assert [each.name for each in uncounted.looks] == ["b", "c"]
