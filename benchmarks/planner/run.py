"""How far from the optimum is a plan, how true is its promise, how long does it take?

    python benchmarks/planner/run.py [--case NAME] [--fleet N] [--seeds K] [--effort quick|normal|thorough]
                                     [--data FORCING] [--particles N] [--json FILE]
                                     [--relax turns|heights]

Each row is one case and fleet (see `cases.py`) over the seeds 1..K. All is done through the public story,
`sarex.mission`. A seed draws the belief anew, and with it plan, bracket and figures:

- POS: of the plan on *fresh* particles, a third draw that neither planner nor bracket has seen.
- optimum: the bracket that the plan itself states (`pos_optimum`); low is held out, high is the dual value.
- ratio: POS over the bracket's midpoint, the distance from the optimum.
- optimism: what the plan promises (`pos`) minus POS on the fresh particles.
- gain: the promise minus the manual's plan for the same units on the same particles.
- search, plan: wall seconds until the planner's last sign of progress, and of the whole of `plan_search` with
  bracket, bound and the manual's plan. Compiled code is warm: a small plan is made before.
  cpu: processor seconds of the whole, the smaller part of which other programs can lengthen.
- broken: rules violated, as the checker finds them.

The folder of the coastal case's forcing is named with `--data`; without it the case is left out.

`--relax` asks what a rule costs, which the bracket does not know: `turns` lets everybody turn on the spot,
`heights` gives each unit, ships too, a height of its own so that areas may overlap.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from cases import FLEETS, SEAS, benchmark_case, chosen
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from sarex import __version__, mission
from sarex.case.model import Case
from sarex.cli.app import Thoroughness
from sarex.cli.app import _effort as effort_of
from sarex.clock import to_posix_s
from sarex.drift.run import drift_ensemble
from sarex.environment import Environment
from sarex.planning import SearchPlan
from sarex.planning.model import Activity
from sarex.planning.waters import Waters, success, waters_of

FEWEST_FRESH = 60_000
"""Fresh particles are at least so many: a standard error of 0.2 points or less."""
REACH_WIDTHS = 60.0
"""A pass farther away than this adds 2e-5 of exposure."""
ON_THE_SPOT_M, APART_M = 5.0, 200.0
TARGET_RATIO = {3: 0.94, 8: 0.94, 20: 0.93, 100: 0.88}
"""On two cores within 60 s."""


@dataclass(frozen=True)
class Row:
    """One plan, measured."""

    case: str
    fleet: int
    seed: int
    effort: str
    particles: int
    units_sent: int
    promised: float
    pos: float
    low: float
    high: float
    bound: float
    doctrine: float
    search_s: float
    plan_s: float
    cpu_s: float
    violations: int
    broken: tuple[str, ...]

    @property
    def ratio(self) -> float:
        return self.pos / (0.5 * (self.low + self.high))

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def optimism(self) -> float:
        return self.promised - self.pos

    @property
    def gain(self) -> float:
        return self.promised - self.doctrine


def relaxed(case: Case, rule: str | None) -> Case:
    """The case without a rule, to see what the rule costs."""
    match rule:
        case "turns":
            units = tuple(replace(unit, turn_radius_m=ON_THE_SPOT_M) for unit in case.units)
        case "heights":
            units = tuple(
                replace(unit, altitude_m=APART_M * (number + 1)) for number, unit in enumerate(case.units)
            )
        case _:
            units = case.units
    return replace(case, units=units)


def measure(name: str, fleet: int, seed: int, options: argparse.Namespace) -> Row:
    """Plan a case once and measure the plan."""
    case = relaxed(benchmark_case(name, fleet, seed, options.data, options.particles), options.relax)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    progressed_s = [0.0]
    started_s, started_cpu_s = time.perf_counter(), time.process_time()

    def note(_: float) -> None:
        progressed_s[0] = time.perf_counter() - started_s

    plan = mission.plan_search(
        case, environment, belief, effort_of(Thoroughness(options.effort)), progress=note
    )
    plan_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    rules = mission.check_plan(case, environment, mission.issue_tasks(case, environment, plan))
    quality = plan.quality
    return Row(
        case=name,
        fleet=fleet,
        seed=seed,
        effort=options.effort,
        particles=case.drift.particles,
        units_sent=len(plan.unit_plans),
        promised=quality.pos,
        pos=pos_on(plan, case, fresh_waters(case, environment)),
        low=quality.pos_optimum_low,
        high=quality.pos_optimum_high,
        bound=quality.pos_upper_bound,
        doctrine=quality.pos_doctrine,
        search_s=progressed_s[0],
        plan_s=plan_s,
        cpu_s=cpu_s,
        violations=sum(rule.violations for rule in rules),
        broken=tuple(f"{rule.rule}: {detail}" for rule in rules for detail in rule.details),
    )


def fresh_waters(case: Case, environment: Environment) -> Waters:
    """A draw of the belief that nothing in the plan has seen."""
    count = max(FEWEST_FRESH, case.drift.particles)
    ensemble = drift_ensemble(
        replace(case, drift=replace(case.drift, particles=count)),
        environment,
        until=case.window.end,
        purpose="fresh",
        fine_from=case.window.start,
    )
    return waters_of(ensemble, to_posix_s(case.window.start), to_posix_s(case.window.end))


def pos_on(plan: SearchPlan, case: Case, waters: Waters) -> float:
    """POS of a plan on particles of one's choice."""
    total = np.zeros(waters.weight.size)
    for unit_plan in plan.unit_plans:
        by_type = np.array([unit_plan.sweep_widths[key].width_m for key in case.object_types])
        total += waters.exposures(_searching(unit_plan.legs), waters.widths(by_type), REACH_WIDTHS)
    return success(waters.weight, total)


