"""One unit's sortie: out, search a pattern, and still be able to get home.

A `Shape` is what the planner varies; `fly` turns it into timed legs that keep every rule that concerns the
unit alone, or into None.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from sarex.case.model import DangerArea, SearchUnit
from sarex.clock import to_posix_s
from sarex.detection.model import SweepWidth
from sarex.environment.model import Environment
from sarex.kernels import pattern as kernel
from sarex.planning.model import Pattern
from sarex.planning.passage import Closed, Passage, Point, closed_to, danger_to, way_length_m

SEARCH_ENDURANCE_FRACTION = 0.85
"""Share of the time on scene that is planned for searching; the rest goes to investigating sightings
(IAMSAR Manual vol. II, search endurance)."""
MOST_RUNGS = 150
"""Legs of one ladder; a unit with time for more flies them farther apart or longer."""
REPEATS = 12
SQUARE_CORNERS = 120
MOST_ADJUSTMENTS = 5
"""Arrival and pattern depend on each other; this many rounds settle them."""
SHORT_WAIT_S = 120.0
"""A wait at the commence search point that is not worth another round."""


@dataclass(frozen=True)
class Shape:
    """A pattern to try: what the planner moves, turns and stretches."""

    pattern: Pattern
    x_m: float
    """Centre (datum of a square or sector) at the reference time, in the frame of the datum's drift."""
    y_m: float
    heading_rad: float
    """Direction of the legs (of the first leg for square and sector), counter-clockwise from x."""
    length_m: float
    """Length of the legs; radius of a sector search; unused by an expanding square."""
    spacing_m: float
    """Track spacing; unused by a sector search."""
    creep: int = 1
    start_end: int = 1
    follows_drift: bool = True
    """Flown relative to the drifting datum rather than to the ground."""


@dataclass(frozen=True)
class Track:
    """A shape flown: timed legs over the ground and the rectangle that holds the searching."""

    shape: Shape
    legs: NDArray[np.float64]
    """Pattern legs (leg, 7): x0, y0, x1, y1, t0, t1, searching; transit not included."""
    box: NDArray[np.float64]
    """Corners (4, 2), counter-clockwise."""
    spacing_m: float

    @property
    def searching(self) -> NDArray[np.float64]:
        """The searching legs alone, contiguous for the kernels."""
        return np.ascontiguousarray(self.legs[self.legs[:, 6] == 1.0])


@dataclass(frozen=True)
class Crew:
    """A unit with everything the planner needs to know of it, in the plane."""

    unit: SearchUnit
    departs_s: float
    leave_by_s: float
    """End of the window: searching ends here at the latest."""
    endurance_until_s: float
    outward: Passage
    homeward: Passage
    closed_to_search: Closed
    danger: tuple[BaseGeometry, ...]
    """Danger areas that concern it, in the plane; its area keeps out of them."""
    sweep_widths: dict[str, SweepWidth]
    width_m: NDArray[np.float64]
    """By object type."""
    reference_s: float
    """Middle of the window: when the shapes' centres are where they say."""

    @property
    def start(self) -> Point:
        return self.outward.anchor

    @property
    def widest_m(self) -> float:
        return float(self.width_m.max())


def crew_of(
    unit: SearchUnit,
    environment: Environment,
    danger_areas: tuple[DangerArea, ...],
    window_s: Point,
    sweep_widths: dict[str, SweepWidth],
    object_types: tuple[str, ...],
) -> Crew:
    """Prepare a unit for planning."""
    departs_s = max(window_s[0], to_posix_s(unit.available_from))
    endurance_until_s = departs_s + unit.endurance_s
    span_s = departs_s, max(window_s[1], min(endurance_until_s, window_s[1] + 6 * 3600.0))
    frame = environment.frame
    # what is active at any time of the sortie is closed for all of it
    danger = danger_to(unit, frame, danger_areas, span_s)
    transit, search = closed_to(unit, environment, danger)
    start, home = (
        tuple(float(value) for value in frame.to_xy_m(place.lon_deg, place.lat_deg))
        for place in (unit.position, unit.home)
    )
    outward = Passage(transit, (start[0], start[1]))
    return Crew(
        unit=unit,
        departs_s=departs_s,
        leave_by_s=window_s[1],
        endurance_until_s=endurance_until_s,
        outward=outward,
        homeward=outward if home == start else Passage(transit, (home[0], home[1])),
        closed_to_search=search,
        danger=danger,
        sweep_widths=sweep_widths,
        width_m=np.array([sweep_widths[key].width_m for key in object_types]),
        reference_s=(window_s[0] + window_s[1]) / 2,
    )


