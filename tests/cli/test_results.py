"""The files of the contract, as another program reads them, and the same numbers from the same seed."""

import json
import re
from dataclasses import replace
from datetime import datetime
from io import StringIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import netCDF4
import numpy as np
import pytest
import xarray as xr
from door import environment, run_sarex, snapshot, write_case
from rich.console import Console

import builders
from sarex.cli.summary import _print_plan

CONTRACT = {"drift.nc", "probability.nc", "plan.json", "plan.geojson", "plan.kml", "plan.gpx", "report.html"}
PLAN_KEYS = {
    "format", "case", "exercise", "computed_at", "seed", "window", "pos", "pos_low", "pos_high",
    "pos_upper_bound", "pos_optimum", "pos_doctrine", "tasks", "unused_units", "rules_checked",
}  # fmt: skip
TASK_KEYS = {
    "unit", "nation", "pattern", "area", "commence_search_point", "track_spacing_nm", "coverage",
    "altitude_ft", "search_speed_kt", "sweep_width_nm", "poc", "pod", "pos", "legs",
}  # fmt: skip
LEG_KEYS = {"start", "end", "start_time", "end_time", "searching"}


@pytest.fixture(scope="module")
def plan(planned):
    return json.loads((planned / "plan.json").read_text(encoding="utf-8"))


