"""Drift of particles through wind and current: bare numbers in, bare numbers out.

One step of one particle: renew its persistent errors, take wind and current at the middle of the step (the
place predicted with the velocity of the step before, which keeps the scheme second order with one look-up a
step), add the leeway of the wind as it blows over the water, move, look for land on the way.

Particles go in blocks whose loops LLVM can vectorise; what happens seldom (release, land, capsizing) is done
one by one. A block's answer depends only on the block. The kernel runs on one core and releases the
interpreter's lock; the room above runs pieces side by side. No fast-math: contracted or reordered sums differ
between code compiled just now and code from the cache.
"""

import numpy as np
from numba import njit

from sarex.kernels.blend import blend
from sarex.kernels.drift_data import Flow, Land, Particles, Physics
from sarex.kernels.random import (
    CAPSIZE,
    ERRORS,
    JIBE,
    REFLOAT,
    byte_deviate,
    hash32,
    particle_key,
    step_key,
)
from sarex.kernels.stranding import first_land, on_land, room

__all__ = [
    "ACTIVE",
    "BLOCK",
    "OUTSIDE",
    "STRANDED",
    "UNRELEASED",
    "Flow",
    "Land",
    "Particles",
    "Physics",
    "drift",
]

ACTIVE, STRANDED, OUTSIDE, UNRELEASED = 0, 1, 2, 3
BLOCK = 256
CAPSIZED_LEEWAY = 0.4
"""Leeway of a capsized or swamped craft as a share of that upright (the default of OpenDrift)."""
CAPSIZING_WIND_MPS, CAPSIZING_WIDTH_MPS = 30.0, 5.0
"""An hour's chance is 0.5 + 0.5 tanh((W - 30) / 5), W the wind speed in m/s (the default of OpenDrift)."""


@njit(nogil=True, cache=True, error_model="numpy")
def drift(  # type: ignore[no-untyped-def]
    particles,
    first_particle,  # number of the first particle in the ensemble, for its random numbers
    first_step,
    last_step,  # exclusive
    step_s,  # negative when drifting backward
    output_at,  # (step + 1,) index of the output at the start of the step, -1 for none; the last is the end
    current,
    wind,
    land,
    physics,
    x_out,
    y_out,  # (particle, output) float32
    status_out,  # (particle, output) uint8
):
    """Drift all particles from one step to another; `first_step` 0 begins the drift."""
    x, y = np.empty(BLOCK), np.empty(BLOCK)
    vx, vy = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    e0, e1 = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    e2, e3 = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    current_x, current_y = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    wind_x, wind_y = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    leeway = np.zeros((6, BLOCK), np.float32)
    on_right, status = np.zeros(BLOCK, np.uint8), np.zeros(BLOCK, np.uint8)
    keys, share = np.zeros(BLOCK, np.uint32), np.zeros(BLOCK, np.float32)
    base = np.zeros(BLOCK, np.int32)
    weight_x, weight_y = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    dx, dy = np.zeros(BLOCK), np.zeros(BLOCK)
    gone, clear = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    lost = np.zeros(BLOCK, np.uint8)
    for start in range(0, particles.place.shape[0], BLOCK):
        n = min(BLOCK, particles.place.shape[0] - start)
        for i in range(BLOCK):
            p = start + min(i, n - 1)  # the last particle fills the block up
            x[i], y[i] = particles.place[p, 0], particles.place[p, 1]
            vx[i], vy[i] = particles.velocity[p, 0], particles.velocity[p, 1]
            e0[i], e1[i] = particles.error[p, 0], particles.error[p, 1]
            e2[i], e3[i] = particles.error[p, 2], particles.error[p, 3]
            on_right[i], status[i] = particles.on_right[p], particles.status[p]
            for j in range(6):
                leeway[j, i] = particles.leeway[p, j]
            keys[i] = particle_key(first_particle + p)
            clear[i], gone[i] = np.float32(0.0), np.float32(0.0)
            if particles.capsized[p] >= 0:
                _capsize(leeway, i)
        if first_step == 0:
            for i in range(BLOCK):
                if on_land(land.cells, land.grid, x[i], y[i]):
                    status[i] = STRANDED
            _write(x, y, status, start, n, output_at[0], x_out, y_out, status_out)
        for step in range(first_step, last_step):
            waiting, afloat, ashore = _count(status)
            if waiting + afloat > 0 or (ashore > 0 and physics.refloat_below > 0):
                if waiting > 0:
                    _release(particles, start, n, step, step_s, status, share, x, y, vx, vy, current)
                else:
                    for i in range(BLOCK):
                        share[i] = np.float32(1.0) if status[i] == ACTIVE else np.float32(0.0)
                if ashore > 0 and physics.refloat_below > 0:
                    _refloat(physics, keys, step, status, share, vx, vy)
                _renew(
                    keys,
                    step_key(physics.seed, ERRORS, step),
                    step_key(physics.seed, JIBE, step),
                    np.float32(physics.kept),
                    np.float32(physics.renewed),
                    np.uint32(physics.jibe_below),
                    e0, e1, e2, e3, share, on_right,
                )  # fmt: skip
                for i in range(BLOCK):
                    lost[i] = 0
                _locate(current, step_s, x, y, vx, vy, share, base, weight_x, weight_y, lost)
                _gather(current, step, base, weight_x, weight_y, current_x, current_y)
                _locate(wind, step_s, x, y, vx, vy, share, base, weight_x, weight_y, lost)
                _gather(wind, step, base, weight_x, weight_y, wind_x, wind_y)
                if current.before[step] < 0 or wind.before[step] < 0:
                    lost[:] = 1
                _set_velocity(
                    current_x, current_y, wind_x, wind_y, e0, e1, e2, e3, leeway, on_right,
                    np.float32(physics.current_variance), np.float32(physics.current_growth),
                    np.float32(physics.wind_sigma), np.float32(physics.over_water),
                    np.float32(physics.stretch), np.float32(physics.tilt), x, y, vx, vy,
                )  # fmt: skip
                unknown, near = _aim(vx, vy, share, lost, step_s, dx, dy, gone, clear)
                if unknown > 0:
                    _leave(lost, share, status, vx, vy, dx, dy)
                if near > 0:
                    _look_for_land(land, x, y, dx, dy, share, gone, clear, status)
                for i in range(BLOCK):
                    x[i] += dx[i]
                    y[i] += dy[i]
                if physics.capsize_exponent > 0.0:
                    _try_capsizing(
                        physics, particles, start, n, step, keys, share, wind_x, wind_y, e2, e3, leeway
                    )
            _write(x, y, status, start, n, output_at[step + 1], x_out, y_out, status_out)
        for i in range(n):
            p = start + i
            particles.place[p, 0], particles.place[p, 1] = x[i], y[i]
            particles.velocity[p, 0], particles.velocity[p, 1] = vx[i], vy[i]
            particles.error[p, 0], particles.error[p, 1] = e0[i], e1[i]
            particles.error[p, 2], particles.error[p, 3] = e2[i], e3[i]
            particles.on_right[p], particles.status[p] = on_right[i], status[i]