def fly(crew: Crew, shape: Shape, drift_mps: Point) -> Track | None:
    """Fly a shape with all the time the unit has; None if a rule that concerns it alone forbids."""
    if not shape.follows_drift:
        drift_mps = (0.0, 0.0)
    centre = shape.x_m, shape.y_m
    arrival_s = _arrival_s(crew, centre)
    end_s = None if arrival_s is None else _search_end_s(crew, arrival_s, centre)
    best: NDArray[np.float64] | None = None
    for _ in range(MOST_ADJUSTMENTS):
        if arrival_s is None or end_s is None or end_s <= arrival_s:
            break
        legs = _pattern_legs(crew, shape, drift_mps, arrival_s, end_s)
        if legs.shape[0] == 0:
            break
        there_s = _arrival_s(crew, (legs[0, 0], legs[0, 1]))
        allowed_s = None if there_s is None else _search_end_s(crew, there_s, (legs[-1, 2], legs[-1, 3]))
        if there_s is None or allowed_s is None:
            break
        if there_s <= arrival_s and legs[-1, 5] <= allowed_s:
            best = legs
            if arrival_s - there_s < SHORT_WAIT_S:
                break
        arrival_s, end_s = there_s + 1.0, allowed_s
    return None if best is None else _checked(crew, shape, best)


def _checked(crew: Crew, shape: Shape, legs: NDArray[np.float64]) -> Track | None:
    searching = legs[legs[:, 6] == 1.0]
    # the bound on POS counts end caps of legs no shorter than the sweep width
    if np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1]).min() < crew.widest_m:
        return None
    if not crew.closed_to_search.all_clear(legs):
        return None
    spacing_m = _mean_spacing_m(shape)
    box = kernel.oriented_box(searching, shape.heading_rad, 0.5 * spacing_m)
    # beyond the raster nobody knows where land is
    if not crew.closed_to_search.holds(box):
        return None
    if crew.danger and any(area.intersects(Polygon(box)) for area in crew.danger):
        return None
    return Track(shape, legs, box, spacing_m)


def _mean_spacing_m(shape: Shape) -> float:
    """Area over track: the spacing itself, or for a sector search pi R^2 / 9 R."""
    return np.pi * shape.length_m / 9.0 if shape.pattern is Pattern.SECTOR else shape.spacing_m


def _arrival_s(crew: Crew, point: Point) -> float | None:
    way = crew.outward.way(point)
    return None if way is None else crew.departs_s + way_length_m(way) / crew.unit.transit_speed_mps


def _search_end_s(crew: Crew, arrival_s: float, last: Point) -> float | None:
    """When searching must end: 0.85 of the time on scene, which ends in time for the way home."""
    way_home = crew.homeward.way(last)
    if way_home is None:
        return None
    home_s = way_length_m(way_home) / crew.unit.transit_speed_mps
    leave_s = min(crew.leave_by_s, crew.endurance_until_s - home_s)
    return arrival_s + SEARCH_ENDURANCE_FRACTION * (leave_s - arrival_s)


def _pattern_legs(
    crew: Crew, shape: Shape, drift_mps: Point, begin_s: float, end_s: float
) -> NDArray[np.float64]:
    speed_mps, radius_m = crew.unit.search_speed_mps, crew.unit.turn_radius_m
    if shape.pattern is Pattern.EXPANDING_SQUARE:
        corners = kernel.square_corners(
            shape.x_m, shape.y_m, shape.heading_rad, shape.spacing_m, SQUARE_CORNERS
        )
    elif shape.pattern is Pattern.SECTOR:
        corners = kernel.sector_corners(shape.x_m, shape.y_m, shape.heading_rad, shape.length_m, REPEATS)
    else:
        return _ladder_legs(crew, shape, drift_mps, begin_s, end_s)
    legs: NDArray[np.float64] = kernel.cornered_legs(
        corners, *drift_mps, crew.reference_s, begin_s, end_s, speed_mps, radius_m
    )
    return legs


def _ladder_legs(
    crew: Crew, shape: Shape, drift_mps: Point, begin_s: float, end_s: float
) -> NDArray[np.float64]:
    """As many rungs as fit the time; the heading decides only their mean duration."""
    speed_mps, radius_m = crew.unit.search_speed_mps, crew.unit.turn_radius_m
    leg_s = shape.length_m / speed_mps
    turn_s = kernel.turn_length(shape.spacing_m, radius_m) / speed_mps
    rungs = min(MOST_RUNGS, floor((end_s - begin_s + turn_s) / (leg_s + turn_s) + 1e-9))
    while rungs >= 1:
        legs: NDArray[np.float64] = kernel.parallel_legs(
            shape.x_m, shape.y_m, shape.heading_rad, shape.length_m, shape.spacing_m, rungs, shape.creep,
            shape.start_end, *drift_mps, crew.reference_s, begin_s, speed_mps, radius_m,
        )  # fmt: skip
        if legs.shape[0] == 0 or legs[-1, 5] <= end_s:
            return legs
        rungs -= 1
    return np.empty((0, 7))


def ladder_name(track: Track) -> Pattern:
    """Parallel sweep if the legs run along the longer side of the area, else creeping line."""
    rungs = int(track.legs[:, 6].sum())
    along = track.shape.length_m >= rungs * track.shape.spacing_m
    return Pattern.PARALLEL_SWEEP if along else Pattern.CREEPING_LINE
