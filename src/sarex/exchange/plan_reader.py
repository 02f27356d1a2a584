"""A `plan.json` read back: what was searched, for the belief to learn from.

The file may have come from Sarex, from a person's editor or from another program, so everything that the
update relies on is checked here, and what is wrong is said in one sentence.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sarex.clock import iso_z, to_posix_s
from sarex.errors import PlanError
from sarex.exchange.plan_json import PLAN_FORMAT
from sarex.geo.frame import WGS84
from sarex.units import kt_to_mps, mps_to_kt, nm_to_m
from sarex.update.model import SearchedTrack

LARGEST_GAP_S = 1.0
"""Between the end of a leg and the start of the next; other programs may keep whole seconds."""
LARGEST_JUMP_M = 200.0
"""Between the same two points; a tenth of a mile is a rounding, more is a missing leg."""
FASTEST_KT = 600.0
LARGEST_SWEEP_WIDTH_NM = 100.0

Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
SweepWidthNm = Annotated[float, Field(ge=0.0, le=LARGEST_SWEEP_WIDTH_NM, allow_inf_nan=False)]


@dataclass(frozen=True)
class FlownPlan:
    """What was searched, by every unit that searched."""

    case_id: str
    exercise: bool
    tasks: tuple[SearchedTrack, ...]


class _Schema(BaseModel):
    """Fields that the update does not need are ignored: the format may grow."""

    model_config = ConfigDict(extra="ignore", strict=False)


class _Leg(_Schema):
    start: tuple[Longitude, Latitude]
    end: tuple[Longitude, Latitude]
    start_time: AwareDatetime
    end_time: AwareDatetime
    searching: bool


class _Task(_Schema):
    unit: Annotated[str, Field(min_length=1)]
    nation: str = ""
    sweep_width_nm: Annotated[dict[str, SweepWidthNm], Field(min_length=1)]
    legs: Annotated[list[_Leg], Field(min_length=1)]


class _Plan(_Schema):
    format: Literal["sarex-plan/1"]
    case: Annotated[str, Field(min_length=1)]
    exercise: bool
    tasks: list[_Task]


def read_plan(path: Path) -> FlownPlan:
    """What a `plan.json` says was searched.

    Raises:
        PlanError: the file is not a plan, or says something impossible. Whether it belongs to the case is
            for the caller to check.
    """
    content = _load(path)
    _check_format(path, content)
    try:
        plan = _Plan.model_validate(content)
    except ValidationError as error:
        _refuse(path, _first_problem(error, content))
    tasks = tuple(_flown_task(path, task) for task in plan.tasks)
    searched = tuple(task for task in tasks if task.start_s.size)
    if not searched:
        _refuse(
            path, "no task has a leg with searching true; nothing was searched, so there is nothing to learn"
        )
    return FlownPlan(plan.case, plan.exercise, searched)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_not_finite)
    except OSError as error:
        raise PlanError(
            f"{path} cannot be read: {error.strerror or error}. Give the path of a plan.json."
        ) from error
    except UnicodeDecodeError as error:
        raise PlanError(
            f"{path} is not text in UTF-8, so it is no plan.json. Give the file that Sarex wrote."
        ) from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = (
            f"line {error.lineno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else "nested too deeply"
        )
        raise PlanError(f"{path} is not whole JSON ({where}). It may be cut off: copy it again.") from error
    except _NotFiniteError as error:
        raise PlanError(
            f"{path} holds {error}, which is no number of a plan. Write a finite number."
        ) from error


class _NotFiniteError(ValueError):
    """JSON has no NaN and no infinity, but Python's reader would take them."""


def _not_finite(constant: str) -> NoReturn:
    raise _NotFiniteError(constant)


def _check_format(path: Path, content: object) -> None:
    if not isinstance(content, dict):
        _refuse(path, "it holds no JSON object at its top; a plan.json does")
    if content.get("format") != PLAN_FORMAT:
        _refuse(path, f'its "format" is {content.get("format")!r}; this version reads "{PLAN_FORMAT}"')


