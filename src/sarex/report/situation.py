"""The first lines of the page: what, since when, where from, and how likely this search finds it."""

from collections.abc import Container, Sequence
from datetime import datetime

from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Case,
    Cloud,
    CrossingBearings,
    Found,
    LastKnownPosition,
    Scenario,
    Trackline,
)
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import ForcingSource
from sarex.report.history import SearchRecordSummary
from sarex.report.objects import object_name, object_shares
from sarex.report.words import date_and_time, degrees_minutes, duration, joined, percent, percent_band, span
from sarex.tasking.model import SearchActionPlan


def situation(
    case: Case,
    ensemble: DriftEnsemble,
    action_plan: SearchActionPlan,
    history: Sequence[SearchRecordSummary],
    images_on_land: Container[str] = (),
) -> tuple[str, ...]:
    """Two sentences or three, the last one the answer.

    A plan's POS counts from the first search, so that searches add up. A coordinator asks for the chance now,
    after nothing was found: that is the POS over what is still undetected.

    Args:
        images_on_land: scenarios whose beacon's ambiguous position lies on land.
    """
    objects = [
        f"{object_name(key)} ({key}, {share})"
        for key, share in object_shares(ensemble)
        if share != percent(0.0)
    ]
    places = [_place(scenario, images_on_land) for scenario in case.scenarios]
    looking = f"Looking for: {_either(objects)}. It went adrift {_adrift(case)}, {_either(places)}."
    quality, remaining = action_plan.quality, ensemble.undetected
    chance = (
        f"{percent(out_of(quality.pos, remaining))} "
        f"({percent_band(out_of(quality.pos_low, remaining), out_of(quality.pos_high, remaining))})"
    )
    window = span(action_plan.window_start, action_plan.window_end)
    succeeds = (
        f"In the search window {window}, {_units(case, action_plan)}; if they keep to the plan, they find it "
        f"with a probability of {chance}."
    )
    return (looking, *_so_far(history, quality.pos), succeeds)


def out_of(probability: float, whole: float) -> float:
    """A probability counted from the first search as a share of what is still undetected."""
    return min(1.0, probability / whole) if whole > 0.0 else 0.0


def _so_far(history: Sequence[SearchRecordSummary], pos: float) -> tuple[str, ...]:
    made = sum(1 for record in history if record.unit_names)
    if not made:
        return ()
    found = history[-1].pos_cumulative
    searches = "the search so far" if made == 1 else f"the {made} searches so far"
    sentence = (
        f"Nothing was found, although {searches} would have found it with a probability of {percent(found)}. "
        f"The figures on this page are for now, given that; counted from the first search, this one adds "
        f"{percent(pos)}, which makes {percent(found + pos)} in all."
    )
    return (sentence,)


def _units(case: Case, action_plan: SearchActionPlan) -> str:
    searching = len({task.unit.name for task in action_plan.tasks})
    given = len(case.units)
    if given == 1:
        return "the one unit searches" if searching else "the one unit does not search"
    return f"all {given} units search" if searching == given else f"{searching} of {given} units search"


def _place(scenario: Scenario, images_on_land: Container[str]) -> str:
    """Where a scenario says the drift began, to follow "adrift"."""
    match scenario.origin:
        case LastKnownPosition(position=position) | Found(position=position):
            return f"near {degrees_minutes(position)}"
        case Trackline(points=points):
            first, last = points[0].position, points[-1].position
            return f"somewhere on the way from {degrees_minutes(first)} to {degrees_minutes(last)}"
        case Area(polygon=corners):
            return f"in the area whose first corner is {degrees_minutes(corners[0])}"
        case BeaconFix(ellipse=ellipse, ambiguous=ambiguous):
            other = "" if ambiguous is None else f" or {degrees_minutes(ambiguous.position)}"
            if ambiguous is not None and scenario.name in images_on_land:
                image = degrees_minutes(ambiguous.position)
                other = f" (its ambiguous position {image} lies on land and counts for nothing)"
            return f"near the beacon fix {degrees_minutes(ellipse.position)}{other}"
        case origin:
            return _signal_place(origin)


def _signal_place(origin: BearingLine | CrossingBearings | Cloud) -> str:
    match origin:
        case BearingLine(bearing=bearing):
            seen_from = degrees_minutes(bearing.observer)
            return f"on the bearing {_bearing(bearing.toward_deg)} from {seen_from}"
        case CrossingBearings(bearings=bearings):
            named = joined([f"{_bearing(b.toward_deg)} from {degrees_minutes(b.observer)}" for b in bearings])
            return f"where the bearings {named} cross"
        case Cloud(corners=corners):
            return f"between {degrees_minutes(corners[0])} and {degrees_minutes(corners[1])}"


def _bearing(toward_deg: float) -> str:
    return f"{round(toward_deg) % 360:03d}°"


def _either(items: Sequence[str]) -> str:
    unique = list(dict.fromkeys(items)) or ["nothing"]
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"


def _adrift(case: Case) -> str:
    instants: list[datetime] = []
    for scenario in case.scenarios:
        origin = scenario.origin
        if isinstance(origin, Trackline):
            instants += [point.at for point in origin.points]
        else:
            instants += [origin.released_from, origin.released_until]
    first, last = min(instants), max(instants)
    if first == last:
        return f"at {date_and_time(first)}"
    if first.date() == last.date():
        return f"on {last.day} {last:%b %Y} between {first:%H:%M} and {last:%H:%M} UTC"
    return f"between {date_and_time(first)} and {date_and_time(last)}"


def forcing_ages(sources: Sequence[ForcingSource], window_start: datetime) -> str:
    """What moves the object, and how old that is, in one line; details are in their own section."""
    quantities: dict[str, dict[str, None]] = {}
    for source in sources:
        if source.share > 0.0:
            quantities.setdefault(f"{source.label}, {_age(source, window_start)}", {})[source.quantity] = None
    return " · ".join(f"{joined(tuple(names))} from {origin}" for origin, names in quantities.items())


def _age(source: ForcingSource, window_start: datetime) -> str:
    if source.synthetic:
        return "computed, neither observed nor forecast"
    if source.constant:
        return "given in the case"
    if source.produced_at is None:
        return f"age not stated, valid from {date_and_time(source.valid_from)}"
    age = window_start - source.produced_at
    relation = "before" if age.total_seconds() >= 0.0 else "after"
    return f"made {duration(age)} {relation} the search starts"
