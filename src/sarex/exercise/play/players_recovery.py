"""A credible sighting: who lifts, ordered by whom; and back again where it was nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sarex.exercise.play import events
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import lonlat
from sarex.exercise.play.evidence import CERTAIN, credible_sightings
from sarex.exercise.play.known import Known, MessageSeen, OrderSeen, SightingSeen
from sarex.exercise.play.reckoning import distance_m, plot_of
from sarex.exercise.play.schedule import Delays, Make, Pending
from sarex.journal import Draft
from sarex.units import nm_to_m

MINUTE = timedelta(minutes=1)
DECIDING = 3 * MINUTE, 8 * MINUTE
"""From the report of a sighting to the decision who goes."""
ORDERING = 1 * MINUTE, 3 * MINUTE
RECALLING = 1 * MINUTE, 3 * MINUTE
RECOVERY = "R"
"""Orders to recover are R1, R2 ..."""
SAME_M = nm_to_m(5.0)
"""Sightings nearer to each other are taken for one, until one of them is settled."""
LEAST_FUEL_S = 900.0
"""On the spot, beyond the way there and home."""


def found(known: Known) -> bool:
    """Whether the object is taken to be found: then nothing more is searched for."""
    if known.recovered is not None:
        return True
    doubted = {order.task["sighting"] for order in _recoveries(known) if "not_found" in order.told}
    return any(seen.credibility >= CERTAIN and seen.name not in doubted for seen in credible_sightings(known))


def recovering(brief: Brief, known: Known, delays: Delays) -> Iterator[Pending]:
    """Orders to lift, messages that ask the other nation for one, and recalls."""
    for order in _recoveries(known):
        seen = known.sightings[order.task["sighting"]]
        if _open(order) and seen.withdrawn_at is not None:
            delay = delays.between(*RECALLING, "recalled", order.id)
            yield Pending(seen.withdrawn_at + delay, _recall(order.id, brief.coordinator(order.nation)))
    if known.recovered is not None:
        return
    for seen in credible_sightings(known):
        tried = [order for order in _recoveries(known) if order.task["sighting"] == seen.name]
        settled = any(_open(order) or "not_found" in order.told for order in tried)
        if not settled and not _attended(known, seen):
            yield from _sending(brief, known, delays, seen, tried)


def _sending(
    brief: Brief, known: Known, delays: Delays, seen: SightingSeen, tried: list[OrderSeen]
) -> Iterator[Pending]:
    attempt = len(tried) + 1
    asked = _asked(known, seen, attempt)
    name = seen.name, str(attempt)
    if asked is None:
        begun = max([seen.at, *(_ended(order) for order in tried)])
        due = begun + delays.between(*DECIDING, "recovery decided", *name)
        yield Pending(due, lambda at: _decided(brief, known, seen, tried, at))
    elif asked.acknowledged_at is not None:
        due = asked.acknowledged_at + delays.between(*ORDERING, "recovery ordered", *name)
        unit = asked.concerns["unit"]
        yield Pending(due, lambda at: [_ordered(brief, known, seen, unit, at)])


def _decided(
    brief: Brief, known: Known, seen: SightingSeen, tried: list[OrderSeen], at: datetime
) -> list[Draft]:
    unit = nearest_that_lifts(brief, known, seen, {order.unit for order in tried}, at)
    if unit is None:
        return []
    attempt = len(tried) + 1
    nation = next(each.nation for each in brief.units if each.name == unit)
    host, owner = brief.coordinator(brief.host), brief.coordinator(nation)
    if host == owner:
        return [_ordered(brief, known, seen, unit, at)]
    concerns = {"asks": "recovery", "sighting": seen.name, "unit": unit, "attempt": attempt}
    text = f"Please send {unit} to the sighting {seen.name} to recover survivors."
    message = f"recovery {attempt} of {seen.name} to {owner}"
    return [events.message_sent(message, at, (host, owner), f"recovery of {seen.name}", text, concerns)]


def nearest_that_lifts(
    brief: Brief, known: Known, seen: SightingSeen, without: set[str], at: datetime
) -> str | None:
    """The unit of any nation that is there first and can lift persons; None where there is none."""
    able = []
    for unit in brief.units:
        force = brief.force(unit.name)
        if not force.lifts or unit.name in known.broken or unit.name in without:
            continue
        plot = plot_of(known, unit, at)
        there_s = distance_m(plot.position, seen.position) / unit.transit_speed_mps
        home_s = distance_m(seen.position, unit.home) / unit.transit_speed_mps
        if plot.fuel_left_s < there_s + home_s + LEAST_FUEL_S:
            continue
        wait_s = 0.0 if plot.out else force.ready_after.total_seconds()
        able.append((wait_s + there_s, unit.name))
    return min(able)[1] if able else None


def _ordered(brief: Brief, known: Known, seen: SightingSeen, unit: str, at: datetime) -> Draft:
    number = len(_recoveries(known)) + 1
    nation = next(each.nation for each in brief.units if each.name == unit)
    task = {"position": lonlat(seen.position), "sighting": seen.name}
    role = brief.coordinator(nation)
    return events.order_given(f"{RECOVERY}{number} {unit}", at, role, (unit, nation), "recover", task)


def _recoveries(known: Known) -> list[OrderSeen]:
    return [order for order in known.orders.values() if order.what == "recover"]


def _open(order: OrderSeen) -> bool:
    return not order.over and not {"broke_down", "not_found", "turned_back"} & set(order.told)


def _ended(order: OrderSeen) -> datetime:
    told = [
        order.told[word] for word in ("broke_down", "turned_back", "stayed", "home") if word in order.told
    ]
    return min([*told, *([order.cancelled_at] if order.cancelled_at else [])])


def _attended(known: Known, seen: SightingSeen) -> bool:
    """Whether who goes to another sighting, or asks for somebody to go there, deals with this one too."""
    if seen.order is not None and known.orders[seen.order].what == "recover":
        return True
    standing = {other.name: other for other in credible_sightings(known)}
    going = {order.task["sighting"] for order in _recoveries(known) if _open(order)}
    earlier = list(standing)[: list(standing).index(seen.name)]
    near = [standing[name] for name in earlier if distance_m(standing[name].position, seen.position) < SAME_M]
    return any(other.name in going or not _tried(known, other) for other in near)


def _tried(known: Known, seen: SightingSeen) -> bool:
    return any(order.task["sighting"] == seen.name for order in _recoveries(known))


def _asked(known: Known, seen: SightingSeen, attempt: int) -> MessageSeen | None:
    for message in known.messages.values():
        concerns = message.concerns
        asks = concerns.get("asks") == "recovery"
        if asks and (concerns["sighting"], concerns["attempt"]) == (seen.name, attempt):
            return message
    return None


def _recall(order: str, role: str) -> Make:
    return lambda at: [events.order_cancelled(order, at, role, "it was a false alarm", goes_home=True)]
