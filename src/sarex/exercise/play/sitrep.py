"""Situation reports: figures from what is known, and a sentence that says them."""

from datetime import datetime
from typing import Any

from sarex.clock import iso_z
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import Known
from sarex.exercise.play.success import achieved, with_plan

_OUT, _IN = {"under_way", "on_scene"}, {"home", "stayed"}
_GOES_HOME = {"off_scene", "turned_back", "not_found", "recalled"}


def sitrep_body(brief: Brief, known: Known, number: int, at: datetime) -> dict[str, Any]:
    """Of `sitrep.sent`, but for who sends it.

    `under_way` are units that are out and at work, on the way there or on scene; who only goes home, or lies
    broken down, is counted apart.
    """
    doing = {unit: _doing(known, unit) for unit in sorted({order.unit for order in known.orders.values()})}
    standing = [seen.name for seen in known.sightings.values() if seen.withdrawn_at is None]
    found, planned = achieved(known), with_plan(known)
    figures: dict[str, Any] = {
        "under_way": [unit for unit, what in doing.items() if what in _OUT],
        "on_scene": [unit for unit, what in doing.items() if what == "on_scene"],
        "going_home": [unit for unit, what in doing.items() if what == "going_home"],
        "broken_down": sorted(known.broken),
        "plan": None if known.plan is None else known.plan.number,
        "pos_planned": None if planned is None else planned.pos,
        "pos_planned_until": None if planned is None else iso_z(planned.until),
        "pos_achieved": None if found is None else found.pos,
        "pos_achieved_until": None if found is None else iso_z(found.until),
        "sightings": standing,
        "recovered": None if known.recovered is None else known.recovered.body["persons"],
    }
    text = _said(figures, number, at)
    return {"number": number, "to": list(brief.coordinators), "figures": figures, "text": text}


def _doing(known: Known, unit: str) -> str:
    """What a unit does by what it told and was told: port, under_way, on_scene, going_home or broken.

    A unit that is given another task while it is out tells nothing of getting under way again; an order that
    it has only acknowledged turns nobody from a search, but a unit on its way home from there.
    """
    if unit in known.broken:
        return "broken"
    told: list[tuple[datetime, str]] = []
    for order in known.orders_of(unit):
        told += [(order.happened.get(word, at), word) for word, at in order.told.items()]
        if order.cancelled_at is not None and order.goes_home:
            told.append((order.cancelled_at, "recalled"))
        if order.acknowledged_at is not None and not order.refused:
            told.append((order.acknowledged_at, "ordered"))
    doing = "port"
    for _, word in sorted(told):
        if word in _OUT:
            doing = word
        elif word in _IN:
            doing = "port"
        elif doing != "port" and (word in _GOES_HOME or word == "broke_down"):
            doing = "going_home"
        elif doing == "going_home":
            doing = "under_way"
    return doing


def _said(figures: dict[str, Any], number: int, at: datetime) -> str:
    plan = "no plan yet" if figures["plan"] is None else f"plan {figures['plan']} in force"
    apart = [f"{len(figures[key])} {word}" for key, word in _APART.items() if figures[key]]
    units = ", ".join(
        [f"{len(figures['under_way'])} units under way, {len(figures['on_scene'])} of them on scene", *apart]
    )
    found = "" if figures["recovered"] is None else f" {figures['recovered']} persons recovered."
    return (
        f"SITREP {number}, {iso_z(at)}: {units}, {plan}, {len(figures['sightings'])} sightings standing. "
        f"{_success(figures)}{found}"
    )


_APART = {"going_home": "going home", "broken_down": "broken down"}


def _success(figures: dict[str, Any]) -> str:
    """With its time: what is ordered until then counts, and what came later does not."""
    if figures["pos_achieved"] is None:
        return "Nothing searched has been reckoned yet."
    until = datetime.fromisoformat(figures["pos_achieved_until"])
    return (
        "Probability that the search would have found it, reckoned until "
        f"{until:%H:%MZ} as reported and ordered: {figures['pos_achieved']:.0%}."
    )
