"""Twins: does the truth lie inside the contours as often as they say, when the truth is a draw of the model?

    python benchmarks/twins.py [SETUPS] [TRUTHS]

Set-ups differ in current (mean, shear, tide and inertial turning), wind (synoptic turning and a daily
cycle), object class and error of the last known position. In each, one cloud is drifted and truths are drawn
with other seeds; the cloud's contours (`sarex.probability`) are asked whether they hold them.

Table 1: the truth from the same model. Tables 2 and 3: the truth with an unknown persistent error, its
strength (0.7 to 1.3 of ours) and memory (0.4 to 2.5 of ours; 10 to 60 h) drawn anew in every set-up; ours
next to two versions of ourselves, one whose errors never change, one whose errors are forgotten at every
step, and to the error of the leeway alone. So that areas compare at one hit rate, every version has one
safety factor, the same for all set-ups and hours, by which its clouds are widened about their means until its
95 % contours hold as many truths as ours do.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from sarex.case.model import DriftSettings
from sarex.drift import DriftEnsemble, Tracks, drift_seeds, plain_traits
from sarex.drift.axis import TimeAxis
from sarex.drift.leeway import leeway_table
from sarex.drift.origins import Origins
from sarex.environment.model import Box, Coast, Environment, ForcingMember, LandRaster, VelocityField
from sarex.geo import LocalFrame
from sarex.probability import contours, map_probability

START = datetime(2026, 5, 1, tzinfo=UTC)
FRAME = LocalFrame(132.0, 37.0)
HOURS = (6, 24, 72)
LEVELS = (0.5, 0.75, 0.9, 0.95)
PARTICLES = 3000
CLASSES = ("PIW-1", "LIFE-RAFT-DB-10", "PERSON-POWERED-VESSEL-1", "SAILBOAT-2", "FISHING-VESSEL-1")
HALF_M, SPACING_M = 400_000.0, 10_000.0

OUR_MEMORY_H = DriftSettings().error_memory_s / 3600.0
MEMORIES_H = ((0.4 * OUR_MEMORY_H, 2.5 * OUR_MEMORY_H), (10.0, 60.0))
"""Of the truths' errors: around ours, and as long as the literature's (25.7 h) and longer."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SetUp:
    """One case: its sea, its object and how well its last position is known."""

    sea: Environment
    leeway: Floats
    sigma_m: float


def draw_set_up(generator: np.random.Generator) -> SetUp:
    """A sea that changes in space and time, and an object in it."""
    hours = np.arange(HOURS[-1] + 2.0)
    nodes = np.arange(-HALF_M, HALF_M + 1.0, SPACING_M)
    y_m, x_m = np.meshgrid(nodes, nodes, indexing="ij")
    current = _mean_and_waves(
        generator, hours, x_m, y_m, mean=0.3, waves=((12.42, 0.3), (19.9, 0.2)), shear=3e-6
    )
    wind = _mean_and_waves(
        generator, hours, x_m, y_m, mean=6.0, waves=((90.0, 5.0), (24.0, 2.0)), shear=1.5e-5
    )
    water = LandRaster(-HALF_M, -HALF_M, HALF_M / 80, np.zeros((160, 160), np.uint8))
    box = Box(-HALF_M, -HALF_M, HALF_M, HALF_M)
    members = (ForcingMember("", 1.0, current, wind),)
    sea = Environment(FRAME, box, members, Coast(shapely.MultiPolygon(), water, "no coast"), ())
    return SetUp(sea, leeway_table([generator.choice(CLASSES)]), generator.uniform(1000.0, 6000.0))


