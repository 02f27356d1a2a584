"""A new NetCDF file, with the trouble of a full disk told like that of any other file."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import netCDF4


@contextmanager
def new_netcdf(path: Path) -> Iterator[netCDF4.Dataset]:
    """A file to write into, closed at the end.

    Raises:
        OSError: it could not be written whole. The libraries below raise RuntimeError and do not say why.
    """
    try:
        with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
            yield file
    except RuntimeError as error:
        raise OSError(errno.EIO, f"{path.name} could not be written ({error}); is the disk full?") from error