@njit(inline="always")
def _count(status):  # type: ignore[no-untyped-def]
    waiting, afloat, ashore = np.int32(0), np.int32(0), np.int32(0)
    for i in range(BLOCK):
        waiting += np.int32(status[i] == UNRELEASED)
        afloat += np.int32(status[i] == ACTIVE)
        ashore += np.int32(status[i] == STRANDED)
    return waiting, afloat, ashore


@njit
def _release(particles, start, n, step, step_s, status, share, x, y, vx, vy, current):  # type: ignore[no-untyped-def]
    """Set afloat what is released in this step, for the rest of the step."""
    length = abs(step_s)
    for i in range(BLOCK):
        released = particles.released[start + min(i, n - 1)]
        moving = min(max(((step + 1) * length - released) / length, 0.0), 1.0)
        if status[i] == UNRELEASED and moving > 0.0:
            status[i] = ACTIVE
            # no step before this one: predict with the current at the origin
            vx[i], vy[i] = _current_at(current, step, x[i], y[i])
        share[i] = np.float32(moving) if status[i] == ACTIVE else np.float32(0.0)


@njit
def _current_at(flow, step, x, y):  # type: ignore[no-untyped-def]
    """Velocity of a flow at a point in the middle of a step; nought where there is none."""
    column_at, row_at = (x - flow.x0) / flow.spacing, (y - flow.y0) / flow.spacing
    inside = 0.0 <= column_at <= flow.columns - 1 and 0.0 <= row_at <= flow.rows - 1
    if not inside or flow.before[step] < 0:
        return np.float32(0.0), np.float32(0.0)
    column, row = min(int(column_at), flow.columns - 2), min(int(row_at), flow.rows - 2)
    plane = flow.rows * flow.columns * 2
    u, v = blend(
        flow.values, flow.before[step] * plane + (row * flow.columns + column) * 2, flow.columns * 2, plane,
        np.float32(column_at - column), np.float32(row_at - row), flow.later[step],
    )  # fmt: skip
    if np.isnan(u) or np.isnan(v):
        return np.float32(0.0), np.float32(0.0)
    return u, v


