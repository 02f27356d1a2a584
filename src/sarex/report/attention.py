"""What a coordinator must know before trusting the page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sarex.case.model import Light, Position
from sarex.environment.model import Environment, ForcingSource
from sarex.probability.map import ProbabilityMap
from sarex.report.daylight import dark_spans
from sarex.report.words import counted, degrees_minutes, duration, joined, percent, span
from sarex.safety import RuleCheck, merged
from sarex.tasking.model import SearchActionPlan, Task

OLD_FORECAST = timedelta(hours=24)
"""Forcing produced longer before the window is pointed out."""
MOST_TOLD = 3
NOTABLE_BIN = 0.05
FULL_SHARE = 0.999
NOTABLE_OVERLAP_M2 = 1e4
BIN_NAMES = {
    "afloat": "afloat, within the forecast",
    "ashore": "ashore",
    "outside_forcing": "gone beyond the area of the forecast",
    "not_yet_released": "not yet adrift",
    "found": "would have been found by earlier searches",
}


def points_of_attention(
    environment: Environment,
    action_plan: SearchActionPlan,
    rules: Sequence[RuleCheck],
    maps: Sequence[ProbabilityMap],
    datum: Position | None,
) -> tuple[str, ...]:
    """Sentences for the box at the top; empty when there is nothing unusual."""
    return (
        *(_broken(rule) for rule in rules if rule.violations),
        *_no_tasks(action_plan),
        *_darkness(action_plan, datum),
        # members may share a source
        *dict.fromkeys(
            sentence
            for source in environment.sources
            for sentence in _forcing(source, action_plan.window_start, action_plan.window_end)
        ),
        *_bins(maps),
    )


def _broken(rule: RuleCheck) -> str:
    told = violations_told(rule)[:MOST_TOLD]
    where = f": {'; '.join(told)}" if told else ""
    times = counted(rule.violations, "time")
    return f"Rule broken {times} – {rule.rule}{where}. Do not issue the plan before it is mended."


def violations_told(rule: RuleCheck) -> tuple[str, ...]:
    """One entry for a unit and a place, with the first place; a check without typed violations as it is."""
    if not rule.found:
        return rule.details
    return tuple(
        f"{' and '.join(entry.first.units)}: {entry.sentence} ({degrees_minutes(entry.first.position)})"
        if entry.first.units
        else f"the plan: {entry.sentence}"
        for entry in merged(rule.found)
    )


def _no_tasks(action_plan: SearchActionPlan) -> tuple[str, ...]:
    if action_plan.tasks:
        return ()
    return ("No unit has a task in this window. The reasons are listed under “What was not used”.",)


def _darkness(action_plan: SearchActionPlan, datum: Position | None) -> list[str]:
    """Of those who look out by eye while the sun is down; whose sensor works by day only is not sent then."""
    if datum is None:
        return []
    start, end = action_plan.window_start, action_plan.window_end
    spans = dark_spans(start, end, datum)
    by_eye = list(
        dict.fromkeys(
            task.unit.name
            for task in action_plan.tasks
            if task.unit.sensor == "visual"
            and task.unit.light is Light.ANY
            and _counts_on_its_main_sensor(task)
            if any(task.on_scene < until and task.off_scene > since for since, until in spans)
        )
    )
    if not by_eye:
        return []
    when = "for the whole window" if spans == [(start, end)] else joined([span(*dark) for dark in spans])
    sentence = (
        f"The sun is down {when}, but the sweep widths of {joined(by_eye)} hold by day. In the dark they see "
        f"less: the probabilities on this page are too high."
    )
    return [sentence]


def _counts_on_its_main_sensor(task: Task) -> bool:
    others = tuple(f"{other.name}: " for other in task.unit.other_sensors)
    return any(
        width.width_m > 0.0 and not width.source.startswith(others) for width in task.sweep_widths.values()
    )


def _forcing(source: ForcingSource, start: datetime, end: datetime) -> list[str]:
    if source.share <= 0.0:
        return []
    sentences = []
    name = f"The {source.quantity} from {source.label}"
    if source.produced_at is not None and start - source.produced_at > OLD_FORECAST:
        age = duration(start - source.produced_at)
        sentences.append(f"{name} was made {age} before the search starts. Look for a newer one.")
    if source.valid_from > start or source.valid_until < end:
        valid = span(source.valid_from, source.valid_until)
        sentences.append(f"{name} does not cover the whole search window; it is valid {valid}.")
    if source.share < FULL_SHARE:
        share = percent(source.share)
        sentences.append(f"{name} serves {share} of the area and time; the rest has another source.")
    return sentences


def _bins(maps: Sequence[ProbabilityMap]) -> list[str]:
    if not maps:
        return []
    last = max(maps, key=lambda belief: belief.valid_at)
    return [
        f"{percent(last.bins[name])} of the probability is {BIN_NAMES[name]} at the end of the window. "
        f"{advice}"
        for name, advice in (
            ("ashore", "Send someone along the shore."),
            ("outside_forcing", "Give a forecast that reaches farther."),
        )
        if last.bins.get(name, 0.0) >= NOTABLE_BIN
    ]
