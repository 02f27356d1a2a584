"""A file of text that a person named on the command line."""

import os
import tempfile
from pathlib import Path

from sarex.errors import InputError


def check_writable(path: Path) -> None:
    """Ask that a file can be written, before anything is computed for it.

    Raises:
        InputError: it cannot be written there.
    """
    place = path if path.exists() else path.parent
    why = (
        "it is a folder"
        if path.is_dir()
        else f"{place} is no folder"
        if not path.exists() and not place.is_dir()
        else "permission denied"
        if not os.access(place, os.W_OK)
        else None
    )
    if why is not None:
        raise InputError(f"{path} cannot be written: {why}. Name a file in a folder that exists.")


def write_text(path: Path, text: str) -> None:
    """Write a whole file beside and let it take the name; what is no plain file is written as it is.

    Raises:
        InputError: it cannot be written there.
    """
    target = path.resolve()
    beside: str | None = None
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}. Name a file in a folder that exists."
        ) from error
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
