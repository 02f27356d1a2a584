"""The seas of the examination: where its cases lie, and the wind, current and coast that they meet there.

Winds and currents are constant, those of the sample sea, or made up from a mean, a shear, an eddy, a tide
and a front that turns the wind. The coast is the real one. Each sea has one frame and one box, so that its
coast is read once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sarex.case.model import ConstantVelocity, ForcingPreference, Position, SampleSea
from sarex.clock import to_posix_s
from sarex.environment import Environment, is_land
from sarex.environment.coast import gather_coast
from sarex.environment.gather import gather_members
from sarex.environment.model import Box, Coast, ForcingMember, ForcingSource, VelocityField
from sarex.environment.quantities import CURRENT
from sarex.environment.request import FieldRequest
from sarex.geo import LocalFrame
from sarex.units import HOUR_S

HALF_BOX_M = 140_000.0
"""Two windows of drift stay inside; what does not has left the forcing, for the forecaster and in truth."""
_SPACING_M = 5_000.0
_LATE_S = 600.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sea:
    """A part of the world's seas; the frame of its cases has its origin there, at whole degrees."""

    name: str
    lon_deg: float
    lat_deg: float

    @property
    def frame(self) -> LocalFrame:
        return LocalFrame(self.lon_deg, self.lat_deg)


SEAS = (
    Sea("East Sea / Sea of Japan", 132.0, 37.0),
    Sea("Korea Strait", 129.0, 34.0),
    Sea("Yellow Sea", 124.0, 36.0),
    Sea("East China Sea", 126.0, 30.0),
    Sea("Sea of Okhotsk", 146.0, 50.0),
    Sea("South China Sea", 115.0, 14.0),
    Sea("Philippine Sea", 131.0, 18.0),
    Sea("Java Sea", 111.0, -5.0),
    Sea("Bay of Bengal", 88.0, 14.0),
    Sea("Arabian Sea", 65.0, 17.0),
    Sea("Gulf of Aden", 48.0, 12.0),
    Sea("Mozambique Channel", 41.0, -18.0),
    Sea("South of Africa", 24.0, -36.0),
    Sea("Southern Indian Ocean", 70.0, -48.0),
    Sea("Great Australian Bight", 131.0, -34.0),
    Sea("Coral Sea", 152.0, -17.0),
    Sea("Tasman Sea", 160.0, -38.0),
    Sea("Fiji, on the dateline", 180.0, -18.0),
    Sea("Chatham Islands, on the dateline", -179.0, -44.0),
    Sea("Bering Sea, on the dateline", 180.0, 58.0),
    Sea("Chukchi Sea, on the dateline", 179.0, 71.0),
    Sea("Line Islands", -158.0, 2.0),
    Sea("Hawaii", -157.0, 21.0),
    Sea("Gulf of Alaska", -148.0, 57.0),
    Sea("California", -122.0, 35.0),
    Sea("Gulf of Panama", -80.0, 7.0),
    Sea("Galapagos", -91.0, -2.0),
    Sea("Humboldt Current", -74.0, -30.0),
    Sea("Drake Passage", -64.0, -58.0),
    Sea("Argentine Shelf", -61.0, -44.0),
    Sea("Guanabara", -42.0, -24.0),
    Sea("Gulf of Guinea", 4.0, 3.0),
    Sea("Canary Islands", -17.0, 28.0),
    Sea("Caribbean Sea", -72.0, 15.0),
    Sea("Gulf of Mexico", -89.0, 26.0),
    Sea("Gulf Stream", -70.0, 37.0),
    Sea("Grand Banks", -50.0, 46.0),
    Sea("Davis Strait", -57.0, 66.0),
    Sea("Denmark Strait", -28.0, 67.0),
    Sea("West of Ireland", -13.0, 53.0),
    Sea("Bay of Biscay", -5.0, 45.0),
    Sea("North Sea", 3.0, 57.0),
    Sea("West of Bergen", 4.0, 60.0),
    Sea("Baltic Sea", 19.0, 57.0),
    Sea("Barents Sea", 35.0, 73.0),
    Sea("North of Svalbard", 15.0, 81.0),
    Sea("Ligurian Sea", 8.0, 42.0),
    Sea("Aegean Sea", 25.0, 38.0),
    Sea("Black Sea", 34.0, 43.0),
    Sea("Weddell Sea", -45.0, -66.0),
    Sea("Ross Sea, on the dateline", -179.0, -75.0),
)


@cache
def coast_of(sea: Sea) -> Coast:
    """The real coast of the sea's box."""
    return gather_coast(sea.frame, _box())


def afloat(sea: Sea, position: Position) -> bool:
    """Whether a position is on the water."""
    return not bool(is_land(coast_of(sea), sea.frame, position.lon_deg, position.lat_deg))


def place(sea: Sea, x_m: float, y_m: float) -> Position:
    """The position of a point of the sea's plane."""
    lon_deg, lat_deg = sea.frame.to_lonlat_deg(x_m, y_m)
    return Position(float(lon_deg), float(lat_deg))


