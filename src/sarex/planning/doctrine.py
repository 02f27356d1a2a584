"""The manual's plan for the same units, for comparison: a datum area carried along with the drift.

IAMSAR Manual vol. II, chapter 4: total probable error E = sqrt(X^2 + De^2 + Y^2) of the initial position,
the drift (0.3 of the distance drifted) and the searching craft; a square of half-side fs E around the datum
(around the drifted track for an overdue craft), shared out to the units in strips of equal coverage.

The manual's optimal search factor is that of `tables/derived_optimal_search_factor_point_datum.csv`: the fs
that maximises POC(fs) x POD(C) for the effort at hand; the same rule is used for a track. To be fair to the
manual its datum is the mean of the drifted particles, its area moves with the datum, and of two ways to
share the units out to the scenarios (all to the likeliest; by weight) the better one counts. Legs that
would cross land or a danger area are flown only outside it.
"""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil, erf, hypot, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import Case, LastKnownPosition, Scenario, Trackline
from sarex.drift.origins import PROBABLE_ERROR_PER_SIGMA
from sarex.drift.outline import datum_of
from sarex.geo import LocalFrame
from sarex.planning.crews import Crew
from sarex.planning.model import Pattern
from sarex.planning.passage import Point
from sarex.planning.sea_room import open_room
from sarex.planning.sortie import SEARCH_ENDURANCE_FRACTION, Shape, Track, fly
from sarex.planning.waters import Waters, success

DRIFT_ERROR_FRACTION = 0.3
"""Probable error of drift as a fraction of the distance drifted (IAMSAR vol. II, appendix K, drift error)."""
UNIT_ERROR_M = 185.2
"""Probable position error of a unit with satellite navigation, 0.1 nm (IAMSAR vol. II, appendix N)."""


@dataclass(frozen=True)
class DatumArea:
    """The manual's rectangle for one scenario at the middle of the window, and how it drifts."""

    centre: Point
    along_rad: float
    track_length_m: float
    """Length of the drifted track; 0 for a datum point."""
    probable_error_m: float
    drift_mps: Point


@dataclass(frozen=True)
class DoctrinePlan:
    """The manual's pattern for each crew, and its POS on the particles that it was drawn for."""

    shapes: tuple[Shape | None, ...]
    pos: float


def doctrine_plan(case: Case, frame: LocalFrame, crews: tuple[Crew, ...], waters: Waters) -> DoctrinePlan:
    """The manual's plan on the given particles; an empty one with POS 0 without units."""
    if not crews:
        return DoctrinePlan((), 0.0)
    weights = np.array([waters.weight[waters.scenario == n].sum() for n in range(len(case.scenarios))])
    likeliest = [int(np.argmax(weights))] * len(crews)
    choices = [likeliest] if len(weights) == 1 else [likeliest, _shared_out(crews, weights)]
    plans = [_plan_of_choice(case, frame, crews, waters, choice) for choice in choices]
    return max(plans, key=lambda plan: plan.pos)


def optimal_search_factor(effort_m2: float, probable_error_m: float, track_length_m: float) -> float:
    """fs that maximises POC x POD for a square around a point or a rectangle around a track.

    POD is that of parallel sweeps in ideal conditions; positions are circular normal around the datum
    (normal across the track), E being the 50 % radius (50 % half-width for a track).
    """
    factors = np.linspace(0.2, 4.0, 381)
    values = [_success(float(fs), effort_m2, probable_error_m, track_length_m) for fs in factors]
    return float(factors[int(np.argmax(values))])


def _success(fs: float, effort_m2: float, error_m: float, length_m: float) -> float:
    half_m = fs * error_m
    coverage = effort_m2 / (2 * half_m * (length_m + 2 * half_m))
    across = erf(fs * (0.67449 if length_m > 0 else PROBABLE_ERROR_PER_SIGMA) / sqrt(2))
    poc = across if length_m > 0 else across * across
    return poc * erf(sqrt(pi) / 2 * coverage)


