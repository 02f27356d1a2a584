"""What every reader of a `plan.json` needs: the file as JSON, its fields, and what is wrong in one sentence.

The file may have come from Sarex, from a person's editor or from another program.
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sarex.case.model import Position, SatelliteLook
from sarex.case.wording import nearest, shown
from sarex.errors import PlanError
from sarex.exchange.plain_faults import expected
from sarex.exchange.plan_json import PLAN_FORMAT

LARGEST_SWEEP_WIDTH_NM = 100.0

Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
LongitudeOn = Annotated[float, Field(ge=-540.0, le=540.0, allow_inf_nan=False)]
"""Of an area across the 180th meridian, whose longitudes go on past it."""
Recall = Annotated[float, Field(ge=0.0, lt=1.0, allow_inf_nan=False)]
SweepWidthNm = Annotated[float, Field(ge=0.0, le=LARGEST_SWEEP_WIDTH_NM, allow_inf_nan=False)]


class Fields(BaseModel):
    """Fields that a reader does not need are ignored: the format may grow."""

    model_config = ConfigDict(extra="ignore", strict=False)


Schema = TypeVar("Schema", bound=Fields)


class LegFields(Fields):
    start: tuple[Longitude, Latitude]
    end: tuple[Longitude, Latitude]
    start_time: AwareDatetime
    end_time: AwareDatetime
    searching: bool


class TaskFields(Fields):
    unit: Annotated[str, Field(min_length=1)]
    nation: str = ""
    sortie: Annotated[int, Field(ge=1, le=1000)] = 1
    sweep_width_nm: Annotated[dict[str, SweepWidthNm], Field(min_length=1)]
    legs: Annotated[list[LegFields], Field(min_length=1)]


class AreaFields(Fields):
    type: Literal["Polygon"]
    coordinates: Annotated[
        list[Annotated[list[tuple[LongitudeOn, Latitude]], Field(min_length=4)]], Field(min_length=1)
    ]


class LookFields(Fields):
    name: Annotated[str, Field(min_length=1)]
    nation: str = ""
    at: AwareDatetime
    footprint: AreaFields
    detection: Annotated[dict[str, Recall], Field(min_length=1)]
    pos: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)] = 0.0


class PlanFields(Fields):
    format: Literal["sarex-plan/1"]
    case: Annotated[str, Field(min_length=1)]
    exercise: bool
    looks: list[LookFields] = Field(default_factory=list)


def load_plan(path: Path, schema: type[Schema], purpose: str) -> Schema:
    """The fields of a `plan.json`; `purpose` is what the file is to be used as, for the sentence.

    Raises:
        PlanError: the file is not a plan, or a field of it is missing or impossible.
    """
    return plan_of_content(path, _load(path), schema, purpose)


def plan_of_content(path: Path, content: object, schema: type[Schema], purpose: str) -> Schema:
    """The same of what was read already; `path` is what the sentences call it."""
    _check_format(path, content, purpose)
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        refuse(path, purpose, _first_problem(error, content))


def _load(path: Path) -> Any:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, parse_constant=_not_finite)
    except OSError as error:
        raise PlanError(
            f"{path} cannot be read: {error.strerror or error}. Give the path of a plan.json."
        ) from error
    except UnicodeDecodeError as error:
        raise PlanError(
            f"{path} is not text in UTF-8, so it is no plan.json. Give the file that Sarex wrote."
        ) from error
    except _NotFiniteError as error:
        raise PlanError(
            f"{path} holds {error}, which is no number of a plan. Write a finite number."
        ) from error
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else "nested too deeply"
            if isinstance(error, RecursionError)
            else "a number of thousands of digits"
        )
        kind = _other_kind(text)
        if kind is not None:
            raise PlanError(
                f"{path} is {kind}, not a plan. Give the plan.json that sarex plan wrote."
            ) from error
        raise PlanError(f"{path} is not whole JSON ({where}). It may be cut off: copy it again.") from error


def _other_kind(text: str) -> str | None:
    """What a file that is no JSON looks like; None where it looks like nothing known."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return "a file of XML (a chart or a track, such as GPX or KML)"
    try:
        told = tomllib.loads(text).get("format")
    except (ValueError, RecursionError):
        return None
    if isinstance(told, str):
        return f'a file of TOML whose format is "{told}"'
    return "a file of TOML" if text.strip() else None


class _NotFiniteError(ValueError):
    """JSON has no NaN and no infinity, but Python's reader would take them."""


def _not_finite(constant: str) -> NoReturn:
    raise _NotFiniteError(constant)


def _check_format(path: Path, content: object, purpose: str) -> None:
    if not isinstance(content, dict):
        refuse(path, purpose, "it holds no JSON object at its top; a plan.json does")
    if content.get("format") != PLAN_FORMAT:
        found = f'its "format" is {shown(content["format"])}' if "format" in content else 'it has no "format"'
        refuse(path, purpose, f'{found}; this version reads "{PLAN_FORMAT}"')


def _first_problem(error: ValidationError, content: object) -> str:
    first = error.errors()[0]
    where = _spoken_path(first["loc"], content)
    others = error.error_count() - 1
    more = f" ({others} more like this)" if others else ""
    if first["type"] == "missing":
        return f"{where} is missing{more}; the file contract asks for it"
    rule = expected(first["type"], first.get("ctx", {}), first["msg"])
    return f"{where} is {_shortened(first['input'])}: {rule}{more}"


def _spoken_path(location: Sequence[int | str], content: object) -> str:
    """`tasks[0].legs[3].start` with the unit's name, which is what a person would look for."""
    spelled = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if location[:1] != ("tasks",):
        return spelled
    try:
        unit = content["tasks"][location[1]]["unit"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return spelled
    return f"{spelled} (unit {unit})"


def _shortened(value: object) -> str:
    spelled = "null" if value is None else repr(value)
    return spelled if len(spelled) <= 60 else f"{spelled[:57]}..."


def look_of(fields: LookFields) -> SatelliteLook:
    """A satellite's look; of its footprint only the outline counts."""
    outline = fields.footprint.coordinates[0]
    corners = outline[:-1] if outline[0] == outline[-1] else outline
    return SatelliteLook(
        name=fields.name,
        nation=fields.nation,
        at=fields.at.astimezone(UTC),
        footprint=tuple(Position((lon + 180.0) % 360.0 - 180.0, lat) for lon, lat in corners),
        detection_frac=dict(fields.detection),
    )


def check_classes(
    path: Path, purpose: str, task: TaskFields, known: Iterable[str], of_case: Iterable[str] = ()
) -> None:
    """Ask that sweep widths are of search objects: one that is misspelt would count for nothing.

    Args:
        path: of the file.
        purpose: what it is used as.
        task: with the sweep widths.
        known: every search object.
        of_case: those of the case, which are likelier meant.

    Raises:
        PlanError: a sweep width is of no search object.
    """
    every = tuple(known)
    for key in task.sweep_width_nm:
        if key not in every:
            meant = nearest(key, of_case) or nearest(key, every)
            remedy = f"Did you mean {meant}?" if meant else 'Run "sarex objects" for the keys.'
            raise PlanError(
                f'{path} cannot be used as {purpose}: sweep_width_nm of {task.unit} names "{key}", which is '
                f"no search object. {remedy}"
            )


def refuse(path: Path, purpose: str, what: str) -> NoReturn:
    """Say why a file cannot be used."""
    stop = "" if what.endswith((".", "?")) else "."
    raise PlanError(f"{path} cannot be used as {purpose}: {what}{stop}")
