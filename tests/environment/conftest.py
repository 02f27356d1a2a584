"""Forcing files made for tests, written with netCDF4 directly and not with the code under test."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from sarex.case.model import ForcingChoice, ForcingFile
from sarex.environment import Box, ForcingSource, VelocityField
from sarex.environment.gather import FieldRequest, gather_field
from sarex.environment.quantities import CURRENT, WIND
from sarex.geo import LocalFrame

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
FRAME = LocalFrame(132.0, 37.0)
BOX = Box(-40_000.0, -40_000.0, 40_000.0, 40_000.0)

WriteForcing = Callable[..., Path]
Gathered = tuple[VelocityField, tuple[ForcingSource, ...]]


@pytest.fixture(autouse=True)
def _private_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("SAREX_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def write_forcing(tmp_path: Path) -> WriteForcing:
    """Write a velocity on a longitude/latitude grid around 132 E, 37 N; every part can be replaced."""

    def write(
        name="forcing.nc",
        *,
        lon=None,
        lat=None,
        eastward=0.3,
        northward=-0.1,
        hours=None,
        units="m s-1",
        standard_names=("eastward_sea_water_velocity", "northward_sea_water_velocity"),
        names=("uo", "vo"),
        time_units="hours since 2026-05-01 00:00:00",
        calendar="standard",
        depths=None,
        title="A made-up sea",
        kind="f4",
        fill=None,
        file_format="NETCDF4",
    ) -> Path:
        lon = np.arange(131.0, 133.01, 0.1) if lon is None else np.asarray(lon, float)
        lat = np.arange(36.0, 38.01, 0.1) if lat is None else np.asarray(lat, float)
        hours = np.arange(0.0, 25.0) if hours is None else np.asarray(hours, float)
        path = tmp_path / name
        with netCDF4.Dataset(path, "w", format=file_format) as nc:
            nc.title = title
            axes = {"time": (hours, time_units), "lat": (lat, "degrees_north"), "lon": (lon, "degrees_east")}
            for axis, (values, axis_units) in axes.items():
                nc.createDimension(axis, len(values))
                variable = nc.createVariable(axis, "f8", (axis,))
                variable.units = axis_units
                variable[:] = values
            nc["time"].calendar = calendar
            dims = ("time", "lat", "lon")
            if depths is not None:
                nc.createDimension("depth", len(depths))
                nc.createVariable("depth", "f8", ("depth",))[:] = depths
                nc["depth"].setncatts({"units": "m", "positive": "down"})
                dims = ("time", "depth", "lat", "lon")
            shape = tuple(len(nc.dimensions[dim]) for dim in dims)
            for variable_name, standard_name, value in zip(
                names, standard_names, (eastward, northward), strict=True
            ):
                if variable_name is None:
                    continue
                variable = nc.createVariable(variable_name, kind, dims, fill_value=fill)
                if standard_name:
                    variable.standard_name = standard_name
                if units is not None:
                    variable.units = units
                variable[:] = np.broadcast_to(value, shape)
        return path

    return write


@pytest.fixture
def gather() -> Callable[..., Gathered]:
    """Gather one quantity from paths or other choices over the usual box and six hours."""

    def run(*choices: Path | ForcingChoice, quantity="current", frame=FRAME, box=BOX, start=START, hours=6.0):
        made = tuple(ForcingFile(choice) if isinstance(choice, Path) else choice for choice in choices)
        named = {"current": CURRENT, "wind": WIND}[quantity]
        return gather_field(FieldRequest(named, frame, box, start, start + timedelta(hours=hours)), made)

    return run
