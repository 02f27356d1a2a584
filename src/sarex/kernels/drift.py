"""Drift of a block of particles through wind and current: bare numbers in, bare numbers out.

One step of one particle: sample wind and current at the middle of the step (position predicted with the
velocity of the step before, which keeps the scheme second order with one look-up a step), add the
persistent errors, add the leeway, move, look for land on the way.

Particles go in blocks of 128 whose loops LLVM can vectorise; a block's answer depends only on the block.
The kernel runs on one core and releases the interpreter's lock; the room above runs pieces side by side.
No fast-math: contracted or reordered sums differ between code compiled just now and code from the cache.
"""

import numpy as np
from numba import njit

from sarex.kernels.random import hash32, standard_deviate

ACTIVE, STRANDED, OUTSIDE, UNRELEASED = 0, 1, 2, 3
BLOCK = 128
_LAND = 2
_STREAMS = 5


@njit(inline="always")
def _bilinear(field, row, column, weight_y, weight_x):  # type: ignore[no-untyped-def]
    """Value between four nodes of a (y, x) plane."""
    a = field[row, column]
    b = field[row, column + 1]
    c = field[row + 1, column]
    d = field[row + 1, column + 1]
    lower = a + weight_x * (b - a)
    upper = c + weight_x * (d - c)
    return lower + weight_y * (upper - lower)


@njit(inline="always")
def _on_land(cells, x0, y0, inverse_spacing, x, y):  # type: ignore[no-untyped-def]
    column = int(np.floor((x - x0) * inverse_spacing))
    row = int(np.floor((y - y0) * inverse_spacing))
    inside = 0 <= row < cells.shape[0] and 0 <= column < cells.shape[1]
    return inside and cells[row, column] == _LAND


@njit
def _strand(land, land_grid, x_from, y_from, x_to, y_to):  # type: ignore[no-untyped-def]
    """Fraction of the way at which the path first meets land; 2 if it does not."""
    inverse_spacing = 1.0 / land_grid[2]
    length = np.sqrt((x_to - x_from) ** 2 + (y_to - y_from) ** 2)
    pieces = int(length * inverse_spacing * 2.0) + 1
    for piece in range(1, pieces + 1):
        ahead = piece / pieces
        x = x_from + ahead * (x_to - x_from)
        y = y_from + ahead * (y_to - y_from)
        if _on_land(land, land_grid[0], land_grid[1], inverse_spacing, x, y):
            low, high = (piece - 1) / pieces, ahead
            for _ in range(12):
                middle = 0.5 * (low + high)
                x = x_from + middle * (x_to - x_from)
                y = y_from + middle * (y_to - y_from)
                if _on_land(land, land_grid[0], land_grid[1], inverse_spacing, x, y):
                    high = middle
                else:
                    low = middle
            return high
    return 2.0


