"""One unit's sortie: out, search a pattern, and still be able to get home.

A `Shape` is what the planner varies; `fly` turns it into timed legs that keep every rule that concerns the
unit alone, or into None.
"""

from dataclasses import dataclass, replace
from math import dist

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPoint, Polygon

from sarex.kernels import ladder, ladder_clip
from sarex.kernels import pattern as kernel
from sarex.kernels import pattern_trackline as trackline
from sarex.planning.crews import Crew
from sarex.planning.margins import LEAST_APART_M
from sarex.planning.model import Pattern
from sarex.planning.passage import Point, way_length_m
from sarex.planning.sea_room import Peril

SEARCH_ENDURANCE_FRACTION = 0.85
"""Share of the time on scene that is planned for searching; the rest goes to investigating sightings
(IAMSAR Manual vol. II, search endurance)."""
HEIGHT_SEPARATION_M = 152.4
"""500 ft between the heights of adjacent aircraft; nearer in height, areas may not overlap."""
LEAST_PAD_M = 0.5 * LEAST_APART_M + 1.0
"""Areas reach half a spacing beyond the legs, and at least so far: units side by side stay apart."""
ARC_TOLERANCE_M = 5.0
"""Chords of a rounded square lie no farther off its arcs."""
REPEATS = 12
MOST_PASSES = 40
"""Along a track line."""
SQUARE_CORNERS = 120
MOST_ADJUSTMENTS = 5
"""Arrival and pattern depend on each other; this many rounds settle them."""
JOINED_S = 0.01
"""Searching legs that follow each other so soon are one run."""
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
    """Length of the legs (of the middle one); radius of a sector search; unused by a square with corners."""
    spacing_m: float
    """Mean track spacing; unused by a sector search."""
    creep: int = 1
    start_end: int = 1
    follows_drift: bool = True
    """Flown relative to the drifting datum rather than to the ground."""
    rounded: bool = False
    """An expanding square with its corners rounded until nothing is left to turn: `length_m` is then how far
    it is stretched along its heading, `gradient` how its spacing grows outward."""
    taper: float = 0.0
    shear: float = 0.0
    barrel: float = 0.0
    dense: float = 0.0
    gradient: float = 0.0
    """What makes a ladder's legs unequal and unevenly spaced, see `kernels.ladder`."""
    clipped: bool = False
    """A ladder each of whose legs is flown only where it lies in open water."""
    points: tuple[Point, ...] = ()
    """The line that a track-line search follows, at the reference time in the frame of the datum's drift."""

    @property
    def is_quick(self) -> bool:
        """Whether the quick search knows it."""
        ladder = self.pattern in (Pattern.PARALLEL_SWEEP, Pattern.CREEPING_LINE)
        return ladder or (self.pattern is Pattern.EXPANDING_SQUARE and self.rounded)

    def row(self) -> NDArray[np.float64]:
        """As the columns of `kernels.ladder`, for a ladder or a rounded square."""
        return np.array(
            [
                self.x_m, self.y_m, self.heading_rad, self.length_m, self.spacing_m, self.creep,
                self.start_end, self.follows_drift, self.taper, self.shear, self.barrel, self.dense,
                self.gradient, self.rounded, self.clipped,
            ],
            np.float64,
        )  # fmt: skip

    @classmethod
    def of_row(cls, row: NDArray[np.float64]) -> "Shape":
        """From the columns of `kernels.ladder`."""
        rounded = row[ladder.ROUND] > 0.5
        return cls(
            pattern=Pattern.EXPANDING_SQUARE if rounded else Pattern.PARALLEL_SWEEP,
            x_m=float(row[ladder.X]),
            y_m=float(row[ladder.Y]),
            heading_rad=float(row[ladder.HEADING]),
            length_m=float(row[ladder.LENGTH]),
            spacing_m=float(row[ladder.SPACING]),
            creep=int(row[ladder.CREEP]),
            start_end=int(row[ladder.START_END]),
            follows_drift=bool(row[ladder.FOLLOWS] > 0.5),
            rounded=bool(rounded),
            taper=float(row[ladder.TAPER]),
            shear=float(row[ladder.SHEAR]),
            barrel=float(row[ladder.BARREL]),
            dense=float(row[ladder.DENSE]),
            gradient=float(row[ladder.GRADIENT]),
            clipped=bool(row[ladder.CLIPPED] > 0.5),
        )


