"""Sarex and OpenDrift side by side on the same case, in one run.

The case is OpenDrift's own Leeway example: release at 4.5 E 59.6 N (one sigma 3 km) at 2015-11-16T06Z, 48 h,
10 min steps, hourly output (Sarex also keeps the 10-minute steps of the last hour, its search window), a
LIFE-RAFT-NB-1, NorKyst-800 current and AROME wind.

    python -m venv peer && peer/bin/pip install opendrift
    python benchmarks/drift_vs_opendrift.py --data FOLDER --peer peer/bin/python [--runs 5]
    python benchmarks/drift_vs_opendrift.py --data FOLDER --scaling --runs 1

FOLDER holds norkyst800_subset_16Nov2015.nc and arome_subset_16Nov2015.nc (OpenDrift's test data).

What is measured, one program after the other, run after run:

- whole: a process from its start to its end. Sarex: `sarex drift CASE --out NEW`, which writes drift.nc
  and, beyond what OpenDrift does, probability maps. OpenDrift: imports, seeding and a run that writes its
  NetCDF file.
- run: the time loop alone, from seeds and open forcing to trajectories in memory. Sarex: `drift_ensemble`
  in a process that has done it once with few particles (compiled code is read from the cache then).
  OpenDrift: `model.run` without a file.
- write: Sarex only; `write_drift` of what `run` made, to the file in its place and flushed to the disk.
- peak: largest resident memory of a whole process.

The physics of the two is not the same: Sarex takes the midpoint of each step where OpenDrift's Leeway takes
its start, adds persistent errors of current and wind (random numbers in every step), and takes the wind over
the water; all that is more work. OpenDrift interpolates wind and current from the files in every step, where
Sarex brings them to one grid beforehand (part of `whole`, not of `run`). Sarex runs as many threads as there
are cores; OpenDrift's Leeway runs one.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

STEPS = 48 * 6
CURRENT, WIND = "norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc"
SCALING = (10_000, 100_000, 1_000_000, 10_000_000)
BESIDE = (10_000, 100_000)

PEER = """
import json, sys, time
from datetime import datetime, timedelta
from opendrift.models.leeway import Leeway
from opendrift.readers.reader_netCDF_CF_generic import Reader
folder, particles, out = sys.argv[1], int(sys.argv[2]), sys.argv[5]
model = Leeway(loglevel=50)
model.add_reader([Reader(f"{folder}/" + name) for name in sys.argv[3:5]])
model.set_config("environment:fallback:x_sea_water_velocity", 0)
model.set_config("environment:fallback:y_sea_water_velocity", 0)
model.seed_elements(lon=4.5, lat=59.6, radius=3000, number=particles, time=datetime(2015, 11, 16, 6),
                    object_type=26)
started = time.perf_counter()
to_file = {"outfile": out} if out else {}
model.run(duration=timedelta(hours=48), time_step=600, time_step_output=3600, **to_file)
print(json.dumps({"run_s": time.perf_counter() - started}))
"""

CASE = f"""
format = "sarex-case/1"
[case]
id = "BENCH"
title = "benchmark"
exercise = true
seed = 1
[[scenario]]
name = "release"
weight = 1.0
from = 2015-11-16T06:00:00Z
until = 2015-11-16T06:00:00Z
position = {{ lon = 4.5, lat = 59.6, error_nm = {3.0 * 1.1774 / 1.852} }}  # one sigma of 3 km
objects = [{{ type = "LIFE-RAFT-NB-1", weight = 1.0 }}]
[environment]
current = ["{CURRENT}"]
wind = ["{WIND}"]
[search]
start = 2015-11-18T05:00:00Z
end = 2015-11-18T06:00:00Z
[conditions]
visibility_nm = 10.0
wave_height_ft = 3.0
"""

Figures = dict[str, float]


def main() -> None:
    arguments = _arguments()
    folder = arguments.data.resolve()
    if arguments.as_sarex:
        print(json.dumps(run_and_write(arguments.particles[0], arguments.work)))
        return
    _say_machine()
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        bench = Bench(folder, Path(work), arguments.peer)
        bench.sarex_whole(200)  # compiles and fetches the coast, as the first use of an installation does
        bench.sarex_inside(200)
        if arguments.scaling:
            scaling(bench, arguments.particles or list(SCALING), arguments.runs)
        else:
            for particles in arguments.particles or list(BESIDE):
                side_by_side(bench, particles, arguments.runs)


class Bench:
    """One folder, two programs."""

    def __init__(self, folder: Path, work: Path, peer: Path) -> None:
        self.folder, self.work, self.peer = folder, work, peer
        self.case = work / "case.toml"
        self.case.write_text(
            CASE.replace(f'"{CURRENT}"', f'"{folder / CURRENT}"').replace(f'"{WIND}"', f'"{folder / WIND}"')
        )

    def sarex_whole(self, particles: int) -> Figures:
        out = self.work / "result"
        command = [str(Path(sys.executable).with_name("sarex")), "drift", str(self.case), "--out", str(out)]
        figures, _ = measured([*command, "--particles", str(particles)])
        figures["file_mb"] = (out / "drift.nc").stat().st_size / 1e6
        shutil.rmtree(out)
        return figures

    def sarex_inside(self, particles: int) -> Figures:
        command = [
            sys.executable,
            __file__,
            "--as-sarex",
            "--data",
            str(self.folder),
            "--work",
            str(self.work),
        ]
        _, told = measured([*command, "--particles", str(particles)])
        return json.loads(told)

    def peer_whole(self, particles: int) -> Figures:
        out = self.work / "peer.nc"
        figures, _ = self._peer(particles, str(out))
        out.unlink()
        return figures

    def peer_run(self, particles: int) -> Figures:
        return json.loads(self._peer(particles, "")[1])

    def _peer(self, particles: int, out: str) -> tuple[Figures, str]:
        return measured([str(self.peer), "-c", PEER, str(self.folder), str(particles), CURRENT, WIND, out])


def measured(command: list[str]) -> tuple[Figures, str]:
    """Seconds and peak memory of a whole process, and the last line that it wrote."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as trouble:
        process = subprocess.Popen(command, stdout=told, stderr=trouble, text=True)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        whole_s = time.perf_counter() - started
        if process.returncode:
            trouble.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{trouble.read()[-2000:]}")
        told.seek(0)
        lines = told.read().strip().splitlines()
    return {
        "whole_s": whole_s,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_gb": usage.ru_maxrss * 1024 / 1e9,
    }, lines[-1] if lines else ""


