"""What `sarex update` can be told."""

from pathlib import Path
from typing import Annotated

import typer

Searched = Annotated[
    list[str] | None,
    typer.Option(
        "--searched",
        help="What was searched without a find: a plan.json flown as planned, or tracks (GPX, CSV, AIS log); "
        "UNIT=FILE says whose track it is. May be given several times.",
    ),
]
ConditionsMet = Annotated[
    Path | None, typer.Option("--conditions", help="The conditions that crews met (TOML).")
]
Reports = Annotated[
    Path | None, typer.Option("--reports", help="Sightings, finds and false alarms (TOML, sarex-reports/1).")
]
Mmsi = Annotated[
    list[str] | None,
    typer.Option(
        "--mmsi",
        help='Which unit an AIS station is: 431000001="Destroyer 1", or a CSV file. '
        "May be given several times.",
    ),
]
LongestGap = Annotated[
    float | None,
    typer.Option(
        "--longest-gap",
        help="Minutes without a position that still count as searched; if not given 3 for aircraft, "
        "10 for ships.",
    ),
]
