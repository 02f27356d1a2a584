"""What is needed to fly a square with rounded corners from paper, read off its legs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians

import numpy as np
from numpy.typing import NDArray

from sarex.geo import WGS84
from sarex.tasking.model import TaskLeg
from sarex.tasking.shapes import Floats, bends_deg, loop_spacings_m, loops
from sarex.units import m_to_nm, mps_to_kt

METRES_PER_DEG_LAT = 111_200.0
"""To a third of a per cent, enough for spacings that are told to the hundredth of a mile."""
STRAIGHTER = 0.6
"""A leg that bends less than this share of its neighbour, metre for metre, stands for a straight.

Chords at the end of an arc bend three quarters as much as those within it.
"""
SHOWN_RADIUS_M = 10.0
NOTABLE_DRIFT_KT = 0.1
NOTABLE_GROWTH = 1.15
SHORTEST_STRAIGHT = 0.4
"""In radii of the first turn; shorter ones are chords."""


@dataclass(frozen=True)
class RoundedSquare:
    """Half circles, each wider than the one before, with straights of one length between them or none."""

    loops: float
    """How often it goes round."""
    to_the_right: bool
    first_course_deg: float
    """True, at the commence search point."""
    first_radius_m: float
    straight_courses_deg: tuple[float, float] | None
    """True, of the first straight and of the way back; None where it is round."""
    straight_m: float
    spacing_m: float
    """Between neighbouring loops, their mean."""
    spacings_m: tuple[float, float]
    """Between the innermost loops and between the outermost ones."""
    drift_mps: tuple[float, float]
    """Eastward and northward, with which the whole moves; 0, 0 where it is too short to tell."""

    @property
    def side(self) -> str:
        return "right" if self.to_the_right else "left"

    def numbers(self) -> str:
        """For a table: `5.3 loops to the right, 0.50 nm apart; first turn 380 m; ...`."""
        apart = f"{m_to_nm(self.spacing_m):.2f} nm apart"
        told = (
            f"{self.loops:.1f} loops to the {self.side}, {apart}; first turn {_metres(self.first_radius_m)}"
        )
        if self.straight_courses_deg is None:
            return f"{told}; no straights"
        there, back = map(_course, self.straight_courses_deg)
        return f"{told}; straights {there} and {back}, {m_to_nm(self.straight_m):.1f} nm"

    def sentence(self) -> str:
        """How to fly it without a plotter."""
        inner_nm, outer_nm = (m_to_nm(0.5 * spacing_m) for spacing_m in self.spacings_m)
        by = (
            f"{inner_nm:.2f} nm (inside) to {outer_nm:.2f} nm (outside)"
            if outer_nm > NOTABLE_GROWTH * inner_nm
            else f"{m_to_nm(0.5 * self.spacing_m):.2f} nm"
        )
        wider = f"half circles to the {self.side}, each {by} wider in radius than the one before"
        begin = (
            f"From paper: from the commence search point on {_course(self.first_course_deg)} true turn "
            f"{self.side} with a radius of {_metres(self.first_radius_m)}"
        )
        if self.straight_courses_deg is None:
            return f"{begin}, then go on in {wider}{self._moving()}."
        there, back = map(_course, self.straight_courses_deg)
        return (
            f"{begin} onto {there}, {m_to_nm(self.straight_m):.1f} nm straight, then {wider}, with straights "
            f"of that length on {back} and {there} between them{self._moving()}."
        )

    def _moving(self) -> str:
        drift_kt = mps_to_kt(hypot(*self.drift_mps))
        if drift_kt < NOTABLE_DRIFT_KT:
            return ""
        toward_deg = degrees(atan2(*self.drift_mps))
        return f"; all of it moves with the drift, {drift_kt:.1f} kt toward {_course(toward_deg)}"


def rounded_square(legs: Sequence[TaskLeg], track_spacing_m: float) -> RoundedSquare | None:
    """The rounded square that searching legs make; None where they turn by corners.

    Args:
        track_spacing_m: for a square of so few loops that the legs do not show their spacing.
    """
    if len(legs) < 3:
        return None
    ends = np.array([(g.start.lon_deg, g.start.lat_deg, g.end.lon_deg, g.end.lat_deg) for g in legs])
    azimuth_deg, _, length_m = (np.asarray(values) for values in WGS84.inv(*ends.T))
    azimuth_deg = azimuth_deg % 360.0
    bends = bends_deg(azimuth_deg)
    if len(loops(azimuth_deg)) == len(legs) or abs(turned := float(bends.sum())) < 180.0:
        return None
    places = _in_plane(ends)
    straight = _straights(bends, length_m)
    arc = max(2, int(straight[0]) if len(straight) else int(np.argmax(np.abs(np.cumsum(bends)) >= 90.0)) + 1)
    spacings = loop_spacings_m(places)
    if not len(spacings) or spacings.min() <= 0.0:
        spacings = np.array([track_spacing_m])
    return RoundedSquare(
        loops=abs(turned) / 360.0,
        to_the_right=turned > 0.0,
        first_course_deg=float(azimuth_deg[0]),
        first_radius_m=_radius_m(bends, length_m, arc),
        straight_courses_deg=_there_and_back(azimuth_deg[straight]) if len(straight) else None,
        straight_m=float(length_m[straight].mean()) if len(straight) else 0.0,
        spacing_m=float(spacings.mean()),
        spacings_m=(float(spacings[0]), float(spacings[-1])),
        drift_mps=_drift_mps(places, np.array([leg.start_time.timestamp() for leg in legs]), bends),
    )


def _radius_m(bends: Floats, length_m: Floats, legs: int) -> float:
    """Of the arc that the first legs make."""
    return float(length_m[:legs].mean() / np.abs(np.radians(bends[: legs - 1])).mean())


def _straights(bends: Floats, length_m: Floats) -> NDArray[np.intp]:
    """Numbers of the legs between two arcs."""
    per_m = np.abs(0.5 * (bends[:-1] + bends[1:])) / length_m[1:-1]
    beside = np.maximum(np.concatenate([[0.0], per_m[:-1]]), np.concatenate([per_m[1:], [0.0]]))
    found = np.flatnonzero(per_m < STRAIGHTER * beside) + 1
    if len(found) == 0:
        return found
    enough_m = SHORTEST_STRAIGHT * _radius_m(bends, length_m, max(2, int(found[0])))
    return found[length_m[found] > enough_m]


def _drift_mps(places: Floats, start_s: Floats, bends: Floats) -> tuple[float, float]:
    """How places that lie one loop apart move, the mean of all around: what they lie farther out cancels."""
    turned = np.concatenate([[0.0], np.abs(np.cumsum(bends))])
    whole = int(turned[-1] // 360.0) - 1
    if whole < 1:
        return 0.0, 0.0
    earlier = np.arange(0.0, 360.0 * whole, 5.0)
    moved = [
        np.interp(earlier + 360.0, turned, values) - np.interp(earlier, turned, values)
        for values in (places[:, 0], places[:, 1], start_s - start_s[0])
    ]
    eastward, northward, lasted = (float(values.sum()) for values in moved)
    return eastward / lasted, northward / lasted


def _there_and_back(courses: Floats) -> tuple[float, float]:
    there = float(courses[0])
    return there, float(courses[1]) if len(courses) > 1 else there + 180.0


def _in_plane(ends: Floats) -> Floats:
    """Eastings and northings in metres from the first place: (leg, 4)."""
    east_deg = (ends[:, [0, 2]] - ends[0, 0] + 180.0) % 360.0 - 180.0
    x = east_deg * METRES_PER_DEG_LAT * cos(radians(float(ends[0, 1])))
    y = (ends[:, [1, 3]] - ends[0, 1]) * METRES_PER_DEG_LAT
    return np.column_stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]])


def _metres(radius_m: float) -> str:
    return f"{round(radius_m / SHOWN_RADIUS_M) * SHOWN_RADIUS_M:,.0f} m"


def _course(course_deg: float) -> str:
    return f"{round(course_deg) % 360:03d}°"
