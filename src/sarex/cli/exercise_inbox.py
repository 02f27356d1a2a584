"""`sarex exercise inbox`: what reached a role, in full, whenever it is asked for."""

import shlex
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from sarex.clock import iso_z
from sarex.errors import InputError
from sarex.exercise.model import LANGUAGES, Exercise
from sarex.exercise.play.authority import check_role
from sarex.exercise.play.brief import Brief
from sarex.exercise.play.events import Event
from sarex.exercise.play.known import Known
from sarex.exercise.play.state import State
from sarex.journal import Audience, Entry

_READ = {Event.INJECT_DELIVERED, Event.MESSAGE_SENT, Event.SITREP_SENT, Event.PLAN_PROPOSED}


def print_inbox(
    state: State, entries: Sequence[Entry], by: str, language: str | None, log: str, console: Console
) -> None:
    """Injects, messages, situation reports and plans to a role, each with whether it answered.

    Args:
        entries: of the log.
        log: what it is called, for the command that agrees to a plan.
        language: in which texts that are there in several are shown; None: in that of the role's nation.

    Raises:
        InputError: there is no such role or language.
    """
    check_role(state.exercise, by)
    if language is not None and language not in LANGUAGES:
        raise InputError(
            f'--language is "{language}", and texts are kept in {", ".join(LANGUAGES)}. Give one of them.'
        )
    tongue = language or _language_of(state.exercise, by)
    read = [entry for entry in entries if _is_for(entry, state.exercise, by)]
    for entry in read:
        plan = entry.kind == Event.PLAN_PROPOSED
        text = _of_plan(entry, state, by, log) if plan else _text(entry.body, tongue)
        console.print(Text(_head(entry, state.known, by), style="bold"), soft_wrap=True)
        console.print(Text(f"  {text}"), soft_wrap=True)
    if not read:
        console.print(f"Nothing has reached {by} yet.", markup=False, highlight=False)


def _language_of(exercise: Exercise, by: str) -> str:
    """Of the role's nation; of who has none, the first of the exercise."""
    nation = exercise.role(by).nation
    spoken = {each.code: each.language for each in exercise.nations}
    return spoken.get(nation or "", exercise.languages[0])


def _is_for(entry: Entry, exercise: Exercise, by: str) -> bool:
    if entry.kind not in _READ or entry.audience is not Audience.EVERYBODY:
        return False
    if entry.kind == Event.PLAN_PROPOSED:
        return by in Brief.of(exercise).coordinators and entry.by != by
    to = entry.body["to"]
    return by in ([to] if isinstance(to, str) else to)


def _text(body: Any, language: str) -> str:
    texts = body["text"]
    if isinstance(texts, str):
        return texts
    return str(texts.get(language) or texts.get(body["language"]) or next(iter(texts.values())))


def _head(entry: Entry, known: Known, by: str) -> str:
    body = entry.body
    match entry.kind:
        case Event.INJECT_DELIVERED:
            return (
                f"{iso_z(entry.at)}  {body['inject']} from {body['from']}, {body['medium']}"
                f"{_inject_answer(known, body['inject'], by)}"
            )
        case Event.MESSAGE_SENT:
            at = known.messages[body["message"]].acknowledged_at
            answer = _waits(known) if at is None else f"; acknowledged {at:%H:%MZ}"
            return f"{iso_z(entry.at)}  {body['message']} from {body['from']}{answer}"
        case Event.PLAN_PROPOSED:
            return (
                f"{iso_z(entry.at)}  plan {body['plan']} from {entry.by}{_agreement(known, body['plan'], by)}"
            )
        case _:
            return f"{iso_z(entry.at)}  situation report {body['number']} from {body['from']}"


def _inject_answer(known: Known, name: str, by: str) -> str:
    seen = known.injects[name]
    at = seen.acknowledged.get(by)
    late = "; missed" if by in seen.missed else ""
    if at is not None:
        return f"{late}; acknowledged {at:%H:%MZ}"
    return f"{late}{_waits(known)}" if by in seen.waiting_for else ""


def _waits(known: Known) -> str:
    return "; waits for you" if known.stopped is None else "; never acknowledged"


def _agreement(known: Known, number: int, by: str) -> str:
    plan = next(plan for plan in known.plans if plan.number == number)
    if by in plan.accepted:
        return f"; accepted {plan.accepted[by]:%H:%MZ}"
    if known.plan is not None and known.plan.number > number:
        return f"; plan {number + 1} came after it"
    return "; waits for your agreement" if known.stopped is None else "; never accepted"


def _of_plan(entry: Entry, state: State, by: str, log: str) -> str:
    """What it comes to, and how one agrees to it."""
    document, nation = entry.body["document"], state.exercise.role(by).nation
    own = [task["unit"] for task in document["tasks"] if task["nation"] == nation]
    yours = f"{len(own)} for your units ({', '.join(dict.fromkeys(own))})" if own else "none for your units"
    words = f"{len(document['tasks'])} tasks, {yours}; POS {document['pos']:.0%}."
    if _agreement(state.known, entry.body["plan"], by) != "; waits for your agreement":
        return words
    agree = f"sarex exercise order --accept --by {by} --log {shlex.quote(log)}"
    return f"{words} To agree and order them: {agree}"