def _plan_of_choice(
    case: Case, frame: LocalFrame, crews: tuple[Crew, ...], waters: Waters, choice: list[int]
) -> DoctrinePlan:
    total = np.zeros(waters.weight.size)
    shapes: list[Shape | None] = [None] * len(crews)
    for number in sorted(set(choice)):
        chosen = waters.scenario == number
        if not (waters.weight * chosen).sum() > 0:
            continue
        area = _datum_area(case.scenarios[number], frame, waters, chosen)
        members = [crew for crew, scenario in enumerate(choice) if scenario == number]
        strips = _strips(case.object_types, case.scenarios[number], [crews[m] for m in members], area)
        for member, shape in zip(members, strips, strict=True):
            shapes[member] = shape
            crew = crews[member]
            track = None if shape is None else fly(_unhindered(crew), shape, area.drift_mps)
            if track is not None and _comes_home(crew, track):
                legs = _open_pieces(track.searching, crew)
                total += waters.exposures(legs, waters.widths(crew.width_m), 0.0)
    return DoctrinePlan(tuple(shapes), success(waters.weight, total))


def _comes_home(crew: Crew, track: Track) -> bool:
    """Whether the unit really gets to where the manual's pattern begins, and home from where it ends."""
    first, last = track.legs[0, :2], track.legs[-1, 2:4]
    reached = crew.earliest_s((float(first[0]), float(first[1]))) is not None
    return reached and crew.way_home((float(last[0]), float(last[1])), float(track.legs[-1, 5])) is not None


def _datum_area(scenario: Scenario, frame: LocalFrame, waters: Waters, chosen: np.ndarray) -> DatumArea:
    middle = waters.x_m.shape[0] // 2
    weight = waters.weight * chosen

    def mean(k: int) -> Point:
        return (
            float(np.average(waters.x_m[k], weights=weight)),
            float(np.average(waters.y_m[k], weights=weight)),
        )

    centre, first, last = mean(middle), mean(0), mean(-1)
    duration_s = float(waters.times_s[-1] - waters.times_s[0])
    drift_mps = (last[0] - first[0]) / duration_s, (last[1] - first[1]) / duration_s
    match scenario.origin:
        case LastKnownPosition() as fix:
            x, y = frame.to_xy_m(fix.position.lon_deg, fix.position.lat_deg)
            begin, end, initial_m = (float(x), float(y)), (float(x), float(y)), fix.probable_error_m
        case Trackline() as track:
            x, y = frame.to_xy_m(
                [p.position.lon_deg for p in track.points], [p.position.lat_deg for p in track.points]
            )
            begin, end = (float(x[0]), float(y[0])), (float(x[-1]), float(y[-1]))
            initial_m = float(np.mean([p.probable_error_m for p in track.points]))
        case origin:
            *point, initial_m = datum_of(origin, frame)
            begin = end = (point[0], point[1])
    drifted_m = hypot(centre[0] - (begin[0] + end[0]) / 2, centre[1] - (begin[1] + end[1]) / 2)
    error_m = sqrt(initial_m**2 + (DRIFT_ERROR_FRACTION * drifted_m) ** 2 + UNIT_ERROR_M**2)
    along = end[0] - begin[0], end[1] - begin[1]
    return DatumArea(centre, float(np.arctan2(along[1], along[0])), hypot(*along), error_m, drift_mps)


def track_lines(case: Case, frame: LocalFrame, waters: Waters) -> tuple[tuple[Point, ...], ...]:
    """The planned track of each overdue craft, carried with its particles to the middle of the window."""
    lines = []
    for number, scenario in enumerate(case.scenarios):
        chosen = waters.scenario == number
        if isinstance(scenario.origin, Trackline) and (waters.weight * chosen).sum() > 0:
            centre = _datum_area(scenario, frame, waters, chosen).centre
            places = [point.position for point in scenario.origin.points]
            x, y = frame.to_xy_m([p.lon_deg for p in places], [p.lat_deg for p in places])
            away = centre[0] - (x[0] + x[-1]) / 2, centre[1] - (y[0] + y[-1]) / 2
            lines.append(tuple((float(a + away[0]), float(b + away[1])) for a, b in zip(x, y, strict=True)))
    return tuple(lines)


