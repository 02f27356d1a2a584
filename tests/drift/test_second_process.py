"""Compiled kernels are kept on disk: the second process drifts at once."""

import os
import subprocess
import sys
import time
from pathlib import Path

DRIFT = """
from builders_sea import WINDOW, case, environment
from sarex.drift import drift_ensemble
found = drift_ensemble(case(), environment((0.3, 0.1), (6.0, 2.0)), until=WINDOW.end, purpose="t")
print(found.x_m.sum())
"""


def test_the_second_process_drifts_within_two_seconds() -> None:
    """From the start of Python to the answer: 1.0 s measured, most of it imports. The best of three."""
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    answers, times_s = [], []
    for _ in range(4):
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", DRIFT],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        times_s.append(time.perf_counter() - begun)
        answers.append(done.stdout)
    assert min(times_s[1:]) < 2.0
    assert len(set(answers)) == 1
