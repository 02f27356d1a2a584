"""How a value and a suggestion are written in an error sentence."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from difflib import get_close_matches

_LONGEST = 60


def shown(value: object) -> str:
    """A value as the user wrote it, cut short where it is long."""
    text = _written(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if isinstance(value, date | time):
        return value.isoformat().replace("+00:00", "Z")
    return _plainly(value)


def _plainly(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:  # CPython refuses to print beyond 4300 digits
        return "an enormous number"
    return str(value)


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known word, or with all of them where none is near."""
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return f"Did you mean {near}?"
    return f"Known here: {', '.join(names)}."


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is spelt most alike, whatever its case, if any is near."""
    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
