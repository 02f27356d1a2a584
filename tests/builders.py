"""Whole, plausible stories made by hand, for the tests of what is written and shown.

Nothing here is a result of the planner: probabilities are invented, geometry and times are consistent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from sarex.case.model import (
    Case,
    Conditions,
    DangerArea,
    DriftSettings,
    ForcingFile,
    ForcingPreference,
    LastKnownPosition,
    ObjectShare,
    Position,
    SampleSea,
    Scenario,
    SearchUnit,
    SearchWindow,
    Trackline,
    TrackPoint,
    UnitKind,
)
from sarex.detection.model import Correction, SweepWidth
from sarex.drift.ensemble import DriftEnsemble, Status
from sarex.environment.model import (
    Box,
    Coast,
    Environment,
    ForcingMember,
    ForcingSource,
    LandRaster,
    VelocityField,
)
from sarex.exchange.chart import Chart
from sarex.geo import LocalFrame
from sarex.planning.model import Activity, Pattern, PlanQuality, UnusedUnit
from sarex.probability.datum import datum_track
from sarex.probability.map import Contour, ProbabilityMap
from sarex.safety import RuleCheck
from sarex.tasking.model import SearchActionPlan, Task, TaskLeg
from sarex.units import ft_to_m, h_to_s, kt_to_mps, nm_to_m

COMPUTED_AT = datetime(2015, 11, 16, 11, 20, 5, tzinfo=UTC)
WINDOW_START = datetime(2015, 11, 16, 12, 0, tzinfo=UTC)
WINDOW_END = datetime(2015, 11, 16, 18, 0, tzinfo=UTC)
RELEASE = datetime(2015, 11, 16, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """A case with everything that the writers and the report are given."""

    case: Case
    environment: Environment
    ensemble: DriftEnsemble
    action_plan: SearchActionPlan
    rules: tuple[RuleCheck, ...]
    maps: tuple[ProbabilityMap, ...]
    contours: tuple[Contour, ...]

    @property
    def chart(self) -> Chart:
        middle = WINDOW_START + (WINDOW_END - WINDOW_START) / 2
        return Chart(
            case=self.case,
            action_plan=self.action_plan,
            contours=self.contours,
            contours_valid_at=middle,
            datum=datum_track(self.ensemble, (WINDOW_START, middle, WINDOW_END)),
            computed_at=COMPUTED_AT,
            synthetic=self.environment.synthetic,
        )


@dataclass(frozen=True)
class Sea:
    """Where a story plays and how it is moved about: everything else is given relative to `middle`."""

    middle: Position
    title: str
    synthetic: bool
    exercise: bool
    coast: MultiPolygon
    unit_names: tuple[str, str, str, str]

    def at(self, east_nm: float, north_nm: float) -> Position:
        lon_deg, lat_deg = self.frame.to_lonlat_deg(nm_to_m(east_nm), nm_to_m(north_nm))
        return Position(float(lon_deg), float(lat_deg))

    @property
    def frame(self) -> LocalFrame:
        return LocalFrame(self.middle.lon_deg, self.middle.lat_deg)


def bergen(names: tuple[str, str, str, str] | None = None, *, exercise: bool = True) -> Story:
    """West of Bergen, on a forecast."""
    coast = MultiPolygon(
        [
            Polygon(
                [(4.95, 59.1), (5.2, 59.3), (5.0, 59.6), (5.1, 59.9), (4.9, 60.3), (6.5, 60.6), (6.5, 58.8)]
            ),
            Polygon([(4.72, 60.02), (4.8, 60.0), (4.83, 60.1), (4.75, 60.13)]),
        ]
    )
    default = ("Rescue helicopter 1", "Patrol aircraft 1", "Destroyer 1", "Drone 1")
    return _story(
        Sea(Position(4.3, 59.8), "Life raft west of Bergen", False, exercise, coast, names or default)
    )


def korea_strait() -> Story:
    """Between Japan and Korea, on the sample sea."""
    coast = MultiPolygon(
        [
            Polygon([(130.7, 37.45), (130.8, 37.43), (130.95, 37.5), (130.9, 37.55), (130.78, 37.55)]),
            Polygon([(132.0, 35.4), (132.6, 35.5), (133.2, 35.6), (133.4, 35.2), (131.8, 34.8)]),
        ]
    )
    names = ("Rescue helicopter Umi", "Patrol aircraft 903", "Destroyer 1", "Drone 1")
    return _story(
        Sea(Position(131.9, 36.3), "Ferry's life raft in the Korea Strait", True, True, coast, names)
    )


def dateline() -> Story:
    """Across the 180th meridian, east of Fiji."""
    coast = MultiPolygon([Polygon([(179.6, -16.3), (179.95, -16.2), (179.9, -16.0), (179.7, -16.0)])])
    names = ("Helicopter", "Aircraft", "Ship", "Drone")
    return _story(Sea(Position(179.98, -16.4), "Yacht overdue", True, True, coast, names))


def _story(sea: Sea) -> Story:
    units = _units(sea)
    case = _case(sea, units)
    ensemble = _ensemble(sea)
    return Story(
        case=case,
        environment=_environment(sea),
        ensemble=ensemble,
        action_plan=_action_plan(sea, case, units),
        rules=(
            RuleCheck("Legs follow each other without a gap", 0, ()),
            RuleCheck("Every unit can return within its endurance", 0, ()),
            RuleCheck(
                "Units at one height keep apart", 1, (f"{units[2].name} and {units[3].name} at 14:10 UTC",)
            ),
        ),
        maps=tuple(
            _map(ensemble, at) for at in (WINDOW_START, WINDOW_START + timedelta(hours=3), WINDOW_END)
        ),
        contours=tuple(_contour(sea, level) for level in (0.5, 0.75, 0.9, 0.95)),
    )


def _units(sea: Sea) -> tuple[SearchUnit, ...]:
    helicopter, aircraft, ship, drone = sea.unit_names
    rows = (
        (helicopter, "JP", UnitKind.HELICOPTER, sea.at(26, 22), 130, 90, 4, 500, None, 884.0),
        (aircraft, "KR", UnitKind.FIXED_WING, sea.at(30, -50), 250, 180, 6, 1000, None, 1769.0),
        (ship, "JP", UnitKind.SHIP, sea.at(-12, -24), 25, 15, 48, 0, 45, 500.0),
        (drone, "JP", UnitKind.UNCREWED_AIRCRAFT, sea.at(-12, -24), 60, 45, 3, 300, None, 300.0),
        ("Minelayer 1", "KR", UnitKind.SHIP, sea.at(60, 80), 18, 12, 48, 0, 35, 500.0),
    )
    return tuple(
        SearchUnit(
            name=name,
            nation=nation,
            kind=kind,
            position=position,
            transit_speed_mps=kt_to_mps(transit_kt),
            search_speed_mps=kt_to_mps(search_kt),
            endurance_s=h_to_s(endurance_h),
            sensor="visual",
            altitude_m=ft_to_m(altitude_ft),
            eye_height_m=None if eye_ft is None else ft_to_m(eye_ft),
            available_from=WINDOW_START,
            home=position,
            turn_radius_m=turn_radius_m,
        )
        for (
            name,
            nation,
            kind,
            position,
            transit_kt,
            search_kt,
            endurance_h,
            altitude_ft,
            eye_ft,
            turn_radius_m,
        ) in rows
    )


def _case(sea: Sea, units: tuple[SearchUnit, ...]) -> Case:
    corners = ((-20, 6), (-8, 6), (-8, 18), (-20, 18))
    choice = SampleSea() if sea.synthetic else ForcingFile("norkyst800_subset_16Nov2015.nc")
    return Case(
        id="EX-2015-0001",
        title=sea.title,
        exercise=sea.exercise,
        seed=20151116,
        scenarios=(
            Scenario(
                "abandoned at the last known position",
                0.7,
                LastKnownPosition(sea.at(0, 0), nm_to_m(3), RELEASE, RELEASE + timedelta(hours=1)),
                (ObjectShare("LIFE-RAFT-DB-10", 0.75), ObjectShare("PIW-1", 0.25)),
            ),
            Scenario(
                "lost somewhere along the planned track",
                0.3,
                Trackline(
                    (
                        TrackPoint(sea.at(0, 0), RELEASE, nm_to_m(2)),
                        TrackPoint(sea.at(-9, 30), RELEASE + timedelta(hours=3), nm_to_m(5)),
                    )
                ),
                (ObjectShare("LIFE-RAFT-DB-10", 1.0),),
            ),
        ),
        forcing=ForcingPreference.single((choice,), (choice,)),
        window=SearchWindow(WINDOW_START, WINDOW_END),
        units=units,
        conditions=Conditions(visibility_m=nm_to_m(10), wave_height_m=ft_to_m(5)),
        danger_areas=(
            DangerArea(
                "Firing area A",
                tuple(sea.at(east, north) for east, north in corners),
                WINDOW_START - timedelta(hours=2),
                WINDOW_END + timedelta(hours=2),
                0.0,
                ft_to_m(5000),
            ),
        ),
        drift=DriftSettings(particles=4000),
    )


def _ensemble(sea: Sea) -> DriftEnsemble:
    rng = np.random.default_rng(7)
    particles = 4000
    times_s = np.arange(RELEASE.timestamp(), WINDOW_END.timestamp() + 1, 600.0)
    hours = (times_s - times_s[0]) / 3600.0
    along = (rng.random(particles) < 0.3).astype(np.int16)
    share = rng.random(particles) * along
    start_x = nm_to_m(2.5) * rng.standard_normal(particles) - nm_to_m(9) * share
    start_y = nm_to_m(2.5) * rng.standard_normal(particles) + nm_to_m(30) * share
    drift_x = 0.25 + 0.12 * rng.standard_normal(particles)
    drift_y = 0.30 + 0.12 * rng.standard_normal(particles)
    x_m = start_x[:, None] + 3600.0 * drift_x[:, None] * hours
    y_m = start_y[:, None] + 3600.0 * drift_y[:, None] * hours
    status = np.where(x_m > nm_to_m(14.0), Status.STRANDED, Status.ACTIVE).astype(np.uint8)
    return DriftEnsemble(
        frame=sea.frame,
        times_s=times_s,
        x_m=np.minimum(x_m, nm_to_m(14.0)).astype(np.float32),
        y_m=y_m.astype(np.float32),
        status=status,
        weight=np.full(particles, 1.0 / particles),
        scenario=along,
        object_type=np.where(along == 1, 0, rng.random(particles) < 0.25).astype(np.int16),
        released_s=np.full(particles, times_s[0]),
        scenario_names=("abandoned at the last known position", "lost somewhere along the planned track"),
        object_types=("LIFE-RAFT-DB-10", "PIW-1"),
        member=np.zeros(particles, np.int16),
        member_names=("",),
        in_water_from_s=np.full(particles, np.nan),
    )


def _environment(sea: Sea) -> Environment:
    grid = VelocityField(
        -1e5,
        -1e5,
        1e5,
        np.array([0.0, 1.0]),
        np.zeros((2, 3, 3, 2), np.float32),
    )
    valid = (RELEASE - timedelta(hours=5), WINDOW_END + timedelta(hours=6))
    made = "computed by Sarex" if sea.synthetic else "Norwegian Meteorological Institute"
    sources = tuple(
        ForcingSource(
            quantity=quantity,
            label="sample sea" if sea.synthetic else label,
            description=f"{title}, {made}",
            valid_from=valid[0],
            valid_until=valid[1],
            produced_at=None if sea.synthetic else RELEASE - timedelta(hours=5),
            synthetic=sea.synthetic,
            share=1.0,
        )
        for quantity, label, title in (
            ("current", "norkyst800_subset_16Nov2015.nc", "NorKyst-800m"),
            ("wind", "arome_subset_16Nov2015.nc", "AROME MetCoOp"),
        )
    )
    raster = LandRaster(-1e5, -1e5, 1e5, np.zeros((2, 2), np.uint8))
    return Environment(
        frame=sea.frame,
        box=Box(-1e5, -1e5, 1e5, 1e5),
        members=(ForcingMember("", 1.0, grid, grid),),
        coast=Coast(sea.coast, raster, "hand-made coast"),
        sources=sources,
    )


def _action_plan(sea: Sea, case: Case, units: tuple[SearchUnit, ...]) -> SearchActionPlan:
    helicopter, aircraft, ship, drone, minelayer = units
    tasks = (
        _task(
            sea,
            helicopter,
            Pattern.PARALLEL_SWEEP,
            (5.0, 6.5),
            60.0,
            ladder=(12.0, 11, 0.8),
            chances=(0.41, 0.62),
        ),
        _task(
            sea,
            aircraft,
            Pattern.CREEPING_LINE,
            (1.0, 27.0),
            -15.0,
            ladder=(20.0, 13, 1.4),
            chances=(0.23, 0.55),
        ),
        _task(
            sea, ship, Pattern.PARALLEL_SWEEP, (-2.0, -8.0), 40.0, ladder=(9.0, 5, 1.0), chances=(0.08, 0.8)
        ),
        _task(
            sea,
            drone,
            Pattern.EXPANDING_SQUARE,
            (12.0, -4.0),
            10.0,
            ladder=(4.0, 7, 0.4),
            chances=(0.05, 0.004),
        ),
    )
    return SearchActionPlan(
        case_id=case.id,
        case_title=case.title,
        exercise=case.exercise,
        seed=case.seed,
        window_start=WINDOW_START,
        window_end=WINDOW_END,
        tasks=tasks,
        unused=(UnusedUnit(minelayer, "reaches the area after the search window has closed"),),
        quality=PlanQuality(0.638, 0.527, 0.716, 0.874, 0.687, 0.742, 0.481),
        on_scene_wind_mps=kt_to_mps(17.0),
    )


def _task(
    sea: Sea,
    unit: SearchUnit,
    pattern: Pattern,
    middle_nm: tuple[float, float],
    toward_deg: float,
    *,
    ladder: tuple[float, int, float],
    chances: tuple[float, float],
) -> Task:
    length_nm, number, spacing_nm = ladder
    corners = _ladder(sea, middle_nm, toward_deg, ladder)
    legs = _legs(sea, unit, corners)
    searching = [leg for leg in legs if leg.searching]
    half = (length_nm / 2 + spacing_nm / 2, number * spacing_nm / 2)
    box = ((-half[0], -half[1]), (half[0], -half[1]), (half[0], half[1]), (-half[0], half[1]))
    poc, pod = chances
    return Task(
        unit=unit,
        pattern=pattern,
        area=tuple(sea.at(*_turned(point, middle_nm, toward_deg)) for point in box),
        commence_search_point=searching[0].start,
        track_spacing_m=nm_to_m(spacing_nm),
        coverage=0.9,
        sweep_widths=_sweep_widths(spacing_nm),
        poc=poc,
        pod=pod,
        pos=poc * pod,
        legs=legs,
        departs=legs[0].start_time,
        on_scene=searching[0].start_time,
        off_scene=searching[-1].end_time,
        return_by=searching[-1].end_time + timedelta(minutes=40),
        endurance_until=WINDOW_START + timedelta(seconds=unit.endurance_s),
        briefing=f"{unit.name}: fly {pattern} from the CSP, {number} legs, spacing {spacing_nm} nm.",
    )


def _sweep_widths(spacing_nm: float) -> dict[str, SweepWidth]:
    raft_m, person_m = nm_to_m(0.9 * spacing_nm), nm_to_m(0.1 * spacing_nm)
    corrections = (
        Correction("weather", 0.9, "wind 17 kt, waves 5 ft, object group 1"),
        Correction("speed", 1.0, "search speed within the table"),
    )
    return {
        "LIFE-RAFT-DB-10": SweepWidth(
            raft_m, raft_m / 0.9, corrections, "USCG 2013, raft 10 persons", ("height rounded to 500 ft",)
        ),
        "PIW-1": SweepWidth(person_m, person_m / 0.9, corrections, "USCG 2013, person in water"),
    }


def _turned(
    point: tuple[float, float], middle: tuple[float, float], toward_deg: float
) -> tuple[float, float]:
    """A point given along and left of the legs' direction, in miles east and north."""
    angle = np.radians(90.0 - toward_deg)
    along, left = point
    return (
        middle[0] + along * float(np.cos(angle)) - left * float(np.sin(angle)),
        middle[1] + along * float(np.sin(angle)) + left * float(np.cos(angle)),
    )


