"""The door of a case: from what a person or a stored plan wrote to checked domain types.

file -> tomllib -> pydantic (`schema`) -> translation to SI and UTC (`translate`) -> Case
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sarex.case.documents import FileKind, check_format, mapping_in
from sarex.case.faults import sentence
from sarex.case.model import Case
from sarex.case.schema import FORMAT, CaseFile
from sarex.case.translate import case_of
from sarex.errors import CaseError

CASE_FILES = FileKind("case", FORMAT, "unit")


def open_case(path: Path) -> Case:
    """The case in a TOML file, or in a JSON file that `case_to_mapping` filled.

    Raises:
        CaseError: the file cannot be read, or what it says is impossible, unknown or contradictory.
    """
    path = Path(path)
    data = mapping_in(path, CASE_FILES)
    return case_from_mapping(data, base_dir=path.resolve().parent, name=path.name)


def case_from_mapping(data: Mapping[str, Any], *, base_dir: Path, name: str) -> Case:
    """The case in a mapping of the form of the case file.

    Args:
        data: what the file says, as `tomllib` or `json` reads it.
        base_dir: the folder from which its paths count.
        name: what error sentences call it.
    """
    try:
        check_format(data, CASE_FILES)
        return case_of(CaseFile.model_validate(dict(data)), base_dir)
    except ValidationError as invalid:
        raise CaseError(f"{name}: {sentence(invalid, data)}") from None
    except CaseError as wrong:
        raise CaseError(f"{name}: {wrong}") from None
