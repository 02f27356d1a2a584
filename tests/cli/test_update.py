"""Learning from a search without a find, through the command line."""

import json
import re
import shutil

import numpy as np
import pytest
import xarray as xr
from door import snapshot

AS_GOOD_AS = 1.001
"""The drift is computed anew: beside a leg the rounding of a position shows in the weight."""
LARGEST_SHIFT_M = 2.0
"""Two roundings of a longitude to single precision."""


def edited_plan(folder, source, edit):
    plan = json.loads((source / "plan.json").read_text(encoding="utf-8"))
    edit(plan)
    path = folder / "flown.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path


def found_so_far(printed: str) -> float:
    match = re.search(r"([\d.]+) would have been found so far", printed)
    assert match is not None
    return float(match[1])


def opened(folder):
    with xr.open_dataset(folder / "drift.nc") as drift:
        return drift.load()


def test_printed_probabilities_add_up(updated, planned) -> None:
    _, printed = updated
    (line,) = [line for line in printed.splitlines() if line.startswith("Probability at")]
    *parts, total = [float(number) for number in re.findall(r"\d\.\d{4}", line)]
    assert len(parts) >= 2
    assert total == 1.0
    assert sum(parts) == pytest.approx(1.0, abs=5e-5 * len(parts))
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert found_so_far(printed) == pytest.approx(plan["pos"], abs=1e-3)


def test_weights_fall_and_trajectories_go_on(updated, planned) -> None:
    before, after = opened(planned), opened(updated[0])
    assert (after["weight"].values <= before["weight"].values * AS_GOOD_AS).all()
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert float(after["weight"].sum()) == pytest.approx(1.0 - plan["pos"], abs=1e-3)
    assert after.attrs["probability_undetected"] == pytest.approx(float(after["weight"].sum()))
    common = np.intersect1d(before["time"], after["time"])
    assert common.size == before["time"].size
    assert after["time"][-1] >= before["time"][-1] + np.timedelta64(3, "h")
    before, after = before.sel(time=common), after.sel(time=common)
    assert (before["status"].values == after["status"].values).all()
    np.testing.assert_array_equal(before["object_type"].values, after["object_type"].values)
    north_m = (after["lat"] - before["lat"]).values * 111_195.0
    east_m = (after["lon"] - before["lon"]).values * 111_195.0 * np.cos(np.radians(30.0))
    assert np.hypot(north_m, east_m).max() < LARGEST_SHIFT_M


def test_next_window_follows_the_last_and_is_searched_with_what_is_left(updated, planned) -> None:
    first = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    second = json.loads((updated[0] / "plan.json").read_text(encoding="utf-8"))
    assert second["window"]["start"] == first["window"]["end"]
    assert 0.0 < second["pos"] < 1.0 - first["pos"]
    assert set(snapshot(updated[0])) >= {"plan.json", "report.html", "searched-1.json", "mission.json"}
    assert (updated[0] / "searched-1.json").read_bytes() == (planned / "plan.json").read_bytes()


def test_next_can_itself_be_updated(updated, planned, knock, tmp_path) -> None:
    folder, printed = updated
    answer = knock(
        "update", folder, "--searched", folder / "plan.json", "--out", tmp_path / "third", "--effort", "quick"
    )
    assert answer.status == 0, answer.err
    second = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert found_so_far(answer.out) == pytest.approx(found_so_far(printed) + second["pos"], abs=1e-3)
    assert {"searched-1.json", "searched-2.json"} <= set(snapshot(tmp_path / "third"))
    third, second_weight = opened(tmp_path / "third")["weight"].values, opened(folder)["weight"].values
    assert (third <= second_weight * AS_GOOD_AS).all()


def test_update_over_its_own_folder(planned, knock, tmp_path) -> None:
    shutil.copytree(planned, tmp_path / "day")
    day = tmp_path / "day"
    answer = knock("update", day, "--searched", day / "plan.json", "--out", day, "--effort", "quick")
    assert answer.status == 0, answer.err
    assert (day / "searched-1.json").read_bytes() == (planned / "plan.json").read_bytes()


