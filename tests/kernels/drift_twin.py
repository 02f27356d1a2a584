"""The physics of one drifting particle, slowly, in double precision and plain Python.

It shares no code with the kernel and goes other ways where there are some: the plane's stretch by radius
and angle instead of a matrix, the coast by every line of the raster that the path crosses instead of cell
by cell.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_MASK = 0xFFFFFFFF
ACTIVE, STRANDED, OUTSIDE, UNRELEASED = 0, 1, 2, 3
ERRORS, JIBE, CAPSIZE, REFLOAT, AT_FIRST = 0, 1, 2, 3, 4


def hash32(counter: int) -> int:
    h = counter & _MASK
    h ^= h >> 16
    h = h * 0x21F0AAAD & _MASK
    h ^= h >> 15
    h = h * 0xD35A2D97 & _MASK
    return h ^ (h >> 15)


def bits_of(number: int, seed: int, stream: int, step: int) -> int:
    """32 random bits of a particle in a step of a stream."""
    stream_key = hash32(seed ^ ((stream + 1) * 0x85EBCA6B & _MASK))
    step_key = hash32(stream_key + (step * 0xC2B2AE35 & _MASK))
    return hash32((number * 0x9E3779B9 & _MASK) ^ step_key)


def byte_deviates(bits: int) -> list[float]:
    """Four numbers of mean 0 and variance 1, each from a byte that is uniform on 0..255."""
    return [(byte - 127.5) / math.sqrt(65535.0 / 12.0) for byte in bits.to_bytes(4, "little")]


@dataclass(frozen=True)
class World:
    """What is alike for all particles; velocities are (x, y, grid) with hourly planes."""

    current: Any
    wind: Any
    cells: Any
    land_grid: Any
    seed: int
    step_s: float = 600.0
    steps: int = 30
    known_steps: int = 10**9
    memory_s: float = 25.7 * 3600.0
    sigma: tuple[float, float] = (0.0, 0.0)
    growth: float = 0.0
    over_water: float = 0.0
    jibe_threshold: int = 0
    refloat_threshold: int = 0
    capsize_exponent: float = 0.0
    stretch: float = 0.0


@dataclass(frozen=True)
class Start:
    """One particle before the first step."""

    number: int
    place: tuple[float, float]
    released_s: float
    leeway: tuple[float, ...]
    on_right: bool
    error: tuple[float, ...]
    """Four, in units of their standard deviation."""
    may_capsize: bool = False


def sample(flow: Any, hours: float, x: float, y: float) -> tuple[float, float]:
    """Trilinear; NaN outside."""
    *parts, grid = flow
    fx, fy = (x - grid[0]) / grid[2], (y - grid[1]) / grid[2]
    times, rows, columns = parts[0].shape
    if not (0.0 <= fx <= columns - 1 and 0.0 <= fy <= rows - 1):
        return math.nan, math.nan
    k = min(int(hours), times - 2)
    j, i = min(int(fy), rows - 2), min(int(fx), columns - 2)
    totals = [0.0, 0.0]
    for dk, dj, di in ((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)):
        weight = abs(1 - dk - (hours - k)) * abs(1 - dj - (fy - j)) * abs(1 - di - (fx - i))
        for axis in (0, 1):
            totals[axis] += weight * float(parts[axis][k + dk, j + dj, i + di])
    return totals[0], totals[1]


def leeway_velocity(world: World, place, leeway, right: bool, wind) -> tuple[float, float]:
    """Down and across a wind given in the plane, measured and turned on the earth."""
    d2 = place[0] ** 2 + place[1] ** 2
    angle = math.atan2(place[1], place[0])
    outward, around = math.sqrt(1 + world.stretch * d2), math.sqrt(1 - world.stretch * d2)
    c, s = math.cos(angle), math.sin(angle)
    out, ccw = (wind[0] * c + wind[1] * s) * outward, (wind[1] * c - wind[0] * s) * around
    speed, toward = math.hypot(out, ccw), math.atan2(ccw, out)
    along = leeway[0] * speed + leeway[1]
    across = leeway[2] * speed + leeway[3] if right else leeway[4] * speed + leeway[5]
    out = (along * math.cos(toward) + across * math.sin(toward)) / outward
    ccw = (along * math.sin(toward) - across * math.cos(toward)) / around
    return out * c - ccw * s, out * s + ccw * c


def drift_one(start: Start, world: World) -> tuple[list[tuple[float, float, int]], int]:
    """Track [(x, y, status)] of a particle, and the step at whose end it had capsized (-1: never)."""
    dt, (x, y) = world.step_s, start.place
    leeway, right, error = list(start.leeway), start.on_right, list(start.error)
    status = STRANDED if _in_land(world, x, y) else UNRELEASED
    kept = math.exp(-abs(dt) / world.memory_s)
    before, capsized = (0.0, 0.0), -1
    track = [(x, y, status)]
    for step in range(world.steps):
        hours = (step + 0.5) * abs(dt) / 3600.0
        share = min(max(((step + 1) * abs(dt) - start.released_s) / abs(dt), 0.0), 1.0)
        if status == UNRELEASED and share > 0:
            status = ACTIVE
            before = sample(world.current, hours, x, y)
        deviates = byte_deviates(bits_of(start.number, world.seed, ERRORS, step))
        error = [kept * e + math.sqrt(1 - kept**2) * d for e, d in zip(error, deviates, strict=True)]
        tries = bits_of(start.number, world.seed, REFLOAT, step) < world.refloat_threshold
        if status == ACTIVE or (status == STRANDED and tries):
            right ^= bits_of(start.number, world.seed, JIBE, step) < world.jibe_threshold
        if status == STRANDED and tries:
            before, share = (0.0, 0.0), 1.0
        if status == ACTIVE or (status == STRANDED and tries):
            middle = (x + 0.5 * dt * share * before[0], y + 0.5 * dt * share * before[1])
            u, v = sample(world.current, hours, *middle)
            sigma = math.sqrt(world.sigma[0] ** 2 + world.growth**2 * (u * u + v * v))
            water = (u + sigma * error[0], v + sigma * error[1])
            air = [
                w + world.sigma[1] * e
                for w, e in zip(sample(world.wind, hours, *middle), error[2:], strict=True)
            ]
            felt = [a - world.over_water * w for a, w in zip(air, water, strict=True)]
            known = step < world.known_steps and not math.isnan(sum(water) + sum(felt))
            if known:
                pushed = leeway_velocity(world, (x, y), leeway, right, felt)
                before = (water[0] + pushed[0], water[1] + pushed[1])
                x, y, aground = _way(world, x, y, share * dt * before[0], share * dt * before[1])
                status = STRANDED if aground else ACTIVE
                chance = 0.5 + 0.5 * math.tanh((math.hypot(*air) - 30.0) / 5.0)
                chance = 1.0 - (1.0 - chance) ** (world.capsize_exponent * share)
                lot = bits_of(start.number, world.seed, CAPSIZE, step)
                if start.may_capsize and capsized < 0 and lot < chance * _MASK:
                    capsized, leeway = step + 1, [0.4 * part for part in leeway]
            elif status == ACTIVE:
                status = OUTSIDE
        track.append((x, y, status))
    return track, capsized


def _in_land(world: World, x: float, y: float) -> bool:
    left, lower, cell = world.land_grid
    row, column = math.floor((y - lower) / cell), math.floor((x - left) / cell)
    rows, columns = world.cells.shape
    return 0 <= row < rows and 0 <= column < columns and world.cells[row, column] == 2


def _way(world: World, x: float, y: float, dx: float, dy: float) -> tuple[float, float, bool]:
    """As far as the first stretch between two lines of the raster that runs through land."""
    left, lower, cell = world.land_grid
    shares = [0.0, 1.0]
    for at, ahead, edge in ((x, dx, left), (y, dy, lower)):
        low, high = sorted(((at - edge) / cell, (at + ahead - edge) / cell))
        lines = range(math.ceil(low), math.floor(high) + 1)
        shares += [(edge + line * cell - at) / ahead for line in lines if ahead != 0]
    shares.sort()
    for begin, end in pairwise(shares):
        middle = 0.5 * (begin + end)
        if (end - begin) * math.hypot(dx, dy) > 1e-6 and _in_land(world, x + middle * dx, y + middle * dy):
            return x + begin * dx, y + begin * dy, True
    return x + dx, y + dy, False
