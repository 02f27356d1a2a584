"""The debrief's charts: steps since the alert, POS in time, how maps held the truth, who was out when."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.review.model import Debrief, InjectStatus, Step
from sarex.report.debrief_svg import DANGER, INK, PALE, RULE, SOFT, WASH, Pen, shortened
from sarex.report.debrief_words import STEPS, Names
from sarex.report.languages import Tongue
from sarex.report.sea_map import UNIT_COLOURS

WIDTH = 1000.0
HOUR_STEPS = (1, 2, 3, 4, 6, 8, 12, 24, 48)
PLANNED, ACHIEVED, BEST = "#0072b2", "#000", "#b34700"


class Axis:
    """Time from left to right."""

    def __init__(self, start: datetime, end: datetime, left: float, right: float) -> None:
        self.start_s, self.left, self.right = to_posix_s(start), left, right
        self.span_s = max(to_posix_s(end) - self.start_s, 60.0)

    def x(self, at: datetime) -> float:
        share = (to_posix_s(at) - self.start_s) / self.span_s
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    @property
    def hours(self) -> list[datetime]:
        """Round hours of UTC, eight at most."""
        step_h = next((step for step in HOUR_STEPS if self.span_s / 3600.0 / step <= 8.0), HOUR_STEPS[-1])
        first = int(-(-self.start_s // (3600 * step_h)))
        last = int((self.start_s + self.span_s) // (3600 * step_h))
        return [from_posix_s(3600.0 * step_h * number) for number in range(first, last + 1)]


def _hours(pen: Pen, axis: Axis, tongue: Tongue, top: float, foot: float) -> None:
    """Lines at round hours with the time of day below, and below that the day where it begins."""
    day = None
    for at in axis.hours:
        x = axis.x(at)
        pen.line((x, top), (x, foot), PALE, 1.0)
        middle = min(max(x, axis.left + 20.0), axis.right - 20.0)
        pen.text(tongue.clock(at), (middle, foot + 20.0), 14, "middle", SOFT)
        if at.date() != day:
            pen.text(tongue.day(at), (middle, foot + 38.0), 14, "middle", SOFT)
        day = at.date()


def steps_chart(debrief: Debrief, tongue: Tongue) -> str:
    """Each step as a bar from the alert to when it was done."""
    pen = Pen()
    done = [each.after for each in debrief.milestones if each.after is not None]
    longest = max([*done, timedelta(minutes=1)])
    left, right, row = 400.0, 860.0, 34.0
    for number, each in enumerate(debrief.milestones[1:]):
        y = 20.0 + row * number
        pen.text(
            shortened(tongue.say(STEPS[each.step]), left - 20.0, 16.0), (left - 14.0, y + 5.0), 16, "end"
        )
        if each.after is None:
            pen.text(tongue.say("not done"), (left + 6.0, y + 5.0), 16, "start", DANGER)
            continue
        x = left + (right - left) * (each.after / longest)
        pen.box((left, y - 6.0), (x - left, 12.0), "#9fb8c8")
        pen.dot((x, y), 7.0, INK)
        pen.text(tongue.duration(each.after), (x + 14.0, y + 5.5), 16, more='font-weight="700"')
    height = 20.0 + row * (len(debrief.milestones) - 1)
    pen.line((left, 4.0), (left, height - 10.0), INK, 2.0)
    return pen.whole(WIDTH, height, tongue.say("Time from the alert to each step"))


def pos_chart(debrief: Debrief, tongue: Tongue) -> str:
    """Cumulative POS planned, achieved and of the clairvoyant planner."""
    curve = debrief.curve
    pen = Pen()
    top, foot, left, right = 16.0, 360.0, 60.0, 740.0
    axis = Axis(curve.times[0], curve.times[-1], left, right)
    _percents(pen, tongue, (left, right), (top, foot))
    _hours(pen, axis, tongue, top, foot)
    named = [
        (tongue.say("Achieved"), curve.achieved, ACHIEVED, "", 3.5),
        (tongue.say("Planned"), curve.planned, PLANNED, 'stroke-dasharray="9 5"', 2.5),
    ]
    if curve.clairvoyant is not None:
        best = tongue.say("Clairvoyant planner")
        named.append((best, curve.clairvoyant, BEST, 'stroke-dasharray="2 4"', 2.5))
    for _, values, colour, dash, width in named:
        points = [(axis.x(at), _height(v, top, foot)) for at, v in zip(curve.times, values, strict=True)]
        pen.curve(points, colour, width, dash)
    _end_labels(
        pen, tongue, [(name, values[-1], colour) for name, values, colour, _, _ in named], (right, top, foot)
    )
    found = debrief.milestone(Step.DETECTION).at
    if found is not None:
        pen.star((axis.x(found), _height(curve.final_achieved, top, foot)), 11.0)
    return pen.whole(WIDTH, foot + 48.0, tongue.say("Cumulative probability of success through time"))


def _height(fraction: float, top: float, foot: float) -> float:
    return foot - (foot - top) * min(max(fraction, 0.0), 1.0)


def _percents(pen: Pen, tongue: Tongue, sides: tuple[float, float], ends: tuple[float, float]) -> None:
    left, right = sides
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _height(share, *ends)
        pen.line((left, y), (right, y), RULE if share == 0.0 else PALE, 1.5 if share == 0.0 else 1.0)
        pen.text(f"{tongue.number(100.0 * share)} %", (left - 8.0, y + 5.0), 14, "end", SOFT)


def _end_labels(
    pen: Pen, tongue: Tongue, ends: Sequence[tuple[str, float, str]], place: tuple[float, float, float]
) -> None:
    """Names and last values at the right, pushed apart where curves end together."""
    right, top, foot = place
    below = foot + 12.0
    for name, value, colour in sorted(ends, key=lambda end: end[1]):
        y = min(_height(value, top, foot) + 5.0, below - 22.0)
        below = y
        pen.text(
            f"{name} {tongue.percent(value)}", (right + 16.0, y), 16, "start", colour, 'font-weight="700"'
        )


def maps_chart(debrief: Debrief, tongue: Tongue) -> str:
    """On which contour the truth lay, picture by picture, and how many bits that cost."""
    pen = Pen()
    top, foot, left, right = 30.0, 300.0, 60.0, 980.0
    scored = [(each.at, each.score) for each in debrief.frames if each.score is not None]
    axis = Axis(debrief.frames[0].at, debrief.frames[-1].at, left, right)
    pen.box(
        (left, _height(0.5, top, foot)),
        (right - left, foot - _height(0.5, top, foot)),
        "#7a4b00",
        'fill-opacity=".16"',
    )
    pen.box(
        (left, _height(0.9, top, foot)),
        (right - left, foot - _height(0.9, top, foot)),
        "#7a4b00",
        'fill-opacity=".09"',
    )
    _percents(pen, tongue, (left, right), (top, foot))
    _hours(pen, axis, tongue, top, foot)
    for share in (0.5, 0.9):
        y = _height(share, top, foot)
        pen.line((left, y), (right, y), "#7a4b00", 1.6)
        text = tongue.say("inside the {level} contour", level=tongue.percent(share))
        pen.text(text, (left + 8.0, y + 18.0), 14, "start", "#5c3800")
    points = [(axis.x(at), _height(score.rank_frac, top, foot)) for at, score in scored]
    pen.curve(points, "#000", 1.2, 'stroke-opacity=".5"')
    for point in points:
        pen.dot(point, 4.5, "#000", 'stroke="#fff" stroke-width="1"')
    return pen.whole(WIDTH, foot + 48.0, tongue.say("Contour on which the truth lay"))


def units_chart(debrief: Debrief, names: Names) -> str:
    """Who was under way and on scene when, and when injects came."""
    pen, tongue = Pen(), names.tongue
    units = list(dict.fromkeys(unit.name for unit in debrief.exercise.case.units))
    left, right, row, top = 340.0, 980.0, 30.0, 44.0
    axis = Axis(debrief.alert_at, debrief.frames[-1].at, left, right)
    foot = top + row * len(units)
    _hours(pen, axis, tongue, 10.0, foot)
    pen.text(tongue.say("Injects"), (left - 12.0, 27.0), 15, "end", SOFT)
    _injects(pen, debrief, axis)
    for number, name in enumerate(units):
        y = top + row * number
        pen.box((left, y), (right - left, row - 4.0), WASH)
        pen.text(shortened(names.unit(name), left - 20.0, 15.0), (left - 12.0, y + 18.0), 15, "end")
        _unit(pen, debrief, axis, name, (y, UNIT_COLOURS[number % len(UNIT_COLOURS)]))
    return pen.whole(WIDTH, foot + 48.0, tongue.say("Units under way and on scene"))


def _injects(pen: Pen, debrief: Debrief, axis: Axis) -> None:
    bad = (InjectStatus.MISSED, InjectStatus.LATE)
    for row in debrief.injects:
        if row.delivered_at is not None and row.delivered_at <= debrief.frames[-1].at:
            x = axis.x(row.delivered_at)
            colour = DANGER if row.status in bad else INK
            pen.path(f"M{x - 7:.1f} 14h14l-7 14z", colour, 1.0, colour)


def _unit(pen: Pen, debrief: Debrief, axis: Axis, name: str, look: tuple[float, str]) -> None:
    y, colour = look
    for outing in debrief.outings:
        if outing.unit == name:
            begun = axis.x(outing.begun)
            pen.box((begun, y + 8.0), (axis.x(outing.ended) - begun, 10.0), colour, 'fill-opacity=".35"')
    for start, end in (
        span for outing in debrief.outings if outing.unit == name for span in outing.searching
    ):
        pen.box((axis.x(start), y + 4.0), (axis.x(end) - axis.x(start), 18.0), colour)
    for each in debrief.happenings:
        if each.body.get("unit") != name or each.at > debrief.frames[-1].at:
            continue
        x = axis.x(each.at)
        if each.kind == "crew.detected":
            pen.star((x, y + 13.0), 11.0)
        elif each.kind in ("crew.broke_down", "crew.turned_back"):
            pen.path(f"M{x - 7:.1f} {y + 6:.1f}l14 14m0 -14l-14 14", DANGER, 3.0)