@dataclass(frozen=True)
class Track:
    """A shape flown: timed legs over the ground and where they search."""

    shape: Shape
    legs: NDArray[np.float64]
    """Pattern legs (leg, 7): x0, y0, x1, y1, t0, t1, searching; transit not included."""
    box: NDArray[np.float64]
    """Corners (4, 2), counter-clockwise, of the rectangle that holds the searching and its margin."""
    area: NDArray[np.float64]
    """Corners (corner, 2), counter-clockwise, of what the crew is told: the rectangle beside danger areas."""
    spacing_m: float

    @property
    def searching(self) -> NDArray[np.float64]:
        """The searching legs alone, contiguous for the kernels."""
        return np.ascontiguousarray(self.legs[self.legs[:, 6] == 1.0])


def fly(crew: Crew, shape: Shape, drift_mps: Point) -> Track | None:
    """Fly a shape with all the time the unit has; None if a rule that concerns it alone forbids.

    Where its legs would come too near to a danger area while that is active, it is flown before or after, if
    there is time.
    """
    if not shape.follows_drift:
        drift_mps = (0.0, 0.0)
    hours = crew.search_from_s, crew.leave_by_s
    legs = _timed(crew, shape, drift_mps, hours)
    track = None if legs is None else _track_of(shape, legs)
    kept = None if track is None else _checked(crew, track)
    hindering = () if kept is not None else _hindering(crew, shape, track)
    if not hindering:
        return kept
    beside = (
        (hours[0], min(hours[1], *(peril.since_s for peril in hindering))),
        (max(hours[0], *(peril.until_s for peril in hindering)), hours[1]),
    )
    tried = [_timed(crew, shape, drift_mps, quiet) for quiet in beside if quiet[0] < quiet[1]]
    flown = [_checked(crew, _track_of(shape, legs)) for legs in tried if legs is not None]
    possible = [track for track in flown if track is not None]
    return max(possible, key=lambda track: track.legs[-1, 5] - track.legs[0, 4], default=None)


def _hindering(crew: Crew, shape: Shape, track: Track | None) -> tuple[Peril, ...]:
    """Danger areas that a track reaches into; without one, those around its place or the ends of its way."""
    if not crew.room.perils:
        return ()
    if track is not None:
        return crew.room.hindering(Polygon(track.box), float(track.legs[0, 4]), float(track.legs[-1, 5]))
    ends = MultiPoint([(shape.x_m, shape.y_m), crew.start, crew.home])
    return crew.room.hindering(ends, max(crew.departs_s, crew.search_from_s), crew.leave_by_s)


def _timed(crew: Crew, shape: Shape, drift_mps: Point, hours_s: Point) -> NDArray[np.float64] | None:
    """The legs of a shape with as much of some hours as the ways out and home leave; None if nothing."""
    arrival_s, end_s = _first_guess_s(crew, shape, hours_s)
    best: NDArray[np.float64] | None = None
    for _ in range(MOST_ADJUSTMENTS):
        if arrival_s is None or end_s is None or end_s <= arrival_s:
            break
        legs = _pattern_legs(crew, shape, drift_mps, arrival_s, end_s)
        if legs.shape[0] == 0:
            break
        there_s = _arrival_s(crew, (legs[0, 0], legs[0, 1]), hours_s[0])
        if there_s is None:
            break
        allowed_s = _search_end_s(crew, there_s, hours_s[1], (legs[-1, 2], legs[-1, 3]), legs[-1, 5])
        if allowed_s is None and crew.room.perils:
            end_s = arrival_s + SEARCH_ENDURANCE_FRACTION * (legs[-1, 5] - arrival_s)
            continue
        if allowed_s is None:
            break
        if there_s <= arrival_s and legs[-1, 5] <= allowed_s:
            best = legs
            if arrival_s - there_s < SHORT_WAIT_S:
                break
        arrival_s, end_s = there_s + 1.0, allowed_s
    return best


