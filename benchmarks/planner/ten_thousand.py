"""Random cases planned and put through the checker: no rule may be broken, no POS above its bound.

    python benchmarks/planner/ten_thousand.py [--first 0] [--count 10000] [--workers 2] [--again-every 10]
                                              [--json FILE]

Case n is `tests/random_cases.py` with seed n, varied (sorties, light, other sensors, draughts, shoals, looks)
where n is odd, planned with the least effort. Each plan is checked by `sarex.safety` and held against its
definite-range bound; every so many-th is reckoned again by `tests/independent_pos.py`, which must agree
with its POS within half a point. Ctrl-C ends the run with what is done so far; with `--json` that is kept,
and the next run with the same file goes on from there. Exits with 1 if any case fails.
"""

import argparse
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

ALLOWED = 0.005
"""Half a point between POS and the independent reckoning."""
WRITTEN_EVERY_S = 10.0

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))


@dataclass(frozen=True)
class Row:
    """One case, planned and checked."""

    number: int
    units: int
    sorties: int
    """Tasks issued."""
    pos: float
    bound: float
    independent: float | None
    """POS by the independent program, where it was asked for."""
    broken: tuple[str, ...]
    """Rules broken, each with its first detail."""
    error: str
    """What ended the planning, empty if nothing did."""
    seconds: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What must not be."""
        found = list(self.broken)
        if self.error:
            found.append(self.error)
        if self.pos > self.bound + 1e-9:
            found.append(f"POS {self.pos:.4f} is above the bound {self.bound:.4f}")
        if self.independent is not None and abs(self.independent - self.pos) > ALLOWED:
            found.append(f"POS {self.pos:.4f} is {self.independent:.4f} by the independent reckoning")
        return tuple(found)


def planned_and_checked(number: int, again_every: int) -> Row:
    """One case in full; whatever goes wrong is told, not raised."""
    begun = time.perf_counter()
    try:
        return _row(number, again_every, begun)
    except Exception as error:  # noqa: BLE001 - a case that cannot be planned is a finding like any other
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Row(number, 0, 0, 0.0, 0.0, None, (), told, time.perf_counter() - begun)


def _row(number: int, again_every: int, begun: float) -> Row:
    from independent_pos import pos_of_plan
    from random_cases import RandomCase
    from sarex.safety import check_plan

    drawn = RandomCase(number, varied=number % 2 == 1)
    belief, plan, issued = drawn.planned()
    broken = tuple(
        f"{rule.rule}: {rule.details[0] if rule.details else rule.violations}"
        for rule in check_plan(drawn.case, drawn.sea, issued)
        if rule.violations
    )
    # cases 0, 11, 20, 31 ...: varied and plain ones in turn
    again = number % again_every == (number // again_every) % 2 if again_every > 0 else False
    return Row(
        number=number,
        units=len(drawn.case.units),
        sorties=len(issued.tasks),
        pos=plan.quality.pos,
        bound=plan.quality.pos_upper_bound,
        independent=pos_of_plan(belief.reported, issued) if again else None,
        broken=broken,
        error="",
        seconds=time.perf_counter() - begun,
    )


def run(numbers: Sequence[int], workers: int, again_every: int) -> Iterable[Row]:
    """Rows as they come, planned side by side."""
    # one thread a process: the processes share out the cores
    os.environ["SAREX_CORES"] = "1"
    os.environ["NUMBA_NUM_THREADS"] = "1"
    with get_context("spawn").Pool(workers, _leave_interrupts_to_the_parent, maxtasksperchild=500) as pool:
        yield from pool.imap_unordered(partial(planned_and_checked, again_every=again_every), numbers)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def kept_rows(file: Path | None) -> dict[int, Row]:
    """What an earlier run has done."""
    if file is None or not file.exists():
        return {}
    rows = (Row(**{**row, "broken": tuple(row["broken"])}) for row in json.loads(file.read_text()))
    return {row.number: row for row in rows}


def write_rows(rows: dict[int, Row], file: Path | None) -> None:
    """All rows in order; the file is whole at any time."""
    if file is None:
        return
    part = file.with_suffix(".part")
    part.write_text(json.dumps([asdict(rows[number]) for number in sorted(rows)], indent=0))
    part.replace(file)


def told(rows: dict[int, Row], numbers: Iterable[int]) -> tuple[str, int]:
    """The last line, and how many cases failed."""
    done = [rows[number] for number in numbers if number in rows]
    again = [row for row in done if row.independent is not None]
    failed = [row for row in done if row.faults]
    worst = max((abs(row.independent - row.pos) for row in again if row.independent is not None), default=0.0)
    line = (
        f"{len(done)} cases ({sum(row.sorties for row in done)} tasks): "
        f"{sum(bool(row.broken) for row in done)} with violations, "
        f"{sum(row.pos > row.bound + 1e-9 for row in done)} above the bound, "
        f"{sum(bool(row.error) for row in done)} that could not be planned; "
        f"{len(again)} reckoned again, farthest off {100 * worst:.2f} points; "
        f"{sum(row.seconds for row in done) / max(len(done), 1):.2f} s a case"
    )
    if failed:
        line += f"; failing: {', '.join(str(row.number) for row in failed)}"
    return line, len(failed)


def main() -> int:
    """Run, tell and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again-every", type=int, default=10, help="0: POS is never reckoned again")
    parser.add_argument("--json", type=Path, help="where the rows are kept")
    given = parser.parse_args()
    # also where a shell that started this in the background has it ignore Ctrl-C
    for ends in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends, signal.default_int_handler)
    numbers = range(given.first, given.first + given.count)
    rows = kept_rows(given.json)
    left = [number for number in numbers if number not in rows]
    written = time.monotonic()
    try:
        for row in run(left, given.workers, given.again_every):
            rows[row.number] = row
            for fault in row.faults:
                print(f"case {row.number}: {fault}", flush=True)
            if time.monotonic() - written > WRITTEN_EVERY_S:
                write_rows(rows, given.json)
                written = time.monotonic()
                print(told(rows, numbers)[0], flush=True)
    except KeyboardInterrupt:
        print("ended early", flush=True)
    write_rows(rows, given.json)
    line, failed = told(rows, numbers)
    print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
