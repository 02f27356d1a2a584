"""Tracks as flown, conditions met and reports, through the command line."""

import json
import re
import shutil
from datetime import datetime, timedelta

import gpxpy.gpx
import numpy as np
import pytest
import xarray as xr
from pyais import encode_dict

STEP = timedelta(seconds=30)


def plan_of(folder):
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


def walked(task):
    """Every half minute of a task from its plan, transit and turns included."""
    points = []
    for leg in task["legs"]:
        begin, end = (datetime.fromisoformat(leg[key]) for key in ("start_time", "end_time"))
        (lon0, lat0), (lon1, lat1) = leg["start"], leg["end"]
        at = begin
        while at < end:
            share = (at - begin) / (end - begin)
            points.append((at, lon0 + share * (lon1 - lon0), lat0 + share * (lat1 - lat0)))
            at += STEP
        points.append((end, lon1, lat1))
    return points


def as_gpx(task, folder):
    made = gpxpy.gpx.GPX()
    track = gpxpy.gpx.GPXTrack(name=task["unit"])
    segment = gpxpy.gpx.GPXTrackSegment()
    segment.points = [gpxpy.gpx.GPXTrackPoint(lat, lon, time=at) for at, lon, lat in walked(task)]
    track.segments.append(segment)
    made.tracks.append(track)
    path = folder / f"{task['unit']}.gpx"
    path.write_text(made.to_xml(), encoding="utf-8")
    return path


def as_csv(tasks, folder, keep=lambda _: True):
    lines = ["unit,time,lon,lat"]
    for task in tasks:
        lines += [f"{task['unit']},{at.isoformat()},{lon},{lat}" for at, lon, lat in walked(task) if keep(at)]
    path = folder / "tracks.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def as_ais(task, mmsi, folder):
    lines = [
        f"{at.isoformat()} "
        + encode_dict({"type": 1, "mmsi": mmsi, "lon": lon, "lat": lat, "speed": 12.0})[0]
        for at, lon, lat in walked(task)
    ]
    path = folder / "receiver.log"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def task_of(folder, unit):
    (task,) = [task for task in plan_of(folder)["tasks"] if task["unit"] == unit]
    return task


def found_so_far(printed):
    match = re.search(r"([\d.]+) would have been found so far", printed)
    return float(match[1]) if match else 0.0


@pytest.fixture
def update(knock, tmp_path):
    """Update a folder with options; the folder of the next search and what was printed."""

    def run(folder, *options, name="next"):
        out = tmp_path / name
        answer = knock("update", folder, *options, "--out", out, "--effort", "quick")
        assert answer.status == 0, answer.err
        return out, answer.out

    return run


def weights(folder):
    with xr.open_dataset(folder / "drift.nc") as drift:
        return drift["weight"].values


def test_tracks_of_three_kinds_tell_what_the_plan_told(update, updated, planned, tmp_path) -> None:
    """A helicopter by GPX and a ship by its AIS: as in the plan, but that crews look out in turns too."""
    ship = as_ais(task_of(planned, "Ship"), 440000001, tmp_path)
    helicopter = as_gpx(task_of(planned, "Helicopter"), tmp_path)
    out, printed = update(planned, "--searched", helicopter, "--searched", ship, "--mmsi", "440000001=ship")
    as_planned = found_so_far(updated[1])
    assert as_planned - 0.005 < found_so_far(printed) < as_planned + 0.06
    assert "Helicopter: " in printed
    assert "in and around its planned time on scene" in printed
    table = as_csv(plan_of(planned)["tasks"], tmp_path)
    by_table, _ = update(planned, "--searched", table, name="by-table")
    np.testing.assert_allclose(weights(by_table), weights(out), rtol=0.01, atol=1e-6)


def test_a_gap_is_told_and_not_counted(update, planned, tmp_path) -> None:
    task = task_of(planned, "Helicopter")
    begin = datetime.fromisoformat(task["on_scene"]) + timedelta(minutes=20)
    gone = as_csv([task], tmp_path, lambda at: not begin < at < begin + timedelta(minutes=30))
    with_gap, printed = update(planned, "--searched", gone)
    assert re.search(r"Not counted: a gap of more than 3 min without a position, 3\d min and", printed)
    bridged, longer = update(planned, "--searched", gone, "--longest-gap", "60", name="bridged")
    assert "Not counted" not in longer
    assert found_so_far(longer) != found_so_far(printed)
    assert not np.array_equal(weights(with_gap), weights(bridged))