def _first_guess_s(crew: Crew, shape: Shape, hours_s: Point) -> tuple[float | None, float | None]:
    """When searching would begin and end if the way out and home were those of a shape's centre."""
    centre = shape.x_m, shape.y_m
    if shape.clipped:
        # the centre may be closed: as if all ways were straight
        out_s, home_s = (dist(centre, end) / crew.unit.transit_speed_mps for end in (crew.start, crew.home))
        there_s = max(crew.departs_s + out_s, hours_s[0])
        return there_s, _ends_s(there_s, min(hours_s[1], crew.endurance_until_s - home_s))
    arrival_s = _arrival_s(crew, centre, hours_s[0])
    if arrival_s is None:
        return None, None
    end_s = _search_end_s(crew, arrival_s, hours_s[1], centre, hours_s[1])
    if end_s is None and crew.room.perils:
        # no way home so late: perhaps at once
        end_s = _search_end_s(crew, arrival_s, hours_s[1], centre, arrival_s)
    return arrival_s, end_s


def _track_of(shape: Shape, legs: NDArray[np.float64]) -> Track:
    searching = legs[legs[:, 6] == 1.0]
    spacing_m = _mean_spacing_m(shape, searching)
    box = kernel.oriented_box(searching, shape.heading_rad, pad_of(spacing_m))
    return Track(shape, legs, box, box, spacing_m)


def pad_of(spacing_m: float) -> float:
    """How far an area reaches beyond its legs."""
    return max(0.5 * spacing_m, LEAST_PAD_M)


def _checked(crew: Crew, track: Track) -> Track | None:
    """The track if it keeps clear of everything at its time, else None."""
    legs, searching = track.legs, track.searching
    # the bound on POS counts the end caps of runs no shorter than the sweep width
    if _shortest_run_m(searching) < crew.widest_m:
        return None
    begin_s, end_s = float(legs[0, 4]), float(legs[-1, 5])
    closed = crew.room.closed_to_search(begin_s, end_s)
    # beyond the raster nobody knows where land is
    if not closed.all_clear(legs) or not closed.holds(track.box):
        return None
    if not crew.room.perils:
        return track
    area = crew.room.open_area(track.box, searching, pad_of(track.spacing_m), begin_s, end_s)
    if area is None or crew.way_out((float(legs[0, 0]), float(legs[0, 1])), begin_s) is None:
        return None
    return replace(track, area=area)


def _shortest_run_m(searching: NDArray[np.float64]) -> float:
    """Least length searched without a break: legs that join, as on a rounded square, are one run.

    Each leg that joins the one before adds no end cap, whatever the bend between them.
    """
    length_m = np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1])
    begins = np.append(True, searching[1:, 4] > searching[:-1, 5] + JOINED_S)
    return float(np.add.reduceat(length_m, np.flatnonzero(begins)).min())


def _mean_spacing_m(shape: Shape, searching: NDArray[np.float64]) -> float:
    """Area over track: the spacing itself, or for a sector search pi R^2 / 9 R.

    The loops of a rounded square whose spacing grows are searched half a mean spacing s beyond the outermost:
    with the area A and the length P of the hull of its legs and the length L of them, s = (A + P s / 2) / L.
    """
    if shape.pattern is Pattern.SECTOR:
        return np.pi * shape.length_m / 9.0
    if not (shape.rounded and shape.gradient > 0.0):
        return shape.spacing_m
    hull = MultiPoint(searching[:, 2:4]).convex_hull
    length_m = float(np.hypot(searching[:, 2] - searching[:, 0], searching[:, 3] - searching[:, 1]).sum())
    return max(hull.area / max(length_m - 0.5 * hull.length, 1.0), shape.spacing_m)


