"""The validation on one page, and its reliability diagram."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment as Templates

from sarex import __version__
from sarex.case.model import DriftSettings
from sarex.clock import from_posix_s
from sarex.report.templating import page_templates
from sarex.validation import LEVELS, CrossValidation, Study
from sarex.validation.cross_validation import PUBLISHED
from sarex.validation.resample import Estimate
from sarex.validation.summary import Summary

MAIN_HORIZON_H = 24
_PANEL, _LEFT, _TOP, _GAP, _BELOW, _RIGHT = 380.0, 64.0, 46.0, 66.0, 104.0, 40.0
_STYLES = (
    ("#8fb8de", "circle", 2.0),
    ("#3f7fb5", "square", 2.0),
    ("#c2410c", "circle", 3.4),
    ("#163a5f", "diamond", 2.0),
)
_SHAPES = {
    "circle": "M-4,0 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0 Z",
    "square": "M-3.6,-3.6 h7.2 v7.2 h-7.2 Z",
    "diamond": "M0,-5 L5,0 L0,5 L-5,0 Z",
}


@dataclass(frozen=True)
class Curve:
    """One horizon in a panel."""

    horizon_h: int
    label: str
    colour: str
    width: float
    shape: str
    path: str
    points: tuple[tuple[float, float], ...]
    band: str
    """Outline of the 95 % interval; empty for all but the main horizon."""


@dataclass(frozen=True)
class Panel:
    """One model's reliability."""

    title: str
    left: float
    curves: tuple[Curve, ...]


def render_validation(
    study: Study, cross_validations: Sequence[CrossValidation], data: str, computed_at: datetime
) -> str:
    """The page as HTML, without any external request."""
    return (
        _templates()
        .get_template("validation.html.j2")
        .render(
            study=study,
            data=data,
            computed_at=computed_at,
            version=__version__,
            levels=LEVELS,
            main_h=MAIN_HORIZON_H,
            diagram=render_reliability(study),
            overall=[summary for summary in study.summaries if summary.kind is None],
            by_kind=[s for s in study.summaries if s.kind is not None and s.horizon_h == MAIN_HORIZON_H],
            main=[study.summary(model, MAIN_HORIZON_H) for model in study.models],
            errors=errors_in_words(study.settings.drift),
            cross_validations=cross_validations,
            first_day=from_posix_s(min(score.launched_s for score in study.scores)),
            last_day=from_posix_s(max(score.launched_s for score in study.scores)),
            drifters=len({track.drifter for track in study.tracks}),
        )
    )


def errors_in_words(drift: DriftSettings) -> str:
    """The persistent error that clouds were given, and whether it is the one of the literature."""
    ours = (drift.current_error_mps, drift.current_error_growth, drift.error_memory_s)
    origin = (
        "as published"
        if all(abs(a - b) <= 1e-3 * b for a, b in zip(ours, PUBLISHED, strict=True))
        else "not the published set of 0.176, 0.407 and 25.7 h; docs/explanation/validation.md says why"
    )
    return (
        f"standard deviation sqrt({ours[0]:g}² + ({ours[1]:g} × current)²) m/s an axis with a memory of "
        f"{ours[2] / 3600.0:g} h ({origin}); wind {drift.wind_error_mps:g} m/s an axis with the same memory"
    )


def render_reliability(study: Study) -> str:
    """The reliability diagram as SVG: nominal against observed containment, a panel for each model."""
    panels = tuple(
        Panel(model, _LEFT + number * (_PANEL + _GAP), _curves(study, model))
        for number, model in enumerate(study.models)
    )
    width = _LEFT + len(panels) * _PANEL + (len(panels) - 1) * _GAP + _RIGHT
    return (
        _templates()
        .get_template("reliability.svg.j2")
        .render(
            panels=panels,
            side=_PANEL,
            top=_TOP,
            width=width,
            height=_TOP + _PANEL + _BELOW,
            ticks=[0.1 * step for step in range(11)],
            marked=LEVELS,
            main_h=MAIN_HORIZON_H,
        )
    )


def _curves(study: Study, model: str) -> tuple[Curve, ...]:
    curves = []
    for number, horizon_h in enumerate(study.settings.horizons_h):
        summary = study.summary(model, horizon_h)
        if summary is not None:
            colour, shape, line = _STYLES[number % len(_STYLES)]
            curves.append(_curve(summary, colour, _SHAPES[shape], line))
    # the main horizon on top
    return tuple(sorted(curves, key=lambda curve: curve.width))


def _curve(summary: Summary, colour: str, shape: str, line: float) -> Curve:
    points = [(point.level, point.main) for point in summary.curve]
    upper = [_place(level, found.high) for level, found in points]
    lower = [_place(level, found.low) for level, found in reversed(points)]
    main = summary.horizon_h == MAIN_HORIZON_H
    middle = tuple(_place(level, found.value) for level, found in points)
    return Curve(
        summary.horizon_h,
        f"{summary.horizon_h} h ({summary.launches:,} launches)",
        colour,
        line,
        shape,
        _path([_place(0.0, 0.0), *middle]),
        middle,
        _path([*upper, *lower]) + "Z" if main else "",
    )


def _place(level: float, held: float) -> tuple[float, float]:
    return _PANEL * level, _PANEL * (1.0 - held)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _range(found: Estimate, unit: float = 1.0, digits: int = 1) -> str:
    return f"{found.low / unit:.{digits}f} to {found.high / unit:.{digits}f}"


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.1f}"


def _percent_range(found: Estimate) -> str:
    return f"{100.0 * found.low:.0f} to {100.0 * found.high:.0f}"


@cache
def _templates() -> Templates:
    templates = page_templates()
    templates.filters.update(percent=_percent, percent_range=_percent_range, interval=_range)
    return templates
