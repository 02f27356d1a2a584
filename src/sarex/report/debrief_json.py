"""The debrief for programs: `debrief.json` ("sarex-debrief/1"), which the series compares year by year."""

import json
from typing import Any

from sarex import __version__
from sarex.clock import iso_z
from sarex.exercise.review.model import Debrief
from sarex.exercise.review.ratings import EarlierAction, Proposal
from sarex.report.debrief_improvement import grounds
from sarex.report.debrief_words import Names, action_text, evidence
from sarex.report.languages import Tongue, tongue_of

DEBRIEF_FORMAT = "sarex-debrief/1"


def debrief_to_json(debrief: Debrief, language: str) -> str:
    """`debrief.json` as text; the same debrief gives the same bytes."""
    content = debrief_to_mapping(debrief, language)
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def debrief_to_mapping(debrief: Debrief, language: str) -> dict[str, Any]:
    """Scores by name, ratings by objective, and corrective actions, those of earlier exercises first.

    Args:
        language: of the texts.
    """
    exercise, tongue = debrief.exercise, tongue_of(language)
    return {
        "format": DEBRIEF_FORMAT,
        "software": f"sarex {__version__}",
        "language": language,
        "id": exercise.id,
        "title": exercise.title.said_in(language),
        "exercise": True,
        "synthetic_forcing": debrief.environment.synthetic,
        "host": exercise.host,
        "start": iso_z(debrief.started_at),
        "end": iso_z(debrief.ended_at),
        "over": debrief.stopped,
        "scores": dict(debrief.scores),
        "ratings": {
            rating.objective.id: None if rating.letter is None else rating.letter.value
            for rating in debrief.ratings
        },
        "injects": {row.inject.id: row.status.value for row in debrief.injects},
        "corrective_actions": [
            *(_earlier(debrief, each, Names(exercise, tongue)) for each in debrief.earlier),
            *(_proposed(each, tongue) for each in debrief.proposals),
        ],
    }


def _earlier(debrief: Debrief, each: EarlierAction, names: Names) -> dict[str, Any]:
    action, language = each.action, names.tongue.language
    return {
        "id": action.id,
        "text": action.text.said_in(language),
        "owner": action.owner,
        "due": action.due.date().isoformat(),
        "objective": action.objective,
        "criterion": action.criterion,
        "carried": True,
        "status": "closed" if each.closed else "open",
        "closing_proposed": each.proposed,
        "evidence": grounds(debrief, each, names),
    }


def _proposed(each: Proposal, tongue: Tongue) -> dict[str, Any]:
    return {
        "id": each.id,
        "text": action_text(tongue, each.finding),
        "owner": each.owner or None,
        "due": each.due.date().isoformat(),
        "objective": each.objective,
        "criterion": None if each.whole else each.finding.criterion.id,
        "carried": False,
        "status": "open",
        "closing_proposed": False,
        "evidence": evidence(tongue, each.finding),
    }
