"""Has two plans ready and, for each folder named on standard input, forks a process that writes them in turn.

Says the process's id and, when that is gone, "gone". Run by `test_whole_or_nothing`, which kills it.
"""

import os
import sys
import time
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from rich.console import Console

from sarex.case import open_case
from sarex.cli.results import Outcome, compute, write
from sarex.exchange import folder as whole
from sarex.planning import Effort


def main(case_file: Path) -> None:
    case = open_case(case_file)
    console = Console(stderr=True)
    effort = Effort(lines=2, tries=20, rounds=2, moves=8, shakes=1, polish=1)
    outcomes = [compute(replace(case, seed=seed), (), effort, console) for seed in (5, 6)]
    say("ready")
    for number, line in enumerate(sys.stdin):
        pid = os.fork()
        if pid == 0:
            write_for_ever(outcomes[:: (-1) ** number], Path(line.rstrip("\n")))
        say(str(pid))
        os.waitpid(pid, 0)
        say("gone")


def write_for_ever(outcomes: list[Outcome], folder: Path) -> None:
    whole._PROCESS_BEGAN_S = time.time()  # the fork stands for a new process
    for outcome in cycle(outcomes):
        write(outcome, folder, ())


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
