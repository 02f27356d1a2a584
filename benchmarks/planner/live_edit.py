"""How long does an editor wait for the value of an edit?

    python benchmarks/planner/live_edit.py [--case NAME] [--fleet N] [--particles N] [--edits K]
                                           [--data FORCING]

A plan is made (effort quick) and then edited as a person would drag it: each unit in turn moved a little,
turned a little, stretched a little, K edits in all. Told are the times from the call to the answer, which
holds the legs, the joint POS, every unit's marginal value and all violations, and what the rules take of it.
As a server would, it keeps what was loaded before (`gc.freeze`) out of Python's search for garbage, which
else stops an answer now and then for 100 ms. The first edit of each unit is warm already: a live plan
computes the exposures of all units when it is made.
"""

import argparse
import gc
import time
from pathlib import Path

import numpy as np
from cases import FLEETS, SEAS, benchmark_case

from sarex import mission
from sarex.cli.app import Thoroughness
from sarex.cli.app import _effort as effort_of
from sarex.planning.live import Edit, live_plan
from sarex.planning.readiness import made_ready
from sarex.safety import PlanRules
from sarex.safety.editing import rules_while_editing

WANTED_MS = 100.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", choices=tuple(SEAS), default="compact")
    parser.add_argument("--fleet", type=int, choices=FLEETS, default=8)
    parser.add_argument("--particles", type=int, default=20_000)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    case = benchmark_case(options.case, options.fleet, 1, options.data, options.particles)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    plan = mission.plan_search(case, environment, belief, effort_of(Thoroughness.QUICK))
    rules = PlanRules(case, environment)
    rules_s = [0.0]
    asked = rules_while_editing(rules, environment.frame, plan.on_scene_wind_mps)

    def broken(number, plans):  # type: ignore[no-untyped-def]
        began_s = time.perf_counter()
        found = asked(number, plans)
        rules_s[0] += time.perf_counter() - began_s
        return found

    began_s = time.perf_counter()
    ready = made_ready(case, environment, belief.reported, belief.rehearsal)
    waters = ready.reported
    live = live_plan(environment.frame, plan.unit_plans, ready.crews, waters, case.object_types, broken)
    made_s = time.perf_counter() - began_s
    live.edited(0, Edit())
    rules_s[0] = 0.0
    gc.collect()
    gc.freeze()
    random = np.random.default_rng(1)
    taken_ms, not_flown, violations = [], 0, 0
    for number in range(options.edits):
        unit = number % len(plan.unit_plans)
        east_m, north_m = random.normal(0.0, 2000.0, 2)
        edit = (
            Edit(east_m=east_m, north_m=north_m),
            Edit(turn_deg=random.normal(0.0, 20.0)),
            Edit(along_frac=float(np.exp(random.normal(0.0, 0.2))), across_frac=1.1),
        )[number // len(plan.unit_plans) % 3]
        began_s = time.perf_counter()
        edited = live.edited(unit, edit)
        taken_ms.append(1000.0 * (time.perf_counter() - began_s))
        not_flown += edited.why_not is not None
        violations += len(edited.violations)
    told = np.percentile(taken_ms, (50, 90, 99))
    print(
        f"{options.case}, {len(plan.unit_plans)} units, {waters.weight.size} particles, "
        f"{options.edits} edits: median {told[0]:.1f} ms, 90 % {told[1]:.1f} ms, "
        f"99 % {told[2]:.1f} ms, most {max(taken_ms):.1f} ms "
        f"(wanted {WANTED_MS:.0f}); the rules {1000.0 * rules_s[0] / options.edits:.1f} ms of it "
        f"on average; made ready in {made_s:.2f} s; {not_flown} not flown, {violations} violations"
    )


if __name__ == "__main__":
    main()
