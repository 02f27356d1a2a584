"""Random fleets, islands and danger areas, each drawn from one seed, and the plans made for them.

A varied case has sorties, sensors for one light, other sensors, draughts, shoals and satellites' looks as
well; what it shares with the plain case of the same seed is drawn alike.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from shapely import Point, Polygon

from builders_sea import SMALL, START, case, environment, place, scenario, unit
from sarex.case.model import (
    DangerArea,
    DriftSettings,
    LastKnownPosition,
    Light,
    SatelliteLook,
    SearchWindow,
    Sensor,
    Shoal,
    Trackline,
    TrackPoint,
    UnitKind,
)
from sarex.drift import drift_ensemble
from sarex.geo import LocalFrame
from sarex.planning import Belief, plan_search
from sarex.tasking import issue_tasks

KINDS = (
    # kind, transit and search speed m/s, endurance h, heights m, turn radius m
    (UnitKind.HELICOPTER, (60, 75), (35, 50), (2, 5), (91.4, 152.4, 304.8), 500.0),
    (UnitKind.FIXED_WING, (100, 140), (60, 95), (4, 9), (152.4, 304.8, 457.2), 1500.0),
    (UnitKind.SHIP, (8, 14), (5, 9), (12, 60), (0.0,), 300.0),
    (UnitKind.UNCREWED_AIRCRAFT, (25, 40), (18, 25), (1, 4), (91.4, 152.4), 150.0),
    (UnitKind.UNCREWED_SURFACE_CRAFT, (5, 9), (3, 6), (8, 30), (0.0,), 50.0),
)


class RandomCase:
    """A sea with an island, a danger area and one to five units, all drawn from one seed."""

    def __init__(self, seed: int, *, varied: bool = False) -> None:
        self.rng = np.random.default_rng(seed)
        self.frame = LocalFrame(
            float(self.rng.choice((-180.0, 4.0, 132.0))), float(self.rng.uniform(-62, 62))
        )
        self.window = SearchWindow(
            START + timedelta(hours=3), START + timedelta(hours=3 + self.rng.uniform(2, 6))
        )
        self.island = self.blob(self.rng.uniform(9_000, 18_000), self.rng.uniform(2000, 6000))
        flows = self.rng.uniform(-0.5, 0.5, 2), self.rng.uniform(-8, 8, 2)
        self.sea = environment(
            tuple(flows[0]), tuple(flows[1]), frame=self.frame, islands_xy_m=[self.island], half_m=100_000.0
        )
        self.case = case(
            *self.scenarios(),
            seed=seed,
            window=self.window,
            units=tuple(self.unit(number) for number in range(int(self.rng.integers(1, 6)))),
            danger_areas=(self.danger(),),
            drift=DriftSettings(particles=1500),
        )
        if varied:
            self.rng = np.random.default_rng((seed, 1))
            self.case = replace(
                self.case,
                units=tuple(self.varied(one) for one in self.case.units),
                shoals=tuple(self.shoal(number) for number in range(int(self.rng.integers(0, 3)))),
                looks=tuple(self.look(number) for number in range(int(self.rng.integers(0, 3)))),
            )

    def varied(self, one):
        """The same unit with several sorties, and sensors that work by day or by night."""
        rng = self.rng
        hours = rng.uniform(0.8, 2.5)
        changes = {
            "sorties": int(rng.integers(1, 4)), "turnaround_s": 3600.0 * rng.uniform(0.2, 1.0),
            "endurance_s": min(one.endurance_s, 3600.0 * hours) if one.kind.flies else one.endurance_s,
            "light": rng.choice((Light.ANY, Light.DAY, Light.NIGHT)),
            "draught_m": None if one.kind.flies else float(rng.choice((1.0, 4.0, 8.0))),
        }  # fmt: skip
        if rng.random() < 0.5:
            width_m = {"LIFE-RAFT-DB-10": rng.uniform(300, 3000), "PIW-1": rng.uniform(0, 600)}
            changes["other_sensors"] = (
                Sensor("infrared", width_m, rng.choice((Light.ANY, Light.DAY, Light.NIGHT))),
            )
        return replace(one, **changes)

    def shoal(self, number):
        area = self.blob(self.rng.uniform(3000, 20_000), self.rng.uniform(1500, 5000))
        while any(area.distance(Point(self.xy(given.position))) < 1500.0 for given in self.case.units):
            area = self.blob(self.rng.uniform(3000, 20_000), self.rng.uniform(1500, 5000))
        return Shoal(f"Bank {number}", self.corners(area), float(self.rng.choice((2.0, 6.0))))

    def look(self, number):
        area = self.blob(self.rng.uniform(0, 8000), self.rng.uniform(3000, 20_000))
        span = self.window.end - self.window.start
        return SatelliteLook(
            f"Pass {number}", "JP", self.window.start + self.rng.uniform(0, 1) * span, self.corners(area),
            {"LIFE-RAFT-DB-10": self.rng.uniform(0.1, 0.9), "PIW-1": self.rng.uniform(0.0, 0.3)},
        )  # fmt: skip

    def xy(self, position):
        return tuple(float(v) for v in self.frame.to_xy_m(position.lon_deg, position.lat_deg))

    def corners(self, area):
        return tuple(place(x, y, self.frame) for x, y in np.array(area.exterior.coords)[:-1])

    def at(self, distance_m):
        angle = self.rng.uniform(0, 2 * np.pi)
        return distance_m * np.array([np.cos(angle), np.sin(angle)])

    def blob(self, distance_m, radius_m):
        angles = np.linspace(0, 2 * np.pi, 12)[:-1]
        radii = radius_m * self.rng.uniform(0.6, 1.0, 11)
        return Polygon(
            self.at(distance_m) + np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
        )

    def scenarios(self):
        fix = LastKnownPosition(
            place(0.0, 0.0, self.frame), self.rng.uniform(1500, 6000), START, START + timedelta(hours=1)
        )
        mixture = {"LIFE-RAFT-DB-10": 0.7, "PIW-1": 0.3}
        if self.rng.random() < 0.5:
            return (scenario(fix, mixture),)
        track = Trackline(
            tuple(
                TrackPoint(place(*self.at(d), self.frame), START + timedelta(hours=h), 2000.0)
                for d, h in ((1000.0, 0.0), (7000.0, 2.0))
            )
        )
        return scenario(fix, mixture, 0.6, "fix"), scenario(track, {"LIFE-RAFT-DB-10": 1.0}, 0.4, "track")

    def unit(self, number):
        kind, transit, search, hours, heights, radius_m = KINDS[int(self.rng.integers(len(KINDS)))]
        where = self.at(self.rng.uniform(8_000, 50_000))
        while self.island.distance(Point(where)) < 4000.0:
            where = self.at(self.rng.uniform(8_000, 50_000))
        return unit(
            f"Unit {number}", kind, position=place(*where, self.frame),
            transit_speed_mps=self.rng.uniform(*transit),
            search_speed_mps=self.rng.uniform(*search), endurance_s=3600.0 * self.rng.uniform(*hours),
            altitude_m=float(self.rng.choice(heights)), eye_height_m=None if kind.flies else 10.0,
            turn_radius_m=radius_m, available_from=START + timedelta(hours=self.rng.uniform(0, 4)),
        )  # fmt: skip

    def danger(self):
        area = self.blob(self.rng.uniform(4000, 15_000), self.rng.uniform(2000, 5000))
        begin = self.window.start + timedelta(hours=self.rng.uniform(-2, 2))
        return DangerArea(
            "Firing area", self.corners(area), begin,
            begin + timedelta(hours=self.rng.uniform(1, 4)), 0.0, float(self.rng.choice((100.0, 2000.0))),
        )  # fmt: skip

    def planned(self):
        belief = Belief(*(
            drift_ensemble(self.case, self.sea, until=self.window.end, purpose=purpose)
            for purpose in ("reported", "rehearsal")
        ))  # fmt: skip
        plan = plan_search(self.case, self.sea, belief, SMALL)
        return belief, plan, issue_tasks(self.case, self.frame, plan)
