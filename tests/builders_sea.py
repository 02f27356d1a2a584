"""Small seas made by hand, for the tests of drift, planning and update: constants or functions on a grid,
no files, no coast but what a test draws."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from shapely import MultiPolygon, Polygon

from sarex.case.model import (
    Case,
    Conditions,
    ConstantVelocity,
    DriftSettings,
    ForcingPreference,
    LastKnownPosition,
    ObjectShare,
    Position,
    Scenario,
    SearchUnit,
    SearchWindow,
    UnitKind,
)
from sarex.environment.coast import rasterise
from sarex.environment.model import Box, Coast, Environment, ForcingMember, LandRaster, VelocityField
from sarex.geo import LocalFrame
from sarex.kernels import drift as kernel
from sarex.kernels.stranding import clearance
from sarex.planning import Effort
from sarex.tasking import SearchActionPlan
from sarex.update import SearchedTrack, SearchResult

FRAME = LocalFrame(132.0, 37.0)
START = datetime(2026, 5, 1, 6, tzinfo=UTC)
"""Release of the last known position."""
WINDOW = SearchWindow(START + timedelta(hours=4), START + timedelta(hours=7))
SMALL = Effort(lines=1, tries=40, rounds=4, moves=10, shakes=1, polish=2)
"""Enough to get a plan, not a good one."""
QUIET = DriftSettings(
    particles=500,
    jibing_per_hour=0.0,
    current_error_mps=0.0,
    wind_error_mps=0.0,
    current_error_growth=0.0,
    wind_over_water=False,
)

Velocity = tuple[float, float] | Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def place(x_m: float, y_m: float, frame: LocalFrame = FRAME) -> Position:
    lon_deg, lat_deg = frame.to_lonlat_deg(x_m, y_m)
    return Position(float(lon_deg), float(lat_deg))


def field(
    velocity: Velocity, *, half_m: float = 150_000.0, spacing_m: float = 5_000.0, hours: float = 96.0
) -> VelocityField:
    """A steady velocity along the frame's axes on a square grid around the origin."""
    nodes = np.arange(-half_m, half_m + 1.0, spacing_m)
    x_m, y_m = np.meshgrid(nodes, nodes)
    parts = velocity(x_m, y_m) if callable(velocity) else velocity
    velocity_mps = np.stack([np.full((2, *x_m.shape), part, np.float32) for part in parts], axis=-1)
    begin_s = START.timestamp() - 3600.0
    return VelocityField(
        -half_m, -half_m, spacing_m, np.array([begin_s, begin_s + 3600.0 * hours]), velocity_mps
    )


def coast(
    islands_xy_m: Sequence[Polygon] = (), frame: LocalFrame = FRAME, half_m: float = 150_000.0
) -> Coast:
    """Islands drawn in the plane, as polygons and as a raster of 200 m; none by default."""
    polygons = MultiPolygon([_on_the_chart(island, frame) for island in islands_xy_m])
    if not islands_xy_m:
        water = LandRaster(-half_m, -half_m, half_m / 100, np.zeros((200, 200), np.uint8))
        return Coast(polygons, water, "no coast")
    box = Box(-half_m, -half_m, half_m, half_m)
    return Coast(polygons, rasterise(frame, box, 200.0, polygons), "islands drawn for a test")


def _on_the_chart(island_xy_m: Polygon, frame: LocalFrame) -> Polygon:
    """In longitude and latitude, longitudes next to the frame's origin like the real coast's."""
    lon_deg, lat_deg = frame.to_lonlat_deg(*np.array(island_xy_m.segmentize(500.0).exterior.coords).T)
    origin_deg = frame.origin_lon_deg
    return Polygon(np.column_stack([origin_deg + (lon_deg - origin_deg + 180.0) % 360.0 - 180.0, lat_deg]))


def environment(
    current_mps: Velocity = (0.0, 0.0),
    wind_mps: Velocity = (0.0, 0.0),
    *,
    frame: LocalFrame = FRAME,
    islands_xy_m: Sequence[Polygon] = (),
    half_m: float = 150_000.0,
) -> Environment:
    return Environment(
        frame=frame,
        box=Box(-half_m, -half_m, half_m, half_m),
        members=(ForcingMember("", 1.0, field(current_mps, half_m=half_m), field(wind_mps, half_m=half_m)),),
        coast=coast(islands_xy_m, frame, half_m),
        sources=(),
    )


def last_known(
    x_m: float = 0.0,
    y_m: float = 0.0,
    error_m: float = 3000.0,
    *,
    frame: LocalFrame = FRAME,
    hours: float = 0.0,
) -> LastKnownPosition:
    return LastKnownPosition(place(x_m, y_m, frame), error_m, START, START + timedelta(hours=hours))


def scenario(
    origin=None, objects: dict[str, float] | None = None, weight: float = 1.0, name="adrift"
) -> Scenario:
    shares = tuple(ObjectShare(key, part) for key, part in (objects or {"LIFE-RAFT-DB-10": 1.0}).items())
    return Scenario(name, weight, origin or last_known(), shares)


def unit(name: str = "Helicopter", kind: UnitKind = UnitKind.HELICOPTER, **changes) -> SearchUnit:
    """A helicopter 40 km west of the origin unless told otherwise."""
    base = SearchUnit(
        name=name,
        nation="JP",
        kind=kind,
        position=place(-40_000.0, 0.0),
        transit_speed_mps=66.0,
        search_speed_mps=46.0,
        endurance_s=4 * 3600.0,
        sensor="visual",
        altitude_m=152.4,
        eye_height_m=None,
        available_from=WINDOW.start,
        home=place(-40_000.0, 0.0),
        turn_radius_m=400.0,
    )
    if "position" in changes:
        changes.setdefault("home", changes["position"])
    return replace(base, **changes)


