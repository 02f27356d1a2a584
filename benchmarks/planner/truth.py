"""Is a plan's POS what happens? Every benchmark case searched glimpse by glimpse, by an independent program.

    python benchmarks/planner/truth.py [--case NAME] [--fleet N] [--seeds K] [--effort quick|normal|thorough]
                                       [--data FORCING] [--particles N] [--runs 40000] [--drawn] [--json FILE]

Each case is planned and written as `sarex plan` writes it; `tests/independent_glimpses.py` then reads
`drift.nc` and `plan.json` and searches in steps of half a second, so many runs. It shares no code with Sarex.
The find rate is compared with `pos` in the plan. With `--drawn` the outcome of each look is drawn
as well, which has the error of a coin that is tossed once a run; without it each run counts with the
probability that it finds.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cases import benchmark_case, chosen
from rich.console import Console
from rich.table import Table
from run import arguments, machine

from sarex import mission
from sarex.cli.app import Thoroughness
from sarex.cli.app import _effort as effort_of
from sarex.exchange.drift_nc import write_drift
from sarex.exchange.plan_json import plan_to_json

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
from independent_glimpses import find_chances, finds, read_files, standard_error

ALLOWED = 0.005
"""Half a point."""


@dataclass(frozen=True)
class Row:
    """One plan, searched."""

    case: str
    fleet: int
    seed: int
    runs: int
    promised: float
    found: float
    standard_error: float
    drawn: float | None
    """The same with the outcome of each look drawn."""
    drawn_standard_error: float | None
    seconds: float

    @property
    def difference(self) -> float:
        return self.found - self.promised


def search(name: str, fleet: int, seed: int, options: argparse.Namespace) -> Row:
    """Plan a case, write it, and search it."""
    with tempfile.TemporaryDirectory() as folder:
        drift_nc, plan_json = Path(folder) / "drift.nc", Path(folder) / "plan.json"
        _write(name, fleet, seed, options, drift_nc, plan_json)
        files = read_files(drift_nc, plan_json)
    started_s = time.perf_counter()
    chances = find_chances(files, options.runs, seed)
    seconds = time.perf_counter() - started_s
    drawn = finds(files, options.runs, seed, coarse=True) if options.drawn else None
    return Row(
        case=name,
        fleet=fleet,
        seed=seed,
        runs=options.runs,
        promised=files.promised,
        found=float(chances.mean()),
        standard_error=standard_error(chances),
        drawn=None if drawn is None else float(drawn.mean()),
        drawn_standard_error=None if drawn is None else standard_error(drawn),
        seconds=seconds,
    )


def _write(
    name: str, fleet: int, seed: int, options: argparse.Namespace, drift_nc: Path, plan_json: Path
) -> None:
    case = benchmark_case(name, fleet, seed, options.data, options.particles)
    environment = mission.gather_environment(case)
    belief = mission.drift_objects(case, environment)
    plan = mission.plan_search(case, environment, belief, effort_of(Thoroughness(options.effort)))
    tasks = mission.issue_tasks(case, environment, plan)
    write_drift(drift_nc, case, environment, belief.reported)
    text = plan_to_json(tasks, (), datetime.now(UTC), synthetic=environment.synthetic)
    plan_json.write_text(text, encoding="utf-8")


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(effort="quick")
    parser.add_argument("--runs", type=int, default=40_000)
    parser.add_argument("--drawn", action="store_true", help="draw the outcome of each look as well")
    options = parser.parse_args()
    console = Console(width=140)
    table = Table(
        "case", "units", "seed", "POS promised", "found", "difference", "standard error", "drawn", "seconds",
        caption="per cent and points",
    )  # fmt: skip
    rows = []
    for name, fleet in chosen(options.case, options.fleet, options.data):
        for seed in range(1, options.seeds + 1):
            row = search(name, fleet, seed, options)
            rows.append(row)
            drawn = (
                "" if row.drawn is None else f"{100 * row.drawn:.2f} ± {100 * row.drawn_standard_error:.2f}"
            )
            table.add_row(
                name, str(fleet), str(seed), f"{100 * row.promised:.2f}", f"{100 * row.found:.2f}",
                f"{100 * row.difference:+.2f}", f"{100 * row.standard_error:.2f}", drawn,
                f"{row.seconds:.0f}",
            )  # fmt: skip
            console.print(f"{name} {fleet} seed {seed}: {100 * row.difference:+.2f} points", style="dim")
    console.print(table)
    if rows:
        most = max(abs(row.difference) for row in rows)
        console.print(f"most {100 * most:.2f} points; wanted {100 * ALLOWED:.1f}")
    if options.json is not None:
        content = {"machine": machine(), "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