def test_one_unit_alone_teaches_less(planned, updated, knock, tmp_path) -> None:
    ship_only = edited_plan(
        tmp_path,
        planned,
        lambda plan: plan.update(tasks=[task for task in plan["tasks"] if task["unit"] == "Ship"]),
    )
    answer = knock(
        "update", planned, "--searched", ship_only, "--out", tmp_path / "next", "--effort", "quick"
    )
    assert answer.status == 0, answer.err
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    (ship,) = [task for task in plan["tasks"] if task["unit"] == "Ship"]
    assert found_so_far(answer.out) == pytest.approx(ship["pos"], abs=1e-3)
    assert found_so_far(answer.out) < found_so_far(updated[1])
    both, one = opened(updated[0])["weight"].values, opened(tmp_path / "next")["weight"].values
    assert (one >= both - 1e-12).all()
    assert (one > both + 1e-6).any()


def other_case(plan) -> None:
    plan["case"] = "SOMEBODY-ELSE"


def no_legs(plan) -> None:
    plan["tasks"][0]["legs"] = []


def nothing_flown(plan) -> None:
    plan["tasks"] = []


def a_year_early(plan) -> None:
    for task in plan["tasks"]:
        for leg in task["legs"]:
            for key in ("start_time", "end_time"):
                leg[key] = leg[key].replace("2026", "2025")


def leg_upside_down(plan) -> None:
    leg = plan["tasks"][0]["legs"][0]
    leg["start_time"], leg["end_time"] = leg["end_time"], leg["start_time"]


def misspelt_class(plan) -> None:
    widths = plan["tasks"][0]["sweep_width_nm"]
    widths["PIV-1"] = widths.pop("PIW-1")


def wrong_version(plan) -> None:
    plan["format"] = "sarex-plan/9"


def negative_width(plan) -> None:
    plan["tasks"][0]["sweep_width_nm"]["PIW-1"] = -1.0


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (other_case, "SOMEBODY-ELSE"),
        (no_legs, "legs"),
        (nothing_flown, "nothing was searched"),
        (a_year_early, "times"),
        (leg_upside_down, "end after it starts"),
        (wrong_version, "sarex-plan/9"),
        (negative_width, "PIW-1"),
        (misspelt_class, "Did you mean PIW-"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_flown_plan_that_cannot_be_used(edit, words, planned, knock, tmp_path) -> None:
    flown = edited_plan(tmp_path, planned, edit)
    before = snapshot(tmp_path)
    answer = knock("update", planned, "--searched", flown, "--out", tmp_path / "next")
    assert_refused(answer, words)
    assert snapshot(tmp_path) == before


def assert_refused(answer, words: str) -> None:
    assert answer.status == 2, answer.err
    assert answer.err.startswith("sarex: ")
    assert answer.err.count("\n") == 1
    assert words in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("content", [b"", b"{", b"\x89HDF", b"[]", b"null", b"[" * 100_000])
def test_searched_file_that_is_no_plan(content, planned, knock, tmp_path) -> None:
    (tmp_path / "flown.json").write_bytes(content)
    assert_refused(
        knock("update", planned, "--searched", tmp_path / "flown.json", "--out", tmp_path / "next"),
        "flown.json",
    )
    assert not (tmp_path / "next").exists()


def test_searched_file_that_is_not_there(planned, knock, tmp_path) -> None:
    assert_refused(
        knock("update", planned, "--searched", tmp_path / "gone", "--out", tmp_path / "next"), "gone"
    )


def test_same_search_twice(updated, planned, knock, tmp_path) -> None:
    folder, _ = updated
    answer = knock("update", folder, "--searched", planned / "plan.json", "--out", tmp_path / "third")
    assert_refused(answer, "already counted")


def test_same_search_twice_in_another_spelling(updated, planned, knock, tmp_path) -> None:
    """Written anew by another program, it is still the same search."""
    flown = edited_plan(tmp_path, planned, lambda plan: plan.update(title="copied"))
    answer = knock("update", updated[0], "--searched", flown, "--out", tmp_path / "third")
    assert_refused(answer, "already counted")


def test_same_search_twice_with_legs_left_out(updated, planned, knock, tmp_path) -> None:
    """A unit cannot search twice at one time, however the second telling differs."""

    def without_first_search(plan) -> None:
        next(leg for leg in plan["tasks"][0]["legs"] if leg["searching"])["searching"] = False

    flown = edited_plan(tmp_path, planned, without_first_search)
    answer = knock("update", updated[0], "--searched", flown, "--out", tmp_path / "third")
    assert_refused(answer, "already counted")


def test_real_and_exercise_are_never_mixed(planned, knock, tmp_path) -> None:
    flown = edited_plan(tmp_path, planned, lambda plan: plan.update(exercise=not plan["exercise"]))
    answer = knock("update", planned, "--searched", flown, "--out", tmp_path / "next")
    assert_refused(answer, "never mixed")


MISSIONS = {
    "none": None,
    "empty": b"",
    "not an object": b"[]",
    "another version": b'{"format": "sarex-mission/9", "case": {}, "searched": []}',
    "no case": b'{"format": "sarex-mission/1", "searched": []}',
    "case as number": b'{"format": "sarex-mission/1", "case": 3, "searched": []}',
    "case without content": b'{"format": "sarex-mission/1", "case": {}, "searched": []}',
    "searches as text": b'{"format": "sarex-mission/1", "case": {}, "searched": "plan.json"}',
    "nested too deep": b"[" * 100_000,
    "binary": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("what", MISSIONS)
def test_folder_that_is_no_result(what, planned, knock, tmp_path) -> None:
    folder, content = tmp_path / "first", MISSIONS[what]
    folder.mkdir()
    if content is not None:
        (folder / "mission.json").write_bytes(content)
    answer = knock("update", folder, "--searched", planned / "plan.json", "--out", tmp_path / "next")
    assert_refused(answer, "mission.json")
    assert not (tmp_path / "next").exists()


def test_earlier_search_that_is_gone(updated, knock, tmp_path) -> None:
    shutil.copytree(updated[0], tmp_path / "second")
    second = tmp_path / "second"
    (second / "searched-1.json").unlink()
    answer = knock("update", second, "--searched", second / "plan.json", "--out", tmp_path / "next")
    assert_refused(answer, "searched-1.json")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--start", "noon"), "--start"),
        (("--start", "2026-05-01T06:00"), "time zone"),
        (("--start", "2026-05-01T04:00Z"), "--start"),
        (("--end", "2026-05-01T05:00Z"), "--end"),
        (("--start", "2026-05-02T06:00Z", "--end", "2026-05-02T05:00Z"), "--end"),
        (("--end", "2026-07-01T05:00Z"), "days"),
        (("--start", "9999-12-31T23:00Z"), "year"),
        (("--start", "0001-01-01T00:00+09:00"), "--start"),
    ],
)
def test_impossible_next_window(options, words, planned, knock, tmp_path) -> None:
    answer = knock(
        "update", planned, "--searched", planned / "plan.json", "--out", tmp_path / "next", *options
    )
    assert_refused(answer, words)
    assert not (tmp_path / "next").exists()


