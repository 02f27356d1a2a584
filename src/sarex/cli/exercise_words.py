"""What `sarex exercise` prints: events as lines, and where things stand.

Only what everybody may know, unless the director's view is asked for.
"""

import json
import shlex
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sarex.clock import iso_z
from sarex.exercise.play.events import Event
from sarex.exercise.play.known import Known, OrderSeen
from sarex.exercise.play.state import State
from sarex.exercise.play.success import achieved, with_plan
from sarex.journal import Audience, Entry

STATUS_FORMAT = "sarex-exercise-status/1"
_QUIET = {Event.REPORT_FLOWN, Event.CLOCK_ADVANCED, Event.CREW_FLEW}
"""Too many, and nothing to read."""


def say_begun(state: State, log: str, console: Console) -> None:
    """After `start`."""
    exercise = state.exercise
    players = "the planner plays" if state.auto_since else "people play"
    lines = (
        f"{exercise.title.said_in('en')} ({exercise.id})",
        f"StartEx {iso_z(exercise.start)}, EndEx at the latest {iso_z(exercise.end)}.",
        f"{len(exercise.injects)} injects, {len(exercise.case.units)} units, {players}.",
        f'Safety words: "{exercise.safety.no_play}", "{exercise.safety.real_world}".',
        f"Log: {log}. Next: sarex exercise advance 30min --log {shlex.quote(log)}",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False)


def print_entries(entries: Sequence[Entry], console: Console, *, director: bool = False) -> None:
    """A line for each."""
    for entry in entries:
        hidden = entry.audience is not Audience.EVERYBODY
        if entry.kind in _QUIET or (hidden and not director):
            continue
        line = Text(f"{entry.at:%H:%M:%S}Z  {entry.kind:<20} {said(entry)}")
        console.print(line, style="dim" if hidden else None, soft_wrap=True)


def print_doubts(entries: Sequence[Entry], console: Console) -> None:
    """What is not to be believed of an effect, for exercise control."""
    for entry in entries:
        if entry.kind == Event.EFFECT_APPLIED and entry.body.get("why"):
            line = f"Mind, {entry.body['inject']}: {entry.body['why']}."
            console.print(line, markup=False, highlight=False)


def _clock(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%H:%MZ}"


def said(entry: Entry) -> str:  # noqa: PLR0911 - one for each kind
    """What happened, in a line."""
    body = entry.body
    match entry.kind:
        case Event.INJECT_DELIVERED:
            texts = body["text"]
            text = texts.get("en") or texts.get(body["language"]) or next(iter(texts.values()))
            return f"{body['inject']} {body['from']} to {', '.join(body['to'])}, {body['medium']}: {text}"
        case Event.INJECT_MISSED:
            return f"{body['inject']} not acknowledged in time by {', '.join(body['roles'])}"
        case Event.PLAN_PROPOSED:
            return (
                f"plan {body['plan']} by {body['by']}, POS {body['pos']:.0%} ({'; '.join(body['because'])})"
            )
        case Event.CASE_LEARNT:
            return f"the case has changed ({body['why']}): report --out writes it"
        case Event.REPORT_FALSE_ALARM:
            return f"{body['name']}: it is withdrawn"
        case Event.ORDER_GIVEN:
            return f"{body['order']} ({body['nation']}): {body['what']}"
        case Event.REPORT_SIGHTING:
            return (
                f"{body['name']}: {_place(body)}, probable error {body['error_nm']:g} nm, "
                f"credibility {body['credibility']:.0%}"
            )
        case Event.BELIEF_UPDATED:
            until = _clock(body.get("until") or entry.at.isoformat())
            return f"no find; POS until {until} as reported and ordered: {body['pos_achieved']:.0%}"
        case Event.SURVIVORS_RECOVERED:
            return f"{body['unit']} ({body['nation']}): {body['persons']} persons at {_place(body)}"
        case Event.SITREP_SENT | Event.MESSAGE_SENT:
            return f"{body['from']}: {body['text']}"
        case _:
            return _plainly(entry)


