"""Odd forcing files of all sorts: the flow that was put in comes out, or one sentence says what is wrong."""

import tempfile
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sarex.environment import sample_velocity
from sarex.errors import ForcingError

GENERIC = "cannot be read as"
"""The words for what a library raised; an odd file that is whole deserves better ones."""

START_H = 6.0


def flow(lon_deg, lat_deg, hour):
    """Linear in space and time, so that interpolation between any nodes gives it back."""
    east = 0.05 * (lon_deg - 132.0) + 0.1 * (lat_deg - 37.0) + 0.01 * hour
    north = -0.08 * (lon_deg - 132.0) + 0.03 * (lat_deg - 37.0) - 0.005 * hour
    return east, north


HOURS = {
    "hourly": np.arange(0.0, 25.0),
    "three-hourly": np.arange(0.0, 25.0, 3.0),
    "descending": np.arange(24.0, -1.0, -1.0),
    "single": np.array([8.0]),
    "irregular": np.array([0.0, 5.0, 6.5, 7.0, 11.0, 13.0, 24.0]),
    "repeated": np.array([0.0, 6.0, 6.0, 12.0, 24.0]),
    "nan": np.array([0.0, 6.0, np.nan, 12.0, 24.0]),
    "gap": np.array([0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 24.0]),
}
PER_HOUR = {"hours": 1.0, "minutes": 60.0, "seconds": 3600.0, "days": 1.0 / 24.0, "unix": 3600.0}
ODDITIES = st.fixed_dictionaries(
    {
        "hours": st.sampled_from(sorted(HOURS)),
        "calendar": st.sampled_from(["standard", "gregorian", "proleptic_gregorian", "noleap", "none"]),
        "time_units": st.sampled_from([*PER_HOUR, "nonsense", "missing"]),
        "time_kind": st.sampled_from(["f8", "i4", "i8"]),
        "lon": st.sampled_from(["plain", "minus", "descending", "wide", "nan", "fill", "shuffled"]),
        "lat": st.sampled_from(["plain", "descending", "nan", "fill", "degrees over 90"]),
        "kind": st.sampled_from(["f4", "f8", "short", "byte-swapped"]),
        "fill": st.sampled_from([None, "declared", "missing_value", "undeclared", "huge", "default", "nan"]),
        "gap": st.sampled_from(["none", "strip", "all", "one time", "one component"]),
        "units": st.sampled_from(["m s-1", "m s-1", "cm/s", "knots", "missing", "1", "K"]),
        "dims": st.sampled_from(
            ["plain", "depth first", "depth last", "member one", "members", "transposed"]
        ),
        "coords_masked": st.booleans(),
        "format": st.sampled_from(["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"]),
    }
)  # fmt: skip

UNIT_MPS = {"m s-1": 1.0, "cm/s": 0.01, "knots": 1852.0 / 3600.0}
FILLS = {
    "declared": -999.0,
    "missing_value": -999.0,
    "undeclared": -9999.0,
    "huge": 1e20,
    "default": 9.96921e36,
}


def axes_of(odd) -> tuple[np.ndarray, np.ndarray]:
    lon = np.round(np.arange(130.0, 134.01, 0.25), 6)
    lat = np.round(np.arange(35.5, 38.51, 0.25), 6)
    if odd["lon"] == "wide":
        lon = np.round(np.arange(0.0, 360.0, 0.25), 6)
    lon = {"minus": lon - 360.0, "descending": lon[::-1]}.get(odd["lon"], lon).copy()
    lat = lat[::-1].copy() if odd["lat"] == "descending" else lat.copy()
    spoil = {"nan": np.nan, "fill": 9.96921e36, "degrees over 90": 137.0}
    if odd["lon"] in ("nan", "fill"):
        lon[3] = spoil[odd["lon"]]
    if odd["lon"] == "shuffled":
        lon[[2, 9]] = lon[[9, 2]]
    if odd["lat"] in spoil:
        lat[-2 if odd["lat"] != "degrees over 90" else -1] = spoil[odd["lat"]]
    return lon, lat


