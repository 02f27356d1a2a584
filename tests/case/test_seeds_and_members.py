"""Seeds, forcing members and drift settings of a case file arrive in SI, with what is left out filled in."""

from pathlib import Path

import pytest

from sarex.case import case_to_mapping, open_case
from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Case,
    ConstantVelocity,
    CrossingBearings,
    ForcingFile,
    ForcingProvider,
    ForcingTable,
    Found,
    Position,
)

WHOLE = (Path(__file__).parent / "whole_case.toml").read_text(encoding="utf-8")
POSITION = "position = { lon = 4.5, lat = 59.6, error_nm = 3.0 }"
FORCING = WHOLE[WHOLE.index("current = {") : WHOLE.index("[search]")]
NM = 1852.0


def opened(folder: Path, old: str, new: str) -> Case:
    assert old in WHOLE
    for name in ("wind.nc", "gefs.nc", "obs.csv"):
        (folder / name).touch()
    (folder / "case.toml").write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    return open_case(folder / "case.toml")


def origin_of(folder: Path, seed: str) -> object:
    return opened(folder, POSITION, seed).scenarios[0].origin


def test_an_area_keeps_its_corners(tmp_path: Path) -> None:
    origin = origin_of(tmp_path, "area = [[3.6, 59.9], [4.0, 59.9], [4.0, 60.1], [3.6, 59.9]]")
    assert isinstance(origin, Area)
    assert origin.polygon == (Position(3.6, 59.9), Position(4.0, 59.9), Position(4.0, 60.1))
    assert origin.probable_error_m == 0.0
    assert origin.released_until.hour == 6


def test_a_bearing_has_its_limits_and_a_small_error_of_the_observer(tmp_path: Path) -> None:
    observed = "bearing_deg = 310, bearing_error_deg = 3, range_nm = [2, 12]"
    origin = origin_of(tmp_path, f'bearing = {{ at = "59-36.0N 004-30.0E", {observed} }}')
    assert isinstance(origin, BearingLine)
    assert origin.bearing.observer == Position(4.5, 59.6)
    assert (origin.bearing.nearest_m, origin.bearing.farthest_m) == (2 * NM, 12 * NM)
    assert origin.bearing.observer_error_m == pytest.approx(0.1 * NM)


def test_crossing_bearings_need_no_distances(tmp_path: Path) -> None:
    one = "{ lon = 4.5, lat = 59.6, error_nm = 0, bearing_deg = 10, bearing_error_deg = 3 }"
    origin = origin_of(tmp_path, f"bearings = [{one}, {one}]")
    assert isinstance(origin, CrossingBearings)
    assert [bearing.farthest_m for bearing in origin.bearings] == [None, None]
    assert origin.bearings[0].observer_error_m == 0.0


def test_a_fix_is_a_circle_unless_its_ellipse_is_given(tmp_path: Path) -> None:
    circle = origin_of(tmp_path, "fix = { lon = 4.5, lat = 59.6, major_nm = 3 }")
    assert isinstance(circle, BeaconFix)
    assert circle.ellipse.semi_minor_m == circle.ellipse.semi_major_m == 3 * NM
    assert circle.ambiguous is None
    image = "{ lon = 14.0, lat = 58, major_nm = 5, probability = 0.25 }"
    seed = f"fix = {{ lon = 4.5, lat = 59.6, major_nm = 3, minor_nm = 1, ambiguous = {image} }}"
    both = origin_of(tmp_path, seed)
    assert isinstance(both, BeaconFix)
    assert both.ambiguous is not None
    assert both.ambiguous_probability == 0.25
    assert both.ambiguous.semi_minor_m == 5 * NM


def test_a_case_of_finds_runs_backward(tmp_path: Path) -> None:
    second = WHOLE[WHOLE.index("track = [") : WHOLE.index(']\nobjects = [{ type = "PIW-1" }]') + 1]
    found = "found = { lon = 4.5, lat = 59.6, error_nm = 0.1, time = 2015-11-19T05:00:00Z }"
    text = f"{found}\nfrom = 2015-11-16T05:00:00Z"
    old = WHOLE[WHOLE.index(POSITION) : WHOLE.index(second) + len(second)]
    case = opened(tmp_path, old, old.replace(POSITION, found).replace(second, text))
    origin = case.scenarios[0].origin
    assert isinstance(origin, Found)
    assert case.runs_backward
    assert (origin.found_at.day, origin.released_from.day) == (19, 16)
    assert open_case(stored(tmp_path, case)) == case