def _plainly(entry: Entry) -> str:
    """The names in it, and why."""
    body = entry.body
    keys = (
        "inject",
        "message",
        "order",
        "plan",
        "unit",
        "role",
        "name",
        "word",
        "objective",
        "rating",
        "effect",
    )
    found = [str(body[key]) for key in keys if body.get(key) is not None]
    unit = str(body.get("unit"))
    if any(unit != name and unit in name for name in found):
        found.remove(unit)
    why = body.get("why") or body.get("text")
    by = "" if entry.by in (unit, "director") else f" by {entry.by}"
    return " ".join(found) + by + (f" ({why})" if isinstance(why, str) and why else "")


def _place(body: Any) -> str:
    lon, lat = body["position"]
    return f"{abs(lat):.3f}{'N' if lat >= 0 else 'S'} {abs(lon):.3f}{'E' if lon >= 0 else 'W'}"


def print_status(state: State, console: Console, *, director: bool) -> None:
    """Where the exercise stands."""
    content = status_of(state, director=director)
    head = f"{content['title']} ({content['exercise']}): {content['phase']}, {content['now']}"
    console.print(Text(head, style="bold"), soft_wrap=True)
    for name, value in content["figures"].items():
        if not name.endswith(_UNTIL):
            words = _figure_words(name, value, content["figures"].get(f"{name}{_UNTIL}"), content["plays"])
            console.print(Text(f"  {name}: {words}"), soft_wrap=True)
    console.print(orders_table(state.known))
    _print_open(content, console)
    if director:
        waiting = ", ".join(content["director"]["injects_to_come"]) or "none"
        console.print(Text(f"Injects to come: {waiting}"), soft_wrap=True)
        for name, order in content["director"]["true_sightings"].items():
            console.print(Text(f"True: {name} (order {order})"), soft_wrap=True)


_UNTIL = " until"
_UNRECKONED = (
    "not reckoned; sarex exercise report --out now, then sarex update now --searched now/tracks.csv "
    "--out next tells it"
)


def _figure_words(name: str, value: Any, until: str | None, plays: str) -> str:
    """A figure as people read it; a POS with the time to which it counts."""
    if name == "POS achieved" and value is None and plays == "people":
        return _UNRECKONED
    if value is None or value == []:
        return "none yet"
    if isinstance(value, list):
        return ", ".join(value)
    if until is None:
        return str(value)
    how = "if the plan is flown" if name == "POS planned" else "as reported and ordered"
    return f"{value:.0%} until {_clock(until)}, {how}"


def _print_open(content: dict[str, Any], console: Console) -> None:
    over = content["phase"].startswith("over")
    for item in content["unacknowledged"]:
        roles = ", ".join(item["waiting_for"])
        waits = f"waits for {roles} since {item['since']}"
        words = f"was never acknowledged by {roles}" if over else waits
        console.print(Text(f"{item['what']} {words}"), soft_wrap=True)
    for seen in content["sightings"]:
        withdrawn = " - withdrawn" if seen["withdrawn"] else ""
        words = f"Sighting {seen['name']}: {_place(seen)}, credibility {seen['credibility']:.0%}{withdrawn}"
        console.print(Text(words), soft_wrap=True)


def orders_table(known: Known) -> Table:
    """Each unit with the order that it follows; one that its crew refused is none."""
    table = Table("unit", "order", "what", "given", "last heard", title="Units")
    latest = {order.unit: order for order in known.orders.values() if not order.refused}
    for unit in known.case.units:
        order = latest.get(unit.name)
        since = known.broken.get(unit.name)
        broken = "" if since is None else f"broken down {since:%H:%MZ}"
        if order is None:
            table.add_row(unit.name, "", "", "", broken or "in port")
        else:
            at = f"{order.at:%H:%MZ}"
            table.add_row(unit.name, order.id, order.what, at, broken or last_heard(order))
    return table


