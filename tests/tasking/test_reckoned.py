"""Figures reckoned again from tasks, against a program that shares nothing with Sarex."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from independent_pos import independent_exposure, pos_of_plan
from random_cases import RandomCase
from sarex.tasking.reckoned import reckoned


@pytest.fixture(scope="module", params=[1, 3])
def drawn(request):
    """Plans with looks of satellites among them."""
    one = RandomCase(request.param, varied=True)
    return (one, *one.planned())


def test_pos_is_that_of_the_independent_program(drawn) -> None:
    one, belief, plan, issued = drawn
    again = reckoned(one.case, one.frame, belief.reported, issued)
    assert again.pos == pytest.approx(pos_of_plan(belief.reported, issued), abs=0.002)
    quality = plan.quality
    assert (again.pos, again.pos_low, again.pos_high) == pytest.approx(
        (quality.pos, quality.pos_low, quality.pos_high), abs=1e-6
    )


def test_each_task_alone(drawn) -> None:
    """POS by the independent exposure; POC by counting particles in the task's area at half time."""
    one, belief, _, issued = drawn
    reported = belief.reported
    lon_deg, lat_deg = reported.frame.to_lonlat_deg(reported.x_m, reported.y_m)
    again = reckoned(one.case, one.frame, reported, issued)
    for task, figures in zip(issued.tasks, again.tasks, strict=True):
        legs = [
            (
                leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg,
                leg.start_time.timestamp(), leg.end_time.timestamp(),
            )
            for leg in task.legs
            if leg.searching
        ]  # fmt: skip
        by_type = np.array([task.sweep_widths[key].width_m for key in reported.object_types])
        exposure = independent_exposure(
            reported.times_s, lon_deg, lat_deg, reported.status == 0, by_type[reported.object_type], legs
        )
        assert figures.pos == pytest.approx(float(reported.weight @ -np.expm1(-exposure)), abs=0.002)
        assert figures.poc == pytest.approx(poc(reported, task), abs=1e-9)
        assert min(abs(task.coverage - coverage) for coverage in figures.coverages) < 1e-9


def poc(reported, task):
    half_s = 0.5 * (task.on_scene.timestamp() + task.off_scene.timestamp())
    k = int(np.argmin(np.abs(reported.times_s - half_s)))
    x_m, y_m = reported.frame.to_xy_m([c.lon_deg for c in task.area], [c.lat_deg for c in task.area])
    corners = list(zip(x_m, y_m, strict=True))
    east, north = reported.x_m[:, k], reported.y_m[:, k]
    # inside of any outline: an odd number of its edges lies east of a place
    odd = np.zeros(east.shape, bool)
    for (x0, y0), (x1, y1) in pairwise([*corners, corners[0]]):
        abreast = (y0 > north) != (y1 > north)
        odd ^= abreast & (x0 + (north - y0) * (x1 - x0) / (y1 - y0) > east)
    return float(reported.weight[odd & (reported.status[:, k] == 0)].sum())


def test_an_area_may_turn_either_way_and_have_any_shape(drawn) -> None:
    one, belief, _, issued = drawn
    backward = replace(issued, tasks=tuple(replace(t, area=t.area[::-1]) for t in issued.tasks))
    first, second = (reckoned(one.case, one.frame, belief.reported, plan) for plan in (issued, backward))
    assert [t.poc for t in second.tasks] == pytest.approx([t.poc for t in first.tasks])


def test_looks_that_the_case_does_not_have_count_for_nothing(drawn) -> None:
    one, belief, _, issued = drawn
    none = reckoned(one.case, one.frame, belief.reported, replace(issued, looks=()))
    moved = tuple(replace(planned, look=replace(planned.look, name="Another")) for planned in issued.looks)
    assert reckoned(one.case, one.frame, belief.reported, replace(issued, looks=moved)) == none
