"""A task in a crew's words."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s
from sarex.planning.model import Activity, Leg, Pattern, UnitPlan
from sarex.tasking.lookout import lookout_words
from sarex.tasking.model import TaskLeg
from sarex.tasking.rounded import rounded_square
from sarex.tasking.shapes import (
    Floats,
    Ladder,
    bends_deg,
    courses_deg,
    joined_straight,
    ladder_of,
    loop_spacings_m,
    loops,
)
from sarex.units import m_to_ft, m_to_nm, mps_to_kt

PATTERN_NAMES = {
    Pattern.PARALLEL_SWEEP: "parallel sweep",
    Pattern.CREEPING_LINE: "creeping line",
    Pattern.EXPANDING_SQUARE: "expanding square",
    Pattern.SECTOR: "sector search",
    Pattern.TRACK_LINE_RETURNING: "track line search, returning",
    Pattern.TRACK_LINE_NON_RETURNING: "track line search, non-returning",
}
NOTABLE = 1.15
"""Legs or spacings that differ by less than this factor are told as equal."""
ORDER_TOLD = 8
"""Legs of which the order is told."""


def briefing(plan: UnitPlan, legs: Sequence[TaskLeg]) -> str:
    """The task in plain sentences.

    Args:
        legs: the plan's, in positions.
    """
    unit = plan.unit
    searching = [leg for leg in plan.legs if leg.activity is Activity.SEARCH]
    verb, height = ("Fly", f"{m_to_ft(unit.altitude_m):,.0f} ft and ") if unit.kind.flies else ("Steam", "")
    sortie = f"Sortie {plan.sortie} of this unit. " if plan.sortie > 1 else ""
    look = lookout_words(unit, plan.sweep_widths, searching[0].start_s, searching[-1].end_s, _begins_at(legs))
    looking = (look,) if look else ()
    what, remarks, uneven = _pattern_words(
        plan.pattern, plan.track_spacing_m, searching, [leg for leg in legs if leg.searching]
    )
    spacing = "track spacing" if not uneven else "mean track spacing"
    return (
        f"{sortie}Leave at {_spoken(plan.legs[0].start_s)} for the commence search point, "
        f"on scene {_spoken(searching[0].start_s)}. "
        f"{verb} {'an' if what[0] in 'aeio' else 'a'} {what} at {height}"
        f"{mps_to_kt(unit.search_speed_mps):.0f} kt, {spacing} {m_to_nm(plan.track_spacing_m):.2f} nm. "
        f"{''.join(f'{remark} ' for remark in (*remarks, *looking))}"
        f"Search complete {_spoken(searching[-1].end_s)}; "
        f"endurance ends {_spoken(plan.endurance_until_s)}."
    )


def _begins_at(legs: Sequence[TaskLeg]) -> Position:
    return next(leg.start for leg in legs if leg.searching)


def _pattern_words(
    pattern: Pattern, spacing_m: float, searching: Sequence[Leg], told: Sequence[TaskLeg]
) -> tuple[str, tuple[str, ...], bool]:
    """What is flown, what must be known of it, and whether its spacing is uneven."""
    name = PATTERN_NAMES[pattern]
    legs = np.array([(g.start_x_m, g.start_y_m, g.end_x_m, g.end_y_m, g.start_s, g.end_s) for g in searching])
    if pattern is Pattern.EXPANDING_SQUARE and (turned_deg := _turned_deg(legs)):
        side = "right" if turned_deg > 0.0 else "left"
        remark, uneven = _loop_spacing(legs)
        what = f"{name} with rounded corners, {abs(turned_deg) / 360.0:.1f} loops outward to the {side},"
        shape = rounded_square(told, spacing_m)
        from_paper = (shape.sentence(),) if shape is not None else ()
        return what, ("Steer by the route points of plan.gpx.", *from_paper, *remark), uneven
    legs = joined_straight(legs)
    count = f"{name} of {len(legs)} {'leg' if len(legs) == 1 else 'legs'}"
    ladder = ladder_of(legs) if pattern in (Pattern.PARALLEL_SWEEP, Pattern.CREEPING_LINE) else None
    if ladder is None:
        return count, (), False
    spacing = tuple(_spacing(ladder.spacings_m))
    return count, (*_order(ladder), *spacing, *_lengths(ladder.lengths_m)), bool(spacing)


def _turned_deg(legs: Floats) -> float:
    """How far a curve of chords turns in all, clockwise; 0 if the legs are no curve."""
    courses = courses_deg(legs)
    return float(bends_deg(courses).sum()) if len(loops(courses)) < len(legs) else 0.0


def _loop_spacing(legs: Floats) -> tuple[tuple[str, ...], bool]:
    spacings_m = loop_spacings_m(legs)
    if len(spacings_m) < 2 or spacings_m.min() <= 0.0 or spacings_m[-1] < NOTABLE * spacings_m[0]:
        return (), False
    within, without = m_to_nm(spacings_m[0]), m_to_nm(spacings_m[-1])
    return (
        f"Loops lie closer together in the middle ({within:.2f} nm) than outside ({without:.2f} nm).",
    ), True


def _order(ladder: Ladder) -> Iterator[str]:
    """Where neighbouring legs are not flown one after the other."""
    if ladder.in_turn:
        return
    told = ", ".join(map(str, ladder.order[:ORDER_TOLD]))
    more = ", …" if len(ladder.order) > ORDER_TOLD else ""
    onto = _ordinal(ladder.order[1] - ladder.order[0])
    yield (
        f"Turn not onto the next leg but onto the {onto} one on, then come back, so that turns stay wide: "
        f"counted from the side where the search begins, the legs are flown in the order {told}{more}."
    )


def _ordinal(number: int) -> str:
    named = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    return named.get(number, f"{number}th")


def _spacing(spacings_m: Floats) -> Iterator[str]:
    if len(spacings_m) < 2 or spacings_m.max() < NOTABLE * spacings_m.min():
        return
    first, middle, last = (f"{m_to_nm(value):.2f} nm" for value in _profile(spacings_m))
    match _shape_of(spacings_m):
        case "least inside":
            yield f"Legs lie closer together in the middle ({middle}) than at the sides ({first}, {last})."
        case "most inside":
            yield f"Legs lie farther apart in the middle ({middle}) than at the sides ({first}, {last})."
        case "growing":
            yield f"Legs lie closer together where the search begins ({first}) than at the far side ({last})."
        case _:
            yield f"Legs lie closer together at the far side ({last}) than where the search begins ({first})."


def _lengths(lengths_m: Floats) -> Iterator[str]:
    if lengths_m.max() < NOTABLE * lengths_m.min():
        return
    first, middle, last = (_length(value) for value in _profile(lengths_m))
    match _shape_of(lengths_m):
        case "least inside":
            yield f"Legs are shorter in the middle ({middle}) than at the sides ({first}, {last})."
        case "most inside":
            yield f"Legs are longer in the middle ({middle}) than at the sides ({first}, {last})."
        case "growing":
            yield f"Legs grow from {first} where the search begins to {last} at the far side."
        case _:
            yield f"Legs shorten from {first} where the search begins to {last} at the far side."


def _profile(values: Floats) -> tuple[float, float, float]:
    """At one side, where it differs most from the sides between them, at the other side."""
    first, last = float(values[0]), float(values[-1])
    inside = values[1:-1] if len(values) > 2 else values
    return first, float(inside[np.argmax(np.abs(inside - 0.5 * (first + last)))]), last


def _shape_of(values: Floats) -> str:
    """Where the values are large; only what differs notably from both sides counts as inside."""
    first, middle, last = _profile(values)
    margin = 0.25 * float(values.max() - values.min())
    if middle < min(first, last) - margin:
        return "least inside"
    if middle > max(first, last) + margin:
        return "most inside"
    return "growing" if last > first else "shrinking"


def _length(length_m: float) -> str:
    length_nm = m_to_nm(length_m)
    return f"{length_nm:.1f} nm" if length_nm < 10.0 else f"{length_nm:.0f} nm"


def _spoken(instant_s: float) -> str:
    """To the nearest second and then the minute begun, as the report and the plan file say it."""
    instant: datetime = from_posix_s(round(instant_s))
    return f"{instant:%d %b %H:%M} UTC"
