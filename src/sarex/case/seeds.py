"""One scenario's origin from its table: where and when the drift may have begun."""

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from sarex.case.cloud_file import cloud_of
from sarex.case.model import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    CrossingBearings,
    ErrorEllipse,
    Found,
    LastKnownPosition,
    Origin,
    Trackline,
    TrackPoint,
)
from sarex.case.polygons import corners_of
from sarex.case.schema import AmbiguousFixTable, BearingTable, FixTable, FoundTable, ScenarioTable
from sarex.case.wording import shown
from sarex.errors import CaseError
from sarex.units import nm_to_m

KINDS = ("position", "track", "area", "bearing", "bearings", "fix", "cloud", "found")


def origin_of(where: str, table: ScenarioTable, base_dir: Path) -> Origin:
    """The origin that a scenario gives.

    Raises:
        CaseError: none or several are given, or what is given is contradictory.
    """
    _check_one_kind(where, table)
    if table.track is not None:
        return _trackline(where, table)
    if table.cloud is not None:
        _refuse_span(where, "cloud", table)
        return cloud_of(where, table.cloud, base_dir)
    begun = _span(where, table)
    if table.position is not None:
        return LastKnownPosition(table.position.place, nm_to_m(table.position.error_nm), *begun)
    if table.found is not None:
        return _found(where, table.found, begun)
    return _signal_or_area(where, table, begun)


def _signal_or_area(where: str, table: ScenarioTable, begun: tuple[datetime, datetime]) -> Origin:
    if table.bearing is not None:
        return _bearing_line(where, table.bearing, begun)
    if table.bearings is not None:
        return _crossing(where, table.bearings, begun)
    if table.fix is not None:
        return _beacon_fix(where, table.fix, begun)
    error_nm = table.area_error_nm
    blur_m = 0.0 if error_nm is None else nm_to_m(error_nm)
    return Area(corners_of(where, "area", table.area or []), blur_m, *begun)


def _check_one_kind(where: str, table: ScenarioTable) -> None:
    given = [kind for kind in KINDS if getattr(table, kind) is not None]
    if len(given) > 1:
        raise CaseError(
            f"{where}: {given[0]} and {given[1]} are both given; a scenario has one of them. Split it in two."
        )
    if not given:
        raise CaseError(
            f"{where}: position is missing. Write position = {{ lon = 4.5, lat = 59.6, error_nm = 3.0 }}, "
            f"or one of {', '.join(KINDS[1:])}."
        )
    if table.area_error_nm is not None and table.area is None:
        raise CaseError(
            f"{where}: area_error_nm is given, but {given[0]} is no area. "
            "Remove it, or give the error where it belongs."
        )


def _span(where: str, table: ScenarioTable) -> tuple[datetime, datetime]:
    if table.released_from is None:
        raise CaseError(
            f"{where}: from is missing; it is when the drift began at the earliest. "
            "Write for example from = 2015-11-16T05:00:00Z."
        )
    until = table.released_until or table.released_from
    if until < table.released_from:
        raise CaseError(
            f"{where}: until is {shown(until)}, before from ({shown(table.released_from)}). "
            "Swap or correct them."
        )
    return table.released_from, until


def _refuse_span(where: str, kind: str, table: ScenarioTable) -> None:
    have = {"track": "whose points have their own times", "cloud": "whose file has its own times"}[kind]
    for key, value in (("from", table.released_from), ("until", table.released_until)):
        if value is not None:
            raise CaseError(f"{where}: {key} is given beside {kind}, {have}. Remove {key}.")


def _trackline(where: str, table: ScenarioTable) -> Trackline:
    points = table.track or []
    if len(points) < 2:
        raise CaseError(
            f"{where}: track has fewer than two points; at least two make a track. "
            "Add points, or give a position with its error."
        )
    _refuse_span(where, "track", table)
    for number, (before, after) in enumerate(pairwise(points), start=2):
        if after.time <= before.time:
            raise CaseError(
                f"{where}: track point {number}: time is {shown(after.time)}, not after the point before it "
                f"({shown(before.time)}). Put the points in order of time."
            )
    return Trackline(tuple(TrackPoint(point.place, point.time, nm_to_m(point.error_nm)) for point in points))


def _bearing(table: BearingTable) -> Bearing:
    nearest_nm, farthest_nm = table.range_nm or (0.0, None)
    return Bearing(
        observer=table.place,
        observer_error_m=nm_to_m(table.error_nm),
        toward_deg=table.bearing_deg,
        bearing_error_deg=table.bearing_error_deg,
        nearest_m=nm_to_m(nearest_nm),
        farthest_m=None if farthest_nm is None else nm_to_m(farthest_nm),
    )


def _bearing_line(where: str, table: BearingTable, begun: tuple[datetime, datetime]) -> BearingLine:
    if table.range_nm is None:
        raise CaseError(
            f"{where}: bearing.range_nm is missing; one bearing alone says nothing of the distance. "
            "Write for example range_nm = [2, 12], nearest and farthest in nautical miles."
        )
    return BearingLine(_bearing(table), *begun)


def _crossing(
    where: str, tables: Sequence[BearingTable], begun: tuple[datetime, datetime]
) -> CrossingBearings:
    if len(tables) < 2:
        raise CaseError(
            f"{where}: bearings has fewer than two entries; at least two bearings cross. "
            "Add one, or give a single bearing with its range_nm."
        )
    return CrossingBearings(tuple(_bearing(table) for table in tables), *begun)


def _beacon_fix(where: str, table: FixTable, begun: tuple[datetime, datetime]) -> BeaconFix:
    ellipse = _ellipse(f"{where}: fix", table, None)
    if table.ambiguous is None:
        return BeaconFix(ellipse, None, 0.0, *begun)
    image = _ellipse(f"{where}: fix.ambiguous", table.ambiguous, ellipse)
    return BeaconFix(ellipse, image, table.ambiguous.probability, *begun)


def _ellipse(where: str, table: FixTable | AmbiguousFixTable, like: ErrorEllipse | None) -> ErrorEllipse:
    """What an image leaves out is as in the ellipse that it is `like`; a lone fix is a circle then."""
    if table.major_nm is None and like is not None:
        major_m, minor_m = like.semi_major_m, like.semi_minor_m
    else:
        major_m = minor_m = nm_to_m(table.major_nm or math.nan)
    if table.minor_nm is not None:
        minor_m = nm_to_m(table.minor_nm)
    if minor_m > major_m:
        raise CaseError(
            f"{where}: minor_nm is {shown(table.minor_nm)}, more than major_nm. Swap them, and give the "
            "direction of the longer axis."
        )
    toward_deg = table.major_toward_deg
    if toward_deg is None:
        toward_deg = 0.0 if like is None else like.major_toward_deg
    return ErrorEllipse(table.place, major_m, minor_m, toward_deg)


def _found(where: str, table: FoundTable, begun: tuple[datetime, datetime]) -> Found:
    if begun[1] > table.time or begun[0] >= table.time:
        raise CaseError(
            f"{where}: found.time is {shown(table.time)}, not after the time when the drift began (from "
            f"{shown(begun[0])} until {shown(begun[1])}). Correct one of them."
        )
    return Found(table.place, nm_to_m(table.error_nm), table.time, *begun)
