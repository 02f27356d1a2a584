"""Files behind a URL, fetched whole into the cache folder through fsspec.

Fetching whole is the robust way for NetCDF and GRIB: one sequential transfer that can be tried again, instead
of hundreds of small range requests that some servers refuse. The name in the cache is made of the URL and of
what the server says about the file (size, entity tag, time of change), so a new forecast under an old URL is
fetched anew.
"""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from sarex.environment.coast_cache import cache_folder
from sarex.environment.trouble import need, package_missing, reason
from sarex.errors import ForcingError

_TRIES = 3
_VERSION_KEYS = (
    "size",
    "etag",
    "last-modified",
    "lastmodified",
    "mtime",
    "created",
    "updated",
    "generation",
    "md5",
)
_STAYS = 60
"""Characters of a file's own name that are kept in the cache, so that a person can tell the files there."""


def fetch_remote(label: str, location: str) -> Path:
    """The local copy of a remote file, fetched unless the cache holds the very same one.

    Raises:
        ForcingError: the file is not there, the server does not answer, or a package for the protocol is
        missing.
    """
    system, path = _connect(label, location)
    folder = cache_folder() / "forcing"
    trouble: Exception | None = None
    for _ in range(_TRIES):
        try:
            info = system.info(path)
            kept = folder / _cache_name(label, location, info)
            if not kept.exists():
                folder.mkdir(parents=True, exist_ok=True)
                _fetch(system, path, kept, info.get("size"))
        except FileNotFoundError as absent:
            # fsspec says so of a server that cannot be reached, too
            if isinstance(absent.__cause__, OSError):
                trouble = absent.__cause__
                continue
            raise ForcingError(f"{label}: there is nothing at {location[:150]}; check the URL.") from absent
        except Exception as failed:  # noqa: BLE001 -- every protocol has its own tree of exceptions
            trouble = failed
        else:
            return kept
    raise ForcingError(
        f"{label}: cannot be fetched from {location[:120]} ({reason(trouble) if trouble else 'no answer'}), "
        f"{_TRIES} times tried; check the network and the right to read it, or download it and name the file."
    ) from trouble


def has_any(label: str, location: str, names: tuple[str, ...]) -> bool:
    """Whether a remote folder holds one of these files."""
    system, path = _connect(label, location)
    try:
        return any(system.exists(f"{path.rstrip('/')}/{name}") for name in names)
    except Exception:  # noqa: BLE001 -- the fetch that follows tells what is wrong
        return False


def _connect(label: str, location: str) -> tuple[Any, str]:
    need(label, "a URL", "fsspec", "cloud")
    import fsspec  # noqa: PLC0415 -- optional

    try:
        system, path = fsspec.core.url_to_fs(location)
    except ImportError as missing:
        raise package_missing(label, f"{location.partition(':')[0]}://", missing) from missing
    except ValueError as unknown:
        raise ForcingError(f"{label}: {location[:120]} cannot be opened ({reason(unknown)}).") from unknown
    return system, str(path)


def _fetch(system: Any, path: str, kept: Path, size: int | None) -> None:
    """Write beside and rename, so that a broken transfer never looks like a file."""
    part = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    try:
        system.get_file(path, str(part))
        if size is not None and part.stat().st_size != size:
            raise OSError(f"{part.stat().st_size} of {size} bytes arrived")
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)


def _cache_name(label: str, location: str, info: dict[str, Any]) -> str:
    version = {key.lower(): str(value) for key, value in info.items() if key.lower() in _VERSION_KEYS}
    digest = sha256(repr((location, sorted(version.items()))).encode()).hexdigest()[:16]
    return f"{digest}-{re.sub(r'[^A-Za-z0-9._-]', '_', label)[-_STAYS:]}"
