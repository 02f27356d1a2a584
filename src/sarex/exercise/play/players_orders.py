"""Orders that automatic players give: tasks of an accepted plan, and away from danger."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from sarex.case.model import DangerArea, Position, SearchUnit
from sarex.clock import to_posix_s
from sarex.exercise.play import events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.known import Known, OrderSeen, PlanSeen
from sarex.exercise.play.reckoning import remaining_legs, to_come
from sarex.exercise.play.schedule import Delays, Make, Pending
from sarex.journal import Draft

ORDERING = timedelta(minutes=1), timedelta(minutes=3)
WARNING = timedelta(minutes=2), timedelta(minutes=6)
"""From the news of a danger area to the recall of the units bound for it."""
_STEP_S = 60.0


def ordered(brief: Brief, known: Known, delays: Delays) -> Iterator[Pending]:
    """Orders of the latest plan once every co-ordinator has accepted it.

    The host's units get theirs from the host; others from their own centre, which the host asks by message.
    """
    plan = known.plan
    if plan is None or any(role not in plan.accepted for role in brief.coordinators):
        return
    agreed = max(plan.accepted.values())
    host = brief.coordinator(brief.host)
    asked = {
        message.to: message
        for message in known.messages.values()
        if message.concerns.get("asks") == "orders" and message.concerns["plan"] == plan.number
    }
    given = {order.nation for order in known.orders.values() if order.plan == plan.number}
    delay = delays.between(*ORDERING, "orders given", str(plan.number), host)
    others = [role for role in brief.coordinators if role != host]
    if any(role not in asked for role in others) or (not others and not given):
        yield Pending(agreed + delay, lambda at: list(_by_the_host(brief, known, plan, at)))
    for role, message in asked.items():
        if message.acknowledged_at is None or message.id in _followed(known):
            continue
        delay = delays.between(*ORDERING, "orders given", str(plan.number), role)
        yield Pending(message.acknowledged_at + delay, _of_others(brief, known, plan, role))


def _followed(known: Known) -> set[str]:
    """Messages that asked for orders which are given, or need not be."""
    return {
        message.id
        for message in known.messages.values()
        if message.concerns.get("asks") == "orders"
        and message.concerns["orders"]
        and all(order_id in known.orders for order_id in message.concerns["orders"])
    }


def _by_the_host(brief: Brief, known: Known, plan: PlanSeen, at: datetime) -> Iterator[Draft]:
    host = brief.coordinator(brief.host)
    yield from _orders_by(brief, known, plan, host, at)
    for other in brief.coordinators:
        if other == host:
            continue
        ids = [order_id(plan, task) for task in _tasks_of(brief, plan, other)]
        concerns = {"plan": plan.number, "asks": "orders", "orders": ids}
        text = f"Please order your units as in plan {plan.number}: {len(ids)} tasks."
        message = f"orders of plan {plan.number} to {other}"
        yield events.message_sent(message, at, (host, other), f"orders of plan {plan.number}", text, concerns)


def _of_others(brief: Brief, known: Known, plan: PlanSeen, role: str) -> Make:
    return lambda at: list(_orders_by(brief, known, plan, role, at))


def _tasks_of(brief: Brief, plan: PlanSeen, role: str) -> list[Any]:
    return [task for task in plan.document["tasks"] if brief.coordinator(task["nation"]) == role]


def order_id(plan: PlanSeen, task: Any) -> str:
    return f"{plan.number}.{task['sortie']} {task['unit']}"


def _orders_by(brief: Brief, known: Known, plan: PlanSeen, role: str, at: datetime) -> Iterator[Draft]:
    """New tasks, and home with units that search by an older plan and have none in this one."""
    tasks = _tasks_of(brief, plan, role)
    busy = {task["unit"] for task in plan.document["tasks"]}
    successors = {task["unit"]: order_id(plan, task) for task in reversed(tasks)}
    for order in known.orders.values():
        mine = brief.coordinator(order.nation) == role and order.what == "search" and not order.over
        if not mine or order.unit in known.broken:
            continue
        if order.unit not in busy or to_come(order, at):
            why = f"plan {plan.number} replaces it"
            goes_home, after = order.unit not in busy, successors.get(order.unit, "")
            yield events.order_cancelled(order.id, at, role, why, goes_home=goes_home, superseded_by=after)
    for task in tasks:
        unit = task["unit"], task["nation"]
        yield events.order_given(order_id(plan, task), at, role, unit, "search", task, plan.number)


def danger(brief: Brief, known: Known, delays: Delays) -> Iterator[Pending]:
    """Home with units whose task leads into a danger area that became known after it was given."""
    if not known.learnt:
        return
    learnt_at, why = known.learnt[-1]
    units = {unit.name: unit for unit in brief.units}
    delay = delays.between(*WARNING, "units warned", why)
    for order in known.orders.values():
        if order.what != "search" or order.over or order.at > learnt_at or order.acknowledged_at is None:
            continue
        areas = known.case.danger_areas
        if enters(order, units[order.unit], learnt_at + delay, areas):
            role = brief.coordinator(order.nation)
            yield Pending(learnt_at + delay, _away(order.id, role))


def homeward(brief: Brief, known: Known, delays: Delays) -> Iterator[Pending]:
    """Home with every unit that searches once the survivors are recovered."""
    if known.recovered is None:
        return
    for order in known.orders.values():
        if order.what == "search" and not order.over and order.unit not in known.broken:
            role = brief.coordinator(order.nation)
            delay = delays.between(*WARNING, "search ended", role)
            yield Pending(known.recovered.at + delay, _ending(order.id, role))


def _ending(order: str, role: str) -> Make:
    why = "the survivors are recovered"
    return lambda at: [events.order_cancelled(order, at, role, why, goes_home=True)]


def _away(order: str, role: str) -> Make:
    why = "its task leads into a danger area"
    return lambda at: [events.order_cancelled(order, at, role, why, goes_home=True)]


def enters(order: OrderSeen, unit: SearchUnit, at: datetime, areas: Sequence[DangerArea]) -> bool:
    """Whether what is left of a task leads through a danger area while that is active."""
    track = remaining_legs(order, unit, at)
    if len(track) < 2:
        return False
    times_s = np.arange(to_posix_s(at), track[-1][0] + _STEP_S, _STEP_S)
    known_s = [time for time, _ in track]
    lon, lat = (
        np.interp(times_s, known_s, [getattr(place, name) for _, place in track])
        for name in ("lon_deg", "lat_deg")
    )
    return any(_inside(area, unit, times_s, lon, lat) for area in areas)


def _inside(
    area: DangerArea, unit: SearchUnit, times_s: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> bool:
    if not area.floor_m <= unit.altitude_m <= area.ceiling_m:
        return False
    active = (times_s >= to_posix_s(area.active_from)) & (times_s <= to_posix_s(area.active_until))
    ring = shapely.Polygon([_pair(corner) for corner in area.polygon])
    return bool(np.any(active & shapely.contains_xy(ring, lon, lat)))


def _pair(position: Position) -> tuple[float, float]:
    return position.lon_deg, position.lat_deg
