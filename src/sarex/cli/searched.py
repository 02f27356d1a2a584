"""What was told to `sarex update`: plans and tracks, conditions met and reports, made into one search to
keep."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from sarex import mission
from sarex.case.model import Case, SatelliteLook, SearchUnit
from sarex.cli.history import Search, check_case, check_new, check_window, read_mission, read_search, text_of
from sarex.cli.lessons import flown_notes, untold_notes
from sarex.errors import InputError, PlanError
from sarex.exchange.conditions_toml import read_conditions
from sarex.exchange.plan_reader import read_plan
from sarex.exchange.reports_toml import read_reports
from sarex.exchange.search_json import KeptSearch, parse_search, write_search
from sarex.exchange.track_file import Kind, kind_of, read_mmsi, read_tracks, told_by
from sarex.exchange.unit_names import unit_named
from sarex.units import kt_to_mps
from sarex.update.model import RecordedTrack, SearchedTrack, SearchResult
from sarex.update.on_scene import PlannedTask, on_scene
from sarex.update.track import in_order, longest_gap_s, searching_legs, told
from sarex.update.track_times import in_its_time
from sarex.update.widths import WeatherMet, widths_met

_LONGEST_GAP_MIN = 720.0


@dataclass(frozen=True)
class Told:
    """The options of the command line."""

    searched: tuple[str, ...]
    conditions: Path | None = None
    reports: Path | None = None
    mmsi: tuple[str, ...] = ()
    longest_gap_min: float | None = None


@dataclass(frozen=True)
class _Counting:
    """By what tracks are counted: the case, the plan that was flown, and what crews met."""

    case: Case
    planned: tuple[PlannedTask, ...]
    looks: tuple[SatelliteLook, ...]
    """Of the plan that was flown."""
    wind_mps: float | None
    met: WeatherMet | None
    gap_s: float | None

    def planned_for(self, unit: SearchUnit) -> tuple[PlannedTask, ...]:
        return tuple(task for task in self.planned if task.unit_name == unit.name)


def searches_so_far(
    folder: Path, told_now: Told, window: tuple[datetime | None, datetime | None]
) -> tuple[Case, tuple[Search, ...]]:
    """The case of the next search, and every update so far with this one as the last.

    Raises:
        InputError: something told cannot be used.
    """
    if not told_now.searched and told_now.reports is None:
        raise InputError("nothing was told: give --searched with what was searched, or --reports, or both.")
    if told_now.longest_gap_min is not None and not 0.0 < told_now.longest_gap_min <= _LONGEST_GAP_MIN:
        raise InputError(
            f"--longest-gap is {told_now.longest_gap_min:g}; it must lie above 0 and up to "
            f"{_LONGEST_GAP_MIN:.0f} minutes."
        )
    case, before = read_mission(folder)
    search = _search(folder, case, told_now)
    check_new(search, before, ", ".join(told_now.searched) or str(told_now.reports))
    following = mission.next_window(case, search.result, *window)
    return check_window(following, search, window[0]), (*before, search)


def _search(folder: Path, case: Case, told_now: Told) -> Search:
    """One update of all that was told; a single plan flown as planned is kept as it is."""
    files = [told_by(option) for option in told_now.searched]
    kinds = [kind_of(file.path) for file in files]
    if kinds == [Kind.PLAN] and told_now.conditions is None and told_now.reports is None:
        flown = read_search(files[0].path, case)
        planned = _counting(folder, case, None, None).planned
        names = [track.unit_name for track in flown.result.tracks]
        return replace(flown, notes=(*flown.notes, *untold_notes(planned, flown.result.tracks, names)))
    met = None if told_now.conditions is None else read_conditions(told_now.conditions, case)
    counting = _counting(folder, case, met, told_now.longest_gap_min)
    mmsi = read_mmsi(told_now.mmsi)
    tracks: list[SearchedTrack] = []
    notes: dict[str, tuple[str, ...]] = {}
    for file, kind in zip(files, kinds, strict=True):
        if kind is Kind.PLAN:
            counting = replace(counting, looks=read_plan(file.path).looks)
            counted = _flown_as_planned(file.path, counting)
        else:
            counted = [_counted(record, counting) for record in read_tracks(file, kind, case.units, mmsi)]
        for track, said in counted:
            _check_once(tracks, track)
            tracks += [track] if track.start_s.size else []
            notes[track.unit_name] = notes.get(track.unit_name, ()) + said
    if files and not tracks:
        raise PlanError(f"nothing was searched: {' '.join(' '.join(said) for said in notes.values())}")
    if tracks:
        notes |= {look.name: ("Counted as planned: it showed nothing.",) for look in counting.looks}
    kept = KeptSearch(
        case_id=case.id,
        exercise=case.exercise,
        result=SearchResult(tuple(tracks), counting.looks if tracks else ()),
        reports=() if told_now.reports is None else read_reports(told_now.reports, case),
        notes=notes,
        sources=tuple(file.path.name for file in files),
    )
    text = write_search(kept)
    # what is learnt now is read from the text that is kept, so that a replay is the same to the bit
    again = parse_search(folder / "search", text, case.object_types)
    said_of = tuple(f"{name}: {note}" for name, said in notes.items() for note in said)
    untold = untold_notes(counting.planned, tracks, tuple(notes)) if files else ()
    return Search(again.result, text, again.reports, (*said_of, *untold))


def _counting(folder: Path, case: Case, met: WeatherMet | None, gap_min: float | None) -> _Counting:
    """With the plan in the folder, if there is one that can be read."""
    gap_s = None if gap_min is None else 60.0 * gap_min
    path = folder / "plan.json"
    if not path.is_file():
        return _Counting(case, (), (), None, met, gap_s)
    flown = read_plan(path)
    check_case(path, flown.case_id, case, exercise=flown.exercise)
    planned = tuple(
        PlannedTask(
            track.unit_name, float(track.start_s[0]), float(track.end_s[-1]), dict(track.sweep_width_m)
        )
        for track in flown.tasks
    )
    wind_kt = json.loads(text_of(path)).get("on_scene_wind_kt")
    wind_mps = kt_to_mps(float(wind_kt)) if isinstance(wind_kt, int | float) else None
    return _Counting(case, planned, flown.looks, wind_mps, met, gap_s)


def _flown_as_planned(path: Path, counting: _Counting) -> list[tuple[SearchedTrack, tuple[str, ...]]]:
    """The tasks of a plan, with the widths of the conditions met where they are given."""
    flown = read_plan(path)
    check_case(path, flown.case_id, counting.case, exercise=flown.exercise)
    counted = []
    for track in flown.tasks:
        said: tuple[str, ...] = flown_notes(track)
        if counting.met is not None:
            unit = unit_named(track.unit_name, counting.case.units, str(path))
            widths_m, words = widths_met(counting.case, unit, track, counting.met, (), counting.wind_mps)
            track = replace(track, sweep_width_m=widths_m)  # noqa: PLW2901
            said += (f"{words[:1].upper()}{words[1:]}.",)
        counted.append((track, said))
    return counted


def _counted(record: RecordedTrack, counting: _Counting) -> tuple[SearchedTrack, tuple[str, ...]]:
    """A recorded track as searching legs with widths, and how it was counted."""
    unit = unit_named(record.unit_name, counting.case.units, "a track")
    gap_s = counting.gap_s or longest_gap_s(unit)
    planned = counting.planned_for(unit)
    track = in_its_time(in_order(record, unit), counting.case.window, planned)
    legs, account = searching_legs(track, on_scene(track, unit, planned), gap_s)
    widths_m, words = widths_met(
        counting.case, unit, legs, counting.met, planned, counting.wind_mps, _median_height_m(track)
    )
    sentences = (*told(account, gap_s), f"{words[:1].upper()}{words[1:]}.")
    return replace(legs, sweep_width_m=widths_m), sentences


def _median_height_m(track: RecordedTrack) -> float | None:
    if track.altitude_m is None or not np.isfinite(track.altitude_m).any():
        return None
    return float(np.nanmedian(track.altitude_m))


def _check_once(tracks: Sequence[SearchedTrack], track: SearchedTrack) -> None:
    for other in tracks:
        same = other.unit_name == track.unit_name and track.start_s.size > 0
        if same and other.start_s[0] < track.end_s[-1] and track.start_s[0] < other.end_s[-1]:
            raise PlanError(
                f"two files to --searched tell of {track.unit_name} at the same time; counting it twice "
                "would make the "
                "object look found. Give the better one."
            )
