"""Random cases for the examination: case n of a seed is always the same.

Positions lie over the world's seas, high latitudes and the dateline among them. One to four kinds of object
drift in one to three scenarios of every origin that a forward drift may have; wind, current and the settings
of the forcing error vary; one to five units of mixed kinds have three to ten hours. How wide they sweep is
fitted later (`examination_effort`), so that promises are spread over the whole range.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from sarex.case.model import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    Case,
    Conditions,
    CrossingBearings,
    DangerArea,
    DriftSettings,
    ErrorEllipse,
    ForcingPreference,
    LastKnownPosition,
    ObjectShare,
    Origin,
    Position,
    Scenario,
    SearchUnit,
    SearchWindow,
    Trackline,
    TrackPoint,
    UnitKind,
)
from sarex.clock import from_posix_s
from sarex.drift.draws import draw_of
from sarex.drift.origins import first_release_s
from sarex.drift.reach import check_places
from sarex.environment import Environment
from sarex.environment.field import on_land
from sarex.environment.model import LAND
from sarex.errors import CaseError
from sarex.exercise.examination.seas import SEAS, Sea, afloat, environment_of, place, random_forcing
from sarex.geo.frame import WGS84
from sarex.randomness import child_generator, child_seed
from sarex.units import HOUR_S

PARTICLES = 3_000
OBJECTS = (
    # leeway class, sweep width of a helicopter at its usual height, m
    ("PIW-1", 350.0), ("PIW-4", 450.0), ("LIFE-RAFT-DB-10", 2500.0), ("LIFE-RAFT-DB-15", 2500.0),
    ("LIFE-RAFT-SB-6", 2300.0), ("LIFE-RAFT-NB-1", 2000.0), ("LIFE-CAPSULE", 2600.0), ("SKIFF-2", 2800.0),
    ("SKIFF-3", 900.0), ("SPORT-BOAT", 3500.0), ("FISHING-VESSEL-1", 6000.0), ("SAILBOAT-1", 6500.0),
    ("PERSON-POWERED-VESSEL-1", 900.0), ("PERSON-POWERED-VESSEL-2", 600.0), ("COASTAL-FREIGHTER", 8000.0),
)  # fmt: skip
KINDS = (
    # kind, width to a helicopter's, transit and search speed m/s, endurance h, heights m, turn radius m
    (UnitKind.HELICOPTER, 1.0, (60, 75), (35, 50), (3, 6), (91.4, 152.4, 304.8), 500.0),
    (UnitKind.FIXED_WING, 0.8, (100, 140), (60, 95), (5, 10), (152.4, 304.8, 457.2), 1500.0),
    (UnitKind.SHIP, 1.1, (8, 14), (5, 9), (24, 60), (0.0,), 300.0),
    (UnitKind.UNCREWED_AIRCRAFT, 0.5, (25, 40), (18, 25), (3, 9), (91.4, 152.4), 150.0),
    (UnitKind.UNCREWED_SURFACE_CRAFT, 0.6, (5, 9), (3, 6), (15, 40), (0.0,), 50.0),
)
_MOST_DRAWS = 60
_SAMPLE = 256
_LEAST_AFLOAT = 0.25
"""Share of an origin that must be on the water."""
_TABLES_FRAC = 0.15
"""Share of crewed units that sweep as wide as the tables say, and are not fitted."""

Generator = np.random.Generator


@dataclass(frozen=True)
class ExaminationCase:
    """A case, what its objects really drift in, and the promise that its fleet should be able to make."""

    number: int
    sea: str
    case: Case
    environment: Environment
    """Reaches to the end of a second window as long as the first."""
    wanted_pos: float
    """What the sweep widths are to be fitted to."""


def random_examination_case(seed: int, number: int) -> ExaminationCase:
    """Case `number` of a seed.

    Raises:
        CaseError: no case could be drawn whose origins and ships are afloat.
    """
    name = f"case {number}"
    sea = SEAS[int(child_generator(seed, "examination", name, "sea").integers(len(SEAS)))]
    for attempt in range(_MOST_DRAWS):
        generator = child_generator(seed, "examination", name, f"attempt {attempt}")
        forcing = random_forcing(generator)
        wanted_pos = _wanted_pos(seed, number)
        case = _Draw(generator, sea, wanted_pos).case(
            name, child_seed(seed, "examination", name) >> 1, forcing
        )
        second_end = case.window.end + (case.window.end - case.window.start) + timedelta(minutes=20)
        start = from_posix_s(first_release_s(case) // 600.0 * 600.0)
        try:
            environment = environment_of(sea, forcing, start, second_end, generator)
            check_places(case, environment)
        except CaseError:
            continue
        if not _afloat(case, environment):
            continue
        return ExaminationCase(number, sea.name, case, environment, wanted_pos)
    raise CaseError(
        f"{name} of seed {seed}: no origin afloat was found in {_MOST_DRAWS} draws in {sea.name}. "
        "Take another seed."
    )


def _afloat(case: Case, environment: Environment) -> bool:
    """Whether every origin lies on the water for a good part: draws on land are not drawn again for ever."""
    for scenario in case.scenarios:
        draw = draw_of(scenario.name, scenario.origin, environment.frame)
        x_m, y_m, _ = draw(_SAMPLE, np.random.default_rng(0))
        if np.mean(on_land(environment.coast.raster, x_m, y_m) != LAND) < _LEAST_AFLOAT:
            return False
    return True


def _wanted_pos(seed: int, number: int) -> float:
    """Even over the range, a little denser at its ends, which plans miss more often than they hit."""
    drawn = child_generator(seed, "examination", f"case {number}", "wanted").beta(0.8, 0.7)
    return 0.04 + 0.95 * float(drawn)


class _Draw:
    """The parts of one case, drawn in turn from one generator.

    Where more is to be promised there are more units, and less doubt about where the drift began.
    """

    def __init__(self, generator: Generator, sea: Sea, wanted_pos: float) -> None:
        self.random, self.sea, self.wanted_pos = generator, sea, wanted_pos
        self.doubt = 1.4 - 0.9 * wanted_pos
        self.release = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=int(generator.integers(525_600)))
        self.middle_m = self.off(25_000.0)

    def case(self, name: str, seed: int, forcing: ForcingPreference | None) -> Case:
        random = self.random
        waits_h, lasts_h = random.uniform(1.0, 8.0), random.uniform(3.0, 10.0)
        start = self.release + timedelta(hours=waits_h)
        window = SearchWindow(start, start + timedelta(hours=lasts_h))
        widths = self.objects()
        return Case(
            id=f"EXAMINATION-{name.replace(' ', '-')}",
            title=f"Examination, {name}: {self.sea.name}",
            exercise=True,
            seed=seed,
            scenarios=self.scenarios(tuple(widths), window),
            forcing=forcing or ForcingPreference.single((), ()),
            window=window,
            units=tuple(
                self.unit(n, widths, window)
                for n in range(1 + int(random.binomial(4, 0.1 + 0.75 * self.wanted_pos)))
            ),
            conditions=Conditions(
                visibility_m=random.uniform(4_000.0, 25_000.0), wave_height_m=random.uniform(0.2, 2.0)
            ),
            danger_areas=(self.danger(window),) if random.random() < 0.25 else (),
            drift=self.drift(),
        )

    def drift(self) -> DriftSettings:
        random = self.random
        return DriftSettings(
            particles=PARTICLES,
            jibing_per_hour=random.uniform(0.0, 0.1),
            current_error_mps=random.uniform(0.08, 0.35),
            wind_error_mps=random.uniform(0.8, 3.0),
            error_memory_s=random.uniform(3.0, 26.0) * HOUR_S,
            current_error_growth=random.uniform(0.0, 0.6),
            wind_over_water=bool(random.random() < 0.8),
            refloating_per_hour=float(random.choice((0.0, 0.0, 0.3))),
        )

    def objects(self) -> dict[str, float]:
        """Leeway classes with the width that a helicopter sweeps for them."""
        chosen = self.random.choice(len(OBJECTS), int(self.random.integers(1, 5)), replace=False)
        return {OBJECTS[int(n)][0]: OBJECTS[int(n)][1] for n in chosen}

    def scenarios(self, keys: tuple[str, ...], window: SearchWindow) -> tuple[Scenario, ...]:
        random = self.random
        count = int(random.integers(1, 4))
        weights = random.dirichlet(np.full(count, 3.0))
        traits = {key: (bool(random.random() < 0.15), float(random.choice((0.5, 0.5, 0.3)))) for key in keys}
        drawn = []
        for number in range(count):
            own = [key for key in keys if random.random() < 0.7] or [keys[number % len(keys)]]
            shares = random.dirichlet(np.full(len(own), 2.0))
            objects = tuple(
                ObjectShare(key, float(share), *traits[key]) for key, share in zip(own, shares, strict=True)
            )
            origin = self.origin(window)
            drawn.append(Scenario(f"scenario {number + 1}", float(weights[number]), origin, objects))
        return tuple(drawn)

    def origin(self, window: SearchWindow) -> Origin:
        kinds: tuple[Callable[[datetime, datetime], Origin], ...] = (
            self.position, self.position, self.track, self.area, self.line, self.crossing, self.beacon,
        )  # fmt: skip
        start = self.release + timedelta(hours=self.random.uniform(0.0, 1.0))
        latest_h = (window.end - start).total_seconds() / HOUR_S
        hours = min(self.random.uniform(0.0, 3.0), latest_h)
        return kinds[int(self.random.integers(len(kinds)))](start, start + timedelta(hours=hours))

    def position(self, start: datetime, end: datetime) -> Origin:
        return LastKnownPosition(
            self.near(6_000.0), self.doubt * self.random.uniform(500.0, 7_000.0), start, end
        )

    def track(self, start: datetime, end: datetime) -> Origin:
        count = int(self.random.integers(2, 5))
        end = max(end, start + timedelta(minutes=40))
        at = [start + (end - start) * n / (count - 1) for n in range(count)]
        errors = self.doubt * self.random.uniform(500.0, 4_000.0, count)
        return Trackline(
            tuple(
                TrackPoint(self.near(18_000.0), instant, float(error))
                for instant, error in zip(at, errors, strict=True)
            )
        )

    def area(self, start: datetime, end: datetime) -> Origin:
        error_m = float(self.random.choice((0.0, 1_500.0)))
        return Area(
            self.polygon(8_000.0, self.doubt * self.random.uniform(5_000.0, 15_000.0)), error_m, start, end
        )

    def line(self, start: datetime, end: datetime) -> Origin:
        farthest_m = self.doubt * self.random.uniform(8_000.0, 25_000.0)
        bearing = self.bearing(self.near(25_000.0), self.near(4_000.0), self.random.uniform(1.0, 6.0))
        near_m = self.random.uniform(0.0, 0.5) * farthest_m
        return BearingLine(
            Bearing(bearing.observer, bearing.observer_error_m, bearing.toward_deg,
                    bearing.bearing_error_deg, near_m, farthest_m), start, end,
        )  # fmt: skip

    def crossing(self, start: datetime, end: datetime) -> Origin:
        """Two observers who see the same place under about a right angle."""
        to, angle = self.off(4_000.0) + self.middle_m, self.random.uniform(0.0, 2.0 * np.pi)
        bearings = []
        for turn in (0.0, self.random.uniform(0.8, 2.2)):
            away = self.random.uniform(15_000.0, 40_000.0) * np.array(
                [np.cos(angle + turn), np.sin(angle + turn)]
            )
            error_deg = self.random.uniform(1.0, 4.0)
            bearings.append(self.bearing(place(self.sea, *(to + away)), place(self.sea, *to), error_deg))
        return CrossingBearings(tuple(bearings), start, end)

    def beacon(self, start: datetime, end: datetime) -> Origin:
        image = self.ellipse() if self.random.random() < 0.5 else None
        probability = self.random.uniform(0.1, 0.5) if image is not None else 0.0
        return BeaconFix(self.ellipse(), image, probability, start, end)

    def ellipse(self) -> ErrorEllipse:
        major_m = self.doubt * self.random.uniform(2_000.0, 7_000.0)
        minor_m = major_m * self.random.uniform(0.3, 1.0)
        return ErrorEllipse(self.near(20_000.0), major_m, minor_m, self.random.uniform(0.0, 180.0))

    def bearing(self, observer: Position, to: Position, error_deg: float) -> Bearing:
        toward_deg, _, _ = WGS84.inv(observer.lon_deg, observer.lat_deg, to.lon_deg, to.lat_deg)
        return Bearing(observer, self.random.uniform(0.0, 500.0), float(toward_deg) % 360.0, error_deg)

    def unit(self, number: int, widths: dict[str, float], window: SearchWindow) -> SearchUnit:
        random = self.random
        kind, share, transit, search, hours, heights, radius_m = KINDS[int(random.integers(len(KINDS)))]
        position = self.port(kind, random.uniform(5_000.0, 25_000.0 if transit[1] < 20 else 80_000.0))
        fitted = not kind.flies or random.random() > _TABLES_FRAC
        given = {key: width * share * random.uniform(0.7, 1.3) for key, width in widths.items()}
        return SearchUnit(
            name=f"Unit {number + 1}", nation=str(random.choice(("JP", "KR"))), kind=kind, position=position,
            transit_speed_mps=random.uniform(*transit), search_speed_mps=random.uniform(*search),
            endurance_s=HOUR_S * random.uniform(*hours), sensor="visual",
            altitude_m=float(random.choice(heights)), eye_height_m=None if kind.flies else 10.0,
            available_from=window.start + timedelta(hours=random.uniform(-2.0, 1.0)), home=position,
            turn_radius_m=radius_m, sweep_width_m=given if fitted else {},
        )  # fmt: skip

    def port(self, kind: UnitKind, distance_m: float) -> Position:
        """Where a unit stands: ships afloat, aircraft anywhere."""
        for _ in range(_MOST_DRAWS):
            angle = self.random.uniform(0.0, 2.0 * np.pi)
            at = self.middle_m + distance_m * np.array([np.cos(angle), np.sin(angle)])
            found = place(self.sea, *at)
            if kind.flies or afloat(self.sea, found):
                break
        return found

    def danger(self, window: SearchWindow) -> DangerArea:
        start = window.start + timedelta(hours=self.random.uniform(-2.0, 3.0))
        corners = self.polygon(20_000.0, self.random.uniform(2_000.0, 6_000.0))
        hours = timedelta(hours=self.random.uniform(1.0, 4.0))
        return DangerArea(
            "Firing area", corners, start, start + hours, 0.0, float(self.random.choice((100.0, 2000.0)))
        )

    def polygon(self, within_m: float, radius_m: float) -> tuple[Position, ...]:
        middle = self.middle_m + self.off(within_m)
        angles = 2.0 * np.pi * np.arange(6) / 6.0 + self.random.uniform(0.0, 1.0)
        radii = radius_m * self.random.uniform(0.5, 1.0, 6)
        return tuple(
            place(self.sea, middle[0] + r * np.cos(a), middle[1] + r * np.sin(a))
            for r, a in zip(radii, angles, strict=True)
        )

    def near(self, within_m: float) -> Position:
        return place(self.sea, *(self.middle_m + self.off(self.doubt * within_m)))

    def off(self, within_m: float) -> np.ndarray:
        angle, distance_m = self.random.uniform(0.0, 2.0 * np.pi), within_m * self.random.random()
        return distance_m * np.array([np.cos(angle), np.sin(angle)])
