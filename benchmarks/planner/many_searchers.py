"""Many searchers on a grid: the problem of Royset & Sato 2010 at nine horizons, each with a certified gap.

    python benchmarks/planner/many_searchers.py [--searchers 15] [--seed 0] [--horizons 7 15]

9 x 9 cells; the target is in the centre cell in period 1, stays with probability 0.6 and else moves to one of
its neighbours; all searchers are in a corner cell before period 1 and move one cell a period; a look has the
exposure -3 ln 0.4 / J, so that J looks at the target's cell miss it with probability 0.064. `gap` is
(non-detection - at least) / at least. Seconds are processor seconds of one thread, everything included but
the compilation, which a first run on two periods does.
"""

import argparse
import os

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import math
import platform
import time

import numba
import numpy as np

from sarex.planning.grid_searchers import Grid, SearcherTeam, plan_grid_searchers, wandering_target

SIDE = 9
STAY_FRAC = 0.6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--searchers", type=int, default=15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--horizons", type=int, nargs=2, default=(7, 15), metavar=("FIRST", "LAST"))
    options = parser.parse_args()
    grid = Grid(SIDE, SIDE)
    target = wandering_target(grid, grid.cell(SIDE // 2, SIDE // 2), STAY_FRAC)
    count = options.searchers
    team = SearcherTeam((grid.cell(0, 0),) * count, exposure_per_look=-3.0 * math.log(0.4) / count)
    plan_grid_searchers(grid, target, team, periods=2)
    print(
        f"J = {count}; one thread; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"Numba {numba.__version__}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"{'T':>3s} {'non-detection':>14s} {'at least':>10s} {'gap %':>7s} {'cpu s':>6s} {'clock s':>8s}")
    for periods in range(options.horizons[0], options.horizons[1] + 1):
        cpu_s, clock_s = time.process_time(), time.perf_counter()
        plan = plan_grid_searchers(grid, target, team, periods, seed=options.seed)
        cpu_s, clock_s = time.process_time() - cpu_s, time.perf_counter() - clock_s
        print(
            f"{periods:3d} {plan.non_detection_frac:14.6f} {plan.at_least_frac:10.6f} "
            f"{100 * plan.gap_frac:7.3f} {cpu_s:6.2f} {clock_s:8.2f}"
        )


if __name__ == "__main__":
    main()
