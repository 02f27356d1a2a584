"""`sarex forcing` as a process: a table or JSON, every file told, exit status 2 if one is unreadable."""

import json
import subprocess
import sys

import netCDF4
import pytest

from broken_forcing import write_forcing_file


def run(*arguments: object, columns: int = 80) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from sarex.cli.app import main; main()", "forcing", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": str(columns), "PATH": "", "HOME": "/nonexistent", "PYTHONUTF8": "1"},
    )


def test_table_tells_what_is_there_and_what_is_not(tmp_path) -> None:
    path = write_forcing_file(tmp_path, depths=[0.5, 10.0])
    done = run(path)
    assert done.returncode == 0, done.stderr
    for words in (
        "uo, vo",
        "m s-1",
        "0.1°",
        "131.00 to 133.00",
        "2026-05-01 00:00Z",
        "25, every 1 h",
        "0.5 m of 2",
    ):
        assert words in done.stdout
    assert "no wind in this file" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines() if str(tmp_path) not in line) <= 80


def test_one_bad_file_does_not_hide_the_others(tmp_path) -> None:
    good = write_forcing_file(tmp_path)
    bad = tmp_path / "bad.nc"
    bad.write_text("no NetCDF")
    done = run(bad, good, "--json")
    assert done.returncode == 2
    first, second = json.loads(done.stdout)
    assert "cannot be read" in first["error"]
    (offer,) = second["offers"]
    assert offer["quantity"] == "current"
    assert offer["first"] == "2026-05-01T00:00:00Z"
    assert offer["instants"] == 25
    assert offer["missing_frac"] == 0.0
    assert offer["fastest_mps"] == pytest.approx((0.3**2 + 0.1**2) ** 0.5, rel=1e-5)


def test_what_is_wrong_is_told_in_a_sentence(tmp_path) -> None:
    unitless = write_forcing_file(tmp_path, "unitless.nc", units=None)
    single = write_forcing_file(tmp_path, "single.nc", hours=[3.0])
    fast = write_forcing_file(tmp_path, "fast.nc", eastward=40.0)
    found = {
        entry["label"]: " ".join(entry["remarks"])
        for entry in json.loads(run(unitless, single, fast, "--json").stdout)
    }
    assert "uo and vo have no units" in found["unitless.nc"]
    assert "no current" not in found["unitless.nc"]
    assert "valid at that instant only" in found["single.nc"]
    assert "40 m/s is not believed" in found["fast.nc"]


def test_members_are_counted(tmp_path) -> None:
    path = write_forcing_file(tmp_path, names=(None, None))
    with netCDF4.Dataset(path, "a") as nc:
        nc.createDimension("realization", 3)
        for name, standard_name in (("uo", "eastward"), ("vo", "northward")):
            variable = nc.createVariable(name, "f4", ("realization", "time", "lat", "lon"))
            variable.setncatts({"units": "m s-1", "standard_name": f"{standard_name}_sea_water_velocity"})
            variable[:] = 0.1
    (told,) = json.loads(run(path, "--json").stdout)
    assert told["offers"][0]["realizations"] == 3
    assert "3 ensemble members" in " ".join(told["remarks"])


def test_what_needs_no_file_is_told_and_is_no_trouble() -> None:
    done = run("noaa:gfs", "copernicusmarine:cmems_x", "sample-sea", columns=200)
    assert done.returncode == 0, done.stdout
    assert "noaa cuts its piece of gfs out" in done.stdout
    assert "copernicusmarine cuts its piece of cmems_x out" in done.stdout
    assert "synthetic current and wind" in done.stdout
    assert "no such" not in done.stdout


def test_a_table_tells_its_stations_and_times(tmp_path) -> None:
    table = tmp_path / "obs.csv"
    lines = (
        "2026-05-01T06:00Z,131,37,10,270\n2026-05-01T06:00Z,132,38,9,260\n2026-05-01T09:00Z,131,37,9,280\n"
    )
    table.write_text(f"time,lon,lat,wind_speed_kt,wind_from_deg\n{lines}")
    done = run(table, columns=300)
    assert done.returncode == 0, done.stdout
    assert '{ table = "obs.csv" }' in done.stdout
    assert "wind at 2 stations, longitude 131.00 to 132.00, latitude 37.00 to 38.00" in done.stdout
    assert "at 2 times, 2026-05-01 06:00Z to 2026-05-01 09:00Z" in done.stdout
    assert "no current in this table" in done.stdout
    table.write_text("name,age\nRex,3\n")
    assert run(table).returncode == 2


def test_a_file_that_is_not_there_is_no_matter_of_a_case(tmp_path) -> None:
    done = run(tmp_path / "absent.nc", columns=300)
    assert done.returncode == 2
    assert "check the path." in done.stdout
    assert "case" not in done.stdout.replace(str(tmp_path), "")


def test_the_history_of_a_file_is_not_its_description(tmp_path) -> None:
    path = write_forcing_file(tmp_path, title="")
    with netCDF4.Dataset(path, "a") as nc:
        nc.history = "Mon: ncks D:/somebody/sea.nc"
    (told,) = json.loads(run(path, "--json").stdout)
    assert told["description"] == "the file does not describe itself"
