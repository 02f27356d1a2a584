"""Files of tables, TOML or JSON: read whole, and refused in a sentence where they cannot be."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarex.case.wording import shown
from sarex.errors import CaseError

_LARGEST_BYTES = 10_000_000


@dataclass(frozen=True)
class FileKind:
    """What a file ought to be, for sentences."""

    word: str
    """ "case" of a case file."""
    format: str
    """Its first line says it."""
    listed: str
    """A table that it may hold several of."""


def mapping_in(path: Path, kind: FileKind) -> Mapping[str, Any]:
    """What a file says: JSON where its name ends so, else TOML.

    Raises:
        CaseError: it cannot be read.
    """
    text = _decoded(path, _bytes_of(path, kind), kind)
    return _json_of(path, text, kind) if path.suffix.lower() == ".json" else _toml_of(path, text, kind)


def check_format(data: Mapping[str, Any], kind: FileKind) -> None:
    """Ask that the file says the format that is read here.

    Raises:
        CaseError: it says none or another.
    """
    if "format" not in data:
        raise CaseError(f'format is missing. Write format = "{kind.format}" as the first line.')
    if data["format"] != kind.format:
        raise CaseError(
            f'format is {shown(data["format"])}; this version of Sarex reads "{kind.format}". '
            "Correct the line, or use the Sarex that wrote the file."
        )


def _bytes_of(path: Path, kind: FileKind) -> bytes:
    try:
        if path.is_dir():
            raise CaseError(
                f"{path} is a folder. Name the {kind.word} file in it, for example "
                f"{path / (kind.word + '.toml')}."
            )
        if path.stat().st_size > _LARGEST_BYTES:
            raise CaseError(
                f"{path} is larger than 10 MB, which no {kind.word} file is. "
                f"Name the {kind.word} file itself."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise CaseError(f"{path} does not exist. Correct the path of the {kind.word} file.") from None
    except (OSError, ValueError) as wrong:
        raise CaseError(
            f"{path} cannot be read ({_reason(wrong)}). Check the path and its permissions."
        ) from None


def _reason(wrong: Exception) -> str:
    return wrong.strerror or "unreadable" if isinstance(wrong, OSError) else str(wrong)


def _decoded(path: Path, content: bytes, kind: FileKind) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise CaseError(
            f"{path} is not UTF-8 text (line {line}). Save the {kind.word} file as UTF-8; "
            f"if it is another kind of file, name the {kind.word} file instead."
        ) from None
    if not text.strip():
        raise CaseError(f'{path} is empty. The {kind.word} file begins with format = "{kind.format}".')
    return text


def _toml_of(path: Path, text: str, kind: FileKind) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise CaseError(
            f"{path} is not valid TOML: {str(wrong).rstrip('.')}. {_toml_remedy(wrong, kind)}"
        ) from None
    except (ValueError, RecursionError):
        raise CaseError(
            f"{path} is not valid TOML: a number is too long or the nesting too deep. Mend it."
        ) from None


def _toml_remedy(wrong: tomllib.TOMLDecodeError, kind: FileKind) -> str:
    if "overwrite" in str(wrong) or "twice" in str(wrong):
        return (
            f"A key may stand only once in a table; several {kind.listed}s are written with "
            f"[[{kind.listed}]] each."
        )
    return "Mend that line; texts stand in quotes, lists in square brackets."


def _json_of(path: Path, text: str, kind: FileKind) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise CaseError(f"{path} is not valid JSON: {wrong}. Mend that line.") from None
    except (ValueError, RecursionError):
        raise CaseError(f"{path} is not valid JSON: a number is too long or the nesting too deep.") from None
    if not isinstance(data, dict):
        raise CaseError(
            f"{path} holds {shown(data)}; the {kind.word} is an object with the keys of the {kind.word} file."
        )
    return data
