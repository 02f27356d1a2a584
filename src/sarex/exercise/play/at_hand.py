"""Who can search when the next plan begins: where each unit will be by what was ordered and reported."""

from dataclasses import replace
from datetime import datetime, timedelta

from sarex.case.model import SearchUnit
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import Known
from sarex.exercise.play.reckoning import distance_m, plot_of, to_come

LEAST_LEFT = timedelta(minutes=45)
"""With less endurance than the way home and this a unit goes home first."""
MARGIN_FRAC = 0.08
"""Of the endurance, kept back when a unit is re-tasked while it is out: its real position is not known."""


def at_hand(brief: Brief, known: Known, orders_at: datetime, switch_at: datetime) -> tuple[SearchUnit, ...]:
    """The units that a plan can count on, each from where it will be when the plan begins.

    Searches that have not begun when the orders come are replaced by them, so they move nobody.

    Args:
        orders_at: when orders will have reached the units.
        switch_at: when units that are out turn to their new tasks.
    """
    orders = known.orders.items()
    stays = {name: order for name, order in orders if order.what != "search" or not to_come(order, orders_at)}
    known = replace(known, orders=stays)
    found = []
    for unit in brief.units:
        if unit.name in known.broken or _recovers(known, unit.name):
            continue
        found.append(_ready(brief, known, unit, orders_at, switch_at))
    return tuple(found)


def _ready(
    brief: Brief, known: Known, unit: SearchUnit, orders_at: datetime, switch_at: datetime
) -> SearchUnit:
    plot = plot_of(known, unit, switch_at)
    turnaround = timedelta(seconds=unit.turnaround_s)
    ready_after = brief.force(unit.name).ready_after
    if not plot.out:
        ready = max(orders_at + ready_after, unit.available_from)
        if plot.back_at is not None:
            ready = max(ready, plot.back_at + turnaround)
            return replace(unit, position=unit.home, available_from=ready)
        return replace(unit, available_from=ready)
    home_s = distance_m(plot.position, unit.home) / unit.transit_speed_mps
    left_s = plot.fuel_left_s - MARGIN_FRAC * unit.endurance_s
    if left_s < home_s + LEAST_LEFT.total_seconds():
        landed = plot.home_at or switch_at + timedelta(seconds=home_s)
        return replace(unit, position=unit.home, available_from=landed + max(turnaround, ready_after))
    return replace(unit, position=plot.position, endurance_s=left_s, available_from=switch_at)


def _recovers(known: Known, unit: str) -> bool:
    return any(order.what == "recover" and not order.over for order in known.orders_of(unit))
