"""How a location is opened: a local file or folder, or a URL, as NetCDF, Zarr or GRIB.

Nothing but netCDF4 is imported for a local NetCDF file; xarray, Zarr, fsspec and cfgrib are fetched when a
location asks for them. Whatever is wrong with a location leaves this room as one `ForcingError` that names
it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from sarex.environment.labelled import LabelledDataset
from sarex.environment.netcdf_file import NetcdfFile
from sarex.environment.trouble import file_trouble, need
from sarex.errors import ForcingError

ZARR_MARKS = ("zarr.json", ".zgroup", ".zmetadata")
"""One of these lies at the root of every Zarr group (version 3; version 2)."""
_FILE_ENDINGS = (".nc", ".nc4", ".nc3", ".cdf", ".netcdf", ".h5", ".hdf5", ".grib", ".grb", ".grib2", ".grb2")
_REFERENCE_ENDINGS = (".json", ".parq", ".parquet")
_OPENDAP_PATHS = ("/dodsC/", "/dods/", "/opendap/", "/thredds/dap4/")


@dataclass(frozen=True)
class Store:
    """An open location: one dataset, or for GRIB one for each velocity found in it."""

    label: str
    kind: str
    """"NetCDF", "Zarr", "GRIB" or "OPeNDAP"."""
    datasets: tuple[LabelledDataset, ...]
    held: tuple[str, ...]
    """Names of what lies in it, for sentences."""

    def close(self) -> None:
        for dataset in self.datasets:
            dataset.close()


def open_store(location: str) -> Store:
    """Open a location without reading its values. The caller closes it.

    Raises:
        ForcingError: there is nothing, it is damaged or of an unknown kind, or an extra package is missing.
    """
    label = label_of(location)
    if _is_opendap(location):
        return _one(label, "OPeNDAP", _open_netcdf(label, "OPeNDAP", location))
    if is_url(location):
        return _open_url(label, location)
    path = Path(location)
    if path.is_dir() and any((path / mark).exists() for mark in ZARR_MARKS):
        return _one(label, "Zarr", _open_zarr(label, str(path)))
    return open_local(label, path)


@contextmanager
def opened(location: str) -> Iterator[Store]:
    """`open_store` for a with statement."""
    store = open_store(location)
    try:
        yield store
    finally:
        store.close()


def label_of(location: str) -> str:
    """The last part of a path or URL, without its query."""
    parts = [part for part in re.split(r"[/\\]", _path_of(location)) if part]
    return parts[-1] if parts else location


def is_url(location: str) -> bool:
    """Whether a location names a protocol; a drive letter of Windows is none."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:(/|:)", location) is not None


def _path_of(location: str) -> str:
    """With the host in front, which for memory:// and s3:// is part of the path; without the query."""
    if not is_url(location):
        return location
    split = urlsplit(location.rpartition("::")[2])
    return split.netloc + split.path


def open_local(label: str, path: Path) -> Store:
    """Open a NetCDF or GRIB file; which of the two, its first bytes say."""
    _check_path(label, path)
    with file_trouble(label, "NetCDF"), path.open("rb") as file:
        magic = file.read(4)
    if magic == b"GRIB" or path.suffix.lower() in (".grib", ".grb", ".grib2", ".grb2"):
        from sarex.environment.grib import open_grib  # noqa: PLC0415 -- only GRIB needs eccodes

        datasets, held = open_grib(label, path)
        return Store(label, "GRIB", datasets, held)
    dataset = _open_netcdf(label, "NetCDF", path)
    try:
        if magic[:3] == b"CDF":
            _check_length(label, path, dataset)
    except BaseException:
        dataset.close()
        raise
    return _one(label, "NetCDF", dataset)


def _is_opendap(location: str) -> bool:
    if location.startswith(("dods://", "dap2://", "dap4://")):
        return True
    path = urlsplit(location).path if location.startswith(("http://", "https://")) else ""
    # ERDDAP answers /griddap/name.nc?... with a whole file, and /griddap/name with OPeNDAP.
    griddap = "/griddap/" in path and not path.lower().endswith(_FILE_ENDINGS)
    return griddap or any(part in path for part in _OPENDAP_PATHS)


def _open_url(label: str, location: str) -> Store:
    from sarex.environment.remote import fetch_remote, has_any  # noqa: PLC0415 -- needs fsspec

    path = _path_of(location).rstrip("/").lower()
    if path.endswith(_REFERENCE_ENDINGS):
        return _one(label, "Zarr", _open_references(label, location))
    if ".zarr" in path or (not path.endswith(_FILE_ENDINGS) and has_any(label, location, ZARR_MARKS)):
        return _one(label, "Zarr", _open_zarr(label, location))
    return open_local(label, fetch_remote(label, location))


def _one(label: str, kind: str, dataset: LabelledDataset) -> Store:
    return Store(label, kind, (dataset,), tuple(str(name) for name in dataset.data_vars))


def _open_netcdf(label: str, kind: str, place: Path | str) -> LabelledDataset:
    with file_trouble(label, kind):
        return NetcdfFile(place)


def _open_zarr(label: str, location: str) -> LabelledDataset:
    need(label, "Zarr", "zarr", "cloud")
    import xarray as xr  # noqa: PLC0415 -- heavy, and a local NetCDF file does without

    with file_trouble(label, "Zarr"):
        return xr.open_dataset(
            location, engine="zarr", chunks=None, decode_times=False, decode_coords=False, cache=False
        )


def _open_references(label: str, location: str) -> LabelledDataset:
    """A table of references (kerchunk) that lets the chunks of NetCDF files be read as Zarr."""
    need(label, "a table of references", "zarr", "cloud")
    import xarray as xr  # noqa: PLC0415

    inner = location.removeprefix("reference::")
    with file_trouble(label, "a table of references"):
        return xr.open_dataset(
            "reference://",
            engine="zarr",
            chunks=None,
            decode_times=False,
            decode_coords=False,
            cache=False,
            consolidated=False,
            storage_options={"fo": inner},
        )


def _check_path(label: str, path: Path) -> None:
    if not path.exists():
        raise ForcingError(f"{label}: there is no such forcing file in {path.parent}; check the path.")
    if path.is_dir():
        raise ForcingError(
            f"{label}: this is a folder and no Zarr store; name the NetCDF files in it one by one."
        )
    if path.stat().st_size == 0:
        raise ForcingError(f"{label}: this forcing file is empty; fetch it again.")


def _check_length(label: str, path: Path, dataset: LabelledDataset) -> None:
    """Classic NetCDF reads as zeros past the end of a cut file; HDF5 notices by itself."""
    promised = sum(
        variable.size * np.dtype(variable.encoding.get("dtype", variable.dtype)).itemsize
        for variable in dataset.variables.values()
    )
    if path.stat().st_size < promised:
        raise ForcingError(f"{label}: the file is shorter than its own header says; fetch it again.")
