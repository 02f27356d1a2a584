"""What people who play or run an exercise record: each checked against the state, as drafts for the log.

Every function takes the state as it is when it is recorded; where somebody else was faster it is asked anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sarex.case.model import Position
from sarex.case.wording import suggestion
from sarex.errors import ExerciseError
from sarex.exercise.model import Part, plain_word
from sarex.exercise.play import events
from sarex.exercise.play.authority import check_commands, check_part, check_plays, check_role, commanded
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.director import Director
from sarex.exercise.play.events import DIRECTOR, Event, lonlat, recorded
from sarex.exercise.play.known import OrderSeen, PlanSeen, tasks_of
from sarex.exercise.play.running import check_not_over, check_running
from sarex.exercise.play.state import State
from sarex.journal import Draft

RATINGS = ("P", "S", "M", "U")


def acknowledged(state: State, what: str, by: str) -> list[Draft]:
    """An inject or a message, acknowledged by a role that it was addressed to."""
    check_running(state.known)
    check_role(state.exercise, by)
    inject = state.known.injects.get(what)
    if inject is not None:
        if by not in inject.to:
            raise ExerciseError(
                f"{what} went to {', '.join(inject.to)}, not to {by}; those to whom it went acknowledge it."
            )
        if by in inject.acknowledged:
            raise ExerciseError(f"{by} has acknowledged {what} already, at {inject.acknowledged[by]:%H:%MZ}.")
        return [events.inject_acknowledged(what, state.now, by)]
    message = state.known.messages.get(what)
    if message is None:
        names = [*state.known.injects, *state.known.messages]
        raise ExerciseError(f'nothing called "{what}" has reached the players. {suggestion(what, names)}')
    if by != message.to:
        raise ExerciseError(f"the message {what} went to {message.to}, not to {by}.")
    if message.acknowledged_at is not None:
        raise ExerciseError(f"the message {what} was acknowledged at {message.acknowledged_at:%H:%MZ}.")
    return [events.message_acknowledged(what, state.now, by)]


def inject_now(state: State, director: Director, inject_id: str, *, skip: bool) -> list[Draft]:
    """An inject of the list, at once and out of its turn; or never."""
    check_running(state.known)
    found = next((inject for inject in state.exercise.injects if inject.id == inject_id), None)
    if found is None:
        names = [inject.id for inject in state.exercise.injects]
        raise ExerciseError(
            f'there is no inject "{inject_id}" in this exercise. {suggestion(inject_id, names)}'
        )
    if inject_id not in state.pending_injects:
        gone = "was skipped" if inject_id in state.skipped else "has been delivered"
        raise ExerciseError(f"the inject {inject_id} {gone} already; each comes once.")
    if skip:
        return [events.inject_skipped(inject_id, state.now, "exercise control skipped it")]
    return list(director.release(state, found))


@dataclass(frozen=True)
class AdHoc:
    """An inject that is not on the list; it changes nothing of what is true."""

    text: str
    to: tuple[str, ...]
    sender: str
    medium: str
    within: timedelta | None


def inject_ad_hoc(state: State, inject: AdHoc) -> list[Draft]:
    """An inject that exercise control thought of."""
    check_running(state.known)
    if not inject.to:
        raise ExerciseError("nobody is told: give the role that the inject is for with --to.")
    for role in inject.to:
        check_role(state.exercise, role, option="--to")
    _check_said("the inject", inject.text)
    taken = {each.id for each in state.exercise.injects} | set(state.known.injects)
    name = next(name for number in count(1) if (name := f"X{number:02d}") not in taken)
    body: dict[str, Any] = {
        "inject": name,
        "from": inject.sender,
        "to": list(inject.to),
        "medium": inject.medium,
        "language": state.exercise.languages[0],
        "text": {state.exercise.languages[0]: inject.text},
        "acknowledge_within_s": None if inject.within is None else inject.within.total_seconds(),
        "alert": False,
    }
    return [recorded(Event.INJECT_DELIVERED, state.now, name, inject.sender, body)]


def hold(state: State, by: str, word: str, text: str) -> list[Draft]:
    """Everything stops on a safety word, however it is written and whoever says it.

    What is no safety word stops everything too, as a real emergency: time does not run on over a misspelling.
    A hold can be raised to a real emergency, and is not lowered again.
    """
    check_not_over(state.known)
    safety, known = state.exercise.safety, [DIRECTOR, *(role.id for role in state.exercise.roles)]
    meant, unclear = safety.stops_on(word), []
    if word and plain_word(word) != plain_word(meant):
        unclear.append(f'said: "{word}"')
    if by not in known:
        unclear.append(f'by "{by}", no role of this exercise')
        by = DIRECTOR
    held = state.known.held
    if held is not None and held.body["word"] == safety.real_world != meant:
        raise ExerciseError(
            f'the exercise is held since {held.at:%d %b %H:%MZ} on "{safety.real_world}", which is not '
            f'lowered to "{meant}": nothing goes on until sarex exercise resume.'
        )
    if held is not None and held.body["word"] == meant:
        check_running(state.known)
    return [
        events.held(
            state.known.holds + 1, state.now, by, meant, "; ".join([*unclear, *([text] if text else [])])
        )
    ]


def resume(state: State, by: str) -> list[Draft]:
    """On again after a safety word."""
    check_not_over(state.known)
    check_role(state.exercise, by, director=True)
    if state.known.held is None:
        raise ExerciseError("the exercise is not held; nothing needs resuming.")
    return [events.resumed(state.known.holds, state.now, by)]


def stop(state: State, director: Director, by: str, why: str) -> list[Draft]:
    """The end of the exercise."""
    check_not_over(state.known)
    check_role(state.exercise, by, director=True)
    return list(director.closing(state, state.now, by, why))


@dataclass(frozen=True)
class Note:
    by: str
    objective: str
    rating: str
    text: str
    criterion: str | None


def note(state: State, given: Note) -> list[Draft]:
    """What an evaluator saw of an objective; also after the end."""
    check_role(state.exercise, given.by)
    check_part(state.exercise, given.by, (Part.EVALUATOR, Part.CONTROLLER), "rates")
    found = {objective.id: objective for objective in state.exercise.objectives}
    if given.objective not in found:
        raise ExerciseError(
            f'there is no objective "{given.objective}" in this exercise. '
            + suggestion(given.objective, list(found))
        )
    criteria = [criterion.id for criterion in found[given.objective].criteria]
    if given.criterion is not None and given.criterion not in criteria:
        raise ExerciseError(
            f'the objective {given.objective} has no criterion "{given.criterion}". '
            + suggestion(given.criterion, criteria)
        )
    if given.rating not in RATINGS:
        raise ExerciseError(
            f'the rating is "{given.rating}"; it is P (performed), S (some challenges), M (major challenges) '
            "or U (unable)."
        )
    body = {
        "by": given.by,
        "objective": given.objective,
        "criterion": given.criterion,
        "rating": given.rating,
        "text": given.text,
    }
    number = len(state.known.notes) + 1
    return [recorded(Event.NOTED, state.now, str(number), given.by, body)]


def named(state: State, by: str) -> list[Draft]:
    """A role takes the co-ordination: a mission co-ordinator, or exercise control."""
    check_running(state.known)
    check_plays(state.exercise, by)
    able = Brief.of(state.exercise).coordinators
    if state.exercise.role(by).part is Part.PLAYER and by not in able:
        raise ExerciseError(
            f"--by is {by}, who is no mission co-ordinator; who takes the co-ordination is one of "
            f"{', '.join(able)}."
        )
    nation = state.exercise.role(by).nation or state.exercise.host
    number = len(state.known.coordinators) + 1
    body = {"role": by, "nation": nation}
    return [recorded(Event.COORDINATOR_NAMED, state.now, f"{by}:{number}", by, body)]


def sitrep(state: State, by: str, text: str) -> list[Draft]:
    check_running(state.known)
    check_plays(state.exercise, by)
    _check_said("the situation report", text)
    number = len(state.known.sitreps) + 1
    to = list(Brief.of(state.exercise).coordinators)
    body = {"number": number, "from": by, "to": to, "text": text}
    return [recorded(Event.SITREP_SENT, state.now, str(number), by, body)]


def message(state: State, by: str, to: str, about: str, text: str) -> list[Draft]:
    check_running(state.known)
    check_role(state.exercise, by)
    check_role(state.exercise, to, option="--to")
    if by == to:
        raise ExerciseError(f"--by and --to are both {by}; a message goes to somebody else.")
    _check_said("the message", text)
    number = len(state.known.messages) + 1
    return [events.message_sent(f"M{number:02d}", state.now, (by, to), about, text)]


def _check_said(what: str, text: str) -> None:
    if not text.strip():
        raise ExerciseError(f"{what} is empty. Write what it says.")


def proposed(state: State, by: str, document: Mapping[str, Any]) -> list[Draft]:
    """A plan of the players' case, for the others to accept."""
    check_running(state.known)
    check_plays(state.exercise, by)
    tasks_of(document, state.known.case)
    _check_ahead(state, document)
    number = len(state.known.plans) + 1
    return [
        events.plan_proposed(number, state.now, by, document, ["by hand"]),
        events.plan_accepted(number, state.now, by),
    ]