@njit
def _refloat(physics, keys, step, status, share, vx, vy):  # type: ignore[no-untyped-def]
    """Some of what lies ashore tries to get off; it is afloat once it has moved without meeting land."""
    key = step_key(physics.seed, REFLOAT, step)
    for i in range(BLOCK):
        if status[i] == STRANDED and hash32(keys[i] ^ key) < np.uint32(physics.refloat_below):
            share[i] = np.float32(1.0)
            # it lay still: ask for its flow where it lies, not on the land ahead of its last velocity
            vx[i], vy[i] = np.float32(0.0), np.float32(0.0)


@njit
def _renew(  # type: ignore[no-untyped-def]
    keys, error_key, jibe_key, kept, renewed, jibe_below, e0, e1, e2, e3, share, on_right
):
    """One step of the persistent errors (Ornstein-Uhlenbeck, discretised exactly) and of jibing."""
    for i in range(BLOCK):
        bits = hash32(keys[i] ^ error_key)
        e0[i] = kept * e0[i] + renewed * byte_deviate(bits)
        e1[i] = kept * e1[i] + renewed * byte_deviate(bits >> np.uint32(8))
        e2[i] = kept * e2[i] + renewed * byte_deviate(bits >> np.uint32(16))
        e3[i] = kept * e3[i] + renewed * byte_deviate(bits >> np.uint32(24))
        # what is not afloat yet keeps the side that it will begin on
        on_right[i] ^= np.uint8((hash32(keys[i] ^ jibe_key) < jibe_below) & (share[i] > np.float32(0.0)))


@njit
def _locate(flow, step_s, x, y, vx, vy, share, base, weight_x, weight_y, lost):  # type: ignore[no-untyped-def]
    """Lower left node and weights of the upper ones, at the predicted middle of every particle's step."""
    inverse, half_s = 1.0 / flow.spacing, 0.5 * step_s
    x0, y0 = flow.x0, flow.y0
    columns, rows = np.int32(flow.columns), np.int32(flow.rows)
    for i in range(BLOCK):
        column_at = np.float32((x[i] + half_s * share[i] * vx[i] - x0) * inverse)
        row_at = np.float32((y[i] + half_s * share[i] * vy[i] - y0) * inverse)
        inside = (
            (column_at >= np.float32(0.0))
            & (column_at <= np.float32(columns - 1))
            & (row_at >= np.float32(0.0))
            & (row_at <= np.float32(rows - 1))
        )
        column_at = column_at if inside else np.float32(0.0)
        row_at = row_at if inside else np.float32(0.0)
        column = min(np.int32(column_at), np.int32(columns - 2))
        row = min(np.int32(row_at), np.int32(rows - 2))
        weight_x[i] = column_at - np.float32(column)
        weight_y[i] = row_at - np.float32(row)
        base[i] = (row * columns + column) * np.int32(2)
        lost[i] |= np.uint8(not inside)


@njit
def _gather(flow, step, base, weight_x, weight_y, sample_x, sample_y):  # type: ignore[no-untyped-def]
    """Velocity of a flow where `_locate` found the particles."""
    values, row_stride = flow.values, np.intp(flow.columns) * 2
    time_stride = np.intp(flow.rows) * row_stride
    first = np.intp(max(flow.before[step], 0)) * time_stride
    later = flow.later[step]
    for i in range(BLOCK):
        sample_x[i], sample_y[i] = blend(
            values, first + np.intp(base[i]), row_stride, time_stride, weight_x[i], weight_y[i], later
        )


@njit
def _set_velocity(  # type: ignore[no-untyped-def]
    current_x, current_y, wind_x, wind_y, e0, e1, e2, e3, leeway, on_right,
    variance, growth, wind_sigma, over_water, stretch, tilt, x, y, vx, vy,
):  # fmt: skip
    """Current with its error, and leeway down and across the wind with its error.

    The plane keeps areas, so at distance d from its origin it stretches lengths by 1 + (d / R)^2 / 8 across
    the radius and shrinks them as much along it (Snyder 1987, p. 182). A vector is squeezed by the matrix
    I + q [[x^2 - y^2, 2 x y], [2 x y, y^2 - x^2]] with q = 1 / (4 R^2) before it is turned to the right in
    the plane, so that it is turned on the earth; the same product gives its length on the earth.
    The ellipsoid adds r [[-y, x], [x, y]], r = e^2 sin(2 latitude) / (3 R): a parallel is stretched
    a little more north of the origin than south of it (the series of the exact metric of `kernels.laea`).
    """
    for i in range(BLOCK):
        cu, cv = current_x[i], current_y[i]
        sigma = np.sqrt(variance + growth * (cu * cu + cv * cv))
        water_x, water_y = cu + sigma * e0[i], cv + sigma * e1[i]
        a = wind_x[i] + wind_sigma * e2[i] - over_water * water_x
        b = wind_y[i] + wind_sigma * e3[i] - over_water * water_y
        px, py = np.float32(x[i]), np.float32(y[i])
        along = stretch * (px * px - py * py) - tilt * py
        across = stretch * np.float32(2.0) * px * py + tilt * px
        a_earth = a + along * a + across * b
        b_earth = b + across * a - along * b
        inverse = np.float32(1.0) / (np.sqrt(a * a_earth + b * b_earth) + np.float32(1e-6))
        downwind = leeway[0, i] + leeway[1, i] * inverse
        slope = leeway[2, i] if on_right[i] else leeway[4, i]
        offset = leeway[3, i] if on_right[i] else leeway[5, i]
        rightward = slope + offset * inverse
        vx[i] = water_x + downwind * a + rightward * b_earth
        vy[i] = water_y + downwind * b - rightward * a_earth