def _strips(
    object_types: tuple[str, ...], scenario: Scenario, crews: list[Crew], area: DatumArea
) -> list[Shape | None]:
    """Strips across the area's longer side, one a unit, as wide as its share of the effort."""
    primary = max(scenario.objects, key=lambda share: share.weight).type_key
    column = object_types.index(primary)
    efforts_m2 = [_effort_m2(crew, column, area.centre) for crew in crews]
    total_m2 = sum(efforts_m2)
    if total_m2 <= 0:
        return [None] * len(crews)
    fs = optimal_search_factor(total_m2, area.probable_error_m, area.track_length_m)
    half_m = fs * area.probable_error_m
    length_m, width_m = area.track_length_m + 2 * half_m, 2 * half_m
    coverage = total_m2 / (length_m * width_m)
    shapes: list[Shape | None] = []
    done_m = -length_m / 2
    for crew, effort_m2 in zip(crews, efforts_m2, strict=True):
        share_m = length_m * effort_m2 / total_m2
        middle_m = done_m + share_m / 2
        done_m += share_m
        if effort_m2 <= 0:
            shapes.append(None)
            continue
        lengthwise = share_m >= width_m
        shapes.append(
            Shape(
                Pattern.PARALLEL_SWEEP,
                area.centre[0] + middle_m * float(np.cos(area.along_rad)),
                area.centre[1] + middle_m * float(np.sin(area.along_rad)),
                heading_rad=area.along_rad + (0.0 if lengthwise else 0.5 * pi),
                length_m=share_m if lengthwise else width_m,
                spacing_m=float(crew.width_m[column]) / coverage,
            )
        )
    return shapes


def _effort_m2(crew: Crew, column: int, datum: Point) -> float:
    """Z = W V T with T = 0.85 of the time on scene."""
    out_s = hypot(datum[0] - crew.start[0], datum[1] - crew.start[1]) / crew.unit.transit_speed_mps
    arrival_s = crew.departs_s + out_s
    home_s = hypot(datum[0] - crew.home[0], datum[1] - crew.home[1]) / crew.unit.transit_speed_mps
    on_scene_s = min(crew.leave_by_s, crew.endurance_until_s - home_s) - max(arrival_s, crew.search_from_s)
    search_s = SEARCH_ENDURANCE_FRACTION * max(0.0, on_scene_s)
    return float(crew.width_m[column]) * crew.unit.search_speed_mps * search_s


def _shared_out(crews: tuple[Crew, ...], weights: np.ndarray) -> list[int]:
    """Units to scenarios so that effort follows weight: the strongest unit to whoever lacks most."""
    strength = np.array([crew.widest_m * crew.unit.search_speed_mps for crew in crews])
    wanted = weights / weights.sum() * strength.sum()
    choice = [0] * len(crews)
    for number in np.argsort(-strength, kind="stable"):
        scenario = int(np.argmax(wanted))
        choice[int(number)] = scenario
        wanted[scenario] -= strength[number]
    return choice


def _open_pieces(legs: NDArray[np.float64], crew: Crew) -> NDArray[np.float64]:
    """The legs without the kilometres that meet something closed at their time."""
    pieces = []
    for leg in legs:
        count = max(1, ceil(hypot(leg[2] - leg[0], leg[3] - leg[1]) / 1000.0))
        ends = np.linspace(leg[[0, 1, 4]], leg[[2, 3, 5]], count + 1)
        clear = [
            crew.room.closed_to_search(a[2], b[2]).clear((a[0], a[1]), (b[0], b[1]))
            for a, b in pairwise(ends)
        ]
        for open_here, run in groupby(range(count), key=clear.__getitem__):
            if open_here:
                kilometres = tuple(run)
                a, b = ends[kilometres[0]], ends[kilometres[-1] + 1]
                pieces.append((a[0], a[1], b[0], b[1], a[2], b[2], 1.0))
    return np.array(pieces, dtype=np.float64).reshape(-1, 7)


def _unhindered(crew: Crew) -> Crew:
    """The manual's areas are drawn before coast and danger areas are looked at."""
    return replace(crew, room=open_room(crew.start, crew.home, crew.room.span_s))
