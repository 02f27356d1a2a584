"""Odd but sound forcing files give the flow that was written into them."""

import netCDF4
import numpy as np
import pytest

from sarex.environment import Box, sample_velocity
from sarex.environment.quantities import speed_unit_mps
from sarex.geo import LocalFrame

KNOT_MPS = 1852.0 / 3600.0


def velocity_at_origin(field) -> tuple[float, float]:
    """At the frame's origin the plane's axes are east and north, and lengths are true."""
    instant = 0.5 * (field.times_s[0] + field.times_s[-1])
    x, y = sample_velocity(field, 0.0, 0.0, instant)
    return float(x), float(y)


@pytest.mark.parametrize(
    ("spelling", "factor"),
    [
        ("m s-1", 1.0), ("m/s", 1.0), ("meter second-1", 1.0), ("metres per second", 1.0),
        ("m s^-1", 1.0), ("m.s-1", 1.0), ("m s**-1", 1.0), ("m sec-1", 1.0), ("meters/second", 1.0),
        ("M/S", 1.0), ("ms-1", 1.0), ("m·s⁻¹", 1.0), ("cm s-1", 0.01), ("cm/s", 0.01),
        ("centimeter second-1", 0.01), ("mm/s", 0.001), ("km/h", 1 / 3.6), ("km h-1", 1 / 3.6),
        ("kilometers per hour", 1 / 3.6), ("kt", KNOT_MPS), ("knots", KNOT_MPS), ("Knot", KNOT_MPS),
        ("kn", KNOT_MPS), ("international_knot", KNOT_MPS), ("nautical mile/h", KNOT_MPS),
        ("kts", KNOT_MPS),
    ],
)  # fmt: skip
def test_spellings_of_speed_units(spelling, factor) -> None:
    assert speed_unit_mps(spelling) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("spelling", ["", "m", "m s", "K", "m2 s-1", "degrees", "m s-2", "ms", "1", "kg m-1"])
def test_other_units_are_no_speeds(spelling) -> None:
    assert speed_unit_mps(spelling) is None


@pytest.mark.parametrize(("units", "factor"), [("cm/s", 100.0), ("knots", 1 / KNOT_MPS), ("km h-1", 3.6)])
def test_units_are_converted(units, factor, write_forcing, gather) -> None:
    field, _ = gather(write_forcing(units=units, eastward=0.3 * factor, northward=-0.1 * factor))
    assert velocity_at_origin(field) == pytest.approx((0.3, -0.1), rel=1e-5)


@pytest.mark.parametrize(
    ("names", "quantity"),
    [
        (("uo", "vo"), "current"), (("water_u", "water_v"), "current"), (("u", "v"), "current"),
        (("air_u", "air_v"), "wind"), (("x_wind_10m", "y_wind_10m"), "wind"), (("u10", "v10"), "wind"),
        (("eastward_wind", "northward_wind"), "wind"),
    ],
)  # fmt: skip
def test_well_known_names_without_standard_names(names, quantity, write_forcing, gather) -> None:
    field, _ = gather(write_forcing(names=names, standard_names=("", "")), quantity=quantity)
    assert velocity_at_origin(field) == pytest.approx((0.3, -0.1), rel=1e-5)


def test_units_in_the_long_name_count(write_forcing, gather) -> None:
    path = write_forcing(names=("water_u", "water_v"), standard_names=("", ""), units=None)
    with netCDF4.Dataset(path, "a") as nc:
        nc["water_u"].long_name = "eastward_sea_water_velocity (cm/s) "
        nc["water_v"].long_name = "northward_sea_water_velocity (cm/s) "
    field, _ = gather(path)
    assert velocity_at_origin(field) == pytest.approx((0.003, -0.001), rel=1e-5)


def test_packed_shorts_and_descending_latitude(write_forcing, gather) -> None:
    path = write_forcing(lat=np.arange(38.0, 35.99, -0.1), names=(None, None))
    north = np.arange(38.0, 35.99, -0.1)
    with netCDF4.Dataset(path, "a") as nc:
        for name, standard_name in (("uo", "eastward"), ("vo", "northward")):
            variable = nc.createVariable(name, "i2", ("time", "lat", "lon"), fill_value=-32767)
            variable.setncatts(
                {
                    "units": "m s-1",
                    "standard_name": f"{standard_name}_sea_water_velocity",
                    "scale_factor": 0.001,
                    "add_offset": 0.5,
                }
            )
        nc.set_auto_maskandscale(False)
        nc["uo"][:] = np.broadcast_to(np.round((north - 37.0) * 500)[None, :, None], nc["uo"].shape)
        nc["vo"][:] = -600
    field, _ = gather(path)
    x, y = sample_velocity(field, 0.0, [-30_000.0, 0.0, 30_000.0], field.times_s[0])
    # 30 km are 0.2703 degrees of latitude on WGS 84 at 37 N (111 km a degree).
    assert x == pytest.approx([0.365, 0.5, 0.635], abs=0.002)
    assert y == pytest.approx(-0.1, abs=0.001)


def test_shallowest_level_is_taken(write_forcing, gather) -> None:
    profile = np.array([0.1, 0.7, 0.2])[None, :, None, None]
    field, _ = gather(write_forcing(depths=[30.0, 0.5, 10.0], eastward=profile))
    assert velocity_at_origin(field)[0] == pytest.approx(0.7, rel=1e-5)


def test_undeclared_fill_values_are_holes(write_forcing, gather) -> None:
    flow = np.full((25, 21, 21), 0.3)
    flow[:, :, :6] = -9999.0
    field, _ = gather(write_forcing(eastward=flow))
    assert np.nanmax(np.hypot(field.x_mps, field.y_mps)) < 0.33
    assert velocity_at_origin(field) == pytest.approx((0.3, -0.1), rel=1e-5)