def _first_problem(error: ValidationError, content: object) -> str:
    first = error.errors()[0]
    where = _spoken_path(first["loc"], content)
    others = error.error_count() - 1
    more = f" ({others} more like this)" if others else ""
    if first["type"] == "missing":
        return f"{where} is missing{more}; the file contract asks for it"
    return f"{where} is {_shortened(first['input'])}: {first['msg'][:1].lower()}{first['msg'][1:]}{more}"


def _spoken_path(location: Sequence[int | str], content: object) -> str:
    """`tasks[0].legs[3].start` with the unit's name, which is what a person would look for."""
    spelled = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    try:
        unit = content["tasks"][location[1]]["unit"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return spelled
    return f"{spelled} (unit {unit})"


def _shortened(value: object) -> str:
    spelled = repr(value)
    return spelled if len(spelled) <= 60 else f"{spelled[:57]}..."


def _flown_task(path: Path, task: _Task) -> SearchedTrack:
    starts = np.array([leg.start for leg in task.legs], dtype=float)
    ends = np.array([leg.end for leg in task.legs], dtype=float)
    start_s = np.array([to_posix_s(leg.start_time) for leg in task.legs])
    end_s = np.array([to_posix_s(leg.end_time) for leg in task.legs])
    searching = np.array([leg.searching for leg in task.legs])
    _check_order(path, task)
    _check_speed(path, task, starts, ends, end_s - start_s)
    _check_joined(path, task, starts, ends)
    return SearchedTrack(
        unit_name=task.unit,
        start_lonlat_deg=starts[searching],
        end_lonlat_deg=ends[searching],
        start_s=start_s[searching],
        end_s=end_s[searching],
        sweep_width_m={key: nm_to_m(width_nm) for key, width_nm in task.sweep_width_nm.items()},
    )


def _check_order(path: Path, task: _Task) -> None:
    for number, leg in enumerate(task.legs, start=1):
        duration_s = to_posix_s(leg.end_time) - to_posix_s(leg.start_time)
        if duration_s < 0.0 or (leg.searching and duration_s == 0.0):
            _refuse(
                path,
                f"leg {number} of {task.unit} starts at {iso_z(leg.start_time)} and ends at "
                f"{iso_z(leg.end_time)}; a leg must end after it starts",
            )
    for number, (leg, following) in enumerate(pairwise(task.legs), start=1):
        gap_s = to_posix_s(following.start_time) - to_posix_s(leg.end_time)
        if abs(gap_s) > LARGEST_GAP_S:
            _refuse(
                path,
                f"legs {number} and {number + 1} of {task.unit} do not join: one ends at "
                f"{iso_z(leg.end_time)}, the next starts at {iso_z(following.start_time)}. Legs must follow "
                "each other without a gap; where the unit was not searching, keep the leg and set searching "
                "to false",
            )


def _check_speed(
    path: Path,
    task: _Task,
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    duration_s: NDArray[np.float64],
) -> None:
    length_m = _distances_m(starts, ends)
    allowed_m = kt_to_mps(FASTEST_KT) * duration_s + LARGEST_JUMP_M
    for number in np.flatnonzero(length_m > allowed_m)[:1]:
        speed_kt = mps_to_kt(length_m[number] / max(duration_s[number], 1e-3))
        _refuse(
            path,
            f"leg {number + 1} of {task.unit} would need {speed_kt:,.0f} kt; no search unit is faster than "
            f"{FASTEST_KT:.0f} kt. Check its positions and times",
        )


def _check_joined(path: Path, task: _Task, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> None:
    jump_m = _distances_m(ends[:-1], starts[1:])
    for number in np.flatnonzero(jump_m > LARGEST_JUMP_M)[:1]:
        _refuse(
            path,
            f"leg {number + 2} of {task.unit} starts {jump_m[number]:,.0f} m from where leg {number + 1} "
            "ends. Legs must join; add the way between them as a leg with searching false",
        )


def _distances_m(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(starts):
        return np.zeros(0)
    _, _, distance_m = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    return np.asarray(distance_m, dtype=float)


def _refuse(path: Path, what: str) -> NoReturn:
    raise PlanError(f"{path} cannot be used as a flown plan: {what}.")
