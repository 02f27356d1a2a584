"""What `plan.json` says of a whole plan beside its POS: when it finds, who then lives, rules and advice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from sarex.case.model import Position
from sarex.clock import from_posix_s, iso_z, to_posix_s
from sarex.exchange.dateline import COORDINATE_DECIMALS
from sarex.planning.model import Outcome
from sarex.planning.outcome import NO_TEMPERATURE
from sarex.safety import Advice, RuleCheck, Violation
from sarex.units import HOUR_S

PROBABILITY_DECIMALS = 6


def outcome_to_mapping(outcome: Outcome, window_start: datetime, window_end: datetime) -> dict[str, Any]:
    """Times in minutes after the start of the window; `found_by` at each hour after it, and at its end."""
    start_s, end_s = to_posix_s(window_start), to_posix_s(window_end)
    hours_s = np.append(np.arange(start_s + HOUR_S, end_s, HOUR_S), end_s)
    by_then = np.interp(hours_s, outcome.times_s, outcome.found_by)
    return {
        "median_minutes": _minutes(outcome.median_time_s),
        "mean_minutes": _minutes(outcome.mean_time_s),
        "found_by": [
            [iso_z(from_posix_s(at_s)), round(found, PROBABILITY_DECIMALS)]
            for at_s, found in zip(hours_s.tolist(), by_then.tolist(), strict=True)
        ],
        "anybody_in_water": outcome.anybody_in_water,
        **_alive(outcome),
    }


def _alive(outcome: Outcome) -> dict[str, Any]:
    """The model that the plan goes by comes first."""
    if not outcome.alive:
        return {"pos_alive": None, "pos_alive_missing": NO_TEMPERATURE}
    return {
        "pos_alive": [
            {
                "model": figure.model.value,
                "verification": figure.verification.value,
                "probability": round(figure.pos_alive, PROBABILITY_DECIMALS),
                "remarks": list(figure.remarks),
            }
            for figure in outcome.alive
        ]
    }


def _minutes(time_s: float | None) -> float | None:
    return None if time_s is None else round(time_s / 60.0, 1)


def rule_to_mapping(rule: RuleCheck) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "violations": rule.violations,
        "details": list(rule.details),
        "found": [{"rule": violation.rule, **_found(violation)} for violation in rule.found],
    }


def advice_to_list(advice: Sequence[Advice]) -> list[dict[str, Any]]:
    return [{"advice": piece.advice, **_found(piece)} for piece in advice]


def _found(found: Violation | Advice) -> dict[str, Any]:
    return {
        "units": list(found.units),
        "at": iso_z(found.at),
        "position": _lonlat(found.position),
        "sentence": found.sentence,
    }


def _lonlat(position: Position) -> list[float]:
    return [round(position.lon_deg, COORDINATE_DECIMALS), round(position.lat_deg, COORDINATE_DECIMALS)]
