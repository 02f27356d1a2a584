"""What was counted at one update, kept in the folder: `"format": "sarex-search/1"`.

The legs that were counted as searched with their sweep widths, how tracks were counted, and the reports. The
folder alone is thus enough to learn it all again, whatever becomes of the files it was told in. A search
that was one plan.json, flown as planned, is kept as that file itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from sarex.clock import from_posix_s
from sarex.errors import PlanError
from sarex.exchange.plan_fields import LookFields, look_of
from sarex.exchange.plan_json import look_to_mapping
from sarex.exchange.reports_toml import reports_as_tables, reports_of
from sarex.exchange.stamps import iso_ms_z
from sarex.units import m_to_nm, nm_to_m
from sarex.update.model import Report, SearchedTrack, SearchResult

SEARCH_FORMAT = "sarex-search/1"


@dataclass(frozen=True)
class KeptSearch:
    """One update as the folder keeps it."""

    case_id: str
    exercise: bool
    result: SearchResult
    """Without tracks where only reports came in."""
    reports: tuple[Report, ...]
    notes: Mapping[str, tuple[str, ...]]
    """How each unit's track was counted, in sentences."""
    sources: tuple[str, ...]
    """Names of the files it was told in."""


def is_kept_search(text: str) -> bool:
    """Whether a text is one of these, not a plan."""
    return f'"format": "{SEARCH_FORMAT}"' in text[:200]


def write_search(search: KeptSearch) -> str:
    """The text to keep."""
    content = {
        "format": SEARCH_FORMAT,
        "case": search.case_id,
        "exercise": search.exercise,
        "sources": list(search.sources),
        "tasks": [_task(track, search.notes.get(track.unit_name, ())) for track in search.result.tracks],
        "looks": [
            {**look_to_mapping(look), "counted": list(search.notes.get(look.name, ()))}
            for look in search.result.looks
        ],
        "reports": reports_as_tables(search.reports),
    }
    head = {key: value for key, value in content.items() if key != "tasks"}
    return json.dumps({**head, "tasks": content["tasks"]}, ensure_ascii=False) + "\n"


def parse_search(path: Path, text: str, object_types: Sequence[str]) -> KeptSearch:
    """The update that a text keeps.

    Raises:
        PlanError: it is damaged.
    """
    try:
        content: dict[str, Any] = json.loads(text)
        tasks = [(_track(task), tuple(map(str, task["counted"]))) for task in content["tasks"]]
        # files of before there were looks have none
        looks = content.get("looks", [])
        reports = reports_of(content["reports"], str(path), object_types)
        return KeptSearch(
            case_id=str(content["case"]),
            exercise=bool(content["exercise"]),
            result=SearchResult(
                tuple(track for track, _ in tasks),
                tuple(look_of(LookFields.model_validate(look)) for look in looks),
            ),
            reports=reports,
            notes={
                **{track.unit_name: notes for track, notes in tasks},
                **{str(look["name"]): tuple(map(str, look["counted"])) for look in looks},
            },
            sources=tuple(map(str, content["sources"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        _damaged(path, error)


def _damaged(path: Path, error: Exception) -> NoReturn:
    raise PlanError(
        f"{path} is damaged ({type(error).__name__}: {error}). Copy the folder again, or start from an "
        "earlier one."
    ) from error


def _task(track: SearchedTrack, notes: Sequence[str]) -> dict[str, Any]:
    legs = zip(
        track.start_lonlat_deg.tolist(), track.end_lonlat_deg.tolist(),
        track.start_s.tolist(), track.end_s.tolist(), strict=True,
    )  # fmt: skip
    return {
        "unit": track.unit_name,
        "counted": list(notes),
        "sweep_width_nm": {key: m_to_nm(width) for key, width in track.sweep_width_m.items()},
        "legs": [
            {
                "start": start,
                "end": end,
                "start_time": iso_ms_z(from_posix_s(begin_s)),
                "end_time": iso_ms_z(from_posix_s(end_s)),
                "searching": True,
            }
            for start, end, begin_s, end_s in legs
        ],
    }


def _track(task: Mapping[str, Any]) -> SearchedTrack:
    legs = task["legs"]
    start, end = (
        np.array([leg[key] for leg in legs], dtype=float).reshape(-1, 2) for key in ("start", "end")
    )
    begin, finish = (
        np.array([leg[key].removesuffix("Z") for leg in legs], dtype="datetime64[ms]").astype(np.int64) / 1e3
        for key in ("start_time", "end_time")
    )
    if not (np.isfinite(start).all() and np.isfinite(end).all() and (finish >= begin).all()):
        raise ValueError("a leg is impossible")
    return SearchedTrack(
        unit_name=str(task["unit"]),
        start_lonlat_deg=start,
        end_lonlat_deg=end,
        start_s=begin,
        end_s=finish,
        sweep_width_m={str(key): nm_to_m(float(width)) for key, width in task["sweep_width_nm"].items()},
    )
