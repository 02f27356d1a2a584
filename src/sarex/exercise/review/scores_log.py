"""Reading the log for scores: who belongs to which nation, when something first happened, what was flown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Position
from sarex.clock import from_posix_s, to_posix_s
from sarex.exercise.model import Exercise
from sarex.journal import Entry
from sarex.units import ft_to_m, nm_to_m

Floats = NDArray[np.float64]

SEARCH = "search"
"""What a searching order says in `what`."""


@dataclass(frozen=True)
class TrackRows:
    """Points of one order's track in order of time, none twice."""

    time_s: Floats
    """POSIX seconds, (point,)."""
    lonlat_deg: Floats
    """(point, 2)"""
    searching: NDArray[np.bool_]
    """From this point to the next, (point,)."""


@dataclass(frozen=True)
class Ordered:
    """An order as the log tells it."""

    id: str
    at: datetime
    unit: str
    nation: str
    what: str
    plan: int | None
    task: Mapping[str, Any]
    """As in `plan.json`; with only a position where nothing is searched."""

    @property
    def altitude_m(self) -> float | None:
        """Search height; None where the order does not say."""
        altitude_ft = self.task.get("altitude_ft")
        return None if altitude_ft is None else ft_to_m(float(altitude_ft))

    @property
    def sweep_width_m(self) -> dict[str, float]:
        """By leeway class; empty where the order is not to search."""
        widths: Mapping[str, float] = self.task.get("sweep_width_nm", {})
        return {key: nm_to_m(float(width)) for key, width in widths.items()}

    @property
    def legs(self) -> Sequence[Mapping[str, Any]]:
        legs: Sequence[Mapping[str, Any]] = self.task.get("legs", ())
        return legs


def of_kind(entries: Sequence[Entry], *kinds: str) -> Iterator[Entry]:
    """Entries of some kinds, in the order of the log."""
    return (entry for entry in entries if entry.kind in kinds)


def first_of(entries: Sequence[Entry], *kinds: str) -> Entry | None:
    """The first in exercise time; of several at one instant the first written."""
    return min(of_kind(entries, *kinds), key=_when, default=None)


def orders(entries: Sequence[Entry]) -> tuple[Ordered, ...]:
    """Every order given, cancelled ones included."""
    return tuple(
        Ordered(
            id=str(entry.body["order"]),
            at=entry.at,
            unit=str(entry.body["unit"]),
            nation=str(entry.body.get("nation") or ""),
            what=str(entry.body.get("what", SEARCH)),
            plan=entry.body.get("plan"),
            task=entry.body.get("task") or {},
        )
        for entry in of_kind(entries, "order.given")
    )


def tracks(entries: Sequence[Entry], kind: str) -> dict[str, TrackRows]:
    """By order: what was flown ("crew.flew") or what crews reported ("report.flown"), pieces put together."""
    rows: dict[str, list[Sequence[float]]] = {}
    for entry in of_kind(entries, kind):
        rows.setdefault(str(entry.body["order"]), []).extend(entry.body["points"])
    return {order: _in_order(points) for order, points in rows.items() if points}


def at_sea(entries: Sequence[Entry], rows: Mapping[str, TrackRows]) -> dict[str, TrackRows]:
    """Tracks without what a unit lay in port: from when it left, whole where it took the order over at sea.

    An order on which it never left has none: it was cancelled, the unit broke down, or it still waits.
    """
    moves = list(of_kind(entries, "crew.under_way", "crew.home"))
    if not moves:
        return dict(rows)
    units = {order.id: order.unit for order in orders(entries)}
    found = {}
    for order, track in rows.items():
        left = next((m for m in moves if m.kind == "crew.under_way" and m.body.get("order") == order), None)
        begun_s = float(track.time_s[0])
        if left is not None:
            found[order] = _since(track, to_posix_s(left.at))
        elif _is_out([m for m in moves if m.body.get("unit") == units.get(order)], begun_s):
            found[order] = track
    return found


def _is_out(moves: Sequence[Entry], at_s: float) -> bool:
    """Whether a unit had left and not come home by an instant; a journal keeps seconds, a track tenths."""
    last = max((move for move in moves if to_posix_s(move.at) <= at_s + 1.0), key=_when, default=None)
    return last is not None and last.kind == "crew.under_way"


def _when(entry: Entry) -> tuple[datetime, int]:
    return entry.at, entry.seq


def _since(track: TrackRows, at_s: float) -> TrackRows:
    """From an instant on, with the point before it as the first."""
    first = max(int(np.searchsorted(track.time_s, at_s, side="right")) - 1, 0)
    time_s = np.maximum(track.time_s[first:], min(at_s, float(track.time_s[-1])))
    return TrackRows(time_s, track.lonlat_deg[first:], track.searching[first:])


def _in_order(points: Sequence[Sequence[float]]) -> TrackRows:
    table = np.array(points, dtype=float).reshape(-1, 4)
    _, kept = np.unique(table[:, 0], return_index=True)
    table = table[kept]
    return TrackRows(table[:, 0], table[:, 1:3], table[:, 3] > 0.5)


def nation_of(exercise: Exercise, name: str | None) -> str:
    """Of a role or a unit; a nation's own code stands for itself; empty for all others."""
    if name is None:
        return ""
    for role in exercise.roles:
        if role.id == name:
            return role.nation or ""
    for unit in exercise.case.units:
        if unit.name == name:
            return unit.nation
    return name if any(nation.code == name for nation in exercise.nations) else ""


def names_in(value: Any) -> tuple[str, ...]:
    """One name or several, however the log keeps them."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(name) for name in value)


def position_in(value: Any) -> Position:
    """A position of the log: a pair of longitude and latitude, or a mapping with both."""
    if isinstance(value, Mapping):
        lon = value["lon_deg"] if "lon_deg" in value else value["lon"]
        lat = value["lat_deg"] if "lat_deg" in value else value["lat"]
        return Position(float(lon), float(lat))
    return Position(float(value[0]), float(value[1]))


def instant_in(value: Any) -> datetime:
    """An instant of the log: POSIX seconds or ISO 8601 text."""
    if isinstance(value, datetime):
        return value
    return from_posix_s(value) if isinstance(value, int | float) else datetime.fromisoformat(str(value))


def alert_at(entries: Sequence[Entry], exercise: Exercise) -> datetime:
    """When the distress alert was delivered; when it was due where the log does not come so far."""
    alert = exercise.alert
    delivered = (e.at for e in of_kind(entries, "inject.delivered") if e.body["inject"] == alert.id)
    return min(delivered, default=alert.at)
