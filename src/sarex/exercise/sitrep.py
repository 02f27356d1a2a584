"""Situation reports: figures from what is known, and a sentence that says them."""

from datetime import datetime
from typing import Any

from sarex.clock import iso_z
from sarex.exercise.brief import Brief
from sarex.exercise.known import Known


def sitrep_body(brief: Brief, known: Known, number: int, at: datetime) -> dict[str, Any]:
    """Of `sitrep.sent`, but for who sends it."""
    out = [order for order in known.orders.values() if "under_way" in order.told and not order.over]
    on_scene = [order for order in out if "on_scene" in order.told and "off_scene" not in order.told]
    standing = [seen.name for seen in known.sightings.values() if seen.withdrawn_at is None]
    figures: dict[str, Any] = {
        "under_way": sorted({order.unit for order in out}),
        "on_scene": sorted({order.unit for order in on_scene}),
        "plan": None if known.plan is None else known.plan.number,
        "pos_planned": None if known.plan is None else known.plan.document["pos"],
        "pos_achieved": known.beliefs[-1].body["pos_achieved"] if known.beliefs else 0.0,
        "sightings": standing,
        "recovered": None if known.recovered is None else known.recovered.body["persons"],
    }
    text = _said(figures, number, at)
    return {"number": number, "to": list(brief.coordinators), "figures": figures, "text": text}


def _said(figures: dict[str, Any], number: int, at: datetime) -> str:
    plan = "no plan yet" if figures["plan"] is None else f"plan {figures['plan']} in force"
    found = "" if figures["recovered"] is None else f" {figures['recovered']} persons recovered."
    return (
        f"SITREP {number}, {iso_z(at)}: {len(figures['under_way'])} units under way, "
        f"{len(figures['on_scene'])} on scene, {plan}, {len(figures['sightings'])} sightings standing, "
        f"probability that the search so far would have found it: {figures['pos_achieved']:.0%}.{found}"
    )
