"""`sarex exercise inbox`: what reached a role, in full, whenever it is asked for."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from sarex.clock import iso_z
from sarex.errors import InputError
from sarex.exercise.model import LANGUAGES, Exercise
from sarex.exercise.play.controls import check_role
from sarex.exercise.play.events import Event
from sarex.exercise.play.known import Known
from sarex.exercise.play.state import State
from sarex.journal import Audience, Entry

_READ = {Event.INJECT_DELIVERED, Event.MESSAGE_SENT, Event.SITREP_SENT}


def print_inbox(
    state: State, entries: Sequence[Entry], by: str, language: str | None, console: Console
) -> None:
    """Injects, messages and situation reports to a role, each with whether it answered.

    Args:
        entries: of the log.
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
    read = [entry for entry in entries if _is_for(entry, by)]
    for entry in read:
        console.print(Text(_head(entry, state.known, by), style="bold"), soft_wrap=True)
        console.print(Text(f"  {_text(entry.body, tongue)}"), soft_wrap=True)
    if not read:
        console.print(f"Nothing has reached {by} yet.", markup=False, highlight=False)


def _language_of(exercise: Exercise, by: str) -> str:
    """Of the role's nation; of who has none, the first of the exercise."""
    nation = exercise.role(by).nation
    spoken = {each.code: each.language for each in exercise.nations}
    return spoken.get(nation or "", exercise.languages[0])


def _is_for(entry: Entry, by: str) -> bool:
    if entry.kind not in _READ or entry.audience is not Audience.EVERYBODY:
        return False
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
            answer = "; waits for you" if at is None else f"; acknowledged {at:%H:%MZ}"
            return f"{iso_z(entry.at)}  {body['message']} from {body['from']}{answer}"
        case _:
            return f"{iso_z(entry.at)}  situation report {body['number']} from {body['from']}"


def _inject_answer(known: Known, name: str, by: str) -> str:
    seen = known.injects[name]
    at = seen.acknowledged.get(by)
    late = "; missed" if by in seen.missed else ""
    if at is not None:
        return f"{late}; acknowledged {at:%H:%MZ}"
    return f"{late}; waits for you" if by in seen.waiting_for else ""
