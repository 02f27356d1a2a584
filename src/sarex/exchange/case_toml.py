"""A case as the text of a case file (TOML 1.0), for people to read and change."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_INSTANTS = {"time", "from", "until", "start", "end", "available_from"}


def case_to_toml(mapping: Mapping[str, Any], comment: str = "") -> str:
    """The text of a mapping such as `sarex.case.case_to_mapping` gives; lists of tables that are empty go.

    Args:
        comment: stands at the top, line by line.
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *_members(key, value)]
        elif isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
            for entry in value:
                lines += ["", f"[[{key}]]", *_members(key, entry)]
        else:
            lines.append(_pair(key, value))
    return "\n".join(lines) + "\n"


def _members(table: str, entries: Mapping[str, Any]) -> list[str]:
    """Keys of a table; lists of tables in `environment` become tables of their own, which must come last."""
    plain = {key: value for key, value in entries.items() if (table, key) != ("environment", "member")}
    lines = [_pair(key, value) for key, value in plain.items() if value != {}]
    for member in entries.get("member", ()) if table == "environment" else ():
        lines += ["", "[[environment.member]]", *_members("", member)]
    return lines


def _pair(key: str, value: Any) -> str:
    """Instants are written as such, not as texts."""
    bare = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
    return f"{bare} = {value if key in _INSTANTS else _inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one character that JSON leaves as it is
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pair(key, entry) for key, entry in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_inline(entry) for entry in value) + "]"
    return json.dumps(value)