def _searching(legs: Sequence[object]) -> NDArray[np.float64]:
    rows = [
        (leg.start_x_m, leg.start_y_m, leg.end_x_m, leg.end_y_m, leg.start_s, leg.end_s)
        for leg in legs
        if leg.activity is Activity.SEARCH
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 6)


def warm_up(effort: str) -> None:
    """Compile, or read from the cache, all that a plan needs."""
    case = benchmark_case("trackline", 3, 1, particles=1000)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    quick = effort_of(Thoroughness("quick" if effort != "quick" else effort))
    plan = mission.plan_search(case, environment, belief, quick)
    mission.check_plan(case, environment, mission.issue_tasks(case, environment, plan))


COLUMNS = (
    "case", "units", "sent", "POS", "optimum", "width", "ratio", "worst", "bound", "manual", "gain", "least",
    "optimism", "most", "search s", "plan s", "cpu s", "broken",
)  # fmt: skip


def table_of(rows: Sequence[Row], title: str) -> Table:
    """Means over the seeds, and the worst where the worst matters."""
    table = Table(*COLUMNS, title=title, caption="probabilities in per cent, gain and optimism in points")
    for name, fleet in dict.fromkeys((row.case, row.fleet) for row in rows):
        some = [row for row in rows if (row.case, row.fleet) == (name, fleet)]

        def mean(figure: str, some: list[Row] = some) -> float:
            return statistics.fmean(getattr(row, figure) for row in some)

        table.add_row(
            name, str(fleet), f"{mean('units_sent'):.1f}", f"{100 * mean('pos'):.1f}",
            f"{100 * mean('low'):.1f}-{100 * mean('high'):.1f}",
            f"{100 * max(row.width for row in some):.1f}",
            f"{mean('ratio'):.3f}", f"{min(row.ratio for row in some):.3f}", f"{100 * mean('bound'):.1f}",
            f"{100 * mean('doctrine'):.1f}", f"{100 * mean('gain'):.1f}",
            f"{100 * min(row.gain for row in some):.1f}", f"{100 * mean('optimism'):.2f}",
            f"{100 * max(row.optimism for row in some):.2f}", f"{mean('search_s'):.1f}",
            f"{mean('plan_s'):.1f}", f"{mean('cpu_s'):.1f}", str(sum(row.violations for row in some)),
        )  # fmt: skip
    return table


def verdicts(rows: Sequence[Row]) -> list[str]:
    """What the figures are held against."""
    said = []
    for fleet in sorted({row.fleet for row in rows}):
        by_case = {
            name: statistics.fmean(row.ratio for row in rows if (row.case, row.fleet) == (name, fleet))
            for name in {row.case for row in rows if row.fleet == fleet}
        }
        worst = min(by_case, key=by_case.__getitem__)
        said.append(
            f"{fleet} units: ratio {statistics.fmean(by_case.values()):.3f}, least {by_case[worst]:.3f} "
            f"({worst}); wanted {TARGET_RATIO[fleet]:.2f}"
        )
    optimism = [row.optimism for row in rows]
    gains = [row.gain for row in rows]
    most, broken = max(optimism), sum(row.violations for row in rows)
    above = sum(row.pos > row.bound for row in rows)
    said.append(f"widest bracket {100 * max(row.width for row in rows):.2f} points; wanted 2")
    said.append(
        f"gain {100 * statistics.fmean(gains):.1f} points, least {100 * min(gains):.1f}; wanted 6 and 0"
    )
    said.append(
        f"optimism {100 * statistics.fmean(optimism):+.2f} points, most {100 * most:+.2f}; wanted 0.5 at most"
    )
    said.append(f"above the bound: {above} of {len(rows)} plans; rules broken: {broken}")
    return said


def machine() -> dict[str, object]:
    """Where and with what it was measured."""
    return {
        "sarex": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """The options that all of these benchmarks have."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=tuple(SEAS))
    parser.add_argument("--fleet", type=int, choices=FLEETS)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--effort", choices=[word.value for word in Thoroughness], default="normal")
    parser.add_argument("--data", type=Path, help="folder with the forcing of the coastal case")
    parser.add_argument("--particles", type=int, help="instead of 20,000 (100,000 for 100 units)")
    parser.add_argument("--json", type=Path, help="write every figure here")
    return parser


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--relax", choices=("turns", "heights"), help="plan without a rule")
    options = parser.parse_args()
    console = Console(width=200)
    before = machine()
    warm_up(options.effort)
    rows: list[Row] = []
    for name, fleet in chosen(options.case, options.fleet, options.data):
        for seed in range(1, options.seeds + 1):
            row = measure(name, fleet, seed, options)
            rows.append(row)
            console.print(
                f"{name} {fleet} seed {seed}: POS {100 * row.pos:.1f} of {100 * row.low:.1f}-"
                f"{100 * row.high:.1f}, ratio {row.ratio:.3f}, {row.plan_s:.1f} s",
                style="dim",
            )
            for sentence in row.broken:
                console.print(sentence, style="red")
    if not rows:
        console.print("no case to run: the coastal case needs --data FOLDER")
        return
    relaxing = f", without the rule of {options.relax}" if options.relax else ""
    title = f"effort {options.effort}, {options.seeds} seeds{relaxing}, {before['at']}"
    console.print(table_of(rows, title))
    for sentence in verdicts(rows):
        console.print(sentence)
    if options.json is not None:
        figures = [
            {**asdict(row), "ratio": row.ratio, "optimism": row.optimism, "gain": row.gain} for row in rows
        ]
        content = {"machine": before, "rows": figures}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
