"""The scores of a debrief by name, and what they are to the criteria of the evaluation guide."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sarex.exercise.model import Measure
from sarex.exercise.review.model import (
    DoubleTask,
    Frame,
    HandOver,
    Incursion,
    InjectRow,
    Latency,
    Meeting,
    Milestone,
    PosCurve,
    Step,
    TaskFlown,
)
from sarex.exercise.review.scores_coverage import percent_flown
from sarex.exercise.review.scores_map import mean_bits, share_inside
from sarex.exercise.review.scores_messages import acknowledged_percent, between_nations
from sarex.exercise.review.scores_ratings import NEEDS, STEP_OF

Scores = dict[str, float | None]


def score_name(step: Step) -> str:
    """Such as "alert_to_on_scene_min"."""
    return f"alert_to_{step.value.replace('-', '_')}_min"


def _minutes(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds() / 60.0


def times_scored(milestones: Sequence[Milestone]) -> Scores:
    return {score_name(each.step): _minutes(each.after) for each in milestones if each.step is not Step.ALERT}


def pos_scored(curve: PosCurve, tasks: Sequence[TaskFlown]) -> Scores:
    """Cumulative POS, the share of what was planned, and search effort flown over ordered."""
    planned, achieved = curve.final_planned, curve.final_achieved
    effort = [(each.effort_planned_m2, each.effort_flown_m2) for each in tasks]
    return {
        "pos_planned": planned,
        "pos_achieved": achieved,
        "pos_clairvoyant": curve.final_clairvoyant,
        "pos_achieved_percent_of_planned": 100.0 * achieved / planned if planned > 0.0 else None,
        "coverage_flown_percent": percent_flown(effort),
    }


def maps_scored(frames: Sequence[Frame]) -> Scores:
    scores = [frame.score for frame in frames if frame.score is not None]
    ranks = sorted(score.rank_frac for score in scores)
    return {
        "map_bits_mean": mean_bits(scores),
        "map_rank_percent_median": 100.0 * ranks[len(ranks) // 2] if ranks else None,
        "map_inside_50_percent": _percent(share_inside(scores, 0.5)),
        "map_inside_90_percent": _percent(share_inside(scores, 0.9)),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


def together_scored(
    latencies: Sequence[Latency],
    injects: Sequence[InjectRow],
    doubles: Sequence[DoubleTask],
    hand_overs: Sequence[HandOver],
) -> Scores:
    """How the nations worked together."""
    return {
        "message_latency_min": _minutes(between_nations(latencies)),
        "injects_acknowledged_percent": acknowledged_percent(injects),
        "double_tasked_min": sum((double.minutes for double in doubles), 0.0),
        "hand_overs": float(len(hand_overs)),
    }


def safety_scored(meetings: Sequence[Meeting], incursions: Sequence[Incursion]) -> Scores:
    return {
        "separation_least_m": min((met.apart_m for met in meetings), default=None),
        "encounters_too_near": float(sum(met.too_near for met in meetings)),
        "danger_area_incursions": float(sum(not stay.announced_around_it for stay in incursions)),
    }


SCORE_OF = {
    **{measure: score_name(step) for measure, step in STEP_OF.items()},
    Measure.MESSAGE_LATENCY: "message_latency_min",
    Measure.INJECTS_ACKNOWLEDGED: "injects_acknowledged_percent",
    Measure.SEPARATION: "encounters_too_near",
    Measure.DANGER_AREA_INCURSIONS: "danger_area_incursions",
    Measure.COVERAGE_FLOWN: "coverage_flown_percent",
    Measure.POS_ACHIEVED: "pos_achieved_percent_of_planned",
    Measure.DOUBLE_TASKED: "double_tasked_min",
    Measure.HAND_OVER: "hand_overs",
}


def measured(
    scores: Mapping[str, float | None], *, any_flown: bool, recovered: bool
) -> dict[Measure, float | None]:
    """Scores by what criteria measure.

    Where nobody searched nothing is said of safety and of tasks; where nobody was recovered, nothing of
    hand-overs.
    """
    values = {measure: scores[name] for measure, name in SCORE_OF.items()}
    if not any_flown:
        unseen = (Measure.SEPARATION, Measure.DANGER_AREA_INCURSIONS, Measure.DOUBLE_TASKED)
        values.update(dict.fromkeys(unseen, None))
    return values if recovered else {**values, Measure.HAND_OVER: None}


def not_done(milestones: Sequence[Milestone], *, stopped: bool) -> set[Measure]:
    """Steps that were due and never came, once the exercise is over; what they need must have come."""
    if not stopped:
        return set()
    done = {each.step: each.at for each in milestones}
    return {
        measure
        for measure, step in STEP_OF.items()
        if done[step] is None and (step not in NEEDS or done[NEEDS[step]] is not None)
    }


def rounded(scores: Mapping[str, float | None]) -> Scores:
    """To the digits that mean something, so that the last bit of a sum is not compared from year to year."""
    return {name: None if value is None else round(value, 4) for name, value in scores.items()}