def _mean_and_waves(
    generator: np.random.Generator,
    hours: Floats,
    x_m: Floats,
    y_m: Floats,
    *,
    mean: float,
    waves: tuple[tuple[float, float], ...],
    shear: float,
) -> VelocityField:
    """A mean, turning parts of given period (h) and strength (m/s), and a gradient (1/s) of no divergence."""
    parts = np.zeros((2, hours.size, *x_m.shape))
    parts += generator.normal(0.0, mean, 2)[:, None, None, None]
    for period_h, strength in waves:
        phase = 2.0 * np.pi * (hours / period_h + generator.random()) * generator.choice([-1.0, 1.0])
        across = generator.uniform(-1.0, 1.0)
        parts[0] += (strength * np.cos(phase))[:, None, None]
        parts[1] += (strength * across * np.sin(phase))[:, None, None]
    stretch, turn, along = generator.normal(0.0, shear, 3)
    reach_m = 150_000.0
    gentle_x, gentle_y = reach_m * np.tanh(x_m / reach_m), reach_m * np.tanh(y_m / reach_m)
    parts[0] += stretch * gentle_x + (along - turn) * gentle_y
    parts[1] += (along + turn) * gentle_x - stretch * gentle_y
    times_s = START.timestamp() + 3600.0 * hours
    return VelocityField(
        -HALF_M, -HALF_M, SPACING_M, times_s, np.ascontiguousarray(np.moveaxis(parts, 0, -1), np.float32)
    )


def drift(set_up: SetUp, settings: DriftSettings, particles: int, seed: int) -> Tracks:
    """A cloud of the set-up, kept at HOURS only in what follows."""
    generator = np.random.default_rng(seed)
    place = generator.normal(0.0, set_up.sigma_m, (2, particles))
    none = np.zeros(particles, np.int16)
    origins = Origins(
        place[0],
        place[1],
        np.full(particles, START.timestamp()),
        np.full(particles, 1.0 / particles),
        none,
        none,
    )
    axis = TimeAxis(START.timestamp(), HOURS[-1] * 6, 600.0, float("inf"))
    return drift_seeds(set_up.sea, origins, plain_traits(set_up.leeway), settings, axis, seed)


@dataclass(frozen=True)
class Regions:
    """Contours of one cloud at one hour, in the plane."""

    mean_m: Floats
    shapes: dict[float, shapely.Geometry]
    areas_m2: dict[float, float]

    def hold(self, level: float, x_m: Floats, y_m: Floats, widened: float = 1.0) -> NDArray[np.bool_]:
        """Whether the contour, widened about the cloud's mean, holds points."""
        x = self.mean_m[0] + (x_m - self.mean_m[0]) / widened
        y = self.mean_m[1] + (y_m - self.mean_m[1]) / widened
        lon_deg, lat_deg = FRAME.to_lonlat_deg(x, y)
        return np.asarray(shapely.contains_xy(self.shapes[level], lon_deg, lat_deg))


def regions(tracks: Tracks, hour: int) -> Regions:
    """The contours as every product of Sarex has them."""
    count = len(tracks.x_m)
    none = np.zeros(count, np.int16)
    at = START + timedelta(hours=hour)
    ensemble = DriftEnsemble(
        frame=FRAME,
        times_s=np.array([at.timestamp()]),
        x_m=tracks.x_m[:, [hour]],
        y_m=tracks.y_m[:, [hour]],
        status=tracks.status[:, [hour]],
        weight=np.full(count, 1.0 / count),
        scenario=none,
        object_type=none,
        released_s=np.full(count, START.timestamp()),
        scenario_names=("",),
        object_types=("",),
        member=none,
        member_names=("",),
        in_water_from_s=np.full(count, np.nan),
    )
    found = contours(map_probability(ensemble, at, at), LEVELS)
    return Regions(
        np.array([ensemble.x_m.mean(), ensemble.y_m.mean()]),
        {contour.level_frac: contour.polygons_lonlat for contour in found},
        {contour.level_frac: contour.area_m2 for contour in found},
    )


def same_model(set_ups: int, truths: int, particles: int = PARTICLES) -> Floats:
    """Share of truths held, (hour, level, set-up)."""
    held = np.empty((len(HOURS), len(LEVELS), set_ups))
    for number in range(set_ups):
        set_up = draw_set_up(np.random.default_rng([1, number]))
        cloud = drift(set_up, DriftSettings(), particles, 2 * number)
        truth = drift(set_up, DriftSettings(), truths, 2 * number + 1)
        for i, hour in enumerate(HOURS):
            found = regions(cloud, hour)
            for j, level in enumerate(LEVELS):
                held[i, j, number] = found.hold(level, *_at(truth, hour)).mean()
    return held


def _at(truth: Tracks, hour: int) -> tuple[Floats, Floats]:
    return truth.x_m[:, hour].astype(float), truth.y_m[:, hour].astype(float)


