"""What the command line says of a case and of where its object may be."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from sarex.case.model import Case
from sarex.environment.model import Environment
from sarex.probability import Contour, ProbabilityMap

BIN_WORDS = {
    "found": "would have been found so far",
    "afloat": "afloat, still out there",
    "ashore": "ashore",
    "outside_forcing": "outside the forcing",
    "not_yet_released": "not yet adrift",
}


def print_head(case: Case, environment: Environment, console: Console) -> None:
    synthetic = " · SYNTHETIC forcing" if environment.synthetic else ""
    console.print(
        f"\n[bold reverse] {case.mark}{synthetic} [/] [bold]{escape(case.title)}[/] ({escape(case.id)})"
    )
    console.print(f"search {case.window.start:%d %b %H:%M} to {case.window.end:%d %b %H:%M} UTC")


def print_belief(maps: Sequence[ProbabilityMap], found: Sequence[Contour], console: Console) -> None:
    """Where all of the probability is when the window ends, and in how large an area in its middle."""
    bins = maps[-1].bins
    parts = [
        f"{bins[name]:.4f} {words}"
        for name, words in BIN_WORDS.items()
        if bins[name] >= 5e-5 or name == "afloat"
    ]
    total = sum(bins.values())
    console.print(f"Probability at {maps[-1].valid_at:%H:%M} UTC: {' + '.join(parts)} = {total:.4f}")
    areas = ", ".join(f"{c.level_frac:.0%} in {c.area_m2 / 1852**2:,.0f} nm²" for c in found)
    console.print(f"Where it is likely at {maps[1].valid_at:%H:%M} UTC: {areas or 'nothing afloat'}")
