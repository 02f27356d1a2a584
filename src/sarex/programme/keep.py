"""Writing a series back: whole or not at all, and never over what somebody else has written meanwhile."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sarex.errors import SeriesError
from sarex.exchange.text_file import write_text
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
        write_text(path, text)


def create_series(path: Path, series: Series, head: tuple[str, ...] = ()) -> None:
    """Write a series to a file that is not there yet.

    Raises:
        SeriesError: it is there, or cannot be written.
    """
    target = path.resolve()
    with _folder_locked(target):
        if target.exists():
            raise SeriesError(f"{path} exists already and is left as it is. Name a new file.")
        write_text(target, series_to_text(series, head))


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


def _unwritable(path: Path, error: OSError) -> SeriesError:
    return SeriesError(
        f"{path} cannot be written: {error.strerror or error}. Name a file in a folder that exists."
    )
