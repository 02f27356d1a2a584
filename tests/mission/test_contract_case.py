"""The whole story on the contract's case and real forcing, small: skipped where the data are not."""

from dataclasses import replace
from pathlib import Path

import pytest

from builders_sea import SMALL, flown
from independent_pos import pos_of_plan
from sarex import mission
from sarex.probability import bins_at


def test_from_case_file_to_next_plan(shared_dir: Path) -> None:
    case = mission.open_case(shared_dir / "contract/case.toml")
    case = replace(case, drift=replace(case.drift, particles=4000))
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    assert belief.reported.weight.sum() == pytest.approx(1.0)
    plan = mission.plan_search(case, environment, belief, SMALL)
    issued = mission.issue_tasks(case, environment, plan)
    for rule in mission.check_plan(case, environment, issued):
        assert rule.violations == 0, (rule.rule, rule.details[:3])
    quality = plan.quality
    assert quality.pos > 0.4
    assert quality.pos_low <= quality.pos <= quality.pos_high
    assert quality.pos <= quality.pos_upper_bound
    assert pos_of_plan(belief.reported, issued) == pytest.approx(quality.pos, abs=0.01)
    for at in case.window.instants:
        probability = mission.map_probability(belief.reported, at, at)
        assert sum(probability.bins.values()) == pytest.approx(1.0)
        areas = [contour.area_m2 for contour in mission.contours(probability)]
        assert areas == sorted(areas)

    result = flown(issued)
    following = mission.next_window(
        case, result, case.window.end, case.window.end + (case.window.end - case.window.start) / 2
    )
    sea = mission.gather_environment(following)
    posterior, lesson = mission.update_belief(mission.drift_objects(following, sea), result)
    assert lesson.pos == pytest.approx(quality.pos, abs=0.01)
    bins = bins_at(posterior.reported, -1, 1.0 - posterior.reported.undetected)
    assert sum(bins.values()) == pytest.approx(1.0)
    next_plan = mission.plan_search(following, sea, posterior, SMALL)
    assert 0.0 < next_plan.quality.pos < posterior.reported.undetected
    next_issued = mission.issue_tasks(following, sea, next_plan)
    assert pos_of_plan(posterior.reported, next_issued) == pytest.approx(next_plan.quality.pos, abs=0.01)
    for rule in mission.check_plan(following, sea, next_issued):
        assert rule.violations == 0, (rule.rule, rule.details[:3])