@njit(nogil=True, cache=True, error_model="numpy")
def drift(  # type: ignore[no-untyped-def]
    origin,  # (particle, 2) m
    released_s,  # (particle,) seconds after the first step
    leeway,  # (particle, 6) float32: downwind a, b; right a, b; left a, b in (m/s)/(m/s) and m/s
    on_right,  # (particle,) bool, True where it starts right of downwind
    error0,  # (particle, 4) float32 m/s: current x, y; wind x, y at the first step
    first_particle,  # number of the first particle in the ensemble, for its random numbers
    seed,  # uint32
    step_s,
    steps,
    output_every,
    error_memory,  # (2,) exp(-dt/T) and sigma sqrt(1 - exp(-2 dt/T)) multipliers for unit sigma
    error_sigma,  # (2,) current, wind m/s
    jibe_threshold,  # uint32: a jibe when the bits are below it
    current_x,
    current_y,  # (time, y, x) float32 m/s
    current_grid,  # (3,) x0, y0, spacing
    current_time,  # (step, 2) lower time index and weight of the upper
    wind_x,
    wind_y,
    wind_grid,
    wind_time,
    land,  # (y, x) uint8
    land_grid,  # (3,) left, lower, spacing
    x_out,
    y_out,  # (particle, output) float32
    status_out,  # (particle, output) uint8
):
    """Drift all particles; times count from the first step, velocities are along the plane's axes."""
    particles = origin.shape[0]
    # of one block: position, velocity of the step before, persistent errors, samples and states
    x, y = np.empty(BLOCK, np.float64), np.empty(BLOCK, np.float64)
    vx, vy = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    error = np.zeros((4, BLOCK), np.float32)
    current, wind = np.empty((2, BLOCK), np.float32), np.empty((2, BLOCK), np.float32)
    fraction = np.empty(BLOCK, np.float32)
    side, status = np.empty(BLOCK, np.bool_), np.empty(BLOCK, np.uint8)
    for start in range(0, particles, BLOCK):
        n = min(BLOCK, particles - start)
        _begin(origin, released_s, on_right, error0, start, n, x, y, side, error, status)
        _strand_at_once(land, land_grid, x, y, n, status)
        for i in range(n):
            _sample(current_x, current_y, current_grid, current_time[0], x, y, i, current)
            # the first step has no step before it: start from the velocity at the origin
            vx[i], vy[i] = current[0, i], current[1, i]
        _write(x, y, status, start, n, 0, x_out, y_out, status_out)
        for step in range(steps):
            for i in range(n):
                moving = min(max(((step + 1) * step_s - released_s[start + i]) / step_s, 0.0), 1.0)
                if status[i] == UNRELEASED and moving > 0.0:
                    status[i] = ACTIVE
                    _sample(current_x, current_y, current_grid, current_time[step], x, y, i, current)
                    vx[i], vy[i] = current[0, i], current[1, i]
                fraction[i] = moving if status[i] == ACTIVE else 0.0
            _renew(
                first_particle + start, n, step, seed, error_memory, error_sigma, jibe_threshold, error, side
            )
            at = current_time[step]
            _gather(current_x, current_y, current_grid, at, x, y, vx, vy, fraction, step_s, n, current)
            _gather(wind_x, wind_y, wind_grid, wind_time[step], x, y, vx, vy, fraction, step_s, n, wind)
            _set_velocity(current, wind, error, leeway[start : start + n], side, vx, vy)
            _move(land, land_grid, fraction, step_s, n, x, y, vx, vy, status)
            if (step + 1) % output_every == 0:
                _write(x, y, status, start, n, (step + 1) // output_every, x_out, y_out, status_out)


@njit(inline="always")
def _begin(  # type: ignore[no-untyped-def]
    origin, released_s, on_right, error0, start, n, x, y, side, error, status
):
    """Set a block of particles to where and how they begin."""
    for i in range(n):
        p = start + i
        x[i], y[i] = origin[p, 0], origin[p, 1]
        side[i] = on_right[p]
        for j in range(4):
            error[j, i] = error0[p, j]
        status[i] = UNRELEASED if released_s[p] > 0.0 else ACTIVE


@njit(inline="always")
def _strand_at_once(land, land_grid, x, y, n, status):  # type: ignore[no-untyped-def]
    """What begins on land is ashore."""
    for i in range(n):
        if _on_land(land, land_grid[0], land_grid[1], 1.0 / land_grid[2], x[i], y[i]):
            status[i] = STRANDED


@njit
def _renew(  # type: ignore[no-untyped-def]
    first_particle, n, step, seed, error_memory, error_sigma, jibe_threshold, error, side
):
    """One step of the persistent errors (Ornstein-Uhlenbeck, discretised exactly) and of jibing."""
    for i in range(n):
        counter = np.uint32((np.uint32(first_particle + i) * np.uint32(0x9E3779B9)) ^ np.uint32(seed))
        counter = hash32(counter) + np.uint32(step * _STREAMS)
        for j in range(4):
            deviate = standard_deviate(hash32(counter + np.uint32(j)))
            sigma = error_sigma[0] if j < 2 else error_sigma[1]
            error[j, i] = np.float32(error_memory[0] * error[j, i] + error_memory[1] * sigma * deviate)
        if hash32(counter + np.uint32(4)) < jibe_threshold:
            side[i] = not side[i]


@njit
def _set_velocity(current, wind, error, leeway, side, vx, vy):  # type: ignore[no-untyped-def]
    """Current, its error, and leeway down and across the wind with its error."""
    for i in range(leeway.shape[0]):
        wx, wy = wind[0, i] + error[2, i], wind[1, i] + error[3, i]
        speed = np.sqrt(wx * wx + wy * wy) + np.float32(1e-6)
        downwind = leeway[i, 0] + leeway[i, 1] / speed
        right = leeway[i, 2] + leeway[i, 3] / speed
        left = leeway[i, 4] + leeway[i, 5] / speed
        across = right if side[i] else left
        # positive crosswind is to the right of downwind
        vx[i] = current[0, i] + error[0, i] + downwind * wx + across * wy
        vy[i] = current[1, i] + error[1, i] + downwind * wy - across * wx


@njit
def _move(land, land_grid, fraction, step_s, n, x, y, vx, vy, status):  # type: ignore[no-untyped-def]
    """Move what is afloat, to the shore if it is met; what has no velocity has left the forcing."""
    for i in range(n):
        if fraction[i] == 0.0:
            continue
        if np.isnan(vx[i]) or np.isnan(vy[i]):
            status[i] = OUTSIDE
            vx[i], vy[i] = 0.0, 0.0
            continue
        x_to, y_to = x[i] + fraction[i] * step_s * vx[i], y[i] + fraction[i] * step_s * vy[i]
        met = _strand(land, land_grid, x[i], y[i], x_to, y_to)
        if met <= 1.0:
            x_to, y_to = x[i] + met * (x_to - x[i]), y[i] + met * (y_to - y[i])
            status[i] = STRANDED
        x[i], y[i] = x_to, y_to


@njit(inline="always")
def _sample(field_x, field_y, grid, at, x, y, i, sample):  # type: ignore[no-untyped-def]
    """Velocity at particle i's position into sample[:, i]; NaN outside the grid."""
    inverse_spacing = 1.0 / grid[2]
    fx = (x[i] - grid[0]) * inverse_spacing
    fy = (y[i] - grid[1]) * inverse_spacing
    rows, columns = field_x.shape[1], field_x.shape[2]
    column = min(max(int(fx), 0), columns - 2)
    row = min(max(int(fy), 0), rows - 2)
    weight_x = np.float32(fx - column)
    weight_y = np.float32(fy - row)
    before = int(at[0])
    later = np.float32(at[1])
    inside = 0.0 <= fx <= columns - 1 and 0.0 <= fy <= rows - 1
    u0 = _bilinear(field_x[before], row, column, weight_y, weight_x)
    u1 = _bilinear(field_x[before + 1], row, column, weight_y, weight_x)
    v0 = _bilinear(field_y[before], row, column, weight_y, weight_x)
    v1 = _bilinear(field_y[before + 1], row, column, weight_y, weight_x)
    sample[0, i] = u0 + later * (u1 - u0) if inside else np.float32(np.nan)
    sample[1, i] = v0 + later * (v1 - v0) if inside else np.float32(np.nan)


@njit
def _gather(  # type: ignore[no-untyped-def]
    field_x, field_y, grid, at, x, y, vx, vy, fraction, step_s, n, sample
):
    """Velocity of a field at the predicted middle of every particle's step."""
    inverse_spacing = 1.0 / grid[2]
    rows, columns = field_x.shape[1], field_x.shape[2]
    before = int(at[0])
    later = np.float32(at[1])
    plane_x0, plane_x1 = field_x[before], field_x[before + 1]
    plane_y0, plane_y1 = field_y[before], field_y[before + 1]
    for i in range(n):
        half = 0.5 * step_s * fraction[i]
        fx = np.float32((x[i] + half * vx[i] - grid[0]) * inverse_spacing)
        fy = np.float32((y[i] + half * vy[i] - grid[1]) * inverse_spacing)
        inside = fx >= 0.0 and fx <= columns - 1 and fy >= 0.0 and fy <= rows - 1
        column = min(max(np.int32(fx), 0), columns - 2)
        row = min(max(np.int32(fy), 0), rows - 2)
        weight_x = np.float32(fx - column)
        weight_y = np.float32(fy - row)
        u0 = _bilinear(plane_x0, row, column, weight_y, weight_x)
        u1 = _bilinear(plane_x1, row, column, weight_y, weight_x)
        v0 = _bilinear(plane_y0, row, column, weight_y, weight_x)
        v1 = _bilinear(plane_y1, row, column, weight_y, weight_x)
        sample[0, i] = u0 + later * (u1 - u0) if inside else np.float32(np.nan)
        sample[1, i] = v0 + later * (v1 - v0) if inside else np.float32(np.nan)


@njit(inline="always")
def _write(x, y, status, start, n, output, x_out, y_out, status_out):  # type: ignore[no-untyped-def]
    for i in range(n):
        x_out[start + i, output] = x[i]
        y_out[start + i, output] = y[i]
        status_out[start + i, output] = status[i]
