"""What the small TOML files of an update have in common: tables of checked values, and sentences for what is
wrong."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from sarex.case.model import Position
from sarex.case.positions import NotAPositionError, position_of
from sarex.case.wording import shown, suggestion
from sarex.clock import to_posix_s
from sarex.errors import PlanError


def load_toml(path: Path, what: str, form: str | None = None) -> dict[str, Any]:
    """The tables of a file, whose `format` must be the one given, if any is.

    Raises:
        PlanError: it cannot be read, is no TOML, or says another format.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(
            f"{path} cannot be read: {error.strerror or error}. Give the path of {what}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(f"{path} is not TOML ({error}). Correct it; it is {what}.") from error
    if form is not None and content.get("format") != form:
        found = f"format is {shown(content['format'])}" if "format" in content else "format is missing"
        raise PlanError(f'{path}: {found}; {what} says format = "{form}". Correct it.')
    return content


class Table:
    """One table of a file, read field by field; every fault is a sentence that names the place."""

    def __init__(self, where: str, content: object, known: Iterable[str]) -> None:
        self.where = where
        self._known = tuple(known)
        if not isinstance(content, Mapping):
            self.refuse(f"is {shown(content)}; it must be a table")
        self._content: Mapping[str, object] = content
        for key in self._content:
            if key not in self._known:
                self.refuse(f"has the unknown key {shown(key)}. {suggestion(key, self._known)}")

    def refuse(self, what: str) -> NoReturn:
        raise PlanError(f"{self.where} {what}" + ("" if what.endswith((".", "?")) else "."))

    def has(self, key: str) -> bool:
        return key in self._content

    def text(self, key: str, example: str) -> str:
        value = self._content.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fault(key, f"a text such as {shown(example)}")
        return value.strip()

    def number(self, key: str, least: float, most: float) -> float:
        value = self._content.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self._fault(key, f"a number from {least:g} to {most:g}")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self._content.get(key)
        if not isinstance(value, bool):
            self._fault(key, "true or false")
        return value

    def time_s(self, key: str) -> float:
        """POSIX seconds of a time in UTC, written as TOML has it or as a text."""
        value = self._content.get(key)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                self._fault(key, "a time such as 2026-10-15T02:31:00Z")
        if not isinstance(value, datetime) or value.tzinfo is None:
            self._fault(key, "a time in UTC such as 2026-10-15T02:31:00Z")
        return to_posix_s(value.astimezone(UTC))

    def place(self) -> Position:
        """Of `position`, or of `lon` and `lat`, or of `at`, as in a case file."""
        given: object = self._content.get("position")
        if given is None:
            given = {key: self._content[key] for key in ("lon", "lat", "at") if key in self._content}
        try:
            return position_of(given)
        except NotAPositionError as fault:
            self.refuse(f"position {fault}")

    def widths_nm(self, key: str, types: tuple[str, ...]) -> dict[str, float]:
        """Sweep widths by leeway class of the case."""
        inner = Table(f"{self.where}: {key}", self._content.get(key, {}), types)
        return {name: inner.number(name, 0.0, 100.0) for name in inner}

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self._fault(key, "a list of texts")
        return tuple(value)

    def __iter__(self) -> Any:
        return iter(self._content)

    def _fault(self, key: str, rule: str) -> NoReturn:
        if not self.has(key):
            self.refuse(f"has no {key}; it must be {rule}")
        self.refuse(f"{key} is {shown(self._content[key])}; it must be {rule}")


def list_of_tables(where: str, content: object) -> list[object]:
    """The entries of `[[name]]`, none where there is none."""
    if content is None:
        return []
    if not isinstance(content, list):
        raise PlanError(f"{where} is {shown(content)}; it is written with double brackets, once for each.")
    return content
