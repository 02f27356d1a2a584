"""A plan file read back into tasks: what Sarex wrote, what the contract alone asks for, what is no plan."""

import json
from dataclasses import replace
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import COMPUTED_AT
from builders_sea import case, unit
from random_cases import RandomCase
from sarex.errors import PlanError
from sarex.exchange.plan_document import read_plan_document
from sarex.exchange.plan_json import plan_to_mapping
from sarex.geo import WGS84
from sarex.planning.model import Activity
from sarex.safety import PlanRules

CONTRACT = {
    "": "format case exercise computed_at seed window pos pos_low pos_high pos_upper_bound pos_optimum "
    "pos_doctrine tasks unused_units rules_checked",
    "task": "unit nation pattern area commence_search_point track_spacing_nm coverage altitude_ft "
    "search_speed_kt sweep_width_nm poc pod pos legs",
    "leg": "start end start_time end_time searching",
}
"""Field by field what the file contract names, and nothing else."""


@pytest.fixture(scope="module")
def drawn():
    """A plan across the dateline and one elsewhere, with what they were made for."""
    made = []
    for seed in (0, 1):
        one = RandomCase(seed)
        made.append((one, one.planned()[2]))
    return made


def mapping_of(plan) -> dict:
    return json.loads(json.dumps(plan_to_mapping(plan, (), COMPUTED_AT, synthetic=True)))


def only_the_contract(content: dict) -> dict:
    plan = {key: content[key] for key in CONTRACT[""].split()}
    plan["tasks"] = [{key: task[key] for key in CONTRACT["task"].split()} for task in plan["tasks"]]
    for task in plan["tasks"]:
        task["legs"] = [{key: leg[key] for key in CONTRACT["leg"].split()} for leg in task["legs"]]
    return plan


def read(tmp_path, content, its_case):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_plan_document(path, its_case)


def test_what_was_written_comes_back(drawn, tmp_path) -> None:
    for one, plan in drawn:
        document = read(tmp_path, mapping_of(plan), one.case)
        assert [task.unit.name for task in document.tasks] == [task.unit.name for task in plan.tasks]
        assert document.quality.pos == pytest.approx(plan.quality.pos, abs=1e-6)
        assert document.on_scene_wind_mps == pytest.approx(plan.on_scene_wind_mps, abs=0.01)
        for task, written in zip(document.tasks, plan.tasks, strict=True):
            assert abs(task.on_scene - written.on_scene).total_seconds() < 0.001
            assert task.track_spacing_m == pytest.approx(written.track_spacing_m, abs=0.01)
            assert task.pattern is written.pattern
            assert task.unit.altitude_m == pytest.approx(written.unit.altitude_m, abs=0.02)
            assert task.unit.home == written.unit.home
            corners = zip(sorted(task.area, key=str), sorted(written.area, key=str), strict=True)
            assert all(WGS84.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)[2] < 0.1 for a, b in corners)


def test_a_clean_plan_is_clean_in_its_file_too(drawn, tmp_path) -> None:
    for one, plan in drawn:
        for content in (mapping_of(plan), only_the_contract(mapping_of(plan))):
            document = read(tmp_path, content, one.case)
            checks = PlanRules(one.case, one.sea).check(document)
            assert [check.details for check in checks if check.violations] == []


def test_what_the_contract_leaves_out_is_made_up_for(drawn, tmp_path) -> None:
    one, plan = drawn[1]
    document = read(tmp_path, only_the_contract(mapping_of(plan)), one.case)
    assert isnan(document.on_scene_wind_mps)
    for task in document.tasks:
        told = [leg.activity for leg in task.legs]
        first, last = told.index(Activity.SEARCH), len(told) - told[::-1].index(Activity.SEARCH)
        assert set(told[:first]) <= {Activity.TRANSIT}
        assert set(told[first:last]) <= {Activity.SEARCH, Activity.TURN}
        assert task.return_by > task.off_scene


def test_a_plan_cannot_lend_a_unit_speed_or_endurance(drawn, tmp_path) -> None:
    one, plan = drawn[1]
    content = mapping_of(plan)
    for task in content["tasks"]:
        task["search_speed_kt"] *= 2.0
        task["transit_speed_kt"] *= 2.0
        task["endurance_until"] = "2026-06-01T00:00:00Z"
    document = read(tmp_path, content, one.case)
    by_name = {unit.name: unit for unit in one.case.units}
    for task in document.tasks:
        assert task.unit.search_speed_mps == by_name[task.unit.name].search_speed_mps
        assert task.unit.transit_speed_mps == by_name[task.unit.name].transit_speed_mps
        lasts_s = (task.endurance_until - task.departs).total_seconds()
        assert lasts_s == pytest.approx(by_name[task.unit.name].endurance_s)