def _check_ahead(state: State, document: Mapping[str, Any]) -> None:
    """A plan can be late; not so late that nothing of it is left."""
    ends = datetime.fromisoformat(document["window"]["end"])
    if ends <= state.now:
        raise ExerciseError(
            f"the plan is for a search until {ends:%d %b %H:%MZ}, and it is {state.now:%d %b %H:%MZ}. Plan "
            "anew for the case that sarex exercise report --out writes."
        )


def accepted(state: State, by: str) -> list[Draft]:
    """The latest plan, accepted, with the orders for the units of that role's nation."""
    check_running(state.known)
    check_plays(state.exercise, by)
    plan = state.known.plan
    if plan is None:
        raise ExerciseError("no plan is proposed; propose one with sarex exercise order PLAN --propose.")
    _check_ahead(state, plan.document)
    nation = state.exercise.role(by).nation
    drafts = [] if by in plan.accepted else [events.plan_accepted(plan.number, state.now, by)]
    own = [task["unit"] for task in plan.document["tasks"] if task["nation"] == nation]
    if drafts and not _not_yet_ordered(state, plan, own):
        return drafts
    return drafts + orders_of(state, by, plan, own)


def orders_of(state: State, by: str, plan: PlanSeen, units: Sequence[str]) -> list[Draft]:
    """Orders to search as a plan has it, for some units."""
    open_tasks = _not_yet_ordered(state, plan, units)
    if not open_tasks:
        whose = ", ".join(units) or f"the units of {by}"
        raise ExerciseError(
            f"plan {plan.number} has nothing left to order for {whose}: each of its tasks is ordered once. "
            "See sarex exercise status; for a unit whose order was cancelled make another plan."
        )
    return [
        events.order_given(name, state.now, by, (task["unit"], task["nation"]), "search", task, plan.number)
        for name, task in open_tasks.items()
    ]