def run_and_write(particles: int, work: Path) -> Figures:
    """The time loop and the writing in this process, after a small rehearsal."""
    from dataclasses import replace

    from sarex import mission
    from sarex.drift import drift_ensemble
    from sarex.exchange.drift_nc import write_drift

    case = mission.open_case(work / "case.toml")
    environment = mission.gather_environment(case)
    for count in (200, particles):
        case = replace(case, drift=replace(case.drift, particles=count))
        started = time.perf_counter()
        ensemble = drift_ensemble(
            case, environment, until=case.window.end, purpose="reported", fine_from=case.window.start
        )
        run_s = time.perf_counter() - started
    out = work / "bench.nc"
    started = time.perf_counter()
    write_drift(out, case, environment, ensemble)
    write_s = time.perf_counter() - started
    out.unlink()
    return {"run_s": run_s, "write_s": write_s}


def side_by_side(bench: Bench, particles: int, runs: int) -> None:
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(bench.sarex_whole(particles) | bench.sarex_inside(particles))
        theirs.append(bench.peer_whole(particles) | bench.peer_run(particles))
    print(f"\n{particles} particles, medians of {runs} (smallest to largest), load {os.getloadavg()[0]:.1f}")
    middles = {}
    for name, found in (("sarex", ours), ("opendrift", theirs)):
        middle = middles[name] = {key: statistics.median(run[key] for run in found) for key in found[0]}
        speed = particles * STEPS / middle["run_s"] / 1e6
        told = "  ".join(
            f"{key} {value:.3f} ({min(runs_of):.3f} to {max(runs_of):.3f})"
            for key, value in middle.items()
            for runs_of in [[run[key] for run in found]]
        )
        print(f"{name:10s} {speed:8.2f} million particle-steps/s  {told}")
    first, second = middles["sarex"], middles["opendrift"]
    print(
        f"ratio      run {second['run_s'] / first['run_s']:.0f} x   whole process "
        f"{second['whole_s'] / first['whole_s']:.1f} x   peak memory "
        f"{first['peak_gb'] / second['peak_gb']:.2f} of OpenDrift's",
        flush=True,
    )


def scaling(bench: Bench, numbers: list[int], runs: int) -> None:
    print(
        f"{'particles':>10s} {'whole s':>9s} {'cpu s':>9s} {'peak GB':>8s} {'file MB':>9s} "
        f"{'us a particle':>14s}"
    )
    for particles in numbers:
        found = [bench.sarex_whole(particles) for _ in range(runs)]
        middle = {key: statistics.median(run[key] for run in found) for key in found[0]}
        print(
            f"{particles:10d} {middle['whole_s']:9.2f} {middle['cpu_s']:9.2f} {middle['peak_gb']:8.3f} "
            f"{middle['file_mb']:9.0f} {middle['whole_s'] / particles * 1e6:14.2f}",
            flush=True,
        )


def _say_machine() -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%MZ}, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f} before the start"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", type=Path, default=Path("peer/bin/python"), help="python with OpenDrift")
    parser.add_argument("--particles", type=int, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scaling", action="store_true", help="Sarex alone, up to ten million particles")
    parser.add_argument("--work", type=Path, help="where results are written and deleted again")
    parser.add_argument("--as-sarex", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
