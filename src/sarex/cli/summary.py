"""What the command line says when it is done."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sarex.case.model import Objective
from sarex.cli.belief_words import print_belief, print_head
from sarex.cli.results import Outcome
from sarex.planning.model import Outcome as Found
from sarex.report.words import degrees_minutes, duration
from sarex.safety import Advice
from sarex.tasking import SearchActionPlan
from sarex.units import m_to_nm

MOST_ADVICE = 3
"""Printed; the report has all of it."""
_MADE_FOR = {
    Objective.ALIVE: "finding people alive (by the survival model named first)",
    Objective.SOONEST: "finding soon",
}
HIGHEST_BOUND = 0.9995
"""Of what is still undetected: a bound from here on is not printed, it would read 100 %."""


def print_summary(outcome: Outcome, out: Path, console: Console) -> None:
    """The plan in one screen."""
    print_head(outcome.case, outcome.environment, console)
    if outcome.action_plan is not None:
        _print_plan(outcome.action_plan, outcome.belief.reported.undetected, console)
        if outcome.action_plan.interrupted:
            console.print("[bold]Interrupted[/]: this is the best plan until then, not the best to be had.")
    print_belief(outcome.maps, outcome.contours, console)
    broken = sum(rule.violations for rule in outcome.rules)
    if outcome.rules:
        verdict = "all kept" if broken == 0 else f"[bold red]{broken} violations[/], see the report"
        console.print(f"Rules checked: {len(outcome.rules)}, {verdict}")
    _print_advice(outcome.advice, console)
    console.print(f"Written: {out}" + (f" — open {out / 'report.html'}" if outcome.action_plan else ""))


def _print_plan(plan: SearchActionPlan, undetected: float, console: Console) -> None:
    """Tasks and quality; after searches all figures are out of what is still undetected."""
    quality = plan.quality

    def percent(probability: float) -> str:
        return f"{probability / undetected:.1%}" if undetected > 0 else "0.0%"

    table = Table(box=None, pad_edge=False)
    table.add_column("unit", overflow="fold", ratio=1)
    for name in ("", "", "on scene", "until", "S nm", "POC", "POD", "POS"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for task in plan.tasks:
        table.add_row(
            plan.name_of(task),
            task.unit.nation,
            task.pattern,
            f"{task.on_scene:%H:%M}",
            f"{task.off_scene:%H:%M}",
            f"{m_to_nm(task.track_spacing_m):.2f}",
            percent(task.poc),
            f"{task.pod:.1%}",
            percent(task.pos),
        )
    console.print(table)
    for planned in plan.looks:
        look = planned.look
        console.print(f"{look.name} ({look.nation}) looks at {look.at:%H:%M}: POS {percent(planned.pos)}")
    for idle in plan.unused:
        console.print(f"not used: {idle.unit.name} ({idle.unit.nation}): {idle.why}")
    # a bound of everything says nothing
    bound = (
        f"; upper bound, estimated: {percent(quality.pos_upper_bound)}"
        if quality.pos_upper_bound < HIGHEST_BOUND * undetected
        else ""
    )
    console.print(
        f"[bold]POS {percent(quality.pos)}[/] "
        f"(sweep widths ±30 %: {percent(quality.pos_low)} to {percent(quality.pos_high)}); optimum, "
        f"estimated: {percent(quality.pos_optimum_low)} to {percent(quality.pos_optimum_high)}"
        f"{bound}; "
        f"the manual's plan {percent(quality.pos_doctrine)}"
    )
    if plan.outcome is not None:
        console.print(_when(plan.outcome, percent), highlight=False)
    if plan.objective in _MADE_FOR:
        made_for = _MADE_FOR[plan.objective]
        console.print(f"The plan was made for {made_for}, not for the largest POS.", highlight=False)
    if undetected < 1.0 - 1e-9:
        console.print(
            f"These are out of what is still undetected ({undetected:.1%}); counted from the first search, "
            f"this one adds {quality.pos:.1%}, which makes {1.0 - undetected + quality.pos:.1%} in all."
        )


def _when(found: Found, percent: Callable[[float], str]) -> str:
    """In one line."""
    if found.median_time_s is None:
        return "The plan finds nothing."
    when = f"If found, as likely as not within {duration(timedelta(seconds=found.median_time_s))}"
    if found.alive and found.anybody_in_water:
        chosen = found.alive[0]
        return f"{when}; found alive {percent(chosen.pos_alive)} ({chosen.model}, {chosen.verification})."
    return f"{when}."


def _print_advice(advice: Sequence[Advice], console: Console) -> None:
    for piece in advice[:MOST_ADVICE]:
        where = f"{piece.at:%H:%M} {degrees_minutes(piece.position)}"
        told = f"Advice: {' and '.join(piece.units)} {piece.sentence} ({where})"
        console.print(escape(told), highlight=False)
    if len(advice) > MOST_ADVICE:
        console.print(f"and {len(advice) - MOST_ADVICE} pieces of advice more, in the report")