def test_times_in_reverse_order(write_forcing, gather) -> None:
    hours = np.arange(24.0, -1.0, -1.0)
    flow = 0.01 * hours[:, None, None]
    field, _ = gather(write_forcing(hours=hours, eastward=flow))
    assert np.all(np.diff(field.times_s) > 0)
    # The span is 06 to 12 h, its middle is 9 h.
    assert velocity_at_origin(field)[0] == pytest.approx(0.09, rel=1e-4)


@pytest.mark.parametrize(
    ("units", "calendar", "offset"),
    [
        ("days since 2026-05-01", "proleptic_gregorian", 0.0),
        ("seconds since 1970-01-01 00:00:00 +00:00", "gregorian", 1777593600.0),
        ("Hour since 2026-04-30T00:00:00Z", "standard", 24.0),
        ("hours since 1-1-1 00:00:0.0", "standard", 17756952.0),
    ],
)
def test_time_units(units, calendar, offset, write_forcing, gather) -> None:
    # 1777593600 s: `date -u -d 2026-05-01 +%s`. 17756952 h: 739873 days from 0001-01-01 in the mixed
    # calendar, by date.toordinal() - 1 = 739736 + 1 proleptic days, plus the two days by which Julian leads.
    scale = {"d": 1 / 24, "s": 3600.0, "H": 1.0, "h": 1.0}[units[0]]
    if units.startswith("hours since 1-1-1"):
        offset = 24.0 * (date_ordinal(2026, 5, 1) - 1 + 2)
    path = write_forcing(time_units=units, calendar=calendar, hours=offset + scale * np.arange(25.0))
    field, sources = gather(path)
    assert field.times_s[0] == pytest.approx(1777593600.0 + 6 * 3600.0, abs=1e-3)
    assert sources[0].valid_until.isoformat() == "2026-05-02T00:00:00+00:00"


def date_ordinal(year: int, month: int, day: int) -> int:
    from datetime import date

    return date(year, month, day).toordinal()


@pytest.mark.parametrize(
    ("origin_lon", "lon"),
    [
        (180.0, np.arange(178.0, 182.01, 0.1)),
        (-179.9, np.arange(178.0, 182.01, 0.1)),
        (180.0, np.concatenate([np.arange(-180.0, -177.99, 0.1), np.arange(178.0, 179.95, 0.1)])),
        (0.0, np.arange(0.0, 359.95, 0.5)),
        (0.1, np.arange(-180.0, 179.95, 0.5)),
        (-130.0, np.arange(228.0, 232.01, 0.1)),
        (179.99, np.arange(-180.0, 179.95, 0.5)),
    ],
)
def test_longitudes_in_any_convention(origin_lon, lon, write_forcing, gather) -> None:
    """The eastward flow equals the sine of the longitude, which knows no convention."""
    lon = np.asarray(lon)
    wave = np.sin(np.deg2rad(lon))[None, None, :] + 0.5
    path = write_forcing(lon=lon, eastward=wave, northward=0.0, hours=np.arange(5, 14))
    frame = LocalFrame(origin_lon, 37.0)
    field, _ = gather(path, frame=frame, box=Box(-60_000.0, -30_000.0, 60_000.0, 30_000.0))
    assert np.isfinite(field.x_mps).all()
    x_m = np.array([-55_000.0, -20_000.0, 0.0, 35_000.0, 55_000.0])
    lon_there, _ = frame.to_lonlat_deg(x_m, np.zeros(5))
    x, _ = sample_velocity(field, x_m, 0.0, field.times_s[1])
    assert x == pytest.approx(np.sin(np.deg2rad(lon_there)) + 0.5, abs=2e-4)


def test_hole_between_the_two_ends_of_a_grid_is_not_bridged(write_forcing, gather) -> None:
    path = write_forcing(lon=np.arange(-179.5, 179.0, 0.5))
    wide = Box(-200_000.0, -30_000.0, 200_000.0, 30_000.0)
    field, _ = gather(path, frame=LocalFrame(180.0, 37.0), box=wide)
    x, _ = sample_velocity(field, [-150_000.0, -10_000.0, 10_000.0, 150_000.0], 0.0, field.times_s[0])
    assert np.isfinite(x).tolist() == [True, False, False, True]


@pytest.mark.parametrize("turn_deg", [-179.9, -90.0, 47.3, 131.95, 132.0, 180.0])
@pytest.mark.parametrize("convention", ["-180..180", "0..360"])
def test_turning_the_world_turns_the_answer(turn_deg, convention, write_forcing, gather) -> None:
    """The same sea elsewhere on the same parallel, across the dateline or Greenwich, gives the same field."""
    lon, lat = np.arange(131.0, 133.01, 0.1), np.arange(36.0, 38.01, 0.1)
    flow = 0.2 * np.sin(3.0 * lon)[None, None, :] * np.cos(2.0 * lat)[None, :, None]
    here, _ = gather(write_forcing("here.nc", eastward=flow))
    low = 0.0 if convention == "0..360" else -180.0
    turned = (lon - 132.0 + turn_deg - low) % 360.0 + low
    there, _ = gather(write_forcing("there.nc", lon=turned, eastward=flow), frame=LocalFrame(turn_deg, 37.0))
    assert there.spacing_m == pytest.approx(here.spacing_m, rel=1e-9)
    np.testing.assert_allclose(there.x_mps, here.x_mps, atol=2e-6)
    np.testing.assert_allclose(there.y_mps, here.y_mps, atol=2e-6)
