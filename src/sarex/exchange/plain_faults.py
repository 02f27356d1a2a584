"""What a field ought to hold, in a sailor's words."""

from collections.abc import Mapping
from typing import Any

_EXPECTED: Mapping[str, str] = {
    "string_type": "it must be a text",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "list_type": "it must be a list",
    "tuple_type": "it must be a list",
    "dict_type": "it must be an object with keys",
    "model_type": "it must be an object with keys",
    "model_attributes_type": "it must be an object with keys",
    "finite_number": "it must be a finite number",
    "timezone_aware": "it must say its time zone, such as 2026-10-15T02:31:00Z",
    "datetime_type": "it must be a time such as 2026-10-15T02:31:00Z",
    "datetime_parsing": "it must be a time such as 2026-10-15T02:31:00Z",
    "datetime_from_date_parsing": "it must be a time such as 2026-10-15T02:31:00Z",
    "string_too_short": "it must not be empty",
}
_WITH_LIMIT: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "it must be {} or more"),
    "greater_than": ("gt", "it must be more than {}"),
    "less_than_equal": ("le", "it must be {} or less"),
    "less_than": ("lt", "it must be less than {}"),
    "literal_error": ("expected", "it must be {}"),
}


def expected(kind: str, limits: Mapping[str, Any], message: str) -> str:
    """The rule that was broken.

    Args:
        kind: pydantic's type of the error, `limits` its context, `message` its own words for want of others.
    """
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind in _WITH_LIMIT:
        key, words = _WITH_LIMIT[kind]
        return words.format(limits.get(key))
    if kind in ("too_short", "too_long"):
        bound = limits.get("min_length" if kind == "too_short" else "max_length")
        least = "at least" if kind == "too_short" else "at most"
        return f"it holds {limits.get('actual_length')} entries and must hold {least} {bound}"
    return f"{message[:1].lower()}{message[1:]}"
