"""The door of an exercise: from what people wrote, or a log kept, to a checked exercise.

file -> tomllib -> pydantic (`schema`) -> translation to SI and UTC (`translate`) -> Exercise

The case files that an exercise names are opened by the door of the case; in a log they stand whole.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sarex.case import case_to_mapping
from sarex.case.documents import FileKind, check_format, mapping_in
from sarex.case.faults import sentence
from sarex.errors import CaseError, ExerciseError
from sarex.exercise.file.schema import EXERCISE_FORM, FORMAT, ExerciseFile
from sarex.exercise.file.translate import exercise_of
from sarex.exercise.file.translate_cases import check_seeds
from sarex.exercise.model import Exercise, PlayersLearn

EXERCISE_FILES = FileKind("exercise", FORMAT, "inject")


def open_exercise(path: Path) -> Exercise:
    """The exercise in a TOML file, or in a JSON file that `exercise_to_mapping` filled.

    Raises:
        ExerciseError: the file cannot be read, or what it says is impossible, unknown or contradictory.
    """
    return _opened(Path(path), _content(Path(path)))


def exercise_to_mapping(path: Path) -> dict[str, Any]:
    """What an exercise file says, as JSON can hold it, with the case files it names taken in whole.

    `exercise_from_mapping` gives an equal exercise back without any of the files; only forcing (and a
    cloud to begin from) is still read from where the cases name it, by absolute paths.

    Raises:
        ExerciseError: as of `open_exercise`.
    """
    path = Path(path)
    content = _content(path)
    exercise = _opened(path, content)
    data: dict[str, Any] = _plain(content)
    data["exercise"]["case"] = case_to_mapping(exercise.case)
    learnt = {inject.id: inject.effect for inject in exercise.injects}
    for inject in data["inject"]:
        effect = learnt[inject["id"]]
        if isinstance(effect, PlayersLearn):
            inject["effect"]["case"] = case_to_mapping(effect.case)
    return data


def exercise_from_mapping(data: Mapping[str, Any], *, base_dir: Path, name: str) -> Exercise:
    """The exercise in a mapping of the form of the exercise file.

    Args:
        data: what the file says, as `tomllib` or `json` reads it; a case is a file's name or a whole mapping.
        base_dir: the folder from which its paths count.
        name: what error sentences call it.

    Raises:
        ExerciseError: what it says is impossible, unknown or contradictory.
    """
    try:
        check_format(data, EXERCISE_FILES)
        return exercise_of(ExerciseFile.model_validate(dict(data)), base_dir)
    except ValidationError as invalid:
        raise ExerciseError(f"{name}: {sentence(invalid, data, EXERCISE_FORM)}") from None
    except (CaseError, ExerciseError) as wrong:
        raise ExerciseError(f"{name}: {wrong}") from None


def example_path() -> Path:
    """The joint exercise that ships with the package, its case files beside it."""
    return Path(__file__).with_name("data") / "joint.toml"


def _opened(path: Path, content: Mapping[str, Any]) -> Exercise:
    exercise = exercise_from_mapping(content, base_dir=path.resolve().parent, name=path.name)
    try:
        check_seeds(exercise)
    except ExerciseError as wrong:
        raise ExerciseError(f"{path.name}: {wrong}") from None
    return exercise


def _content(path: Path) -> Mapping[str, Any]:
    try:
        return mapping_in(path, EXERCISE_FILES)
    except CaseError as wrong:
        raise ExerciseError(str(wrong)) from None


def _plain(value: Any) -> Any:
    """A copy of what `tomllib` read, with times as JSON can hold them."""
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(entry) for entry in value]
    return value
