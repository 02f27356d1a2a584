"""The error of a track against the length of the step: second order, on flows whose answer is known.

The middle of each step is predicted with the velocity of the step before, so halving the step divides the
error by four. Where interpolation adds nothing (flows linear in place and time) that is seen to the end.
"""

import numpy as np
import pytest

from builders_sea import run_kernel

HOURS = 24
STEPS_S = (1200.0, 600.0, 300.0, 150.0)
HALF_M = 60_000.0


def slope(errors_m) -> float:
    """Exponent of the step in the error, by least squares over the logarithms."""
    return float(np.polyfit(np.log(STEPS_S), np.log(errors_m), 1)[0])


def drifted(current, origin, step_s, hours=HOURS, **more):
    """Ends of tracks, (particle, 2)."""
    x, y, status = run_kernel(
        origin, steps=round(hours * 3600 / abs(step_s)), step_s=step_s, current=current, **more
    )
    assert not status[:, 1:].any()
    return np.stack([x[:, -1], y[:, -1]], axis=1).astype(float)


def field(spacing_m, velocity, hours=HOURS + 1):
    """Hourly planes of velocity(x, y, hour)."""
    nodes = np.arange(-HALF_M, HALF_M + 1.0, spacing_m)
    gx, gy = np.meshgrid(nodes, nodes)
    planes = [velocity(gx, gy, float(hour)) for hour in range(hours + 1)]
    parts = [np.stack([np.broadcast_to(plane[axis], gx.shape) for plane in planes]) for axis in (0, 1)]
    return (*(part.astype(np.float32) for part in parts), np.array([-HALF_M, -HALF_M, spacing_m]))


OMEGA = 2 * np.pi / (12.42 * 3600.0)
ORIGIN = np.array([[10_000.0, 0.0], [-4_000.0, 6_000.0], [0.0, -20_000.0]])


def turned(places, angle):
    c, s = np.cos(angle), np.sin(angle)
    return places @ np.array([[c, s], [-s, c]])


def test_solid_rotation() -> None:
    """Nearly two turns: bilinear interpolation represents it exactly.

    The prediction of the middle is 3/8 and the straight step 1/24 of (omega dt)^2 off, together 5/12 of it of
    the way: 0.3 % at ten minutes in a flow that turns with the tide.
    """
    current = field(5_000.0, lambda x, y, _: (-OMEGA * y, OMEGA * x))
    goal = turned(ORIGIN, OMEGA * HOURS * 3600.0)
    errors = [np.abs(drifted(current, ORIGIN, step_s) - goal).max() for step_s in STEPS_S]
    assert slope(errors) == pytest.approx(2.0, abs=0.2)
    way_m = 20_000.0 * OMEGA * HOURS * 3600.0
    assert errors[1] < 5 / 12 * (600.0 * OMEGA) ** 2 * way_m


def test_rotation_that_spins_up() -> None:
    """Linear in time too: the angle is the integral of the rate, omega (t + t^2 / 2 T)."""
    current = field(
        5_000.0, lambda x, y, hour: (-OMEGA * y * (1 + hour / HOURS), OMEGA * x * (1 + hour / HOURS))
    )
    goal = turned(ORIGIN, OMEGA * HOURS * 3600.0 * 1.5)
    errors = [np.abs(drifted(current, ORIGIN, step_s) - goal).max() for step_s in STEPS_S]
    assert slope(errors) == pytest.approx(2.0, abs=0.2)


def test_a_gyre() -> None:
    """Streamlines of psi = A sin(k x) sin(k y), a cell of 60 km, around which things go in some hours.

    The answer comes from Runge and Kutta's method with steps of ten seconds on the formula itself. The field
    has a node every 100 m, so that interpolation moves the end by less than the shortest step does.
    """
    k, speed = np.pi / 60_000.0, 2.0

    def flow(x, y):
        return speed * np.sin(k * x) * np.cos(k * y), -speed * np.cos(k * x) * np.sin(k * y)

    origin = np.array([[10_000.0, 20_000.0], [30_000.0, 12_000.0]])
    hours = 12
    goal = origin.copy()
    for _ in range(hours * 360):
        k1 = np.stack(flow(*goal.T), 1)
        k2 = np.stack(flow(*(goal + 5.0 * k1).T), 1)
        k3 = np.stack(flow(*(goal + 5.0 * k2).T), 1)
        k4 = np.stack(flow(*(goal + 10.0 * k3).T), 1)
        goal = goal + 10.0 / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
    current = field(100.0, lambda x, y, _: flow(x, y), hours=1)
    errors = [np.abs(drifted(current, origin, step_s, hours) - goal).max() for step_s in STEPS_S]
    assert slope(errors) == pytest.approx(2.0, abs=0.2)
    assert errors[1] < 30.0


def test_leeway_in_a_wind_that_turns_with_the_place() -> None:
    """Wind in solid rotation, leeway 3 % downwind and 1 % to the right: an outward spiral, in closed form.

    z' = (0.03 - 0.01 i) i w z, for places z = x + i y and a wind of i w z.
    """
    w = 12.0 / 20_000.0
    wind = field(5_000.0, lambda x, y, _: (-w * y, w * x), hours=1)
    rate = (0.03 - 0.01j) * 1j * w
    goal = (ORIGIN[:, 0] + 1j * ORIGIN[:, 1]) * np.exp(rate * HOURS * 3600.0 / 4)
    leeway = np.tile([0.03, 0.0, 0.01, 0.0, -0.01, 0.0], (3, 1))
    still = field(20_000.0, lambda x, y, _: (0.0 * x, 0.0 * y), hours=1)
    errors = []
    for step_s in STEPS_S:
        end = drifted(still, ORIGIN, step_s, HOURS / 4, wind=wind, leeway=leeway)
        errors.append(np.abs(end[:, 0] + 1j * end[:, 1] - goal).max())
    assert slope(errors) == pytest.approx(2.0, abs=0.2)


def test_a_release_inside_a_step_keeps_the_order() -> None:
    """The first step is shorter for each particle in its own way, and predicted without a step before it."""
    current = field(5_000.0, lambda x, y, _: (-OMEGA * y, OMEGA * x))
    released_s = np.array([100.0, 777.0, 3001.0])
    goal = np.concatenate([turned(ORIGIN[[p]], OMEGA * (HOURS * 3600.0 - released_s[p])) for p in range(3)])
    errors = [np.abs(drifted_late(current, step_s, released_s) - goal).max() for step_s in STEPS_S]
    assert slope(errors) == pytest.approx(2.0, abs=0.25)


def drifted_late(current, step_s, released_s):
    x, y, status = run_kernel(
        ORIGIN, steps=round(HOURS * 3600 / step_s), step_s=step_s, current=current, released_s=released_s
    )
    assert not status[:, -1].any()
    return np.stack([x[:, -1], y[:, -1]], axis=1).astype(float)


def test_there_and_back_again() -> None:
    """Backward from where a forward run ended leads to where it began, to the error of the scheme."""
    current = field(5_000.0, lambda x, y, _: (-OMEGA * y + 0.1, OMEGA * x))
    end = drifted(current, ORIGIN, 300.0)
    begin = drifted(current, end, -300.0)
    np.testing.assert_allclose(begin, ORIGIN, atol=30.0)
    assert np.abs(end - ORIGIN).max() > 5_000.0
