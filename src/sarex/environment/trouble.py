"""What the libraries behind forcing files raise, turned into one sentence that names the file."""

import importlib.util
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sarex.errors import ForcingError, SarexError


@contextmanager
def file_trouble(label: str, kind: str = "NetCDF") -> Iterator[None]:
    """Turn what damaged files make the libraries raise into one sentence that names the file.

    netCDF4, HDF5, zarr, fsspec with its protocols, cfgrib and eccodes have exception trees of their own
    without a common root, so everything is caught here but the end of memory.
    """
    try:
        with warnings.catch_warnings():
            # A file with two fill values or an odd time unit is read or refused below, in our own words.
            warnings.simplefilter("ignore")
            yield
    except (SarexError, MemoryError):
        raise
    except ImportError as missing:
        raise package_missing(label, kind, missing) from missing
    except Exception as trouble:
        raise ForcingError(
            f"{label}: this cannot be read as {kind} ({reason(trouble)}). Fetch it again, or leave it out."
        ) from trouble


def package_missing(label: str, what: str, missing: ImportError) -> ForcingError:
    """What to install, where a library says so itself; fsspec does for the packages of its protocols."""
    said = re.search(r"\b[Ii]nstall (?:the )?[\"'`]?([A-Za-z][\w-]+)", str(missing))
    name = said.group(1) if said else missing.name
    remedy = f"pip install {name}" if name else "install the package, or reinstall it"
    return ForcingError(
        f"{label}: reading {what} needs a package that is not installed ({reason(missing)}); {remedy}"
    )


def reason(trouble: BaseException) -> str:
    """What an exception says, short and in one line."""
    said = getattr(trouble, "strerror", None) or str(trouble) or type(trouble).__name__
    return re.sub(r"\s+", " ", str(said))[:80]


def need(label: str, what: str, module: str, extra: str) -> None:
    """Ask that an optional package is installed.

    Raises:
        ForcingError: it is not; says what to install.
    """
    if importlib.util.find_spec(module) is None:
        raise ForcingError(
            f"{label}: reading {what} needs the package {module}, which is not installed; "
            f"pip install 'sarex[{extra}]'"
        )
