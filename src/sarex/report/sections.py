"""The page's content in the order in which it is read, as plain values for the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sarex.case.model import Case, LastKnownPosition, Position
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import ForcingSource
from sarex.geo.frame import WGS84
from sarex.planning.model import Activity
from sarex.probability.map import ProbabilityMap
from sarex.report.attention import BIN_NAMES
from sarex.report.words import (
    Clock,
    counted,
    date_and_time,
    degrees_minutes,
    duration,
    feet,
    knots,
    nautical_miles,
    percent,
    percent_band,
    span,
)
from sarex.tables.leeway import leeway_classes
from sarex.tasking.model import SearchActionPlan, Task
from sarex.tasking.pieces import track_pieces
from sarex.tasking.tasks import PATTERN_NAMES

_ACTIVITY_WORDS = {Activity.SEARCH: "search", Activity.TURN: "turn", Activity.TRANSIT: "transit"}


@dataclass(frozen=True)
class LegRow:
    number: int
    activity: str
    start: str
    end: str
    course: str
    length: str
    from_time: str
    to_time: str


@dataclass(frozen=True)
class TaskRow:
    """One unit's task, spelled."""

    number: int
    colour: str
    unit: str
    nation: str
    kind: str
    pattern_code: str
    pattern: str
    commence_search_point: str
    spacing: str
    height: str
    speed: str
    departs: str
    start: str
    end: str
    return_by: str
    endurance: str
    coverage: str
    poc: str
    pod: str
    pos: str
    briefing: str
    corners: tuple[str, ...]
    legs: tuple[LegRow, ...]
    search_legs: int
    search_length: str


@dataclass(frozen=True)
class WidthRow:
    unit: str
    width: str
    uncorrected: str
    corrections: tuple[str, ...]
    source: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ObjectSection:
    key: str
    description: str
    share: str
    leeway: str
    widths: tuple[WidthRow, ...]


@dataclass(frozen=True)
class BinRow:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    quantity: str
    label: str
    description: str
    produced: str
    valid: str
    share: str
    synthetic: bool


def situation(case: Case, ensemble: DriftEnsemble, action_plan: SearchActionPlan) -> tuple[str, str]:
    """What, when, where, window and POS, in two sentences."""
    objects = [
        f"{object_name(key)} ({key}, {share})"
        for key, share in object_shares(ensemble)
        if share != percent(0.0)
    ]
    where = [
        f"from near {degrees_minutes(scenario.origin.position)}"
        if isinstance(scenario.origin, LastKnownPosition)
        else f"from along a track to {degrees_minutes(scenario.origin.points[-1].position)}"
        for scenario in case.scenarios
    ]
    looking = f"Looking for: {_either(objects)}, adrift since {_adrift_since(case)}, {_either(where)}."
    quality = action_plan.quality
    units = f"{len(action_plan.tasks)} of {counted(len(case.units), 'unit')}"
    window = span(action_plan.window_start, action_plan.window_end)
    succeeds = (
        f"In the search window {window}, {units} search; flown as planned, they find it with a "
        f"probability of {percent(quality.pos)} "
        f"({percent_band(quality.pos_low, quality.pos_high)})."
    )
    return looking, succeeds


def _either(items: Sequence[str]) -> str:
    unique = list(dict.fromkeys(items)) or ["nothing"]
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"


def _adrift_since(case: Case) -> str:
    instants: list[datetime] = []
    for scenario in case.scenarios:
        origin = scenario.origin
        if isinstance(origin, LastKnownPosition):
            instants += [origin.released_from, origin.released_until]
        else:
            instants += [point.at for point in origin.points]
    first, last = min(instants), max(instants)
    return date_and_time(first) if first == last else span(first, last)


def object_words(key: str) -> str:
    """The published description of a leeway class, or its key."""
    known = leeway_classes().get(key)
    return known.description.lstrip("> ") if known else key


def object_name(key: str) -> str:
    """The first words of the published description, for a sentence: "life raft", "person-in-water".

    A subdivision (marked > in the table) is named by the class that it divides, the nearest before it
    without a mark.
    """
    classes = leeway_classes()
    if key not in classes:
        return "object"
    keys = list(classes)
    family = next(
        name for name in reversed(keys[: keys.index(key) + 1]) if classes[name].description[0] != ">"
    )
    name = classes[family].description.split(",")[0].split("(")[0].split(" - ")[0].strip()
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def object_shares(ensemble: DriftEnsemble) -> list[tuple[str, str]]:
    """Every object class with its share of the probability that is still out there."""
    total = ensemble.undetected
    weights = [
        float(ensemble.weight[ensemble.object_type == index].sum())
        for index in range(len(ensemble.object_types))
    ]
    return [
        (key, percent(weight / total if total > 0.0 else 0.0))
        for key, weight in zip(ensemble.object_types, weights, strict=True)
    ]


def task_rows(action_plan: SearchActionPlan, colours: Sequence[str]) -> tuple[TaskRow, ...]:
    clock = Clock([action_plan.window_start, action_plan.window_end, *_task_times(action_plan.tasks)])
    return tuple(
        _task_row(number, task, colours[(number - 1) % len(colours)], clock)
        for number, task in enumerate(action_plan.tasks, start=1)
    )


def _task_times(tasks: Iterable[Task]) -> list[datetime]:
    return [instant for task in tasks for instant in (task.departs, task.return_by)]


