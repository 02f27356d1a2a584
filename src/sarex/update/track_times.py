"""Whether a recorded track is of the search that it is told of, and whether its clock was UTC.

A log kept in local time looks like a search of another day, for a file that names no zone cannot say so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sarex.case.model import SearchWindow
from sarex.clock import from_posix_s, to_posix_s
from sarex.errors import PlanError
from sarex.units import HOUR_S
from sarex.update.model import RecordedTrack
from sarex.update.on_scene import PlannedTask

OFFSETS_H = (*range(-12, 0), *range(1, 15))
"""Of the world's clocks from UTC, whole hours only."""
LEAST_SHARE = 0.5
"""Of the shorter of track and search: a shift of the clock that makes them share less is none."""
Span = tuple[float, float]


def in_its_time(
    track: RecordedTrack, window: SearchWindow, planned: Sequence[PlannedTask] = ()
) -> RecordedTrack:
    """The track, with a remark where it lies in the search window but outside the unit's planned time.

    Args:
        track: in order of time.
        planned: the unit's own tasks.

    Raises:
        PlanError: it lies wholly outside the search window.
    """
    own: Span = float(track.time_s[0]), float(track.time_s[-1])
    whole = to_posix_s(window.start), to_posix_s(window.end)
    times = [(task.on_scene_s, task.off_scene_s) for task in planned]
    ahead_h = _clock_ahead_h(own, times or [whole], float(track.lonlat_deg[0, 0]), known=bool(times))
    if _shared_s(own, whole) < 0.0:
        raise PlanError(_outside(track.unit_name, own, window, ahead_h))
    if not times or any(_shared_s(own, span) >= 0.0 for span in times):
        return track
    local = f"; if these are local times ({ahead_h:+d} h), give them in UTC" if ahead_h else ""
    remark = f"it runs from {_told(own)} UTC, outside the planned time on scene{local}"
    return replace(track, remarks=(*track.remarks, remark))


def _outside(name: str, own: Span, window: SearchWindow, ahead_h: int | None) -> str:
    asked = (
        "Check its dates and times: no shift by whole hours would make them local times of that search."
        if ahead_h is None
        else f"Are these local times ({ahead_h:+d} h)? Then they fit: give them in UTC, or with their offset "
        f"({ahead_h:+03d}:00)."
    )
    searched = _told((to_posix_s(window.start), to_posix_s(window.end)))
    return (
        f"the track of {name} runs from {_told(own)} UTC, wholly outside the search window "
        f"({searched} UTC). {asked}"
    )


def _told(span: Span) -> str:
    begin, end = (from_posix_s(instant_s) for instant_s in span)
    return f"{begin:%d %b %H:%M} to {_day(begin, end)}{end:%H:%M}"


def _day(begin: datetime, end: datetime) -> str:
    return "" if begin.date() == end.date() else f"{end:%d %b} "


def _clock_ahead_h(own: Span, spans: Sequence[Span], lon_deg: float, *, known: bool) -> int | None:
    """Hours by which a clock ahead of UTC would make a track one of a search; None if none would.

    Of several the one that lays the middle of the track nearest to that of the planned time, or where only
    the window is known, the one nearest to the zone of the longitude.
    """
    fitting = []
    for ahead_h in OFFSETS_H:
        moved = own[0] - ahead_h * HOUR_S, own[1] - ahead_h * HOUR_S
        for span in spans:
            least_s = LEAST_SHARE * min(moved[1] - moved[0], span[1] - span[0])
            off = abs(sum(moved) - sum(span)) if known else abs(ahead_h - lon_deg / 15.0)
            if _shared_s(moved, span) >= least_s:
                fitting.append((off, ahead_h))
    return min(fitting)[1] if fitting else None


def _shared_s(one: Span, other: Span) -> float:
    """Time that two spans share; below zero where they lie apart."""
    return min(one[1], other[1]) - max(one[0], other[0])
