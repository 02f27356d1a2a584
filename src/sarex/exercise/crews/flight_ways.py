"""Ways round land, shoals and danger areas where no plan lays one down: to a recovery, home before time."""

from collections.abc import Sequence
from datetime import datetime
from math import hypot

from sarex.case.model import Case, DangerArea, Position, SearchUnit
from sarex.clock import to_posix_s
from sarex.environment.model import Environment
from sarex.planning.sea_room import Charts

_LONGER = 1.5
"""A way round is at most about so much longer; danger areas that open within it are gone round."""


class Around:
    """What crews know to be closed, and when they learnt of it; charts are made once."""

    def __init__(
        self, case: Case, environment: Environment, opened: Sequence[tuple[datetime, DangerArea]] = ()
    ) -> None:
        """`opened`: danger areas that crews learn of during the exercise, and when."""
        self._case, self._environment = case, environment
        self._opened = tuple((to_posix_s(at), area) for at, area in opened)
        self._charts: dict[int, Charts] = {}

    def between(
        self, unit: SearchUnit, start: Position, end: Position, leaves_s: float
    ) -> tuple[Position, ...]:
        """Corners between two places, as the crew knows the closed areas when it leaves.

        None where the straight way is open, and where there is no way round: then it goes straight.
        """
        frame = self._environment.frame
        (ax, ay), (bx, by) = (frame.to_xy_m(place.lon_deg, place.lat_deg) for place in (start, end))
        here, there = (float(ax), float(ay)), (float(bx), float(by))
        straight_s = hypot(there[0] - here[0], there[1] - here[1]) / unit.transit_speed_mps
        span_s = leaves_s, leaves_s + _LONGER * straight_s
        room = self._charts_at(leaves_s).room_for(unit, here, there, span_s)
        way = room.passage(here, room.met(*span_s)).way(there)
        if way is None:
            return ()
        corners = [frame.to_lonlat_deg(*corner) for corner in way[1:-1]]
        return tuple(Position(float(lon_deg), float(lat_deg)) for lon_deg, lat_deg in corners)

    def _charts_at(self, time_s: float) -> Charts:
        known = [area for at_s, area in self._opened if at_s <= time_s]
        if len(known) not in self._charts:
            areas = (*self._case.danger_areas, *known)
            self._charts[len(known)] = Charts(self._environment, areas, self._case.shoals)
        return self._charts[len(known)]
