"""Sarex and OpenDrift side by side on the same case, in one run.

The case is OpenDrift's own Leeway example: release at 4.5 E 59.6 N (one sigma 3 km) at 2015-11-16T06Z,
48 h, 10 min steps, hourly output, NorKyst-800 current and AROME wind. Both run as whole processes, in turn.

    python -m venv peer && peer/bin/pip install opendrift
    python benchmarks/drift_vs_opendrift.py --data FOLDER --peer peer/bin/python [--particles N] [--runs 5]

FOLDER holds norkyst800_subset_16Nov2015.nc and arome_subset_16Nov2015.nc (OpenDrift's test data).
Prints a line a run and the medians: seconds (imports and forcing), seconds (run only), million
particle-steps per second, peak memory.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

STEPS = 48 * 6
CURRENT, WIND = "norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc"

PEER = """
import json, resource, sys, time
started = time.perf_counter()
from datetime import datetime, timedelta
from opendrift.models.leeway import Leeway
from opendrift.readers.reader_netCDF_CF_generic import Reader
folder, particles = sys.argv[1], int(sys.argv[2])
model = Leeway(loglevel=50)
model.add_reader([Reader(f"{folder}/" + name) for name in sys.argv[3:5]])
model.set_config("environment:fallback:x_sea_water_velocity", 0)
model.set_config("environment:fallback:y_sea_water_velocity", 0)
model.seed_elements(lon=4.5, lat=59.6, radius=3000, number=particles, time=datetime(2015, 11, 16, 6),
                    object_type=26)
prepared = time.perf_counter()
model.run(duration=timedelta(hours=48), time_step=600, time_step_output=3600)
done = time.perf_counter()
print(json.dumps({"prepare_s": prepared - started, "run_s": done - prepared,
                  "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))
"""


def main() -> None:
    arguments = _arguments()
    if arguments.as_sarex:
        print(json.dumps(run_sarex(arguments.data, arguments.particles)))
        return
    command = [sys.executable, __file__, "--as-sarex", "--data", str(arguments.data)]
    _once([*command, "--particles", "200"])  # compiles, as the first use of an installation does
    results: dict[str, list[dict[str, float]]] = {"sarex": [], "opendrift": []}
    for _ in range(arguments.runs):
        number = str(arguments.particles)
        results["sarex"].append(_once([*command, "--particles", number]))
        results["opendrift"].append(
            _once([str(arguments.peer), "-c", PEER, str(arguments.data), number, CURRENT, WIND])
        )
    _report(results, arguments.particles)


def run_sarex(data: Path, particles: int) -> dict[str, float]:
    """The same case in this process."""
    started = time.perf_counter()
    from datetime import timedelta

    from sarex import mission
    from sarex.case import case_from_mapping
    from sarex.drift import drift_ensemble

    case = case_from_mapping(_case(particles), base_dir=data, name="benchmark")
    environment = mission.gather_environment(case)
    prepared = time.perf_counter()
    ensemble = drift_ensemble(
        case, environment, until=case.window.end + timedelta(0), purpose="reported", output_every=6
    )
    done = time.perf_counter()
    assert ensemble.x_m.shape == (particles, 49)
    return {
        "prepare_s": prepared - started,
        "run_s": done - prepared,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def _case(particles: int) -> dict[str, object]:
    # one sigma of 3 km is a probable error of 3 km x 1.1774
    return {
        "format": "sarex-case/1",
        "case": {"id": "BENCH", "title": "benchmark", "exercise": True, "seed": 1},
        "scenario": [
            {
                "name": "release",
                "weight": 1.0,
                "from": "2015-11-16T06:00:00Z",
                "until": "2015-11-16T06:00:00Z",
                "position": {"lon": 4.5, "lat": 59.6, "error_nm": 3.0 * 1.1774 / 1.852},
                "objects": [{"type": "LIFE-RAFT-NB-1", "weight": 1.0}],
            }
        ],
        "environment": {"current": [CURRENT], "wind": [WIND]},
        "search": {"start": "2015-11-18T05:00:00Z", "end": "2015-11-18T06:00:00Z"},
        "conditions": {"visibility_nm": 10.0, "wave_height_ft": 3.0},
        "drift": {"particles": particles},
    }


def _once(command: list[str]) -> dict[str, float]:
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return {**result, "whole_s": time.perf_counter() - started}


def _report(results: dict[str, list[dict[str, float]]], particles: int) -> None:
    medians = {}
    for name, runs in results.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        middle["Msteps_per_s"] = particles * STEPS / middle["run_s"] / 1e6
        medians[name] = middle
        figures = "  ".join(f"{key} {value:.3f}" for key, value in middle.items())
        print(f"{name:10s} particles {particles}  median of {len(runs)}: {figures}")
    ours, theirs = medians["sarex"], medians["opendrift"]
    print(
        f"ratio: run only {theirs['run_s'] / ours['run_s']:.0f} x, whole process "
        f"{theirs['whole_s'] / ours['whole_s']:.1f} x, peak memory {ours['peak_gb'] / theirs['peak_gb']:.2f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", type=Path, default=Path("peer/bin/python"), help="python with OpenDrift")
    parser.add_argument("--particles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--as-sarex", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