def _task_row(number: int, task: Task, colour: str, clock: Clock) -> TaskRow:
    unit = task.unit
    legs = _leg_rows(task, clock)
    searching = [leg for leg in task.legs if leg.searching]
    spare = duration(task.endurance_until - task.return_by)
    return TaskRow(
        number=number,
        colour=colour,
        unit=unit.name,
        nation=unit.nation,
        kind=unit.kind.value.replace("-", " "),
        pattern_code=task.pattern.value,
        pattern=PATTERN_NAMES[task.pattern],
        commence_search_point=degrees_minutes(task.commence_search_point),
        spacing=nautical_miles(task.track_spacing_m),
        height=feet(unit.altitude_m) if unit.kind.flies else "surface",
        speed=knots(unit.search_speed_mps),
        departs=clock(task.departs),
        start=clock(task.on_scene),
        end=clock(task.off_scene),
        return_by=clock(task.return_by),
        endurance=f"{clock(task.endurance_until)} UTC ({spare} to spare)",
        coverage=f"{task.coverage:.2f}",
        poc=percent(task.poc),
        pod=percent(task.pod),
        pos=percent(task.pos),
        briefing=task.briefing,
        corners=tuple(degrees_minutes(corner) for corner in task.area),
        legs=legs,
        search_legs=len(searching),
        search_length=nautical_miles(sum(_course_and_length(leg.start, leg.end)[1] for leg in searching)),
    )


def _leg_rows(task: Task, clock: Clock) -> tuple[LegRow, ...]:
    rows = []
    for number, piece in enumerate(track_pieces(task), start=1):
        first, last = piece.positions[0], piece.positions[-1]
        course_deg, _ = _course_and_length(first, last)
        length_m = sum(_course_and_length(leg.start, leg.end)[1] for leg in piece.legs)
        straight = len(piece.legs) == 1
        rows.append(
            LegRow(
                number=number,
                activity=_ACTIVITY_WORDS[piece.activity],
                start=degrees_minutes(first),
                end=degrees_minutes(last),
                course=f"{round(course_deg) % 360:03d}°" if straight else "–",
                length=nautical_miles(length_m),
                from_time=clock.to_second(piece.start_time),
                to_time=clock.to_second(piece.end_time),
            )
        )
    return tuple(rows)


def _course_and_length(start: Position, end: Position) -> tuple[float, float]:
    """Initial true course, degrees toward, and geodesic length in metres."""
    course_deg, _, length_m = WGS84.inv(start.lon_deg, start.lat_deg, end.lon_deg, end.lat_deg)
    return float(course_deg) % 360.0, float(length_m)


def object_sections(ensemble: DriftEnsemble, tasks: Sequence[Task]) -> tuple[ObjectSection, ...]:
    return tuple(
        ObjectSection(
            key=key,
            description=object_words(key),
            share=share,
            leeway=_leeway_words(key),
            widths=tuple(_width_row(task, key) for task in tasks if key in task.sweep_widths),
        )
        for key, share in object_shares(ensemble)
    )


def _leeway_words(key: str) -> str:
    known = leeway_classes().get(key)
    if known is None:
        return "not in the published table"
    return (
        f"{known.downwind_slope_percent:.2f} % of the wind downwind, "
        f"{known.crosswind_right_slope_percent:+.2f} % across to the right, "
        f"{known.crosswind_left_slope_percent:+.2f} % across when on the left"
    )


def _width_row(task: Task, key: str) -> WidthRow:
    width = task.sweep_widths[key]
    return WidthRow(
        unit=task.unit.name,
        width=nautical_miles(width.width_m),
        uncorrected=nautical_miles(width.uncorrected_m),
        corrections=tuple(f"{step.name} × {step.factor:.2f}: {step.why}" for step in width.corrections),
        source=width.source,
        remarks=width.remarks,
    )


def bin_rows(maps: Sequence[ProbabilityMap]) -> tuple[BinRow, ...]:
    """What has become of the probability, at the instants of the maps."""
    ordered = sorted(maps, key=lambda belief: belief.valid_at)
    names = list(dict.fromkeys(name for belief in ordered for name in belief.bins))
    return tuple(
        BinRow(BIN_NAMES.get(name, name), tuple(percent(belief.bins.get(name, 0.0)) for belief in ordered))
        for name in names
    )


def source_rows(sources: Sequence[ForcingSource], window_start: datetime) -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(
            quantity=source.quantity,
            label=source.label,
            description=source.description,
            produced=_produced(source, window_start),
            valid=span(source.valid_from, source.valid_until),
            share=percent(source.share),
            synthetic=source.synthetic,
        )
        for source in sources
    )


def _produced(source: ForcingSource, window_start: datetime) -> str:
    if source.synthetic:
        return "computed by Sarex for this case"
    if source.produced_at is None:
        return "the file does not say"
    age = window_start - source.produced_at
    relation = "before" if age.total_seconds() >= 0.0 else "after"
    return f"{date_and_time(source.produced_at)}, {duration(age)} {relation} the search starts"


def danger_sentences(case: Case) -> tuple[str, ...]:
    return tuple(
        f"{area.name}: {span(area.active_from, area.active_until)}, "
        f"{feet(area.floor_m)} to {feet(area.ceiling_m)}."
        for area in case.danger_areas
    )