def stored(folder: Path, case: Case) -> Path:
    import json

    file = folder / "case.json"
    file.write_text(json.dumps(case_to_mapping(case)), encoding="utf-8")
    return file


def test_members_fall_back_to_what_all_share(tmp_path: Path) -> None:
    case = opened(
        tmp_path,
        FORCING,
        """current = { eastward_mps = 1.0, northward_mps = 0.0 }
stokes = { speed_kt = 0.0, toward_deg = 0 }
[[environment.member]]
name = "GFS"
weight = 3
wind = ["noaa:gfs", "wind.nc"]
[[environment.member]]
name = "ECMWF"
weight = 1
wind = { file = "gefs.nc", realization = 4 }
current = ["s3://bucket/x.zarr", { table = "obs.csv" }]
""",
    )
    gfs, ecmwf = case.forcing.members
    assert (gfs.name, gfs.weight, ecmwf.weight) == ("GFS", 0.75, 0.25)
    assert gfs.current == (ConstantVelocity(1.0, 0.0),)
    assert gfs.stokes == ecmwf.stokes == (ConstantVelocity(0.0, 0.0),)
    assert gfs.wind[0] == ForcingProvider("noaa", "gfs")
    assert ecmwf.wind == (ForcingFile(str(tmp_path.resolve() / "gefs.nc"), 4),)
    assert ecmwf.current == (
        ForcingFile("s3://bucket/x.zarr"),
        ForcingTable(str(tmp_path.resolve() / "obs.csv")),
    )
    assert case.forcing.wind == gfs.wind


def test_realizations_make_members_of_the_files(tmp_path: Path) -> None:
    forcing = 'current = { eastward_mps = 0.0, northward_mps = 0.0 }\nwind = ["gefs.nc"]\nrealizations = 3\n'
    members = opened(tmp_path, FORCING, forcing).forcing.members
    assert [member.name for member in members] == ["realization 0", "realization 1", "realization 2"]
    assert [member.wind[0].realization for member in members if isinstance(member.wind[0], ForcingFile)] == [
        0,
        1,
        2,
    ]
    assert sum(member.weight for member in members) == pytest.approx(1.0)
    assert members[0].current == members[2].current


@pytest.mark.parametrize("mark", [".zgroup", "zarr.json", None])
def test_a_folder_may_be_a_zarr_store(mark: str | None, tmp_path: Path) -> None:
    store = tmp_path / ("sea.zarr" if mark is None else "sea")
    store.mkdir()
    if mark:
        (store / mark).touch()
    case = opened(tmp_path, '"wind.nc"', f'"{store.name}"')
    assert case.forcing.wind[0] == ForcingFile(str(store.resolve()))


def test_a_file_may_have_the_name_of_a_provider(tmp_path: Path) -> None:
    (tmp_path / "ecmwf:ifs").touch()
    case = opened(tmp_path, '"wind.nc"', '"ecmwf:ifs"')
    assert case.forcing.wind[0] == ForcingFile(str(tmp_path.resolve() / "ecmwf:ifs"))


def test_drift_settings(tmp_path: Path) -> None:
    usual = opened(tmp_path, WHOLE[WHOLE.index("[drift]") :], "").drift
    assert (usual.current_error_mps, usual.current_error_growth) == (0.284, 0.452)
    assert (usual.wind_over_water, usual.refloating_per_hour) == (True, 0.0)
    # the whole case gives an error and no growth: the usual growth stays
    assert opened(tmp_path, "format", "format").drift.current_error_growth == 0.452
    given = "particles = 20000000\ncurrent_error_growth = 0.3\nleeway_wind = 'over-ground'\n"
    drift = opened(tmp_path, "particles = 5000", given + "refloating_percent_per_hour = 5").drift
    assert (drift.particles, drift.current_error_growth) == (20_000_000, 0.3)
    assert (drift.wind_over_water, drift.refloating_per_hour) == (False, 0.05)


def test_what_is_said_of_an_object(tmp_path: Path) -> None:
    given = '{ type = "LIFE-RAFT-DB-10", weight = 0.75, capsizes = true, right_of_downwind_percent = 47.5 }'
    case = opened(tmp_path, '{ type = "LIFE-RAFT-DB-10", weight = 0.75 }', given)
    assert case.object_types == ("LIFE-RAFT-DB-10", "PIW-1")
    raft, person = case.object_shares
    assert (raft.capsizes, raft.right_of_downwind_frac) == (True, 0.475)
    assert (person.capsizes, person.right_of_downwind_frac) == (False, 0.5)
