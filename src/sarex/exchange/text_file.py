"""A file of text that a person named on the command line."""

from pathlib import Path

from sarex.errors import InputError


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