def _first(content):
    return content["tasks"][0]


BREAKERS = {
    "other case": (lambda c: c.update(case="ELSE"), "--case"),
    "real": (lambda c: c.update(exercise=False), "never mixed"),
    "no window": (lambda c: c.pop("window"), "window is missing"),
    "no pos": (lambda c: c.pop("pos"), "pos is missing"),
    "unknown unit": (lambda c: _first(c).update(unit="Unit 00"), "Did you mean Unit 0"),
    "unknown pattern": (lambda c: _first(c).update(pattern="ZZ"), 'is "ZZ"; known here are PS'),
    "no area": (lambda c: _first(c).pop("area"), "area (unit"),
    "a line": (
        lambda c: _first(c)["area"].update(coordinates=[[[4, 59], [4, 59], [4, 59], [4, 59]]]),
        "no simple polygon",
    ),
    "a bow tie": (
        lambda c: _first(c)["area"].update(coordinates=[[[4, 59], [5, 60], [5, 59], [4, 60], [4, 59]]]),
        "no simple polygon",
    ),
    "a hole": (
        lambda c: _first(c)["area"]["coordinates"].append([[4, 59], [5, 60], [5, 59], [4, 59]]),
        "has a hole",
    ),
    "several areas": (lambda c: _first(c)["area"].update(type="MultiPolygon"), "area.type"),
    "no spacing": (lambda c: _first(c).update(track_spacing_nm=0.0), "track_spacing_nm"),
    "no legs": (lambda c: _first(c).update(legs=[]), "legs"),
    "no searching": (
        lambda c: [leg.update(searching=False, activity="transit") for leg in _first(c)["legs"]],
        "searches somewhere",
    ),
    "contradiction": (lambda c: _first(c)["legs"][0].update(searching=True), "contradict"),
    "no zone": (lambda c: _first(c)["legs"][0].update(start_time="2026-05-01T09:00:00"), "start_time"),
    "far future": (lambda c: _first(c)["legs"][0].update(start_time="9999-12-31T23:59:59Z"), "2150"),
    "no place": (lambda c: _first(c)["legs"][0].update(start=[200.0, 95.0]), "start"),
    "null": (lambda c: c.update(tasks=None), "tasks is null"),
}


@pytest.mark.parametrize("what", BREAKERS)
def test_what_is_no_plan_is_refused_in_a_sentence(what, drawn, tmp_path) -> None:
    one, plan = drawn[1]
    content = mapping_of(plan)
    spoil, words = BREAKERS[what]
    spoil(content)
    with pytest.raises(PlanError) as refusal:
        read(tmp_path, content, one.case)
    assert words in str(refusal.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "1" * 5000, '{"format": "sarex-plan/2"}', "[" * 100_000])
def test_what_is_no_json_of_a_plan_is_refused(text, tmp_path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError):
        read_plan_document(path, case())


anything = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(key=st.integers(0, 40), value=anything)
def test_any_value_in_any_field_is_read_checked_or_refused(key, value, drawn, tmp_path_factory) -> None:
    one, plan = drawn[1]
    content = mapping_of(plan)
    places = [(content, k) for k in content] + [(content["tasks"][0], k) for k in content["tasks"][0]]
    leg = content["tasks"][0]["legs"][1]
    places += [(leg, k) for k in leg]
    table, name = places[key % len(places)]
    table[name] = value
    path = tmp_path_factory.getbasetemp() / "any-plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        document = read_plan_document(path, one.case)
    except PlanError:
        return
    PlanRules(one.case, one.sea).check(document)


def test_units_that_are_not_used_are_the_cases_own(drawn, tmp_path) -> None:
    one, plan = drawn[1]
    content = mapping_of(plan)
    content["unused_units"] = [{"unit": "Spare", "nation": "KR", "why": "in dock"}, {"unit": "Nobody"}]
    with_spare = replace(one.case, units=(*one.case.units, unit("Spare")))
    document = read(tmp_path, content, with_spare)
    assert [(idle.unit.name, idle.why) for idle in document.unused] == [("Spare", "in dock")]
