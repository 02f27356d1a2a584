"""The diagrams of an examination as SVG: frequency against promise, and histograms of ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import isnan, sqrt

from jinja2 import Environment as Templates

from sarex.exercise.examination.bands import Histogram, Share
from sarex.exercise.examination.scores import LEVELS, Containment, Reliability, Timing
from sarex.exercise.examination.verdict import CONTOURS, WITHIN
from sarex.report.templating import page_templates

_SIDE, _LEFT, _TOP, _GAP, _BELOW, _RIGHT = 330.0, 60.0, 40.0, 64.0, 62.0, 16.0
_BAR_WIDE, _BAR_HIGH, _BAR_GAP, _BAR_BELOW = 240.0, 110.0, 44.0, 34.0
_LEAST_DOT, _MOST_DOT = 3.0, 8.0
_SURE = 2.576
"""Standard deviations that hold 99 % of the counts of a bin."""


@dataclass(frozen=True)
class Dot:
    """A frequency with its band, in the panel's points."""

    x: float
    y: float
    top: float
    bottom: float
    radius: float


@dataclass(frozen=True)
class Panel:
    """Frequencies against what they should be."""

    title: str
    note: str
    left: float
    dots: tuple[Dot, ...]
    path: str
    marked: tuple[float, ...]
    """Where ticks stand out, 0 to 1."""


@dataclass(frozen=True)
class Wording:
    """What a diagram says of itself."""

    label: str
    across: str
    up: str
    above: str
    """In the corner above the diagonal."""
    below: str


def reliability_diagram(groups: Sequence[Reliability]) -> str:
    """Finds against promises by deciles, a panel for each group."""
    panels = []
    for number, group in enumerate(groups):
        most = max((decile.found.of for decile in group.deciles), default=1)
        points = [
            (decile.promised, decile.found, sqrt(decile.found.of / max(most, 1)))
            for decile in group.deciles
            if not isnan(decile.promised)
        ]
        further = f", {group.trials:,} trials" if group.trials != group.exercises else ""
        note = f"{group.exercises:,} searches{further}"
        panels.append(_panel(number, group.group, note, points, ()))
    words = Wording(
        "Reliability diagram: how often the object was found against the promised probability",
        "promised probability of success, %", "found, % of the searches", "promised too little",
        "promised too much",
    )  # fmt: skip
    return _drawn(panels, words)


def containment_diagram(found: Sequence[Containment]) -> str:
    """How often contours held the truth, a panel for each instant."""
    panels = [
        _panel(
            number,
            f"{containment.instant} of the window",
            f"{containment.held[0].of:,} truths afloat",
            [(level, held, 0.3) for level, held in zip(LEVELS, containment.held, strict=True)],
            CONTOURS,
        )
        for number, containment in enumerate(found)
    ]
    words = Wording(
        "Reliability diagram: how often a contour held the truth against its level",
        "contour, % of the probability", "held the truth, % of the searches", "contours too wide",
        "contours too narrow",
    )  # fmt: skip
    return _drawn(panels, words)


def _panel(
    number: int,
    title: str,
    note: str,
    points: Sequence[tuple[float, Share, float]],
    marked: tuple[float, ...],
) -> Panel:
    dots = tuple(
        Dot(
            _SIDE * across, _SIDE * (1 - found.value), _SIDE * (1 - found.high), _SIDE * (1 - found.low),
            _LEAST_DOT + (_MOST_DOT - _LEAST_DOT) * size,
        )
        for across, found, size in points
        if found.of
    )  # fmt: skip
    path = "M" + " L".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in dots) if dots else ""
    return Panel(title, note, _LEFT + number * (_SIDE + _GAP), dots, path, marked)


def _drawn(panels: Sequence[Panel], words: Wording) -> str:
    return (
        _templates()
        .get_template("examination_panels.svg.j2")
        .render(
            panels=panels,
            words=words,
            side=_SIDE,
            top=_TOP,
            width=_LEFT + len(panels) * _SIDE + (len(panels) - 1) * _GAP + _RIGHT,
            height=_TOP + _SIDE + _BELOW,
            ticks=[0.1 * step for step in range(11)],
            within=WITHIN,
        )
    )


@dataclass(frozen=True)
class Bars:
    """A histogram of ranks."""

    title: str
    left: float
    top: float
    rectangles: tuple[tuple[float, float, float, float], ...]
    """Left, top, width and height."""
    even: float
    """Height of what is even, ..."""
    low: float
    high: float
    """... and between which a bin stays with 99 %."""


def rank_diagram(rows: Sequence[Containment]) -> str:
    """Histograms of level, easting and northing of the truth: a row for each instant."""
    panels = []
    for number, found in enumerate(rows):
        for column, (what, ranks) in enumerate(
            (
                ("likelier places", found.levels),
                ("from the left", found.ranks_x),
                ("from below", found.ranks_y),
            )
        ):
            panels.append(_bars(f"{found.instant}: {what}", ranks, column, number))
    return _bars_drawn(panels, 3, len(rows), "Rank histograms of the truth in the forecast")


def time_diagram(timings: Sequence[Timing]) -> str:
    """Histograms of the promised share of finds before the find."""
    panels = [_bars(found.group, found.ranks, number, 0) for number, found in enumerate(timings)]
    return _bars_drawn(panels, len(timings), 1, "Rank histograms of the time of the find")


def _bars(title: str, ranks: Histogram, column: int, row: int) -> Bars:
    counts, total = ranks.counts, max(sum(ranks.counts), 1)
    even = total / len(counts)
    spread = _SURE * sqrt(even * (1.0 - 1.0 / len(counts)))
    scale = _BAR_HIGH / max(*counts, even + spread)
    wide = _BAR_WIDE / len(counts)
    return Bars(
        title=f"{title} ({total if sum(counts) else 0:,})",
        left=_LEFT / 2 + column * (_BAR_WIDE + _BAR_GAP),
        top=_TOP + row * (_BAR_HIGH + _BAR_BELOW + _TOP / 2),
        rectangles=tuple(
            (k * wide + 1.0, _BAR_HIGH - scale * count, wide - 2.0, scale * count)
            for k, count in enumerate(counts)
        ),
        even=_BAR_HIGH - scale * even,
        low=_BAR_HIGH - scale * max(even - spread, 0.0),
        high=_BAR_HIGH - scale * (even + spread),
    )


def _bars_drawn(panels: Sequence[Bars], columns: int, rows: int, label: str) -> str:
    return (
        _templates()
        .get_template("examination_bars.svg.j2")
        .render(
            panels=panels,
            label=label,
            wide=_BAR_WIDE,
            high=_BAR_HIGH,
            width=_LEFT / 2 + columns * _BAR_WIDE + (columns - 1) * _BAR_GAP + _RIGHT,
            height=_TOP + rows * (_BAR_HIGH + _BAR_BELOW) + (rows - 1) * _TOP / 2,
        )
    )


@cache
def _templates() -> Templates:
    return page_templates()