def last_heard(order: OrderSeen) -> str:
    """The latest of what is known of an order."""
    told = {word.replace("_", " "): at for word, at in order.told.items()}
    if order.acknowledged_at is not None:
        told["acknowledged"] = order.acknowledged_at
    if order.cancelled_at is not None:
        told["cancelled"] = order.cancelled_at
    if not told:
        return "not acknowledged"
    word = max(told, key=lambda name: told[name])
    return f"{word} {told[word]:%H:%MZ}"


def status_of(state: State, *, director: bool) -> dict[str, Any]:
    """Where the exercise stands, as JSON can hold it; without the director's part nothing is hidden in it."""
    known, exercise = state.known, state.exercise
    content: dict[str, Any] = {
        "format": STATUS_FORMAT,
        "exercise": exercise.id,
        "title": exercise.title.said_in("en"),
        "now": iso_z(state.now),
        "end": iso_z(exercise.end),
        "phase": _phase(known),
        "plays": "planner" if state.auto_since is not None else "people",
        "figures": _figures(known),
        "orders": [_order(order) for order in known.orders.values()],
        "unacknowledged": _unacknowledged(known),
        "sightings": [
            {
                "name": seen.name,
                "unit": seen.unit,
                "seen_at": iso_z(seen.seen_at),
                "position": [round(seen.position.lon_deg, 5), round(seen.position.lat_deg, 5)],
                "credibility": seen.credibility,
                "withdrawn": seen.withdrawn_at is not None,
            }
            for seen in known.sightings.values()
        ],
    }
    if director:
        content["director"] = {
            "injects_to_come": list(state.pending_injects),
            "injects_skipped": sorted(state.skipped),
            "true_sightings": dict(state.holders),
            "seq": state.seq,
        }
    return content


def status_to_json(state: State, *, director: bool) -> str:
    return json.dumps(status_of(state, director=director), ensure_ascii=False, indent=1)


def _phase(known: Known) -> str:
    if known.stopped is not None:
        return f"over ({known.stopped.body['why']})"
    if known.held is not None:
        return f"held ({known.held.body['word']})"
    if known.recovered is not None:
        return "survivors recovered"
    return "running"


def _figures(known: Known) -> dict[str, Any]:
    """Injects are counted once each: answered in time, late, or not in time and not yet."""
    injects = known.injects.values()
    answered = [each for each in injects if each.acknowledged and not each.waiting_for]
    plan, found, planned = known.plan, achieved(known), with_plan(known)
    return {
        "injects": len(known.injects),
        "injects acknowledged": sum(not each.missed for each in answered),
        "injects acknowledged late": sum(bool(each.missed) for each in answered),
        "injects missed": sum(bool(each.missed and each.waiting_for) for each in injects),
        "messages": len(known.messages),
        "sitreps": len(known.sitreps),
        "co-ordinator": list(known.coordinators)[-1] if known.coordinators else None,
        "plan": None if plan is None else plan.number,
        "plan accepted by": [] if plan is None else list(plan.accepted),
        "POS planned": None if planned is None else planned.pos,
        "POS planned until": None if planned is None else iso_z(planned.until),
        "POS achieved": None if found is None else found.pos,
        "POS achieved until": None if found is None else iso_z(found.until),
        "recovered": None if known.recovered is None else known.recovered.body["persons"],
        "notes": len(known.notes),
    }


def _order(order: OrderSeen) -> dict[str, Any]:
    return {
        "order": order.id,
        "unit": order.unit,
        "nation": order.nation,
        "what": order.what,
        "plan": order.plan,
        "given": iso_z(order.at),
        "last_heard": last_heard(order),
        "over": order.over,
    }


def _unacknowledged(known: Known) -> list[dict[str, Any]]:
    waiting = [(each.id, each.waiting_for, each.at) for each in known.injects.values() if each.waiting_for]
    waiting += [
        (each.id, (each.to,), each.at) for each in known.messages.values() if each.acknowledged_at is None
    ]
    return [{"what": what, "waiting_for": list(roles), "since": iso_z(at)} for what, roles, at in waiting]