def ship(name: str = "Ship", **changes) -> SearchUnit:
    usual = {
        "transit_speed_mps": 12.0,
        "search_speed_mps": 8.0,
        "endurance_s": 48 * 3600.0,
        "altitude_m": 0.0,
    }
    return unit(name, UnitKind.SHIP, **{**usual, "eye_height_m": 12.0, "turn_radius_m": 300.0, **changes})


def case(*scenarios: Scenario, **changes) -> Case:
    base = Case(
        id="T-1",
        title="A test",
        exercise=True,
        seed=1,
        scenarios=scenarios or (scenario(),),
        forcing=ForcingPreference.single((ConstantVelocity(0.0, 0.0),), (ConstantVelocity(0.0, 0.0),)),
        window=WINDOW,
        units=(unit(),),
        conditions=Conditions(visibility_m=18_520.0, wave_height_m=1.0, wind_mps=6.0),
        danger_areas=(),
        drift=DriftSettings(particles=1500),
    )
    return replace(base, **changes)


def flown(plan: SearchActionPlan) -> SearchResult:
    """A plan flown exactly as issued, without a find."""
    return SearchResult(tuple(_flown_track(task) for task in plan.tasks))


def _flown_track(task) -> SearchedTrack:
    legs = [leg for leg in task.legs if leg.searching]
    return SearchedTrack(
        unit_name=task.unit.name,
        start_lonlat_deg=np.array([(leg.start.lon_deg, leg.start.lat_deg) for leg in legs]),
        end_lonlat_deg=np.array([(leg.end.lon_deg, leg.end.lat_deg) for leg in legs]),
        start_s=np.array([leg.start_time.timestamp() for leg in legs]),
        end_s=np.array([leg.end_time.timestamp() for leg in legs]),
        sweep_width_m={key: width.width_m for key, width in task.sweep_widths.items()},
    )


def run_kernel(origin, *, steps: int, step_s: float = 600.0, **given):
    """The drift kernel with still air and water, no land and no errors, but for what is given.

    Fields are (x, y, grid) with x and y of shape (time, y, x) one hour apart. Returns x, y, status, each
    (particle, step + 1).
    """
    origin = np.asarray(origin, float)
    count = origin.shape[0]
    still = (np.zeros((2, 2, 2), np.float32),) * 2 + (np.array([-1e6, -1e6, 2e6]),)
    cells, land_grid = given.get("land", (np.zeros((1, 1), np.uint8), np.array([0.0, 0.0, 1e3])))
    kept = np.exp(-abs(step_s) / given.get("memory_s", 25.7 * 3600.0))
    flows = [_flow(*given.get(name, still), steps, step_s) for name in ("current", "wind")]
    for flow in flows:
        flow.before[given.get("known_steps", steps) :] = -1
    sigma = given.get("sigma", (0.0, 0.0))
    error0 = np.asarray(given.get("error0", np.zeros((count, 4))), float)
    unit_error0 = np.divide(
        error0, np.repeat(sigma, 2), where=np.repeat(sigma, 2) > 0, out=np.zeros((count, 4))
    )
    particles = kernel.Particles(
        place=origin.copy(),
        velocity=np.zeros((count, 2), np.float32),
        error=unit_error0.astype(np.float32),
        on_right=np.asarray(given.get("on_right", np.ones(count, bool))).astype(np.uint8),
        status=np.full(count, kernel.UNRELEASED, np.uint8),
        capsized=np.full(count, -1, np.int32),
        released=np.asarray(given.get("released_s", np.zeros(count)), float),
        leeway=np.asarray(given.get("leeway", np.zeros((count, 6))), np.float32),
        may_capsize=np.asarray(given.get("may_capsize", np.zeros(count)), np.uint8),
    )
    physics = kernel.Physics(
        seed=int(given.get("seed", 1)),
        kept=float(kept),
        renewed=float(np.sqrt(1.0 - kept * kept)),
        current_variance=float(sigma[0]) ** 2,
        current_growth=float(given.get("growth", 0.0)) ** 2,
        wind_sigma=float(sigma[1]),
        over_water=float(given.get("over_water", 0.0)),
        jibe_below=int(given.get("jibe_threshold", 0)),
        refloat_below=int(given.get("refloat_threshold", 0)),
        capsize_exponent=float(given.get("capsize_exponent", 0.0)),
        stretch=float(given.get("stretch", 0.0)),
        tilt=float(given.get("tilt", 0.0)),
    )
    shape = (count, steps + 1)
    x, y, status = np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, np.uint8)
    land = kernel.Land(cells, clearance(cells, float(land_grid[2])), np.asarray(land_grid, float))
    edges = [0, *given.get("stops", ()), steps]
    for first, last in pairwise(edges):
        kernel.drift(
            particles, given.get("first_particle", 0), first, last, float(step_s), np.arange(steps + 1),
            *flows, land, physics, x, y, status,
        )  # fmt: skip
    if "capsized" in given:
        given["capsized"][:] = particles.capsized
    return x, y, status


def _flow(x, y, grid, steps: int, step_s: float) -> kernel.Flow:
    """Hourly planes as the kernel takes them; beyond the last one it goes on as it ended."""
    hours = (np.arange(steps) + 0.5) * abs(step_s) / 3600.0
    before = np.minimum(hours.astype(np.int64), x.shape[0] - 2)
    values = np.ascontiguousarray(np.stack([x, y], axis=-1), np.float32).reshape(-1)
    later = np.clip(hours - before, 0.0, 1.0).astype(np.float32)
    return kernel.Flow(values, *x.shape[1:], *(float(v) for v in grid), before, later)