def _ladder(
    sea: Sea, middle: tuple[float, float], toward_deg: float, ladder: tuple[float, int, float]
) -> list[Position]:
    length_nm, number, spacing_nm = ladder
    points = []
    for index in range(number):
        left = (index - (number - 1) / 2) * spacing_nm
        ends = [(-length_nm / 2, left), (length_nm / 2, left)]
        points.extend(ends if index % 2 == 0 else ends[::-1])
    return [sea.at(*_turned(point, middle, toward_deg)) for point in points]


def _legs(sea: Sea, unit: SearchUnit, corners: Sequence[Position]) -> tuple[TaskLeg, ...]:
    legs = []
    at = unit.available_from
    for index, (start, end) in enumerate(pairwise([unit.position, *corners])):
        activity = Activity.TRANSIT if index == 0 else (Activity.SEARCH, Activity.TURN)[(index + 1) % 2]
        speed_mps = unit.transit_speed_mps if index == 0 else unit.search_speed_mps
        until = at + timedelta(seconds=_distance_m(sea, start, end) / speed_mps)
        legs.append(TaskLeg(start, end, at, until, activity))
        at = until
    return tuple(legs)


def _distance_m(sea: Sea, start: Position, end: Position) -> float:
    x_m, y_m = sea.frame.to_xy_m([start.lon_deg, end.lon_deg], [start.lat_deg, end.lat_deg])
    return float(np.hypot(x_m[1] - x_m[0], y_m[1] - y_m[0]))


