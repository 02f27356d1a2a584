"""plan.json says what the plan says, and comes back as what was searched."""

import json
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import shape

import builders
from sarex.errors import PlanError
from sarex.exchange.plan_json import plan_to_json, plan_to_mapping
from sarex.exchange.plan_reader import read_plan
from sarex.geo import WGS84

CONTRACT_PLAN = {
    "format",
    "case",
    "exercise",
    "computed_at",
    "seed",
    "window",
    "pos",
    "pos_low",
    "pos_high",
    "pos_upper_bound",
    "pos_optimum",
    "pos_doctrine",
    "tasks",
    "unused_units",
    "rules_checked",
}
CONTRACT_TASK = {
    "unit",
    "nation",
    "pattern",
    "area",
    "commence_search_point",
    "track_spacing_nm",
    "coverage",
    "altitude_ft",
    "search_speed_kt",
    "sweep_width_nm",
    "poc",
    "pod",
    "pos",
    "legs",
}
CONTRACT_LEG = {"start", "end", "start_time", "end_time", "searching"}


@pytest.fixture(scope="module")
def story() -> builders.Story:
    return builders.bergen()


@pytest.fixture(scope="module")
def content(story: builders.Story) -> dict:
    return json.loads(plan_to_json(story.action_plan, story.rules, builders.COMPUTED_AT, synthetic=False))


@pytest.fixture
def written(tmp_path: Path, content: dict):
    def write(change=None) -> Path:
        plan = json.loads(json.dumps(content))
        if change:
            change(plan)
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")
        return path

    return write


def test_every_field_of_the_contract_is_there(content):
    assert content.keys() >= CONTRACT_PLAN
    assert content["format"] == "sarex-plan/1"
    assert content["pos_optimum"].keys() == {"low", "high"}
    for task in content["tasks"]:
        assert task.keys() >= CONTRACT_TASK
        assert all(leg.keys() >= CONTRACT_LEG for leg in task["legs"])


def test_numbers_are_in_sailors_units(content):
    helicopter, aircraft, ship, _ = content["tasks"]
    assert (helicopter["altitude_ft"], aircraft["altitude_ft"], ship["altitude_ft"]) == (500, 1000, 0)
    assert (helicopter["search_speed_kt"], aircraft["search_speed_kt"]) == (90, 180)
    assert helicopter["track_spacing_nm"] == pytest.approx(0.8)
    assert helicopter["sweep_width_nm"]["LIFE-RAFT-DB-10"] == pytest.approx(0.72)
    assert content["pos"] == 0.638


def test_the_area_is_a_closed_counter_clockwise_polygon(content):
    for task in content["tasks"]:
        ring = task["area"]["coordinates"][0]
        assert task["area"]["type"] == "Polygon"
        assert ring[0] == ring[-1]
        assert shape(task["area"]).exterior.is_ccw


def test_an_area_across_the_dateline_stays_one_polygon_of_its_size():
    story = builders.dateline()
    content = plan_to_mapping(story.action_plan, story.rules, builders.COMPUTED_AT, synthetic=True)
    bounds = shape(content["tasks"][0]["area"]).bounds
    assert 0.1 < bounds[2] - bounds[0] < 0.5


def test_legs_join_to_the_millisecond(content):
    for task in content["tasks"]:
        legs = task["legs"]
        assert all(legs[i]["end_time"] == legs[i + 1]["start_time"] for i in range(len(legs) - 1))
        assert all(legs[i]["end"] == legs[i + 1]["start"] for i in range(len(legs) - 1))
        assert all(len(leg["start_time"]) == len("2015-11-16T12:34:56.789Z") for leg in legs)


def test_the_same_plan_gives_the_same_bytes(story):
    first, second = (
        plan_to_json(story.action_plan, story.rules, builders.COMPUTED_AT, synthetic=False) for _ in range(2)
    )
    assert first == second


def test_what_was_searched_comes_back(written, story):
    flown = read_plan(written())
    assert (flown.case_id, flown.exercise, len(flown.tasks)) == ("EX-2015-0001", True, 4)
    for task, planned in zip(flown.tasks, story.action_plan.tasks, strict=True):
        legs = [leg for leg in planned.legs if leg.searching]
        assert task.unit_name == planned.unit.name
        # long legs come in pieces: every leg begins and ends one
        assert task.start_lonlat_deg.shape == task.end_lonlat_deg.shape == (task.start_s.size, 2)
        for leg in legs:
            first = int(np.argmin(np.abs(task.start_s - leg.start_time.timestamp())))
            last = int(np.argmin(np.abs(task.end_s - leg.end_time.timestamp())))
            assert task.start_s[first] == pytest.approx(leg.start_time.timestamp(), abs=6e-4)
            assert task.end_s[last] == pytest.approx(leg.end_time.timestamp(), abs=6e-4)
            found = (*task.start_lonlat_deg[first], *task.end_lonlat_deg[last])
            told = (leg.start.lon_deg, leg.start.lat_deg, leg.end.lon_deg, leg.end.lat_deg)
            np.testing.assert_allclose(found, told, atol=6e-8)
            length_m = WGS84.inv(*told)[2]
            assert last - first + 1 == max(1, ceil(length_m / 20_000.0))
        flown_s = sum((leg.end_time - leg.start_time).total_seconds() for leg in legs)
        assert float((task.end_s - task.start_s).sum()) == pytest.approx(flown_s, abs=0.1)
        for key, width in planned.sweep_widths.items():
            assert task.sweep_width_m[key] == pytest.approx(width.width_m, abs=2e-3)


