"""What the scores of many launches come to, with how far chance may be off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sarex.randomness import child_generator
from sarex.validation.model import LEVELS, Floats, Score, Skill
from sarex.validation.resample import Estimate, draw_weights, estimate, group_numbers

CURVE_LEVELS = (0.05, *(round(0.1 * step, 1) for step in range(1, 10)), 0.95, 0.99)
"""Levels of the reliability diagram."""
DRIFTERS, DAYS, BOTH = "drifters", "launch days", "both"
"""What is drawn again."""


@dataclass(frozen=True)
class Containment:
    """How often the contour of a level holds the drifter."""

    level: float
    intervals: dict[str, Estimate]
    """By what is drawn again; the value is the same in all."""

    @property
    def main(self) -> Estimate:
        """With drifters and days drawn again, the most careful of the three."""
        return self.intervals[BOTH]


@dataclass(frozen=True)
class SkillSummary:
    """How one way of forecasting did."""

    separation_m: Estimate
    liu_weisberg: Estimate


@dataclass(frozen=True)
class Summary:
    """Scores of one model at one horizon, of one kind of drifter or of all (None)."""

    model: str
    horizon_h: int
    kind: str | None
    launches: int
    drifters: int
    days: int
    containment: tuple[Containment, ...]
    """At `LEVELS`."""
    area_m2: tuple[Estimate, ...]
    """Mean area of the contours of `LEVELS`."""
    curve: tuple[Containment, ...]
    """At `CURVE_LEVELS`."""
    drifted_m: Estimate
    forecast: SkillSummary
    stayed: SkillSummary
    last_velocity: SkillSummary

    def held(self, level: float) -> Containment:
        """Containment of one of `LEVELS`."""
        return next(found for found in self.containment if found.level == level)


def summarise(scores: Sequence[Score], seed: int) -> tuple[Summary, ...]:
    """By model, horizon and kind, all kinds together first."""
    return tuple(_summary(key, part, seed) for key, part in _parts(scores))


def _parts(scores: Sequence[Score]) -> Iterator[tuple[tuple[str, int, str | None], list[Score]]]:
    kinds: list[str | None] = [None, *sorted({score.kind for score in scores})]
    for model in dict.fromkeys(score.model for score in scores):
        for kind in kinds:
            for horizon_h in sorted({score.horizon_h for score in scores}):
                part = [
                    score
                    for score in scores
                    if (score.model, score.horizon_h) == (model, horizon_h) and kind in (None, score.kind)
                ]
                if part:
                    yield (model, horizon_h, kind), part


def _summary(key: tuple[str, int, str | None], part: Sequence[Score], seed: int) -> Summary:
    model, horizon_h, kind = key
    drifters = group_numbers([score.drifter for score in part])
    days = group_numbers([score.day for score in part])
    generator = child_generator(seed, "validate redraws", model, str(horizon_h), kind or "all kinds")
    weights = {
        DRIFTERS: draw_weights((drifters,), generator),
        DAYS: draw_weights((days,), generator),
        BOTH: draw_weights((drifters, days), generator),
    }
    both = weights[BOTH]
    return Summary(
        model=model,
        horizon_h=horizon_h,
        kind=kind,
        launches=len(part),
        drifters=int(drifters.max()) + 1,
        days=int(days.max()) + 1,
        containment=tuple(_containment(part, level, weights) for level in LEVELS),
        area_m2=tuple(
            estimate(np.array([score.area_m2[k] for score in part]), both) for k in range(len(LEVELS))
        ),
        curve=tuple(_containment(part, level, {BOTH: both}) for level in CURVE_LEVELS),
        drifted_m=estimate(np.array([score.drifted_m for score in part]), both),
        forecast=_skills([score.forecast for score in part], both),
        stayed=_skills([score.stayed for score in part], both),
        last_velocity=_skills([score.last_velocity for score in part], both),
    )


def _containment(part: Sequence[Score], level: float, weights: dict[str, Floats]) -> Containment:
    held = np.array([score.held_by(level) for score in part], dtype=float)
    return Containment(level, {what: estimate(held, drawn) for what, drawn in weights.items()})


def _skills(skills: Sequence[Skill], weights: Floats) -> SkillSummary:
    return SkillSummary(
        estimate(np.array([skill.separation_m for skill in skills]), weights),
        estimate(np.array([skill.liu_weisberg for skill in skills]), weights),
    )
