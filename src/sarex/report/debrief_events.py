"""The log as sentences: what happened, in the order in which it happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from sarex.exercise.review.model import Debrief, Happening
from sarex.exercise.review.scores_log import names_in
from sarex.report.debrief_words import Names
from sarex.report.languages import msg

SENTENCES = {
    "exercise.started": msg("The exercise begins (StartEx)"),
    "exercise.stopped": msg("The exercise ends (EndEx): {why}"),
    "exercise.held": msg("Everything stops: {word}"),
    "exercise.resumed": msg("The exercise goes on"),
    "inject.delivered": msg("Inject {inject} to {to}"),
    "inject.missed": msg("Inject {inject} not acknowledged in time by {roles}"),
    "inject.skipped": msg("Inject {inject} skipped"),
    "coordinator.named": msg("Named as co-ordinator: {role}"),
    "sitrep.sent": msg("SITREP {number} sent by {from}"),
    "message.sent": msg("Message from {from} to {to}"),
    "case.learnt": msg("What the players know of the case changes"),
    "plan.proposed": msg("Search action plan {plan} proposed, POS {pos}"),
    "plan.accepted": msg("{by} accepts search action plan {plan}"),
    "plan.failed": msg("No search action plan could be made"),
    "order.given": msg("{unit} ordered: {what}"),
    "order.cancelled": msg("Order to {unit} cancelled"),
    "crew.under_way": msg("{unit} under way"),
    "crew.on_scene": msg("{unit} on scene"),
    "crew.off_scene": msg("{unit} leaves the scene"),
    "crew.home": msg("{unit} home"),
    "crew.broke_down": msg("{unit} breaks down"),
    "crew.turned_back": msg("{unit} turns back"),
    "crew.stayed": msg("{unit} stays where it is: its order was cancelled or replaced"),
    "crew.detected": msg("{unit} sees the object"),
    "crew.falsely_saw": msg("{unit} sees something else"),
    "crew.recovered": msg("{unit} has all survivors on board"),
    "crew.not_found": msg("{unit} does not find the object"),
    "report.sighting": msg("{unit} reports a sighting"),
    "report.false_alarm": msg("{unit} withdraws a sighting"),
    "survivors.triaged": msg("Triage of {persons} survivors done"),
    "evaluator.noted": msg("Evaluator's note: {text}"),
}
BY_WHY = (
    ("order.cancelled", "superseded by ", msg("Order to {unit} replaced by a later one")),
    ("order.cancelled", "plan ", msg("Order to {unit} replaced by a later plan")),
    ("crew.stayed", "weather", msg("{unit} cannot leave: the weather is beyond its limits")),
    ("crew.stayed", "broken down", msg("{unit} cannot leave: it is broken down")),
)
"""Kinds that the reason makes another thing, by how the reason begins; the director writes these."""
ORDERS = {"search": msg("search"), "recover": msg("recover survivors"), "return": msg("return")}
WHYS = (
    msg("the time of the exercise is over"),
    msg("the survivors are in medical care"),
    msg("stopped by hand"),
)
"""Why exercises end by themselves; what people gave as their reason stays as they wrote it."""
TELLING = (
    "exercise.held",
    "coordinator.named",
    "case.learnt",
    "plan.accepted",
    "crew.on_scene",
    "crew.broke_down",
    "crew.turned_back",
    "crew.detected",
    "crew.recovered",
    "report.sighting",
    "report.false_alarm",
    "survivors.triaged",
)
"""What is said beside the pictures."""


def sentence(happening: Happening, names: Names, orders: Mapping[str, str]) -> str | None:
    """One event in words; None of a kind that is not told.

    Args:
        orders: units by order.
    """
    text = _text(happening)
    if text is None:
        return None
    return names.tongue.say(text, **_values(happening, names, orders))


def _text(happening: Happening) -> str | None:
    """The sentence for the kind of event, or for its reason."""
    why = str(happening.body.get("why") or "")
    special = (text for kind, begins, text in BY_WHY if kind == happening.kind and why.startswith(begins))
    return next(special, SENTENCES.get(happening.kind))


def _values(happening: Happening, names: Names, orders: Mapping[str, str]) -> dict[str, object]:
    body, tongue = happening.body, names.tongue
    why = str(body.get("why") or "")
    unit = body.get("unit") or orders.get(str(body.get("order")), "")
    return {
        "inject": body.get("inject", ""),
        "to": _people(names, body.get("to")),
        "roles": _people(names, body.get("roles")),
        "role": names.who(str(body.get("role", ""))),
        "from": names.who(str(body.get("from") or happening.by)),
        "by": names.who(str(body.get("by") or happening.by)),
        "number": body.get("number", ""),
        "plan": body.get("plan", ""),
        "pos": tongue.percent(float(body.get("pos") or 0.0)),
        "unit": names.unit(str(unit)),
        "what": tongue.say(ORDERS.get(str(body.get("what")), "search")),
        "persons": body.get("persons", ""),
        "why": tongue.say(why) if why in WHYS else why,
        "word": body.get("word", ""),
        "text": body.get("text", "") if isinstance(body.get("text"), str) else "",
    }


def _people(names: Names, value: Any) -> str:
    return names.tongue.joined([names.who(name) for name in names_in(value)])


def units_by_order(happenings: Sequence[Happening]) -> dict[str, str]:
    return {
        str(each.body["order"]): str(each.body["unit"]) for each in happenings if each.kind == "order.given"
    }


def told_between(debrief: Debrief, names: Names, number: int) -> tuple[str, ...]:
    """What of the log is said beside a picture: since the picture before, in order of time."""
    at = debrief.frames[number].at
    since = debrief.frames[number - 1].at if number else None
    orders = units_by_order(debrief.happenings)
    told = []
    for each in debrief.happenings:
        if each.kind in TELLING and each.at <= at and (since is None or each.at > since):
            words = sentence(each, names, orders)
            if words:
                told.append(f"{names.tongue.clock(each.at)} {words}")
    return tuple(dict.fromkeys(told))