def _arrival_s(crew: Crew, point: Point, from_s: float) -> float | None:
    """When searching can begin at a point, at `from_s` at the earliest."""
    there_s = crew.earliest_s(point)
    return None if there_s is None else max(there_s, from_s)


def _search_end_s(crew: Crew, arrival_s: float, until_s: float, last: Point, leaves_s: float) -> float | None:
    """When searching must end: 0.85 of the time on scene, which ends in time for the way home.

    `leaves_s` is when the way home from `last` begins, at the earliest.
    """
    way_home = crew.way_home(last, leaves_s)
    if way_home is None:
        return None
    home_s = way_length_m(way_home) / crew.unit.transit_speed_mps
    return _ends_s(arrival_s, min(until_s, crew.endurance_until_s - home_s))


def _ends_s(arrival_s: float, leave_s: float) -> float:
    """When searching must end that begins on arrival at the scene, which is left at a given time."""
    return arrival_s + SEARCH_ENDURANCE_FRACTION * (leave_s - arrival_s)


def _pattern_legs(
    crew: Crew, shape: Shape, drift_mps: Point, begin_s: float, end_s: float
) -> NDArray[np.float64]:
    unit = crew.unit
    flown: NDArray[np.float64]
    sea = crew.sea if shape.clipped else None
    if sea is not None:
        flown = ladder_clip.clipped_within(
            shape.row(), (sea.closed.cells, sea.room_m, sea.closed.at), pad_of(shape.spacing_m),
            crew.widest_m, *drift_mps, crew.reference_s, begin_s, end_s, unit.search_speed_mps,
            unit.turn_radius_m,
        )  # fmt: skip
        return flown
    if shape.is_quick:
        # chords of a rounded square join, so that they may be short: `_shortest_run_m`
        shortest_m = 0.0 if shape.rounded else crew.widest_m
        flown = ladder.legs_within(
            shape.row(), ARC_TOLERANCE_M, shortest_m, *drift_mps, crew.reference_s, begin_s, end_s,
            unit.search_speed_mps, unit.turn_radius_m,
        )  # fmt: skip
        return flown
    if shape.points:
        return _track_line_legs(crew, shape, drift_mps, begin_s, end_s)
    if shape.pattern is Pattern.SECTOR:
        corners = kernel.sector_corners(shape.x_m, shape.y_m, shape.heading_rad, shape.length_m, REPEATS)
    else:
        corners = kernel.square_corners(
            shape.x_m, shape.y_m, shape.heading_rad, shape.spacing_m, SQUARE_CORNERS
        )
    flown = kernel.cornered_legs(
        corners, *drift_mps, crew.reference_s, begin_s, end_s, unit.search_speed_mps, unit.turn_radius_m
    )
    return flown


def _track_line_legs(
    crew: Crew, shape: Shape, drift_mps: Point, begin_s: float, end_s: float
) -> NDArray[np.float64]:
    """Along a line and beside it, as often as there is time for."""
    offsets_of = (
        trackline.returning_offsets
        if shape.pattern is Pattern.TRACK_LINE_RETURNING
        else trackline.non_returning_offsets
    )
    flown: NDArray[np.float64] = trackline.track_line_legs(
        np.array(shape.points), offsets_of(MOST_PASSES, shape.spacing_m, shape.creep), shape.start_end,
        crew.widest_m, *drift_mps, crew.reference_s, begin_s, end_s, crew.unit.search_speed_mps,
        crew.unit.turn_radius_m,
    )  # fmt: skip
    return flown


def ladder_name(track: Track) -> Pattern:
    """Parallel sweep if the legs run along the longer side of the area, else creeping line."""
    if track.shape.pattern is not Pattern.PARALLEL_SWEEP:
        return track.shape.pattern
    rungs = int(track.legs[:, 6].sum())
    along = track.shape.length_m >= rungs * track.shape.spacing_m
    return Pattern.PARALLEL_SWEEP if along else Pattern.CREEPING_LINE
