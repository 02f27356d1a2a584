"""The file that an examination grows in: a line of JSON that says whose it is, then a line a case, in order.

A line is written whole or, where the process was killed in the middle, thrown away by who goes on; so a run
that was killed and gone on with leaves the same bytes as one that was not.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from sarex.errors import InputError, OutputError
from sarex.exercise.examination.model import Forecaster, Row, row_from_mapping, row_to_mapping

FORMAT = "sarex-examination/1"


@dataclass(frozen=True)
class Plan:
    """What an examination consists of; with the number of a case it settles its row."""

    seed: int
    forecaster: Forecaster
    again: int
    """Further truths that each plan of a first window is flown against."""


def read_rows(path: Path, plan: Plan | None = None) -> tuple[Plan, tuple[Row, ...]]:
    """The whole lines of a file.

    Raises:
        InputError: it is none of an examination, or of another than `plan`.
    """
    found, rows, _ = _read(path, plan)
    return found, rows


@contextmanager
def growing(path: Path, plan: Plan) -> Iterator[tuple[tuple[Row, ...], "RowFile"]]:
    """The rows that are there, and the file to go on with; it is made if there is none.

    Raises:
        InputError: the file there is not of this examination.
        OutputError: it cannot be written.
    """
    rows: tuple[Row, ...] = ()
    try:
        if path.exists() and path.stat().st_size:
            _, rows, whole = _read(path, plan)
            if whole < path.stat().st_size:
                os.truncate(path, whole)
        with path.open("ab") as file:
            kept = RowFile(file)
            if not path.stat().st_size:
                kept.write({"format": FORMAT, **asdict(plan)})
            yield rows, kept
    except OSError as trouble:
        raise OutputError(
            f"{path} cannot be written ({trouble.strerror or trouble}). Name another folder, or make room."
        ) from trouble


class RowFile:
    """Open at its end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def append(self, row: Row) -> None:
        """One row more, on disk when this returns."""
        self.write(row_to_mapping(row))

    def write(self, content: object) -> None:
        """One line more."""
        self._file.write(json.dumps(content, separators=(",", ":")).encode() + b"\n")
        self._file.flush()


def _read(path: Path, plan: Plan | None) -> tuple[Plan, tuple[Row, ...], int]:
    """Also how many bytes are whole lines; a first line that is not whole is none at all."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    lines = content[:whole].splitlines()
    if not lines:
        if plan is None or not f'{{"format":"{FORMAT}'.encode().startswith(content[:20]):
            raise _refused(path, "it has no whole line")
        return plan, (), 0
    try:
        head, *rows = (json.loads(line) for line in lines)
        found = Plan(head["seed"], Forecaster(head["forecaster"]), head["again"])
        if head["format"] != FORMAT:
            raise _refused(path, f'its format is "{head["format"]}", not "{FORMAT}"')
        told = tuple(row_from_mapping(row) for row in rows)
    except (ValueError, KeyError, TypeError) as trouble:
        raise _refused(path, f"a line of it cannot be read ({trouble})") from trouble
    if plan is not None and found != plan:
        raise InputError(
            f"{path} holds an examination of seed {found.seed}, forecaster {found.forecaster} and "
            f"{found.again} further truths, not of {plan.seed}, {plan.forecaster} and {plan.again}. "
            "Name another folder, or ask for the same again."
        )
    if [row.number for row in told] != list(range(len(told))):
        raise _refused(path, "its cases are not 0, 1, 2 and so on")
    return found, told, whole


def _refused(path: Path, why: str) -> InputError:
    return InputError(f"{path} is no file of an examination: {why}. Name another folder.")