def environment_of(
    sea: Sea,
    forcing: ForcingPreference | None,
    start: datetime,
    end: datetime,
    generator: np.random.Generator,
) -> Environment:
    """The sea and the air; winds and currents are made up where the case names no forcing."""
    if forcing is None:
        members, sources = _made_up(start, end, generator)
    else:
        asked = FieldRequest(CURRENT, sea.frame, _box(), start, end)
        members, sources = gather_members(asked, forcing.members)
    return Environment(sea.frame, _box(), members, coast_of(sea), sources)


def random_forcing(generator: np.random.Generator) -> ForcingPreference | None:
    """Constant, the sample sea, or None for what is made up."""
    kind = generator.choice(("constant", "sample", "made up", "made up"))
    if kind == "made up":
        return None
    if kind == "sample":
        return ForcingPreference.single((SampleSea(),), (SampleSea(),))
    current, wind = (_vector(most, generator) for most in (0.7, 14.0))
    return ForcingPreference.single((ConstantVelocity(*current),), (ConstantVelocity(*wind),))


def with_current(environment: Environment, x_mps: float, y_mps: float) -> Environment:
    """The same with a velocity added to the current everywhere: what a forecaster believes who is wrong."""
    added = np.array([x_mps, y_mps], np.float32)
    members = tuple(
        replace(member, current=replace(member.current, velocity_mps=member.current.velocity_mps + added))
        for member in environment.members
    )
    return replace(environment, members=members)


def _box() -> Box:
    return Box(-HALF_BOX_M, -HALF_BOX_M, HALF_BOX_M, HALF_BOX_M)


def _vector(most: float, generator: np.random.Generator) -> tuple[float, float]:
    size, angle = most * generator.random(), generator.uniform(0.0, 2.0 * np.pi)
    return float(size * np.cos(angle)), float(size * np.sin(angle))


def _made_up(
    start: datetime, end: datetime, generator: np.random.Generator
) -> tuple[tuple[ForcingMember, ...], tuple[ForcingSource, ...]]:
    """One member with made-up fields, every hour on nodes 5 km apart."""
    start_s = to_posix_s(start)
    count = int(np.ceil((to_posix_s(end) - start_s + _LATE_S) / HOUR_S)) + 1
    after_s = HOUR_S * np.arange(count, dtype=np.float64)
    nodes = np.arange(-HALF_BOX_M, HALF_BOX_M + 1.0, _SPACING_M)
    grid = nodes[None, None, :], nodes[None, :, None], after_s[:, None, None]
    fields = [
        VelocityField(-HALF_BOX_M, -HALF_BOX_M, _SPACING_M, start_s + after_s, np.stack(parts, axis=-1))
        for parts in (_current(*grid, generator), _wind(*grid, generator))
    ]
    sources = tuple(_made_up_source(name, start, end) for name in ("current", "wind"))
    return (ForcingMember("", 1.0, *fields),), sources


def _current(x_m: Floats, y_m: Floats, after_s: Floats, generator: np.random.Generator) -> list[Floats]:
    """A mean, a shear across a drawn direction, an eddy and a tide."""
    u, v = _vector(0.4, generator)
    a, b = _vector(1.0, generator)
    shear = generator.uniform(0.0, 0.3) / 50_000.0 * (b * x_m - a * y_m)
    radius_m, swirl = generator.uniform(15_000.0, 50_000.0), generator.uniform(-0.4, 0.4)
    dx, dy = (values - at for values, at in zip((x_m, y_m), _vector(40_000.0, generator), strict=True))
    eddy = swirl / radius_m * np.exp(0.5 - (dx**2 + dy**2) / (2.0 * radius_m**2))
    tide = generator.uniform(0.0, 0.3) * np.cos(
        2.0 * np.pi * after_s / 44_714.0 + generator.uniform(0.0, 6.0)
    )
    p, q = _vector(1.0, generator)
    return [
        (u + a * shear - eddy * dy + p * tide).astype(np.float32),
        (v + b * shear + eddy * dx + q * tide).astype(np.float32),
    ]


def _wind(x_m: Floats, y_m: Floats, after_s: Floats, generator: np.random.Generator) -> list[Floats]:
    """A mean that a front turns as it passes, and that grows to one side."""
    u, v = _vector(13.0, generator)
    a, b = _vector(1.0, generator)
    turn = np.radians(generator.uniform(-70.0, 70.0))
    arrives_s = generator.uniform(0.0, 20.0) * HOUR_S + (a * x_m + b * y_m) / generator.uniform(8.0, 15.0)
    angle = turn * 0.5 * (1.0 + np.tanh((after_s - arrives_s) / (2.0 * HOUR_S)))
    growth = 1.0 + generator.uniform(-0.3, 0.3) * np.tanh((b * x_m - a * y_m) / 60_000.0)
    return [
        (growth * (u * np.cos(angle) - v * np.sin(angle))).astype(np.float32),
        (growth * (u * np.sin(angle) + v * np.cos(angle))).astype(np.float32),
    ]


def _made_up_source(quantity: str, start: datetime, end: datetime) -> ForcingSource:
    return ForcingSource(
        quantity=quantity,
        label="made up",
        description="made up for the examination",
        valid_from=start,
        valid_until=end,
        produced_at=None,
        synthetic=True,
        share=1.0,
    )