def test_a_log_in_local_time_is_asked_for_its_clock(planned, knock, tmp_path) -> None:
    table = as_csv(plan_of(planned)["tasks"], tmp_path)
    late = re.sub(
        r"2026-[^,]+",
        lambda found: (datetime.fromisoformat(found[0]) + timedelta(hours=9)).isoformat(),
        table.read_text(encoding="utf-8"),
    )
    table.write_text(late, encoding="utf-8")
    answer = knock("update", planned, "--searched", table, "--out", tmp_path / "next")
    assert answer.status == 2
    assert "Are these local times (+9 h)?" in answer.err
    assert "--start" not in answer.err
    assert not (tmp_path / "next").exists()


def test_units_that_nobody_told_of_are_named(update, planned, tmp_path) -> None:
    ship = as_csv([task_of(planned, "Ship")], tmp_path)
    _, printed = update(planned, "--searched", ship)
    assert "Nothing was told of Helicopter (sortie 1): not counted." in printed
    assert "Nothing was told of Ship" not in printed


def test_a_plan_flown_as_planned_tells_minutes_and_miles(updated, planned) -> None:
    for task in plan_of(planned)["tasks"]:
        flown_s = sum(
            (
                datetime.fromisoformat(leg["end_time"]) - datetime.fromisoformat(leg["start_time"])
            ).total_seconds()
            for leg in task["legs"]
            if leg["searching"]
        )
        told = re.search(
            rf"{task['unit']}: (?:(\d+) h )?(\d+) min and ([\d.]+) nm counted as searched: as flown",
            updated[1],
        )
        assert told is not None
        assert 60 * int(told[1] or 0) + int(told[2]) == pytest.approx(flown_s / 60.0, abs=1.0)
        assert float(told[3]) > 0.0
    assert "Nothing was told" not in updated[1]


def test_conditions_met_replace_the_forecast(update, updated, planned, tmp_path) -> None:
    fog = tmp_path / "met.toml"
    fog.write_text("[conditions]\nvisibility_nm = 1.0\n", encoding="utf-8")
    _, in_fog = update(planned, "--searched", planned / "plan.json", "--conditions", fog)
    assert found_so_far(in_fog) < 0.8 * found_so_far(updated[1])
    assert "visibility 1 nm" in in_fog
    fog.write_text(
        "[conditions]\nvisibility_nm = 1.0\n"
        '[[unit]]\nname = "helicopter"\nvisibility_nm = 10.0\n'
        '[[unit]]\nname = "Ship"\nvisibility_nm = 10.0\n',
        encoding="utf-8",
    )
    _, clear = update(planned, "--searched", planned / "plan.json", "--conditions", fog, name="clear")
    assert found_so_far(clear) == pytest.approx(found_so_far(updated[1]), abs=2e-3)


REPORTS = """
format = "sarex-reports/1"
[[sighting]]
name = "raft seen by the ferry"
time = 2026-05-01T04:30:00Z
position = "30-00.0N 150-03.0E"
error_nm = 2.0
credibility = 0.7
type = "life-raft-db-10"
"""


def test_a_sighting_moves_the_belief_and_a_false_alarm_takes_it_back(
    update, updated, planned, tmp_path
) -> None:
    told = tmp_path / "reports.toml"
    told.write_text(REPORTS, encoding="utf-8")
    seen, printed = update(planned, "--searched", planned / "plan.json", "--reports", told)
    assert "raft seen by the ferry, 01 May 04:30 UTC: counted as LIFE-RAFT-DB-10, with 70%" in printed
    assert found_so_far(printed) == pytest.approx(found_so_far(updated[1]), abs=1e-3)
    assert weights(seen).sum() == pytest.approx(weights(updated[0]).sum(), rel=1e-6)
    assert not np.allclose(weights(seen), weights(updated[0]), rtol=0.05)
    told.write_text(
        'format = "sarex-reports/1"\n[[false_alarm]]\nname = "cutter"\n'
        'withdraws = "Raft seen by the ferry"\n',
        encoding="utf-8",
    )
    back, printed = update(seen, "--reports", told, name="back")
    assert 'a false alarm; "Raft seen by the ferry" is withdrawn' in printed
    np.testing.assert_allclose(weights(back), weights(updated[0]), rtol=1e-3, atol=1e-9)
    assert plan_of(back)["window"] == plan_of(seen)["window"]


def test_a_report_without_a_search_keeps_the_window(update, planned, tmp_path) -> None:
    told = tmp_path / "reports.toml"
    told.write_text(REPORTS, encoding="utf-8")
    out, printed = update(planned, "--reports", told)
    assert plan_of(out)["window"] == plan_of(planned)["window"]
    assert weights(out).sum() == pytest.approx(1.0)
    assert "Undetected: 1.0000" in printed
    assert "reports only" in (out / "report.html").read_text(encoding="utf-8")


