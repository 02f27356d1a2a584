"""The door of a debrief (`sarex-debrief/1`, JSON): what a series takes from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sarex.case.faults import Form, label
from sarex.case.wording import shown
from sarex.errors import SeriesError
from sarex.exchange.plain_faults import expected
from sarex.programme.door import read_bytes
from sarex.programme.fields import Id

FORMAT = "sarex-debrief/1"
_KIND = "debrief (debrief.json, as sarex exercise debrief writes it)"


@dataclass(frozen=True)
class ReportedAction:
    """A corrective action as a debrief tells of it: its own, or one carried to its exercise."""

    id: str
    text: str
    owner: str | None
    due: date | None
    objective: str | None
    closed: bool
    criterion: str | None = None
    """Of the exercise, that tests it."""
    carried: bool = False
    """Whether its exercise was given it, and did not find it."""
    proposed: bool = False
    """Whether the debrief proposes to close it and leaves that to people."""
    evidence: str | None = None


@dataclass(frozen=True)
class Debrief:
    """What one exercise came to."""

    id: str
    title: str
    host: str | None
    start: datetime
    end: datetime
    scores: Mapping[str, float | None]
    """None: not measured."""
    ratings: Mapping[str, str | None]
    """Objective to P, S, M or U; None: not rated."""
    actions: tuple[ReportedAction, ...]
    synthetic: bool = False
    """Whether wind or current was computed, not observed or forecast."""


class _Table(BaseModel):
    """Later versions may add keys; those that are read are strict."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Said = Annotated[str, Field(strict=True, min_length=1, max_length=2000)]


class _ActionTable(_Table):
    id: Id
    text: _Said
    owner: _Said | None = None
    due: date | AwareDatetime | None = None
    objective: _Said | None = None
    status: Literal["open", "closed"]
    criterion: _Said | None = None
    carried: Annotated[bool, Field(strict=True)] = False
    closing_proposed: Annotated[bool, Field(strict=True)] = False
    evidence: Annotated[str, Field(strict=True)] | None = None


class _DebriefTable(_Table):
    format: str
    id: Id
    title: _Said
    host: _Said | None = None
    start: AwareDatetime
    end: AwareDatetime
    scores: dict[str, _Finite | None]
    ratings: dict[str, Literal["P", "S", "M", "U"] | None]
    corrective_actions: list[_ActionTable]
    synthetic_forcing: Annotated[bool, Field(strict=True)] = False


_FORM = Form(_DebriefTable, {"corrective_actions": "id"}, {})


def open_debrief(path: Path) -> Debrief:
    """The debrief in a file.

    Raises:
        SeriesError: it cannot be read, is another format, or says something impossible.
    """
    data = _json_of(path)
    found = data.get("format")
    if found != FORMAT:
        what = "format is missing" if found is None else f"format is {shown(found)}"
        raise SeriesError(f'{path}: {what}; a {_KIND} says "{FORMAT}". Name such a file.')
    try:
        table = _DebriefTable.model_validate(data)
    except ValidationError as invalid:
        raise SeriesError(f"{path}: {_sentence(invalid, data)}") from None
    if table.end < table.start:
        raise SeriesError(
            f"{path}: end is {shown(table.end)}, before start, {shown(table.start)}. Make the debrief anew."
        )
    return _debrief_of(table, path)


def _json_of(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(read_bytes(path, "debrief"))
    except (ValueError, RecursionError) as wrong:
        raise SeriesError(f"{path} is not valid JSON ({wrong}). Name a {_KIND}.") from None
    if not isinstance(data, dict):
        raise SeriesError(f"{path} holds {shown(data)}. Name a {_KIND}.")
    return data


def _sentence(invalid: ValidationError, data: Mapping[str, Any]) -> str:
    first = invalid.errors(include_url=False)[0]
    loc = [step for step in first["loc"] if step not in ("date", "datetime", "nullable")]
    where = label(loc, data, _FORM)
    if first["type"] == "missing":
        return f"{where} is missing. Make the debrief anew."
    if first["type"] == "sarex":
        return f"{where} {first['msg']}"
    rule = expected(first["type"], first.get("ctx", {}), first["msg"])
    return f"{where} is {shown(first['input'])}; {rule}. Make the debrief anew."


def _debrief_of(table: _DebriefTable, path: Path) -> Debrief:
    actions = tuple(
        ReportedAction(
            id=each.id,
            text=each.text.strip(),
            owner=each.owner,
            due=each.due.astimezone(UTC).date() if isinstance(each.due, datetime) else each.due,
            objective=each.objective,
            closed=each.status == "closed",
            criterion=each.criterion,
            carried=each.carried,
            proposed=each.closing_proposed,
            evidence=each.evidence,
        )
        for each in table.corrective_actions
    )
    ids = [action.id for action in actions]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise SeriesError(
            f"{path}: corrective action {shown(twice)} stands twice. Give each its own id, or take one out."
        )
    return Debrief(
        id=table.id,
        title=table.title,
        host=table.host,
        start=table.start.astimezone(UTC),
        end=table.end.astimezone(UTC),
        scores=table.scores,
        ratings=table.ratings,
        actions=actions,
        synthetic=table.synthetic_forcing,
    )
