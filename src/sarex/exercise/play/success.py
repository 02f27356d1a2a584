"""What is known of the probability of success: how much was searched until when, and what the plan adds."""

from dataclasses import dataclass
from datetime import datetime

from sarex.exercise.play.known import Known


@dataclass(frozen=True)
class Success:
    """A cumulative probability that the object would have been found, and until when that counts."""

    pos: float
    until: datetime


def achieved(known: Known) -> Success | None:
    """Of all that was searched, as reported and then as ordered; None where nobody reckoned it."""
    if not known.beliefs:
        return None
    body = known.beliefs[-1].body
    return Success(body["pos_achieved"], _instant(body.get("until")) or known.beliefs[-1].at)


def with_plan(known: Known) -> Success | None:
    """The same to the end of the latest plan, if it is flown: to be compared with what was achieved.

    A plan that was made without what was searched before it is the first, or one whose makers did not
    say what they knew: then it is the plan's own.
    """
    if known.plan is None:
        return None
    ends = datetime.fromisoformat(known.plan.document["window"]["end"])
    belief = known.beliefs[-1].body if known.beliefs else {}
    if belief.get("plan") == known.plan.number:
        pos = belief.get("pos_with_plan", 1.0 - belief["undetected"] * (1.0 - known.plan.document["pos"]))
        return Success(pos, ends)
    return Success(known.plan.document["pos"], ends)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
