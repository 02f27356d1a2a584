"""`sarex backtrack`: the folder, the forward case in it, the summary, and refusals."""

import json
import re
from itertools import pairwise
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from door import CASE, snapshot, write_case
from shapely.geometry import shape

from sarex.case import open_case
from sarex.case.model import Cloud

FIND = """
format = "sarex-case/1"
[case]
id = "DOOR-2"
title = "Empty raft in the open sea"
exercise = true
seed = 5
[[scenario]]
name = "raft"
from = 2026-05-01T00:00:00Z
until = 2026-05-01T06:00:00Z
found = { lon = 150.0, lat = 30.0, error_nm = 0.5, time = 2026-05-01T18:00:00Z }
objects = [{ type = "LIFE-RAFT-DB-10", weight = 0.6 }, { type = "PIW-1", weight = 0.4 }]
[environment]
current = ["sample-sea"]
wind = [{ speed_kt = 15, from_deg = 250 }]
[drift]
particles = 800
"""

BINS = ("began_afloat", "came_from_shore", "outside_forcing")


def write_find(folder: Path, *changes: tuple[str, str]) -> Path:
    text = FIND
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "find.toml").write_text(text, encoding="utf-8")
    return folder / "find.toml"


def test_a_find_is_traced_back_and_the_forward_case_drifts(tmp_path, knock) -> None:
    """No [search], no units, no [conditions]: none of them is needed to trace something back."""
    out = tmp_path / "back"
    answer = knock("backtrack", write_find(tmp_path), "--out", out)
    assert answer.status == 0, answer.err
    assert {path.name for path in out.iterdir()} == {
        "origin.nc",
        "probability.nc",
        "origin.geojson",
        "forward.toml",
        "mission.json",
    }
    assert "EXERCISE · SYNTHETIC forcing" in answer.out
    total = re.search(r"Probability: .* = ([\d.]+)$", answer.out, re.M)
    assert total is not None
    assert float(total[1]) == pytest.approx(1.0, abs=2e-4)
    level = re.search(r"Checked by a forward run: .* inside its ([\d.]+)\s?% contour", answer.out)
    assert level is not None
    assert float(level[1]) < 95.0
    assert "50% in" in answer.out
    assert "Attention" not in answer.out
    assert "When it began: half by 1 May 2026" in answer.out
    forward = open_case(out / "forward.toml")
    assert isinstance(forward.scenarios[0].origin, Cloud)
    assert forward.window.start.hour == 18
    assert not forward.units
    answer = knock("drift", out / "forward.toml", "--out", tmp_path / "forward")
    assert answer.status == 0, answer.err
    with netCDF4.Dataset(tmp_path / "forward" / "drift.nc") as file:
        assert file["weight"][:].sum() == pytest.approx(1.0)


@pytest.fixture
def traced(tmp_path, knock) -> Path:
    answer = knock("backtrack", write_find(tmp_path), "--out", tmp_path / "back")
    assert answer.status == 0, answer.err
    return tmp_path / "back"


def test_the_files_agree(traced) -> None:
    with netCDF4.Dataset(traced / "origin.nc") as file:
        weight = np.asarray(file["origin_weight"][:], dtype=float)
        status = np.asarray(file["status"][:])
        began = file.probability_began_afloat
        assert weight.sum() == pytest.approx(began, rel=1e-5)
        assert began + file.probability_came_from_shore + file.probability_outside_forcing == pytest.approx(1)
        assert file["weight"][:].sum() == pytest.approx(1.0)
        times = np.asarray(file["time"][:])
        assert np.all(np.diff(times) > 0)
        held = weight.sum(axis=0) > 0
        assert (times[held][-1] - times[held][0]) / 3600.0 == pytest.approx(6.0)
        assert np.all(status[weight > 0] == 0)
        assert file.direction == "backward"
    with netCDF4.Dataset(traced / "probability.nc") as file:
        assert list(file.groups) == ["whole_span", *(f"slice_{k}" for k in range(1, 7))]
        sums = [float(np.asarray(group["poc"][:], dtype=float).sum()) for group in file.groups.values()]
        assert sums[0] == pytest.approx(began, rel=1e-5)
        assert sum(sums[1:]) == pytest.approx(began, rel=1e-4)
    collection = json.loads((traced / "origin.geojson").read_text(encoding="utf-8"))
    assert collection["probability_began_afloat"] == pytest.approx(began, abs=1e-6)
    features = collection["features"]
    names = [f["properties"]["name"] for f in features]
    assert len(set(names)) == len(names)
    assert "95% of where it began, 1 May 02:00 to 03:00 UTC" in names
    whole = [
        (f["properties"]["level"], f["properties"]["area_nm2"])
        for f in features
        if f["properties"]["kind"] == "origin_contour" and f["properties"]["part"] == "whole span"
    ]
    assert [level for level, _ in whole] == [0.95, 0.9, 0.75, 0.5]
    assert all(wide > narrow for (_, wide), (_, narrow) in pairwise(whole))
    assert all(shape(feature["geometry"]).is_valid for feature in features)
    assert {feature["properties"]["mark"] for feature in features} == {"EXERCISE"}
    assert [f["properties"]["found_at"] for f in features if f["properties"]["kind"] == "found"] == [
        "2026-05-01T18:00:00Z"
    ]


