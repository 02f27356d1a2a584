"""The searches of a case so far, read back and replayed on a fresh drift."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarex import mission
from sarex.case import case_from_mapping, case_to_mapping
from sarex.case.model import Case
from sarex.cli.mission_file import MISSION_FORMAT
from sarex.clock import from_posix_s, iso_z
from sarex.errors import PlanError
from sarex.exchange.folder import MARKER
from sarex.exchange.plan_reader import read_plan
from sarex.planning import Belief
from sarex.report.history import SearchRecordSummary
from sarex.update import SearchedTrack, SearchResult

_AGAIN = "plan the case again with sarex plan."


@dataclass(frozen=True)
class Search:
    """One search without a find, with the text of the file it was told in."""

    result: SearchResult
    text: str


def read_mission(folder: Path) -> tuple[Case, tuple[Search, ...]]:
    """The case of a result folder as it stands, and its searches so far.

    Raises:
        PlanError: the folder is not a result of Sarex, or its files are damaged.
    """
    path = folder / MARKER
    if not path.is_file():
        raise PlanError(
            f"{folder} holds no {MARKER}; an update starts from a folder that sarex plan wrote. "
            "Give that folder."
        )
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{path} is damaged ({error}); {_AGAIN}") from error
    version = content.get("format") if isinstance(content, dict) else None
    if version != MISSION_FORMAT:
        raise PlanError(
            f'{path}: format is {json.dumps(version)}; this version reads "{MISSION_FORMAT}". '
            "Use the Sarex that wrote the folder, or plan the case again with sarex plan."
        )
    stored, names = content.get("case"), content.get("searched")
    if not isinstance(stored, dict) or not isinstance(names, list):
        raise PlanError(f"{path} is damaged (case or searched is missing); {_AGAIN}")
    case = case_from_mapping(stored, base_dir=folder, name=str(path))
    return case, tuple(read_search(folder / str(name), case) for name in names)


def read_search(path: Path, case: Case) -> Search:
    """What was searched, from a plan flown as planned.

    Raises:
        PlanError: the file cannot be used or belongs to another case.
    """
    flown = read_plan(path)
    if flown.case_id != case.id:
        raise PlanError(
            f'{path}: case is "{flown.case_id}" but the folder holds case "{case.id}"; '
            "a search teaches only its own case. Give the plan of that case."
        )
    if flown.exercise != case.exercise:
        told = "an exercise" if flown.exercise else "real"
        raise PlanError(
            f"{path}: exercise says that the search was {told}, but the case of the folder is {case.mark}; "
            "the two are never mixed. Give the plan of that case."
        )
    return Search(SearchResult(flown.tasks), path.read_text(encoding="utf-8"))


def check_new(search: Search, before: Sequence[Search], path: Path) -> None:
    """Ask that no flight is counted twice: a unit cannot search in two places at a time.

    Raises:
        PlanError: a unit's search overlaps one of its own that was counted before.
    """
    counted = [track for earlier in before for track in earlier.result.tracks]
    again = [
        track.unit_name
        for track in search.result.tracks
        if any(_at_the_same_time(track, earlier) for earlier in counted)
    ]
    if again:
        raise PlanError(
            f"{path} tells of a search by {', '.join(again)} at a time that this folder has already counted; "
            "counting it twice would make the object look found. Give the plan of the latest search."
        )


def _at_the_same_time(track: SearchedTrack, earlier: SearchedTrack) -> bool:
    """Whether two tracks of one unit overlap in time, however they are told."""
    if track.unit_name != earlier.unit_name or not track.start_s.size or not earlier.start_s.size:
        return False
    return bool(track.start_s[0] < earlier.end_s[-1] and earlier.start_s[0] < track.end_s[-1])


def check_window(following: Case, search: Search) -> Case:
    """The case of the next search as the door of a case reads it.

    Raises:
        PlanError: the next window starts before the search that it follows was over.
        CaseError: the window is impossible.
    """
    ended = from_posix_s(search.result.ended_s)
    if following.window.start < ended:
        raise PlanError(
            f"--start is {iso_z(following.window.start)}, before the search that was made ended "
            f"({iso_z(ended)}); the next search follows it. Give a later --start."
        )
    return case_from_mapping(case_to_mapping(following), base_dir=Path(), name="the next search")


def replay(belief: Belief, searches: Sequence[Search]) -> tuple[Belief, tuple[SearchRecordSummary, ...]]:
    """Learn from every search in turn."""
    records = []
    cumulative = 0.0
    for search in searches:
        belief, lesson = mission.update_belief(belief, search.result)
        cumulative += lesson.pos
        records.append(
            SearchRecordSummary(
                window_start=from_posix_s(search.result.started_s),
                window_end=from_posix_s(search.result.ended_s),
                unit_names=tuple(track.unit_name for track in search.result.tracks),
                pos=lesson.pos,
                pos_cumulative=cumulative,
            )
        )
    return belief, tuple(records)
