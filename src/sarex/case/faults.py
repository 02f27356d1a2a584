"""From what pydantic found wrong to a sentence that names field, value, rule and remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sarex.case.fields import PLACE_KEYS
from sarex.case.schema import CaseFile
from sarex.case.wording import nearest, shown, suggestion

_EXPECTED = {
    "string_type": "a text",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "finite_number": "a finite number",
    "int_parsing_size": "a smaller number",
}
_LIST_WORDS = {
    "objects": "object",
    "track": "track point",
    "polygon": "polygon corner",
    "footprint": "footprint corner",
    "other_sensors": "other sensor",
    "area": "area corner",
    "bearings": "bearing",
    "range_nm": "range_nm number",
}


@dataclass(frozen=True)
class Form:
    """The form of a file: its schema, and how its lists of tables are told apart."""

    schema: type[BaseModel]
    naming: Mapping[str, str]
    """Lists of tables (`[[unit]]`) to the key that names an entry ("name"); empty where none does."""
    list_words: Mapping[str, str] = field(default_factory=lambda: _LIST_WORDS)
    """What one entry of a list within a table is called."""


CASE_FORM = Form(
    CaseFile, dict.fromkeys(("scenario", "unit", "danger_area", "shoal", "satellite_look"), "name")
)


def sentence(invalid: ValidationError, data: Mapping[str, Any], form: Form = CASE_FORM) -> str:
    """The first fault as a sentence; misspelt keys come first, since other faults follow from them."""
    found = sorted(invalid.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden")
    first = f"{label(found[0]['loc'], data, form)} {_predicate(found[0], form)}"
    meant = _meant_key(found[0], form)
    others = list(
        dict.fromkeys(label(error["loc"], data, form) for error in found[1:] if error["loc"] != meant)
    )
    if not others:
        return first
    more = "; ".join(others[:3]) + (" and others" if len(others) > 3 else "")
    return f"{first} (Also to be mended: {more}.)"


def _meant_key(error: ErrorDetails, form: Form) -> tuple[int | str, ...]:
    """Where the misspelt key would have stood; that it is missing there needs no second sentence."""
    *table, key = error["loc"]
    if error["type"] != "extra_forbidden":
        return ()
    return (*table, nearest(str(key), _known_keys(table, form)) or "")


def label(loc: Sequence[int | str], data: Mapping[str, Any], form: Form = CASE_FORM) -> str:
    """A field in the user's words: `unit "Drone 1": search_speed_kt`."""
    steps = [step for step in (loc[:-2] if loc[-1:] == ("[key]",) else loc) if step != "place"]
    if not steps:
        return "the file"
    if steps[0] in form.naming and len(steps) > 1 and isinstance(steps[1], int):
        head = f"{steps[0]} {_name(data, str(steps[0]), steps[1], form)}"
        return ": ".join([head, *_dotted(steps[2:], form)])
    return ": ".join(_dotted(steps, form))


def _name(data: Mapping[str, Any], table: str, index: int, form: Form) -> str:
    """The entry's name in quotes, or its number where it has none."""
    try:
        name = data[table][index][form.naming[table]]
    except (KeyError, IndexError, TypeError):
        name = None
    return shown(name) if isinstance(name, str) and name.strip() else str(index + 1)


def _dotted(steps: Sequence[int | str], form: Form) -> list[str]:
    """Keys joined by dots; a list's entry becomes a word and its number, counted from one."""
    parts: list[str] = []
    for step in steps:
        if isinstance(step, int):
            last = parts.pop() if parts else "entry"
            parts.append(f"{form.list_words.get(last, last)} {step + 1}")
            parts.append("")
        elif parts and parts[-1] == "":
            parts[-1] = step
        elif parts:
            parts[-1] = f"{parts[-1]}.{step}"
        else:
            parts.append(step)
    return [part for part in parts if part]


def _predicate(error: ErrorDetails, form: Form) -> str:
    """What is wrong with the field, and what to do."""
    kind, loc, given = error["type"], error["loc"], error["input"]
    if kind == "sarex":
        return (
            str(error["msg"]) if loc[-1:] != ("[key]",) else "names " + str(error["msg"]).removeprefix("is ")
        )
    if kind == "extra_forbidden":
        return f"is not a known key. {suggestion(str(loc[-1]), _known_keys(loc[:-1], form))}"
    description, example = _field_words(loc, form)
    if kind == "missing":
        return f"is missing; it is {description}. {_remedy(loc, example)}"
    if kind == "list_type" and isinstance(given, Mapping) and loc[0] in form.naming and len(loc) == 1:
        return f"is a single table; there may be several. Write [[{loc[0]}]] with double brackets."
    expected = _EXPECTED.get(kind, "something else")
    return f"is {shown(given)}; {expected} is expected. {_remedy(loc, example)}"


def _remedy(loc: Sequence[int | str], example: str) -> str:
    if not example:
        return "Correct it."
    if example.startswith("[") and len(loc) == 1:
        return f"Add {example} and its keys."
    return f"Write for example {loc[-1]} = {example}."


def _field_words(loc: Sequence[int | str], form: Form) -> tuple[str, str]:
    """Description and example of the field that a location points at."""
    model = _model_at(loc[:-1], form)
    for name, known in model.model_fields.items() if model is not None else ():
        if (known.alias or name) == loc[-1]:
            example = known.examples[0] if known.examples else ""
            return known.description or "needed", _as_toml(example)
    return "needed", ""


def _as_toml(example: object) -> str:
    """An example as the file would hold it: tables and times are written out, texts stand in quotes."""
    if isinstance(example, str) and (example.startswith(("{", "[")) or example[:4].isdigit()):
        return example
    return shown(example)


def _known_keys(loc: Sequence[int | str], form: Form) -> list[str]:
    model = _model_at(loc, form)
    if model is None:
        return []
    keys = [known.alias or name for name, known in model.model_fields.items()]
    return [*PLACE_KEYS, *(key for key in keys if key != "place")] if "place" in keys else keys


def _model_at(loc: Sequence[int | str], form: Form) -> type[BaseModel] | None:
    """The table of the schema that a location lies in."""
    model: type[BaseModel] | None = form.schema
    for step in loc:
        if isinstance(step, int) or model is None:
            continue
        fields = {known.alias or name: known for name, known in model.model_fields.items()}
        model = _model_within(fields[step].annotation) if step in fields else None
    return model


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_within(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)
