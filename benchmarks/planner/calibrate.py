"""Finds the factors of the sweep widths that `cases.FACTOR` holds.

    python benchmarks/planner/calibrate.py [--case NAME] [--fleet N] [--data FORCING] [--target 0.78]

Bisection, on a scale of logarithms, until the midpoint of the bracket of the optimum is within a point of
the target, with the particles of seed 1. The brackets are those of `planning.relaxation`; nothing is planned.
"""

import argparse
from math import sqrt
from pathlib import Path

import numpy as np
from cases import FLEETS, SEAS, benchmark_case, chosen

from sarex import mission
from sarex.case.model import Case
from sarex.clock import to_posix_s
from sarex.environment import Environment
from sarex.planning import Belief
from sarex.planning.relaxation import EffortUnit, ParticleTracks, optimum_bracket
from sarex.planning.waters import Waters, waters_of

LEAST, MOST = 0.02, 4.0
NEAR_ENOUGH = 0.01
MOST_STEPS = 12


def factor_for(name: str, fleet: int, target: float, data: Path | None, particles: int | None) -> float:
    """The factor at which the midpoint of the bracket is the target."""
    case = benchmark_case(name, fleet, 1, data, particles, factor=1.0)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    low, high = LEAST, MOST
    for _ in range(MOST_STEPS):
        factor = sqrt(low * high)
        midpoint = _midpoint(case, environment, belief, factor)
        if abs(midpoint - target) < NEAR_ENOUGH:
            break
        low, high = (factor, high) if midpoint < target else (low, factor)
    return factor


def _midpoint(case: Case, environment: Environment, belief: Belief, factor: float) -> float:
    window_s = to_posix_s(case.window.start), to_posix_s(case.window.end)
    units = [_effort_unit(case, environment, number, factor) for number in range(len(case.units))]
    own, held_out = (_tracks(waters_of(draw, *window_s)) for draw in (belief.rehearsal, belief.reported))
    return sum(optimum_bracket(units, own, held_out, *window_s)) / 2


def _effort_unit(case: Case, environment: Environment, number: int, factor: float) -> EffortUnit:
    unit = case.units[number]
    x_m, y_m = environment.frame.to_xy_m(unit.position.lon_deg, unit.position.lat_deg)
    departs_s = max(to_posix_s(case.window.start), to_posix_s(unit.available_from))
    widths_m = factor * np.array([unit.sweep_width_m[key] for key in case.object_types])
    return EffortUnit(
        name=unit.name,
        start_x_m=float(x_m),
        start_y_m=float(y_m),
        home_x_m=float(x_m),
        home_y_m=float(y_m),
        departs_s=departs_s,
        endurance_until_s=departs_s + unit.endurance_s,
        transit_speed_mps=unit.transit_speed_mps,
        search_speed_mps=unit.search_speed_mps,
        shortest_leg_m=float(widths_m.max()),
        sweep_width_m=widths_m,
    )


def _tracks(waters: Waters) -> ParticleTracks:
    return ParticleTracks(
        times_s=waters.times_s,
        x_m=waters.x_m.T,
        y_m=waters.y_m.T,
        afloat=waters.afloat.T,
        weight=waters.weight,
        object_type=waters.object_type,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", choices=tuple(SEAS))
    parser.add_argument("--fleet", type=int, choices=FLEETS)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--target", type=float, default=0.78)
    parser.add_argument("--particles", type=int)
    options = parser.parse_args()
    for name, fleet in chosen(options.case, options.fleet, options.data):
        factor = factor_for(name, fleet, options.target, options.data, options.particles)
        print(f'    ("{name}", {fleet}): {factor:.3f},', flush=True)


if __name__ == "__main__":
    main()
