"""The searches of a case so far, read back and replayed on a fresh drift."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sarex import mission
from sarex.case import case_from_mapping, case_to_mapping
from sarex.case.model import Case
from sarex.cli.lessons import flown_notes, lesson_notes
from sarex.cli.mission_file import MISSION_FORMAT
from sarex.clock import from_posix_s, iso_z
from sarex.environment.model import Environment
from sarex.errors import PlanError
from sarex.exchange.folder import MARKER
from sarex.exchange.plan_reader import read_plan
from sarex.exchange.search_json import is_kept_search, parse_search
from sarex.planning import Belief
from sarex.report.history import SearchRecordSummary
from sarex.update import Evidence, FalseAlarm, Report, SearchedTrack, SearchResult, standing

_AGAIN = "plan the case again with sarex plan."


@dataclass(frozen=True)
class Search:
    """What was told at one update: a search without a find, reports, or both; with the text to keep."""

    result: SearchResult
    """Without tracks where only reports came in."""
    text: str
    reports: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()
    """How tracks were counted, in sentences."""

    @property
    def span_s(self) -> tuple[float, float]:
        """When it began and ended, POSIX seconds, reports of instants included."""
        instants = [report.at_s for report in self.reports if not isinstance(report, FalseAlarm)]
        if self.result.tracks or self.result.looks:
            instants += [self.result.started_s, self.result.ended_s]
        return (min(instants), max(instants)) if instants else (0.0, 0.0)


def read_mission(folder: Path, purpose: str = "an update starts from") -> tuple[Case, tuple[Search, ...]]:
    """The case of a result folder as it stands, and its searches so far.

    Args:
        folder: one that `sarex plan` wrote.
        purpose: what the folder is wanted for, for the sentence that refuses it.

    Raises:
        PlanError: the folder is not a result of Sarex, or its files are damaged.
    """
    path = folder / MARKER
    if not path.is_file():
        what = f"holds no {MARKER}" if folder.is_dir() else "is no folder"
        raise PlanError(f"{folder} {what}; {purpose} a folder that sarex plan wrote. Give that folder.")
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
    """One update that a folder kept, or a plan flown as planned.

    Raises:
        PlanError: the file cannot be used or belongs to another case.
    """
    text = text_of(path)
    if is_kept_search(text):
        kept = parse_search(path, text, case.object_types)
        check_case(path, kept.case_id, case, exercise=kept.exercise)
        notes = tuple(f"{name}: {note}" for name, said in kept.notes.items() for note in said)
        return Search(kept.result, text, kept.reports, notes)
    flown = read_plan(path)
    check_case(path, flown.case_id, case, exercise=flown.exercise)
    said = tuple(f"{track.unit_name}: {note}" for track in flown.tasks for note in flown_notes(track))
    return Search(SearchResult(flown.tasks, flown.looks), text, notes=said)


def text_of(path: Path) -> str:
    """The text of a file; empty where it cannot be read, for the reader of plans to say why."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def check_case(path: Path, case_id: str, case: Case, *, exercise: bool) -> None:
    """Ask that a search belongs to the case.

    Raises:
        PlanError: it is of another case, or the other one of REAL and EXERCISE.
    """
    if case_id != case.id:
        raise PlanError(
            f'{path}: case is "{case_id}" but the folder holds case "{case.id}"; '
            "a search teaches only its own case. Give the plan of that case."
        )
    if exercise != case.exercise:
        told = "an exercise" if exercise else "real"
        raise PlanError(
            f"{path}: exercise says that the search was {told}, but the case of the folder is {case.mark}; "
            "the two are never mixed. Give the plan of that case."
        )


def check_new(search: Search, before: Sequence[Search], path: str) -> None:
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
    again += [
        look.name for look in search.result.looks if any(earlier.result.counts(look) for earlier in before)
    ]
    if again:
        raise PlanError(
            f"{path} tells of a search by {', '.join(again)} at a time that this folder has already counted; "
            "counting it twice would make the object look found. Give the plan of the latest search."
        )
    standing([report for each in (*before, search) for report in each.reports])


def _at_the_same_time(track: SearchedTrack, earlier: SearchedTrack) -> bool:
    """Whether two tracks of one unit overlap in time, however they are told."""
    if track.unit_name != earlier.unit_name or not track.start_s.size or not earlier.start_s.size:
        return False
    return bool(track.start_s[0] < earlier.end_s[-1] and earlier.start_s[0] < track.end_s[-1])


def check_window(following: Case, search: Search, start_given: datetime | None) -> Case:
    """The case of the next search as the door of a case reads it.

    Args:
        start_given: the start that was asked for, if any.

    Raises:
        PlanError: the next window starts before the search that it follows was over.
        CaseError: the window is impossible.
    """
    ended = from_posix_s(search.result.ended_s if search.result.tracks else 0.0)
    if following.window.start < ended and start_given is None:
        raise PlanError(
            f"the search that was made ended at {iso_z(ended)}, after the next one would begin "
            f"({iso_z(following.window.start)}, the end of the window searched). Check the times of what was "
            "told, or say when the next search begins."
        )
    if following.window.start < ended:
        raise PlanError(
            f"--start is {iso_z(following.window.start)}, before the search that was made ended "
            f"({iso_z(ended)}); the next search follows it. Give a later --start."
        )
    return case_from_mapping(case_to_mapping(following), base_dir=Path(), name="the next search")


def begins_s(searches: Sequence[Search]) -> float | None:
    """When the first of what was searched or reported was; None where nothing was."""
    return min((search.span_s[0] for search in searches if any(search.span_s)), default=None)


def replay(
    case: Case, environment: Environment, belief: Belief, searches: Sequence[Search]
) -> tuple[Belief, tuple[SearchRecordSummary, ...]]:
    """Learn from every update in turn: of each first the search, then the reports that still stand."""
    told = standing([report for search in searches for report in search.reports])
    evidence = [_evidence(search, told) for search in searches]
    belief, lessons = mission.learn(case, environment, belief, [item for part in evidence for item in part])
    records = []
    cumulative = 0.0
    remaining = list(lessons)
    for search, part in zip(searches, evidence, strict=True):
        own, remaining = remaining[: len(part)], remaining[len(part) :]
        pos = sum(lesson.pos for lesson in own)
        cumulative += pos
        begun_s, ended_s = search.span_s
        records.append(
            SearchRecordSummary(
                window_start=from_posix_s(begun_s) if begun_s else case.window.start,
                window_end=from_posix_s(ended_s) if ended_s else case.window.start,
                unit_names=(
                    *dict.fromkeys(track.unit_name for track in search.result.tracks),
                    *(look.name for look in search.result.looks),
                ),
                pos=pos,
                pos_cumulative=cumulative,
                notes=(*search.notes, *lesson_notes(search, part, own, belief.reported.weight.size)),
            )
        )
    return belief, tuple(records)


def _evidence(search: Search, told: Sequence[Report]) -> list[Evidence]:
    """In the order in which it counts; what a false alarm withdrew is left out."""
    searched: list[Evidence] = [search.result] if search.result.tracks or search.result.looks else []
    return searched + [
        report for report in search.reports if report in told and not isinstance(report, FalseAlarm)
    ]