def _not_yet_ordered(state: State, plan: PlanSeen, units: Sequence[str]) -> dict[str, Any]:
    """Tasks of some units that nobody has ordered, by what their orders will be called."""
    named = {f"{plan.number}.{task['sortie']} {task['unit']}": task for task in plan.document["tasks"]}
    return {
        name: task for name, task in named.items() if task["unit"] in units and name not in state.known.orders
    }


def ordered(state: State, by: str, document: Mapping[str, Any], unit: str | None) -> list[Draft]:
    """Orders to search as a plan file has it; it is proposed with them.

    Args:
        unit: the one to order; None: all of the plan whose orders come from `by`.
    """
    check_plays(state.exercise, by)
    if unit is not None:
        check_unit(state, unit)
        check_commands(state.exercise, by, unit)
    _check_ahead(state, document)
    drafts: list[Draft] = []
    plan = state.known.plan
    if plan is None or plan.document != document:
        drafts = proposed(state, by, document)
        plan = PlanSeen(len(state.known.plans) + 1, state.now, by, document, {})
    check_running(state.known)
    units = [task["unit"] for task in document["tasks"]]
    if unit is not None and unit not in units:
        raise ExerciseError(f'the plan has no task for "{unit}". {suggestion(unit, units)}')
    own = commanded(state.exercise, by, units) if unit is None else [unit]
    return drafts + orders_of(state, by, plan, own)


def check_unit(state: State, unit: str) -> None:
    """Ask that a unit takes part.

    Raises:
        ExerciseError: it does not.
    """
    names = [each.name for each in state.exercise.case.units]
    if unit not in names:
        raise ExerciseError(
            f'--unit is "{unit}", which takes no part in this exercise. ' + suggestion(unit, names)
        )


def recover(state: State, by: str, unit: str, sighting: str | None) -> list[Draft]:
    """An order to go to a sighting and lift who is there; to the latest that stands, unless one is named."""
    check_running(state.known)
    check_plays(state.exercise, by)
    check_unit(state, unit)
    check_commands(state.exercise, by, unit)
    standing = [seen for seen in state.known.sightings.values() if seen.withdrawn_at is None]
    named_so = [seen for seen in standing if sighting is None or seen.name == sighting]
    if not named_so:
        told = suggestion(sighting or "", [seen.name for seen in standing]) if standing else "none stands."
        raise ExerciseError(f"there is no sighting to send {unit} to: {told}")
    if not state.exercise.force(unit).lifts:
        raise ExerciseError(f"{unit} cannot lift anybody; send a unit that can.")
    seen = named_so[-1]
    nation = next(each.nation for each in state.exercise.case.units if each.name == unit)
    number = 1 + sum(order.what == "recover" for order in state.known.orders.values())
    task = {"position": lonlat(seen.position), "sighting": seen.name}
    return [events.order_given(f"R{number} {unit}", state.now, by, (unit, nation), "recover", task)]


def cancelled(state: State, by: str, unit: str, why: str) -> list[Draft]:
    """The orders of a unit, cancelled: it goes home."""
    check_running(state.known)
    check_plays(state.exercise, by)
    check_unit(state, unit)
    check_commands(state.exercise, by, unit)
    standing = [order for order in state.known.orders_of(unit) if not order.over]
    if not standing:
        raise ExerciseError(f"{unit} has no order that could be cancelled.")
    return [events.order_cancelled(order.id, state.now, by, why, goes_home=True) for order in standing]


def standing_orders(state: State) -> list[OrderSeen]:
    """Of units that are not known to have done with them."""
    return [order for order in state.known.orders.values() if not order.over]


def position_words(position: Position) -> str:
    """Decimal degrees, as short as a table needs."""
    return f"{position.lat_deg:.3f}, {position.lon_deg:.3f}"