def test_legs_that_were_not_searched_are_left_out(written):
    def sensor_failed(plan):
        for leg in plan["tasks"][0]["legs"][5:]:
            leg["searching"] = False

    def searched(path):
        legs = json.loads(path.read_text(encoding="utf-8"))["tasks"][0]["legs"]
        return sum(leg["searching"] for leg in legs)

    whole = searched(written())
    part = written(sensor_failed)
    assert len(read_plan(part).tasks[0].start_s) == searched(part)
    assert 0 < searched(part) < whole


def test_whole_seconds_of_another_program_are_taken(written):
    def to_seconds(plan):
        for leg in plan["tasks"][1]["legs"]:
            leg["start_time"] = leg["start_time"][:19] + "Z"
            leg["end_time"] = leg["end_time"][:19] + "Z"

    assert len(read_plan(written(to_seconds)).tasks) == 4


def _set(*path_and_value):
    *path, last, value = path_and_value

    def change(plan):
        target = plan
        for key in path:
            target = target[key]
        target[last] = value

    return change


def _drop(*path):
    def change(plan):
        target = plan
        for key in path[:-1]:
            target = target[key]
        del target[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("format", "sarex-plan/9"), "sarex-plan/9"),
        (_drop("format"), 'it has no "format"'),
        (_drop("case"), "case is missing"),
        (_drop("tasks"), "tasks is missing"),
        (
            _drop("tasks", 0, "legs", 3, "end_time"),
            r"legs\[3\].end_time \(unit Rescue helicopter 1\) is missing",
        ),
        (_drop("tasks", 1, "sweep_width_nm"), "sweep_width_nm"),
        (_set("tasks", 0, "sweep_width_nm", "PIW-1", -0.1), "PIW-1.*-0.1"),
        (_set("tasks", 0, "sweep_width_nm", "PIW-1", float("nan")), "NaN"),
        (_set("tasks", 0, "sweep_width_nm", "PIW-1", "wide"), "wide"),
        (_set("tasks", 0, "legs", 2, "start", [4.0, 99.0]), "99"),
        (_set("tasks", 0, "legs", 2, "start", [4.0]), "start"),
        (_set("tasks", 0, "legs", 2, "start_time", "yesterday"), "yesterday"),
        (_set("tasks", 0, "legs", 2, "start_time", "2015-11-16T12:34:56"), "time zone"),
        (_drop("tasks", 0, "legs", 4), "do not join"),
        (_set("tasks", 0, "legs", 3, "start_time", "2015-11-16T13:59:00Z"), "must end after it starts"),
        (_set("tasks", 0, "legs", 3, "end", [9.0, 60.0]), "faster than 600 kt"),
        (_set("tasks", 0, "legs", []), "legs"),
        (_set("tasks", []), "nothing was searched"),
        (_set("tasks", {"unit": 1}), "tasks"),
        (_set("exercise", "perhaps"), "exercise"),
    ],
)
def test_a_bad_plan_is_refused_in_a_sentence(written, change, words):
    with pytest.raises(PlanError, match=words) as caught:
        read_plan(written(change))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not whole JSON"),
        (b'{"format": "sarex-plan/1", "tasks": [', "cut off"),
        (b"[" * 100_000, "not whole JSON"),
        (b"\xff\xfe\x00\x01", "UTF-8"),
        (b"[1, 2]", "no JSON object"),
        (b"hello", "not whole JSON"),
        (b'{"format": NaN}', "NaN"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path, raw, words):
    path = tmp_path / "plan.json"
    path.write_bytes(raw)
    with pytest.raises(PlanError, match=words):
        read_plan(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PlanError, match=r"nowhere\.json cannot be read"):
        read_plan(tmp_path / "nowhere.json")


def test_a_jump_between_legs_is_refused(written):
    def jump(plan):
        for leg in plan["tasks"][2]["legs"][3:]:
            leg["start"][1] += 0.01
            leg["end"][1] += 0.01

    with pytest.raises(PlanError, match="from where leg 3 ends"):
        read_plan(written(jump))


def test_a_plan_that_starts_later_by_a_fraction_of_a_millisecond_still_joins(story):
    task = story.action_plan.tasks[0]
    late = timedelta(microseconds=499)
    legs = tuple(
        replace(leg, start_time=leg.start_time + late, end_time=leg.end_time + late) for leg in task.legs
    )
    moved = replace(story.action_plan, tasks=(replace(task, legs=legs),))
    content = plan_to_mapping(moved, (), builders.COMPUTED_AT, synthetic=False)
    times = content["tasks"][0]["legs"]
    assert all(times[i]["end_time"] == times[i + 1]["start_time"] for i in range(len(times) - 1))
