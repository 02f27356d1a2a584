"""Tracks of the log as searching legs, whole or between two instants."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sarex.case.model import SearchUnit
from sarex.clock import to_posix_s
from sarex.exercise.review.scores_log import Floats, Ordered, TrackRows, instant_in
from sarex.geo import LocalFrame
from sarex.planning import SearchPlan
from sarex.planning.model import Activity
from sarex.update import SearchedTrack, SearchResult
from sarex.update.track import longest_gap_s


def searched_track(order: Ordered, rows: TrackRows, longest_s: float = np.inf) -> SearchedTrack:
    """What of a track was searched, with the sweep widths of the order.

    A piece counts where the unit was searching and the record is not silent for longer than `longest_s`.
    """
    begin_s, end_s = rows.time_s[:-1], rows.time_s[1:]
    counted = rows.searching[:-1] & (end_s - begin_s <= longest_s) & (end_s > begin_s)
    return SearchedTrack(
        unit_name=order.unit,
        start_lonlat_deg=rows.lonlat_deg[:-1][counted],
        end_lonlat_deg=rows.lonlat_deg[1:][counted],
        start_s=begin_s[counted],
        end_s=end_s[counted],
        sweep_width_m=order.sweep_width_m,
    )


def cut(track: SearchedTrack, since_s: float, until_s: float) -> SearchedTrack:
    """Its legs between two instants; a leg that an instant cuts counts up to it."""
    counted = (track.end_s > since_s) & (track.start_s < until_s)
    begin_s, end_s = track.start_s[counted], track.end_s[counted]
    start, end = track.start_lonlat_deg[counted], track.end_lonlat_deg[counted]
    first_s, last_s = np.maximum(begin_s, since_s), np.minimum(end_s, until_s)
    share = ((np.stack([first_s, last_s]) - begin_s) / (end_s - begin_s))[..., np.newaxis]
    places = start + share * (end - start)
    return replace(track, start_lonlat_deg=places[0], end_lonlat_deg=places[1], start_s=first_s, end_s=last_s)


def result_between(
    tracks: Sequence[SearchedTrack], since_s: float = -np.inf, until_s: float = np.inf
) -> SearchResult | None:
    """All that was searched between two instants; None where nothing was."""
    kept = tuple(part for part in (cut(track, since_s, until_s) for track in tracks) if part.start_s.size)
    return SearchResult(kept) if kept else None


def flown_track(
    order: Ordered, rows: Mapping[str, TrackRows], units: Mapping[str, SearchUnit]
) -> tuple[SearchedTrack, ...]:
    """What of an order's track was searched, with the gaps that `update.track.longest_gap_s` bridges."""
    if order.id not in rows or order.unit not in units or not order.sweep_width_m:
        return ()
    return (searched_track(order, rows[order.id], longest_gap_s(units[order.unit])),)


def ordered_track(order: Ordered, until_s: float) -> tuple[SearchedTrack, ...]:
    """The searching legs of an order until an instant; none where nothing was to be searched."""
    if not order.legs or not order.sweep_width_m:
        return ()
    return (cut(searched_track(order, _rows_of(order.legs)), -np.inf, until_s),)


def _rows_of(legs: Sequence[Mapping[str, Any]]) -> TrackRows:
    """Both ends of every leg; between the legs nothing is searched."""
    points = [
        (to_posix_s(instant_in(leg[f"{end}_time"])), *leg[end], float(end == "start" and leg["searching"]))
        for leg in legs
        for end in ("start", "end")
    ]
    table = np.array(points, dtype=float).reshape(-1, 4)
    return TrackRows(table[:, 0], table[:, 1:3], table[:, 3] > 0.5)


def plane_legs(tracks: Sequence[SearchedTrack], frame: LocalFrame) -> Floats:
    """Legs in the plane, (leg, 4): x, y of start and end."""
    ends = [
        (*start, *end)
        for t in tracks
        for start, end in zip(t.start_lonlat_deg, t.end_lonlat_deg, strict=True)
    ]
    lonlat = np.array(ends, dtype=float).reshape(-1, 4)
    x_m, y_m = frame.to_xy_m(lonlat[:, ::2], lonlat[:, 1::2])
    return np.column_stack([x_m[:, 0], y_m[:, 0], x_m[:, 1], y_m[:, 1]])


def result_of(plan: SearchPlan, frame: LocalFrame) -> SearchResult | None:
    """A plan flown as planned; None where it searches nothing."""
    found = []
    for each in plan.unit_plans:
        legs = np.array(
            [
                (leg.start_x_m, leg.start_y_m, leg.end_x_m, leg.end_y_m, leg.start_s, leg.end_s)
                for leg in each.legs
                if leg.activity is Activity.SEARCH
            ]
        ).reshape(-1, 6)
        if not legs.size:
            continue
        start, end = (np.column_stack(frame.to_lonlat_deg(legs[:, k], legs[:, k + 1])) for k in (0, 2))
        widths_m = {key: width.width_m for key, width in each.sweep_widths.items()}
        found.append(SearchedTrack(each.unit.name, start, end, legs[:, 4], legs[:, 5], widths_m))
    return SearchResult(tuple(found)) if found else None