def _map(ensemble: DriftEnsemble, at: datetime) -> ProbabilityMap:
    index = int(np.argmin(np.abs(ensemble.times_s - at.timestamp())))
    stranded = float(ensemble.weight[ensemble.status[:, index] == Status.STRANDED].sum())
    bins = {
        "afloat": 1.0 - stranded,
        "ashore": stranded,
        "outside_forcing": 0.0,
        "not_yet_released": 0.0,
        "found": 0.0,
    }
    return ProbabilityMap(at, COMPUTED_AT, ensemble.frame, 0.0, 0.0, 1000.0, np.zeros((2, 2)), bins)


def _contour(sea: Sea, level: float) -> Contour:
    """Ellipses round the two clouds; a normal cloud holds 1 - exp(-r^2/2) within r sigma."""
    reach = float(np.sqrt(-2.0 * np.log(1.0 - level)))
    angle = np.linspace(0.0, 2.0 * np.pi, 73)[:-1]
    rings = []
    for east_nm, north_nm, sigma_east_nm, sigma_north_nm in ((5.4, 6.5, 3.4, 3.4), (1.0, 22.0, 3.6, 8.0)):
        x_m = nm_to_m(1.0) * (east_nm + reach * sigma_east_nm * np.cos(angle))
        y_m = nm_to_m(1.0) * (north_nm + reach * sigma_north_nm * np.sin(angle))
        rings.append(Polygon(np.column_stack((x_m, y_m))))
    plane = shapely.union_all(rings)
    parts = [
        Polygon(np.column_stack(sea.frame.to_lonlat_deg(*np.array(part.exterior.coords).T)))
        for part in shapely.get_parts(plane)
    ]
    return Contour(level, float(plane.area), MultiPolygon(parts))
