"""A new NetCDF file: whole or not there, with the trouble of a full disk told like that of any other file."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import netCDF4


@contextmanager
def new_netcdf(path: Path) -> Iterator[netCDF4.Dataset]:
    """A file to write into, closed at the end.

    It is written beside and takes its name when it is whole; what goes wrong on the way, an interruption
    included, leaves nothing behind and an older file of that name as it was.

    Raises:
        OSError: it could not be written whole. The libraries below raise RuntimeError and do not say why.
    """
    beside = path.with_name(f"{path.name}.part")
    try:
        with netCDF4.Dataset(beside, "w", format="NETCDF4") as file:
            yield file
        beside.replace(path)
    except RuntimeError as error:
        raise OSError(errno.EIO, f"{path.name} could not be written ({error}); is the disk full?") from error
    finally:
        beside.unlink(missing_ok=True)