def test_the_same_seed_gives_the_same_everywhere(tmp_path, knock) -> None:
    find = write_find(tmp_path)
    for name in ("serial", "threads"):
        answer = knock("backtrack", find, "--out", tmp_path / name, "--executor", name)
        assert answer.status == 0, answer.err
    one, two = (netCDF4.Dataset(tmp_path / name / "origin.nc") for name in ("serial", "threads"))
    with one, two:
        for name in ("lon", "lat", "status", "origin_weight", "weight"):
            assert np.array_equal(one[name][:], two[name][:]), name


@pytest.mark.parametrize("name", ["drift", "plan"])
def test_a_find_is_not_drifted_forward(tmp_path, knock, name) -> None:
    answer = knock(name, write_find(tmp_path), "--out", tmp_path / "out")
    assert answer.status == 2
    assert 'scenario "raft": found says where it was found' in answer.err
    assert "Run sarex backtrack with this case" in answer.err
    assert not (tmp_path / "out").exists()


def test_what_drifts_forward_is_not_traced_back(tmp_path, knock) -> None:
    answer = knock("backtrack", write_case(tmp_path), "--out", tmp_path / "out")
    assert answer.status == 2
    assert 'scenario "last known position": found is missing' in answer.err
    assert "run sarex drift" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_failure_leaves_the_old_folder(traced, tmp_path, knock, monkeypatch) -> None:
    before = snapshot(traced)

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sarex.cli.backtracking.write_mission", fails)
    answer = knock("backtrack", tmp_path / "find.toml", "--out", traced)
    assert answer.status == 1
    assert snapshot(traced) == before


def test_a_forward_case_still_needs_its_window_and_its_units_their_conditions(tmp_path, knock) -> None:
    window = CASE[CASE.index("[search]") : CASE.index("[conditions]")]
    conditions = CASE[CASE.index("[conditions]") : CASE.index("[[unit]]")]
    for gone, said in ((window, "search is missing"), (conditions, "conditions is missing")):
        answer = knock("drift", write_case(tmp_path, (gone, "")), "--out", tmp_path / "out")
        assert answer.status == 2
        assert said in answer.err


def test_across_the_dateline(tmp_path, knock) -> None:
    find = write_find(tmp_path, ("lon = 150.0", "lon = 179.99"))
    answer = knock("backtrack", find, "--out", tmp_path / "back")
    assert answer.status == 0, answer.err
    features = json.loads((tmp_path / "back" / "origin.geojson").read_text(encoding="utf-8"))["features"]
    for feature in features:
        west, _, east, _ = shape(feature["geometry"]).bounds
        assert west >= -180.0
        assert east <= 180.0
        if feature["properties"]["kind"] == "origin_contour":
            assert shape(feature["geometry"]).area < 10.0
    assert knock("drift", tmp_path / "back" / "forward.toml", "--out", tmp_path / "next").status == 0


def test_norkyst_beach(tmp_path, shared_dir, knock) -> None:
    """Debris on the beach of an island west of Bergen, in real forcing: the find lies in the way forward."""
    data = shared_dir / "data" / "norkyst-arome-2015"
    find = write_find(
        tmp_path,
        ("2026-05-01T00:00", "2015-11-16T12:00"),
        ("2026-05-01T06:00", "2015-11-17T12:00"),
        ("2026-05-01T18:00", "2015-11-18T06:00"),
        ("lon = 150.0, lat = 30.0, error_nm = 0.5", "lon = 4.72, lat = 60.77, error_nm = 0.05"),
        ('"sample-sea"', f'"{data / "norkyst800_subset_16Nov2015.nc"}"'),
        ("{ speed_kt = 15, from_deg = 250 }", f'"{data / "arome_subset_16Nov2015.nc"}"'),
    )
    answer = knock("backtrack", find, "--out", tmp_path / "back")
    assert answer.status == 0, answer.err
    assert "came from the shore" in answer.out
    assert "inside its" in answer.out
    collection = json.loads((tmp_path / "back" / "origin.geojson").read_text(encoding="utf-8"))
    shares = {name: collection[f"probability_{name}"] for name in BINS}
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
    assert shares["began_afloat"] < 0.9
    warning = re.search(r"show only\s+(\d+)\s%\s+of\s+the\s+belief", answer.out)
    assert warning is not None
    assert float(warning[1]) == pytest.approx(100.0 * shares["began_afloat"], abs=0.51)
    head = (tmp_path / "back" / "forward.toml").read_text(encoding="utf-8").split("\nformat")[0]
    for share in shares.values():
        assert f"{share:.1%}" in head
    assert knock("drift", tmp_path / "back" / "forward.toml", "--out", tmp_path / "next").status == 0