VERSIONS: dict[str, DriftSettings] = {
    "ours": DriftSettings(),
    "errors never change": DriftSettings(error_memory_s=1e12),
    "errors forgotten at each step": DriftSettings(error_memory_s=60.0),
    "error of the leeway alone": DriftSettings(
        current_error_mps=0.0, current_error_growth=0.0, wind_error_mps=0.0
    ),
}


@dataclass(frozen=True)
class Comparison:
    """One version in all set-ups at all hours."""

    found: list[tuple[Regions, Floats, Floats]]

    def hit_rate(self, widened: float = 1.0) -> float:
        """Share of truths in the 95 % contour."""
        return float(np.mean([r.hold(0.95, x, y, widened).mean() for r, x, y in self.found]))

    def area_km2(self, widened: float = 1.0) -> float:
        """Geometric mean over set-ups and hours."""
        return float(np.exp(np.mean([np.log(r.areas_m2[0.95] / 1e6) for r, _, _ in self.found])) * widened**2)

    def factor_for(self, hit_rate: float) -> float:
        """The safety factor with which it hits so often."""
        return _solve(lambda widened: self.hit_rate(widened) - hit_rate, 0.3, 30.0)


def _solve(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(24):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return high


def unknown_error(
    set_ups: int, truths: int, memory_h: tuple[float, float], particles: int = PARTICLES
) -> dict[str, Comparison]:
    """Every version against truths whose error has a strength and a memory of its own in each set-up."""
    found: dict[str, list[tuple[Regions, Floats, Floats]]] = {name: [] for name in VERSIONS}
    for number in range(set_ups):
        generator = np.random.default_rng([2, number])
        set_up = draw_set_up(generator)
        strength = generator.uniform(0.7, 1.3)
        ours = VERSIONS["ours"]
        theirs = replace(
            ours,
            current_error_mps=ours.current_error_mps * strength,
            current_error_growth=ours.current_error_growth * strength,
            wind_error_mps=ours.wind_error_mps * strength,
            error_memory_s=3600.0 * float(np.exp(generator.uniform(*np.log(memory_h)))),
        )
        truth = drift(set_up, theirs, truths, 2 * number + 1)
        for name, settings in VERSIONS.items():
            cloud = drift(set_up, settings, particles, 2 * number)
            for hour in HOURS:
                found[name].append((regions(cloud, hour), *_at(truth, hour)))
    return {name: Comparison(rows) for name, rows in found.items()}


def main(set_ups: int = 400, truths: int = 25) -> None:
    """Print both tables."""
    held = same_model(set_ups, truths)
    print(f"Truth from the same model: {set_ups} set-ups, {truths} truths each, {PARTICLES} particles")
    print("hour   " + "".join(f"{100 * level:>14.0f} %" for level in LEVELS))
    for hour, rows in zip(HOURS, held, strict=True):
        error = rows.std(axis=1) / np.sqrt(set_ups)
        shown = "".join(
            f"  {100 * m:6.2f} +- {100 * e:4.2f}" for m, e in zip(rows.mean(axis=1), error, strict=True)
        )
        print(f"{hour:4d} h  {shown}")
    for memory_h in MEMORIES_H:
        _print_comparison(unknown_error(set_ups, truths, memory_h), memory_h)


def _print_comparison(compared: dict[str, Comparison], memory_h: tuple[float, float]) -> None:
    goal = compared["ours"].hit_rate()
    print(
        f"\nTruth with an unknown persistent error, memory {memory_h[0]:.1f} to {memory_h[1]:.1f} h, "
        f"95 % contour, hours {HOURS} together"
    )
    print(f"{'':32}{'hit rate':>9}{'km2':>9}{'factor':>9}{'km2 at ours':>13}   by hour")
    for name, version in compared.items():
        factor = version.factor_for(goal)
        by_hour = (Comparison(version.found[k :: len(HOURS)]).hit_rate() for k in range(len(HOURS)))
        print(
            f"{name:32}{100 * version.hit_rate():8.1f}%{version.area_km2():9.0f}{factor:9.2f}"
            f"{version.area_km2(factor):13.0f}   " + "".join(f"{100 * rate:6.1f}" for rate in by_hour)
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
