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
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known word, or with all of them where none is near."""
    names = list(known)
    likely = nearest(word, names)
    if likely is not None:
        return f"Did you mean {likely}?"
    return f"Known here: {', '.join(names)}."


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is spelt most alike, whatever its case, if any is near."""
    return next(iter(near(word, known, at_most=1)), None)


def near(word: str, known: Iterable[str], *, at_most: int) -> list[str]:
    """Known words spelt much alike, the most alike first; only itself where just the case differs."""
    by_folded = {name.casefold(): name for name in known}
    if word.casefold() in by_folded:
        return [by_folded[word.casefold()]]
    return [
        by_folded[found] for found in get_close_matches(word.casefold(), by_folded, n=at_most, cutoff=0.6)
    ]
