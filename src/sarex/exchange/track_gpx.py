"""Tracks as really flown, from GPX: what receivers and plotters record."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import gpxpy
import gpxpy.gpx
import numpy as np

from sarex.case.model import SearchUnit
from sarex.case.wording import suggestion
from sarex.clock import to_posix_s
from sarex.errors import PlanError
from sarex.exchange.unit_names import unit_within
from sarex.update.model import RecordedTrack

PLANNED = "planned track"
"""So end the names of the tracks in Sarex's own plan.gpx."""


def read_gpx(
    path: Path, text: str, units: Sequence[SearchUnit], unit: SearchUnit | None
) -> tuple[RecordedTrack, ...]:
    """One record for every unit with a track in the file; parts of a track are joined.

    Args:
        unit: whose tracks they are; if not given the name of the track, or else of the file, must hold the
            name of a unit of the case.

    Raises:
        PlanError: the file is not GPX, has no track with times, or its unit is not known.
    """
    try:
        gpx = gpxpy.parse(text)
    except (gpxpy.gpx.GPXException, ValueError, TypeError) as error:
        raise PlanError(f"{path} cannot be read as GPX ({error}). Export the track again.") from error
    if gpx.creator == "sarex" and any((track.name or "").endswith(PLANNED) for track in gpx.tracks):
        raise PlanError(
            f"{path} is a plan that Sarex wrote, not a record of what was flown. Give the receiver's "
            "record, or "
            "plan.json if all was flown as planned."
        )
    points: dict[str, list[gpxpy.gpx.GPXTrackPoint]] = {}
    for track in gpx.tracks:
        whose = unit or _unit_of(path, track.name or "", units)
        found = [point for segment in track.segments for point in segment.points]
        points.setdefault(whose.name, []).extend(found)
    records = tuple(_record(path, name, found) for name, found in points.items() if found)
    if not records:
        raise PlanError(
            f"{path} holds no track (a route or a waypoint tells no times). Export the track that was "
            "recorded."
        )
    return records


def _unit_of(path: Path, track_name: str, units: Sequence[SearchUnit]) -> SearchUnit:
    unit = unit_within([track_name, path.stem], units)
    if unit is None:
        raise PlanError(
            f'{path}: neither the name of its track ("{track_name}") nor that of the file holds the name of '
            "one unit "
            f"of the case. {suggestion(track_name, [each.name for each in units])} "
            f'Say whose track it is: --searched "UNIT={path.name}".'
        )
    return unit


def _record(path: Path, unit_name: str, points: list[gpxpy.gpx.GPXTrackPoint]) -> RecordedTrack:
    timed = [point for point in points if point.time is not None]
    if len(timed) < 2:
        raise PlanError(
            f"{path}: {len(timed)} of {len(points)} points of the track of {unit_name} have a time; without "
            "times nobody "
            "knows what was looked at when. Export the track with its times."
        )
    untimed = len(points) - len(timed)
    return RecordedTrack(
        unit_name=unit_name,
        time_s=np.array([_posix_s(point.time) for point in points if point.time is not None]),
        lonlat_deg=np.array([(point.longitude, point.latitude) for point in timed], dtype=float),
        remarks=(f"{untimed} points left out that have no time",) if untimed else (),
    )


def _posix_s(time: datetime) -> float:
    """GPX keeps time in UTC; a few writers leave the Z out."""
    return to_posix_s(time if time.tzinfo else time.replace(tzinfo=UTC))
