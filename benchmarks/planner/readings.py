"""What benchmarks that read each case have in common: options, one case after another, a file."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from cases import FLEETS, SEAS, chosen
from rich.console import Console
from run import machine

Row = TypeVar("Row")


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """The options that all of them have."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=tuple(SEAS))
    parser.add_argument("--fleet", type=int, choices=FLEETS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="folder with the forcing of the coastal case")
    parser.add_argument("--json", type=Path, help="write every figure here")
    return parser


def rows_of(
    options: argparse.Namespace,
    console: Console,
    measure: Callable[[str, int, argparse.Namespace], Row],
    told: Callable[[Row], str],
) -> list[Row]:
    """The reading of each case that is asked for, told as it comes, and all of them in a file if wanted."""
    before, rows = machine(), []
    for name, fleet in chosen(options.case, options.fleet, options.data):
        rows.append(measure(name, fleet, options))
        console.print(f"{name} {fleet}: {told(rows[-1])}", style="dim")
    if not rows:
        console.print("no case to run: the coastal case needs --data FOLDER")
    elif options.json is not None:
        content: dict[str, Any] = {"machine": before, "rows": [asdict(row) for row in rows]}  # type: ignore[call-overload]
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return rows
