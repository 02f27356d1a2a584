"""The door of a series: from what a person wrote to checked domain types.

file -> tomllib -> pydantic (`schema`) -> checks across tables (`translate`) -> Series
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sarex.case.faults import sentence
from sarex.case.wording import shown
from sarex.errors import SeriesError
from sarex.programme.model import Series
from sarex.programme.schema import FORMAT, SERIES_FORM, SeriesFile
from sarex.programme.translate import series_of

_LARGEST_BYTES = 10_000_000


@dataclass(frozen=True)
class Opened:
    """A series as it was read, so that it is not written over what another has written meanwhile."""

    path: Path
    series: Series
    digest: str
    head: tuple[str, ...]
    """The comment at the top of the file, line by line; it is kept when the file is written again."""
    comments_below: int
    """Lines of comment further down, which are not kept."""


def open_series(path: Path) -> Opened:
    """The series in a TOML file.

    Raises:
        SeriesError: the file cannot be read, or what it says is impossible, unknown or contradictory.
    """
    content = read_bytes(path, "series file")
    text = _decoded(path, content)
    head = _head_of(text)
    comments = sum(line.lstrip().startswith("#") for line in text.splitlines())
    return Opened(
        path=path,
        series=series_from_text(text, name=path.name),
        digest=digest_of(content),
        head=head,
        comments_below=comments - len(head),
    )


def open_sample() -> Series:
    """The series that ships with Sarex: the ten exercises of 1999 to 2017, with no more than is known."""
    return series_from_text(_sample_text(), name="the sample series")


def sample_head() -> tuple[str, ...]:
    """The comment at the top of the sample, for a file that begins with it."""
    return _head_of(_sample_text())


def _sample_text() -> str:
    sample = resources.files("sarex.programme") / "data" / "sarex-1999-2017.toml"
    return sample.read_text(encoding="utf-8")


def _head_of(text: str) -> tuple[str, ...]:
    """The lines of comment above everything else."""
    lines = [line.strip() for line in text.splitlines()]
    return tuple(takewhile(lambda line: line.startswith("#"), (line for line in lines if line)))


def series_from_text(text: str, *, name: str) -> Series:
    """The series in the text of a file; `name` is what error sentences call it.

    Raises:
        SeriesError: what it says is impossible, unknown or contradictory.
    """
    data = _toml_of(name, text)
    try:
        _check_format(data)
        return series_of(SeriesFile.model_validate(data))
    except ValidationError as invalid:
        raise SeriesError(f"{name}: {sentence(invalid, data, SERIES_FORM)}") from None
    except SeriesError as wrong:
        raise SeriesError(f"{name}: {wrong}") from None


def digest_of(content: bytes) -> str:
    """By which a changed file is known."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path, what: str) -> bytes:
    """All of a file that a person named.

    Raises:
        SeriesError: it cannot be read.
    """
    try:
        if path.is_dir():
            raise SeriesError(f"{path} is a folder. Name the {what} in it.")
        if path.stat().st_size > _LARGEST_BYTES:
            raise SeriesError(f"{path} is larger than 10 MB, which no {what} is. Name the {what} itself.")
        return path.read_bytes()
    except FileNotFoundError:
        raise SeriesError(f"{path} does not exist. Correct the path of the {what}.") from None
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise SeriesError(f"{path} cannot be read ({reason}). Check the path and its permissions.") from None


def _check_format(data: Mapping[str, Any]) -> None:
    if "format" not in data:
        raise SeriesError(f'format is missing. Write format = "{FORMAT}" as the first line.')
    if data["format"] != FORMAT:
        raise SeriesError(
            f'format is {shown(data["format"])}; this version of Sarex reads "{FORMAT}". '
            "Correct the line, or use the Sarex that wrote the file."
        )


def _decoded(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise SeriesError(f"{path} is not UTF-8 text (line {line}). Save the series file as UTF-8.") from None
    if not text.strip():
        raise SeriesError(f'{path} is empty. A series file begins with format = "{FORMAT}".')
    return text


def _toml_of(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise SeriesError(
            f"{name} is not valid TOML: {str(wrong).rstrip('.')}. "
            "Mend that line; texts stand in quotes, lists in square brackets, a key once in a table."
        ) from None
    except (ValueError, RecursionError):
        raise SeriesError(
            f"{name} is not valid TOML: a number or date is impossible, or the nesting too deep. Mend it."
        ) from None