def write(path: Path, odd) -> None:
    lon, lat = axes_of(odd)
    hours = HOURS[odd["hours"]]
    with netCDF4.Dataset(path, "w", format=odd["format"]) as nc:
        for name, values in (("time", hours), ("lat", lat), ("lon", lon)):
            nc.createDimension(name, len(values))
        write_time(nc, odd, hours)
        for name, values, unit in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
            variable = nc.createVariable(
                name, "f8", (name,), fill_value=-1e9 if odd["coords_masked"] else None
            )
            variable.units = unit
            variable[:] = np.ma.masked_invalid(values) if odd["coords_masked"] else values
        lon, lat = (np.where(np.abs(part) < 400.0, part, 0.0) for part in (lon, lat))
        lon = np.where(lon < 0, lon + 360.0, lon)
        when = np.nan_to_num(hours)
        east, north = flow(lon[None, None, :], lat[None, :, None], when[:, None, None])
        for name, standard_name, values in (("uo", "eastward", east), ("vo", "northward", north)):
            write_component(nc, odd, name, f"{standard_name}_sea_water_velocity", values)


def write_time(nc, odd, hours) -> None:
    classic = odd["format"] != "NETCDF4"
    kind = "f8" if classic or np.isnan(hours).any() or odd["time_units"] == "days" else odd["time_kind"]
    if hours is HOURS["irregular"] and odd["time_units"] == "hours":
        kind = "f8"
    variable = nc.createVariable("time", kind, ("time",))
    if odd["calendar"] != "none":
        variable.calendar = odd["calendar"]
    unit = {"unix": "seconds since 1970-01-01", "nonsense": "moons since forever"}.get(
        odd["time_units"], f"{odd['time_units']} since 2026-05-01 00:00:00"
    )
    if odd["time_units"] != "missing":
        variable.units = unit
    # 1777593600 s: `date -u -d 2026-05-01 +%s`
    offset = 1777593600.0 if odd["time_units"] == "unix" else 0.0
    variable[:] = offset + hours * PER_HOUR.get(odd["time_units"], 1.0)


def write_component(nc, odd, name, standard_name, values) -> None:
    dims, shape = dims_of(nc, odd)
    values = np.array(np.broadcast_to(values, tuple(len(nc.dimensions[d]) for d in ("time", "lat", "lon"))))
    values = values / UNIT_MPS.get(odd["units"], 1.0)
    holes = holes_of(nc, odd, name, values.shape)
    places = [dims.index(dim) - (dims.index(dim) > extra(dims)) for dim in ("time", "lat", "lon")]
    values, holes = (np.moveaxis(part, [0, 1, 2], places) for part in (values, holes))
    if extra(dims) < 9:
        values, holes = (np.expand_dims(part, extra(dims)) for part in (values, holes))
    packed = odd["kind"] == "short"
    fill = FILLS.get(odd["fill"])
    declared = {"declared": fill, "default": fill}.get(odd["fill"])
    if packed:
        variable = nc.createVariable(name, "i2", dims, fill_value=-32767)
        variable.setncatts({"scale_factor": 0.02 if odd["units"] == "cm/s" else 2e-4, "add_offset": 0.1})
    else:
        kind = {"byte-swapped": ">f4" if odd["format"] == "NETCDF4" else "f4"}.get(odd["kind"], odd["kind"])
        endian = "big" if (odd["kind"], odd["format"]) == ("byte-swapped", "NETCDF4") else "native"
        variable = nc.createVariable(name, kind, dims, fill_value=declared, endian=endian)
        if odd["fill"] == "missing_value":
            variable.missing_value = np.array(fill, variable.dtype)
    variable.standard_name = standard_name
    if odd["units"] != "missing":
        variable.units = odd["units"]
    values = np.broadcast_to(values, shape)
    holes = np.broadcast_to(holes, shape)
    if packed:
        variable[:] = np.ma.masked_array(values, holes)
    else:
        nc.set_auto_mask(False)
        variable[:] = np.where(holes, np.nan if fill is None else fill, values)


def extra(dims) -> int:
    return next((i for i, dim in enumerate(dims) if dim not in ("time", "lat", "lon")), 9)


