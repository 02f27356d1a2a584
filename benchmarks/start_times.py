"""How long a process takes before it does anything: what a user waits for at every command.

    python benchmarks/start_times.py [--runs 5]

Each line is a process of its own, started `--runs` times after one start that is not counted (it compiles and
writes the caches of Python and Numba). `kernels ready` loads the compiled drift kernel from the cache and
runs it for 100 particles and one step in a constant sea. `seconds` include the interpreter's own start.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

KERNEL = """
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
import sarex.mission as mission
from sarex.case import case_from_mapping
from sarex.drift import drift_ensemble
at = datetime(2026, 6, 1, tzinfo=UTC)
still = {"eastward_mps": 0.1, "northward_mps": 0.0}
case = case_from_mapping({
    "format": "sarex-case/1",
    "case": {"id": "START", "title": "start", "exercise": True, "seed": 1},
    "scenario": [{"name": "s", "weight": 1.0, "from": at, "until": at,
                  "position": {"lon": -30.0, "lat": 45.0, "error_nm": 1.0},
                  "objects": [{"type": "PIW-1", "weight": 1.0}]}],
    "environment": {"current": [still], "wind": [still]},
    "search": {"start": at, "end": at.replace(minute=10)},
    "conditions": {"visibility_nm": 10.0, "wave_height_ft": 3.0},
    "drift": {"particles": 100},
}, base_dir=Path(), name="start")
drift_ensemble(case, mission.gather_environment(case), until=case.window.end, purpose="reported")
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    python, sarex = sys.executable, str(Path(sys.executable).with_name("sarex"))
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import sarex": [python, "-c", "import sarex"],
        "sarex --help": [sarex, "--help"],
        "sarex drift --help": [sarex, "drift", "--help"],
        "import numpy, numba": [python, "-c", "import numpy, numba"],
        "kernels ready": [python, "-c", KERNEL],
    }
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    print(f"{'process':22s} {'median s':>9s} {'least s':>8s} {'most s':>8s}   of {runs}")
    for name, command in commands.items():
        seconds = [_timed(command) for _ in range(runs + 1)][1:]
        print(f"{name:22s} {statistics.median(seconds):9.3f} {min(seconds):8.3f} {max(seconds):8.3f}")


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