@njit
def _aim(vx, vy, share, lost, step_s, dx, dy, gone, clear):  # type: ignore[no-untyped-def]
    """The way of every particle in this step; how many have no velocity, and how many may meet land."""
    unknown, near = np.int32(0), np.int32(0)
    for i in range(BLOCK):
        moving = share[i] > np.float32(0.0)
        none = (lost[i] != 0) | (vx[i] != vx[i]) | (vy[i] != vy[i])
        lost[i] = np.uint8(none)
        go = moving & (not none)
        dx[i] = step_s * share[i] * vx[i] if go else 0.0
        dy[i] = step_s * share[i] * vy[i] if go else 0.0
        gone[i] += np.float32(abs(dx[i]) + abs(dy[i]))
        unknown += np.int32(moving & none)
        near += np.int32(go & (gone[i] >= clear[i]))
    return unknown, near


@njit
def _leave(lost, share, status, vx, vy, dx, dy):  # type: ignore[no-untyped-def]
    """What has no velocity has left the forcing, and stays where it left it; what lies ashore lies on."""
    for i in range(BLOCK):
        if share[i] > np.float32(0.0) and lost[i] != 0:
            status[i] = OUTSIDE if status[i] == ACTIVE else status[i]
            share[i] = np.float32(0.0)
            vx[i], vy[i] = np.float32(0.0), np.float32(0.0)
            dx[i], dy[i] = 0.0, 0.0


@njit
def _look_for_land(land, x, y, dx, dy, share, gone, clear, status):  # type: ignore[no-untyped-def]
    """Shorten the way to where it meets the shore; far from land, note how far nobody need look again."""
    for i in range(BLOCK):
        if share[i] == np.float32(0.0) or gone[i] < clear[i]:
            continue
        length = np.float32(abs(dx[i]) + abs(dy[i]))
        clear[i] = room(land.clear, land.grid, x[i], y[i])
        gone[i] = length
        if length < clear[i]:
            continue
        met = first_land(land.cells, land.grid, x[i], y[i], x[i] + dx[i], y[i] + dy[i])
        if met <= 1.0:
            dx[i] *= met
            dy[i] *= met
            status[i] = STRANDED
        else:
            status[i] = ACTIVE  # also what came off the beach: near land, so it is always looked at here


@njit
def _try_capsizing(physics, particles, start, n, step, keys, share, wind_x, wind_y, e2, e3, leeway):  # type: ignore[no-untyped-def]
    """The wind, with its error, turns craft over: once, for good."""
    key = step_key(physics.seed, CAPSIZE, step)
    for i in range(n):
        p = start + i
        if share[i] > 0 and particles.may_capsize[p] and particles.capsized[p] < 0:
            a = wind_x[i] + physics.wind_sigma * e2[i]
            b = wind_y[i] + physics.wind_sigma * e3[i]
            speed = np.sqrt(a * a + b * b)
            an_hour = 0.5 + 0.5 * np.tanh((speed - CAPSIZING_WIND_MPS) / CAPSIZING_WIDTH_MPS)
            chance = 1.0 - (1.0 - an_hour) ** (physics.capsize_exponent * share[i])
            if hash32(keys[i] ^ key) < np.uint32(chance * 4294967295.0):
                particles.capsized[p] = step + 1
                _capsize(leeway, i)


@njit(inline="always")
def _capsize(leeway, i):  # type: ignore[no-untyped-def]
    for j in range(6):
        leeway[j, i] *= np.float32(CAPSIZED_LEEWAY)


@njit(inline="always")
def _write(x, y, status, start, n, output, x_out, y_out, status_out):  # type: ignore[no-untyped-def]
    if output < 0:
        return
    for i in range(n):
        x_out[start + i, output] = x[i]
        y_out[start + i, output] = y[i]
        status_out[start + i, output] = status[i]
