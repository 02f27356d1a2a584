"""Tables of observations."""

import numpy as np
import pytest

from sarex.case.model import ConstantVelocity, ForcingTable
from sarex.environment import Box, sample_velocity
from sarex.errors import ForcingError
from sarex.geo import LocalFrame

FRAME = LocalFrame(132.0, 37.0)
KNOT_MPS = 1852.0 / 3600.0

WINDS = """# from the log of a patrol vessel
time,lon,lat,station,wind_speed_kt,wind_from_deg
2026-05-01T06:00Z,132.0,37.0,A,20,270
2026-05-01T12:00Z,132.0,37.0,A,20,180
2026-05-01T05:00+00:00,132.9,37.0,B,10,0
2026-05-01T09:00Z,132.9,37.0,B,,
2026-05-01T13:00Z,132.9,37.0,B,10,0
"""


@pytest.fixture
def table(tmp_path):
    def write(text: str) -> ForcingTable:
        (tmp_path / "log.csv").write_text(text, encoding="utf-8")
        return ForcingTable(str(tmp_path / "log.csv"))

    return write


def east_north(field, x_m, y_m, hours):
    """At points of the plane, so many hours after 06Z."""
    x, y = sample_velocity(field, x_m, y_m, 1777615200.0 + 3600.0 * hours)
    xe, xn, ye, yn = FRAME.velocity_to_plane(*FRAME.to_lonlat_deg(x_m, y_m))
    determinant = xe * yn - xn * ye
    return (x * yn - y * xn) / determinant, (y * xe - x * ye) / determinant


def test_wind_from_the_west_blows_to_the_east_and_turns(table, gather) -> None:
    field, (told,) = gather(table(WINDS), quantity="wind")
    assert told.label == "log.csv"
    assert told.description == "observations at 2 station(s)"
    speed = 20.0 * KNOT_MPS
    for hours, east, north in ((0.0, speed, 0.0), (3.0, speed / 2, speed / 2), (6.0, 0.0, speed)):
        e, n = east_north(field, 0.0, 0.0, hours)
        # B, 80 km away, has a share of (grid spacing / 80 km) squared.
        assert (float(e), float(n)) == pytest.approx((east, north), abs=0.05)


def test_inverse_square_of_the_distance_and_the_reach(table, gather) -> None:
    box = Box(-150_000.0, -20_000.0, 150_000.0, 20_000.0)
    field, _ = gather(table(WINDS), ConstantVelocity(-7.0, 0.0), quantity="wind", box=box)
    station_x = np.array([0.0, float(FRAME.to_xy_m(132.9, 37.0)[0])])
    at = 30_000.0
    shares = 1.0 / (at - station_x) ** 2
    e, n = east_north(field, at, 0.0, 0.0)
    expected = np.array([20.0, 0.0]) * KNOT_MPS, np.array([0.0, -10.0]) * KNOT_MPS
    assert float(e) == pytest.approx(np.average(expected[0], weights=shares), abs=0.05)
    assert float(n) == pytest.approx(np.average(expected[1], weights=shares), abs=0.05)
    # Beyond 100 km from both the next choice serves.
    assert float(east_north(field, -120_000.0, 0.0, 0.0)[0]) == pytest.approx(-7.0, abs=1e-3)


def test_without_positions_it_holds_everywhere(table, gather) -> None:
    text = "time,current_speed_kt,current_toward_deg\n2026-05-01T06:00Z,1,90\n2026-05-01T12:00Z,3,90\n"
    field, _ = gather(table(text), box=Box(-90_000.0, -90_000.0, 90_000.0, 90_000.0))
    e, n = east_north(field, np.array([-80_000.0, 80_000.0]), np.array([70_000.0, -70_000.0]), 1.5)
    assert e == pytest.approx(1.5 * KNOT_MPS, abs=1e-4)
    assert n == pytest.approx(0.0, abs=1e-4)


def test_components_with_their_units(table, gather) -> None:
    text = "time,lon,lat,eastward_cmps,northward_cmps\n"
    text += "2026-05-01T06:00Z,-228,37,20,-30\n2026-05-01T12:00Z,-228,37,20,-30\n"
    field, _ = gather(table(text), box=Box(-15_000.0, -15_000.0, 15_000.0, 15_000.0))
    e, n = east_north(field, 1000.0, 2000.0, 2.0)
    assert (float(e), float(n)) == pytest.approx((0.2, -0.3), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "table is empty"),
        ("time,speed\n", "no wind in this table"),
        ("when,wind_speed_kt,wind_from_deg\n", "must name the columns time"),
        ("time,lat,wind_speed_kt,wind_from_deg\n", "lon with lat or neither"),
        ("time,wind_speed_kt,wind_from_deg\n", "no wind in any line"),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00,10,0\n", "line 2: time is '2026-05-01T06:00'"),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,10\n", "line 2: 2 values for 3 columns"),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,ten,0\n", "line 2: wind_speed_kt is 'ten'"),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,10,400\n", "line 2: wind_from_deg is '400'"),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,-10,0\n", "neither may be negative"),
        (
            "time,wind_speed_kt,wind_from_deg\n" + 2 * "2026-05-01T06:00Z,10,0\n",
            "line 3: a second observation",
        ),
        ("time,lon,lat,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,132,95,1,0\n", "line 2: lat is '95'"),
        (
            "time,wind_speed_kt,wind_from_deg\n2026-05-01T06:00Z,900,0\n2026-05-01T12:00Z,9,0\n",
            "not believed",
        ),
        ("time,wind_speed_kt,wind_from_deg\n2026-05-01T07:00Z,10,0\n", "needs the wind from"),
    ],
)
def test_a_bad_table_is_one_sentence(text, words, table, gather) -> None:
    with pytest.raises(ForcingError, match=words) as told:
        gather(table(text), quantity="wind")
    assert str(told.value).startswith("log.csv")
    assert "\n" not in str(told.value)


def test_a_table_that_is_not_there(tmp_path, gather) -> None:
    with pytest.raises(ForcingError, match=r"none\.csv: this table cannot be read"):
        gather(ForcingTable(str(tmp_path / "none.csv")), quantity="wind")
