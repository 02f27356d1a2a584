"""Situation reports: figures from what is known, and a sentence that says them."""

from datetime import datetime
from typing import Any

from sarex.clock import iso_z
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import Known

_OUT, _IN = {"under_way", "on_scene"}, {"home", "stayed"}
_SCENE = {"under_way", "on_scene", "off_scene", "broke_down", "turned_back"}


def sitrep_body(brief: Brief, known: Known, number: int, at: datetime) -> dict[str, Any]:
    """Of `sitrep.sent`, but for who sends it."""
    out, on_scene = _at_sea(known)
    standing = [seen.name for seen in known.sightings.values() if seen.withdrawn_at is None]
    figures: dict[str, Any] = {
        "under_way": out,
        "on_scene": on_scene,
        "plan": None if known.plan is None else known.plan.number,
        "pos_planned": None if known.plan is None else known.plan.document["pos"],
        "pos_achieved": known.beliefs[-1].body["pos_achieved"] if known.beliefs else 0.0,
        "sightings": standing,
        "recovered": None if known.recovered is None else known.recovered.body["persons"],
    }
    text = _said(figures, number, at)
    return {"number": number, "to": list(brief.coordinators), "figures": figures, "text": text}


def _at_sea(known: Known) -> tuple[list[str], list[str]]:
    """Units that are out by what they told, and of these the ones on scene.

    A unit that is given another task while it is out tells nothing of getting under way again.
    """
    out: list[str] = []
    on_scene: list[str] = []
    for unit in sorted({order.unit for order in known.orders.values()}):
        told = [(at, word) for order in known.orders_of(unit) for word, at in order.told.items()]
        left = max((at for at, word in told if word in _OUT), default=None)
        ended = max((at for at, word in told if word in _IN), default=None)
        if left is None or (ended is not None and ended >= left):
            continue
        out.append(unit)
        latest = max((item for item in told if item[1] in _SCENE), default=None)
        on_scene += [unit] if latest is not None and latest[1] == "on_scene" else []
    return out, on_scene


def _said(figures: dict[str, Any], number: int, at: datetime) -> str:
    plan = "no plan yet" if figures["plan"] is None else f"plan {figures['plan']} in force"
    found = "" if figures["recovered"] is None else f" {figures['recovered']} persons recovered."
    return (
        f"SITREP {number}, {iso_z(at)}: {len(figures['under_way'])} units under way, "
        f"{len(figures['on_scene'])} on scene, {plan}, {len(figures['sightings'])} sightings standing, "
        f"probability that the search so far would have found it: {figures['pos_achieved']:.0%}.{found}"
    )