def dims_of(nc, odd) -> tuple[tuple[str, ...], tuple[int, ...]]:
    names = {
        "plain": ("time", "lat", "lon"), "transposed": ("lon", "lat", "time"),
        "depth first": ("time", "depth", "lat", "lon"), "depth last": ("time", "lat", "lon", "depth"),
        "member one": ("member", "time", "lat", "lon"), "members": ("time", "member", "lat", "lon"),
    }[odd["dims"]]  # fmt: skip
    if "depth" in names and "depth" not in nc.dimensions:
        nc.createDimension("depth", 2)
        depth = nc.createVariable("depth", "f4", ("depth",))
        depth.setncatts({"units": "m", "positive": "down"})
        depth[:] = [0.5, 10.0]
    if "member" in names and "member" not in nc.dimensions:
        nc.createDimension("member", 1 if odd["dims"] == "member one" else 3)
    return names, tuple(len(nc.dimensions[name]) for name in names)


def holes_of(nc, odd, name, shape) -> np.ndarray:
    holes = np.zeros(shape, bool)
    if odd["gap"] == "strip":
        holes[:, :, :3] = True
    elif odd["gap"] == "all":
        holes[:] = True
    elif odd["gap"] == "one time":
        holes[min(1, shape[0] - 1)] = True
    elif odd["gap"] == "one component" and name == "uo":
        holes[:, -3:, :] = True
    return holes


def hopeless(odd) -> bool:
    """What no reader can make sense of: it must be refused."""
    return (
        odd["hours"] in ("single", "repeated", "nan")
        or odd["calendar"] == "noleap"
        or odd["time_units"] in ("nonsense", "missing")
        or odd["lon"] in ("nan", "fill", "shuffled")
        or odd["lat"] in ("nan", "fill", "degrees over 90")
        or odd["units"] in ("missing", "1", "K")
        or odd["gap"] == "all"
        or odd["dims"] == "members"
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=ODDITIES)
def test_right_or_refused(odd, gather) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.nc"
        write(path, odd)
        try:
            field, _ = gather(path)
        except ForcingError as refused:
            sentence = str(refused)
            assert sentence.startswith("odd.nc")
            assert "\n" not in sentence
            assert GENERIC not in sentence, sentence
            # a sound file is refused for a hole at the ends of the span only
            assert hopeless(odd) or odd["gap"] == "one time" or odd["hours"] == "gap", sentence
            return
    assert not hopeless(odd), "this file cannot be understood and was taken"
    check_values(field, odd)


def check_values(field, odd) -> None:
    """At the origin of the frame (132 E, 37 N), where the plane's axes are east and north."""
    hours = np.array([START_H, 7.3, 9.0, 11.5, 12.0])
    x, y = sample_velocity(field, 0.0, 0.0, 1777593600.0 + 3600.0 * hours)
    east, north = flow(132.0, 37.0, hours)
    known = np.isfinite(x)
    # packed shorts are good to 1e-4 m/s (half a scale factor), single precision to 1e-6
    assert x[known] == pytest.approx(east[known], abs=5e-4)
    assert y[known] == pytest.approx(north[known], abs=5e-4)
    if odd["gap"] != "one time":
        assert known.all()


def write_plain(path: Path) -> None:
    plain = {
        "hours": "hourly", "calendar": "standard", "time_units": "hours", "time_kind": "f8", "lon": "plain",
        "lat": "plain", "kind": "f4", "fill": None, "gap": "none", "units": "m s-1", "dims": "plain",
        "coords_masked": False, "format": "NETCDF3_CLASSIC",
    }  # fmt: skip
    write(path, plain)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0.0, 0.999), damage=st.binary(min_size=1, max_size=64), cut=st.booleans())
def test_damaged_bytes_are_read_or_refused(position, damage, cut, gather) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.nc"
        write_plain(path)
        raw = path.read_bytes()
        at = int(position * len(raw))
        path.write_bytes(raw[:at] if cut else raw[:at] + damage + raw[at + len(damage) :])
        try:
            gather(path)
            sentence = "odd.nc"
        except ForcingError as refused:
            sentence = str(refused)
    assert sentence.startswith("odd.nc")
    assert "\n" not in sentence
