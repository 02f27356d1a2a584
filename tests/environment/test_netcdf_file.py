"""Our view of a NetCDF file against xarray's."""

import netCDF4
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sarex.environment.netcdf_file import NetcdfFile

KINDS = ("i1", "i2", "i4", "f4", "f8", "u1", "u2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("netcdf")


def write(path, kind, fill, missing, scale, offset, unsigned, seed) -> None:
    rng = np.random.default_rng(seed)
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        for name, size in (("time", 4), ("y", 5), ("x", 6)):
            file.createDimension(name, size)
            file.createVariable(name, "f8", (name,))[:] = np.arange(size)
        values = file.createVariable("u", kind, ("time", "y", "x"), fill_value=100 if fill else False)
        values.set_auto_maskandscale(False)
        if missing:
            values.missing_value = np.array(101, kind)
        if scale:
            values.scale_factor = 0.25
        if offset:
            values.add_offset = 3.5
        if unsigned and kind in ("i1", "i2"):
            values.setncattr("_Unsigned", "true")
        values.units = "m s-1"
        values[:] = rng.integers(-20 if kind[0] != "u" else 0, 110, (4, 5, 6)).astype(kind)


@pytest.mark.filterwarnings("ignore:variable 'u' has multiple fill values")
@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    flags=st.tuples(*[st.booleans()] * 5),
    seed=st.integers(0, 1000),
    steps=st.slices(4),
    columns=st.slices(6),
    row=st.integers(0, 4),
)
def test_the_same_values_as_xarray(folder, kind, flags, seed, steps, columns, row) -> None:
    path = folder / "any.nc"
    write(path, kind, *flags, seed)
    with xr.open_dataset(path, engine="netcdf4", decode_times=False, decode_coords=False) as theirs:
        ours = NetcdfFile(path)
        assert list(ours.data_vars) == [str(name) for name in theirs.data_vars]
        assert ours.sizes == dict(theirs.sizes)
        assert ours["u"].attrs == theirs["u"].attrs
        np.testing.assert_array_equal(ours["u"].values, theirs["u"].values)
        pick = {"time": steps, "x": columns, "y": row}
        part, expected = ours["u"].isel(pick), theirs["u"].isel(pick)
        assert part.dims == expected.dims
        assert part.shape == expected.shape
        np.testing.assert_array_equal(part.values, expected.values)
        turned, expected = part.transpose("x", "time"), expected.transpose("x", "time")
        assert turned.shape == expected.shape
        np.testing.assert_array_equal(turned.values, expected.values)
        again = turned.isel({"x": slice(None, None, 2)})
        np.testing.assert_array_equal(again.values, expected.isel(x=slice(None, None, 2)).values)
        ours.close()


def test_only_its_own_dimensions_can_be_turned(folder) -> None:
    write(folder / "turn.nc", "f4", *[False] * 5, 1)
    file = NetcdfFile(folder / "turn.nc")
    with pytest.raises(ValueError, match="has the dimensions"):
        file["u"].transpose("x", "y")
    file.close()
    file.close()
