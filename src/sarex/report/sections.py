"""The page's content in the order in which it is read, as plain values for the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sarex.case.model import Case, MemberForcing, Position
from sarex.environment.model import ForcingSource
from sarex.geo.frame import WGS84
from sarex.planning.model import Activity
from sarex.probability.map import ProbabilityMap
from sarex.report.attention import BIN_NAMES
from sarex.report.situation import out_of
from sarex.report.words import (
    Clock,
    date_and_time,
    degrees_minutes,
    duration,
    feet,
    joined,
    knots,
    nautical_miles,
    percent,
    span,
)
from sarex.safety import Advice
from sarex.tasking import PATTERN_NAMES
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.tasking.pieces import TrackPiece, track_pieces
from sarex.tasking.rounded import rounded_square

ALWAYS_SHOWN = ("afloat", "ashore", "outside_forcing")
"""Bins that are listed even when nothing is in them."""
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
    searches: str
    return_by: str
    endurance: str
    coverage: str
    poc: str
    pod: str
    pos: str
    briefing: str
    why: tuple[str, ...]
    corners: tuple[str, ...]
    legs: tuple[LegRow, ...]
    first_leg: str
    search_legs: str
    search_length: str
    curved: bool
    """Whether its searching legs are told by the loop."""


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
    member: str
    """The forcing member that it serves and its weight; empty where there is only one."""


def task_rows(
    action_plan: SearchActionPlan, colours: Sequence[str], undetected: float
) -> tuple[TaskRow, ...]:
    """POC and POS out of what is still undetected; POD is the same either way."""
    clock = Clock([action_plan.window_start, action_plan.window_end, *_task_times(action_plan.tasks)])
    return tuple(
        _task_row(
            number,
            replace(task, unit=replace(task.unit, name=action_plan.name_of(task))),
            colours[(number - 1) % len(colours)],
            clock,
            undetected,
        )
        for number, task in enumerate(action_plan.tasks, start=1)
    )


def _task_times(tasks: Iterable[Task]) -> list[datetime]:
    return [instant for task in tasks for instant in (task.departs, task.return_by)]


def _task_row(number: int, task: Task, colour: str, clock: Clock, undetected: float) -> TaskRow:
    unit = task.unit
    pieces = track_pieces(task)
    legs = _leg_rows(pieces, clock)
    searched = [(piece, row) for piece, row in zip(pieces, legs, strict=True) if piece.legs[0].searching]
    curved = any(piece.is_loop for piece, _ in searched)
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
        searches=clock.between(task.on_scene, task.off_scene),
        return_by=clock(task.return_by),
        endurance=f"{clock(task.endurance_until)} UTC ({spare} to spare)",
        coverage=f"{task.coverage:.2f}",
        poc=percent(out_of(task.poc, undetected)),
        pod=percent(task.pod),
        pos=percent(out_of(task.pos, undetected)),
        briefing=task.briefing,
        why=task.why,
        corners=tuple(degrees_minutes(corner) for corner in task.area),
        legs=legs,
        first_leg=next((_first_leg(piece, row) for piece, row in searched), "none"),
        search_legs=_loops(searched, searching, task.track_spacing_m) if curved else str(len(searching)),
        search_length=nautical_miles(sum(_course_and_length(leg.start, leg.end)[1] for leg in searching)),
        curved=curved,
    )


def _first_leg(piece: TrackPiece, row: LegRow) -> str:
    """The course to begin on; of a curve only that, its first chord is too short to steer."""
    if not piece.is_loop:
        return f"{row.course} true, {row.length}"
    course_deg, _ = _course_and_length(piece.legs[0].start, piece.legs[0].end)
    return f"{_course(course_deg)} true, then {_side(piece)} and outward"


def _loops(
    searched: Sequence[tuple[TrackPiece, LegRow]], searching: Sequence[TaskLeg], spacing_m: float
) -> str:
    shape = rounded_square(searching, spacing_m)
    if shape is not None:
        return shape.numbers()
    turned_deg = sum(abs(piece.turned_deg) for piece, _ in searched)
    return f"{turned_deg / 360.0:.1f} loops"


def _side(piece: TrackPiece) -> str:
    return "right" if piece.turned_deg > 0.0 else "left"


def _leg_rows(pieces: Sequence[TrackPiece], clock: Clock) -> tuple[LegRow, ...]:
    rows = []
    for number, piece in enumerate(pieces, start=1):
        first, last = piece.positions[0], piece.positions[-1]
        course_deg, _ = _course_and_length(first, last)
        length_m = sum(_course_and_length(leg.start, leg.end)[1] for leg in piece.legs)
        straight = len(piece.legs) == 1
        rows.append(
            LegRow(
                number=number,
                activity=f"search, loop to the {_side(piece)}"
                if piece.is_loop
                else _ACTIVITY_WORDS[piece.activity],
                start=degrees_minutes(first),
                end=degrees_minutes(last),
                course=_course(course_deg) if straight else "–",
                length=nautical_miles(length_m),
                from_time=clock.to_second(piece.start_time),
                to_time=clock.to_second(piece.end_time),
            )
        )
    return tuple(rows)


def _course(course_deg: float) -> str:
    return f"{round(course_deg) % 360:03d}°"


def _course_and_length(start: Position, end: Position) -> tuple[float, float]:
    """Initial true course, degrees toward, and geodesic length in metres."""
    course_deg, _, length_m = WGS84.inv(start.lon_deg, start.lat_deg, end.lon_deg, end.lat_deg)
    return float(course_deg) % 360.0, float(length_m)


def bin_rows(maps: Sequence[ProbabilityMap]) -> tuple[BinRow, ...]:
    """What has become of the probability, at the instants of the maps."""
    ordered = sorted(maps, key=lambda belief: belief.valid_at)
    names = list(dict.fromkeys(name for belief in ordered for name in belief.bins))
    shown = [name for name in names if name in ALWAYS_SHOWN or any(at.bins.get(name, 0.0) for at in ordered)]
    return tuple(
        BinRow(BIN_NAMES.get(name, name), tuple(percent(belief.bins.get(name, 0.0)) for belief in ordered))
        for name in shown
    )


def source_rows(
    sources: Sequence[ForcingSource], window_start: datetime, members: Sequence[MemberForcing]
) -> tuple[SourceRow, ...]:
    """One row for each source of each member."""
    weights = {member.name: percent(member.weight) for member in members}
    return tuple(
        SourceRow(
            quantity=source.quantity,
            label=source.label,
            description=source.description.removeprefix("SYNTHETIC "),
            produced=_produced(source, window_start),
            valid=span(source.valid_from, source.valid_until),
            share=percent(source.share),
            synthetic=source.synthetic,
            member=f"{source.member} ({weights[source.member]})" if source.member else "",
        )
        for source in sources
    )


def _produced(source: ForcingSource, window_start: datetime) -> str:
    if source.synthetic:
        return "computed by Sarex for this case"
    if source.constant:
        return "given in the case"
    if source.produced_at is None:
        return "the file does not say"
    age = window_start - source.produced_at
    relation = "before" if age.total_seconds() >= 0.0 else "after"
    return f"{date_and_time(source.produced_at)}, {duration(age)} {relation} the search starts"


def advice_sentences(advice: Sequence[Advice]) -> tuple[str, ...]:
    return tuple(
        f"{joined(piece.units) or 'The plan'}: {piece.sentence} "
        f"({date_and_time(piece.at)}, {degrees_minutes(piece.position)})."
        for piece in advice
    )


def shoal_sentences(case: Case) -> tuple[str, ...]:
    return tuple(f"{shoal.name}: {shoal.depth_m:g} m." for shoal in case.shoals)


def look_sentences(action_plan: SearchActionPlan, undetected: float) -> tuple[str, ...]:
    """POS alone, out of what is still undetected."""
    return tuple(
        f"{planned.look.name} ({planned.look.nation}), {date_and_time(planned.look.at)}: "
        f"POS {percent(out_of(planned.pos, undetected))} alone."
        for planned in action_plan.looks
    )


def danger_sentences(case: Case) -> tuple[str, ...]:
    return tuple(
        f"{area.name}: {span(area.active_from, area.active_until)}, "
        f"{feet(area.floor_m)} to {feet(area.ceiling_m)}."
        for area in case.danger_areas
    )
