"""A case of our own on HYCOM current and GFS wind: files that name no standard names, a coast with a bay."""

from dataclasses import replace
from pathlib import Path

from builders_sea import SMALL
from independent_pos import pos_of_plan
from sarex import mission

CASE = Path(__file__).with_name("washington_coast.toml")


def test_a_kayak_off_the_washington_coast(shared_dir: Path, tmp_path: Path) -> None:
    folder = shared_dir / "data/pygnome-wa"
    file = tmp_path / "case.toml"
    file.write_text(CASE.read_text(encoding="utf-8").replace("FOLDER", folder.as_posix()), encoding="utf-8")
    case = mission.open_case(file)
    case = replace(case, drift=replace(case.drift, particles=4000))
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    plan = mission.plan_search(case, environment, belief, SMALL)
    issued = mission.issue_tasks(case, environment, plan)
    assert [rule.rule for rule in mission.check_plan(case, environment, issued) if rule.violations] == []
    # the cutter has to find its way out of Neah Bay and round Cape Flattery
    assert {task.unit.name for task in issued.tasks} >= {"Helicopter Port Angeles", "Cutter Neah Bay"}
    quality = plan.quality
    assert abs(pos_of_plan(belief.reported, issued) - quality.pos) <= 0.01
    assert quality.pos <= quality.pos_upper_bound
