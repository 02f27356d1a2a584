"""A file of text that a person named on the command line."""

import os
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
    """Write a whole file.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}. Name a file in a folder that exists."
        ) from error
