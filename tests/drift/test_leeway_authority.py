"""Leeway against the published table and WGS 84, with every error and the jibing switched off."""

import csv
from datetime import timedelta
from importlib.resources import files
from math import cos, radians, sin, sqrt

import numpy as np
import pytest
from pyproj import Geod

from builders_sea import START, run_kernel
from sarex.case.model import ConstantVelocity
from sarex.drift.leeway import leeway_coefficients
from sarex.environment import Box
from sarex.environment.gather import FieldRequest, gather_field
from sarex.environment.quantities import CURRENT, WIND
from sarex.geo import LocalFrame

GEOD = Geod(ellps="WGS84")
BOX = Box(-250_000.0, -250_000.0, 250_000.0, 250_000.0)


def published() -> list[dict[str, str]]:
    text = files("sarex.tables").joinpath("data/leeway_objects.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def drifted_lonlat(frame, keys, on_right, hours, wind, current=(0.0, 0.0)):
    """Where objects end that start together at the frame's origin, with eps = 0 and no jibe."""
    planes = []
    for quantity, (east, north) in ((CURRENT, current), (WIND, wind)):
        request = FieldRequest(quantity, frame, BOX, START, START + timedelta(hours=hours))
        found, _ = gather_field(request, (ConstantVelocity(east, north),))
        planes.append((found.x_mps, found.y_mps, np.array([found.x0_m, found.y0_m, found.spacing_m])))
    nothing = np.zeros(len(keys))
    coefficients = leeway_coefficients(keys, np.arange(len(keys), dtype=np.int16), nothing, nothing)
    x_m, y_m, status = run_kernel(
        np.zeros((len(keys), 2)),
        steps=int(hours * 6),
        leeway=coefficients,
        on_right=np.asarray(on_right, bool),
        current=planes[0],
        wind=planes[1],
    )
    assert not status.any()
    return frame.to_lonlat_deg(x_m[:, -1], y_m[:, -1])


@pytest.mark.parametrize(
    ("key", "right_km", "left_km"),
    [("PIW-4", 8.9, -3.4), ("LIFE-RAFT-SB-10", 10.4, -4.5)],
)
def test_worked_examples(key, right_km, left_km) -> None:
    """Wind 10 m/s toward north for 24 h, worked by hand from the table (km east)."""
    frame = LocalFrame(4.0, 0.0)
    lon, _ = drifted_lonlat(frame, [key, key], [True, False], 24, (0.0, 10.0))
    east_km = (lon - 4.0) * 111.3195  # a degree of the equator of WGS 84
    assert east_km[0] == pytest.approx(right_km, abs=0.06)
    assert east_km[1] == pytest.approx(left_km, abs=0.06)


@pytest.mark.parametrize("latitude_deg", [0.0, 37.0, -60.0])
def test_all_classes_on_the_ellipsoid(latitude_deg) -> None:
    """L = slope W + offset for 48 h in a constant wind and current: within a metre, or 7e-5 of the way.

    Crosswind is turned in the plane, whose lengths differ by direction by (d / R)^2 / 4 at distance d: that
    is 3e-4 at 237 km, where the fastest sailing boat ends, and 15 m on the way there.
    """
    rows = published()
    assert len(rows) == 85
    frame = LocalFrame(132.0, latitude_deg)
    wind_mps, toward = 10.0, radians(30.0)
    wind = wind_mps * sin(toward), wind_mps * cos(toward)
    current = (0.4, -0.2)
    keys = [row["key"] for row in rows]
    for side, on_right in (("right", True), ("left", False)):
        lon, lat = drifted_lonlat(frame, keys, [on_right] * 85, 48, wind, current)
        for i, row in enumerate(rows):
            along = (float(row["dwl_slope_pct"]) * wind_mps + float(row["dwl_offset_cms"])) / 100
            across = (float(row[f"cwl_{side}_slope"]) * wind_mps + float(row[f"cwl_{side}_offset"])) / 100
            east = current[0] + along * sin(toward) + across * cos(toward)
            north = current[1] + along * cos(toward) - across * sin(toward)
            goal = on_the_ellipsoid(132.0, latitude_deg, east, north, 48 * 3600.0)
            way_m = GEOD.inv(132.0, latitude_deg, *goal)[2]
            assert GEOD.inv(lon[i], lat[i], *goal)[2] < max(1.0, 7e-5 * way_m), row["key"]


@pytest.mark.parametrize("latitude_deg", [0.0, 37.0, -60.0])
def test_a_current_alone_to_the_metre(latitude_deg) -> None:
    """What drifts with the water needs no turning: a metre in 48 h and 77 km."""
    frame = LocalFrame(-180.0, latitude_deg)
    lon, lat = drifted_lonlat(frame, ["PIW-1"], [True], 48, (0.0, 0.0), (0.4, -0.2))
    goal = on_the_ellipsoid(-180.0, latitude_deg, 0.4 + 0.0, -0.2, 48 * 3600.0)
    assert GEOD.inv(lon[0], lat[0], *goal)[2] < 1.0


def on_the_ellipsoid(lon_deg, lat_deg, east_mps, north_mps, duration_s, steps=480):
    """A constant velocity followed by midpoint steps: d lat = v / M dt, d lon = u / (N cos lat) dt."""
    a, e2 = 6378137.0, 0.00669437999014

    def rates(lat):
        n = a / sqrt(1 - e2 * sin(lat) ** 2)
        m = a * (1 - e2) / (1 - e2 * sin(lat) ** 2) ** 1.5
        return east_mps / (n * cos(lat)), north_mps / m

    lon, lat, dt = radians(lon_deg), radians(lat_deg), duration_s / steps
    for _ in range(steps):
        middle = lat + 0.5 * dt * rates(lat)[1]
        lon, lat = lon + dt * rates(middle)[0], lat + dt * rates(middle)[1]
    return np.degrees(lon), np.degrees(lat)


def test_the_spread_is_the_published_one_at_ten_metres_per_second() -> None:
    """L = (slope + eps/20) W + offset + eps/2: a deviate of one moves L by one std at W = 10, 1.5 at 20."""
    rows = published()
    keys = [row["key"] for row in rows]
    kinds = np.arange(85, dtype=np.int16)
    one, nothing = np.ones(85), np.zeros(85)
    for axis, columns in (((one, nothing), (0, 1)), ((nothing, one), (2, 3)), ((nothing, -one), (4, 5))):
        name = {0: "dwl_std_cms", 2: "cwl_right_std", 4: "cwl_left_std"}[columns[0]]
        std = np.array([float(row[name]) for row in rows]) / 100
        change = leeway_coefficients(keys, kinds, *axis) - leeway_coefficients(keys, kinds, nothing, nothing)
        for wind_mps, times in ((0.0, 0.5), (10.0, 1.0), (20.0, 1.5)):
            moved = change[:, columns[0]] * wind_mps + change[:, columns[1]]
            np.testing.assert_allclose(moved, times * std, atol=1e-6)


def test_far_right_is_far_left_after_a_jibe() -> None:
    """The draw is kept as distance outward from the side's mean, right or left."""
    kinds = np.zeros(1, np.int16)
    outward = leeway_coefficients(["PIW-1"], kinds, np.zeros(1), np.ones(1))[0]
    mean = leeway_coefficients(["PIW-1"], kinds, np.zeros(1), np.zeros(1))[0]
    assert outward[2] > mean[2]
    assert outward[4] < mean[4]
