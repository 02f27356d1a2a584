"""Where the units stand when the next search begins."""

from dataclasses import replace
from datetime import datetime, timedelta

from sarex.case.model import Case, Position, SearchUnit, SearchWindow
from sarex.clock import from_posix_s, to_posix_s
from sarex.errors import InputError
from sarex.geo import WGS84
from sarex.update.model import SearchedTrack, SearchResult

TURNAROUND = timedelta(hours=1)
"""Least time on the ground before an aircraft leaves again: refuelling and a fresh briefing (assumed)."""


def next_window(case: Case, result: SearchResult, start: datetime | None, end: datetime | None) -> Case:
    """The case for the next search: by default as long as the last one and right after it.

    Where nothing was searched, because only reports came in, the window stays unless another is given.

    Raises:
        InputError: the window would end before it starts.

    What floats goes on from where its last leg ended, with the endurance that is left. Aircraft have flown
    home and start afresh from there, an hour after landing.
    """
    length = case.window.end - case.window.start
    begin = start or (case.window.end if result.tracks else case.window.start)
    finish = end or begin + length
    if finish <= begin:
        raise InputError(
            f"--end is {finish:%Y-%m-%dT%H:%MZ} but --start is {begin:%Y-%m-%dT%H:%MZ}; "
            "a search must end after it starts. Give a later --end."
        )
    window = SearchWindow(begin, finish)
    in_time = sorted(
        (track for track in result.tracks if track.start_s.size), key=lambda t: float(t.end_s[-1])
    )
    flown = {track.unit_name: track for track in in_time}
    units = tuple(_after(unit, flown.get(unit.name), case, window) for unit in case.units)
    # looks that are past were counted with the search; one told again would count twice
    looks = tuple(look for look in case.looks if begin <= look.at <= finish and not result.counts(look))
    return replace(case, window=window, units=units, looks=looks)


def _after(unit: SearchUnit, track: SearchedTrack | None, case: Case, window: SearchWindow) -> SearchUnit:
    if track is None:
        return replace(unit, available_from=max(unit.available_from, window.start))
    last = Position(float(track.end_lonlat_deg[-1, 0]), float(track.end_lonlat_deg[-1, 1]))
    if not unit.kind.flies:
        departed_s = max(to_posix_s(case.window.start), to_posix_s(unit.available_from))
        begin_s = to_posix_s(window.start)
        left_s = unit.endurance_s - (begin_s - departed_s)
        return replace(
            unit, position=last, endurance_s=max(left_s, 60.0), available_from=from_posix_s(begin_s)
        )
    _, _, home_m = WGS84.inv(last.lon_deg, last.lat_deg, unit.home.lon_deg, unit.home.lat_deg)
    landed = from_posix_s(float(track.end_s[-1]) + home_m / unit.transit_speed_mps)
    ready = landed + max(TURNAROUND, timedelta(seconds=unit.turnaround_s))
    return replace(unit, position=unit.home, available_from=max(window.start, ready))
