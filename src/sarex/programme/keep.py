"""Writing a series back: whole or not at all, and never over what somebody else has written meanwhile."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sarex.errors import SeriesError
from sarex.programme.door import Opened, digest_of, read_bytes, series_from_text
from sarex.programme.model import Series
from sarex.programme.toml_text import series_to_text
from sarex.programme.translate import check_references


def save_series(opened: Opened, series: Series) -> None:
    """Write a changed series to the file that it was read from.

    The folder is locked while the file is compared with what was read and replaced, so that of two who
    write at once the second is refused.

    Raises:
        SeriesError: the file has changed since it was read, or it cannot be written.
    """
    check_references(series)
    text = series_to_text(series, opened.head)
    series_from_text(text, name=opened.path.name)
    path = opened.path.resolve()
    with _folder_locked(path):
        if digest_of(read_bytes(path, "series file")) != opened.digest:
            raise SeriesError(
                f"{opened.path} was changed by somebody else after it was read; nothing was written. "
                "Run the command again."
            )
        _replace(path, text)


def create_series(path: Path, series: Series, head: tuple[str, ...] = ()) -> None:
    """Write a series to a file that is not there yet.

    Raises:
        SeriesError: it is there, or cannot be written.
    """
    target = path.resolve()
    with _folder_locked(target):
        if target.exists():
            raise SeriesError(f"{path} exists already and is left as it is. Name a new file.")
        _replace(target, series_to_text(series, head))


def replace_text(path: Path, text: str) -> None:
    """Write a whole file beside and let it take the name.

    Raises:
        SeriesError: it cannot be written.
    """
    target = path.resolve()
    with _folder_locked(target):
        _replace(target, text)


@contextmanager
def _folder_locked(path: Path) -> Iterator[None]:
    """Alone in the folder, among those who ask."""
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _replace(path: Path, text: str) -> None:
    beside: str | None = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> SeriesError:
    return SeriesError(
        f"{path} cannot be written: {error.strerror or error}. Name a file in a folder that exists."
    )
