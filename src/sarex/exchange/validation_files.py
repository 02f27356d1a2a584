"""A validation as JSON and as tables: every figure of the report, and every single score behind it."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from io import StringIO
from math import isfinite
from typing import Any

from sarex import __version__
from sarex.clock import from_posix_s, iso_z
from sarex.validation import LEVELS, CrossValidation, Score, Study
from sarex.validation.resample import Estimate
from sarex.validation.summary import BOTH, DAYS, DRIFTERS, SkillSummary, Summary

FORMAT = "sarex-validation/1"
_WAYS = ("forecast", "stayed", "last_velocity")


def validation_to_json(
    study: Study, cross_validations: Sequence[CrossValidation], data: str, computed_at: datetime
) -> str:
    """Everything but the single scores."""
    settings = study.settings
    content = {
        "format": FORMAT,
        "version": __version__,
        "computed_at": iso_z(computed_at),
        "data": data,
        "seed": settings.seed,
        "launches_every_h": settings.spacing_h,
        "levels": LEVELS,
        "drift_settings": asdict(settings.drift),
        "tracks": len(study.tracks),
        "drifters": len({track.drifter for track in study.tracks}),
        "launches": study.launches,
        "unread_files": [{"file": str(unread.file), "why": unread.why} for unread in study.unread],
        "wind_slip": {kind: asdict(slip) for kind, slip in study.slips.items()},
        "summaries": [asdict(summary) for summary in study.summaries],
        "cross_validation": [asdict(found) for found in cross_validations],
    }
    return json.dumps(_without_nan(content), ensure_ascii=False, indent=1) + "\n"


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN: null instead."""
    match value:
        case dict():
            return {str(key): _without_nan(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_nan(item) for item in value]
        case float():
            return value if isfinite(value) else None
        case _:
            return value


def summary_to_csv(summaries: Sequence[Summary]) -> str:
    """One row for each model, horizon and kind of drifter."""
    header = ["model", "horizon_h", "kind", "launches", "drifters", "days"]
    for level in LEVELS:
        name = f"held_{level:.0%}".replace("%", "")
        header += [name, *(f"{name}_{end}_by_{by}" for by in ("drifter", "day", "both") for end in _ENDS)]
        header += [f"area_{level:.0%}_km2".replace("%", "")]
    header += _estimate_names("drifted_km")
    for way in _WAYS:
        header += [*_estimate_names(f"{way}_separation_km"), *_estimate_names(f"{way}_liu_weisberg")]
    return _table(header, (_summary_row(summary) for summary in summaries))


_ENDS = ("low", "high")


def _estimate_names(name: str) -> list[str]:
    return [name, *(f"{name}_{end}" for end in _ENDS)]


def _summary_row(summary: Summary) -> list[object]:
    row: list[object] = [summary.model, summary.horizon_h, summary.kind or "all"]
    row += [summary.launches, summary.drifters, summary.days]
    for held, area_m2 in zip(summary.containment, summary.area_m2, strict=True):
        row.append(f"{held.main.value:.4f}")
        for by in (DRIFTERS, DAYS, BOTH):
            row += [f"{held.intervals[by].low:.4f}", f"{held.intervals[by].high:.4f}"]
        row.append(f"{area_m2.value / 1e6:.1f}")
    row += _numbers(summary.drifted_m, 1e3)
    skills: tuple[SkillSummary, ...] = (summary.forecast, summary.stayed, summary.last_velocity)
    for skill in skills:
        row += [*_numbers(skill.separation_m, 1e3), *_numbers(skill.liu_weisberg, 1.0)]
    return row


def _numbers(found: Estimate, unit: float) -> list[str]:
    return [f"{value / unit:.4f}" for value in (found.value, found.low, found.high)]


def reliability_to_csv(summaries: Sequence[Summary]) -> str:
    """The reliability diagram as a table: nominal and observed containment."""
    rows = (
        [summary.model, summary.horizon_h, summary.kind or "all", summary.launches, point.level]
        + [f"{value:.4f}" for value in (point.main.value, point.main.low, point.main.high)]
        for summary in summaries
        for point in summary.curve
    )
    header = ["model", "horizon_h", "kind", "launches", "level", "held", "held_low", "held_high"]
    return _table(header, rows)


def scores_to_csv(scores: Sequence[Score]) -> str:
    """One row for each launch and horizon."""
    header = ["model", "drifter", "kind", "launched_at", "horizon_h", "level_reached"]
    header += [f"area_{level:.0%}_km2".replace("%", "") for level in LEVELS]
    header += ["drifted_km", *(f"{way}_{what}" for way in _WAYS for what in ("km", "liu_weisberg"))]
    return _table(header, (_score_row(score) for score in scores))


def _score_row(score: Score) -> list[object]:
    row: list[object] = [score.model, score.drifter, score.kind]
    row += [iso_z(from_posix_s(score.launched_s)), score.horizon_h, f"{score.level_reached:.5f}"]
    row += [f"{area_m2 / 1e6:.2f}" for area_m2 in score.area_m2]
    row.append(f"{score.drifted_m / 1e3:.3f}")
    for skill in (score.forecast, score.stayed, score.last_velocity):
        row += [f"{skill.separation_m / 1e3:.3f}", f"{skill.liu_weisberg:.4f}"]
    return row


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