def test_next_window_as_asked(planned, knock, tmp_path) -> None:
    answer = knock(
        "update", planned, "--searched", planned / "plan.json", "--out", tmp_path / "next",
        "--effort", "quick", "--start", "2026-05-01T16:00+09:00", "--end", "2026-05-01T09:00Z",
    )  # fmt: skip
    assert answer.status == 0, answer.err
    plan = json.loads((tmp_path / "next" / "plan.json").read_text(encoding="utf-8"))
    assert plan["window"] == {"start": "2026-05-01T07:00:00Z", "end": "2026-05-01T09:00:00Z"}


def test_a_later_window_continues_the_same_trajectories_on_real_forcing(shared_dir, knock, tmp_path) -> None:
    """The box of forcing and coast grows with the window; what drifts within must not notice."""
    contract = (shared_dir / "contract" / "case.toml").read_text(encoding="utf-8")
    text = contract.replace('"../data/', f'"{shared_dir}/data/')
    for name, end in (("first", "2015-11-16T18:00:00Z"), ("next", "2015-11-17T06:00:00Z")):
        (tmp_path / "case.toml").write_text(text.replace("2015-11-16T18:00:00Z", end), encoding="utf-8")
        answer = knock("drift", tmp_path / "case.toml", "--out", tmp_path / name, "--particles", "2000")
        assert answer.status == 0, answer.err
    first, following = opened(tmp_path / "first"), opened(tmp_path / "next")
    following = following.sel(time=first["time"])
    assert (first["status"].values == following["status"].values).all()
    assert np.abs((first["lat"] - following["lat"]).values * 111_195.0).max() < LARGEST_SHIFT_M
    assert np.abs((first["lon"] - following["lon"]).values * 60_000.0).max() < LARGEST_SHIFT_M