def instant(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


def test_plan_writes_every_file_and_nothing_else(planned) -> None:
    assert set(snapshot(planned)) == CONTRACT | {"mission.json"}
    assert planned.stat().st_mode & 0o777 == 0o755


@pytest.mark.slow
def test_demo_writes_every_file(tmp_path) -> None:
    done = run_sarex("demo", "--out", tmp_path / "demo", "--effort", "quick")
    assert done.returncode == 0, done.stderr
    assert set(snapshot(tmp_path / "demo")) == CONTRACT | {"mission.json"}
    assert "SYNTHETIC" in (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")
    with netCDF4.Dataset(tmp_path / "demo" / "drift.nc") as drift:
        assert "SYNTHETIC" in drift.synthetic
    assert "SYNTHETIC" in done.stdout


def test_drift_stops_after_the_ensemble(case_file, tmp_path, knock, planned) -> None:
    """And its ensemble is that of the plan."""
    answer = knock("drift", case_file, "--out", tmp_path / "out")
    assert answer.status == 0
    assert set(snapshot(tmp_path / "out")) == {"drift.nc", "probability.nc", "mission.json"}
    assert "POS" not in answer.out
    with (
        xr.open_dataset(tmp_path / "out" / "drift.nc") as drifted,
        xr.open_dataset(planned / "drift.nc") as of_plan,
    ):
        xr.testing.assert_identical(drifted, of_plan)


def test_plan_has_the_keys_of_the_contract(plan) -> None:
    assert plan["format"] == "sarex-plan/1"
    assert set(plan) >= PLAN_KEYS
    assert set(plan["window"]) == {"start", "end"}
    assert set(plan["pos_optimum"]) == {"low", "high"}
    assert plan["case"] == "DOOR-1"
    assert plan["exercise"] is True
    assert plan["seed"] == 5
    assert instant(plan["window"]["start"]) < instant(plan["window"]["end"])
    instant(plan["computed_at"])
    for task in plan["tasks"]:
        assert set(task) >= TASK_KEYS
        assert task["area"]["type"] == "Polygon"
        assert set(task["sweep_width_nm"]) == {"LIFE-RAFT-DB-10", "PIW-1"}
        assert all(set(leg) >= LEG_KEYS for leg in task["legs"])
    assert all(set(rule) >= {"rule", "violations"} for rule in plan["rules_checked"])
    assert 0.0 < plan["pos_low"] < plan["pos"] < plan["pos_high"] < 1.0
    assert plan["pos"] <= plan["pos_upper_bound"] <= 1.0


def test_legs_are_contiguous(plan) -> None:
    for task in plan["tasks"]:
        for leg, following in pairwise(task["legs"]):
            assert leg["end"] == following["start"]
            assert leg["end_time"] == following["start_time"]
        for leg in task["legs"]:
            assert instant(leg["start_time"]) <= instant(leg["end_time"])
        times = [
            instant(leg[key])
            for leg in task["legs"]
            if leg["searching"]
            for key in ("start_time", "end_time")
        ]
        assert instant(plan["window"]["start"]) <= min(times)
        assert max(times) <= instant(plan["window"]["end"])


def test_report_and_charts_say_exercise(planned) -> None:
    for name in ("report.html", "plan.kml", "plan.geojson", "plan.gpx"):
        assert "EXERCISE" in (planned / name).read_text(encoding="utf-8"), name


def test_charts_parse_and_name_every_unit(planned, plan) -> None:
    features = json.loads((planned / "plan.geojson").read_text(encoding="utf-8"))
    assert features["type"] == "FeatureCollection"
    for name in ("plan.kml", "plan.gpx"):
        ET.parse(planned / name)  # noqa: S314 - our own file
    for task in plan["tasks"]:
        for name in ("plan.geojson", "plan.kml", "plan.gpx", "report.html"):
            assert task["unit"] in (planned / name).read_text(encoding="utf-8")


def test_drift_opens_with_xarray_as_the_contract_says(planned) -> None:
    with xr.open_dataset(planned / "drift.nc") as opened:
        drift = opened.load()
    assert dict(drift.sizes)["trajectory"] == 500
    assert drift["lon"].dims == drift["lat"].dims == drift["status"].dims == ("trajectory", "time")
    assert np.isfinite(drift["lon"]).all()
    assert np.isfinite(drift["lat"]).all()
    assert float(drift["weight"].sum()) == pytest.approx(1.0, abs=1e-9)
    step = drift["time"].diff("time") / np.timedelta64(1, "m")
    assert (step > 0).all()
    assert (step <= 60).all()
    in_window = drift["time"][1:] > np.datetime64("2026-05-01T03:00")
    assert (step.values[in_window.values] <= 10).all()
    assert drift["time"][0] <= np.datetime64("2026-05-01T00:00")
    assert drift["time"][-1] >= np.datetime64("2026-05-01T06:00")
    assert float(drift["age_seconds"].min()) == 0.0
    assert float(abs(drift["lon"] - 150).max()) < 1.0


def test_drift_codes_have_their_meanings(planned) -> None:
    with netCDF4.Dataset(planned / "drift.nc") as drift:
        meanings = drift["status"].flag_meanings.split()
        assert set(meanings) >= {"active", "stranded", "outside_forcing", "not_yet_released"}
        assert len(meanings) == len(drift["status"].flag_values)
        status = np.asarray(drift["status"][:])
        assert set(np.unique(status)) <= set(drift["status"].flag_values)
        code = dict(zip(meanings, drift["status"].flag_values, strict=True))
        assert (status[:, 0] == code["not_yet_released"]).any()
        assert (status[:, -1] == code["active"]).all()
        assert drift["object_type"].flag_meanings.split() == ["LIFE-RAFT-DB-10", "PIW-1"]
        assert drift["scenario"].flag_meanings.split() == ["last_known_position", "on_the_way"]
        scenario, weight = np.asarray(drift["scenario"][:]), np.asarray(drift["weight"][:])
        assert weight[scenario == 0].sum() == pytest.approx(0.7, abs=0.02)
        assert drift.Conventions == "CF-1.12"
        assert drift.featureType == "trajectory"
        assert (drift.case_id, drift.mark, int(drift.seed)) == ("DOOR-1", "EXERCISE", 5)
        assert re.match(r"sarex \d", drift.software)
        assert "sample sea" in drift.forcing


def test_cf_tools_find_their_way_in_drift(planned) -> None:
    cf_xarray = pytest.importorskip("cf_xarray")
    assert cf_xarray
    with xr.open_dataset(planned / "drift.nc") as drift:
        assert drift.cf["longitude"].name == "lon"
        assert drift.cf["latitude"].name == "lat"
        assert drift.cf["time"].name == "time"
        assert drift.cf.cf_roles == {"trajectory_id": ["trajectory"]}
        assert drift.cf["trajectory_id"].name == "trajectory"
        assert bool((drift["status"].cf == "active").any())


def test_maps_hold_all_of_the_probability(planned) -> None:
    with netCDF4.Dataset(planned / "probability.nc") as maps:
        bins = np.sum([maps[name][:] for name in maps.variables if name.startswith("probability_")], axis=0)
        assert bins == pytest.approx(1.0, abs=1e-6)
        afloat = np.asarray(maps["probability_afloat"][:])
        for group, expected in zip(maps.groups.values(), afloat, strict=True):
            poc = np.asarray(group["poc"][:])
            assert (poc >= 0).all()
            assert float(poc.sum()) == pytest.approx(expected, abs=1e-4)


def test_same_seed_on_one_or_two_threads_is_the_same_plan(planned, case_file, tmp_path) -> None:
    done = run_sarex(
        "plan",
        case_file,
        "--out",
        tmp_path / "two",
        "--effort",
        "quick",
        env=environment(SAREX_CORES="2"),
    )
    assert done.returncode == 0, done.stderr
    one, two = snapshot(planned), snapshot(tmp_path / "two")
    stamp = re.compile(rb'"computed_at": "[^"]*"')
    assert stamp.sub(b"", one["plan.json"]) == stamp.sub(b"", two["plan.json"])
    assert len(stamp.findall(one["plan.json"])) == 1
    assert one["drift.nc"] == two["drift.nc"]


def test_another_seed_is_another_plan(plan, case_file, tmp_path, knock) -> None:
    assert knock("plan", case_file, "--out", tmp_path / "six", "--effort", "quick", "--seed", "6").status == 0
    other = json.loads((tmp_path / "six" / "plan.json").read_text(encoding="utf-8"))
    assert other["seed"] == 6
    assert other["pos"] != plan["pos"]
    assert other["tasks"][0]["legs"] != plan["tasks"][0]["legs"]


def test_particles_are_as_many_as_asked_for(case_file, tmp_path, knock) -> None:
    assert knock("drift", case_file, "--out", tmp_path / "out", "--particles", "700").status == 0
    with netCDF4.Dataset(tmp_path / "out" / "drift.nc") as drift:
        assert drift.dimensions["trajectory"].size == 700


def test_a_real_case_is_nowhere_called_an_exercise(tmp_path, knock) -> None:
    case = write_case(tmp_path, ("exercise = true", "exercise = false"))
    answer = knock("plan", case, "--out", tmp_path / "out", "--effort", "quick")
    assert answer.status == 0
    assert "REAL" in answer.out
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["exercise"] is False
    for name in ("report.html", "plan.kml", "plan.geojson", "plan.gpx", "drift.nc"):
        assert b"EXERCISE" not in (tmp_path / "out" / name).read_bytes(), name


@pytest.mark.parametrize(
    ("bound", "undetected", "said"), [(1.0, 1.0, False), (0.4, 0.4, False), (0.7, 1.0, True)]
)
def test_a_bound_of_everything_is_not_printed(bound: float, undetected: float, *, said: bool) -> None:
    """After searches the figures are out of what is undetected, and so is the bound."""
    story = builders.bergen()
    quality = replace(story.action_plan.quality, pos_upper_bound=bound)
    console = Console(file=StringIO(), width=400)
    _print_plan(replace(story.action_plan, quality=quality), undetected, console)
    printed = console.file.getvalue()
    assert ("upper bound, estimated: 70.0%" in printed) == said
    assert ("upper bound" in printed) == said
    assert re.search(r"optimum, estimated: [\d.]+% to [\d.]+%;", printed)