def test_a_find_of_debris(update, planned, tmp_path) -> None:
    told = tmp_path / "reports.toml"
    told.write_text(
        'format = "sarex-reports/1"\n[[find]]\nname = "empty raft"\ntime = 2026-05-01T05:00:00Z\n'
        'lon = 150.03\nlat = 30.0\nerror_nm = 3.0\ntype = "LIFE-RAFT-DB-10"\ncredibility = 0.9\n'
        'rules_out = ["LIFE-RAFT-DB-10"]\n',
        encoding="utf-8",
    )
    out, printed = update(planned, "--reports", told)
    assert "it rules out LIFE-RAFT-DB-10" in printed
    with xr.open_dataset(out / "drift.nc") as drift:
        raft = drift["object_type"].values == 0
        before = 0.7 * 0.6 + 0.3
        assert drift["weight"].values[raft].sum() == pytest.approx(0.1 * before, abs=0.02)
        assert drift["weight"].values.sum() == pytest.approx(1.0)


def test_the_folder_alone_is_enough_to_go_on(update, planned, tmp_path) -> None:
    """Tracks, conditions and reports gone, the folder elsewhere: the same figures again."""
    source = tmp_path / "source"
    source.mkdir()
    table = as_csv(plan_of(planned)["tasks"], source)
    (source / "reports.toml").write_text(REPORTS, encoding="utf-8")
    (source / "met.toml").write_text("[conditions]\nwind_kt = 12\n", encoding="utf-8")
    second, printed = update(
        planned, "--searched", table, "--reports", source / "reports.toml",
        "--conditions", source / "met.toml",
    )  # fmt: skip
    shutil.move(second, tmp_path / "moved")
    shutil.rmtree(source)
    third, later = update(tmp_path / "moved", "--searched", tmp_path / "moved" / "plan.json", name="third")
    kept = json.loads((third / "searched-1.json").read_text(encoding="utf-8"))
    assert kept["format"] == "sarex-search/1"
    assert kept["sources"] == ["tracks.csv"]
    pos = plan_of(tmp_path / "moved")["pos"]
    assert found_so_far(later) == pytest.approx(found_so_far(printed) + pos, abs=2e-3)
    assert "counted as searched" in (third / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing was told"),
        (("--searched", "{csv}", "--searched", "{plan}"), "at the same time"),
        (("--searched", "{csv}", "--longest-gap", "0"), "--longest-gap is 0"),
        (("--searched", "Helicoptr={csv}"), "Did you mean Helicopter?"),
        (("--searched", "{csv}", "--conditions", "{wrong}"), "unknown key"),
        (("--reports", "{wrong}"), "format is"),
        (("--reports", "{gone}"), "cannot be read"),
        (("--searched", "{csv}", "--mmsi", "12"), "--mmsi"),
        (("--searched", "{gone}.gpx"), "cannot be read"),
    ],
)
def test_what_cannot_be_used(options, words, planned, knock, tmp_path) -> None:
    (tmp_path / "wrong.toml").write_text("[conditions]\nvisibility = 3\n", encoding="utf-8")
    places = {
        "csv": as_csv(plan_of(planned)["tasks"], tmp_path),
        "plan": planned / "plan.json",
        "wrong": tmp_path / "wrong.toml",
        "gone": tmp_path / "gone",
    }
    answer = knock(
        "update", planned, *(option.format(**places) for option in options), "--out", tmp_path / "next"
    )
    assert answer.status == 2, answer.err
    assert answer.err.startswith("sarex: ")
    assert answer.err.count("\n") == 1
    assert words in answer.err
    assert not (tmp_path / "next").exists()


REPORT_FAULTS = {
    "credibility = 0.7": ("credibility = 7", "credibility is 7; it must be a number from 0 to 1"),
    "error_nm = 2.0": ("error = 2.0", "unknown key"),
    "2026-05-01T04:30:00Z": ("2026-05-01T04:30:00", "time is"),
    "30-00.0N 150-03.0E": ("30N", "position is"),
    "life-raft-db-10": ("raft", "which is none of the case"),
    "[[sighting]]": ("[[sightings]]", "Did you mean sighting?"),
    "30-00.0N": ("10-00.0N", "hardly any trajectory"),
    "2026-05-01T04": ("2026-06-01T04", "no drift was computed"),
}


@pytest.mark.parametrize("old", REPORT_FAULTS)
def test_a_report_that_cannot_be_used(old, planned, knock, tmp_path) -> None:
    new, words = REPORT_FAULTS[old]
    assert old in REPORTS
    (tmp_path / "reports.toml").write_text(REPORTS.replace(old, new), encoding="utf-8")
    answer = knock("update", planned, "--reports", tmp_path / "reports.toml", "--out", tmp_path / "next")
    assert answer.status == 2, answer.err
    assert words in answer.err
    assert "Traceback" not in answer.err
