"""The door of a case: from what a person or a stored plan wrote to checked domain types.

file -> tomllib -> pydantic (`schema`) -> translation to SI and UTC (`translate`) -> Case
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sarex.case.faults import sentence
from sarex.case.model import Case
from sarex.case.schema import FORMAT, CaseFile
from sarex.case.translate import case_of
from sarex.case.wording import shown
from sarex.errors import CaseError

_LARGEST_BYTES = 10_000_000


def open_case(path: Path) -> Case:
    """The case in a TOML file, or in a JSON file that `case_to_mapping` filled.

    Raises:
        CaseError: the file cannot be read, or what it says is impossible, unknown or contradictory.
    """
    path = Path(path)
    text = _text_of(path)
    data = _json_of(path, text) if path.suffix.lower() == ".json" else _toml_of(path, text)
    return case_from_mapping(data, base_dir=path.resolve().parent, name=path.name)


def case_from_mapping(data: Mapping[str, Any], *, base_dir: Path, name: str) -> Case:
    """The case in a mapping of the form of the case file.

    Args:
        data: what the file says, as `tomllib` or `json` reads it.
        base_dir: the folder from which its paths count.
        name: what error sentences call it.
    """
    try:
        _check_format(data)
        return case_of(CaseFile.model_validate(dict(data)), base_dir)
    except ValidationError as invalid:
        raise CaseError(f"{name}: {sentence(invalid, data)}") from None
    except CaseError as wrong:
        raise CaseError(f"{name}: {wrong}") from None


def _check_format(data: Mapping[str, Any]) -> None:
    if "format" not in data:
        raise CaseError(f'format is missing. Write format = "{FORMAT}" as the first line.')
    if data["format"] != FORMAT:
        raise CaseError(
            f'format is {shown(data["format"])}; this version of Sarex reads "{FORMAT}". '
            "Correct the line, or use the Sarex that wrote the file."
        )


def _text_of(path: Path) -> str:
    return _decoded(path, _bytes_of(path))


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise CaseError(
                f"{path} is a folder. Name the case file in it, for example {path / 'case.toml'}."
            )
        if path.stat().st_size > _LARGEST_BYTES:
            raise CaseError(f"{path} is larger than 10 MB, which no case file is. Name the case file itself.")
        return path.read_bytes()
    except FileNotFoundError:
        raise CaseError(f"{path} does not exist. Correct the path of the case file.") from None
    except (OSError, ValueError) as wrong:
        raise CaseError(
            f"{path} cannot be read ({_reason(wrong)}). Check the path and its permissions."
        ) from None


def _reason(wrong: Exception) -> str:
    return wrong.strerror or "unreadable" if isinstance(wrong, OSError) else str(wrong)


def _decoded(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise CaseError(
            f"{path} is not UTF-8 text (line {line}). Save the case file as UTF-8; "
            "if it is another kind of file, name the case file instead."
        ) from None
    if not text.strip():
        raise CaseError(f'{path} is empty. A case file begins with format = "{FORMAT}".')
    return text


def _toml_of(path: Path, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise CaseError(
            f"{path} is not valid TOML: {str(wrong).rstrip('.')}. {_toml_remedy(wrong)}"
        ) from None
    except (ValueError, RecursionError):
        raise CaseError(
            f"{path} is not valid TOML: a number is too long or the nesting too deep. Mend it."
        ) from None


def _toml_remedy(wrong: tomllib.TOMLDecodeError) -> str:
    if "overwrite" in str(wrong) or "twice" in str(wrong):
        return "A key may stand only once in a table; several units are written with [[unit]] each."
    return "Mend that line; texts stand in quotes, lists in square brackets."


def _json_of(path: Path, text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise CaseError(f"{path} is not valid JSON: {wrong}. Mend that line.") from None
    except (ValueError, RecursionError):
        raise CaseError(f"{path} is not valid JSON: a number is too long or the nesting too deep.") from None
    if not isinstance(data, dict):
        raise CaseError(f"{path} holds {shown(data)}; a case is an object with the keys of the case file.")
    return data
