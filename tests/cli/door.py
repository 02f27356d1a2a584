"""A small case in the open sea and ways to knock at the door: as a process, and within this one."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sarex.cli import app

CASE = """
format = "sarex-case/1"
[case]
id = "DOOR-1"
title = "Raft in the open sea"
exercise = true
seed = 5
[[scenario]]
name = "last known position"
weight = 0.7
from = 2026-05-01T00:00:00Z
until = 2026-05-01T01:00:00Z
position = { lon = 150.0, lat = 30.0, error_nm = 2.0 }
objects = [{ type = "LIFE-RAFT-DB-10", weight = 0.6 }, { type = "PIW-1", weight = 0.4 }]
[[scenario]]
name = "on the way"
weight = 0.3
track = [
  { at = "30-00.0N 150-00.0E", time = 2026-05-01T00:00:00Z, error_nm = 2.0 },
  { at = "30-06.0N 150-06.0E", time = 2026-05-01T01:00:00Z, error_nm = 2.0 },
]
objects = [{ type = "LIFE-RAFT-DB-10" }]
[environment]
current = ["sample-sea"]
wind = [{ speed_kt = 15, from_deg = 250 }]
[search]
start = 2026-05-01T03:00:00Z
end = 2026-05-01T06:00:00Z
[conditions]
visibility_nm = 10.0
wave_height_ft = 4.0
[[unit]]
name = "Helicopter"
nation = "JP"
kind = "helicopter"
position = { lon = 150.5, lat = 30.2 }
transit_speed_kt = 130.0
search_speed_kt = 90.0
endurance_h = 3.0
altitude_ft = 500
sensor = "visual"
[[unit]]
name = "Ship"
nation = "KR"
kind = "ship"
position = "29-54.0N 149-54.0E"
transit_speed_kt = 18
search_speed_kt = 12
endurance_h = 48.0
eye_height_ft = 35
sensor = "visual"
[drift]
particles = 500
"""

NEAR_37N_132E = {
    "{ lon = 150.0, lat = 30.0, error_nm = 2.0 }": "{ lon = 132.0, lat = 37.0, error_nm = 2.0 }",
    "30-00.0N 150-00.0E": "37-00.0N 132-00.0E",
    "30-06.0N 150-06.0E": "37-03.0N 132-03.0E",
    "{ lon = 150.5, lat = 30.2 }": "{ lon = 132.2, lat = 37.1 }",
    "29-54.0N 149-54.0E": "36-57.0N 131-57.0E",
    "2026-05-01T00:00": "2026-05-01T06:00",
    "2026-05-01T01:00": "2026-05-01T07:00",
    "2026-05-01T03:00": "2026-05-01T08:00",
    "end = 2026-05-01T06:00": "end = 2026-05-01T11:00",
}
"""Moves the case to where and when the forcing of `broken_forcing` is."""


def write_case(folder: Path, *changes: tuple[str, str], name: str = "case.toml") -> Path:
    """The small case with changes, each of which must apply."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def write_forced_case(folder: Path, current: Path) -> Path:
    """The small case on a current from a file."""
    moved = sorted(NEAR_37N_132E.items(), key=lambda change: not change[0].startswith("end"))
    return write_case(folder, *moved, ('["sample-sea"]', f'["{current}"]'))


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "SAREX_CORES": "1", "COLUMNS": "80", **more}


def command(*arguments: object) -> list[str]:
    return [str(Path(sys.executable).with_name("sarex")), *map(str, arguments)]


def run_sarex(*arguments: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A true process, on one thread unless told otherwise."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=env or environment(),
    )


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str


def call_sarex(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> Answer:
    """The same as `run_sarex` within this process: the very function that the console script calls."""
    monkeypatch.setattr(sys, "argv", ["sarex", *map(str, arguments)])
    capsys.readouterr()
    status = 0
    try:
        app.main()
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    said = capsys.readouterr()
    return Answer(status, said.out, said.err)


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, hidden things included; None stands for a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
